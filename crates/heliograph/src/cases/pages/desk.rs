//! The desk: what is due, what waits, what is stuck.

use crate::access::Viewer;
use crate::app::App;
use crate::cases::store::{self, CaseRow, Which};
use crate::deadlines;
use crate::refusal::Refusal;
use crate::reports;
use crate::web::{Shown, Tone, chip, due_chip, instant, page, severity_chip};
use axum::extract::{Query, State};
use axum::response::Html;
use maud::{Markup, html};
use std::collections::HashMap;
use vocabulary::{Page, distance};

/// `GET /desk`
pub(crate) async fn desk(
    State(app): State<App>,
    viewer: Viewer,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Html<String>, Refusal> {
    let number = Page::new(query.get("page").and_then(|page| page.parse().ok()));
    let show = query.get("show").map_or("", String::as_str).to_owned();
    let which = match show.as_str() {
        "not-told" => Which::NotTold,
        "unpublished" => Which::Unpublished,
        "exploited" => Which::Exploited,
        _ => Which::Open,
    };
    let now = app.now();
    let me = viewer.person().map(|person| person.id.clone())?;
    let (mut cases, waiting, stock, counts, told, conflicts) = app
        .read(move |tx| {
            Ok((
                store::list(tx, &which, number)?,
                reports::waiting(tx, Page::new(None))?,
                store::stock(tx, now)?,
                deadlines::counts(tx, now)?,
                deadlines::notices(tx, &me, now)?,
                deadlines::undecided(tx)?,
            ))
        })
        .await?;
    let more = number.cut(&mut cases);
    let shown = Shown::of(&app);
    let body = html! {
        h1 { "Desk" }
        p.quiet { (shown.date(now)) " · "
            @match counts.overdue + counts.soon {
                0 => "nothing is due within a day",
                1 => "1 thing is due within a day or overdue",
                n => { (deadlines::capped(n)) " things are due within a day or overdue" }
            }
        }
        (stock_markup(stock, counts))
        @if number.number() == 1 { (deadlines::pages::told(&shown, &told)) (deadlines::pages::undecided(&conflicts)) }
        @if number.number() == 1 && show.is_empty() { (waiting_markup(&shown, &waiting)) }
        h2 { "Cases" }
        p.quiet {
            "Sorted by what is due. "
            @for (name, word) in [("", "All open"), ("not-told", "Vendor not told"), ("unpublished", "Unpublished"),
                ("exploited", "Exploited")] {
                @if name == show { b { (word) } " · " } @else { a href={ "/desk?show=" (name) } { (word) } " · " }
            }
            a href="/deadlines" { "Deadlines" }
        }
        (case_table(&shown, &cases))
        @if more {
            p { a href={ "/desk?show=" (show) "&page=" (number.number() + 1) } { "More cases" } }
        }
    };
    Ok(page(&app, &viewer, "Desk", body))
}

fn stock_markup(stock: store::Stock, counts: deadlines::Counts) -> Markup {
    html! {
        ul.stock {
            li { b { (deadlines::capped(stock.open)) } "open cases" }
            li { b { (deadlines::capped(stock.unfixed)) } "not fixed after 45 days" }
            li { b { (deadlines::capped(stock.not_told)) } a href="/desk?show=not-told" { "vendor not told yet" } }
            li { b { (deadlines::capped(stock.unpublished)) } a href="/desk?show=unpublished" { "not published" } }
            li { b { (deadlines::capped(counts.soon)) } a href="/deadlines" { "due within a day" } }
            li { b { (deadlines::capped(counts.overdue)) } a href="/deadlines?show=overdue" { "overdue" } }
        }
    }
}

fn waiting_markup(shown: &Shown, waiting: &[reports::Row]) -> Markup {
    html! {
        h2 { "Reports waiting for triage" }
        @if waiting.is_empty() { p.quiet { "None. A report appears here the moment it is sent." } }
        @else {
            table {
                thead { tr { th { "Report" } th { "Received" } th { "Age" } th { "Signs" } } }
                tbody {
                    @for report in waiting {
                        tr {
                            td { a href={ "/desk/report/" (report.id) } { (report.id) } }
                            td data-label="Received" { (instant(shown, report.received)) }
                            td.num data-label="Age" { (distance(report.received, shown.now)) }
                            td {
                                @if report.exploited { (chip(Tone::Late, "exploited")) " " }
                                @if report.public { (chip(Tone::Soon, "public already")) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Cases as a table.
pub(super) fn case_table(shown: &Shown, cases: &[CaseRow]) -> Markup {
    html! {
        @if cases.is_empty() { p.quiet { "No case here. Accepting a report opens one." } }
        @else {
            table {
                thead { tr { th { "Due" } th { "Case" } th { "State" } th { "Severity" } th { "Age" } } }
                tbody {
                    @for case in cases {
                        tr {
                            td { @match case.due {
                                Some(due) => (due_chip(shown, due)),
                                None => (chip(Tone::Idle, "no date")),
                            } }
                            td { a href={ "/case/" (case.id) } { (case.id) } " · " (case.code_name) br;
                                span.quiet { (vendors(case)) } }
                            td data-label="State" { (state_chips(shown, case)) }
                            td data-label="Severity" { (severity_chip(case.severity)) }
                            td.num data-label="Age" { (distance(case.opened, shown.now)) }
                        }
                    }
                }
            }
        }
    }
}

/// How many vendors take part, and how many have opened the report.
fn vendors(case: &CaseRow) -> String {
    match (case.vendors, case.vendors_told) {
        (0, _) => "no vendor told yet".into(),
        (1, 0) => "1 vendor, has not opened the report".into(),
        (1, _) => "1 vendor".into(),
        (all, opened) if all == opened => format!("{all} vendors"),
        (all, opened) => format!("{all} vendors, {opened} opened the report"),
    }
}

fn state_chips(shown: &Shown, case: &CaseRow) -> Markup {
    html! {
        @match (case.embargo.as_str(), case.embargo_end) {
            ("active" | "revise", Some(end)) => (chip(Tone::Seal, format!("embargo to {}", shown.date(end)))),
            ("proposed", _) => (chip(Tone::Seal, "embargo proposed")),
            _ => (chip(Tone::Idle, if case.stage == "published" { "published" } else { "no embargo" })),
        }
        " "
        @if case.pxa.ends_with('A') { (chip(Tone::Late, "exploited")) }
    }
}
