//! Search as people and programs meet it: facets, what was meant, and the shapes in which hits are taken along.

use super::Centre;
use super::fixtures::{cve, import, many};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};

#[tokio::test]
async fn a_mistyped_word_is_taken_for_the_one_that_was_meant() {
    let centre = Centre::with(&many());
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
    let centre = Centre::with(&many());
    let (_, _, body) = centre.get("/api/v1/records?q=source:cve").await;
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["total"], 4);
    let facets = &body["facets"];
    assert_eq!(facets["years"], serde_json::json!({"2024": 1, "2025": 2, "2026": 1}));
    assert_eq!(facets["severities"], serde_json::json!({"critical": 1, "high": 2, "medium": 1}));
    assert_eq!((&facets["exploited"], &facets["sources"]["cve"]), (&1.into(), &4.into()));
    let (_, _, body) = centre.get("/?q=heap+OR+planer").await;
    assert!(body.contains("q=%28heap%20OR%20planer%29%20year%3A2025"), "{body}");
    assert!(!body.contains("Likely to be exploited"), "there are no scores: {body}");
}

/// FIRST, EPSS: hits are counted by probability, each count a link to what it counts.
#[tokio::test]
async fn hits_are_counted_by_epss_where_there_are_scores() {
    let centre = Centre::with(&[1, 2, 3].map(|number| cve(&format!("CVE-2024-000{number}"))));
    let day = "#model_version:v1,score_date:2026-11-02T00:00:00+0000\ncve,epss,percentile\n\
               CVE-2024-0001,0.5,0.9\nCVE-2024-0002,0.1,0.8\nCVE-2024-0003,0.00999,0.1\n";
    assert_eq!(import(&centre.app.catalogue, &[centre.folder.file("epss.csv", day)]).bad, []);
    let (_, _, body) = centre.get("/api/v1/records?q=source:cve").await;
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["facets"]["epss"], serde_json::json!({"0.5": 1, "0.1": 2, "0.01": 2}));
    let (_, _, body) = centre.get("/?q=source%3Acve").await;
    let link = |from, words, count| {
        format!(
            "?q=source%3Acve%20epss%3E%3D{from}&amp;page=1\">{words}</a> <span class=\"quiet\">{count}</span>"
        )
    };
    for (from, words, count) in [("0.5", "50 % and above", 1), ("0.1", "10 % and above", 2)] {
        assert!(body.contains(&link(from, words, count)), "{body}");
    }
    let (_, _, body) = centre.get("/?q=source%3Acve%20epss%3E%3D0.1&page=1").await;
    assert!(body.contains(">2 records<"), "{body}");
}

/// Where programs search.
const PLACES: [&str; 4] = ["/api/v1/records", "/search.csv", "/search.json", "/feeds/search.atom"];

/// docs/api.md: a filter that the list does not know is refused; RFC 9457, the place is named.
#[tokio::test]
async fn what_the_list_does_not_know_is_refused_with_its_place() {
    let centre = Centre::with(&many());
    for (query, words) in [
        ("foo=1", "pair 1 of it does"),
        ("q=overflow&severty=high", "pair 2 of it does"),
        ("q=%ff%fe", "The value of pair 1 of the query is no UTF-8."),
        ("q=a&q=b", "cannot be read"),
    ] {
        for place in PLACES {
            let (status, _, body) = centre.get(&format!("{place}?{query}")).await;
            let is_refused = status == StatusCode::UNPROCESSABLE_ENTITY && body.contains(words);
            assert!(is_refused && body.contains("\"field\":\"address\""), "{place}?{query}: {body}");
        }
    }
    let known = "q=overflow&severity=high&exploited=&source=cve&ecosystem=&order=newest&page=1&after=";
    for place in PLACES {
        assert_eq!(centre.get(&format!("{place}?{known}")).await.0, StatusCode::OK, "{place}");
    }
    for list in ["partners/statistics", "partners", "advisories", "accreditations"] {
        let (status, _, body) = centre.get(&format!("/api/v1/{list}?foo=1")).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{list}: {body}");
    }
}

