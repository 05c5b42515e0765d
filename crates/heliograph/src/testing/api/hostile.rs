//! Bad documents for every operation: each is refused with its place or its limit, nothing changes,
//! and nothing is repeated that was sent.

use super::with_document;
use crate::access::Role;
use crate::testing::clearance::person;
use crate::testing::contract::{self, example};
use crate::testing::partner::Partnership;
use crate::testing::{Client, TestApp};
use serde_json::{Value, json};

/// The place of an operation in a case that is there, and somebody who may use it.
fn addressed<'a>(path: &str, people: &'a People<'_>) -> (String, &'a Client<'a>) {
    let (case, report) = (people.case.as_str(), people.report.as_str());
    let id = match path {
        path if path.contains("/accreditations/") => people.accreditation.as_str(),
        path if path.contains("/accounts/") => people.account.as_str(),
        path if path.contains("/register/") => people.person.as_str(),
        path if path.contains("/requests/") => people.request.as_str(),
        path if path.contains("/programme/") || path.contains("/assessments/") => people.unit.id.as_str(),
        path if ["/reports/", "/deadlines/", "/filings/", "/finds/"]
            .iter()
            .any(|part| path.contains(part)) =>
        {
            report
        }
        _ => case,
    };
    let theirs = ["/terms", "/report-state", "/fix", "/statement"];
    let unit = &people.unit;
    let programme = [
        ("/account/accreditations", &people.busy.person),
        ("/desk/accreditations", &people.busy.manager),
        ("/partner/requests/", &people.busy.person),
        ("/requests", &people.busy.manager),
        ("/programme/", &unit.manager),
        ("/partner/", &unit.person),
        ("/assessments/", &unit.assessors[0].1),
        ("/register/", &people.officer),
        ("/classifications", &people.officer),
    ];
    if let Some((_, who)) = programme.into_iter().find(|(part, _)| path.contains(part)) {
        return (path.replace("{id}", id), who);
    }
    let who = if theirs.iter().any(|end| path.ends_with(end)) { &people.vendor } else { &people.desk };
    (contract::place(path, id), who)
}

struct People<'a> {
    desk: Client<'a>,
    officer: Client<'a>,
    person: String,
    unit: Partnership<'a>,
    busy: Partnership<'a>,
    request: String,
    accreditation: String,
    vendor: Client<'a>,
    case: String,
    report: String,
    account: String,
    claim: String,
}

impl<'a> People<'a> {
    fn new(app: &'a TestApp) -> Self {
        let case = app.case();
        let (_, vendor) = case.vendor("Nordwind");
        let desk = app.account(&[Role::Coordinator, Role::Administrator]);
        let account = app.account_id(&app.login(&[Role::Reporter], None)).to_string();
        let report = app.report();
        let unit = app.partnership_at("assessing");
        let busy = app.partnership_at("active");
        let (request, accreditation) = (busy.ask(), busy.accredit("iso-27001", &[]));
        Self {
            officer: app.account(&[Role::SecurityOfficer]),
            person: person(&desk),
            desk,
            unit,
            busy,
            request,
            accreditation,
            vendor,
            case: case.id.to_string(),
            report: report.id.to_string(),
            account,
            claim: case.report.claim,
        }
    }
}

#[test]
fn documents_that_cannot_be_read_are_refused_with_their_place() {
    let app = TestApp::new();
    let (all, people) = (with_document(&app), People::new(&app));
    assert!(all.len() >= 18, "{}", all.len());
    let before = app.size();
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    for (method, path, _) in &all {
        let (place, who) = addressed(path, &people);
        let bodies: [(&[u8], u16); 10] = [
            (b"", 422),
            (b"zinnober", 422),
            (b"\"zinnober\"", 422),
            (b"1", 422),
            (b"null", 422),
            (b"[\"zinnober\"]", 422),
            (b"{\"zinnober\": 1}", 422),
            (b"{\"message\": \"zinnober\xff\"}", 422),
            (deep.as_bytes(), 422),
            (&vec![b' '; 1024 * 1024 + 1], 413),
        ];
        for (body, status) in bodies {
            let answer = who.send(method, &place, Some("application/json"), body.to_vec());
            let shown: String = String::from_utf8_lossy(body).chars().take(40).collect();
            assert_eq!(answer.status(), status, "{method} {path} with {shown}: {}", answer.text());
            assert!(!answer.text().contains("zinnober"), "{method} {path} repeats it: {}", answer.text());
            assert!(
                status == 413 || answer.wrong_field() == "document",
                "{method} {path}: {}",
                answer.text()
            );
        }
    }
    assert_eq!(app.size(), before);
}

/// Each property of each example in turn is made of another type, and made long.
#[test]
fn wrong_types_and_long_texts_are_refused_by_name() {
    let app = TestApp::new();
    let (all, people) = (with_document(&app), People::new(&app));
    let document = contract::document(&app.routes);
    let before = app.size();
    let mut tried = 0;
    for (method, path, schema) in &all {
        let (place, who) = addressed(path, &people);
        let Some(Value::Object(mut good)) = example(document, schema) else {
            panic!("{path} has no example")
        };
        if let Some(claim) = good.get_mut("claim_code") {
            *claim = people.claim.as_str().into();
        }
        for (name, value) in &good {
            let other = if value.is_string() || value.is_null() {
                json!({ "zinnober": 1 })
            } else {
                json!("zinnober")
            };
            let long = value.is_string().then(|| json!("zinnober".repeat(30_000)));
            for (wrong, is_long) in [(Some(other), false), (long, true)] {
                let Some(wrong) = wrong else { continue };
                let mut body = good.clone();
                body.insert(name.clone(), wrong);
                let bytes = Value::Object(body).to_string().into_bytes();
                let answer = who.send(method, &place, Some("application/json"), bytes);
                // A claim code that is none opens nothing, as one that nobody has.
                let expected: &[u16] = if name == "claim_code" && is_long { &[404] } else { &[422, 413] };
                assert!(expected.contains(&answer.status()), "{method} {path} {name}: {}", answer.text());
                assert!(!answer.text().contains("zinnober"), "{method} {path} {name} repeats it");
                tried += 1;
            }
        }
    }
    assert!(tried > 40, "{tried}");
    assert_eq!(app.size(), before, "a wrong document changed something");
}
