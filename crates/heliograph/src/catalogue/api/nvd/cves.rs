//! `GET /rest/json/cves/2.0`: records that came from NVD, and as CVE where nothing from NVD has the id.

use super::asked::Parameters;
use super::{NvdError, framed, look};
use crate::app::App;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use catalogue::{Bounds, Field, Query, Subject, Test};
use catalogue::{Catalogue, Order, Search, Whole};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

/// The conditions that are read.
const KNOWN: [&str; 21] = [
    "cveId",
    "cveIds",
    "cpeName",
    "isVulnerable",
    "virtualMatchString",
    "cweId",
    "cveTag",
    "cvssV2Severity",
    "cvssV3Severity",
    "cvssV4Severity",
    "hasKev",
    "kevStartDate",
    "kevEndDate",
    "keywordSearch",
    "keywordExactMatch",
    "lastModStartDate",
    "lastModEndDate",
    "noRejected",
    "pubStartDate",
    "pubEndDate",
    "sourceIdentifier",
];

/// Records on a page, as NVD has it.
const PER_PAGE: usize = 2_000;
/// Ids in one request, as NVD has it.
const IDS_MAX: usize = 100;

/// `GET /rest/json/cves/2.0`
pub(crate) async fn cves(State(app): State<App>, RawQuery(query): RawQuery) -> Result<Response, NvdError> {
    let parameters = Parameters::read(query.as_deref(), &KNOWN, PER_PAGE)?;
    let (catalogue, now, asked) = (app.catalogue.clone(), app.now(), parameters.clone());
    let (total, items) = look(move || {
        let search = search(&asked, &catalogue)?;
        let (whole, total) = catalogue.whole(&search, asked.start, asked.per_page, now)?;
        Ok((total, whole.iter().map(|whole| item(whole, now)).collect()))
    })
    .await?;
    Ok(framed(&parameters, total, "NVD_CVE", "vulnerabilities", items, now))
}

fn item(whole: &Whole, now: Timestamp) -> Value {
    let listed = whole.listed.as_ref().map(|(title, exploited)| (title.as_str(), exploited));
    json!({ "cve": catalogue::nvd_shape(&whole.record, listed, now) })
}

/// One CVE record, if there is one, for the other places of this interface.
pub(super) fn one(catalogue: &Catalogue, id: &str, now: Timestamp) -> Result<Option<Whole>, NvdError> {
    let search =
        Search { order: Order::Oldest, ..Search::of(Query::All(vec![of_cve(), named(Field::Id, id)])) };
    Ok(catalogue.whole(&search, 0, 1, now)?.0.pop())
}

fn of_cve() -> Query {
    Query::Test(Test::SpeaksForCve)
}

fn named(field: Field, name: &str) -> Query {
    Query::Test(Test::Named { field, name: name.to_owned(), is_beginning: false })
}

/// Records that were listed as known exploited on a day between these instants.
fn listed_between(catalogue: &Catalogue, (from, to): (i64, i64)) -> Result<Query, NvdError> {
    let is_within = |day: &str| {
        let began =
            day.parse::<Date>().ok().and_then(|day| TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok());
        began.is_some_and(|began| (from..=to).contains(&began.as_microsecond()))
    };
    let listings = catalogue.listings()?.into_iter().filter(|listing| is_within(&listing.added));
    Ok(Query::Any(listings.map(|listing| named(Field::Id, &listing.id)).collect()))
}

fn search(asked: &Parameters, catalogue: &Catalogue) -> Result<Search, NvdError> {
    let mut all = vec![of_cve()];
    if let Some(id) = asked.get("cveId") {
        all.push(named(Field::Id, id));
    }
    if let Some(ids) = asked.get("cveIds") {
        let ids: Vec<Query> = ids.split(',').map(|id| named(Field::Id, id)).collect();
        if ids.len() > IDS_MAX {
            return Err(NvdError::invalid(format!("cveIds: {}, at most {IDS_MAX}", ids.len())));
        }
        all.push(Query::Any(ids));
    }
    for name in ["cpeName", "virtualMatchString"] {
        if let Some(cpe) = asked.get(name) {
            let subject = Subject::of_cpe(cpe).ok_or_else(|| {
                NvdError::invalid(format!("{name}: a CPE name with vendor or product is expected"))
            })?;
            all.push(Query::Test(Test::Affects(subject)));
        }
    }
    if let Some(id) = asked.get("cweId") {
        let number = id.trim_start_matches("CWE-").parse();
        let wrong = |_| NvdError::invalid("cweId: a number of CWE is expected, such as CWE-79");
        all.push(Query::Test(Test::Weakness(number.map_err(wrong)?)));
    }
    for (name, version) in [("cvssV2Severity", '2'), ("cvssV3Severity", '3'), ("cvssV4Severity", '4')] {
        if let Some(band) = asked.get(name) {
            all.push(named(Field::Grade, &format!("{version}:{}", band.to_lowercase())));
        }
    }
    if asked.is_set("hasKev") {
        all.push(Query::Test(Test::Exploited(true)));
    }
    if let Some(tag) = asked.get("cveTag") {
        all.push(named(Field::Grade, &format!("tag:{}", tag.to_lowercase())));
    }
    if let Some(span) = asked.between("kevStartDate", "kevEndDate")? {
        all.push(listed_between(catalogue, span)?);
    }
    if asked.is_set("noRejected") {
        all.push(Query::Test(Test::Withdrawn(false)));
    }
    if let Some(who) = asked.get("sourceIdentifier") {
        all.push(named(Field::StatedBy, who));
    }
    if let Some(words) = asked.get("keywordSearch") {
        let is_exact = asked.is_set("keywordExactMatch");
        let words: Vec<&str> = if is_exact { vec![words] } else { words.split_whitespace().collect() };
        if words.len() > catalogue::TERMS_MAX {
            return Err(NvdError::invalid(format!(
                "keywordSearch: more than {} words",
                catalogue::TERMS_MAX
            )));
        }
        all.extend(words.into_iter().map(Query::words_of));
    }
    let bounds = |(from, to)| Bounds { from: Some(from), below: Some(to + 1) };
    if let Some(span) = asked.between("pubStartDate", "pubEndDate")? {
        all.push(Query::Test(Test::Published(bounds(span))));
    }
    if let Some(span) = asked.between("lastModStartDate", "lastModEndDate")? {
        all.push(Query::Test(Test::Modified(bounds(span))));
    }
    Ok(Search { order: Order::Oldest, ..Search::of(Query::All(all)) })
}
