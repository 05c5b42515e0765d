//! `GET /rest/json/cpes/2.0`, `cpematch/2.0`, `source/2.0`: the names that records use.

use super::asked::Parameters;
use super::{NvdError, cves, framed, look};
use crate::app::App;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use catalogue::{Catalogue, Search, Subject, Test, Whole};
use formats::record::Criterion;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::HashSet;
use versions::cpe::{Cpe, Relation, compare};

/// Names on a page, as NVD has it.
const NAMES_PER_PAGE: usize = 10_000;
const MATCHES_PER_PAGE: usize = 500;
const SOURCES_PER_PAGE: usize = 1_000;

/// `GET /rest/json/cpes/2.0`: the CPE names that records carry.
pub(crate) async fn cpes(State(app): State<App>, RawQuery(query): RawQuery) -> Result<Response, NvdError> {
    let known = [
        "cpeMatchString",
        "cpeNameId",
        "keywordSearch",
        "keywordExactMatch",
        "lastModStartDate",
        "lastModEndDate",
        "matchCriteriaId",
    ];
    let parameters = Parameters::read(query.as_deref(), &known, NAMES_PER_PAGE)?;
    let (catalogue, asked) = (app.catalogue.clone(), parameters.clone());
    let (total, items) = look(move || {
        let Some(dated) = changed(&catalogue, &asked)? else { return Ok((0, Vec::new())) };
        let (total, page) = names(&catalogue, &asked)?;
        Ok((total, page.iter().map(|name| product(name, &dated)).collect()))
    })
    .await?;
    Ok(framed(&parameters, total, "NVD_CPE", "products", items, app.now()))
}

/// When names were changed last: all of them with an import. None, where that is not when it is asked for.
fn changed(catalogue: &Catalogue, asked: &Parameters) -> Result<Option<String>, NvdError> {
    let at = catalogue.stock()?.last_import.unwrap_or(Timestamp::UNIX_EPOCH);
    let is_meant = match asked.between("lastModStartDate", "lastModEndDate")? {
        Some((from, to)) => (from..=to).contains(&at.as_microsecond()),
        None => true,
    };
    Ok(is_meant.then(|| catalogue::nvd_time(at)))
}

fn product(name: &str, dated: &str) -> Value {
    let title =
        catalogue::of_cpe(name).map(|(vendor, product)| format!("{vendor} {product}")).unwrap_or_default();
    json!({ "cpe": {
        "deprecated": false, "cpeName": name, "cpeNameId": catalogue::uuid_of(name), "created": dated,
        "lastModified": dated, "titles": [{ "title": title, "lang": "en" }],
    } })
}

/// How many names are asked for, and the page of them.
fn names(catalogue: &Catalogue, asked: &Parameters) -> Result<(usize, Vec<String>), NvdError> {
    if let Some(id) = asked.get("matchCriteriaId") {
        let all = match catalogue.criterion_of(id)? {
            Some(criterion) => catalogue.names_of(&criterion)?,
            None => Vec::new(),
        };
        return Ok((all.len(), all.into_iter().skip(asked.start).take(asked.per_page).collect()));
    }
    let pattern = match asked.get("cpeMatchString") {
        None => None,
        Some(text) => Some(read_cpe("cpeMatchString", text)?),
    };
    // What stands before the first wildcard begins every name that matches.
    let text = asked.get("cpeMatchString").unwrap_or_default().to_lowercase();
    let beginning = text.split(['*', '?']).next().unwrap_or_default().to_owned();
    let words: Vec<String> = match asked.get("keywordSearch") {
        None => Vec::new(),
        Some(text) if asked.is_set("keywordExactMatch") => vec![text.to_lowercase().replace(' ', "_")],
        Some(text) => text.to_lowercase().split_whitespace().map(str::to_owned).collect(),
    };
    let id = asked.get("cpeNameId").map(str::to_uppercase);
    let is_wanted = |name: &str| {
        words.iter().all(|word| name.contains(word.as_str()))
            && id.as_ref().is_none_or(|id| catalogue::uuid_of(name) == *id)
            && pattern.as_ref().is_none_or(|pattern| {
                let relation = name.parse::<Cpe>().map(|name| compare(pattern, &name));
                matches!(relation, Ok(Relation::Equal | Relation::Superset))
            })
    };
    Ok(catalogue.cpe_names(&beginning, &is_wanted, asked.start, asked.per_page)?)
}

/// A CPE name as NVD's parameters take it: what is left away at the end means anything.
fn read_cpe(name: &str, text: &str) -> Result<Cpe, NvdError> {
    let parts = text.matches(':').count() - text.matches("\\:").count();
    let whole = format!("{text}{}", ":*".repeat(12_usize.saturating_sub(parts)));
    whole.parse().map_err(|error| NvdError::invalid(format!("{name}: no CPE name: {error}")))
}

const MATCHES_KNOWN: [&str; 5] =
    ["cveId", "matchStringSearch", "matchCriteriaId", "lastModStartDate", "lastModEndDate"];

