//! What a request was decided on: two people may act at once, and the second must see what the
//! first did.

use crate::refusal::Refusal;
use axum::extract::FromRequestParts;
use axum::http::header::IF_MATCH;
use axum::http::request::Parts;

/// The tag in `If-Match`, without its quotes; nothing where a request has none or takes any (`*`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expected(pub(crate) Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for Expected {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let wrong = || Refusal::invalid("If-Match", "One tag in quotes, as the ETag of an answer had it.");
        let Some(value) = parts.headers.get(IF_MATCH) else { return Ok(Self(None)) };
        let text = value.to_str().map_err(|_| wrong())?.trim();
        if text == "*" {
            return Ok(Self(None));
        }
        let tag = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let tag = tag.filter(|tag| tag.len() <= 200 && !tag.contains('"')).ok_or_else(wrong)?;
        Ok(Self(Some(tag.to_owned())))
    }
}

impl Expected {
    /// Refuses where the thing is no longer what was seen.
    pub(crate) fn check(&self, current: &str) -> Result<(), Refusal> {
        match &self.0 {
            Some(tag) if tag != current => Err(Refusal::changed(
                "Something happened here since you read it, and nothing was changed. Read it again and decide again.",
            )),
            _ => Ok(()),
        }
    }
}
