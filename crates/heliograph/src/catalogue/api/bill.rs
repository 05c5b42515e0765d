//! A bill of materials for programs.

use super::super::pages::{Form, Given, ask};
use crate::access::Remote;
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
/// The body is the bill as it is: CycloneDX in JSON or XML, SPDX 2 in JSON or as tags and values, SPDX 3 in
/// JSON-LD; at most 16 MiB, and 300 an hour from one address. What it says itself of vulnerabilities stands beside the findings. Nothing of it is kept. Parts that could not be asked about
/// are named, with the reason: that they are missing from the findings is no clean bill. `notes` tell how many statements
/// of VEX are heard of no part, and why.
#[utoipa::path(post, path = "/api/v1/sbom", tag = "records",
    params(("format" = Option<String>, Query, description = "`json`, `sarif`, `csv` or `html`; JSON, if none", example = "json")),
    request_body(content = Object, description = "The bill", example = json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
        {"type": "library", "name": "kettle", "version": "1.0.0", "purl": "pkg:npm/kettle@1.0.0"}]})),
    responses((status = 200, description = "Findings and parts that could not be asked about", content(
        (Object = "application/json"), (Object = "application/sarif+json"), (String = "text/csv"), (String = "text/html")))))]
pub(crate) async fn report(
    State(app): State<App>,
    remote: Remote,
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
    let given = Given { name: "the bill".to_owned(), bytes: bytes.to_vec() };
    form.answer(&ask(&app, &remote, vec![given]).await?)
}
