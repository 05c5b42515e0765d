//! Every example in the document is sent, and does what its operation says.

use super::with_document;
use crate::access::Role;
use crate::testing::clearance::person;
use crate::testing::contract::{self, example};
use crate::testing::{Client, TestApp};
use std::collections::BTreeSet;

/// Who sends the example of an operation, in an order in which each finds what it needs. The reports
/// are numbered as they come; the first is accepted into the only case.
const ORDER: &[(&str, char)] = &[
    ("POST /api/v1/organisations", 'c'),
    ("POST /api/v1/accounts", 'i'),
    ("PUT /api/v1/accounts/{id}/person", 'i'),
    ("POST /api/v1/deadlines/{subject}/facts", 'c'),
    ("PUT /api/v1/deadlines/{subject}/scope", 'c'),
    ("POST /api/v1/deadlines/{subject}/conflicts", 'c'),
    ("PUT /api/v1/filings/{subject}/{debtor}/{profile}/{duty}", 'c'),
    ("POST /api/v1/filings/{subject}/{debtor}/{profile}/{duty}/submission", 'c'),
    ("POST /api/v1/deadlines/{subject}/delays", 'c'),
    ("POST /api/v1/deadlines/{subject}/delay-notices", 'c'),
    ("POST /api/v1/deadlines/{subject}/waivers", 'c'),
    ("POST /api/v1/reports", 'a'),
    ("POST /api/v1/reports/status", 'a'),
    ("POST /api/v1/reports/receipt", 'a'),
    ("POST /api/v1/reports/timeline", 'a'),
    ("POST /api/v1/reports/messages", 'a'),
    ("POST /api/v1/reports/{id}/messages", 'c'),
    ("POST /api/v1/reports/{id}/accept", 'c'),
    ("POST /api/v1/reports/{id}/decline", 'c'),
    ("POST /api/v1/reports/{id}/duplicate", 'c'),
    ("POST /api/v1/cases/{id}/participants", 'c'),
    ("POST /api/v1/cases/{id}/terms", 'v'),
    ("POST /api/v1/cases/{id}/messages", 'v'),
    ("POST /api/v1/cases/{id}/report-state", 'v'),
    ("POST /api/v1/cases/{id}/fix", 'v'),
    ("PUT /api/v1/cases/{id}/statement", 'v'),
    ("POST /api/v1/cases/{id}/embargo/proposals", 'v'),
    ("POST /api/v1/reports/case/terms", 'a'),
    ("POST /api/v1/reports/case/proposals", 'a'),
    ("POST /api/v1/reports/case/messages", 'a'),
    ("POST /api/v1/reports/case", 'a'),
    ("POST /api/v1/reports/reads", 'a'),
    ("POST /api/v1/cases/{id}/merge", 'c'),
    ("POST /api/v1/cases/{id}/grade", 'c'),
    ("POST /api/v1/cases/{id}/embargo", 'c'),
    ("POST /api/v1/cases/{id}/observations", 'c'),
    ("POST /api/v1/programme/partners/{id}/acts", 'm'),
    ("POST /api/v1/programme/partners", 'm'),
    ("POST /api/v1/partner/acts", 'p'),
    ("POST /api/v1/programme/import", 'm'),
    ("POST /api/v1/requests", 'm'),
    ("POST /api/v1/requests/{id}/acts", 'm'),
    ("POST /api/v1/partner/requests/{id}/acts", 'p'),
    ("POST /api/v1/account/accreditations", 'p'),
    ("POST /api/v1/desk/accreditations", 'm'),
    ("POST /api/v1/desk/accreditations/import", 'm'),
    ("POST /api/v1/desk/accreditations/{id}/acts", 'm'),
    ("POST /api/v1/account/accreditations/{id}/acts", 'p'),
    ("POST /api/v1/finds/{id}/grade", 'c'),
    ("PUT /api/v1/assessments/{id}", 'c'),
    ("PUT /api/v1/cases/{id}/advisory", 'c'),
    ("POST /api/v1/cases/{id}/advisory/share", 'c'),
    ("POST /api/v1/reports/case/advisory", 'a'),
    ("POST /api/v1/cases/{id}/advisory/approve", 'c'),
    ("POST /api/v1/cases/{id}/advisory/publish", 'c'),
    ("POST /api/v1/reports/case/leave", 'a'),
    ("POST /api/v1/me/acts", 'c'),
    ("POST /api/v1/subscriptions", 'c'),
    ("POST /api/v1/register/{id}/acts", 's'),
    ("POST /api/v1/register/import", 's'),
    // Last: they shut the case.
    ("POST /api/v1/cases/{id}/classification", 'c'),
    ("PUT /api/v1/classifications", 's'),
];

#[test]
fn each_operation_with_a_document_has_its_place_in_the_order() {
    let app = TestApp::new();
    let all = with_document(&app);
    let described: BTreeSet<String> =
        all.iter().map(|(method, path, _)| format!("{method} {path}")).collect();
    let sent: BTreeSet<String> = ORDER.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(described, sent);
}

