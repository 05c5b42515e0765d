//! Following a report with its claim code, and the messages both ways.

use crate::access::Role;
use crate::testing::{Answer, TestApp, report_form};
use serde_json::json;

/// ARCHITECTURE, never built 10.
#[test]
fn an_anonymous_reporter_follows_and_answers_with_nothing_but_her_code() {
    let app = TestApp::new();
    let report = app.report();
    let browser = app.anonymous();
    let typed = report.claim.to_uppercase().replace('-', " ");
    let opened = browser.post_form("/my/claim", &[("code", &typed)]);
    assert_eq!((opened.status(), opened.header("location")), (303, "/my"), "the code is in no address");
    let page = browser.get("/my");
    assert!(page.text().contains("Zinnober Kettle") && page.text().contains("received"), "{}", page.text());

    let said = browser.post_form("/my/message", &[("message", "Is zinnober enough?")]);
    assert_eq!(said.header("location"), "/my");
    let desk = app.account(&[Role::Coordinator]);
    let place = format!("/desk/report/{}", report.id);
    assert!(desk.get(&place).text().contains("Is zinnober enough?"));
    let answer = desk.post_form(&format!("{place}/message"), &[("message", "<b>More</b> zinnober.")]);
    assert_eq!(answer.status(), 303);
    let page = browser.get("/my");
    assert!(page.text().contains("The centre wrote:"), "{}", page.text());
    assert!(page.text().contains("&lt;b&gt;More&lt;/b&gt; zinnober."), "{}", page.text());
    // The session that the sending opened sees the same.
    assert_eq!(page.text(), report.client.get("/my").text());

    browser.post_form("/logout", &[]);
    assert!(!browser.get("/my").text().contains("innober"));
    assert_eq!(browser.post_form("/my/message", &[("message", "x")]).status(), 303);
}

#[test]
fn what_an_anonymous_reporter_typed_as_her_name_is_not_kept() {
    let app = TestApp::new();
    let mut named = vec![("contact_name", "Zinnober, Z."), ("contact_address", "z@zinnober.example")];
    let anonymous = app.report_with(&named);
    let desk = app.account(&[Role::Coordinator]);
    let page = desk.get(&format!("/desk/report/{}", anonymous.id));
    assert!(page.text().contains("· anonymous") && !page.text().contains("z@zinnober.example"));

    named.extend(report_form().into_iter().filter(|(name, _)| *name != "anonymous"));
    named.push(("credit", "yes"));
    let client = app.anonymous();
    let sent = client.multipart("/report", &named, &[]);
    let page = desk.get(&format!("/desk/report/{}", TestApp::reported(client, &sent).id));
    assert!(
        page.text().contains("Zinnober, Z. z@zinnober.example · wishes to be thanked"),
        "{}",
        page.text()
    );
}

#[test]
fn a_wrong_code_opens_nothing_and_says_the_same_however_wrong_it_is() {
    let app = TestApp::new();
    let report = app.report();
    let other = if report.claim.starts_with('0') { "1" } else { "0" };
    let near = format!("{other}{}", &report.claim[1..]);
    let tries = [near.as_str(), "", "x", "日本語", &"0".repeat(32), report.id.as_str()];
    let browser = app.anonymous();
    let answers: Vec<Answer> =
        tries.iter().map(|code| browser.post_form("/my/claim", &[("code", code)])).collect();
    assert_eq!(answers[0].status(), 422);
    assert!(answers.iter().all(|answer| answer == &answers[0]));
    let status =
        |code: &str| app.anonymous().post_json("/api/v1/reports/status", &json!({ "claim_code": code }));
    let receipt =
        |code: &str| app.anonymous().post_json("/api/v1/reports/receipt", &json!({ "claim_code": code }));
    let nowhere = app.anonymous().get("/api/v1/nowhere");
    for code in tries {
        assert_eq!((status(code), receipt(code)), (nowhere.clone(), nowhere.clone()), "{code}");
    }
}

