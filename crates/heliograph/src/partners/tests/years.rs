//! Whole years of a partner, by the commands of its pages: one that ends in promotion, one in demotion
//! with an appeal; and what counts as support.

use super::credits::{alerted, fixed, stated};
use crate::access::Role;
use crate::testing::partner::{Partnership, order_form};
use crate::testing::{Client, TestApp};
use serde_json::{Value, json};

/// A partner at the third level: both assessors found no more.
fn third<'a>(app: &'a TestApp) -> Partnership<'a> {
    let unit = app.partnership_at("assessing");
    let found = [
        ("fact_has_analysis", "yes"),
        ("fact_has_incident_response", "yes"),
        ("fact_has_written_methods", "yes"),
        ("fact_team_size", "7"),
        ("fact_work_quality", "acceptable"),
        ("count_coordinated_before", "2"),
        ("words", "zinnober"),
    ];
    (0..2).for_each(|which| assert_eq!(unit.mark(which, &found).status(), 303));
    ["admitted", "offered", "contracted", "active"].iter().for_each(|step| unit.go_one(step));
    assert_eq!(unit.level().as_deref(), Some("L3"));
    unit
}

/// Signs the work report with the numbers of the record.
fn report(person: &Client<'_>) {
    let page = person.get("/partner");
    let number = |name: &str| {
        let mark = format!("name=\"{name}\" value=\"");
        page.text().split(&mark).nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let numbers = ["finds", "cases", "alerts", "requests"].map(|name| (name, number(name)));
    let form: Vec<(&str, &str)> = numbers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(person.post_form("/partner/report", &form).status(), 303);
}

/// What every level asks of whoever works with the centre.
fn keep_in_order(unit: &Partnership<'_>, cases: usize, alerts: u32, app: &TestApp) {
    (0..cases).for_each(|_| drop(fixed(app, unit)));
    (1..=alerts).for_each(|number| alerted(unit, number));
    stated(unit, "80");
    report(&unit.person);
}

fn reviewed(app: &TestApp) -> Client<'_> {
    let manager = app.account(&[Role::ProgrammeManager]);
    assert_eq!(manager.post_form("/programme/review", &[]).status(), 303);
    manager
}

/// Domain facts S27: whoever meets a better level at the year's review is promoted, with a new certificate.
#[test]
fn a_year_in_which_a_better_level_is_met_ends_in_promotion() {
    let app = TestApp::new();
    let unit = third(&app);
    let before = unit.serial();
    keep_in_order(&unit, 10, 5, &app);
    app.advance(24 * 25);
    reviewed(&app);
    assert_eq!((unit.life(), unit.level().as_deref()), ("active".into(), Some("L2")));
    assert_ne!(unit.serial(), before);
    let old = app.anonymous().get(&format!("/certificates/{before}"));
    assert!(old.text().contains("revoked"), "{}", old.text());
    let person = app.partner_person(&unit.organisation);
    assert!(person.get("/partner").text().contains("Reviewed: L2 is met; promoted."));
}

/// Domain facts S27: below its level it has ninety days; then the best level that it fully meets; and
/// somebody else decides the appeal.
#[test]
fn a_year_below_its_level_ends_after_ninety_days_in_demotion_and_an_appeal() {
    let app = TestApp::new();
    let unit = app.partnership_at("active");
    keep_in_order(&unit, 3, 2, &app);
    app.advance(24 * 20);
    reviewed(&app);
    assert_eq!((unit.life(), unit.level().as_deref()), ("probation".into(), Some("L2")), "time to come back");
    app.advance(24 * 89);
    // Somebody is there when the centre asks, or the lower level would not be met either.
    for _ in 0..4 {
        app.submit(super::super::look_after);
    }
    let person = app.partner_person(&unit.organisation);
    assert_eq!(person.post_form("/partner/here", &[]).status(), 303);
    reviewed(&app);
    assert_eq!(unit.life(), "probation", "a day is left");
    app.advance(24);
    let manager = reviewed(&app);
    assert_eq!((unit.life(), unit.level().as_deref()), ("active".into(), Some("L3")));
    let page = app.partner_person(&unit.organisation).get("/partner");
    assert!(
        page.text().contains("L3 is met; demoted to the best level that is fully met."),
        "{}",
        page.text()
    );
    let person = app.partner_person(&unit.organisation);
    let why = [("reasons", "zinnober: two cases were closed under another number")];
    assert_eq!(person.post_form("/partner/appeal", &why).status(), 303);
    let upheld = [("uphold", "yes"), ("level", "L2"), ("reasons", "zinnober: right")];
    assert_eq!(
        manager.post_form(&unit.place("/appeal"), &upheld).status(),
        409,
        "who reviewed does not decide it"
    );
    let other = app.account(&[Role::ProgrammeManager]);
    assert_eq!(other.post_form(&unit.place("/appeal"), &upheld).status(), 303);
    assert_eq!((unit.life(), unit.level().as_deref()), ("active".into(), Some("L2")));
    let certificate = app.anonymous().get(&format!("/certificates/{}", unit.serial()));
    assert!(certificate.text().contains("L2 of"), "{}", certificate.text());
}

