//! An advisory as people read it: what is affected and what to do first, then all else.

use super::form::{category_words, credit_words, link_words, status_words, which_words};
use crate::advisories::rules::is_released;
use crate::web::{Shown, Tone, chip, instant};
use formats::Advisory;
use formats::advisory::{Acknowledgement, Product};
use formats::cvss;
use formats::record::Status;
use maud::{Markup, html};

/// The whole advisory, without its title.
pub(super) fn body(shown: &Shown, advisory: &Advisory) -> Markup {
    html! {
        p.row { (severities(advisory)) @if advisory.exploited.is_some() { (chip(Tone::Soon, "attacks seen")) } }
        p.lead.text { (advisory.summary) }
        (affected(advisory))
        (remedies(advisory))
        (severity(shown, advisory))
        h2 { "Description" }
        div.text.narrow { (advisory.description) }
        @if let Some(impact) = &advisory.impact { h2 { "Impact" } div.text.narrow { (impact) } }
        (statements(advisory))
        (references(advisory))
        (thanks(advisory))
        (history(shown, advisory))
    }
}

/// The scores, one chip each.
pub(super) fn severities(advisory: &Advisory) -> Markup {
    html! {
        @for severity in &advisory.severities {
            @if let Ok(score) = cvss::score(&severity.vector) {
                (chip(Tone::Idle, format!("{} {:.1} · CVSS {}", score.severity.label(), score.score, score.version.label())))
            }
        }
    }
}

fn affected(advisory: &Advisory) -> Markup {
    html! {
        h2 { "What is affected" }
        @if advisory.products.is_empty() { p { "No product is named yet." } }
        @else {
            table {
                thead { tr { th { "Product" } th { "Versions" } th { "State" } } }
                tbody {
                    @for product in &advisory.products { @for versions in &product.versions {
                        tr {
                            td { (title(product)) @if let Some(package) = &product.package {
                                br; span.quiet.code { (package.ecosystem) ": " (package.name) } } }
                            td data-label="Versions" { (which_words(&versions.which)) }
                            td data-label="State" { (chip(tone(versions.status), status_words(versions.status))) }
                        }
                    } }
                }
            }
        }
    }
}

fn title(product: &Product) -> String {
    format!("{} ({})", product.product, product.vendor)
}

fn tone(status: Status) -> Tone {
    match status {
        Status::Affected | Status::UnderInvestigation => Tone::Soon,
        Status::NotAffected | Status::Fixed => Tone::Calm,
        Status::Unknown => Tone::Idle,
    }
}

fn remedies(advisory: &Advisory) -> Markup {
    let any = advisory.products.iter().any(|product| !product.remediations.is_empty());
    html! {
        h2 { "What to do" }
        @if !any { p { "Nothing is known that helps yet. This page changes when that does." } }
        @for product in advisory.products.iter().filter(|product| !product.remediations.is_empty()) {
            h3 { (title(product)) }
            ul {
                @for remedy in &product.remediations {
                    li { b { (category_words(remedy.category)) } ": " span.text { (remedy.details) }
                        @if let Some(url) = &remedy.url { " " (link(url, url)) } }
                }
            }
        }
    }
}

/// A link, where the address is one: a draft may hold anything, and only an http address is made
/// one that can be followed.
fn link(url: &str, words: &str) -> Markup {
    let safe = url.starts_with("https://") || url.starts_with("http://");
    html! { @if safe { a href=(url) rel="noopener noreferrer nofollow" { (words) } } @else { (words) } }
}

fn severity(shown: &Shown, advisory: &Advisory) -> Markup {
    let weighed = !advisory.severities.is_empty() || advisory.ssvc.is_some();
    html! {
        @if weighed || advisory.exploited.is_some() || !advisory.weaknesses.is_empty() || !advisory.cves.is_empty() {
            h2 { "Severity" }
            dl.facts {
                @for severity in &advisory.severities {
                    dt { "CVSS" } dd.code { (severity.vector) }
                }
                @if let Some(decision) = &advisory.ssvc { dt { "SSVC" } dd.code { (decision) } }
                @if let Some(exploited) = &advisory.exploited {
                    dt { "Attacks" }
                    dd { span.text { (exploited.evidence) }
                        @if let Some(seen) = exploited.first_seen { " First seen " (instant(shown, seen)) "." } }
                }
                @for weakness in &advisory.weaknesses { dt { "Weakness" } dd { (weakness.id) " " (weakness.name) } }
                @if !advisory.cves.is_empty() { dt { "CVE" } dd { (advisory.cves.join(", ")) } }
                @if !advisory.aliases.is_empty() { dt { "Also known as" } dd { (advisory.aliases.join(", ")) } }
            }
        }
    }
}

fn statements(advisory: &Advisory) -> Markup {
    let said = advisory.products.iter().filter_map(|product| Some((product, product.statement.as_ref()?)));
    let said: Vec<_> = said.collect();
    html! {
        @if !said.is_empty() {
            h2 { "What the vendors say" }
            @for (product, statement) in said {
                h3 { (title(product)) }
                blockquote.text { (statement) }
            }
        }
    }
}

fn references(advisory: &Advisory) -> Markup {
    html! {
        @if !advisory.references.is_empty() {
            h2 { "References" }
            ul {
                @for reference in &advisory.references {
                    @let words = reference.summary.as_deref().unwrap_or(&reference.url);
                    li { (link(&reference.url, words)) " " span.quiet { "(" (link_words(reference.kind)) ")" } }
                }
            }
        }
    }
}

fn thanks(advisory: &Advisory) -> Markup {
    html! {
        @if !advisory.acknowledgements.is_empty() {
            h2 { "Thanks" }
            ul { @for one in &advisory.acknowledgements { li { (who(one)) " " span.quiet { (credit_words(one.kind)) } } } }
        }
    }
}

fn who(one: &Acknowledgement) -> String {
    match (&one.name, &one.organisation) {
        (Some(name), Some(organisation)) => format!("{name} ({organisation})"),
        (Some(only), None) | (None, Some(only)) => only.clone(),
        (None, None) => String::new(),
    }
}

/// Revisions, the newest first. One that is not out has no date yet.
fn history(shown: &Shown, advisory: &Advisory) -> Markup {
    let out = is_released(advisory);
    html! {
        h2 { "Revisions" }
        ol.story {
            @for revision in advisory.revisions.iter().rev() {
                li {
                    @if out || revision.number as usize != advisory.revisions.len() { (instant(shown, revision.date)) " " }
                    b { "Revision " (revision.number) } " " (revision.summary)
                }
            }
        }
        p.quiet { "Published by " (advisory.publisher.name)
            @if let Some(contact) = &advisory.publisher.contact { ", " (contact) } }
    }
}
