//! What must not get into a public database: CSAF documents that are not for everybody, and drafts.
//!
//! Whoever checks or reads an advisory elsewhere may have such a document: the rule is the database's.

use super::entry::Bad;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Csaf {
    document: Document,
}

#[derive(Deserialize)]
struct Document {
    distribution: Option<Value>,
    tracking: Option<Value>,
}

/// Refuses a CSAF document with another label than CLEAR or its older name WHITE (CSAF 2.0 and 2.1, 3.2.1.5.2;
/// TLP 2.0, 4), and a draft (3.2.1.12.7: "not intended for the public"). A label that is no word at all is no
/// leave to publish.
pub(super) fn check(document: &[u8]) -> Result<(), Bad> {
    let document = document.strip_prefix("\u{feff}".as_bytes()).unwrap_or(document);
    let Csaf { document } = serde_json::from_slice(document)
        .map_err(|error| Bad::new("/document", format!("whether it is public cannot be read: {error}")))?;
    let tlp = document.distribution.as_ref().and_then(|distribution| distribution.get("tlp"));
    // A label without its object is one as well.
    let label = tlp.map(|tlp| if tlp.is_object() { tlp.get("label").unwrap_or(&Value::Null) } else { tlp });
    if let Some(label) = label.filter(|label| !label.is_null())
        && !["CLEAR", "WHITE"].iter().any(|public| is(label, public))
    {
        return Err(refused("/document/distribution/tlp/label", label));
    }
    match document.tracking.as_ref().and_then(|tracking| tracking.get("status")) {
        Some(status) if is(status, "draft") => Err(refused("/document/tracking/status", status)),
        _ => Ok(()),
    }
}

fn is(said: &Value, word: &str) -> bool {
    said.as_str().is_some_and(|said| said.trim().eq_ignore_ascii_case(word))
}

fn refused(place: &str, said: &Value) -> Bad {
    let said = said.as_str().map_or_else(|| said.to_string(), |said| said.trim().to_owned());
    Bad::new(place, format!("{}: this database is public", super::rules::clip(&said, 40)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(label: &str, status: &str) -> Option<String> {
        let text = format!(
            r#"{{"document": {{"distribution": {{"tlp": {{"label": {label}}}}}, "tracking": {{"status": {status}}}}}}}"#
        );
        check(text.as_bytes()).err().map(|bad| format!("{}: {}", bad.place, bad.reason))
    }

    /// CSAF 2.1, 3.2.1.5.2 and TLP 2.0, 4: only CLEAR, once WHITE, may be shown to everybody.
    #[test]
    fn only_what_is_for_everybody_gets_in() {
        for label in ["\"CLEAR\"", "\"WHITE\"", "\"white\"", "null"] {
            assert_eq!(said(label, "\"final\""), None, "{label}");
        }
        for label in ["GREEN", "AMBER", "AMBER+STRICT", "RED", "red", "TLP:CLEAR"] {
            let expected = format!("/document/distribution/tlp/label: {label}: this database is public");
            assert_eq!(said(&format!("\"{label}\""), "\"final\""), Some(expected));
        }
        assert_eq!(
            said("7", "\"final\"").unwrap(),
            "/document/distribution/tlp/label: 7: this database is public"
        );
        assert_eq!(check(b"{\"document\": {}}"), Ok(()));
        for hidden in
            ["\u{feff}{\"document\": {\"distribution\": {\"tlp\": \"RED\"}}}", "{\"document\": [\"RED\"]}"]
        {
            assert!(check(hidden.as_bytes()).is_err(), "{hidden}");
        }
    }

    /// CSAF 2.0, 3.2.1.12.7: "draft: pre-release, intended for issuing party's internal use only".
    #[test]
    fn a_draft_does_not_get_in() {
        let expected = "/document/tracking/status: draft: this database is public";
        assert_eq!(said("\"CLEAR\"", "\"draft\"").as_deref(), Some(expected));
        assert_eq!(said("\"CLEAR\"", "\"interim\""), None);
    }
}
