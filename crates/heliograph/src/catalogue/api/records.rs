//! Search for programs: pages of hits on our own API, all hits as a file, new hits as a feed.

use super::super::pages::{Asked, address, look, page_of};
use super::answer;
use super::atom::{Entry, Feed};
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{csv_line, encoded};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use catalogue::{Hits, LIKELY, Search, Source, Summary, TAKEN_MAX};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use vocabulary::{PAGE_SIZE, Page};

/// A page of a search.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Records<'a> {
    /// How many there are in all; with `after`, of what follows.
    total: usize,
    /// The number of the next page, if there is one. After page 10,000 there is none: narrow the search down.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<u32>,
    /// What follows, in the orders `newest` and `changed`: to be given as `after`. It has no end, and does not
    /// move when records come in.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
    /// The search that would find something, where this one finds nothing: words were probably mistyped.
    #[serde(skip_serializing_if = "Option::is_none")]
    did_you_mean: Option<String>,
    records: Vec<Hit<'a>>,
    facets: Common,
}

/// A record, as lists show it.
#[derive(Serialize, utoipa::ToSchema)]
struct Hit<'a> {
    /// As its source spells it.
    id: &'a str,
    /// `centre`, `osv`, `cve`, `csaf` or `kev`.
    source: &'static str,
    title: &'a str,
    #[schema(value_type = Option<String>)]
    published: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    modified: Option<Timestamp>,
    /// The highest score of the newest CVSS that anyone used.
    score: Option<f64>,
    /// Of a CSAF document with a score: of how many vulnerabilities it speaks, if several, with or without a CVE id. Its
    /// score is the highest in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    vulnerabilities: Option<i64>,
    /// How likely it is to be exploited within 30 days, by EPSS, 0 to 1: where the search asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    epss: Option<f64>,
    /// Known to be exploited.
    exploited: bool,
    /// Withdrawn or rejected.
    withdrawn: bool,
    /// Why, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    /// Its page.
    url: String,
}

/// How many of all hits have something in common.
#[derive(Serialize, utoipa::ToSchema)]
struct Common {
    sources: BTreeMap<&'static str, u64>,
    severities: BTreeMap<&'static str, u64>,
    /// By year of publication, UTC.
    #[schema(value_type = BTreeMap<String, u64>)]
    years: BTreeMap<i64, u64>,
    ecosystems: BTreeMap<String, u64>,
    exploited: u64,
    /// By how likely they are to be exploited within 30 days, by EPSS: how many are at or above `0.5`, `0.1`
    /// and `0.01`. What is above one is above those below it.
    #[schema(value_type = BTreeMap<String, u64>)]
    epss: BTreeMap<String, u64>,
}

impl<'a> Hit<'a> {
    fn new(base: &str, summary: &'a Summary) -> Self {
        Self {
            id: &summary.id,
            source: summary.source.name(),
            title: &summary.title,
            published: summary.published,
            modified: summary.modified,
            score: summary.severity_tenths.map(|tenths| tenths as f64 / 10.0),
            vulnerabilities: summary.vulnerabilities,
            epss: summary.epss,
            exploited: summary.is_exploited,
            withdrawn: summary.is_withdrawn,
            reason: summary.reason.as_deref(),
            url: format!("{base}{}", address(&summary.id)),
        }
    }
}

/// What the list may be asked.
const NAMES: [&str; 8] = ["q", "severity", "exploited", "source", "ecosystem", "order", "page", "after"];

type AskedOrNot = Result<Query<Asked>, QueryRejection>;

fn asked(asked: AskedOrNot) -> Result<Asked, Refusal> {
    asked
        .map(|Query(asked)| asked)
        .map_err(|_| Refusal::invalid("address", "The part behind \"?\" cannot be read."))
}

