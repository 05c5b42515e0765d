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
use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use vocabulary::Page;

/// Dates in the calendar: from a week ago, at most so many pages of them.
const PAGES: usize = 10;
const BACK: SignedDuration = SignedDuration::from_hours(24 * 7);

/// `GET /feeds/deadlines.ics`
pub(crate) async fn feed(State(app): State<App>, viewer: Viewer) -> Result<Response, Refusal> {
    let now = app.now();
    let filter = Filter { from: Some(now - BACK), to: None, deadlines_only: false };
    let whose = whose(&app.policies, &viewer);
    let clocks = app
        .read(move |tx| {
            let (eyes, mut all) = (vetting::eyes(tx, &viewer, now)?, Vec::new());
            for number in Page::all().take(PAGES) {
                let mut piece = list(tx, filter, &whose, number, &eyes)?;
                let more = number.cut(&mut piece);
                all.extend(piece);
                if !more {
                    break;
                }
            }
            Ok(all)
        })
        .await?;
    let entries: Vec<Entry> = clocks.iter().filter_map(|clock| entry(&app, clock)).collect();
    let text = calendar(&format!("{}: deadlines", app.settings.name), &entries, now);
    Ok(([(CONTENT_TYPE, "text/calendar; charset=utf-8")], text).into_response())
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
