//! Signing in and out, second factor, invitations, tokens, and who may give which rights.

use crate::access::{NewPassword, Permission, Role, Secret, create_account, invite, sign_up, sweep};
use crate::ledger::Actor;
use crate::refusal::Refusal;
use crate::testing::{Answer, Client, PASSWORD, TestApp, between, logged};
use jiff::SignedDuration;
use serde_json::json;

mod hostile;
mod limits;
mod persons;
mod second_factor;

const COOKIE: &str = "heliograph_session";

fn enter(client: &Client<'_>, login: &str, password: &str, code: &str) -> Answer {
    client.post_form("/login", &[("login", login), ("password", password), ("code", code)])
}

#[test]
fn a_sign_in_leads_where_one_wanted_to_go_and_its_cookie_is_out_of_reach_of_scripts() {
    let app = TestApp::with(&[("base_url", "https://centre.test")]);
    let login = app.login(&[Role::Coordinator], None);
    let client = app.anonymous();
    let asked = client.get("/deadlines?show=overdue");
    assert_eq!((asked.status(), asked.header("location")), (303, "/login?next=/deadlines%3Fshow%3Doverdue"));
    let form = client.get(asked.header("location"));
    assert_eq!(between(form.text(), "name=\"next\" value=\"", "\""), "/deadlines?show=overdue");
    let code = app.code(&login);
    let pairs = [("login", login.as_str()), ("password", PASSWORD), ("code", code.as_str())];
    let pairs = [&pairs[..], &[("next", "/deadlines?show=overdue")]].concat();
    let signed_in = client.post_form("/login", &pairs);
    assert_eq!((signed_in.status(), signed_in.header("location")), (303, "/deadlines?show=overdue"));
    let cookie = signed_in.header("set-cookie");
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"), "{cookie}");
    assert_eq!(client.get("/deadlines?show=overdue").status(), 200);
}

/// VINCE's open redirect, CVE-2022-25799: after signing in nobody is sent to another site.
#[test]
fn no_sign_in_leads_to_another_site() {
    let app = TestApp::new();
    let login = app.login(&[Role::Reporter], None);
    for evil in ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", "\u{1}/x"] {
        let pairs = [("login", login.as_str()), ("password", PASSWORD), ("next", evil)];
        let answer = app.anonymous().post_form("/login", &pairs);
        assert_eq!((answer.status(), answer.header("location")), (303, "/"), "{evil:?}");
    }
    let form = app.anonymous().get("/login?next=%22%3E%3Cscript%3E");
    assert!(!form.text().contains("\"><script>"), "{}", form.text());
}

#[test]
fn wrong_login_password_and_code_and_a_disabled_account_get_one_and_the_same_answer() {
    let app = TestApp::new();
    let logins = [Role::Reporter, Role::Coordinator, Role::Reporter, Role::Reporter];
    let logins = logins.map(|role| app.login(&[role], None));
    let disabled = app.account_id(&logins[2]);
    app.submit(move |w| crate::access::store::disable(w, &Actor::System, &disabled));
    let tries = [
        ("nobody", PASSWORD, ""),
        (logins[0].as_str(), "another sentence entirely", ""),
        (logins[1].as_str(), PASSWORD, "000000"),
        (logins[1].as_str(), PASSWORD, ""),
        (logins[2].as_str(), PASSWORD, ""),
        ("not a login at all", "", ""),
    ];
    let answers = tries.map(|(login, password, code)| {
        let answer = enter(&app.anonymous(), login, password, code);
        (answer.status(), answer.header("set-cookie").to_owned(), answer.text().replace(login, "LOGIN"))
    });
    assert_eq!(answers[0].0, 422);
    assert!(answers[0].2.contains("Login, password or code is wrong."));
    for (answer, tried) in answers.iter().zip(tries) {
        assert_eq!(answer, &answers[0], "{tried:?}");
    }
    assert_eq!(enter(&app.anonymous(), &logins[3].to_uppercase(), PASSWORD, "").status(), 303);
}

