//! The register in and out as a table: tried first, then taken in.

use super::places;
use crate::access::Viewer;
use crate::app::App;
use crate::refusal::Refusal;
use crate::vetting::rules::COLUMNS;
use crate::vetting::store::{self, Imported, Undone};
use crate::web::{Tone, WithFiles, chip, page};
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
) -> Result<Imported, Refusal> {
    let officer = viewer.person()?.id.clone();
    match app.ledger.submit(move |w| store::import(w, &officer, &text, apply)).await {
        Ok(done) | Err(Undone::Tried(done)) => Ok(done),
        Err(Undone::Refused(refusal)) => Err(refusal),
    }
}

/// `GET /vetting/import`
pub(crate) async fn import_form(State(app): State<App>, viewer: Viewer) -> Html<String> {
    page(&app, &viewer, "Import the register", body("", None))
}

/// `POST /vetting/import`
pub(crate) async fn import(
    State(app): State<App>,
    viewer: Viewer,
    WithFiles(fields): WithFiles,
) -> Result<Html<String>, Refusal> {
    let text = match fields.uploads.first() {
        Some(file) => String::from_utf8(file.bytes.clone())
            .map_err(|_| Refusal::invalid("file", "This is not UTF-8 text."))?,
        None => fields.text("table").to_owned(),
    };
    if text.len() > crate::web::BODY_MAX {
        return Err(Refusal::TooLarge("table: 1 MiB at most; nothing was taken in.".into()));
    }
    let done = run(&app, &viewer, text.clone(), fields.text("do") == "apply").await?;
    Ok(page(&app, &viewer, "Import the register", body(&text, Some(&done))))
}

fn body(text: &str, done: Option<&Imported>) -> Markup {
    html! {
        h1 { "Import the register" }
        (places(""))
        @if let Some(done) = done { (outcome(done)) }
        p.quiet { "A table (CSV) with the columns " span.code { (COLUMNS.join(",")) } ". Dates have day, hour and zone; functions \
            stand between semicolons, a confidential one with an exclamation mark. It is tried first, and taken in whole or not \
            at all; each clearance in it still waits for a second security officer." }
        form method="post" action="/vetting/import" enctype="multipart/form-data" {
            label for="table" { "Table" }
            textarea id="table" name="table" rows="10" { (text) }
            label for="file" { "or a file" }
            input type="file" id="file" name="file";
            div.actions {
                button.btn.main name="do" value="try" { "Try it" }
                @if done.is_some_and(|done| done.findings.is_empty() && !done.applied) {
                    button.btn name="do" value="apply" { "Take it in" }
                }
            }
        }
        p { a href="/vetting/export" download { "The register as such a table" } }
    }
}

fn outcome(done: &Imported) -> Markup {
    html! {
        div.notice {
            p {
                @match (done.applied, done.findings.is_empty()) {
                    (true, _) => (chip(Tone::Calm, "taken in")),
                    (false, true) => (chip(Tone::Calm, "nothing is wrong")),
                    (false, false) => (chip(Tone::Late, "not taken in")),
                }
                " " (done.lines) " lines, " (done.acts) " things to record"
            }
            @if !done.findings.is_empty() { table {
                thead { tr { th.num { "Line" } th { "Column" } th { "What is wrong" } } }
                tbody { @for finding in &done.findings { tr {
                    td.num { (finding.line) }
                    td data-label="Column" { @if finding.column.is_empty() { "the line" } (finding.column) }
                    td data-label="What is wrong" { (finding.reason) }
                } } }
            } }
        }
    }
}
