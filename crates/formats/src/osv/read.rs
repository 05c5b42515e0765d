//! An OSV record into the catalogue's view.

use crate::lenient::{nullable, stated_time};
use crate::read::{ReadError, parse};
use crate::record::{
    Affected, Credit, Event, EventKind, Range, RangeKind, Record, Reference, Severity, Source, State,
};
use crate::weakness;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

/// Reads a record from a document that has passed the door.
pub(crate) fn read(text: &str) -> Result<Record, ReadError> {
    parse(text).map(record)
}

/// Reads the records of a list of them, or of an answer of OSV's interface (`vulns`).
pub(crate) fn read_list(text: &str) -> Result<Vec<Record>, ReadError> {
    #[derive(Deserialize)]
    struct Answered<'a> {
        #[serde(borrow, default, deserialize_with = "nullable")]
        vulns: Vec<Document<'a>>,
    }
    let all = match text.trim_start().starts_with('[') {
        true => parse(text)?,
        false => parse::<Answered<'_>>(text)?.vulns,
    };
    Ok(all.into_iter().map(record).collect())
}

#[derive(Deserialize)]
struct Document<'a> {
    id: String,
    #[serde(default, deserialize_with = "stated_time")]
    modified: Option<Timestamp>,
    #[serde(default, deserialize_with = "stated_time")]
    published: Option<Timestamp>,
    #[serde(default, deserialize_with = "stated_time")]
    withdrawn: Option<Timestamp>,
    #[serde(default, deserialize_with = "nullable")]
    aliases: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    related: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    upstream: Vec<String>,
    summary: Option<String>,
    details: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    severity: Vec<Score>,
    #[serde(borrow, default, deserialize_with = "nullable")]
    affected: Vec<Package<'a>>,
    #[serde(default, deserialize_with = "nullable")]
    references: Vec<Link>,
    #[serde(default, deserialize_with = "nullable")]
    credits: Vec<Thanks>,
    #[serde(borrow)]
    database_specific: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Score {
    #[serde(default, rename = "type", deserialize_with = "nullable")]
    kind: String,
    #[serde(default, deserialize_with = "nullable")]
    score: String,
}

#[derive(Deserialize)]
struct Package<'a> {
    package: Option<Name>,
    #[serde(default, deserialize_with = "nullable")]
    severity: Vec<Score>,
    #[serde(default, deserialize_with = "nullable")]
    ranges: Vec<Span>,
    #[serde(default, deserialize_with = "nullable")]
    versions: Vec<String>,
    #[serde(borrow)]
    database_specific: Option<&'a RawValue>,
}

/// What GitHub's advisories say of a package where no version is fixed yet.
#[derive(Deserialize)]
struct LastKnown<'a> {
    /// `<= 1.2.3`.
    #[serde(borrow)]
    last_known_affected_version_range: Option<std::borrow::Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Name {
    ecosystem: Option<String>,
    name: Option<String>,
    purl: Option<String>,
}

#[derive(Deserialize)]
struct Span {
    #[serde(default, rename = "type", deserialize_with = "range_kind")]
    kind: RangeKind,
    repo: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    events: Vec<Point>,
}

/// One event; the format asks for one member, documents with several are read in this order.
#[derive(Deserialize)]
struct Point {
    introduced: Option<String>,
    fixed: Option<String>,
    last_affected: Option<String>,
    limit: Option<String>,
}

#[derive(Deserialize)]
struct Link {
    #[serde(default, rename = "type", deserialize_with = "nullable")]
    kind: String,
    #[serde(default, deserialize_with = "nullable")]
    url: String,
}

#[derive(Deserialize)]
struct Thanks {
    #[serde(default, deserialize_with = "nullable")]
    name: String,
    #[serde(rename = "type")]
    kind: Option<String>,
}

/// What GitHub's advisories put into the part that each database defines for itself.
#[derive(Deserialize)]
struct DatabaseSpecific {
    #[serde(default)]
    cwe_ids: Vec<String>,
}

fn range_kind<'de, D: serde::Deserializer<'de>>(json: D) -> Result<RangeKind, D::Error> {
    crate::lenient::word(json, |word| match word {
        "SEMVER" => RangeKind::Semver,
        "ECOSYSTEM" => RangeKind::Ecosystem,
        "GIT" => RangeKind::Git,
        _ => RangeKind::Other,
    })
}

