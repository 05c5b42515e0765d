//! What the centre publishes, beside what others do.

use super::Centre;
use super::fixtures::{advisory, now, osv};
use axum::http::StatusCode;

#[tokio::test]
async fn an_advisory_of_the_centre_is_a_record_like_any_other() {
    let other = osv("PYSEC-2026-9", "nordwind", "1.4", "2026-05-05")
        .replace("\"summary\"", "\"aliases\": [\"CVE-2026-0007\"], \"summary\"");
    let centre = Centre::with(&[other]);
    let catalogue = &centre.app.catalogue;
    assert_eq!(catalogue.published_seq().unwrap(), 0);
    assert_eq!(formats::osv::render(&advisory(7)).err(), None);
    assert!(catalogue.publish(&advisory(7), 41, now()).unwrap());
    // A node that starts again may be told twice, and of an entry that it has passed.
    assert!(catalogue.publish(&advisory(7), 41, now()).unwrap());
    assert!(catalogue.publish(&advisory(7), 12, now()).unwrap());
    assert_eq!(catalogue.published_seq().unwrap(), 41);
    let (_, body) = centre.post("/v1/query", r#"{"package": {"purl": "pkg:pypi/nordwind@1.4.2"}}"#).await;
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    let id = body["vulns"][0]["id"].as_str().unwrap();
    assert_eq!((id, body["vulns"].as_array().unwrap().len()), ("x_HEL-2026-000007", 1));
    for id in [id, "hel-2026-000007", "X_HEL-2026-000007"] {
        let (status, _, body) = centre.get(&format!("/v1/vulns/{id}")).await;
        assert_eq!((status, body.contains("\"x_HEL-2026-000007\"")), (StatusCode::OK, true), "{id}: {body}");
    }
    let (_, _, page) = centre.get("/v/CVE-2026-0007").await;
    for part in
        ["as this centre has it", "as OSV has it", "Nordwind Gateway", "from 2.0 before 2.7", "High 8.8"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    let (_, _, page) = centre.get("/v/HEL-2026-000007?package=Nordwind+Gateway&version=2.5").await;
    assert!(page.contains("is affected."), "{page}");
}
