//! Sign in and out, invitations, one's own account, and the accounts of others.

use super::guard::{SESSION, cookie, set_cookie};
use super::secrets::base32;
use super::store::{self, Credential};
use super::{Permission, Person, Role, Secret, Viewer};
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{Fields, Shown, choice, field, instant, page};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header::SET_COOKIE};
use axum::response::{Html, IntoResponse, Redirect, Response};
use jiff::SignedDuration;
use maud::{Markup, html};
use std::collections::HashMap;
use vocabulary::AccountId;

/// Sign-in attempts for one login in a quarter of an hour.
const ATTEMPTS: i64 = 10;
const WINDOW: SignedDuration = SignedDuration::from_mins(15);

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
            (field("code", "One-time code", "Six digits, if you have set up a second factor", "", false))
            div.actions { button.btn.main { "Sign in" } }
        }
    }
}

/// `POST /login`
pub(crate) async fn login(
    State(app): State<App>,
    viewer: Viewer,
    fields: Fields,
) -> Result<Response, Refusal> {
    let login = fields.text("login").to_lowercase();
    let (password, code) = (fields.text("password").to_owned(), fields.text("code").to_owned());
    // What was typed may be anything, a password in the wrong field included: it is not kept.
    let bucket = format!("login/{}", super::rules::login(&login).unwrap_or_default());
    // Counted before the password is looked at, in a command of its own that stands whatever follows.
    app.ledger.submit(move |w| store::count_attempt(w, &bucket, ATTEMPTS, WINDOW)).await?;
    let name = login.clone();
    let right = app
        .read(move |tx| Ok(store::password_right(store::by_login(tx, &name)?.as_ref(), &password)))
        .await?;
    let name = login.clone();
    match app.ledger.submit(move |w| store::sign_in(w, &name, right, &code)).await {
        Ok(secret) => {
            let cookie = set_cookie(&app, SESSION, Some(&secret.text()));
            Ok(([(SET_COOKIE, cookie)], Redirect::to(local(fields.text("next")))).into_response())
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
            (field("name", "Your name", "As colleagues and participants see it", "", true))
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
    app.ledger.submit(move |w| store::sign_up(w, &secret, &name, &password)).await?;
    Ok(Redirect::to("/login"))
}

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
        @if credential.totp_sealed.is_some() { p { "A one-time code is asked for when you sign in." } }
        @else { p { "Not set up. A password alone can be stolen by one look." } }
        form method="post" action="/account/totp" { button.btn { "Set up a new one-time code" } }
        h2 { "API tokens" }
        @if tokens.is_empty() { p.quiet { "None yet. A token lets a program act for you, within its scopes." } }
        @else { (token_table(&shown, &tokens)) }
        (token_form())
    };
    Ok(page(&app, &viewer, &credential.name, body))
}

fn roles(roles: &[Role]) -> String {
    roles.iter().map(|role| role.name()).collect::<Vec<_>>().join(", ")
}

fn token_table(shown: &Shown, tokens: &[(String, String, String, jiff::Timestamp)]) -> Markup {
    html! {
        table {
            thead { tr { th { "Name" } th { "Scopes" } th { "Ends" } th { "" } } }
            tbody {
                @for (id, name, scopes, expires) in tokens {
                    tr {
                        td { (name) }
                        td data-label="Scopes" { (scopes) }
                        td data-label="Ends" { (instant(shown, *expires)) }
                        td { form method="post" action="/account/tokens/revoke" {
                            input type="hidden" name="id" value=(id);
                            button.btn { "Revoke" }
                        } }
                    }
                }
            }
        }
    }
}

