//! The request desk, for programs.

use crate::access::{Permission, Viewer};
use crate::app::App;
use crate::partners::pages::{clearance_of, clearances, request_opened};
use crate::partners::rules::{OrderText, Purpose, RequestAct, RequestKind};
use crate::partners::store::{self, Candidate, OpenedRequest, Order, RequestRow, Statistics};
use crate::refusal::Refusal;
use crate::vetting;
use crate::web::{Asked, Body, Expected, Happened};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use vocabulary::{CaseId, PartnerId, RequestId};

/// Partners by level, requests by where they stand, and how concentrated they are.
#[utoipa::path(get, path = "/api/v1/partners/statistics", tag = "partners",
    responses((status = 200, body = Statistics)))]
pub(crate) async fn statistics(State(app): State<App>, asked: Asked) -> Result<Json<Statistics>, Refusal> {
    asked.only(&[])?;
    let now = app.now();
    Ok(Json(app.read(move |tx| store::statistics(tx, now)).await?))
}

/// What is asked of a partner.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRequest {
    #[schema(example = "HEL-P-2026-000002")]
    partner: String,
    /// The type of the request.
    #[schema(value_type = String, example = "data_analysis")]
    asks: RequestKind,
    /// What it is for: the list has nothing that attacks.
    #[schema(value_type = String, example = "remediation")]
    purpose: Purpose,
    /// The case that it is about, if it is about one.
    #[serde(default)]
    case: Option<String>,
    /// The clearance that the work takes: a ladder, a slash, a level on it. A classified case asks for its
    /// own instead.
    #[serde(default)]
    clearance: Option<String>,
    /// Which office asks; at most 300 characters.
    #[schema(example = "Coordination office, section 3")]
    office: String,
    /// On which law or contract it stands; at most 1,000 characters.
    #[schema(example = "Contract, article 2")]
    legal_basis: String,
    /// Between 1 and 20,000 characters; it is sealed.
    #[schema(example = "Which of the attached hosts run an affected version?")]
    question: String,
}

/// The number of a request.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct RequestNumber {
    #[schema(value_type = String)]
    id: RequestId,
}

/// Asks a partner.
#[utoipa::path(post, path = "/api/v1/requests", tag = "partners", request_body = NewRequest,
    responses((status = 201, body = RequestNumber)))]
pub(crate) async fn order(
    State(app): State<App>,
    viewer: Viewer,
    Body(new): Body<NewRequest>,
) -> Result<(StatusCode, Json<RequestNumber>), Refusal> {
    let wrong =
        |field: &'static str| move |_| Refusal::invalid(field, "Expected a number like HEL-P-2026-000001.");
    let partner: PartnerId = new.partner.parse().map_err(wrong("partner"))?;
    let case: Option<CaseId> = new.case.map(|case| case.parse().map_err(wrong("case"))).transpose()?;
    let text = OrderText { office: new.office, legal_basis: new.legal_basis, question: new.question };
    let clearance = clearance_of(new.clearance.as_deref().unwrap_or_default())?;
    let order = Order { partner, asks: new.asks, purpose: new.purpose, case, clearance, text };
    order.check()?;
    let (actor, prefix) = (viewer.actor()?, app.settings.prefix.clone());
    let id = app.ledger.submit(move |w| store::order(w, &actor, &order, &prefix)).await?;
    Ok((StatusCode::CREATED, Json(RequestNumber { id })))
}

/// All requests: what is open first, by what is due.
#[utoipa::path(get, path = "/api/v1/requests", tag = "partners", params(
    ("page" = Option<u32>, Query, description = "From 1; 50 requests each. The header Link leads on.")),
    responses((status = 200, body = Vec<RequestRow>)))]
pub(crate) async fn list(State(app): State<App>, viewer: Viewer, asked: Asked) -> Result<Response, Refusal> {
    let (page, now) = (asked.page(&[])?, app.now());
    let rows = app.read(move |tx| {
        let eyes = vetting::eyes(tx, &viewer, now)?;
        store::requests(tx, None, page, &eyes)
    });
    Ok(asked.list(page, rows.await?))
}

/// Who could be asked for a type of request: what speaks for each partner in standing, and what against it.
#[utoipa::path(get, path = "/api/v1/requests/candidates", tag = "partners", params(
    ("asks" = String, Query, description = "The type: `data_analysis`, …"),
    ("clearance" = Option<String>, Query, description = "The clearance that it takes: `de-sueg/ue2`, …")),
    responses((status = 200, body = Vec<Candidate>)))]
