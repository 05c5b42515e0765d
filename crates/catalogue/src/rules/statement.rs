//! What a record says of the versions of one package, in the shape that the one matcher reads.

use super::package::Package;
use formats::record::{self, EventKind, RangeKind};
use serde::{Deserialize, Serialize};
use versions::cpe::{Applicability, Attribute, Configuration, Cpe, Node, Operator, Value};
use versions::cve::{self, Product};
use versions::{Affected, Ecosystem, Purl, Subject, Verdict};

/// A record's statement about versions. With `S = &str` it is a borrowed view of stored text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Statement<S> {
    /// Ranges and lists, as OSV writes them.
    #[serde(bound(deserialize = "S: Deserialize<'de>"))]
    Osv(Affected<S>),
    /// Entries with a status each, as CVE and CSAF write them.
    #[serde(bound(deserialize = "S: Deserialize<'de>"))]
    Cve(Product<S>),
    /// Names of products that belong together, as NVD writes them.
    Cpe(Vec<Configuration>),
}

/// The answer to "am I affected?", as far as one statement goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The statement covers the version.
    Affected,
    /// What is at hand does not decide it.
    Unknown,
    /// The statement does not cover the version.
    NotAffected,
}

/// What one statement says of a version. Of several statements of a record about one product the first in this
/// order counts: documents have a row for each version, and a row about one version is no doubt about another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stance {
    Affected,
    /// It may be meant, and nobody can tell.
    Doubt,
    /// This very version is said not to be affected, or to be fixed.
    Denied,
    /// Nothing.
    Silent,
    /// It is outside of what is affected.
    NotAffected,
}

impl Stance {
    pub(crate) fn answer(self) -> Answer {
        match self {
            Self::Affected => Answer::Affected,
            Self::Doubt | Self::Silent => Answer::Unknown,
            Self::Denied | Self::NotAffected => Answer::NotAffected,
        }
    }

    /// As the matcher decides for packages.
    pub(crate) fn of_verdict(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Yes(_) => Self::Affected,
            Verdict::No => Self::NotAffected,
            Verdict::Unknown => Self::Doubt,
        }
    }

    /// As a CVE record says of a product.
    pub(crate) fn of_decision(decision: cve::Decision) -> Self {
        match (decision.status, decision.entry) {
            (cve::Status::Affected, _) => Self::Affected,
            (cve::Status::Unaffected, Some(_)) => Self::Denied,
            (cve::Status::Unaffected, None) => Self::NotAffected,
            (cve::Status::Unknown, None) if !decision.in_doubt => Self::Silent,
            (cve::Status::Unknown, _) => Self::Doubt,
        }
    }
}

impl<S: AsRef<str>> Statement<S> {
    /// Whether this version is affected. Without an ecosystem only CVE's own orders count.
    pub(crate) fn stance(&self, ecosystem: Option<&Ecosystem>, version: &str) -> Stance {
        match self {
            Self::Osv(affected) if affected.ranges.is_empty() && affected.versions.is_empty() => {
                Stance::Doubt
            }
            Self::Osv(affected) => {
                let git = Ecosystem::parse("GIT");
                let Some(ecosystem) = ecosystem.or(git.as_ref()) else { return Stance::Doubt };
                Stance::of_verdict(Subject::new(ecosystem, version).affected(affected))
            }
            Self::Cve(product) => Stance::of_decision(cve::decide(product, version)),
            // A version alone names no product.
            Self::Cpe(_) => Stance::Doubt,
        }
    }

    /// Whether one of these is affected: names of what is installed together, or of one product.
    pub(crate) fn stance_of(&self, installed: &[Cpe], product: &Cpe) -> Stance {
        match (self, product.get(Attribute::Version)) {
            (Self::Cpe(configurations), _) => {
                let answer = match installed {
                    [product] => Applicability::of_product(configurations, product),
                    several => Applicability::of(configurations, several),
                };
                match answer {
                    Applicability::Yes(_) => Stance::Affected,
                    Applicability::No => Stance::NotAffected,
                    Applicability::Unknown => Stance::Doubt,
                }
            }
            (_, Value::Text(version)) if version.is_plain() => self.stance(None, &version.body),
            _ => Stance::Doubt,
        }
    }
}

