//! What counts, and what a year comes to: through the router.

use crate::access::Role;
use crate::testing::partner::Partnership;
use crate::testing::{InCase, TestApp};
use serde_json::{Value, json};

/// A case of this partner's own find, taken to a fix with its vendor.
pub(super) fn fixed<'a>(app: &'a TestApp, unit: &Partnership<'_>) -> InCase<'a> {
    let case = app.case();
    assert_eq!(unit.claim(&case.report.claim).status(), 303);
    let (_, vendor) = case.vendor(&format!("Vendor {}", app.size()));
    for (what, form) in [
        ("/report-state", ("step", "validate")),
        ("/report-state", ("step", "accept")),
        ("/fix", ("event", "fix_ready")),
    ] {
        assert_eq!(vendor.post_form(&case.place(what), &[form]).status(), 303);
    }
    case
}

/// An alert that came in time and was confirmed.
pub(super) fn alerted(unit: &Partnership<'_>, number: u32) {
    assert_eq!(unit.person.post_form("/partner/alert", &[("words", "zinnober is coming")]).status(), 303);
    let number = number.to_string();
    let form = [
        ("number", number.as_str()),
        ("timely", "yes"),
        ("confirmed", "yes"),
        ("severity", "high"),
        ("feedback", "zinnober: thank you"),
    ];
    assert_eq!(unit.manager.post_form(&unit.place("/alert"), &form).status(), 303);
}

/// What the centre states for a review.
pub(super) fn stated(unit: &Partnership<'_>, scorecard: &str) {
    for (fact, value) in
        [("scorecard_mean", scorecard), ("drill_answer_p90_hours", "6"), ("ack_p90_business_days", "1")]
    {
        let form = [("fact", fact), ("value", value), ("evidence", "zinnober: measured")];
        assert_eq!(unit.manager.post_form(&unit.place("/fact"), &form).status(), 303, "{fact}");
    }
}

