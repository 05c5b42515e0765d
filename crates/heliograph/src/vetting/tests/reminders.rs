//! People are reminded of what ends for them, once for each step, and see it on their own page.

use crate::access::Role;
use crate::testing::TestApp;
use crate::testing::clearance::person;

/// Peers section 4, 10: alerts before expiry; each is told once, by an entry, and is visible to the person.
#[test]
fn a_person_is_reminded_once_for_each_step_and_sees_it() {
    let app = TestApp::new();
    let (office, login) = (app.office(), app.login(&[Role::Coordinator], None));
    let who = person(&app.signed_in(&login));
    office.clear(&who, "ue2", "2027-02-24T10:00:00Z");
    let reminders = || {
        app.submit(crate::vetting::look_after);
        app.number("SELECT CAST(COUNT(*) AS BIGINT) FROM events WHERE kind = 'register.reminded'")
    };
    // The declaration of this year is due within ninety days; the clearance is not.
    assert_eq!((reminders(), reminders()), (1, 1));
    app.clock_at("2026-11-26T10:00:00Z");
    assert_eq!((reminders(), reminders()), (2, 2), "ninety days before its clearance ends");
    let page = app.signed_in(&login).get("/me");
    for words in ["You were reminded", "your clearance ends, Germany, SÜG: Ü2", "your yearly declaration"] {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    app.clock_at("2027-02-24T10:00:00Z");
    reminders();
    assert_eq!(reminders(), reminders());
    app.verify();
}
