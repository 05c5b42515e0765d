//! What a document is: by what stands in it; the name only helps to tell YAML.

use crate::place;
use crate::read::{Kind, ReadError, Reason};
use crate::{attack, door, epss};
use serde::Deserializer;
use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};
use std::fmt;

/// What a document is.
///
/// Reading it may still fail: this looks only as far as it has to.
///
/// # Errors
/// If it is nothing that we read. What we recognise all the same is named in the reason.
pub fn detect(bytes: &[u8], name: &str) -> Result<Kind, ReadError> {
    // Lists that are no records may be larger than one; their readers say by how much.
    if let Some(kind) = list(bytes) {
        return Ok(kind);
    }
    let text = door::decode(bytes)?;
    let name = name.to_ascii_lowercase();
    match text.trim_start().as_bytes().first() {
        Some(b'{') => json(text),
        Some(b'[') => json_list(text),
        None => Err(not("empty")),
        // What was saved where a document should have come, such as the page of an error.
        Some(_) if name.ends_with(".json") => {
            Err(ReadError::whole(Reason::Syntax("called JSON, and there is none in it".to_owned())))
        }
        Some(b'<') => Err(not("XML, but neither CWE nor CAPEC")),
        Some(_) if name.ends_with(".yaml") || name.ends_with(".yml") || looks_like_osv(text) => {
            Ok(Kind::OsvYaml)
        }
        Some(_) => Err(not("neither JSON nor an OSV record in YAML")),
    }
}

/// Scores in CSV and lists in XML, by how they begin.
fn list(bytes: &[u8]) -> Option<Kind> {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let head = match std::str::from_utf8(head) {
        Ok(head) => head,
        Err(error) => std::str::from_utf8(head.get(..error.valid_up_to())?).ok()?,
    };
    let head = head.trim_start_matches('\u{feff}').trim_start();
    match head.as_bytes().first()? {
        b'<' => attack::is_beginning(head),
        b'{' | b'[' => None,
        _ => epss::is_beginning(head).then_some(Kind::Epss),
    }
}

/// Bytes in which a list says what it is.
const HEAD: usize = 4_096;

/// GitHub's API gives lists of advisories, and OSV's records lie in lists, too: the first item tells.
fn json_list(text: &str) -> Result<Kind, ReadError> {
    let first = text.trim_start().strip_prefix('[').unwrap_or_default().trim_start();
    match first.starts_with('{').then(|| keys(first).0) {
        Some(Some(Ok(Kind::Ghsa))) => Ok(Kind::Ghsa),
        Some(Some(Ok(Kind::OsvJson))) => Ok(Kind::OsvList),
        _ => Err(not("a JSON list, but neither of OSV's records nor of GitHub's advisories")),
    }
}

fn not(reason: &str) -> ReadError {
    ReadError::whole(Reason::NotARecord(reason.to_owned()))
}

/// Top-level `id` and `modified` are what the OSV schema requires.
fn looks_like_osv(text: &str) -> bool {
    let has = |key: &str| text.lines().take(10_000).any(|line| line.starts_with(key));
    has("id:") && has("modified:")
}

/// Goes through the keys of an object and stops at the first that decides; says what they came to, and what is
/// wrong with the text where they came to nothing.
fn keys(text: &str) -> (Option<Result<Kind, String>>, Option<serde_json::Error>) {
    let mut keys = Keys::default();
    let read = serde_json::Deserializer::from_str(text).deserialize_map(&mut keys);
    match (keys.found, read) {
        (Some(found), _) => (Some(found), None),
        (None, read) => (None, read.err()),
    }
}

fn json(text: &str) -> Result<Kind, ReadError> {
    match keys(text) {
        (Some(found), _) => found.map_err(|reason| ReadError::whole(Reason::NotARecord(reason))),
        (None, Some(error)) => {
            Err(ReadError::new(place::of_error(text, &error), Reason::Syntax(crate::plain::message(&error))))
        }
        (None, None) => Err(not("JSON, but no format that we know")),
    }
}

#[derive(Default)]
struct Keys {
    found: Option<Result<Kind, String>>,
    id: bool,
    modified: bool,
    affected: bool,
}

