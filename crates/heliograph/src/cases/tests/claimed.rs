//! A reporter's program takes part in the case with the claim code, as she does in the browser.

use crate::testing::TestApp;
use serde_json::{Value, json};

#[test]
fn a_reporter_takes_part_in_the_case_by_program() {
    let app = TestApp::new();
    let case = app.case();
    let (_, vendor) = case.vendor("Nordwind");
    let anyone = app.anonymous();
    let ask = |what: &str, more: Value| {
        let mut document = more;
        document["claim_code"] = json!(case.report.claim);
        anyone.post_json(&format!("/api/v1/reports/{what}"), &document)
    };
    let said = ask("case/messages", json!({ "to": "everyone", "message": "The zinnober fix holds." }));
    assert_eq!(said.status(), 204, "{}", said.text());
    assert!(vendor.get(&case.place("")).text().contains("The zinnober fix holds."));

    let before = app.size();
    let seen = ask("case", json!({})).json();
    assert_eq!(app.kinds_since(before), ["sealed.read"], "the read stands there before the answer");
    assert_eq!((&seen["id"], &seen["participants"]), (&json!(case.id.as_str()), &json!([])));
    let told =
        seen["timeline"].as_array().unwrap().iter().any(|moment| moment["text"] == "The zinnober fix holds.");
    assert!(told, "{seen:#}");

    let sooner = json!({ "end": "2026-12-20T12:00:00Z" });
    let place = format!("/api/v1/cases/{}/embargo/proposals", case.id);
    assert_eq!(case.desk.post_json(&place, &sooner).status(), 204);
    assert_eq!(ask("case/terms", json!({ "answer": "accept" })).status(), 204);
    assert_eq!(ask("case", json!({})).json()["embargo"]["end"], "2026-12-20T12:00:00Z");
    assert_eq!(ask("case/proposals", json!({ "end": "2026-12-22T12:00:00Z" })).status(), 204);
    assert_eq!(ask("case", json!({})).json()["embargo"]["proposals"][0]["by"], "you");

    let reads = ask("reads", json!({ "page": 1 })).json();
    for wrong in [0, 10_001] {
        assert_eq!(ask("reads", json!({ "page": wrong })).wrong_field(), "page", "{wrong}");
        assert_eq!(ask("case", json!({ "page": wrong })).wrong_field(), "page", "{wrong}");
    }
    assert!(reads.as_array().unwrap().iter().any(|read| read["who"] == "organisation 1"), "{reads:#}");
    assert!(reads.as_array().unwrap().iter().all(|read| read["role"] != "reporter"), "{reads:#}");

    assert_eq!(ask("case/leave", json!({})).status(), 204);
    for gone in ["case", "case/leave", "case/advisory"] {
        assert_eq!(ask(gone, json!({})), anyone.get("/api/v1/nowhere"), "{gone}");
    }
    assert_eq!(ask("status", json!({})).status(), 200, "her report stays hers");
}

#[test]
fn a_claim_code_opens_one_case_and_no_other() {
    let app = TestApp::new();
    let (case, waiting) = (app.case(), app.report());
    let anyone = app.anonymous();
    let nobody = "0000-0000-0000-0000-0000-0000-0000-0000";
    for code in [nobody, waiting.claim.as_str()] {
        for what in ["case", "case/advisory", "case/leave"] {
            let answer = anyone.post_json(&format!("/api/v1/reports/{what}"), &json!({ "claim_code": code }));
            assert_eq!(answer, anyone.get("/api/v1/nowhere"), "{what}");
        }
    }
    let only = json!({ "claim_code": case.report.claim, "to": "HEL-R-2026-000002", "message": "x" });
    assert_eq!(anyone.post_json("/api/v1/reports/case/messages", &only).wrong_field(), "to");
}
