//! Search: what is found, in which order, with which facets, and in which shapes it is taken along.

use super::{Centre, catalogue, counts, cve, import, kev, osv};
use super::{Folder, now};
use crate::catalogue::{Catalogue, Order, Search};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};

fn found(catalogue: &Catalogue, text: &str) -> Vec<String> {
    let search = Search::read(text, now()).unwrap();
    let mut ids: Vec<String> =
        catalogue.hits(&search, 0, 100, false, now()).unwrap().hits.into_iter().map(|hit| hit.id).collect();
    ids.sort();
    ids
}

/// A CVE record with a text, a product, a score and a date.
fn told(id: &str, text: &str, vendor: &str, product: &str, score: &str, date: &str) -> String {
    cve(id)
        .replace("Overflow in Router", text)
        .replace("A heap overflow in the Router of Acme.", text)
        .replace("\"Acme\"", &format!("\"{vendor}\""))
        .replace("\"Router\"", &format!("\"{product}\""))
        .replace("9.8", score)
        .replace("2024-02-02", date)
}

fn many() -> Centre {
    Centre::with(&[
        told(
            "CVE-2024-1",
            "Heap overflow in the parser",
            "Apache Software Foundation",
            "HTTP Server",
            "9.8",
            "2024-02-02",
        ),
        told("CVE-2024-2", "Path traversal", "Nordwind", "Gateway", "5.3", "2026-11-20"),
        told("CVE-2025-3", "Pufferüberlauf im Straßenplaner", "Müller GmbH", "Planer", "7.5", "2025-05-05"),
        told("CVE-2025-4", "远程代码执行漏洞", "华为", "路由器", "8.1", "2025-06-06"),
        osv("PYSEC-2024-1", "django", "4.2.5", "2024-05-05"),
        kev(&["CVE-2024-2"], "2024-05-05"),
    ])
}

#[test]
fn fields_conditions_and_operators_find_what_they_say() {
    let centre = many();
    for (text, expected) in [
        ("vendor:apache", vec!["CVE-2024-1"]),
        ("vendor=apache", vec![]),
        ("vendor=\"apache software foundation\"", vec!["CVE-2024-1"]),
        ("product:server OR product=gateway", vec!["CVE-2024-1", "CVE-2024-2"]),
        ("cvss>=8", vec!["CVE-2024-1", "CVE-2025-4"]),
        ("severity:medium", vec!["CVE-2024-2"]),
        ("kev:true", vec!["CVE-2024-2"]),
        ("kev:false cvss<8", vec!["CVE-2025-3"]),
        ("published<=7d", vec!["CVE-2024-2"]),
        ("year:2025 -planer", vec!["CVE-2025-4"]),
        ("source:osv", vec!["PYSEC-2024-1"]),
        ("ecosystem:PyPI", vec!["PYSEC-2024-1"]),
        ("package=django", vec!["PYSEC-2024-1"]),
        ("affects:pkg:pypi/Django@4.2", vec!["PYSEC-2024-1"]),
        ("affects:pkg:pypi/django@4.2.5", vec![]),
        ("affects:pkg:pypi/django", vec!["PYSEC-2024-1"]),
        ("id:CVE-2025*", vec!["CVE-2025-3", "CVE-2025-4"]),
        ("NOT source:cve", vec!["PYSEC-2024-1"]),
        ("(heap OR traversal) NOT vendor:nordwind", vec!["CVE-2024-1"]),
        ("title:overflow", vec!["CVE-2024-1"]),
    ] {
        assert_eq!(found(&centre.app.catalogue, text), expected, "{text}");
    }
}

#[test]
fn german_and_chinese_are_found_as_people_type_them() {
    let centre = many();
    for text in ["pufferüberlauf", "PUFFERUEBERLAUF", "pufferuberlauf x OR strassenplaner", "vendor:müller"]
    {
        assert_eq!(found(&centre.app.catalogue, text), ["CVE-2025-3"], "{text}");
    }
    for text in ["代码执行", "漏洞", "vendor:华为", "远程代码执行漏洞"] {
        assert_eq!(found(&centre.app.catalogue, text), ["CVE-2025-4"], "{text}");
    }
    assert_eq!(found(&centre.app.catalogue, "执行代码"), [""; 0], "the order of the characters counts");
}

