//! The sources side by side, each in its own words, with what they disagree about.

use super::super::weaknesses::weakness_words;
use super::disputes::{disputes, is_exploited};
use super::severity::{against_itself, tenths};
use super::statements::called;
use super::{ROWS, anchor};
use crate::web::{Shown, Tone, chip, instant, severity_chip};
use catalogue::{Entry, Product, Source, Sourced, products};
use formats::record::Status;
use maud::{Markup, html};

/// Sources in the table; all of them speak below.
const SOURCES: usize = 12;
/// Products, fixed versions and weaknesses in one cell.
const IN_A_CELL: usize = 3;

/// A table of what each source says; nothing, where only one speaks.
pub(super) fn side_by_side(shown: &Shown, entry: &Entry) -> Markup {
    if entry.records.len() < 2 {
        return html! {};
    }
    let disputed = disputes(entry);
    html! {
        section.sheet aria-labelledby="sources" {
            h2 id="sources" { "Who says what" }
            @if disputed.is_empty() { p.quiet {
                "Nothing differs of what is compared here: whether it stands, scores and vectors of the same version of CVSS, weaknesses, exploitation, and the versions of products of the same name."
             } }
            @else { p { (chip(Tone::Soon, "they disagree")) " about " (disputed.join(", about ")) "." } }
            table {
                thead { tr { th { "Source" } th { "Severity" } th { "Affected" } th { "Fixed in" } th { "Weakness" } } }
                tbody { @for (place, sourced) in entry.records.iter().enumerate().take(SOURCES) { (row(shown, place, sourced)) } }
            }
            @if entry.records.len() > SOURCES { p.quiet { (entry.records.len() - SOURCES) " more speak below." } }
        }
    }
}

fn row(shown: &Shown, place: usize, sourced: &Sourced) -> Markup {
    let (summary, record) = (&sourced.summary, &sourced.record);
    let products = products(record);
    let mut fixed: Vec<&String> = products.iter().flat_map(|product| &product.fixed).collect();
    fixed.sort();
    fixed.dedup();
    let hit: Vec<(&String, String)> =
        products.iter().filter_map(|product| Some((&product.label, versions(product)?))).collect();
    let more = |all: usize| html! { @if all > IN_A_CELL { div.quiet { (all - IN_A_CELL) " more" } } };
    let silent = || html! { span.quiet { "says nothing" } };
    html! {
        tr {
            td {
                a href={ "#" (anchor(place)) } { (summary.source.label()) }
                div { (summary.id) }
                @if summary.is_withdrawn { (chip(Tone::Soon, "withdrawn")) }
                @if is_exploited(sourced) == Some(true) { (chip(Tone::Soon, "exploited")) }
                @if let Some(at) = record.modified.or(record.published) { div.quiet { (instant(shown, at)) } }
            }
            td data-label="Severity" {
                @match record.severities.iter().filter_map(tenths).max() { Some(score) => (severity_chip(Some(score))), None => (silent()) }
                @for severity in record.severities.iter().take(ROWS) { (against_itself(severity)) }
            }
            td data-label="Affected" {
                @if products.is_empty() || summary.source == Source::Kev { (silent()) } @else {
                    @for (label, words) in hit.iter().take(IN_A_CELL) { div { (called(label)) span.quiet { ": " (words) } } }
                    (more(hit.len()))
                    @if hit.len() < products.len() { div.quiet { (products.len() - hit.len()) " not affected, or not known" } }
                }
            }
            td data-label="Fixed in" {
                @if fixed.is_empty() { (silent()) }
                @for version in fixed.iter().take(IN_A_CELL) { div { (version) } }
                (more(fixed.len()))
            }
            td data-label="Weakness" {
                @if record.weaknesses.is_empty() { (silent()) }
                @for id in record.weaknesses.iter().take(IN_A_CELL) { div { (weakness_words(id)) } }
                (more(record.weaknesses.len()))
            }
        }
    }
}

/// The first of the affected versions in words, if any are.
fn versions(product: &Product) -> Option<String> {
    let mut affected = product.lines.iter().filter(|line| line.status == Status::Affected);
    let first = affected.next()?;
    let more = affected.count();
    Some(if more == 0 { first.text.clone() } else { format!("{}, and {more} more", first.text) })
}
