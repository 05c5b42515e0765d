//! Is my version of a product affected? Yes, no or unknown, and which records say so.

use super::look;
use super::names::product_address;
use super::results::{table, thousands};
use crate::access::Viewer;
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{Shown, Tone, chip, page};
use axum::extract::{Query as Address, State};
use axum::response::Html;
use catalogue::{Answer, Summary, name_key};
use maud::{Markup, html};
use serde::Deserialize;

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

/// `GET /affected`: the records that cover a version of a product, or leave it open.
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
            @let found: Vec<Summary> = rows.iter().filter(|(_, said)| *said == answer).map(|(hit, _)| hit.clone()).collect();
            @if !found.is_empty() { h2 { (title) } (table(&found, &Shown::of(&app))) }
        }
        @if total > rows.len() { p.quiet { "The " (AFFECTED) " severest are shown." } }
    };
    Ok(page(&app, &viewer, &format!("{product} {version}"), body))
}

/// Yes, no, or unknown, in so many words.
fn verdict(total: usize, rows: &[(Summary, Answer)]) -> Markup {
    let hit = rows.iter().filter(|(_, answer)| *answer == Answer::Affected).count();
    let records =
        |count: usize| if count == 1 { "1 record says".to_owned() } else { format!("{count} records say") };
    html! {
        @match (total, hit) {
            (0, _) => p.notice.settled role="status" {
                (chip(Tone::Calm, "not affected")) " No record here covers this version, as far as they say which versions are affected."
            },
            (_, 0) => p.notice role="status" {
                (chip(Tone::Idle, "cannot be decided")) " No record says that this version is affected, but " (thousands(total)) " leave it open."
            },
            _ => p.notice.unsettled role="status" {
                (chip(Tone::Soon, "affected")) " " (records(hit)) " so" @if rows.len() > hit { "; " (rows.len() - hit) " leave it open" } ". The severest come first."
            },
        }
    }
}

/// Records shown of a version.
const AFFECTED: usize = 100;
