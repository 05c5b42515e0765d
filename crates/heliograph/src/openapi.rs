//! The own API described by itself: OpenAPI 3.1, made from the code of every `api.rs`.

use crate::{access, advisories, cases, catalogue, deadlines, ledger, people, reports};
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use std::sync::LazyLock;
use utoipa::OpenApi;

/// Every operation for programs. A test compares this list with the router, both ways.
#[derive(OpenApi)]
#[openapi(
    info(title = "Heliograph", description = "A vulnerability coordination centre."),
    paths(
        openapi,
        access::api::me,
        people::api::list,
        people::api::add,
        deadlines::api::deadlines,
        reports::api::submit,
        reports::api::status,
        reports::api::receipt,
        cases::api::list,
        cases::api::case,
        advisories::api::list,
        advisories::api::advisory,
        catalogue::api::query,
        catalogue::api::query_batch,
        catalogue::api::vulnerability,
        ledger::api::checkpoint,
        ledger::api::key,
        ledger::api::epoch,
        ledger::api::tile,
    )
)]
struct Document;

static TEXT: LazyLock<String> =
    LazyLock::new(|| Document::openapi().to_json().unwrap_or_else(|_| "{}".into()));

/// This document.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "api",
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json")))]
pub(crate) async fn openapi() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], TEXT.as_str())
}
