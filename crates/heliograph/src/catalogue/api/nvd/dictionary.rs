//! `GET /rest/json/cpes/2.0`, `cpematch/2.0`, `source/2.0`: the names that records use.

use super::asked::Parameters;
use super::{NvdError, cves, framed, look};
use crate::app::App;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use catalogue::{Catalogue, Search};
use catalogue::{Criterion, Subject, Test};
use jiff::Timestamp;
use serde_json::{Value, json};
use versions::cpe::{Cpe, Relation, compare};

/// Names on a page, as NVD has it.
const NAMES_PER_PAGE: usize = 10_000;
const MATCHES_PER_PAGE: usize = 500;
const SOURCES_PER_PAGE: usize = 1_000;

/// `GET /rest/json/cpes/2.0`: the CPE names that records carry.
pub(crate) async fn cpes(State(app): State<App>, RawQuery(query): RawQuery) -> Result<Response, NvdError> {
    let known = ["cpeMatchString", "cpeNameId", "keywordSearch", "keywordExactMatch"];
    let parameters = Parameters::read(query.as_deref(), &known, NAMES_PER_PAGE)?;
    let (catalogue, asked) = (app.catalogue.clone(), parameters.clone());
    let (total, items) = look(move || {
        let dated = catalogue::nvd_time(catalogue.stock()?.last_import.unwrap_or(Timestamp::UNIX_EPOCH));
        let names = names(&catalogue, &asked)?;
        let page = names.iter().skip(asked.start).take(asked.per_page);
        Ok((names.len(), page.map(|name| product(name, &dated)).collect()))
    })
    .await?;
    Ok(framed(&parameters, total, "NVD_CPE", "products", items, app.now()))
}

fn product(name: &str, dated: &str) -> Value {
    let title =
        catalogue::of_cpe(name).map(|(vendor, product)| format!("{vendor} {product}")).unwrap_or_default();
    json!({ "cpe": {
        "deprecated": false, "cpeName": name, "cpeNameId": catalogue::uuid_of(name), "created": dated,
        "lastModified": dated, "titles": [{ "title": title, "lang": "en" }],
    } })
}

fn names(catalogue: &Catalogue, asked: &Parameters) -> Result<Vec<String>, NvdError> {
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
    let mut names = catalogue.cpe_names(&beginning)?;
    names.retain(|name| {
        words.iter().all(|word| name.contains(word.as_str()))
            && id.as_ref().is_none_or(|id| catalogue::uuid_of(name) == *id)
            && pattern.as_ref().is_none_or(|pattern| {
                let relation = name.parse::<Cpe>().map(|name| compare(pattern, &name));
                matches!(relation, Ok(Relation::Equal | Relation::Superset))
            })
    });
    Ok(names)
}

/// A CPE name as NVD's parameters take it: what is left away at the end means anything.
fn read_cpe(name: &str, text: &str) -> Result<Cpe, NvdError> {
    let parts = text.matches(':').count() - text.matches("\\:").count();
    let whole = format!("{text}{}", ":*".repeat(12_usize.saturating_sub(parts)));
    whole.parse().map_err(|error| NvdError::invalid(format!("{name}: no CPE name: {error}")))
}

/// `GET /rest/json/cpematch/2.0`: what records say is affected, product by product.
pub(crate) async fn matches(State(app): State<App>, RawQuery(query): RawQuery) -> Result<Response, NvdError> {
    let parameters = Parameters::read(query.as_deref(), &["cveId", "matchStringSearch"], MATCHES_PER_PAGE)?;
    let (catalogue, asked, now) = (app.catalogue.clone(), parameters.clone(), app.now());
    let (total, items) = look(move || {
        let dated = catalogue::nvd_time(catalogue.stock()?.last_import.unwrap_or(Timestamp::UNIX_EPOCH));
        let found = criteria(&catalogue, &asked, now)?;
        let page = found.iter().skip(asked.start).take(asked.per_page);
        Ok((found.len(), page.map(|criterion| match_string(criterion, &dated)).collect()))
    })
    .await?;
    Ok(framed(&parameters, total, "NVD_CPEMatchString", "matchStrings", items, now))
}

/// Records whose criteria are looked at for one product.
const RECORDS_MAX: usize = 2_000;

fn criteria(catalogue: &Catalogue, asked: &Parameters, now: Timestamp) -> Result<Vec<Criterion>, NvdError> {
    let (records, pattern) = match (asked.get("cveId"), asked.get("matchStringSearch")) {
        (Some(id), None) => (cves::one(catalogue, id, now)?.into_iter().collect(), None),
        (None, Some(text)) => {
            let pattern = read_cpe("matchStringSearch", text)?;
            let subject = Subject::of_cpe(text).map(Subject::in_any_version);
            let wrong =
                || NvdError::invalid("matchStringSearch: a CPE name with vendor or product is expected");
            let search = Search::of(catalogue::Query::Test(Test::Affects(subject.ok_or_else(wrong)?)));
            (catalogue.whole(&search, 0, RECORDS_MAX, now)?.0, Some(pattern))
        }
        _ => return Err(NvdError::invalid("cveId or matchStringSearch is expected, one of them")),
    };
    let mut found: Vec<Criterion> = Vec::new();
    for criterion in records.iter().flat_map(|whole| &whole.record.affected).flat_map(catalogue::criteria) {
        let fits = pattern.as_ref().is_none_or(|pattern| {
            let relation = criterion.name.parse::<Cpe>().map(|name| compare(pattern, &name));
            matches!(relation, Ok(Relation::Equal | Relation::Superset))
        });
        if fits && !found.contains(&criterion) {
            found.push(criterion);
        }
    }
    Ok(found)
}

fn match_string(criterion: &Criterion, dated: &str) -> Value {
    let mut value = json!({
        "matchCriteriaId": criterion.id(), "criteria": criterion.name, "created": dated, "lastModified": dated,
        "cpeLastModified": dated, "status": "Active",
    });
    for (name, version) in criterion.bounds() {
        value[name] = json!(version);
    }
    json!({ "matchString": value })
}

/// `GET /rest/json/source/2.0`: who states things in the records that came as CVE.
pub(crate) async fn sources(State(app): State<App>, RawQuery(query): RawQuery) -> Result<Response, NvdError> {
    let parameters = Parameters::read(query.as_deref(), &["sourceIdentifier"], SOURCES_PER_PAGE)?;
    let (catalogue, asked) = (app.catalogue.clone(), parameters.clone());
    let (total, items) = look(move || {
        let dated = catalogue::nvd_time(catalogue.stock()?.last_import.unwrap_or(Timestamp::UNIX_EPOCH));
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
