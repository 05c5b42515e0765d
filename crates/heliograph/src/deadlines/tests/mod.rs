//! What a report starts, what it does not start, and how it is shown.

mod acts;
mod by_program;
mod filings;
mod keeper;
mod keeping;
mod lists;
mod owed_by_us;
mod told;

use super::{Clock, counts};
use crate::access::Role;
use crate::testing::{Reported, TestApp, between, report_json};

/// Duty, state and due date of every clock of a report.
fn clocks(app: &TestApp, report: &Reported<'_>) -> Vec<(String, String, Option<String>)> {
    let (subject, now) = (report.id.to_string(), app.now());
    let all: Vec<Clock> = app.read(move |tx| super::of(tx, &[subject], now));
    let told = |clock: Clock| {
        (format!("{}/{}", clock.profile, clock.duty), clock.state, clock.due.map(|due| due.to_string()))
    };
    all.into_iter().map(told).collect()
}

fn clock(app: &TestApp, report: &Reported<'_>, duty: &str) -> Option<(String, Option<String>)> {
    let found = clocks(app, report).into_iter().find(|(name, ..)| name == duty);
    found.map(|(_, state, due)| (state, due))
}

fn due(state: &str, due: &str) -> Option<(String, Option<String>)> {
    Some((state.to_owned(), Some(due.to_owned())))
}

const MANUFACTURER: [(&str, &str); 2] = [("for_manufacturer", "yes"), ("exploited", "yes")];
const AWARE: [(&str, &str); 2] = [("aware", "2026-11-24T09:15"), ("aware_zone", "UTC")];

/// CRA Art. 14(2)(a) and (b): 24 and 72 hours after becoming aware, whenever we received it.
#[test]
fn a_manufacturers_awareness_starts_its_clocks() {
    let app = TestApp::new();
    let report = app.report_with(&[MANUFACTURER, AWARE].concat());
    assert_eq!(clock(&app, &report, "cra-art14/aev.ew"), due("running", "2026-11-25T09:15:00Z"));
    assert_eq!(clock(&app, &report, "cra-art14/aev.not"), due("running", "2026-11-27T09:15:00Z"));
    let fin = clock(&app, &report, "cra-art14/aev.fin");
    assert_eq!(fin, Some(("not_started".into(), None)), "no remedy yet: no date");
    assert_eq!(clock(&app, &report, "centre/acknowledge"), due("running", "2026-12-01T10:00:00Z"));
}

/// Our receipt is never the manufacturer's awareness: nobody recorded when, so there is no date.
#[test]
fn without_awareness_there_is_no_date_and_no_receipt_or_message_makes_one() {
    let app = TestApp::new();
    let report = app.report_with(&MANUFACTURER);
    let desk = app.account(&[Role::Coordinator]);
    desk.post_form(&format!("/desk/report/{}/message", report.id), &[("message", "zinnober?")]);
    report.client.post_form("/my/message", &[("message", "zinnober!")]);
    app.advance(100);
    for duty in ["cra-art14/aev.ew", "cra-art14/aev.not"] {
        assert_eq!(clock(&app, &report, duty), Some(("anchor_missing".into(), None)), "{duty}");
    }
    let desk = app.account(&[Role::Coordinator]);
    let page = desk.get(&format!("/deadlines/{}", report.id));
    assert!(page.text().contains("no date: nobody recorded when"), "{}", page.text());
    let listed = desk.get("/api/v1/deadlines").text().to_owned();
    assert!(!listed.contains("cra-art14"), "{listed}");
}

#[test]
fn somebody_who_is_no_manufacturer_starts_only_our_own_clock() {
    let app = TestApp::new();
    for more in [&[][..], &[("exploited", "yes")], &AWARE] {
        let report = app.report_with(more);
        let running = clocks(&app, &report).into_iter().filter(|(.., due)| due.is_some());
        assert_eq!(
            running.collect::<Vec<_>>(),
            [("centre/acknowledge".into(), "running".into(), Some("2026-12-01T10:00:00Z".into()))]
        );
        assert!(!clocks(&app, &report).iter().any(|(duty, ..)| duty.starts_with("cra-art14")));
    }
}

/// ISO/IEC 29147:2018, 6.2.5: a person's answer is the acknowledgement, the automatic receipt is not.
#[test]
fn a_persons_first_answer_acknowledges_and_nothing_else_does() {
    let app = TestApp::new();
    let (answered, declined, late, waiting) = (app.report(), app.report(), app.report(), app.report());
    let desk = app.account(&[Role::Coordinator]);
    app.app.ledger.checkpoint_blocking().unwrap();
    for report in [&answered, &waiting] {
        report.client.get("/my/receipt");
        report.client.post_form("/my/message", &[("message", "Hello, zinnober?")]);
        desk.get(&format!("/desk/report/{}", report.id));
    }
    let state = |report: &Reported<'_>| clock(&app, report, "centre/acknowledge").unwrap().0;
    assert_eq!(state(&answered), "running");
    let answer = |report: &Reported<'_>| {
        let desk = app.account(&[Role::Coordinator]);
        desk.post_form(&format!("/desk/report/{}/message", report.id), &[("message", "zinnober")])
    };
    answer(&answered);
    desk.post_form(&format!("/desk/report/{}/decline", declined.id), &[("reason", "zinnober")]);
    assert_eq!((state(&answered), state(&declined)), ("met".into(), "met".into()));
    app.advance(24 * 7 + 1);
    answer(&late);
    answer(&answered);
    let states = [&answered, &declined, &late, &waiting].map(state);
    assert_eq!(states, ["met", "met", "met_late", "overdue"]);
    let page = app.account(&[Role::Coordinator]).get(&format!("/deadlines/{}", answered.id));
    let recorded = "recorded &quot;Acknowledge receipt to the reporter&quot; as done by the centre";
    assert!(page.text().contains(recorded), "{}", page.text());
}

