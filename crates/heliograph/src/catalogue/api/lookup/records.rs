//! Records, each in the document that its source wrote.

use super::{LookupError, listed, look, sent, source_of};
use crate::app::App;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use catalogue::{Bounds, Query as Asked, Test};
use catalogue::{Order, Search, Source};
use formats::record::{Record, Relationship};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;

/// Records in one answer, and where none are asked for.
const AT_MOST: usize = 1_000;
const USUAL: usize = 30;

/// `GET /api/vulnerability/{id}`
pub(crate) async fn one(State(app): State<App>, Path(id): Path<String>) -> Result<Response, LookupError> {
    let catalogue = app.catalogue.clone();
    let found = look(move || Ok(catalogue.json_of(&id)?)).await?;
    let missing =
        || LookupError { status: StatusCode::NOT_FOUND, message: "Vulnerability not found.".to_owned() };
    found.map(sent).ok_or_else(missing)
}

/// The parts of an address behind the word, in any number.
type Parts = Path<HashMap<String, String>>;

/// `GET /api/vulnerability/last[/{source}][/{number}]`: what changed last.
pub(crate) async fn last(State(app): State<App>, Path(parts): Parts) -> Result<Response, LookupError> {
    let (source, number) = source_and_number(&parts)?;
    some(app, source, None, number).await
}

/// `GET /api/vulnerability/recent[/{date}][/{source}][/{number}]`: what changed since a day.
pub(crate) async fn recent(State(app): State<App>, Path(parts): Parts) -> Result<Response, LookupError> {
    let (source, number) = source_and_number(&parts)?;
    let since = parts.get("date").map(|date| day(date)).transpose()?;
    some(app, source, since, number).await
}

/// The beginning of a day in UTC, in microseconds.
pub(super) fn day(text: &str) -> Result<i64, LookupError> {
    let wrong = || LookupError::invalid("a date such as 2024-01-31 is expected");
    let instant = || text.parse::<Timestamp>().ok();
    let date = || TimeZone::UTC.to_timestamp(text.parse::<Date>().ok()?.at(0, 0, 0, 0)).ok();
    Ok(instant().or_else(date).ok_or_else(wrong)?.as_microsecond())
}

fn source_and_number(parts: &HashMap<String, String>) -> Result<(Option<Source>, usize), LookupError> {
    let (first, second) = (parts.get("first"), parts.get("second"));
    let number = |text: &String| text.parse::<usize>().ok().map(|number| number.min(AT_MOST));
    let wrong = || LookupError::invalid("a source (cvelistv5, osv, csaf, gna, kev) or a number is expected");
    match (first, second) {
        (None, _) => Ok((None, USUAL)),
        (Some(first), None) => match number(first) {
            Some(number) => Ok((None, number)),
            None => Ok((Some(source_of(first).ok_or_else(wrong)?), USUAL)),
        },
        (Some(first), Some(second)) => {
            Ok((Some(source_of(first).ok_or_else(wrong)?), number(second).ok_or_else(wrong)?))
        }
    }
}

async fn some(
    app: App,
    source: Option<Source>,
    since: Option<i64>,
    number: usize,
) -> Result<Response, LookupError> {
    let mut tests: Vec<Asked> = Vec::new();
    tests.extend(source.map(|source| Asked::Test(Test::Source(source))));
    tests.extend(since.map(|since| Asked::Test(Test::Modified(Bounds { from: Some(since), below: None }))));
    let search = Search { order: Order::Changed, ..Search::of(Asked::All(tests)) };
    let (catalogue, now) = (app.catalogue.clone(), app.now());
    let (documents, _) = look(move || Ok(catalogue.json(&search, 0, number, now)?)).await?;
    let documents: Vec<String> = documents.into_iter().map(|(_, document)| document).collect();
    Ok(sent(listed(&documents)))
}

/// What a GCVE consumer asks.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Since {
    since: Option<String>,
    page: Option<usize>,
    per_page: Option<usize>,
    /// By the last change, whatever `date_sort` names: `asc` or `desc`.
    sort_order: Option<String>,
}

/// The extension of GCVE-BCP-05: the id here, and how the record stands to others.
fn with_extension(id: &str, document: String, record: &Record) -> String {
    let Ok(mut document) = serde_json::from_str::<Value>(&document) else { return document };
    let one =
        |one: &Relationship| json!({ "destId": one.id, "type": one.verb.replace("not_equal", "not equal") });
    let relationships: Vec<Value> = record.all_relationships().iter().map(one).collect();
    document["x_gcve"] = json!([{ "vulnId": id, "recordType": "advisory", "relationships": relationships }]);
    document.to_string()
}

/// `GET /api/gcve/publication?since=`: what this centre published itself, changed last first unless
/// `sort_order` is `asc`.
pub(crate) async fn publication(
    State(app): State<App>,
    Query(asked): Query<Since>,
) -> Result<Response, LookupError> {
    let since = asked.since.as_deref().map(day).transpose()?;
    let mut tests = vec![Asked::Test(Test::Source(Source::Centre))];
    tests.extend(since.map(|since| Asked::Test(Test::Modified(Bounds { from: Some(since), below: None }))));
    let order = match asked.sort_order.as_deref() {
        Some("asc") => Order::Oldest,
        _ => Order::Changed,
    };
    let search = Search { order, ..Search::of(Asked::All(tests)) };
    let per_page = asked.per_page.unwrap_or(100).clamp(1, AT_MOST);
    let page = asked.page.unwrap_or(1).max(1);
    let (catalogue, now) = (app.catalogue.clone(), app.now());
    let offset = (page - 1).saturating_mul(per_page);
    let (documents, total) = look(move || {
        let (whole, total) = catalogue.whole(&search, offset, per_page, now)?;
        let (documents, _) = catalogue.json(&search, offset, per_page, now)?;
        let of = |id: &str| whole.iter().find(|whole| whole.summary.id == id).map(|whole| &whole.record);
        let one = |(summary, document): (catalogue::Summary, String)| match of(&summary.id) {
            Some(record) => with_extension(&summary.id, document, record),
            None => document,
        };
        Ok((documents.into_iter().map(one).collect::<Vec<_>>(), total))
    })
    .await?;
    let metadata = serde_json::json!({ "count": total, "page": page, "per_page": per_page });
    Ok(sent(format!("{{\"metadata\":{metadata},\"data\":{}}}", listed(&documents))))
}
