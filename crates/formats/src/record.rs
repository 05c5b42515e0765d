//! What the catalogue indexes of a vulnerability record, whatever format it came in.
//!
//! A record is a view: the caller keeps the document as it came, byte for byte, and nothing here
//! pretends to replace it. Lists are in document order. Vocabularies that their standards keep
//! open (ecosystems, reference kinds, credit kinds) stay strings.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// One vulnerability record, as far as search and matching need it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    /// The id that its source gave it, in that source's own spelling (`CVE-2024-1234`, `GHSA-…`).
    pub id: String,
    /// The format that it was read from.
    pub source: Source,
    /// Who answers for the record as a whole: the assigner of a CVE record, NVD's `sourceIdentifier`.
    pub assigner: Option<String>,
    /// Other names of the very same vulnerability, as its source says; see [`Record::other_names`].
    pub aliases: Vec<String>,
    /// Records that have to do with this one.
    pub related: Vec<String>,
    /// Vulnerabilities that this record speaks of as a package of several, or inherits from another
    /// project. They are not aliases: two of them are not the same flaw.
    pub upstream: Vec<String>,
    /// How this record stands to others where it says so in the verbs of GCVE-BCP-05: what stands here is
    /// also among the aliases or the related ones.
    pub relationships: Vec<Relationship>,
    /// One line.
    pub title: Option<String>,
    /// One paragraph.
    pub summary: Option<String>,
    /// As long as it takes.
    pub details: Option<String>,
    /// The description in languages other than English.
    pub translations: Vec<Translation>,
    /// When the vulnerability became known to the public, where CVE says so (`datePublic`).
    pub known_since: Option<Timestamp>,
    /// First publication.
    pub published: Option<Timestamp>,
    /// Last change.
    pub modified: Option<Timestamp>,
    /// When it was withdrawn or rejected, where the source says so.
    pub withdrawn: Option<Timestamp>,
    /// Why, in the words of the source, where it says so.
    pub withdrawn_because: Option<String>,
    /// Whether the record still stands.
    pub state: State,
    /// To whom the document may be shown, in its own words, where it says so: CSAF's label of TLP (`CLEAR`).
    pub label: Option<String>,
    /// It is a draft, by its own word (CSAF).
    pub is_draft: bool,
    /// What is said of the record as a whole, as CVE and NVD write it: `disputed`,
    /// `unsupported-when-assigned`, `exclusively-hosted-service`. Each once.
    pub tags: Vec<String>,
    /// Scores, each with who gave it.
    pub severities: Vec<Severity>,
    /// CWE ids, each once, in capitals (`CWE-79`).
    pub weaknesses: Vec<String>,
    /// What stands where a weakness would, in NVD's words, each once: `NVD-CWE-noinfo` where too little is
    /// known, `NVD-CWE-Other` where its view of CWE has none.
    pub weakness_marks: Vec<String>,
    /// What attackers may do, as CVE writes it: an attack pattern of CAPEC, words, or both. Each once.
    pub impacts: Vec<String>,
    /// What is affected, and what is known not to be.
    pub affected: Vec<Affected>,
    /// The same in names of products that belong together, as NVD and CVE write it.
    pub configurations: Vec<Configuration>,
    /// What to do about it, as the sources say it.
    pub remedies: Vec<Remedy>,
    /// What the document says of each of its vulnerabilities by itself, where it has a place for that.
    pub flaws: Vec<Flaw>,
    /// Links.
    pub references: Vec<Reference>,
    /// Who is thanked.
    pub credits: Vec<Credit>,
    /// Present if the source says that the flaw is exploited.
    pub exploited: Option<Exploited>,
    /// SSVC decisions that the record carries.
    pub decisions: Vec<Decision>,
    /// Dated events.
    pub timeline: Vec<TimelineEntry>,
}

impl Record {
    /// Every CVE id that the record names: its own, its aliases, those that it packages. Each once.
    pub fn cve_ids(&self) -> impl Iterator<Item = &str> {
        let mut known = HashSet::new();
        let names = std::iter::once(&self.id).chain(&self.aliases).chain(&self.upstream).map(String::as_str);
        names.filter(|name| name.starts_with("CVE-")).filter(move |name| known.insert(*name))
    }

    /// The aliases that are names of the very same vulnerability. A CVE id names one vulnerability and no other
    /// has it (CVE numbering authority rules, 4.2), so that of several CVE ids none is another name of the others,
    /// nor of what names them all, whatever the source calls them.
    pub fn other_names(&self) -> impl Iterator<Item = &str> {
        let several = self.names_several();
        self.aliases.iter().map(String::as_str).filter(move |name| !several || !is_cve(name))
    }

    /// The aliases that are none: each of several CVE ids.
    pub fn named_apart(&self) -> impl Iterator<Item = &str> {
        let several = self.names_several();
        self.aliases.iter().map(String::as_str).filter(move |name| several && is_cve(name))
    }

    /// Whether its id and aliases are several CVE ids.
    fn names_several(&self) -> bool {
        let names = std::iter::once(&self.id).chain(&self.aliases).map(|name| name.trim());
        let mut ids = names.filter(|name| is_cve(name));
        let first = ids.next();
        first.is_some_and(|first| ids.any(|other| !other.eq_ignore_ascii_case(first)))
    }
}

