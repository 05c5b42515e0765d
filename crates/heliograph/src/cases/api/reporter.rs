//! What a reporter does in the case around her report, for her program. It names itself with the claim
//! code, in the document and never in an address; each act runs the command that the page runs.

use super::acts::vendor::terms_of;
use super::bodies::CaseBody;
use crate::access::{self, Remote, Viewer};
use crate::app::App;
use crate::cases::pages;
use crate::cases::rules::{Audience, Party};
use crate::cases::store;
use crate::ledger::{Actor, Writer};
use crate::refusal::Refusal;
use crate::reports;
use crate::web::{Body, Shown, instant_in, page_numbered};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use vocabulary::CaseId;

/// Whoever has the claim code, as a viewer.
async fn reporter(app: &App, remote: String, claim_code: String) -> Result<Viewer, Refusal> {
    let report = reports::claimed(app, remote, claim_code).await?.ok_or(Refusal::NotFound)?;
    Ok(Viewer::Reporter(report))
}

async fn own_case(app: &App, viewer: &Viewer) -> Result<CaseId, Refusal> {
    let Viewer::Reporter(report) = viewer else { return Err(Refusal::NotFound) };
    let report = report.clone();
    app.read(move |tx| reports::received(tx, &report)?.state.case.ok_or(Refusal::NotFound)).await
}

async fn act(
    app: App,
    remote: String,
    claim_code: String,
    command: impl FnOnce(&mut Writer<'_, '_>, &Actor, &CaseId, &Party) -> Result<(), Refusal> + Send + 'static,
) -> Result<StatusCode, Refusal> {
    let viewer = reporter(&app, remote, claim_code).await?;
    store::act_in_own(&app, viewer, command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A claim code, and which page of a list.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClaimedPage {
    /// As the answer to a report gave it.
    #[schema(example = "7q2k-9mzr-4w8c-1h5x-7q2k-9mzr-4w8c-1h5x")]
    claim_code: String,
    /// 50 entries each, the newest first, from 1.
    #[serde(default)]
    #[schema(example = 1)]
    page: Option<u32>,
}

/// Opens the case around a report, as far as its reporter may see it. The read is in the journal before
/// the answer leaves.
#[utoipa::path(post, path = "/api/v1/reports/case", tag = "reports", request_body = ClaimedPage,
    responses((status = 200, body = CaseBody)))]
pub(crate) async fn case(
    State(app): State<App>,
    Remote(remote): Remote,
    Body(body): Body<ClaimedPage>,
) -> Result<Json<CaseBody>, Refusal> {
    let viewer = reporter(&app, remote, body.claim_code).await?;
    let id = own_case(&app, &viewer).await?;
    let (shown, page) = (Shown::of(&app), page_numbered("page", body.page)?);
    let (policies, seen, subject) = (app.policies.clone(), viewer.clone(), id.to_string());
    let view = access::open(&app, &viewer, &subject, "follow one's own case, by program", move |w| {
        pages::open_view(w, &policies, &seen, &id, &shown, Some(page))
    });
    Ok(Json(CaseBody::of(view.await?)))
}

/// Who opened what is sealed in a report and in the case around it, newest first.
#[utoipa::path(post, path = "/api/v1/reports/reads", tag = "reports", request_body = ClaimedPage,
    responses((status = 200, body = Vec<pages::SeenRead>)))]
pub(crate) async fn reads(
    State(app): State<App>,
    Remote(remote): Remote,
    Body(body): Body<ClaimedPage>,
) -> Result<Json<Vec<pages::SeenRead>>, Refusal> {
    let viewer = reporter(&app, remote, body.claim_code).await?;
    let (of, page) = (pages::own_subjects(&app, &viewer).await?, page_numbered("page", body.page)?);
    let mut rows = pages::read_rows(&app, &viewer, of, page).await?;
    page.cut(&mut rows);
    Ok(Json(rows))
}

