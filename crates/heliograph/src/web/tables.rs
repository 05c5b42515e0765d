//! Tables in: every line is tried by its very command, and what is wrong is said line by line; the table is
//! taken in whole, or not at all.

use super::components::{Tone, chip};
use super::csv::{TableFinding, TableRow, csv_rows};
use super::form::Fields;
use crate::ledger::{self, Writer};
use crate::refusal::Refusal;
use maud::{Markup, html};

/// Bytes of a table, at most: as a file, and in a document of a program.
const TABLE_MAX: usize = 1024 * 1024;
const IN_A_DOCUMENT: usize = 200_000;

/// What a table came to: lines without a finding, and the findings.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct TableOutcome {
    /// Lines in which nothing is wrong.
    pub(crate) good: usize,
    pub(crate) findings: Vec<TableFinding>,
    /// Whether it was taken in.
    pub(crate) applied: bool,
}

/// What ends the taking in of a table: it is undone and says what it found, or it failed.
pub(crate) enum Undone {
    Tried(TableOutcome),
    Refused(Refusal),
}

impl From<ledger::Error> for Undone {
    fn from(error: ledger::Error) -> Self {
        Self::Refused(error.into())
    }
}

impl From<Refusal> for Undone {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Undone {
    /// What the table came to, whether it was kept or undone.
    pub(crate) fn outcome(done: Result<TableOutcome, Self>) -> Result<TableOutcome, Refusal> {
        match done {
            Ok(outcome) | Err(Self::Tried(outcome)) => Ok(outcome),
            Err(Self::Refused(refusal)) => Err(refusal),
        }
    }
}

/// Runs the command of each line. Without `apply`, and where anything is wrong with any line, all of it is
/// undone.
pub(crate) fn take_in(
    w: &mut Writer<'_, '_>,
    text: &str,
    columns: &[&'static str],
    apply: bool,
    mut command: impl FnMut(&mut Writer<'_, '_>, &TableRow) -> Result<(), Refusal>,
) -> Result<TableOutcome, Undone> {
    let mut outcome = TableOutcome::default();
    let rows = match csv_rows(text, columns) {
        Ok(rows) => rows,
        Err(finding) => {
            outcome.findings.push(finding);
            return Err(Undone::Tried(outcome));
        }
    };
    for row in &rows {
        match command(w, row) {
            Ok(()) => outcome.good += 1,
            Err(failed @ (Refusal::Internal(_) | Refusal::NotYet(_))) => return Err(failed.into()),
            Err(refusal) => outcome.findings.push(row.finding(&refusal)),
        }
    }
    if !apply || !outcome.findings.is_empty() {
        return Err(Undone::Tried(outcome));
    }
    outcome.applied = true;
    Ok(outcome)
}

/// The table that came with a form, as a file or as text, and whether it is to be kept.
pub(crate) fn table_of(fields: &mut Fields) -> Result<(String, bool), Refusal> {
    let text = match fields.uploads.pop() {
        Some(file) => String::from_utf8(file.bytes)
            .map_err(|_| Refusal::invalid("files", "This file is not UTF-8 text."))?,
        None => fields.text("table").replace("\r\n", "\n"),
    };
    checked("files", &text)?;
    Ok((text, fields.text("do") == "apply"))
}

/// Refuses a table in a document that is too long, or cannot be stored.
pub(crate) fn checked_table(text: &str) -> Result<(), Refusal> {
    if text.len() > IN_A_DOCUMENT {
        return Err(Refusal::invalid("table", format!("At most {IN_A_DOCUMENT} bytes, please.")));
    }
    checked("table", text)
}

/// Refuses a table that is too long, or cannot be stored.
fn checked(field: &'static str, text: &str) -> Result<(), Refusal> {
    if text.len() > TABLE_MAX {
        return Err(Refusal::TooLarge(format!("{field}: 1 MiB at most; nothing was taken in.").into()));
    }
    if text.contains('\0') {
        return Err(Refusal::invalid(field, "A NUL character cannot be stored."));
    }
    Ok(())
}

/// Where a table is put in: it is looked over first, and can be taken in once nothing is wrong with it.
pub(crate) fn table_form(
    place: &str,
    columns: &[&str],
    hint: &str,
    text: &str,
    outcome: Option<&TableOutcome>,
) -> Markup {
    let can_apply = outcome.is_some_and(|outcome| outcome.findings.is_empty());
    // Two registers may be taken in on one page, and by one place.
    let id = format!("table-of-{}", columns.join("-"));
    html! {
        form method="post" action=(place) enctype="multipart/form-data" {
            label for=(id) { "Table" span.quiet { "Columns: " (columns.join(", ")) ". " (hint) } }
            textarea id=(id) name="table" spellcheck="false" { (text) }
            label for={ (id) "-file" } { "Or a file" }
            input type="file" id={ (id) "-file" } name="files" accept=".csv,text/csv";
            div.actions {
                button.btn.main[!can_apply] name="do" value="try" { "Look it over" }
                @if can_apply { button.btn.main name="do" value="apply" { "Take it in" } }
            }
        }
    }
}

/// The frame of every page on which a table is looked over: what it came to, and the form as long as it was
/// not taken in; `taken` says what that means.
pub(crate) fn table_page(title: &str, outcome: Option<&TableOutcome>, taken: &str, form: Markup) -> Markup {
    html! {
        h1 { (title) }
        @if let Some(outcome) = outcome { div.notice role="status" { (table_told(outcome, taken)) } }
        @if !outcome.is_some_and(|outcome| outcome.applied) { (form) }
    }
}

/// What a table came to, in words; `taken` says what it means that it was taken in.
fn table_told(outcome: &TableOutcome, taken: &str) -> Markup {
    html! {
        @if outcome.applied { p { (chip(Tone::Calm, "taken in")) " " (outcome.good) " lines. " (taken) } }
        @else if outcome.findings.is_empty() {
            p { (chip(Tone::Calm, "nothing is wrong")) " " (outcome.good) " lines. Nothing was taken in yet." }
        } @else {
            p { (chip(Tone::Soon, format!("{} findings", outcome.findings.len()))) " Nothing was taken in; "
                (outcome.good) " lines are good. Mend the others and look it over again." }
            table {
                thead { tr { th.num { "Line" } th { "Column" } th { "What is wrong" } } }
                tbody { @for found in outcome.findings.iter().take(200) { tr {
                    td.num data-label="Line" { (found.line) }
                    td data-label="Column" { @if found.column.is_empty() { "the line" } (found.column) }
                    td data-label="What is wrong" { (found.reason) }
                } } }
            }
        }
    }
}
