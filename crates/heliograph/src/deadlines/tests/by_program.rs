//! Clocks, filings and drills over the API: the same commands under the same rules as the pages.

use super::{clock, due};
use crate::access::{Permission, Role};
use crate::testing::{Answer, Client, TestApp};
use serde_json::{Value, json};

const MANUFACTURER: [(&str, &str); 4] =
    [("for_manufacturer", "yes"), ("exploited", "yes"), ("aware", "2026-11-24T09:15"), ("aware_zone", "UTC")];

const SCOPES: [Permission; 4] =
    [Permission::ViewDesk, Permission::FollowDeadlines, Permission::CoordinateCase, Permission::KeepFiling];

fn send(client: &Client<'_>, method: &str, place: &str, body: &Value) -> Answer {
    client.send(method, place, Some("application/json"), body.to_string().into_bytes())
}

fn if_match(client: &Client<'_>, tag: &str) -> impl Fn(&str, &str, &Value) -> u16 {
    let client = client.with("if-match", tag);
    move |method, place, body| send(&client, method, place, body).status()
}

#[test]
fn a_program_reads_why_and_acts_on_what_it_has_seen() {
    let app = TestApp::new();
    let report = app.report_with(&MANUFACTURER);
    let desk = app.account(&[Role::Coordinator]);
    let program = app.token(&desk, &SCOPES);
    let place = format!("/api/v1/deadlines/{}", report.id);
    let read = program.get(&place);
    let tag = read.header("etag").to_owned();
    let reasons = program.get(&format!("{place}/why")).json();
    let warning = reasons.as_array().unwrap().iter().find(|one| one["duty"] == "aev.ew").unwrap().clone();
    assert_eq!((&warning["due"], &warning["debtor"]), (&json!("2026-11-25T09:15:00Z"), &json!("reporter")));
    assert!(
        warning["explain"].as_str().unwrap().contains("Anchor: aware at 2026-11-24 09:15 UTC"),
        "{warning}"
    );

    let fact = json!({ "debtor": "reporter", "anchor": "aware", "at": "2026-11-24T08:00:00Z", "evidence": "zinnober" });
    let facts = format!("{place}/facts");
    assert_eq!(if_match(&program, &tag)("POST", &facts, &fact), 204);
    assert_eq!(clock(&app, &report, "cra-art14/aev.ew"), due("running", "2026-11-25T08:00:00Z"));
    // What was seen is no longer what is there: nothing is changed.
    let size = app.size();
    for (method, what, body) in [
        ("POST", "facts", fact.clone()),
        (
            "PUT",
            "scope",
            json!({ "debtor": "reporter", "actors": [], "triggers": [], "jurisdictions": [], "zone": "UTC" }),
        ),
        ("POST", "keeper", json!(null)),
        (
            "POST",
            "waivers",
            json!({ "debtor": "reporter", "profile": "cra-art14", "duty": "aev.not",
            "ground": "already_provided", "reason": "zinnober" }),
        ),
    ] {
        assert_eq!(if_match(&program, &tag)(method, &format!("{place}/{what}"), &body), 412, "{what}");
    }
    assert_eq!(app.size(), size);
    assert_ne!(program.get(&place).header("etag"), tag);
    assert_eq!(program.get("/api/v1/deadlines/HEL-R-2026-999999").status(), 404);
    // A fact about a vendor belongs to one vendor.
    let told = json!({ "debtor": "centre", "anchor": "vendor_identified", "at": "2026-11-24T08:00:00Z", "evidence": "x" });
    assert_eq!(send(&program, "POST", &facts, &told).wrong_field(), "vendor");
}

