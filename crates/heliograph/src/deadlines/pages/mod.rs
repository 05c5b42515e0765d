//! What is due, and why this date.

mod acts;
mod filing;
mod history;
mod picture;
mod subject;

pub(crate) use acts::{decide_conflict, declare, extend, state_fact, take_over, told_of_delay, waive};
pub(crate) use filing::{filing, save, submit};
pub(crate) use picture::{Point, picture};
pub(crate) use subject::explain;

use super::rules::{Owed, form};
use super::store::{Clock, Filter, Notice, list};
use crate::access::Viewer;
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{Shown, clock_chip, instant, page};
use axum::extract::{Query, State};
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
                                @else if let Some(place) = filing_of(clock, with_reasons) { " · " a href=(place) { "the filing" } }
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

/// Where rules contradict each other and nobody has decided.
pub(crate) fn undecided(subjects: &[String]) -> Markup {
    html! {
        @if !subjects.is_empty() {
            h2 { "Rules that contradict each other" }
            ul.plain {
                @for subject in subjects {
                    li { a href={ "/deadlines/" (subject) } { (subject) } ": a person must decide; nothing is sent or blocked meanwhile." }
                }
            }
        }
    }
}

fn subject_link(subject: &str) -> Markup {
    let place = if subject.contains("-R-") { "/desk/report/" } else { "/case/" };
    html! { a href={ (place) (subject) } { (subject) } }
}

/// Where the filing of a clock is kept: for its debtor, and for those who see the reasons too.
fn filing_of(clock: &Clock, for_all: bool) -> Option<String> {
    if !for_all && clock.debtor == "centre" {
        return None;
    }
    let debtor = clock.debtor.clone().try_into().ok()?;
    let owed = Owed { debtor, profile: clock.profile.clone(), duty: clock.duty.clone() };
    form(&owed).is_ok().then(|| filing::place(&clock.subject, &owed))
}
