//! A bill of materials on its page and over the API; nothing of it is kept.

use super::Centre;
use super::fixtures::osv;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};

const BILL: &str = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {"component": {"name": "Gateway <4>", "version": "4.2"}},
    "components": [{"name": "django", "version": "4.2", "purl": "pkg:pypi/django@4.2"},
        {"name": "ours", "version": "1", "purl": "pkg:generic/ours@1"}]}"#;

const VEX: &str = r#"{"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.org/vex", "author": "Maker",
    "timestamp": "2026-10-01T00:00:00Z", "statements": [{"vulnerability": {"name": "PYSEC-2024-1"},
        "products": [{"@id": "pkg:pypi/django@4.2"}], "status": "not_affected", "justification": "component_not_present"}]}"#;

fn centre() -> Centre {
    Centre::with(&[osv("PYSEC-2024-1", "django", "4.2.5", "2024-05-05")])
}

/// A form with these files and one field.
async fn send(centre: &Centre, wanted: &str, files: &[(&str, &str)]) -> (StatusCode, String, String) {
    let mut body = format!("--XX\r\ncontent-disposition: form-data; name=\"as\"\r\n\r\n{wanted}\r\n");
    for (name, text) in files {
        body += &format!(
            "--XX\r\ncontent-disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n{text}\r\n"
        );
    }
    body += "--XX--\r\n";
    let request = Request::post("/sbom")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=XX")
        .body(Body::from(body));
    let (status, headers, body) = centre.ask(request.unwrap()).await;
    if status.is_success() {
        assert_eq!(headers[header::CACHE_CONTROL], "no-store", "a bill of materials is confidential");
    }
    (status, headers[header::CONTENT_TYPE].to_str().unwrap().to_owned(), body)
}

#[tokio::test]
async fn a_page_says_which_parts_are_affected_and_what_the_maker_says() {
    let centre = centre();
    let (status, _, page) = centre.get("/sbom").await;
    assert!(status.is_success() && page.contains("Which of my parts are affected?"));
    let (status, _, page) = send(&centre, "", &[("bom.json", BILL)]).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    for part in [
        "Known vulnerabilities of Gateway &lt;4&gt;",
        "1 finding stands",
        "href=\"/v/PYSEC-2024-1\"",
        "4.2.5",
        "ours 1: no records are kept by packages of this type",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    // The documents are told apart by what is in them, in any order.
    let (_, _, page) = send(&centre, "", &[("vex.json", VEX), ("bom.json", BILL)]).await;
    for part in
        ["0 findings stand", "1 answered by VEX", "Maker says: <b>not affected</b> (component not present)"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
}

/// What is not heard is told, in every form: beside it others are.
#[tokio::test]
async fn statements_that_are_not_heard_are_counted_in_every_form() {
    let centre = centre();
    let other = VEX.replace("pkg:pypi/django@4.2", "pkg:pypi/flask");
    let note = "1 statement of VEX is not heard: it is about no product that is in the bill";
    for wanted in ["", "html", "csv", "sarif", "json"] {
        let files = [("bom.json", BILL), ("vex.json", VEX), ("other.json", other.as_str())];
        let (_, _, body) = send(&centre, wanted, &files).await;
        assert_eq!(body.matches(note).count(), 1, "{wanted}: {body}");
        let (_, _, body) = send(&centre, wanted, &files[..2]).await;
        assert!(!body.contains("not heard"), "{wanted}: {body}");
    }
}

/// CycloneDX, "BOM-Link": VEX apart from the bill, in the same format, names its parts by links.
#[tokio::test]
async fn cyclonedx_that_lists_no_parts_is_vex_beside_a_bill() {
    let centre = centre();
    let bill = r#"{"bomFormat": "CycloneDX", "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79", "version": 2,
        "components": [{"bom-ref": "pkg:pypi/django@4.2", "name": "django", "purl": "pkg:pypi/django@4.2"}]}"#;
    let vex = r#"{"bomFormat": "CycloneDX", "metadata": {"supplier": {"name": "Kestrel"}}, "vulnerabilities": [{"id": "PYSEC-2024-1",
        "analysis": {"state": "false_positive"}, "affects": [{"ref": "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/2#pkg:pypi/django@4.2"}]}]}"#;
    for files in [[("vex.json", vex), ("bom.json", bill)], [("bom.json", bill), ("vex.json", vex)]] {
        let (_, _, page) = send(&centre, "", &files).await;
        for part in ["bom.json", "0 findings stand", "Kestrel says: <b>not affected</b>"] {
            assert!(page.contains(part), "{part}: {page}");
        }
    }
    let (status, _, page) = send(&centre, "", &[("bom.json", bill), ("again.json", bill)]).await;
    assert!(
        status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("a second bill of materials"),
        "{page}"
    );
    // Alone it is a bill of nothing.
    let (_, _, page) = send(&centre, "", &[("vex.json", vex)]).await;
    assert!(page.contains("0 parts in"), "{page}");
    let (status, _, page) = send(&centre, "", &[("vex.json", vex), ("more.json", vex)]).await;
    assert!(
        status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("A bill of materials is needed"),
        "{page}"
    );
}

