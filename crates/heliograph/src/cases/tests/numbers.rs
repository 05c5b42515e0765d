//! A number is given once, whatever the centre loses.

use crate::access::Role;
use crate::ledger::open_epoch;
use crate::testing::TestApp;

/// A restore forgets entries, not the people who hold the numbers in them.
#[test]
fn no_number_is_given_again_after_a_restore() {
    let app = TestApp::new();
    app.case();
    app.submit(|w| Ok(open_epoch(w, None, Some(11_000))?));
    let case = app.case();
    assert_eq!((case.report.id.as_str(), case.id.as_str()), ("HEL-R-2026-011001", "HEL-2026-011001"));
    let desk = app.account(&[Role::Coordinator]);
    assert_eq!(desk.post_form("/deadlines/drills", &[]).status(), 303);
    let drill = "SELECT number FROM drills";
    assert_eq!(app.number(drill), 11_001);
    // A second restore, which knew less, takes nothing back; and numbers go on one by one.
    app.submit(|w| Ok(open_epoch(w, None, Some(5_000))?));
    assert_eq!(app.report().id.as_str(), "HEL-R-2026-011002");
    // Nobody holds a number of a year in which nothing was lost.
    app.clock_at("2027-01-01T00:30:00Z");
    assert_eq!(app.report().id.as_str(), "HEL-R-2027-000001");
}
