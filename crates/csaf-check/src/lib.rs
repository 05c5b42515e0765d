//! CSAF validation by csaf-rs, alone in its room because it is heavy to build.
//!
//! Runs the schema and every test of chapter 6 that csaf-rs has, for CSAF 2.0 and 2.1. A document
//! is valid if no finding is an error: the mandatory tests (6.1.x) and the schema give errors, the
//! optional ones (6.2.x) warnings, the informative ones (6.3.x) notes.

#![warn(missing_docs)]

use csaf_rs::validation::{TestResultStatus, Validatable, ValidationError, validate_by_preset};
use std::fmt;

/// One thing that a test found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The standard's own number (`6.1.8`), or `schema`, or `json` for what cannot be tested.
    pub test: String,
    /// How bad it is.
    pub severity: Severity,
    /// Where, as a JSON pointer.
    pub path: String,
    /// What.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}: {}", self.test, self.severity, self.path, self.message)
    }
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The document is not valid.
    Error,
    /// It should be better.
    Warning,
    /// It could be better.
    Info,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        })
    }
}

/// Runs all tests, worst findings first. Empty: nothing was found.
#[must_use]
pub fn check(json: &str) -> Vec<Finding> {
    let document: serde_json::Value = match serde_json::from_str(json) {
        Ok(document) => document,
        Err(error) => return vec![untestable("", error.to_string())],
    };
    let version = document.pointer("/document/csaf_version").and_then(serde_json::Value::as_str);
    match version.map(str::to_owned).as_deref() {
        Some("2.0") => findings(csaf_rs::csaf2_0::loader::load_document(document), "2.0"),
        Some("2.1") => findings(csaf_rs::csaf2_1::loader::load_document(document), "2.1"),
        _ => vec![untestable("/document/csaf_version", "neither 2.0 nor 2.1".to_owned())],
    }
}

/// Runs all tests and keeps what makes a document invalid.
#[must_use]
pub fn errors(json: &str) -> Vec<Finding> {
    let mut findings = check(json);
    findings.retain(|finding| finding.severity == Severity::Error);
    findings
}

fn findings<D: Validatable>(document: std::io::Result<D>, version: &str) -> Vec<Finding> {
    let document = match document {
        Ok(document) => document,
        Err(error) => return vec![untestable("", error.to_string())],
    };
    let result = match validate_by_preset(&document, version, "full") {
        Ok(result) => result,
        Err(error) => return vec![untestable("", error.to_string())],
    };
    let mut findings = Vec::new();
    for test in result.test_results {
        if let TestResultStatus::Failure { errors, warnings, infos } = test.status {
            for (severity, found) in
                [(Severity::Error, errors), (Severity::Warning, warnings), (Severity::Info, infos)]
            {
                findings.extend(found.into_iter().map(|error| finding(&test.test_id, severity, error)));
            }
        }
    }
    findings.sort_by_key(|finding| finding.severity);
    findings
}

fn finding(test: &str, severity: Severity, error: ValidationError) -> Finding {
    Finding { test: test.to_owned(), severity, path: error.instance_path, message: error.message }
}

fn untestable(path: &str, message: String) -> Finding {
    Finding { test: "json".to_owned(), severity: Severity::Error, path: path.to_owned(), message }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The smallest document that passes the mandatory tests.
    const SMALL: &str = r#"{"document":{"category":"csaf_base","csaf_version":"2.0","title":"Nothing",
        "publisher":{"category":"coordinator","name":"Example Centre","namespace":"https://example.org"},
        "tracking":{"id":"EX-1","status":"final","version":"1","initial_release_date":"2026-01-01T00:00:00Z",
        "current_release_date":"2026-01-01T00:00:00Z","revision_history":[
        {"number":"1","date":"2026-01-01T00:00:00Z","summary":"First release"}]}}}"#;

    #[test]
    fn a_valid_document_has_no_errors() {
        assert_eq!(errors(SMALL), []);
        assert!(!check(SMALL).is_empty(), "it lacks a language, says 6.3.x");
    }

    #[test]
    fn a_mandatory_test_is_reported_by_its_number() {
        let wrong = SMALL.replace(r#""version":"1""#, r#""version":"2""#);
        let found = errors(&wrong);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].test.as_str(), found[0].path.as_str()),
            ("6.1.16", "/document/tracking/version")
        );
    }

    #[test]
    fn the_schema_is_checked_too() {
        let wrong = SMALL.replace("\"Nothing\"", "\"\"");
        assert!(errors(&wrong).iter().any(|finding| finding.test == "schema"));
    }

    #[test]
    fn what_cannot_be_tested_is_an_error() {
        for json in ["", "{", "[]", "null", "{}", r#"{"document":{"csaf_version":"9"}}"#] {
            assert_eq!(errors(json)[0].test, "json", "{json}");
        }
    }
}
