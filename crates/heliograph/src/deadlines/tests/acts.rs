//! Extensions, waivers, corrections, facts recorded late, contradictions: each with a ground and a person.

use super::{clock, due};
use crate::access::Role;
use crate::deadlines::{self, Debtor};
use crate::testing::{Client, Reported, TestApp};

const MANUFACTURER: [(&str, &str); 4] =
    [("for_manufacturer", "yes"), ("exploited", "yes"), ("aware", "2026-11-24T09:15"), ("aware_zone", "UTC")];

pub(super) fn act(desk: &Client<'_>, subject: &str, what: &str, form: &[(&str, &str)]) -> u16 {
    desk.post_form(&format!("/deadlines/{subject}/{what}"), form).status()
}

const AWARE: [(&str, &str); 6] = [
    ("debtor", "reporter"),
    ("vendor", ""),
    ("anchor", "aware"),
    ("at", "2026-11-24T08:00"),
    ("at_zone", "UTC"),
    ("evidence", "zinnober: her mail of that morning"),
];

/// A correction is a further version with evidence; what was recorded before stays visible.
#[test]
fn a_corrected_anchor_counts_and_the_old_one_stays_visible() {
    let app = TestApp::new();
    let report = app.report_with(&MANUFACTURER);
    let desk = app.account(&[Role::Coordinator]);
    assert_eq!(act(&desk, report.id.as_str(), "fact", &AWARE), 303);
    assert_eq!(clock(&app, &report, "cra-art14/aev.ew"), due("running", "2026-11-25T08:00:00Z"));
    let reads = app.number("SELECT CAST(COUNT(*) AS BIGINT) FROM reads");
    let page = desk.get(&format!("/deadlines/{}", report.id));
    for words in
        ["24 Nov 2026, 09:15 UTC", "24 Nov 2026, 08:00 UTC", "zinnober: her mail", "stated awareness"]
    {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    assert_eq!(
        app.number("SELECT CAST(COUNT(*) AS BIGINT) FROM reads"),
        reads + 1,
        "a sealed note was opened"
    );
}

/// A fact may lie far back, and it needs evidence; it never lies in the future.
#[test]
fn a_fact_needs_evidence_a_time_that_has_been_and_something_that_can_happen() {
    let app = TestApp::new();
    let report = app.report_with(&MANUFACTURER);
    let desk = app.account(&[Role::Coordinator]);
    let long = "x".repeat(2001);
    for (field, value) in [
        ("evidence", " "),
        ("evidence", &long),
        ("at", "2026-11-24T10:01"),
        ("at", ""),
        ("at_zone", "Mars"),
        ("anchor", "boredom"),
        ("anchor", "vendor_notified"),
        ("debtor", "nobody"),
        ("vendor", "0123456789abcdef"),
    ] {
        let mut form = AWARE.to_vec();
        form.retain(|(name, _)| *name != field);
        form.push((field, value));
        assert_eq!(act(&desk, report.id.as_str(), "fact", &form), 422, "{field} {value}");
    }
    for subject in ["HEL-R-2026-999999", "x", "..%2F"] {
        assert_eq!(act(&desk, subject, "fact", &AWARE), 404, "{subject}");
    }
    assert_eq!(clock(&app, &report, "cra-art14/aev.ew"), due("running", "2026-11-25T09:15:00Z"));
}

/// CRA Art. 16(2) and Delegated Regulation (EU) 2026/881 Art. 3: the centre passes a notification on
/// without delay, puts it off on a recorded ground within its limit, and tells ENISA at once.
#[test]
fn dissemination_is_put_off_on_recorded_grounds_only_and_enisa_is_owed_word_at_once() {
    let app = TestApp::new();
    let report = app.report_with(&MANUFACTURER);
    let desk = app.account(&[Role::Coordinator]);
    let filing = format!("/filings/{}/reporter/cra-art14/aev.ew", report.id);
    let sent = [
        ("at", "2026-11-24T10:00"),
        ("at_zone", "UTC"),
        ("evidence", "zinnober: number 17 of the platform"),
        ("received_here", "yes"),
    ];
    assert_eq!(
        report.client.post_form(&format!("{filing}/submission"), &sent).status(),
        404,
        "hers is not ours"
    );
    assert_eq!(desk.post_form(&format!("{filing}/submission"), &sent).status(), 303);
    let state = |duty: &str| clock(&app, &report, duty);
    assert_eq!(state("cra-art14/aev.ew").unwrap().0, "met");
    assert_eq!(
        state("cra-art14/disseminate"),
        Some(("running".into(), None)),
        "without delay: no hour to miss"
    );

    let delay = |ground: &'static str, until: &'static str, more: &[(&'static str, &'static str)]| {
        let mut form = vec![
            ("debtor", "centre"),
            ("profile", "cra-art14"),
            ("duty", "disseminate"),
            ("ground", ground),
            ("until", until),
            ("until_zone", "UTC"),
            ("reason", "zinnober: the maker expects a patch"),
        ];
        form.extend(more);
        act(&desk, report.id.as_str(), "extend", &form)
    };
    let stated = [("precondition", "yes")];
    assert_eq!(delay("convenience", "2026-11-25T10:00", &stated), 422, "no such ground");
    assert_eq!(delay("mitigation_expected", "2026-11-25T10:00", &[]), 422, "TLP or PAP come first");
    assert_eq!(delay("mitigation_expected", "2026-11-24T10:00", &stated), 422, "it ends in the future");
    assert_eq!(delay("mitigation_expected", "2026-11-27T10:01", &stated), 422, "72 hours at most");
    assert_eq!(state("cra-art14/disseminate.delay-notice"), None);
    assert_eq!(delay("mitigation_expected", "2026-11-27T10:00", &stated), 303);
    assert_eq!(state("cra-art14/disseminate"), due("extended", "2026-11-27T10:00:00Z"));
    assert_eq!(state("cra-art14/disseminate.delay-notice"), Some(("running".into(), None)));
    let page = desk.get(&format!("/deadlines/{}", report.id));
    assert!(page.text().contains("Inform ENISA of the delay at once"), "{}", page.text());

    let notice = [
        ("debtor", "centre"),
        ("profile", "cra-art14"),
        ("duty", "disseminate"),
        ("at", "2026-11-24T10:00"),
        ("at_zone", "UTC"),
        ("evidence", "zinnober: by telephone"),
    ];
    assert_eq!(act(&desk, report.id.as_str(), "delay-notice", &notice), 303);
    assert_eq!(state("cra-art14/disseminate.delay-notice").unwrap().0, "met");
    assert_eq!(act(&desk, report.id.as_str(), "delay-notice", &notice), 409);

    // The delay ends, and the duty runs again: it has no hour, so it is not overdue.
    app.clock_at("2026-11-27T10:00:01Z");
    assert_eq!(state("cra-art14/disseminate"), Some(("running".into(), None)));
    let now = app.now();
    let late = app.read(move |tx| deadlines::counts(tx, &crate::vetting::Eyes::of_the_centre(now))).overdue;
    assert_eq!(late, 1, "the 72 hour notification, and not the end of the delay");
}

/// Art. 4: a ground that concerns one receiving CSIRT does not put off the duty towards the others.
#[test]
fn a_ground_about_one_recipient_leaves_the_clock_running() {
    let app = TestApp::new();
    let report = app.report_with(&MANUFACTURER);
    let desk = app.account(&[Role::Coordinator]);
    let sent =
        [("at", "2026-11-24T10:00"), ("at_zone", "UTC"), ("evidence", "zinnober"), ("received_here", "yes")];
    desk.post_form(&format!("/filings/{}/reporter/cra-art14/aev.ew/submission", report.id), &sent);
    let form = [
        ("debtor", "centre"),
        ("profile", "cra-art14"),
        ("duty", "disseminate"),
        ("ground", "receiving_csirt_incident"),
        ("until", "2026-12-24T10:00"),
        ("until_zone", "UTC"),
        ("reason", "zinnober: that team was broken into"),
        ("precondition", "yes"),
    ];
    assert_eq!(act(&desk, report.id.as_str(), "extend", &form), 303);
    assert_eq!(clock(&app, &report, "cra-art14/disseminate"), Some(("running".into(), None)));
    assert!(clock(&app, &report, "cra-art14/disseminate.delay-notice").is_some(), "ENISA is told of it too");
}

/// Telling a vendor falls away for one vendor at a time, on the grounds of the policy and no other.
#[test]
fn a_waiver_needs_a_ground_of_the_rule_and_a_vendor() {
    let app = TestApp::new();
    let case = app.case();
    let (nordwind, _) = case.invited("Nordwind");
    let waive = |vendor: &str, ground: &str| {
        let form = [
            ("debtor", "centre"),
            ("profile", "centre"),
            ("duty", "vendor.notify"),
            ("vendor", vendor),
            ("ground", ground),
            ("reason", "zinnober: it is their own report"),
        ];
        act(&case.desk, case.id.as_str(), "waive", &form)
    };
    assert_eq!(waive(nordwind.as_str(), "too_much_work"), 422);
    assert_eq!(waive("", "vendor_is_the_reporter"), 422);
    assert_eq!(waive("0123456789abcdef", "vendor_is_the_reporter"), 422);
    assert_eq!(waive(nordwind.as_str(), "vendor_is_the_reporter"), 303);
    let (subject, now) = (case.id.to_string(), app.now());
    let all = app.read(move |tx| deadlines::of(tx, &[subject], now));
    let found = all.iter().find(|clock| clock.duty == "vendor.notify").unwrap();
    assert_eq!(found.state, "waived");
}

pub(super) fn declare(desk: &Client<'_>, report: &Reported<'_>, jurisdictions: &str) -> u16 {
    let form = [
        ("debtor", "reporter"),
        ("actors", "manufacturer, product_provider"),
        ("triggers", "actively_exploited_vulnerability"),
        ("jurisdictions", jurisdictions),
        ("zone", "Europe/Berlin"),
    ];
    act(desk, report.id.as_str(), "scope", &form)
}

/// RMSV Art. 9(7) forbids what CRA Art. 14 orders: both are shown, a person decides, nothing is
/// blocked. The reference profile is compared, and its conflict is named all the same.
#[test]
fn rules_that_contradict_each_other_are_put_before_a_person_and_block_nothing() {
    let app = TestApp::new();
    let report = app.report_with(&MANUFACTURER);
    let desk = app.account(&[Role::Coordinator]);
    let open = || app.number("SELECT CAST(COUNT(*) AS BIGINT) FROM conflicts WHERE decided IS NULL");
    assert_eq!(open(), 0, "the law of China was not declared to apply");
    assert_eq!(declare(&desk, &report, "EU CN"), 303);
    let before = open();
    assert!(before > 0);
    assert!(desk.get("/desk").text().contains("Rules that contradict each other"));
    let page = desk.get(&format!("/deadlines/{}", report.id));
    assert!(page.text().contains("The two cannot both be kept"), "{}", page.text());
    assert_eq!(clock(&app, &report, "cra-art14/aev.ew"), due("running", "2026-11-25T09:15:00Z"));

    let row: Vec<String> = app.read(|tx| {
        let sql = "SELECT forbids, prohibition, orders, duty FROM conflicts ORDER BY 1, 2, 3, 4";
        let row = tx.query_opt(sql, &[])?.unwrap();
        (0..4).map(|i| Ok(row.get(i)?)).collect()
    });
    let mut form =
        vec![("debtor", "reporter"), ("decision", "perform"), ("reason", "zinnober: counsel says so")];
    form.extend(["forbids", "prohibition", "orders", "duty"].into_iter().zip(row.iter().map(String::as_str)));
    assert_eq!(act(&desk, report.id.as_str(), "conflict", &form), 303);
    assert_eq!(open(), before - 1);
    let page = desk.get(&format!("/deadlines/{}", report.id));
    assert!(page.text().contains("perform the duty"));
    let recorded = page.text().split("What was recorded").last().unwrap();
    for words in ["forbids what &quot;", "&quot;Early warning of an actively exploited vulnerability&quot;"] {
        assert!(recorded.contains(words), "{words}: {recorded}");
    }
    for id in [&row[0], &row[1], &row[2], &row[3]] {
        assert!(!recorded.contains(id.as_str()), "{id}: {recorded}");
    }
    form[2] = ("reason", "");
    assert_eq!(act(&desk, report.id.as_str(), "conflict", &form), 422);
    form[3] = ("forbids", "nothing");
    form[2] = ("reason", "zinnober");
    assert_eq!(act(&desk, report.id.as_str(), "conflict", &form), 404);
}

#[test]
fn scope_is_declared_in_words_of_limited_shape() {
    let app = TestApp::new();
    let report = app.report();
    let desk = app.account(&[Role::Coordinator]);
    for bad in ["<script>", &"EU ".repeat(500), "ÄÖÜ", &(0..31).map(|n| format!("A{n} ")).collect::<String>()]
    {
        assert_eq!(declare(&desk, &report, bad), 422, "{bad}");
    }
    assert_eq!(declare(&desk, &report, "EU"), 303);
    assert_eq!(clock(&app, &report, "cra-art14/aev.ew").unwrap().0, "not_started");
    let subject = report.id.to_string();
    let facts = app.read(move |tx| crate::deadlines::store::facts(tx, &subject));
    assert_eq!(facts.facts[&Debtor::Reporter].zone.name(), "Europe/Berlin");
}
