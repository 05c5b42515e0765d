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
        ("package=PyPI%2Fdjango&version=3.2.1", "of PyPI/django is affected."),
        ("package=pypi%2Fdjango&version=3.2.1", "every version before 3.2.4</span>"),
        ("package=PyPI%2Fdjango&version=3.2.4", "is not among the affected ones"),
        ("package=Acme+Router&version=1.5.0", "is affected."),
        (
            "package=&version=2.5.0",
            "affected</span> PyPI/django</li><li><span class=\"chip calm\">not affected</span> Acme Router</li>",
        ),
        ("package=&version=2.5.0", "Choose it below"),
        ("package=Acme+Router&version=old", "What is known does not decide it"),
        ("package=Toaster&version=1", "No source speaks of a product of this name"),
    ] {
        let (_, _, body) = centre.get(&format!("/v/cve-2024-1?{query}")).await;
        assert!(body.contains(words), "{query}");
    }
    let (status, _, _) = centre.get(&format!("/v/CVE-2024-1?version={}", "1".repeat(2_000))).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// CVE schema, `versions.md`: each product has versions of its own, so what is said of one says nothing of another.
#[tokio::test]
async fn one_version_has_no_verdict_over_several_products() {
    let every =
        "\"product\": \"ONTAP\", \"vendor\": \"Netapp\", \"defaultStatus\": \"affected\"}, {\"vendor\"";
    let several = cve("CVE-2024-1").replacen("\"vendor\"", every, 1);
    let centre = Centre::with(&[several, cve("CVE-2024-2")]);
    let (_, _, body) = centre.get("/v/CVE-2024-1?package=&version=2.4.60").await;
    assert!(
        body.contains("affected</span> Netapp ONTAP<") && body.contains("not affected</span> Acme Router<"),
        "{body}"
    );
    assert!(!body.contains("is affected.") && body.contains("choose one of 2"), "{body}");
    for (query, words) in [
        ("package=Netapp+ONTAP&version=9.1P2", "of Netapp ONTAP is affected."),
        ("package=Netapp+ONTAP&version=nonsense", "cannot be decided"),
        ("package=&version=nonsense", "cannot be decided</span> Netapp ONTAP, Acme Router<"),
    ] {
        let (_, _, body) = centre.get(&format!("/v/CVE-2024-1?{query}")).await;
        assert!(
            body.contains(words) && body.contains("is affected.") == words.contains("is affected."),
            "{query}: {body}"
        );
    }
    let (_, _, body) = centre.get("/v/CVE-2024-2?package=&version=1.5").await;
    assert!(body.contains("of Acme Router is affected."), "the only one is chosen: {body}");
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
        body.contains("Who says what")
            && body.contains("they disagree</span> about how severe it is (CVSS 3.1: 9.8 or "),
        "{body}"
    );
    for (place, id) in ["CVE-2024-1", "CVE-2024-1", "PYSEC-2024-1"].iter().enumerate() {
        assert!(body.contains(&format!("href=\"#says-{place}\"")), "{id}: {body}");
        assert!(body.contains(&format!("id=\"says-{place}\"><h2>{id} ")), "{id}: {body}");
    }
    let (_, _, body) = centre.get("/v/CVE-2024-2").await;
    assert!(!body.contains("Who says what") && !body.contains("disagree"), "{body}");
}

/// CISA, "KEV": a listing is the list's own statement; CVE's record says nothing of exploitation by being listed.
/// CSAF 2.0, 6.1.9: a score that its own vector contradicts is shown as given, with what the vector comes to.
#[tokio::test]
async fn a_score_that_its_vector_contradicts_is_shown_with_what_the_vector_comes_to() {
    let vector = "CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:C/C:L/I:L/A:N";
    let wrong = cve("CVE-2024-1").replace("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", vector);
    let other = osv("PYSEC-2024-1", "a", "2.0", "2024-05-05")
        .replace("\"summary\"", "\"aliases\": [\"CVE-2024-1\"], \"summary\"");
    let centre = Centre::with(&[wrong, other, cve("CVE-2024-2")]);
    let (_, _, body) = centre.get("/v/CVE-2024-1").await;
    let words = "contradicts itself</span> the source says 9.8; its vector comes to 5.4.";
    // Beside the scores, where sources stand side by side, and with its own source.
    assert_eq!(body.matches(words).count(), 3, "{body}");
    assert!(body.contains("Critical 9.8"), "{body}");
    let (_, _, body) = centre.get("/?q=cvss%3E%3D9&page=1").await;
    assert!(body.contains("/v/CVE-2024-1"), "what its source states counts: {body}");
    assert!(!centre.get("/v/CVE-2024-2").await.2.contains("contradicts itself"));
}

