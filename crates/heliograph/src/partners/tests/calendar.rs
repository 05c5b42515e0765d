//! The calendar of the programme.

use crate::access::Role;
use crate::testing::TestApp;

#[test]
fn every_end_of_the_programme_stands_in_its_calendar_and_no_name_leaves_with_it() {
    let app = TestApp::new();
    let unit = app.partnership("Zephyr Labs");
    assert!(unit.manager.get("/programme/calendar").text().contains("Nothing yet."));
    unit.go_to("active");
    assert_eq!(unit.manage("warn", &[("days", "60")]).status(), 303);
    let request = unit.ask();
    assert_eq!(unit.answer(&request, "accept", &[]).status(), 303);
    let page = unit.manager.get("/programme/calendar");
    for words in [
        "year, contract and certificate end",
        "probation ends",
        "accreditation ends",
        "accepted request is due",
        "contacts are checked",
        "conflicts are declared again",
        "Zephyr Labs",
        "<svg",
    ] {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    let file = unit.manager.get("/programme/calendar.ics");
    assert!(file.header("content-type").starts_with("text/calendar"));
    assert_eq!(file.text().matches("BEGIN:VEVENT").count(), 6, "{}", file.text());
    assert!(file.text().contains(&format!("SUMMARY:{request}: accepted request is due")), "{}", file.text());
    assert!(!file.text().contains("Zephyr"), "{}", file.text());
    // What is over is said, and what the partner left is none of the programme's dates.
    app.advance(24 * 61);
    let manager = app.account(&[Role::ProgrammeManager]);
    assert!(manager.get("/programme/calendar").text().contains(">over<"));
    assert_eq!(manager.post_form(&unit.place("/end"), &[("reasons", "zinnober")]).status(), 303);
    assert!(!manager.get("/programme/calendar").text().contains("probation ends"));
}
