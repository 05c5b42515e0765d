//! The interface of vulnerability-lookup: lists, what others list as exploited, and what only its accounts
//! are told. What its client makes of them is tried in `tests/it/clients.rs`.

use super::Centre;
use super::fixtures::{cve, import, kev, osv};
use axum::http::{StatusCode, header};
use serde_json::{Value, json};

fn some() -> Centre {
    let alias = osv("PYSEC-2024-9", "django", "3.2.4", "2024-07-07")
        .replace("2024-01-01", "2024-01-09")
        .replace("\"affected\"", "\"aliases\": [\"CVE-2024-1\"], \"affected\"");
    Centre::with(&[
        osv("PYSEC-2024-1", "django", "3.2.4", "2024-05-05"),
        alias,
        cve("CVE-2024-1"),
        kev(&["CVE-2024-1", "CVE-2024-77"], "2024-05-05"),
    ])
}

async fn asked(centre: &Centre, path: &str) -> (StatusCode, Value) {
    let (status, _, body) = centre.get(path).await;
    (status, serde_json::from_str(&body).unwrap_or_else(|_| panic!("{path}: {body}")))
}

/// `GCVE-BCP-07`; the parameters are those of vulnerability-lookup's `/api/kev`.
#[tokio::test]
async fn listings_are_asked_by_origin_state_day_and_part_of_an_id() {
    let centre = some();
    let cisa = "405284c2-e461-4670-8979-7fd2c9755a60";
    let other = "00000000-0000-4000-8000-000000000000";
    for (query, count) in [
        ("", 2),
        ("vuln_id=cve-2024-7", 1),
        (&format!("vulnerability_lookup_origin={cisa}"), 2),
        (&format!("vulnerability_lookup_origin={other}"), 0),
        ("exploited=true", 2),
        ("exploited=all", 2),
        ("exploited=false", 0),
        ("status_reason=confirmed", 2),
        ("status_reason=disputed", 0),
        ("author=somebody", 0),
        ("date_from=2024-04-04&date_to=2024-04-04", 2),
        ("date_from=2024-04-05", 0),
        ("date_to=2024-04-03", 0),
    ] {
        let (status, found) = asked(&centre, &format!("/api/kev?{query}")).await;
        assert_eq!((status, &found["metadata"]["count"]), (StatusCode::OK, &count.into()), "{query}");
    }
    let mut pages = Vec::new();
    for page in 1..=3 {
        let (_, found) = asked(&centre, &format!("/api/kev?per_page=1&page={page}")).await;
        let ids = found["data"].as_array().unwrap().iter().map(|one| one["vulnerability"]["vulnId"].clone());
        pages.push(ids.collect::<Vec<Value>>());
    }
    pages[..2].sort_by_key(|page| page.first().map(Value::to_string));
    assert_eq!(pages, [vec![json!("CVE-2024-1")], vec![json!("CVE-2024-77")], vec![]]);
    let (status, _) = asked(&centre, "/api/kev?vulnerability_lookup_origin=cisa").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let (_, one) = asked(&centre, &format!("/api/kev/origin/{cisa}/cve-2024-77")).await;
    assert_eq!(
        (&one["vulnerability"]["vulnId"], &one["gcve"]["origin_uuid"]),
        (&"CVE-2024-77".into(), &cisa.into())
    );
    assert_eq!(asked(&centre, &format!("/api/kev/{}", one["uuid"].as_str().unwrap())).await.1, one);
    for path in
        [format!("/api/kev/origin/{other}/CVE-2024-77"), format!("/api/kev/origin/{cisa}/CVE-2024-78")]
    {
        let missing = (StatusCode::NOT_FOUND, json!({ "message": "KEV entry not found" }));
        assert_eq!(asked(&centre, &path).await, missing, "{path}");
    }
}

#[tokio::test]
async fn records_are_listed_by_source_date_weakness_and_product() {
    let centre = some();
    for (query, ids) in [
        ("source=osv", json!([["pysec-2024-9", "osv"], ["pysec-2024-1", "osv"]])),
        ("source=osv&sort_order=asc&per_page=1&page=2", json!([["pysec-2024-9", "osv"]])),
        ("source=osv&since=2024-06-01", json!([["pysec-2024-9", "osv"]])),
        ("source=osv&since=2024-06-01&date_sort=published", json!([])),
        ("source=osv&product=nothing", json!([])),
        ("product=router&source=cvelistv5", json!([["cve-2024-1", "cvelistv5"]])),
        ("cwe=CWE-4711", json!([])),
    ] {
        let (status, found) = asked(&centre, &format!("/api/vulnerability/?light=1&{query}")).await;
        assert_eq!((status, found), (StatusCode::OK, ids), "{query}");
    }
    let (_, whole) = asked(&centre, "/api/vulnerability/?source=cvelistv5").await;
    assert_eq!(whole[0]["cveMetadata"]["cveId"], "CVE-2024-1");
    // Of a source that is not kept here the original has an empty list, and clients walk it.
    for nothing in ["/api/vulnerability/?source=cnvd", "/api/vulnerability/last/csaf_redhat/5"] {
        assert_eq!(asked(&centre, nothing).await, (StatusCode::OK, json!([])), "{nothing}");
    }
    assert_eq!(asked(&centre, "/api/vulnerability/last/osv/many").await.0, StatusCode::BAD_REQUEST);
    for wrong in ["since=soon", "cwe=x"] {
        let (status, said) = asked(&centre, &format!("/api/vulnerability/?{wrong}")).await;
        assert_eq!((status, said["message"].is_string()), (StatusCode::BAD_REQUEST, true), "{wrong}");
    }
}

