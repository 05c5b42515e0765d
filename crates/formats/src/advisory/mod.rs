//! The centre's own published record: one model, from which every format is rendered.
//!
//! An advisory is stored as a journal event, and approval binds the hash of its canonical bytes.
//! So the model is strict: unknown fields are refused (dropping one would change the hash), there
//! are no maps without an order, and a field that is added later must be left out of the bytes
//! when it is empty.

pub(crate) mod check;
pub(crate) mod grammar;

use crate::record::Status;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use check::{Finding, Format, Weight};

/// An advisory of the centre: one flaw, in one or more products.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advisory {
    /// The centre's id, such as `HEL-2026-000123`.
    pub id: String,
    /// CVE ids assigned to it; usually one, none if no authority assigned any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cves: Vec<String>,
    /// Other names of the same flaw.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// One line that names product and flaw.
    pub title: String,
    /// One paragraph.
    pub summary: String,
    /// The whole story. Credits belong into the acknowledgements, not here.
    pub description: String,
    /// What an attacker gains.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact: Option<String>,
    /// Products, with versions and what to do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<Product>,
    /// CVSS vectors, at most one for each version of CVSS.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub severities: Vec<Vector>,
    /// The SSVC decision as a string, where one is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ssvc: Option<String>,
    /// Weaknesses; the first is the main one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weaknesses: Vec<Weakness>,
    /// Links.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Link>,
    /// Who is thanked. A reporter who stays anonymous is not in this list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acknowledgements: Vec<Acknowledgement>,
    /// Present if exploitation is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exploited: Option<Exploitation>,
    /// Who may read it.
    pub tlp: Tlp,
    /// Revisions, oldest first, numbered from 1.
    pub revisions: Vec<Revision>,
    /// When the first revision was released.
    pub initial_release: Timestamp,
    /// When this revision was released.
    pub current_release: Timestamp,
    /// Who publishes.
    pub publisher: Publisher,
    /// The language of its texts, as BCP 47 has it (`en`).
    pub language: String,
}

impl Advisory {
    /// The bytes that are hashed for approval: compact JSON, fields in the order of this file.
    #[must_use]
    pub fn canonical_bytes(&self) -> Vec<u8> {
        // Writing plain structs into memory has no way to fail.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// What is missing or wrong, for each format. Renderers refuse what weighs as an error.
    #[must_use]
    pub fn check(&self) -> Vec<Finding> {
        check::all(self)
    }
}

/// A product or package, its versions, and what to do about them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Who makes it.
    pub vendor: String,
    /// What it is called.
    pub product: String,
    /// The package that carries it, if it is distributed as one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<Package>,
    /// Versions, each with its status; at least one.
    pub versions: Vec<Versions>,
    /// What to do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remediations: Vec<Remediation>,
    /// The vendor's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
}

/// A package in an ecosystem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Package {
    /// An ecosystem of OSV (`PyPI`, `Debian:12`).
    pub ecosystem: String,
    /// Its name there.
    pub name: String,
    /// Its package URL, without a version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purl: Option<String>,
}

/// Some versions of a product, and their status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Versions {
    /// Which versions.
    pub which: Which,
    /// Their status.
    pub status: Status,
    /// How they are compared: `semver`, `custom`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version_type: Option<String>,
}

/// Which versions are meant.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Which {
    /// Every version.
    All,
    /// One version.
    Exact(String),
    /// All before `fixed`, from `introduced` on.
    Before {
        /// The first version that has the flaw; absent: from the beginning.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        introduced: Option<String>,
        /// The first version that no longer has it.
        fixed: String,
    },
    /// All up to `last_affected` inclusive, from `introduced` on.
    UpTo {
        /// The first version that has the flaw; absent: from the beginning.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        introduced: Option<String>,
        /// The last version that has it.
        last_affected: String,
    },
    /// All from this version on.
    From(String),
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remediation {
    /// Of which kind.
    pub category: RemediationCategory,
    /// In words.
    pub details: String,
    /// Where to get it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// Kinds of remediation, as CSAF names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemediationCategory {
    /// An update by the vendor.
    VendorFix,
    /// Something that lessens the harm.
    Mitigation,
    /// Something that avoids the flaw.
    Workaround,
    /// Nothing yet.
    NoneAvailable,
    /// Nothing ever.
    NoFixPlanned,
}

