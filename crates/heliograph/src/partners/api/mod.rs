//! The partner programme for programs: the register here, what managers, assessors and partners do in
//! `acts`.

pub(crate) mod acts;
mod bodies;
pub(crate) mod requests;

use crate::access::Viewer;
use crate::app::App;
use crate::partners::pages::{
    assessment_opened, credits_of, found_certificate, issuer, manager_opened, own_opened, seed,
};
use crate::partners::rules::{self, Life};
use crate::partners::store::{self, Which, WhichFinds};
use crate::refusal::Refusal;
use crate::vetting;
use crate::web::Asked;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use bodies::{AssessmentBody, CertificateBody, CreditsBody, FindBody, PartnerBody, Registered};
use vocabulary::Page;

/// The public register: who is a partner, at which level, until when.
#[utoipa::path(get, path = "/api/v1/partners", tag = "partners", params(
    ("page" = Option<u32>, Query, description = "From 1; 50 partners each. The header Link leads on.")),
    responses((status = 200, body = Vec<Registered>)))]
pub(crate) async fn register(State(app): State<App>, asked: Asked) -> Result<Response, Refusal> {
    let page = asked.page(&[])?;
    let rows = app.read(move |tx| store::list(tx, &Which::Register, page)).await?;
    Ok(asked.list(page, rows.into_iter().map(Registered::of).collect()))
}

/// A certificate, for whoever wants to check it.
#[utoipa::path(get, path = "/api/v1/certificates/{serial}", tag = "partners", params(("serial" = String, Path)),
    responses((status = 200, body = CertificateBody)))]
pub(crate) async fn certificate(
    State(app): State<App>,
    Path(serial): Path<String>,
) -> Result<Json<CertificateBody>, Refusal> {
    let certificate = found_certificate(&app, &serial).await?;
    let token = rules::token(&certificate, issuer(&app), &seed(&app));
    Ok(Json(CertificateBody::of(certificate, token, app.now())))
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

/// What counts for one's own organisation over the last twelve months.
#[utoipa::path(get, path = "/api/v1/partner/credits", tag = "partners",
    responses((status = 200, body = CreditsBody), (status = 404, description = "Your organisation was not invited")))]
pub(crate) async fn own_credits(
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Json<CreditsBody>, Refusal> {
    let opened = own_opened(&app, &viewer).await?.ok_or(Refusal::NotFound)?;
    let credits = credits_of(&app, &viewer, &opened, Page::FIRST).await?;
    Ok(Json(CreditsBody::of(opened.partner.level, credits)))
}

/// Finds that wait for the centre's grade.
#[utoipa::path(get, path = "/api/v1/finds", tag = "partners", params(
    ("page" = Option<u32>, Query, description = "From 1; 50 finds each. The header Link leads on.")),
    responses((status = 200, body = Vec<FindBody>)))]
pub(crate) async fn finds(State(app): State<App>, viewer: Viewer, asked: Asked) -> Result<Response, Refusal> {
    let (page, now) = (asked.page(&[])?, app.now());
    let rows = app.read(move |tx| {
        let eyes = vetting::eyes(tx, &viewer, now)?;
        store::finds(tx, &WhichFinds::Waiting, page, &eyes)
    });
    let rows = rows.await?;
    Ok(asked.list(page, rows.into_iter().map(FindBody::of).collect()))
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
