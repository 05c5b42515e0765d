//! Vendors that join later: each has two days from when it was known to be concerned, and what was in
//! time never becomes late because of something else.

use super::{done, refused};
use crate::access::Role;
use crate::deadlines;
use crate::testing::{InCase, TestApp};
use jiff::Timestamp;
use vocabulary::{CaseId, OrganisationId};

/// State, start and date of the clock for telling a vendor.
fn telling(app: &TestApp, case: &CaseId, vendor: &OrganisationId) -> (String, Timestamp, Timestamp) {
    let (subject, now) = (case.to_string(), app.now());
    let all = app.read(move |tx| deadlines::of(tx, &[subject], now));
    let found = all.into_iter().find(|clock| clock.regarding == vendor.as_str()).unwrap();
    assert_eq!(found.duty, "vendor.notify");
    (found.state, found.started.unwrap(), found.due.unwrap())
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Invites with a session of today, and more fields.
fn invite(app: &TestApp, case: &InCase<'_>, name: &str, more: &[(&str, &str)]) -> OrganisationId {
    let vendor = app.organisation(name);
    let form = [&[("vendor", vendor.as_str())], more].concat();
    done(&app.account(&[Role::Coordinator]).post_form(&case.place("/invite"), &form));
    vendor
}

/// The tests begin on 24 November 2026, 10:00 UTC, and so does the case.
#[test]
fn a_vendor_found_later_has_its_two_days_from_then_and_the_page_says_why() {
    let app = TestApp::new();
    let case = app.case();
    let (first, _) = case.invited("Nordwind");
    app.advance(24 * 9);
    let now = app.now();
    let (just_found, known) = (
        invite(&app, &case, "Kestrel", &[]),
        invite(
            &app,
            &case,
            "Open Gate",
            &[("concerned_since", "2026-12-02T08:00"), ("concerned_since_zone", "UTC")],
        ),
    );
    let kept_waiting = invite(
        &app,
        &case,
        "Südwind",
        &[("concerned_since", "2026-11-30T10:00"), ("concerned_since_zone", "UTC")],
    );
    let (begun, accepted) = (at("2026-11-24T10:00:00Z"), at("2026-11-26T10:00:00Z"));
    assert_eq!(telling(&app, &case.id, &first), ("met".into(), begun, accepted));
    assert_eq!(telling(&app, &case.id, &just_found), ("met".into(), now, at("2026-12-05T10:00:00Z")));
    let stated = (at("2026-12-02T08:00:00Z"), at("2026-12-04T08:00:00Z"));
    assert_eq!(telling(&app, &case.id, &known), ("met".into(), stated.0, stated.1));
    let late = (at("2026-11-30T10:00:00Z"), at("2026-12-02T10:00:00Z"));
    assert_eq!(telling(&app, &case.id, &kept_waiting), ("met_late".into(), late.0, late.1));
    let page = app.account(&[Role::Coordinator]).get(&format!("/deadlines/{}", case.id));
    assert!(
        page.text().contains("the first record here that names this vendor; no earlier hour"),
        "{}",
        page.text()
    );
}

/// The first vendor is whom the report was accepted for: nobody can put that off by waiting.
#[test]
fn the_first_vendor_counts_from_acceptance_however_late_it_is_invited() {
    let app = TestApp::new();
    let case = app.case();
    app.advance(49);
    let first = invite(&app, &case, "Nordwind", &[]);
    let found = telling(&app, &case.id, &first);
    assert_eq!(found, ("met_late".into(), at("2026-11-24T10:00:00Z"), at("2026-11-26T10:00:00Z")));
}

#[test]
fn an_hour_to_come_is_refused_and_a_vendor_that_comes_back_was_told_before() {
    let app = TestApp::new();
    let case = app.case();
    let (vendor, person) = case.invited("Nordwind");
    let before = telling(&app, &case.id, &vendor);
    done(&person.post_form(&case.place("/leave"), &[]));
    app.advance(24 * 5);
    let desk = app.account(&[Role::Coordinator]);
    let size = app.size();
    let soon = [
        ("vendor", vendor.as_str()),
        ("concerned_since", "2027-01-01T10:00"),
        ("concerned_since_zone", "UTC"),
    ];
    let answer = refused(&desk.post_form(&case.place("/invite"), &soon));
    assert_eq!((answer.0, app.size()), (422, size), "{}", answer.1);
    done(&desk.post_form(&case.place("/invite"), &[("vendor", vendor.as_str())]));
    assert_eq!(telling(&app, &case.id, &vendor), before);
    // Publication, too, goes on counting from when it was told first.
    let due = "SELECT MIN(due) FROM deadlines WHERE duty = 'publish' AND profile = 'centre'";
    assert_eq!(app.number(due), at("2027-01-08T10:00:00Z").as_microsecond());
}

/// A case that becomes part of an older one: its vendors keep their hours; a vendor of both was told
/// when it was told first.
#[test]
fn a_merger_makes_nobody_late() {
    let app = TestApp::new();
    let older = app.case();
    let (both, _) = older.invited("Nordwind");
    let told_first = telling(&app, &older.id, &both);
    app.advance(24 * 20);
    let newer = app.case();
    let (only_newer, _) = newer.invited("Kestrel");
    done(&newer.desk.post_form(&newer.place("/invite"), &[("vendor", both.as_str())]));
    let in_time = telling(&app, &newer.id, &only_newer);
    assert_eq!(in_time.0, "met");
    app.advance(24 * 3);
    let desk = app.account(&[Role::Coordinator]);
    done(&desk.post_form(&newer.place("/merge"), &[("into", older.id.as_str())]));
    assert_eq!(telling(&app, &older.id, &only_newer), in_time);
    assert_eq!(telling(&app, &older.id, &both), told_first);
}

/// The other way round, what was told in the older case stays told at that hour.
#[test]
fn a_merger_into_the_younger_case_keeps_the_earlier_hour() {
    let app = TestApp::new();
    let older = app.case();
    let (both, _) = older.invited("Nordwind");
    app.advance(24 * 20);
    let newer = app.case();
    newer.invited("Kestrel");
    done(&newer.desk.post_form(&newer.place("/invite"), &[("vendor", both.as_str())]));
    done(&newer.desk.post_form(&older.place("/merge"), &[("into", newer.id.as_str())]));
    assert_eq!(telling(&app, &newer.id, &both).0, "met");
    let due = "SELECT MIN(due) FROM deadlines WHERE duty = 'publish' AND profile = 'centre'";
    assert_eq!(app.number(due), at("2027-01-08T10:00:00Z").as_microsecond(), "from the one told first");
}
