//! What was imported, by whom or by itself, and what became of it: for administrators.

use super::look;
use super::results::thousands;
use crate::access::Viewer;
use crate::app::App;
use crate::catalogue::sources::{self, Source};
use crate::refusal::Refusal;
use crate::web::{Shown, Tone, chip, instant, no_rows, page, page_in, page_links, when};
use axum::extract::{Path, Query, State};
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use catalogue::{Bad, Imported, Progress, Turn};
use maud::{Markup, html};
use serde::Deserialize;

/// Which page of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Paged {
    page: Option<String>,
}

/// `GET /imports`
pub(crate) async fn imports(
    State(app): State<App>,
    viewer: Viewer,
    Query(paged): Query<Paged>,
) -> Result<Response, Refusal> {
    let number = page_in("page", paged.page.as_deref())?;
    let (catalogue, list) = (app.catalogue.clone(), app.settings.sources_file());
    let (turns, mut all) = look(move || {
        let sources = sources::read(&list);
        let turns = sources.map(|sources| {
            let turn = |source: Source| Ok((catalogue.turn(&source.name)?, source));
            sources.into_iter().map(turn).collect::<Result<Vec<_>, catalogue::Error>>()
        });
        let turns = match turns {
            Ok(turns) => Ok(turns?),
            Err(error) => Err(error.to_string()),
        };
        Ok((turns, catalogue.imports(number)?))
    })
    .await?;
    let more = number.cut(&mut all);
    let shown = Shown::of(&app);
    let at = |page: u32| format!("/imports?page={page}");
    let body = html! {
        h1 { "Imports" }
        p.lead { "What was read into the database, by a command or by itself, and what of it could not be kept." }
        h2 { "Sources that are imported by themselves" }
        @match &turns {
            Err(error) => p role="alert" { (error) },
            Ok(turns) if turns.is_empty() => p { "None. A file " span.code { "sources.toml" } " in the folder of the data names them." },
            Ok(turns) => table {
                thead { tr { th { "Source" } th { "From" } th { "Every" } th { "Last turn" } th { "What came of it" } } }
                tbody { @for (turn, source) in turns { (source_row(&shown, turn, source)) } }
            },
        }
        h2 { "All imports" }
        @if all.is_empty() { (no_rows(number, "Nothing has been imported yet.", at)) }
        @else {
            table {
                thead { tr { th { "Import" } th { "What" } th { "Began" } th { "What came of it" } } }
                tbody { @for import in &all { (import_row(&shown, import)) } }
            }
        }
        (page_links("Pages of imports", number, more, ["Later ones", "Earlier ones"], None, at))
    };
    Ok(([(CACHE_CONTROL, "no-store")], page(&app, &viewer, "Imports", body)).into_response())
}

fn source_row(shown: &Shown, turn: &Turn, source: &Source) -> Markup {
    html! {
        tr {
            td { b { (source.name) } @if source.is_complete { " " span.quiet { "complete" } } }
            td data-label="From" { span.code { (source.from.shown()) } }
            td data-label="Every" { (format!("{:#}", source.every)) }
            td data-label="Last turn" { @match turn.began { Some(at) => (when(shown, at)), None => "not yet" } }
            td data-label="What came of it" {
                @match (turn.ended, &turn.error, turn.import) {
                    (_, Some(error), _) => { (chip(Tone::Soon, "failed")) " " (error) },
                    (Some(_), None, Some(import)) => a href={ "/imports/" (import) } { "import " (import) },
                    (Some(_), None, None) => "nothing new",
                    (None, None, _) => @if turn.began.is_some() { "under way, or interrupted" },
                }
            }
        }
    }
}

fn import_row(shown: &Shown, import: &Imported) -> Markup {
    html! {
        tr {
            td { a href={ "/imports/" (import.id) } { "Import " (import.id) } }
            td data-label="What" { span.code { (import.what) } }
            td data-label="Began" { (when(shown, import.began)) }
            td data-label="What came of it" { (outcome(import)) }
        }
    }
}

fn outcome(import: &Imported) -> Markup {
    html! {
        @match (&import.report, import.ended) {
            (Some(report), _) => {
                (came_of(&report.counts))
                @if report.counts.failed > 0 { " " (chip(Tone::Soon, format!("{} failed", thousands(report.counts.failed)))) }
            },
            (None, Some(_)) => "ended; no report was kept",
            (None, None) => "under way, or interrupted: then nothing of it was kept",
        }
    }
}

