//! What the centre owes once a filing has arrived here, by the law that the filing is made under.

use super::acts::act;
use super::{clock, due};
use crate::access::Role;
use crate::testing::{Client, Reported, TestApp};

/// NIS 2, article 23(4): the filings of an essential entity that had a significant incident.
fn entity(app: &TestApp) -> (Reported<'_>, Client<'_>) {
    let report = app.report();
    let desk = app.account(&[Role::Coordinator]);
    let scope = [
        ("debtor", "reporter"),
        ("actors", "essential_or_important_entity"),
        ("triggers", "significant_incident"),
        ("jurisdictions", "EU"),
        ("zone", "UTC"),
    ];
    assert_eq!(act(&desk, report.id.as_str(), "scope", &scope), 303);
    let aware = [
        ("debtor", "reporter"),
        ("anchor", "aware"),
        ("at", "2026-11-24T09:00"),
        ("at_zone", "UTC"),
        ("evidence", "zinnober: their mail"),
    ];
    assert_eq!(act(&desk, report.id.as_str(), "fact", &aware), 303);
    (report, desk)
}

fn submit(desk: &Client<'_>, report: &Reported<'_>, filing: &str, at: &str, here: bool) -> u16 {
    let mut form = vec![("at", at), ("at_zone", "UTC"), ("evidence", "zinnober: number 17")];
    form.extend(here.then_some(("received_here", "yes")));
    desk.post_form(&format!("/filings/{}/{filing}/submission", report.id), &form).status()
}

const REPLY: &str = "nis2-art23/csirt.reply";

/// NIS 2, article 23(5): the CSIRT answers within 24 hours of receiving the early warning.
#[test]
fn an_early_warning_that_arrived_here_is_answered_within_24_hours() {
    let app = TestApp::new();
    let (report, desk) = entity(&app);
    assert_eq!(clock(&app, &report, "nis2-art23/ew"), due("running", "2026-11-25T09:00:00Z"));
    assert_eq!(clock(&app, &report, REPLY), None, "nothing has arrived");
    assert_eq!(submit(&desk, &report, "reporter/nis2-art23/ew", "2026-11-24T10:00", true), 303);
    assert_eq!(clock(&app, &report, REPLY), due("running", "2026-11-25T10:00:00Z"));
    assert_eq!(clock(&app, &report, "cra-art14/disseminate"), None, "that is another law");
    let page = desk.get(&format!("/deadlines/{}", report.id));
    assert!(page.text().contains("Owed by us, to The entity that notified"), "{}", page.text());

    // The notification that follows starts no second one, and moves the first by nothing.
    app.advance(1);
    assert_eq!(submit(&desk, &report, "reporter/nis2-art23/not", "2026-11-24T11:00", true), 303);
    assert_eq!(clock(&app, &report, REPLY), due("running", "2026-11-25T10:00:00Z"));

    let form = desk.get(&format!("/filings/{}/centre/{REPLY}", report.id));
    assert!(form.text().contains("Initial feedback") && form.text().contains("Guidance"), "{}", form.text());
    let answer = [("f.initial_feedback", "We look at it, zinnober.")];
    assert_eq!(desk.post_form(&format!("/filings/{}/centre/{REPLY}", report.id), &answer).status(), 303);
    assert_eq!(submit(&desk, &report, &format!("centre/{REPLY}"), "2026-11-24T11:00", false), 303);
    assert_eq!(clock(&app, &report, REPLY), due("met", "2026-11-25T10:00:00Z"));
}

