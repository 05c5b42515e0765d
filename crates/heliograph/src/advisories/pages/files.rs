//! The published advisory in the formats that programs read, each by its one renderer.

use crate::advisories::store;
use crate::app::App;
use crate::refusal::Refusal;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use formats::{Advisory, Finding};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};
use vocabulary::CaseId;

/// `GET /advisories/{id}/csaf.json`: the advisory as CSAF 2.0.
pub(crate) async fn csaf(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    file(app, &id, &headers, formats::csaf::render).await
}

/// `GET /advisories/{id}/cve.json`: the advisory as a CVE record, where the centre writes one.
pub(crate) async fn cve(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    file(app, &id, &headers, cve_record).await
}

fn cve_record(advisory: &Advisory) -> Result<String, Vec<Finding>> {
    advisory.cves.first().map_or_else(|| Err(Vec::new()), |cve| formats::cve::render(advisory, cve))
}

/// The advisory in every format that can be written, by the names of the addresses where they are served.
pub(crate) fn documents(advisory: &Advisory) -> Vec<(&'static str, String)> {
    let all = [
        ("csaf.json", formats::csaf::render(advisory)),
        ("cve.json", cve_record(advisory)),
        ("osv.json", formats::osv::render(advisory)),
    ];
    all.into_iter().filter_map(|(name, text)| Some((name, text.ok()?))).collect()
}

/// `GET /advisories/{id}/osv.json`: the advisory as an OSV record.
pub(crate) async fn osv(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    file(app, &id, &headers, formats::osv::render).await
}

/// A rendered document, or word that the reader has it already. What no renderer can write is not
/// there.
async fn file(
    app: App,
    id: &str,
    asked: &HeaderMap,
    render: impl FnOnce(&Advisory) -> Result<String, Vec<Finding>>,
) -> Result<Response, Refusal> {
    let id: CaseId = id.parse().map_err(|_| Refusal::NotFound)?;
    let found = app.read(move |tx| store::published(tx, &id)).await?;
    let text = render(&found.advisory).map_err(|_| Refusal::NotFound)?;
    // Tagged by what is sent, so that a new version of a renderer counts as a change, too.
    let tag: String = Sha256::digest(&text).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{tag}\"");
    let changed = found.advisory.current_release;
    let fresh = is_fresh(asked, &tag, changed);
    let mut response = if fresh { StatusCode::NOT_MODIFIED.into_response() } else { text.into_response() };
    let kind = (!fresh).then_some((header::CONTENT_TYPE, "application/json".to_owned()));
    let fixed = [
        (header::ETAG, tag),
        (header::LAST_MODIFIED, http_date(changed)),
        (header::CACHE_CONTROL, "public, max-age=60".to_owned()),
    ];
    for (name, value) in fixed.into_iter().chain(kind) {
        let value = HeaderValue::from_str(&value).map_err(|error| Refusal::Internal(error.to_string()))?;
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}

/// Whether the reader's copy is still right (RFC 9110, 13.2.2: a tag outweighs a date).
fn is_fresh(asked: &HeaderMap, tag: &str, changed: Timestamp) -> bool {
    let text = |name| asked.get(name).and_then(|value| value.to_str().ok());
    if let Some(tags) = text(header::IF_NONE_MATCH) {
        let known = |one: &str| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag;
        return tags.split(',').map(str::trim).any(known);
    }
    let since = text(header::IF_MODIFIED_SINCE).and_then(|date| jiff::fmt::rfc2822::parse(date).ok());
    since.is_some_and(|since| since.timestamp().as_second() >= changed.as_second())
}

fn http_date(at: Timestamp) -> String {
    at.to_zoned_datetime(TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_who_has_it_is_told_so() {
        let changed: Timestamp = "2026-11-24T10:00:00.5Z".parse().unwrap();
        assert_eq!(http_date(changed), "Tue, 24 Nov 2026 10:00:00 GMT");
        for (name, value, fresh) in [
            ("if-none-match", "\"a\"", true),
            ("if-none-match", "W/\"a\", \"b\"", true),
            ("if-none-match", "\"b\"", false),
            ("if-none-match", "*", true),
            ("if-modified-since", "Tue, 24 Nov 2026 10:00:00 GMT", true),
            ("if-modified-since", "Tue, 24 Nov 2026 09:59:59 GMT", false),
            ("if-modified-since", "yesterday", false),
        ] {
            let asked = HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())]);
            assert_eq!(is_fresh(&asked, "\"a\"", changed), fresh, "{name}: {value}");
        }
        assert!(!is_fresh(&HeaderMap::new(), "\"a\"", changed));
    }
}
