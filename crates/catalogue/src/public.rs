//! What must not get into a public database: CSAF documents that are not for everybody, and drafts.
//!
//! Whoever checks or reads an advisory elsewhere may have such a document: the rule is the database's.

use super::entry::Bad;
use formats::record::Record;

/// Refuses what is not public.
pub(super) fn check(record: &Record) -> Result<(), Bad> {
    match restriction(record) {
        Some((place, said)) => Err(Bad::new(place, format!("{said}: this database is public"))),
        None => Ok(()),
    }
}

/// Where a document says that it is not public, and how: by another label than CLEAR or its older name WHITE (CSAF
/// 2.0 and 2.1, 3.2.1.5.2; TLP 2.0, 4), or as a draft (3.2.1.12.7: "not intended for the public").
pub(super) fn restriction(record: &Record) -> Option<(&'static str, String)> {
    let said = record.label.as_deref().and_then(|label| {
        let is_one_of = |words: &[&str]| words.iter().any(|word| word_of(label).eq_ignore_ascii_case(word));
        let shown = super::rules::clip(label, 40);
        match is_one_of(&PUBLIC) {
            true => None,
            false if is_one_of(&RESTRICTED) => Some(shown),
            false => Some(format!("{shown:?} is no label of TLP")),
        }
    });
    match said {
        Some(said) => Some(("/document/distribution/tlp/label", said)),
        None => record.is_draft.then(|| ("/document/tracking/status", "draft".to_owned())),
    }
}

const PUBLIC: [&str; 2] = ["CLEAR", "WHITE"];
const RESTRICTED: [&str; 4] = ["GREEN", "AMBER", "AMBER+STRICT", "RED"];

/// A label of TLP without what FIRST writes before each: "TLP:CLEAR" (TLP 2.0, 3).
fn word_of(label: &str) -> &str {
    let label = label.trim();
    match label.split_at_checked(4) {
        Some((start, word)) if start.eq_ignore_ascii_case("TLP:") => word.trim(),
        _ => label,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(document: &str) -> Option<String> {
        let text = format!(
            r#"{{"document": {{"csaf_version": "2.0", "tracking": {{"id": "X", "status": "final"}}, {document}}}}}"#
        );
        let records = formats::read(formats::Kind::Csaf20, text.as_bytes()).unwrap();
        check(&records[0]).err().map(|bad| format!("{}: {}", bad.place, bad.reason))
    }

    /// CSAF 2.1, 3.2.1.5.2 and TLP 2.0, 4: only CLEAR, once WHITE, may be shown to everybody. A label that is no
    /// word at all is no leave to publish.
    #[test]
    fn only_what_is_for_everybody_gets_in() {
        let labelled = |label: &str| said(&format!(r#""distribution": {{"tlp": {{"label": {label}}}}}"#));
        for label in ["\"CLEAR\"", "\"WHITE\"", "\" white\"", "\"TLP:CLEAR\"", "\"tlp: White\"", "null"] {
            assert_eq!(labelled(label), None, "{label}");
        }
        let refused =
            |said: &str| Some(format!("/document/distribution/tlp/label: {said}: this database is public"));
        for label in ["GREEN", "AMBER", "AMBER+STRICT", "RED", "red", "TLP:GREEN", "TLP:AMBER+STRICT"] {
            assert_eq!(labelled(&format!("\"{label}\"")), refused(label));
        }
        for label in ["", "TLP:", "CLEARLY", "TLP:RED CLEAR", "ÄÄCLEAR"] {
            assert_eq!(labelled(&format!("\"{label}\"")), refused(&format!("{label:?} is no label of TLP")));
        }
        assert_eq!(labelled("7"), refused("\"7\" is no label of TLP"));
        assert!(said(r#""distribution": {"tlp": "RED"}"#).is_some(), "a label without its object");
        for unlabelled in [r#""title": "X""#, r#""distribution": null"#, r#""distribution": {"text": "RED"}"#]
        {
            assert_eq!(said(unlabelled), None, "{unlabelled}");
        }
    }

    /// CSAF 2.0, 3.2.1.12.7: "draft: pre-release, intended for issuing party's internal use only".
    #[test]
    fn a_draft_does_not_get_in() {
        let with = |status: &str| {
            let text = format!(
                r#"{{"document": {{"csaf_version": "2.0", "tracking": {{"id": "X", "status": "{status}"}}}}}}"#
            );
            check(&formats::read(formats::Kind::Csaf20, text.as_bytes()).unwrap()[0]).err()
        };
        let expected = Some(Bad::new("/document/tracking/status", "draft: this database is public"));
        assert_eq!((with("draft"), with("Draft"), with("interim")), (expected.clone(), expected, None));
    }
}
