//! The own API described by itself: OpenAPI 3.1, made from the code of every `api.rs`, from the
//! router's permissions and from the list of problems.

mod programs;

pub(crate) use programs::programs;

use crate::access::{Permission, Route, SESSION};
use crate::web::{PROBLEMS, Problem};
use crate::{
    access, accreditations, advisories, cases, catalogue, deadlines, ledger, partners, people, reports,
    subscriptions, vetting,
};
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use serde_json::{Value, json};
use std::sync::OnceLock;
use utoipa::OpenApi;

/// Every operation for programs. A test compares this list with the router, both ways.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Heliograph",
        description = "A vulnerability coordination centre.\n\nA token is made on the page of an account, with the \
            scopes that it may use, and is sent as `Authorization: Bearer …`. What one may not see answers like what \
            is not there. Every refusal is `application/problem+json`; its `type` is an address that stays and leads \
            to words about it."
    ),
    components(schemas(Problem)),
    paths(
        openapi,
        access::api::me,
        access::api::accounts::list,
        access::api::accounts::create,
        access::api::accounts::invite,
        access::api::accounts::disable,
        access::api::accounts::reset,
        access::api::accounts::set_person,
        people::api::list,
        people::api::add,
        vetting::api::list,
        vetting::api::entry,
        vetting::api::act,
        vetting::api::import,
        vetting::api::expiries,
        vetting::api::own_data,
        vetting::api::own_act,
        vetting::api::classifications,
        vetting::api::set_classification,
        deadlines::api::deadlines,
        deadlines::api::subject,
        deadlines::api::why,
        deadlines::api::acts::state_fact,
        deadlines::api::acts::declare,
        deadlines::api::acts::extend,
        deadlines::api::acts::told_of_delay,
        deadlines::api::acts::waive,
        deadlines::api::acts::take_over,
        deadlines::api::conflicts::list,
        deadlines::api::conflicts::decide,
        deadlines::api::filings::read,
        deadlines::api::filings::save,
        deadlines::api::filings::submit,
        deadlines::api::filings::take_out,
        deadlines::api::drills::list,
        deadlines::api::drills::start,
        deadlines::api::drills::end,
        reports::api::submit,
        reports::api::status,
        reports::api::receipt,
        reports::api::timeline,
        reports::api::answer,
        cases::api::reporter::reads,
        cases::api::reporter::case,
        cases::api::reporter::message,
        cases::api::reporter::propose,
        cases::api::reporter::answer,
        cases::api::reporter::leave,
        advisories::api::reporter::claimed,
        reports::api::triage::list,
        reports::api::triage::open,
        reports::api::triage::exploit,
        reports::api::triage::decline,
        reports::api::triage::duplicate,
        reports::api::triage::message,
        cases::api::acts::centre::accept,
        cases::api::list,
        cases::api::case,
        cases::api::terms,
        cases::api::exploit,
        cases::api::reads,
        cases::api::all_reads,
        cases::api::acts::propose,
        cases::api::acts::message,
        cases::api::acts::centre::invite,
        cases::api::acts::centre::decide_embargo,
        cases::api::acts::centre::observe,
        cases::api::acts::centre::grade,
        cases::api::acts::centre::classify,
        cases::api::acts::centre::merge,
        cases::api::acts::centre::close,
        cases::api::acts::centre::erase,
        cases::api::acts::vendor::answer,
        cases::api::acts::vendor::move_report,
        cases::api::acts::vendor::fix,
        cases::api::acts::vendor::statement,
        cases::api::acts::vendor::leave,
        advisories::api::draft::draft,
        advisories::api::draft::save,
        advisories::api::draft::share,
        advisories::api::draft::approve,
        advisories::api::draft::publish,
        advisories::api::draft::rendered,
        advisories::api::list,
        advisories::api::advisory,
        partners::api::register,
        partners::api::certificate,
        partners::api::requests::statistics,
        partners::api::requests::list,
        partners::api::requests::order,
        partners::api::requests::request,
        partners::api::requests::candidates,
        partners::api::requests::manage,
        partners::api::requests::own_list,
        partners::api::requests::own_request,
        partners::api::requests::answer,
        accreditations::api::register,
        accreditations::api::one,
        accreditations::api::own,
        accreditations::api::own_one,
        accreditations::api::kept,
        accreditations::api::kept_one,
        accreditations::api::acts::hand_in,
        accreditations::api::acts::register,
        accreditations::api::acts::give_up,
        accreditations::api::acts::keep,
        accreditations::api::acts::import,
        accreditations::api::acts::add_own,
        accreditations::api::acts::add_kept,
        partners::api::own,
        partners::api::own_credits,
        partners::api::finds,
        partners::api::acts::grade,
        partners::api::acts::review,
        partners::api::acts::represent,
        partners::api::acts::add_evidence,
        partners::api::assessment,
        partners::api::acts::assess,
        partners::api::list,
        partners::api::partner,
        partners::api::acts::approach,
        partners::api::acts::import,
        partners::api::acts::manage,
        catalogue::api::osv::query,
        catalogue::api::osv::query_batch,
        catalogue::api::osv::vulnerability,
        catalogue::api::records::list,
        catalogue::api::bill::report,
        subscriptions::api::list,
        subscriptions::api::make,
        subscriptions::api::one,
        subscriptions::api::end,
        ledger::api::checkpoint,
        ledger::api::key,
        ledger::api::epoch,
        ledger::api::tile,
    )
)]
struct Document;

