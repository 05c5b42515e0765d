//! What an advisory lacks before it can be published, format by format.
//!
//! Every rule stands here once, as a finding with its place; a renderer refuses if one of its
//! format weighs as an error, and otherwise has nothing left to check. Names of weaknesses are the
//! exception: they must be those of the CWE list, which whoever fills the advisory has and we
//! have not.

mod products;
mod texts;

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

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({}): {}", self.place, self.format.label(), self.reason)
    }
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

impl Format {
    /// Its name as people say it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::All => "all formats",
            Self::Csaf => "CSAF",
            Self::Cve => "CVE",
            Self::Osv => "OSV",
        }
    }
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

/// All findings, in the order of the advisory's fields.
pub(super) fn all(advisory: &Advisory) -> Vec<Finding> {
    let mut found = Findings::default();
    texts::check(advisory, &mut found);
    products::check(advisory, &mut found);
    found.0
}

/// What stops this format from being written; empty: it can be.
pub(crate) fn errors(advisory: &Advisory, format: Format) -> Vec<Finding> {
    let mut findings = all(advisory);
    findings.retain(|finding| {
        finding.weight == Weight::Error && (finding.format == format || finding.format == Format::All)
    });
    findings
}

/// The findings so far.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn error(&mut self, format: Format, place: impl Into<String>, reason: impl Into<String>) {
        self.push(format, Weight::Error, place.into(), reason.into());
    }

    fn warning(&mut self, format: Format, place: impl Into<String>, reason: impl Into<String>) {
        self.push(format, Weight::Warning, place.into(), reason.into());
    }

    fn push(&mut self, format: Format, weight: Weight, place: String, reason: String) {
        self.0.push(Finding { format, weight, place, reason });
    }

    /// A text that must say something. CVE counts characters.
    fn text(&mut self, place: impl Into<String>, text: &str, cve_characters_max: usize) {
        let place = place.into();
        if text.trim().is_empty() {
            self.error(Format::All, place, "is empty");
        } else if text.chars().count() > cve_characters_max {
            self.error(Format::Cve, place, format!("has more than {cve_characters_max} characters"));
        }
    }

    /// A text that may be absent, but not empty.
    fn optional(&mut self, place: impl Into<String>, text: Option<&str>, cve_characters_max: usize) {
        if let Some(text) = text {
            self.text(place, text, cve_characters_max);
        }
    }

    /// A text of one line.
    fn line(&mut self, place: impl Into<String>, text: &str, cve_characters_max: usize) {
        let place = place.into();
        if text.chars().any(char::is_control) {
            self.error(Format::All, place.clone(), "has a line break or another control character");
        }
        self.text(place, text, cve_characters_max);
    }
}