fn is_cve(name: &str) -> bool {
    name.trim().get(..4).is_some_and(|start| start.eq_ignore_ascii_case("CVE-"))
}

/// A text in another language.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Translation {
    /// The language, as the record has it (BCP 47: `es`).
    pub language: String,
    /// The text.
    pub text: String,
}

/// How a record stands to another.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Relationship {
    /// `equal`, `superset`, `subset`, `overlap`, `related`, `possibly_related`, `not_equal`, `opposes`,
    /// `not_applicable`; the list may grow.
    pub verb: String,
    /// The other record.
    pub id: String,
}

impl Record {
    /// How this record stands to every other that it names: in its own verbs, or in those that its kind of
    /// naming means. Another name is `equal`, a package of several flaws is their `superset`, and each of several
    /// CVE ids `related`.
    #[must_use]
    pub fn all_relationships(&self) -> Vec<Relationship> {
        let mut all = self.relationships.clone();
        let mut known: HashSet<String> = all.iter().map(|one| one.id.to_ascii_lowercase()).collect();
        let named =
            self.other_names().map(|id| ("equal", id)).chain(self.named_apart().map(|id| ("related", id)));
        let upstream = self.upstream.iter().map(|id| ("superset", id.as_str()));
        let related = self.related.iter().map(|id| ("related", id.as_str()));
        for (verb, id) in named.chain(upstream).chain(related) {
            if known.insert(id.to_ascii_lowercase()) {
                all.push(Relationship { verb: verb.to_owned(), id: id.to_owned() });
            }
        }
        all
    }
}

/// The format that a record was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// CVE JSON 5.
    #[default]
    Cve,
    /// Open Source Vulnerability format.
    Osv,
    /// Common Security Advisory Framework.
    Csaf,
    /// A catalogue of known exploited vulnerabilities.
    Kev,
    /// NVD, API and feeds 2.0.
    Nvd,
    /// GitHub's advisories, as its API gives them.
    Ghsa,
    /// OpenVEX.
    Vex,
}

/// Whether a record still stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It stands.
    #[default]
    Published,
    /// A CVE record that its assigner rejected.
    Rejected,
    /// An OSV record that its source withdrew.
    Withdrawn,
}

/// One score, as its source gives it: nothing is computed on the way in.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Severity {
    /// The vector, or the bare word of sources that only give a word.
    pub vector: String,
    /// The base score, where the document states it.
    pub score: Option<f64>,
    /// `2.0`, `3.0`, `3.1`, `4.0`; another name for what is not CVSS.
    pub version: String,
    /// Who scored: the short name of a CVE container, or the publisher.
    pub source: Option<String>,
    /// The CVE ids that it holds for, in documents that speak of several; empty: for all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub vulnerabilities: Vec<String>,
}

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

/// What somebody says that one should do, or that there is nothing to do.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Remedy {
    /// CSAF's word (`vendor_fix`, `mitigation`, `workaround`, `none_available`, `no_fix_planned`, …);
    /// `solution` and `workaround` of CVE; empty for OpenVEX, which has one kind only.
    pub kind: String,
    /// In the words of the source.
    pub text: String,
    /// Where it is to be had.
    pub url: Option<String>,
    /// From when on.
    pub at: Option<Timestamp>,
    /// The first products that it is for, by name.
    pub products: Vec<String>,
    /// How many products and versions of products it is for; none: it does not say.
    pub products_count: usize,
    /// Who says so: the short name of a CVE container, or the publisher.
    pub source: Option<String>,
    /// The vulnerabilities that it is for, in documents that speak of several; empty: for all.
    pub vulnerabilities: Vec<String>,
}

/// What a document says of one of its vulnerabilities.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Flaw {
    /// Its CVE id.
    pub id: Option<String>,
    /// What it is called.
    pub title: Option<String>,
    /// What is said of it, in prose.
    pub texts: Vec<String>,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Reference {
    /// The source's word for what lies there: OSV types, CVE tags, CSAF categories; lower case.
    pub kind: Vec<String>,
    /// The address.
    pub url: String,
    /// Its name, where given.
    pub name: Option<String>,
}

/// Who is thanked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Credit {
    /// The name or names.
    pub name: String,
    /// What for (`finder`, `coordinator`, …), lower case.
    pub kind: Option<String>,
}

/// That a flaw is exploited, and what a catalogue asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Exploited {
    /// When it was listed (`YYYY-MM-DD`).
    pub date_added: Option<jiff::civil::Date>,
    /// When it has to be dealt with. Real data has due dates before the listing.
    pub due_date: Option<jiff::civil::Date>,
    /// Used in ransomware campaigns: known, or not known.
    pub ransomware: Option<bool>,
    /// What has to be done.
    pub required_action: Option<String>,
    /// Where it is listed.
    pub reference: Option<String>,
}

/// An SSVC decision that a record carries.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Decision {
    /// The role of who decided (`CISA Coordinator`).
    pub role: Option<String>,
    /// The version of SSVC.
    pub version: Option<String>,
    /// When.
    pub at: Option<Timestamp>,
    /// Decision points and the values chosen, in document order.
    pub options: Vec<(String, String)>,
    /// Who says so: the short name of a CVE container.
    pub source: Option<String>,
}

/// A dated event in a record's story.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TimelineEntry {
    /// When, if the document's time can be read.
    pub at: Option<Timestamp>,
    /// What happened.
    pub text: String,
}
