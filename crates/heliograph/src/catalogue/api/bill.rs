//! A bill of materials for programs.

use super::super::pages::{Form, Given, ask};
use crate::app::App;
use crate::refusal::Refusal;
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{DefaultBodyLimit, FromRequest, Query, Request, State};
use axum::response::Response;
use formats::limits::DOCUMENT_BYTES;
use serde::Deserialize;

/// How the report is written.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    format: String,
}

/// What is known of every part of a bill of materials.
///
/// The body is the bill as it is, CycloneDX or SPDX 2 in JSON, at most 16 MiB; what it says itself of
/// vulnerabilities stands beside the findings. Nothing of it is kept. Parts that could not be asked about
/// are named, with the reason: that they are missing from the findings is no clean bill.
#[utoipa::path(post, path = "/api/v1/sbom", tag = "records",
    params(("format" = Option<String>, Query, description = "`json`, `sarif`, `csv` or `html`; JSON, if none", example = "json")),
    request_body(content = Object, description = "The bill", example = json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
        {"type": "library", "name": "kettle", "version": "1.0.0", "purl": "pkg:npm/kettle@1.0.0"}]})),
    responses((status = 200, description = "Findings and parts that could not be asked about", content(
        (Object = "application/json"), (Object = "application/sarif+json"), (String = "text/csv"), (String = "text/html")))))]
pub(crate) async fn report(
    State(app): State<App>,
    wanted: Result<Query<Wanted>, QueryRejection>,
    mut request: Request,
) -> Result<Response, Refusal> {
    let wanted = wanted.map(|Query(wanted)| wanted.format).unwrap_or_default();
    let form = match wanted.as_str() {
        "" => Some(Form::Json),
        name => Form::of_name(name),
    };
    let form = form.ok_or_else(|| Refusal::invalid("format", "One of json, sarif, csv, html."))?;
    DefaultBodyLimit::max(DOCUMENT_BYTES).apply(&mut request);
    let bytes = Bytes::from_request(request, &app).await;
    let bytes =
        bytes.map_err(|_| Refusal::TooLarge("A bill of materials: at most 16 MiB are read.".into()))?;
    let given = Given { name: "sbom.json".to_owned(), bytes: bytes.to_vec() };
    form.answer(&ask(&app, vec![given]).await?)
}
