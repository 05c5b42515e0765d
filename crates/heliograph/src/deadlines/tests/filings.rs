//! Filings: sealed, copied forward, never invented, and no submission until somebody says so.

use super::clock;
use crate::access::Role;
use crate::deadlines::{self, ClockEvent, Debtor};
use crate::ledger::Actor;
use crate::testing::TestApp;

const MANUFACTURER: [(&str, &str); 4] =
    [("for_manufacturer", "yes"), ("exploited", "yes"), ("aware", "2026-11-24T09:15"), ("aware_zone", "UTC")];

const EARLY: [(&str, &str); 8] = [
    ("f.notification_type", "actively exploited vulnerability"),
    ("f.title", "zinnober kettle boils over"),
    ("f.summary", "The zinnober valve opens."),
    ("f.manufacturer_name", "Nordwind"),
    ("f.member_states", "DE, FR"),
    ("f.product_name", "Zinnober Kettle"),
    ("f.product_version", "1.0"),
    ("f.aware_at", "2026-11-24T09:15:00Z"),
];

const SENT: [(&str, &str); 3] =
    [("at", "2026-11-24T10:00"), ("at_zone", "UTC"), ("evidence", "zinnober: number 17 of the platform")];

#[test]
fn a_filing_says_that_it_is_no_submission_until_one_is_recorded() {
    let app = TestApp::new();
    let report = app.report_with(&MANUFACTURER);
    let filing = format!("/filings/{}/reporter/cra-art14/aev.ew", report.id);
    let page = report.client.get(&filing);
    assert!(page.text().contains("THIS IS NOT A SUBMISSION") && page.text().contains("Title: missing"));
    assert_eq!(report.client.post_form(&filing, &EARLY).status(), 303);
    let page = report.client.get(&filing);
    assert!(page.text().contains("nothing required is missing"), "{}", page.text());
    for shape in ["json", "text", "print"] {
        let export = report.client.get(&format!("{filing}?as={shape}"));
        assert!(export.text().contains("THIS IS NOT A SUBMISSION"), "{shape}");
        assert!(export.text().contains("zinnober kettle boils over"), "{shape}");
    }
    assert_eq!(report.client.get(&format!("{filing}?as=word")).status(), 404);
    assert_eq!(clock(&app, &report, "cra-art14/aev.ew").unwrap().0, "running", "writing is not filing");

    assert_eq!(report.client.post_form(&format!("{filing}/submission"), &SENT).status(), 303);
    assert_eq!(clock(&app, &report, "cra-art14/aev.ew").unwrap().0, "met");
    assert_eq!(clock(&app, &report, "cra-art14/aev.not").unwrap().0, "running", "that duty and no other");
    let json = report.client.get(&format!("{filing}?as=json")).json();
    assert_eq!(json["submitted_at"], "2026-11-24T10:00:00Z");
    assert_eq!(json["field_list"]["version"], "1.3");
    assert!(!json.to_string().contains("THIS IS NOT A SUBMISSION"));
    // What was submitted stands as it was.
    assert_eq!(report.client.post_form(&filing, &EARLY).status(), 409);
    assert_eq!(report.client.post_form(&format!("{filing}/submission"), &SENT).status(), 409);
}

