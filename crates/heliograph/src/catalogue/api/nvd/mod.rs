//! The NVD API 2.0, at the paths, with the parameters and in the shapes that its clients expect:
//! nvdlib, dependency-check's `vulnz`, and whoever else was written against it.
//!
//! A refusal is NVD's own: 404 without a body, with the reason in a header named `message`.

mod asked;
mod conditions;
pub(crate) mod cves;
pub(crate) mod dictionary;
pub(crate) mod history;

use asked::Parameters;
use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use catalogue::Error;
use jiff::Timestamp;
use serde_json::{Value, json};

/// A refusal in NVD's shape.
pub(crate) struct NvdError {
    status: StatusCode,
    message: String,
}

impl NvdError {
    fn invalid(message: impl Into<String>) -> Self {
        Self { status: StatusCode::NOT_FOUND, message: message.into() }
    }
}

impl From<Error> for NvdError {
    fn from(error: Error) -> Self {
        tracing::error!(%error, "a request failed");
        let message = "Something failed on our side; please try again.".to_owned();
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, message }
    }
}

impl IntoResponse for NvdError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        // A header has room for plain letters only.
        let plain: String = self.message.chars().filter(|c| c.is_ascii_graphic() || *c == ' ').collect();
        if let Ok(message) = HeaderValue::try_from(plain) {
            response.headers_mut().insert(HeaderName::from_static("message"), message);
        }
        response
    }
}

/// A page as NVD frames it.
fn framed(
    parameters: &Parameters,
    total: usize,
    format: &str,
    list: &str,
    items: Vec<Value>,
    now: Timestamp,
) -> Response {
    let mut body = json!({
        "resultsPerPage": items.len(),
        "startIndex": parameters.start,
        "totalResults": total,
        "format": format,
        "version": "2.0",
        "timestamp": catalogue::nvd_time(now),
    });
    body[list] = Value::Array(items);
    Json(body).into_response()
}

/// Runs what may wait for the disk on a thread that may.
async fn look<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, NvdError> + Send + 'static,
) -> Result<T, NvdError> {
    let failed = |_| NvdError {
        status: StatusCode::INTERNAL_SERVER_ERROR,
        message: "Something failed on our side; please try again.".to_owned(),
    };
    tokio::task::spawn_blocking(work).await.map_err(failed)?
}
