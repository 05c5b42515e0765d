//! Reading: what a document is, what it says, and where it is wrong.

use crate::record::Record;
use crate::{csaf, cve, door, ghsa, kev, nvd, openvex, osv, place, plain, yaml};
use serde::{Deserialize, Serialize};
use std::fmt;

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
    /// Several OSV records in JSON: a list, or an answer of OSV's interface.
    OsvList,
    /// A CSAF 2.0 document.
    Csaf20,
    /// A CSAF 2.1 document.
    Csaf21,
    /// A catalogue of known exploited vulnerabilities: one document, many records.
    Kev,
    /// NVD 2.0: a page of the API or a feed file with many records, one of them, or a bare record.
    Nvd,
    /// An advisory as GitHub's API gives it, or a list of them.
    Ghsa,
    /// An OpenVEX document.
    OpenVex,
    /// EPSS scores in CSV: no records, see [`crate::epss`].
    Epss,
    /// The list of weaknesses in XML: no records, see [`crate::attack`].
    Cwe,
    /// The list of attack patterns in XML: no records, see [`crate::attack`].
    Capec,
}

impl Kind {
    /// The format's name as people say it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Cve5 => "CVE JSON 5",
            Self::OsvJson => "OSV (JSON)",
            Self::OsvYaml => "OSV (YAML)",
            Self::OsvList => "OSV (list in JSON)",
            Self::Csaf20 => "CSAF 2.0",
            Self::Csaf21 => "CSAF 2.1",
            Self::Kev => "KEV catalogue",
            Self::Nvd => "NVD 2.0",
            Self::Ghsa => "GitHub advisory",
            Self::OpenVex => "OpenVEX",
            Self::Epss => "EPSS scores",
            Self::Cwe => "CWE list",
            Self::Capec => "CAPEC list",
        }
    }
}

/// Reads the records of a document of a known kind: one, but for lists of them, and none of kinds that
/// say something about the records of others.
///
/// # Errors
/// If it is no such document, or breaks one of the limits in [`crate::limits`]; with the place.
pub fn read(kind: Kind, bytes: &[u8]) -> Result<Vec<Record>, ReadError> {
    if kind == Kind::OsvYaml {
        return Ok(vec![read_yaml(bytes)?.0]);
    }
    if matches!(kind, Kind::Epss | Kind::Cwe | Kind::Capec) {
        return Ok(Vec::new());
    }
    let text = door::admit(bytes)?;
    match kind {
        Kind::Cve5 => Ok(vec![cve::read(text)?]),
        Kind::OsvJson | Kind::OsvYaml => Ok(vec![osv::read(text)?]),
        Kind::OsvList => osv::read_list(text),
        Kind::Csaf20 | Kind::Csaf21 => Ok(vec![csaf::read(text, kind)?]),
        Kind::Kev => kev::read(text),
        Kind::Nvd => nvd::read(text),
        Kind::Ghsa => ghsa::read(text),
        Kind::OpenVex => Ok(vec![openvex::read(text)?]),
        Kind::Epss | Kind::Cwe | Kind::Capec => Ok(Vec::new()),
    }
}

/// Reads an OSV record in YAML, and writes it in JSON: whoever needs both parses it once.
///
/// # Errors
/// As [`read`].
pub fn read_yaml(bytes: &[u8]) -> Result<(Record, String), ReadError> {
    let json = yaml::to_json(bytes)?;
    // Lines of the converted text mean nothing to who wrote the YAML; the pointer does.
    let record = door::admit(json.as_bytes()).and_then(osv::read).map_err(ReadError::without_line)?;
    Ok((record, json))
}

/// Parses a document that has passed the door into the struct of its format.
pub(crate) fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, ReadError> {
    serde_json::from_str(text).map_err(|error| {
        let message = plain::message(&error);
        let reason = if error.is_data() { Reason::Shape(message) } else { Reason::Syntax(message) };
        ReadError::new(place::of_error(text, &error), reason)
    })
}

/// Why a document was not read, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {reason}")]
pub struct ReadError {
    /// Where in the document.
    pub place: Place,
    /// What is wrong there.
    pub reason: Reason,
}

impl ReadError {
    pub(crate) fn new(place: Place, reason: Reason) -> Self {
        Self { place, reason }
    }

    /// An error about the document as a whole.
    pub(crate) fn whole(reason: Reason) -> Self {
        Self::new(Place::default(), reason)
    }

    fn without_line(mut self) -> Self {
        self.place.line = None;
        self.place.column = None;
        self
    }
}

/// A place in a document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// JSON pointer (RFC 6901); empty: the document itself.
    pub pointer: String,
    /// Line, from 1, where the text has lines.
    pub line: Option<usize>,
    /// Column in bytes, from 1.
    pub column: Option<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.pointer.is_empty() { "document" } else { &self.pointer })?;
        match (self.line, self.column) {
            (Some(line), Some(column)) => write!(f, " (line {line} column {column})"),
            _ => Ok(()),
        }
    }
}

/// What is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// More bytes than [`crate::limits::DOCUMENT_BYTES`].
    #[error("{bytes} bytes, but at most {limit} are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// Nested deeper than [`crate::limits::DEPTH`].
    #[error("nested deeper than {limit} levels")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// A string longer than [`crate::limits::STRING_BYTES`].
    #[error("a string of {bytes} bytes, but at most {limit} are read")]
    LongString {
        /// Its length.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// A key longer than [`crate::limits::KEY_BYTES`].
    #[error("a key of {bytes} bytes, but at most {limit} are read")]
    LongKey {
        /// Its length.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// A product tree larger than [`crate::limits::TREE_BYTES`].
    #[error("products of more than {limit} bytes when written out")]
    LargeTree {
        /// The limit.
        limit: usize,
    },
    /// Statements of VEX that come to more than [`crate::limits::STATEMENTS_BYTES`].
    #[error("statements of more than {limit} bytes when written out")]
    LargeStatements {
        /// The limit.
        limit: usize,
    },
    /// Readers disagree on which of two equal keys counts, so such a document says two things.
    #[error("the key \"{0}\" stands there twice")]
    DuplicateKey(String),
    /// Not UTF-8.
    #[error("not UTF-8")]
    NotUtf8,
    /// Neither JSON nor, where that was asked for, YAML.
    #[error("{0}")]
    Syntax(String),
    /// Well formed, but not what the format says.
    #[error("{0}")]
    Shape(String),
    /// Recognised as something that has no records for the catalogue, or not recognised.
    #[error("{0}")]
    NotARecord(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_place_and_reason_in_one_line() {
        let place = Place { pointer: "/affected/0".into(), line: Some(7), column: Some(3) };
        let error = ReadError::new(place, Reason::DuplicateKey("fixed".into()));
        assert_eq!(error.to_string(), "/affected/0 (line 7 column 3): the key \"fixed\" stands there twice");
        assert_eq!(ReadError::whole(Reason::NotUtf8).to_string(), "document: not UTF-8");
    }
}
