//! The years of NVD's feed files.

use super::Centre;
use super::fixtures::cve;
use axum::body::{Body, to_bytes};
use axum::http::Request;
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
