//! `/v/{id}`: am I affected, what to do, then all else, source by source.

use super::affected::{Question, am_i_affected, versions, what_to_do};
use super::chart;
use super::names::vendor_address;
use super::ruler::rulers;
use super::{address, json_address, link, look, marks};
use crate::access::Viewer;
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{Moment, Shown, Tone, chip, instant, page, severity_chip, timeline};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use catalogue::{Entry, Source, Sourced};
use formats::record::{Record, Severity};
use maud::{Markup, html};
use serde::Deserialize;

/// What the form asks.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    package: String,
    version: String,
}

/// `GET /v/{id}`
pub(crate) async fn record(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Refusal> {
    let Query(asked) =
        asked.map_err(|_| Refusal::invalid("address", "The part behind \"?\" cannot be read."))?;
    if asked.version.len() > versions::MAX_LENGTH || asked.package.len() > versions::MAX_LENGTH {
        return Err(Refusal::invalid("version", format!("At most {} bytes, please.", versions::MAX_LENGTH)));
    }
    let (catalogue, wanted) = (app.catalogue.clone(), id.clone());
    let entry = look(move || catalogue.record(&wanted)).await?.ok_or(Refusal::NotFound)?;
    if entry.id != id && asked.version.is_empty() {
        return Ok(Redirect::permanent(&address(&entry.id)).into_response());
    }
    let question =
        Question { product: asked.package.trim().to_owned(), version: asked.version.trim().to_owned() };
    let body = body(&Shown::of(&app), &entry, &question);
    let title = entry.id.clone();
    Ok(page(&app, &viewer, &title, body).into_response())
}

fn body(shown: &Shown, entry: &Entry, question: &Question) -> Markup {
    let Some(first) = entry.records.first() else { return html! {} };
    html! {
        h1 { (entry.id) }
        p.lead { (first.summary.title) }
        p.row {
            (marks(&first.summary))
            span { "Severity: " (severity_chip(first.summary.severity_tenths)) }
            @if let Some(likelihood) = &entry.likelihood {
                span { "EPSS: " (format!("{:.2} %", likelihood.probability * 100.0)) }
                span.quiet {
                    "likely to be exploited within 30 days" @if let Some(at) = likelihood.at { ", as of " (instant(shown, at)) }
                }
            }
            @if let Some(at) = first.record.published { span.quiet { "published " (instant(shown, at)) } }
            @if let Some(at) = first.record.modified { span.quiet { "changed " (instant(shown, at)) } }
        }
        div.cols.calmly {
            div {
                (am_i_affected(entry, question))
                (what_to_do(entry))
                @for sourced in &entry.records { (source(shown, sourced)) }
            }
            aside { (severities_of(entry)) (names(entry)) (related(entry)) }
        }
    }
}

/// How severe each standing source says that it is.
fn severities_of(entry: &Entry) -> Markup {
    let standing = entry.records.iter().filter(|sourced| !sourced.summary.is_withdrawn);
    chart::severities(standing.map(|sourced| &sourced.record))
}

/// Letters of a description before the rest is folded away.
const OPEN_TEXT: usize = 1_500;

/// What one source says, by itself: nothing is merged.
fn source(shown: &Shown, sourced: &Sourced) -> Markup {
    let (summary, record) = (&sourced.summary, &sourced.record);
    html! {
        section.sheet {
            h2 { (summary.id) " " span.quiet { "as " (summary.source.label()) " has it" } }
            p.row {
                @if summary.is_withdrawn { (chip(Tone::Soon, "withdrawn")) }
                @if let Some(reason) = &summary.reason { span { (reason) } }
                a href=(json_address(&summary.id)) { "as JSON" }
            }
            @if let Some(title) = &record.title { p { b { (title) } } }
            (exploited(sourced))
            @for text in [&record.summary, &record.details].into_iter().flatten() { (prose(text)) }
            @if summary.source != Source::Kev {
                h3 { "Affected versions" }
                (rulers(record))
                (versions(record))
            }
            (severities(record))
            (decisions(record))
            (references(record))
            (credits(record))
            (story(shown, sourced))
        }
    }
}

fn prose(text: &str) -> Markup {
    let cut = text.char_indices().nth(OPEN_TEXT).map(|(at, _)| at);
    html! {
        @match cut {
            None => p.text { (text) },
            Some(at) => {
                p.text { (&text[..at]) "…" }
                details { summary { "The whole text" } p.text { (text) } }
            }
        }
    }
}

fn exploited(sourced: &Sourced) -> Markup {
    html! {
        @if let Some(exploited) = &sourced.record.exploited {
            p {
                (chip(Tone::Soon, "exploited")) " "
                @if let Some(day) = exploited.date_added { "Listed as known to be exploited since " (day) ". " }
                @if exploited.ransomware == Some(true) { "Used with ransomware. " }
                @if let Some(action) = &exploited.required_action { (action) " " }
                @if let Some(day) = exploited.due_date { span.quiet { "To be done by " (day) "." } }
                @if let Some(url) = &exploited.reference { " " (link(url, "where it is listed")) }
            }
        }
    }
}

/// Rows of one kind shown of a record; the document has the rest.
const ROWS: usize = 100;

fn severities(record: &Record) -> Markup {
    let score = |severity: &Severity| severity.score.map(|score| (score * 10.0).round() as i64);
    html! {
        @if !record.severities.is_empty() {
            h3 { "Severity" }
            table {
                thead { tr { th { "Score" } th { "Vector" } th { "By" } } }
                tbody {
                    @for severity in record.severities.iter().take(ROWS) {
                        tr {
                            td { @match score(severity) { Some(tenths) => (severity_chip(Some(tenths))), None => "no score" } }
                            td.code data-label="Vector" { (severity.vector) }
                            td data-label="By" { (severity.source.as_deref().unwrap_or("the record itself")) ", CVSS " (severity.version) }
                        }
                    }
                }
            }
        }
        @if !record.weaknesses.is_empty() {
            p { "Weakness: " @for id in record.weaknesses.iter().take(ROWS) { (weakness(id)) " " } }
        }
    }
}

fn weakness(id: &str) -> Markup {
    let number = id.strip_prefix("CWE-").filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    html! {
        @match number {
            Some(number) => a href={ "/weaknesses/" (number) } { (id) },
            None => (id),
        }
    }
}

fn decisions(record: &Record) -> Markup {
    html! {
        @for decision in record.decisions.iter().take(ROWS) {
            p {
                "SSVC"
                @if let Some(role) = &decision.role { ", " (role) }
                ": "
                @for (at, (point, value)) in decision.options.iter().enumerate() {
                    @if at > 0 { ", " }
                    span.quiet { (point) } " " (value)
                }
            }
        }
    }
}

/// References before the rest is folded away.
const OPEN_REFERENCES: usize = 8;

fn references(record: &Record) -> Markup {
    let all = &record.references[..record.references.len().min(ROWS * 5)];
    let (open, folded) = all.split_at(all.len().min(OPEN_REFERENCES));
    let list = |references: &[formats::record::Reference]| {
        html! {
            ul {
                @for reference in references {
                    li {
                        (link(&reference.url, &reference.url))
                        " " span.quiet { (kinds(reference)) }
                    }
                }
            }
        }
    };
    html! {
        @if !all.is_empty() {
            h3 { "References" }
            (list(open))
            @if !folded.is_empty() { details { summary { (folded.len()) " more" } (list(folded)) } }
        }
    }
}

/// The source's words for a reference, without those of its own machinery.
fn kinds(reference: &formats::record::Reference) -> String {
    let words = reference.kind.iter().filter(|word| !word.starts_with("x_")).map(String::as_str);
    words.collect::<Vec<_>>().join(", ")
}

fn credits(record: &Record) -> Markup {
    let names: Vec<&str> = record.credits.iter().take(ROWS).map(|credit| credit.name.as_str()).collect();
    html! { @if !names.is_empty() { p { span.quiet { "Thanks to " } (names.join(", ")) } } }
}

/// What the source tells of its own story, and what changed since it came in here.
fn story(shown: &Shown, sourced: &Sourced) -> Markup {
    let own = sourced.record.timeline.iter().filter_map(|entry| Some((entry.at?, entry.text.clone())));
    let mut moments: Vec<Moment> = own
        .take(ROWS)
        .map(|(at, text)| Moment { at, who: String::new(), is_new: false, what: html! { (text) } })
        .collect();
    if let Some(at) = sourced.first_seen {
        moments.push(Moment {
            at,
            who: String::new(),
            is_new: false,
            what: html! { "came into this database" },
        });
    }
    moments.extend(sourced.history.iter().map(|change| Moment {
        at: change.at,
        who: String::new(),
        is_new: false,
        what: html! { "changed: " (change.fields) },
    }));
    moments.sort_by_key(|moment| moment.at);
    html! {
        @if !moments.is_empty() {
            details {
                summary { "History: " (moments.len()) @if moments.len() == 1 { " entry" } @else { " entries" } }
                (timeline(shown, &moments))
            }
        }
    }
}

fn names(entry: &Entry) -> Markup {
    let mut names: Vec<&str> = Vec::new();
    let all = entry
        .records
        .iter()
        .flat_map(|sourced| std::iter::once(&sourced.record.id).chain(&sourced.record.aliases));
    for name in all.map(|name| name.trim()) {
        let is_new = !names.iter().any(|known| known.eq_ignore_ascii_case(name));
        if is_new && !name.eq_ignore_ascii_case(&entry.id) && names.len() < ROWS {
            names.push(name);
        }
    }
    html! {
        section.sheet {
            h2 { "Names" }
            @if names.is_empty() { p.quiet { "No other name is known." } }
            @else { ul { @for name in &names { li { a href=(address(name)) { (name) } } } } }
            (relationships(entry))
            p { a href=(json_address(&entry.id)) { "as JSON" } ", " a href={ (address(&entry.id)) "/history" } { "history" } }
            (vendors(entry))
            p.quiet {
                "From " @for (at, sourced) in entry.records.iter().enumerate() {
                    @if at > 0 { ", " } (sourced.summary.source.label())
                }
                ". Sources are shown side by side, each in its own words."
            }
        }
    }
}

/// Vendors that have a page of their own.
fn vendors(entry: &Entry) -> Markup {
    let mut named: Vec<&str> = Vec::new();
    for vendor in entry
        .records
        .iter()
        .flat_map(|sourced| &sourced.record.affected)
        .filter_map(|row| row.vendor.as_deref())
    {
        let is_name = !matches!(vendor.trim(), "" | "n/a" | "-" | "unknown");
        if is_name
            && named.len() < OPEN_REFERENCES
            && !named.iter().any(|known| known.eq_ignore_ascii_case(vendor))
        {
            named.push(vendor);
        }
    }
    html! {
        @if !named.is_empty() {
            p { "Vendors: " @for (at, vendor) in named.iter().enumerate() { @if at > 0 { ", " } a href=(vendor_address(vendor)) { (vendor) } } }
        }
    }
}

/// Related records before the rest is folded away.
const OPEN_RELATED: usize = 12;

/// How each source says that its record stands to others (GCVE-BCP-05).
fn relationships(entry: &Entry) -> Markup {
    let said = |sourced: &Sourced| {
        let all = sourced.record.all_relationships().into_iter().take(ROWS);
        let of = (sourced.summary.id.clone(), sourced.summary.source.label());
        all.map(move |one| (of.clone(), one)).collect::<Vec<_>>()
    };
    let all: Vec<_> = entry.records.iter().flat_map(said).take(ROWS * 5).collect();
    html! {
        @if !all.is_empty() {
            details {
                summary { "Who says so, in GCVE's verbs" }
                ul {
                    @for ((id, source), one) in &all {
                        li { (id) " " span.quiet { "(" (source) ")" } " is " b { (one.verb.replace('_', " ")) } " to " a href=(address(&one.id)) { (one.id) } }
                    }
                }
            }
        }
    }
}

/// Records that have to do with this one.
fn related(entry: &Entry) -> Markup {
    let own = entry
        .records
        .iter()
        .flat_map(|sourced| sourced.record.upstream.iter().chain(&sourced.record.related));
    let mut own: Vec<&String> = own.collect();
    own.sort();
    own.dedup();
    let named = entry.related.iter().map(|summary| (&summary.id, Some(&summary.title)));
    let all: Vec<(&String, Option<&String>)> =
        named.chain(own.into_iter().map(|id| (id, None))).take(ROWS * 5).collect();
    let (open, folded) = all.split_at(all.len().min(OPEN_RELATED));
    let list = |all: &[(&String, Option<&String>)]| {
        html! {
            ul {
                @for (id, title) in all {
                    li { a href=(address(id)) { (id) } @if let Some(title) = title { ": " (title) } }
                }
            }
        }
    };
    html! {
        @if !all.is_empty() {
            section.sheet {
                h2 { "Has to do with it" }
                (list(open))
                @if !folded.is_empty() { details { summary { (folded.len()) " more" } (list(folded)) } }
                @if entry.more_related { p.quiet { "More than these speak of it." } }
            }
        }
    }
}
