//! The commands, one line each: what must be there before, and what is sent.

use super::super::case::{InCase, advisory_form};
use super::super::reporter::{Reported, report_form, report_json};
use crate::access::{self, Permission, Role};
use crate::cases;
use crate::ledger::{Actor, Writer};
use crate::refusal::Refusal;
use crate::testing::{Client, PASSWORD, TestApp, between};
use serde_json::json;
use vocabulary::OrganisationId;

/// What a command finds: whoever sends it, and what it is about.
pub(super) struct World<'a> {
    pub(super) app: &'a TestApp,
    pub(super) who: Client<'a>,
    /// A number, a code, an id: what the command names.
    pub(super) what: String,
    pub(super) place: String,
    pub(super) order: Vec<(&'static str, String)>,
}

pub(super) struct Command {
    /// The route, or what happens by itself.
    pub(super) name: &'static str,
    pub(super) prepare: for<'a> fn(&'a TestApp) -> World<'a>,
    /// Sends it, and gives the status.
    pub(super) run: fn(&World<'_>) -> u16,
    /// An attempt is counted first, in a command and a commit of its own.
    pub(super) counts_first: bool,
}

impl<'a> World<'a> {
    pub(super) fn new(
        app: &'a TestApp,
        who: Client<'a>,
        what: impl Into<String>,
        place: impl Into<String>,
    ) -> Self {
        Self { app, who, what: what.into(), place: place.into(), order: Vec::new() }
    }

    /// The same with another place.
    pub(super) fn at(self, old: &str, new: &str, more: &str) -> Self {
        Self { place: format!("{}{more}", self.place.replace(old, new)), ..self }
    }

    pub(super) fn post(&self, pairs: &[(&str, &str)]) -> u16 {
        self.who.post_form(&self.place, pairs).status()
    }
}

pub(super) fn desk(app: &TestApp) -> Client<'_> {
    app.account(&[Role::Coordinator])
}

/// A report that waits, and a coordinator before it.
pub(super) fn waiting<'a>(app: &'a TestApp, what: &str) -> World<'a> {
    let report = app.report_with(&[("proof_of_concept", "zinnober.py")]);
    World::new(app, desk(app), app.report().id.to_string(), format!("/desk/report/{}{what}", report.id))
}

/// The reporter of a report that waits.
pub(super) fn reporter<'a>(app: &'a TestApp, place: &str) -> World<'a> {
    let Reported { claim, client, .. } = app.report();
    World::new(app, client, claim, place)
}

/// The reporter of a report that became a case.
fn reporter_in_case<'a>(app: &'a TestApp, place: &str) -> World<'a> {
    let case = app.case();
    World::new(app, case.report.client, case.id.to_string(), place)
}

/// A coordinator in a case.
pub(super) fn in_case<'a>(app: &'a TestApp, what: &str) -> World<'a> {
    let case = app.case_with(&[("proof_of_concept", "zinnober.py")]);
    let guest = app.organisation("Guest");
    let place = case.place(what);
    World::new(app, case.desk, guest.to_string(), place)
}

/// A vendor's person in a case whose embargo it has accepted.
pub(super) fn vendor<'a>(app: &'a TestApp, what: &str, steps: &[(&str, &str, &str)]) -> World<'a> {
    let case = app.case();
    let (_, person): (OrganisationId, Client<'a>) = case.vendor("Nordwind");
    for (place, name, value) in steps {
        let done = person.post_form(&case.place(place), &[(name, value)]);
        assert_eq!(done.status(), 303, "{}", done.text());
    }
    World::new(app, person, "", case.place(what))
}

/// A draft, and how many have approved it.
pub(super) fn drafted<'a>(app: &'a TestApp, what: &str, approvals: usize) -> World<'a> {
    let case: InCase<'a> = app.case();
    let order = case.draft().to_vec();
    let pairs: Vec<(&str, &str)> = order.iter().map(|(name, value)| (*name, value.as_str())).collect();
    for person in [case.desk.clone(), desk(app)].iter().take(approvals) {
        assert_eq!(person.post_form(&case.place("/advisory/approve"), &pairs).status(), 303);
    }
    let place = case.place(what);
    World { order, ..World::new(app, case.desk, "", place) }
}

fn decide(world: &World<'_>) -> u16 {
    let order: Vec<(&str, &str)> = world.order.iter().map(|(name, value)| (*name, value.as_str())).collect();
    world.post(&order)
}

/// An invitation that waits; nobody is signed in yet.
fn invited(app: &TestApp) -> (String, String) {
    let login = format!("guest-{}", app.size());
    let name = login.clone();
    let roles = vec![Role::Reporter];
    let (_, code) = app.submit(move |w| access::create_account(w, &Actor::System, &name, roles, None));
    (login, code.text())
}

const END: [(&str, &str); 2] = [("end", "2026-12-20T12:00"), ("end_zone", "UTC")];

/// One of the things that happen by themselves.
fn by_itself(world: &World<'_>, work: fn(&mut Writer<'_, '_>) -> Result<(), Refusal>) -> u16 {
    if world.app.try_submit(work).is_ok() { 200 } else { 500 }
}

