//! The parts of a CSAF document that the catalogue indexes. Where 2.0 and 2.1 differ, both stand
//! here: `cwe` and `cwes`, `scores` and `metrics`, `purl` and `purls`.

use crate::lenient::{name, nullable, time};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::IgnoredAny;

#[derive(Deserialize)]
pub(super) struct Csaf {
    pub document: Document,
    pub product_tree: Option<Tree>,
    #[serde(default, deserialize_with = "nullable")]
    pub vulnerabilities: Vec<Vulnerability>,
}

#[derive(Deserialize)]
pub(super) struct Document {
    #[serde(default, deserialize_with = "nullable")]
    pub csaf_version: String,
    pub title: Option<String>,
    /// As it stands there: a label that is written in another way is one all the same.
    #[serde(default, deserialize_with = "nullable")]
    pub distribution: serde_json::Value,
    pub tracking: Tracking,
    pub publisher: Option<Publisher>,
    #[serde(default, deserialize_with = "nullable")]
    pub notes: Vec<Note>,
    #[serde(default, deserialize_with = "nullable")]
    pub references: Vec<Link>,
    #[serde(default, deserialize_with = "nullable")]
    pub acknowledgments: Vec<Thanks>,
}

#[derive(Deserialize)]
pub(super) struct Tracking {
    pub id: String,
    #[serde(default, rename = "status", deserialize_with = "draft")]
    pub is_draft: bool,
    #[serde(default, deserialize_with = "time")]
    pub initial_release_date: Option<Timestamp>,
    #[serde(default, deserialize_with = "time")]
    pub current_release_date: Option<Timestamp>,
    #[serde(default, deserialize_with = "nullable")]
    pub aliases: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub revision_history: Vec<Revision>,
}

fn draft<'de, D: serde::Deserializer<'de>>(json: D) -> Result<bool, D::Error> {
    let status = serde_json::Value::deserialize(json)?;
    Ok(status.as_str().is_some_and(|status| status.trim().eq_ignore_ascii_case("draft")))
}

#[derive(Deserialize)]
pub(super) struct Revision {
    #[serde(default, deserialize_with = "time")]
    pub date: Option<Timestamp>,
    #[serde(default, deserialize_with = "nullable")]
    pub summary: String,
}