#[test]
fn what_fits_best_comes_first_and_other_orders_are_at_hand() {
    let centre = Centre::with(&[
        told("CVE-2024-1", "Flaw in a product that has kerberos as an option", "A", "B", "5.0", "2024-01-01"),
        told("CVE-2024-2", "Kerberos", "MIT", "Kerberos", "4.0", "2023-01-01"),
        told("CVE-2024-3", "kerberos in passing", "C", "D", "9.0", "2022-01-01"),
    ]);
    let first = |order| {
        let search = Search { order, ..Search::read("kerberos", now()).unwrap() };
        let hits = centre.app.catalogue.hits(&search, 0, 2, false, now()).unwrap();
        assert_eq!(hits.total, 3);
        hits.hits[0].id.clone()
    };
    assert_eq!(first(Order::Fit), "CVE-2024-2");
    assert_eq!(first(Order::Newest), "CVE-2024-1");
    assert_eq!(first(Order::Severest), "CVE-2024-3");
}

#[tokio::test]
async fn a_mistyped_word_is_taken_for_the_one_that_was_meant() {
    let centre = many();
    let (_, _, body) = centre.get("/?q=traversl").await;
    assert!(body.contains("No record has these words") && body.contains("/v/CVE-2024-2"), "{body}");
    let (_, _, body) = centre.get("/api/v1/records?q=hpe+overflow").await;
    assert!(!body.contains("did_you_mean"), "short words are near everything: {body}");
    let (_, _, body) = centre.get("/api/v1/records?q=overflwo+parser").await;
    assert!(body.contains("\"did_you_mean\":\"overflow parser\""), "{body}");
    let (_, _, body) = centre.get("/api/v1/records?q=traversal+parser").await;
    assert!(!body.contains("did_you_mean"), "both words are there, only never together: {body}");
}

#[tokio::test]
async fn facets_count_all_hits_and_lead_to_them() {
    let centre = many();
    let (_, _, body) = centre.get("/api/v1/records?q=source:cve").await;
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["total"], 4);
    let facets = &body["facets"];
    assert_eq!(facets["years"], serde_json::json!({"2024": 1, "2025": 2, "2026": 1}));
    assert_eq!(facets["severities"], serde_json::json!({"critical": 1, "high": 2, "medium": 1}));
    assert_eq!((&facets["exploited"], &facets["sources"]["cve"]), (&1.into(), &4.into()));
    let (_, _, body) = centre.get("/?q=heap+OR+planer").await;
    assert!(body.contains("q=%28heap%20OR%20planer%29%20year%3A2025"), "{body}");
}

#[tokio::test]
async fn a_search_that_cannot_be_read_is_shown_with_its_place() {
    let centre = many();
    let (status, _, body) = centre.get("/?q=heap+vendr%3Ax").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("<mark>vendr</mark>") && body.contains("Did you mean “vendor”?"), "{body}");
    for place in ["/api/v1/records", "/search.csv", "/search.json", "/feeds/search.atom"] {
        let (status, headers, body) = centre.get(&format!("{place}?q=cvss%3E%3Dhigh")).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{place}");
        assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
        assert!(body.contains("At character 7: A number from 0 to 10"), "{body}");
    }
}

