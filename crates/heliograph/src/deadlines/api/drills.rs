//! Drills, for programs: practice that never mixes with real clocks.

use super::act;
use crate::access::Viewer;
use crate::app::App;
use crate::deadlines::store::{self, Drill};
use crate::refusal::Refusal;
use crate::web::{Asked, Expected};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderName, StatusCode};
use axum::response::Response;
use serde::Serialize;
use vocabulary::DrillId;

/// Drills, the newest first.
#[utoipa::path(get, path = "/api/v1/drills", tag = "deadlines",
    params(("page" = Option<u32>, Query, description = "From 1; 50 drills each. The header Link leads on.")),
    responses((status = 200, body = Vec<Drill>)))]
pub(crate) async fn list(State(app): State<App>, asked: Asked) -> Result<Response, Refusal> {
    let page = asked.page(&[])?;
    let drills = app.read(move |tx| store::drills(tx, page)).await?;
    Ok(asked.list(page, drills))
}

/// A drill that began.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct StartedDrill {
    /// Its number, which takes facts, scope and filings like that of a report.
    drill: String,
}

/// Starts a drill.
#[utoipa::path(post, path = "/api/v1/drills", tag = "deadlines",
    responses((status = 201, body = StartedDrill, headers(("Location" = String)))))]
pub(crate) async fn start(
    State(app): State<App>,
    viewer: Viewer,
) -> Result<(StatusCode, [(HeaderName, String); 1], Json<StartedDrill>), Refusal> {
    let (actor, prefix) = (viewer.actor()?, app.settings.prefix.clone());
    let drill = app.ledger.submit(move |w| store::start_drill(w, &actor, &prefix)).await?.to_string();
    let place = format!("/api/v1/deadlines/{drill}");
    Ok((StatusCode::CREATED, [(LOCATION, place)], Json(StartedDrill { drill })))
}

/// Ends a drill; it takes nothing more.
#[utoipa::path(post, path = "/api/v1/drills/{drill}/end", tag = "deadlines",
    params(("drill" = String, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 204, description = "Ended")))]
pub(crate) async fn end(
    State(app): State<App>,
    viewer: Viewer,
    Path(drill): Path<String>,
    seen: Expected,
) -> Result<StatusCode, Refusal> {
    let id: DrillId = drill.parse().map_err(|_| Refusal::NotFound)?;
    let subject = id.to_string();
    act(app, viewer, subject, seen, move |w, actor, _| store::end_drill(w, actor, &id)).await
}
