//! What ends with a case that is closed, and what does not.

use super::{done, refused, words};
use crate::access::Role;
use crate::deadlines;
use crate::testing::{Client, InCase, TestApp};
use crate::vetting::Eyes;

/// Where nothing is kept back, so that the case can be closed at once.
const PUBLIC: [(&str, &str); 2] = [("public", "yes"), ("public_where", "https://zinnober.example")];

/// The state of a clock of the centre's own policy.
fn clock(app: &TestApp, case: &InCase<'_>, duty: &str) -> String {
    let (subject, now) = (case.id.to_string(), app.now());
    let all = app.read(move |tx| deadlines::of(tx, &[subject], now));
    all.into_iter().find(|clock| clock.profile == "centre" && clock.duty == duty).unwrap().state
}

fn overdue(app: &TestApp) -> i64 {
    let now = app.now();
    app.read(move |tx| deadlines::counts(tx, &Eyes::of_the_centre(now))).overdue
}

/// A coordinator with a session of today.
fn desk(app: &TestApp) -> Client<'_> {
    app.account(&[Role::Coordinator])
}

/// Vultron, report management: closed is final, and nothing follows from it (domain facts 4.2). A record has
/// an end of its own: fixed, published, rejected, or handed back to the finder (S1). So the clock for
/// publishing ends with the case, and the journal says when, by whom and on which ground.
#[test]
fn a_case_that_is_closed_unpublished_owes_the_public_nothing_more() {
    let app = TestApp::new();
    let case = app.case_with(&PUBLIC);
    case.invited("Nordwind");
    app.advance(24 * 46);
    assert_eq!(clock(&app, &case, "publish"), "overdue");
    assert_eq!(overdue(&app), 1);
    let desk = desk(&app);
    let before = app.size();
    done(&desk.post_form(&case.place("/close"), &[]));
    assert_eq!(app.kinds_since(before), ["case.closed", "clock.fell_away"]);
    assert_eq!(clock(&app, &case, "publish"), "waived");
    assert_eq!(overdue(&app), 0);
    let page = words(&desk, &format!("/deadlines/{}", case.id));
    let ended = "ended \"Publish the advisory\" of the centre, on the ground: case closed unpublished.";
    assert!(page.contains(ended), "{page}");
    app.advance(24 * 100);
    assert_eq!(overdue(&app), 0);
    app.verify();
}

/// What was published is met, and closing the case says nothing else of it.
#[test]
fn a_case_that_is_closed_after_its_publication_met_its_clock() {
    let app = TestApp::new();
    let case = app.case();
    case.vendor("Nordwind");
    case.publish();
    let before = app.size();
    done(&case.desk.post_form(&case.place("/close"), &[]));
    assert_eq!(app.kinds_since(before), ["case.closed"]);
    assert_eq!(clock(&app, &case, "publish"), "met");
}

/// ARCHITECTURE, never built 2: what is owed to a vendor is met when that vendor was told, and by nothing else.
#[test]
fn what_is_owed_to_a_vendor_outlives_the_case() {
    let app = TestApp::new();
    let case = app.case_with(&PUBLIC);
    app.advance(49);
    done(&desk(&app).post_form(&case.place("/close"), &[]));
    assert_eq!(clock(&app, &case, "publish"), "waived");
    assert_eq!(clock(&app, &case, "vendor.notify"), "overdue");
}

/// CERT/CC, 45 days "whether or not there is a patch": nobody lets an open case go unpublished by a word.
#[test]
fn that_a_case_was_closed_is_said_by_closing_it_alone() {
    let app = TestApp::new();
    let case = app.case_with(&PUBLIC);
    case.invited("Nordwind");
    let place = format!("/deadlines/{}", case.id);
    assert!(!case.desk.get(&place).text().contains("case_closed_unpublished"));
    let form = [
        ("debtor", "centre"),
        ("profile", "centre"),
        ("duty", "publish"),
        ("ground", "case_closed_unpublished"),
        ("reason", "zinnober"),
    ];
    let (status, said) = refused(&case.desk.post_form(&format!("{place}/waive"), &form));
    assert_eq!(status, 422);
    assert!(said.contains("Close the case: that alone puts this on the record."), "{said}");
    assert_eq!(clock(&app, &case, "publish"), "running");
}