fn criteria(credits: &Value, level: &str) -> Vec<String> {
    let all = credits["criteria"].as_array().unwrap().iter();
    let open = all.filter(|one| {
        let found = one["found"].as_array().unwrap().iter();
        let mut here = found.filter(|found| found["level"] == level || found["level"] == "all");
        here.any(|found| found["result"] != "met")
    });
    open.map(|one| one["criterion"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_partner_sees_what_counts_why_and_what_is_still_owed() {
    let app = TestApp::new();
    let unit = app.partnership_at("active");
    fixed(&app, &unit);
    alerted(&unit, 1);
    stated(&unit, "80");
    app.advance(24 * 40);
    let person = app.partner_person(&unit.organisation);
    let page = person.get("/partner");
    for words in [
        "Still owed this year",
        "9 more",
        "4 more",
        "1 now; asked: L1 20, L2 10, L3 3",
        "after a year",
        "<svg",
    ] {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    let other = person.get("/partner?level=L3");
    assert!(
        other.text().contains("What L3 would still ask") && other.text().contains("2 more"),
        "{}",
        other.text()
    );
    assert_eq!(person.get("/partner?level=L9").status(), 422);
    let credits = person.get("/api/v1/partner/credits").json();
    assert_eq!(criteria(&credits, "L3"), ["work_report", "coordinated_to_fix", "early_warning"]);
}

#[test]
fn two_who_found_the_same_are_both_credited_and_a_report_is_claimed_once() {
    let app = TestApp::new();
    let (one, other) = (app.partnership_at("active"), app.partnership_at("active"));
    let case = fixed(&app, &one);
    assert_eq!(other.claim(&case.report.claim).status(), 409, "another has claimed it");
    assert_eq!(one.claim(&case.report.claim).status(), 409, "it is claimed already");
    assert_eq!(one.claim("7q2k-9mzr-4w8c-1h5x-7q2k-9mzr-4w8c-1h5x").status(), 404);
    let second = app.report();
    assert_eq!(other.claim(&second.claim).status(), 303);
    let doubled = [("of", case.report.id.as_str())];
    assert_eq!(case.desk.post_form(&format!("/desk/report/{}/duplicate", second.id), &doubled).status(), 303);
    for unit in [&one, &other] {
        let find = unit.person.get("/api/v1/partner/credits").json()["finds"][0].clone();
        assert_eq!(
            (find["counts"].clone(), find["outcome"].clone()),
            (json!(true), json!("fixed")),
            "{find}"
        );
        assert_eq!(find["joint"], json!(unit.id == other.id), "{find}");
    }
}

#[test]
fn a_find_follows_its_case_into_another() {
    let app = TestApp::new();
    let unit = app.partnership_at("active");
    let (into, from) = (app.case(), app.case());
    assert_eq!(unit.claim(&from.report.claim).status(), 303);
    into.vendor("Nordwind");
    let done = into.desk.post_form(&from.place("/merge"), &[("into", into.id.as_str())]);
    assert_eq!(done.status(), 303, "{}", done.text());
    let find = unit.person.get("/api/v1/partner/credits").json()["finds"][0].clone();
    assert_eq!((find["counts"].clone(), find["joint"].clone()), (json!(true), json!(true)), "{find}");
}

/// Domain facts S19: graded by the centre, appeal possible.
#[test]
fn a_grade_is_given_by_the_centre_and_again_by_somebody_else() {
    let app = TestApp::new();
    let unit = app.partnership_at("active");
    let case = fixed(&app, &unit);
    let place = format!("/finds/{}", case.report.id);
    assert!(case.desk.get("/finds").text().contains(case.report.id.as_str()));
    assert!(case.desk.get(&place).text().contains("The zinnober valve"));
    let grade = [("novel", "no"), ("reach", "generic"), ("reasons", "zinnober: it was known")];
    assert_eq!(case.desk.post_form(&place, &grade).status(), 303);
    assert_eq!(case.desk.post_form(&place, &grade).status(), 409, "graded, and nobody contests it");
    let contest = [("report", case.report.id.as_str()), ("reasons", "zinnober: it was not")];
    assert_eq!(unit.person.post_form("/partner/contest", &contest).status(), 303);
    assert_eq!(unit.person.post_form("/partner/contest", &contest).status(), 409);
    let yes = [("novel", "yes"), ("reach", "generic"), ("reasons", "zinnober: right")];
    assert_eq!(case.desk.post_form(&place, &yes).status(), 409, "by somebody else");
    assert_eq!(app.account(&[Role::Coordinator]).post_form(&place, &yes).status(), 303);
    let find = unit.person.get("/api/v1/partner/credits").json()["finds"][0].clone();
    assert_eq!((find["novel"].clone(), find["contested"].clone()), (json!(true), json!(false)));
}

#[test]
fn a_manager_who_may_not_read_reports_grades_none() {
    let app = TestApp::new();
    let unit = app.partnership_at("active");
    let case = fixed(&app, &unit);
    assert_eq!(unit.manager.get(&format!("/finds/{}", case.report.id)).status(), 404);
    assert_eq!(unit.person.get(&format!("/finds/{}", case.report.id)).status(), 404);
}

/// Domain facts S27: probation first, then the best level that is fully met, and an appeal.
#[test]
fn a_year_that_ends_below_its_level_is_given_time_and_then_a_lower_level_with_an_appeal() {
    let app = TestApp::new();
    let unit = app.partnership_at("active");
    let review =
        |unit: &Partnership<'_>| assert_eq!(unit.manager.post_form("/programme/review", &[]).status(), 303);
    review(&unit);
    assert_eq!((unit.life(), unit.level().as_deref()), ("probation".into(), Some("L2")));
    review(&unit);
    assert_eq!(unit.life(), "probation", "asked again before its time is over, nothing changes");
    app.advance(24 * 91);
    let manager = app.account(&[Role::ProgrammeManager]);
    assert_eq!(manager.post_form("/programme/review", &[]).status(), 303);
    assert_eq!(unit.life(), "suspended", "no level is met");
    let person = app.partner_person(&unit.organisation);
    assert!(person.get("/partner").text().contains("suspended: no level is met"));
    assert_eq!(person.post_form("/partner/appeal", &[("reasons", "zinnober")]).status(), 303);
    let upheld = [("uphold", "yes"), ("level", "L3"), ("reasons", "zinnober: right")];
    assert_eq!(
        manager.post_form(&unit.place("/appeal"), &upheld).status(),
        409,
        "who reviewed does not decide it"
    );
    let other = app.account(&[Role::ProgrammeManager]);
    assert_eq!(other.post_form(&unit.place("/appeal"), &upheld).status(), 303);
    assert_eq!((unit.life(), unit.level().as_deref()), ("active".into(), Some("L3")));
}

#[test]
fn an_alert_counts_once_it_was_reviewed_as_timely_and_confirmed() {
    let app = TestApp::new();
    let unit = app.partnership_at("active");
    let have = || {
        let credits = unit.person.get("/api/v1/partner/credits").json();
        let all = credits["criteria"].as_array().unwrap().clone();
        all.into_iter().find(|one| one["criterion"] == "early_warning").unwrap()["have"].clone()
    };
    assert_eq!(unit.person.post_form("/partner/alert", &[("words", "zinnober")]).status(), 303);
    assert_eq!(have(), json!(0.0));
    let late = json!({ "act": "review_alert", "number": 1, "timely": false, "confirmed": true, "severity": "critical", "feedback": "zinnober" });
    let acts = format!("/api/v1/programme/partners/{}/acts", unit.id);
    assert_eq!(unit.manager.post_json(&acts, &late).status(), 204);
    assert_eq!(unit.manager.post_json(&acts, &late).status(), 409);
    assert_eq!(have(), json!(0.0));
    alerted(&unit, 2);
    assert_eq!(have(), json!(1.0));
}

#[test]
fn only_numbers_that_the_review_asks_for_are_stated() {
    let app = TestApp::new();
    let unit = app.partnership_at("active");
    for (fact, status) in
        [("scorecard_mean", 303), ("contacts", 422), ("attitude", 422), ("work_report_accurate", 422)]
    {
        let form = [("fact", fact), ("value", "90"), ("evidence", "zinnober")];
        assert_eq!(unit.manager.post_form(&unit.place("/fact"), &form).status(), status, "{fact}");
    }
}

/// Domain facts S21: generated from the record, corrected and signed, each difference explained.
#[test]
fn a_work_report_is_reconciled_with_the_record_number_by_number() {
    let app = TestApp::new();
    let unit = app.partnership_at("active");
    fixed(&app, &unit);
    let page = unit.person.get("/partner");
    assert!(page.text().contains("name=\"finds\" value=\"1\""), "{}", page.text());
    let report = |finds: &'static str, why: &'static str| {
        let form =
            [("finds", finds), ("cases", "1"), ("alerts", "0"), ("requests", "0"), ("explanation", why)];
        unit.person.post_form("/partner/report", &form).status()
    };
    assert_eq!(report("2", ""), 422, "a difference needs its explanation");
    assert_eq!(report("2", "zinnober: one was told by mail"), 303);
    assert!(unit.person.get("/partner").text().contains("(1 on the record)"));
    let credits = unit.person.get("/api/v1/partner/credits").json();
    assert!(!criteria(&credits, "L3").contains(&"work_report".to_owned()), "{credits}");
}

/// Domain facts S22: answers are measured, and one that waits counts as long as it waits.
#[test]
fn contacts_are_checked_every_month_and_the_answers_are_measured() {
    let app = TestApp::new();
    let unit = app.partnership_at("active");
    assert_eq!(unit.person.post_form("/partner/here", &[]).status(), 409, "nobody asked");
    app.advance(24 * 30);
    app.submit(super::super::look_after);
    app.advance(48);
    let person = app.partner_person(&unit.organisation);
    let contact = || {
        let credits = person.get("/api/v1/partner/credits").json();
        let all = credits["criteria"].as_array().unwrap().clone();
        all.into_iter().find(|one| one["criterion"] == "contact").unwrap()["found"][0]["result"].clone()
    };
    assert_eq!(contact(), "not_met", "two days without an answer");
    assert!(person.get("/partner").text().contains("Is somebody there?"));
    assert_eq!(person.post_form("/partner/here", &[]).status(), 303);
    assert!(!person.get("/partner").text().contains("Is somebody there?"));
}
