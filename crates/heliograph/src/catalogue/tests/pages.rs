//! The public pages, as they come without scripts.

use super::Centre;
use super::fixtures::{cve, kev, osv};
use axum::http::{StatusCode, header};

#[tokio::test]
async fn an_empty_catalogue_says_how_records_come() {
    let centre = Centre::new();
    let (status, _, body) = centre.get("/").await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("There is no record yet") && body.contains("heliograph import"), "{body}");
    assert!(body.contains("href=\"/report\""));
    let (_, _, body) = centre.get("/?q=router").await;
    assert!(body.contains("The database has no records yet"), "{body}");
}

#[tokio::test]
async fn the_start_page_shows_what_was_published_lately_but_nothing_from_the_future() {
    let future = osv("PYSEC-2099-1", "later", "1", "2024-05-05").replace("2024-01-01", "2099-01-01");
    let centre = Centre::with(&[osv("PYSEC-2024-1", "django", "1", "2024-05-05"), cve("CVE-2024-1"), future]);
    let (_, _, body) = centre.get("/").await;
    let (cve, pysec) = (body.find("/v/CVE-2024-1").unwrap(), body.find("/v/PYSEC-2024-1").unwrap());
    assert!(cve < pysec && !body.contains("PYSEC-2099-1"));
    assert!(body.contains("3 records: 2 OSV, 1 CVE."), "{body}");
}

#[tokio::test]
async fn words_find_records_and_an_id_leads_to_its_page() {
    let centre = Centre::with(&[
        osv("PYSEC-2024-1", "django", "1", "2024-05-05"),
        cve("CVE-2024-1"),
        kev(&["CVE-2024-1"], "2024-05-05"),
    ]);
    for (query, found) in [
        ("heap+overflow", vec!["CVE-2024-1"]),
        ("ROUTER", vec!["CVE-2024-1"]),
        ("%22flaw+in%22", vec!["PYSEC-2024-1"]),
        ("djan", vec!["PYSEC-2024-1"]),
        ("cve-2024", vec!["CVE-2024-1"]),
        ("router+django", vec![]),
        ("%22in+flaw%22", vec![]),
    ] {
        let (_, _, body) = centre.get(&format!("/?q={query}")).await;
        let all =
            ["CVE-2024-1", "PYSEC-2024-1"].into_iter().filter(|id| body.contains(&format!("/v/{id}\"")));
        assert_eq!(all.collect::<Vec<_>>(), found, "{query}");
        assert_eq!(body.contains("Nothing found"), found.is_empty());
    }
    let (status, headers, _) = centre.get("/?q=+cve-2024-1").await;
    assert_eq!(
        (status, headers[header::LOCATION].as_bytes()),
        (StatusCode::SEE_OTHER, &b"/v/CVE-2024-1"[..])
    );
}

#[tokio::test]
async fn filters_stand_in_the_address() {
    let centre = Centre::with(&[
        osv("PYSEC-2024-1", "django", "1", "2024-05-05"),
        cve("CVE-2024-1"),
        cve("CVE-2024-2"),
        kev(&["CVE-2024-1"], "2024-05-05"),
    ]);
    for (query, hits) in [
        ("severity=critical", "2 records"),
        ("exploited=1", "1 record<"),
        ("source=osv", "1 record<"),
        ("source=kev", "Nothing found"),
        ("ecosystem=pypi", "1 record<"),
        ("q=overflow&order=newest&severity=high", "2 records"),
        ("page=1", "3 records"),
        ("page=2", "There is no such page"),
    ] {
        let (status, _, body) = centre.get(&format!("/?{query}")).await;
        assert!(status == StatusCode::OK && body.contains(hits), "{query}: {body}");
    }
    for query in ["severity=huge", "page=x", "source=x", "order=x", &format!("q={}", "x".repeat(1_001))] {
        let (status, _, _) = centre.get(&format!("/?{query}")).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
    }
}

