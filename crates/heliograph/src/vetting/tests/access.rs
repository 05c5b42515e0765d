//! A classified case is open to those who are cleared, members and briefed, and to nobody else, on every
//! page, interface and file, from that second and until that second.

use crate::access::{Permission, Role};
use crate::testing::TestApp;
use crate::testing::case::InCase;
use crate::testing::clearance::person;
use crate::testing::{Answer, Client};
use serde_json::json;

const FAR: &str = "2027-11-24T10:00:00Z";

/// Every place under which a case, its report and its clocks are found.
fn places(case: &InCase<'_>) -> Vec<String> {
    let (id, report) = (case.id.as_str(), case.report.id.as_str());
    let of_case = ["", "/reads", "/advisory"].map(|what| format!("/case/{id}{what}"));
    let of_report = ["", "/exploit/poc"].map(|what| format!("/desk/report/{report}{what}"));
    let programs = ["", "/reads", "/advisory"].map(|what| format!("/api/v1/cases/{id}{what}"));
    let mut all: Vec<String> = of_case.into_iter().chain(of_report).chain(programs).collect();
    all.push(format!("/case/{id}/exploit/{report}"));
    all.push(format!("/api/v1/cases/{id}/exploit/{report}"));
    all.push(format!("/api/v1/reports/{report}"));
    all.push(format!("/api/v1/reports/{report}/exploit/poc"));
    for subject in [id, report] {
        all.push(format!("/deadlines/{subject}"));
        all.push(format!("/api/v1/deadlines/{subject}"));
        all.push(format!("/api/v1/deadlines/{subject}/why"));
    }
    all.push(format!("/filings/{report}/reporter/cra-art14/aev.ew"));
    // In any letter case, and percent-encoded, it is the same number.
    all.push(format!("/case/{}", id.to_lowercase()));
    all.push(format!("/case/{}", id.replace('-', "%2D")));
    all
}

fn case(app: &TestApp) -> InCase<'_> {
    app.case_with(&[("proof_of_concept", "zinnober.py"), ("for_manufacturer", "yes")])
}

/// Whether a place answers as what is not there does.
fn is_nowhere(client: &Client<'_>, place: &str, answer: &Answer) -> bool {
    let nowhere = if place.starts_with("/api/") { "/api/v1/nowhere" } else { "/nowhere" };
    *answer == client.get(nowhere)
}

fn shut(client: &Client<'_>, case: &InCase<'_>) {
    for place in places(case) {
        let answer = client.get(&place);
        assert!(is_nowhere(client, &place, &answer), "{place}: {} {}", answer.status(), answer.text());
    }
}

fn lists(client: &Client<'_>, case: &InCase<'_>) -> Vec<&'static str> {
    let (id, report) = (case.id.as_str(), case.report.id.as_str());
    [
        "/desk",
        "/deadlines",
        "/deadlines?show=all",
        "/deadlines/export?as=csv",
        "/api/v1/cases",
        "/api/v1/deadlines",
        "/api/v1/reports",
        "/reads",
        "/api/v1/reads",
    ]
    .into_iter()
    .filter(|place| {
        let page = client.get(place);
        assert_eq!(page.status(), 200, "{place}: {}", page.text());
        page.text().contains(id) || page.text().contains(report)
    })
    .collect()
}