/// A CVSS vector. The score is computed, never typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vector {
    /// CVSS 3.0, 3.1 or 4.0.
    pub vector: String,
}

/// A weakness of the CWE list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weakness {
    /// Such as `CWE-79`.
    pub id: String,
    /// Its name, exactly as the list has it.
    pub name: String,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// What lies there.
    pub kind: LinkKind,
    /// An `https` or `http` address.
    pub url: String,
    /// One line about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
}

/// What lies behind a link. The kinds are those of OSV, and the advisory's own address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// This advisory itself: its page, and its CSAF document, whose https address ends with
    /// [`crate::csaf::file_name`] (test 6.2.11 looks for that one).
    Canonical,
    /// Another advisory.
    Advisory,
    /// An article.
    Article,
    /// How to detect it.
    Detection,
    /// A discussion.
    Discussion,
    /// The original report.
    Report,
    /// The fix.
    Fix,
    /// What brought the flaw in.
    Introduced,
    /// The package.
    Package,
    /// Evidence, such as a demonstration.
    Evidence,
    /// Anything else.
    Web,
}

/// Who is thanked, and for what. At least a name or an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acknowledgement {
    /// A person who agreed to be named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// An organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// What for.
    pub kind: CreditKind,
}

impl Acknowledgement {
    /// Name and organisation in one line.
    pub(crate) fn who(&self) -> Option<String> {
        match (&self.name, &self.organisation) {
            (Some(name), Some(organisation)) => Some(format!("{name} ({organisation})")),
            (Some(one), None) | (None, Some(one)) => Some(one.clone()),
            (None, None) => None,
        }
    }
}

/// What someone is thanked for. The kinds are those of CVE and OSV.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreditKind {
    /// Found it.
    Finder,
    /// Told the vendor or the centre.
    Reporter,
    /// Analysed it.
    Analyst,
    /// Brought the parties together.
    Coordinator,
    /// Wrote the fix.
    RemediationDeveloper,
    /// Reviewed the fix.
    RemediationReviewer,
    /// Verified the fix.
    RemediationVerifier,
    /// A tool that found it.
    Tool,
    /// Paid for the work.
    Sponsor,
    /// Something else.
    Other,
}

/// That exploitation is known, and from what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exploitation {
    /// What is known, in words fit for publication.
    pub evidence: String,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_seen: Option<Timestamp>,
}

/// Who may read: TLP 2.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tlp {
    /// Everyone.
    Clear,
    /// The community.
    Green,
    /// The organisation and its clients.
    Amber,
    /// The organisation.
    AmberStrict,
    /// The recipients alone.
    Red,
}

impl Tlp {
    /// As FIRST writes it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Clear => "TLP:CLEAR",
            Self::Green => "TLP:GREEN",
            Self::Amber => "TLP:AMBER",
            Self::AmberStrict => "TLP:AMBER+STRICT",
            Self::Red => "TLP:RED",
        }
    }
}

/// One revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revision {
    /// 1, 2, 3, …
    pub number: u32,
    /// When it was released.
    pub date: Timestamp,
    /// What changed.
    pub summary: String,
}

/// Who publishes: the centre.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publisher {
    /// Its name.
    pub name: String,
    /// The address that it publishes under.
    pub namespace: String,
    /// How to reach it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// Its organisation in the CVE programme; without it no CVE record can be written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cve_organisation: Option<CveOrganisation>,
}

/// An organisation of the CVE programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CveOrganisation {
    /// Its UUID.
    pub id: String,
    /// Its short name.
    pub short_name: String,
}
