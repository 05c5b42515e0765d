//! The parts of a record that the catalogue indexes, as NVD writes them.

use crate::configurations::Given;
use crate::lenient::{date, nullable, time, word};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer};

/// A page of the API or a feed file, one item of it, or neither: then it is a bare record.
#[derive(Deserialize)]
pub(super) struct Outer {
    pub vulnerabilities: Option<Vec<Item>>,
    pub cve: Option<Cve>,
}

#[derive(Deserialize)]
pub(super) struct Item {
    pub cve: Cve,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cve {
    pub id: String,
    #[serde(default, deserialize_with = "crate::lenient::name")]
    pub source_identifier: Option<String>,
    #[serde(default, deserialize_with = "time")]
    pub published: Option<Timestamp>,
    #[serde(default, deserialize_with = "time")]
    pub last_modified: Option<Timestamp>,
    #[serde(default, rename = "vulnStatus", deserialize_with = "is_rejected")]
    pub rejected: bool,
    #[serde(default, deserialize_with = "nullable")]
    pub cve_tags: Vec<Tagged>,
    #[serde(default, deserialize_with = "nullable")]
    pub descriptions: Vec<Prose>,
    #[serde(default, deserialize_with = "nullable")]
    pub metrics: Metrics,
    #[serde(default, deserialize_with = "nullable")]
    pub weaknesses: Vec<Weakness>,
    #[serde(default, deserialize_with = "nullable")]
    pub configurations: Vec<Given>,
    #[serde(default, deserialize_with = "nullable")]
    pub references: Vec<Link>,
    #[serde(default, deserialize_with = "date")]
    pub cisa_exploit_add: Option<Date>,
    #[serde(default, deserialize_with = "date")]
    pub cisa_action_due: Option<Date>,
    pub cisa_required_action: Option<String>,
    pub cisa_vulnerability_name: Option<String>,
}

/// What one source says of the record as a whole.
#[derive(Deserialize)]
pub(super) struct Tagged {
    #[serde(default, deserialize_with = "nullable")]
    pub tags: Vec<String>,
}

fn is_rejected<'de, D: Deserializer<'de>>(json: D) -> Result<bool, D::Error> {
    word(json, |status| status.eq_ignore_ascii_case("rejected"))
}

#[derive(Deserialize)]
pub(super) struct Prose {
    #[serde(default, deserialize_with = "nullable")]
    pub lang: String,
    #[serde(default, deserialize_with = "nullable")]
    pub value: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Metrics {
    #[serde(rename = "cvssMetricV40")]
    pub v40: Vec<Metric>,
    #[serde(rename = "cvssMetricV31")]
    pub v31: Vec<Metric>,
    #[serde(rename = "cvssMetricV30")]
    pub v30: Vec<Metric>,
    #[serde(rename = "cvssMetricV2")]
    pub v2: Vec<Metric>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Metric {
    #[serde(default, deserialize_with = "crate::lenient::name")]
    pub source: Option<String>,
    pub cvss_data: Cvss,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cvss {
    #[serde(default, deserialize_with = "nullable")]
    pub vector_string: String,
    pub base_score: Option<f64>,
}

#[derive(Deserialize)]
pub(super) struct Weakness {
    #[serde(default, deserialize_with = "nullable")]
    pub description: Vec<Prose>,
}

#[derive(Deserialize)]
pub(super) struct Link {
    #[serde(default, deserialize_with = "nullable")]
    pub url: String,
    #[serde(default, deserialize_with = "nullable")]
    pub tags: Vec<String>,
}
