//! Bad input is refused by its field, and nothing changes.

use crate::access::Role;
use crate::testing::TestApp;
use crate::testing::clearance::person;
use serde_json::json;

#[test]
fn wrong_acts_are_refused_by_their_field() {
    let app = TestApp::new();
    let (case, office) = (app.case(), app.office());
    let who = person(&case.desk);
    let before = app.size();
    let clearance = |name: &str, value: &str| {
        let mut act = json!({ "act": "record_clearance", "scheme": "de-sueg", "level": "ue2", "authority": "bmi",
            "granted": "2026-10-01T08:00:00Z", "until": "2027-10-01T08:00:00Z" });
        act[name] = json!(value);
        act
    };
    for (act, field) in [
        (clearance("scheme", "zinnober"), "scheme"),
        (clearance("level", "ue4"), "level"),
        (clearance("authority", "zinnober"), "authority"),
        (clearance("granted", "yesterday"), "granted"),
        (clearance("until", "2027-10-01"), "until"),
        (clearance("until", "2026-11-01T08:00:00Z"), "until"),
        (json!({ "act": "brief", "until": "2026-11-24T10:00:00Z" }), "until"),
        (json!({ "act": "set_review", "at": "2046-11-24T10:00:00Z" }), "at"),
        (json!({ "act": "join", "case": case.id.as_str() }), "case"),
        (json!({ "act": "join", "case": "zinnober" }), "document"),
        (json!({ "act": "give_function", "function": "zinnober", "confidential": true }), "document"),
        (json!({ "act": "brief" }), "document"),
        (json!({ "act": "zinnober" }), "document"),
    ] {
        assert_eq!(office.act(&who, &act).wrong_field(), field, "{act}");
    }
    for nobody in ["zinnober", "0000000000000000"] {
        assert_eq!(office.act(nobody, &json!({ "act": "debrief" })).status(), 404);
    }
    for (asks, field) in [("zinnober", "asks"), ("de-sueg/ue9", "asks"), ("de-sueg", "asks"), ("/", "asks")] {
        let body = json!({ "case": case.id.as_str(), "asks": asks }).to_string().into_bytes();
        let answer = office.first.send("PUT", "/api/v1/classifications", Some("application/json"), body);
        assert_eq!(answer.wrong_field(), field);
        let form = case.desk.post_form(&case.place("/classify"), &[("asks", asks)]);
        assert_eq!(form.status(), 422);
    }
    let unknown = json!({ "case": "HEL-2026-999999", "asks": "de-sueg/ue1" }).to_string().into_bytes();
    let answer = office.first.send("PUT", "/api/v1/classifications", Some("application/json"), unknown);
    assert_eq!(answer.wrong_field(), "case");
    assert_eq!(app.size(), before);
}

#[test]
fn wrong_words_about_oneself_are_refused_by_their_field() {
    let app = TestApp::new();
    let desk = app.account(&[Role::Coordinator]);
    let (before, long) = (app.size(), "x".repeat(20_001));
    for (act, pairs, field) in [
        ("year", [("interest", "maybe")], "interest"),
        ("interest", [("case", "zinnober")], "case"),
        ("recuse", [("case", "")], "case"),
        ("foreign-interest", [("words", " ")], "words"),
        ("foreign-interest", [("words", &*long)], "words"),
        ("correction", [("correction", &*long)], "correction"),
    ] {
        let answer = desk.post_form(&format!("/me/{act}"), &pairs);
        assert_eq!(answer.status(), 422, "{act}");
        assert!(answer.text().contains(&format!("It is about: {field}")), "{}", answer.text());
    }
    assert_eq!(desk.post_form("/me/zinnober", &[]).status(), 404);
    assert_eq!(app.size(), before);
    // Whether there is such a case is not said: the answer is the same.
    let there = desk.post_form("/me/interest", &[("case", "HEL-2026-000001")]);
    assert_eq!(there.status(), 303);
}