#[test]
fn a_session_ends_after_twelve_hours_and_at_sign_out() {
    let app = TestApp::new();
    let client = app.account(&[Role::Reporter]);
    app.advance_by(SignedDuration::from_secs(12 * 3600 - 1));
    assert_eq!(client.get("/account").status(), 200);
    app.advance_by(SignedDuration::from_secs(1));
    assert_eq!(client.get("/account").status(), 303);

    let client = app.account(&[Role::Reporter]);
    let held = client.cookie(COOKIE).unwrap();
    assert_eq!(client.post_form("/logout", &[]).status(), 303);
    assert_eq!(client.cookie(COOKIE), None);
    client.set_cookie(COOKIE, &held);
    assert_eq!(client.get("/account").status(), 303, "a stolen cookie outlived the sign-out");

    app.submit(sweep);
    assert_eq!(app.number("SELECT CAST(COUNT(*) AS BIGINT) FROM sessions"), 0);
}

#[test]
fn an_invitation_works_once_within_a_week() {
    let app = TestApp::new();
    let admin = app.account(&[Role::Administrator]);
    let made = admin.post_form("/accounts", &[("login", "M.Keller@centre.test"), ("role", "coordinator")]);
    let code = between(made.text(), "/invite/", "<").to_owned();
    assert!(app.anonymous().get(&format!("/invite/{code}")).text().contains(&code));
    let accept = |code: &str, password: &str| {
        app.anonymous().post_form("/invite", &[("code", code), ("name", "M. Keller"), ("password", password)])
    };
    assert_eq!(accept(&code, "too short").status(), 422);
    assert_eq!(accept(&code, PASSWORD).status(), 303);
    let nowhere = app.anonymous().get("/nowhere");
    assert_eq!(accept(&code, PASSWORD), nowhere, "an invitation was used twice");
    assert_eq!(accept("made-up", PASSWORD), nowhere);
    assert_eq!(enter(&app.anonymous(), "m.keller@centre.test", PASSWORD, "").status(), 303);

    let id = app.account_id("m.keller@centre.test");
    let codes: Vec<Secret> = (0..2)
        .map(|_| {
            app.submit({
                let id = id.clone();
                move |w| invite(w, &Actor::System, &id)
            })
        })
        .collect();
    assert_eq!(accept(&codes[0].text(), PASSWORD).status(), 404, "a new link ends the one before");
    app.advance(24 * 7);
    assert_eq!(accept(&codes[1].text(), PASSWORD).status(), 404, "a link that waited a week works");
}

#[test]
fn a_new_password_ends_the_sessions_that_the_old_one_opened() {
    let app = TestApp::new();
    let login = app.login(&[Role::Reporter], None);
    let (thief, id) = (app.signed_in(&login), app.account_id(&login));
    let password = NewPassword::hashed("a new sentence, also long", [7; 16]).unwrap();
    app.submit(move |w| {
        let link = invite(w, &Actor::System, &id)?;
        sign_up(w, &link, "M. Keller", &password)
    });
    assert_eq!(thief.get("/account").status(), 303);
    assert_eq!(enter(&app.anonymous(), &login, PASSWORD, "").status(), 422);
    assert_eq!(enter(&app.anonymous(), &login, "a new sentence, also long", "").status(), 303);
}

#[test]
fn another_site_can_make_a_browser_ask_but_never_change_anything() {
    let app = TestApp::new();
    let login = app.login(&[Role::Coordinator], None);
    let desk = app.signed_in(&login);
    let before = app.size();
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        let forced = desk.with(name, value);
        let pairs = [("name", "Evil"), ("mandate", "defensive")];
        assert_eq!(forced.post_form("/organisations", &pairs).status(), 403, "{name}: {value}");
        let body = json!({ "name": "Evil", "mandate": "defensive" });
        assert_eq!(forced.post_json("/api/v1/organisations", &body).status(), 403);
        assert_eq!(forced.post_form("/logout", &[]).status(), 403);
        assert_eq!(forced.get("/organisations").status(), 200);
        // Nor may it sign a visitor in as somebody else, who then writes into the wrong account.
        let visitor = app.anonymous().with(name, value);
        assert_eq!(enter(&visitor, &login, PASSWORD, "").status(), 403);
    }
    assert_eq!(app.size(), before);
    let own = desk.with("sec-fetch-site", "same-origin").with("origin", "http://centre.test");
    assert_eq!(own.post_form("/organisations", &[("name", "X"), ("mandate", "unknown")]).status(), 303);
}