#[test]
fn rule_5_2_a_classified_case_is_shut_on_every_place_and_list_to_whoever_lacks_one_of_the_three() {
    let app = TestApp::new();
    let (case, office, other) = (case(&app), app.office(), app.account(&[Role::Coordinator]));
    for place in places(&case) {
        let answer = other.get(&place);
        assert!(!is_nowhere(&other, &place, &answer), "{place} is there before: {}", answer.status());
    }
    assert_eq!(lists(&other, &case).len(), 9);
    office.admit(&case, &case.desk, FAR);
    let before = app.size();
    shut(&other, &case);
    assert_eq!(app.size(), before, "and nothing says that somebody read what they did not see");
    assert_eq!(lists(&other, &case), [""; 0], "nor does a list name it");
    assert!(!other.get("/feeds/deadlines.ics").text().contains(case.id.as_str()));
    // The one who is let in finds it everywhere, as before.
    for place in places(&case) {
        let answer = case.desk.get(&place);
        assert!(!is_nowhere(&case.desk, &place, &answer), "{place}: {}", answer.text());
    }
    assert_eq!(lists(&case.desk, &case).len(), 9);
    // Two of the three are not enough, whichever two.
    let (who, id) = (app.account(&[Role::Coordinator]), case.id.as_str());
    let person = person(&who);
    office.clear(&person, "ue2", FAR);
    shut(&who, &case);
    office.brief(&person, FAR);
    shut(&who, &case);
    office.join(&person, &case);
    assert_eq!(who.get(&case.place("")).status(), 200);
    for (act, mend) in [
        (json!({ "act": "debrief" }), json!({ "act": "brief", "until": FAR })),
        (json!({ "act": "leave", "case": id }), json!({ "act": "join", "case": id })),
    ] {
        assert_eq!(office.act(&person, &act).status(), 204);
        shut(&who, &case);
        assert_eq!(office.act(&person, &mend).status(), 204);
        assert_eq!(who.get(&case.place("")).status(), 200);
    }
    assert_eq!(
        office.act(&person, &json!({ "act": "withdraw_clearance", "scheme": "de-sueg" })).status(),
        204
    );
    shut(&who, &case);
}

/// Domain rule 5.2: access ends the second that a clearance does, in an open session, with nothing running.
#[test]
fn rule_5_2_access_ends_the_second_a_clearance_does_in_an_open_session() {
    let app = TestApp::new();
    let (case, office) = (case(&app), app.office());
    office.admit(&case, &case.desk, "2026-11-24T14:00:00Z");
    let program = app.token(&case.desk, &[Permission::ViewCase]);
    app.clock_at("2026-11-24T13:59:59.999999Z");
    assert_eq!(case.desk.get(&case.place("")).status(), 200);
    assert_eq!(program.get(&format!("/api/v1/cases/{}", case.id)).status(), 200);
    let reads = |app: &TestApp| app.number("SELECT CAST(COUNT(*) AS BIGINT) FROM reads");
    let before = reads(&app);
    app.clock_at("2026-11-24T14:00:00Z");
    shut(&case.desk, &case);
    let api = format!("/api/v1/cases/{}", case.id);
    assert!(is_nowhere(&program, &api, &program.get(&api)), "a token ends with its person");
    let written =
        case.desk.post_form(&case.place("/message"), &[("to", "everyone"), ("message", "zinnober")]);
    assert_eq!(written.status(), 404);
    assert_eq!(reads(&app), before, "what was not shown was not read");
    // The session itself goes on, and so does all that is not classified.
    assert_eq!(case.desk.get("/desk").status(), 200);
}

#[test]
fn a_case_without_classification_is_as_ever_and_one_that_is_lifted_is_again() {
    let app = TestApp::new();
    let (case, office) = (case(&app), app.office());
    let (_, vendor) = case.vendor("Nordwind");
    assert_eq!(vendor.get(&case.place("")).status(), 200);
    office.classify(&case, Some("de-sueg/ue1"));
    shut(&vendor, &case);
    assert!(!vendor.get("/vendor").text().contains(case.id.as_str()));
    shut(&case.desk, &case);
    office.classify(&case, None);
    assert_eq!(vendor.get(&case.place("")).status(), 200);
    assert_eq!(case.desk.get(&case.place("")).status(), 200);
}

#[test]
fn a_vendors_person_is_let_in_like_any_other() {
    let app = TestApp::new();
    let (case, office) = (case(&app), app.office());
    let (_, vendor) = case.vendor("Nordwind");
    office.admit(&case, &vendor, FAR);
    assert_eq!(vendor.get(&case.place("")).status(), 200);
    assert!(vendor.get("/vendor").text().contains(case.id.as_str()));
    shut(&case.desk, &case);
}

