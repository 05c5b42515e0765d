//! What may go to whom besides to who asked.

use super::Centre;
use super::fixtures::{cve, now, osv};
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use std::io::Read;
use tower::ServiceExt;

/// A browser's request from a page of another site.
fn elsewhere(method: &Method, path: &str, body: &str) -> Request<Body> {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::ORIGIN, "https://tool.example")
        .header("sec-fetch-site", "cross-site")
        .header(header::COOKIE, "heliograph_session=x");
    if method == Method::OPTIONS {
        request = request
            .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
            .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "content-type");
    } else {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    request.body(Body::from(body.to_owned())).unwrap()
}

/// Fetch, "CORS-preflight fetch" and "CORS protocol and credentials": a page of another site may ask what everybody
/// may read, and nothing of it is somebody's own.
#[tokio::test]
async fn a_tool_in_a_browser_on_another_site_may_ask_about_packages() {
    let centre = Centre::with(&[osv("PYSEC-2024-1", "django", "3.2.4", "2024-05-05")]);
    let query = r#"{"package": {"name": "django", "ecosystem": "PyPI"}, "version": "1.0"}"#;
    for (path, body) in
        [("/v1/query", query.to_owned()), ("/v1/querybatch", format!("{{\"queries\": [{query}]}}"))]
    {
        let (status, headers, _) = centre.ask(elsewhere(&Method::OPTIONS, path, "")).await;
        assert_eq!(status, StatusCode::NO_CONTENT, "{path}");
        for (name, value) in [
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            (header::ACCESS_CONTROL_ALLOW_METHODS, "POST"),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, "*"),
            (header::ALLOW, "POST, OPTIONS"),
        ] {
            assert_eq!(headers[&name], value, "{path}: {name}");
        }
        let (status, headers, body) = centre.ask(elsewhere(&Method::POST, path, &body)).await;
        assert!(status == StatusCode::OK && body.contains("PYSEC-2024-1"), "{path}: {status} {body}");
        assert_eq!(headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*", "{path}");
    }
    let (status, headers, _) = centre.ask(elsewhere(&Method::OPTIONS, "/v1/vulns/PYSEC-2024-1", "")).await;
    assert_eq!(
        (status, headers[header::ALLOW].as_bytes()),
        (StatusCode::NO_CONTENT, &b"GET, HEAD, OPTIONS"[..])
    );
}

/// The same: whatever other sites may not read, they may not ask for either.
#[tokio::test]
async fn other_sites_may_ask_exactly_what_they_may_read() {
    let centre = Centre::with(&[cve("CVE-2024-1")]);
    let (router, routes) = crate::router::routes(&centre.app);
    let ask = async |request: Request<Body>| {
        let response = router.clone().oneshot(request).await.unwrap();
        (response.status(), response.headers().clone())
    };
    let mut open = 0;
    for route in routes {
        let parts = route.path.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
        let place = parts.collect::<Vec<_>>().join("/");
        let method: Method = route.method.parse().unwrap();
        let (_, answered) = ask(elsewhere(&method, &place, "{}")).await;
        let (status, told) = ask(elsewhere(&Method::OPTIONS, &place, "")).await;
        let is_open = answered.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN);
        open += usize::from(is_open);
        let expected = if is_open { StatusCode::NO_CONTENT } else { StatusCode::METHOD_NOT_ALLOWED };
        assert_eq!(status, expected, "{} {place}", route.method);
        assert_eq!(told.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN), is_open, "{place}");
        for headers in [&answered, &told] {
            assert!(!headers.contains_key(header::ACCESS_CONTROL_ALLOW_CREDENTIALS), "{place}");
        }
    }
    assert_eq!(open, 72, "a place that is open to other sites, or no longer, is meant to be");
    let (status, ..) = centre.ask(elsewhere(&Method::POST, "/api/v1/sbom", "{}")).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "what another site caused is refused elsewhere");
}

