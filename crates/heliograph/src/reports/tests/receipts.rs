//! Receipts: what they prove, to whom, and what they do not say.

use crate::testing::{Answer, Reported, TestApp};
use merkle::{Limits, Receipt, SigningKey, VerifierKey};
use serde_json::{Value, json};

fn by_api(app: &TestApp, report: &Reported<'_>) -> Answer {
    app.anonymous().post_json("/api/v1/reports/receipt", &json!({ "claim_code": report.claim }))
}

fn key(app: &TestApp) -> VerifierKey {
    app.anonymous().get("/log/key").text().trim().parse().unwrap()
}

/// A receipt is checked offline, with a key that is brought along.
#[test]
fn a_receipt_verifies_with_our_key_and_with_no_other() {
    let app = TestApp::new();
    let report = app.report();
    app.report();
    app.app.ledger.checkpoint_blocking().unwrap();
    let file = report.client.get("/my/receipt");
    assert_eq!(
        file.header("content-disposition"),
        format!("attachment; filename=\"{}.tlog-proof\"", report.id)
    );
    assert_eq!(file.bytes(), by_api(&app, &report).bytes());
    let receipt = Receipt::parse(file.text(), Limits::default()).unwrap();
    let verified = receipt.verify(&key(&app)).unwrap();
    let said: Value = serde_json::from_slice(&verified.canonical).unwrap();
    assert_eq!(said["kind"], "report.received");
    assert_eq!(said["stream"], format!("report/{}", report.id));
    assert_eq!(said["at"], "2026-11-24T10:00:00Z");
    assert_eq!(said["actor"], format!("reporter/{}", report.id));

    let stranger = SigningKey::from_seed("heliograph.invalid/log", [9; 32]).unwrap();
    assert!(receipt.verify(&stranger.verifier()).is_err());
    let mut bytes = file.text().as_bytes().to_vec();
    let place = file.text().find("extra ").unwrap() + 60;
    bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
    let forged = Receipt::parse(std::str::from_utf8(&bytes).unwrap(), Limits::default());
    assert!(forged.and_then(|forged| forged.verify(&key(&app))).is_err());
}

/// Checkpoints come at an interval; before the next one the answer is "soon", never an unsigned paper.
#[test]
fn a_receipt_that_is_not_signed_yet_is_asked_for_again() {
    let app = TestApp::new();
    let report = app.report();
    for answer in [report.client.get("/my/receipt"), by_api(&app, &report)] {
        assert_eq!((answer.status(), answer.header("retry-after")), (503, "1"), "{}", answer.text());
    }
    app.app.ledger.checkpoint_blocking().unwrap();
    let first = report.client.get("/my/receipt");
    assert_eq!(first.status(), 200);
    // What was proven stays proven as the log grows.
    app.report();
    app.app.ledger.checkpoint_blocking().unwrap();
    let receipt = Receipt::parse(first.text(), Limits::default()).unwrap();
    assert!(receipt.verify(&key(&app)).is_ok());
}

/// What somebody said about awareness is in the receipt; what the report says is not.
#[test]
fn a_receipt_holds_the_stated_awareness_and_no_text() {
    let app = TestApp::new();
    let report = app.report_with(&[
        ("for_manufacturer", "yes"),
        ("aware", "2026-11-24T08:30"),
        ("aware_zone", "Europe/Berlin"),
    ]);
    app.app.ledger.checkpoint_blocking().unwrap();
    let receipt = Receipt::parse(report.client.get("/my/receipt").text(), Limits::default()).unwrap();
    let said: Value = serde_json::from_slice(&receipt.verify(&key(&app)).unwrap().canonical).unwrap();
    let mut body = said["body"].clone();
    for drawn in ["/claim_hash", "/text/item", "/text/commitment"] {
        *body.pointer_mut(drawn).unwrap() = "…".into();
    }
    let expected = json!({
        "text": { "item": "…", "commitment": "…" },
        "proof_of_concept": null,
        "files": [],
        "exploited": false,
        "public": false,
        "planned": null,
        "aware": { "at": "2026-11-24T07:30:00Z", "zone": "Europe/Berlin" },
        "for_manufacturer": true,
        "anonymous": true,
        "claim_hash": "…",
        "via": "web",
    });
    assert_eq!(body, expected);
}
