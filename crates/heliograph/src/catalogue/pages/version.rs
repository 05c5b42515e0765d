//! Is my version of a product affected? Yes, no or unknown, and which records say so.

use super::names::product_address;
use super::prose::headline;
use super::results::thousands;
use super::{address, flaw_address, look, marks};
use crate::access::Viewer;
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{Shown, Tone, chip, instant, page, severity_chip};
use axum::extract::{Query as Address, State};
use axum::response::Html;
use catalogue::{Answer, Flaw, name_key};
use maud::{Markup, html};
use serde::Deserialize;
use std::collections::HashSet;

/// Which records cover my version?
pub(super) fn version_box(vendor: &str, product: &str, version: &str) -> Markup {
    html! {
        section.sheet {
            h2 { "Is my version affected?" }
            form.row.low action="/affected" {
                input type="hidden" name="vendor" value=(vendor);
                input type="hidden" name="product" value=(product);
                div {
                    label for="version" { "Your version" }
                    input type="text" id="version" name="version" value=(version) required maxlength="200" autocomplete="off" placeholder="1.2.3";
                }
                button.btn.main { "Check" }
            }
        }
    }
}

/// A version of a product.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Version {
    vendor: String,
    product: String,
    version: String,
}

/// `GET /affected`: the vulnerabilities that records state of a version of a product, or leave open.
pub(crate) async fn affected(
    State(app): State<App>,
    viewer: Viewer,
    Address(asked): Address<Version>,
) -> Result<Html<String>, Refusal> {
    let version = asked.version.trim().to_owned();
    if version.is_empty() || version.len() > versions::MAX_LENGTH {
        return Err(Refusal::invalid(
            "version",
            format!("A version of at most {} bytes.", versions::MAX_LENGTH),
        ));
    }
    let (vendor, product) = (name_key(&asked.vendor), name_key(&asked.product));
    if vendor.is_empty() && product.is_empty() {
        return Err(Refusal::invalid("product", "A product or a vendor is needed."));
    }
    let catalogue = app.catalogue.clone();
    let (of, product_key, asked) = (vendor.clone(), product.clone(), version.clone());
    let (rows, total) = look(move || catalogue.affected(&of, &product_key, &asked, AFFECTED)).await?;
    let body = html! {
        p { a href=(product_address(&vendor, &product)) { (vendor) " " (product) } }
        h1 { (product) " " (version) }
        (verdict(total, &rows))
        (version_box(&vendor, &product, &version))
        @for (answer, title) in [(Answer::Affected, "Affected by"), (Answer::Unknown, "Cannot be decided")] {
            @let found: Vec<&Flaw> = rows.iter().filter(|flaw| flaw.answer == answer).collect();
            @if !found.is_empty() { h2 { (title) } (table(&found, &Shown::of(&app))) }
        }
        @if total > rows.len() { p.quiet { "The " (AFFECTED) " severest are shown." } }
    };
    Ok(page(&app, &viewer, &format!("{product} {version}"), body))
}

/// Vulnerabilities, each with who says so where that is a document about several.
fn table(flaws: &[&Flaw], shown: &Shown) -> Markup {
    html! {
        table.hits {
            thead { tr { th { "Vulnerability" } th.keep { "Severity" } th.keep { "Published" } } }
            tbody {
                @for flaw in flaws {
                    tr {
                        td {
                            a href=(flaw_address(flaw.id(), &flaw.record.id)) { (flaw.id()) } " " (marks(&flaw.record))
                            div { (headline(&flaw.record.title)) }
                            @if flaw.vulnerability.is_some() { div.quiet { "says " a href=(address(&flaw.record.id)) { (flaw.record.id) } } }
                        }
                        td.keep data-label="Severity" { (severity_chip(flaw.record.severity_tenths)) }
                        td.keep data-label="Published" {
                            @match flaw.record.published { Some(at) => (instant(shown, at)), None => span.quiet { "no date" } }
                        }
                    }
                }
            }
        }
    }
}

/// Yes, no, or unknown, in so many words.
fn verdict(total: usize, rows: &[Flaw]) -> Markup {
    let records = |answer: Answer| {
        let rows = rows.iter().filter(|flaw| flaw.answer == answer).map(|flaw| flaw.record.row);
        rows.collect::<HashSet<_>>().len()
    };
    let (hit, open) = (records(Answer::Affected), records(Answer::Unknown));
    let open = if total > rows.len() { total - hit } else { open };
    let say = if hit == 1 { "1 record says".to_owned() } else { format!("{hit} records say") };
    let left =
        if open == 1 { "1 leaves it open".to_owned() } else { format!("{} leave it open", thousands(open)) };
    html! {
        @match (total, hit) {
            (0, _) => p.notice.settled role="status" {
                (chip(Tone::Calm, "not affected")) " No record here covers this version, as far as they say which versions are affected."
            },
            (_, 0) => p.notice role="status" {
                (chip(Tone::Idle, "cannot be decided")) " No record says that this version is affected, but " (left) "."
            },
            _ => p.notice.unsettled role="status" {
                (chip(Tone::Soon, "affected")) " " (say) " so" @if open > 0 { "; " (left) } ". The severest come first."
            },
        }
    }
}

/// Vulnerabilities shown of a version.
const AFFECTED: usize = 100;