impl<'de> Visitor<'de> for &mut Keys {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            self.found = match key.as_ref() {
                "dataType" | "cveMetadata" => Some(Ok(Kind::Cve5)),
                "document" => Some(csaf(&map.next_value::<serde_json::Value>()?)),
                "catalogVersion" => Some(Ok(Kind::Kev)),
                "schema_version" => Some(Ok(Kind::OsvJson)),
                "resultsPerPage" | "cve" | "vulnStatus" | "sourceIdentifier" => Some(Ok(Kind::Nvd)),
                "CVE_Items" => Some(Err("an NVD feed of version 1, which ended in 2023: not read".into())),
                "ghsa_id" => Some(Ok(Kind::Ghsa)),
                "vulns" => Some(Ok(Kind::OsvList)),
                "@context" => Some(context(&map.next_value::<serde_json::Value>()?)),
                "feed" => Some(Err("a ROLIE feed: a list of documents, not a record".into())),
                "canonical_url" => Some(Err("CSAF metadata of a provider: not a record".into())),
                "bomFormat" => Some(Err("a CycloneDX document: not a record".into())),
                "spdxVersion" => Some(Err("an SPDX document: not a record".into())),
                _ => None,
            };
            if self.found.is_some() {
                return Err(A::Error::custom("decided"));
            }
            self.id |= key == "id";
            self.modified |= key == "modified";
            self.affected |= key == "affected";
            if self.id && (self.modified || self.affected) {
                self.found = Some(Ok(Kind::OsvJson));
                return Err(A::Error::custom("decided"));
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

/// Other standards name their context in the same way.
fn context(context: &serde_json::Value) -> Result<Kind, String> {
    match context.as_str() {
        Some(context) if context.starts_with("https://openvex.dev/ns") => Ok(Kind::OpenVex),
        _ => Err("JSON with a \"@context\", but not OpenVEX".to_owned()),
    }
}

fn csaf(document: &serde_json::Value) -> Result<Kind, String> {
    match document.get("csaf_version").and_then(serde_json::Value::as_str) {
        Some("2.0") => Ok(Kind::Csaf20),
        Some("2.1") => Ok(Kind::Csaf21),
        Some(other) => Err(format!("CSAF {other:?}: only 2.0 and 2.1 are read")),
        None => Err("an object with \"document\", but not CSAF".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str, name: &str) -> String {
        match detect(text.as_bytes(), name) {
            Ok(kind) => kind.label().to_owned(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn what_a_document_is_stands_in_it() {
        for (text, expected) in [
            (r#"{"containers":{},"cveMetadata":{}}"#, "CVE JSON 5"),
            (r#"{"id":"X","modified":"2024-01-01T00:00:00Z"}"#, "OSV (JSON)"),
            (r#"{"document":{"csaf_version":"2.0"}}"#, "CSAF 2.0"),
            (r#"{"document":{"csaf_version":"2.1"}}"#, "CSAF 2.1"),
            (r#"{"document":{"csaf_version":"3"}}"#, "document: CSAF \"3\": only 2.0 and 2.1 are read"),
            (r#"{"title":"t","catalogVersion":"1"}"#, "KEV catalogue"),
            ("id: X\nmodified: 2024-01-01T00:00:00Z\n", "OSV (YAML)"),
            (r#"{"resultsPerPage":1}"#, "NVD 2.0"),
            (r#"{"cve":{}}"#, "NVD 2.0"),
            (r#"{"id":"CVE-1","sourceIdentifier":"x"}"#, "NVD 2.0"),
            (r#"{"@context":"https://openvex.dev/ns/v0.2.0","@id":"x"}"#, "OpenVEX"),
            (r#"{"@context":"https://example.org"}"#, "document: JSON with a \"@context\", but not OpenVEX"),
            (r#"{"ghsa_id":"GHSA-x"}"#, "GitHub advisory"),
            (r#"[{"ghsa_id":"GHSA-x"}]"#, "GitHub advisory"),
            ("#model_version:v1,score_date:x\ncve,epss,percentile\n", "EPSS scores"),
            ("cve,epss,percentile\n", "EPSS scores"),
            ("<?xml version=\"1.0\"?>\n<Weakness_Catalog Name=\"CWE\">", "CWE list"),
            ("<Attack_Pattern_Catalog>", "CAPEC list"),
            ("<html>", "document: XML, but neither CWE nor CAPEC"),
            (r#"{"a":1}"#, "document: JSON, but no format that we know"),
            (
                r#"{"a":"#,
                "/a (line 1 column 5): it ends in the middle; if it was cut off, fetch it again (EOF while parsing a value)",
            ),
            ("[]", "document: a JSON list, but neither of OSV's records nor of GitHub's advisories"),
            (
                r#"[7, {"id":"X","modified":"x"}]"#,
                "document: a JSON list, but neither of OSV's records nor of GitHub's advisories",
            ),
            (r#" [ {"summary":"s","id":"X","modified":"2024-01-01T00:00:00Z"}]"#, "OSV (list in JSON)"),
            (r#"{"vulns":[],"next_page_token":"x"}"#, "OSV (list in JSON)"),
            (" \n", "document: empty"),
            ("hello", "document: neither JSON nor an OSV record in YAML"),
        ] {
            assert_eq!(word(text, "-"), expected);
        }
        assert_eq!(word("hello", "A.YAML"), "OSV (YAML)", "reading it will say what is wrong");
        for saved in ["<!DOCTYPE html><p>Not found", "Not found", "\"text\""] {
            let error = detect(saved.as_bytes(), "CVE-2024-1.JSON").unwrap_err();
            assert_eq!(error.to_string(), "document: called JSON, and there is none in it");
            let is_something_else = matches!(error.reason, Reason::NotARecord(_));
            assert!(!is_something_else, "{saved}: it is no file that happens to lie there");
        }
    }
}
