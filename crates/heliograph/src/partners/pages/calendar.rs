//! The calendar of the programme: what ends or is due in the next twelve months, as a picture with its
//! words, and for calendar programs.

use crate::access::Viewer;
use crate::app::App;
use crate::deadlines::{Entry, calendar as ical};
use crate::partners::rules::DateKind;
use crate::partners::store::{self, ProgrammeDate};
use crate::refusal::Refusal;
use crate::vetting;
use crate::web::{Shown, Tone, chip, page, when};
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use maud::{Markup, html};

const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 365);

/// `GET /programme/calendar`
pub(crate) async fn calendar(State(app): State<App>, viewer: Viewer) -> Result<Html<String>, Refusal> {
    let (shown, until) = (Shown::of(&app), app.now() + AHEAD);
    let (seen, now) = (viewer.clone(), shown.now);
    let dates = app.read(move |tx| {
        let eyes = vetting::eyes(tx, &seen, now)?;
        store::programme_dates(tx, until, &eyes)
    });
    let (dates, is_cut) = dates.await?;
    let body = html! {
        p.quiet { a href="/programme" { "Partner programme" } " / calendar" }
        h1 { "Calendar" }
        p.quiet { "What ends or is due in the next twelve months. "
            a href="/programme/calendar.ics" { "The same for calendar programs" }
            @if is_cut { " Only the 500 partners whose year ends first are shown." } }
        @if dates.is_empty() { p { "Nothing yet. The dates of partners stand here from the day on which they become one." } }
        @else { (picture(&shown, &dates)) (table(&shown, &dates)) }
    };
    Ok(page(&app, &viewer, "Calendar", body))
}

/// A line for each kind of date, from today to a year from now. The table under it says the same.
fn picture(shown: &Shown, dates: &[ProgrammeDate]) -> Markup {
    const WIDTH: f64 = 400.0;
    let x = |at: Timestamp| {
        let part = at.duration_since(shown.now).as_secs_f64() / AHEAD.as_secs_f64();
        (12.0 + part.clamp(0.0, 1.0) * WIDTH).round()
    };
    let kinds = DateKind::ALL.iter().filter(|(kind, _)| dates.iter().any(|date| date.kind == *kind));
    html! {
        @for (kind, words) in kinds {
            @let mine: Vec<&ProgrammeDate> = dates.iter().filter(|date| date.kind == *kind).collect();
            figure {
                svg.bar viewBox="0 0 424 34" role="img" aria-label={ (mine.len()) " dates: " (words) } {
                    rect.track x="12" y="4" width=(WIDTH) height="10" rx="5" {}
                    @for (at, letter) in months(shown) { line.mark x1=(x(at)) x2=(x(at)) y1="16" y2="20" {}
                        text.count x=(x(at)) y="31" text-anchor="middle" { (letter) } }
                    @for date in &mine {
                        circle class=(if date.at <= shown.now { "missed" } else { "dot" }) cx=(x(date.at)) cy="9" r="5" {}
                    }
                }
                figcaption { b { (mine.len()) } " " (words) }
            }
        }
    }
}

/// The beginning of each month of the next twelve, with its letters, in the zone of the centre.
fn months(shown: &Shown) -> Vec<(Timestamp, String)> {
    let zone = TimeZone::get(&shown.zone).unwrap_or(TimeZone::UTC);
    let first = zone.to_datetime(shown.now).date().first_of_month();
    let begins = (1..=12).filter_map(|number| {
        let month = first.checked_add(number.months()).ok()?;
        let at = zone.to_timestamp(month.at(0, 0, 0, 0)).ok()?;
        Some((at, month.strftime("%b").to_string()))
    });
    begins.collect()
}

fn table(shown: &Shown, dates: &[ProgrammeDate]) -> Markup {
    html! {
        table {
            thead { tr { th { "When" } th { "Partner" } th { "What" } } }
            tbody { @for date in dates { tr {
                td data-label="When" { (when(shown, date.at)) }
                td { a href=(date.place) { (date.name) } }
                td data-label="What" { (date.kind.words()) br; span.quiet { (date.what) }
                    @if date.at <= shown.now { " " (chip(Tone::Soon, "over")) } }
            } } }
        }
    }
}

/// `GET /programme/calendar.ics`: no name of an organisation leaves in it.
pub(crate) async fn calendar_file(
    State(app): State<App>,
    viewer: Viewer,
) -> Result<impl IntoResponse, Refusal> {
    let (now, until) = (app.now(), app.now() + AHEAD);
    let dates = app.read(move |tx| {
        let eyes = vetting::eyes(tx, &viewer, now)?;
        store::programme_dates(tx, until, &eyes)
    });
    let (dates, _) = dates.await?;
    let entry = |date: &ProgrammeDate| Entry {
        uid: format!(
            "{:?}{}@{}",
            date.kind,
            date.place.replace('/', "-"),
            app.settings.origin.replace('/', ".")
        ),
        due: date.at,
        summary: format!("{}: {}", date.place.rsplit('/').next().unwrap_or_default(), date.kind.words()),
        description: String::new(),
        url: format!("{}{}", app.settings.base_url.trim_end_matches('/'), date.place),
    };
    let entries: Vec<Entry> = dates.iter().map(entry).collect();
    let text = ical(&format!("{}: partner programme", app.settings.name), &entries, now);
    Ok(([(CONTENT_TYPE, "text/calendar; charset=utf-8")], text))
}
