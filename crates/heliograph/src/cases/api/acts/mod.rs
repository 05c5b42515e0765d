//! What participants do in a case, for programs: each reads its document and runs the command that
//! the page runs.
//!
//! Every one takes `If-Match` with the ETag of the case: where something happened that the sender
//! has not seen, nothing is changed.

pub(crate) mod centre;
pub(crate) mod vendor;

use super::case_id;
use crate::access::{Permission, Viewer};
use crate::app::App;
use crate::cases::rules::{Audience, Party};
use crate::cases::store;
use crate::ledger::{Actor, Writer};
use crate::refusal::Refusal;
use crate::web::{Body, Expected, instant_in};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use vocabulary::CaseId;

/// Runs a command on a case for a viewer who has the permission there.
async fn run(
    app: App,
    viewer: Viewer,
    id: &str,
    permission: Permission,
    seen: Expected,
    command: impl FnOnce(&mut Writer<'_, '_>, &Actor, &CaseId, &Party) -> Result<(), Refusal> + Send + 'static,
) -> Result<StatusCode, Refusal> {
    store::act(&app, viewer, &case_id(id)?, permission, seen, command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// One of a machine's words; the refusal lists them.
fn word<T: Copy + Serialize>(field: &'static str, text: &str, all: &[T]) -> Result<T, Refusal> {
    let name = |value: &T| serde_json::to_value(value).ok()?.as_str().map(str::to_owned);
    let names: Vec<String> = all.iter().filter_map(name).collect();
    let found = all.iter().find(|value| name(value).as_deref() == Some(text));
    found.copied().ok_or_else(|| Refusal::invalid(field, format!("One of {}.", names.join(", "))))
}

/// When the embargo should end.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProposedEnd {
    /// Day, hour and zone, RFC 3339 or RFC 9557; at most 180 days after the embargo began.
    #[schema(example = "2026-12-20T12:00:00+01:00[Europe/Berlin]")]
    end: String,
}

/// Proposes an end of the embargo, or another one. A coordinator's token needs the scope
/// `coordinate-case` too, a vendor's `participate-in-case`.
#[utoipa::path(post, path = "/api/v1/cases/{id}/embargo/proposals", tag = "cases", request_body = ProposedEnd,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Proposed")))]
pub(crate) async fn propose(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: Expected,
    Body(body): Body<ProposedEnd>,
) -> Result<StatusCode, Refusal> {
    let end = instant_in("end", &body.end)?;
    // The centre proposes by its own right, a vendor as a participant.
    let permission = match viewer.organisation() {
        Some(_) => Permission::ParticipateInCase,
        None => Permission::CoordinateCase,
    };
    run(app, viewer, &id, permission, seen, move |w, actor, id, me| store::propose(w, actor, id, me, end.at))
        .await
}

/// A message to participants.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CaseMessage {
    /// `everyone`, `centre`; for a coordinator also one organisation's id or one report's number.
    #[schema(example = "everyone")]
    to: String,
    /// Between 1 and 20,000 characters.
    #[schema(example = "The fix is in review.")]
    message: String,
}

/// Writes to participants of a case.
#[utoipa::path(post, path = "/api/v1/cases/{id}/messages", tag = "cases", request_body = CaseMessage,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Sent")))]
pub(crate) async fn message(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: Expected,
    Body(body): Body<CaseMessage>,
) -> Result<StatusCode, Refusal> {
    let to = match body.to.as_str() {
        "everyone" => Audience::Everyone,
        "centre" => Audience::Centre,
        other => Audience::Only(other.to_owned().try_into().map_err(|_| {
            Refusal::invalid("to", "One of everyone, centre, an organisation's id, a report's number.")
        })?),
    };
    run(app, viewer, &id, Permission::ViewCase, seen, move |w, actor, id, me| {
        store::speak(w, actor, id, me.clone(), to, &body.message)
    })
    .await
}
