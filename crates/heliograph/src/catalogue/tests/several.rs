//! Pages about documents that speak of several vulnerabilities.

use super::Centre;
use super::fixtures::{csaf, cve};
use axum::http::{StatusCode, header};

/// CSAF 2.0, 3.2.3: status and scores stand with each vulnerability of a document.
#[tokio::test]
async fn a_document_about_several_vulnerabilities_answers_for_each() {
    let flaws: [(&str, &[(&str, u32)]); 3] = [
        ("CVE-2024-1", &[("known_affected", 1)]),
        ("CVE-2024-2", &[("known_not_affected", 1), ("known_affected", 2)]),
        ("CVE-2024-3", &[("under_investigation", 1)]),
    ];
    let centre = Centre::with(&[csaf("K-1", &flaws), cve("CVE-2024-1")]);
    let text = |body: &str| {
        let parts = body.split('<').map(|part| part.split_once('>').map_or("", |(_, text)| text));
        let words: Vec<&str> = parts.flat_map(str::split_whitespace).collect();
        words.join(" ")
    };
    let (_, _, body) = centre.get("/v/K-1?package=kettle&version=1.0.0").await;
    let text_of_box = text(&body);
    let each = "Vulnerability by vulnerability: CVE-2024-1 affected Critical 9.8 \
                CVE-2024-3 cannot be decided not graded CVE-2024-2 not affected";
    assert!(text_of_box.contains(each), "{text_of_box}");
    let apart = "Affected versions CVE-2024-1 Critical 9.8 Product or package Versions kettle affected 1.0.0 \
                 CVE-2024-2 not graded Product or package Versions kettle affected 2.0.0 not affected 1.0.0 \
                 CVE-2024-3 not graded Product or package Versions kettle being looked into 1.0.0";
    assert!(text_of_box.contains(apart), "{text_of_box}");
    assert!(body.contains("<li id=\"flaw-CVE-2024-2\"><a href=\"/v/CVE-2024-2\">"), "{body}");
    let (_, _, body) = centre.get("/affected?vendor=kettle&product=kettle&version=1.0.0").await;
    let text_of_page = text(&body);
    assert!(text_of_page.contains("affected 1 record says so; 1 leaves it open."), "{text_of_page}");
    for part in ["says <a href=\"/v/K-1\">K-1</a>", "href=\"/v/CVE-2024-1\"", "href=\"/v/CVE-2024-3\""] {
        assert!(body.contains(part), "{part}: {body}");
    }
    assert!(!body.contains("/v/CVE-2024-2"), "{body}");
}

