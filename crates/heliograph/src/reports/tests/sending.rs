//! Sending a report: drafts, the form, the API, and sending twice.

use crate::testing::{MARK, TestApp, report_form, report_json};
use serde_json::json;

const DRAFT: &str = "heliograph_draft";

fn reports(app: &TestApp) -> i64 {
    app.number("SELECT CAST(COUNT(*) AS BIGINT) FROM reports")
}

#[test]
fn a_report_with_files_comes_in_by_the_form_and_nothing_of_it_lies_open() {
    let app = TestApp::new();
    let client = app.anonymous();
    assert_eq!(client.get("/report").status(), 200);
    // Larger than a chunk of the vault, and than any form without files may be.
    let big: Vec<u8> = (0..3_000_000_u32).map(|i| (i % 251) as u8).collect();
    let files = [("files", "zinnober.bin", big.as_slice()), ("files", "note.txt", b"zinnober")];
    let more = [("exploited", "yes"), ("proof_of_concept", "zinnober.py"), ("public", "yes")];
    let sent = client.multipart("/report", &[report_form(), more.to_vec()].concat(), &files);
    let report = TestApp::reported(client, &sent);
    assert_eq!(report.id.as_str(), "HEL-R-2026-000001");
    assert_eq!(report.claim.len(), 39);
    assert!(sent.text().contains("24 Nov 2026, 10:00 UTC"), "{}", sent.text());
    assert_eq!(report.client.cookie(DRAFT), None, "the draft's key is forgotten");

    let desk = app.account(&[crate::access::Role::Coordinator]);
    for (which, bytes) in [("0", big.as_slice()), ("1", b"zinnober"), ("poc", b"zinnober.py")] {
        let file = desk.get(&format!("/desk/report/{}/exploit/{which}", report.id));
        assert_eq!((file.status(), file.header("content-type")), (200, "application/octet-stream"));
        assert!(file.header("content-disposition").starts_with("attachment"));
        assert!(file.bytes() == bytes, "{which} came out otherwise than it went in");
    }
    assert_eq!(desk.get(&format!("/desk/report/{}/exploit/2", report.id)).status(), 404);
    let page = desk.get(&format!("/desk/report/{}", report.id));
    for words in ["Zinnober Kettle", "zinnober.bin", "anonymous", "exploited", "public already"] {
        assert!(page.text().contains(words), "{words}");
    }
}

/// Drafts are sealed on the server with a key that only the browser holds.
#[test]
fn a_draft_survives_a_reload_and_nobody_else_can_read_it() {
    let app = TestApp::new();
    let client = app.anonymous();
    client.get("/report");
    let form = [("product", "Zinnober <Kettle>"), ("description", "zinnober\nvalve"), ("exploited", "yes")];
    assert_eq!(client.post_form("/report/draft", &form).status(), 303);
    let page = client.get("/report");
    assert!(page.text().contains("value=\"Zinnober &lt;Kettle&gt;\""), "{}", page.text());
    assert!(page.text().contains(">zinnober\nvalve</textarea>"));
    assert!(page.text().contains("name=\"exploited\" value=\"yes\" checked"));
    // What lies in the database is noise: every test's end looks for the mark in all tables.
    assert_eq!(app.number("SELECT CAST(COUNT(*) AS BIGINT) FROM drafts"), 1);
    assert!(!app.anonymous().get("/report").text().to_lowercase().contains(MARK));

    let secret = client.cookie(DRAFT).unwrap();
    let other = app.anonymous();
    other.set_cookie(DRAFT, &secret.chars().rev().collect::<String>());
    assert!(!other.get("/report").text().to_lowercase().contains(MARK));

    assert_eq!(client.post_form("/report/draft", &[("product", "zinnober 2")]).status(), 303);
    assert!(!client.get("/report").text().contains("valve"), "a later draft replaces the one before");
    app.advance(24 * 7);
    assert!(!client.get("/report").text().contains("zinnober"), "a draft waits for a week");
    assert_eq!(app.anonymous().post_form("/report/draft", &form).status(), 422, "no cookie, no draft");
}

#[test]
fn a_refused_form_comes_back_with_everything_that_was_written() {
    let app = TestApp::new();
    let client = app.anonymous();
    client.get("/report");
    let form = [("product", "Zinnober"), ("description", " "), ("impact", "much zinnober")];
    let back = client.multipart("/report", &form, &[]);
    assert_eq!(back.status(), 422);
    assert!(back.text().contains("href=\"#description\""), "{}", back.text());
    assert!(back.text().contains("much zinnober"));
    assert_eq!((reports(&app), app.size()), (0, 0));
}