#[test]
fn contradictions_are_listed_and_decided_by_program() {
    let app = TestApp::new();
    let report = app.report_with(&MANUFACTURER);
    let program = app.token(&app.account(&[Role::Coordinator]), &SCOPES);
    let place = |what: &str| format!("/api/v1/deadlines/{}/{what}", report.id);
    assert_eq!(program.get(&place("conflicts")).json(), json!([]));
    let scope = json!({ "debtor": "reporter", "actors": ["manufacturer", "product_provider"],
        "triggers": ["actively_exploited_vulnerability"], "jurisdictions": ["EU", "CN"], "zone": "UTC" });
    assert_eq!(send(&program, "PUT", &place("scope"), &scope).status(), 204);
    let all = program.get(&place("conflicts")).json();
    let found = all.as_array().unwrap().iter().find(|one| one["duty"] == "aev.ew").unwrap().clone();
    assert_eq!((&found["forbids"], &found["decision"]), (&json!("rmsv-2021"), &Value::Null));
    let decide = |decision: &str| {
        let mut body = json!({ "decision": decision, "reason": "Counsel: zinnober." });
        for name in ["debtor", "forbids", "prohibition", "orders", "duty"] {
            body[name] = found[name].clone();
        }
        send(&program, "POST", &place("conflicts"), &body).status()
    };
    assert_eq!((decide("whatever"), decide("refrain")), (422, 204));
    let all = program.get(&place("conflicts")).json();
    let found = all.as_array().unwrap().iter().find(|one| one["duty"] == "aev.ew").unwrap().clone();
    assert_eq!(found["decision"], "refrain");
    assert!(!all.to_string().contains("zinnober"), "the reason is sealed");
    // Nothing was blocked by it.
    assert_eq!(clock(&app, &report, "cra-art14/aev.ew"), due("running", "2026-11-25T09:15:00Z"));
}

#[test]
fn a_filing_is_written_by_program_and_nobodys_text_is_lost() {
    let app = TestApp::new();
    let report = app.report_with(&MANUFACTURER);
    let desk = app.account(&[Role::Coordinator]);
    let program = app.token(&desk, &SCOPES);
    let place = format!("/api/v1/filings/{}/reporter/cra-art14/aev.ew", report.id);
    let empty = program.get(&place);
    assert_eq!(empty.header("etag"), "\"0\"");
    let body = empty.json();
    assert_eq!(body["notice"], "THIS IS NOT A SUBMISSION");
    assert!(body["wrong"].as_array().unwrap().contains(&json!("Title: missing")), "{body}");
    assert!(body["fields"].to_string().contains("\"max\":255"), "{body}");

    let text = |title: &str| json!({ "values": { "title": title } });
    let saved = send(&program, "PUT", &place, &text("zinnober one"));
    assert_eq!((saved.status(), saved.header("etag")), (200, "\"1\""));
    assert_eq!(send(&program, "PUT", &place, &text("two")).status(), 428, "it would write over the first");
    assert_eq!(if_match(&program, "\"0\"")("PUT", &place, &text("two")), 412);
    assert_eq!(if_match(&program, "\"1\"")("PUT", &place, &text("zinnober two")), 200);
    // A page that was opened before that does not write over it either.
    let page = place.trim_start_matches("/api/v1");
    let stale = desk.post_form(page, &[("base", "1"), ("f.title", "zinnober three")]);
    assert_eq!(stale.status(), 412, "{}", stale.text());
    assert_eq!(program.get(&place).json()["values"], json!({ "title": "zinnober two" }));
    assert!(desk.get(page).text().contains("name=\"base\" value=\"2\""));
    let odd = json!({ "values": { "nonsense": "x" } });
    assert_eq!(if_match(&program, "\"2\"")("PUT", &place, &odd), 422);

    for (shape, kind) in [("json", "application/json"), ("text", "text/plain"), ("print", "text/html")] {
        let export = program.get(&format!("{place}/export?as={shape}"));
        assert!(export.header("content-type").starts_with(kind), "{shape}");
        assert!(export.text().contains("zinnober two") && export.text().contains("THIS IS NOT A SUBMISSION"));
    }
    for bad in ["", "?as=word", "?shape=json"] {
        assert_eq!(program.get(&format!("{place}/export{bad}")).status(), 422, "{bad}");
    }
    let sent = json!({ "at": "2026-11-24T09:50:00Z", "evidence": "zinnober: number 17" });
    let submission = format!("{place}/submission");
    assert_eq!(if_match(&program, "\"1\"")("POST", &submission, &sent), 412, "that is not what was read");
    assert_eq!(if_match(&program, "\"2\"")("POST", &submission, &sent), 204);
    assert_eq!(clock(&app, &report, "cra-art14/aev.ew").unwrap().0, "met");
    let read = program.get(&place).json();
    assert_eq!(
        (&read["submitted_at"], &read["evidence"]),
        (&json!("2026-11-24T09:50:00Z"), &json!("zinnober: number 17"))
    );
    assert_eq!(if_match(&program, "\"2\"")("PUT", &place, &text("late")), 409);
}

