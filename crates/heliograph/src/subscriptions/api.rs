//! Subscriptions for programs, by a token of the account: made, listed and ended as JSON; and a feed of
//! alerts of one's own.

use super::rules::{About, Alert, Wish};
use super::store::{self, Subscription};
use super::{NAME_CHARS, bill_of, own_one, search_of};
use crate::access::Viewer;
use crate::app::App;
use crate::catalogue::{AtomEntry, AtomFeed};
use crate::refusal::Refusal;
use crate::web::{Asked, Body};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A document of a bill of materials, or of VEX beside it.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DocumentToFollow {
    /// Its file name.
    #[schema(example = "bom.json")]
    name: String,
    /// The document itself.
    #[schema(
        example = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"name": "kettle", "version": "1.0.0", "purl": "pkg:npm/kettle@1.0.0"}]}"#
    )]
    text: String,
}

/// What to follow: a search, or a bill of materials with what its maker says.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubscriptionToMake {
    /// What you call it, at most 100 letters.
    #[schema(example = "Our kettles")]
    name: String,
    /// A search, as it is typed into the search box; or leave it out and give documents.
    #[schema(example = "affects:pkg:npm/kettle@1.0.0")]
    #[serde(default)]
    search: Option<String>,
    /// A bill of materials, CycloneDX or SPDX, and VEX if there is any.
    #[schema(example = json!([]))]
    #[serde(default)]
    documents: Vec<DocumentToFollow>,
}

/// A subscription of yours.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct SubscriptionRow {
    id: String,
    name: String,
    #[schema(value_type = String)]
    made: Timestamp,
    /// The search; null for a bill of materials.
    search: Option<String>,
    /// The address of its feed (Atom): public for a search, with your token for a bill.
    feed: String,
    /// When the bill was last looked at.
    #[schema(value_type = Option<String>)]
    looked: Option<Timestamp>,
    /// Findings of the bill that stand.
    standing: Option<usize>,
}

/// A change for a part of a bill of materials.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct AlertRow {
    #[schema(value_type = String)]
    at: Timestamp,
    /// The part, by its package URL or its name and version.
    part: String,
    /// The vulnerability.
    id: String,
    title: String,
    /// What changed, in words.
    what: Vec<String>,
}

/// A subscription with what changed since it was made, the latest first.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct SubscriptionWithAlerts {
    #[serde(flatten)]
    subscription: SubscriptionRow,
    alerts: Vec<AlertRow>,
}

fn row(base: &str, found: &Subscription) -> SubscriptionRow {
    let (search, feed) = match &found.wish.about {
        About::Search(text) => (Some(text.clone()), crate::catalogue::feed_address(text)),
        About::Bill(_) => (None, format!("/account/subscriptions/{}/alerts.atom", found.id)),
    };
    SubscriptionRow {
        id: found.id.clone(),
        name: found.wish.name.clone(),
        made: found.made,
        feed: format!("{base}{feed}"),
        looked: found.looked,
        standing: search.is_none().then(|| super::pages::standing_of(found)),
        search,
    }
}

/// Your subscriptions, the oldest first.
#[utoipa::path(get, path = "/api/v1/subscriptions", tag = "subscriptions",
    params(("page" = Option<u32>, Query, description = "From 1")),
    responses((status = 200, body = [SubscriptionRow])))]
pub(crate) async fn list(State(app): State<App>, viewer: Viewer, asked: Asked) -> Result<Response, Refusal> {
    let page = asked.page(&[])?;
    let keys = app.ledger.keys().clone();
    let all = app.read(move |tx| store::own(tx, &keys, &viewer)).await?;
    let before = page.offset().unsigned_abs() as usize;
    let rows = all.iter().skip(before).take(vocabulary::PAGE_SIZE as usize + 1);
    Ok(asked.list(page, rows.map(|found| row(&app.settings.base_url, found)).collect()))
}

/// Follows a search, or a bill of materials, which is sealed for your account alone.
///
/// At most 50 of an account. A bill is looked at again whenever the catalogue has changed, at most every
/// quarter of an hour; what changes for its parts stands in the alerts.
#[utoipa::path(post, path = "/api/v1/subscriptions", tag = "subscriptions", request_body = SubscriptionToMake,
    responses((status = 201, body = SubscriptionRow)))]
pub(crate) async fn make(
    State(app): State<App>,
    viewer: Viewer,
    Body(body): Body<SubscriptionToMake>,
) -> Result<Response, Refusal> {
    let name = body.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > NAME_CHARS {
        return Err(Refusal::invalid("name", format!("1 to {NAME_CHARS} letters.")));
    }
    let (about, first) = match (body.search, body.documents) {
        (Some(text), documents) if documents.is_empty() => (search_of(&app, text)?, None),
        (None, documents) if !documents.is_empty() => {
            let documents = documents.into_iter().map(|document| (document.name, document.text)).collect();
            let (about, first) = bill_of(&app, documents).await?;
            (about, Some(first))
        }
        _ => return Err(Refusal::invalid("search", "A search, or documents, and not both.")),
    };
    let (account, wish) = (viewer.person()?.id.clone(), Wish { name, about });
    let id = app.ledger.submit(move |w| store::make(w, &account, &wish, first)).await?;
    let found = own_one(&app, &viewer, id).await?;
    Ok((StatusCode::CREATED, Json(row(&app.settings.base_url, &found))).into_response())
}

/// One of your subscriptions, with its alerts.
#[utoipa::path(get, path = "/api/v1/subscriptions/{id}", tag = "subscriptions",
    params(("id" = String, Path, description = "From the list")),
    responses((status = 200, body = SubscriptionWithAlerts)))]
pub(crate) async fn one(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let found = own_one(&app, &viewer, id).await?;
    let alert = |alert: &Alert| AlertRow {
        at: alert.at,
        part: alert.part.clone(),
        id: alert.id.clone(),
        title: alert.title.clone(),
        what: alert.what.clone(),
    };
    let subscription = row(&app.settings.base_url, &found);
    let alerts = found.told.alerts.iter().map(alert).collect();
    Ok(([(CACHE_CONTROL, "no-store")], Json(SubscriptionWithAlerts { subscription, alerts })).into_response())
}

/// Ends a subscription of yours; what was kept of it is forgotten.
#[utoipa::path(delete, path = "/api/v1/subscriptions/{id}", tag = "subscriptions",
    params(("id" = String, Path, description = "From the list")),
    responses((status = 204, description = "Ended")))]
pub(crate) async fn end(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    let account = viewer.person()?.id.clone();
    app.ledger.submit(move |w| store::end(w, &account, &id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /account/subscriptions/{id}/alerts.atom`
pub(crate) async fn alerts(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let found = own_one(&app, &viewer, id).await?;
    if let About::Search(_) = found.wish.about {
        return Err(Refusal::NotFound);
    }
    let base = &app.settings.base_url;
    let place = format!("{base}/account/subscriptions/{}", found.id);
    let entry = |alert: &Alert| AtomEntry {
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
        part: format!("{place}/alerts.atom"),
        next: None,
        updated: found.told.alerts.first().map_or(found.made, |alert| alert.at),
        author: app.settings.name.clone(),
        entries: found.told.alerts.iter().map(entry).collect(),
        place,
    };
    let kind = (CONTENT_TYPE, "application/atom+xml; charset=utf-8");
    Ok(([kind, (CACHE_CONTROL, "no-store")], feed.text()).into_response())
}