/// WHATWG URL, "application/x-www-form-urlencoded": bytes that are no UTF-8 would decode to a question that nobody asked.
/// Each interface refuses them in its own shape.
#[tokio::test]
async fn what_is_no_text_is_refused_on_pages_and_in_every_interface() {
    let centre = Centre::with(&many());
    for place in [
        "/?page=1&q=%ff",
        "/v/CVE-2024-1?version=1&package=%c3",
        "/vendors?x=1&q=%ff",
        "/api/search?page=0&text=%ff",
        "/api/enisaid?x=1&id=%ff",
        "/api/vulnerability/?x=1&product=%ff",
        "/api/kev?page=1&vuln_id=%ff",
        "/rest/json/cves/2.0?hasKev&keywordSearch=%ff",
        "/rest/json/cpes/2.0?startIndex=0&keywordSearch=%ff",
        "/rest/json/cvehistory/2.0?startIndex=0&cveId=%ff",
    ] {
        let (status, headers, body) = centre.get(place).await;
        let told = headers.get("message").map_or(body.as_str(), |message| message.to_str().unwrap());
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{place}: {body}");
        assert!(told.contains("The value of pair 2 of the query is no UTF-8."), "{place}: {told}");
    }
    assert_eq!(centre.get("/?q=%C3%BC+%zz%25").await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_page_that_no_list_has_is_refused_with_the_last() {
    let centre = Centre::with(&many());
    for place in [PLACES[0], "/"] {
        for page in ["0", "10001", "99999999999", "-1", "x"] {
            let (status, _, body) = centre.get(&format!("{place}?q=flaw&page={page}")).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{place} {page}");
            assert!(body.contains("A number from 1 to 10000"), "{place} {page}: {body}");
        }
        assert_eq!(centre.get(&format!("{place}?q=flaw&page=10000")).await.0, StatusCode::OK, "{place}");
    }
    let (_, _, body) = centre.get("/?q=heap&page=10001&order=newest").await;
    assert!(body.contains("<a href=\"/?q=heap&amp;order=newest&amp;page=1\">To the first page"), "{body}");
}

/// docs/api.md: `next` is the number of the next page, and not there on the last.
#[tokio::test]
async fn a_list_of_records_leads_on_while_there_is_more() {
    let centre = Centre::new();
    let records = (1..=51).map(|number| (number, cve(&format!("CVE-2024-{number:04}"))));
    let files = records.map(|(number, record)| centre.folder.file(&format!("many/{number}.json"), &record));
    assert_eq!(import(&centre.app.catalogue, &files.collect::<Vec<_>>()).bad, []);
    let mut pages = Vec::new();
    for page in [1, 2, 3, 10_000] {
        let (_, _, body) = centre.get(&format!("/api/v1/records?q=source:cve&page={page}")).await;
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        pages.push((body["records"].as_array().unwrap().len(), body["next"].as_u64()));
    }
    assert_eq!(pages, [(50, Some(2)), (1, None), (0, None), (0, None)]);
}

#[tokio::test]
async fn a_search_that_cannot_be_read_is_shown_with_its_place() {
    let centre = Centre::with(&many());
    let (status, _, body) = centre.get("/?q=heap+vendr%3Ax").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("<mark>vendr</mark>") && body.contains("Did you mean “vendor”?"), "{body}");
    for place in PLACES {
        let (status, headers, body) = centre.get(&format!("{place}?q=cvss%3E%3Dhigh")).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{place}");
        assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
        assert!(body.contains("At character 7: A number from 0 to 10"), "{body}");
    }
}

#[tokio::test]
async fn hits_are_taken_along_as_csv_json_and_feed() {
    let centre = Centre::with(&many());
    let (_, headers, body) = centre.get("/search.csv?q=kev:true").await;
    assert_eq!(headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    assert_eq!(headers["x-total-count"], "1");
    assert_eq!(headers[header::CONTENT_DISPOSITION], "attachment; filename=\"records.csv\"");
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
    let centre = Centre::with(&many());
    let (status, _, body) = centre.get("/?q=source:cve&page=10000").await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("There is no such page of these results"), "{body}");
}

/// WCAG 2.2, 1.3.2 and 2.4.3: on a small screen the counts stand before the hits, folded, in the order of reading.
#[tokio::test]
async fn counts_stand_before_the_hits_where_there_is_no_room_beside_them() {
    let centre = Centre::with(&many());
    let (_, _, body) = centre.get("/?q=source:cve&page=1").await;
    let (before, hits) = body.split_once("<table class=\"hits\">").unwrap();
    let (hits, beside) = hits.split_once("</table>").unwrap();
    let folded = before
        .split("<details class=\"sheet above\"><summary><h2>Among these</h2></summary>")
        .nth(1)
        .unwrap();
    let beside = beside.split("<div class=\"sheet beside\"><h2>Among these</h2>").nth(1).unwrap();
    for part in [folded, beside] {
        assert!(
            part.contains("<h3>Severity</h3>")
                && part.contains("/?q=source%3Acve%20severity%3Ahigh&amp;page=1")
        );
    }
    assert!(!hits.contains("Among these"));
    let (_, _, body) = centre.get("/?q=nothing-has-this&page=1").await;
    assert!(!body.contains("Among these"), "{body}");
}