/// The statement of a row, if it says anything about versions: with `S = &str` in the row's own texts.
pub(crate) fn statement<'r, S: From<&'r str>>(row: &'r record::Affected) -> Option<Statement<S>> {
    if !row.ranges.is_empty() || !row.versions.is_empty() {
        let ranges = row.ranges.iter().filter_map(range).collect();
        let versions = row.versions.iter().map(|version| version.as_str().into()).collect();
        return Some(Statement::Osv(Affected { ranges, versions }));
    }
    if row.version_entries.is_empty() && row.default_status.is_none() {
        return None;
    }
    let versions = row.version_entries.iter().map(entry).collect();
    let default_status = row.default_status.map_or(cve::Status::Unknown, status);
    Some(Statement::Cve(Product { versions, default_status }))
}

/// The configurations of a record by the product that each makes vulnerable. One with a name that
/// nobody can read says nothing certain, so that it is a doubt.
pub(crate) fn configurations(record: &record::Record) -> Vec<(Package, Statement<String>)> {
    let mut filed: Vec<(Package, Statement<String>)> = Vec::new();
    for given in &record.configurations {
        let read = configuration(given);
        let criteria = given.nodes.iter().flat_map(|node| &node.criteria);
        for criterion in criteria.filter(|criterion| criterion.vulnerable) {
            let Some(package) = criterion.name.parse().ok().and_then(|name| Package::of_cpe(&name)) else {
                continue;
            };
            let place = filed.iter().position(|(known, _)| *known == package);
            match (place.and_then(|place| filed.get_mut(place)), &read) {
                (Some((_, Statement::Cpe(all))), Some(read)) if all.last() != Some(read) => {
                    all.push(read.clone())
                }
                (Some((_, Statement::Cpe(_))), Some(_)) | (Some((_, Statement::Osv(_))), _) => {}
                (Some((_, said)), _) => *said = nothing(),
                (None, Some(read)) => filed.push((package, Statement::Cpe(vec![read.clone()]))),
                (None, None) => filed.push((package, nothing())),
            }
        }
    }
    filed
}

/// A statement that is a doubt about every version.
fn nothing() -> Statement<String> {
    Statement::Osv(Affected { ranges: Vec::new(), versions: Vec::new() })
}

fn configuration(given: &record::Configuration) -> Option<Configuration> {
    let operator = |all: bool| if all { Operator::And } else { Operator::Or };
    let node = |given: &record::Node| {
        let cpe_match = given.criteria.iter().map(super::nvd::as_compared).collect::<Option<_>>()?;
        Some(Node { operator: operator(given.all), negate: given.negate, cpe_match })
    };
    let nodes = given.nodes.iter().map(node).collect::<Option<_>>()?;
    Some(Configuration { operator: operator(given.all), negate: given.negate, nodes })
}

pub(super) fn range<'r, S: From<&'r str>>(range: &'r record::Range) -> Option<versions::Range<S>> {
    let kind = match range.kind {
        RangeKind::Semver => versions::RangeKind::Semver,
        RangeKind::Ecosystem => versions::RangeKind::Ecosystem,
        RangeKind::Git => versions::RangeKind::Git,
        RangeKind::Other => return None,
    };
    let events = range.events.iter().map(|event| {
        let version = event.version.as_str().into();
        match event.kind {
            EventKind::Introduced => versions::Event::Introduced(version),
            EventKind::Fixed => versions::Event::Fixed(version),
            EventKind::LastAffected => versions::Event::LastAffected(version),
            EventKind::Limit => versions::Event::Limit(version),
        }
    });
    Some(versions::Range { kind, events: events.collect() })
}

fn entry<'r, S: From<&'r str>>(entry: &'r record::VersionEntry) -> cve::Entry<S> {
    let change = |change: &'r record::Change| cve::Change {
        at: change.at.as_str().into(),
        status: status(change.status),
    };
    let text = |text: &'r Option<String>| text.as_deref().map(S::from);
    cve::Entry {
        version: entry.version.as_str().into(),
        status: status(entry.status),
        version_type: text(&entry.version_type),
        less_than: text(&entry.less_than),
        less_than_or_equal: text(&entry.less_than_or_equal),
        changes: entry.changes.iter().map(change).collect(),
    }
}

