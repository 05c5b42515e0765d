//! What stands beside a record: its other names, where to take it, what has to do with it.

use super::super::names::vendor_address;
use super::super::prose::headline;
use super::super::results::thousands;
use super::super::{address, feed_address, json_address};
use super::ROWS;
use crate::web::encoded;
use catalogue::Entry;
use maud::{Markup, html};
use std::collections::{BTreeSet, HashSet};

/// Vendors that are named.
const VENDORS: usize = 8;
/// Related records before the rest is folded away.
const OPEN_RELATED: usize = 8;

/// Other names of the same vulnerability, who says so, and whose products are concerned.
pub(super) fn names(entry: &Entry) -> Markup {
    let mut known = HashSet::from([entry.id.to_ascii_lowercase()]);
    let records = entry.records.iter().map(|sourced| &sourced.record);
    let all = records.flat_map(|record| std::iter::once(record.id.as_str()).chain(record.other_names()));
    let mut names: Vec<&str> = all.map(str::trim).collect();
    names.retain(|name| known.insert(name.to_ascii_lowercase()));
    let more = names.len().saturating_sub(ROWS);
    names.truncate(ROWS);
    let (relationships, vendors) = (relationships(entry), vendors(entry));
    html! {
        @if !names.is_empty() || !relationships.0.is_empty() {
            section.sheet {
                h2 { "Also known as" }
                @if names.is_empty() { p.quiet { "No other name is known." } }
                ul.plain { @for name in &names { li { a href=(address(name)) { (name) } } } }
                @if more > 0 { p.quiet { (thousands(more)) " more stand in the documents." } }
                (relationships)
            }
        }
        @if !vendors.0.is_empty() { section.sheet { h2 { "Vendors" } (vendors) } }
    }
}

/// Vendors that have a page of their own.
fn vendors(entry: &Entry) -> Markup {
    let mut named: Vec<(&str, String)> = Vec::new();
    for vendor in entry
        .records
        .iter()
        .flat_map(|sourced| &sourced.record.affected)
        .filter_map(|row| row.vendor.as_deref())
    {
        let (is_name, place) =
            (!matches!(vendor.trim(), "" | "n/a" | "-" | "unknown"), vendor_address(vendor));
        if is_name && named.len() < VENDORS && !named.iter().any(|(_, known)| *known == place) {
            named.push((vendor, place));
        }
    }
    html! {
        @if !named.is_empty() { ul.plain { @for (vendor, place) in &named { li { a href=(place) { (vendor) } } } } }
    }
}

/// How each source says that its record stands to others (GCVE-BCP-05).
fn relationships(entry: &Entry) -> Markup {
    let said = |sourced: &catalogue::Sourced| {
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

/// The same for programs, feed readers and one's account.
pub(super) fn take_along(entry: &Entry) -> Markup {
    html! {
        section.sheet {
            h2 { "Take it along" }
            ul.plain {
                li { a href=(json_address(&entry.id)) { "JSON" } span.quiet { ": for a program" } }
                li { a href=(feed_address(&entry.id)) { "Feed" } span.quiet { ": when it changes" } }
                li { a href={ "/account/subscriptions?search=" (encoded(&entry.id)) } { "Follow it" } span.quiet { ": in your account" } }
            }
        }
    }
}

/// Records that have to do with this one.
pub(super) fn related(entry: &Entry) -> Markup {
    let own = entry.records.iter().flat_map(|sourced| {
        let record = &sourced.record;
        record.named_apart().chain(record.upstream.iter().chain(&record.related).map(String::as_str))
    });
    let listed: HashSet<String> =
        entry.related.iter().map(|summary| summary.id.to_ascii_lowercase()).collect();
    let own: BTreeSet<&str> = own.filter(|id| !listed.contains(&id.to_ascii_lowercase())).collect();
    let count = entry.related.len() + own.len();
    let named = entry.related.iter().map(|summary| (summary.id.as_str(), Some(&summary.title)));
    let all: Vec<(&str, Option<&String>)> =
        named.chain(own.into_iter().map(|id| (id, None))).take(ROWS * 5).collect();
    let (open, folded) = all.split_at(all.len().min(OPEN_RELATED));
    let list = |all: &[(&str, Option<&String>)]| {
        html! {
            ul.plain {
                @for (id, title) in all {
                    li { a href=(address(id)) { (id) } @if let Some(title) = title { div.quiet { (headline(title)) } } }
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
                @if count > all.len() { p.quiet { (thousands(count - all.len())) " more stand in the documents." } }
                @if entry.more_related { p.quiet { "More than these speak of it." } }
            }
        }
    }
}
