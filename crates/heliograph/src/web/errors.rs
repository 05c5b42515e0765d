//! Refusals as answers: a page for people, `problem+json` (RFC 9457) for programs.

use super::again;
use super::encoded::encoded_place;
use super::layout::page;
use super::problems::Problem;
use super::visit::{Visit, ended, visit};
use crate::access::Viewer;
use crate::app::App;
use crate::refusal::Refusal;
use axum::Json;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;

impl Refusal {
    /// The status that a program sees.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::SecondFactor | Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::Invalid { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Changed(_) => StatusCode::PRECONDITION_FAILED,
            Self::Unconditional(_) => StatusCode::PRECONDITION_REQUIRED,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::NotYet(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The answer to a program.
    pub(crate) fn problem(&self) -> Response {
        let kind = self.kind();
        let problem = Problem {
            kind: kind.address(),
            title: kind.title,
            status: self.status().as_u16(),
            detail: self.to_string(),
            field: match self {
                Self::Invalid { field, .. } => Some(field.to_string()),
                _ => None,
            },
        };
        let mut response = (self.status(), Json(problem)).into_response();
        let media = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, media);
        if *self == Self::SignIn {
            let scheme = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
        }
        self.retry_after(&mut response);
        response
    }

    fn retry_after(&self, response: &mut Response) {
        let seconds = match self {
            Self::TooMany { seconds, .. } => *seconds,
            Self::NotYet(_) => 1,
            _ => return,
        };
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
}

/// A refusal travels as an extension of an empty response: only the outermost layer knows whether
/// a person or a program asked.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// What is known of a request once its handler has it.
pub(crate) struct About {
    address: Uri,
    /// Boxed, as what follows, because nearly all who ask often have neither, and it is moved with each request.
    from: Option<Box<Sender>>,
    /// Its method and the route's pattern, where they are written down. Not its address: that can hold an invitation
    /// or a name.
    noted: Option<Box<(Method, Option<MatchedPath>)>>,
}

impl About {
    pub(crate) fn of(request: &Request) -> Self {
        let noted = || Box::new((request.method().clone(), request.extensions().get().cloned()));
        Self {
            address: request.uri().clone(),
            from: Sender::of(request).map(Box::new),
            noted: tracing::enabled!(tracing::Level::DEBUG).then(noted),
        }
    }
}

/// Around every answer for people: turns refusals into pages or problems, and sets the headers that all have.
pub(crate) async fn answer(app: &App, about: About, next: impl Future<Output = Response>) -> Response {
    let (mut response, refused_in) = visit(about.address.clone(), async {
        let mut response = next.await;
        let refusal = refusal_in(&mut response);
        (response, refusal.map(|refusal| Box::new((refusal, ended()))))
    })
    .await;
    if let Some((refusal, visit)) = refused_in.map(|refused| *refused) {
        response = refused(app, about.from.as_deref(), visit, &refusal, &response);
    }
    sent(about, response, &FIXED)
}

/// Around every answer that is for programs alone: no page is drawn on the way, unless it is refused.
pub(crate) fn answer_program(app: &App, about: About, mut response: Response) -> Response {
    match refusal_in(&mut response) {
        None => sent(about, response, &FIXED_FOR_PROGRAMS),
        Some(refusal) => {
            let visit = Visit { address: about.address.clone(), ..Visit::default() };
            let response = refused(app, about.from.as_deref(), visit, &refusal, &response);
            sent(about, response, &FIXED)
        }
    }
}

/// The answer as it goes out.
fn sent(about: About, mut response: Response, fixed: &[(HeaderName, HeaderValue)]) -> Response {
    if let Some((method, route)) = about.noted.map(|noted| *noted) {
        let route = route.as_ref().map_or("", MatchedPath::as_str);
        tracing::debug!(%method, %route, status = response.status().as_u16(), "request");
    }
    // Whoever has an answer that did not change has its headers.
    if response.status() != StatusCode::NOT_MODIFIED {
        set_headers(response.headers_mut(), fixed);
    }
    response
}

/// A refusal as an answer to whoever asked.
fn refused(
    app: &App,
    from: Option<&Sender>,
    visit: Visit,
    refusal: &Refusal,
    response: &Response,
) -> Response {
    if let Refusal::Internal(reason) = refusal {
        tracing::error!(%reason, "a request failed");
    }
    let mut answer = match visit.address.path() {
        // `determineversion` takes hashes of the files of every version, `importfindings` what OSV thinks of its
        // sources: neither is here. With 501 OSV's clients would ask again, as after all from 500 on.
        path if path.starts_with("/v1experimental/") && *refusal == Refusal::NotFound => {
            let message = "Nothing experimental of OSV's interface is served here: no version is known by the hashes \
                of its files. POST /v1/query takes a package, a repository with a tag, or a commit.";
            (StatusCode::NOT_FOUND, Json(serde_json::json!({ "code": 12, "message": message })))
                .into_response()
        }
        path if path.starts_with("/v1/") || path.starts_with("/v1experimental/") => {
            // The shape that OSV clients read (gRPC gateway): a code and a message.
            // google.rpc.Code: NOT_FOUND, UNIMPLEMENTED for another method.
            let code = if *refusal == Refusal::WrongMethod { 12 } else { 5 };
            let body = serde_json::json!({ "code": code, "message": refusal.to_string() });
            (refusal.status(), Json(body)).into_response()
        }
        path if path.starts_with("/feeds/") && *refusal == Refusal::SignIn => {
            // A calendar program asks its user for a name and a password when it hears this.
            let ask = [(header::WWW_AUTHENTICATE, "Basic realm=\"Heliograph: any name, and a token\"")];
            (refusal.status(), ask, refusal.to_string()).into_response()
        }
        // NVD's: nothing but a header.
        path if path.starts_with("/rest/json/") => {
            (refusal.status(), [("message", refusal.to_string())]).into_response()
        }
        path if path.starts_with("/api/v1/") || path.starts_with("/log/") => refusal.problem(),
        // The shape that clients of vulnerability-lookup read.
        path if path.starts_with("/api/") => {
            (refusal.status(), Json(serde_json::json!({ "message": refusal.to_string() }))).into_response()
        }
        // A search that cannot be read, asked for as a file; all else looks as if nothing were there.
        path if is_file(path) && matches!(refusal, Refusal::Invalid { .. }) => refusal.problem(),
        _ => refusal_page(app, from.and_then(Sender::place), visit, refusal),
    };
    for name in [header::ALLOW, header::ACCESS_CONTROL_ALLOW_ORIGIN] {
        let kept = response.headers().get(&name).cloned();
        answer.headers_mut().extend(kept.map(|value| (name, value)));
    }
    answer
}

/// What every answer carries: nothing is framed, guessed, leaked to other sites, or run but our own.
const FIXED: [(HeaderName, HeaderValue); 4] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
            connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        ),
    ),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
];

