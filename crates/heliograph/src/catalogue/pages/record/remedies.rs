//! What the sources say that one should do, each in its own words.

use super::super::link;
use super::super::prose::prose;
use super::references::short;
use super::{ROWS, anchor};
use catalogue::{Entry, Sourced, clip, remedy_word};
use formats::record::Remedy;
use maud::{Markup, html};

/// Remedies before the rest is folded away.
const OPEN: usize = 6;
/// CVE ids named with one remedy.
const IDS: usize = 5;

/// A remedy, and the place of the source that says so.
pub(super) type Said<'a> = (usize, &'a Sourced, &'a Remedy);

/// What all sources that stand say, in the order in which they speak on the page.
pub(super) fn remedies(entry: &Entry) -> Vec<Said<'_>> {
    let standing = entry.records.iter().enumerate().filter(|(_, sourced)| !sourced.summary.is_withdrawn);
    standing
        .flat_map(|(place, sourced)| {
            sourced.record.remedies.iter().map(move |remedy| (place, sourced, remedy))
        })
        .collect()
}

/// Items of the list of what to do.
pub(super) fn said_remedies(all: &[Said<'_>]) -> Markup {
    let (open, folded) = all.split_at(all.len().min(OPEN));
    html! {
        @for one in open { li { (said(one)) } }
        @if !folded.is_empty() {
            li {
                details {
                    summary { (folded.len()) " more" }
                    ul { @for one in folded.iter().take(ROWS) { li { (said(one)) } } }
                    @if folded.len() > ROWS { p.quiet { (folded.len() - ROWS) " more stand in the documents themselves." } }
                }
            }
        }
    }
}

fn said((place, sourced, remedy): &Said<'_>) -> Markup {
    let summary = &sourced.summary;
    html! {
        b { (remedy_word(&remedy.kind)) }
        @if !remedy.vulnerabilities.is_empty() { " for " (some(&remedy.vulnerabilities, remedy.vulnerabilities.len())) }
        @if !remedy.products.is_empty() { span.quiet { " (" (some(&remedy.products, remedy.products_count)) ")" } }
        ", says "
        @if let Some(source) = &remedy.source { (clip(source, 80)) " in " }
        a href={ "#" (anchor(*place)) } { (summary.id) } " " span.quiet { "(" (summary.source.label()) ")" }
        @if let Some(at) = remedy.at { span.quiet { ", from " (at.strftime("%-d %b %Y").to_string()) " (UTC) on" } }
        ":"
        (prose(&remedy.text, summary.source))
        @if let Some(url) = &remedy.url { (link(url, &short(url))) }
    }
}

/// The first of them, and how many there are besides.
pub(super) fn some(names: &[String], count: usize) -> String {
    let shown: Vec<String> = names.iter().take(IDS).map(|name| clip(name, 120)).collect();
    match count.saturating_sub(shown.len()) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