#[tokio::test]
async fn hits_are_taken_along_as_csv_json_and_feed() {
    let centre = many();
    let (_, headers, body) = centre.get("/search.csv?q=kev:true").await;
    assert_eq!(headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    let line = "CVE-2024-2,cve,Path traversal,2026-11-20T00:00:00Z,2024-03-03T00:00:00Z,5.3,true,false,http";
    assert!(body.lines().nth(1).unwrap().starts_with(line), "{body}");
    let (_, _, body) = centre.get("/search.json?q=severity:high&order=severest").await;
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!((&body[0]["id"], &body[1]["score"]), (&"CVE-2025-4".into(), &7.5.into()));
    let (_, headers, body) = centre.get("/feeds/search.atom?q=漏洞").await;
    assert!(body.contains("<title>CVE-2025-4: 远程代码执行漏洞</title>"), "{body}");
    let again =
        Request::get("/feeds/search.atom?q=漏洞").header(header::IF_NONE_MATCH, &headers[header::ETAG]);
    let (status, _, body) = centre.ask(again.body(Body::empty()).unwrap()).await;
    assert_eq!((status, body.as_str()), (StatusCode::NOT_MODIFIED, ""));
}

#[tokio::test]
async fn pages_far_behind_cost_nothing() {
    let centre = many();
    let (status, _, body) = centre.get("/?q=source:cve&page=4000000000").await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("There is no such page of these results"), "{body}");
}

#[test]
fn the_index_is_made_anew_when_it_is_lost_or_damaged() {
    let folder = Folder::new();
    let path = folder.file("x.json", cve("CVE-2024-1"));
    let first = catalogue(&folder);
    import(&first, &[path]);
    assert_eq!(found(&first, "heap"), ["CVE-2024-1"]);
    drop(first);
    let index = folder.0.join("catalogue.index-1");
    std::fs::write(index.join("meta.json"), "{").unwrap();
    let again = catalogue(&folder);
    assert_eq!(found(&again, "heap"), [""; 0]);
    again.catch_up().unwrap();
    assert_eq!(found(&again, "heap"), ["CVE-2024-1"]);
}

#[test]
fn an_index_of_another_file_is_not_believed() {
    let folder = Folder::new();
    let (one, other) = (folder.file("1.json", cve("CVE-2024-1")), folder.file("2.json", cve("CVE-2024-2")));
    let first = catalogue(&folder);
    import(&first, &[one]);
    drop(first);
    for file in std::fs::read_dir(&folder.0).unwrap().map(Result::unwrap) {
        if file.file_name().to_string_lossy().starts_with("catalogue.db") {
            std::fs::remove_file(file.path()).unwrap();
        }
    }
    let second = catalogue(&folder);
    import(&second, &[other]);
    assert_eq!(found(&second, "heap"), ["CVE-2024-2"]);
}

#[test]
fn a_changed_record_is_found_by_its_new_words_only() {
    let folder = Folder::new();
    let records = catalogue(&folder);
    let old = folder.file("1.json", osv("PYSEC-2024-1", "flask", "1.0", "2024-05-05"));
    import(&records, &[old]);
    let new = osv("PYSEC-2024-1", "flask", "1.0", "2024-06-06").replace("A flaw", "A deadlock");
    let new = folder.file("2.json", new);
    assert_eq!(counts(&import(&records, &[new])), [0, 1, 0, 0, 0]);
    assert_eq!(found(&records, "deadlock"), ["PYSEC-2024-1"]);
    assert_eq!(found(&records, "flaw "), [""; 0]);
}

#[test]
fn a_listing_marks_the_record_and_stands_back_behind_it_in_any_order() {
    for reversed in [false, true] {
        let folder = Folder::new();
        let mut files = [
            folder.file("1.json", cve("CVE-2024-1")),
            folder.file("2.json", kev(&["CVE-2024-1"], "2024-05-05")),
        ];
        if reversed {
            files.reverse();
        }
        let records = catalogue(&folder);
        for file in files {
            import(&records, &[file]);
        }
        let search = Search::read("kev:true", now()).unwrap();
        let hits = records.hits(&search, 0, 10, true, now()).unwrap();
        assert_eq!(hits.hits.len(), 1, "{reversed}");
        assert_eq!((hits.hits[0].source.name(), hits.facets.unwrap().exploited), ("cve", 1));
    }
}
