//! What participants do: each reads its form, runs one command, and goes back to the case.

use super::grade;
use crate::access::{Permission, Viewer};
use crate::app::App;
use crate::cases::rules::{Affectedness, Audience, Party, ProductStatus, Statement, Terms};
use crate::cases::store;
use crate::ledger::{Actor, Writer};
use crate::refusal::Refusal;
use crate::web::{Expected, Fields};
use axum::extract::{Path, State};
use axum::response::Redirect;
use cvd::cs;
use cvd::embargo::KeepReason;
use cvd::interaction::EndCause;
use cvd::rm::ReportMove;
use vocabulary::{CaseId, Instant, OrganisationId, ReportId};

fn case_id(text: &str) -> Result<CaseId, Refusal> {
    text.parse().map_err(|_| Refusal::NotFound)
}

/// Reads a word of a machine from a form, as its events write it.
fn word<T: serde::de::DeserializeOwned>(fields: &Fields, name: &'static str) -> Result<T, Refusal> {
    let value = serde_json::Value::String(fields.text(name).to_owned());
    serde_json::from_value(value).map_err(|_| Refusal::invalid(name, "Please choose one of the values."))
}

/// Runs a command on a case for a viewer who has the permission there, then shows the case again.
async fn run(
    app: App,
    viewer: Viewer,
    id: &str,
    permission: Permission,
    command: impl FnOnce(&mut Writer<'_, '_>, &Actor, &CaseId, &Party) -> Result<(), Refusal> + Send + 'static,
) -> Result<Redirect, Refusal> {
    let id = case_id(id)?;
    store::act(&app, viewer, &id, permission, Expected(None), command).await?;
    Ok(Redirect::to(&format!("/case/{id}")))
}

/// `POST /desk/report/{id}/accept`
pub(crate) async fn accept_report(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let report: ReportId = id.parse().map_err(|_| Refusal::NotFound)?;
    let into = match fields.text("case") {
        "" => None,
        text => Some(text.parse::<CaseId>().map_err(|error| Refusal::invalid("case", error.to_string()))?),
    };
    let (actor, prefix) = (viewer.actor()?, app.settings.prefix.clone());
    let case = app.ledger.submit(move |w| store::accept(w, &actor, &report, into.as_ref(), &prefix)).await?;
    Ok(Redirect::to(&format!("/case/{case}")))
}

/// `POST /case/{id}/invite`
pub(crate) async fn invite(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let vendors: Vec<OrganisationId> = fields
        .all("vendor")
        .iter()
        .map(|id| id.parse().map_err(|_| Refusal::invalid("vendor", "Unknown organisation.")))
        .collect::<Result<_, _>>()?;
    if vendors.is_empty() {
        return Err(Refusal::invalid("vendor", "Choose at least one vendor."));
    }
    let concerned = fields.instant("concerned_since")?;
    run(app, viewer, &id, Permission::CoordinateCase, move |w, actor, id, _| {
        store::invite(w, actor, id, &vendors, concerned.as_ref())
    })
    .await
}

/// `POST /case/{id}/terms`: accept or decline the embargo, or its revision.
pub(crate) async fn terms(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let terms = terms_of(&fields)?;
    run(app, viewer, &id, Permission::ParticipateInCase, move |w, actor, id, me| {
        store::answer(w, actor, id, me, terms)
    })
    .await
}

fn terms_of(fields: &Fields) -> Result<Terms, Refusal> {
    match fields.text("answer") {
        "accept" => Ok(Terms::Accept),
        "decline" => Ok(Terms::Decline),
        _ => Err(Refusal::invalid("answer", "Accept or decline.")),
    }
}

fn end_of(fields: &Fields) -> Result<Instant, Refusal> {
    let end = fields.instant("end")?;
    end.ok_or_else(|| Refusal::invalid("end", "An embargo has an end: day, hour and zone."))
}

