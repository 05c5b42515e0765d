//! Which of my parts are affected? A bill of materials is read, answered for, and not kept.

use super::prose::headline;
use super::{flaw_address, look};
use crate::access::{Limit, Remote, Viewer, count_attempt};
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{Tone, WithFiles, chip, page, severity_chip};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use catalogue::{Answer, Catalogue, Finding, Inventory, NoInventory, part_version, status_word};
use formats::limits::DOCUMENT_BYTES;
use formats::sbom::{self, NoVex, Sbom};
use formats::vex::{self, Statement};
use jiff::Timestamp;
use maud::{DOCTYPE, Markup, html};
use std::collections::HashMap;
use std::fmt::Display;

/// How a report on a bill is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Json,
    Sarif,
    Csv,
    Html,
}

impl Form {
    /// The form of a word in an address or a form's field.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        match name {
            "json" => Some(Self::Json),
            "sarif" => Some(Self::Sarif),
            "csv" => Some(Self::Csv),
            "html" => Some(Self::Html),
            _ => None,
        }
    }

    /// The report as a file; nobody between here and the asker may keep it.
    pub(crate) fn answer(self, inventory: &Inventory) -> Result<Response, Refusal> {
        let failed = |error: serde_json::Error| Refusal::Internal(error.to_string());
        let (kind, text) = match self {
            Self::Json => ("application/json", serde_json::to_string(inventory).map_err(failed)?),
            Self::Sarif => ("application/sarif+json", catalogue::sarif(inventory).to_string()),
            Self::Csv => ("text/csv; charset=utf-8", catalogue::csv(inventory)),
            Self::Html => ("text/html; charset=utf-8", standalone(inventory).into_string()),
        };
        let kept = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let mut answer =
            ([kept, (header::CONTENT_TYPE, HeaderValue::from_static(kind))], text).into_response();
        if self == Self::Html {
            // It brings its own style, which no page of the centre may do: it is opened from one's disk.
            let named = HeaderValue::from_static("attachment; filename=\"vulnerabilities.html\"");
            answer.headers_mut().insert(header::CONTENT_DISPOSITION, named);
        }
        Ok(answer)
    }
}

