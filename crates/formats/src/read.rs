//! Reading: what a document is, and what it says.

use serde::{Deserialize, Serialize};

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A CVE record, JSON 5.0 to 5.2.
    Cve5,
    /// An OSV record in JSON.
    OsvJson,
    /// An OSV record in YAML.
    OsvYaml,
    /// A CSAF 2.0 document.
    Csaf20,
    /// A CSAF 2.1 document.
    Csaf21,
    /// A catalogue of known exploited vulnerabilities: one document, many records.
    Kev,
}