#[tokio::test]
async fn the_report_is_taken_along_in_four_formats() {
    let centre = centre();
    for (wanted, kind, part) in [
        ("html", "text/html; charset=utf-8", "<title>Known vulnerabilities of Gateway &lt;4&gt;</title>"),
        ("csv", "text/csv; charset=utf-8", "django,4.2,pkg:pypi/django@4.2,PYSEC-2024-1,affected,"),
        ("sarif", "application/sarif+json", "\"ruleId\":\"PYSEC-2024-1\""),
        ("json", "application/json", "\"fixed\":[\"4.2.5\"]"),
    ] {
        let (_, found, body) = send(&centre, wanted, &[("bom.json", BILL)]).await;
        assert!(found == kind && body.contains(part), "{wanted}: {found} {body}");
        let (status, body) = centre.post(&format!("/api/v1/sbom?format={wanted}"), BILL).await;
        assert!(status.is_success() && body.contains(part), "{wanted}: {body}");
    }
    let (status, body) = centre.post("/api/v1/sbom?format=pdf", BILL).await;
    assert!(
        status == StatusCode::UNPROCESSABLE_ENTITY && body.contains("One of json, sarif, csv, html."),
        "{body}"
    );
}

#[tokio::test]
async fn what_is_no_bill_is_refused_with_file_and_reason() {
    let centre = centre();
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    for (files, part) in [
        (vec![], "A bill of materials is needed."),
        (vec![("vex.json", VEX)], "A bill of materials is needed."),
        (vec![("a.json", BILL), ("b.json", BILL)], "b.json: a second bill of materials"),
        (
            vec![
                ("bom.json", BILL),
                (
                    "vex.json",
                    r#"{"bomFormat": "CycloneDX", "vulnerabilities": [{"id": "PYSEC-2024-1", "analysis": {"state": "resolved"}, "affects": [{"ref": "nobody"}]}]}"#,
                ),
            ],
            "vex.json: /vulnerabilities: no statement about a part",
        ),
        (vec![("x.txt", "hello")], "x.txt: "),
        (vec![("deep.json", deep.as_str())], "nested deeper than 64 levels"),
        (
            vec![("osv.json", r#"{"id": "X-1", "modified": "2024-01-01T00:00:00Z", "affected": []}"#)],
            "no statement of VEX",
        ),
        (
            vec![(
                "spdx4.json",
                r#"{"@context": "https://spdx.org/rdf/4.0.0/spdx-context.jsonld", "@graph": []}"#,
            )],
            "spdx4.json: ",
        ),
    ] {
        let (status, _, body) = send(&centre, "", &files).await;
        assert!(
            status == StatusCode::UNPROCESSABLE_ENTITY && body.contains(part),
            "{files:?}: {status} {body}"
        );
    }
    let large = "x".repeat((16 << 20) + 1);
    let (status, body) = centre.post("/api/v1/sbom", large).await;
    assert!(status == StatusCode::PAYLOAD_TOO_LARGE && body.contains("at most 16 MiB"), "{status} {body}");
}

/// SBOM in: the five notations in which bills travel come to the same finding.
#[tokio::test]
async fn a_bill_is_answered_for_in_every_notation() {
    let centre = centre();
    let xml = r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.5"><components><component type="library">
        <name>django</name><version>4.2</version><purl>pkg:pypi/django@4.2</purl></component></components></bom>"#;
    let lines = "SPDXVersion: SPDX-2.3\nPackageName: django\nSPDXID: SPDXRef-1\nPackageVersion: 4.2\n\
        ExternalRef: PACKAGE-MANAGER purl pkg:pypi/django@4.2\n";
    let spdx_2 = r#"{"spdxVersion": "SPDX-2.3", "packages": [{"SPDXID": "SPDXRef-1", "name": "django", "versionInfo": "4.2",
        "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:pypi/django@4.2"}]}]}"#;
    let spdx_3 = r#"{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [{"type": "software_Package",
        "spdxId": "urn:1", "name": "django", "software_packageUrl": "pkg:pypi/django@4.2"}]}"#;
    for bill in [BILL, xml, lines, spdx_2, spdx_3] {
        let (status, text) = centre.post("/api/v1/sbom", bill).await;
        assert_eq!(status, StatusCode::OK, "{text}");
        let report: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(report["findings"][0]["id"], "PYSEC-2024-1", "{bill}");
    }
}

/// Every costly door has a limit that its refusal names.
#[tokio::test]
async fn one_address_asks_about_so_many_bills_in_an_hour() {
    let centre = centre();
    for _ in 0..300 {
        assert_eq!(centre.post("/api/v1/sbom", "{}").await.0, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let (status, text) = centre.post("/api/v1/sbom", BILL).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert!(text.contains("At most 300 bills of materials from one address in 60 minutes"), "{text}");
    assert_eq!(send(&centre, "", &[("bom.json", BILL)]).await.0, StatusCode::TOO_MANY_REQUESTS);
}