/// What became of the documents, without what did not happen.
fn came_of(counts: &Progress) -> String {
    let all = [
        (counts.added, "added"),
        (counts.listed, "scores, weaknesses and attack patterns taken over"),
        (counts.changed, "changed"),
        (counts.unchanged, "unchanged"),
        (counts.older, "older than what is there"),
        (counts.deleted, "withdrawn"),
        (counts.passed_over, "passed over"),
    ];
    let said: Vec<String> = all
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, words)| format!("{} {words}", thousands(count)))
        .collect();
    if said.is_empty() && counts.failed == 0 { "no document".to_owned() } else { said.join(", ") }
}

/// `GET /imports/{number}`
pub(crate) async fn import(
    State(app): State<App>,
    viewer: Viewer,
    Path(number): Path<String>,
) -> Result<Response, Refusal> {
    let number: i64 = number.parse().map_err(|_| Refusal::NotFound)?;
    let catalogue = app.catalogue.clone();
    let import = look(move || catalogue.import_of(number)).await?.ok_or(Refusal::NotFound)?;
    let shown = Shown::of(&app);
    let title = format!("Import {}", import.id);
    let body = html! {
        p { a href="/imports" { "All imports" } }
        h1 { (title) }
        p { span.code { (import.what) } }
        p {
            "Began " (when(&shown, import.began))
            @if let Some(ended) = import.ended { ", ended " (instant(&shown, ended)) }
            "."
        }
        p role="status" { (outcome(&import)) }
        @if let Some(report) = &import.report {
            (listed("What could not be kept", KEPT, &report.bad, report.counts.failed))
            (listed("Passed over", "No records, so nothing is missing.", &report.passed, report.counts.passed_over))
        }
    };
    Ok(([(CACHE_CONTROL, "no-store")], page(&app, &viewer, &title, body)).into_response())
}

/// What to do about documents that could not be kept.
const KEPT: &str = "They cost no other document. Mend them where they come from and import again: what is there already is not read a second time.";

/// Documents, each with the place in it and the reason; what that means first.
fn listed(title: &str, means: &str, all: &[Bad], count: u64) -> Markup {
    html! {
        @if count > 0 {
            h2 { (title) ": " (thousands(count)) }
            p { (means) }
            table {
                thead { tr { th { "File" } th { "Where in it" } th { "Why" } } }
                tbody {
                    @for bad in all {
                        tr {
                            td { span.code { (bad.file) } }
                            td data-label="Where in it" { (bad.place) }
                            td data-label="Why" { (bad.reason) }
                        }
                    }
                }
            }
            @if count > all.len() as u64 { p.quiet { "The first " (thousands(all.len())) " are listed." } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Role;
    use crate::testing::TestApp;

    #[test]
    fn what_was_not_kept_is_told_by_file_place_and_reason_with_what_to_do() {
        let bad = |file: &str| Bad { file: file.into(), place: "line 1".into(), reason: "no <id>".into() };
        let text =
            listed("What could not be kept", KEPT, &[bad("a.json"), bad("b.zip")], 1_200).into_string();
        for part in
            ["kept: 1,200", "import again", "a.json", "b.zip", "no &lt;id&gt;", "The first 2 are listed"]
        {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert_eq!(listed("What could not be kept", KEPT, &[], 0).into_string(), "");
        assert_eq!(came_of(&Progress::default()), "no document");
        assert_eq!(came_of(&Progress { failed: 2, ..Progress::default() }), "", "the mark beside it says so");
        let counts = Progress { added: 1, listed: 44_130, ..Progress::default() };
        assert_eq!(came_of(&counts), "1 added, 44,130 scores, weaknesses and attack patterns taken over");
    }

    #[test]
    fn a_page_of_imports_without_any_does_not_say_that_there_were_none() {
        let app = TestApp::new();
        let admin = app.account(&[Role::Administrator]);
        let (first, second) = (admin.get("/imports"), admin.get("/imports?page=2"));
        assert!(first.text().contains("Nothing has been imported yet."), "{}", first.text());
        assert!(!first.text().contains("Pages of imports"), "{}", first.text());
        assert!(second.text().contains("There is no such page of this list."), "{}", second.text());
        assert!(second.text().contains("href=\"/imports?page=1\">Later ones"), "{}", second.text());
    }
}