/// The finished document. It is the same for every centre, so it is made once.
static TEXT: OnceLock<String> = OnceLock::new();

/// Describes the routes.
pub(crate) fn describe(routes: &[Route]) -> &'static str {
    TEXT.get_or_init(|| document(routes).to_string())
}

fn document(routes: &[Route]) -> Value {
    let mut document = serde_json::to_value(Document::openapi()).unwrap_or_default();
    document["components"]["securitySchemes"] = json!({
        "token": { "type": "http", "scheme": "bearer", "description": "A token of an account, with its scopes." },
        "session": { "type": "apiKey", "in": "cookie", "name": SESSION, "description": "A signed-in person." },
    });
    for problem in PROBLEMS {
        document["components"]["responses"][problem.name] = json!({
            "description": format!("{} {}", problem.address(), problem.about),
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
        });
    }
    let kinds: Vec<String> = PROBLEMS.iter().map(|problem| problem.address()).collect();
    document["components"]["schemas"]["Problem"]["properties"]["type"]["enum"] = json!(kinds);
    for route in routes {
        let path = route.path.replace("{*", "{");
        let operation = document["paths"].get_mut(&path);
        let operation = operation.and_then(|item| item.get_mut(route.method.to_lowercase()));
        if let Some(operation) = operation {
            operation["operationId"] = name(route.method, &path).into();
            operation["security"] = security(route.permission);
            refusals(operation, &path, route.permission);
        }
    }
    document
}

/// A name that no other operation has.
fn name(method: &str, path: &str) -> String {
    let parts = path.trim_start_matches("/api/v1").split(['/', '{', '}', '.', '-']);
    let parts = parts.filter(|part| !part.is_empty());
    std::iter::once(method.to_lowercase()).chain(parts.map(str::to_owned)).collect::<Vec<_>>().join("_")
}

/// What opens the door, as the router says: a token with this scope, or a person's session.
fn security(permission: Permission) -> Value {
    let scope = json!({ "token": [permission.name()] });
    match permission {
        Permission::Public => json!([{}]),
        Permission::SubmitReport => json!([{}, scope]),
        _ => json!([scope, { "session": [] }]),
    }
}

/// The problems that an operation can answer with. OSV's interface has refusals of its own.
fn refusals(operation: &mut Value, path: &str, permission: Permission) {
    if path.starts_with("/v1/") {
        return;
    }
    let has_body = operation.get("requestBody").is_some();
    let is_conditional = operation["parameters"]
        .as_array()
        .is_some_and(|all| all.iter().any(|parameter| parameter["name"] == "If-Match"));
    // An approval names in its document what it is for.
    let decides = is_conditional || path.contains("/advisory/");
    let is_closed = !matches!(permission, Permission::Public | Permission::SubmitReport);
    let asks = operation["parameters"].as_array().is_some_and(|all| !all.is_empty());
    for problem in PROBLEMS {
        let can = match problem.name {
            "sign-in" | "forbidden" => is_closed,
            "not-found" => is_closed || path.contains('{') || has_body,
            "conflict" => decides || has_body || path.contains("/accounts/"),
            "changed" => decides,
            // What is written there already is not overwritten unseen.
            "unconditional" => is_conditional && operation["responses"]["200"]["headers"]["ETag"].is_object(),
            "invalid" => has_body || asks,
            "too-large" | "too-many" => has_body,
            "internal" | "not-yet" => true,
            _ => false,
        };
        if can {
            let place = format!("#/components/responses/{}", problem.name);
            operation["responses"][problem.status.to_string()] = json!({ "$ref": place });
        }
    }
}

/// This document.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "api",
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json")))]
pub(crate) async fn openapi() -> impl IntoResponse {
    // The router describes its routes before it has any.
    let text = TEXT.get().map_or("{}", String::as_str);
    ([(CONTENT_TYPE, "application/json")], text)
}