pub(crate) async fn candidates(
    State(app): State<App>,
    viewer: Viewer,
    asked: Asked,
) -> Result<Json<Vec<Candidate>>, Refusal> {
    asked.page(&["asks", "clearance"])?;
    let words: Vec<(&str, RequestKind)> =
        RequestKind::ALL.iter().map(|(kind, word, _)| (*word, *kind)).collect();
    let missing = || Refusal::invalid("asks", "Say what is asked for.");
    let (asks, now) = (asked.choice("asks", &words)?.ok_or_else(missing)?, app.now());
    let named = asked.choice("clearance", &clearances())?.unwrap_or_default();
    let found = app.read(move |tx| {
        let (eyes, needed) =
            (vetting::eyes(tx, &viewer, now)?, Some(named).filter(|named| !named.is_empty()));
        store::candidates(tx, asks, needed.as_deref(), &eyes)
    });
    Ok(Json(found.await?))
}

/// Requests to one's own organisation.
#[utoipa::path(get, path = "/api/v1/partner/requests", tag = "partners", params(
    ("page" = Option<u32>, Query, description = "From 1; 50 requests each. The header Link leads on.")),
    responses((status = 200, body = Vec<RequestRow>)))]
pub(crate) async fn own_list(
    State(app): State<App>,
    viewer: Viewer,
    asked: Asked,
) -> Result<Response, Refusal> {
    let page = asked.page(&[])?;
    let now = app.now();
    let rows = app.read(move |tx| store::own_requests(tx, &viewer, page, now)).await?;
    Ok(asked.list(page, rows))
}

/// A request, opened.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct RequestBody {
    #[schema(value_type = String)]
    id: RequestId,
    partner: String,
    asks: Option<RequestKind>,
    purpose: Option<Purpose>,
    stage: &'static str,
    level: String,
    case: Option<String>,
    /// The clearance that the work takes, as `ladder/level`.
    clearance: Option<String>,
    office: String,
    legal_basis: String,
    question: String,
    #[schema(value_type = String)]
    sent: Timestamp,
    #[schema(value_type = String)]
    due: Timestamp,
    /// Whether it came by its time; null while that is open.
    in_time: Option<bool>,
    useful: Option<bool>,
    /// Whether accreditations permit it now; work that was taken on goes on where they do not.
    permitted_now: bool,
    timeline: Vec<Happened>,
}

fn body(opened: OpenedRequest, now: Timestamp) -> Response {
    let (asked, tag) = (opened.asked, format!("\"{}\"", opened.version));
    let body = RequestBody {
        id: opened.id,
        partner: opened.name,
        in_time: asked.in_time(now),
        asks: asked.asks,
        purpose: asked.purpose,
        stage: asked.stage.name(),
        level: asked.level,
        case: asked.case.map(String::from),
        clearance: asked.clearance,
        office: opened.text.office,
        legal_basis: opened.text.legal_basis,
        question: opened.text.question,
        sent: asked.sent,
        due: asked.due,
        useful: asked.useful,
        permitted_now: opened.entitled.is_allowed(),
        timeline: opened.moments,
    };
    ([(ETAG, tag)], Json(body)).into_response()
}

/// A request, for a manager. The read is in the journal before the answer leaves.
#[utoipa::path(get, path = "/api/v1/requests/{id}", tag = "partners", params(("id" = String, Path)),
    responses((status = 200, body = RequestBody, headers(("ETag" = String)))))]
pub(crate) async fn request(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    Ok(body(request_opened(&app, &viewer, Permission::ManageProgramme, &id).await?, app.now()))
}

/// A request, for the partner that is asked. The read is in the journal before the answer leaves.
#[utoipa::path(get, path = "/api/v1/partner/requests/{id}", tag = "partners", params(("id" = String, Path)),
    responses((status = 200, body = RequestBody, headers(("ETag" = String)))))]
pub(crate) async fn own_request(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    Ok(body(request_opened(&app, &viewer, Permission::RepresentPartner, &id).await?, app.now()))
}

async fn run(
    app: &App,
    viewer: &Viewer,
    permission: Permission,
    id: &str,
    seen: Expected,
    act: RequestAct,
) -> Result<StatusCode, Refusal> {
    act.check()?;
    let id: RequestId = id.parse().map_err(|_| Refusal::NotFound)?;
    store::act_on(app, viewer, permission, id, seen, act).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Reviews or withdraws a request, for the centre.
#[utoipa::path(post, path = "/api/v1/requests/{id}/acts", tag = "partners", request_body = RequestAct,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Done")))]
pub(crate) async fn manage(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: Expected,
    Body(act): Body<RequestAct>,
) -> Result<StatusCode, Refusal> {
    run(&app, &viewer, Permission::ManageProgramme, &id, seen, act).await
}

/// Accepts, declines, extends or delivers, for the partner that is asked.
#[utoipa::path(post, path = "/api/v1/partner/requests/{id}/acts", tag = "partners", request_body = RequestAct,
    params(("id" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Done")))]
pub(crate) async fn answer(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    seen: Expected,
    Body(act): Body<RequestAct>,
) -> Result<StatusCode, Refusal> {
    run(&app, &viewer, Permission::RepresentPartner, &id, seen, act).await
}
