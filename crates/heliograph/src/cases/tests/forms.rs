//! What was typed is not lost when a form is refused, and who was refused still is who he was.

use crate::testing::TestApp;

#[test]
fn a_refused_form_comes_back_with_what_was_written() {
    let app = TestApp::new();
    let case = app.case();
    let (_, vendor) = case.vendor("Nordwind");
    let text = "zinnober ".repeat(3_000);
    let sent = vendor.with("referer", &format!("http://centre.test{}", case.place(""))).post_form(
        &case.place("/statement"),
        &[
            ("product", "Lamp"),
            ("from", ""),
            ("before", "2"),
            ("status", "affected"),
            ("product", "Kettle"),
            ("from", ""),
            ("before", "3"),
            ("status", "fixed"),
            ("text", &text),
        ],
    );
    assert_eq!(sent.status(), 422);
    let page = sent.text();
    assert!(page.contains("At most 20000 characters") && page.contains(text.trim()), "{page}");
    assert!(page.contains("aria-invalid=\"true\""), "{page}");
    assert!(page.contains("name=\"product\" value=\"Kettle\""), "rows are sent along: {page}");
    assert!(page.contains(&format!("action=\"{}\"", case.place("/statement"))), "{page}");
    assert!(page.contains(&format!("<a href=\"{}\">Back to where you were</a>", case.place(""))), "{page}");
    assert!(page.contains("Sign out") && !page.contains("Sign in"), "the vendor is still signed in: {page}");
}

#[test]
fn a_page_of_another_site_is_never_the_way_back() {
    let app = TestApp::new();
    let case = app.case();
    for from in ["https://evil.example/x", "http://centre.test.evil.example/", "//evil.example", "x", "/desk"]
    {
        let sent = case.desk.with("referer", from).post_form(&case.place("/message"), &[("message", "")]);
        assert_eq!(sent.status(), 422);
        assert!(!sent.text().contains("Back to where you were"), "{from}: {}", sent.text());
    }
    let twice = case.desk.with("referer", "http://centre.test//evil.example/");
    assert!(!twice.post_form(&case.place("/message"), &[]).text().contains("evil"));
}
