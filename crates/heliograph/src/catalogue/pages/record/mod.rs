//! `/v/{id}`: am I affected, what to do, then all else, source by source.

mod affected;
mod beside;
mod compare;
mod disputes;
mod references;
mod remedies;
mod ruler;
mod severity;
mod source;
mod statements;
mod story;

use super::prose::headline;
use super::{address, flaw_address, is_cve, look, marks, severity as severity_of};
use crate::access::Viewer;
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{Shown, Tone, chip, instant, page};
use affected::{Question, am_i_affected, what_to_do};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use catalogue::{Advised, Entry, Source, Sourced, Summary};
use maud::{Markup, html};
use remedies::{elsewhere, said_remedies};
use serde::Deserialize;

/// Rows of one kind shown of a record; the document has the rest.
const ROWS: usize = 100;

/// What the form asks.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    package: String,
    version: String,
}

/// `GET /v/{id}`
pub(crate) async fn record(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Refusal> {
    let Query(asked) =
        asked.map_err(|_| Refusal::invalid("address", "The part behind \"?\" cannot be read."))?;
    let fields = [("version", &asked.version), ("package", &asked.package)];
    if let Some((name, _)) = fields.into_iter().find(|(_, text)| text.len() > versions::MAX_LENGTH) {
        return Err(Refusal::invalid(name, format!("At most {} bytes, please.", versions::MAX_LENGTH)));
    }
    let (catalogue, wanted) = (app.catalogue.clone(), id.clone());
    let found = look(move || {
        let advised = catalogue.advised(&wanted)?;
        match catalogue.record(&wanted)? {
            Some(entry) => Ok((Ok(entry), advised)),
            None => Ok((Err(catalogue.about(&wanted)?), advised)),
        }
    });
    let (found, advised) = found.await?;
    let entry = match found {
        Ok(entry) => entry,
        Err((about, _)) if about.is_empty() => return elsewhere_or_nowhere(&app, id).await,
        Err((about, more)) => {
            let id = if is_cve(&id) { id.trim().to_uppercase() } else { id };
            let body = only_spoken_of(&Shown::of(&app), &id, (&about, more), &advised);
            // It is no record: search engines have the pages of those.
            return Ok(([("x-robots-tag", "noindex")], page(&app, &viewer, &id, body)).into_response());
        }
    };
    if entry.id != id && asked.version.is_empty() {
        return Ok(Redirect::permanent(&address(&entry.id)).into_response());
    }
    let question =
        Question { product: asked.package.trim().to_owned(), version: asked.version.trim().to_owned() };
    let body = body(&Shown::of(&app), &entry, &advised, &question);
    let title = entry.id.clone();
    Ok(page(&app, &viewer, &title, body).into_response())
}

/// A vulnerability without any id has a name that is made of its document's id: its place is on the page of that.
async fn elsewhere_or_nowhere(app: &App, name: String) -> Result<Response, Refusal> {
    let Some((document, _)) = name.rsplit_once(", vulnerability ") else { return Err(Refusal::NotFound) };
    let (catalogue, wanted) = (app.catalogue.clone(), document.to_owned());
    let document = look(move || catalogue.record(&wanted)).await?.ok_or(Refusal::NotFound)?;
    let rows = document.records.iter().flat_map(|sourced| &sourced.record.affected);
    let mut flaws = rows.flat_map(|row| &row.vulnerabilities);
    let name = flaws.find(|flaw| catalogue::key(flaw) == catalogue::key(&name)).ok_or(Refusal::NotFound)?;
    Ok(Redirect::to(&flaw_address(name, &document.id)).into_response())
}

/// The page of an id that no record has, but others are about.
fn only_spoken_of(shown: &Shown, id: &str, (about, more): (&[Summary], bool), advised: &[Advised]) -> Markup {
    html! {
        h1 { (id) }
        p.lead { "No record here has this id. " @if about.len() == 1 { "This one is about it:" } @else { "These are about it:" } }
        table.hits {
            thead { tr { th { "Record" } th.keep { "Highest severity in it" } th.keep { "Published" } } }
            tbody {
                @for one in about {
                    tr {
                        td {
                            a href=(address(&one.id)) { (one.id) } " " span.quiet { (one.source.label()) } " " (marks(one))
                            div { (headline(&one.title)) }
                        }
                        td.keep data-label="Highest severity in it" { (severity_of(one)) }
                        td.keep data-label="Published" {
                            @match one.published { Some(at) => (instant(shown, at)), None => span.quiet { "no date" } }
                        }
                    }
                }
            }
        }
        @if more { p.quiet { "More than these speak of it." } }
        @if !advised.is_empty() {
            section.sheet aria-labelledby="do" {
                h2 id="do" { "What to do" }
                ul { (said_remedies(&elsewhere(advised).collect::<Vec<_>>())) }
            }
        }
        p { "Which of their products this flaw is in stands in each of them, and what they leave out is not known here." }
    }
}

fn body(shown: &Shown, entry: &Entry, advised: &[Advised], question: &Question) -> Markup {
    let Some(first) = entry.records.first() else { return html! {} };
    html! {
        h1 { (entry.id) }
        (head(shown, entry, first))
        div.cols.calmly {
            div {
                @if standing(entry).next().is_some() {
                    (am_i_affected(entry, question))
                    (what_to_do(entry, advised))
                }
                (compare::side_by_side(shown, entry))
                @for (place, sourced) in entry.records.iter().enumerate() { (source::source(entry, place, sourced)) }
            }
            aside {
                (severity::severities(shown, entry))
                (story::story(shown, entry))
                (beside::names(entry))
                (beside::take_along(entry))
                (beside::related(entry))
            }
        }
    }
}

/// What it is and how it stands.
fn head(shown: &Shown, entry: &Entry, first: &Sourced) -> Markup {
    let is_gone = standing(entry).next().is_none();
    html! {
        @if is_gone {
            div.notice.unsettled role="status" {
                p { (chip(Tone::Soon, "withdrawn")) " Its source has taken this record back. There is nothing to do about it." }
                @if let Some(reason) = &first.summary.reason { p { (super::prose::inline(reason, false)) } }
            }
        } @else { p.lead { (headline(&first.summary.title)) } }
        p.row {
            @if !is_gone { (marks(&first.summary)) (severity::worst(entry)) }
            @if let Some(at) = first.record.published {
                span.quiet { @if first.summary.source == Source::Kev { "listed " } @else { "published " } (instant(shown, at)) }
            }
            @if let Some(at) = first.record.modified { span.quiet { "changed " (instant(shown, at)) } }
        }
    }
}

/// The records that their sources have not taken back.
fn standing(entry: &Entry) -> impl Iterator<Item = &Sourced> {
    entry.records.iter().filter(|sourced| !sourced.summary.is_withdrawn)
}

/// The place on the page where a source speaks.
fn anchor(place: usize) -> String {
    format!("says-{place}")
}
