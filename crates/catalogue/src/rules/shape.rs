//! A record in OSV's shape, for records that came as something else.
//!
//! Only what OSV can say truly is said in its own fields. Versions of products that have no
//! package, and entries whose status OSV has no word for, stand in `database_specific`, in the
//! words of their source.

use super::statement::packages;
use formats::record::{self, Affected, EventKind, RangeKind, Record, Status, VersionEntry};
use jiff::Timestamp;
use serde::Serialize;
use std::borrow::Cow;

const SCHEMA_VERSION: &str = "1.7.3";

/// The record as OSV JSON. `seen` stands in for a date of change where the source has none.
pub fn osv_shape(record: &Record, source: &str, seen: Timestamp) -> Vec<u8> {
    let modified = record.modified.or(record.published).or(record.withdrawn).unwrap_or(seen);
    let is_withdrawn = record.state != record::State::Published;
    let shape = Shape {
        schema_version: SCHEMA_VERSION,
        id: &record.id,
        modified,
        published: record.published,
        // OSV has no other way to say that a record no longer stands.
        withdrawn: record.withdrawn.or(is_withdrawn.then_some(modified)),
        aliases: &record.aliases,
        upstream: &record.upstream,
        related: &record.related,
        summary: record.title.as_deref().or(record.summary.as_deref()),
        details: record.details.as_deref().or(record.summary.as_deref()),
        severity: record.severities.iter().filter_map(score).collect(),
        affected: record.affected.iter().map(row).collect(),
        references: record.references.iter().filter_map(link).collect(),
        credits: record.credits.iter().filter(|credit| !credit.name.is_empty()).map(thanks).collect(),
        database_specific: Specific {
            source,
            cwe_ids: &record.weaknesses,
            exploited: record.exploited.as_ref(),
            ssvc: &record.decisions,
            remedies: &record.remedies,
        },
    };
    // Writing plain structs into memory has no way to fail.
    serde_json::to_vec(&shape).unwrap_or_default()
}

#[derive(Serialize)]
struct Shape<'a> {
    schema_version: &'a str,
    id: &'a str,
    modified: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn: Option<Timestamp>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    aliases: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    upstream: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    related: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    severity: Vec<Score<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    affected: Vec<Row<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    references: Vec<Link<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    credits: Vec<Thanks<'a>>,
    database_specific: Specific<'a>,
}

#[derive(Serialize)]
struct Specific<'a> {
    /// The format that the record came in.
    source: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    cwe_ids: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    exploited: Option<&'a record::Exploited>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    ssvc: &'a [record::Decision],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    remedies: &'a [record::Remedy],
}

#[derive(Serialize, PartialEq)]
struct Score<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    score: &'a str,
}

/// OSV takes vectors only; a bare word or number has no place in it.
fn score(severity: &record::Severity) -> Option<Score<'_>> {
    let vector = severity.vector.as_str();
    let kind = match severity.version.as_str() {
        "2.0" if vector.starts_with("AV:") => "CVSS_V2",
        "3.0" | "3.1" if vector.starts_with("CVSS:3.") => "CVSS_V3",
        "4.0" if vector.starts_with("CVSS:4.0/") => "CVSS_V4",
        _ => return None,
    };
    Some(Score { kind, score: vector })
}

#[derive(Serialize)]
struct Link<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    url: &'a str,
}

fn link(reference: &record::Reference) -> Option<Link<'_>> {
    let kinds = [
        ("vendor-advisory", "ADVISORY"),
        ("third-party-advisory", "ADVISORY"),
        ("advisory", "ADVISORY"),
        ("patch", "FIX"),
        ("fix", "FIX"),
        ("issue-tracking", "REPORT"),
        ("report", "REPORT"),
        ("exploit", "EVIDENCE"),
        ("evidence", "EVIDENCE"),
        ("technical-description", "ARTICLE"),
        ("article", "ARTICLE"),
        ("mailing-list", "DISCUSSION"),
        ("package", "PACKAGE"),
    ];
    let known = |word: &str| kinds.iter().find(|(tag, _)| word == *tag).map(|(_, kind)| *kind);
    let kind = reference.kind.iter().find_map(|word| known(word)).unwrap_or("WEB");
    reference.url.contains("://").then_some(Link { kind, url: &reference.url })
}

#[derive(Serialize)]
struct Thanks<'a> {
    name: &'a str,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
}