#[derive(Deserialize)]
pub(super) struct Publisher {
    #[serde(default, deserialize_with = "name")]
    pub name: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Note {
    #[serde(default, deserialize_with = "nullable")]
    pub category: String,
    #[serde(default, deserialize_with = "nullable")]
    pub text: String,
}

#[derive(Deserialize)]
pub(super) struct Link {
    pub category: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub url: String,
    pub summary: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Thanks {
    #[serde(default, deserialize_with = "nullable")]
    pub names: Vec<String>,
    pub organization: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Tree {
    #[serde(default, deserialize_with = "nullable")]
    pub branches: Vec<Branch>,
    #[serde(default, deserialize_with = "nullable")]
    pub full_product_names: Vec<FullName>,
    #[serde(default, deserialize_with = "nullable")]
    pub relationships: Vec<Relationship>,
    #[serde(default, rename = "product_groups", deserialize_with = "nullable")]
    pub groups: Vec<Group>,
}

/// Products that are named together.
#[derive(Deserialize)]
pub(super) struct Group {
    #[serde(default, rename = "group_id", deserialize_with = "nullable")]
    pub id: String,
    #[serde(default, deserialize_with = "nullable")]
    pub product_ids: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Branch {
    #[serde(default, deserialize_with = "nullable")]
    pub category: String,
    #[serde(default, deserialize_with = "nullable")]
    pub name: String,
    pub product: Option<FullName>,
    #[serde(default, deserialize_with = "nullable")]
    pub branches: Vec<Branch>,
}

#[derive(Deserialize)]
pub(super) struct FullName {
    #[serde(default, deserialize_with = "nullable")]
    pub name: String,
    #[serde(default, deserialize_with = "nullable")]
    pub product_id: String,
    pub product_identification_helper: Option<Helper>,
}

#[derive(Deserialize)]
pub(super) struct Helper {
    pub cpe: Option<String>,
    pub purl: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub purls: Vec<String>,
    #[serde(default, rename = "x_generic_uris", deserialize_with = "nullable")]
    pub uris: Vec<Uri>,
    hashes: Option<IgnoredAny>,
    model_numbers: Option<IgnoredAny>,
    serial_numbers: Option<IgnoredAny>,
    skus: Option<IgnoredAny>,
}

impl Helper {
    /// Whether only some are meant of those with its name and version.
    pub(super) fn is_narrower(&self) -> bool {
        [&self.hashes, &self.model_numbers, &self.serial_numbers, &self.skus].into_iter().any(Option::is_some)
    }
}

/// What other documents call it, among them bills of materials.
#[derive(Deserialize)]
pub(super) struct Uri {
    #[serde(default, deserialize_with = "nullable")]
    pub uri: String,
}

#[derive(Deserialize)]
pub(super) struct Relationship {
    pub full_product_name: Option<FullName>,
    #[serde(default, deserialize_with = "nullable")]
    pub product_reference: String,
}

#[derive(Deserialize)]
pub(super) struct Vulnerability {
    #[serde(default, deserialize_with = "name")]
    pub cve: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub ids: Vec<Id>,
    /// Of several, what it is called by itself: its CVE id, another id, or a name that is made of its place.
    #[serde(skip)]
    pub name: Option<String>,
    pub title: Option<String>,
    pub cwe: Option<Cwe>,
    #[serde(default, deserialize_with = "nullable")]
    pub cwes: Vec<Cwe>,
    #[serde(default, deserialize_with = "nullable")]
    pub notes: Vec<Note>,
    pub product_status: Option<Statuses>,
    #[serde(default, deserialize_with = "nullable")]
    pub references: Vec<Link>,
    #[serde(default, deserialize_with = "nullable")]
    pub scores: Vec<Scores>,
    #[serde(default, deserialize_with = "nullable")]
    pub metrics: Vec<Metric>,
    #[serde(default, deserialize_with = "nullable")]
    pub acknowledgments: Vec<Thanks>,
    #[serde(default, deserialize_with = "nullable")]
    pub remediations: Vec<Remediation>,
    #[serde(default, deserialize_with = "nullable")]
    pub flags: Vec<Flag>,
    #[serde(default, deserialize_with = "nullable")]
    pub threats: Vec<Threat>,
    /// Since 2.1.
    #[serde(default, rename = "first_known_exploitation_dates", deserialize_with = "nullable")]
    pub exploitation_dates: Vec<ExploitationDate>,
}

/// What others call it.
#[derive(Deserialize)]
pub(super) struct Id {
    #[serde(default, deserialize_with = "name")]
    pub text: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct ExploitationDate {
    #[serde(default, rename = "exploitation_date", deserialize_with = "time")]
    pub at: Option<Timestamp>,
}

/// What to do.
#[derive(Deserialize)]
pub(super) struct Remediation {
    #[serde(default, deserialize_with = "nullable")]
    pub category: String,
    #[serde(default, deserialize_with = "nullable")]
    pub details: String,
    pub url: Option<String>,
    #[serde(default, deserialize_with = "time")]
    pub date: Option<Timestamp>,
    #[serde(default, deserialize_with = "nullable")]
    pub product_ids: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub group_ids: Vec<String>,
}

/// Why a product does not have the flaw, in a word of the standard.
#[derive(Deserialize)]
pub(super) struct Flag {
    #[serde(default, deserialize_with = "nullable")]
    pub label: String,
    #[serde(default, deserialize_with = "nullable")]
    pub product_ids: Vec<String>,
}

/// The same in prose.
#[derive(Deserialize)]
pub(super) struct Threat {
    #[serde(default, deserialize_with = "nullable")]
    pub category: String,
    #[serde(default, deserialize_with = "nullable")]
    pub details: String,
    #[serde(default, deserialize_with = "nullable")]
    pub product_ids: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Cwe {
    #[serde(default, deserialize_with = "nullable")]
    pub id: String,
}

#[derive(Deserialize)]
pub(super) struct Statuses {
    #[serde(default, deserialize_with = "nullable")]
    pub first_affected: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub known_affected: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub last_affected: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub first_fixed: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub fixed: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub known_not_affected: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub under_investigation: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub unknown: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Metric {
    pub content: Option<Scores>,
    #[serde(default, deserialize_with = "name")]
    pub source: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Scores {
    pub cvss_v2: Option<Cvss>,
    pub cvss_v3: Option<Cvss>,
    pub cvss_v4: Option<Cvss>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cvss {
    #[serde(default, deserialize_with = "nullable")]
    pub vector_string: String,
    pub base_score: Option<f64>,
    pub version: Option<String>,
}
