//! The door of every route: who is it, did they mean it, may they use this place.

use super::store::{session_viewer, token_viewer};
use super::{Permission, Resource, Secret, Viewer};
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{About, PublicRead, Requests, Sharing};
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequestParts, RawPathParams, Request};
use axum::handler::Handler;
use axum::http::{HeaderMap, Method, header, request::Parts};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::convert::Infallible;
use std::future::ready;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::time::Instant;

/// A route as the router lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) permission: Permission,
}

/// The name of the session cookie.
pub(crate) const SESSION: &str = "heliograph_session";

/// A handler behind its door: whatever is asked of it, and whatever it answers, comes through here.
///
/// It is a handler itself and not a layer around one, because every layer is copied for each request.
#[derive(Clone)]
pub(crate) struct Door<H> {
    permission: Permission,
    sharing: Option<Sharing>,
    counter: &'static Requests,
    need: Need,
    handler: H,
}

impl<H> Door<H> {
    pub(crate) fn new(
        permission: Permission,
        sharing: Option<Sharing>,
        counter: &'static Requests,
        need: Need,
        handler: H,
    ) -> Self {
        Self { permission, sharing, counter, need, handler }
    }
}

/// What a door asks about the things that an address names (the values of its parts, decoded): whether
/// the viewer is let into them. Published things are not asked about.
pub(crate) type Need = fn(App, Permission, Viewer, Vec<String>) -> Asking;

/// A question on its way.
pub(crate) type Asking = Pin<Box<dyn Future<Output = Result<(), Refusal>> + Send>>;

impl<T, H: Handler<T, App, Future = Answering>> Handler<T, App> for Door<H> {
    type Future = Answering;

    fn call(self, mut request: Request, app: App) -> Answering {
        let Self { permission, sharing, counter, need, handler } = self;
        let (before, inside) = (Before::of(&app, sharing, &mut request), app.clone());
        let answer = match before.decided(permission, &request) {
            Some(decided) => Box::pin(ready(decided)),
            // Nothing waits here, so the request goes on as it is.
            None if before.is_open => handler.call(request, inside),
            None => {
                let next: Next = Box::new(move |request| handler.call(request, inside));
                let app = app.clone();
                Box::pin(async move {
                    let_in(&app, (permission, need), request, next)
                        .await
                        .unwrap_or_else(Refusal::into_response)
                })
            }
        };
        before.finish(app, counter, answer)
    }
}

/// An answer on its way.
type Answering = Pin<Box<dyn Future<Output = Response> + Send>>;

/// What lies behind the door.
type Next = Box<dyn FnOnce(Request) -> Answering + Send>;

/// What is known of a request at its door.
struct Before {
    began: Instant,
    about: About,
    read: Option<PublicRead>,
    /// At an open place nobody asks who it is, so that a request which another site caused can do no harm there.
    is_open: bool,
}

impl Before {
    fn of(app: &App, sharing: Option<Sharing>, request: &mut Request) -> Self {
        if !request.method().is_safe() {
            DefaultBodyLimit::max(crate::web::BODY_MAX).apply(request);
        }
        Self {
            began: Instant::now(),
            about: About::of(request),
            read: sharing.and_then(|sharing| PublicRead::of(app, sharing, request)),
            is_open: sharing.is_some_and(Sharing::is_open),
        }
    }

    /// What can be answered without asking anybody.
    fn decided(&self, permission: Permission, request: &Request) -> Option<Response> {
        if let Some(unchanged) = self.read.as_ref().and_then(PublicRead::unchanged) {
            return Some(unchanged);
        }
        let refused = match permission {
            Permission::Public if self.is_open => crate::web::readable(request.uri().query()).err(),
            // Who is not looked at may not be let into what is not public.
            _ if self.is_open => Some(Refusal::SignIn),
            _ => None,
        };
        refused.map(Refusal::into_response)
    }

    /// The answer as it goes out; and it is counted. It is no function that waits, for those copy what they are given.
    fn finish(self, app: App, counter: &'static Requests, answer: Answering) -> Answering {
        let Self { began, about, read, is_open } = self;
        let marked = async move {
            let mut response = answer.await;
            if read.is_some_and(|read| read.mark(&mut response)) {
                response = Box::pin(crate::web::pack(response)).await;
            }
            counter.answered(response.status(), began.elapsed());
            response
        };
        match is_open {
            true => Box::pin(async move { crate::web::answer_program(&app, about, marked.await) }),
            false => Box::pin(async move { crate::web::answer(&app, about, marked).await }),
        }
    }
}

/// Lets a request through to its handler, with its viewer, or refuses it.
async fn let_in(
    app: &App,
    (permission, need): (Permission, Need),
    mut request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    let viewer = viewer(app, request.method(), request.headers()).await?;
    crate::web::visited_by(&viewer);
    app.policies.check(&viewer, permission, &Resource::Centre)?;
    if permission != Permission::Public {
        let (mut parts, body) = request.into_parts();
        let named = named(&mut parts).await;
        if !named.is_empty() {
            need(app.clone(), permission, viewer.clone(), named).await?;
        }
        request = Request::from_parts(parts, body);
    }
    crate::web::readable(request.uri().query())?;
    // Nobody known needs no word: what comes without one is nobody's.
    if viewer != Viewer::Anonymous {
        request.extensions_mut().insert(viewer);
    }
    Ok(next(request).await)
}