fn status(status: record::Status) -> cve::Status {
    match status {
        record::Status::Affected => cve::Status::Affected,
        record::Status::NotAffected | record::Status::Fixed => cve::Status::Unaffected,
        record::Status::UnderInvestigation | record::Status::Unknown => cve::Status::Unknown,
    }
}

/// The packages that a row is about: by name, by package URL, by where CVE says it is collected.
pub(crate) fn packages(row: &record::Affected) -> Vec<Package> {
    let name = row.package.as_deref().unwrap_or_default();
    let ecosystem = row.ecosystem.as_deref().or_else(|| collection(row.collection_url.as_deref()?));
    let named = ecosystem.and_then(|ecosystem| Package::named(ecosystem, name));
    let purl = row.purl.as_deref().and_then(|purl| purl.parse::<Purl>().ok());
    let of_purl = purl.as_ref().and_then(Package::of_purl);
    let mut packages: Vec<Package> = named.into_iter().collect();
    // A purl carries no release, so it adds nothing to a name that does.
    if let Some(package) = of_purl
        && !packages
            .iter()
            .any(|known| known.key == package.key && known.ecosystem.name() == package.ecosystem.name())
    {
        packages.push(package);
    }
    packages
}

/// Where a row is filed by the CPE names of its products.
pub(crate) fn named_products(row: &record::Affected) -> Vec<Package> {
    let mut products = Vec::new();
    for name in row.cpes.iter().take(CPES_MAX) {
        let product = name.parse().ok().and_then(|name| Package::of_cpe(&name));
        products.extend(product.filter(|product| !products.contains(product)));
    }
    products
}

/// CPE names of a row under which it is filed: rows that list a name for every version have thousands,
/// and nearly all of the same product.
const CPES_MAX: usize = 500;

/// The ecosystems whose registries CVE records name by address.
fn collection(url: &str) -> Option<&'static str> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split('/').next().unwrap_or_default().trim_start_matches("www.");
    Some(match host.to_ascii_lowercase().as_str() {
        "registry.npmjs.org" | "npmjs.com" | "npmjs.org" => "npm",
        "pypi.org" | "pypi.python.org" => "PyPI",
        "crates.io" => "crates.io",
        "pkg.go.dev" | "proxy.golang.org" => "Go",
        "rubygems.org" => "RubyGems",
        "packagist.org" | "repo.packagist.org" => "Packagist",
        "nuget.org" | "api.nuget.org" => "NuGet",
        "repo.maven.apache.org" | "repo1.maven.org" | "maven.apache.org" | "mvnrepository.com" => "Maven",
        "hex.pm" | "repo.hex.pm" => "Hex",
        _ => return None,
    })
}

/// What a row is called on a page and in its address.
pub(super) fn label(row: &record::Affected) -> String {
    if let (Some(ecosystem), Some(package)) = (&row.ecosystem, &row.package) {
        return format!("{ecosystem}/{package}");
    }
    let named = |name: &'_ Option<String>| name.clone().filter(|name| !is_no_name(name)).unwrap_or_default();
    let (vendor, product) = (named(&row.vendor), named(&row.product));
    // "Red Hat Red Hat Enterprise Linux" says nothing that "Red Hat Enterprise Linux" does not.
    let repeats = product.get(..vendor.len()).is_some_and(|start| start.eq_ignore_ascii_case(&vendor));
    let names = [if repeats { "" } else { vendor.as_str() }, product.as_str()];
    let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
    match (names.join(" "), &row.package, &row.purl) {
        (names, _, _) if !names.is_empty() => names,
        (_, Some(package), _) => package.clone(),
        (_, _, Some(purl)) => purl.clone(),
        _ => row.ranges.iter().find_map(|range| range.repo.clone()).unwrap_or_else(|| UNNAMED.to_owned()),
    }
}

/// What a row is called that names nothing.
pub(super) const UNNAMED: &str = "unnamed product";

