//! The accounts of others, for an administrator: who has which, and who is who.

use super::roles;
use crate::access::store::{self, Credential, NewAccount};
use crate::access::{Role, Secret, Viewer};
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{Fields, choice, field, page};
use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};
use maud::{Markup, html};
use std::collections::HashMap;
use vocabulary::{AccountId, PersonId};

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
        (account_form(&all, &organisations))
        h2 { "Who is who" }
        (person_form(&all))
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
            thead { tr { th { "Login" } th { "Name" } th { "Also is" } th { "Roles" } th { "Organisation" }
                th { "State" } th { "Second factor" } th { "" } } }
            tbody {
                @for account in all {
                    tr {
                        td { (account.login) }
                        td data-label="Name" { (account.name) }
                        td data-label="Also is" { (also(all, account)) }
                        td data-label="Roles" { (roles(&account.roles)) }
                        td data-label="Organisation" { (organisation(account)) }
                        td data-label="State" { @if account.active { "active" } @else { "not begun or disabled" } }
                        td data-label="Second factor" { @if account.totp_sealed.is_some() { "in force" } @else { "–" } }
                        td { form.row method="post" action="/accounts/change" {
                            input type="hidden" name="account" value=(account.account);
                            button.btn name="do" value="invite" { "New link" }
                            @if account.totp_sealed.is_some() {
                                button.btn name="do" value="reset-factor" { "Second factor lost" }
                            }
                            @if account.active { button.btn name="do" value="disable" { "Disable" } }
                        } }
                    }
                }
            }
        }
    }
}

/// The other accounts of the same person, by login.
fn also(all: &[Credential], account: &Credential) -> String {
    let same = all.iter().filter(|other| other.person == account.person && other.account != account.account);
    let logins: Vec<&str> = same.map(|other| other.login.as_str()).collect();
    if logins.is_empty() { "–".to_owned() } else { logins.join(", ") }
}

/// Everybody, once, as somebody to choose: the id, and the names and logins by which she is known.
fn everybody(all: &[Credential]) -> Vec<(String, String)> {
    let mut known: Vec<(String, String)> = Vec::new();
    for account in all {
        let called = format!("{} ({})", account.name, account.login);
        match known.iter_mut().find(|(id, _)| *id == account.person.as_str()) {
            Some((_, words)) => *words = format!("{words}, {called}"),
            None => known.push((account.person.to_string(), called)),
        }
    }
    known
}

/// Four eyes are two persons, not two accounts: an administrator says which accounts are one person.
fn person_form(all: &[Credential]) -> Markup {
    let accounts: Vec<(&str, &str)> =
        all.iter().map(|account| (account.account.as_str(), account.login.as_str())).collect();
    let mut persons = vec![(String::new(), "somebody of whom this is the only account".to_owned())];
    persons.extend(everybody(all));
    html! {
        p { "What needs two persons needs two persons, not two accounts; and what may not sit in one person may not sit \
            in two accounts of one person. Say here which accounts one person has. It is recorded." }
        form.narrow method="post" action="/accounts/person" {
            (choice("account", "This account", &accounts, ""))
            (choice("belongs_to", "belongs to", &persons, ""))
            div.actions { button.btn { "Record it" } }
        }
    }
}

/// `POST /accounts/person`
pub(crate) async fn set_person(
    State(app): State<App>,
    viewer: Viewer,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let by = viewer.person()?.id.clone();
    let account: AccountId = fields.text("account").parse().map_err(|_| Refusal::NotFound)?;
    let person = person(&fields, "belongs_to")?;
    app.ledger.submit(move |w| store::set_person(w, &by, &account, person)).await?;
    Ok(Redirect::to("/accounts"))
}

fn person(fields: &Fields, name: &'static str) -> Result<Option<PersonId>, Refusal> {
    match fields.text(name) {
        "" => Ok(None),
        id => id.parse().map(Some).map_err(|_| Refusal::invalid(name, "Nobody is known by this id.")),
    }
}

fn account_form(all: &[Credential], organisations: &[(String, String)]) -> Markup {
    let mut persons = vec![(String::new(), "somebody new".to_owned())];
    persons.extend(everybody(all));
    let mut options = vec![("", "none")];
    options.extend(organisations.iter().map(|(id, name)| (id.as_str(), name.as_str())));
    html! {
        form.narrow method="post" action="/accounts" {
            (field("login", "Login", "", "", true))
            (choice("person", "Who will use it", &persons, ""))
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
    let new = NewAccount { login, roles, organisation, person: person(&fields, "person")? };
    let (_, secret) = app.ledger.submit(move |w| store::add_account(w, &actor, new)).await?;
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
    match fields.text("do") {
        "disable" => app.ledger.submit(move |w| store::disable(w, &actor, &id)).await?,
        "reset-factor" => app.ledger.submit(move |w| store::reset_factor(w, &actor, &id)).await?,
        "invite" => {
            let secret = app.ledger.submit(move |w| store::invite(w, &actor, &id)).await?;
            return Ok(link_page(&app, &viewer, &secret).into_response());
        }
        _ => return Err(Refusal::invalid("do", "A new link, a lost second factor, or disable.")),
    }
    Ok(Redirect::to("/accounts").into_response())
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
