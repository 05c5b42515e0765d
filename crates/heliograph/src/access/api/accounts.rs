//! Accounts of others, for an administrator's programs.

use crate::access::store::{self, NewAccount};
use crate::access::{Role, Secret, Viewer, reset_factor};
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{Asked, Body};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use vocabulary::{AccountId, PAGE_SIZE, PersonId};

/// An account as an administrator sees it.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct AccountRow {
    id: String,
    login: String,
    name: String,
    roles: Vec<&'static str>,
    /// The organisation for which a vendor's account speaks.
    organisation: Option<String>,
    /// Who uses it: accounts of one person share this.
    person: String,
    /// Begun, and not disabled.
    active: bool,
}

/// Accounts, by login.
#[utoipa::path(get, path = "/api/v1/accounts", tag = "accounts",
    params(("page" = Option<u32>, Query, description = "From 1; 50 accounts each. The header Link leads on.")),
    responses((status = 200, body = Vec<AccountRow>)))]
pub(crate) async fn list(State(app): State<App>, asked: Asked) -> Result<Response, Refusal> {
    let page = asked.page(&[])?;
    let all = app.read(store::credentials).await?;
    let row = |found: store::Credential| AccountRow {
        id: found.account.to_string(),
        login: found.login,
        name: found.name,
        roles: found.roles.iter().map(|role| role.name()).collect(),
        organisation: found.organisation.map(String::from),
        person: found.person.to_string(),
        active: found.active,
    };
    let before = (page.number() as usize - 1) * PAGE_SIZE as usize;
    let rows = all.into_iter().skip(before).take(PAGE_SIZE as usize + 1).map(row).collect();
    Ok(asked.list(page, rows))
}

/// An account to be made.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountToMake {
    /// 2 to 100 letters, digits or `. - _ @ +`.
    #[schema(example = "m.keller@centre.example")]
    login: String,
    /// `reporter`, `vendor`, `coordinator`, `programme-manager`, `security-officer`, `auditor`,
    /// `administrator`; administrator and auditor never sit in one person.
    #[schema(example = json!(["coordinator"]))]
    roles: Vec<String>,
    /// The organisation, for a vendor's account and no other.
    #[serde(default)]
    organisation: Option<String>,
    /// Whose account it is, by `person` of another one; leave it out for somebody new.
    #[serde(default)]
    person: Option<String>,
}

/// A link for the person of an account.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Invitation {
    /// The account's id.
    account: String,
    /// Give it to the person: it can be used once, within seven days, and is shown this once.
    link: String,
}

fn invitation(app: &App, account: &AccountId, secret: &Secret) -> Json<Invitation> {
    let link = format!("{}/invite/{}", app.settings.base_url, secret.text());
    Json(Invitation { account: account.to_string(), link })
}

/// Makes an account, which its person begins with the link.
#[utoipa::path(post, path = "/api/v1/accounts", tag = "accounts", request_body = AccountToMake,
    responses((status = 201, body = Invitation)))]
pub(crate) async fn create(
    State(app): State<App>,
    viewer: Viewer,
    Body(body): Body<AccountToMake>,
) -> Result<(StatusCode, Json<Invitation>), Refusal> {
    let actor = viewer.actor()?;
    let roles = body.roles.iter().map(|role| role.parse()).collect::<Result<Vec<Role>, Refusal>>()?;
    let organisation = body.organisation.map(|id| id.parse()).transpose();
    let organisation = organisation
        .map_err(|error: vocabulary::BadId| Refusal::invalid("organisation", error.to_string()))?;
    let person = person(body.person.as_deref())?;
    let new = NewAccount { login: body.login, roles, organisation, person };
    let (account, secret) = app.ledger.submit(move |w| store::add_account(w, &actor, new)).await?;
    Ok((StatusCode::CREATED, invitation(&app, &account, &secret)))
}

fn person(id: Option<&str>) -> Result<Option<PersonId>, Refusal> {
    let parsed = id.map(str::parse).transpose();
    parsed.map_err(|error: vocabulary::BadId| Refusal::invalid("person", error.to_string()))
}

fn account_id(id: &str) -> Result<AccountId, Refusal> {
    id.parse().map_err(|_| Refusal::NotFound)
}

/// A new link, for a person who lost the one before or the password; it ends the one before.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/invitation", tag = "accounts",
    params(("id" = String, Path)), responses((status = 201, body = Invitation)))]
pub(crate) async fn invite(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<Invitation>), Refusal> {
    let (actor, id) = (viewer.actor()?, account_id(&id)?);
    let account = id.clone();
    let secret = app.ledger.submit(move |w| store::invite(w, &actor, &id)).await?;
    Ok((StatusCode::CREATED, invitation(&app, &account, &secret)))
}

/// Disables an account: its sessions, tokens and links end.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/disable", tag = "accounts",
    params(("id" = String, Path)), responses((status = 204, description = "Disabled")))]
pub(crate) async fn disable(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    let (actor, id) = (viewer.actor()?, account_id(&id)?);
    app.ledger.submit(move |w| store::disable(w, &actor, &id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes the second factor from somebody who lost it and every recovery code.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/second-factor/reset", tag = "accounts",
    params(("id" = String, Path)), responses((status = 204, description = "Reset")))]
pub(crate) async fn reset(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    let (actor, id) = (viewer.actor()?, account_id(&id)?);
    app.ledger.submit(move |w| reset_factor(w, &actor, &id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whose account it is.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BelongsTo {
    /// `person` of another account; null for somebody who has no other.
    #[schema(example = json!(null))]
    person: Option<String>,
}

/// Says whose account this is. Nobody says so of an account of their own.
#[utoipa::path(put, path = "/api/v1/accounts/{id}/person", tag = "accounts", request_body = BelongsTo,
    params(("id" = String, Path)), responses((status = 204, description = "Recorded")))]
pub(crate) async fn set_person(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    Body(body): Body<BelongsTo>,
) -> Result<StatusCode, Refusal> {
    let (by, id) = (viewer.person()?.id.clone(), account_id(&id)?);
    let person = person(body.person.as_deref())?;
    app.ledger.submit(move |w| store::set_person(w, &by, &id, person)).await?;
    Ok(StatusCode::NO_CONTENT)
}