/// The values of an address's parts. What is not UTF-8 names nothing, here as in the handler.
async fn named(parts: &mut Parts) -> Vec<String> {
    let params = RawPathParams::from_request_parts(parts, &()).await;
    params.map_or_else(|_| Vec::new(), |params| params.iter().map(|(_, value)| value.to_owned()).collect())
}

async fn viewer(app: &App, method: &Method, headers: &HeaderMap) -> Result<Viewer, Refusal> {
    let everyone = app.settings.second_factor_for_everyone;
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let text = value.to_str().unwrap_or_default();
        let token = text.strip_prefix("Bearer ").map(str::to_owned);
        // A calendar program can only send name and password. A browser sends those along with
        // requests that other sites caused, so they are good for looking and for nothing else.
        let token = token.or_else(|| basic_password(text).filter(|_| method.is_safe()));
        let secret = token.as_deref().and_then(Secret::parse).ok_or(Refusal::SignIn)?;
        let now = app.now();
        return app.read(move |tx| token_viewer(tx, &secret, now, everyone)).await;
    }
    // A browser sends cookies along with requests that other sites caused. Such a request may look
    // (the answer stays out of that site's reach) but must not change anything; nor may it sign
    // somebody in who has no session yet, as whom that site likes.
    if !method.is_safe() && !same_origin(headers) {
        return Err(Refusal::forbidden(
            "This request came from another site. Open the page here and try again.",
        ));
    }
    let Some(secret) = cookie(headers, SESSION).and_then(Secret::parse) else {
        return Ok(Viewer::Anonymous);
    };
    let now = app.now();
    app.read(move |tx| session_viewer(tx, &secret, now, everyone)).await
}

/// The password of `Basic` credentials (RFC 7617); the name does not matter.
fn basic_password(header: &str) -> Option<String> {
    let bytes = STANDARD.decode(header.strip_prefix("Basic ")?).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    text.split_once(':').map(|(_, password)| password.to_owned())
}

/// Whether a browser says that our own page sent this. Every browser of the last years sends
/// `Sec-Fetch-Site`; an older one sends `Origin` with a form. A program sends neither.
fn same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match (text("sec-fetch-site"), text("origin"), text("host")) {
        (Some(site), _, _) => site == "same-origin" || site == "none",
        (None, Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, from)| from == host),
        (None, Some(_), None) => false,
        (None, None, _) => true,
    }
}

/// The value of a cookie.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// A cookie that scripts cannot read and other sites cannot send; `None` removes it.
pub(crate) fn set_cookie(app: &App, name: &str, value: Option<&str>) -> String {
    let secure = if app.settings.base_url.starts_with("https://") { "; Secure" } else { "" };
    let life = if value.is_some() { "" } else { "; Max-Age=0" };
    format!("{name}={}; Path=/; HttpOnly; SameSite=Lax{secure}{life}", value.unwrap_or_default())
}

impl<S: Send + Sync> FromRequestParts<S> for Viewer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or(Self::Anonymous))
    }
}

/// Where a request came from, for limits on attempts: the address of the socket or, behind a proxy
/// that the operator trusts, the one that the proxy saw. Of IPv6 it is the network of 64 bits, which
/// one household has to itself.
pub(crate) struct Remote(pub(crate) String);

impl FromRequestParts<App> for Remote {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let Some(ConnectInfo(socket)) = parts.extensions.get::<ConnectInfo<SocketAddr>>() else {
            return Ok(Self("unknown".into()));
        };
        let proxies = &app.settings.proxies;
        let values = parts.headers.get_all(proxies.header()).iter();
        let values: Vec<&str> = values.filter_map(|value| value.to_str().ok()).collect();
        Ok(Self(match proxies.client(socket.ip(), &values) {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).to_string(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(k, v)| (k.parse().unwrap(), v.parse().unwrap())).collect::<HeaderMap>()
    }

    #[test]
    fn only_our_own_pages_may_change_things_with_a_cookie() {
        for (pairs, ok) in [
            (&[("sec-fetch-site", "same-origin")][..], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "cross-site"), ("origin", "http://a"), ("host", "a")], false),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("origin", "http://centre.example"), ("host", "centre.example")], true),
            (&[("origin", "http://evil.example"), ("host", "centre.example")], false),
            (&[("origin", "null"), ("host", "centre.example")], false),
            (&[], true),
        ] {
            assert_eq!(same_origin(&headers(pairs)), ok, "{pairs:?}");
        }
    }

    #[test]
    fn a_password_is_read_whatever_the_name() {
        // RFC 7617, section 2.
        assert_eq!(basic_password("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==").as_deref(), Some("open sesame"));
        for bad in [
            "Basic",
            "Basic ",
            "Basic QWxhZGRpbg==",
            "Basic \u{e4}",
            "Bearer QWxhZGRpbjpvcGVu",
            "Basic /////w==",
        ] {
            assert_eq!(basic_password(bad), None, "{bad}");
        }
    }

    #[test]
    fn cookies_are_found_among_others() {
        let headers = headers(&[("cookie", "a=1; heliograph_session=xyz; b=2")]);
        assert_eq!(cookie(&headers, SESSION), Some("xyz"));
        assert_eq!(cookie(&headers, "session"), None);
    }
}
