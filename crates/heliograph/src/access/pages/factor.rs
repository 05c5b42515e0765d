//! One's own second factor: a one-time code, in force once it was confirmed.

use super::own_browser;
use crate::access::guard::{SESSION, set_cookie};
use crate::access::secrets::base32;
use crate::access::{Limit, Viewer, store};
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{Fields, field, page};
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::response::{Html, IntoResponse, Response};
use maud::{Markup, html};

const CODES: Limit = Limit { what: "codes for one account", count_max: 10, minutes: 15 };

/// `GET /account/second-factor`
pub(crate) async fn second_factor(State(app): State<App>, viewer: Viewer) -> Result<Html<String>, Refusal> {
    let person = viewer.person()?;
    let (id, is_first) = (person.id.clone(), person.lacks_factor);
    let (in_force, left) = app
        .read(move |tx| {
            Ok((store::by_id(tx, &id)?.totp_sealed.is_some(), store::recovery_codes_left(tx, &id)?))
        })
        .await?;
    let body = html! {
        h1 { "Your second factor" }
        @if is_first {
            p.lead { "Your role needs a second factor: a password alone can be stolen by one look. Until it is set up, \
                nothing else opens." }
        }
        @if in_force {
            p { "A one-time code is asked for when you sign in. You have " b { (left) } " recovery codes left." }
        } @else {
            p { "You need a program or a device that shows one-time codes (TOTP, RFC 6238): an authenticator on your \
                phone, or a password manager." }
        }
        form.narrow method="post" action="/account/second-factor" {
            @if in_force {
                (field("code", "One-time code", "Of your present one, or a recovery code", "", true))
            }
            div.actions { button.btn.main { @if in_force { "Set up a new one" } @else { "Begin" } } }
        }
    };
    Ok(page(&app, &viewer, "Your second factor", body))
}

async fn count(app: &App, viewer: &Viewer) -> Result<(), Refusal> {
    let bucket = format!("second-factor/{}", viewer.person()?.id);
    app.ledger.submit(move |w| store::count_attempt(w, &bucket, &CODES)).await
}

/// `POST /account/second-factor`
pub(crate) async fn set_up_factor(
    State(app): State<App>,
    viewer: Viewer,
    fields: Fields,
) -> Result<Html<String>, Refusal> {
    let (id, code) = (own_browser(&viewer)?.id.clone(), fields.text("code").to_owned());
    count(&app, &viewer).await?;
    let secret: [u8; 20] = app.random.bytes();
    app.ledger.submit(move |w| store::offer_factor(w, &id, &secret, &code)).await?;
    offered_page(&app, &viewer, &secret, None)
}

fn offered_page(
    app: &App,
    viewer: &Viewer,
    secret: &[u8],
    wrong: Option<&Refusal>,
) -> Result<Html<String>, Refusal> {
    let text = base32(secret);
    let login = &viewer.person()?.login;
    let body = html! {
        h1 { "Your second factor" }
        @if let Some(wrong) = wrong { div.notice.wrong role="alert" { p { (wrong) } } }
        p { "Enter this secret in your authenticator program, then confirm with the six digits that it shows." }
        p.sheet.code id="secret" { (text) }
        p.quiet.code { "otpauth://totp/Heliograph:" (login) "?secret=" (text) "&issuer=Heliograph" }
        form.narrow method="post" action="/account/second-factor/confirm" {
            (field("code", "One-time code", "Six digits", "", true))
            div.actions { button.btn.main { "Confirm" } }
        }
    };
    Ok(page(app, viewer, "Your second factor", body))
}

/// `POST /account/second-factor/confirm`
pub(crate) async fn confirm_factor(
    State(app): State<App>,
    viewer: Viewer,
    fields: Fields,
) -> Result<Response, Refusal> {
    let (id, code) = (own_browser(&viewer)?.id.clone(), fields.text("code").to_owned());
    count(&app, &viewer).await?;
    let account = id.clone();
    match app.ledger.submit(move |w| store::confirm_factor(w, &account, &code)).await {
        Ok((session, codes)) => {
            let cookie = set_cookie(&app, SESSION, Some(&session.text()));
            let body = page(&app, &viewer, "Your recovery codes", codes_markup(&codes));
            Ok(([(SET_COOKIE, cookie)], body).into_response())
        }
        Err(wrong @ Refusal::Invalid { .. }) => {
            let secret = app.ledger.submit(move |w| store::offered_factor(w, &id)).await?;
            Ok((wrong.status(), offered_page(&app, &viewer, &secret, Some(&wrong))?).into_response())
        }
        Err(other) => Err(other),
    }
}

fn codes_markup(codes: &[String]) -> Markup {
    html! {
        h1 { "Your recovery codes" }
        p.lead { "Your second factor is in force. If you lose it, each of these codes signs you in once in its place." }
        p { "They are shown this once. Print them, or keep them where your password is not." }
        ul.sheet.code id="recovery" { @for code in codes { li { (code) } } }
        p { a.btn.main href="/account" { "I have kept them" } }
    }
}
