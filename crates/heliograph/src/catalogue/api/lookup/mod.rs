//! The read interface of vulnerability-lookup, for pyvulnerabilitylookup and the tools that are built
//! on it. What it knows and this centre does not keep (sightings, comments, bundles) is an empty list.
//!
//! Its clients send `Content-Type` without a body and an empty `X-API-KEY`: neither is looked at.

pub(crate) mod kev;
pub(crate) mod lists;
pub(crate) mod names;
pub(crate) mod records;

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use catalogue::{Error, Source};
use serde_json::json;

/// A refusal in its shape.
pub(crate) struct LookupError {
    status: StatusCode,
    message: String,
}

impl LookupError {
    fn invalid(message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, message: message.into() }
    }

    fn internal(reason: &str) -> Self {
        tracing::error!(%reason, "a request failed");
        let message = "Something failed on our side; please try again.".to_owned();
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, message }
    }
}

impl From<Error> for LookupError {
    fn from(error: Error) -> Self {
        Self::internal(&error.to_string())
    }
}

impl IntoResponse for LookupError {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "message": self.message }))).into_response()
    }
}

/// The names of its sources that mean ours, and under which it lists records.
const SOURCES: [(Source, &str, &[&str]); 8] = [
    (Source::Cve, "cvelistv5", &["cve"]),
    (Source::Osv, "osv", &["pysec", "gsd"]),
    (Source::Ghsa, "github", &["ghsa"]),
    (Source::Nvd, "nvd", &["fkie_nvd"]),
    (Source::Vex, "vex", &[]),
    (Source::Csaf, "csaf", &["csaf_cisa"]),
    (Source::Centre, "gna", &["centre"]),
    (Source::Kev, "kev", &["cisa_kev"]),
];

fn source_of(name: &str) -> Option<Source> {
    let name = name.to_lowercase();
    SOURCES
        .iter()
        .find(|(_, own, others)| *own == name || others.contains(&name.as_str()))
        .map(|(source, ..)| *source)
}

fn name_of(source: Source) -> &'static str {
    SOURCES.iter().find(|(known, ..)| *known == source).map_or("other", |(_, name, _)| name)
}

/// Entries in one answer, at most. The original has 100 or 1,000, by the list.
const AT_MOST: usize = 1_000;

/// How many entries are meant by a number, given what is usual. The original refuses none (its commit 4b11593 of July
/// 2026, `website/web/api/v1`): 0 stands in most lists for what is usual, and one that is too large for a number that
/// it allows. Here that is the largest; a list in an envelope says which it was.
fn so_many(asked: Option<usize>, usual: usize) -> usize {
    asked.filter(|number| *number > 0).unwrap_or(usual).min(AT_MOST)
}

/// Documents that are JSON already, as a list.
fn listed(documents: &[String]) -> String {
    format!("[{}]", documents.join(","))
}

fn sent(body: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// Runs what may wait for the disk on a thread that may.
async fn look<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LookupError> + Send + 'static,
) -> Result<T, LookupError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| LookupError::internal("a look into the catalogue failed unexpectedly"))?
}
