//! The second factor: who needs one, when it counts, and what happens when it is lost.

use super::{COOKIE, enter};
use crate::access::{Permission, Role, totp_code};
use crate::testing::{Client, PASSWORD, TestApp, between};
use jiff::SignedDuration;

const PLACE: &str = "/account/second-factor";

/// Reads a secret as an authenticator program would (RFC 4648).
fn read(text: &str) -> Vec<u8> {
    let five = |c: char| "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(c).unwrap();
    let bits: Vec<usize> = text.chars().flat_map(|c| (0..5).rev().map(move |i| five(c) >> i & 1)).collect();
    bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |value, bit| value << 1 | *bit as u8)).collect()
}

/// Begins to set a second factor up, and gives its secret.
fn begin(client: &Client<'_>, code: &str) -> Vec<u8> {
    let page = client.post_form(PLACE, &[("code", code)]);
    read(between(page.text(), "?secret=", "&amp;"))
}

/// Sets a second factor up in the browser: its secret, and the recovery codes.
pub(super) fn set_up(app: &TestApp, client: &Client<'_>) -> (Vec<u8>, Vec<String>) {
    let secret = begin(client, "");
    let done = client.post_form(&format!("{PLACE}/confirm"), &[("code", &code(app, &secret))]);
    assert_eq!(done.status(), 200, "{}", done.text());
    let list = between(done.text(), "id=\"recovery\">", "</ul>");
    (secret, list.split("<li>").skip(1).map(|item| item[..19].to_owned()).collect())
}

fn code(app: &TestApp, secret: &[u8]) -> String {
    totp_code(secret, app.now().as_second().unsigned_abs()).unwrap()
}

/// What must sign in with a second factor: coordinator, programme manager, security officer, auditor,
/// administrator.
#[test]
fn a_session_without_the_second_factor_that_its_role_needs_can_only_set_it_up() {
    let app = TestApp::new();
    let places = ["/account", "/desk", "/deadlines", "/accounts", "/reads", "/report"];
    for (number, role) in
        Role::ALL.iter().enumerate().filter(|(_, role)| !matches!(role, Role::Vendor | Role::Partner))
    {
        let login = format!("new-{number}");
        app.begun(&login, "Somebody New", &[*role], None);
        let client = app.anonymous();
        let entered = enter(&client, &login, PASSWORD, "");
        if *role == Role::Reporter {
            assert_eq!((entered.status(), entered.header("location")), (303, "/"));
            continue;
        }
        assert_eq!((entered.status(), entered.header("location")), (303, PLACE), "{}", role.name());
        for place in places {
            let answer = client.get(place);
            assert_eq!((answer.status(), answer.header("location")), (303, PLACE), "{} {place}", role.name());
        }
        let api = client.get("/api/v1/me");
        assert_eq!((api.status(), api.json()["title"].as_str()), (403, Some("Second factor first")));
        let before = app.size();
        assert_eq!(
            client.post_form("/organisations", &[("name", "X"), ("mandate", "defensive")]).status(),
            303
        );
        assert_eq!(app.size(), before, "nothing was done");
        assert!(client.get(PLACE).text().contains("Your role needs a second factor"));
        assert!(
            !client.get("/").text().contains("href=\"/desk\""),
            "places that do not open are not offered"
        );

        set_up(&app, &client);
        assert_eq!(client.get("/account").status(), 200, "{}", role.name());
    }
}

#[test]
fn an_operator_may_ask_a_second_factor_of_everyone() {
    let app = TestApp::with(&[("second_factor", "everyone")]);
    app.begun("noor", "Noor", &[Role::Reporter], None);
    let client = app.anonymous();
    assert_eq!(enter(&client, "noor", PASSWORD, "").header("location"), PLACE);
    assert_eq!(client.get("/account").header("location"), PLACE);
}

#[test]
fn a_second_factor_is_in_force_only_after_it_was_confirmed_with_a_code() {
    let app = TestApp::new();
    let login = app.login(&[Role::Reporter], None);
    let client = app.signed_in(&login);
    let elsewhere = app.signed_in(&login);
    let first = begin(&client, "");
    assert_eq!(enter(&app.anonymous(), &login, PASSWORD, "").status(), 303, "not confirmed, not asked for");
    let wrong = client.post_form(&format!("{PLACE}/confirm"), &[("code", "000000")]);
    assert_eq!(wrong.status(), 422);
    assert_eq!(read(between(wrong.text(), "?secret=", "&amp;")), first, "the secret is shown again");
    let before = (client.cookie(COOKIE), app.size());
    let done = client.post_form(&format!("{PLACE}/confirm"), &[("code", &code(&app, &first))]);
    assert_eq!(done.status(), 200);
    assert_eq!(app.kinds_since(before.1), ["account.second_factor_set"]);
    assert_ne!(client.cookie(COOKIE), before.0, "the session is a new one");
    assert_eq!(elsewhere.get("/account").status(), 303, "other sessions ended");
    assert_eq!(enter(&app.anonymous(), &login, PASSWORD, "").status(), 422);

    // A new one: the old one is in force until the new one is confirmed, and a code of it is asked for.
    assert_eq!(client.post_form(PLACE, &[("code", "000000")]).status(), 422, "a session alone is not enough");
    app.advance_by(SignedDuration::from_secs(30));
    let second = begin(&client, &code(&app, &first));
    app.advance_by(SignedDuration::from_secs(30));
    assert_eq!(enter(&app.anonymous(), &login, PASSWORD, &code(&app, &second)).status(), 422);
    assert_eq!(enter(&app.anonymous(), &login, PASSWORD, &code(&app, &first)).status(), 303);
    assert_eq!(
        client.post_form(&format!("{PLACE}/confirm"), &[("code", &code(&app, &second))]).status(),
        200
    );
    app.advance_by(SignedDuration::from_secs(30));
    assert_eq!(enter(&app.anonymous(), &login, PASSWORD, &code(&app, &first)).status(), 422);
    assert_eq!(enter(&app.anonymous(), &login, PASSWORD, &code(&app, &second)).status(), 303);
    assert_eq!(
        client.post_form(&format!("{PLACE}/confirm"), &[("code", "1")]).status(),
        409,
        "nothing waits"
    );
}

