//! Every route and every kind of viewer, in one table. A route that is not listed here fails.

use super::app::TestApp;
use super::between;
use super::client::{Answer, Client};
use super::reporter::Reported;
use crate::access::{self, Permission, Role, Route};
use crate::ledger::Actor;
use serde_json::json;
use std::collections::BTreeSet;

/// `+` let in, `s` asked to sign in, `-` "there is nothing here", `x` told that this place takes a
/// person and not a program. Columns:
///
/// 1. anonymous, reporter with a claim code, accounts of reporter, vendor, another vendor;
/// 2. coordinator, programme manager, security officer, auditor, administrator;
/// 3. token with the scope, token without it, browser of a disabled account.
///
/// Those who have the permission and the scope of a token are the same person (see `owner`).
const MATRIX: &[(&str, &str)] = &[
    ("GET /assets/{name}", "+++++ +++++ +++"),
    ("GET /api/v1/openapi.json", "+++++ +++++ +++"),
    ("GET /log/checkpoint", "+++++ +++++ +++"),
    ("GET /log/key", "+++++ +++++ +++"),
    ("GET /log/tile/{*path}", "+++++ +++++ +++"),
    ("GET /login", "+++++ +++++ +++"),
    ("POST /login", "+++++ +++++ +++"),
    ("GET /invite/{code}", "+++++ +++++ +++"),
    ("POST /invite", "+++++ +++++ +++"),
    ("GET /account", "s-+++ +++++ +-s"),
    ("POST /account/totp", "s-+++ +++++ x-s"),
    ("POST /account/tokens", "s-+++ +++++ x-s"),
    ("POST /account/tokens/revoke", "s-+++ +++++ x-s"),
    ("GET /accounts", "s---- ----+ +-s"),
    ("POST /accounts", "s---- ----+ +-s"),
    ("POST /accounts/change", "s---- ----+ +-s"),
    ("GET /api/v1/me", "s-+++ +++++ +-s"),
    ("GET /report", "+++++ +++++ +-+"),
    ("POST /report", "+++++ +++++ +-+"),
    ("POST /report/draft", "+++++ +++++ +-+"),
    ("GET /my", "+++++ +++++ +++"),
    ("POST /my/claim", "+++++ +++++ +++"),
    ("POST /my/message", "s+--- ----- --s"),
    ("GET /my/receipt", "s+--- ----- --s"),
    ("POST /api/v1/reports", "+++++ +++++ +-+"),
    ("POST /api/v1/reports/status", "+++++ +++++ +++"),
    ("POST /api/v1/reports/receipt", "+++++ +++++ +++"),
    ("GET /desk/report/{id}", "s---- +---- +-s"),
    ("GET /desk/report/{id}/exploit/{which}", "s---- +---- +-s"),
    ("POST /desk/report/{id}/decline", "s---- +---- +-s"),
    ("POST /desk/report/{id}/duplicate", "s---- +---- +-s"),
    ("POST /desk/report/{id}/message", "s---- +---- +-s"),
    ("GET /deadlines", "s---- +---- +-s"),
    ("GET /deadlines/{subject}", "s---- +---- +-s"),
    ("GET /api/v1/deadlines", "s---- +---- +-s"),
    ("GET /organisations", "s---- +---+ +-s"),
    ("POST /organisations", "s---- +---+ +-s"),
    ("GET /api/v1/organisations", "s---- +---+ +-s"),
    ("POST /api/v1/organisations", "s---- +---+ +-s"),
    // Last: whoever signs out is nobody afterwards.
    ("POST /logout", "+++++ +++++ +++"),
];

/// Viewers by column, and the things that the routes are tried on.
struct World<'a> {
    app: &'a TestApp,
    people: Vec<Client<'a>>,
    disabled: Client<'a>,
    report: Reported<'a>,
}

const ROLES: [Role; 6] = [
    Role::Coordinator,
    Role::ProgrammeManager,
    Role::SecurityOfficer,
    Role::Auditor,
    Role::Administrator,
    Role::Reporter,
];

impl<'a> World<'a> {
    fn new(app: &'a TestApp) -> Self {
        let report = app.report_with(&[("proof_of_concept", "zinnober.py")]);
        let (ours, other) = (app.organisation("Nordwind"), app.organisation("Südwind"));
        let mut roles: Vec<Client<'a>> = ROLES.iter().map(|role| app.account(&[*role])).collect();
        let reporter = roles.pop().unwrap();
        let first = [app.anonymous(), report.client.clone(), reporter, app.vendor(&ours), app.vendor(&other)];
        let people: Vec<Client<'a>> = first.into_iter().chain(roles).collect();
        let login = app.login(&[Role::Coordinator], None);
        let disabled = app.signed_in(&login);
        let account = app.account_id(&login).to_string();
        let done = people[9].post_form("/accounts/change", &[("account", &account), ("do", "disable")]);
        assert_eq!(done.status(), 303);
        app.app.ledger.checkpoint_blocking().unwrap();
        Self { app, people, disabled, report }
    }

