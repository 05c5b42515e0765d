//! What a coordinator does about a subject's clocks. Each form goes back to the page it came from.

use crate::access::Viewer;
use crate::app::App;
use crate::deadlines::rules::{ConflictDecision, Contradiction, Debtor, Owed};
use crate::deadlines::store::{self, Delayed, Stated, Waived};
use crate::refusal::Refusal;
use crate::web::Fields;
use axum::extract::{Path, State};
use axum::response::Redirect;
use std::collections::BTreeSet;
use vocabulary::{Instant, OrganisationId};

fn back(subject: &str) -> Redirect {
    Redirect::to(&format!("/deadlines/{subject}"))
}

/// Who owes, as a form says it.
fn debtor(fields: &Fields) -> Result<Debtor, Refusal> {
    let word = fields.text("debtor").to_owned();
    word.try_into().map_err(|_| Refusal::invalid("debtor", "Expected centre, reporter or an organisation."))
}

fn vendor(fields: &Fields) -> Result<Option<OrganisationId>, Refusal> {
    match fields.text("vendor") {
        "" => Ok(None),
        id => id.parse().map(Some).map_err(|_| Refusal::invalid("vendor", "Expected an organisation.")),
    }
}

fn owed(fields: &Fields) -> Result<Owed, Refusal> {
    let (profile, duty) = (fields.required("profile", 100)?, fields.required("duty", 100)?);
    Ok(Owed { debtor: debtor(fields)?, profile, duty })
}

fn instant(fields: &Fields, name: &'static str) -> Result<Instant, Refusal> {
    fields.instant(name)?.ok_or_else(|| Refusal::invalid(name, "Please give day, hour and zone."))
}

/// `POST /deadlines/{subject}/fact`
pub(crate) async fn state_fact(
    State(app): State<App>,
    viewer: Viewer,
    Path(subject): Path<String>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let actor = viewer.actor()?;
    let (debtor, vendor, at) = (debtor(&fields)?, vendor(&fields)?, instant(&fields, "at")?);
    let anchor = fields.required("anchor", 100)?;
    let anchor = anchor.parse().map_err(|_| Refusal::invalid("anchor", "Choose one of the events."))?;
    let place = subject.clone();
    let command = app.ledger.submit(move |w| {
        let stated = Stated { debtor, vendor, anchor, at, evidence: fields.text("evidence") };
        store::state_fact(w, &actor, &subject, stated)
    });
    command.await?;
    Ok(back(&place))
}

/// Words of a line, such as `EU, DE`.
fn words(fields: &Fields, name: &'static str) -> Result<BTreeSet<String>, Refusal> {
    let line = fields.limited(name, 500)?;
    let words = line.split([',', ' ', '\n']).map(str::trim).filter(|word| !word.is_empty());
    Ok(words.map(str::to_owned).collect())
}

/// `POST /deadlines/{subject}/scope`
pub(crate) async fn declare(
    State(app): State<App>,
    viewer: Viewer,
    Path(subject): Path<String>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let (actor, debtor, place) = (viewer.actor()?, debtor(&fields)?, subject.clone());
    let scope = [words(&fields, "actors")?, words(&fields, "triggers")?, words(&fields, "jurisdictions")?];
    let zone = fields.required("zone", 100)?;
    app.ledger.submit(move |w| store::declare(w, &actor, &subject, debtor, scope, &zone)).await?;
    Ok(back(&place))
}

/// `POST /deadlines/{subject}/extend`
pub(crate) async fn extend(
    State(app): State<App>,
    viewer: Viewer,
    Path(subject): Path<String>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let (actor, owed, until, place) =
        (viewer.actor()?, owed(&fields)?, instant(&fields, "until")?, subject.clone());
    let command = app.ledger.submit(move |w| {
        let delayed = Delayed {
            owed,
            ground: fields.text("ground"),
            until,
            reason: fields.text("reason"),
            precondition: fields.ticked("precondition"),
        };
        store::extend(w, &actor, &subject, delayed)
    });
    command.await?;
    Ok(back(&place))
}

/// `POST /deadlines/{subject}/delay-notice`
pub(crate) async fn told_of_delay(
    State(app): State<App>,
    viewer: Viewer,
    Path(subject): Path<String>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let (actor, owed, at, place) =
        (viewer.actor()?, owed(&fields)?, instant(&fields, "at")?, subject.clone());
    let command = app
        .ledger
        .submit(move |w| store::told_of_delay(w, &actor, &subject, owed, at, fields.text("evidence")));
    command.await?;
    Ok(back(&place))
}

/// `POST /deadlines/{subject}/waive`
pub(crate) async fn waive(
    State(app): State<App>,
    viewer: Viewer,
    Path(subject): Path<String>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let (actor, owed, vendor, place) = (viewer.actor()?, owed(&fields)?, vendor(&fields)?, subject.clone());
    let command = app.ledger.submit(move |w| {
        let waived = Waived { owed, vendor, ground: fields.text("ground"), reason: fields.text("reason") };
        store::waive(w, &actor, &subject, waived)
    });
    command.await?;
    Ok(back(&place))
}

/// `POST /deadlines/{subject}/conflict`
pub(crate) async fn decide_conflict(
    State(app): State<App>,
    viewer: Viewer,
    Path(subject): Path<String>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let (actor, debtor, place) = (viewer.actor()?, debtor(&fields)?, subject.clone());
    let rules = Contradiction {
        forbids: fields.required("forbids", 100)?,
        prohibition: fields.required("prohibition", 100)?,
        orders: fields.required("orders", 100)?,
        duty: fields.required("duty", 100)?,
    };
    let wanted = fields.text("decision");
    let decision = ConflictDecision::ALL.iter().find(|(_, word, _)| *word == wanted);
    let decision = decision.map(|(decision, ..)| *decision);
    let decision = decision.ok_or_else(|| Refusal::invalid("decision", "Choose what is to be done."))?;
    let command = app.ledger.submit(move |w| {
        store::decide_conflict(w, &actor, &subject, (debtor, rules), decision, fields.text("reason"))
    });
    command.await?;
    Ok(back(&place))
}

/// `POST /deadlines/{subject}/take`
pub(crate) async fn take_over(
    State(app): State<App>,
    viewer: Viewer,
    Path(subject): Path<String>,
) -> Result<Redirect, Refusal> {
    let (actor, place) = (viewer.actor()?, subject.clone());
    app.ledger.submit(move |w| store::take_over(w, &actor, &subject)).await?;
    Ok(back(&place))
}