fn thanks(credit: &record::Credit) -> Thanks<'_> {
    const KINDS: [&str; 10] = [
        "FINDER",
        "REPORTER",
        "ANALYST",
        "COORDINATOR",
        "REMEDIATION_DEVELOPER",
        "REMEDIATION_REVIEWER",
        "REMEDIATION_VERIFIER",
        "TOOL",
        "SPONSOR",
        "OTHER",
    ];
    let kind = credit.kind.as_ref().map(|kind| kind.to_uppercase().replace([' ', '-'], "_"));
    Thanks { name: &credit.name, kind: kind.filter(|kind| KINDS.contains(&kind.as_str())) }
}

#[derive(Serialize)]
struct Row<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    package: Option<Name<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ranges: Vec<Span<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    versions: Vec<&'a str>,
    database_specific: Rest<'a>,
}

#[derive(Serialize)]
struct Name<'a> {
    ecosystem: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    purl: Option<Cow<'a, str>>,
}

#[derive(Serialize)]
struct Span<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    repo: Option<&'a str>,
    events: Vec<Point<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Point<'a> {
    Introduced(&'a str),
    Fixed(&'a str),
    LastAffected(&'a str),
    Limit(&'a str),
}

/// What OSV's own fields do not say of a row.
#[derive(Serialize)]
struct Rest<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    cpes: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    platforms: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    version_entries: &'a [VersionEntry],
    #[serde(skip_serializing_if = "Option::is_none")]
    default_status: Option<Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stated_by: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    vulnerabilities: &'a [String],
}

fn row(row: &Affected) -> Row<'_> {
    let package = packages(row).into_iter().next();
    let (mut ranges, mut versions) = (Vec::new(), Vec::new());
    ranges.extend(row.ranges.iter().filter_map(range));
    versions.extend(row.versions.iter().map(String::as_str));
    if package.is_some() && is_plain(row) {
        for entry in &row.version_entries {
            match span(entry) {
                Some(span) => ranges.push(span),
                None => versions.push(entry.version.as_str()),
            }
        }
    }
    let name = |package: super::Package| Name {
        ecosystem: package.ecosystem.to_string(),
        name: row.package.clone().unwrap_or(package.key),
        purl: row.purl.as_deref().map(without_version),
    };
    Row {
        package: package.map(name),
        ranges,
        versions,
        database_specific: Rest {
            vendor: row.vendor.as_deref(),
            product: row.product.as_deref(),
            cpes: &row.cpes,
            platforms: &row.platforms,
            version_entries: &row.version_entries,
            default_status: row.default_status,
            stated_by: row.source.as_deref(),
            vulnerabilities: &row.vulnerabilities,
        },
    }
}

/// OSV schema, `affected[].package`: "the `purl` field should not contain a `@version`", since the versions
/// stand beside it.
fn without_version(purl: &str) -> Cow<'_, str> {
    let (path, behind) = purl.split_at(purl.find(['?', '#']).unwrap_or(purl.len()));
    // A scope may begin with the same sign: `pkg:npm/@scope/name`.
    match path.rsplit_once('@') {
        Some((package, version)) if !version.contains('/') && !package.ends_with('/') => {
            Cow::Owned(format!("{package}{behind}"))
        }
        _ => Cow::Borrowed(purl),
    }
}

/// Whether OSV's spans say all that the entries say: each one affected, all else not.
fn is_plain(row: &Affected) -> bool {
    let is_affected = |entry: &VersionEntry| {
        let ends = [&entry.less_than, &entry.less_than_or_equal];
        entry.status == Status::Affected
            && entry.changes.is_empty()
            && entry.version_type.as_deref() != Some("git")
            && !ends.into_iter().flatten().any(|end| end.contains('*'))
    };
    row.default_status != Some(Status::Affected) && row.version_entries.iter().all(is_affected)
}

fn span(entry: &VersionEntry) -> Option<Span<'_>> {
    let end = match (&entry.less_than, &entry.less_than_or_equal) {
        (Some(end), _) => Point::Fixed(end),
        (None, Some(end)) => Point::LastAffected(end),
        (None, None) => return None,
    };
    let from = match entry.version.as_str() {
        "unspecified" | "*" | "n/a" | "" => "0",
        from => from,
    };
    let kind = if entry.version_type.as_deref() == Some("semver") { "SEMVER" } else { "ECOSYSTEM" };
    Some(Span { kind, repo: None, events: vec![Point::Introduced(from), end] })
}