/// Every opening is a read; what one may not see answers like what is not there; and only a coordinator,
/// by a token that may, says that a filing came to this centre.
#[test]
fn a_filing_is_opened_on_the_record_and_by_its_debtor() {
    let app = TestApp::new();
    let report = app.report_with(&MANUFACTURER);
    let desk = app.account(&[Role::Coordinator]);
    let place = format!("/api/v1/filings/{}/reporter/cra-art14/aev.ew", report.id);
    let text = json!({ "values": { "title": "zinnober" } });
    assert_eq!(send(&report.client, "PUT", &place, &text).status(), 200);
    let reads = || app.number("SELECT CAST(COUNT(*) AS BIGINT) FROM reads");
    let before = reads();
    assert_eq!(report.client.get(&place).status(), 200);
    assert_eq!(desk.get(&format!("{place}/export?as=text")).status(), 200);
    assert_eq!(reads(), before + 2);
    let (other, vendor) = (app.report(), app.vendor(&app.organisation("Nordwind")));
    for stranger in [&other.client, &vendor, &app.account(&[Role::Auditor])] {
        let nowhere = stranger.get("/api/v1/nowhere");
        assert_eq!(stranger.get(&place), nowhere);
        assert_eq!(stranger.get(&format!("{place}/export?as=text")), nowhere);
        assert_eq!(send(stranger, "PUT", &place, &json!({ "values": {} })).status(), 404);
    }
    assert_eq!(reads(), before + 2);
    let here = json!({ "at": "2026-11-24T09:50:00Z", "evidence": "zinnober", "received_here": true });
    let narrow = app.token(&desk, &[Permission::KeepFiling]);
    for client in [&report.client, &narrow] {
        let status = send(client, "POST", &format!("{place}/submission"), &here).status();
        assert!(matches!(status, 403 | 404), "{status}");
    }
    assert_eq!(clock(&app, &report, "cra-art14/disseminate"), None);
    let wide = app.token(&desk, &SCOPES);
    assert_eq!(send(&wide, "POST", &format!("{place}/submission"), &here).status(), 204);
    assert_eq!(clock(&app, &report, "cra-art14/disseminate"), Some(("running".into(), None)));
}

#[test]
fn a_drill_runs_by_program_and_stays_apart() {
    let app = TestApp::new();
    let program = app.token(&app.account(&[Role::Coordinator]), &SCOPES);
    let started = program.send("POST", "/api/v1/drills", None, Vec::new());
    assert_eq!(started.status(), 201);
    let (place, drill) = (started.header("location").to_owned(), started.json()["drill"].clone());
    let scope = json!({ "debtor": "reporter", "actors": ["manufacturer"],
        "triggers": ["actively_exploited_vulnerability"], "jurisdictions": ["EU"], "zone": "UTC" });
    let fact = json!({ "debtor": "reporter", "anchor": "aware", "at": "2026-11-24T09:15:00Z", "evidence": "zinnober" });
    assert_eq!(send(&program, "PUT", &format!("{place}/scope"), &scope).status(), 204);
    assert_eq!(send(&program, "POST", &format!("{place}/facts"), &fact).status(), 204);
    let clocks = program.get(&place).json();
    assert!(
        clocks.as_array().unwrap().iter().any(|one| one["duty"] == "aev.ew" && one["state"] == "running")
    );
    assert!(!program.get("/api/v1/deadlines").text().contains(drill.as_str().unwrap()));
    let end = format!("/api/v1/drills/{}/end", drill.as_str().unwrap());
    assert_eq!(program.send("POST", &end, None, Vec::new()).status(), 204);
    assert_eq!(program.send("POST", &end, None, Vec::new()).status(), 409);
    assert_eq!(send(&program, "POST", &format!("{place}/facts"), &fact).status(), 409);
    let all = program.get("/api/v1/drills").json();
    assert!(all[0]["id"] == drill && all[0]["ended"].is_string(), "{all}");
}
