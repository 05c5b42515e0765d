//! The request desk: asked, answered, delivered in time or not, and what follows from it.

use crate::access::Role;
use crate::ledger::open_epoch;
use crate::testing::TestApp;
use crate::testing::clearance::person;
use crate::testing::partner::{Partnership, order_form};
use serde_json::{Value, json};

/// A restore forgets entries, not the partners who hold the numbers in them.
#[test]
fn no_number_of_a_request_is_given_again_after_a_restore() {
    let app = TestApp::new();
    let unit = app.partnership_at("active");
    assert!(unit.ask().ends_with("-000001"));
    app.submit(|w| Ok(open_epoch(w, None, Some(11_000))?));
    assert!(unit.ask().ends_with("-011001"), "somebody may hold the numbers up to 11000");
}

#[test]
fn a_request_is_accepted_extended_delivered_and_reviewed_and_names_who_asks_and_why() {
    let app = TestApp::new();
    let unit = app.partnership_at("active");
    let id = unit.ask();
    assert!(unit.person.get("/partner").text().contains(&id));
    let page = unit.person.get(&format!("/partner/requests/{id}"));
    for words in
        ["Zinnober office", "contract, article 2", "which hosts?", "to have a flaw mended", "level L2"]
    {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    assert_eq!(unit.answer(&id, "deliver", &[("result", "zinnober")]).status(), 409, "not accepted yet");
    assert_eq!(unit.answer(&id, "accept", &[]).status(), 303);
    assert_eq!(unit.answer(&id, "extend", &[("days", "3"), ("reasons", "zinnober")]).status(), 303);
    assert_eq!(unit.answer(&id, "extend", &[("days", "3"), ("reasons", "zinnober")]).status(), 409);
    assert_eq!(unit.answer(&id, "deliver", &[("result", "zinnober: these hosts")]).status(), 303);
    assert!(unit.manager.get(&format!("/requests/{id}")).text().contains("zinnober: these hosts"));
    let place = format!("/requests/{id}/review");
    assert_eq!(unit.manager.post_form(&place, &[("useful", "yes"), ("feedback", "zinnober")]).status(), 303);
    let body = unit.person.get(&format!("/api/v1/partner/requests/{id}")).json();
    assert_eq!(
        (body["stage"].clone(), body["in_time"].clone(), body["useful"].clone()),
        (json!("reviewed"), json!(true), json!(true))
    );
    let stranger = app.partnership_at("active");
    assert_eq!(stranger.person.get(&format!("/partner/requests/{id}")).status(), 404);
    assert_eq!(
        unit.answer(&id, "review", &[("feedback", "zinnober")]).status(),
        422,
        "that is the centre's to do"
    );
}

#[test]
fn purpose_and_legal_basis_are_asked_for_and_exploitation_cannot_be_chosen() {
    let app = TestApp::new();
    let unit = app.partnership_at("active");
    let with = |name: &str, value: &'static str| {
        let form =
            order_form(unit.id.as_str()).map(|(known, old)| (known, if known == name { value } else { old }));
        unit.manager.post_form("/requests", &form).status()
    };
    for (name, value) in [
        ("purpose", ""),
        ("purpose", "exploitation"),
        ("asks", "exploit"),
        ("legal_basis", " "),
        ("office", ""),
        ("question", ""),
    ] {
        assert_eq!(with(name, value), 422, "{name} {value}");
    }
    let page = unit.manager.get("/requests");
    assert!(!page.text().contains("exploit"), "{}", page.text());
    assert_eq!(app.number("SELECT CAST(COUNT(*) AS BIGINT) FROM partner_requests"), 0);
}

#[test]
fn a_vendor_is_not_asked_about_its_own_case_and_a_service_that_no_contract_names_is_not_asked_for() {
    let app = TestApp::new();
    let unit = app.partnership_at("active");
    let case = app.case();
    let invited = [("vendor", unit.organisation.as_str())];
    assert_eq!(case.desk.post_form(&case.place("/invite"), &invited).status(), 303);
    let about = [order_form(unit.id.as_str()).as_slice(), &[("case", case.id.as_str())]].concat();
    assert_eq!(unit.manager.post_form("/requests", &about).status(), 409);
    let event = order_form(unit.id.as_str())
        .map(|(name, old)| (name, if name == "asks" { "event_support" } else { old }));
    let refused = unit.manager.post_form("/requests", &event);
    assert!(refused.status() == 409 && refused.text().contains("incident response"), "{}", refused.text());
}

