//! The queue and the coordinator's decisions, by program.

use crate::access::{Permission, Role};
use crate::testing::{Client, TestApp};
use serde_json::{Value, json};

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect()
}

fn program<'a>(app: &'a TestApp) -> Client<'a> {
    app.token(&app.account(&[Role::Coordinator]), &[Permission::ViewDesk, Permission::Triage])
}

#[test]
fn the_queue_is_filtered_by_state_exploitation_and_age() {
    let app = TestApp::new();
    let old = app.report();
    app.advance(48);
    let (fresh, exploited) = (app.report(), app.report_with(&[("exploited", "yes")]));
    let desk = program(&app);
    let decline = format!("/api/v1/reports/{}/decline", fresh.id);
    assert_eq!(desk.post_json(&decline, &json!({ "reason": "zinnober" })).status(), 204);
    let list = |query: &str| desk.get(&format!("/api/v1/reports?{query}")).json();
    let [old, fresh, exploited] = [&old.id, &fresh.id, &exploited.id].map(|id| id.as_str());
    assert_eq!(ids(&list("")), [exploited, old, fresh], "exploited first, then by age");
    assert_eq!(ids(&list("state=received")), [exploited, old]);
    assert_eq!(ids(&list("state=declined")), [fresh]);
    assert_eq!(ids(&list("exploited=true")), [exploited]);
    assert_eq!(ids(&list("exploited=false&older_than_hours=48")), [old]);
    assert_eq!(ids(&list("older_than_hours=49")), [""; 0]);
    for (query, field) in [
        ("state=open", "state"),
        ("exploited=1", "exploited"),
        ("older_than_hours=-1", "older_than_hours"),
        ("older_than=1", "address"),
    ] {
        assert_eq!(desk.get(&format!("/api/v1/reports?{query}")).wrong_field(), field, "{query}");
    }
}

/// A retry after a lost answer, or a colleague who was faster, changes nothing and says so.
#[test]
fn whoever_decided_on_an_older_state_is_told_to_look_again() {
    let app = TestApp::new();
    let report = app.report();
    let desk = program(&app);
    let place = format!("/api/v1/reports/{}", report.id);
    let before = app.size();
    let tag = desk.get(&place).header("etag").to_owned();
    assert_eq!(app.kinds_since(before), ["sealed.read"], "the read stands there before the answer");
    let message = json!({ "message": "Which zinnober?" });
    let careful = desk.with("if-match", &tag);
    assert_eq!(careful.post_json(&format!("{place}/messages"), &message).status(), 204);
    let other = app.report();
    let size = app.size();
    for (what, body) in [
        ("messages", message.clone()),
        ("accept", json!({})),
        ("decline", json!({ "reason": "zinnober" })),
        ("duplicate", json!({ "of": other.id.as_str() })),
    ] {
        let answer = careful.post_json(&format!("{place}/{what}"), &body);
        assert_eq!((answer.status(), &answer.json()["type"]), (412, &json!("/problems/changed")), "{what}");
    }
    assert_eq!(app.size(), size);
    for wrong in ["x", "\"", "\"a\"b\"", "W/\"1\""] {
        let answer = desk.with("if-match", wrong).post_json(&format!("{place}/messages"), &message);
        assert_eq!(answer.wrong_field(), "If-Match", "{wrong}");
    }
    assert_eq!(desk.with("if-match", "*").post_json(&format!("{place}/messages"), &message).status(), 204);
}

#[test]
fn a_reporter_follows_and_answers_by_program() {
    let app = TestApp::new();
    let (report, anyone) = (app.report(), app.anonymous());
    let say = |text: &str| json!({ "claim_code": report.claim, "message": text });
    assert_eq!(anyone.post_json("/api/v1/reports/messages", &say("Version zinnober.")).status(), 204);
    assert_eq!(anyone.post_json("/api/v1/reports/messages", &say(" ")).wrong_field(), "message");
    let found = anyone.post_json("/api/v1/reports/timeline", &json!({ "claim_code": report.claim })).json();
    assert_eq!(found[1]["words"], "The reporter wrote:");
    assert_eq!(found[1]["text"], "Version zinnober.");
    let wrong = json!({ "claim_code": "0000-0000-0000-0000-0000-0000-0000-0000", "message": "x" });
    assert_eq!(anyone.post_json("/api/v1/reports/messages", &wrong), anyone.get("/api/v1/nowhere"));
}
