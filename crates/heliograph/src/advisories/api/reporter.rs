//! The draft that the centre shared, for a reporter's program.

use super::draft::{DraftBody, opened, shown};
use crate::access::{Remote, Viewer};
use crate::app::App;
use crate::refusal::Refusal;
use crate::reports;
use crate::web::Body;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

/// A claim code alone.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClaimedDraft {
    /// As the answer to a report gave it.
    #[schema(example = "7q2k-9mzr-4w8c-1h5x-7q2k-9mzr-4w8c-1h5x")]
    claim_code: String,
}

/// Reads the draft that the centre shared, as the reporter.
#[utoipa::path(post, path = "/api/v1/reports/case/advisory", tag = "reports", request_body = ClaimedDraft,
    responses((status = 200, body = DraftBody, headers(("ETag" = String)))))]
pub(crate) async fn claimed(
    State(app): State<App>,
    Remote(remote): Remote,
    Body(body): Body<ClaimedDraft>,
) -> Result<Response, Refusal> {
    let report = reports::claimed(&app, remote, body.claim_code).await?.ok_or(Refusal::NotFound)?;
    let (viewer, wanted) = (Viewer::Reporter(report.clone()), report);
    let case = app.read(move |tx| Ok(reports::received(tx, &wanted)?.state.case)).await?;
    let id = case.ok_or(Refusal::NotFound)?.to_string();
    shown(opened(&app, &viewer, &id).await?)
}