fn in_time(credits: &Value) -> Value {
    let all = credits["criteria"].as_array().unwrap();
    all.iter().find(|one| one["criterion"] == "requests").unwrap()["found"][0]["result"].clone()
}

#[test]
fn what_was_accepted_and_not_delivered_in_time_is_counted() {
    let app = TestApp::new();
    let unit = app.partnership_at("active");
    let credits = |unit: &crate::testing::partner::Partnership<'_>| {
        app.partner_person(&unit.organisation).get("/api/v1/partner/credits").json()
    };
    let id = unit.ask();
    assert_eq!(unit.answer(&id, "accept", &[]).status(), 303);
    assert_eq!(in_time(&credits(&unit)), "met", "there is time left");
    app.advance(24 * 11);
    assert_eq!(in_time(&credits(&unit)), "not_met");
}

#[test]
fn the_public_sees_numbers_and_nothing_of_what_was_asked() {
    let app = TestApp::new();
    let (one, other) = (app.partnership_at("active"), app.partnership_at("active"));
    let ids = [one.ask(), one.ask(), one.ask(), other.ask()];
    assert_eq!(one.answer(&ids[0], "decline", &[]).status(), 303);
    let numbers = app.anonymous().get("/api/v1/partners/statistics").json();
    assert_eq!(
        numbers,
        json!({ "levels": { "L2": 2 }, "requests": { "sent": 3, "declined": 1 }, "largest_share_percent": 75 })
    );
    let page = app.anonymous().get("/partners");
    assert!(page.text().contains("partners at L2") && page.text().contains("75 %"));
    assert!(!page.text().contains("HEL-Q-"));
    assert_eq!(app.account(&[Role::Coordinator]).get(&format!("/requests/{}", ids[0])).status(), 404);
}

#[test]
fn registers_stand_beside_one_another_and_leave_as_tables() {
    let app = TestApp::new();
    let (_, organisation) = (app.partnership_at("active"), "=HYPERLINK(1)");
    let sly = app.partnership(organisation);
    sly.go_to("active");
    let file = app.anonymous().get("/partners/export");
    assert!(file.header("content-disposition").contains("partners.csv"));
    assert_eq!(file.text().lines().count(), 3);
    assert!(file.text().contains("'=HYPERLINK(1),tsu-defensive,L2,active"), "{}", file.text());
    let board = sly.manager.get("/programme/scoreboard");
    assert!(
        board.text().contains("=HYPERLINK(1)") && board.text().contains("Work report"),
        "{}",
        board.text()
    );
    let scores = sly.manager.get("/programme/export");
    assert!(
        scores.text().contains("open_criteria") && scores.text().contains("Work report; "),
        "{}",
        scores.text()
    );
}

