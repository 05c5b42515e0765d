//! What somebody tries who means harm.

use super::{COOKIE, enter};
use crate::access::Role;
use crate::testing::{PASSWORD, TestApp};

/// Session fixation: a cookie that somebody planted is never taken on as a session.
#[test]
fn a_session_is_always_one_that_we_made() {
    let app = TestApp::new();
    let login = app.login(&[Role::Reporter], None);
    let client = app.anonymous();
    let planted = "A".repeat(43);
    client.set_cookie(COOKIE, &planted);
    assert_eq!(enter(&client, &login, PASSWORD, "").status(), 303);
    let first = client.cookie(COOKIE).unwrap();
    assert_ne!(first, planted);
    // Signing in again, or as somebody else, ends what was open in this browser.
    assert_eq!(enter(&client, &login, PASSWORD, "").status(), 303);
    let thief = app.anonymous();
    thief.set_cookie(COOKIE, &first);
    assert_eq!(thief.get("/account").status(), 303, "the session before is still good");
    thief.set_cookie(COOKIE, &planted);
    assert_eq!(thief.get("/account").status(), 303);
}

#[test]
fn private_answers_lie_in_no_cache() {
    let app = TestApp::new();
    let case = app.case();
    let (_, vendor) = case.vendor("Nordwind");
    let place = case.place("");
    let answers = [
        case.desk.get(&place),
        case.desk.get("/desk"),
        vendor.get(&place),
        vendor.get("/api/v1/cases"),
        case.report.client.get("/my"),
        case.report.client.get("/my/case"),
        case.desk.get("/account"),
        case.desk.get("/nowhere"),
        app.anonymous().get("/desk"),
        app.anonymous().get("/login"),
    ];
    for answer in answers {
        assert_eq!(answer.header("cache-control"), "no-store", "{}", answer.text());
    }
}

/// HEAD asks the same door as GET and stands in the read log as GET does; OPTIONS opens nothing.
#[test]
fn head_and_options_are_no_way_around_the_door() {
    let app = TestApp::new();
    let case = app.case();
    let stranger = app.account(&[Role::Auditor]);
    let before = app.size();
    for (client, path, status) in [
        (app.anonymous(), case.place(""), 303),
        (stranger.clone(), case.place(""), 404),
        (stranger.clone(), "/nowhere".into(), 404),
        (stranger, format!("/api/v1/cases/{}", case.id), 404),
    ] {
        assert_eq!(client.send("HEAD", &path, None, Vec::new()).status(), status, "{path}");
        let options = client.send("OPTIONS", &path, None, Vec::new());
        assert!([404, 405].contains(&options.status()) && options.bytes().len() < 2_000, "{path}");
    }
    assert_eq!(app.size(), before);
    assert_eq!(case.desk.send("HEAD", &case.place(""), None, Vec::new()).status(), 200);
    assert_eq!(app.kinds_since(before), ["sealed.read"], "a HEAD counts as a read");
}
