//! The desk: what is due, what waits, what is stuck.

use crate::access::Viewer;
use crate::app::App;
use crate::cases::store::{self, CaseRow, Which};
use crate::deadlines;
use crate::refusal::Refusal;
use crate::reports::{self, Waiting};
use crate::vetting;
use crate::web::{Shown, Tone, chip, due_chip, instant, no_rows, page, page_in, page_links, severity_chip};
use axum::extract::{Query, State};
use axum::response::Html;
use maud::{Markup, html};
use serde::Deserialize;
use storage::Tx;
use vocabulary::{Page, distance};

/// What the address asks for: which cases and which waiting reports, and which page of each.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    show: String,
    page: Option<String>,
    reports: String,
    waiting: Option<String>,
}

impl Asked {
    fn cases(&self) -> Result<(Which, Page), Refusal> {
        let which = match self.show.as_str() {
            "not-told" => Which::NotTold,
            "unpublished" => Which::Unpublished,
            "exploited" => Which::Exploited,
            _ => Which::Open,
        };
        Ok((which, page_in("page", self.page.as_deref())?))
    }

    fn reports(&self) -> Result<(Waiting, Page), Refusal> {
        let which = match self.reports.as_str() {
            "exploited" => Waiting::Exploited,
            "public" => Waiting::Public,
            _ => Waiting::All,
        };
        Ok((which, page_in("waiting", self.waiting.as_deref())?))
    }
}

/// Reports that wait: one page of them, and how many there are of each kind.
struct Queue {
    rows: Vec<reports::Row>,
    page: Page,
    more: bool,
    all: i64,
    exploited: i64,
    public: i64,
}

fn queue(tx: &mut Tx<'_>, which: Waiting, page: Page) -> Result<Queue, Refusal> {
    let mut rows = reports::waiting(tx, which, page)?;
    let more = page.cut(&mut rows);
    let mut count = |which| reports::waiting_count(tx, which);
    let (all, exploited, public) =
        (count(Waiting::All)?, count(Waiting::Exploited)?, count(Waiting::Public)?);
    Ok(Queue { rows, page, more, all, exploited, public })
}