macro_rules! commands {
    (@counts) => { false };
    (@counts counts_first) => { true };
    ($($name:literal $($counts:ident)? : $prepare:expr => $run:expr;)*) => {
        &[$(Command {
            name: $name,
            prepare: $prepare,
            run: $run,
            counts_first: commands!(@counts $($counts)?),
        }),*]
    };
}

pub(super) use commands;

pub(super) const COMMANDS: &[Command] = commands! {
    "POST /report": |app| {
        let client = app.anonymous();
        client.get("/report");
        World::new(app, client.clone(), client.cookie("draft").unwrap_or_default(), "/report")
    } => |world| {
        let form = [report_form(), vec![("proof_of_concept", "zinnober.py"), ("for_manufacturer", "yes")]].concat();
        // A new browser each time, with the draft of the first: what failed is sent again.
        world.who.clone().multipart(&world.place, &form, &[("files", "a", b"zinnober")]).status()
    };
    "POST /report/draft": |app| {
        let client = app.anonymous();
        client.get("/report");
        World::new(app, client, "", "/report/draft")
    } => |world| world.post(&report_form());
    "POST /api/v1/reports": |app| World::new(app, app.anonymous(), "", "/api/v1/reports")
        => |world| world.who.post_json(&world.place, &report_json()).status();
    "POST /my/claim": |app| reporter(app, "/my/claim") => |world| {
        world.app.anonymous().post_form(&world.place, &[("code", &world.what)]).status()
    };
    "POST /my/message": |app| reporter(app, "/my/message") => |world| world.post(&[("message", "zinnober")]);
    "POST /my/case/message": |app| reporter_in_case(app, "/my/case/message")
        => |world| world.post(&[("to", "everyone"), ("message", "zinnober")]);
    "POST /my/case/propose": |app| reporter_in_case(app, "/my/case/propose") => |world| world.post(&END);
    "POST /my/case/terms": |app| {
        let world = reporter_in_case(app, "/my/case/terms");
        let coordinator = desk(app);
        let revised = coordinator.post_form(&format!("/case/{}/propose", world.what), &END);
        assert_eq!(revised.status(), 303, "{}", revised.text());
        world
    } => |world| world.post(&[("answer", "accept")]);
    "POST /my/case/leave": |app| reporter_in_case(app, "/my/case/leave") => |world| world.post(&[]);
    "POST /desk/report/{id}/accept": |app| waiting(app, "/accept") => |world| world.post(&[]);
    "POST /desk/report/{id}/decline": |app| waiting(app, "/decline")
        => |world| world.post(&[("reason", "zinnober")]);
    "POST /desk/report/{id}/duplicate": |app| waiting(app, "/duplicate")
        => |world| world.post(&[("of", &world.what)]);
    "POST /desk/report/{id}/message": |app| waiting(app, "/message")
        => |world| world.post(&[("message", "zinnober")]);
    "POST /case/{id}/invite": |app| in_case(app, "/invite") => |world| world.post(&[("vendor", &world.what)]);
    "POST /case/{id}/propose": |app| in_case(app, "/propose") => |world| world.post(&END);
    "POST /case/{id}/embargo": |app| in_case(app, "/embargo")
        => |world| world.post(&[("do", "end"), ("cause", "agreed")]);
    "POST /case/{id}/state": |app| in_case(app, "/state")
        => |world| world.post(&[("event", "public_aware"), ("evidence", "zinnober")]);
    "POST /case/{id}/grade": |app| in_case(app, "/grade")
        => |world| world.post(&[("cvss31", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")]);
    "POST /case/{id}/message": |app| in_case(app, "/message")
        => |world| world.post(&[("to", "everyone"), ("message", "zinnober")]);
    "POST /case/{id}/merge": |app| {
        let into = app.case().id.to_string();
        World { what: into, ..in_case(app, "/merge") }
    } => |world| world.post(&[("into", &world.what)]);
    "POST /case/{id}/close": |app| {
        let world = in_case(app, "/embargo");
        assert_eq!(world.post(&[("do", "end"), ("cause", "agreed")]), 303);
        World { place: world.place.replace("/embargo", "/close"), ..world }
    } => |world| world.post(&[]);
    "POST /case/{id}/erase": |app| {
        let world = in_case(app, "/embargo");
        assert_eq!(world.post(&[("do", "end"), ("cause", "agreed")]), 303);
        let world = World { place: world.place.replace("/embargo", "/close"), ..world };
        assert_eq!(world.post(&[]), 303);
        World { place: world.place.replace("/close", "/erase"), ..world }
    } => |world| world.post(&[]);
    "POST /case/{id}/terms": |app| {
        let case = app.case();
        let (_, person) = case.invited("Nordwind");
        World::new(app, person, "", case.place("/terms"))
    } => |world| world.post(&[("answer", "accept")]);
    "POST /case/{id}/report-state": |app| vendor(app, "/report-state", &[])
        => |world| world.post(&[("step", "validate")]);
    "POST /case/{id}/fix": |app| {
        vendor(app, "/fix", &[("/report-state", "step", "validate"), ("/report-state", "step", "accept")])
    } => |world| world.post(&[("event", "fix_ready")]);
    "POST /case/{id}/statement": |app| vendor(app, "/statement", &[])
        => |world| world.post(&[("product", "zinnober"), ("status", "affected")]);
    "POST /case/{id}/leave": |app| vendor(app, "/leave", &[]) => |world| world.post(&[]);
    "POST /case/{id}/advisory": |app| in_case(app, "/advisory") => |world| world.post(&advisory_form());
    "POST /case/{id}/advisory/share": |app| drafted(app, "/advisory/share", 0) => decide;
    "POST /case/{id}/advisory/approve": |app| drafted(app, "/advisory/approve", 0) => decide;
    "POST /case/{id}/advisory/publish": |app| drafted(app, "/advisory/publish", 2) => decide;
    "GET /case/{id}": |app| in_case(app, "") => |world| world.who.get(&world.place).status();
    "POST /organisations": |app| World::new(app, desk(app), "", "/organisations")
        => |world| world.post(&[("name", "Nordwind"), ("mandate", "defensive")]);
    "POST /api/v1/organisations": |app| {
        let program = app.token(&desk(app), &[Permission::ManageOrganisations]);
        World::new(app, program, "", "/api/v1/organisations")
    } => |world| {
        world.who.post_json(&world.place, &json!({ "name": "Nordwind", "mandate": "defensive" })).status()
    };
    "POST /accounts": |app| {
        let login = format!("guest-{}", app.size());
        World::new(app, app.account(&[Role::Administrator]), login, "/accounts")
    } => |world| world.post(&[("login", &world.what), ("role", "auditor")]);
    "POST /accounts/change": |app| {
        let account = app.account_id(&app.login(&[Role::Auditor], None));
        World::new(app, app.account(&[Role::Administrator]), account.to_string(), "/accounts/change")
    } => |world| world.post(&[("account", &world.what), ("do", "disable")]);
    "POST /accounts/person": |app| {
        let account = app.account_id(&app.login(&[Role::Coordinator], None));
        let known = app.account_id(&app.login(&[Role::Coordinator], None));
        let all = app.read(access::credentials);
        let person = all.into_iter().find(|found| found.account == known).unwrap().person.to_string();
        let world = World::new(app, app.account(&[Role::Administrator]), account.to_string(), "/accounts/person");
        World { order: vec![("person", person)], ..world }
    } => |world| world.post(&[("account", &world.what), ("belongs_to", &world.order[0].1)]);
    "POST /invite": |app| World::new(app, app.anonymous(), invited(app).1, "/invite")
        => |world| world.post(&[("code", &world.what), ("name", "A"), ("password", PASSWORD)]);
    "POST /login" counts_first: |app| {
        let login = app.login(&[Role::Vendor], Some(app.organisation("Nordwind")));
        World::new(app, app.anonymous(), login, "/login")
    }
        => |world| world.post(&[("login", &world.what), ("password", PASSWORD), ("next", "/")]);
    "POST /logout": |app| World::new(app, desk(app), "", "/logout") => |world| world.who.clone().post_form("/logout", &[]).status();
    "POST /account/second-factor" counts_first: |app| {
        let person = app.vendor(&app.organisation("Nordwind"));
        World::new(app, person, "", "/account/second-factor")
    } => |world| world.post(&[]);
    "POST /account/second-factor/confirm" counts_first: |app| {
        let login = app.login(&[Role::Vendor], Some(app.organisation("Nordwind")));
        let (person, id, secret) = (app.signed_in(&login), app.account_id(&login), [7; 20]);
        app.submit(move |w| access::offer_factor(w, &id, &secret, ""));
        World::new(app, person, "", "/account/second-factor/confirm")
    } => |world| {
        // Ten codes may be tried in a quarter of an hour.
        world.app.advance_by(jiff::SignedDuration::from_mins(16));
        let code = access::totp_code(&[7; 20], world.app.now().as_second().unsigned_abs()).unwrap();
        world.who.clone().post_form(&world.place, &[("code", &code)]).status()
    };
    "POST /account/tokens": |app| World::new(app, desk(app), "", "/account/tokens")
        => |world| world.post(&[("name", "x"), ("scope", "own-account")]);
    "POST /account/tokens/revoke": |app| {
        let person = desk(app);
        app.token(&person, &[Permission::OwnAccount]);
        let page = person.get("/account");
        let id = between(page.text(), "name=\"id\" value=\"", "\"").to_owned();
        World::new(app, person, id, "/account/tokens/revoke")
    } => |world| world.post(&[("id", &world.what)]);
    "an embargo runs out": |app| {
        let world = in_case(app, "");
        app.advance(24 * 46);
        world
    } => |world| by_itself(world, cases::expire_embargoes);
    "exploit material is deleted": |app| {
        let case = app.case_with(&[("proof_of_concept", "zinnober.py")]);
        case.publish();
        app.advance(24 * 31);
        World::new(app, app.anonymous(), "", "")
    } => |world| by_itself(world, cases::purge_exploits);
};
