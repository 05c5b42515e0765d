//! Limits on attempts: each is named, each says when to try again, and nobody locks another out.

use super::enter;
use crate::access::Role;
use crate::testing::{PASSWORD, TestApp};
use jiff::SignedDuration;

#[test]
fn ten_sign_ins_in_a_quarter_of_an_hour_then_even_the_right_password_waits() {
    let app = TestApp::new();
    let (login, other) = (app.login(&[Role::Reporter], None), app.login(&[Role::Reporter], None));
    let client = app.anonymous();
    for _ in 0..10 {
        assert_eq!(enter(&client, &login, "wrong wrong wrong", "").status(), 422);
    }
    let refused = enter(&client, &login, PASSWORD, "");
    assert_eq!((refused.status(), refused.header("retry-after")), (429, "900"));
    let limit = "At most 10 sign-ins with one login from one address in 15 minutes. Try again in 900 s.";
    assert!(refused.text().contains(limit), "{}", refused.text());
    assert_eq!(enter(&client, &other, PASSWORD, "").status(), 303, "another login is not held up");
    app.advance_by(SignedDuration::from_secs(901));
    assert_eq!(enter(&client, &login, PASSWORD, "").status(), 303);
}

/// The limit is of an address, so a stranger cannot use up the attempts of whoever has the password.
#[test]
fn a_stranger_locks_nobody_out() {
    let app = TestApp::new();
    let login = app.login(&[Role::Reporter], None);
    let stranger = app.anonymous();
    for _ in 0..20 {
        enter(&stranger, &login, "wrong wrong wrong", "");
    }
    let client = app.anonymous();
    assert_eq!(enter(&client, &login, PASSWORD, "").status(), 303);
    // And who got in has used up nothing.
    for _ in 0..12 {
        assert_eq!(enter(&client, &login, PASSWORD, "").status(), 303);
    }
}

#[test]
fn one_address_tries_a_hundred_logins_and_no_more() {
    let app = TestApp::new();
    let client = app.anonymous();
    let tries: Vec<u16> = (0..101).map(|n| enter(&client, &format!("login-{n}"), "x", "").status()).collect();
    assert_eq!((tries[99], tries[100]), (422, 429));
}

#[test]
fn behind_a_trusted_proxy_the_address_is_the_clients_and_no_client_chooses_it() {
    let app = TestApp::with(&[("trusted_proxies", "198.51.100.0/24")]);
    let login = app.login(&[Role::Reporter], None);
    let from = |list: &str| app.anonymous().with("x-forwarded-for", list);
    for n in 0..10 {
        enter(&from(&format!("192.0.2.{n}, 203.0.113.5")), &login, "wrong wrong wrong", "");
    }
    assert_eq!(enter(&from("192.0.2.99, 203.0.113.5"), &login, PASSWORD, "").status(), 429);
    assert_eq!(
        enter(&from("203.0.113.6"), &login, PASSWORD, "").status(),
        303,
        "another client of the proxy"
    );
    let ipv6 = |last: u16| from(&format!("2001:db8::{last:x}"));
    for n in 0..10 {
        enter(&ipv6(n), &login, "wrong wrong wrong", "");
    }
    assert_eq!(enter(&ipv6(77), &login, PASSWORD, "").status(), 429, "a network of 64 bits is one household");

    let open = TestApp::new();
    let login = open.login(&[Role::Reporter], None);
    let client = open.anonymous();
    for n in 0..10 {
        enter(&client.with("x-forwarded-for", &format!("192.0.2.{n}")), &login, "wrong wrong wrong", "");
    }
    assert_eq!(enter(&client.with("x-forwarded-for", "192.0.2.99"), &login, PASSWORD, "").status(), 429);
}

#[test]
fn drafts_have_a_limit() {
    let app = TestApp::new();
    let client = app.anonymous();
    client.get("/report");
    app.submit(|w| {
        let sql = "INSERT INTO attempts (bucket, count, since) VALUES ('draft/198.51.100.0', 2999, $1)";
        let now = w.now();
        w.tx().execute(sql, storage::params![now])?;
        Ok(())
    });
    assert_eq!(client.post_form("/report/draft", &[("product", "x")]).status(), 303);
    let refused = client.post_form("/report/draft", &[("product", "x")]);
    assert_eq!((refused.status(), refused.header("retry-after")), (429, "3600"));
    assert!(refused.text().contains("At most 3000 saved drafts from one address in 60 minutes."));
}