/// `GET /desk`
pub(crate) async fn desk(
    State(app): State<App>,
    viewer: Viewer,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Refusal> {
    let ((which, number), (waiting, waiting_page)) = (asked.cases()?, asked.reports()?);
    let now = app.now();
    let (seen, me) = (viewer.clone(), viewer.person().map(|person| person.id.clone())?);
    let (mut cases, queue, stock, counts, told, conflicts, owes) = app
        .read(move |tx| {
            let eyes = vetting::eyes(tx, &seen, now)?;
            Ok((
                store::list(tx, &which, &eyes, number)?,
                queue(tx, waiting, waiting_page)?,
                store::stock(tx, &eyes)?,
                deadlines::counts(tx, &eyes)?,
                deadlines::notices(tx, &me, &deadlines::Whose::cases(), &eyes)?,
                deadlines::undecided(tx, &eyes)?,
                vetting::owes_declaration(tx, &me, now)?,
            ))
        })
        .await?;
    let more = number.cut(&mut cases);
    let shown = Shown::of(&app);
    let at = |page: u32| format!("/desk?show={}&page={page}#cases", asked.show);
    let body = html! {
        h1 { "Desk" }
        p.quiet { (shown.date(now)) " · "
            @match counts.overdue + counts.soon {
                0 => "nothing is due within a day",
                1 => "1 thing is due within a day or overdue",
                n => { (deadlines::capped(n)) " things are due within a day or overdue" }
            }
        }
        (vetting::pages::reminder(owes))
        (stock_markup(stock, counts, queue.all))
        @if number.number() == 1 { (deadlines::pages::told(&shown, &told)) (deadlines::pages::undecided(&conflicts)) }
        @if number.number() == 1 && asked.show.is_empty() { (waiting_markup(&shown, &queue, waiting)) }
        h2 id="cases" { "Cases" }
        p.quiet {
            "Sorted by what is due. "
            @for (name, word) in [("", "All open"), ("not-told", "Vendor not told"), ("unpublished", "Unpublished"),
                ("exploited", "Exploited")] {
                @if name == asked.show { b { (word) } " · " } @else { a href={ "/desk?show=" (name) } { (word) } " · " }
            }
            a href="/deadlines" { "Deadlines" }
        }
        @if cases.is_empty() { (no_rows(number, "No case here. Accepting a report opens one.", at)) }
        @else { (case_table(&shown, &cases)) }
        (page_links("Pages of cases", number, more, ["Earlier cases", "More cases"], None, at))
    };
    Ok(page(&app, &viewer, "Desk", body))
}

fn stock_markup(stock: store::Stock, counts: deadlines::Counts, waiting: i64) -> Markup {
    html! {
        ul.stock {
            li { b { (deadlines::capped(waiting)) } a href="/desk#waiting" { "reports waiting" } }
            li { b { (deadlines::capped(stock.open)) } a href="/desk#cases" { "open cases" } }
            li { b { (deadlines::capped(stock.unfixed)) } "not fixed after 45 days" }
            li { b { (deadlines::capped(stock.not_told)) } a href="/desk?show=not-told" { "vendor not told yet" } }
            li { b { (deadlines::capped(stock.unpublished)) } a href="/desk?show=unpublished" { "not published" } }
            li { b { (deadlines::capped(counts.soon)) } a href="/deadlines" { "due within a day" } }
            li { b { (deadlines::capped(counts.overdue)) } a href="/deadlines?show=overdue" { "overdue" } }
        }
    }
}

fn waiting_markup(shown: &Shown, queue: &Queue, which: Waiting) -> Markup {
    let name = match which {
        Waiting::All => "",
        Waiting::Exploited => "exploited",
        Waiting::Public => "public",
    };
    let at = |page: u32| format!("/desk?reports={name}&waiting={page}#waiting");
    html! {
        h2 id="waiting" { "Reports waiting for triage" }
        @if queue.all == 0 { p.quiet { "None. A report appears here the moment it is sent." } }
        @else {
            p.quiet {
                @for (which, count, word) in [("", queue.all, "waiting"), ("exploited", queue.exploited, "exploited"),
                    ("public", queue.public, "public already")] {
                    @let count = deadlines::capped(count);
                    @if which == name { b { (count) " " (word) } } @else { a href={ "/desk?reports=" (which) "#waiting" } { (count) " " (word) } }
                    " · "
                }
                "those that are exploited first, then the one that waits longest"
            }
            @if queue.rows.is_empty() { (no_rows(queue.page, "None of them.", at)) }
            @else { (waiting_table(shown, &queue.rows)) }
            (page_links("Pages of waiting reports", queue.page, queue.more, ["Earlier reports", "More reports"], None, at))
        }
    }
}

fn waiting_table(shown: &Shown, waiting: &[reports::Row]) -> Markup {
    html! {
            table {
                thead { tr { th { "Report" } th { "Received" } th.num { "Waits" } th { "Signs" } } }
                tbody {
                    @for report in waiting {
                        tr {
                            td { a href={ "/desk/report/" (report.id) } { (report.id) } }
                            td data-label="Received" { (instant(shown, report.received)) }
                            td.num data-label="Waits" { (distance(report.received, shown.now)) }
                            td data-label="Signs" {
                                @if report.exploited { (chip(Tone::Soon, "exploited")) " " }
                                @if report.public { (chip(Tone::Soon, "public already")) }
                                @if !report.exploited && !report.public { span.quiet { "none" } }
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
        table {
            thead { tr { th { "Due" } th { "Case" } th { "State" } th { "Severity" } th.num { "Age" } } }
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
        @if case.pxa.ends_with('A') { (chip(Tone::Soon, "exploited")) }
    }
}