/// CERT/CC, "SSVC": exploitation is none, public PoC or active.
#[tokio::test]
async fn each_source_wears_what_it_says_itself() {
    let ssvc = |id: &str, value: &str| {
        let adp = format!(
            r#""adp": [{{"providerMetadata": {{"orgId": "00000000-0000-4000-8000-000000000001", "shortName": "CISA-ADP"}},
                "metrics": [{{"other": {{"type": "ssvc", "content": {{"id": "{id}", "role": "CISA Coordinator",
                "version": "2.0.3", "timestamp": "2024-03-03T00:00:00Z",
                "options": [{{"Exploitation": "{value}"}}]}}}}}}]}}], "cna""#
        );
        cve(id).replace("\"cna\"", &adp)
    };
    let ids = ["CVE-2024-1", "CVE-2024-2", "CVE-2024-3"];
    let centre =
        Centre::with(&[cve(ids[0]), ssvc(ids[1], "none"), ssvc(ids[2], "active"), kev(&ids, "2024-05-05")]);
    for (id, worn, is_disputed) in [(ids[0], 1, false), (ids[1], 1, true), (ids[2], 2, false)] {
        let (_, _, body) = centre.get(&format!("/v/{id}")).await;
        let table = body.split("Who says what").nth(1).unwrap().split("</table>").next().unwrap();
        assert_eq!(table.matches(">exploited<").count(), worn, "{id}: {table}");
        assert_eq!(table.contains("about whether it is exploited."), is_disputed, "{id}: {table}");
        assert_eq!(table.contains("Nothing differs"), !is_disputed, "{id}: {table}");
    }
}

