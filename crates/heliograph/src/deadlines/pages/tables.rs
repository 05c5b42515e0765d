//! Clocks as tables and lists, for every page that shows some.

use super::why;
use crate::deadlines::rules::{Owed, form, is_drill};
use crate::deadlines::store::{Clock, Notice, OF_PARTNERS};
use crate::web::{Shown, clock_chip, instant};
use maud::{Markup, html};
use std::collections::HashMap;

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
                        td.keep { (clock_chip(shown, &clock.state, clock.due)) }
                        @if with_subject { td data-label="Case" { (link_of(clock)) @if !clock.name.is_empty() { " · " (clock.name) } } }
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
                            td.keep data-label="Why" { a href=(why(clock)) { "Why this date" } }
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
                        (link_of(clock)) @if !clock.name.is_empty() { " · " (clock.name) } ", due "
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

/// The page of what a clock is about.
fn link_of(clock: &Clock) -> Markup {
    match clock.profile.as_str() {
        OF_PARTNERS => html! { a href=(clock.place) { (clock.subject) } },
        _ => subject_link(&clock.subject),
    }
}

pub(super) fn subject_link(subject: &str) -> Markup {
    let place = match subject {
        id if is_drill(id) => "/deadlines/",
        id if id.contains("-R-") => "/desk/report/",
        _ => "/case/",
    };
    html! { a href={ (place) (subject) } { (subject) } }
}

/// Where the filing of a clock is kept: for its debtor, and for those who see the reasons too.
fn filing_of(clock: &Clock, for_all: bool) -> Option<String> {
    if !for_all && clock.debtor == "centre" {
        return None;
    }
    let debtor = clock.debtor.clone().try_into().ok()?;
    let owed = Owed { debtor, profile: clock.profile.clone(), duty: clock.duty.clone() };
    form(&owed).is_ok().then(|| super::filing::place(&clock.subject, &owed))
}