/// Fetch, "HTTP fetch": a redirect to another place has to allow the page that asked, too.
#[tokio::test]
async fn a_slash_too_many_leads_on_from_another_site() {
    let centre = Centre::with(&[cve("CVE-2024-1")]);
    let (status, headers, _) =
        centre.ask(elsewhere(&Method::GET, "/api/vulnerability/CVE-2024-1/", "")).await;
    assert_eq!(status, StatusCode::PERMANENT_REDIRECT);
    assert_eq!(headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*");
}

/// The places of pages that the catalogue decides.
const PAGES: [&str; 10] = [
    "/",
    "/?q=flaw",
    "/search/help",
    "/v/CVE-2024-1",
    "/v/CVE-2024-1/history",
    "/vendors",
    "/vendors/acme",
    "/vendors/acme/router",
    "/affected?vendor=acme&product=router&version=1.5",
    "/trends",
];

/// RFC 9110, 8.8.3 and 13.1.2: a page that the state of the database decides says so, and is not made again for those
/// who have it; with the hour, because what it tells counts back from now.
#[tokio::test]
async fn a_page_of_the_database_is_not_sent_again_to_those_who_have_it() {
    let centre = Centre::with(&[cve("CVE-2024-1"), osv("PYSEC-2024-1", "django", "3.2.4", "2024-05-05")]);
    let ask = async |path: &str, tag: &str| {
        centre.ask(Request::get(path).header(header::IF_NONE_MATCH, tag).body(Body::empty()).unwrap()).await
    };
    let mut tags = Vec::new();
    for path in PAGES {
        let (status, headers, body) = centre.get(path).await;
        assert!(status == StatusCode::OK && body.contains("</html>"), "{path}");
        assert_eq!(headers[header::CACHE_CONTROL], "public, no-cache", "{path}");
        assert_eq!(headers[header::VARY], "accept-encoding, authorization, cookie", "{path}");
        let tag = headers[header::ETAG].to_str().unwrap().to_owned();
        assert!(tag.starts_with("W/"), "{path}: {tag}");
        let (status, headers, body) = ask(path, &tag).await;
        assert_eq!((status, body.as_str()), (StatusCode::NOT_MODIFIED, ""), "{path}");
        assert_eq!(headers[header::ETAG], tag.as_str(), "{path}");
        tags.push((path, tag));
    }
    let more = centre.folder.file("more.json", cve("CVE-2024-2"));
    assert_eq!(super::fixtures::import(&centre.app.catalogue, &[more]).bad, []);
    for (path, tag) in &mut tags {
        let (status, headers, _) = ask(path, tag).await;
        assert_eq!(status, StatusCode::OK, "{path} after an import");
        *tag = headers[header::ETAG].to_str().unwrap().to_owned();
    }
    centre.app.clock.set(now() + jiff::SignedDuration::from_hours(1));
    for (path, tag) in &tags {
        assert_eq!(ask(path, tag).await.0, StatusCode::OK, "{path} an hour later");
    }
    for path in ["/v/CVE-1999-1", "/vendors/nobody", "/report", "/login", "/advisories"] {
        let (_, headers, _) = centre.get(path).await;
        assert_eq!(headers[header::CACHE_CONTROL], "no-store", "{path}");
        assert!(!headers.contains_key(header::ETAG), "{path}");
    }
}

/// RFC 9110, 13.2.1: a condition counts only where the answer without it would be a 200, whatever other page of the same
/// state the asker has.
#[tokio::test]
async fn a_tag_of_another_page_is_no_answer_where_there_is_none() {
    let centre = Centre::with(&[cve("CVE-2024-1")]);
    let places = ["/", "/v/CVE-2024-1", "/api/vulnerability/last", "/api/v1/records"];
    let mut tags = Vec::new();
    for place in places {
        tags.push(centre.get(place).await.1[header::ETAG].to_str().unwrap().to_owned());
    }
    let all = tags.join(", ");
    for place in [
        "/v/CVE-1999-1",
        "/vendors/nobody",
        "/?q=cvss%3E%3Dhigh",
        "/?q=%ff",
        "/?page=x",
        "/api/v1/records?foo=1",
        "/api/vulnerability/CVE-1999-1",
        "/api/search?fromDate=never",
        "/rest/json/cves/2.0?hasNothing",
        "/rest/json/cves/2.0?cveId=%ff",
        "/api/user",
        "/vendors",
    ] {
        let (status, ..) = centre.get(place).await;
        let request = Request::get(place).header(header::IF_NONE_MATCH, &all).body(Body::empty()).unwrap();
        assert_eq!(centre.ask(request).await.0, status, "{place}");
        assert_eq!(status == StatusCode::OK, place == "/vendors", "{place}: {status}");
    }
    for (place, tag) in places.iter().zip(&tags) {
        let request = Request::get(*place).header(header::IF_NONE_MATCH, tag).body(Body::empty()).unwrap();
        assert_eq!(centre.ask(request).await.0, StatusCode::NOT_MODIFIED, "{place}");
    }
}

/// RFC 9111, 3 and 5.2.2.5: what one person may see must not lie in a cache that another reads.
#[tokio::test]
async fn whoever_has_a_session_gets_a_page_for_themselves_alone() {
    let centre = Centre::with(&[cve("CVE-2024-1")]);
    let tag = centre.get("/v/CVE-2024-1").await.1[header::ETAG].clone();
    let request = Request::get("/v/CVE-2024-1")
        .header(header::COOKIE, "heliograph_session=x")
        .header(header::IF_NONE_MATCH, tag)
        .header(header::ACCEPT_ENCODING, "gzip");
    let (status, headers, body) = centre.ask(request.body(Body::empty()).unwrap()).await;
    assert!(status == StatusCode::OK && body.contains("CVE-2024-1"), "{status}");
    assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    for absent in [header::ETAG, header::CONTENT_ENCODING] {
        assert!(!headers.contains_key(&absent), "{absent}");
    }
}

/// A text that does not fit into the first flight of a connection.
fn long() -> String {
    osv("PYSEC-2024-1", "django", "3.2.4", "2024-05-05").replace("Long.", &"Long and boring. ".repeat(2_000))
}

async fn packed(
    centre: &Centre,
    path: &str,
    more: &[(header::HeaderName, &str)],
) -> (StatusCode, HeaderMap, Vec<u8>) {
    let mut request = Request::get(path).header(header::ACCEPT_ENCODING, "gzip, br");
    for (name, value) in more {
        request = request.header(name, *value);
    }
    centre.bytes(request.body(Body::empty()).unwrap()).await
}

/// CSP3, 6: an answer says what a browser may do with it. For a program's nothing is run, framed or guessed; a page, also
/// one that refuses a program's place, runs what comes from here; nothing that was refused may be kept.
#[tokio::test]
async fn every_answer_says_what_a_browser_may_do_with_it() {
    let centre = Centre::with(&[cve("CVE-2024-1")]);
    let (page, program) = ("script-src 'self'", "default-src 'none'; form-action 'none'");
    for (path, status, policy, kept) in [
        ("/v/CVE-2024-1", 200, page, "public, no-cache"),
        ("/v1/vulns/CVE-2024-1", 200, program, "public, max-age=60"),
        ("/v1/vulns/CVE-1999-1", 404, program, "no-store"),
        ("/rest/json/cves/2.0?wrong=1", 404, program, "no-store"),
        ("/advisories/HEL-1999-0001/csaf.json", 404, page, "no-store"),
        ("/nowhere", 404, page, "no-store"),
        ("/login", 200, page, "no-store"),
    ] {
        let (found, headers, _) = centre.get(path).await;
        let text = |name: &str| headers.get(name).map_or("", |value| value.to_str().unwrap());
        assert_eq!((found.as_u16(), text("cache-control")), (status, kept), "{path}");
        assert!(text("content-security-policy").contains(policy), "{path}: {headers:?}");
        assert_eq!(text("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(!text("cross-origin-opener-policy").is_empty(), policy == page, "{path}");
    }
}

/// RFC 9110, 8.4, 8.8.1 and 12.5.5: a packed answer is another row of bytes under a tag of its own, and caches know
/// what it depends on.
#[tokio::test]
async fn long_answers_go_packed_to_those_who_read_that() {
    let centre = Centre::with(&[long(), cve("CVE-2024-1")]);
    for path in [
        "/v1/vulns/PYSEC-2024-1",
        "/v/PYSEC-2024-1",
        "/api/vulnerability/last",
        "/osv/PyPI/PYSEC-2024-1.json",
    ] {
        let (_, plain, text) = centre.get(path).await;
        assert!(!plain.contains_key(header::CONTENT_ENCODING), "{path}");
        let (status, headers, body) = packed(&centre, path, &[]).await;
        assert_eq!(
            (status, headers[header::CONTENT_ENCODING].as_bytes()),
            (StatusCode::OK, &b"gzip"[..]),
            "{path}"
        );
        let mut unpacked = String::new();
        flate2::read::GzDecoder::new(&*body).read_to_string(&mut unpacked).unwrap();
        assert!(unpacked == text && body.len() < text.len() / 4, "{path}: {}", body.len());
        for headers in [&plain, &headers] {
            assert!(headers[header::VARY].to_str().unwrap().starts_with("accept-encoding"), "{path}");
        }
        let tag = headers[header::ETAG].to_str().unwrap();
        assert!(
            tag.starts_with("W/")
                && tag.ends_with(plain[header::ETAG].to_str().unwrap().trim_start_matches("W/"))
        );
        let (status, again, _) = packed(&centre, path, &[(header::IF_NONE_MATCH, tag)]).await;
        assert_eq!(
            (status, &again[header::ETAG]),
            (StatusCode::NOT_MODIFIED, &headers[header::ETAG]),
            "{path}"
        );
        assert_eq!(again[header::VARY], headers[header::VARY], "{path}");
    }
    for small in ["/v1/vulns/CVE-2024-1", "/search/help", "/v1/vulns/CVE-1999-1"] {
        assert!(!packed(&centre, small, &[]).await.1.contains_key(header::CONTENT_ENCODING), "{small}");
    }
}

/// BREACH, CVE-2013-3587: nothing is packed that may hold a secret beside a stranger's text. RFC 9110, 14.2: of a file
/// parts can be asked for, so it goes as it lies there.
#[tokio::test]
async fn what_is_somebodys_own_and_what_is_a_file_is_not_packed() {
    let centre = Centre::with(&[long()]);
    let place = "/v/PYSEC-2024-1";
    for mine in [(header::COOKIE, "a=b; heliograph_session=x"), (header::AUTHORIZATION, "Bearer x")] {
        let (_, headers, _) = packed(&centre, place, &[mine]).await;
        assert!(!headers.contains_key(header::CONTENT_ENCODING));
    }
    let bill = format!(
        r#"{{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{}]}}"#,
        vec![
            r#"{"type": "library", "name": "django", "version": "1.0", "purl": "pkg:pypi/django@1.0"}"#;
            200
        ]
        .join(",")
    );
    let request =
        Request::post("/api/v1/sbom").header(header::ACCEPT_ENCODING, "gzip").body(Body::from(bill)).unwrap();
    let (status, headers, body) = centre.ask(request).await;
    assert!(status == StatusCode::OK && body.len() > 20_000, "{status}: {}", body.len());
    assert!(!headers.contains_key(header::CONTENT_ENCODING));
    let (status, headers, _) = packed(&centre, "/osv/all.zip", &[]).await;
    assert!(status == StatusCode::OK && headers.contains_key(header::ACCEPT_RANGES));
    assert!(!headers.contains_key(header::CONTENT_ENCODING) && !headers.contains_key(header::VARY));
}
