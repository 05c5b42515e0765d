//! The public pages: search, and one page for each vulnerability.

mod bill;
mod chart;
mod flaws;
mod front;
mod history;
mod imports;
mod names;
mod prose;
mod record;
mod results;
mod version;
mod weaknesses;

pub(crate) use bill::{Form, Given, ask, bill, bill_form, inventory, report, standalone, stated};
pub(crate) use front::{Asked, front};
pub(crate) use history::history;
pub(crate) use imports::{import, imports};
pub(crate) use names::{product, trends, vendor, vendors};
pub(crate) use record::record;
pub(crate) use results::help;
pub(crate) use version::affected;
pub(crate) use weaknesses::{weakness, weaknesses};

use crate::refusal::Refusal;
use crate::web::{Tone, chip, encoded, severity_chip};
use catalogue::{Error, Source, Summary};
use maud::{Markup, html};

/// The address of a record's page.
pub(super) fn address(id: &str) -> String {
    format!("/v/{}", encoded(id))
}

/// The address of one of the vulnerabilities of a document. Only a CVE id has a page whether or not a record has it:
/// another name leads to its place on the page of the document.
fn flaw_address(name: &str, document: &str) -> String {
    match name == document || is_cve(name) {
        true => address(name),
        false => format!("{}#{}", address(document), flaw_anchor(name)),
    }
}

/// The place of a vulnerability on the page of the document that is about it.
fn flaw_anchor(name: &str) -> String {
    let plain = name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' });
    format!("flaw-{}", plain.collect::<String>())
}

fn is_cve(name: &str) -> bool {
    catalogue::key(name).starts_with("cve-")
}

/// The address of a record's page at a centre.
pub(crate) fn page_of(base: &str, id: &str) -> String {
    format!("{base}{}", address(id))
}

/// The address of what a search finds.
pub(crate) fn search_address(text: &str) -> String {
    format!("/?q={}&page=1", encoded(text))
}

/// The feed of a search, what was changed last first; it is public as the search is.
pub(crate) fn feed_address(text: &str) -> String {
    format!("/feeds/search.atom?q={}&order=changed", encoded(text))
}

/// The address of a record as JSON.
fn json_address(id: &str) -> String {
    format!("/v1/vulns/{}", encoded(id))
}

/// How severe a record is in a list. The score of one vulnerability says little of another of the same document.
fn severity(summary: &Summary) -> Markup {
    html! {
        (severity_chip(summary.severity_tenths))
        @if let Some(count) = summary.vulnerabilities { div.quiet { "highest of " (count) } }
    }
}

/// Letters of a reason in a list.
const REASON_CHARS: usize = 120;

/// What stands out about a record, in words.
fn marks(summary: &Summary) -> Markup {
    html! {
        @if summary.is_withdrawn {
            (chip(Tone::Soon, "withdrawn")) " "
            // Where there is no headline but the reason, it stands there.
            @if let Some(reason) = summary.reason.as_ref().filter(|reason| !reason.starts_with(summary.title.trim_end_matches('…'))) {
                span.quiet { (catalogue::clip(reason, REASON_CHARS)) } " "
            }
        }
        @if summary.is_exploited { (chip(Tone::Soon, "exploited")) " " }
        @if summary.source == Source::Centre { (chip(Tone::Calm, "published here")) }
    }
}

/// A link to somewhere else, if its address is one that a page may link to.
fn link(url: &str, words: &str) -> Markup {
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    html! {
        @if is_web { a href=(url) rel="nofollow noopener noreferrer" { (words) } }
        @else { span.code { (words) } }
    }
}

/// Runs a look into the catalogue on a thread that may wait for the disk.
pub(super) async fn look<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Refusal> {
    let done = tokio::task::spawn_blocking(work).await;
    let done = done.map_err(|_| Refusal::Internal("a look into the catalogue failed unexpectedly".into()))?;
    done.map_err(Refusal::from)
}