#[tokio::test]
async fn a_record_answers_am_i_affected() {
    let centre = Centre::with(&[
        osv("PYSEC-2024-1", "django", "3.2.4", "2024-05-05")
            .replace("\"summary\"", "\"aliases\": [\"CVE-2024-1\"], \"summary\""),
        cve("CVE-2024-1"),
        kev(&["CVE-2024-1"], "2024-05-05"),
    ]);
    let (status, headers, _) = centre.get("/v/cve-2024-1").await;
    assert_eq!(
        (status, headers[header::LOCATION].as_bytes()),
        (StatusCode::PERMANENT_REDIRECT, &b"/v/CVE-2024-1"[..])
    );
    let (_, _, body) = centre.get("/v/CVE-2024-1").await;
    for part in [
        "as CVE has it",
        "as OSV has it",
        "as known exploited (KEV) has it",
        "every version before 3.2.4",
        "from 1.0 before 2.0",
    ] {
        assert!(body.contains(part), "{part}: {body}");
    }
    assert!(body.contains("Update <b>PyPI/django</b> to 3.2.4") && body.contains("Apply updates."), "{body}");
    for (query, words) in [
        ("package=PyPI%2Fdjango&version=3.2.1", "is affected."),
        ("package=pypi%2Fdjango&version=3.2.1", "every version before 3.2.4</span>"),
        ("package=PyPI%2Fdjango&version=3.2.4", "is not among the affected ones"),
        ("package=Acme+Router&version=1.5.0", "is affected."),
        ("package=&version=2.5.0", "is affected."),
        ("package=Acme+Router&version=old", "What is known does not decide it"),
        ("package=Toaster&version=1", "No source speaks of a product of this name"),
    ] {
        let (_, _, body) = centre.get(&format!("/v/cve-2024-1?{query}")).await;
        assert!(body.contains(words), "{query}");
    }
    let (status, _, _) = centre.get(&format!("/v/CVE-2024-1?version={}", "1".repeat(2_000))).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn sources_stand_side_by_side_with_what_they_disagree_about() {
    let alias = "\"aliases\": [\"CVE-2024-1\"], \"severity\": [{\"type\": \"CVSS_V3\",
        \"score\": \"CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N\"}], \"summary\"";
    let told = osv("PYSEC-2024-1", "django", "3.2.4", "2024-05-05").replace("\"summary\"", alias);
    let centre =
        Centre::with(&[told, cve("CVE-2024-1"), kev(&["CVE-2024-1"], "2024-05-05"), cve("CVE-2024-2")]);
    let (_, _, body) = centre.get("/v/CVE-2024-1").await;
    assert!(
        body.contains("Who says what") && body.contains("they disagree</span> about how severe it is."),
        "{body}"
    );
    for (place, id) in ["CVE-2024-1", "CVE-2024-1", "PYSEC-2024-1"].iter().enumerate() {
        assert!(body.contains(&format!("href=\"#says-{place}\"")), "{id}: {body}");
        assert!(body.contains(&format!("id=\"says-{place}\"><h2>{id} ")), "{id}: {body}");
    }
    let (_, _, body) = centre.get("/v/CVE-2024-2").await;
    assert!(!body.contains("Who says what") && !body.contains("disagree"), "{body}");
}

#[tokio::test]
async fn of_what_was_withdrawn_the_page_says_so_and_why_and_asks_for_nothing() {
    let because = "\"withdrawn\": \"2024-06-06T00:00:00Z\", \"summary\"";
    let centre =
        Centre::with(&[osv("PYSEC-2024-1", "django", "1", "2024-05-05").replace("\"summary\"", because)]);
    let (_, _, body) = centre.get("/v/PYSEC-2024-1").await;
    assert!(
        body.contains("Its source has taken this record back") && body.contains("withdrawn by its source"),
        "{body}"
    );
    assert!(!body.contains("Am I affected?") && !body.contains("What to do"), "{body}");
}

#[tokio::test]
async fn an_alias_has_a_page_though_no_record_has_its_id() {
    let record = osv("PYSEC-2024-1", "django", "1", "2024-05-05")
        .replace("\"summary\"", "\"aliases\": [\"CVE-2024-1\"], \"related\": [\"CVE-2024-9\"], \"summary\"");
    let centre = Centre::with(&[record, cve("CVE-2024-9")]);
    let (status, _, body) = centre.get("/v/CVE-2024-1").await;
    assert!(status == StatusCode::OK && body.contains("as OSV has it"), "{body}");
    let (_, _, body) = centre.get("/v/CVE-2024-9").await;
    assert!(body.contains("Has to do with it") && body.contains("/v/PYSEC-2024-1"), "{body}");
    assert_eq!(centre.get("/v/CVE-2024-99").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn nothing_of_a_document_becomes_markup_or_a_dangerous_link() {
    let record = osv("PYSEC-2024-1", "<script>alert(1)</script>", "1", "2024-05-05")
        .replace("https://example.org/PYSEC-2024-1", "javascript:alert(2)");
    let centre = Centre::with(&[record]);
    for path in
        ["/v/PYSEC-2024-1", "/", "/?q=flaw", "/v/PYSEC-2024-1?package=%3Cscript%3E&version=%3Cscript%3E"]
    {
        let (status, _, body) = centre.get(path).await;
        assert_eq!(status, StatusCode::OK);
        assert!(!body.contains("<script>") && !body.contains("href=\"javascript"), "{path}: {body}");
    }
}