#[test]
fn a_one_time_code_works_once_and_never_after_a_later_one() {
    let app = TestApp::new();
    let login = app.login(&[Role::Reporter], None);
    let secret = set_up(&app, &app.signed_in(&login)).0;
    let try_code = |code: &str| enter(&app.anonymous(), &login, PASSWORD, code).status();
    assert_eq!(try_code(&code(&app, &secret)), 422, "the code that confirmed was replayed");
    app.advance_by(SignedDuration::from_secs(30));
    let first = code(&app, &secret);
    assert_eq!(try_code(&first), 303);
    assert_eq!(try_code(&first), 422, "the code was replayed");
    let minute = SignedDuration::from_secs(60);
    app.advance_by(minute);
    let older = code(&app, &secret);
    app.advance_by(SignedDuration::from_secs(30));
    assert_eq!(try_code(&code(&app, &secret)), 303);
    assert_eq!(try_code(&older), 422, "an older code works after a later one");
    app.advance_by(minute);
    let slow = code(&app, &secret);
    app.advance_by(SignedDuration::from_secs(30));
    assert_eq!(try_code(&slow), 303, "a clock that is one step late is forgiven");
    app.advance_by(minute);
    let late = code(&app, &secret);
    app.advance_by(minute);
    assert_eq!(try_code(&late), 422);
}

#[test]
fn a_recovery_code_signs_in_once_and_that_is_recorded() {
    let app = TestApp::new();
    let login = app.login(&[Role::Reporter], None);
    let (_, codes) = set_up(&app, &app.signed_in(&login));
    assert_eq!(codes.len(), 10);
    let before = app.size();
    let typed = codes[3].to_uppercase().replace('-', " ");
    assert_eq!(
        enter(&app.anonymous(), &login, "wrong wrong wrong", &typed).status(),
        422,
        "it is no password"
    );
    let other = app.login(&[Role::Coordinator], None);
    assert_eq!(enter(&app.anonymous(), &other, PASSWORD, &typed).status(), 422, "it is another's");
    let client = app.anonymous();
    assert_eq!(enter(&client, &login, PASSWORD, &typed).status(), 303);
    assert_eq!(enter(&app.anonymous(), &login, PASSWORD, &typed).status(), 422, "it was used twice");
    assert!(client.get(PLACE).text().contains("<b>9</b> recovery codes"));
    let used = app.kinds_since(before).iter().filter(|kind| *kind == "account.recovery_code_used").count();
    assert_eq!(used, 1);
    let left = app.number("SELECT CAST(COUNT(*) AS BIGINT) FROM recovery_codes");
    assert_eq!(left, 9 + 10, "the other account's are untouched");
}

#[test]
fn an_administrator_frees_whoever_lost_everything_and_that_is_recorded() {
    let app = TestApp::new();
    let admin = app.login(&[Role::Administrator], None);
    let (own, admin) = (app.account_id(&admin), app.signed_in(&admin));
    let login = app.login(&[Role::Coordinator], None);
    let (browser, id) = (app.signed_in(&login), app.account_id(&login));
    let program = app.token(&browser, &[Permission::ViewDesk]);
    let before = app.size();
    let reset = |id: &str| admin.post_form("/accounts/change", &[("account", id), ("do", "reset-factor")]);
    assert_eq!(reset(id.as_str()).status(), 303);
    assert_eq!(app.kinds_since(before), ["account.second_factor_reset"]);
    assert_eq!(browser.get("/account").status(), 303, "its sessions ended");
    assert_eq!(program.get("/api/v1/deadlines").status(), 401, "its tokens ended");
    let client = app.anonymous();
    assert_eq!(enter(&client, &login, PASSWORD, "").header("location"), PLACE);
    assert_eq!(client.get("/desk").header("location"), PLACE, "the password alone opens nothing");
    set_up(&app, &client);
    assert_eq!(client.get("/desk").status(), 200);
    assert_eq!(reset(own.as_str()).status(), 403, "nobody does it for an account of their own");
    assert_eq!(reset("0000000000000000").status(), 404);
    assert_eq!(admin.post_form("/accounts/change", &[("account", id.as_str()), ("do", "x")]).status(), 422);
}

/// A link with which a password is set could be used by whoever makes it.
#[test]
fn a_new_link_for_an_account_is_recorded() {
    let app = TestApp::new();
    let admin = app.account(&[Role::Administrator]);
    let id = app.account_id(&app.login(&[Role::Reporter], None));
    let before = app.size();
    let page = admin.post_form("/accounts/change", &[("account", id.as_str()), ("do", "invite")]);
    assert_eq!((page.status(), app.kinds_since(before)), (200, vec!["account.link_made".to_owned()]));
}

#[test]
fn codes_on_ones_own_account_are_limited() {
    let app = TestApp::new();
    let client = app.signed_in(&app.login(&[Role::Reporter], None));
    begin(&client, "");
    for _ in 0..9 {
        assert_eq!(client.post_form(&format!("{PLACE}/confirm"), &[("code", "000000")]).status(), 422);
    }
    let refused = client.post_form(&format!("{PLACE}/confirm"), &[("code", "000000")]);
    assert_eq!((refused.status(), refused.header("retry-after")), (429, "900"));
}