/// ENISA's glossary, by stage: the notification requires what the early warning did not.
#[test]
fn a_later_stage_has_what_the_earlier_said_and_names_what_it_needs_besides() {
    let app = TestApp::new();
    let report = app.report_with(&MANUFACTURER);
    let place = |stage: &str| format!("/filings/{}/reporter/cra-art14/aev.{stage}", report.id);
    report.client.post_form(&place("ew"), &EARLY);
    let page = report.client.get(&place("not"));
    for words in [
        "copied from an earlier stage",
        "zinnober kettle boils over",
        "When the exploitation occurred: missing",
        "General information on the exploit and the vulnerability: missing",
    ] {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    let text = report.client.get(&format!("{}?as=text", place("not")));
    assert!(text.text().contains("When the exploitation occurred\n    MISSING"), "{}", text.text());
    let last = report.client.get(&place("fin"));
    assert!(
        last.text().contains("Malicious actor") && last.text().contains("missing; required if available")
    );
    assert!(!last.text().contains("name=\"f.pec\""), "not shown at this stage");
}

#[test]
fn a_form_takes_what_the_list_allows_and_names_its_limits() {
    let app = TestApp::new();
    let report = app.report_with(&MANUFACTURER);
    let filing = format!("/filings/{}/reporter/cra-art14/aev.ew", report.id);
    for (field, value, words) in [
        ("f.title", "ä".repeat(256), "256 characters, 255 at most"),
        ("f.summary", "x".repeat(4001), "4001 characters, 4000 at most"),
        ("f.product_type", "splendid".into(), "expected default, important, critical"),
        ("f.aware_at", "this morning".into(), "expected day, hour and zone"),
    ] {
        let answer = report.client.post_form(&filing, &[(field, &value)]);
        assert_eq!(answer.status(), 422, "{field}");
        assert!(answer.text().contains(words), "{}", answer.text());
    }
    assert_eq!(report.client.post_form(&filing, &[("f.title", &"ä".repeat(255))]).status(), 303);
    let late = [("at", "2026-11-24T10:01"), SENT[1], SENT[2]];
    assert_eq!(
        report.client.post_form(&format!("{filing}/submission"), &late).status(),
        422,
        "in the future"
    );
    let silent = [SENT[0], SENT[1], ("evidence", " ")];
    assert_eq!(report.client.post_form(&format!("{filing}/submission"), &silent).status(), 422);
}

/// A filing is opened by its debtor and by coordinators, and each opening is in the read log.
#[test]
fn a_filing_is_its_debtors_and_every_opening_is_a_read() {
    let app = TestApp::new();
    let report = app.report_with(&MANUFACTURER);
    let vendor = app.organisation("Nordwind");
    let scope = ClockEvent::ScopeDeclared {
        debtor: Debtor::Organisation(vendor.clone()),
        actors: vec!["manufacturer".into()],
        triggers: vec!["actively_exploited_vulnerability".into()],
        jurisdictions: vec!["EU".into()],
        zone: "UTC".into(),
    };
    let subject = report.id.to_string();
    app.submit(move |w| deadlines::record(w, &Actor::System, &subject, vec![scope]));
    let hers = format!("/filings/{}/reporter/cra-art14/aev.ew", report.id);
    let theirs = format!("/filings/{}/{vendor}/cra-art14/aev.ew", report.id);
    let (nordwind, südwind) = (app.vendor(&vendor), app.vendor(&app.organisation("Südwind")));
    assert_eq!(nordwind.post_form(&theirs, &EARLY).status(), 303);
    let reads = || app.number("SELECT CAST(COUNT(*) AS BIGINT) FROM reads");
    let before = reads();
    assert_eq!(nordwind.get(&theirs).status(), 200);
    assert_eq!(app.account(&[Role::Coordinator]).get(&theirs).status(), 200);
    assert_eq!(nordwind.get(&format!("{theirs}?as=json")).status(), 200);
    assert_eq!(reads(), before + 3);
    let other = app.report();
    for (client, place) in [
        (&südwind, &theirs),
        (&nordwind, &hers),
        (&report.client, &theirs),
        (&other.client, &hers),
        (&app.account(&[Role::Auditor]), &hers),
    ] {
        assert_eq!(client.get(place), client.get("/nowhere"), "{place}");
        assert_eq!(client.post_form(place, &EARLY).status(), 404, "{place}");
        assert_eq!(client.post_form(&format!("{place}/submission"), &SENT).status(), 404, "{place}");
    }
    assert_eq!(reads(), before + 3);
    let desk = app.account(&[Role::Coordinator]);
    for nowhere in [
        "reporter/cra-art14/nothing",
        "reporter/nothing/aev.ew",
        "nobody/cra-art14/aev.ew",
        "reporter/rmsv-2021/report",
        "centre/centre/vendor.notify",
    ] {
        assert_eq!(desk.get(&format!("/filings/{}/{nowhere}", report.id)).status(), 404, "{nowhere}");
    }
}

/// Recording a submission stops that duty's clock and never the vendor's.
#[test]
fn recording_a_submission_never_touches_the_clock_for_telling_the_vendor() {
    let app = TestApp::new();
    let case = app.case_with(&[("for_manufacturer", "yes")]);
    let vendor = app.organisation("Nordwind");
    let subject = case.id.to_string();
    let added = ClockEvent::VendorAdded { vendor };
    app.submit(move |w| deadlines::record(w, &Actor::System, &subject, vec![added]));
    let telling = || {
        let (subject, now) = (case.id.to_string(), app.now());
        let all = app.read(move |tx| deadlines::of(tx, &[subject], now));
        all.into_iter().find(|clock| clock.duty == "vendor.notify").unwrap()
    };
    let before = telling();
    assert_eq!(before.state, "running");
    for duty in ["aev.ew", "si.ew"] {
        let place = format!("/filings/{}/reporter/cra-art14/{duty}/submission", case.report.id);
        let here = [SENT[0], SENT[1], SENT[2], ("received_here", "yes")];
        assert_eq!(case.desk.post_form(&place, &here).status(), 303, "{duty}");
        let own = format!("/filings/{}/centre/cra-art14/disseminate/submission", case.report.id);
        case.desk.post_form(&own, &SENT);
        assert_eq!(telling(), before);
    }
}

/// Erasing what a filing lies with leaves the journal whole and the text gone.
#[test]
fn an_erased_filing_is_gone_and_its_clock_stays() {
    let app = TestApp::new();
    let report = app.report_with(&MANUFACTURER);
    let filing = format!("/filings/{}/reporter/cra-art14/aev.ew", report.id);
    report.client.post_form(&filing, &EARLY);
    report.client.post_form(&format!("{filing}/submission"), &SENT);
    let compartment = format!("report/{}", report.id);
    app.submit(move |w| Ok(w.erase(&compartment)?));
    let page = app.account(&[Role::Coordinator]).get(&filing);
    assert!(page.status() == 200 && !page.text().contains("boils over"), "{}", page.text());
    assert_eq!(clock(&app, &report, "cra-art14/aev.ew").unwrap().0, "met");
}