fn record(document: Document<'_>) -> Record {
    let mut severities: Vec<Severity> = document.severity.into_iter().map(severity).collect();
    let mut affected = Vec::with_capacity(document.affected.len());
    for package in document.affected {
        for score in package.severity {
            let score = severity(score);
            if !severities.contains(&score) {
                severities.push(score);
            }
        }
        let mut row = row(package.package, package.ranges, package.versions);
        if let Some(last) = package.database_specific.and_then(last_known) {
            close(&mut row, last);
        }
        affected.push(row);
    }
    Record {
        id: document.id,
        source: Source::Osv,
        aliases: document.aliases,
        related: document.related,
        upstream: document.upstream,
        title: document.summary.filter(|line| !line.is_empty()),
        summary: None,
        details: document.details.filter(|text| !text.is_empty()),
        published: document.published,
        modified: document.modified,
        withdrawn: document.withdrawn,
        state: if document.withdrawn.is_some() { State::Withdrawn } else { State::Published },
        severities,
        weaknesses: document.database_specific.map(weaknesses).unwrap_or_default(),
        affected,
        references: document
            .references
            .into_iter()
            .map(|link| Reference { kind: lower(link.kind), url: link.url, name: None })
            .collect(),
        credits: document
            .credits
            .into_iter()
            .map(|credit| Credit { name: credit.name, kind: credit.kind.map(|kind| kind.to_lowercase()) })
            .collect(),
        ..Record::default()
    }
}

/// OSV's words for a kind are plain.
fn lower(mut kind: String) -> Vec<String> {
    kind.make_ascii_lowercase();
    if kind.is_empty() { Vec::new() } else { vec![kind] }
}

/// That part is free-form: what does not look like CWE ids is not an error.
fn weaknesses(json: &RawValue) -> Vec<String> {
    let ids = serde_json::from_str::<DatabaseSpecific>(json.get()).map(|part| part.cwe_ids);
    let mut weaknesses = Vec::new();
    for id in ids.unwrap_or_default() {
        weakness::collect(&mut weaknesses, &id);
    }
    weaknesses
}

fn severity(score: Score) -> Severity {
    let version = match score.kind.as_str() {
        "CVSS_V2" => "2.0".to_owned(),
        "CVSS_V3" if score.score.starts_with("CVSS:3.0/") => "3.0".to_owned(),
        "CVSS_V3" => "3.1".to_owned(),
        "CVSS_V4" => "4.0".to_owned(),
        _ => score.kind,
    };
    crate::cvss::severity(score.score, version, None, None)
}

fn row(name: Option<Name>, ranges: Vec<Span>, versions: Vec<String>) -> Affected {
    let (ecosystem, package, purl) = match name {
        Some(name) => (name.ecosystem, name.name, name.purl),
        None => (None, None, None),
    };
    Affected {
        ecosystem,
        package,
        purl,
        ranges: ranges
            .into_iter()
            .map(|range| Range {
                kind: range.kind,
                repo: range.repo,
                events: range.events.into_iter().flat_map(events).collect(),
            })
            .collect(),
        versions,
        ..Affected::default()
    }
}

fn last_known(json: &RawValue) -> Option<Event> {
    let said = serde_json::from_str::<LastKnown<'_>>(json.get()).ok()?.last_known_affected_version_range?;
    let (kind, version) = match (said.strip_prefix("<="), said.strip_prefix('<')) {
        (Some(version), _) => (EventKind::LastAffected, version),
        (None, Some(version)) => (EventKind::Fixed, version),
        (None, None) => return None,
    };
    let version = version.trim().to_owned();
    (!version.is_empty() && !version.contains(',')).then_some(Event { kind, version })
}

/// GitHub says apart where a range ends that has no end in its events.
fn close(row: &mut Affected, last: Event) {
    let is_open = |range: &&mut Range| {
        range.kind != RangeKind::Git && range.events.iter().all(|event| event.kind == EventKind::Introduced)
    };
    let mut open: Vec<&mut Range> = row.ranges.iter_mut().filter(is_open).collect();
    if let [range] = open.as_mut_slice() {
        range.events.push(last);
    }
}

fn events(point: Point) -> impl Iterator<Item = Event> {
    [
        (EventKind::Introduced, point.introduced),
        (EventKind::Fixed, point.fixed),
        (EventKind::LastAffected, point.last_affected),
        (EventKind::Limit, point.limit),
    ]
    .into_iter()
    .filter_map(|(kind, version)| Some(Event { kind, version: version? }))
}
