//! What vendors do in a case, for programs.

use super::{run, word};
use crate::access::{Permission, Viewer};
use crate::app::App;
use crate::cases::rules::{Party, Statement, Terms};
use crate::cases::store;
use crate::refusal::Refusal;
use crate::web::{Body, Expected};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use cvd::cs;
use cvd::rm::ReportMove;
use serde::Deserialize;
use vocabulary::OrganisationId;

/// An answer to terms.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Answer {
    /// `accept` or `decline`.
    #[schema(example = "accept")]
    answer: String,
}

/// An answer to terms in a document.
pub(in crate::cases::api) fn terms_of(answer: &str) -> Result<Terms, Refusal> {
    match answer {
        "accept" => Ok(Terms::Accept),
        "decline" => Ok(Terms::Decline),
        _ => Err(Refusal::invalid("answer", "One of accept, decline.")),
    }
}

/// A vendor accepts or declines the embargo, or the new end that is proposed.
#[utoipa::path(post, path = "/api/v1/cases/{id}/terms", tag = "cases", request_body = Answer,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Answered")))]
pub(crate) async fn answer(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: Expected,
    Body(body): Body<Answer>,
) -> Result<StatusCode, Refusal> {
    let terms = terms_of(&body.answer)?;
    run(app, viewer, &id, Permission::ParticipateInCase, seen, move |w, actor, id, me| {
        store::answer(w, actor, id, me, terms)
    })
    .await
}

fn own(me: &Party) -> Result<OrganisationId, Refusal> {
    match me {
        Party::Vendor(id) => Ok(id.clone()),
        _ => Err(Refusal::forbidden("A vendor speaks for itself here.")),
    }
}

/// A step of a vendor's report state.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    /// `validate`, `invalidate`, `accept`, `defer`, `close`.
    #[schema(example = "validate")]
    step: String,
}

/// A vendor finds the report valid or not, works on it, puts it off, closes it.
#[utoipa::path(post, path = "/api/v1/cases/{id}/report-state", tag = "cases", request_body = Step,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Moved")))]
pub(crate) async fn move_report(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: Expected,
    Body(body): Body<Step>,
) -> Result<StatusCode, Refusal> {
    let step = word("step", &body.step, ReportMove::ALL)?;
    run(app, viewer, &id, Permission::ParticipateInCase, seen, move |w, actor, id, me| {
        store::report_move(w, actor, id, &own(me)?, step)
    })
    .await
}

/// How far a vendor's fix is.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fix {
    /// `fix_ready`, `fix_deployed`.
    #[schema(example = "fix_ready")]
    event: String,
}

/// A vendor has its fix ready, or deployed.
#[utoipa::path(post, path = "/api/v1/cases/{id}/fix", tag = "cases", request_body = Fix,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Recorded")))]
pub(crate) async fn fix(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: Expected,
    Body(body): Body<Fix>,
) -> Result<StatusCode, Refusal> {
    let event = word("event", &body.event, &[cs::CaseEvent::FixReady, cs::CaseEvent::FixDeployed])?;
    run(app, viewer, &id, Permission::ParticipateInCase, seen, move |w, actor, id, me| {
        store::fix(w, actor, id, &own(me)?, event)
    })
    .await
}

/// A vendor states which versions are affected; this replaces its statement before.
#[utoipa::path(put, path = "/api/v1/cases/{id}/statement", tag = "cases", request_body = Statement,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Stated")))]
pub(crate) async fn statement(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: Expected,
    Body(body): Body<Statement>,
) -> Result<StatusCode, Refusal> {
    run(app, viewer, &id, Permission::ParticipateInCase, seen, move |w, actor, id, me| {
        store::state_affected(w, actor, id, &own(me)?, &body)
    })
    .await
}

/// A vendor leaves a case. Nothing ends for the others.
#[utoipa::path(post, path = "/api/v1/cases/{id}/leave", tag = "cases",
    params(("id" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Left")))]
pub(crate) async fn leave(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: Expected,
) -> Result<StatusCode, Refusal> {
    run(app, viewer, &id, Permission::ParticipateInCase, seen, |w, actor, id, me| {
        store::leave(w, actor, id, &Party::Vendor(own(me)?))
    })
    .await
}