/// A document with the name that it came under.
pub(crate) struct Given {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// Asks about a bill of materials; what else is given is VEX. Waits for the disk.
pub(crate) fn inventory(
    catalogue: &Catalogue,
    given: Vec<Given>,
    now: Timestamp,
) -> Result<Inventory, Refusal> {
    let (name, bill, statements) = sort_out(given)?;
    catalogue.inventory(&name, bill, &statements, now).map_err(|error| match error {
        NoInventory::Catalogue(error) => error.into(),
        refused => Refusal::invalid("files", refused.to_string()),
    })
}

/// A bill of the largest size keeps a processor busy for a second.
const BILLS: Limit = Limit { what: "bills of materials from one address", count_max: 300, minutes: 60 };

/// The same for whoever asks from an address, on a thread that may wait for the disk.
pub(crate) async fn ask(app: &App, remote: &Remote, given: Vec<Given>) -> Result<Inventory, Refusal> {
    let bucket = format!("bill/{}", remote.0);
    app.ledger.submit(move |w| count_attempt(w, &bucket, &BILLS)).await?;
    let (catalogue, now) = (app.catalogue.clone(), app.now());
    look(move || Ok(inventory(&catalogue, given, now))).await?
}

/// Which of the documents is the bill, and what the others state.
fn sort_out(given: Vec<Given>) -> Result<(String, Sbom, Vec<Statement>), Refusal> {
    let refused = |name: &str, why: String| Refusal::invalid("files", format!("{}: {why}", shown(name)));
    let (mut bills, mut statements) = (Vec::new(), Vec::new());
    for Given { name, bytes } in given {
        if bytes.len() > DOCUMENT_BYTES {
            return Err(refused(&name, format!("{} bytes, {DOCUMENT_BYTES} at most", bytes.len())));
        }
        match sbom::read(&bytes) {
            Ok(read) => bills.push((name, read)),
            Err(no_bill) => {
                statements.extend(stated(&name, &bytes, &no_bill).map_err(|why| refused(&name, why))?);
            }
        }
    }
    let mut bill: Option<(String, Sbom)> = None;
    let is_alone = bills.len() == 1;
    for (name, read) in bills {
        match if is_alone { Err(NoVex::Bill(Box::new(read))) } else { read.into_vex() } {
            Ok(said) => statements.extend(said),
            Err(NoVex::NamesNoPart(error)) => return Err(refused(&name, error.to_string())),
            Err(NoVex::Bill(_)) if bill.is_some() => {
                return Err(refused(&name, "a second bill of materials; ask about one at a time".to_owned()));
            }
            Err(NoVex::Bill(read)) => bill = Some((shown(&name), *read)),
        }
    }
    let (name, bill) = bill.ok_or_else(|| Refusal::invalid("files", "A bill of materials is needed."))?;
    Ok((name, bill, statements))
}

/// What a document of VEX states that is no bill, or why it states nothing: where nobody knows what it is, why it is no
/// bill.
pub(crate) fn stated(name: &str, bytes: &[u8], no_bill: &impl Display) -> Result<Vec<Statement>, String> {
    let kind = formats::detect(bytes, name).map_err(|_| no_bill.to_string())?;
    let said = vex::read(kind, bytes).map_err(|error| error.to_string())?;
    match said.is_empty() {
        true => Err(format!("{}, but no statement of VEX is in it", kind.label())),
        false => Ok(said),
    }
}

/// A file's name as it may stand in an answer.
fn shown(name: &str) -> String {
    let plain: String = name.chars().filter(|letter| !letter.is_control()).collect();
    catalogue::clip(&plain, 120)
}

/// `GET /sbom`
pub(crate) async fn bill_form(State(app): State<App>, viewer: Viewer) -> Html<String> {
    page(
        &app,
        &viewer,
        "Which of my parts are affected?",
        html! {
            h1 { "Which of my parts are affected?" }
            p.lead { "Give a bill of materials, and see for each part what is known of it, whether it is used in attacks, and the version to update to." }
            (form())
        },
    )
}

/// `POST /sbom`: a bill of materials and, if there are any, documents of VEX.
pub(crate) async fn bill(
    State(app): State<App>,
    viewer: Viewer,
    remote: Remote,
    WithFiles(fields): WithFiles,
) -> Result<Response, Refusal> {
    let wanted = fields.text("as").to_owned();
    let given = fields.uploads.into_iter().map(|file| Given { name: file.name, bytes: file.bytes }).collect();
    let inventory = ask(&app, &remote, given).await?;
    if let Some(wanted) = Form::of_name(&wanted) {
        return wanted.answer(&inventory);
    }
    let body = html! {
        h1 { "Known vulnerabilities of " (called(&inventory)) }
        (report(&inventory))
        (form())
    };
    let kept = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(([kept], page(&app, &viewer, "Which of my parts are affected?", body)).into_response())
}

fn form() -> Markup {
    html! {
        form.sheet method="post" action="/sbom" enctype="multipart/form-data" {
            label for="files" {
                "Bill of materials"
                span.quiet { "CycloneDX in JSON or XML; SPDX 2 in JSON or as tags and values; SPDX 3. With it, what its maker says of known vulnerabilities: OpenVEX, CSAF, or CycloneDX that lists no parts." }
            }
            input type="file" id="files" name="files" multiple required;
            p.hint { "At most 16 MiB each, 26 MiB together. Nothing of it is kept: it is read, answered and forgotten." }
            label for="as" { "Show it" }
            select id="as" name="as" {
                option value="" { "on this page" }
                option value="html" { "as a page to keep and print" }
                option value="csv" { "as a table (CSV)" }
                option value="json" { "as JSON" }
                option value="sarif" { "as SARIF, for code hosts and build systems" }
            }
            p { button.btn.main { "Ask about all parts" } }
        }
    }
}

fn called(inventory: &Inventory) -> &str {
    inventory.subject.as_ref().map_or(inventory.file.as_str(), |subject| &subject.name)
}

/// A reason without the signs in the standard's own word for it: `component_not_present`.
fn in_words(why: &str) -> String {
    let (word, rest) = why.split_at(why.find(": ").unwrap_or(why.len()));
    let is_term = word.bytes().all(|letter| letter.is_ascii_lowercase() || letter == b'_');
    if is_term { format!("{}{rest}", word.replace('_', " ")) } else { why.to_owned() }
}

/// A page that needs nothing beside it, to be kept and printed.
pub(crate) fn standalone(inventory: &Inventory) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { "Known vulnerabilities of " (called(inventory)) }
                style { (STYLE) }
            }
            body { h1 { "Known vulnerabilities of " (called(inventory)) } (findings(inventory, false)) }
        }
    }
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}\
    table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;\
    border-bottom:1px solid #8886}.code{overflow-wrap:anywhere;font-family:monospace}.quiet{opacity:.7}";

/// Findings and parts that are shown; the files have all of them.
const SHOWN: usize = 1_000;

/// The report, for a page of the centre.
pub(crate) fn report(inventory: &Inventory) -> Markup {
    findings(inventory, true)
}