/// A reporter cannot be cleared: her own report stays hers, what others write does not, and she may leave.
#[test]
fn the_reporter_of_a_classified_case_keeps_her_report_and_may_leave() {
    let app = TestApp::new();
    let (case, office) = (case(&app), app.office());
    case.desk.post_form(&case.place("/message"), &[("to", "everyone"), ("message", "zinnober to all")]);
    let reporter = &case.report.client;
    office.classify(&case, Some("de-sueg/ue1"));
    assert!(reporter.get("/my").text().contains("zinnober valve"));
    let page = reporter.get("/my/case");
    assert!(
        page.text().contains("Your case is classified") && !page.text().contains("zinnober to all"),
        "{}",
        page.text()
    );
    let asked = json!({ "claim_code": case.report.claim });
    assert_eq!(reporter.post_json("/api/v1/reports/case", &asked).status(), 404);
    assert_eq!(reporter.post_form("/my/message", &[("message", "zinnober")]).status(), 303);
    assert_eq!(reporter.post_form("/my/case/leave", &[]).status(), 303);
    assert!(reporter.get("/my/case").text().contains("You left this case"));
}

/// What a command names besides its address is asked for too: a case to join, to merge into, to repeat.
#[test]
fn a_shut_case_cannot_be_reached_through_another() {
    let app = TestApp::new();
    let (case, office, other) = (case(&app), app.office(), app.case());
    office.admit(&case, &case.desk, FAR);
    let waiting = app.report();
    let accept = format!("/desk/report/{}/accept", waiting.id);
    assert_eq!(other.desk.post_form(&accept, &[("case", case.id.as_str())]).status(), 404);
    let merged = other.desk.post_form(&other.place("/merge"), &[("into", case.id.as_str())]);
    assert_eq!(merged.status(), 422);
    assert!(merged.text().contains("There is no case with this number."), "{}", merged.text());
    let duplicate = format!("/desk/report/{}/duplicate", waiting.id);
    let marked = other.desk.post_form(&duplicate, &[("of", case.report.id.as_str())]);
    assert!(marked.text().contains("There is no report with this number."), "{}", marked.text());
    // And a classified case is not made part of one that asks for less.
    let merged = case.desk.post_form(&case.place("/merge"), &[("into", other.id.as_str())]);
    assert_eq!(merged.status(), 409, "{}", merged.text());
}

/// What became part of a classified case is found under its old number, and shut with it.
#[test]
fn a_merged_case_is_shut_under_its_old_number_too() {
    let app = TestApp::new();
    let (case, office, other) = (case(&app), app.office(), app.case());
    office.admit(&case, &case.desk, FAR);
    let merged = case.desk.post_form(&other.place("/merge"), &[("into", case.id.as_str())]);
    assert_eq!(merged.status(), 303, "{}", merged.text());
    assert_eq!(other.desk.get(&other.place("")).status(), 404);
    assert_eq!(other.desk.get(&format!("/desk/report/{}", other.report.id)).status(), 404);
    assert_eq!(case.desk.get(&other.place("")).status(), 303);
}

/// Domain rule 5.2: to merge opens a classified case to nobody. Members of the case that goes on must be members
/// of the one that becomes part of it; whoever was a member of that one alone is let in anew.
#[test]
fn rule_5_2_a_merge_opens_a_classified_case_to_nobody_who_was_not_let_in() {
    let app = TestApp::new();
    let (from, into, office) = (case(&app), app.case(), app.office());
    office.admit(&from, &from.desk, FAR);
    office.classify(&into, Some("de-sueg/ue2"));
    let both = person(&from.desk);
    office.join(&both, &into);
    let (here, there) = (app.account(&[Role::Coordinator]), app.account(&[Role::Coordinator]));
    for (who, case) in [(&here, &from), (&there, &into)] {
        let who = person(who);
        office.clear(&who, "ue2", FAR);
        office.brief(&who, FAR);
        office.join(&who, case);
    }
    let form = from.desk.get(&from.place(""));
    assert!(form.text().contains("let in anew by a security officer"), "{}", form.text());
    let merge = || from.desk.post_form(&from.place("/merge"), &[("into", into.id.as_str())]);
    let refused = merge();
    assert_eq!(refused.status(), 409);
    assert!(refused.text().contains("1 of the members of the other case"), "{}", refused.text());
    assert_eq!(there.get(&from.place("")).status(), 404);
    // Let in for a shorter time than there is not enough.
    let who = person(&there);
    let short = json!({ "act": "join", "case": from.id.as_str(), "until": "2026-12-24T10:00:00Z" });
    assert_eq!(office.act(&who, &short).status(), 204);
    assert_eq!(merge().status(), 409);
    assert_eq!(office.act(&who, &json!({ "act": "leave", "case": from.id.as_str() })).status(), 204);
    office.join(&who, &from);
    assert_eq!(merge().status(), 303);
    assert_eq!(there.get(&into.place("")).status(), 200);
    // A member of the old one alone is let in nowhere, until somebody lets them in.
    for place in [from.place(""), into.place(""), format!("/desk/report/{}", from.report.id)] {
        assert_eq!(here.get(&place).status(), 404, "{place}");
    }
    office.join(&person(&here), &into);
    assert_eq!(here.get(&into.place("")).status(), 200);
}