/// A reporter whose connection broke after sending sees her code when she sends again.
#[test]
fn sending_the_same_draft_twice_gives_one_report_and_the_same_code() {
    let app = TestApp::new();
    let client = app.anonymous();
    client.get("/report");
    let draft = client.cookie(DRAFT).unwrap();
    let first = TestApp::reported(client.clone(), &client.multipart("/report", &report_form(), &[]));
    app.advance(1);
    client.set_cookie(DRAFT, &draft);
    let again = TestApp::reported(client.clone(), &client.multipart("/report", &report_form(), &[]));
    assert_eq!((&first.id, &first.claim), (&again.id, &again.claim));
    assert_eq!(reports(&app), 1);

    client.get("/report");
    let next = TestApp::reported(client.clone(), &client.multipart("/report", &report_form(), &[]));
    assert_ne!((&first.id, &first.claim), (&next.id, &next.claim), "a new form is a new report");
}

#[test]
fn the_same_idempotency_key_gives_one_report_and_the_same_code() {
    let app = TestApp::new();
    let sender = app.anonymous().with("idempotency-key", "0123456789abcdef");
    let first = sender.post_json("/api/v1/reports", &report_json());
    assert_eq!(first.status(), 201, "{}", first.text());
    app.advance(5);
    let again = sender.post_json("/api/v1/reports", &report_json());
    assert_eq!(first.json(), again.json(), "the receipt's time included");
    let other = app.anonymous().with("idempotency-key", "0123456789abcdeX");
    let other = other.post_json("/api/v1/reports", &report_json()).json();
    assert_ne!(first.json()["claim_code"], other["claim_code"]);
    let plain = || app.anonymous().post_json("/api/v1/reports", &report_json()).json();
    assert_ne!(plain()["tracking_number"], plain()["tracking_number"]);
    assert_eq!(reports(&app), 4);
    for wrong in ["too short", &"x".repeat(201)] {
        let answer = app.anonymous().with("idempotency-key", wrong);
        let answer = answer.post_json("/api/v1/reports", &report_json());
        assert_eq!(answer.wrong_field(), "Idempotency-Key");
    }
}

#[test]
fn a_program_sends_all_that_the_form_can_ask() {
    let app = TestApp::new();
    let body = json!({
        "report": {
            "product": "Zinnober Kettle", "vendor": "Zinnober Works", "versions": "1.0 zinnober",
            "description": "zinnober", "how_found": "zinnober", "impact": "zinnober",
            "exploited_evidence": "zinnober", "public_where": "zinnober",
            "contact": { "name": "Z. Zinnober", "address": "z@zinnober.example", "credit": true },
        },
        "exploited": true, "public": true, "for_manufacturer": true,
        "manufacturer_aware": "2026-11-24T09:15:00+01:00[Europe/Berlin]",
        "planned_publication": "2027-02-01T12:00:00Z",
        "proof_of_concept": "zinnober",
    });
    let sent = app.anonymous().post_json("/api/v1/reports", &body);
    assert_eq!(sent.status(), 201, "{}", sent.text());
    let accepted = json!({
        "tracking_number": "HEL-R-2026-000001",
        "claim_code": sent.json()["claim_code"],
        "received": "2026-11-24T10:00:00Z",
    });
    assert_eq!(sent.json(), accepted);
    let claim = json!({ "claim_code": sent.json()["claim_code"] });
    let status = app.anonymous().post_json("/api/v1/reports/status", &claim);
    let stands = json!({
        "tracking_number": "HEL-R-2026-000001",
        "state": "received",
        "case": null,
        "received": "2026-11-24T10:00:00Z",
    });
    assert_eq!(status.json(), stands);
}

#[test]
fn reports_are_numbered_anew_each_year() {
    let app = TestApp::new();
    assert_eq!(app.report().id.as_str(), "HEL-R-2026-000001");
    assert_eq!(app.report().id.as_str(), "HEL-R-2026-000002");
    app.advance(24 * 60);
    assert_eq!(app.report().id.as_str(), "HEL-R-2027-000001");
}

#[test]
fn thirty_reports_from_one_address_in_an_hour_and_no_more() {
    let app = TestApp::new();
    let sender = app.anonymous();
    for _ in 0..30 {
        assert_eq!(sender.post_json("/api/v1/reports", &report_json()).status(), 201);
    }
    let refused = sender.post_json("/api/v1/reports", &report_json());
    assert_eq!((refused.status(), refused.header("retry-after")), (429, "3600"));
    assert_eq!(app.anonymous().post_json("/api/v1/reports", &report_json()).status(), 201);
    app.advance(2);
    assert_eq!(sender.post_json("/api/v1/reports", &report_json()).status(), 201);
}
