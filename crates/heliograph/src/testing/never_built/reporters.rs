//! Line 10: the reporter may always leave, and may stay anonymous.

use crate::testing::{TestApp, report_json};

#[test]
fn line_10_a_report_needs_no_name_no_address_and_no_account() {
    let app = TestApp::new();
    let report = app.report();
    assert_eq!(report.client.get("/my").status(), 200);
    assert_eq!(app.anonymous().post_json("/api/v1/reports", &report_json()).status(), 201);
    let accounts = app.number("SELECT CAST(COUNT(*) AS BIGINT) FROM credentials");
    assert_eq!(accounts, 0);
    let form = app.anonymous().get("/report");
    for name in ["contact_name", "contact_address"] {
        let field = crate::testing::between(form.text(), &format!("name=\"{name}\""), ">");
        assert!(!field.contains("required"), "{name} is demanded");
    }
}

/// The address that a report came from is kept as long as attempts are counted, and never beside it.
#[test]
fn line_10_nothing_that_is_kept_says_where_an_anonymous_report_came_from() {
    let app = TestApp::new();
    app.report();
    assert_eq!(app.tables_with(b"198.51.100."), ["attempts"]);
    app.advance(25);
    app.submit(crate::access::sweep);
    assert_eq!(app.tables_with(b"198.51.100."), Vec::<String>::new());
}

#[test]
fn line_10_whoever_leaves_is_gone_and_can_come_back_with_her_code() {
    let app = TestApp::new();
    let report = app.report();
    assert_eq!(report.client.post_form("/logout", &[]).status(), 303);
    assert!(!report.client.get("/my").text().contains("Zinnober"));
    assert_eq!(app.number("SELECT CAST(COUNT(*) AS BIGINT) FROM sessions"), 0);
    report.client.post_form("/my/claim", &[("code", &report.claim)]);
    assert!(report.client.get("/my").text().contains("Zinnober"));
}