#[test]
fn a_disabled_account_loses_its_sessions_tokens_and_links() {
    let app = TestApp::new();
    let admin = app.account(&[Role::Administrator]);
    let login = app.login(&[Role::Coordinator], None);
    let (browser, id) = (app.signed_in(&login), app.account_id(&login));
    let program = app.token(&browser, &[Permission::FollowDeadlines]);
    let link = app.submit({
        let id = id.clone();
        move |w| invite(w, &Actor::System, &id)
    });
    assert_eq!(program.get("/api/v1/deadlines").status(), 200);
    let form = [("account", id.as_str()), ("do", "disable")];
    assert_eq!(admin.post_form("/accounts/change", &form).status(), 303);
    assert_eq!(browser.get("/account").status(), 303);
    assert_eq!(program.get("/api/v1/deadlines").status(), 401);
    let again = [("code", &*link.text()), ("name", "X"), ("password", PASSWORD)];
    assert_eq!(app.anonymous().post_form("/invite", &again).status(), 404);
    assert_eq!(admin.post_form("/accounts/change", &form).status(), 303, "twice does no harm");
    let unknown = [("account", "0000000000000000"), ("do", "disable")];
    assert_eq!(admin.post_form("/accounts/change", &unknown).status(), 404);
}

#[test]
fn a_token_acts_within_its_scopes_and_its_owners_rights() {
    let app = TestApp::new();
    let (desk, auditor) = (app.account(&[Role::Coordinator]), app.account(&[Role::Auditor]));
    let new = json!({ "name": "Nordwind", "mandate": "defensive" });
    let good = app.token(&desk, &[Permission::ManageOrganisations, Permission::OwnAccount]);
    assert_eq!(good.post_json("/api/v1/organisations", &new).status(), 201);
    let me = good.get("/api/v1/me").json();
    assert_eq!(me["scopes"], json!(["manage-organisations", "own-account"]));
    assert_eq!(good.get("/api/v1/deadlines").status(), 404, "outside its scopes");
    for greedy in ["manage-organisations", "manage-accounts", "second-factor", "public"] {
        let form = [("name", "greedy"), ("scope", "audit-reads"), ("scope", greedy)];
        let refused = auditor.post_form("/account/tokens", &form);
        assert_eq!(refused.status(), 422, "a scope wider than the person's own rights: {greedy}");
    }
    app.token(&auditor, &[Permission::AuditReads]);
    let before = app.size();
    for (path, pairs) in [
        ("/account/tokens", &[("name", "child"), ("scope", "manage-organisations")][..]),
        ("/account/tokens/revoke", &[("id", "x")]),
        ("/account/second-factor", &[]),
        ("/account/second-factor/confirm", &[]),
    ] {
        let refused = good.post_form(path, pairs).status();
        assert_eq!(refused, if path.contains("factor") { 404 } else { 403 }, "{path}");
    }
    assert_eq!(app.number("SELECT CAST(COUNT(*) AS BIGINT) FROM tokens"), 2);
    assert_eq!(app.size(), before);
}

