//! The same commands as programs send them: a page and its twin parse and answer on their own, so
//! each is tried.

use super::table::{Command, World, commands, desk, drafted, in_case, reporter, vendor, waiting};
use crate::access::{self, Role};
use crate::testing::TestApp;
use serde_json::{Value, json};

const GRADE: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";

impl World<'_> {
    pub(super) fn send(&self, method: &str, document: &Value) -> u16 {
        let body = document.to_string().into_bytes();
        self.who.send(method, &self.place, Some("application/json"), body).status()
    }

    pub(super) fn post_json(&self, document: &Value) -> u16 {
        self.send("POST", document)
    }

    /// A request that is complete without a document.
    pub(super) fn post_nothing(&self) -> u16 {
        self.who.send("POST", &self.place, None, Vec::new()).status()
    }

    /// A document with the claim code that goes with it.
    fn claimed(&self, mut document: Value) -> u16 {
        document["claim_code"] = json!(self.what);
        self.post_json(&document)
    }

    fn decision(&self) -> Value {
        self.order.iter().fold(json!({}), |mut all, (name, value)| {
            // A revision is a number, a hash is not.
            all[*name] = value.parse::<u32>().map_or_else(|_| json!(value), |number| json!(number));
            all
        })
    }
}

fn at_cases<'a>(world: World<'a>) -> World<'a> {
    world.at("/case/", "/api/v1/cases/", "")
}

fn at_reports<'a>(world: World<'a>) -> World<'a> {
    world.at("/desk/report/", "/api/v1/reports/", "")
}

/// A case whose embargo has ended, as a coordinator has it.
fn ended<'a>(app: &'a TestApp) -> World<'a> {
    let world = in_case(app, "/embargo");
    assert_eq!(world.post(&[("do", "end"), ("cause", "agreed")]), 303);
    world
}

/// A reporter's program before the case around her report, whose number stands in `order`.
fn claiming<'a>(app: &'a TestApp, what: &str) -> World<'a> {
    let case = app.case();
    let place = format!("/api/v1/reports/case{what}");
    let order = vec![("case", case.id.to_string())];
    World { order, ..World::new(app, app.anonymous(), case.report.claim, place) }
}

/// An administrator before somebody else's account.
fn account<'a>(app: &'a TestApp, what: &str) -> World<'a> {
    let account = app.account_id(&app.login(&[Role::Coordinator], None));
    World::new(app, app.account(&[Role::Administrator]), "", format!("/api/v1/accounts/{account}{what}"))
}

