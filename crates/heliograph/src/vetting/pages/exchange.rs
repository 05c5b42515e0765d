//! The register in and out as a table: tried first, then taken in.

use super::places;
use crate::access::Viewer;
use crate::app::App;
use crate::refusal::Refusal;
use crate::vetting::rules::COLUMNS;
use crate::vetting::store;
use crate::web::{TableOutcome, Undone, WithFiles, page, table_form, table_of, table_page};
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Response};
use maud::{Markup, html};

/// `GET /vetting/export`
pub(crate) async fn register_file(State(app): State<App>, viewer: Viewer) -> Result<Response, Refusal> {
    let text = app.ledger.submit(move |w| store::export(w, &viewer)).await?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"register.csv\""),
    ];
    Ok((headers, text).into_response())
}

/// Runs an import; one that was undone says what it found.
pub(in crate::vetting) async fn run(
    app: &App,
    viewer: &Viewer,
    text: String,
    apply: bool,
) -> Result<TableOutcome, Refusal> {
    let officer = viewer.person()?.id.clone();
    Undone::outcome(app.ledger.submit(move |w| store::import(w, &officer, &text, apply)).await)
}

/// `GET /vetting/import`
pub(crate) async fn import_form(State(app): State<App>, viewer: Viewer) -> Html<String> {
    page(&app, &viewer, TITLE, body("", None))
}

/// `POST /vetting/import`
pub(crate) async fn import(
    State(app): State<App>,
    viewer: Viewer,
    WithFiles(mut fields): WithFiles,
) -> Result<Html<String>, Refusal> {
    let (text, apply) = table_of(&mut fields)?;
    let outcome = run(&app, &viewer, text.clone(), apply).await?;
    Ok(page(&app, &viewer, TITLE, body(&text, Some(&outcome))))
}

const TITLE: &str = "Import the register";

fn body(text: &str, outcome: Option<&TableOutcome>) -> Markup {
    let hint = "Dates have day, hour and zone; functions stand between semicolons, a confidential one with an exclamation mark.";
    html! {
        (places(""))
        (table_page(TITLE, outcome, "Each clearance in it waits for a second security officer.", table_form("/vetting/import", &COLUMNS, hint, text, outcome)))
        p { a href="/vetting/export" download { "The register as such a table" } }
    }
}