#[test]
fn a_token_ends_on_its_day_or_when_it_is_revoked_and_a_wrong_one_opens_nothing() {
    let app = TestApp::new();
    let desk = app.account(&[Role::Coordinator]);
    let (short, revoked) =
        (app.token(&desk, &[Permission::FollowDeadlines]), app.token(&desk, &[Permission::FollowDeadlines]));
    let page = desk.get("/account");
    let ids: Vec<&str> = page.text().split("name=\"id\" value=\"").skip(1).map(|rest| &rest[..16]).collect();
    assert_eq!(
        app.account(&[Role::Coordinator]).post_form("/account/tokens/revoke", &[("id", ids[0])]).status(),
        404
    );
    for id in ids {
        assert_eq!(revoked.get("/api/v1/deadlines").status(), 200);
        desk.post_form("/account/tokens/revoke", &[("id", id)]);
        if revoked.get("/api/v1/deadlines").status() == 401 {
            break;
        }
    }
    assert_eq!(revoked.get("/api/v1/deadlines").status(), 401);
    let last = app.token(&app.account(&[Role::Coordinator]), &[Permission::ViewDesk]);
    app.advance(24 * 30);
    assert_eq!(last.get("/api/v1/deadlines").status(), 401, "it lived longer than thirty days");
    assert_eq!(short.get("/api/v1/deadlines").status(), 401);
    for wrong in ["", "x", &"A".repeat(43)] {
        assert_eq!(app.anonymous().bearer(wrong).get("/api/v1/deadlines").status(), 401, "{wrong}");
    }
    assert_eq!(app.anonymous().with("authorization", "Basic eDp5").get("/api/v1/me").status(), 401);
}

#[test]
fn administrator_and_auditor_never_sit_in_one_person() {
    let app = TestApp::new();
    let admin = app.account(&[Role::Administrator]);
    let organisation = app.organisation("Nordwind").to_string();
    let before = app.size();
    let create =
        |pairs: &[(&str, &str)]| admin.post_form("/accounts", &[&[("login", "new")], pairs].concat());
    for pairs in [
        &[("role", "administrator"), ("role", "auditor")][..],
        &[("role", "auditor"), ("role", "coordinator"), ("role", "administrator")],
        &[("role", "vendor")],
        &[("role", "coordinator"), ("organisation", organisation.as_str())],
        &[("role", "vendor"), ("role", "auditor"), ("organisation", organisation.as_str())],
        &[("role", "vendor"), ("organisation", "not an id")],
        &[("role", "king")],
        &[],
    ] {
        assert_eq!(create(pairs).status(), 422, "{pairs:?}");
    }
    assert_eq!(app.size(), before);
    assert_eq!(create(&[("role", "vendor"), ("organisation", &organisation)]).status(), 200);
    assert_eq!(create(&[("role", "auditor")]).status(), 422, "a login was given twice");
    let both = app.try_submit(|w| {
        create_account(w, &Actor::System, "both", vec![Role::Auditor, Role::Administrator], None).map(|_| ())
    });
    assert!(matches!(both, Err(Refusal::Invalid { .. })));
}

/// Whoever takes the database finds nothing to sign in with, and the journal names nobody.
#[test]
fn no_secret_lies_open_and_no_name_stands_in_the_journal() {
    let app = TestApp::new();
    let login = app.login(&[Role::Reporter], None);
    let client = app.signed_in(&login);
    let (factor, codes) = second_factor::set_up(&app, &client);
    let codes: Vec<&[u8]> = codes.iter().map(|code| code.as_bytes()).collect();
    let session = client.cookie(COOKIE).unwrap();
    let page = client.post_form("/account/tokens", &[("name", "p"), ("scope", "submit-report")]);
    let secret = between(page.text(), "<p class=\"sheet code\">", "</p>").to_owned();
    let doors = [PASSWORD.as_bytes(), &factor, session.as_bytes(), secret.as_bytes()];
    for needle in doors.into_iter().chain(codes) {
        assert_eq!(app.tables_with(needle), Vec::<String>::new());
    }
    let places = app.tables_with(login.as_bytes());
    assert_eq!(places, ["credentials"], "whoever got in leaves no attempt behind");
    assert_eq!(app.tables_with(b"Person 0"), ["credentials"]);
    let log = logged();
    assert!(![PASSWORD, &session, &secret].iter().any(|secret| log.contains(secret)), "a secret was logged");
}
