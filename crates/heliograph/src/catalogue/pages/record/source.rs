//! What one source says, by itself: nothing is merged.

use super::super::prose::{headline, inline, prose};
use super::super::weaknesses::weakness_link;
use super::super::{json_address, link};
use super::references::references;
use super::ruler::rulers;
use super::severity::{against_itself, held_for, tenths};
use super::statements::versions;
use super::{ROWS, anchor};
use crate::web::{Tone, chip, severity_chip};
use catalogue::{Entry, Source, Sourced, from_seen};
use formats::record::Record;
use maud::{Markup, html};

/// The section of one source.
pub(super) fn source(entry: &Entry, place: usize, sourced: &Sourced) -> Markup {
    let (summary, record) = (&sourced.summary, &sourced.record);
    // What stands at the head of the page already is not said again.
    let headed = entry.records.first().map(|first| (&first.summary.title, &first.summary.reason));
    let title = record.title.as_deref().map(from_seen);
    let title = title.filter(|title| headed.is_none_or(|(head, _)| head != *title));
    let reason = summary.reason.as_ref().filter(|_| entry.records.len() > 1);
    let texts = [&record.summary, &record.details].into_iter().flatten();
    let texts =
        texts.filter(|text| summary.reason.as_ref().is_none_or(|reason| reason.trim() != text.trim()));
    let has_products = !record.affected.is_empty() || !summary.is_withdrawn;
    html! {
        section.sheet id=(anchor(place)) {
            h2 { (summary.id) " " span.quiet { "as " (summary.source.label()) " has it" } }
            @if summary.is_withdrawn { p { (chip(Tone::Soon, "withdrawn")) @if let Some(reason) = reason { " " (inline(reason, false)) } } }
            @if let Some(title) = title { p { b { (headline(title)) } } }
            (exploited(sourced))
            @for text in texts { (prose(text, summary.source)) }
            @if summary.source != Source::Kev && has_products {
                h3 { "Affected versions" }
                // A ruler tells of one flaw; lists tell several apart.
                @if record.affected.iter().all(|row| row.vulnerabilities.is_empty()) { (rulers(record)) }
                (versions(entry, record))
            }
            (severities(record))
            (weaknesses(record))
            (decisions(record))
            (references(record))
            (credits(record))
            p.actions { a href=(json_address(&summary.id)) { "This record as JSON" } }
        }
    }
}

fn exploited(sourced: &Sourced) -> Markup {
    let day = |day: jiff::civil::Date| day.strftime("%-d %b %Y").to_string();
    html! {
        @if let Some(exploited) = &sourced.record.exploited {
            p {
                (chip(Tone::Soon, "exploited")) " "
                @if let Some(added) = exploited.date_added { "Listed as known to be exploited since " (day(added)) ". " }
                @if exploited.ransomware == Some(true) { "Used with ransomware. " }
                @if let Some(action) = &exploited.required_action { (inline(action, false)) " " }
                @if let Some(due) = exploited.due_date { span.quiet { "To be done by " (day(due)) "." } }
                @if let Some(url) = &exploited.reference { " " (link(url, "where it is listed")) }
            }
        }
    }
}

fn severities(record: &Record) -> Markup {
    html! {
        @if !record.severities.is_empty() {
            h3 { "Severity" }
            table {
                thead { tr { th { "Score" } th { "Vector" } th { "By" } } }
                tbody {
                    @for severity in record.severities.iter().take(ROWS) {
                        tr {
                            td.keep { @match tenths(severity) { Some(score) => (severity_chip(Some(score))), None => "no score" } }
                            td.code data-label="Vector" { (severity.vector) }
                            td data-label="By" { (severity.source.as_deref().unwrap_or("the record itself")) ", CVSS " (severity.version) (held_for(severity)) (against_itself(severity)) }
                        }
                    }
                }
            }
        }
    }
}

fn weaknesses(record: &Record) -> Markup {
    html! {
        @if !record.weaknesses.is_empty() {
            h3 { "Weakness" }
            ul.plain { @for id in record.weaknesses.iter().take(ROWS) { li { (weakness_link(id)) } } }
        }
    }
}

fn decisions(record: &Record) -> Markup {
    html! {
        @if !record.decisions.is_empty() {
            h3 { "What decides how urgent it is (SSVC)" }
            @for decision in record.decisions.iter().take(ROWS) {
                p {
                    @for (at, (point, value)) in decision.options.iter().enumerate() {
                        @if at > 0 { ", " }
                        span.quiet { (point.to_lowercase()) ":" } " " (value)
                    }
                    @if let Some(role) = &decision.role { span.quiet { ", says the " (role) } }
                }
            }
        }
    }
}

fn credits(record: &Record) -> Markup {
    let names: Vec<&str> = record.credits.iter().take(ROWS).map(|credit| credit.name.as_str()).collect();
    html! { @if !names.is_empty() { h3 { "Thanks" } p { (names.join("; ")) } } }
}
