//! What programs read of the public database: it says of which state it is, so that whoever has it asks again at
//! the price of a look (RFC 9110, 8.8 and 13.1.2), and tools in browsers on other sites may read it.

use crate::app::App;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Places that answer everybody alike; tags of their own have those of files and single records.
const OPEN: [&str; 7] =
    ["/v1/", "/rest/json/", "/osv/", "/feeds/json/", "/feeds/known_exploited", "/feeds/search.", "/search."];
/// Kept, and asked for again before each use: a record may come in at any time.
const ASKED_AGAIN: HeaderValue = HeaderValue::from_static("public, no-cache");

/// A request for what is public, without a look at who asks.
pub(crate) struct PublicRead {
    /// That of the answer, where the state of the catalogue decides it.
    tag: Option<HeaderValue>,
    /// The asker has it.
    is_known: bool,
}

impl PublicRead {
    /// What a request reads, if it is such a read.
    pub(crate) fn of(app: &App, request: &Request) -> Option<Self> {
        let path = request.uri().path();
        let is_list = path.starts_with("/rest/json/") || is_of_the_database(path);
        if !is_list && !OPEN.iter().any(|place| path.starts_with(place)) {
            return None;
        }
        let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
        // Whether the store answers is asked of the store.
        let tag = (is_list && is_read && !path.starts_with("/api/system/")).then(|| tag(app, path)).flatten();
        let is_known = tag.as_ref().is_some_and(|tag| names(request.headers(), tag));
        Some(Self { tag, is_known })
    }

    /// The answer to those who have it.
    pub(crate) fn unchanged(&self) -> Option<Response> {
        self.is_known.then(|| StatusCode::NOT_MODIFIED.into_response())
    }

    /// Marks the answer. What was refused has no state.
    pub(crate) fn mark(self, response: &mut Response) {
        let status = response.status();
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        let is_answer = matches!(status, StatusCode::OK | StatusCode::NOT_MODIFIED);
        if let Some(tag) = self.tag.filter(|_| is_answer && !headers.contains_key(header::ETAG)) {
            headers.insert(header::ETAG, tag);
            headers.insert(header::CACHE_CONTROL, ASKED_AGAIN);
        }
    }
}

/// The places of vulnerability-lookup and EUVD, and our own search.
fn is_of_the_database(path: &str) -> bool {
    path == "/api/v1/records" || (path.starts_with("/api/") && !path.starts_with("/api/v1/"))
}

/// Weak, because an answer may carry the moment at which it was made. Our own search knows ages, which count
/// back from now, so it is asked again each hour; what has a date in the future comes up with its day.
fn tag(app: &App, path: &str) -> Option<HeaderValue> {
    let edition = app.catalogue.edition().ok()?;
    let seconds = if path == "/api/v1/records" { 3_600 } else { 86_400 };
    let age = app.now().as_second() / seconds;
    HeaderValue::try_from(format!("W/\"{}-{edition}-{age:x}\"", env!("CARGO_PKG_VERSION"))).ok()
}

/// Whether the asker has what carries this tag. `*` stands for anything that is there, which is not known yet.
fn names(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let bare = |text: &'_ str| text.trim().trim_start_matches("W/").to_owned();
    let (Ok(tag), Some(known)) = (tag.to_str(), headers.get(header::IF_NONE_MATCH)) else { return false };
    known.to_str().is_ok_and(|known| known.split(',').any(|one| bare(one) == bare(tag)))
}
