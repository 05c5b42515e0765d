//! One's own account, and its tokens.

use super::{own_browser, roles};
use crate::access::{NewToken, Permission, Token, Viewer, store};
use crate::app::App;
use crate::ledger::Actor;
use crate::refusal::Refusal;
use crate::web::{Fields, Shown, choice, field, instant, page};
use axum::extract::State;
use axum::response::{Html, Redirect};
use maud::{Markup, html};

/// `GET /account`
pub(crate) async fn account(State(app): State<App>, viewer: Viewer) -> Result<Html<String>, Refusal> {
    let id = viewer.person()?.id.clone();
    let found = app.read(move |tx| Ok((store::by_id(tx, &id)?, store::tokens(tx, &id)?))).await?;
    let (credential, tokens) = found;
    let shown = Shown::of(&app);
    let body = html! {
        h1 { (credential.name) }
        p.quiet { (credential.login) " · " (roles(&credential.roles)) }
        h2 { "Second factor" }
        @if credential.totp_sealed.is_some() { p { "In force: a one-time code is asked for when you sign in." } }
        @else { p { "Not set up. A password alone can be stolen by one look." } }
        p { a.btn href="/account/second-factor" { "Your second factor" } }
        h2 { "Accreditations" }
        p { a href="/account/accreditations" { "What others certify of you" } }
        h2 { "Subscriptions" }
        p { a href="/account/subscriptions" { "Saved searches, and bills of materials that you follow" } }
        h2 { "API tokens" }
        @if tokens.is_empty() { p.quiet { "None yet. A token lets a program act for you, within its scopes." } }
        @else { (token_table(&shown, &tokens)) }
        (token_form(&store::scopes_of(&app.policies, &viewer)))
    };
    Ok(page(&app, &viewer, &credential.name, body))
}

fn token_table(shown: &Shown, tokens: &[Token]) -> Markup {
    html! {
        table {
            thead { tr { th { "Name" } th { "Scopes" } th { "Ends" } th { "" } } }
            tbody {
                @for token in tokens {
                    tr {
                        td { (token.name) }
                        td data-label="Scopes" { (token.scopes.join(", ")) }
                        td data-label="Ends" { (instant(shown, token.expires)) }
                        td { form method="post" action="/account/tokens/revoke" {
                            input type="hidden" name="id" value=(token.id);
                            button.btn { "Revoke" }
                        } }
                    }
                }
            }
        }
    }
}

fn token_form(scopes: &[Permission]) -> Markup {
    html! {
        form.narrow method="post" action="/account/tokens" {
            (field("name", "A new token, for what?", "", "", true))
            fieldset {
                legend { "Scopes" }
                @for scope in scopes {
                    label.inline { input type="checkbox" name="scope" value=(scope.name()); (scope.name()) }
                }
            }
            (choice("days", "Ends after", &[("30", "30 days"), ("90", "90 days"), ("365", "a year")], "90"))
            div.actions { button.btn { "Make a token" } }
        }
    }
}

/// `POST /account/tokens`
pub(crate) async fn create_token(
    State(app): State<App>,
    viewer: Viewer,
    fields: Fields,
) -> Result<Html<String>, Refusal> {
    let actor = Actor::Account(own_browser(&viewer)?.id.clone());
    let new = NewToken {
        name: fields.required("name", 100)?,
        scopes: fields.all("scope").to_vec(),
        days: fields.text("days").parse().unwrap_or(90),
    };
    let policies = app.policies.clone();
    let owner = viewer.clone();
    let made = app.ledger.submit(move |w| store::make_token(w, &actor, &policies, &owner, &new));
    let (_, secret) = made.await?;
    let body = html! {
        h1 { "Your new token" }
        p { "It is shown this once. Send it as " span.code { "Authorization: Bearer …" } "." }
        p.sheet.code { (secret.text()) }
        p { a href="/account" { "Back to your account" } }
    };
    Ok(page(&app, &viewer, "Your new token", body))
}

/// `POST /account/tokens/revoke`
pub(crate) async fn revoke_token(
    State(app): State<App>,
    viewer: Viewer,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let (actor, id) = (Actor::Account(own_browser(&viewer)?.id.clone()), fields.text("id").to_owned());
    app.ledger.submit(move |w| store::revoke_token(w, &actor, &id)).await?;
    Ok(Redirect::to("/account"))
}