/// `POST /case/{id}/propose`: when the embargo should end.
pub(crate) async fn propose(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let end = end_of(&fields)?;
    // The centre proposes by its own right, a vendor as a participant.
    let permission = if viewer.organisation().is_some() {
        Permission::ParticipateInCase
    } else {
        Permission::CoordinateCase
    };
    run(app, viewer, &id, permission, move |w, actor, id, me| store::propose(w, actor, id, me, end.at)).await
}

/// `POST /case/{id}/embargo`: a person ends the embargo early or keeps it.
pub(crate) async fn decide_embargo(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let decision = match fields.text("do") {
        "end" => Ok(word::<EndCause>(&fields, "cause")?),
        "keep" => Err(word::<KeepReason>(&fields, "reason")?),
        "revision-accept" | "revision-decline" => {
            let terms = if fields.text("do") == "revision-accept" { Terms::Accept } else { Terms::Decline };
            return run(app, viewer, &id, Permission::CoordinateCase, move |w, actor, id, me| {
                store::answer(w, actor, id, me, terms)
            })
            .await;
        }
        _ => return Err(Refusal::invalid("do", "End or keep.")),
    };
    run(app, viewer, &id, Permission::CoordinateCase, move |w, actor, id, _| {
        store::end_or_keep(w, actor, id, decision)
    })
    .await
}

/// `POST /case/{id}/state`: the flaw is public, an exploit is, attacks were seen.
pub(crate) async fn case_state(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let event: cs::CaseEvent = word(&fields, "event")?;
    let at = fields.instant("at")?.unwrap_or_else(|| Instant::utc(app.now()));
    let evidence = fields.text("evidence").replace("\r\n", "\n");
    run(app, viewer, &id, Permission::CoordinateCase, move |w, actor, id, _| {
        store::observe(w, actor, id, event, at, &evidence)
    })
    .await
}

/// `POST /case/{id}/grade`
pub(crate) async fn grade(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let grading = grade::read(&fields);
    run(app, viewer, &id, Permission::CoordinateCase, move |w, actor, id, _| {
        store::grade(w, actor, id, grading)
    })
    .await
}

fn own(me: &Party) -> Result<OrganisationId, Refusal> {
    match me {
        Party::Vendor(id) => Ok(id.clone()),
        _ => Err(Refusal::forbidden("A vendor speaks for itself here.")),
    }
}

/// `POST /case/{id}/report-state`: a vendor validates, accepts, defers, closes.
pub(crate) async fn move_report(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let step: ReportMove = word(&fields, "step")?;
    run(app, viewer, &id, Permission::ParticipateInCase, move |w, actor, id, me| {
        store::report_move(w, actor, id, &own(me)?, step)
    })
    .await
}

/// `POST /case/{id}/fix`
pub(crate) async fn fix(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let event: cs::CaseEvent = word(&fields, "event")?;
    run(app, viewer, &id, Permission::ParticipateInCase, move |w, actor, id, me| {
        store::fix(w, actor, id, &own(me)?, event)
    })
    .await
}

/// Reads a statement: four columns of equal length, one row for each product.
fn read_statement(fields: &Fields) -> Result<Statement, Refusal> {
    let column =
        |name: &str| fields.all(name).iter().map(|value| value.trim().to_owned()).collect::<Vec<_>>();
    let (products, froms, befores, states) =
        (column("product"), column("from"), column("before"), column("status"));
    let mut statement = Statement { products: Vec::new(), text: fields.limited("text", 20_000)? };
    for (i, product) in products.into_iter().enumerate().filter(|(_, product)| !product.is_empty()) {
        let cell = |column: &[String]| column.get(i).cloned().unwrap_or_default();
        let row = ProductStatus {
            product,
            from: cell(&froms),
            before: cell(&befores),
            status: cell(&states).parse::<Affectedness>()?,
        };
        statement.products.push(row);
    }
    Ok(statement)
}

