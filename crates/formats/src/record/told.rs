//! What is told of a vulnerability besides: how bad it is, what to do, where to read on, who is thanked.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

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
    /// The vulnerabilities that it holds for, in documents that speak of several; empty: for all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub vulnerabilities: Vec<String>,
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
    /// What it is called: its CVE id, or as other parts of the record name it.
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
