//! The parts of a CVE record that the catalogue indexes, as the document has them.
//!
//! Assigners fill these fields in every way that passes their tools, so nearly all are optional.

use crate::lenient::{nullable, time, word};
use crate::record::Status;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document<'a> {
    pub cve_metadata: Metadata,
    #[serde(borrow)]
    pub containers: Containers<'a>,
    #[serde(borrow, rename = "x_gcve")]
    pub x_gcve: Option<&'a RawValue>,
}

/// A record that has CVE's own id, for the place where it is missing.
#[derive(Deserialize)]
pub(super) struct Named {
    #[serde(rename = "cveMetadata")]
    _metadata: NamedMetadata,
}

#[derive(Deserialize)]
struct NamedMetadata {
    #[serde(rename = "cveId")]
    _id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Metadata {
    pub cve_id: Option<String>,
    /// GCVE's ids stand in a place of their own.
    pub vuln_id: Option<String>,
    #[serde(default, deserialize_with = "is_rejected", rename = "state")]
    pub rejected: bool,
    #[serde(default, deserialize_with = "crate::lenient::name")]
    pub assigner_short_name: Option<String>,
    #[serde(default, deserialize_with = "crate::lenient::name")]
    pub assigner_org_id: Option<String>,
    #[serde(default, deserialize_with = "time")]
    pub date_published: Option<Timestamp>,
    #[serde(default, deserialize_with = "time")]
    pub date_updated: Option<Timestamp>,
    #[serde(default, deserialize_with = "time")]
    pub date_rejected: Option<Timestamp>,
}

fn is_rejected<'de, D: Deserializer<'de>>(json: D) -> Result<bool, D::Error> {
    word(json, |state| state.eq_ignore_ascii_case("rejected"))
}

#[derive(Deserialize)]
pub(super) struct Containers<'a> {
    #[serde(borrow)]
    pub cna: Container<'a>,
    #[serde(borrow, default, deserialize_with = "nullable")]
    pub adp: Vec<Container<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Container<'a> {
    pub provider_metadata: Option<Provider>,
    #[serde(default, deserialize_with = "nullable")]
    pub tags: Vec<String>,
    pub title: Option<String>,
    #[serde(default, deserialize_with = "time")]
    pub date_public: Option<Timestamp>,
    #[serde(default, deserialize_with = "nullable")]
    pub impacts: Vec<Impact>,
    #[serde(default, deserialize_with = "nullable")]
    pub descriptions: Vec<Prose>,
    #[serde(default, deserialize_with = "nullable")]
    pub rejected_reasons: Vec<Prose>,
    #[serde(default, deserialize_with = "nullable")]
    pub replaced_by: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub affected: Vec<Product>,
    #[serde(borrow, rename = "x_gcve")]
    pub x_gcve: Option<&'a RawValue>,
    /// Parsed apart: names that nobody can read are no reason to refuse a record.
    #[serde(borrow)]
    pub cpe_applicability: Option<&'a RawValue>,
    #[serde(default, deserialize_with = "nullable")]
    pub problem_types: Vec<ProblemType>,
    #[serde(default, deserialize_with = "nullable")]
    pub references: Vec<Link>,
    #[serde(borrow, default, deserialize_with = "nullable")]
    pub metrics: Vec<Metric<'a>>,
    #[serde(default, deserialize_with = "nullable")]
    pub solutions: Vec<Prose>,
    #[serde(default, deserialize_with = "nullable")]
    pub workarounds: Vec<Prose>,
    #[serde(default, deserialize_with = "nullable")]
    pub credits: Vec<Thanks>,
    #[serde(default, deserialize_with = "nullable")]
    pub timeline: Vec<Moment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Provider {
    #[serde(default, deserialize_with = "crate::lenient::name")]
    pub short_name: Option<String>,
    #[serde(default, deserialize_with = "time")]
    pub date_updated: Option<Timestamp>,
}

#[derive(Deserialize)]
pub(super) struct Prose {
    #[serde(default, deserialize_with = "crate::lenient::name")]
    pub lang: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub value: String,
}

impl Prose {
    pub(super) fn is_english(&self) -> bool {
        let lang = self.lang.as_deref().and_then(|lang| lang.get(..2));
        lang.is_some_and(|lang| lang.eq_ignore_ascii_case("en"))
    }
}

/// An attack pattern, with words about it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Impact {
    #[serde(default, deserialize_with = "crate::lenient::name")]
    pub capec_id: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub descriptions: Vec<Prose>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Product {
    pub vendor: Option<String>,
    pub product: Option<String>,
    #[serde(rename = "collectionURL")]
    pub collection_url: Option<String>,
    pub package_name: Option<String>,
    #[serde(rename = "packageURL")]
    pub package_url: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub cpes: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub platforms: Vec<String>,
    #[serde(default, deserialize_with = "default_status")]
    pub default_status: Option<Status>,
    #[serde(default, deserialize_with = "nullable")]
    pub versions: Vec<Versions>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Versions {
    #[serde(default, deserialize_with = "nullable")]
    pub version: String,
    pub less_than: Option<String>,
    pub less_than_or_equal: Option<String>,
    #[serde(default, deserialize_with = "status")]
    pub status: Status,
    pub version_type: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub changes: Vec<Changed>,
}

#[derive(Deserialize)]
pub(super) struct Changed {
    #[serde(default, deserialize_with = "nullable")]
    pub at: String,
    #[serde(default, deserialize_with = "status")]
    pub status: Status,
}

fn status<'de, D: Deserializer<'de>>(json: D) -> Result<Status, D::Error> {
    word(json, |word| match word {
        "affected" => Status::Affected,
        "unaffected" => Status::NotAffected,
        _ => Status::Unknown,
    })
}

fn default_status<'de, D: Deserializer<'de>>(json: D) -> Result<Option<Status>, D::Error> {
    status(json).map(Some)
}

#[derive(Deserialize)]
pub(super) struct ProblemType {
    #[serde(default, deserialize_with = "nullable")]
    pub descriptions: Vec<Problem>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Problem {
    pub cwe_id: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub description: String,
}

#[derive(Deserialize)]
pub(super) struct Link {
    #[serde(default, deserialize_with = "nullable")]
    pub url: String,
    pub name: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub tags: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Metric<'a> {
    #[serde(rename = "cvssV2_0")]
    pub v2: Option<Cvss>,
    #[serde(rename = "cvssV3_0")]
    pub v30: Option<Cvss>,
    #[serde(rename = "cvssV3_1")]
    pub v31: Option<Cvss>,
    #[serde(rename = "cvssV4_0")]
    pub v40: Option<Cvss>,
    #[serde(borrow)]
    pub other: Option<Other<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cvss {
    #[serde(default, deserialize_with = "nullable")]
    pub vector_string: String,
    pub base_score: Option<f64>,
}

/// Anything at all; the type says what. It is parsed only if we know the type.
#[derive(Deserialize)]
pub(super) struct Other<'a> {
    #[serde(default, rename = "type", deserialize_with = "nullable")]
    pub kind: String,
    #[serde(borrow)]
    pub content: Option<&'a RawValue>,
}

/// The content of type `ssvc`.
#[derive(Deserialize)]
pub(super) struct Ssvc {
    pub role: Option<String>,
    pub version: Option<String>,
    #[serde(default, deserialize_with = "time")]
    pub timestamp: Option<Timestamp>,
    #[serde(default)]
    pub options: Vec<std::collections::BTreeMap<String, String>>,
}

/// The content of type `kev`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Kev {
    #[serde(default, deserialize_with = "crate::lenient::date")]
    pub date_added: Option<jiff::civil::Date>,
    pub reference: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Thanks {
    #[serde(default, deserialize_with = "nullable")]
    pub value: String,
    #[serde(rename = "type")]
    pub kind: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Moment {
    #[serde(default, deserialize_with = "time")]
    pub time: Option<Timestamp>,
    #[serde(default, deserialize_with = "nullable")]
    pub value: String,
}