#[test]
fn a_clock_is_overdue_once_its_hour_is_past() {
    let app = TestApp::new();
    let report = app.report_with(&[MANUFACTURER, AWARE].concat());
    let numbers = || {
        app.read({
            let now = app.now();
            move |tx| counts(tx, &crate::vetting::Eyes::of_the_centre(now))
        })
    };
    assert_eq!((numbers().overdue, numbers().soon), (0, 1));
    app.clock_at("2026-11-25T09:15:00Z");
    let state = || clock(&app, &report, "cra-art14/aev.ew").unwrap().0;
    assert_eq!(state(), "running", "the deadline itself is still in time");
    app.advance_by(jiff::SignedDuration::from_micros(1));
    assert_eq!(state(), "overdue");
    assert_eq!((numbers().overdue, numbers().soon), (1, 0));

    let desk = app.account(&[Role::Coordinator]);
    let late = desk.get("/deadlines?show=overdue");
    assert!(late.text().contains("overdue") && late.text().contains("Early warning"), "{}", late.text());
    assert!(!late.text().contains("Acknowledge receipt"));
    let listed = desk.get("/api/v1/deadlines").json();
    let states: Vec<&str> =
        listed.as_array().unwrap().iter().map(|clock| clock["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["overdue", "running", "running"], "by what is due: {listed}");
    let fresh = app.report();
    assert!(desk.get(&format!("/deadlines/{}", fresh.id)).text().contains("in 7 d"));
}

/// A date shown to a person always has hour and zone, in the zone of the centre.
#[test]
fn every_date_on_a_page_has_its_hour_and_zone() {
    let app = TestApp::with(&[("zone", "Europe/Berlin")]);
    let planned = [("planned", "2027-02-01T12:00"), ("planned_zone", "Asia/Tokyo")];
    let report = app.report_with(&[&MANUFACTURER[..], &AWARE, &planned].concat());
    let desk = app.account(&[Role::Coordinator]);
    let subject = format!("/deadlines/{}", report.id);
    let place = format!("/desk/report/{}", report.id);
    let mut dates = 0;
    for (client, path) in [
        (&desk, "/deadlines"),
        (&desk, &subject),
        (&desk, &place),
        (&report.client, "/my"),
        (&desk, "/account"),
    ] {
        let page = client.get(path);
        assert_eq!(page.status(), 200, "{path}");
        for time in page.text().split("<time ").skip(1) {
            let shown = between(time, ">", "</time>");
            let (day, hour) = shown.split_once(", ").unwrap_or_else(|| panic!("{path} shows {shown:?}"));
            let shape: String = hour.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
            assert!(shape == "99:99 CET" && day.ends_with("2026"), "{path} shows {shown:?}");
            dates += 1;
        }
    }
    assert!(dates >= 6, "only {dates} dates were seen");
    let page = desk.get(&place);
    assert!(page.text().contains("plans to publish 1 Feb 2027, 12:00 JST"), "{}", page.text());
    assert!(desk.get("/deadlines").text().contains("25 Nov 2026, 10:15 CET"));
}

#[test]
fn long_lists_come_in_pages_and_each_clock_once() {
    let app = TestApp::new();
    for sender in [app.anonymous(), app.anonymous()] {
        for _ in 0..30 {
            assert_eq!(sender.post_json("/api/v1/reports", &report_json()).status(), 201);
        }
    }
    let desk = app.account(&[Role::Coordinator]);
    let page = |number: u32| {
        let listed = desk.get(&format!("/api/v1/deadlines?page={number}")).json();
        let subjects = listed.as_array().unwrap().iter();
        subjects.map(|clock| clock["subject"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let (first, second) = (page(1), page(2));
    assert_eq!((first.len(), second.len(), page(3).len()), (50, 10, 0));
    assert!(first.iter().all(|subject| !second.contains(subject)));
    assert!(desk.get("/deadlines?show=all").text().contains("href=\"/deadlines?show=all&amp;page=2\""));
    assert!(!desk.get("/deadlines?show=all&page=2").text().contains("page=3"));
}

#[test]
fn a_subject_without_clocks_is_not_there() {
    let app = TestApp::new();
    let desk = app.account(&[Role::Coordinator]);
    let nowhere = desk.get("/nowhere");
    for subject in ["HEL-R-2026-000001", "x", "%C3%A4", "..%2F"] {
        assert_eq!(desk.get(&format!("/deadlines/{subject}")), nowhere, "{subject}");
    }
    let report = app.report();
    assert_eq!(desk.get(&format!("/deadlines/{}", report.id.as_str().to_lowercase())).status(), 200);
}