/// `POST /case/{id}/statement`
pub(crate) async fn statement(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let statement = read_statement(&fields)?;
    run(app, viewer, &id, Permission::ParticipateInCase, move |w, actor, id, me| {
        store::state_affected(w, actor, id, &own(me)?, &statement)
    })
    .await
}

/// `POST /case/{id}/message`
pub(crate) async fn message(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let text = fields.required("message", 20_000)?;
    let to = match fields.text("to") {
        "everyone" => Audience::Everyone,
        "centre" => Audience::Centre,
        party => Audience::Only(
            party
                .to_owned()
                .try_into()
                .map_err(|_| Refusal::invalid("to", "Choose who should read this."))?,
        ),
    };
    run(app, viewer, &id, Permission::ViewCase, move |w, actor, id, me| {
        store::speak(w, actor, id, me.clone(), to, &text)
    })
    .await
}

/// `POST /case/{id}/leave`
pub(crate) async fn leave(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Redirect, Refusal> {
    run(app, viewer, &id, Permission::ParticipateInCase, |w, actor, id, me| {
        store::leave(w, actor, id, &Party::Vendor(own(me)?))
    })
    .await
    .map(drop)?;
    Ok(Redirect::to("/vendor"))
}

/// `POST /case/{id}/merge`: the case becomes part of another one.
pub(crate) async fn merge(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let into: CaseId = fields
        .text("into")
        .parse()
        .map_err(|error: vocabulary::BadId| Refusal::invalid("into", error.to_string()))?;
    let place = format!("/case/{into}");
    run(app, viewer, &id, Permission::CoordinateCase, move |w, actor, id, _| {
        store::merge(w, actor, id, &into)
    })
    .await
    .map(drop)?;
    Ok(Redirect::to(&place))
}

/// `POST /case/{id}/close`
pub(crate) async fn close(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Redirect, Refusal> {
    run(app, viewer, &id, Permission::CoordinateCase, |w, actor, id, _| store::close(w, actor, id)).await
}

/// `POST /case/{id}/erase`: destroys the key of a closed case; its entries stay in the log.
pub(crate) async fn erase(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Redirect, Refusal> {
    run(app, viewer, &id, Permission::CoordinateCase, |w, actor, id, _| store::erase(w, actor, id)).await
}

/// Runs a command on the case of the reporter behind a claim code, then shows it again.
async fn mine(
    app: App,
    viewer: Viewer,
    command: impl FnOnce(&mut Writer<'_, '_>, &Actor, &CaseId, &Party) -> Result<(), Refusal> + Send + 'static,
) -> Result<Redirect, Refusal> {
    store::act_in_own(&app, viewer, command).await?;
    Ok(Redirect::to("/my/case"))
}

/// `POST /my/case/terms`: the reporter accepts or declines the embargo, or its revision.
pub(crate) async fn my_terms(
    State(app): State<App>,
    viewer: Viewer,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let terms = terms_of(&fields)?;
    mine(app, viewer, move |w, actor, id, me| store::answer(w, actor, id, me, terms)).await
}

/// `POST /my/case/message`
pub(crate) async fn my_message(
    State(app): State<App>,
    viewer: Viewer,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let text = fields.required("message", 20_000)?;
    let to = if fields.text("to") == "everyone" { Audience::Everyone } else { Audience::Centre };
    mine(app, viewer, move |w, actor, id, me| store::speak(w, actor, id, me.clone(), to, &text)).await
}

/// `POST /my/case/propose`
pub(crate) async fn my_propose(
    State(app): State<App>,
    viewer: Viewer,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let end = end_of(&fields)?;
    mine(app, viewer, move |w, actor, id, me| store::propose(w, actor, id, me, end.at)).await
}

/// `POST /my/case/leave`: the reporter may always leave.
pub(crate) async fn my_leave(State(app): State<App>, viewer: Viewer) -> Result<Redirect, Refusal> {
    mine(app, viewer, store::leave).await
}
