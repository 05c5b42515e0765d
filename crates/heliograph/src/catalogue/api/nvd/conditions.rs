//! What the parameters of `cves/2.0` mean, each as NVD's page on its vulnerability API has it.

use super::NvdError;
use super::asked::Parameters;
use catalogue::{Asked, Bounds, Field, Query, Subject, Test};
use catalogue::{Catalogue, Order, Search};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use versions::cpe::{End, Span};

/// Ids in one request, as NVD has it.
const IDS_MAX: usize = 100;

pub(super) fn of_cve() -> Query {
    Query::Test(Test::SpeaksForCve)
}

pub(super) fn named(field: Field, name: &str) -> Query {
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

/// The conditions on products. A name is held against the criteria of records (NVD: `cpeName`,
/// `virtualMatchString`); with `isVulnerable`, what only has to be there beside the vulnerable does not
/// count.
fn product(asked: &Parameters) -> Result<Vec<Query>, NvdError> {
    let wrong =
        |name: &str| NvdError::invalid(format!("{name}: a CPE name with vendor or product is expected"));
    let (one, many) = (asked.get("cpeName"), asked.get("virtualMatchString"));
    let span = Span { start: end(asked, "versionStart")?, end: end(asked, "versionEnd")? };
    if span != Span::default() && many.is_none() {
        return Err(NvdError::invalid("versionStart and versionEnd go with virtualMatchString"));
    }
    let mut all = Vec::new();
    let only_vulnerable = asked.is_set("isVulnerable");
    if only_vulnerable && (one.is_none() || many.is_some()) {
        return Err(NvdError::invalid("isVulnerable goes with cpeName, and not with virtualMatchString"));
    }
    for (name, cpe, is_virtual) in [("cpeName", one, false), ("virtualMatchString", many, true)] {
        let Some(cpe) = cpe else { continue };
        let span = if is_virtual { span.clone() } else { Span::default() };
        let asked = Asked::of_cpe(cpe, is_virtual, span).ok_or_else(|| wrong(name))?;
        let asked = Asked { only_vulnerable, ..asked };
        all.push(Query::Test(Test::Affects(Subject::Named(Box::new(asked)))));
    }
    Ok(all)
}

/// One end of the versions that are meant; NVD wants a version and its type together.
fn end(asked: &Parameters, name: &str) -> Result<Option<End>, NvdError> {
    let kind = format!("{name}Type");
    let including = match (asked.get(name), asked.get(&kind).map(str::to_lowercase).as_deref()) {
        (None, None) => return Ok(None),
        (Some(_), Some("including")) => true,
        (Some(_), Some("excluding")) => false,
        _ => return Err(NvdError::invalid(format!("{name} and {kind} (including, excluding) go together"))),
    };
    Ok(asked.get(name).map(|version| End { version: version.to_owned(), including }))
}

/// The conditions on scores, of one version of CVSS at a time, as NVD has it.
fn scores(asked: &Parameters) -> Result<Vec<Query>, NvdError> {
    let mut all = Vec::new();
    let mut versions = Vec::new();
    for version in ['2', '3', '4'] {
        let (metrics, severity) = (format!("cvssV{version}Metrics"), format!("cvssV{version}Severity"));
        if let Some(vector) = asked.get(&metrics) {
            let vector = vector
                .split_once('/')
                .filter(|(head, _)| head.starts_with("CVSS:"))
                .map_or(vector, |(_, rest)| rest);
            let parts: Vec<String> = vector.split('/').map(str::to_owned).collect();
            if parts.len() > catalogue::TERMS_MAX
                || !parts.iter().all(|part| catalogue::is_metric(version, part))
            {
                return Err(NvdError::invalid(format!(
                    "{metrics}: base metrics of CVSS {version} are expected"
                )));
            }
            all.push(Query::Test(Test::Metrics(version, parts)));
        }
        if let Some(band) = asked.get(&severity).map(str::to_lowercase) {
            if !["low", "medium", "high", "critical"].contains(&band.as_str())
                || (version, band.as_str()) == ('2', "critical")
            {
                return Err(NvdError::invalid(format!(
                    "{severity}: LOW, MEDIUM, HIGH or, since version 3, CRITICAL is expected"
                )));
            }
            all.push(named(Field::Grade, &format!("{version}:{band}")));
        }
        if asked.get(&metrics).is_some() || asked.get(&severity).is_some() {
            versions.push(version);
        }
    }
    match versions.len() {
        0 | 1 => Ok(all),
        _ => Err(NvdError::invalid("metrics and severities of several versions of CVSS do not go together")),
    }
}

/// A weakness, or what stands for one where NVD names none.
fn weakness(id: &str) -> Result<Query, NvdError> {
    if let Some(mark) = formats::weakness_mark(id) {
        return Ok(named(Field::Grade, &format!("weakness:{}", mark.to_lowercase())));
    }
    let wrong = |_| {
        NvdError::invalid(
            "cweId: a number of CWE is expected, such as CWE-79, NVD-CWE-noinfo or NVD-CWE-Other",
        )
    };
    Ok(Query::Test(Test::Weakness(id.trim_start_matches("CWE-").parse().map_err(wrong)?)))
}

pub(super) fn search(asked: &Parameters, catalogue: &Catalogue) -> Result<Search, NvdError> {
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
    all.extend(product(asked)?);
    if let Some(id) = asked.get("cweId") {
        all.push(weakness(id)?);
    }
    all.extend(scores(asked)?);
    for (name, link) in [("hasCertAlerts", "cert-alert"), ("hasCertNotes", "cert-note"), ("hasOval", "oval")]
    {
        if asked.is_set(name) {
            all.push(named(Field::Grade, &format!("link:{link}")));
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
    all.extend(words(asked)?);
    let bounds = |(from, to)| Bounds { from: Some(from), below: Some(to + 1) };
    if let Some(span) = asked.between("pubStartDate", "pubEndDate")? {
        all.push(Query::Test(Test::Published(bounds(span))));
    }
    if let Some(span) = asked.between("lastModStartDate", "lastModEndDate")? {
        all.push(Query::Test(Test::Modified(bounds(span))));
    }
    Ok(Search { order: Order::Oldest, ..Search::of(Query::All(all)) })
}

/// Words, all of which have to be there; with `keywordExactMatch`, in their order.
fn words(asked: &Parameters) -> Result<Vec<Query>, NvdError> {
    let mut all = Vec::new();
    if asked.is_set("keywordExactMatch") && asked.get("keywordSearch").is_none() {
        return Err(NvdError::invalid("keywordExactMatch goes with keywordSearch"));
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
    Ok(all)
}