fn token_form() -> Markup {
    html! {
        form.narrow method="post" action="/account/tokens" {
            (field("name", "A new token, for what?", "", "", true))
            fieldset {
                legend { "Scopes" }
                @for scope in Permission::ALL.iter().filter(|scope| **scope != Permission::Public) {
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
    let person = own_browser(&viewer)?;
    let (id, name) = (person.id.clone(), fields.required("name", 100)?);
    let scopes: Result<Vec<Permission>, String> =
        fields.all("scope").iter().map(|scope| scope.parse()).collect();
    let scopes = scopes.map_err(|reason| Refusal::invalid("scope", reason))?;
    if scopes.is_empty() {
        return Err(Refusal::invalid("scope", "Choose at least one scope."));
    }
    let days = fields.text("days").parse().unwrap_or(90u32).clamp(1, 365);
    let secret = app.ledger.submit(move |w| store::create_token(w, &id, &name, &scopes, days)).await?;
    let body = html! {
        h1 { "Your new token" }
        p { "It is shown this once. Send it as " span.code { "Authorization: Bearer …" } "." }
        p.sheet.code { (secret.text()) }
        p { a href="/account" { "Back to your account" } }
    };
    Ok(page(&app, &viewer, "Your new token", body))
}

/// A token must not make tokens or change passwords: only a signed-in person may.
fn own_browser(viewer: &Viewer) -> Result<&Person, Refusal> {
    let person = viewer.person()?;
    if person.scopes.is_some() {
        return Err(Refusal::forbidden("This needs a person who is signed in, not a token."));
    }
    Ok(person)
}

/// `POST /account/tokens/revoke`
pub(crate) async fn revoke_token(
    State(app): State<App>,
    viewer: Viewer,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let (account, id) = (own_browser(&viewer)?.id.clone(), fields.text("id").to_owned());
    app.ledger.submit(move |w| store::revoke_token(w, &account, &id)).await?;
    Ok(Redirect::to("/account"))
}

/// `POST /account/totp`
pub(crate) async fn set_up_totp(State(app): State<App>, viewer: Viewer) -> Result<Html<String>, Refusal> {
    let person = own_browser(&viewer)?;
    let (id, login) = (person.id.clone(), person.login.clone());
    let secret: [u8; 20] = app.random.bytes();
    app.ledger.submit(move |w| store::set_totp(w, &id, &secret)).await?;
    let text = base32(&secret);
    let body = html! {
        h1 { "Your one-time code" }
        p { "Enter this in your authenticator program. From now on each sign-in asks for its six digits." }
        p.sheet.code { (text) }
        p.quiet.code { "otpauth://totp/Heliograph:" (login) "?secret=" (text) "&issuer=Heliograph" }
        p { a href="/account" { "Done" } }
    };
    Ok(page(&app, &viewer, "Your one-time code", body))
}

/// `GET /accounts`
pub(crate) async fn accounts(State(app): State<App>, viewer: Viewer) -> Result<Html<String>, Refusal> {
    let (all, organisations) = app
        .read(|tx| {
            let organisations = tx.query("SELECT id, name FROM organisations ORDER BY name", &[])?;
            let organisations: Result<Vec<(String, String)>, storage::Error> =
                organisations.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect();
            Ok((store::credentials(tx)?, organisations?))
        })
        .await?;
    let names: HashMap<&str, &str> =
        organisations.iter().map(|(id, name)| (id.as_str(), name.as_str())).collect();
    let body = html! {
        h1 { "Accounts" }
        p.quiet { "An account is made here and begun by its person, with a link that can be used once." }
        (account_table(&all, &names))
        h2 { "A new account" }
        (account_form(&organisations))
    };
    Ok(page(&app, &viewer, "Accounts", body))
}

fn account_table(all: &[Credential], names: &HashMap<&str, &str>) -> Markup {
    let organisation = |account: &Credential| {
        let id = account.organisation.as_ref().map(|id| id.as_str());
        id.and_then(|id| names.get(id)).map_or("–", |name| *name).to_owned()
    };
    html! {
        table {
            thead { tr { th { "Login" } th { "Name" } th { "Roles" } th { "Organisation" } th { "State" } th { "" } } }
            tbody {
                @for account in all {
                    tr {
                        td { (account.login) }
                        td data-label="Name" { (account.name) }
                        td data-label="Roles" { (roles(&account.roles)) }
                        td data-label="Organisation" { (organisation(account)) }
                        td data-label="State" { @if account.active { "active" } @else { "not begun or disabled" } }
                        td { form.row method="post" action="/accounts/change" {
                            input type="hidden" name="account" value=(account.account);
                            button.btn name="do" value="invite" { "New link" }
                            @if account.active { button.btn name="do" value="disable" { "Disable" } }
                        } }
                    }
                }
            }
        }
    }
}

fn account_form(organisations: &[(String, String)]) -> Markup {
    let mut options = vec![("", "none")];
    options.extend(organisations.iter().map(|(id, name)| (id.as_str(), name.as_str())));
    html! {
        form.narrow method="post" action="/accounts" {
            (field("login", "Login", "", "", true))
            fieldset {
                legend { "Roles" span.quiet { "Administrator and auditor never sit in one person." } }
                @for role in Role::ALL {
                    label.inline { input type="checkbox" name="role" value=(role.name()); (role.name()) }
                }
            }
            (choice("organisation", "Organisation, for a vendor's account", &options, ""))
            div.actions { button.btn.main { "Make the account" } }
        }
    }
}

/// `POST /accounts`
pub(crate) async fn create_account(
    State(app): State<App>,
    viewer: Viewer,
    fields: Fields,
) -> Result<Html<String>, Refusal> {
    let actor = viewer.actor()?;
    let roles: Vec<Role> = fields.all("role").iter().map(|role| role.parse()).collect::<Result<_, _>>()?;
    let organisation = match fields.text("organisation") {
        "" => None,
        id => Some(id.parse().map_err(|_| Refusal::invalid("organisation", "Unknown organisation."))?),
    };
    let login = fields.text("login").to_owned();
    let (_, secret) =
        app.ledger.submit(move |w| store::create_account(w, &actor, &login, roles, organisation)).await?;
    Ok(link_page(&app, &viewer, &secret))
}

/// `POST /accounts/change`
pub(crate) async fn change_account(
    State(app): State<App>,
    viewer: Viewer,
    fields: Fields,
) -> Result<Response, Refusal> {
    let (actor, id) = (viewer.actor()?, fields.text("account").parse::<AccountId>());
    let id = id.map_err(|_| Refusal::NotFound)?;
    if fields.text("do") == "disable" {
        app.ledger.submit(move |w| store::disable(w, &actor, &id)).await?;
        return Ok(Redirect::to("/accounts").into_response());
    }
    let secret = app.ledger.submit(move |w| store::invite(w, &id)).await?;
    Ok(link_page(&app, &viewer, &secret).into_response())
}

fn link_page(app: &App, viewer: &Viewer, secret: &Secret) -> Html<String> {
    let body = html! {
        h1 { "Give this link to the person" }
        p { "It can be used once, within seven days. It is shown this once." }
        p.sheet.code { (app.settings.base_url) "/invite/" (secret.text()) }
        p { a href="/accounts" { "Back to the accounts" } }
    };
    page(app, viewer, "Invitation", body)
}

#[cfg(test)]
mod page_tests {
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