/// Auditors see who read, and security officers run the register; neither sees the case.
#[test]
fn auditors_and_security_officers_see_reads_and_nothing_else() {
    let app = TestApp::new();
    let (case, office) = (case(&app), app.office());
    office.admit(&case, &case.desk, FAR);
    case.desk.get(&case.place(""));
    let auditor = app.account(&[Role::Auditor]);
    for who in [&auditor, &office.first] {
        assert!(who.get("/reads").text().contains(case.id.as_str()));
        assert_eq!(who.get(&case.place("")).status(), 404);
    }
    assert!(office.first.get("/vetting/cases").text().contains(case.id.as_str()));
}

/// A coordinator classifies on the case's page, and is shut out by it like everybody else.
#[test]
fn a_coordinator_classifies_a_case_and_its_api_does_too() {
    let app = TestApp::new();
    let (first, second, office) = (case(&app), app.case(), app.office());
    let done = first.desk.post_form(&first.place("/classify"), &[("asks", "de-sueg/ue2")]);
    assert_eq!((done.status(), done.header("location")), (303, "/desk"));
    shut(&first.desk, &first);
    let place = format!("/api/v1/cases/{}/classification", second.id);
    assert_eq!(second.desk.post_json(&place, &json!({ "asks": "us/secret" })).status(), 204);
    shut(&second.desk, &second);
    office.admit(&first, &first.desk, FAR);
    let lower = first.desk.post_form(&first.place("/classify"), &[("asks", "de-sueg/ue1")]);
    assert_eq!(lower.status(), 403, "{}", lower.text());
    assert!(first.desk.get(&first.place("")).text().contains("Germany, SÜG: Ü2"));
}

/// Domain rule 5.3: who recuses themselves is off the case at once, classified or not.
#[test]
fn rule_5_3_a_conflict_of_interest_takes_somebody_off_the_case_at_once() {
    let app = TestApp::new();
    let (case, office) = (case(&app), app.office());
    let id = case.id.as_str();
    assert_eq!(case.desk.post_form("/me/interest", &[("case", id)]).status(), 303);
    assert_eq!(case.desk.get(&case.place("")).status(), 200, "it waits for its decision");
    let who = person(&case.desk);
    let decide = |outcome: &str| {
        let act = json!({ "act": "decide_interest", "case": id, "outcome": outcome });
        assert_eq!(office.act(&who, &act).status(), 204);
    };
    for (outcome, status) in [("disclose", 200), ("exclude", 404), ("none", 200), ("recuse", 404)] {
        decide(outcome);
        assert_eq!(case.desk.get(&case.place("")).status(), status, "{outcome}");
    }
    shut(&case.desk, &case);
    assert_eq!(lists(&case.desk, &case), [""; 0]);
    let other = app.account(&[Role::Coordinator]);
    assert_eq!(other.get(&case.place("")).status(), 200, "nobody else is");
    assert_eq!(other.post_form("/me/recuse", &[("case", case.report.id.as_str())]).status(), 422);
    assert_eq!(other.post_form("/me/recuse", &[("case", id)]).status(), 303);
    shut(&other, &case);
}
