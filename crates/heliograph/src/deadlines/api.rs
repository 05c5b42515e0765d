//! Clocks, for programs.

use super::store::{Clock, Filter, list};
use crate::app::App;
use crate::refusal::Refusal;
use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use vocabulary::Page;

/// Which page of the list.
#[derive(Deserialize, utoipa::IntoParams)]
pub(crate) struct Which {
    /// From 1; 50 clocks each.
    page: Option<u32>,
}

/// Running clocks by what is due.
#[utoipa::path(get, path = "/api/v1/deadlines", tag = "deadlines", params(Which),
    responses((status = 200, body = Vec<Clock>)))]
pub(crate) async fn deadlines(
    State(app): State<App>,
    Query(which): Query<Which>,
) -> Result<Json<Vec<Clock>>, Refusal> {
    let now = app.now();
    let page = Page::new(which.page);
    let mut clocks = app.read(move |tx| list(tx, Filter::OPEN, page, now)).await?;
    page.cut(&mut clocks);
    Ok(Json(clocks))
}
