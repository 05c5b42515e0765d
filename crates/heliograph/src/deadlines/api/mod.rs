//! Clocks, for programs: what runs and why. What people do about them stands in the modules below, and
//! is the command that the page runs.
//!
//! Every act takes `If-Match` with the ETag of the subject's clocks: where something was recorded that
//! the sender has not seen, nothing is changed.

pub(crate) mod acts;
pub(crate) mod conflicts;
pub(crate) mod drills;
pub(crate) mod filings;

use super::rules::{Debtor, Owed, assess};
use super::store::{self, Clock, Filter, list, whose};
use crate::access::Viewer;
use crate::app::App;
use crate::ledger::{Actor, Writer};
use crate::refusal::Refusal;
use crate::vetting;
use crate::web::{Asked, Expected};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;
use vocabulary::{BadId, OrganisationId};

/// Runs a command on a subject's clocks, if they are still what the sender saw.
async fn act(
    app: App,
    viewer: Viewer,
    subject: String,
    seen: Expected,
    command: impl FnOnce(&mut Writer<'_, '_>, &Actor, &str) -> Result<(), Refusal> + Send + 'static,
) -> Result<StatusCode, Refusal> {
    let actor = viewer.actor()?;
    let run = app.ledger.submit(move |w| {
        let subject = subject.to_uppercase();
        let (_, version) = store::clocks_of(w.tx(), &subject)?;
        seen.check(&version.to_string())?;
        command(w, &actor, &subject)
    });
    run.await?;
    Ok(StatusCode::NO_CONTENT)
}

fn debtor(word: String) -> Result<Debtor, Refusal> {
    word.try_into().map_err(|_| Refusal::invalid("debtor", "One of centre, reporter, an organisation's id."))
}

fn vendor(id: Option<String>) -> Result<Option<OrganisationId>, Refusal> {
    let vendor = id.map(|id| id.parse()).transpose();
    vendor.map_err(|error: BadId| Refusal::invalid("vendor", error.to_string()))
}

/// The duty that a document names.
fn owed(debtor_word: String, profile: String, duty: String) -> Result<Owed, Refusal> {
    let owed = Owed { debtor: debtor(debtor_word)?, profile, duty };
    owed.rule().map_err(|_| Refusal::invalid("duty", "No profile in use has a duty of this name."))?;
    Ok(owed)
}

/// Running clocks by what is due: of cases and reports for coordinators, of requests to partners for those
/// who run the programme, and of its own requests for a partner.
#[utoipa::path(get, path = "/api/v1/deadlines", tag = "deadlines", 
    params(("page" = Option<u32>, Query, description = "From 1; 50 clocks each. The header Link leads on.")),
    responses((status = 200, body = Vec<Clock>)))]
pub(crate) async fn deadlines(
    State(app): State<App>,
    viewer: Viewer,
    asked: Asked,
) -> Result<Response, Refusal> {
    let (now, page) = (app.now(), asked.page(&[])?);
    let whose = whose(&app.policies, &viewer);
    let clocks = app
        .read(move |tx| {
            let eyes = vetting::eyes(tx, &viewer, now)?;
            list(tx, Filter::OPEN, &whose, page, &eyes)
        })
        .await?;
    Ok(asked.list(page, clocks))
}

/// Every clock of a report, a case or a drill, open ones first. The ETag changes whenever something is
/// recorded.
#[utoipa::path(get, path = "/api/v1/deadlines/{subject}", tag = "deadlines",
    params(("subject" = String, Path, description = "The number of a report, a case or a drill")),
    responses((status = 200, body = Vec<Clock>, headers(("ETag" = String)))))]
pub(crate) async fn subject(
    State(app): State<App>,
    Path(subject): Path<String>,
) -> Result<Response, Refusal> {
    let (subject, now) = (subject.to_uppercase(), app.now());
    let found = app.read(move |tx| {
        let (clocks, version) = store::clocks_of(tx, &subject)?;
        Ok((store::rows(tx, &subject, &clocks, now)?, version))
    });
    let (clocks, version) = found.await?;
    Ok(([(ETAG, format!("\"{version}\""))], Json(clocks)).into_response())
}

/// A clock with its reasons.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct ClockReason {
    /// `centre`, `reporter`, or an organisation's id.
    debtor: String,
    /// The vendor that it is about, or null.
    vendor: Option<String>,
    profile: String,
    duty: String,
    /// A state word of the clock engine.
    state: String,
    #[schema(value_type = Option<String>)]
    due: Option<Timestamp>,
    /// The rule, the anchor, the calendar, the direction of error.
    explain: String,
    /// What would be due if an undeclared scope turned out to be given.
    conditional: Option<String>,
    /// Where the rule was read.
    source: String,
    /// How that was checked, such as `not verified`.
    verified: &'static str,
    /// A law that is shown to compare, not to obey.
    reference: bool,
}

/// Why: every clock of a report, a case or a drill with its rule, its anchor and its calendar in words.
#[utoipa::path(get, path = "/api/v1/deadlines/{subject}/why", tag = "deadlines",
    params(("subject" = String, Path, description = "The number of a report, a case or a drill")),
    responses((status = 200, body = Vec<ClockReason>)))]
pub(crate) async fn why(
    State(app): State<App>,
    Path(subject): Path<String>,
) -> Result<Json<Vec<ClockReason>>, Refusal> {
    let (subject, now) = (subject.to_uppercase(), app.now());
    let (clocks, _) = app.read(move |tx| store::clocks_of(tx, &subject)).await?;
    let reason = |(debtor, found): (Debtor, clocks::Assessment)| ClockReason {
        debtor: debtor.into(),
        vendor: found.vendor,
        profile: found.profile,
        duty: found.duty.as_str().to_owned(),
        state: found.state.as_str().to_owned(),
        due: found.due,
        explain: found.explain,
        conditional: found.conditional,
        source: found.source,
        verified: found.verified.in_words(),
        reference: found.reference,
    };
    Ok(Json(assess(&clocks, now).into_iter().map(reason).collect()))
}
