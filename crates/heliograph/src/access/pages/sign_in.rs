//! Sign in and out, and the invitation with which somebody begins.

use crate::access::guard::{SESSION, cookie, set_cookie};
use crate::access::{Limit, Remote, Secret, Viewer, rules, store};
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{Fields, field, page};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header::SET_COOKIE};
use axum::response::{Html, IntoResponse, Redirect, Response};
use maud::{Markup, html};
use std::collections::HashMap;

/// From one address each: somebody elsewhere can never use up the attempts of those who have the
/// right password.
const WITH_ONE_LOGIN: Limit =
    Limit { what: "sign-ins with one login from one address", count_max: 10, minutes: 15 };
const WITH_ANY_LOGIN: Limit = Limit { what: "sign-ins from one address", count_max: 100, minutes: 15 };

/// `GET /login`
pub(crate) async fn login_form(
    State(app): State<App>,
    viewer: Viewer,
    Query(query): Query<HashMap<String, String>>,
) -> Html<String> {
    let next = query.get("next").map_or("/", String::as_str);
    page(&app, &viewer, "Sign in", login_markup(next, "", None))
}

fn login_markup(next: &str, login: &str, wrong: Option<&str>) -> Markup {
    html! {
        h1 { "Sign in" }
        p.quiet { "Reporters need no account: they " a href="/my" { "follow a report" } " with its claim code." }
        @if let Some(wrong) = wrong { div.notice.wrong role="alert" { p { (wrong) } } }
        form.narrow method="post" action="/login" {
            input type="hidden" name="next" value=(next);
            label for="login" { "Login" }
            input type="text" id="login" name="login" value=(login) autocomplete="username" required;
            label for="password" { "Password" }
            input type="password" id="password" name="password" autocomplete="current-password" required;
            (field("code", "One-time code", "Six digits, if you have a second factor; or a recovery code", "", false))
            div.actions { button.btn.main { "Sign in" } }
        }
    }
}

/// `POST /login`
pub(crate) async fn login(
    State(app): State<App>,
    viewer: Viewer,
    Remote(remote): Remote,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, Refusal> {
    let login = fields.text("login").to_lowercase();
    let (password, code) = (fields.text("password").to_owned(), fields.text("code").to_owned());
    // What was typed may be anything, a password in the wrong field included: it is not kept.
    let all = format!("login/{remote}");
    let bucket = format!("{all}/{}", rules::login(&login).unwrap_or_default());
    // Counted before the password is looked at, in a command of its own that stands whatever follows.
    let counted = bucket.clone();
    app.ledger
        .submit(move |w| {
            store::count_attempt(w, &all, &WITH_ANY_LOGIN)?;
            store::count_attempt(w, &counted, &WITH_ONE_LOGIN)
        })
        .await?;
    let name = login.clone();
    let right = app
        .read(move |tx| Ok(store::password_right(store::by_login(tx, &name)?.as_ref(), &password)))
        .await?;
    let name = login.clone();
    let everyone = app.settings.second_factor_for_everyone;
    let before = cookie(&headers, SESSION).and_then(Secret::parse);
    let signed_in = app.ledger.submit(move |w| {
        let session = store::sign_in(w, &name, right, &code, everyone)?;
        store::forget_attempts(w, &bucket)?;
        // Whoever was signed in with this browser before is signed out.
        before.map(|secret| store::sign_out(w, &secret)).transpose()?;
        Ok(session)
    });
    match signed_in.await {
        Ok(session) => {
            let cookie = set_cookie(&app, SESSION, Some(&session.secret.text()));
            let first = "/account/second-factor";
            let place = if session.lacks_factor { first } else { local(fields.text("next")) };
            Ok(([(SET_COOKIE, cookie)], Redirect::to(place)).into_response())
        }
        Err(refusal @ Refusal::Invalid { .. }) => {
            let body = login_markup(fields.text("next"), &login, Some(&refusal.to_string()));
            Ok((refusal.status(), page(&app, &viewer, "Sign in", body)).into_response())
        }
        Err(other) => Err(other),
    }
}

/// Where to go after signing in: a path of ours, never another site.
fn local(next: &str) -> &str {
    // Browsers drop tabs and line ends and read `\\` as `/`, so either could hide a second slash.
    let twisted = |c: char| c == '\\' || c.is_control();
    let ours = next.starts_with('/') && !next.starts_with("//") && !next.contains(twisted);
    if ours { next } else { "/" }
}

/// `POST /logout`
pub(crate) async fn logout(State(app): State<App>, headers: HeaderMap) -> Result<Response, Refusal> {
    if let Some(secret) = cookie(&headers, SESSION).and_then(Secret::parse) {
        app.ledger.submit(move |w| store::sign_out(w, &secret)).await?;
    }
    Ok(([(SET_COOKIE, set_cookie(&app, SESSION, None))], Redirect::to("/")).into_response())
}

/// `GET /invite/{code}`
pub(crate) async fn invite_form(
    State(app): State<App>,
    viewer: Viewer,
    Path(code): Path<String>,
) -> Html<String> {
    let body = html! {
        h1 { "Welcome" }
        p { "Choose how you are called here and a password. The invitation can be used once." }
        form.narrow method="post" action="/invite" {
            input type="hidden" name="code" value=(code);
            label for="name" { "Your name" span.quiet { "As colleagues and participants see it" } }
            input type="text" id="name" name="name" autocomplete="name" required;
            label for="password" { "Password" span.quiet { "At least 12 characters; a sentence is fine." } }
            input type="password" id="password" name="password" autocomplete="new-password" required;
            div.actions { button.btn.main { "Begin" } }
        }
    };
    page(&app, &viewer, "Welcome", body)
}

/// `POST /invite`
pub(crate) async fn accept_invite(State(app): State<App>, fields: Fields) -> Result<Redirect, Refusal> {
    let secret = Secret::parse(fields.text("code")).ok_or(Refusal::NotFound)?;
    let (name, password) = (fields.required("name", 100)?, fields.text("password").to_owned());
    let (now, salt) = (app.now(), app.random.bytes());
    // Only whoever holds a link makes us hash anything.
    let hashed = app.read(move |tx| {
        store::invited(tx, &secret, now)?;
        Ok((store::NewPassword::hashed(&password, salt)?, secret))
    });
    let (password, secret) = hashed.await?;
    app.ledger.submit(move |w| store::sign_up(w, &secret, &name, &password)).await?;
    Ok(Redirect::to("/login"))
}

#[cfg(test)]
mod tests {
    use super::local;

    /// VINCE's open redirect, CVE-2022-25799, is on the list of what must not happen here.
    #[test]
    fn after_signing_in_nobody_is_sent_to_another_site() {
        assert_eq!(local("/desk?x=1"), "/desk?x=1");
        for evil in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/\u{1}",
            "",
            "javascript:x",
        ] {
            assert_eq!(local(evil), "/", "{evil}");
        }
    }
}