#[test]
fn claim_codes_cannot_be_tried_out_and_nobody_is_kept_from_her_own() {
    let app = TestApp::new();
    let report = app.report();
    let browser = app.anonymous();
    for _ in 0..30 {
        assert_eq!(browser.post_form("/my/claim", &[("code", "x")]).status(), 422);
    }
    let refused = browser.post_form("/my/claim", &[("code", "x")]);
    assert_eq!((refused.status(), refused.header("retry-after")), (429, "3600"));
    let limit = "At most 30 wrong claim codes from one address in 60 minutes. Try again in 3600 s.";
    assert!(refused.text().contains(limit), "{}", refused.text());
    let program = browser.post_json("/api/v1/reports/status", &json!({ "claim_code": "x" }));
    assert_eq!(program.status(), 429, "a program tries out no more than a browser");
    // Reporters share addresses: of one office, of one exit of Tor. The right code always opens.
    assert_eq!(browser.post_form("/my/claim", &[("code", &report.claim)]).status(), 303);
}

#[test]
fn one_report_says_nothing_of_another() {
    let app = TestApp::new();
    let (mine, other) = (app.report(), app.report_with(&[("impact", "the other's zinnober")]));
    other.client.post_form("/my/message", &[("message", "zinnober of another")]);
    let page = mine.client.get("/my");
    assert!(!page.text().contains("other") || !page.text().contains(other.id.as_str()));
    assert!(!page.text().contains("zinnober of another"));
    for path in ["", "/exploit/poc"] {
        assert_eq!(mine.client.get(&format!("/desk/report/{}{path}", mine.id)).status(), 404);
    }
}

#[test]
fn a_message_has_a_limit_that_is_named() {
    let app = TestApp::new();
    let report = app.report();
    let desk = app.account(&[Role::Coordinator]);
    let place = format!("/desk/report/{}/message", report.id);
    let before = app.size();
    for text in ["", "  \r\n ", &"x".repeat(20_001)] {
        let mine = report.client.post_form("/my/message", &[("message", text)]);
        let desks = desk.post_form(&place, &[("message", text)]);
        assert_eq!((mine.status(), desks.status()), (422, 422));
        assert!(mine.text().contains("It is about: message"), "{}", mine.text());
    }
    assert_eq!(app.size(), before);
    let long = "ä".repeat(20_000);
    assert_eq!(report.client.post_form("/my/message", &[("message", &long)]).status(), 303);
}

/// ARCHITECTURE, never built 9, for everyone who opens what a reporter wrote.
#[test]
fn every_look_at_a_report_is_in_the_read_log() {
    let app = TestApp::new();
    let report = app.report_with(&[("proof_of_concept", "zinnober.py")]);
    let login = app.login(&[Role::Coordinator], None);
    let (desk, account) = (app.signed_in(&login), app.account_id(&login).to_string());
    let place = format!("/desk/report/{}", report.id);
    desk.get(&place);
    desk.send("HEAD", &place, None, Vec::new());
    desk.get(&format!("{place}/exploit/poc"));
    desk.get(&format!("{place}/exploit/7"));
    report.client.get("/my");
    let subject = report.id.to_string();
    let reads = app.read(move |tx| {
        let which = crate::access::WhichReads { of: vec![subject], with_reporters: true, only: None };
        crate::access::reads(tx, &which, vocabulary::Page::FIRST)
    });
    let read = |role: &str, purpose: &str, account: Option<&str>| {
        (role.to_owned(), purpose.to_owned(), account.map(str::to_owned), 1)
    };
    let found: Vec<_> =
        reads.into_iter().map(|read| (read.role, read.purpose, read.account, read.items)).collect();
    assert_eq!(
        found,
        [
            read("reporter", "follow one's own report", None),
            read("coordinator", "open exploit material", Some(&account)),
            read("coordinator", "triage", Some(&account)),
            read("coordinator", "triage", Some(&account)),
        ]
    );
}
