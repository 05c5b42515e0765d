//! The CSAF document as we write it. Members stand in the order of their names, as test 6.2.13 of
//! the standard recommends.

use super::written_tree::Tree;
use jiff::Timestamp;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Csaf<'a> {
    pub document: Document<'a>,
    pub product_tree: Tree<'a>,
    pub vulnerabilities: Vec<Vulnerability<'a>>,
}

#[derive(Serialize)]
pub(super) struct Document<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub acknowledgments: Vec<Acknowledgment<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aggregate_severity: Option<Words>,
    pub category: &'static str,
    pub csaf_version: &'static str,
    pub distribution: Distribution,
    pub lang: &'a str,
    pub notes: Vec<Note<'a>>,
    pub publisher: Publisher<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Reference<'a>>,
    pub title: &'a str,
    pub tracking: Tracking<'a>,
}

#[derive(Serialize)]
pub(super) struct Acknowledgment<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub names: Option<[&'a str; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<&'a str>,
    pub summary: &'static str,
}

#[derive(Serialize)]
pub(super) struct Words {
    pub text: &'static str,
}

#[derive(Serialize)]
pub(super) struct Distribution {
    pub text: &'static str,
    pub tlp: Tlp,
}

#[derive(Serialize)]
pub(super) struct Tlp {
    pub label: &'static str,
    pub url: &'static str,
}

#[derive(Serialize)]
pub(super) struct Note<'a> {
    pub category: &'static str,
    pub text: std::borrow::Cow<'a, str>,
    pub title: String,
}

#[derive(Serialize)]
pub(super) struct Publisher<'a> {
    pub category: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_details: Option<&'a str>,
    pub name: &'a str,
    pub namespace: &'a str,
}

#[derive(Serialize)]
pub(super) struct Reference<'a> {
    pub category: &'static str,
    pub summary: &'a str,
    pub url: &'a str,
}

#[derive(Serialize)]
pub(super) struct Tracking<'a> {
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub aliases: &'a [String],
    pub current_release_date: Timestamp,
    pub generator: Generator,
    pub id: &'a str,
    pub initial_release_date: Timestamp,
    pub revision_history: Vec<Revision<'a>>,
    pub status: &'static str,
    pub version: String,
}

#[derive(Serialize)]
pub(super) struct Generator {
    pub engine: Engine,
}

#[derive(Serialize)]
pub(super) struct Engine {
    pub name: &'static str,
}

#[derive(Serialize)]
pub(super) struct Revision<'a> {
    pub date: Timestamp,
    pub number: String,
    pub summary: &'a str,
}

#[derive(Serialize)]
pub(super) struct Vulnerability<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cve: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cwe: Option<Cwe<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<Id<'a>>,
    pub notes: Vec<Note<'a>>,
    pub product_status: Statuses,
    pub release_date: Timestamp,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remediations: Vec<Remediation<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scores: Vec<Score<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub threats: Vec<Threat<'a>>,
    pub title: &'a str,
}

#[derive(Serialize)]
pub(super) struct Cwe<'a> {
    pub id: &'a str,
    pub name: &'a str,
}

#[derive(Serialize)]
pub(super) struct Id<'a> {
    pub system_name: &'a str,
    pub text: &'a str,
}

/// Product ids by their status.
#[derive(Serialize, Clone, Default)]
pub(super) struct Statuses {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fixed: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub known_affected: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub known_not_affected: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub under_investigation: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Remediation<'a> {
    pub category: &'static str,
    pub details: &'a str,
    pub product_ids: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct Score<'a> {
    pub cvss_v3: Cvss<'a>,
    pub products: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cvss<'a> {
    pub base_score: f64,
    pub base_severity: String,
    pub vector_string: &'a str,
    pub version: &'static str,
}

#[derive(Serialize)]
pub(super) struct Threat<'a> {
    pub category: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Timestamp>,
    pub details: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub product_ids: Vec<String>,
}
