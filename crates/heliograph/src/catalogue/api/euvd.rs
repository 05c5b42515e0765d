//! The shape of the European Vulnerability Database, for tools that were written against its API:
//! `/api/search`, `/api/lastvulnerabilities` and its kin, `/api/enisaid`.
//!
//! Ids are those of the records here: this centre gives no EUVD ids. Pages count from 0, dates are
//! as EUVD writes them, lists of links and aliases are texts with a line for each.

use super::super::pages::look;
use crate::app::App;
use crate::refusal::Refusal;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use catalogue::{Bounds, Field, Query as Asking, Test};
use catalogue::{Order, Search, Whole};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Value, json};

/// What EUVD's search is asked.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Asked {
    from_score: Option<f64>,
    to_score: Option<f64>,
    from_epss: Option<f64>,
    to_epss: Option<f64>,
    from_date: Option<String>,
    to_date: Option<String>,
    from_updated_date: Option<String>,
    to_updated_date: Option<String>,
    product: Option<String>,
    vendor: Option<String>,
    assigner: Option<String>,
    exploited: Option<String>,
    text: Option<String>,
    page: Option<usize>,
    size: Option<usize>,
}

const SIZE: usize = 10;
/// EUVD has no more on a page, whatever it is asked for: so its clients note, and DependencyTrack's `vuln-db` and others
/// reckon their pages with 100.
const SIZE_MAX: usize = 100;
/// Records in the short lists, as EUVD has it.
const SHORT: usize = 8;

/// `GET /api/search`
pub(crate) async fn search(
    State(app): State<App>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Refusal> {
    let Query(asked) = asked.map_err(|_| Refusal::invalid("address", "A parameter cannot be read."))?;
    let search = Search { order: Order::Changed, ..Search::of(Asking::All(tests(&asked)?)) };
    // Of what EUVD makes of 0 nothing is known: it is taken at its word, for whoever wants the total alone.
    let size = asked.size.unwrap_or(SIZE).min(SIZE_MAX);
    let offset = asked.page.unwrap_or(0).saturating_mul(size);
    let (catalogue, now) = (app.catalogue.clone(), app.now());
    let (whole, total) = look(move || catalogue.whole(&search, offset, size, now)).await?;
    let items: Vec<Value> = whole.iter().map(item).collect();
    Ok(Json(json!({ "items": items, "total": total })).into_response())
}

fn tests(asked: &Asked) -> Result<Vec<Asking>, Refusal> {
    let mut all = Vec::new();
    let filled = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    if asked.from_score.is_some() || asked.to_score.is_some() {
        let tenths = |score: f64| (score * 10.0).round() as i64;
        let bounds =
            Bounds { from: asked.from_score.map(tenths), below: asked.to_score.map(|to| tenths(to) + 1) };
        all.push(Asking::Test(Test::Severity(bounds)));
    }
    let day = |name: &'static str, text: Option<String>, after: i64| match text {
        None => Ok(None),
        Some(text) => {
            let date = text.parse::<Date>().ok();
            let date = date.and_then(|date| TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok());
            let wrong = || Refusal::invalid(name, "A date such as 2024-01-31 is expected.");
            date.map(|date| Some(date.as_microsecond() + after)).ok_or_else(wrong)
        }
    };
    const DAY: i64 = 24 * 60 * 60 * 1_000_000;
    let days = |from: (&'static str, &Option<String>), to: (&'static str, &Option<String>)| {
        let bounds = Bounds { from: day(from.0, filled(from.1), 0)?, below: day(to.0, filled(to.1), DAY)? };
        Ok::<_, Refusal>(Some(bounds).filter(|bounds| *bounds != Bounds::default()))
    };
    let published = days(("fromDate", &asked.from_date), ("toDate", &asked.to_date))?;
    all.extend(published.map(|bounds| Asking::Test(Test::Published(bounds))));
    let updated =
        days(("fromUpdatedDate", &asked.from_updated_date), ("toUpdatedDate", &asked.to_updated_date))?;
    all.extend(updated.map(|bounds| Asking::Test(Test::Modified(bounds))));
    // Clients give the whole span where they mean none, and then also what has no score.
    let billionths = |percent: f64| (percent * 1e7).round() as i64;
    let from = asked.from_epss.filter(|from| *from > 0.0).map(billionths);
    let to = asked.to_epss.filter(|to| *to < 100.0).map(billionths);
    if from.is_some() || to.is_some() {
        all.push(Asking::Test(Test::Likelihood(Bounds { from, below: to.map(|to| to + 1) })));
    }
    for (field, text) in [(Field::Vendor, &asked.vendor), (Field::Product, &asked.product)] {
        all.extend(filled(text).map(|text| Asking::words_in(field, &text)));
    }
    if let Some(name) = filled(&asked.assigner) {
        all.push(Asking::Test(Test::Named { field: Field::StatedBy, name, is_beginning: false }));
    }
    match asked.exploited.as_deref() {
        Some("true") => all.push(Asking::Test(Test::Exploited(true))),
        Some("false") => all.push(Asking::Test(Test::Exploited(false))),
        _ => {}
    }
    if let Some(text) = filled(&asked.text) {
        all.extend(text.split_whitespace().take(catalogue::TERMS_MAX).map(Asking::words_of));
    }
    Ok(all)
}

