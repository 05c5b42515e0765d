//! Advisories, for programs: what is published here, drafts in `draft`.

mod content;
mod findings;

pub(crate) mod draft;
pub(crate) mod reporter;

use super::rules::Published;
use super::store;
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::Asked;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;
use vocabulary::CaseId;

/// An advisory as lists have it.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct AdvisoryRow {
    id: String,
    title: String,
    cves: Vec<String>,
    /// 1, 2, 3, …
    revision: usize,
    /// When the first revision was released, RFC 3339.
    initial_release: String,
    /// When this revision was released, RFC 3339.
    current_release: String,
    exploited: bool,
    /// The entry of the log where this revision stands.
    entry: i64,
}

/// A published advisory.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct AdvisoryBody {
    #[serde(flatten)]
    row: AdvisoryRow,
    /// The centre's own record, from which every format is rendered.
    #[schema(value_type = Object)]
    advisory: serde_json::Value,
    /// Addresses of the formats, by their names.
    formats: Vec<FormatLink>,
}

/// Where a format lies.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct FormatLink {
    /// `csaf`, `cve`, `osv`.
    format: &'static str,
    url: String,
}

fn row(found: &Published) -> AdvisoryRow {
    let advisory = &found.advisory;
    AdvisoryRow {
        id: advisory.id.clone(),
        title: advisory.title.clone(),
        cves: advisory.cves.clone(),
        revision: advisory.revisions.len(),
        initial_release: advisory.initial_release.to_string(),
        current_release: advisory.current_release.to_string(),
        exploited: advisory.exploited.is_some(),
        entry: found.seq,
    }
}

/// What the centre published, the latest first.
#[utoipa::path(get, path = "/api/v1/advisories", tag = "advisories",
    params(("page" = Option<u32>, Query, description = "From 1; 50 advisories each. The header Link leads on.")),
    responses((status = 200, body = Vec<AdvisoryRow>)))]
pub(crate) async fn list(State(app): State<App>, asked: Asked) -> Result<Response, Refusal> {
    let page = asked.page(&[])?;
    let rows = app.read(move |tx| store::list(tx, page)).await?;
    Ok(asked.list(page, rows.iter().map(row).collect()))
}

/// One published advisory, its newest revision.
#[utoipa::path(get, path = "/api/v1/advisories/{id}", tag = "advisories", params(("id" = String, Path)),
    responses((status = 200, body = AdvisoryBody), (status = 404, description = "No such advisory")))]
pub(crate) async fn advisory(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<AdvisoryBody>, Refusal> {
    let id: CaseId = id.parse().map_err(|_| Refusal::NotFound)?;
    let found = app.read(move |tx| store::published(tx, &id)).await?;
    let advisory = &found.advisory;
    let cve = advisory.cves.first().filter(|cve| formats::cve::render(advisory, cve).is_ok());
    let formats = ["csaf", "cve", "osv"].into_iter().filter(|format| *format != "cve" || cve.is_some());
    let link = |format| FormatLink {
        format,
        url: format!("{}/advisories/{}/{format}.json", app.settings.base_url, advisory.id),
    };
    let body = serde_json::to_value(advisory).map_err(|error| Refusal::Internal(error.to_string()))?;
    Ok(Json(AdvisoryBody { row: row(&found), advisory: body, formats: formats.map(link).collect() }))
}