fn range(range: &record::Range) -> Option<Span<'_>> {
    let kind = match range.kind {
        RangeKind::Semver => "SEMVER",
        RangeKind::Ecosystem => "ECOSYSTEM",
        RangeKind::Git => "GIT",
        RangeKind::Other => return None,
    };
    let point = |event: &'_ record::Event| match event.kind {
        EventKind::Introduced => Point::Introduced,
        EventKind::Fixed => Point::Fixed,
        EventKind::LastAffected => Point::LastAffected,
        EventKind::Limit => Point::Limit,
    };
    let events = range.events.iter().map(|event| point(event)(event.version.as_str()));
    Some(Span { kind, repo: range.repo.as_deref(), events: events.collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(record: &Record) -> serde_json::Value {
        serde_json::from_slice(&osv_shape(record, "CVE JSON 5", Timestamp::UNIX_EPOCH)).unwrap()
    }

    #[test]
    fn a_package_gets_ranges_and_a_product_keeps_its_words() {
        let entry = |end: Option<&str>| VersionEntry {
            version: "1.0".into(),
            less_than: end.map(str::to_owned),
            status: Status::Affected,
            version_type: Some("semver".into()),
            ..Default::default()
        };
        let entries = vec![entry(Some("1.5")), entry(None)];
        let package = Affected {
            purl: Some("pkg:npm/left-pad".into()),
            version_entries: entries.clone(),
            ..Default::default()
        };
        let product =
            Affected { product: Some("Router".into()), version_entries: entries, ..Default::default() };
        let record =
            Record { id: "CVE-2024-1".into(), affected: vec![package, product], ..Record::default() };
        let shape = shape(&record);
        assert_eq!(
            shape["affected"][0]["package"],
            serde_json::json!({"ecosystem": "npm", "name": "left-pad", "purl": "pkg:npm/left-pad"})
        );
        assert_eq!(
            shape["affected"][0]["ranges"],
            serde_json::json!([{"type": "SEMVER", "events": [{"introduced": "1.0"}, {"fixed": "1.5"}]}])
        );
        assert_eq!(shape["affected"][0]["versions"], serde_json::json!(["1.0"]));
        assert!(
            shape["affected"][1].get("package").is_none() && shape["affected"][1].get("ranges").is_none()
        );
        assert_eq!(shape["affected"][1]["database_specific"]["product"], "Router");
        assert_eq!(shape["modified"], "1970-01-01T00:00:00Z");
    }

    /// OSV schema, `affected[].package`: "the `purl` field should not contain a `@version`".
    #[test]
    fn the_package_url_of_a_package_has_no_version() {
        for (given, expected) in [
            ("pkg:npm/left-pad@1.0.0", "pkg:npm/left-pad"),
            ("pkg:npm/%40acme/pad@1.0?arch=x#a/b@c", "pkg:npm/%40acme/pad?arch=x#a/b@c"),
            ("pkg:npm/@acme/pad", "pkg:npm/@acme/pad"),
            ("pkg:npm/@acme/pad@2", "pkg:npm/@acme/pad"),
            ("pkg:pypi/django", "pkg:pypi/django"),
        ] {
            let row = Affected { purl: Some(given.into()), ..Affected::default() };
            let record = Record { id: "CVE-2024-1".into(), affected: vec![row], ..Record::default() };
            assert_eq!(shape(&record)["affected"][0]["package"]["purl"], expected, "{given}");
        }
    }

    #[test]
    fn what_osv_has_no_word_for_is_not_bent_into_it() {
        let unaffected =
            VersionEntry { version: "2".into(), status: Status::NotAffected, ..Default::default() };
        let row = Affected {
            purl: Some("pkg:npm/x".into()),
            default_status: Some(Status::Affected),
            version_entries: vec![unaffected],
            ..Default::default()
        };
        let severity =
            record::Severity { vector: "high".into(), version: "3.1".into(), ..Default::default() };
        let remedy = record::Remedy { text: "Update.".into(), ..Default::default() };
        let record = Record {
            id: "CVE-2024-1".into(),
            state: record::State::Rejected,
            affected: vec![row],
            severities: vec![severity],
            remedies: vec![remedy],
            ..Record::default()
        };
        let shape = shape(&record);
        assert_eq!(shape["database_specific"]["remedies"][0]["text"], "Update.");
        assert!(shape["affected"][0].get("ranges").is_none());
        assert!(shape.get("severity").is_none());
        assert_eq!(shape["withdrawn"], "1970-01-01T00:00:00Z");
    }
}
