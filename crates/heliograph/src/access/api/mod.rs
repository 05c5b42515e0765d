//! Who am I, for programs; accounts of others in `accounts`.

pub(crate) mod accounts;

use crate::access::Viewer;
use crate::refusal::Refusal;
use axum::Json;
use serde::Serialize;

/// The account behind a token.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Me {
    /// The account's id.
    account: String,
    /// Its roles.
    roles: Vec<&'static str>,
    /// The organisation for which it speaks.
    organisation: Option<String>,
    /// What the token is good for; null for a signed-in person.
    scopes: Option<Vec<&'static str>>,
}

/// Who the token belongs to and what it may do.
#[utoipa::path(get, path = "/api/v1/me", tag = "account",
    responses((status = 200, body = Me), (status = 401, description = "No valid token")))]
pub(crate) async fn me(viewer: Viewer) -> Result<Json<Me>, Refusal> {
    let person = viewer.person()?;
    Ok(Json(Me {
        account: person.id.to_string(),
        roles: person.roles.iter().map(|role| role.name()).collect(),
        organisation: person.organisation.as_ref().map(ToString::to_string),
        scopes: person.scopes.as_ref().map(|scopes| scopes.iter().map(|scope| scope.name()).collect()),
    }))
}