/// `GET /rest/json/cpematch/2.0`: what records say is affected, product by product.
pub(crate) async fn matches(State(app): State<App>, RawQuery(query): RawQuery) -> Result<Response, NvdError> {
    let parameters = Parameters::read(query.as_deref(), &MATCHES_KNOWN, MATCHES_PER_PAGE)?;
    let (catalogue, asked, now) = (app.catalogue.clone(), parameters.clone(), app.now());
    let (total, items) = look(move || {
        let Some(dated) = changed(&catalogue, &asked)? else { return Ok((0, Vec::new())) };
        let (total, page) = matching(&catalogue, &asked, now)?;
        let items = page.iter().map(|criterion| match_string(&catalogue, criterion, &dated));
        Ok((total, items.collect::<Result<_, _>>()?))
    })
    .await?;
    Ok(framed(&parameters, total, "NVD_CPEMatchString", "matchStrings", items, now))
}

/// Records whose criteria are looked at for one product.
const RECORDS_MAX: usize = 2_000;

/// How many criteria are asked for, and the page of them; all that there are, where nothing is asked.
fn matching(
    catalogue: &Catalogue,
    asked: &Parameters,
    now: Timestamp,
) -> Result<(usize, Vec<Criterion>), NvdError> {
    let [number, id, text] =
        ["matchCriteriaId", "cveId", "matchStringSearch"].map(|parameter| asked.get(parameter));
    let found = match (number, id, text) {
        (None, None, None) => return Ok(catalogue.all_criteria(asked.start, asked.per_page)?),
        (Some(number), None, None) => catalogue.criterion_of(number)?.into_iter().collect(),
        (None, Some(id), None) => criteria(cves::one(catalogue, id, now)?.as_slice(), None),
        (None, None, Some(text)) => {
            let pattern = read_cpe("matchStringSearch", text)?;
            let subject = Subject::of_cpe(text).map(Subject::in_any_version);
            let wrong =
                || NvdError::invalid("matchStringSearch: a CPE name with vendor or product is expected");
            let search = Search::of(catalogue::Query::Test(Test::Affects(subject.ok_or_else(wrong)?)));
            criteria(&catalogue.whole(&search, 0, RECORDS_MAX, now)?.0, Some(&pattern))
        }
        _ => {
            let expected = "cveId, matchStringSearch or matchCriteriaId is expected, at most one of them";
            return Err(NvdError::invalid(expected));
        }
    };
    Ok((found.len(), found.into_iter().skip(asked.start).take(asked.per_page).collect()))
}

/// The criteria of records that a pattern includes, each once.
fn criteria(records: &[Whole], pattern: Option<&Cpe>) -> Vec<Criterion> {
    let (mut found, mut known) = (Vec::new(), HashSet::new());
    for criterion in records.iter().flat_map(|whole| catalogue::criteria(&whole.record)) {
        let fits = pattern.is_none_or(|pattern| {
            let relation = criterion.name.parse::<Cpe>().map(|name| compare(pattern, &name));
            matches!(relation, Ok(Relation::Equal | Relation::Superset))
        });
        if fits && known.insert(criterion.clone()) {
            found.push(criterion);
        }
    }
    found
}

fn match_string(catalogue: &Catalogue, criterion: &Criterion, dated: &str) -> Result<Value, NvdError> {
    let names = catalogue.names_of(criterion)?;
    let one = |name: &String| json!({ "cpeName": name, "cpeNameId": catalogue::uuid_of(name) });
    let mut value = json!({
        "matchCriteriaId": catalogue::criterion_id(criterion), "criteria": criterion.name, "created": dated,
        "lastModified": dated, "cpeLastModified": dated, "status": "Active",
        "matches": names.iter().map(one).collect::<Vec<_>>(),
    });
    for (name, version) in catalogue::bounds(criterion) {
        value[name] = json!(version);
    }
    Ok(json!({ "matchString": value }))
}

const SOURCES_KNOWN: [&str; 3] = ["sourceIdentifier", "lastModStartDate", "lastModEndDate"];

/// `GET /rest/json/source/2.0`: who states things in the records that came as CVE.
pub(crate) async fn sources(State(app): State<App>, RawQuery(query): RawQuery) -> Result<Response, NvdError> {
    let parameters = Parameters::read(query.as_deref(), &SOURCES_KNOWN, SOURCES_PER_PAGE)?;
    let (catalogue, asked) = (app.catalogue.clone(), parameters.clone());
    let (total, items) = look(move || {
        let Some(dated) = changed(&catalogue, &asked)? else { return Ok((0, Vec::new())) };
        let wanted = asked.get("sourceIdentifier").map(str::to_lowercase);
        let mut names = catalogue.stated_by()?;
        names.retain(|(name, _)| wanted.as_ref().is_none_or(|wanted| wanted == name));
        let page = names.iter().skip(asked.start).take(asked.per_page);
        let source = |(name, _): &(String, u64)| {
            json!({ "name": name, "contactEmail": "", "sourceIdentifiers": [name], "created": dated, "lastModified": dated })
        };
        Ok((names.len(), page.map(source).collect()))
    })
    .await?;
    Ok(framed(&parameters, total, "NVD_SOURCE", "sources", items, app.now()))
}