/// NIS 2, article 23(5), says "where possible": a late answer is no breach, and never in red.
#[test]
fn an_answer_that_should_have_gone_out_is_not_overdue() {
    let app = TestApp::new();
    let (report, desk) = entity(&app);
    assert_eq!(submit(&desk, &report, "reporter/nis2-art23/ew", "2026-11-24T10:00", true), 303);
    app.clock_at("2026-11-25T10:00:01Z");
    assert_eq!(clock(&app, &report, REPLY), due("running", "2026-11-25T10:00:00Z"));
    let now = app.now();
    assert_eq!(
        app.read(move |tx| crate::deadlines::counts(tx, &crate::vetting::Eyes::of_the_centre(now))).overdue,
        0
    );
    let desk = app.account(&[Role::Coordinator]);
    assert!(!desk.get("/deadlines?show=overdue").text().contains("Answer the entity"));
    for page in ["/deadlines?show=all".to_owned(), format!("/deadlines/{}", report.id)] {
        let page = desk.get(&page);
        assert!(
            page.text().contains("should have been done") && !page.text().contains("chip late"),
            "{}",
            page.text()
        );
    }
    // Whoever looks after it was told all the same.
    app.runtime.block_on(crate::jobs::escalate(&app.app)).unwrap();
    let told = "SELECT CAST(COUNT(*) AS BIGINT) FROM escalations WHERE duty = 'csirt.reply'";
    assert_eq!(app.number(told), 1);
    let late = submit(&desk, &report, &format!("centre/{REPLY}"), "2026-11-25T10:00", false);
    assert_eq!(late, 303);
}

#[test]
fn what_did_not_arrive_here_or_is_no_early_warning_is_not_answered() {
    let app = TestApp::new();
    let (report, desk) = entity(&app);
    assert_eq!(submit(&desk, &report, "reporter/nis2-art23/ew", "2026-11-24T10:00", false), 303);
    assert_eq!(clock(&app, &report, REPLY), None, "it went to somebody else");
    assert_eq!(submit(&desk, &report, "reporter/nis2-art23/not", "2026-11-24T10:00", true), 303);
    assert_eq!(clock(&app, &report, REPLY), None, "a notification is no early warning");
}

/// CRA, article 16(2): what arrived is passed on; no answer is owed under another law.
#[test]
fn a_notification_of_a_manufacturer_is_passed_on() {
    let app = TestApp::new();
    let report = app.report_with(&super::MANUFACTURER);
    let desk = app.account(&[Role::Coordinator]);
    assert_eq!(submit(&desk, &report, "reporter/cra-art14/aev.ew", "2026-11-24T10:00", true), 303);
    assert_eq!(clock(&app, &report, "cra-art14/disseminate"), Some(("running".into(), None)));
    assert_eq!(clock(&app, &report, REPLY), None);
}

/// Delegated Regulation (EU) 2026/881, article 3, was read in part only: whoever puts it off is told so.
/// Article 3 asks for more than articles 4 and 5 before a delay.
#[test]
fn a_page_says_which_part_of_a_rule_nobody_has_read_and_what_each_ground_asks_for() {
    let app = TestApp::new();
    let report = app.report_with(&super::MANUFACTURER);
    let desk = app.account(&[Role::Coordinator]);
    assert_eq!(submit(&desk, &report, "reporter/cra-art14/aev.ew", "2026-11-24T10:00", true), 303);
    let page = desk.get(&format!("/deadlines/{}", report.id));
    for words in [
        "part of the rule not read",
        "article 3, names further conditions that nobody here has read",
        "cvd trusted intermediary",
        "Towards that csirt only",
        "(verified against a verbatim copy)",
        "informs ENISA immediately",
    ] {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    let delay = |ground: &str, stated: bool| {
        let mut form = vec![
            ("debtor", "centre"),
            ("profile", "cra-art14"),
            ("duty", "disseminate"),
            ("ground", ground),
            ("until", "2026-11-26T10:00"),
            ("until_zone", "UTC"),
            ("reason", "zinnober"),
        ];
        form.extend(stated.then_some(("precondition", "yes")));
        act(&desk, report.id.as_str(), "extend", &form)
    };
    for ground in ["mitigation_expected", "cvd_trusted_intermediary"] {
        assert_eq!(delay(ground, false), 422, "{ground}: article 3");
        assert_eq!(delay(ground, true), 303, "{ground}");
    }
    for ground in ["receiving_csirt_incident", "receiving_csirt_incapable", "platform_compromised"] {
        assert_eq!(delay(ground, false), 303, "{ground}: articles 4 and 5");
    }
    assert_eq!(delay("workload", true), 422);
}