/// Domain facts S24, S35: by level, entitlement and load, with the reasons.
#[test]
fn whoever_fits_is_shown_first_with_reasons_and_whoever_does_not_with_why() {
    let app = TestApp::new();
    let (busy, free) = (app.partnership_at("active"), app.partnership_at("active"));
    busy.ask();
    let manager = app.account(&[Role::ProgrammeManager]);
    let asked = |asks: &str| manager.get(&format!("/api/v1/requests/candidates?asks={asks}")).json();
    let found = asked("data_analysis");
    assert_eq!((found[0]["id"].clone(), found[0]["load"].clone()), (json!(free.id.as_str()), json!(0)));
    assert_eq!((found[1]["fits"].clone(), found[1]["load"].clone()), (json!(true), json!(1)));
    let page = manager.get("/requests?asks=data_analysis");
    for words in
        ["Its accreditation permits it: ISO/IEC 17025.", "It has 1 open already.", "within 240 hours"]
    {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    let none = manager.get("/requests?asks=event_support");
    assert!(
        none.text().contains("No partner fits now.")
            && none.text().contains("does not name incident response")
    );
    let unfit = asked("event_support");
    assert_eq!(unfit[0]["fits"], json!(false));
    for wrong in ["?asks=exploitation", ""] {
        assert_eq!(manager.get(&format!("/api/v1/requests/candidates{wrong}")).status(), 422);
    }
    assert_eq!(manager.get("/requests?asks=attack").status(), 422);
}

/// Domain facts S22, and the sum of what the levels ask: measured from the record, beside one another.
#[test]
fn the_scoreboard_shows_how_soon_partners_answer_and_what_they_stand_for_together() {
    let app = TestApp::new();
    let (one, _) = (app.partnership_at("active"), app.partnership_at("active"));
    let board = one.manager.get("/programme/scoreboard");
    assert!(board.text().contains("2 at L2") && board.text().contains("20 a year"), "{}", board.text());
    let request = one.ask();
    app.advance(24 * 6);
    let person = app.partner_person(&one.organisation);
    assert_eq!(person.post_form(&format!("/partner/requests/{request}/decline"), &[]).status(), 303);
    let manager = app.account(&[Role::ProgrammeManager]);
    assert!(manager.get("/programme/scoreboard").text().contains("4 business days"));
    let file = manager.get("/programme/export");
    assert!(
        file.text().contains("request_business_days_p90") && file.text().contains(",,4,"),
        "{}",
        file.text()
    );
}

/// Domain facts 5.2, S41: work that takes a clearance goes to a partner of which somebody is cleared to it
/// now; it is refused to the others with the reason, and it is not taken on once that has lapsed.
#[test]
fn work_that_takes_a_clearance_finds_whoever_is_cleared_now_and_opens_nothing() {
    let app = TestApp::new();
    let (unit, other, office) = (app.partnership_at("active"), app.partnership_at("active"), app.office());
    let place = "/api/v1/requests/candidates?asks=data_analysis&clearance=de-sueg/ue2";
    let fits = |place: &str| -> Vec<String> {
        let all = unit.manager.get(place).json().as_array().unwrap().clone();
        let fit = all.iter().filter(|one| one["fits"] == true);
        fit.map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(fits(place), [""; 0]);
    assert_eq!(fits("/api/v1/requests/candidates?asks=data_analysis").len(), 2, "without one, both fit");
    office.clear(&person(&unit.person), "ue3", "2026-11-26T10:00:00Z");
    office.clear(&person(&other.person), "ue1", "2027-11-24T10:00:00Z");
    assert_eq!(fits(place), [unit.id.to_string()], "a higher level answers, a lower one does not");
    let page = unit.manager.get("/requests?asks=data_analysis&clearance=de-sueg/ue2");
    for words in [
        "One of its people is cleared to Germany, SÜG: Ü2 now.",
        "None of its people is cleared to Germany, SÜG: Ü2 now.",
    ] {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    assert_eq!(unit.manager.get("/requests?clearance=de-sueg/ue9").status(), 422);
    let ask = |unit: &Partnership<'_>| {
        let form = [order_form(unit.id.as_str()).as_slice(), &[("clearance", "de-sueg/ue2")]].concat();
        unit.manager.post_form("/requests", &form)
    };
    let refused = ask(&other);
    assert_eq!(refused.status(), 409);
    assert!(refused.text().contains("None of its people is cleared"), "{}", refused.text());
    let id = ask(&unit).header("location").rsplit('/').next().unwrap().to_owned();
    assert!(unit.person.get(&format!("/partner/requests/{id}")).text().contains("Germany, SÜG: Ü2"));
    app.advance(48);
    let person = app.partner_person(&unit.organisation);
    let late = person.post_form(&format!("/partner/requests/{id}/accept"), &[]);
    assert_eq!(late.status(), 409, "it has lapsed: {}", late.text());
    let declined = person.post_form(&format!("/partner/requests/{id}/decline"), &[]);
    assert_eq!(declined.status(), 303, "declining is free, as always");
}

/// A classified case asks for its own clearance, and a request in it is shut with it: to be cleared, or of a
/// high level, opens neither.
#[test]
fn a_request_in_a_classified_case_takes_its_clearance_and_is_open_to_those_let_in_alone() {
    let app = TestApp::new();
    let (unit, office, case) = (app.partnership_at("active"), app.office(), app.case());
    let far = "2027-11-24T10:00:00Z";
    office.admit(&case, &unit.manager, far);
    let order = [order_form(unit.id.as_str()).as_slice(), &[("case", case.id.as_str())]].concat();
    assert_eq!(unit.manager.post_form("/requests", &order).status(), 409, "nobody of it is cleared");
    let who = person(&unit.person);
    office.clear(&who, "ue2", far);
    let sent = unit.manager.post_form("/requests", &order);
    assert_eq!(sent.status(), 303, "{}", sent.text());
    let id = sent.header("location").rsplit('/').next().unwrap().to_owned();
    let place = format!("/partner/requests/{id}");
    assert_eq!(unit.person.get(&place).status(), 404, "cleared, and neither briefed nor a member");
    assert!(!unit.person.get("/partner").text().contains(&id));
    office.brief(&who, far);
    office.join(&who, &case);
    assert_eq!(unit.person.get(&place).status(), 200);
    assert!(unit.person.get("/partner").text().contains(&id));
    assert_eq!(app.partner_person(&unit.organisation).get(&place).status(), 404, "a colleague is not");
}
