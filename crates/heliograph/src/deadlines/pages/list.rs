//! What is due: the next 24 hours, a month, and lists by a filter in the address.

use super::month::month;
use super::organisation_names;
use super::tables::clock_table;
use crate::access::Viewer;
use crate::app::App;
use crate::deadlines::store::{
    Clock, Filter, Place, capped, counts_of, list, list_behind, notices, undecided, whose,
};
use crate::refusal::Refusal;
use crate::vetting;
use crate::web::{
    ROWS_AT_ONCE, Shown, csv_line, in_pieces, last_of, list_file, no_rows, onward, page, page_in,
};
use axum::extract::{Query, State};
use axum::response::{Html, Response};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use maud::{Markup, html};
use std::collections::HashMap;
use vocabulary::Page;

/// A filter as the address says it, and as the page calls it.
struct Chosen {
    filter: Filter,
    title: String,
    /// The address again, without a page number.
    query: String,
}

/// The days of a zone as instants: from its first hour to the next day's.
pub(super) fn day(date: Date, zone: &str) -> Option<(Timestamp, Timestamp)> {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let start = |date: Date| date.to_zoned_datetime(zone.clone()).ok().map(|start| start.timestamp());
    Some((start(date)?, start(date.checked_add(1.day()).ok()?)?))
}

/// The filter of an address; `None` where it has none, and the overview is wanted.
fn chosen(query: &HashMap<String, String>, shown: &Shown) -> Result<Option<Chosen>, Refusal> {
    let now = shown.now;
    if let Some(text) = query.get("day") {
        let unreadable = || Refusal::invalid("day", "Expected a day like 2026-12-03.");
        let date: Date = text.parse().map_err(|_| unreadable())?;
        let (from, to) = day(date, &shown.zone).ok_or_else(unreadable)?;
        let filter = Filter { from: Some(from), to: Some(to), deadlines_only: false };
        let title = format!("Due on {}, {}", date.strftime("%-d %b %Y"), shown.zone);
        return Ok(Some(Chosen { filter, title, query: format!("day={date}") }));
    }
    let (filter, title) = match query.get("show").map(String::as_str) {
        None => return Ok(None),
        Some("overdue") => (Filter::overdue(now), "Overdue"),
        Some("day") => (Filter::within(now, SignedDuration::from_hours(24)), "Due in the next 24 hours"),
        Some("all") => (Filter::OPEN, "All that is owed"),
        Some(_) => return Err(Refusal::invalid("show", "Expected overdue, day or all.")),
    };
    let query = format!("show={}", query.get("show").map_or("", String::as_str));
    Ok(Some(Chosen { filter, title: title.to_owned(), query }))
}

