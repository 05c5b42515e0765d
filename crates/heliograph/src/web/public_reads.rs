//! What is public and the same for many: it says of which state it is, so that whoever has it asks again at the
//! price of a look (RFC 9110, 8.8 and 13.1.2); tools in browsers on other sites may read what is meant for programs.

use super::packed;
use crate::access::{SESSION, cookie};
use crate::app::App;
use crate::settings::Settings;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use std::hash::{DefaultHasher, Hash, Hasher};

/// To whom the answers of a route may go, besides to who asked. Where the router says nothing, to nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sharing {
    /// To whoever has no session; those who have one are answered for themselves alone.
    Page,
    /// To the same; and the state of the catalogue decides the answer.
    CataloguePage,
    /// To everybody alike, with a session or without.
    Asset,
    /// To everybody's programs alike, those in browsers on other sites among them.
    Open,
    /// To the same; and the state of the catalogue decides the answer.
    OpenCatalogue,
}

impl Sharing {
    /// Whether programs in browsers on other sites may ask. Who asks is not looked at there.
    pub(crate) fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::OpenCatalogue)
    }

    /// Whether those who have a session get something else.
    fn is_page(self) -> bool {
        matches!(self, Self::Page | Self::CataloguePage)
    }

    fn follows_catalogue(self) -> bool {
        matches!(self, Self::CataloguePage | Self::OpenCatalogue)
    }
}

/// Kept, and asked for again before each use: a record may come in at any time.
const ASKED_AGAIN: HeaderValue = HeaderValue::from_static("public, no-cache");
/// The wildcard never counts for a request with credentials (Fetch, "CORS protocol and credentials").
const EVERY_SITE: HeaderValue = HeaderValue::from_static("*");

/// A request for what is public, by somebody who is not looked at or has no session.
pub(crate) struct PublicRead {
    sharing: Sharing,
    /// That of the answer, where the state of the catalogue decides it.
    tag: Option<HeaderValue>,
    /// The asker has it.
    is_known: bool,
    /// The tags that the asker has, if it reads packed answers.
    packed: Option<Option<HeaderValue>>,
}

impl PublicRead {
    /// What a request reads at a place that is shared so; none for a page that somebody with a session asks for.
    pub(crate) fn of(app: &App, sharing: Sharing, request: &Request) -> Option<Self> {
        let headers = request.headers();
        let has_session =
            || headers.contains_key(header::AUTHORIZATION) || cookie(headers, SESSION).is_some();
        if sharing.is_page() && has_session() {
            return None;
        }
        let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
        let tag = if is_read && sharing.follows_catalogue() { tag(app, request.uri()) } else { None };
        let is_known = tag.as_ref().is_some_and(|tag| names(headers, tag));
        let packed = packed::is_read(headers).then(|| headers.get(header::IF_NONE_MATCH).cloned());
        Some(Self { sharing, tag, is_known, packed })
    }

    /// The answer to those who have it. It is given before anybody looks, and only where that would come to a 200 (RFC
    /// 9110, 13.2.1): what was refused carries no tag, and no other address has the same.
    pub(crate) fn unchanged(&self) -> Option<Response> {
        self.is_known.then(|| StatusCode::NOT_MODIFIED.into_response())
    }

    /// Marks the answer, and says whether it is packed then. What was refused has no state.
    pub(crate) fn mark(self, response: &mut Response) -> bool {
        let status = response.status();
        let headers = response.headers_mut();
        if self.sharing.is_open() {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, EVERY_SITE);
        }
        if !matches!(status, StatusCode::OK | StatusCode::NOT_MODIFIED) {
            return false;
        }
        if let Some(tag) = self.tag.filter(|_| !headers.contains_key(header::ETAG)) {
            headers.insert(header::ETAG, tag);
            headers.insert(header::CACHE_CONTROL, ASKED_AGAIN);
            headers.insert(header::VARY, varies(self.sharing));
        }
        match status {
            StatusCode::OK if packed::is_worth_it(response) => {
                response.headers_mut().insert(header::VARY, varies(self.sharing));
                self.packed.is_some()
            }
            StatusCode::NOT_MODIFIED => {
                if let Some(known) = self.packed.flatten() {
                    packed::of_packed(response.headers_mut(), &known);
                }
                false
            }
            _ => false,
        }
    }
}

/// What an answer depends on, for caches on its way.
fn varies(sharing: Sharing) -> HeaderValue {
    HeaderValue::from_static(match sharing.is_page() {
        true => "accept-encoding, authorization, cookie",
        false => "accept-encoding",
    })
}

/// The answer to a browser that asks whether a page of another site may ask with this method (Fetch,
/// "CORS-preflight request"). Any header may come along; the wildcard does not stand for `Authorization`.
pub(crate) fn preflight(method: &'static str) -> Response {
    let (methods, allow) = match method {
        "GET" => ("GET, HEAD", "GET, HEAD, OPTIONS"),
        _ => (method, "POST, OPTIONS"),
    };
    let headers = [
        (header::ALLOW, allow),
        (header::ACCESS_CONTROL_ALLOW_METHODS, methods),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "*"),
        (header::ACCESS_CONTROL_MAX_AGE, "86400"),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// Weak, because an answer may carry the moment at which it was made. A search knows ages, and a page says how long
/// ago something was: these count back from now, so it is asked again each hour. Settings show on pages, and what
/// another address has says nothing of this one.
fn tag(app: &App, asked: &Uri) -> Option<HeaderValue> {
    let edition = app.catalogue.edition().ok()?;
    let hour = app.now().as_second() / 3_600;
    let mut here = DefaultHasher::new();
    (app.made, asked.path(), asked.query()).hash(&mut here);
    HeaderValue::try_from(format!("W/\"{edition}-{hour:x}-{:x}\"", here.finish())).ok()
}

/// What shows on every page and changes with the program and its settings alone.
pub(crate) fn made(settings: &Settings) -> u64 {
    let mut made = DefaultHasher::new();
    let style = &*super::assets::STYLE_NAME;
    (env!("CARGO_PKG_VERSION"), &settings.name, &settings.base_url, &settings.zone, style).hash(&mut made);
    made.finish()
}

/// Whether the asker has what carries this tag. `*` stands for anything that is there, which is not known yet.
fn names(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let bare = |text: &'_ str| text.trim().trim_start_matches("W/").to_owned();
    let (Ok(tag), Some(known)) = (tag.to_str(), headers.get(header::IF_NONE_MATCH)) else { return false };
    known.to_str().is_ok_and(|known| known.split(',').any(|one| bare(one) == bare(tag)))
}
