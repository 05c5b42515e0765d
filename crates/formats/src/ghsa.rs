//! Advisories as GitHub's API gives them, one or a list. Its database in git is written in OSV.
//!
//! Authority: docs.github.com, REST API, "Global security advisories" and "Repository security
//! advisories": ranges are comparisons joined by commas (`>= 1.0, < 1.2`).

use crate::lenient::{nullable, time};
use crate::read::{ReadError, parse};
use crate::record::{
    Affected, Credit, Event, EventKind, Range, RangeKind, Record, Reference, Source, State, Status,
    VersionEntry,
};
use crate::{cvss, weakness};
use jiff::Timestamp;
use serde::Deserialize;

/// Reads the advisories of a document that has passed the door.
pub(crate) fn read(text: &str) -> Result<Vec<Record>, ReadError> {
    let advisories: Vec<Advisory> =
        if text.trim_start().starts_with('[') { parse(text)? } else { vec![parse(text)?] };
    Ok(advisories.into_iter().map(record).collect())
}

#[derive(Deserialize)]
struct Advisory {
    ghsa_id: String,
    cve_id: Option<String>,
    html_url: Option<String>,
    summary: Option<String>,
    description: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    identifiers: Vec<Identifier>,
    #[serde(default, deserialize_with = "nullable")]
    references: Vec<String>,
    #[serde(default, deserialize_with = "time")]
    published_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "time")]
    updated_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "time")]
    withdrawn_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "nullable")]
    vulnerabilities: Vec<Vulnerability>,
    cvss: Option<Cvss>,
    cvss_severities: Option<Severities>,
    #[serde(default, deserialize_with = "nullable")]
    cwes: Vec<Weakness>,
    #[serde(default, deserialize_with = "nullable")]
    credits: Vec<Thanks>,
}

#[derive(Deserialize)]
struct Identifier {
    #[serde(default, deserialize_with = "nullable")]
    value: String,
}

#[derive(Deserialize)]
struct Vulnerability {
    package: Option<Package>,
    vulnerable_version_range: Option<String>,
}

#[derive(Deserialize)]
struct Package {
    ecosystem: Option<String>,
    name: Option<String>,
}

#[derive(Deserialize)]
struct Severities {
    cvss_v3: Option<Cvss>,
    cvss_v4: Option<Cvss>,
}

#[derive(Deserialize)]
struct Cvss {
    vector_string: Option<String>,
    score: Option<f64>,
}

#[derive(Deserialize)]
struct Weakness {
    #[serde(default, deserialize_with = "nullable")]
    cwe_id: String,
}