pub(super) const COMMANDS: &[Command] = commands! {
    "POST /api/v1/reports/timeline": |app| reporter(app, "/api/v1/reports/timeline")
        => |world| world.post_json(&json!({ "claim_code": world.what }));
    "POST /api/v1/reports/messages": |app| reporter(app, "/api/v1/reports/messages")
        => |world| world.post_json(&json!({ "claim_code": world.what, "message": "zinnober" }));
    "POST /api/v1/reports/case": |app| claiming(app, "") => |world| world.claimed(json!({}));
    "POST /api/v1/reports/case/messages": |app| claiming(app, "/messages")
        => |world| world.claimed(json!({ "to": "everyone", "message": "zinnober" }));
    "POST /api/v1/reports/case/proposals": |app| claiming(app, "/proposals")
        => |world| world.claimed(json!({ "end": "2026-12-20T12:00:00Z" }));
    "POST /api/v1/reports/case/terms": |app| {
        let world = claiming(app, "/terms");
        let sent = json!({ "end": "2026-12-20T12:00:00Z" });
        let place = format!("/api/v1/cases/{}/embargo/proposals", world.order[0].1);
        let revised = desk(app).post_json(&place, &sent);
        assert_eq!(revised.status(), 204, "{}", revised.text());
        world
    } => |world| world.claimed(json!({ "answer": "accept" }));
    "POST /api/v1/reports/case/leave": |app| claiming(app, "/leave") => |world| world.claimed(json!({}));
    "POST /api/v1/reports/case/advisory": |app| {
        let case = app.case();
        let order = case.draft();
        let order = order.each_ref().map(|(name, value)| (*name, value.as_str()));
        assert_eq!(case.desk.post_form(&case.place("/advisory/share"), &order).status(), 303);
        World::new(app, app.anonymous(), case.report.claim, "/api/v1/reports/case/advisory")
    } => |world| world.claimed(json!({}));
    "POST /api/v1/cases/{id}/merge": |app| {
        let into = app.case().id.to_string();
        at_cases(World { what: into, ..in_case(app, "/merge") })
    } => |world| world.post_json(&json!({ "into": world.what }));
    "POST /api/v1/reports/{id}/accept": |app| at_reports(waiting(app, "/accept"))
        => |world| world.post_json(&json!({}));
    "POST /api/v1/reports/{id}/decline": |app| at_reports(waiting(app, "/decline"))
        => |world| world.post_json(&json!({ "reason": "zinnober" }));
    "POST /api/v1/reports/{id}/duplicate": |app| at_reports(waiting(app, "/duplicate"))
        => |world| world.post_json(&json!({ "of": world.what }));
    "POST /api/v1/reports/{id}/messages": |app| at_reports(waiting(app, "/messages"))
        => |world| world.post_json(&json!({ "message": "zinnober" }));
    "GET /api/v1/reports/{id}": |app| at_reports(waiting(app, ""))
        => |world| world.who.get(&world.place).status();
    "GET /api/v1/cases/{id}": |app| at_cases(in_case(app, ""))
        => |world| world.who.get(&world.place).status();
    "POST /api/v1/cases/{id}/participants": |app| at_cases(in_case(app, "/participants"))
        => |world| world.post_json(&json!({ "organisations": [world.what] }));
    "POST /api/v1/cases/{id}/embargo/proposals": |app| at_cases(in_case(app, "/embargo/proposals"))
        => |world| world.post_json(&json!({ "end": "2026-12-20T12:00:00Z" }));
    "POST /api/v1/cases/{id}/embargo": |app| at_cases(in_case(app, "/embargo"))
        => |world| world.post_json(&json!({ "decision": "end", "cause": "agreed" }));
    "POST /api/v1/cases/{id}/observations": |app| at_cases(in_case(app, "/observations"))
        => |world| world.post_json(&json!({ "event": "public_aware", "evidence": "zinnober" }));
    "POST /api/v1/cases/{id}/grade": |app| at_cases(in_case(app, "/grade"))
        => |world| world.post_json(&json!({ "cvss31": GRADE }));
    "POST /api/v1/cases/{id}/messages": |app| at_cases(in_case(app, "/messages"))
        => |world| world.post_json(&json!({ "to": "everyone", "message": "zinnober" }));
    "POST /api/v1/cases/{id}/close": |app| at_cases(ended(app)).at("/embargo", "/close", "")
        => |world| world.post_nothing();
    "POST /api/v1/cases/{id}/erase": |app| {
        let world = ended(app).at("/embargo", "/close", "");
        assert_eq!(world.post(&[]), 303);
        at_cases(world).at("/close", "/erase", "")
    } => |world| world.post_nothing();
    "POST /api/v1/cases/{id}/terms": |app| {
        let case = app.case();
        let (_, person) = case.invited("Nordwind");
        at_cases(World::new(app, person, "", case.place("/terms")))
    } => |world| world.post_json(&json!({ "answer": "accept" }));
    "POST /api/v1/cases/{id}/report-state": |app| at_cases(vendor(app, "/report-state", &[]))
        => |world| world.post_json(&json!({ "step": "validate" }));
    "POST /api/v1/cases/{id}/fix": |app| {
        let steps = [("/report-state", "step", "validate"), ("/report-state", "step", "accept")];
        at_cases(vendor(app, "/fix", &steps))
    } => |world| world.post_json(&json!({ "event": "fix_ready" }));
    "PUT /api/v1/cases/{id}/statement": |app| at_cases(vendor(app, "/statement", &[]))
        => |world| world.send("PUT", &json!({ "text": "zinnober" }));
    "POST /api/v1/cases/{id}/leave": |app| at_cases(vendor(app, "/leave", &[]))
        => |world| world.post_nothing();
    "PUT /api/v1/cases/{id}/advisory": |app| at_cases(in_case(app, "/advisory"))
        => |world| world.send("PUT", &json!({ "advisory": { "title": "Kettles boil over" } }));
    "POST /api/v1/cases/{id}/advisory/share": |app| at_cases(drafted(app, "/advisory/share", 0))
        => |world| world.post_json(&world.decision());
    "POST /api/v1/cases/{id}/advisory/approve": |app| at_cases(drafted(app, "/advisory/approve", 0))
        => |world| world.post_json(&world.decision());
    "POST /api/v1/cases/{id}/advisory/publish": |app| at_cases(drafted(app, "/advisory/publish", 2))
        => |world| world.post_json(&world.decision());
    "POST /api/v1/deadlines/{subject}/facts": |app| {
        let report = app.report_with(&[("for_manufacturer", "yes")]);
        World::new(app, desk(app), "", format!("/api/v1/deadlines/{}/facts", report.id))
    } => |world| world.post_json(&json!({
        "debtor": "reporter", "anchor": "aware", "at": "2026-11-24T08:00:00Z", "evidence": "zinnober",
    }));
    "POST /api/v1/accounts": |app| {
        let login = format!("guest-{}", app.size());
        World::new(app, app.account(&[Role::Administrator]), login, "/api/v1/accounts")
    } => |world| world.post_json(&json!({ "login": world.what, "roles": ["auditor"] }));
    "POST /api/v1/accounts/{id}/invitation": |app| account(app, "/invitation")
        => |world| world.post_nothing();
    "POST /api/v1/accounts/{id}/disable": |app| account(app, "/disable")
        => |world| world.post_nothing();
    "POST /api/v1/accounts/{id}/second-factor/reset": |app| account(app, "/second-factor/reset")
        => |world| world.post_nothing();
    "PUT /api/v1/accounts/{id}/person": |app| {
        let known = app.account_id(&app.login(&[Role::Coordinator], None));
        let all = app.read(access::credentials);
        let person = all.into_iter().find(|found| found.account == known).unwrap().person.to_string();
        World { what: person, ..account(app, "/person") }
    } => |world| world.send("PUT", &json!({ "person": world.what }));
};