async fn short(app: App, tests: Vec<Test>, order: Order) -> Result<Response, Refusal> {
    let query = Asking::All(tests.into_iter().map(Asking::Test).collect());
    let search = Search { order, ..Search::of(query) };
    let (catalogue, now) = (app.catalogue.clone(), app.now());
    let (whole, _) = look(move || catalogue.whole(&search, 0, SHORT, now)).await?;
    Ok(Json(whole.iter().map(item).collect::<Vec<_>>()).into_response())
}

/// `GET /api/lastvulnerabilities`
pub(crate) async fn last(State(app): State<App>) -> Result<Response, Refusal> {
    short(app, Vec::new(), Order::Changed).await
}

/// `GET /api/exploitedvulnerabilities`
pub(crate) async fn exploited(State(app): State<App>) -> Result<Response, Refusal> {
    short(app, vec![Test::Exploited(true)], Order::Changed).await
}

/// `GET /api/criticalvulnerabilities`
pub(crate) async fn critical(State(app): State<App>) -> Result<Response, Refusal> {
    short(app, vec![Test::Severity(Bounds { from: Some(90), below: None })], Order::Changed).await
}

/// Records that name one id, of which the best is chosen.
const NAMED_MAX: usize = 100;

/// One id.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Id {
    id: String,
}

/// `GET /api/enisaid?id=`
pub(crate) async fn one(State(app): State<App>, Query(asked): Query<Id>) -> Result<Response, Refusal> {
    let name = asked.id.trim().to_owned();
    let query = Asking::Test(Test::Named { field: Field::Id, name: name.clone(), is_beginning: false });
    let (catalogue, now) = (app.catalogue.clone(), app.now());
    let (whole, _) = look(move || catalogue.whole(&Search::of(query), 0, NAMED_MAX, now)).await?;
    // An advisory that only names the id is about others, too.
    let is_other = |whole: &Whole| !whole.summary.id.eq_ignore_ascii_case(&name);
    let found = whole.iter().min_by_key(|whole| (is_other(whole), whole.summary.source));
    found.map(|whole| Json(item(whole)).into_response()).ok_or(Refusal::NotFound)
}

/// Products and vendors listed of one record.
const NAMES_MAX: usize = 200;

fn item(whole: &Whole) -> Value {
    let record = &whole.record;
    let date = |at: Option<Timestamp>| {
        at.map_or(String::new(), |at| at.strftime("%b %-d, %Y, %-I:%M:%S %p").to_string())
    };
    let score = whole.summary.severity_tenths.map_or(-1.0, |tenths| tenths as f64 / 10.0);
    let graded = record.severities.iter().find(|severity| severity.score == Some(score));
    let lines = |all: Vec<&str>| all.iter().map(|one| format!("{one}\n")).collect::<String>();
    let text = record.summary.as_deref().or(record.details.as_deref()).unwrap_or_default();
    let rows = || record.affected.iter().take(NAMES_MAX);
    let id = |kind: &str, name: &str| catalogue::uuid_of(&format!("{kind}|{name}")).to_lowercase();
    let products: Vec<Value> = rows()
        .filter_map(|row| row.product.as_deref().or(row.package.as_deref()))
        .map(|name| json!({ "id": id("product", name), "product": { "name": name }, "product_version": "" }))
        .collect();
    let mut vendors: Vec<&str> = rows().filter_map(|row| row.vendor.as_deref()).collect();
    vendors.dedup();
    let vendors: Vec<Value> = vendors
        .into_iter()
        .map(|name| json!({ "id": id("vendor", name), "vendor": { "name": name } }))
        .collect();
    json!({
        "id": whole.summary.id,
        "enisaUuid": id("record", &whole.summary.id),
        "description": text,
        // Of ENISA's own interface there is no word for it; who does not know it overreads it.
        "withdrawn": whole.summary.is_withdrawn,
        "withdrawnReason": whole.summary.reason,
        "datePublished": date(record.published),
        "dateUpdated": date(record.modified),
        "baseScore": score,
        "baseScoreVersion": graded.map_or("", |severity| severity.version.as_str()),
        "baseScoreVector": graded.map_or("", |severity| severity.vector.as_str()),
        "references": lines(record.references.iter().map(|link| link.url.as_str()).collect()),
        "aliases": lines(record.other_names().collect()),
        "assigner": catalogue::source_of(record),
        "epss": whole.likelihood.map_or(0.0, |likelihood| likelihood.probability * 100.0),
        "exploitedSince": whole.listed.as_ref().and_then(|(_, listed)| listed.date_added).map(|day| day.to_string()),
        "enisaIdProduct": products,
        "enisaIdVendor": vendors,
    })
}