#[derive(Deserialize)]
struct Thanks {
    user: Option<User>,
    login: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

#[derive(Deserialize)]
struct User {
    login: Option<String>,
}

fn record(advisory: Advisory) -> Record {
    let mut aliases: Vec<String> = Vec::new();
    let others = advisory.identifiers.into_iter().map(|identifier| identifier.value);
    for other in advisory.cve_id.into_iter().chain(others) {
        if !other.is_empty() && other != advisory.ghsa_id && !aliases.contains(&other) && aliases.len() < 20 {
            aliases.push(other);
        }
    }
    let mut weaknesses = Vec::new();
    for cwe in &advisory.cwes {
        weakness::collect(&mut weaknesses, &cwe.cwe_id);
    }
    let scores = match advisory.cvss_severities {
        Some(Severities { cvss_v3, cvss_v4 }) => vec![cvss_v4, cvss_v3],
        None => vec![advisory.cvss],
    };
    let links = advisory.html_url.into_iter().chain(advisory.references);
    Record {
        id: advisory.ghsa_id,
        source: Source::Ghsa,
        aliases,
        title: advisory.summary.filter(|line| !line.is_empty()),
        details: advisory.description.filter(|text| !text.is_empty()),
        published: advisory.published_at,
        modified: advisory.updated_at,
        withdrawn: advisory.withdrawn_at,
        state: if advisory.withdrawn_at.is_some() { State::Withdrawn } else { State::Published },
        severities: scores.into_iter().flatten().filter_map(severity).collect(),
        weaknesses,
        affected: advisory.vulnerabilities.into_iter().map(row).collect(),
        references: links.map(|url| Reference { url, ..Reference::default() }).collect(),
        credits: advisory.credits.into_iter().filter_map(credit).collect(),
        ..Record::default()
    }
}

fn severity(cvss: Cvss) -> Option<crate::record::Severity> {
    let vector = cvss.vector_string.filter(|vector| !vector.is_empty())?;
    let version = match vector.get(..9) {
        Some("CVSS:4.0/") => "4.0",
        Some("CVSS:3.0/") => "3.0",
        _ => "3.1",
    };
    Some(cvss::severity(vector, version, cvss.score, Some("GitHub".to_owned())))
}

fn credit(thanks: Thanks) -> Option<Credit> {
    let name = thanks.login.or(thanks.user?.login)?;
    Some(Credit { name, kind: thanks.kind })
}

/// GitHub's names of ecosystems in those of OSV.
const ECOSYSTEMS: [(&str, &str); 12] = [
    ("actions", "GitHub Actions"),
    ("composer", "Packagist"),
    ("erlang", "Hex"),
    ("go", "Go"),
    ("maven", "Maven"),
    ("npm", "npm"),
    ("nuget", "NuGet"),
    ("pip", "PyPI"),
    ("pub", "Pub"),
    ("rubygems", "RubyGems"),
    ("rust", "crates.io"),
    ("swift", "SwiftURL"),
];

fn row(vulnerability: Vulnerability) -> Affected {
    let (ecosystem, package) = match vulnerability.package {
        Some(package) => (package.ecosystem, package.name),
        None => (None, None),
    };
    let ecosystem = ecosystem.map(|given| {
        let known = ECOSYSTEMS.iter().find(|(name, _)| name.eq_ignore_ascii_case(&given));
        known.map_or(given, |(_, name)| (*name).to_owned())
    });
    let row = Affected { ecosystem, package, ..Affected::default() };
    let text = vulnerability.vulnerable_version_range.unwrap_or_default();
    match comparisons(&text).as_deref() {
        Some([("=", version)]) => Affected { versions: vec![(*version).to_owned()], ..row },
        Some(bounds) if bounds.iter().all(|(sign, _)| matches!(*sign, ">=" | "<" | "<=")) => {
            Affected { ranges: vec![range(bounds)], ..row }
        }
        // OSV has no word for "after this version", and vers has; the rest is kept as it is: nobody can tell.
        bounds => {
            let vers = bounds.and_then(|bounds| vers(row.ecosystem.as_deref()?, bounds));
            let version_type = if vers.is_some() { "vers" } else { "github" };
            let entry = VersionEntry {
                version: vers.unwrap_or(text),
                status: Status::Affected,
                version_type: Some(version_type.to_owned()),
                ..VersionEntry::default()
            };
            Affected { version_entries: vec![entry], default_status: Some(Status::Unknown), ..row }
        }
    }
}

/// Comparisons as a range of the vers specification, where their versions need no encoding there.
fn vers(ecosystem: &str, bounds: &[(&str, &str)]) -> Option<String> {
    let is_plain =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_~".contains(&byte));
    let is_good = is_plain(ecosystem) && bounds.iter().all(|(_, version)| is_plain(version));
    let one = |(sign, version): &(&str, &str)| format!("{}{version}", if *sign == "=" { "" } else { sign });
    let all: Vec<String> = bounds.iter().map(one).collect();
    is_good.then(|| format!("vers:{}/{}", ecosystem.to_ascii_lowercase(), all.join("|")))
}

/// The comparisons of a range, sign and version; none if there is anything else in it.
fn comparisons(text: &str) -> Option<Vec<(&str, &str)>> {
    let parts: Vec<_> = text.split(',').map(comparison).collect::<Option<_>>()?;
    (!parts.is_empty() && parts.len() <= 4).then_some(parts)
}

fn comparison(part: &str) -> Option<(&str, &str)> {
    let part = part.trim();
    let sign = ["<=", ">=", "<", ">", "="].into_iter().find(|sign| part.starts_with(sign))?;
    let version = part.get(sign.len()..)?.trim();
    (!version.is_empty()).then_some((sign, version))
}

fn range(bounds: &[(&str, &str)]) -> Range {
    let mut events: Vec<Event> = Vec::new();
    if !bounds.iter().any(|(sign, _)| *sign == ">=") {
        events.push(Event { kind: EventKind::Introduced, version: "0".to_owned() });
    }
    for (sign, version) in bounds {
        let kind = match *sign {
            ">=" => EventKind::Introduced,
            "<" => EventKind::Fixed,
            _ => EventKind::LastAffected,
        };
        events.push(Event { kind, version: (*version).to_owned() });
    }
    Range { kind: RangeKind::Ecosystem, repo: None, events }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_become_events_where_there_is_a_word_for_them() {
        let shown = |text: &str| {
            let package = Some(Package { ecosystem: Some("npm".to_owned()), name: None });
            let row = row(Vulnerability { package, vulnerable_version_range: Some(text.to_owned()) });
            let events = row.ranges.iter().flat_map(|range| &range.events);
            let events = events.map(|event| format!("{:?} {}", event.kind, event.version));
            let entries = row.version_entries.iter().map(|entry| format!("entry {}", entry.version));
            let listed = row.versions.iter().cloned();
            events.chain(entries).chain(listed).collect::<Vec<_>>().join("; ")
        };
        for (text, expected) in [
            (">= 1.0, < 1.2", "Introduced 1.0; Fixed 1.2"),
            ("< 2", "Introduced 0; Fixed 2"),
            ("<= 3.1-rc1", "Introduced 0; LastAffected 3.1-rc1"),
            (">= 0", "Introduced 0"),
            ("= 1.2.3", "1.2.3"),
            ("> 1.0, <= 2", "entry vers:npm/>1.0|<=2"),
            ("> 1.0+x, < 2", "entry > 1.0+x, < 2"),
            ("all of them", "entry all of them"),
            ("", "entry "),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
