//! What the catalogue indexes of a vulnerability record, whatever format it came in.
//!
//! A record is a view: the caller keeps the document as it came, byte for byte, and nothing here
//! pretends to replace it. Lists are in document order. Vocabularies that their standards keep
//! open (ecosystems, reference kinds, credit kinds) stay strings.

mod affected;
mod told;

pub use affected::{
    Affected, Change, Configuration, Criterion, Event, EventKind, Node, Range, RangeKind, Status,
    VersionEntry,
};
pub use told::{Credit, Decision, Exploited, Flaw, Reference, Remedy, Severity, TimelineEntry};

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
