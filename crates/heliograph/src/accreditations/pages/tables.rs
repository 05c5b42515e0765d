//! The register as a table: taken out for spreadsheets, looked over line by line, and taken in.

use crate::access::{self, Viewer};
use crate::accreditations::rules::COLUMNS;
use crate::accreditations::store::{self, TableOutcome};
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{Tone, WithFiles, chip, page};
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{Html, IntoResponse};
use maud::{Markup, html};

/// Characters of a table, at most.
const TABLE_MAX: usize = 1024 * 1024;

/// Where a table is put in.
pub(super) fn form(text: &str, can_apply: bool) -> Markup {
    html! {
        form method="post" action="/desk/accreditations/import" enctype="multipart/form-data" {
            label for="table" { "Table" span.quiet { "Columns: " (COLUMNS.join(", ")) ". Scopes with spaces between; \
                publish is yes or no; times with their zone, like 2026-06-01T00:00:00Z" } }
            textarea id="table" name="table" spellcheck="false" { (text) }
            label for="table-file" { "Or a file" }
            input type="file" id="table-file" name="files" accept=".csv,text/csv";
            div.actions {
                button.btn.main[!can_apply] name="do" value="try" { "Look it over" }
                @if can_apply { button.btn.main name="do" value="apply" { "Take it in" } }
            }
        }
    }
}

/// `POST /desk/accreditations/import`: looked over first; taken in whole or not at all.
pub(crate) async fn import(
    State(app): State<App>,
    viewer: Viewer,
    WithFiles(mut fields): WithFiles,
) -> Result<Html<String>, Refusal> {
    let text = match fields.uploads.pop() {
        Some(file) => String::from_utf8(file.bytes)
            .map_err(|_| Refusal::invalid("files", "This file is not UTF-8 text."))?,
        None => fields.limited("table", TABLE_MAX)?,
    };
    if text.len() > TABLE_MAX {
        return Err(Refusal::TooLarge("At most 1 MiB in one table; nothing was taken in.".into()));
    }
    if text.contains('\0') {
        return Err(Refusal::invalid("files", "A NUL character cannot be stored."));
    }
    let apply = fields.text("do") == "apply";
    let outcome = store::take_in(&app, &viewer, text.clone(), apply).await?;
    let body = html! {
        p.quiet { a href="/desk/accreditations?show=all" { "Accreditations" } " / table" }
        h1 { "Accreditations from a table" }
        (told(&outcome))
        @if !outcome.applied { (form(&text, outcome.findings.is_empty())) }
    };
    Ok(page(&app, &viewer, "Accreditations from a table", body))
}

fn told(outcome: &TableOutcome) -> Markup {
    html! {
        @if outcome.applied {
            p { (chip(Tone::Calm, "taken in")) " " (outcome.good) " accreditations. Each permits something once it was looked up." }
        } @else if outcome.findings.is_empty() {
            p { (chip(Tone::Calm, "nothing is wrong")) " " (outcome.good) " lines. Nothing was taken in yet." }
        } @else {
            p { (chip(Tone::Soon, format!("{} findings", outcome.findings.len()))) " Nothing was taken in; "
                (outcome.good) " lines are good. Mend the others and look it over again." }
            table {
                thead { tr { th.num { "Line" } th { "Column" } th { "What is wrong" } } }
                tbody { @for found in outcome.findings.iter().take(200) { tr {
                    td.num data-label="Line" { (found.line) }
                    td data-label="Column" { (found.column) }
                    td data-label="What is wrong" { (found.reason) }
                } } }
            }
        }
    }
}

/// `GET /desk/accreditations/export`: what is sealed is opened for it, and that stands in the journal.
pub(crate) async fn export(State(app): State<App>, viewer: Viewer) -> Result<impl IntoResponse, Refusal> {
    let (policies, who) = (app.policies.clone(), viewer.clone());
    let table = access::open(&app, &viewer, "accreditations", "register of accreditations", move |w| {
        store::take_out(w, &policies, &who)
    });
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"accreditations-kept.csv\""),
    ];
    Ok((headers, table.await?))
}