#[test]
fn every_example_in_the_document_is_accepted() {
    let app = TestApp::new();
    let all = with_document(&app);
    let (desk, organisation) = (app.account(&[Role::Coordinator]), app.organisation("Nordwind"));
    let vendor = app.vendor(&organisation);
    let (report, second, third) =
        (app.report_with(&[("for_manufacturer", "yes")]), app.report(), app.report());
    app.app.ledger.checkpoint_blocking().unwrap();
    let (anyone, second_eyes) = (app.anonymous(), app.account(&[Role::Coordinator]));
    let (admin, officer) = (app.account(&[Role::Administrator]), app.account(&[Role::SecurityOfficer]));
    let bystander = app.account_id(&app.login(&[Role::Reporter], None)).to_string();
    let (manager, unit) = (app.account(&[Role::ProgrammeManager]), app.partner_person(&organisation));
    let asks = [("organisation", "Zinnober"), ("reach", "zinnober"), ("words", "zinnober")];
    assert_eq!(anyone.post_form("/partners/enquiry", &asks).status(), 200);
    let busy = app.partnership_at("active");
    let requests = [busy.ask(), busy.ask()];
    let accreditation = busy.accredit("iso-27001", &[]);
    let (cleared, mut hash) = (person(&desk), String::new());
    for (name, who) in ORDER {
        let (method, path) = name.split_once(' ').unwrap();
        let (.., schema) = all.iter().find(|(m, p, _)| m == method && *p == path).unwrap();
        let text = example(contract::document(&app.routes), schema);
        let text = text.unwrap_or_else(|| panic!("{name} has no example")).to_string();
        let text = filled(&text, organisation.as_str(), &report.claim, &hash);
        let reports = [&report.id, &second.id, &third.id].map(|id| id.as_str());
        let id = match path {
            path if path.contains("/accreditations/") => accreditation.as_str(),
            path if path.contains("/register/") => cleared.as_str(),
            _ => thing(path, reports, &bystander, &requests),
        };
        let client: &Client<'_> = match who {
            'c' => &desk,
            'v' => &vendor,
            'i' => &admin,
            'm' => &manager,
            'p' if path.contains("/requests/") || path.contains("/accreditations/") => &busy.person,
            'p' => &unit,
            's' => &officer,
            _ => &anyone,
        };
        // A case that becomes part of the first one.
        let other = path.ends_with("/merge").then(|| app.case().id.to_string());
        let id = other.as_deref().unwrap_or(id);
        if path.ends_with("/fix") {
            let step = serde_json::json!({ "step": "accept" });
            assert_eq!(vendor.post_json(&format!("/api/v1/cases/{id}/report-state"), &step).status(), 204);
        }
        // What a partner does with a request is no example for the centre.
        let text = match path {
            "/api/v1/requests/{id}/acts" | "/api/v1/account/accreditations/{id}/acts" => {
                r#"{"act": "withdraw", "reasons": "It is not needed any more."}"#.to_owned()
            }
            _ => text,
        };
        if path.contains("/finds/") {
            let claim = serde_json::json!({ "act": "claim_find", "claim_code": report.claim });
            assert_eq!(unit.post_json("/api/v1/partner/acts", &claim).status(), 204);
        }
        if path.contains("/assessments/") {
            applied(&unit, &manager, [&desk, &second_eyes], id);
        }
        if path.ends_with("/publish") {
            let order = serde_json::json!({ "revision": 1, "hash": hash });
            let approve = format!("/api/v1/cases/{id}/advisory/approve");
            assert_eq!(second_eyes.post_json(&approve, &order).status(), 204);
        }
        let kind = Some("application/json");
        let answer = client.send(method, &contract::place(path, id), kind, text.clone().into_bytes());
        assert!((200..300).contains(&answer.status()), "{name} with {text}: {}", answer.text());
        if *name == "PUT /api/v1/cases/{id}/advisory" {
            hash = answer.header("etag").trim_matches('"').to_owned();
        }
    }
}

/// An example about what is there.
fn filled(text: &str, organisation: &str, claim: &str, hash: &str) -> String {
    text.replace("7q2k9mzr4w8c1h5x", organisation).replace(CLAIM, claim).replace(HASH, hash)
}

/// A unit applies, and the manager names who assesses it.
fn applied(unit: &Client<'_>, manager: &Client<'_>, assessors: [&Client<'_>; 2], id: &str) {
    let apply = serde_json::json!({ "act": "apply", "level": "L3", "words": "zinnober" });
    assert_eq!(unit.post_json("/api/v1/partner/acts", &apply).status(), 204);
    let both = assessors.map(|one| one.get("/api/v1/me").json()["account"].clone());
    let name = serde_json::json!({ "act": "name_assessors", "assessors": both });
    let place = format!("/api/v1/programme/partners/{id}/acts");
    assert_eq!(manager.post_json(&place, &name).status(), 204);
}

/// What an operation is about, by its path.
fn thing<'i>(path: &str, reports: [&'i str; 3], account: &'i str, requests: &'i [String]) -> &'i str {
    let [report, second, third] = reports;
    let of_a_report = ["/reports/", "/deadlines/", "/filings/", "/finds/"];
    match path {
        path if path.ends_with("/decline") => second,
        path if path.ends_with("/duplicate") => third,
        path if of_a_report.iter().any(|part| path.contains(part)) => report,
        path if path.contains("/accounts/") => account,
        path if path.contains("/partner/requests/") => &requests[0],
        path if path.contains("/requests/") => &requests[1],
        path if path.contains("/programme/") => "HEL-P-2026-000001",
        path if path.contains("/assessments/") => "HEL-P-2026-000003",
        _ => "HEL-2026-000001",
    }
}

/// The hash of a draft in the examples.
const HASH: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// The claim code in the examples.
const CLAIM: &str = "7q2k-9mzr-4w8c-1h5x-7q2k-9mzr-4w8c-1h5x";
