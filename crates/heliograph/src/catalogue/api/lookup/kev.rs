//! Who lists what as exploited, in the shape of GCVE-BCP-07: `/api/kev`.

use super::lists::{self, paged};
use super::records::day;
use super::{LookupError, look};
use crate::app::App;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use catalogue::{Listing, uuid_of};
use serde::Deserialize;
use serde_json::{Value, json};

/// CISA's catalogue among those of GCVE; lists in its shape are all that is read here.
const ORIGIN: &str = "405284c2-e461-4670-8979-7fd2c9755a60";

/// What the list is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    page: Option<usize>,
    per_page: Option<usize>,
    /// A part of the id will do.
    vuln_id: Option<String>,
    vulnerability_lookup_origin: Option<String>,
    status_reason: Option<String>,
    /// `true`, `false` or `all`.
    exploited: Option<String>,
    date_from: Option<String>,
    date_to: Option<String>,
    author: Option<String>,
}

impl Asked {
    /// Whether anything of this catalogue can be meant: all of it is confirmed, exploited, and written by
    /// nobody who has an account.
    fn may_be_met(&self) -> Result<bool, LookupError> {
        let origin = self.vulnerability_lookup_origin.as_deref().map(origin).transpose()?;
        let text = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        Ok(origin.is_none_or(|origin| origin == ORIGIN)
            && text(&self.status_reason).is_none_or(|reason| reason == "confirmed")
            && text(&self.exploited).is_none_or(|word| !word.eq_ignore_ascii_case("false"))
            && text(&self.author).is_none())
    }
}

/// A UUID as text, in lower case.
fn origin(text: &str) -> Result<String, LookupError> {
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    let is_hex = text.chars().all(|letter| letter == '-' || letter.is_ascii_hexdigit());
    match is_hex && groups == [8, 4, 4, 4, 12] {
        true => Ok(text.to_lowercase()),
        false => Err(LookupError::invalid("Invalid UUID format for origin")),
    }
}

/// `GET /api/kev`
pub(crate) async fn list(
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response, LookupError> {
    let page = lists::Asked { page: asked.page, per_page: asked.per_page };
    let (from, to) = (asked.date_from.as_deref().map(day), asked.date_to.as_deref().map(day));
    let (from, to) = (from.transpose()?, to.transpose()?);
    if !asked.may_be_met()? {
        return Ok(paged(&page, Vec::new()));
    }
    let listings = look(move || Ok(app.catalogue.listings()?)).await?;
    let part = asked.vuln_id.as_deref().unwrap_or_default().to_uppercase();
    let is_meant = |listing: &&Listing| {
        let listed = day(&listing.added).ok();
        listing.id.contains(&part)
            && from.is_none_or(|from| listed.is_some_and(|listed| listed >= from))
            && to.is_none_or(|to| listed.is_some_and(|listed| listed <= to))
    };
    Ok(paged(&page, listings.iter().filter(is_meant).map(assertion).collect()))
}

/// `GET /api/kev/{uuid}`: one of them.
pub(crate) async fn one(State(app): State<App>, Path(uuid): Path<String>) -> Result<Response, LookupError> {
    let wanted = uuid.to_lowercase();
    let found = look(move || {
        // An id cannot be had back from its UUID, but there are not many, and no document is opened for them.
        let ids = app.catalogue.listed_ids()?;
        match ids.iter().find(|id| uuid_of_listing(id) == wanted) {
            Some(id) => Ok(app.catalogue.listing_of(id)?),
            None => Ok(None),
        }
    });
    answered(found.await?)
}

/// `GET /api/kev/origin/{origin}/{vulnerability}`: what a catalogue says of a vulnerability.
pub(crate) async fn of_origin(
    State(app): State<App>,
    Path((place, id)): Path<(String, String)>,
) -> Result<Response, LookupError> {
    let is_ours = origin(&place)? == ORIGIN;
    answered(if is_ours { look(move || Ok(app.catalogue.listing_of(&id)?)).await? } else { None })
}

fn answered(listing: Option<Listing>) -> Result<Response, LookupError> {
    let missing = || LookupError { status: StatusCode::NOT_FOUND, message: "KEV entry not found".to_owned() };
    Ok(Json(assertion(&listing.ok_or_else(missing)?)).into_response())
}

fn uuid_of_listing(id: &str) -> String {
    uuid_of(&format!("kev|{id}")).to_lowercase()
}

fn assertion(listing: &Listing) -> Value {
    let text = |name: &str| listing.entry[name].as_str().unwrap_or_default().to_owned();
    let uuid = uuid_of_listing(&listing.id);
    json!({
        "uuid": uuid,
        "vulnerability": { "vulnId": listing.id, "altId": [] },
        "gcve": { "origin_uuid": ORIGIN, "object_uuid": uuid },
        "status": {
            "exploited": true, "status_reason": "confirmed", "status_updated_at": listing.released,
        },
        "timestamps": { "recorded_at": listing.released, "first_seen_at": listing.added },
        "scope": { "notes": text("shortDescription") },
        "evidence": [{ "type": "kev_catalog", "source": text("vendorProject"), "details": listing.entry }],
    })
}