/// CSAF 2.0, 3.2.3.13: scores stand with each vulnerability. That of the worst is not that of the others.
#[tokio::test]
async fn the_score_of_a_document_about_several_vulnerabilities_is_called_the_highest() {
    let said: &[(&str, u32)] = &[("known_affected", 1)];
    let scored = |id: &str, flaws: &[(&str, &[(&str, u32)])]| {
        let mut document: serde_json::Value = serde_json::from_str(&csaf(id, flaws)).unwrap();
        document["vulnerabilities"][0]["scores"] = serde_json::json!([{ "products": ["P1"], "cvss_v3": { "version": "3.1",
            "baseScore": 9.8, "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" } }]);
        document.to_string()
    };
    let several = scored("K-1", &[("CVE-2024-1", said), ("CVE-2024-2", said), ("CVE-2024-3", said)]);
    let centre = Centre::with(&[several, scored("K-2", &[("CVE-2024-4", said)])]);
    let highest = "9.8</span><div class=\"quiet\">highest of 3</div>";
    // Hits, and what is about an id that no record has.
    for page in ["/?q=kettle", "/v/CVE-2024-2"] {
        let (_, _, page) = centre.get(page).await;
        assert_eq!(page.matches(highest).count(), 1, "{page}");
        assert_eq!(page.matches("highest of").count(), 1, "one CVE id has its own score: {page}");
    }
    let (_, _, page) = centre.get("/v/K-1").await;
    assert!(page.contains("9.8</span> <span class=\"quiet\">highest of 3</span>"), "{page}");
    let (_, _, list) = centre.get("/api/v1/records?q=K-1").await;
    assert!(list.contains("\"score\":9.8,\"vulnerabilities\":3"), "{list}");
    let (_, _, feed) = centre.get("/feeds/search.atom?q=kettle&order=changed").await;
    assert!(feed.contains("CVSS 9.8, the highest of 3. ") && feed.contains("CVSS 9.8. "), "{feed}");
    // Of one of them it is the score of that.
    let (_, _, page) = centre.get("/affected?vendor=kettle&product=kettle&version=1.0.0").await;
    assert!(page.contains("/v/CVE-2024-1\"") && !page.contains("highest of"), "{page}");
    // 3.2.3.2: one without a CVE id counts as well.
    let flaws = [("CVE-2024-5", said), ("CVE-2024-6", said), ("CVE-2024-7", said)];
    let nameless =
        scored("K-3", &flaws).replace(r#""cve":"CVE-2024-6","#, "").replace(r#""cve":"CVE-2024-7","#, "");
    let centre = Centre::with(&[nameless]);
    let (_, _, page) = centre.get("/v/K-3").await;
    assert!(page.contains("9.8</span> <span class=\"quiet\">highest of 3</span>"), "{page}");
    let (_, _, list) = centre.get("/api/v1/records?q=K-3").await;
    assert!(list.contains("\"score\":9.8,\"vulnerabilities\":3"), "{list}");
}

/// CSAF 2.0, 3.2.3.2: a vulnerability need not have a CVE id, and what it is called then has no page of its own.
#[tokio::test]
async fn a_vulnerability_without_a_cve_id_is_linked_to_its_place_in_the_advisory() {
    let said: &[(&str, u32)] = &[("known_affected", 1)];
    let text =
        csaf("K-1", &[("CVE-2024-1", said), ("CVE-2024-2", said)]).replace(r#""cve":"CVE-2024-2","#, "");
    assert!(!text.contains("CVE-2024-2"));
    let centre = Centre::with(&[text]);
    let place = "/v/K-1#flaw-K-1--vulnerability-2";
    let (_, _, page) = centre.get("/affected?vendor=kettle&product=kettle&version=1.0.0").await;
    for link in [format!("href=\"{place}\">K-1, vulnerability 2<"), "href=\"/v/CVE-2024-1\"".to_owned()] {
        assert!(page.contains(&link), "{link}: {page}");
    }
    let (_, _, page) = centre.get("/v/K-1?package=kettle&version=1.0.0").await;
    assert!(page.contains(&format!("href=\"{place}\"")), "{page}");
    assert!(page.contains("<li id=\"flaw-K-1--vulnerability-2\">K-1, vulnerability 2 "), "{page}");
    let bill =
        r#"{"bomFormat": "CycloneDX", "components": [{"name": "kettle", "purl": "pkg:npm/kettle@1.0.0"}]}"#;
    let (_, page) = centre.post("/api/v1/sbom?format=html", bill).await;
    assert!(page.contains("<b>K-1, vulnerability 2</b>"), "{page}");
    // Whoever has but the name is led there.
    let (status, headers, _) = centre.get("/v/K-1%2C%20vulnerability%202").await;
    assert_eq!((status, headers[header::LOCATION].to_str().unwrap()), (StatusCode::SEE_OTHER, place));
    for nothing in ["K-2%2C%20vulnerability%202", "K-1%2C%20vulnerability%203", "K-1%2C%20vulnerability%20"] {
        assert_eq!(centre.get(&format!("/v/{nothing}")).await.0, StatusCode::NOT_FOUND, "{nothing}");
    }
}

#[tokio::test]
async fn vulnerabilities_that_a_page_leaves_out_are_counted_with_those_that_are_folded() {
    let kinds = [1, 2, 3].map(|version| ("known_affected", version));
    let kinds: Vec<(&str, u32)> =
        kinds.into_iter().chain([1, 2, 3].map(|version| ("fixed", version))).collect();
    let different = |number: u32| {
        let chosen = kinds.iter().enumerate().filter(|(place, _)| number & (1 << place) != 0);
        (format!("CVE-2024-{number}"), chosen.map(|(_, kind)| *kind).collect())
    };
    let all: Vec<(String, Vec<(&str, u32)>)> = (1..=40).map(different).collect();
    let flaws: Vec<(&str, &[(&str, u32)])> =
        all.iter().map(|(cve, said)| (cve.as_str(), said.as_slice())).collect();
    let (_, _, page) = Centre::with(&[csaf("K-1", &flaws)]).get("/v/K-1").await;
    for part in ["<summary>37 more vulnerabilities</summary>", "10 more stand in the document itself."] {
        assert!(page.contains(part), "{part}: {page}");
    }
}
