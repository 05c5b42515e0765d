//! An advisory as an OSV record.
//!
//! The record speaks of packages only: products without a package have no place in OSV. Its id has
//! the prefix `x_` unless the centre's prefix is registered with OSV, because the schema refuses
//! other ids; the id without it stands among the aliases. One CVE id is an alias; of several, each
//! is `upstream`, because aliases of one record count as the same flaw.

use super::ecosystem::is_registered;
use crate::advisory::check::errors;
use crate::advisory::{
    Acknowledgement, Advisory, CreditKind, Finding, Format, LinkKind, Product, Versions, Which,
};
use crate::cvss::{self, Version};
use crate::record::Status;
use jiff::Timestamp;
use serde::Serialize;

/// The version of the format that is written.
const SCHEMA_VERSION: &str = "1.7.0";

/// Writes the record.
///
/// # Errors
/// What stands in the way, if anything does.
pub fn render(advisory: &Advisory) -> Result<String, Vec<Finding>> {
    let findings = errors(advisory, Format::Osv);
    if !findings.is_empty() {
        return Err(findings);
    }
    Ok(crate::json::pretty(&record(advisory)))
}

/// The id that the record has in OSV.
#[must_use]
pub fn id(advisory: &Advisory) -> String {
    if is_registered(&advisory.id) { advisory.id.clone() } else { format!("x_{}", advisory.id) }
}

#[derive(Serialize)]
struct Record<'a> {
    schema_version: &'static str,
    id: String,
    modified: Timestamp,
    published: Timestamp,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    upstream: &'a [String],
    summary: &'a str,
    details: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    severity: Vec<Severity<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    affected: Vec<Affected<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    references: Vec<Reference<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    credits: Vec<Credit>,
    database_specific: DatabaseSpecific<'a>,
}

#[derive(Serialize)]
struct Severity<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    score: &'a str,
}

#[derive(Serialize)]
struct Affected<'a> {
    package: Package<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ranges: Vec<Range<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    versions: Vec<&'a str>,
}

#[derive(Serialize)]
struct Package<'a> {
    ecosystem: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    purl: Option<&'a str>,
}

#[derive(Serialize)]
struct Range<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    events: Vec<Event<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Event<'a> {
    Introduced(&'a str),
    Fixed(&'a str),
    LastAffected(&'a str),
}

#[derive(Serialize)]
struct Reference<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    url: &'a str,
}

#[derive(Serialize)]
struct Credit {
    name: String,
    #[serde(rename = "type")]
    kind: &'static str,
}

/// What OSV has no field for.
#[derive(Serialize)]
struct DatabaseSpecific<'a> {
    publisher: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cwe_ids: Vec<&'a str>,
    exploited: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    ssvc: Option<&'a str>,
}

fn record(advisory: &Advisory) -> Record<'_> {
    let id = id(advisory);
    let bare = (id != advisory.id).then_some(advisory.id.as_str());
    let (same, upstream) =
        if advisory.cves.len() == 1 { advisory.cves.split_at(1) } else { advisory.cves.split_at(0) };
    let others = same.iter().chain(&advisory.aliases).map(String::as_str);
    let details: Vec<&str> = [Some(advisory.summary.as_str()), Some(&advisory.description)]
        .into_iter()
        .chain([advisory.impact.as_deref()])
        .flatten()
        .collect();
    Record {
        schema_version: SCHEMA_VERSION,
        modified: advisory.current_release,
        published: advisory.initial_release,
        aliases: bare.into_iter().chain(others).filter(|alias| *alias != id).collect(),
        upstream,
        id,
        summary: &advisory.title,
        details: details.join("\n\n"),
        severity: advisory.severities.iter().filter_map(|severity| score(&severity.vector)).collect(),
        affected: advisory.products.iter().filter_map(affected).collect(),
        references: advisory
            .references
            .iter()
            .map(|link| Reference { kind: reference_kind(link.kind), url: &link.url })
            .collect(),
        credits: advisory.acknowledgements.iter().filter_map(credit).collect(),
        database_specific: DatabaseSpecific {
            publisher: &advisory.publisher.name,
            cwe_ids: advisory.weaknesses.iter().map(|weakness| weakness.id.as_str()).collect(),
            exploited: advisory.exploited.is_some(),
            ssvc: advisory.ssvc.as_deref(),
        },
    }
}

fn score(vector: &str) -> Option<Severity<'_>> {
    let kind = match cvss::score(vector).ok()?.version {
        Version::V20 => "CVSS_V2",
        Version::V30 | Version::V31 => "CVSS_V3",
        Version::V40 => "CVSS_V4",
    };
    Some(Severity { kind, score: vector })
}

/// None without a package, and none without an affected version: an entry without ranges and
/// versions would be read as "every version".
fn affected(product: &Product) -> Option<Affected<'_>> {
    let package = product.package.as_ref()?;
    let mut affected = Affected {
        package: Package {
            ecosystem: &package.ecosystem,
            name: &package.name,
            purl: package.purl.as_deref(),
        },
        ranges: Vec::new(),
        versions: Vec::new(),
    };
    for versions in product.versions.iter().filter(|versions| versions.status == Status::Affected) {
        match &versions.which {
            // Ranges of commits need a repository, which an advisory does not name.
            _ if versions.version_type.as_deref() == Some("git") => {}
            Which::Exact(version) if affected.versions.contains(&version.as_str()) => {}
            Which::Exact(version) => affected.versions.push(version),
            _ => affected.ranges.push(range(versions)),
        }
    }
    (!affected.ranges.is_empty() || !affected.versions.is_empty()).then_some(affected)
}

fn range(versions: &Versions) -> Range<'_> {
    let (from, end) = match &versions.which {
        Which::All | Which::Exact(_) => (None, None),
        Which::From(version) => (Some(version), None),
        Which::Before { introduced, fixed } => (introduced.as_ref(), Some(Event::Fixed(fixed))),
        Which::UpTo { introduced, last_affected } => {
            (introduced.as_ref(), Some(Event::LastAffected(last_affected)))
        }
    };
    let kind = if versions.version_type.as_deref() == Some("semver") { "SEMVER" } else { "ECOSYSTEM" };
    let from = Event::Introduced(from.map_or("0", String::as_str));
    Range { kind, events: std::iter::once(from).chain(end).collect() }
}

fn reference_kind(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::Canonical | LinkKind::Advisory => "ADVISORY",
        LinkKind::Article => "ARTICLE",
        LinkKind::Detection => "DETECTION",
        LinkKind::Discussion => "DISCUSSION",
        LinkKind::Report => "REPORT",
        LinkKind::Fix => "FIX",
        LinkKind::Introduced => "INTRODUCED",
        LinkKind::Package => "PACKAGE",
        LinkKind::Evidence => "EVIDENCE",
        LinkKind::Web => "WEB",
    }
}

fn credit(thanks: &Acknowledgement) -> Option<Credit> {
    let kind = match thanks.kind {
        CreditKind::Finder => "FINDER",
        CreditKind::Reporter => "REPORTER",
        CreditKind::Analyst => "ANALYST",
        CreditKind::Coordinator => "COORDINATOR",
        CreditKind::RemediationDeveloper => "REMEDIATION_DEVELOPER",
        CreditKind::RemediationReviewer => "REMEDIATION_REVIEWER",
        CreditKind::RemediationVerifier => "REMEDIATION_VERIFIER",
        CreditKind::Tool => "TOOL",
        CreditKind::Sponsor => "SPONSOR",
        CreditKind::Other => "OTHER",
    };
    Some(Credit { name: thanks.who()?, kind })
}
