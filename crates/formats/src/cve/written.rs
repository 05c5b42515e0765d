//! The CVE record as we write it.

use jiff::Timestamp;
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document<'a> {
    pub data_type: &'static str,
    pub data_version: &'static str,
    pub cve_metadata: Metadata<'a>,
    pub containers: Containers<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Metadata<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cve_id: Option<&'a str>,
    /// The id by which GCVE knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vuln_id: Option<&'a str>,
    pub assigner_org_id: &'a str,
    pub assigner_short_name: &'a str,
    pub state: &'static str,
    pub date_published: Timestamp,
    pub date_updated: Timestamp,
}

#[derive(Serialize)]
pub(super) struct Containers<'a> {
    pub cna: Container<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Container<'a> {
    pub provider_metadata: Provider<'a>,
    pub date_public: Timestamp,
    pub title: &'a str,
    pub descriptions: Vec<Prose<'a>>,
    pub affected: Vec<Product<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problem_types: Vec<ProblemType<'a>>,
    pub references: Vec<Reference<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<Metric<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub solutions: Vec<Prose<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub workarounds: Vec<Prose<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exploits: Vec<Prose<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub timeline: Vec<Moment<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub credits: Vec<Credit<'a>>,
    pub source: Origin<'a>,
    #[serde(rename = "x_generator")]
    pub generator: Generator,
    #[serde(rename = "x_gcve", skip_serializing_if = "Vec::is_empty")]
    pub gcve: Vec<Gcve<'a>>,
}

/// GCVE-BCP-05: the id, and how it stands to others.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Gcve<'a> {
    pub vuln_id: &'a str,
    pub record_type: &'static str,
    pub relationships: Vec<Related<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Related<'a> {
    pub dest_id: &'a str,
    #[serde(rename = "type")]
    pub verb: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Provider<'a> {
    pub org_id: &'a str,
    pub short_name: &'a str,
    pub date_updated: Timestamp,
}

#[derive(Serialize, PartialEq)]
pub(super) struct Prose<'a> {
    pub lang: &'a str,
    pub value: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Product<'a> {
    pub vendor: &'a str,
    pub product: &'a str,
    #[serde(rename = "collectionURL", skip_serializing_if = "Option::is_none")]
    pub collection_url: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package_name: Option<&'a str>,
    pub default_status: &'static str,
    pub versions: Vec<Versions<'a>>,
}

#[derive(Serialize, PartialEq)]
#[serde(rename_all = "camelCase")]
pub(super) struct Versions<'a> {
    pub version: &'a str,
    pub status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub less_than: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub less_than_or_equal: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version_type: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct ProblemType<'a> {
    pub descriptions: [Problem<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Problem<'a> {
    pub lang: &'static str,
    pub description: &'a str,
    pub cwe_id: &'a str,
    #[serde(rename = "type")]
    pub kind: &'static str,
}

#[derive(Serialize)]
pub(super) struct Reference<'a> {
    pub url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<&'static str>,
}

#[derive(Serialize, Default)]
pub(super) struct Metric<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<&'static str>,
    #[serde(rename = "cvssV4_0", skip_serializing_if = "Option::is_none")]
    pub v40: Option<Cvss<'a>>,
    #[serde(rename = "cvssV3_1", skip_serializing_if = "Option::is_none")]
    pub v31: Option<Cvss<'a>>,
    #[serde(rename = "cvssV3_0", skip_serializing_if = "Option::is_none")]
    pub v30: Option<Cvss<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<Other<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cvss<'a> {
    pub version: &'static str,
    pub vector_string: &'a str,
    pub base_score: f64,
    pub base_severity: String,
}

#[derive(Serialize)]
pub(super) struct Other<'a> {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub content: Ssvc<'a>,
}

#[derive(Serialize)]
pub(super) struct Ssvc<'a> {
    pub decision: &'a str,
}

#[derive(Serialize, PartialEq)]
pub(super) struct Moment<'a> {
    pub time: Timestamp,
    pub lang: &'a str,
    pub value: &'a str,
}

#[derive(Serialize, PartialEq)]
pub(super) struct Credit<'a> {
    pub lang: &'a str,
    pub value: String,
    #[serde(rename = "type")]
    pub kind: &'static str,
}

#[derive(Serialize)]
pub(super) struct Origin<'a> {
    pub advisory: &'a str,
}

#[derive(Serialize)]
pub(super) struct Generator {
    pub engine: &'static str,
}