/// Records that a search finds.
///
/// `q` is in the language of the search box: words, `"phrases"`, `begin*`, `field:value`, `field>=value`,
/// AND, OR, NOT, parentheses; what cannot be read is refused with its place. `GET /search/help` lists the
/// fields.
#[utoipa::path(get, path = "/api/v1/records", tag = "records",
    params(
        ("q" = Option<String>, Query, description = "What to look for", example = "vendor:apache AND cvss>=8"),
        ("order" = Option<String>, Query, description = "What comes first: `newest`, `oldest`, `severest`, `likeliest`, `changed`; what fits best, if none"),
        ("page" = Option<u32>, Query, description = "From 1 on"),
        ("after" = Option<String>, Query, description = "Where an answer in the order of a date ended, as it said"),
    ),
    responses((status = 200, description = "A page of hits", body = Records<'static>)))]
pub(crate) async fn list(
    State(app): State<App>,
    named: crate::web::Asked,
    query: AskedOrNot,
) -> Result<Response, Refusal> {
    named.only(&NAMES)?;
    let asked = asked(query)?;
    let (search, page, now) = (asked.search(app.now())?, asked.page()?, app.now());
    let (catalogue, asking) = (app.catalogue.clone(), search.clone());
    let (hits, did_you_mean) = look(move || {
        let hits = catalogue.search(&asking, page, now)?;
        let other = if hits.total == 0 { catalogue.correction(&asking)? } else { None };
        Ok((hits, other))
    })
    .await?;
    let after = behind(&search, &hits);
    let records = hits.hits.iter().map(|hit| Hit::new(&app.settings.base_url, hit)).collect();
    let next = next_of(page, &hits);
    let facets = common(&hits);
    Ok(Json(Records { total: hits.total, next, after, did_you_mean, records, facets }).into_response())
}

/// The number of the page behind one, if there is one and it would not be refused.
fn next_of(page: Page, hits: &Hits) -> Option<u32> {
    page.next().filter(|_| hits.more).map(Page::number)
}

/// Where hits go on, if they do and their order is that of a date.
fn behind(search: &Search, hits: &Hits) -> Option<String> {
    let last = hits.hits.last().filter(|_| hits.more)?;
    search.place_of(last).map(|place| place.to_string())
}

fn common(hits: &Hits) -> Common {
    let facets = hits.facets.clone().unwrap_or_default();
    let bands = ["none", "low", "medium", "high", "critical", "not graded"];
    let named = |(number, count): (&i64, &u64)| Some((Source::of_number(*number)?.name(), *count));
    Common {
        sources: facets.sources.iter().filter_map(named).collect(),
        severities: bands.into_iter().zip(facets.severities).filter(|(_, count)| *count > 0).collect(),
        years: facets.years.into_iter().map(|(year, bands)| (year, bands.iter().sum())).collect(),
        ecosystems: facets.ecosystems,
        exploited: facets.exploited,
        epss: LIKELY.into_iter().map(|from| from.to_string()).zip(facets.likely).collect(),
    }
}

async fn hits(app: &App, query: AskedOrNot, limit: usize) -> Result<Hits, Refusal> {
    found(app, asked(query)?.search(app.now())?, limit).await
}

async fn found(app: &App, search: Search, limit: usize) -> Result<Hits, Refusal> {
    let (catalogue, now) = (app.catalogue.clone(), app.now());
    look(move || catalogue.hits(&search, 0, limit, false, now)).await
}

/// `GET /search.json`: the first 10,000 hits as one list.
pub(crate) async fn json(
    State(app): State<App>,
    headers: HeaderMap,
    named: crate::web::Asked,
    query: AskedOrNot,
) -> Result<Response, Refusal> {
    named.only(&NAMES)?;
    let hits = hits(&app, query, TAKEN_MAX).await?;
    let all: Vec<Hit<'_>> = hits.hits.iter().map(|hit| Hit::new(&app.settings.base_url, hit)).collect();
    let body = serde_json::to_vec(&all).map_err(|error| Refusal::Internal(error.to_string()))?;
    Ok(counted(answer(&headers, "application/json", body, None), hits.total))
}

/// Says how many hits there are in all, which may be more than are taken along.
fn counted(mut response: Response, total: usize) -> Response {
    response.headers_mut().insert("x-total-count", HeaderValue::from(total));
    response
}

/// `GET /search.csv`: the same for a spreadsheet (RFC 4180).
pub(crate) async fn csv(
    State(app): State<App>,
    headers: HeaderMap,
    named: crate::web::Asked,
    query: AskedOrNot,
) -> Result<Response, Refusal> {
    named.only(&NAMES)?;
    let hits = hits(&app, query, TAKEN_MAX).await?;
    let mut text =
        String::from("id,source,title,published,modified,score,exploited,withdrawn,url,reason\r\n");
    let time = |at: Option<Timestamp>| at.map_or(String::new(), |at| at.to_string());
    for hit in hits.hits.iter().map(|hit| Hit::new(&app.settings.base_url, hit)) {
        let score = hit.score.map_or(String::new(), |score| format!("{score:.1}"));
        let (exploited, withdrawn) = (hit.exploited.to_string(), hit.withdrawn.to_string());
        let (published, modified) = (time(hit.published), time(hit.modified));
        let cells = [
            hit.id,
            hit.source,
            hit.title,
            &published,
            &modified,
            &score,
            &exploited,
            &withdrawn,
            &hit.url,
            hit.reason.unwrap_or_default(),
        ];
        text.push_str(&csv_line(&cells));
    }
    let mut response = answer(&headers, "text/csv; charset=utf-8", text.into_bytes(), None);
    let name = file_name(hits.total);
    if let Ok(name) = HeaderValue::try_from(format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(counted(response, hits.total))
}

/// What the file is called: whoever opens it later still sees that it is a part.
fn file_name(total: usize) -> String {
    match total > TAKEN_MAX {
        true => format!("records-first-{TAKEN_MAX}-of-{total}.csv"),
        false => "records.csv".to_owned(),
    }
}

/// `GET /feeds/search.atom`: the newest hits (RFC 4287), with a link to those before them.
pub(crate) async fn feed(
    State(app): State<App>,
    headers: HeaderMap,
    named: crate::web::Asked,
    query: AskedOrNot,
) -> Result<Response, Refusal> {
    named.only(&NAMES)?;
    let mut asked = asked(query)?;
    if asked.order.is_empty() {
        "newest".clone_into(&mut asked.order);
    }
    let title = if asked.q.trim().is_empty() { "Records".to_owned() } else { asked.q.trim().to_owned() };
    let place = format!("{}/?{}page=1", app.settings.base_url, asked.asking());
    let asking = asked.asking();
    let own = format!("{}/feeds/search.atom?{}", app.settings.base_url, asking.trim_end_matches('&'));
    let search = asked.search(app.now())?;
    let hits = found(&app, search.clone(), PAGE_SIZE as usize).await?;
    let part = |after: &str| format!("{own}&after={}", encoded(after));
    let next = behind(&search, &hits).map(|after| part(&after));
    let dates = hits.hits.iter().filter_map(|hit| hit.modified.or(hit.published));
    let updated = dates.max().unwrap_or(Timestamp::UNIX_EPOCH);
    let feed = Feed {
        title: format!("{title} · {}", app.settings.name),
        place,
        part: if asked.after.is_empty() { own.clone() } else { part(&asked.after) },
        next,
        own,
        updated,
        author: app.settings.name.clone(),
        entries: hits.hits.iter().map(|hit| entry(&app.settings.base_url, hit)).collect(),
    };
    Ok(answer(&headers, "application/atom+xml; charset=utf-8", feed.text().into_bytes(), None))
}

fn entry(base: &str, hit: &Summary) -> Entry {
    let several = hit.vulnerabilities.map_or(String::new(), |count| format!(", the highest of {count}"));
    let score = hit.severity_tenths.map(|tenths| format!("CVSS {:.1}{several}. ", tenths as f64 / 10.0));
    let score = score.unwrap_or_default();
    let exploited = if hit.is_exploited { "Known to be exploited. " } else { "" };
    let withdrawn = match (hit.is_withdrawn, &hit.reason) {
        (false, _) => String::new(),
        (true, None) => "Withdrawn. ".to_owned(),
        (true, Some(reason)) => format!("Withdrawn: {reason}. "),
    };
    let link = page_of(base, &hit.id);
    Entry {
        id: link.clone(),
        title: format!("{}: {}", hit.id, hit.title),
        updated: hit.modified.or(hit.published).unwrap_or(Timestamp::UNIX_EPOCH),
        published: hit.published,
        link,
        category: Some(hit.source.name()),
        summary: format!("{score}{exploited}{withdrawn}{}", hit.title),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::PAGE_MAX;

    /// docs/api.md: `next` is the number of a page that can be asked for.
    #[test]
    fn no_page_leads_on_to_one_that_would_be_refused() {
        let next = |number: u32, more: bool| {
            let hits = Hits { hits: Vec::new(), more, total: 600_000, facets: None };
            next_of(Page::new(number).unwrap(), &hits)
        };
        assert_eq!(
            [next(1, true), next(1, false), next(PAGE_MAX - 1, true)],
            [Some(2), None, Some(PAGE_MAX)]
        );
        assert_eq!(next(PAGE_MAX, true), None);
    }

    #[test]
    fn a_file_that_is_a_part_says_so() {
        assert_eq!(file_name(10_000), "records.csv");
        assert_eq!(file_name(10_001), "records-first-10000-of-10001.csv");
    }
}
