//! The editor's form, filled with a draft.

use super::places::{link_id, row_id, thanks_id};
use super::rows::{self, Row};
use super::words::{self, CATEGORIES, CREDITS, LINKS, SPANS, STATUSES};
use crate::web::{cell, date_input, field, pick, text_area, wide_cell};
use formats::Advisory;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};

/// Empty rows at the end of each table of rows.
const FREE_ROWS: usize = 2;

/// The form. `base` is the draft that is edited; `change` says what it changes, and must say so once
/// something was published.
pub(in crate::advisories) fn draw(
    place: &str,
    base: u32,
    draft: &Advisory,
    change: Option<&str>,
    zone: &str,
) -> Markup {
    html! {
        form #editor method="post" action=(place) {
            input type="hidden" name="base" value=(base);
            (field("title", "Title", "One line that names product and flaw", &draft.title, true))
            (text_area("summary", "Summary", "One paragraph", &draft.summary, true))
            (text_area("description", "Description", "The whole story, fit for publication: no instructions \
                for attackers, no names that are not thanked below", &draft.description, true))
            (text_area("impact", "Impact", "What an attacker gains", draft.impact.as_deref().unwrap_or_default(), false))
            (products(draft))
            (facts(draft, zone))
            (links(draft))
            (thanks(draft))
            @if let Some(change) = change {
                (field("change", "What this revision changes", "Stands in the public history", change, true))
            }
            (field("language", "Language", "Of the texts above", &draft.language, true))
            div.actions { button.btn.main { "Save the draft" }
                span.quiet { "Saving a change voids approvals." } }
        }
    }
}

fn products(draft: &Advisory) -> Markup {
    let known = rows::of(&draft.products);
    let empty = Row { which: "none".into(), status: "affected".into(), ..Row::default() };
    html! {
        h2 id="products" { "Products" }
        p.quiet { "A row for each span of versions. Rows with the same names speak of one product." }
        @for (number, row) in known.iter().enumerate() { (product(number, row)) }
        details open[known.is_empty()] {
            summary { "More products or versions" }
            @for number in 0..FREE_ROWS { (product(known.len() + number, &empty)) }
            p.quiet { "Saving makes room for more." }
        }
    }
}

fn product(number: usize, row: &Row) -> Markup {
    let mut categories = vec![("", "nothing said")];
    categories.extend(words::options(CATEGORIES));
    html! {
        fieldset.cells id=(row_id(number + 1)) {
            legend { "Row " (number + 1) @if !row.product.is_empty() { ": " (row.product) } }
            (cell("Vendor", "vendor", "", &row.vendor))
            (cell("Product", "product", "", &row.product))
            (pick("Versions", "which", SPANS, &row.which))
            (cell("From", "from", "", &row.from))
            (cell("To", "to", "", &row.to))
            (pick("State", "status", &words::options(STATUSES), &row.status))
            (pick("What to do", "remedy", &categories, &row.remedy))
            (cell("Where to get it", "url", "", &row.url))
            (wide_cell("What to do, in words", "details", &row.details))
            (wide_cell("The vendor's statement", "statement", &row.statement))
            (cell("Ecosystem", "ecosystem", "", &row.ecosystem))
            (cell("Package", "package", "", &row.package))
            (cell("Package URL", "purl", "", &row.purl))
            (cell("Version scheme", "version_type", "", &row.version_type))
        }
    }
}

fn facts(draft: &Advisory, zone: &str) -> Markup {
    let joined = |lines: Vec<String>| lines.join("\n");
    let vectors = joined(draft.severities.iter().map(|severity| severity.vector.clone()).collect());
    let weakness = |weakness: &formats::advisory::Weakness| format!("{} {}", weakness.id, weakness.name);
    let weaknesses = joined(draft.weaknesses.iter().map(weakness).collect());
    let exploited = draft.exploited.as_ref();
    let since = exploited.and_then(|exploited| exploited.first_seen);
    html! {
        h2 { "Identifiers and severity" }
        (field("cves", "CVE ids", "As assigned; with one, a CVE record is written", &draft.cves.join(" "), false))
        (text_area("aliases", "Other names", "One in each line", &draft.aliases.join("\n"), false))
        (text_area("vectors", "CVSS vectors", "One in each line, one of each version", &vectors, false))
        (field("ssvc", "SSVC", "The decision, where it is published", draft.ssvc.as_deref().unwrap_or_default(), false))
        (text_area("weaknesses", "Weaknesses", "One in each line, the main one first: CWE-79, and its name \
            from the CWE list if it is a rare one", &weaknesses, false))
        (text_area("exploited", "Attacks", "What is known, fit for publication; empty if nothing is",
            exploited.map_or("", |exploited| exploited.evidence.as_str()), false))
        (date_input("exploited_since", "Attacks were first seen", "", &since.map(|at| local(at, zone)).unwrap_or_default(), zone))
    }
}

/// As a date input takes it.
fn local(at: Timestamp, zone: &str) -> String {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    at.to_zoned_datetime(zone).strftime("%Y-%m-%dT%H:%M").to_string()
}

fn links(draft: &Advisory) -> Markup {
    let kinds = words::options(LINKS);
    html! {
        h2 id="references" { "References" }
        @for at in 0..(draft.references.len() + FREE_ROWS) {
            @let link = draft.references.get(at);
            fieldset.cells id=(link_id(at + 1)) {
                legend { "Link " (at + 1) }
                (pick("What lies there", "link_kind", &kinds, link.map_or("advisory", |link| words::name(LINKS, link.kind))))
                (cell("Address", "link_url", "", link.map_or("", |link| link.url.as_str())))
                (cell("In one line", "link_summary", "", link.and_then(|link| link.summary.as_deref()).unwrap_or_default()))
            }
        }
    }
}

fn thanks(draft: &Advisory) -> Markup {
    let kinds = words::options(CREDITS);
    html! {
        h2 { "Thanks" }
        p.quiet { "Only those who agreed to be named." }
        @for at in 0..(draft.acknowledgements.len() + FREE_ROWS) {
            @let thanked = draft.acknowledgements.get(at);
            fieldset.cells id=(thanks_id(at + 1)) {
                legend { "Thanks " (at + 1) }
                (cell("Name", "thanks_name", "", thanked.and_then(|one| one.name.as_deref()).unwrap_or_default()))
                (cell("Organisation", "thanks_organisation", "", thanked.and_then(|one| one.organisation.as_deref()).unwrap_or_default()))
                (pick("What for", "thanks_kind", &kinds, thanked.map_or("finder", |one| words::name(CREDITS, one.kind))))
            }
        }
    }
}
