//! The years of NVD's feed files.

use super::Centre;
use super::fixtures::{cve, osv};
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use std::io::Read;
use tower::ServiceExt;

async fn ids(centre: &Centre, year: i16) -> Vec<String> {
    let (router, _) = crate::router::routes(&centre.app);
    let path = format!("/feeds/json/cve/2.0/nvdcve-2.0-{year}.json.gz");
    let response = router.oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
    let packed = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed.as_ref()).read_to_string(&mut text).unwrap();
    let feed: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(feed["totalResults"], feed["vulnerabilities"].as_array().unwrap().len());
    let all = feed["vulnerabilities"].as_array().unwrap().iter();
    all.map(|one| one["cve"]["id"].as_str().unwrap().to_owned()).collect()
}

/// NVD, "Data feeds": the feed of 2002 has all from 1999 on, and its clients ask for none before.
#[tokio::test]
async fn the_feed_of_2002_has_the_years_before() {
    let known = ["CVE-1999-0001", "CVE-2001-0001", "CVE-2002-0001", "CVE-2003-0001"];
    let centre = Centre::with(&known.map(cve));
    let mut first = ids(&centre, 2002).await;
    first.sort();
    assert_eq!(first, known[..3]);
    assert_eq!(ids(&centre, 2003).await, known[3..]);
    assert_eq!(ids(&centre, 1999).await, known[..1]);
}

/// RFC 5005, 3: a feed leads to what is older by its last entry, so that nobody misses what came in meanwhile.
#[tokio::test]
async fn a_feed_leads_to_what_is_older_and_so_do_answers_to_programs() {
    let of = |number: usize| {
        osv(&format!("PYSEC-2024-{number}"), "flask", "1.0", &format!("2024-05-{:02}", number % 28 + 1))
    };
    let centre = Centre::with(&(0..60).map(of).collect::<Vec<_>>());
    let (mut seen, mut path) = (Vec::new(), "/feeds/search.atom?order=changed".to_owned());
    loop {
        let (status, _, body) = centre.get(&path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        let own = path.replace('&', "&amp;");
        assert!(body.contains(&format!("{own}\"/>")) && body.contains("<link rel=\"self\""), "{own}: {body}");
        assert!(body.contains("/feeds/search.atom?order=changed</id>"), "one feed: {body}");
        seen.extend(
            body.split("<entry><id>").skip(1).filter_map(|entry| entry.split('<').next().map(str::to_owned)),
        );
        let Some((_, next)) = body.split_once("<link rel=\"next\" href=\"") else { break };
        let next = next.split('"').next().unwrap().replace("&amp;", "&");
        path = next[next.find("/feeds/").unwrap()..].to_owned();
    }
    let all = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((seen.len(), all), (60, 60));
    let json = async |path: &str| {
        let (_, _, body) = centre.get(path).await;
        serde_json::from_str::<serde_json::Value>(&body).unwrap()
    };
    let first = json("/api/v1/records?order=newest").await;
    let after = first["after"].as_str().unwrap();
    let second = json(&format!("/api/v1/records?order=newest&after={}", after.replace(':', "%3A"))).await;
    let by_page = json("/api/v1/records?order=newest&page=2").await;
    assert_eq!(second["records"], by_page["records"], "links with pages go on working");
    assert!(json("/api/v1/records?order=severest").await["after"].is_null());
    for odd in ["order=newest&after=x", "order=severest&after=2024-01-01T00:00:00Z_1"] {
        let (status, _, body) = centre.get(&format!("/api/v1/records?{odd}")).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && body.contains("after"), "{odd}: {body}");
    }
}

/// Unicode, Standard Annex 9: marks in front of a title would turn around what follows, here and in every reader.
#[tokio::test]
async fn a_title_begins_with_a_letter_that_anybody_can_see() {
    let centre =
        Centre::with(
            &[cve("CVE-2024-1").replace("Overflow in Router", "\u{feff}\u{202e}Overflow in Router")],
        );
    for path in ["/v/CVE-2024-1", "/?q=router", "/feeds/search.atom?q=router&order=changed"] {
        let (_, _, body) = centre.get(path).await;
        assert!(body.contains("Overflow in Router"), "{path}: {body}");
        assert!(!body.contains(['\u{feff}', '\u{202e}']), "{path}: {body}");
    }
    // Beside another source its own title stands with it.
    let title = "\u{200b}An overflow that is told at such length that no list shows all of it".repeat(4);
    let long = cve("CVE-2024-2").replace("Overflow in Router", &title);
    let (_, _, page) = Centre::with(&[long]).get("/v/CVE-2024-2").await;
    assert!(page.contains("<b>An overflow"), "{page}");
}