#[tokio::test]
async fn versions_of_a_product_of_the_same_name_are_compared() {
    let one = osv("PYSEC-2024-1", "django", "3.2.4", "2024-05-05");
    let aliased = |fixed: &str| {
        osv("GHSA-2024-1", "Django", fixed, "2024-05-05")
            .replace("\"summary\"", "\"aliases\": [\"PYSEC-2024-1\"], \"summary\"")
    };
    for (fixed, words) in
        [("3.2.4", "Nothing differs"), ("3.2.5", "about the affected and the fixed versions of PyPI/")]
    {
        let centre = Centre::with(&[one.clone(), aliased(fixed)]);
        let (_, _, body) = centre.get("/v/PYSEC-2024-1").await;
        assert!(body.contains(words), "{fixed}: {body}");
    }
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

/// A CVE id that only a document about several flaws names has a page that leads there; programs, who ask for a
/// record, hear that there is none.
#[tokio::test]
async fn an_id_that_no_record_has_leads_to_what_is_about_it() {
    let several = |id: &str| {
        osv(id, "django", "1", "2024-05-05")
            .replace("\"summary\"", "\"upstream\": [\"CVE-2018-11451\", \"CVE-2018-11452\"], \"summary\"")
    };
    let centre = Centre::with(&[several("PYSEC-2024-1"), several("PYSEC-2024-2"), cve("CVE-2018-11452")]);
    let (status, headers, body) = centre.get("/v/cve-2018-11451").await;
    assert_eq!((status, headers["x-robots-tag"].as_bytes()), (StatusCode::OK, &b"noindex"[..]));
    for part in [
        "<h1>CVE-2018-11451</h1>",
        "No record here has this id. These are about it:",
        "/v/PYSEC-2024-1",
        "/v/PYSEC-2024-2",
        ">OSV<",
        "2024-01-01",
        "A flaw in django",
    ] {
        assert!(body.contains(part), "{part}: {body}");
    }
    assert_eq!(centre.get("/v/CVE-2018-11453").await.0, StatusCode::NOT_FOUND);
    for place in
        ["/v1/vulns/CVE-2018-11451", "/api/vulnerability/CVE-2018-11451", "/api/enisaid?id=CVE-2018-11451"]
    {
        assert_eq!(centre.get(place).await.0, StatusCode::NOT_FOUND, "{place}");
    }
    let (_, _, body) = centre.get("/?q=CVE-2018-11451").await;
    assert!(body.contains("/v/PYSEC-2024-1") && body.contains("2 records"), "the text finds them: {body}");
}

/// CVE numbering authority rules, 4.2: each CVE id is one vulnerability.
#[tokio::test]
async fn of_several_cve_ids_none_is_also_known_as_another() {
    let evil = osv("EVIL-1", "django", "1", "2024-05-05")
        .replace("\"summary\"", "\"aliases\": [\"CVE-2024-1\", \"CVE-2024-2\", \"GHSA-x\"], \"summary\"");
    let centre = Centre::with(&[evil, cve("CVE-2024-1"), cve("CVE-2024-2")]);
    let (_, _, body) = centre.get("/v/CVE-2024-1").await;
    assert!(!body.contains("Also known as") && !body.contains("CVE-2024-2"), "{body}");
    assert!(body.contains("Has to do with it") && body.contains("/v/EVIL-1"), "{body}");
    let (_, _, body) = centre.get("/v/EVIL-1").await;
    let names = body.split("Also known as").nth(1).unwrap().split("</ul>").next().unwrap();
    assert!(names.contains("GHSA-x") && !names.contains("CVE-2024-1"), "{body}");
    assert!(body.split("Has to do with it").nth(1).unwrap().contains("/v/CVE-2024-2"), "{body}");
}

/// A hostile record: what is compared with what was before takes time that grows with the square.
#[tokio::test]
async fn a_record_with_a_hundred_thousand_names_is_shown_at_once() {
    let aliases: Vec<String> = (0..100_000).map(|number| format!("\"EVIL-2024-{number}\"")).collect();
    let aliases = format!("\"aliases\": [{}], \"summary\"", aliases.join(","));
    let several = aliases.replace("EVIL-2024", "CVE-2024");
    let record =
        |id: &str, aliases: &str| osv(id, "django", "1", "2024-05-05").replace("\"summary\"", aliases);
    let centre = Centre::with(&[record("EVIL-1", &aliases), record("EVIL-2", &several)]);
    for (id, words) in
        [("EVIL-1", "99,900 more stand in the documents"), ("EVIL-2", "more stand in the documents")]
    {
        let began = std::time::Instant::now();
        let (status, _, body) = centre.get(&format!("/v/{id}")).await;
        // Comparing each with each took a minute.
        assert!(began.elapsed().as_secs() < 15, "{:?}", began.elapsed());
        assert!(status == StatusCode::OK && body.contains(words) && body.len() < 200_000, "{}", body.len());
    }
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

/// CVE schema, `solutions`: who is told what to do is not told that nobody says it.
#[tokio::test]
async fn what_sources_say_that_one_should_do_is_shown_with_who_says_so() {
    let bare = cve("CVE-2024-7").replace("\"tags\": [\"vendor-advisory\"]", "\"tags\": []");
    let said = "No source calls a version fixed";
    let named = "\"solutions\": [{\"lang\": \"en\", \"value\": \"Update the <Router>, see https://acme.example/u.\"}],
        \"workarounds\": [{\"lang\": \"en\", \"value\": \"Close the port.\"}], \"metrics\"";
    let told = bare.replace("CVE-2024-7", "CVE-2024-8").replace("\"metrics\"", named);
    let centre = Centre::with(&[bare, told]);
    let (_, _, body) = centre.get("/v/CVE-2024-7").await;
    assert!(body.contains(said), "{body}");
    let (_, _, body) = centre.get("/v/CVE-2024-8").await;
    assert!(!body.contains(said) && !body.contains("Ask the vendor"), "{body}");
    for part in [
        "<b>solution</b>, says acme in <a href=\"#says-0\">CVE-2024-8</a>",
        "Update the &lt;Router&gt;, see <a href=\"https://acme.example/u\"",
        "<b>workaround</b>",
        "Close the port.",
    ] {
        assert!(body.contains(part), "{part}: {body}");
    }
}

/// CSAF 2.0, 3.2.3.12: a remedy stands with the vulnerability that it is for, in an advisory about several.
#[tokio::test]
async fn what_advisories_about_several_flaws_say_of_one_stands_on_its_page() {
    let remedy = |text: &str| {
        format!(
            r#""remediations": [{{"category": "vendor_fix", "details": "{text}", "product_ids": ["P"]}}]"#
        )
    };
    let advisory = format!(
        r#"{{"document": {{"category": "csaf_security_advisory", "csaf_version": "2.0", "title": "Two flaws in Router",
            "publisher": {{"category": "vendor", "name": "Acme", "namespace": "https://acme.example"}},
            "tracking": {{"id": "ACME-2024-1", "status": "final", "version": "1", "revision_history": [],
                "initial_release_date": "2024-03-03T00:00:00Z", "current_release_date": "2024-03-03T00:00:00Z"}}}},
            "product_tree": {{"full_product_names": [{{"name": "Router 1", "product_id": "P"}}]}},
            "vulnerabilities": [{{"cve": "CVE-2024-1", {}}}, {{"cve": "CVE-2024-2", {}}}, {{"cve": "CVE-2024-3"}}]}}"#,
        remedy("Update to 2.0."),
        remedy("Close the port."),
    );
    let centre = Centre::with(&[advisory, cve("CVE-2024-1"), cve("CVE-2024-3")]);
    let said = "fix by the vendor</b><span class=\"quiet\"> (Router 1)</span>, says Acme in <a href=\"/v/ACME-2024-1\">";
    let what_to_do = async |id: &str| {
        let (_, _, body) = centre.get(&format!("/v/{id}")).await;
        body.split("What to do</h2>").nth(1).map(|part| part.split("</section>").next().unwrap().to_owned())
    };
    let own = what_to_do("CVE-2024-1").await.unwrap();
    assert!(own.contains(said) && own.contains("Update to 2.0."), "{own}");
    assert!(!own.contains("Close the port.") && !own.contains("No source names"), "{own}");
    let without_record = what_to_do("CVE-2024-2").await.unwrap();
    assert!(without_record.contains(said) && without_record.contains("Close the port."), "{without_record}");
    assert!(!without_record.contains("Update to 2.0."), "{without_record}");
    let untold = what_to_do("CVE-2024-3").await.unwrap();
    assert!(!untold.contains("ACME-2024-1"), "{untold}");
    let all = what_to_do("ACME-2024-1").await.unwrap();
    assert!(all.contains("</b> for CVE-2024-1") && all.contains("</b> for CVE-2024-2"), "{all}");
}
