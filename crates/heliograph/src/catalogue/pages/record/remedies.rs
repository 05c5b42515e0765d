//! What the sources say that one should do, each in its own words.

use super::super::prose::prose;
use super::super::{address, link};
use super::references::short;
use super::{ROWS, anchor};
use catalogue::{Advised, Entry, Summary, clip, remedy_word};
use formats::record::Remedy;
use maud::{Markup, html};

/// Remedies before the rest is folded away.
const OPEN: usize = 6;
/// CVE ids named with one remedy.
const IDS: usize = 5;

/// A remedy, and who says so.
pub(super) struct Said<'a> {
    summary: &'a Summary,
    remedy: &'a Remedy,
    /// The address of the source: its place on the page, or a page of its own.
    place: String,
    /// The ids that it is for, where the page is about several.
    of: &'a [String],
}

/// What all sources that stand say, in the order in which they speak on the page; then the advisories that speak of
/// it among others.
pub(super) fn remedies<'a>(entry: &'a Entry, advised: &'a [Advised]) -> Vec<Said<'a>> {
    let standing = entry.records.iter().enumerate().filter(|(_, sourced)| !sourced.summary.is_withdrawn);
    let own = standing.flat_map(|(place, sourced)| {
        let said = move |remedy: &'a Remedy| Said {
            summary: &sourced.summary,
            remedy,
            place: format!("#{}", anchor(place)),
            of: &remedy.vulnerabilities,
        };
        sourced.record.remedies.iter().map(said)
    });
    own.chain(elsewhere(advised)).collect()
}

/// What advisories say that have pages of their own, about the one flaw that this page is about.
pub(super) fn elsewhere(advised: &[Advised]) -> impl Iterator<Item = Said<'_>> {
    advised.iter().flat_map(|Advised { summary, remedies }| {
        remedies.iter().map(move |remedy| Said { summary, remedy, place: address(&summary.id), of: &[] })
    })
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

fn said(Said { summary, remedy, place, of }: &Said<'_>) -> Markup {
    html! {
        b { (remedy_word(&remedy.kind)) }
        @if !of.is_empty() { " for " (some(of, of.len())) }
        @if !remedy.products.is_empty() { span.quiet { " (" (some(&remedy.products, remedy.products_count)) ")" } }
        ", says "
        @if let Some(source) = &remedy.source { (clip(source, 80)) " in " }
        a href=(place) { (summary.id) } " " span.quiet { "(" (summary.source.label()) ")" }
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
