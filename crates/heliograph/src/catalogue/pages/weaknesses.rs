//! Kinds of flaw: all that records name, and one of them.

use super::names::{OPEN_NAMES, known, records_of};
use super::results::thousands;
use super::{flaws, link, look};
use crate::access::Viewer;
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::page;
use axum::extract::{Path, State};
use axum::response::Html;
use catalogue::Test;
use maud::{Markup, html};

/// `GET /weaknesses`
pub(crate) async fn weaknesses(State(app): State<App>, viewer: Viewer) -> Result<Html<String>, Refusal> {
    let catalogue = app.catalogue.clone();
    let mut all = look(move || catalogue.weaknesses()).await?;
    all.sort_by_key(|(number, count)| (std::cmp::Reverse(*count), *number));
    let most = all.first().map_or(1, |(_, count)| *count).max(1);
    let (open, folded) = all.split_at(all.len().min(OPEN_NAMES));
    let bars = |part: &[(u32, u64)]| {
        html! {
            ul.bars {
                @for (number, count) in part {
                    li {
                        (weakness_link(&format!("CWE-{number}")))
                        meter max=(most) value=(count) aria-hidden="true" {}
                        span.quiet { (thousands(*count)) }
                    }
                }
            }
        }
    };
    let body = html! {
        h1 { "Weaknesses" }
        p.lead { "The kinds of flaw that records name, by the numbers of CWE, the most frequent first." }
        @if all.is_empty() { p { "No record names one yet." } }
        (bars(open))
        @if !folded.is_empty() { details { summary { (thousands(folded.len())) " more" } (bars(folded)) } }
    };
    Ok(page(&app, &viewer, "Weaknesses", body))
}

/// `GET /weaknesses/{number}`
pub(crate) async fn weakness(
    State(app): State<App>,
    viewer: Viewer,
    Path(number): Path<String>,
) -> Result<Html<String>, Refusal> {
    let number: u32 = number.parse().map_err(|_| Refusal::NotFound)?;
    let (catalogue, id) = (app.catalogue.clone(), format!("CWE-{number}"));
    let entry = look(move || catalogue.attack_entry(&id)).await?;
    let hits = records_of(&app, Test::Weakness(number)).await?;
    if hits.total == 0 && entry.is_none() {
        return Err(Refusal::NotFound);
    }
    let body = html! {
        p { a href="/weaknesses" { "Weaknesses" } }
        h1 { "CWE-" (number) @match &entry { Some(entry) => { ": " (entry.name) }, None => @if let Some(words) = flaws::in_words(number) { ": " (words) } } }
        @if let Some(entry) = &entry { p.text { (catalogue::clip(&entry.text, 2_000)) } }
        p { (link(&format!("https://cwe.mitre.org/data/definitions/{number}.html"), "What it is, as CWE explains it")) }
        (known(&app, &hits, &format!("cwe:{number}")))
    };
    Ok(page(&app, &viewer, &format!("CWE-{number}"), body))
}

/// The same in words alone, where there are any.
pub(super) fn weakness_words(id: &str) -> Markup {
    let number = id.strip_prefix("CWE-").and_then(|number| number.parse::<u32>().ok());
    html! {
        @match number {
            Some(number) => a href={ "/weaknesses/" (number) } { @match flaws::in_words(number) { Some(words) => (words), None => (id) } },
            None => (id),
        }
    }
}

/// A link to the page of a kind of flaw, with what it is in words; bare where it has no number.
pub(super) fn weakness_link(id: &str) -> Markup {
    let number = id.strip_prefix("CWE-").and_then(|number| number.parse::<u32>().ok());
    html! {
        @match number {
            Some(number) => a href={ "/weaknesses/" (number) } { "CWE-" (number) @if let Some(words) = flaws::in_words(number) { ": " (words) } },
            None => (id),
        }
    }
}
