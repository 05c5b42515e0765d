//! Reporting, following and triaging a report, for programs.

pub(crate) mod triage;

use super::pages::{receipt_file, story};
use super::rules::{NewReport, ReportText, Side};
use super::store::{self, claim, receiving};
use crate::access::{self, Remote, Viewer, count_attempt};
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{Body, Happened, instant_in};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use vocabulary::ReportId;

/// A report to send.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReportBody {
    /// What is wrong; `product` and `description` are required.
    report: ReportText,
    /// Known to be exploited.
    #[serde(default)]
    exploited: bool,
    /// Known to the public.
    #[serde(default)]
    public: bool,
    /// When the reporter means to publish, RFC 3339 or RFC 9557 with a zone.
    #[schema(example = "2027-02-01T12:00:00+01:00[Europe/Berlin]")]
    planned_publication: Option<String>,
    /// The reporter reports for the manufacturer of the product.
    #[serde(default)]
    for_manufacturer: bool,
    /// When the manufacturer became aware, RFC 3339 or RFC 9557 with a zone.
    manufacturer_aware: Option<String>,
    /// Optional, sealed apart, deleted by rule after publication.
    #[serde(default)]
    proof_of_concept: String,
}

/// What the sender keeps.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Accepted {
    /// The tracking number.
    tracking_number: String,
    /// Follows and answers the report; shown once. Sending again with the same `Idempotency-Key`
    /// gives the same answer.
    claim_code: String,
    /// When the centre received it.
    #[schema(value_type = String)]
    received: Timestamp,
}

/// Sends a report. No account is needed. An `Idempotency-Key` header of at least 16 characters
/// makes sending twice harmless; treat it as a secret, for it leads to the claim code.
#[utoipa::path(post, path = "/api/v1/reports", tag = "reports", request_body = ReportBody,
    responses((status = 201, body = Accepted), (status = 422, description = "A field is wrong; it is named"),
              (status = 429, description = "Too many reports from this address")))]
pub(crate) async fn submit(
    State(app): State<App>,
    Remote(remote): Remote,
    headers: HeaderMap,
    Body(body): Body<ReportBody>,
) -> Result<(StatusCode, Json<Accepted>), Refusal> {
    let key = headers.get("idempotency-key").map(|value| value.as_bytes().to_vec());
    if key.as_ref().is_some_and(|key| !(16..=200).contains(&key.len())) {
        return Err(Refusal::invalid("Idempotency-Key", "Between 16 and 200 characters, from chance."));
    }
    let instant =
        |field: &'static str, text: Option<String>| text.map(|text| instant_in(field, &text)).transpose();
    let new = NewReport {
        exploited: body.exploited,
        public: body.public,
        planned: instant("planned_publication", body.planned_publication)?,
        for_manufacturer: body.for_manufacturer,
        aware: instant("manufacturer_aware", body.manufacturer_aware)?,
        proof_of_concept: body.proof_of_concept,
        files: Vec::new(),
        text: body.report,
    };
    let prefix = app.settings.prefix.clone();
    let receipt = app
        .ledger
        .submit(move |w| {
            count_attempt(w, &format!("report/{remote}"), &receiving::REPORTS)?;
            receiving::submit(w, &new, &prefix, "api", key.as_deref())
        })
        .await?;
    let accepted = Accepted {
        tracking_number: receipt.id.to_string(),
        claim_code: receipt.claim_code,
        received: receipt.received,
    };
    Ok((StatusCode::CREATED, Json(accepted)))
}

/// A claim code: in the body, never in an address.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Claim {
    /// As the answer to a report gave it; letter case and dashes do not matter.
    #[schema(example = "7q2k-9mzr-4w8c-1h5x-7q2k-9mzr-4w8c-1h5x")]
    claim_code: String,
}

/// Where a report stands.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Status {
    tracking_number: String,
    /// `received`, `accepted`, `declined`, `duplicate`.
    state: &'static str,
    /// The case that it belongs to.
    case: Option<String>,
    #[schema(value_type = String)]
    received: Timestamp,
}

/// Says where a report stands.
#[utoipa::path(post, path = "/api/v1/reports/status", tag = "reports", request_body = Claim,
    responses((status = 200, body = Status), (status = 404, description = "No report has this code")))]
pub(crate) async fn status(
    State(app): State<App>,
    Remote(remote): Remote,
    Body(claim): Body<Claim>,
) -> Result<Json<Status>, Refusal> {
    let id = claimed(&app, remote, claim).await?;
    let report = app.read({
        let id = id.clone();
        move |tx| Ok(store::received(tx, &id)?.state)
    });
    let report = report.await?;
    Ok(Json(Status {
        tracking_number: id.to_string(),
        state: report.word(),
        case: report.case.as_ref().map(ToString::to_string),
        received: report.received,
    }))
}

/// The signed receipt of a report, as C2SP tlog-proof.
#[utoipa::path(post, path = "/api/v1/reports/receipt", tag = "reports", request_body = Claim,
    responses((status = 200, description = "The receipt", content_type = "text/plain"),
              (status = 404, description = "No report has this code"),
              (status = 503, description = "Not signed yet; ask again in a second")))]
pub(crate) async fn receipt(
    State(app): State<App>,
    Remote(remote): Remote,
    Body(claim): Body<Claim>,
) -> Result<Response, Refusal> {
    let id = claimed(&app, remote, claim).await?;
    receipt_file(&app, &id).await
}

async fn claimed(app: &App, remote: String, claim: Claim) -> Result<ReportId, Refusal> {
    claim::claimed(app, remote, claim.claim_code).await?.ok_or(Refusal::NotFound)
}

/// What happened to a report, for its reporter.
#[utoipa::path(post, path = "/api/v1/reports/timeline", tag = "reports", request_body = Claim,
    responses((status = 200, body = Vec<Happened>)))]
pub(crate) async fn timeline(
    State(app): State<App>,
    Remote(remote): Remote,
    Body(claim): Body<Claim>,
) -> Result<Json<Vec<Happened>>, Refusal> {
    let id = claimed(&app, remote, claim).await?;
    let (reporter, subject) = (Viewer::Reporter(id.clone()), id.to_string());
    let found = access::open(&app, &reporter, &subject, "follow one's own report", move |w| story(w, &id));
    Ok(Json(found.await?.moments))
}

/// An answer to the centre.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClaimedMessage {
    /// As the answer to a report gave it.
    #[schema(example = "7q2k-9mzr-4w8c-1h5x-7q2k-9mzr-4w8c-1h5x")]
    claim_code: String,
    /// Between 1 and 20,000 characters.
    #[schema(example = "I tested 1.3 and 1.4.")]
    message: String,
}

/// Writes to the centre, as the reporter.
#[utoipa::path(post, path = "/api/v1/reports/messages", tag = "reports", request_body = ClaimedMessage,
    responses((status = 204, description = "Sent")))]
pub(crate) async fn answer(
    State(app): State<App>,
    Remote(remote): Remote,
    Body(body): Body<ClaimedMessage>,
) -> Result<StatusCode, Refusal> {
    let id = claimed(&app, remote, Claim { claim_code: body.claim_code }).await?;
    let actor = Viewer::Reporter(id.clone()).actor()?;
    app.ledger.submit(move |w| store::triage::say(w, &actor, &id, Side::Reporter, &body.message)).await?;
    Ok(StatusCode::NO_CONTENT)
}