/// A reporter's message to participants.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClaimedCaseMessage {
    /// As the answer to a report gave it.
    #[schema(example = "7q2k-9mzr-4w8c-1h5x-7q2k-9mzr-4w8c-1h5x")]
    claim_code: String,
    /// `everyone`, `centre`.
    #[schema(example = "everyone")]
    to: String,
    /// Between 1 and 20,000 characters.
    #[schema(example = "The fix holds in my tests.")]
    message: String,
}

/// Writes to the participants of the case, as the reporter.
#[utoipa::path(post, path = "/api/v1/reports/case/messages", tag = "reports", request_body = ClaimedCaseMessage,
    responses((status = 204, description = "Sent")))]
pub(crate) async fn message(
    State(app): State<App>,
    Remote(remote): Remote,
    Body(body): Body<ClaimedCaseMessage>,
) -> Result<StatusCode, Refusal> {
    let to = match body.to.as_str() {
        "everyone" => Audience::Everyone,
        "centre" => Audience::Centre,
        _ => return Err(Refusal::invalid("to", "One of everyone, centre.")),
    };
    act(app, remote, body.claim_code, move |w, actor, id, me| {
        store::speak(w, actor, id, me.clone(), to, &body.message)
    })
    .await
}

/// A reporter's wish for the end of the embargo.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClaimedEnd {
    /// As the answer to a report gave it.
    #[schema(example = "7q2k-9mzr-4w8c-1h5x-7q2k-9mzr-4w8c-1h5x")]
    claim_code: String,
    /// Day, hour and zone, RFC 3339 or RFC 9557; at most 180 days after the embargo began.
    #[schema(example = "2026-12-22T12:00:00Z")]
    end: String,
}

/// Proposes an end of the embargo, or another one, as the reporter.
#[utoipa::path(post, path = "/api/v1/reports/case/proposals", tag = "reports", request_body = ClaimedEnd,
    responses((status = 204, description = "Proposed")))]
pub(crate) async fn propose(
    State(app): State<App>,
    Remote(remote): Remote,
    Body(body): Body<ClaimedEnd>,
) -> Result<StatusCode, Refusal> {
    let end = instant_in("end", &body.end)?;
    act(app, remote, body.claim_code, move |w, actor, id, me| store::propose(w, actor, id, me, end.at)).await
}

/// A reporter's answer to terms.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClaimedAnswer {
    /// As the answer to a report gave it.
    #[schema(example = "7q2k-9mzr-4w8c-1h5x-7q2k-9mzr-4w8c-1h5x")]
    claim_code: String,
    /// `accept` or `decline`.
    #[schema(example = "accept")]
    answer: String,
}

/// Accepts or declines the embargo, or the new end that is proposed, as the reporter.
#[utoipa::path(post, path = "/api/v1/reports/case/terms", tag = "reports", request_body = ClaimedAnswer,
    responses((status = 204, description = "Answered")))]
pub(crate) async fn answer(
    State(app): State<App>,
    Remote(remote): Remote,
    Body(body): Body<ClaimedAnswer>,
) -> Result<StatusCode, Refusal> {
    let terms = terms_of(&body.answer)?;
    act(app, remote, body.claim_code, move |w, actor, id, me| store::answer(w, actor, id, me, terms)).await
}

/// A claim code alone.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClaimedLeave {
    /// As the answer to a report gave it.
    #[schema(example = "7q2k-9mzr-4w8c-1h5x-7q2k-9mzr-4w8c-1h5x")]
    claim_code: String,
}

/// The reporter leaves the case; she may always. Nothing ends for the others.
#[utoipa::path(post, path = "/api/v1/reports/case/leave", tag = "reports", request_body = ClaimedLeave,
    responses((status = 204, description = "Left")))]
pub(crate) async fn leave(
    State(app): State<App>,
    Remote(remote): Remote,
    Body(body): Body<ClaimedLeave>,
) -> Result<StatusCode, Refusal> {
    act(app, remote, body.claim_code, store::leave).await
}
