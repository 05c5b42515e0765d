//! Organisations, for programs.

use super::rules::Mandate;
use super::store;
use crate::access::Viewer;
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{Asked, Body};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

/// An organisation.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct OrganisationBody {
    id: String,
    name: String,
    /// `defensive`, `unknown` or `offensive`; only the first can be invited to a case.
    mandate: &'static str,
}

/// A new organisation.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewOrganisation {
    /// One line of at most 200 characters.
    #[schema(example = "Nordwind GmbH")]
    name: String,
    /// `defensive`, `unknown` or `offensive`; only the first can be invited to a case.
    #[schema(example = "defensive")]
    mandate: String,
}

/// All organisations.
#[utoipa::path(get, path = "/api/v1/organisations", tag = "organisations",
    responses((status = 200, body = Vec<OrganisationBody>)))]
pub(crate) async fn list(
    State(app): State<App>,
    asked: Asked,
) -> Result<Json<Vec<OrganisationBody>>, Refusal> {
    asked.only(&[])?;
    let all = app.read(store::organisations).await?;
    let body = |o: store::Organisation| OrganisationBody {
        id: o.id.to_string(),
        name: o.name,
        mandate: o.mandate.name(),
    };
    Ok(Json(all.into_iter().map(body).collect()))
}

/// Adds an organisation.
#[utoipa::path(post, path = "/api/v1/organisations", tag = "organisations", request_body = NewOrganisation,
    responses((status = 201, body = OrganisationBody), (status = 422, description = "Wrong name or mandate")))]
pub(crate) async fn add(
    State(app): State<App>,
    viewer: Viewer,
    Body(new): Body<NewOrganisation>,
) -> Result<(StatusCode, Json<OrganisationBody>), Refusal> {
    let (actor, mandate) = (viewer.actor()?, new.mandate.parse::<Mandate>()?);
    let name = new.name.clone();
    let id = app.ledger.submit(move |w| store::add(w, &actor, &name, mandate)).await?;
    let body = OrganisationBody { id: id.to_string(), name: new.name, mandate: mandate.name() };
    Ok((StatusCode::CREATED, Json(body)))
}
