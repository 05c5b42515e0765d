//! JSON that comes in: read whatever its Content-Type says (pip-audit sends none), with a limit on
//! its size and the place of what is wrong.

use crate::refusal::Refusal;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

/// A JSON document of a request.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let bytes = Bytes::from_request(request, state).await.map_err(|_| {
            Refusal::TooLarge("The document is larger than this place takes; nothing was changed.".into())
        })?;
        // serde_json's own words name the line and column, and quote field names only.
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            let place = format!("line {}, column {}", error.line(), error.column());
            let reason = match error.classify() {
                serde_json::error::Category::Data => error.to_string(),
                _ => format!("not JSON at {place}"),
            };
            Refusal::invalid("document", reason)
        })
    }
}
