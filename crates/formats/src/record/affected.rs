//! What is affected: products, packages, and their versions.

use serde::{Deserialize, Serialize};

/// A product or package, with the versions that are hit.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Affected {
    /// The OSV ecosystem, with its suffix (`Debian:12`).
    pub ecosystem: Option<String>,
    /// The package's name within its ecosystem or collection.
    pub package: Option<String>,
    /// The package URL, where given.
    pub purl: Option<String>,
    /// Where CVE says that the package name belongs (`https://registry.npmjs.org`).
    pub collection_url: Option<String>,
    /// Who makes it.
    pub vendor: Option<String>,
    /// What it is called.
    pub product: Option<String>,
    /// CPE names, as given.
    pub cpes: Vec<String>,
    /// Platforms that it is limited to.
    pub platforms: Vec<String>,
    /// OSV ranges.
    pub ranges: Vec<Range>,
    /// Affected versions, named one by one.
    pub versions: Vec<String>,
    /// Versions with a status each: CVE entries, CSAF branches.
    pub version_entries: Vec<VersionEntry>,
    /// The status of versions that no entry speaks of.
    pub default_status: Option<Status>,
    /// Who says so: the short name of a CVE container.
    pub source: Option<String>,
    /// The CVE ids that this row holds for, in documents that speak of several; empty: for all.
    pub vulnerabilities: Vec<String>,
}

/// Products that belong together: NVD's `configurations`, CVE's `cpeApplicability`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Configuration {
    /// Whether all nodes have to hold, or one of them.
    pub all: bool,
    /// Whether the whole is turned around.
    pub negate: bool,
    /// What is joined.
    pub nodes: Vec<Node>,
}

/// Criteria that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Node {
    /// Whether all criteria have to be met, or one of them.
    pub all: bool,
    /// Whether the whole is turned around.
    pub negate: bool,
    /// What is joined.
    pub criteria: Vec<Criterion>,
}

/// A name of products, with a range of versions if its version is `*`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Criterion {
    /// Whether what meets it is vulnerable, or only where the vulnerable runs.
    pub vulnerable: bool,
    /// A CPE name, as given.
    pub name: String,
    /// NVD's number for it, where given.
    pub id: Option<String>,
    /// From this version on.
    pub start_including: Option<String>,
    /// After this version.
    pub start_excluding: Option<String>,
    /// Up to this version.
    pub end_including: Option<String>,
    /// Before this version.
    pub end_excluding: Option<String>,
}

/// A range of versions by events, as OSV writes them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Range {
    /// How versions are compared.
    pub kind: RangeKind,
    /// The repository of a git range.
    pub repo: Option<String>,
    /// Events, in document order.
    pub events: Vec<Event>,
}

/// How the versions of a range are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RangeKind {
    /// Semantic Versioning 2.0.
    Semver,
    /// The ecosystem's own order.
    Ecosystem,
    /// Commits.
    Git,
    /// A type that we do not know: match nothing with it.
    #[default]
    Other,
}

/// A point where a range begins or ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// What happens here.
    pub kind: EventKind,
    /// At which version or commit; `0` is before every version.
    pub version: String,
}

/// What happens at a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The flaw comes in with this version.
    Introduced,
    /// This version no longer has it.
    Fixed,
    /// The last version that has it.
    LastAffected,
    /// No statement is made from here on.
    Limit,
}

/// A version or a range with its status, as CVE and CSAF write them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct VersionEntry {
    /// The version, or where the range begins.
    pub version: String,
    /// The range ends before this version.
    pub less_than: Option<String>,
    /// The range ends with this version.
    pub less_than_or_equal: Option<String>,
    /// The status of the version or range.
    pub status: Status,
    /// How versions are compared: `semver`, `git`, `custom`, …; `vers` or `vls` for CSAF ranges.
    pub version_type: Option<String>,
    /// Within the range, the status changes at these versions.
    pub changes: Vec<Change>,
}

/// A status that changes within a range.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// From this version on,
    pub at: String,
    /// this is the status.
    pub status: Status,
}

/// Whether a version has the flaw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It has.
    Affected,
    /// It has not, and never had (CVE: `unaffected`).
    NotAffected,
    /// It no longer has.
    Fixed,
    /// Someone is finding out.
    UnderInvestigation,
    /// Nobody says.
    #[default]
    Unknown,
}
