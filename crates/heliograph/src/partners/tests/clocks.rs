//! Requests among all that is due: for those who run the programme and for the partner itself, and for nobody
//! else.

use crate::access::{Permission, Role};
use crate::testing::TestApp;

/// Domain facts S24, 5.6; peers section 4, 8: a clock for each request that was taken on, from the one clock
/// engine, with an overdue mark, in lists, counts, exports and calendars.
#[test]
fn a_request_that_was_taken_on_is_due_for_its_programme_and_its_partner_and_for_nobody_else() {
    let app = TestApp::new();
    let (unit, other) = (app.partnership_at("active"), app.partnership_at("active"));
    let (id, declined) = (unit.ask(), unit.ask());
    let places =
        ["/deadlines?month=2026-12", "/deadlines?show=all", "/deadlines/export?as=csv", "/api/v1/deadlines"];
    let sees = |who: &crate::testing::Client<'_>, id: &str| -> Vec<&str> {
        places.into_iter().filter(|place| who.get(place).text().contains(id)).collect()
    };
    assert_eq!(sees(&unit.manager, &id), [""; 0], "nothing is owed before it was taken on");
    assert_eq!(unit.answer(&id, "accept", &[]).status(), 303);
    assert_eq!(unit.answer(&declined, "decline", &[]).status(), 303);
    for who in [&unit.manager, &unit.person] {
        // Ten days from now: in the month, not in the next day.
        assert_eq!(sees(who, &id), places);
        assert_eq!(sees(who, &declined), [""; 0], "declining leaves nothing behind");
    }
    let colleague = app.account(&[Role::Coordinator]);
    for (name, who) in [("another partner", &other.person), ("a coordinator", &colleague)] {
        assert_eq!(sees(who, &id), [""; 0], "{name}");
        assert_eq!(who.get("/deadlines").status(), 200, "{name}");
        assert_eq!(who.get(&format!("/deadlines/{id}")).status(), 404, "{name}");
    }
    let vendor = app.vendor(&unit.organisation);
    assert_eq!(vendor.get("/deadlines").status(), 404, "one who does not speak for it as its partner");
    for (who, place) in [(&unit.manager, "/requests/"), (&unit.person, "/partner/requests/")] {
        let page = who.get("/deadlines?show=all");
        assert!(page.text().contains(&format!("href=\"{place}{id}")), "{}", page.text());
        assert!(page.text().contains("Data analysis, at level 2"), "{}", page.text());
        let feed = app.token(who, &[Permission::FollowDeadlines]).get("/feeds/deadlines.ics");
        assert!(feed.text().contains(&format!("SUMMARY:{id}: Data analysis")), "{}", feed.text());
    }
    app.verify();

    // Past its time it is overdue, for both, and told once to each at every step.
    app.advance(24 * 10 + 1);
    let ladder = app.app.settings.ladder;
    while app.submit(move |w| crate::deadlines::escalate(w, &ladder)) {}
    let (manager, person) = (app.account(&[Role::ProgrammeManager]), app.partner_person(&unit.organisation));
    for who in [&manager, &person] {
        let page = who.get("/deadlines?show=overdue");
        assert!(page.text().contains(&id) && page.text().contains("overdue"), "{}", page.text());
        assert!(who.get("/deadlines").text().contains("1 overdue"));
    }
    let told = "SELECT CAST(COUNT(*) AS BIGINT) FROM notices WHERE profile = 'partner-requests'";
    // Those who had an account then: one who asked, one who was asked, and the other partner's manager.
    let known = app.number(told);
    assert!(known > 0);
    app.submit(move |w| crate::deadlines::escalate(w, &ladder));
    assert_eq!(app.number(told), known, "once");
    let desk = app.account(&[Role::Coordinator]);
    assert!(!desk.get("/desk").text().contains(&id));
    app.verify();

    // What came ends it.
    assert_eq!(
        person.post_form(&format!("/partner/requests/{id}/deliver"), &[("result", "zinnober")]).status(),
        303
    );
    assert!(!manager.get("/deadlines?show=all").text().contains(&id));
    app.verify();
}
