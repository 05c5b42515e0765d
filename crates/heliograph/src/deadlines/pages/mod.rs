//! What is due, and why this date.

mod picture;

pub(crate) use picture::{Point, picture};

use super::rules::{Debtor, assess};
use super::store::{Clock, Filter, Notice, facts, list};
use crate::access::Viewer;
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{Shown, clock_chip, instant, page};
use axum::extract::{Path, Query, State};
use axum::response::Html;
use maud::{Markup, html};
use std::collections::HashMap;
use vocabulary::Page;

/// `GET /deadlines`
pub(crate) async fn deadlines(
    State(app): State<App>,
    viewer: Viewer,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Html<String>, Refusal> {
    let number = Page::new(query.get("page").and_then(|page| page.parse().ok()));
    let overdue = query.get("show").is_some_and(|show| show == "overdue");
    let now = app.now();
    let filter = if overdue { Filter::overdue(now) } else { Filter::OPEN };
    let (mut clocks, names) =
        app.read(move |tx| Ok((list(tx, filter, number, now)?, organisation_names(tx)?))).await?;
    let more = number.cut(&mut clocks);
    let shown = Shown::of(&app);
    let body = html! {
        h1 { @if overdue { "Overdue" } @else { "Deadlines" } }
        p.quiet { (shown.date(shown.now)) " · sorted by what is due · "
            @if overdue { a href="/deadlines" { "All that are running" } }
            @else { a href="/deadlines?show=overdue" { "Only overdue" } }
        }
        @if clocks.is_empty() { p { "Nothing is owed. A clock appears here when a fact has started it." } }
        @else { (clock_table(&shown, &clocks, &names, true, true)) }
        @if more {
            p { a href={ "/deadlines?page=" (number.number() + 1) } { "Later ones" } }
        }
    };
    Ok(page(&app, &viewer, "Deadlines", body))
}

/// Names of organisations by id.
pub(crate) fn organisation_names(tx: &mut storage::Tx<'_>) -> Result<HashMap<String, String>, Refusal> {
    let all = crate::people::organisations(tx)?;
    Ok(all.into_iter().map(|found| (found.id.to_string(), found.name)).collect())
}

/// Clocks as a table: what is owed, by whom, about whom, and when.
pub(crate) fn clock_table(
    shown: &Shown,
    clocks: &[Clock],
    names: &HashMap<String, String>,
    with_subject: bool,
    with_reasons: bool,
) -> Markup {
    let debtor = |clock: &Clock| match clock.debtor.as_str() {
        "centre" => "owed by us".to_owned(),
        "reporter" => "owed by the manufacturer, who reported".to_owned(),
        id => format!("owed by {}", names.get(id).map_or("a vendor", String::as_str)),
    };
    html! {
        table {
            thead { tr { th { "Due" } @if with_subject { th { "Case" } } th { "What is owed" } @if with_reasons { th { "Why" } } } }
            tbody {
                @for clock in clocks {
                    tr {
                        td { (clock_chip(shown, &clock.state, clock.due)) }
                        @if with_subject { td data-label="Case" { (subject_link(&clock.subject)) @if !clock.name.is_empty() { " · " (clock.name) } } }
                        td data-label="Owed" {
                            (clock.title)
                            @if let Some(name) = names.get(&clock.regarding) { ": " (name) }
                            br; span.quiet {
                                (debtor(clock)) " · " (clock.profile)
                                @if with_reasons && clock.told > 0 && clock.is_open() { " · told at " (clock.told) " %" }
                                @if clock.reference { " · reference only: shown to compare, never applied" }
                            }
                        }
                        @if with_reasons {
                            td data-label="Why" { a href={ "/deadlines/" (clock.subject) } { "Why this date" } }
                        }
                    }
                }
            }
        }
    }
}

/// What a person was told of clocks that still run.
pub(crate) fn told(shown: &Shown, notices: &[Notice]) -> Markup {
    html! {
        @if !notices.is_empty() {
            h2 { "You were told" }
            ul.plain {
                @for Notice { at, percent, clock } in notices {
                    li {
                        (instant(shown, *at)) ": " (percent) " % of the time is used. " (clock.title) ", "
                        (subject_link(&clock.subject)) @if !clock.name.is_empty() { " · " (clock.name) } ", due "
                        @if let Some(due) = clock.due { (instant(shown, due)) } "."
                    }
                }
            }
        }
    }
}

fn subject_link(subject: &str) -> Markup {
    let place = if subject.contains("-R-") { "/desk/report/" } else { "/case/" };
    html! { a href={ (place) (subject) } { (subject) } }
}

/// `GET /deadlines/{subject}`
pub(crate) async fn explain(
    State(app): State<App>,
    viewer: Viewer,
    Path(subject): Path<String>,
) -> Result<Html<String>, Refusal> {
    let now = app.now();
    let subject = subject.to_uppercase();
    let name = subject.clone();
    let (found, names) =
        app.read(move |tx| Ok((assess(&facts(tx, &name)?, now), organisation_names(tx)?))).await?;
    if found.is_empty() {
        return Err(Refusal::NotFound);
    }
    let shown = Shown::of(&app);
    let body = html! {
        p.quiet { (subject_link(&subject)) }
        h1 { "Why these dates" }
        @for (debtor, clock) in &found {
            section.sheet {
                h2 { (clock.title) " " span.quiet { (clock.article) } }
                p { (clock_chip(&shown, clock.state.as_str(), clock.due)) }
                p.text { (clock.explain) }
                @if let Some(condition) = &clock.conditional { p { (condition) } }
                p.quiet {
                    "Owed by " (who(debtor, &names)) " to " (clock.recipients.join(", ")) ". Source: " (clock.source) "."
                }
            }
        }
    };
    Ok(page(&app, &viewer, "Why these dates", body))
}

fn who(debtor: &Debtor, names: &HashMap<String, String>) -> String {
    match debtor {
        Debtor::Centre => "us".into(),
        Debtor::Reporter => "the manufacturer, who reported".into(),
        Debtor::Organisation(id) => names.get(id.as_str()).cloned().unwrap_or_else(|| "a vendor".into()),
    }
}
