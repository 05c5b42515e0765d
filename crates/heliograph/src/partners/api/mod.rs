//! The partner programme for programs: the register here, what managers, assessors and partners do in
//! `acts`.

pub(crate) mod acts;
mod bodies;

use crate::access::Viewer;
use crate::app::App;
use crate::partners::pages::{assessment_opened, manager_opened, own_opened};
use crate::partners::rules::Life;
use crate::partners::store::{self, Which};
use crate::refusal::Refusal;
use crate::web::Asked;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use bodies::{AssessmentBody, PartnerBody, Registered};

/// The public register: who is a partner, at which level, until when.
#[utoipa::path(get, path = "/api/v1/partners", tag = "partners", params(
    ("page" = Option<u32>, Query, description = "From 1; 50 partners each. The header Link leads on.")),
    responses((status = 200, body = Vec<Registered>)))]
pub(crate) async fn register(State(app): State<App>, asked: Asked) -> Result<Response, Refusal> {
    let page = asked.page(&[])?;
    let rows = app.read(move |tx| store::list(tx, &Which::Register, page)).await?;
    Ok(asked.list(page, rows.into_iter().map(Registered::of).collect()))
}

/// Partners and applicants, by what waits longest.
#[utoipa::path(get, path = "/api/v1/programme/partners", tag = "partners", params(
    ("page" = Option<u32>, Query, description = "From 1; 50 partners each. The header Link leads on."),
    ("life" = Option<String>, Query, description = "Where they stand, such as `enquiry` or `active`")),
    responses((status = 200, body = Vec<Registered>)))]
pub(crate) async fn list(State(app): State<App>, asked: Asked) -> Result<Response, Refusal> {
    let page = asked.page(&["life"])?;
    let words: Vec<(&str, Life)> = Life::ALL.iter().map(|(life, name)| (*name, *life)).collect();
    let which = Which::All(asked.choice("life", &words)?);
    let rows = app.read(move |tx| store::list(tx, &which, page)).await?;
    Ok(asked.list(page, rows.into_iter().map(Registered::of).collect()))
}

/// A partner, opened for a manager. The read is in the journal before the answer leaves.
#[utoipa::path(get, path = "/api/v1/programme/partners/{id}", tag = "partners", params(("id" = String, Path)),
    responses((status = 200, body = PartnerBody, headers(("ETag" = String)))))]
pub(crate) async fn partner(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let opened = manager_opened(&app, &viewer, &id).await?;
    Ok(([(ETAG, format!("\"{}\"", opened.version))], Json(PartnerBody::of(opened))).into_response())
}

/// One's own partnership. The read is in the journal before the answer leaves.
#[utoipa::path(get, path = "/api/v1/partner", tag = "partners",
    responses((status = 200, body = PartnerBody, headers(("ETag" = String))),
        (status = 404, description = "Your organisation was not invited to apply")))]
pub(crate) async fn own(State(app): State<App>, viewer: Viewer) -> Result<Response, Refusal> {
    let opened = own_opened(&app, &viewer).await?.ok_or(Refusal::NotFound)?;
    Ok(([(ETAG, format!("\"{}\"", opened.version))], Json(PartnerBody::of(opened))).into_response())
}

/// An application, opened for one of its assessors.
#[utoipa::path(get, path = "/api/v1/assessments/{id}", tag = "partners", params(("id" = String, Path)),
    responses((status = 200, body = AssessmentBody)))]
pub(crate) async fn assessment(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Json<AssessmentBody>, Refusal> {
    Ok(Json(AssessmentBody::of(assessment_opened(&app, &viewer, &id).await?)))
}