    /// Somebody with an account who has the permission; reporters with a claim code have none.
    fn owner(&self, permission: Permission) -> &Client<'a> {
        match permission {
            Permission::ManageAccounts => &self.people[9],
            Permission::ParticipateInCase => &self.people[3],
            Permission::AuditReads => &self.people[8],
            _ => &self.people[5],
        }
    }

    fn viewers(&self, permission: Permission) -> Vec<Client<'a>> {
        let owner = self.owner(permission);
        let other = match permission {
            Permission::ManageOrganisations => Permission::OwnAccount,
            _ => Permission::ManageOrganisations,
        };
        let mut all = self.people.clone();
        all.push(self.app.token(owner, &[permission]));
        all.push(self.app.token(owner, &[other]));
        all.push(self.disabled.clone());
        all
    }

    /// A request that finds something for whoever may look.
    fn ask(&self, route: &Route, client: &Client<'a>) -> Answer {
        let path = route.path.replace("{id}", self.report.id.as_str());
        let path = path.replace("{subject}", self.report.id.as_str()).replace("{which}", "poc");
        let path = path.replace("{code}", "unknown");
        match (route.method, route.path) {
            ("GET", "/assets/{name}") => client.get(&self.asset()),
            ("GET", "/log/tile/{*path}") => {
                let sql = "SELECT CAST(MAX(size) AS BIGINT) FROM checkpoints";
                client.get(&format!("/log/tile/0/000.p/{}", self.app.number(sql)))
            }
            ("POST", "/invite") => {
                let name = format!("guest-{}", self.app.size());
                let (_, code) = self.app.submit(move |w| {
                    access::create_account(w, &Actor::System, &name, vec![Role::Reporter], None)
                });
                let form =
                    [("code", code.text()), ("name", "A".into()), ("password", super::PASSWORD.into())];
                client.post_form(&path, &form.each_ref().map(|(name, value)| (*name, value.as_str())))
            }
            ("POST", "/accounts/change") => {
                let account = self.app.account_id("reporter-5").to_string();
                client.post_form(&path, &[("account", &account), ("do", "invite")])
            }
            ("POST", "/account/tokens/revoke") => client.post_form(&path, &[("id", &own_token(client))]),
            ("POST", "/api/v1/reports/status" | "/api/v1/reports/receipt") => {
                client.post_json(&path, &json!({ "claim_code": self.report.claim }))
            }
            ("POST", _) => client.post_form(&path, &[]),
            _ => client.get(&path),
        }
    }

    fn asset(&self) -> String {
        let page = self.app.anonymous().get("/login");
        format!("/assets/{}", between(page.text(), "\"/assets/", "\""))
    }
}

/// The id of a token of this person, as the account's page has it.
fn own_token(client: &Client<'_>) -> String {
    let made = client.post_form("/account/tokens", &[("name", "x"), ("scope", "own-account")]);
    if made.status() != 200 {
        return String::new();
    }
    let page = client.get("/account");
    between(page.text(), "name=\"id\" value=\"", "\"").to_owned()
}

fn met_with(answer: &Answer) -> char {
    match answer.status() {
        401 => 's',
        303 if answer.header("location").starts_with("/login?next=") => 's',
        404 => '-',
        403 => 'x',
        500.. => '!',
        _ => '+',
    }
}

#[test]
fn every_route_answers_every_kind_of_viewer_as_the_table_says() {
    let app = TestApp::new();
    let world = World::new(&app);
    let mut wrong = Vec::new();
    for (name, expected) in MATRIX {
        let Some(route) = app.routes.iter().find(|route| named(route) == *name) else { continue };
        let viewers = world.viewers(route.permission);
        let answers: Vec<Answer> = viewers.iter().map(|viewer| world.ask(route, viewer)).collect();
        let met: String = answers.iter().map(met_with).collect();
        let met = format!("{} {} {}", &met[..5], &met[5..10], &met[10..]);
        if met != *expected {
            let sample = answers.iter().find(|answer| answer.status() >= 500).map(Answer::text);
            wrong.push(format!("(\"{name}\", \"{met}\"), expected \"{expected}\" {sample:?}"));
        }
        for (viewer, answer) in viewers.iter().zip(&answers).filter(|(_, answer)| answer.status() == 404) {
            let nowhere = if name.contains(" /api/") { "/api/v1/nowhere" } else { "/nowhere" };
            assert_eq!(answer, &viewer.get(nowhere), "{name} tells that it is there");
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn named(route: &Route) -> String {
    format!("{} {}", route.method, route.path)
}

#[test]
fn every_route_is_in_the_matrix() {
    let app = TestApp::new();
    let listed: BTreeSet<String> = MATRIX.iter().map(|(name, _)| (*name).to_owned()).collect();
    let routed: BTreeSet<String> = app.routes.iter().map(named).collect();
    assert_eq!(listed, routed);
    assert_eq!(listed.len(), MATRIX.len(), "a route is listed twice");
}

/// A resource that one may not see answers like one that is not there.
#[test]
fn a_thing_that_is_there_and_one_that_is_not_look_the_same_to_a_stranger() {
    let app = TestApp::new();
    let report = app.report_with(&[("proof_of_concept", "zinnober.py")]);
    let strangers = [app.account(&[Role::Auditor]), app.report().client, app.vendor(&app.organisation("V"))];
    for stranger in strangers {
        for path in ["/desk/report/", "/desk/report/{}/exploit/poc", "/deadlines/"] {
            let place = |id: &str| match path.contains("{}") {
                true => path.replace("{}", id),
                false => format!("{path}{id}"),
            };
            let there = stranger.get(&place(report.id.as_str()));
            assert_eq!(there.status(), 404);
            assert_eq!(there, stranger.get(&place("HEL-R-2026-999999")));
            assert_eq!(there, stranger.get(&place("not-a-number")));
            assert_eq!(there, stranger.get("/no/such/place"));
        }
    }
}

/// The document that describes the API and the router agree, both ways.
#[test]
fn every_api_route_is_in_the_openapi_document_and_no_other() {
    let app = TestApp::new();
    let document = app.anonymous().get("/api/v1/openapi.json").json();
    let mut described = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            described.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    let ours = |route: &&Route| route.path.starts_with("/api/v1/") || route.path.starts_with("/log/");
    let routed = app.routes.iter().filter(ours).map(|route| named(route).replace("{*", "{"));
    assert_eq!(described, routed.collect());
    assert_eq!(document["openapi"], "3.1.0");
}
