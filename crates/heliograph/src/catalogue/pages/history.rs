//! `/v/{id}/history`: every change of every record of an id, with what differs.

use super::{address, look};
use crate::access::Viewer;
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{Shown, Tone, chip, instant, page, when};
use axum::extract::{Path, State};
use axum::response::Html;
use catalogue::Difference;
use catalogue::{Chapter, Story};
use maud::{Markup, html};

/// `GET /v/{id}/history`
pub(crate) async fn history(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Html<String>, Refusal> {
    let catalogue = app.catalogue.clone();
    let story = look(move || catalogue.story(&id)).await?.ok_or(Refusal::NotFound)?;
    let title = format!("{}: history", story.id);
    Ok(page(&app, &viewer, &title, body(&Shown::of(&app), &story)))
}

fn body(shown: &Shown, story: &Story) -> Markup {
    html! {
        h1 { "History of " a href=(address(&story.id)) { (story.id) } }
        p.lead {
            @match story.changes.len() {
                0 => "Nothing has changed since it came into this database.",
                1 => "It was changed once since it came into this database.",
                count => { "It was changed " (count) " times since it came into this database." }
            }
        }
        @for told in &story.changes { (change(shown, told)) }
        section.sheet {
            h2 { "Came in" }
            ul {
                @for (record, at) in &story.records {
                    li {
                        (record.id) " from " (record.source.label())
                        @if let Some(at) = at { ", " (instant(shown, *at)) }
                        @else { ", when this centre published it" }
                    }
                }
            }
        }
    }
}

fn change(shown: &Shown, told: &Chapter) -> Markup {
    let number = told.change.id;
    html! {
        section.sheet id={ "change-" (number) } {
            h2 { (when(shown, told.change.at)) }
            p.quiet {
                (told.record.id) ", written by " (told.record.source.label()) ", "
                @match told.change.import {
                    0 => "published by this centre",
                    import => { "brought by import " (import) }
                }
                ". " a href={ "#change-" (number) } { "Link" }
            }
            @for reason in &told.reasons { p { b { "Why: " } (reason) } }
            @if told.differences.is_empty() {
                p { "Only the wording of the document differs (" (told.change.fields) ")." }
            } @else { (differences(&told.differences)) }
        }
    }
}

fn differences(all: &[Difference]) -> Markup {
    html! {
        table {
            thead { tr { th { "What" } th { "Before" } th { "After" } } }
            tbody {
                @for difference in all {
                    tr {
                        td {
                            (difference.what) " "
                            @match difference.action() {
                                "Added" => (chip(Tone::Calm, "added")),
                                "Removed" => (chip(Tone::Soon, "removed")),
                                _ => (chip(Tone::Idle, "changed")),
                            }
                        }
                        td.text data-label="Before" { @match &difference.old { Some(text) => del { (text.trim()) }, None => span.quiet { "nothing" } } }
                        td.text data-label="After" { @match &difference.new { Some(text) => ins { (text.trim()) }, None => span.quiet { "nothing" } } }
                    }
                }
            }
        }
    }
}
