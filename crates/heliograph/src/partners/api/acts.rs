//! What managers, assessors and partners do, for programs. Each runs the command of its page.

use crate::access::Viewer;
use crate::app::App;
use crate::partners::rules::{self, ManagerAct, Marks, PartnerAct, Reach};
use crate::partners::store;
use crate::refusal::Refusal;
use crate::web::{Body, Expected, FileBody, TableOutcome, checked_table};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use vocabulary::{OrganisationId, PartnerId};

/// An organisation that may apply.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InvitedOrganisation {
    #[schema(example = "7q2k9mzr4w8c1h5x")]
    organisation: String,
    /// A programme that is active.
    #[schema(example = "tsu-defensive")]
    programme: String,
}

/// The number of a partner.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct PartnerNumber {
    #[schema(value_type = String)]
    id: PartnerId,
}

/// Invites an organisation to apply, without an enquiry before.
#[utoipa::path(post, path = "/api/v1/programme/partners", tag = "partners", request_body = InvitedOrganisation,
    responses((status = 201, body = PartnerNumber)))]
pub(crate) async fn approach(
    State(app): State<App>,
    viewer: Viewer,
    Body(body): Body<InvitedOrganisation>,
) -> Result<(StatusCode, Json<PartnerNumber>), Refusal> {
    let wrong = |_| Refusal::invalid("organisation", "Expected an organisation's id.");
    let organisation: OrganisationId = body.organisation.parse().map_err(wrong)?;
    let act = ManagerAct::Invite { organisation, programme: body.programme };
    act.check()?;
    let (by, prefix) = (viewer.person()?.id.clone(), app.settings.prefix.clone());
    let id = app.ledger.submit(move |w| store::approach(w, &by, &act, &prefix)).await?;
    Ok((StatusCode::CREATED, Json(PartnerNumber { id })))
}

/// A table of the programme.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProgrammeTable {
    /// CSV, at most 5,000 lines. By its columns it invites (organisation, programme), sets contacts (partner,
    /// name, role, reach, key, hours, out_of_hours) or asks (partner, asks, purpose, case, clearance, office,
    /// legal_basis, question).
    #[schema(example = "organisation,programme\nNordwind Guild,tsu-defensive")]
    table: String,
    /// Take it in, if nothing is wrong with any line; otherwise it is only looked over.
    #[schema(example = false)]
    apply: bool,
}

/// Looks a table over line by line, and takes it in whole or not at all.
#[utoipa::path(post, path = "/api/v1/programme/import", tag = "partners", request_body = ProgrammeTable,
    responses((status = 200, body = TableOutcome)))]
pub(crate) async fn import(
    State(app): State<App>,
    viewer: Viewer,
    Body(body): Body<ProgrammeTable>,
) -> Result<Json<TableOutcome>, Refusal> {
    checked_table(&body.table)?;
    Ok(Json(store::take_table_in(&app, &viewer, body.table, body.apply).await?))
}

/// Does one thing with a partner, as a manager.
#[utoipa::path(post, path = "/api/v1/programme/partners/{id}/acts", tag = "partners", request_body = ManagerAct,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Done")))]
pub(crate) async fn manage(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: Expected,
    Body(act): Body<ManagerAct>,
) -> Result<StatusCode, Refusal> {
    let id = id.parse().map_err(|_| Refusal::NotFound)?;
    store::manage(&app, &viewer, id, seen, act).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Does one thing for one's own partnership. Evidence of an application is added file by file, after it.
#[utoipa::path(post, path = "/api/v1/partner/acts", tag = "partners", request_body = PartnerAct,
    params(("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Done"),
        (status = 404, description = "Your organisation was not invited to apply")))]
pub(crate) async fn represent(
    State(app): State<App>,
    viewer: Viewer,
    seen: Expected,
    Body(act): Body<PartnerAct>,
) -> Result<StatusCode, Refusal> {
    store::represent(&app, &viewer, seen, act, Vec::new()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Adds a file of at most 10 MiB, sealed, to one's own application, while it waits for its marks.
#[utoipa::path(put, path = "/api/v1/partner/evidence/{name}", tag = "partners", params(("name" = String, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 204, description = "Added"), (status = 409, description = "No application waits for its marks")))]
pub(crate) async fn add_evidence(
    State(app): State<App>,
    viewer: Viewer,
    Path(name): Path<String>,
    FileBody(bytes): FileBody,
) -> Result<StatusCode, Refusal> {
    store::add_evidence(&app, &viewer, name, bytes).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A grade of a find.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FindGrade {
    /// Nobody had published it.
    #[schema(example = true)]
    novel: bool,
    /// `generic`: whoever runs the product; `site_specific`: one site.
    #[schema(value_type = String, example = "generic")]
    reach: Reach,
    /// Between 1 and 20,000 characters; the partner reads it.
    #[schema(example = "The catalogue had no record of it.")]
    reasons: String,
}

/// Grades a find. How bad it is follows from the grade of its case.
#[utoipa::path(post, path = "/api/v1/finds/{id}/grade", tag = "partners", request_body = FindGrade,
    params(("id" = String, Path)), responses((status = 204, description = "Graded")))]
pub(crate) async fn grade(
    State(app): State<App>,
    viewer: Viewer,
    Path(report): Path<String>,
    Body(grade): Body<FindGrade>,
) -> Result<StatusCode, Refusal> {
    rules::words("reasons", &grade.reasons)?;
    let id = report.parse().map_err(|_| Refusal::NotFound)?;
    let by = viewer.person()?.id.clone();
    let values = (grade.novel, grade.reach);
    app.ledger.submit(move |w| store::grade(w, &by, &id, values, &grade.reasons)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How many partners were reviewed.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct ReviewedPartners {
    partners: usize,
}

/// Reviews all partners now, by their record.
#[utoipa::path(post, path = "/api/v1/programme/review", tag = "partners",
    responses((status = 200, body = ReviewedPartners), (status = 409, description = "One of them cannot be reviewed")))]
pub(crate) async fn review(
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Json<ReviewedPartners>, Refusal> {
    let by = viewer.person()?.id.clone();
    let partners = app.ledger.submit(move |w| store::review_all(w, &by)).await?;
    Ok(Json(ReviewedPartners { partners }))
}

/// Gives one's marks, once.
#[utoipa::path(put, path = "/api/v1/assessments/{id}", tag = "partners", request_body = Marks,
    params(("id" = String, Path)), responses((status = 204, description = "Given")))]
pub(crate) async fn assess(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    Body(marks): Body<Marks>,
) -> Result<StatusCode, Refusal> {
    let id = id.parse().map_err(|_| Refusal::NotFound)?;
    store::assess(&app, &viewer, id, marks).await?;
    Ok(StatusCode::NO_CONTENT)
}