fn cases(person: &Client<'_>) -> Value {
    let credits = person.get("/api/v1/partner/credits").json();
    let all = credits["criteria"].as_array().unwrap().clone();
    all.into_iter().find(|one| one["criterion"] == "coordinated_to_fix").unwrap()["have"].clone()
}

/// The programme counts cases in the role of finder or of support: what a partner delivered in a case
/// counts once it was useful and the case came to a fix with its vendor told, and never twice.
#[test]
fn what_was_useful_in_a_case_counts_as_support_once_the_case_is_fixed() {
    let app = TestApp::new();
    let (finder, helper) = (app.partnership_at("active"), app.partnership_at("active"));
    let case = app.case();
    for (unit, useful) in [(&helper, "yes"), (&helper, "yes"), (&finder, "yes")] {
        let order = [order_form(unit.id.as_str()).as_slice(), &[("case", case.id.as_str())]].concat();
        let sent = unit.manager.post_form("/requests", &order);
        let id = sent.header("location").rsplit('/').next().unwrap().to_owned();
        assert_eq!(unit.answer(&id, "accept", &[]).status(), 303);
        assert_eq!(unit.answer(&id, "deliver", &[("result", "zinnober")]).status(), 303);
        assert_eq!(cases(&unit.person), json!(0.0), "not reviewed, not fixed");
        let review = [("useful", useful), ("feedback", "zinnober")];
        assert_eq!(unit.manager.post_form(&format!("/requests/{id}/review"), &review).status(), 303);
    }
    assert_eq!(cases(&helper.person), json!(0.0), "the vendor was not told");
    assert_eq!(finder.claim(&case.report.claim).status(), 303);
    let (_, vendor) = case.vendor("Nordwind");
    for (what, form) in [
        ("/report-state", ("step", "validate")),
        ("/report-state", ("step", "accept")),
        ("/fix", ("event", "fix_ready")),
    ] {
        assert_eq!(vendor.post_form(&case.place(what), &[form]).status(), 303);
    }
    assert_eq!(cases(&helper.person), json!(1.0), "one case, however much was asked in it");
    assert_eq!(cases(&finder.person), json!(1.0), "its own find is not counted again");
    assert!(helper.person.get("/partner").text().contains("Cases that you helped to a fix"));
}

/// Domain facts S22: how soon questions are acknowledged is measured from the record, in business days; to
/// decline is to answer.
#[test]
fn how_soon_requests_are_answered_is_measured_and_stands_before_what_was_stated() {
    let app = TestApp::new();
    let unit = app.partnership_at("active");
    stated(&unit, "80");
    let contact = |person: &Client<'_>| {
        let credits = person.get("/api/v1/partner/credits").json();
        let all = credits["criteria"].as_array().unwrap().clone();
        let found = all.into_iter().find(|one| one["criterion"] == "contact").unwrap()["found"][0].clone();
        found["result"].clone()
    };
    assert_eq!(contact(&unit.person), "met", "as stated: one day");
    let (first, second) = (unit.ask(), unit.ask());
    assert_eq!(unit.answer(&first, "decline", &[]).status(), 303);
    // Tuesday to Monday: the weekend does not count, and four working days are too many.
    app.advance(24 * 6);
    let person = app.partner_person(&unit.organisation);
    assert_eq!(contact(&person), "not_met");
    assert_eq!(person.post_form(&format!("/partner/requests/{second}/decline"), &[]).status(), 303);
    assert_eq!(contact(&person), "not_met", "late is late");
}