/// `GET /deadlines`
pub(crate) async fn deadlines(
    State(app): State<App>,
    viewer: Viewer,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Html<String>, Refusal> {
    let shown = Shown::of(&app);
    match chosen(&query, &shown)? {
        Some(chosen) => filtered(&app, &viewer, &query, &shown, chosen).await,
        None => overview(&app, &viewer, &query, &shown).await,
    }
}

async fn overview(
    app: &App,
    viewer: &Viewer,
    query: &HashMap<String, String>,
    shown: &Shown,
) -> Result<Html<String>, Refusal> {
    let (seen, now, me) = (viewer.clone(), shown.now, viewer.person()?.id.clone());
    let soon = Filter::within(now, SignedDuration::from_hours(24));
    let followed = whose(&app.policies, viewer);
    let of_cases = followed.cases;
    let (mut clocks, counts, names, conflicts, notices) = app
        .read(move |tx| {
            let eyes = vetting::eyes(tx, &seen, now)?;
            let clocks = list(tx, soon, &followed, Page::FIRST, &eyes)?;
            let conflicts = if followed.cases { undecided(tx, &eyes)? } else { Vec::new() };
            let notices = notices(tx, &me, &followed, &eyes)?;
            Ok((clocks, counts_of(tx, &followed, &eyes)?, organisation_names(tx)?, conflicts, notices))
        })
        .await?;
    let more = Page::FIRST.cut(&mut clocks);
    let calendar = month(app, viewer, query.get("month").map(String::as_str), shown).await?;
    let body = html! {
        h1 { "Deadlines" }
        p.quiet { (shown.date(now)) " · "
            a href="/deadlines?show=overdue" { (capped(counts.overdue)) " overdue" } " · "
            a href="/deadlines?show=all" { "All that is owed" }
            @if of_cases { " · " a href="/deadlines/drills" { "Drills" } }
        }
        // The desk tells coordinators.
        @if !of_cases { (super::told(shown, &notices)) }
        h2 { "The next 24 hours" }
        @if clocks.is_empty() { p { "Nothing is due in the next 24 hours. A clock appears here when a fact has started it." } }
        @else { (clock_table(shown, &clocks, &names, true, true)) }
        @if more { p { a href="/deadlines?show=day&page=2" { "More in the next 24 hours" } } }
        (super::undecided(&conflicts))
        (calendar)
        (subscribe())
    };
    Ok(page(app, viewer, "Deadlines", body))
}

fn subscribe() -> Markup {
    html! {
        details {
            summary { "Follow these dates in a calendar program" }
            p { "Subscribe to " span.code { "/feeds/deadlines.ics" } " with any user name and, as the password, a token from your "
                a href="/account" { "account" } " that is good for " span.code { "follow-deadlines" }
                " only. The calendar names cases by their code names. Revoke the token and the calendar is cut off." }
        }
    }
}

async fn filtered(
    app: &App,
    viewer: &Viewer,
    query: &HashMap<String, String>,
    shown: &Shown,
    chosen: Chosen,
) -> Result<Html<String>, Refusal> {
    let number = page_in("page", query.get("page").map(String::as_str))?;
    let (seen, filter, now) = (viewer.clone(), chosen.filter, shown.now);
    let followed = whose(&app.policies, viewer);
    let (mut clocks, names) = app
        .read(move |tx| {
            let eyes = vetting::eyes(tx, &seen, now)?;
            Ok((list(tx, filter, &followed, number, &eyes)?, organisation_names(tx)?))
        })
        .await?;
    let more = number.cut(&mut clocks);
    let at = |page: u32| format!("/deadlines?{}&page={page}", chosen.query);
    let body = html! {
        p.quiet { a href="/deadlines" { "Deadlines" } }
        h1 { (chosen.title) }
        p.quiet { (shown.date(now)) " · sorted by what is due · "
            a href={ "/deadlines/export?as=csv&" (chosen.query) } { "CSV" } " · "
            a href={ "/deadlines/export?as=json&" (chosen.query) } { "JSON" }
        }
        @if clocks.is_empty() { (no_rows(number, "Nothing here. A clock appears when a fact has started it.", at)) }
        @else { (clock_table(shown, &clocks, &names, true, true)) }
        (onward(number, more, "Later ones", at))
    };
    Ok(page(app, viewer, &chosen.title, body))
}

/// `GET /deadlines/export?as=csv|json`, with the filter of the list; for spreadsheets where nothing else is said.
pub(crate) async fn export(
    State(app): State<App>,
    viewer: Viewer,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Refusal> {
    let shown = Shown::of(&app);
    let filter = chosen(&query, &shown)?.map_or(Filter::OPEN, |chosen| chosen.filter);
    let followed = whose(&app.policies, &viewer);
    let (ending, is_json) = match query.get("as").map(String::as_str) {
        Some("csv") | None => ("csv", false),
        Some("json") => ("json", true),
        Some(_) => return Err(Refusal::invalid("as", "Expected csv or json.")),
    };
    let file = in_pieces(&app, move |tx, now, behind: Option<Place>| {
        let eyes = vetting::eyes(tx, &viewer, now)?;
        let found = list_behind(tx, filter, &followed, behind.as_ref(), ROWS_AT_ONCE, &eyes)?;
        let last = last_of(&found, |(_, place)| place.clone());
        let clocks = found.into_iter().map(|(clock, _)| clock);
        let text = match is_json {
            true => json(clocks, behind.is_none(), last.is_none())?,
            false => csv(clocks, behind.is_none()),
        };
        Ok((text, last))
    });
    Ok(list_file("deadlines", ending, file.await?))
}

/// A piece of a list in JSON (RFC 8259), each clock on a line of its own.
fn json(clocks: impl Iterator<Item = Clock>, is_first: bool, is_last: bool) -> Result<String, Refusal> {
    let mut out = String::from(if is_first { "[" } else { "" });
    for (at, clock) in clocks.enumerate() {
        let text = serde_json::to_string(&clock).map_err(|error| Refusal::Internal(error.to_string()))?;
        out.push_str(if is_first && at == 0 { "\n" } else { ",\n" });
        out.push_str(&text);
    }
    out.push_str(if is_last { "\n]\n" } else { "" });
    Ok(out)
}

/// RFC 4180. Dates are RFC 3339 in UTC.
fn csv(clocks: impl Iterator<Item = Clock>, is_first: bool) -> String {
    let head = "due,state,subject,name,profile,duty,title,debtor,regarding,told_at_percent\r\n";
    let mut out = String::from(if is_first { head } else { "" });
    for clock in clocks {
        let due = clock.due.map(|due| due.to_string()).unwrap_or_default();
        let told = clock.told.to_string();
        let cells = [
            &due,
            &clock.state,
            &clock.subject,
            &clock.name,
            &clock.profile,
            &clock.duty,
            &clock.title,
            &clock.debtor,
            &clock.regarding,
            &told,
        ];
        out.push_str(&csv_line(&cells));
    }
    out
}
