//! The calendar that other programs subscribe to.

use crate::access::Viewer;
use crate::app::App;
use crate::deadlines::rules::{Entry, calendar};
use crate::deadlines::store::{Clock, Filter, OF_PARTNERS, list, whose};
use crate::refusal::Refusal;
use crate::vetting;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use vocabulary::Page;

/// Dates in the calendar: from a week ago, at most so many pages of them. Programs fetch it again and again.
const PAGES: u32 = 10;
const BACK: SignedDuration = SignedDuration::from_hours(24 * 7);

/// `GET /feeds/deadlines.ics`
pub(crate) async fn feed(State(app): State<App>, viewer: Viewer) -> Result<Response, Refusal> {
    let now = app.now();
    let filter = Filter { from: Some(now - BACK), to: None, deadlines_only: false };
    let whose = whose(&app.policies, &viewer);
    let (clocks, more) = app
        .read(move |tx| {
            let eyes = vetting::eyes(tx, &viewer, now)?;
            Page::gather(PAGES, |page| list(tx, filter, &whose, page, &eyes))
        })
        .await?;
    let mut entries: Vec<Entry> = clocks.iter().filter_map(|clock| entry(&app, clock)).collect();
    if more {
        entries.extend(clocks.last().and_then(|clock| clock.due).map(|due| the_end(&app, due)));
    }
    let text = calendar(&format!("{}: deadlines", app.settings.name), &entries, now);
    Ok(([(CONTENT_TYPE, "text/calendar; charset=utf-8")], text).into_response())
}

/// Where the calendar ends and more is due: nobody is to take the days behind it for free.
fn the_end(app: &App, due: Timestamp) -> Entry {
    Entry {
        uid: format!("end@{}", app.settings.origin.replace('/', ".")),
        due,
        summary: "This calendar ends here, and more is due".to_owned(),
        description:
            "It holds the dates that come first, and follows as they pass. All that is owed stands on the page."
                .to_owned(),
        url: format!("{}/deadlines?show=all", app.settings.base_url),
    }
}

/// No name of a vendor, a product or a person leaves in it.
fn entry(app: &App, clock: &Clock) -> Option<Entry> {
    let key = [&clock.subject, &clock.debtor, &clock.regarding, &clock.profile, &clock.duty];
    let mut hash = Sha256::new();
    for part in key {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let id: String = hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let name = if clock.name.is_empty() { &clock.subject } else { &clock.name };
    let debtor = match clock.debtor.as_str() {
        "centre" => "the centre",
        "reporter" => "the manufacturer, who reported",
        _ if clock.profile == OF_PARTNERS => "a partner",
        _ => "a vendor",
    };
    Some(Entry {
        uid: format!("{id}@{}", app.settings.origin.replace('/', ".")),
        due: clock.due?,
        summary: format!("{name}: {}", clock.title),
        description: format!("Owed by {debtor} under {}. {}", clock.profile, clock.state.replace('_', " ")),
        url: format!("{}{}", app.settings.base_url, clock.place),
    })
}