/// What records write that have to write something.
fn is_no_name(name: &str) -> bool {
    ["", "n/a", "na", "-", "unknown", "unspecified"].iter().any(|none| name.trim().eq_ignore_ascii_case(none))
}

#[cfg(test)]
mod tests {
    use super::*;
    use formats::record::{Event, VersionEntry};

    fn osv(ecosystem: &str, events: &[(EventKind, &str)]) -> record::Affected {
        let events = events.iter().map(|(kind, version)| Event { kind: *kind, version: (*version).into() });
        record::Affected {
            ecosystem: Some(ecosystem.into()),
            package: Some("x".into()),
            ranges: vec![record::Range { kind: RangeKind::Ecosystem, repo: None, events: events.collect() }],
            ..Default::default()
        }
    }

    #[test]
    fn an_osv_row_answers_in_its_ecosystems_order() {
        let row = osv("PyPI", &[(EventKind::Introduced, "0"), (EventKind::Fixed, "1.10rc1")]);
        let said = statement::<&str>(&row).unwrap();
        let pypi = Ecosystem::parse("PyPI").unwrap();
        assert_eq!(said.stance(Some(&pypi), "1.9").answer(), Answer::Affected);
        assert_eq!(said.stance(Some(&pypi), "1.10").answer(), Answer::NotAffected);
        assert_eq!(said.stance(Some(&pypi), "what?").answer(), Answer::Unknown);
    }

    #[test]
    fn a_cve_row_answers_by_its_entries() {
        let entry = VersionEntry {
            version: "2.0".into(),
            less_than: Some("2.5".into()),
            status: record::Status::Affected,
            ..Default::default()
        };
        let row = record::Affected {
            version_entries: vec![entry],
            default_status: Some(record::Status::NotAffected),
            ..Default::default()
        };
        let said = statement::<&str>(&row).unwrap();
        assert_eq!(said.stance(None, "2.4").answer(), Answer::Affected);
        assert_eq!(said.stance(None, "2.5").answer(), Answer::NotAffected);
        assert_eq!(statement::<&str>(&record::Affected::default()), None);
    }

    #[test]
    fn ranges_of_an_unknown_type_are_a_doubt() {
        let mut row = osv("PyPI", &[(EventKind::Introduced, "0")]);
        row.ranges[0].kind = RangeKind::Other;
        assert_eq!(statement::<&str>(&row).unwrap().stance(None, "1").answer(), Answer::Unknown);
    }

    #[test]
    fn statements_come_back_from_their_stored_text() {
        let row = osv("Go", &[(EventKind::Introduced, "1.0.0")]);
        let said = statement(&row).unwrap();
        let text = serde_json::to_string(&said).unwrap();
        assert_eq!(serde_json::from_str::<Statement<&str>>(&text).unwrap(), said);
        assert!(serde_json::from_str::<Statement<String>>(&text).is_ok());
    }

    #[test]
    fn a_row_is_filed_under_every_package_that_it_names() {
        let row = |ecosystem: Option<&str>, package: &str, purl: Option<&str>, url: Option<&str>| {
            let text = |text: Option<&str>| text.map(str::to_owned);
            let row = record::Affected {
                ecosystem: text(ecosystem),
                package: Some(package.into()),
                purl: text(purl),
                collection_url: text(url),
                ..Default::default()
            };
            let found = packages(&row);
            found.iter().map(|p| format!("{}|{}", p.ecosystem, p.key)).collect::<Vec<_>>()
        };
        assert_eq!(row(Some("pypi"), "Foo.Bar", Some("pkg:pypi/foo-bar"), None), ["PyPI|foo-bar"]);
        assert_eq!(row(None, "lodash", None, Some("https://registry.npmjs.org/")), ["npm|lodash"]);
        assert_eq!(row(None, "x", Some("pkg:cargo/serde-json"), None), ["crates.io|serde_json"]);
        assert_eq!(row(Some("Debian:12"), "curl", Some("pkg:deb/debian/curl"), None), ["Debian:12|curl"]);
        assert_eq!(row(None, "x", Some("nonsense"), Some("https://example.org/")), Vec::<String>::new());
    }
}
