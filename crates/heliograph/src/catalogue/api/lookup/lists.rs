//! Lists with pages, and what is said of the place itself.

use super::{LookupError, look, name_of, so_many};
use crate::app::App;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

/// What is asked of a list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    pub(super) page: Option<usize>,
    pub(super) per_page: Option<usize>,
}

const PER_PAGE: usize = 100;

pub(super) fn paged(asked: &Asked, all: Vec<Value>) -> Response {
    let per_page = so_many(asked.per_page, PER_PAGE);
    let page = asked.page.unwrap_or(1).max(1);
    let total = all.len();
    let data: Vec<Value> = all.into_iter().skip((page - 1).saturating_mul(per_page)).take(per_page).collect();
    Json(json!({ "metadata": { "count": total, "page": page, "per_page": per_page }, "data": data }))
        .into_response()
}

/// `GET /api/sighting`, `comment`, `bundle`, `organization`, `product`, `emb3d`, `gcve/registry`: nothing
/// of the kind is kept here.
pub(crate) async fn none(Query(asked): Query<Asked>) -> Response {
    paged(&asked, Vec::new())
}

/// `GET /api/stats/vulnerability/most_sighted` and `most_commented`: nobody counts that here.
pub(crate) async fn no_ranking() -> Json<[(); 0]> {
    Json([])
}

/// `GET /api/emb3d/{id}`: none of these threats is kept, of which there it says `null`.
pub(crate) async fn no_threat() -> Json<Option<()>> {
    Json(None)
}

/// `GET /api/gcve/registry/integrity`: whether the copy of the registry is sound. There is none here.
pub(crate) async fn integrity() -> Json<bool> {
    Json(false)
}

/// `GET /api/user`, `/api/system/pgInfo` and what else only its own accounts are told: it has none here, so
/// whoever asks is not signed in.
pub(crate) async fn for_accounts() -> Response {
    (StatusCode::UNAUTHORIZED, Json(json!({ "Error": "Authentication required." }))).into_response()
}

fn missing() -> LookupError {
    LookupError { status: StatusCode::NOT_FOUND, message: "No such entry.".to_owned() }
}

/// `GET /api/capec`: the attack patterns.
pub(crate) async fn patterns(
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response, LookupError> {
    let all = look(move || Ok(app.catalogue.attack_patterns()?)).await?;
    Ok(paged(&asked, all.iter().map(|entry| json!(entry)).collect()))
}

/// `GET /api/cwe`: the weaknesses that records name, with how many do.
pub(crate) async fn weaknesses(
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response, LookupError> {
    let catalogue = app.catalogue.clone();
    let all = look(move || Ok(catalogue.weaknesses()?)).await?;
    let one = |(number, count): (u32, u64)| json!({ "id": number.to_string(), "records": count });
    Ok(paged(&asked, all.into_iter().map(one).collect()))
}

/// `GET /api/cwe/{id}` and `/api/capec/{id}`: a weakness or an attack pattern, by its number.
pub(crate) async fn weakness(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, LookupError> {
    attack(app, "CWE", id).await
}

/// The same of attack patterns.
pub(crate) async fn pattern(State(app): State<App>, Path(id): Path<String>) -> Result<Response, LookupError> {
    attack(app, "CAPEC", id).await
}

async fn attack(app: App, list: &str, id: String) -> Result<Response, LookupError> {
    let number = id.rsplit('-').next().unwrap_or_default();
    let wanted = format!("{list}-{number}");
    let found = look(move || Ok(app.catalogue.attack_entry(&wanted)?)).await?;
    found.map(|entry| Json(entry).into_response()).ok_or_else(missing)
}

/// `GET /api/epss/{id}`: how likely it is to be exploited, in the shape of FIRST's own answer.
pub(crate) async fn likelihood(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, LookupError> {
    let asked = id.trim().to_uppercase();
    let wanted = asked.clone();
    let found = look(move || Ok(app.catalogue.likelihood(&wanted)?)).await?;
    let one = |likelihood: catalogue::Likelihood| {
        json!({
            "cve": asked,
            "epss": format!("{:.9}", likelihood.probability),
            "percentile": format!("{:.9}", likelihood.percentile),
            "date": likelihood.at.map(|at| at.strftime("%Y-%m-%d").to_string()),
        })
    };
    let data: Vec<Value> = found.into_iter().map(one).collect();
    Ok(Json(json!({ "status": "OK", "status-code": 200, "total": data.len(), "data": data })).into_response())
}

/// `GET /api/system/dbInfo`: what is held, and since when.
pub(crate) async fn stock(State(app): State<App>) -> Result<Response, LookupError> {
    let stock = look(move || Ok(app.catalogue.stock()?)).await?;
    let mut sizes = serde_json::Map::new();
    let mut updates = serde_json::Map::new();
    for (source, count) in stock.records {
        sizes.insert(name_of(source).to_owned(), json!(count));
        updates.insert(name_of(source).to_owned(), json!(stock.last_import));
    }
    Ok(Json(json!({ "db_sizes": sizes, "last_updates": updates })).into_response())
}

/// `GET /api/system/configInfo`: what may be known of how it is set up.
pub(crate) async fn settings() -> Json<Value> {
    Json(json!({
        "software_version": env!("CARGO_PKG_VERSION"), "registration": false, "user_accounts": false,
        "moderation": false, "2FA_enforced": false,
    }))
}

/// `GET /api/system/redis_up`: whether the store answers.
pub(crate) async fn is_up(State(app): State<App>) -> Result<Json<bool>, LookupError> {
    look(move || Ok(app.catalogue.state().is_ok())).await.map(Json)
}
