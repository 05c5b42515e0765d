//! A month of deadlines: one cell for each day, in the zone of the centre.

use super::list::day;
use super::why;
use crate::access::Viewer;
use crate::app::App;
use crate::deadlines::store::{Clock, Filter, list, whose};
use crate::refusal::Refusal;
use crate::vetting;
use crate::web::Shown;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use maud::{Markup, html};
use std::collections::BTreeMap;
use vocabulary::Page;

/// Clocks of a month that are looked at, and those named in one day's cell.
const PAGES: u32 = 20;
const IN_A_CELL: usize = 3;

fn local(at: Timestamp, zone: &str) -> jiff::civil::DateTime {
    TimeZone::get(zone).unwrap_or(TimeZone::UTC).to_datetime(at)
}

/// The month of an address such as `2026-12`, else the present one, drawn.
pub(super) async fn month(
    app: &App,
    viewer: &Viewer,
    wanted: Option<&str>,
    shown: &Shown,
) -> Result<Markup, Refusal> {
    let today = local(shown.now, &shown.zone).date();
    let unreadable = || Refusal::invalid("month", "Expected a month like 2026-12.");
    let first: Date = match wanted {
        Some(text) if text.len() == 7 => format!("{text}-01").parse().map_err(|_| unreadable())?,
        Some(_) => return Err(unreadable()),
        None => today.first_of_month(),
    };
    let (from, _) = day(first, &shown.zone).ok_or_else(unreadable)?;
    let (_, to) = day(first.last_of_month(), &shown.zone).ok_or_else(unreadable)?;
    let filter = Filter { from: Some(from), to: Some(to), deadlines_only: false };
    let (seen, now, whose) = (viewer.clone(), shown.now, whose(&app.policies, viewer));
    let (clocks, is_cut) = app
        .read(move |tx| {
            let eyes = vetting::eyes(tx, &seen, now)?;
            Page::gather(PAGES, |page| list(tx, filter, &whose, page, &eyes))
        })
        .await?;
    let mut days: BTreeMap<Date, Vec<&Clock>> = BTreeMap::new();
    for clock in &clocks {
        if let Some(due) = clock.due {
            days.entry(local(due, &shown.zone).date()).or_default().push(clock);
        }
    }
    Ok(drawn(first, today, &days, is_cut, shown))
}

fn drawn(
    first: Date,
    today: Date,
    days: &BTreeMap<Date, Vec<&Clock>>,
    is_cut: bool,
    shown: &Shown,
) -> Markup {
    let before = i32::from(first.weekday().to_monday_zero_offset());
    let after = (7 - (before + i32::from(first.days_in_month())) % 7) % 7;
    let name = |date: Date| date.strftime("%Y-%m").to_string();
    let earlier = first.checked_sub(1.month()).ok().map(name);
    let later = first.checked_add(1.month()).ok().map(name);
    let dates: Vec<Date> =
        (0..i32::from(first.days_in_month())).filter_map(|n| first.checked_add(n.days()).ok()).collect();
    html! {
        h2 id="month" { (first.strftime("%B %Y").to_string()) }
        p.quiet {
            @if let Some(month) = earlier { a href={ "/deadlines?month=" (month) "#month" } { "Earlier" } " · " }
            @if let Some(month) = later { a href={ "/deadlines?month=" (month) "#month" } { "Later" } " · " }
            "days and hours in " (shown.zone)
            @if is_cut { " · only the first 1,000 dates of this month are drawn" }
        }
        ol.month {
            @for weekday in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] { li.weekday aria-hidden="true" { (weekday) } }
            @for _ in 0..before { li.empty aria-hidden="true" {} }
            @for date in dates {
                @let clocks = days.get(&date).map_or(&[][..], Vec::as_slice);
                li.today[date == today].empty[clocks.is_empty()] {
                    a.day href={ "/deadlines?day=" (date) } { (date.strftime("%a %-d %b").to_string()) @if date == today { " · today" } }
                    ul {
                        @for clock in clocks.iter().take(IN_A_CELL) { (cell(clock, shown)) }
                    }
                    @if clocks.len() > IN_A_CELL { a href={ "/deadlines?day=" (date) } { (clocks.len() - IN_A_CELL) " more" } }
                }
            }
            @for _ in 0..after { li.empty aria-hidden="true" {} }
        }
    }
}

fn cell(clock: &Clock, shown: &Shown) -> Markup {
    let hour = clock.due.map(|due| local(due, &shown.zone).strftime("%H:%M").to_string()).unwrap_or_default();
    let late = clock.state == "overdue";
    let name = if clock.name.is_empty() { &clock.subject } else { &clock.name };
    html! {
        li class=[late.then_some("late")] {
            a href=(why(clock)) {
                (hour) " " (clock.title) } " · " (name) @if late { " · overdue" } }
    }
}