/// What answers to programs carry, that somebody may open in a browser as well: nothing in them is run or framed.
const FIXED_FOR_PROGRAMS: [(HeaderName, HeaderValue); 2] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
        ),
    ),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
];

/// Whether hits of a search are asked for as a file.
fn is_file(path: &str) -> bool {
    ["/search.csv", "/search.json", "/feeds/search.atom"].contains(&path)
}

/// A refusal for people.
fn refusal_page(app: &App, from: Option<String>, visit: Visit, refusal: &Refusal) -> Response {
    let place = visit.address.path_and_query().map(ToString::to_string).unwrap_or_default();
    if *refusal == Refusal::SignIn {
        return Redirect::to(&format!("/login?next={}", encoded_place(&place))).into_response();
    }
    if *refusal == Refusal::SecondFactor {
        return Redirect::to("/account/second-factor").into_response();
    }
    let viewer = visit.viewer.unwrap_or(Viewer::Anonymous);
    let again = match visit.fields {
        Some(fields) => Some(again::draw(&place, &fields, refusal)),
        None => again::mended(&visit.address, refusal),
    };
    let title = refusal.kind().title;
    let body = html! {
        h1 { (title) }
        p { (refusal) }
        @if let Some(again) = again { (again) }
        @if let Some(from) = from { p { a href=(from) { "Back to where you were" } } }
        p { a href="/" { "To the start page" } }
    };
    let mut page = (refusal.status(), page(app, &viewer, title, body)).into_response();
    refusal.retry_after(&mut page);
    page
}

/// The page from which a request says that it came. Programs say nothing of the kind.
struct Sender {
    page: HeaderValue,
    host: Option<HeaderValue>,
}

impl Sender {
    fn of(request: &Request) -> Option<Self> {
        let page = request.headers().get(header::REFERER)?.clone();
        Some(Self { page, host: request.headers().get(header::HOST).cloned() })
    }

    /// The page of ours from which a request came: its path alone, so that it leads nowhere else.
    fn place(&self) -> Option<String> {
        let uri: Uri = self.page.to_str().ok()?.parse().ok()?;
        let host = self.host.as_ref().and_then(|host| host.to_str().ok());
        let ours = uri.host().is_some() && uri.authority().map(|from| from.as_str()) == host;
        let path = uri.path_and_query()?.as_str();
        (ours && path.starts_with('/') && !path.starts_with("//")).then(|| path.to_owned())
    }
}

/// The refusal that a response carries, or stands for: an address that the framework could not read.
fn refusal_in(response: &mut Response) -> Option<Refusal> {
    let is_plain = |headers: &HeaderMap| {
        headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/plain; charset=utf-8")
    };
    let of_framework = (response.status() == StatusCode::BAD_REQUEST && is_plain(response.headers()))
        .then(|| Refusal::invalid("address", "This address cannot be read."));
    response.extensions_mut().remove().or(of_framework)
}

fn set_headers(headers: &mut HeaderMap, fixed: &[(HeaderName, HeaderValue)]) {
    for (name, value) in fixed {
        headers.insert(name, value.clone());
    }
    // What one person may see must not lie in a cache that another reads.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}