/// The report; records are linked to where their pages are near.
fn findings(inventory: &Inventory, is_linked: bool) -> Markup {
    let (standing, all) = (inventory.standing(), inventory.findings.len());
    let (open, answered): (Vec<&Finding>, Vec<&Finding>) =
        inventory.findings.iter().partition(|finding| finding.stands());
    let exploited = open.iter().filter(|finding| finding.known.is_exploited).count();
    html! {
        p.lead role="status" {
            b { (standing) @if standing == 1 { " finding stands" } @else { " findings stand" } }
            @if exploited > 0 { ", " (exploited) " used in attacks" }
            @if all > standing { ", " (all - standing) " answered by VEX" }
            @if !inventory.unasked.is_empty() { ", " (parts(inventory.unasked.len())) " could not be asked about" }
            "."
        }
        p.quiet {
            (parts(inventory.components)) " in " span.code { (inventory.file) } " (" (inventory.format) "), asked "
            (inventory.at.strftime("%Y-%m-%d %H:%M UTC").to_string()) "."
        }
        @if !inventory.notes.is_empty() { ul.quiet { @for note in &inventory.notes { li { (note) "." } } } }
        @if all == 0 { p { "No record here covers any part that could be asked about." } }
        @if !open.is_empty() {
            h2 { "Standing" }
            (by_part(&open, is_linked))
        }
        @if !answered.is_empty() {
            h2 { "Answered by the maker" }
            (by_part(&answered, is_linked))
        }
        @if !inventory.unasked.is_empty() {
            h2 { "Not asked about" }
            p { "That they are missing above is no clean bill." }
            ul {
                @for unasked in inventory.unasked.iter().take(SHOWN) {
                    li { (unasked.component.name) " " (part_version(&unasked.component).unwrap_or_default()) ": " (unasked.reason) }
                }
            }
            @if inventory.unasked.len() > SHOWN { p.quiet { "The first " (SHOWN) " are shown." } }
        }
    }
}

fn parts(count: usize) -> String {
    if count == 1 { "1 part".to_owned() } else { format!("{count} parts") }
}

/// Findings of one part before the rest is folded away.
const OPEN: usize = 5;

/// What is found of each part, the part with the worst of it first: a part is what one updates.
fn by_part(findings: &[&Finding], is_linked: bool) -> Markup {
    let key = |finding: &Finding| {
        let part = &finding.component;
        (part.name.clone(), part_version(part), part.purl.clone())
    };
    let (mut places, mut parts) = (HashMap::new(), Vec::<Vec<&Finding>>::new());
    for finding in findings.iter().take(SHOWN) {
        let place = *places.entry(key(finding)).or_insert_with(|| {
            parts.push(Vec::new());
            parts.len() - 1
        });
        parts[place].push(finding);
    }
    html! {
        @for found in &parts { (part(found, is_linked)) }
        @if findings.len() > SHOWN { p.quiet { "The first " (SHOWN) " of " (findings.len()) " are shown; a file has all of them." } }
    }
}

fn part(found: &[&Finding], is_linked: bool) -> Markup {
    let Some(first) = found.first() else { return html! {} };
    // What is printed has nothing folded away.
    let (open, folded) = found.split_at(if is_linked { found.len().min(OPEN) } else { found.len() });
    html! {
        section.sheet {
            h3 { (first.component.name) " " (part_version(&first.component).unwrap_or_default()) " " span.quiet { (found.len()) @if found.len() == 1 { " finding" } @else { " findings" } } }
            @if let Some(purl) = &first.component.purl { p.code.quiet { (purl) } }
            (table(open, is_linked))
            @if !folded.is_empty() { details { summary { (folded.len()) " more" } (table(folded, is_linked)) } }
        }
    }
}

fn table(findings: &[&Finding], is_linked: bool) -> Markup {
    html! {
        table.findings {
            thead { tr { th { "Vulnerability" } th { "Severity" } th { "Update to" } th { "Says who" } } }
            tbody { @for finding in findings { (row(finding, is_linked)) } }
        }
    }
}

fn row(finding: &Finding, is_linked: bool) -> Markup {
    let known = &finding.known;
    let has_record = known.records.iter().any(|record| record.id == known.id);
    let document = known.records.first().filter(|_| !has_record).map_or(&known.id, |record| &record.id);
    html! {
        tr {
            td {
                @if is_linked { a href=(flaw_address(&known.id, document)) { (known.id) } } @else { b { (known.id) } }
                " "
                @match known.answer {
                    Answer::Affected => (chip(Tone::Soon, "affected")),
                    _ => (chip(Tone::Idle, "cannot be decided")),
                }
                @if finding.known.is_exploited { " " (chip(Tone::Soon, "exploited")) }
                div { (headline(finding.title())) }
                @if let Some(said) = &finding.vex {
                    div {
                        (said.source) " says: " b { (status_word(said.status)) }
                        @if let Some(why) = &said.why { " (" (in_words(why)) ")" }
                        @if let Some(at) = said.at { span.quiet { ", " (at.strftime("%Y-%m-%d %H:%M UTC").to_string()) } }
                    }
                }
            }
            td.keep data-label="Severity" { (severity_chip(finding.known.severity_tenths)) }
            td data-label="Update to" { @if known.fixed.is_empty() { span.quiet { "nothing named" } } @else { (known.fixed.join(", ")) } }
            td data-label="Says who" { @for record in &known.records { div { (record.id) " " span.quiet { "(" (record.source.label()) ")" } } } }
        }
    }
}
