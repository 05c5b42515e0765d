//! What programs ask the catalogue, each interface in a file of its own.

pub(crate) mod atom;
pub(crate) mod bill;
pub(crate) mod dumps;
pub(crate) mod euvd;
pub(crate) mod exploited;
pub(crate) mod lookup;
pub(crate) mod nvd;
pub(crate) mod osv;
pub(crate) mod records;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use catalogue::Document;
use jiff::Timestamp;
use jiff::fmt::rfc2822::{DateTimeParser, DateTimePrinter};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// For how long an answer may be used without asking again.
const FRESH: HeaderValue = HeaderValue::from_static("public, max-age=60");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Whether the asker has what carries this tag. A tag that is asked for counts alone (RFC 9110, 13.2.2).
fn is_known(headers: &HeaderMap, tag: impl AsRef<[u8]>, modified: Option<Timestamp>) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    if let Some(known) = text(header::IF_NONE_MATCH) {
        let is_it = |one: &str| one.trim().trim_start_matches("W/").as_bytes() == tag.as_ref();
        return known == "*" || known.split(',').any(is_it);
    }
    let since =
        text(header::IF_MODIFIED_SINCE).and_then(|text| DateTimeParser::new().parse_timestamp(text).ok());
    // Dates in HTTP have whole seconds.
    matches!((since, modified), (Some(since), Some(modified)) if modified.as_second() <= since.as_second())
}

/// A date as HTTP writes it.
fn http_date(at: Timestamp) -> Option<String> {
    DateTimePrinter::new().timestamp_to_rfc9110_string(&at).ok()
}

/// Headers of an answer, those included that all answers have: room for them is made once.
const HEADERS: usize = 12;
/// The same of one that says that nothing changed.
const FEW_HEADERS: usize = 6;

/// What says how old an answer is, by its tag and date. What did not change is not described again (RFC 9110,
/// 15.4.5).
fn dated<T: AsRef<[u8]>>(
    mut response: Response,
    kind: HeaderValue,
    tag: impl AsRef<[u8]>,
    last_modified: Option<T>,
) -> Response {
    let is_new = response.status() != StatusCode::NOT_MODIFIED;
    let headers = response.headers_mut();
    headers.reserve(if is_new { HEADERS } else { FEW_HEADERS });
    headers.insert(header::CACHE_CONTROL, FRESH);
    if is_new {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    if let Ok(tag) = HeaderValue::from_bytes(tag.as_ref()) {
        headers.insert(header::ETAG, tag);
    }
    let last_modified = last_modified.filter(|_| is_new);
    if let Some(last_modified) = last_modified.and_then(|date| HeaderValue::from_bytes(date.as_ref()).ok()) {
        headers.insert(header::LAST_MODIFIED, last_modified);
    }
    response
}

/// What is sent from where it is held, for others may be given it, too.
struct Held<T>(Arc<T>);

impl<T: AsRef<[u8]>> AsRef<[u8]> for Held<T> {
    fn as_ref(&self) -> &[u8] {
        (*self.0).as_ref()
    }
}

/// A record in OSV's shape, sent only to those who do not have it.
fn osv_record(headers: &HeaderMap, found: Arc<Document>) -> Response {
    let (tag, last_modified) = (found.tag, found.last_modified);
    let response = match is_known(headers, tag, found.modified) {
        true => StatusCode::NOT_MODIFIED.into_response(),
        // Its headers are set below, all at once.
        false => Response::new(Bytes::from_owner(Held(found)).into()),
    };
    dated(response, JSON, tag, last_modified)
}

/// An answer that is sent only to those who do not have it.
fn answer(headers: &HeaderMap, kind: &'static str, body: Vec<u8>, modified: Option<Timestamp>) -> Response {
    let hash = Sha256::digest(&body);
    let tag: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{tag}\"");
    let response = match is_known(headers, &tag, modified) {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => Response::new(body.into()),
    };
    dated(response, HeaderValue::from_static(kind), tag, modified.and_then(http_date))
}
