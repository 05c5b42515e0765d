//! Alerts for programs: a feed of one's own, for a signed-in browser or a token of the account.

use super::rules::About;
use super::store;
use crate::access::Viewer;
use crate::app::App;
use crate::catalogue::{AtomEntry, AtomFeed};
use crate::refusal::Refusal;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

/// `GET /account/subscriptions/{id}/alerts.atom`
pub(crate) async fn alerts(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let keys = app.ledger.keys().clone();
    let found = app.read(move |tx| store::one(tx, &keys, &viewer, &id)).await?;
    if let About::Search(_) = found.wish.about {
        return Err(Refusal::NotFound);
    }
    let base = &app.settings.base_url;
    let place = format!("{base}/account/subscriptions/{}", found.id);
    let entry = |alert: &super::rules::Alert| AtomEntry {
        id: format!("{place}#{}-{}-{}", alert.at.as_microsecond(), alert.part, alert.id),
        title: format!("{}: {}", alert.id, alert.part),
        updated: alert.at,
        published: None,
        link: crate::catalogue::page_of(base, &alert.id),
        category: None,
        summary: format!("{}. {}", alert.what.join("; "), alert.title),
    };
    let feed = AtomFeed {
        title: format!("{} · {}", found.wish.name, app.settings.name),
        own: format!("{place}/alerts.atom"),
        updated: found.told.alerts.first().map_or(found.made, |alert| alert.at),
        author: app.settings.name.clone(),
        entries: found.told.alerts.iter().map(entry).collect(),
        place,
    };
    let kind = (CONTENT_TYPE, "application/atom+xml; charset=utf-8");
    Ok(([kind, (CACHE_CONTROL, "no-store")], feed.text()).into_response())
}
