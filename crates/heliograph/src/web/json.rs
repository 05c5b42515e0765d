//! JSON that comes in: read whatever its Content-Type says (pip-audit sends none), with a limit on
//! its size and the place of what is wrong.

use crate::refusal::Refusal;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use vocabulary::Instant;

/// A JSON document of a request.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let bytes = Bytes::from_request(request, state).await.map_err(|_| {
            let limit = super::BODY_MAX / (1024 * 1024);
            Refusal::TooLarge(format!("This place takes at most {limit} MiB; nothing was changed.").into())
        })?;
        let read = serde_json::from_slice(&bytes);
        let body = read.map_err(|error| Refusal::invalid("document", reason(&error)))?;
        // serde would take an array for a struct, its values in the order of the fields.
        match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{') => Ok(Self(body)),
            _ => Err(Refusal::invalid("document", "expected an object at line 1 column 1")),
        }
    }
}

/// An instant in a document. The refusal does not repeat what was sent.
pub(crate) fn instant(field: &'static str, text: &str) -> Result<Instant, Refusal> {
    let wrong = |_| {
        Refusal::invalid(
            field,
            "Expected day, hour and zone like 2026-11-23T09:15:00Z or 2026-11-23T10:15:00+01:00[Europe/Berlin].",
        )
    };
    Instant::parse(text).map_err(wrong)
}

/// What is wrong and where. serde's words quote what was sent, and what was sent may be a secret, so
/// only what was expected is taken from them.
fn reason(error: &serde_json::Error) -> String {
    let (words, place) = (error.to_string(), format!("line {}, column {}", error.line(), error.column()));
    match error.classify() {
        Category::Data if words.starts_with("missing field") => words,
        Category::Data => match words.rsplit_once("expected ") {
            Some((said, expected)) if said.starts_with("unknown field") => {
                format!("unknown field; expected {expected}")
            }
            Some((_, expected)) => format!("expected {expected}"),
            None => format!("wrong at {place}"),
        },
        _ if words.starts_with("recursion limit") => format!("nested too deeply at {place}"),
        _ => format!("not JSON at {place}"),
    }
}

#[cfg(test)]
mod tests {
    use super::reason;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[expect(dead_code, reason = "only read")]
        open: bool,
    }

    /// An error names the place and what is expected, never what was sent.
    #[test]
    fn an_error_never_repeats_what_was_sent() {
        for (text, expected) in [
            (r#"{"open": "a secret, expected here"}"#, "expected a boolean at line 1 column 34"),
            (r#"{"secret": 1}"#, "unknown field; expected `open` at line 1 column 9"),
            ("{}", "missing field `open` at line 1 column 2"),
            ("{\n\"open\": secret}", "not JSON at line 2, column 9"),
            (r#"{"open": true, "open": false}"#, "wrong at line 1, column 21"),
            (r#"["secret", 1]"#, "expected a boolean at line 1 column 9"),
        ] {
            let error = serde_json::from_str::<Sample>(text).unwrap_err();
            assert_eq!(reason(&error), expected, "{error}");
        }
    }
}