/// As vulnerability-lookup has it (its commit 4b11593, `website/web/api/v1`); that EUVD has a hundred on a page at most
/// is what its clients note.
#[tokio::test]
async fn no_number_of_entries_is_refused_and_none_stands_for_a_single_one() {
    let centre = Centre::new();
    let document = |number: u32| match number {
        0 | 1 => cve(&format!("CVE-2024-{number}")),
        number => osv(&format!("PYSEC-2024-{number}"), "django", "3.2.4", "2024-05-05"),
    };
    let file = |number: u32| centre.folder.file(&format!("all/{number}.json"), document(number));
    let files: Vec<_> = (0..103).map(file).collect();
    assert_eq!(import(&centre.app.catalogue, &files).bad, []);
    let router = "cpe:2.3:a:acme:router:1.5:*:*:*:*:*:*:*";
    for (path, place, many) in [
        ("vulnerability/last/0", "", 30),
        ("vulnerability/last/osv/0", "", 30),
        ("vulnerability/last/5000", "", 103),
        ("vulnerability/recent/2024-01-01/osv/0", "", 30),
        ("vulnerability/?per_page=0", "", 30),
        ("vulnerability/?per_page=100", "", 100),
        ("vulnerability/?per_page=101", "", 30),
        ("vulnerability/search/acme/router?per_page=0", "/cvelistv5", 2),
        ("vulnerability/search/acme/router?per_page=5000", "/cvelistv5", 2),
        (&format!("vulnerability/cpesearch/{router}?per_page=0"), "/cvelistv5", 2),
        ("search", "/items", 10),
        ("search?size=0", "/items", 0),
        ("search?size=1000", "/items", 100),
    ] {
        let (status, found) = asked(&centre, &format!("/api/{path}")).await;
        let listed = found.pointer(place).and_then(Value::as_array).map(Vec::len);
        assert_eq!((status, listed), (StatusCode::OK, Some(many)), "{path}");
    }
    assert_eq!(asked(&centre, "/api/search?size=0").await.1["total"], 103);
    for (query, per_page) in [("", 100), ("?per_page=7", 7), ("?per_page=0", 100), ("?per_page=5000", 1_000)]
    {
        let (_, found) = asked(&centre, &format!("/api/capec{query}")).await;
        assert_eq!(found["metadata"]["per_page"], per_page, "{query}");
    }
}

/// As the original answers whoever is not signed in, and where it keeps nothing.
#[tokio::test]
async fn what_only_accounts_are_told_asks_for_one_and_refusals_have_its_shape() {
    let centre = some();
    let (status, told) = asked(&centre, "/api/system/pgInfo").await;
    assert_eq!((status, told), (StatusCode::UNAUTHORIZED, json!({ "Error": "Authentication required." })));
    assert_eq!(asked(&centre, "/api/gcve/registry/integrity").await.1, json!(false));
    assert_eq!(asked(&centre, "/api/emb3d/TID-101").await.1, json!(null));
    let (status, said) = asked(&centre, "/api/sighting/00000000-0000-4000-8000-000000000000").await;
    assert_eq!((status, said["message"].is_string()), (StatusCode::NOT_FOUND, true));
    // Its own addresses end with a slash, those of its client do not.
    let (status, headers, _) = centre.get("/api/comment/?page=2").await;
    assert_eq!(
        (status, headers[header::LOCATION].as_bytes()),
        (StatusCode::PERMANENT_REDIRECT, b"/api/comment?page=2".as_slice())
    );
    let (status, headers, body) = centre.get("/rest/json/cves/1.0").await;
    assert_eq!((status, body.as_str()), (StatusCode::NOT_FOUND, ""));
    assert_eq!(headers["message"], "There is nothing here.");
}

#[tokio::test]
async fn euvd_gives_the_record_of_an_id_and_not_one_that_names_it() {
    let centre = some();
    assert_eq!(asked(&centre, "/api/enisaid?id=cve-2024-1").await.1["baseScore"], 9.8);
    assert_eq!(asked(&centre, "/api/enisaid?id=PYSEC-2024-9").await.1["id"], "PYSEC-2024-9");
    assert_eq!(asked(&centre, "/api/enisaid?id=").await.0, StatusCode::NOT_FOUND);
}
