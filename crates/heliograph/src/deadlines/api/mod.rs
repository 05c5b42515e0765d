//! Clocks, for programs.

use super::store::{self, Clock, Filter, Stated, list};
use crate::access::Viewer;
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{Asked, Body, instant_in};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use vocabulary::BadId;

/// Running clocks by what is due.
#[utoipa::path(get, path = "/api/v1/deadlines", tag = "deadlines", 
    params(("page" = Option<u32>, Query, description = "From 1; 50 clocks each. The header Link leads on.")),
    responses((status = 200, body = Vec<Clock>)))]
pub(crate) async fn deadlines(State(app): State<App>, asked: Asked) -> Result<Response, Refusal> {
    let (now, page) = (app.now(), asked.page(&[])?);
    let clocks = app.read(move |tx| list(tx, Filter::OPEN, page, now)).await?;
    Ok(asked.list(page, clocks))
}

/// Every clock of a report or a case, open ones first.
#[utoipa::path(get, path = "/api/v1/deadlines/{subject}", tag = "deadlines",
    params(("subject" = String, Path, description = "The number of a report or a case")),
    responses((status = 200, body = Vec<Clock>)))]
pub(crate) async fn subject(
    State(app): State<App>,
    Path(subject): Path<String>,
) -> Result<Json<Vec<Clock>>, Refusal> {
    let (subject, now) = (subject.to_uppercase(), app.now());
    let clocks = app.read(move |tx| store::of(tx, std::slice::from_ref(&subject), now)).await?;
    if clocks.is_empty() { Err(Refusal::NotFound) } else { Ok(Json(clocks)) }
}

/// Something that started or stopped a clock.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fact {
    /// Who owes: `centre`, `reporter` (who reports for the manufacturer), or an organisation's id.
    #[schema(example = "reporter")]
    debtor: String,
    /// The vendor that it is about, by its id; leave it out where it is about none.
    #[serde(default)]
    vendor: Option<String>,
    /// What happened: `aware`, `fix_available`, `vendor_notified`, …, as the profiles name it.
    #[schema(example = "aware")]
    anchor: String,
    /// When: day, hour and zone, RFC 3339 or RFC 9557.
    #[schema(example = "2026-11-24T09:15:00Z")]
    at: String,
    /// How that is known; sealed.
    #[schema(example = "The manufacturer's mail of that morning.")]
    evidence: String,
}

/// States who learned or did what, and when, with evidence. What was recorded before stays on the record.
#[utoipa::path(post, path = "/api/v1/deadlines/{subject}/facts", tag = "deadlines", request_body = Fact,
    params(("subject" = String, Path, description = "The number of a report or a case")),
    responses((status = 204, description = "Recorded")))]
pub(crate) async fn state_fact(
    State(app): State<App>,
    viewer: Viewer,
    Path(subject): Path<String>,
    Body(body): Body<Fact>,
) -> Result<StatusCode, Refusal> {
    let actor = viewer.actor()?;
    let debtor = body.debtor.try_into();
    let debtor =
        debtor.map_err(|_| Refusal::invalid("debtor", "One of centre, reporter, an organisation's id."))?;
    let vendor = body.vendor.map(|id| id.parse()).transpose();
    let vendor = vendor.map_err(|error: BadId| Refusal::invalid("vendor", error.to_string()))?;
    let anchor = body.anchor.parse();
    let anchor = anchor.map_err(|_| Refusal::invalid("anchor", "This is no event that a profile knows."))?;
    let at = instant_in("at", &body.at)?;
    let command = app.ledger.submit(move |w| {
        let stated = Stated { debtor, vendor, anchor, at, evidence: &body.evidence };
        store::state_fact(w, &actor, &subject.to_uppercase(), stated)
    });
    command.await?;
    Ok(StatusCode::NO_CONTENT)
}
