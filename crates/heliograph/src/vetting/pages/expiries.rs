//! The calendar of what lapses, month by month.

use super::{level_words, places};
use crate::access::Viewer;
use crate::app::App;
use crate::refusal::Refusal;
use crate::vetting::store::{self, Expiry};
use crate::web::{Asked, Shown, no_rows, onward, page, when};
use axum::extract::State;
use axum::response::Html;
use jiff::tz::TimeZone;
use maud::{Markup, html};

/// `GET /vetting/expiries`
pub(crate) async fn expiries(
    State(app): State<App>,
    viewer: Viewer,
    asked: Asked,
) -> Result<Html<String>, Refusal> {
    let number = asked.page(&[])?;
    let shown = Shown::of(&app);
    let now = shown.now;
    let mut rows = app.read(move |tx| store::expiries(tx, now, number)).await?;
    let more = number.cut(&mut rows);
    let at = |page: u32| format!("/vetting/expiries?page={page}");
    let body = html! {
        h1 { "What lapses" }
        p.quiet { "Access to classified cases ends the second something here does; nobody has to do anything for that." }
        (places("/vetting/expiries"))
        @if rows.is_empty() {
            (no_rows(number, "Nothing lapses. A clearance, a briefing, a review stands here from the day it is recorded.", at))
        }
        @for (month, rows) in months(&shown, &rows) {
            h2 { (month) }
            (table(&shown, &rows))
        }
        (onward(number, more, "Later", at))
    };
    Ok(page(&app, &viewer, "What lapses", body))
}

/// Rows by month, in the zone that pages are shown in.
fn months<'a>(shown: &Shown, rows: &'a [Expiry]) -> Vec<(String, Vec<&'a Expiry>)> {
    let zone = TimeZone::get(&shown.zone).unwrap_or(TimeZone::UTC);
    let mut months: Vec<(String, Vec<&Expiry>)> = Vec::new();
    for row in rows {
        let month = zone.to_datetime(row.at).strftime("%B %Y").to_string();
        match months.last_mut() {
            Some((known, rows)) if *known == month => rows.push(row),
            _ => months.push((month, vec![row])),
        }
    }
    months
}

fn table(shown: &Shown, rows: &[&Expiry]) -> Markup {
    html! {
        table.even {
            thead { tr { th { "When" } th { "What" } th { "Whose" } } }
            tbody { @for row in rows { tr {
                td { (when(shown, row.at)) }
                td data-label="What" { (row.what) " " @match row.of.split_once('/') {
                    Some((scheme, level)) => (level_words(scheme, level)),
                    None => (row.of),
                } }
                td data-label="Whose" { a href={ "/vetting/persons/" (row.person) } { (row.name) } }
            } } }
        }
    }
}
