//! What an advisory lacks before it can be published, format by format.

use super::Advisory;
use serde::{Deserialize, Serialize};

/// One thing that is missing or wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Which format minds.
    pub format: Format,
    /// Errors stop the renderer of that format; warnings do not.
    pub weight: Weight,
    /// Where, as a JSON pointer into the advisory.
    pub place: String,
    /// Why, in one line.
    pub reason: String,
}

/// The format that a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// All of them.
    All,
    /// CSAF 2.0.
    Csaf,
    /// CVE JSON 5.1.
    Cve,
    /// OSV.
    Osv,
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// The record is poorer for it.
    Warning,
    /// The format cannot be written.
    Error,
}

pub(super) fn all(_advisory: &Advisory) -> Vec<Finding> {
    Vec::new()
}
