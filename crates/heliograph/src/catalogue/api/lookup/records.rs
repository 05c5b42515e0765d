//! Records, each in the document that its source wrote.

use super::{LookupError, listed, look, name_of, sent, so_many, source_of};
use crate::app::App;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use catalogue::{Bounds, Field, Query as Asked, Test};
use catalogue::{Order, Search, Source};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::json;
use std::collections::HashMap;

/// Records in one answer, where no number is asked for.
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
    let Some((source, number)) = source_and_number(&parts)? else { return Ok(sent(listed(&[]))) };
    some(app, source, None, number).await
}

/// `GET /api/vulnerability/recent[/{date}][/{source}][/{number}]`: what changed since a day.
pub(crate) async fn recent(State(app): State<App>, Path(parts): Parts) -> Result<Response, LookupError> {
    let since = parts.get("date").map(|date| day(date)).transpose()?;
    let Some((source, number)) = source_and_number(&parts)? else { return Ok(sent(listed(&[]))) };
    some(app, source, since, number).await
}

/// The beginning of a day in UTC, in microseconds.
pub(super) fn day(text: &str) -> Result<i64, LookupError> {
    let wrong = || LookupError::invalid("a date such as 2024-01-31 is expected");
    let instant = || text.parse::<Timestamp>().ok();
    let date = || TimeZone::UTC.to_timestamp(text.parse::<Date>().ok()?.at(0, 0, 0, 0)).ok();
    Ok(instant().or_else(date).ok_or_else(wrong)?.as_microsecond())
}

/// Which records are meant by the parts of an address, and how many at most; none, where they name a
/// source that is not kept here, of which the original has an empty list.
fn source_and_number(
    parts: &HashMap<String, String>,
) -> Result<Option<(Option<Source>, usize)>, LookupError> {
    let (first, second) = (parts.get("first"), parts.get("second"));
    let number = |text: &String| text.parse().ok().map(|number| so_many(Some(number), USUAL));
    let of_source = |name: &String, number| source_of(name).map(|source| (Some(source), number));
    let wrong = || LookupError::invalid("a number is expected behind the source");
    Ok(match (first, second) {
        (None, _) => Some((None, USUAL)),
        (Some(first), None) => match number(first) {
            Some(number) => Some((None, number)),
            None => of_source(first, USUAL),
        },
        (Some(first), Some(second)) => of_source(first, number(second).ok_or_else(wrong)?),
    })
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

/// What a list is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    source: Option<String>,
    since: Option<String>,
    cwe: Option<String>,
    product: Option<String>,
    page: Option<usize>,
    per_page: Option<usize>,
    /// `updated`, `published` or `reserved`.
    date_sort: Option<String>,
    /// `asc` or `desc`; the oldest first are those that were published first.
    sort_order: Option<String>,
    /// With `1`, only ids and sources.
    light: Option<String>,
}

/// Records in one answer of a list; whoever asks for another number than up to here gets the usual one. Both as the
/// original has it, whose clients walk the pages with a number that they gave.
const LISTED: usize = 100;

impl Wanted {
    /// The search, how many to leave out, and how many to give.
    fn search(&self, mut tests: Vec<Asked>) -> Result<(Search, usize, usize), LookupError> {
        let filled = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let is_published = matches!(self.date_sort.as_deref(), Some("published" | "reserved"));
        if let Some(since) = filled(&self.since) {
            let since = Bounds { from: Some(day(&since)?), below: None };
            tests.push(Asked::Test(if is_published {
                Test::Published(since)
            } else {
                Test::Modified(since)
            }));
        }
        if let Some(cwe) = filled(&self.cwe) {
            let number = cwe.rsplit('-').next().unwrap_or_default().parse();
            let wrong = |_| LookupError::invalid("cwe: a number of CWE is expected, such as CWE-79");
            tests.push(Asked::Test(Test::Weakness(number.map_err(wrong)?)));
        }
        tests.extend(filled(&self.product).map(|product| Asked::words_in(Field::Product, &product)));
        let order = match self.sort_order.as_deref() {
            Some("asc") => Order::Oldest,
            _ if is_published => Order::Newest,
            _ => Order::Changed,
        };
        let per_page = self.per_page.filter(|number| (1..=LISTED).contains(number)).unwrap_or(USUAL);
        let offset = (self.page.unwrap_or(1).max(1) - 1).saturating_mul(per_page);
        Ok((Search { order, ..Search::of(Asked::All(tests)) }, offset, per_page))
    }
}

/// `GET /api/vulnerability/`: records by source, date, weakness and product, page by page.
pub(crate) async fn list(
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, LookupError> {
    let tests = match wanted.source.as_deref().filter(|name| !name.is_empty()).map(source_of) {
        None => Vec::new(),
        Some(None) => return Ok(sent(listed(&[]))),
        Some(Some(source)) => vec![Asked::Test(Test::Source(source))],
    };
    let (search, offset, per_page) = wanted.search(tests)?;
    let (catalogue, now) = (app.catalogue.clone(), app.now());
    let (found, _) = look(move || Ok(catalogue.json(&search, offset, per_page, now)?)).await?;
    let one = |(summary, document): (catalogue::Summary, String)| match wanted.light.as_deref() {
        Some("1") => json!([summary.id.to_lowercase(), name_of(summary.source)]).to_string(),
        _ => document,
    };
    Ok(sent(listed(&found.into_iter().map(one).collect::<Vec<_>>())))
}

/// `GET /api/gcve/publication?since=`: what this centre published itself, as a list (GCVE-BCP-03), which its
/// consumers walk without looking for pages.
pub(crate) async fn publication(
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, LookupError> {
    let (search, offset, per_page) = wanted.search(vec![Asked::Test(Test::Source(Source::Centre))])?;
    let (catalogue, now) = (app.catalogue.clone(), app.now());
    let published = look(move || Ok(catalogue.publications(&search, offset, per_page, now)?)).await?;
    Ok(sent(listed(&published)))
}
