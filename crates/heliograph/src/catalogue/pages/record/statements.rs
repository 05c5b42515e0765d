//! The affected versions that one record names, in words.

use super::super::{address, flaw_anchor, is_cve};
use crate::web::{Tone, chip, severity_chip};
use catalogue::{Entry, LINES_MAX, Line, OfFlaws, Product, by_flaws, products};
use formats::record::{Record, Status};
use maud::{Markup, html};

/// Products shown before the rest is folded away.
const OPEN_PRODUCTS: usize = 12;
/// Products shown at all; the document has the rest.
const PRODUCTS: usize = 150;
/// The same of vulnerabilities about which a document says different things.
const OPEN_GROUPS: usize = 3;
const GROUPS: usize = 30;
/// Names of vulnerabilities about which a document says the same.
const OPEN_NAMES: usize = 8;

/// The affected versions of one record, in words. A document about several vulnerabilities says it of each; those of
/// which it says the same stand together.
pub(super) fn versions(entry: &Entry, record: &Record) -> Markup {
    let (groups, left) = by_flaws(record, GROUPS);
    if groups.is_empty() {
        return of_products(&products(record));
    }
    let (open, folded) = groups.split_at(groups.len().min(OPEN_GROUPS));
    let names = folded.iter().map(|group| group.vulnerabilities.len()).sum::<usize>() + left;
    html! {
        @for group in open { (of_flaws(entry, group)) }
        @if !folded.is_empty() {
            details {
                summary { (names) @if names == 1 { " more vulnerability" } @else { " more vulnerabilities" } }
                @for group in folded { (of_flaws(entry, group)) }
                @if left > 0 { p.quiet { (left) " more stand in the document itself." } }
            }
        }
    }
}

fn of_flaws(entry: &Entry, group: &OfFlaws<'_>) -> Markup {
    let (open, folded) = group.vulnerabilities.split_at(group.vulnerabilities.len().min(OPEN_NAMES));
    let list = |names: &[&str]| {
        html! {
            ul.plain.row {
                @for name in names {
                    li id=(flaw_anchor(name)) {
                        @if is_cve(name) && *name != entry.id { a href=(address(name)) { (name) } } @else { (called(name)) }
                        " " (severity_chip(entry.each.get(*name).copied().flatten()))
                    }
                }
            }
        }
    };
    html! {
        div.of-flaws {
            (list(open))
            @if !folded.is_empty() { details { summary { "the same is said of " (folded.len()) " more" } (list(folded)) } }
            (of_products(&group.products))
        }
    }
}

fn of_products(products: &[Product]) -> Markup {
    html! {
        @if products.is_empty() { p.quiet { "Names no product." } }
        @else {
            (table(&products[..products.len().min(OPEN_PRODUCTS)]))
            @if products.len() > OPEN_PRODUCTS {
                details {
                    summary { (products.len() - OPEN_PRODUCTS) " more products" }
                    (table(&products[OPEN_PRODUCTS..products.len().min(PRODUCTS)]))
                    @if products.len() > PRODUCTS { p.quiet { (products.len() - PRODUCTS) " more stand in the document itself." } }
                }
            }
        }
    }
}

fn table(products: &[Product]) -> Markup {
    html! {
        table.versions {
            thead { tr { th { "Product or package" } th { "Versions" } } }
            tbody {
                @for product in products {
                    tr {
                        td {
                            (called(&product.label))
                            @if product.sources.len() > 1 { div.quiet { "say " (product.sources.join(", ")) } }
                            @if !product.platforms.is_empty() {
                                div.quiet { "on " (catalogue::clip(&product.platforms.join(", "), 200)) }
                            }
                        }
                        td data-label="Versions" { (said(&product.lines, OPEN_LINES)) }
                    }
                }
            }
        }
    }
}

/// What a product is called, as far as it fits.
pub(super) fn called(label: &str) -> String {
    catalogue::clip(label, 120)
}

/// Statements of one product before the rest is folded away.
const OPEN_LINES: usize = 12;

/// What is said of versions: those of one status stand together.
pub(super) fn said(all: &[Line], open: usize) -> Markup {
    let (open, folded) = all.split_at(all.len().min(open));
    let runs = |lines: &[Line]| {
        html! {
            @for run in lines.chunk_by(|one, other| one.status == other.status) {
                div.said {
                    @if let Some(line) = run.first() { (word(line.status)) }
                    span { @for (at, line) in run.iter().enumerate() { @if at > 0 { ", " } span.version { (line.text) } } }
                }
            }
        }
    };
    html! {
        @if all.is_empty() { span.quiet { "not named" } }
        (runs(open))
        @if !folded.is_empty() {
            details {
                summary { (folded.len()) " more" }
                (runs(folded))
                @if all.len() >= LINES_MAX { p.quiet { "More may stand in the document itself." } }
            }
        }
    }
}

fn word(status: Status) -> Markup {
    match status {
        Status::Affected => chip(Tone::Soon, "affected"),
        Status::NotAffected => chip(Tone::Calm, "not affected"),
        Status::Fixed => chip(Tone::Calm, "fixed"),
        Status::UnderInvestigation => chip(Tone::Idle, "being looked into"),
        Status::Unknown => chip(Tone::Idle, "not known"),
    }
}
