//! The words of an advisory's choices: as the form sends them, and as people read them.

use formats::advisory::{CreditKind, LinkKind, RemediationCategory, Which};
use formats::record::Status;

/// A choice: what the form sends, what it means, what people read.
type Choices<T> = &'static [(&'static str, T, &'static str)];

pub(super) const STATUSES: Choices<Status> = &[
    ("affected", Status::Affected, "affected"),
    ("not_affected", Status::NotAffected, "not affected"),
    ("fixed", Status::Fixed, "fixed"),
    ("under_investigation", Status::UnderInvestigation, "under investigation"),
    ("unknown", Status::Unknown, "unknown"),
];

pub(super) const CATEGORIES: Choices<RemediationCategory> = &[
    ("vendor_fix", RemediationCategory::VendorFix, "Update"),
    ("mitigation", RemediationCategory::Mitigation, "Mitigation"),
    ("workaround", RemediationCategory::Workaround, "Workaround"),
    ("none_available", RemediationCategory::NoneAvailable, "No fix yet"),
    ("no_fix_planned", RemediationCategory::NoFixPlanned, "No fix planned"),
];

pub(super) const LINKS: Choices<LinkKind> = &[
    ("canonical", LinkKind::Canonical, "this advisory"),
    ("advisory", LinkKind::Advisory, "another advisory"),
    ("article", LinkKind::Article, "article"),
    ("detection", LinkKind::Detection, "how to detect it"),
    ("discussion", LinkKind::Discussion, "discussion"),
    ("report", LinkKind::Report, "report"),
    ("fix", LinkKind::Fix, "fix"),
    ("introduced", LinkKind::Introduced, "where it came in"),
    ("package", LinkKind::Package, "package"),
    ("evidence", LinkKind::Evidence, "evidence"),
    ("web", LinkKind::Web, "further information"),
];

pub(super) const CREDITS: Choices<CreditKind> = &[
    ("finder", CreditKind::Finder, "found it"),
    ("reporter", CreditKind::Reporter, "reported it"),
    ("analyst", CreditKind::Analyst, "analysed it"),
    ("coordinator", CreditKind::Coordinator, "coordinated"),
    ("remediation_developer", CreditKind::RemediationDeveloper, "wrote the fix"),
    ("remediation_reviewer", CreditKind::RemediationReviewer, "reviewed the fix"),
    ("remediation_verifier", CreditKind::RemediationVerifier, "verified the fix"),
    ("tool", CreditKind::Tool, "tool that found it"),
    ("sponsor", CreditKind::Sponsor, "sponsored the work"),
    ("other", CreditKind::Other, "helped"),
];

/// Which versions a row is about, by the cells that it uses.
pub(super) const SPANS: &[(&str, &str)] = &[
    ("none", "no versions in this row"),
    ("before", "from … to before"),
    ("up_to", "from … up to and with"),
    ("from", "all from … on"),
    ("exact", "one version, in From"),
    ("all", "every version"),
];

pub(super) fn value<T: Copy>(choices: Choices<T>, sent: &str) -> Option<T> {
    choices.iter().find(|(name, ..)| *name == sent).map(|(_, value, _)| *value)
}

fn row<T: Copy + PartialEq>(choices: Choices<T>, value: T) -> (&'static str, &'static str) {
    let found = choices.iter().find(|(_, known, _)| *known == value);
    found.map_or(("", ""), |(name, _, words)| (name, words))
}

/// What the form sends for a value.
pub(super) fn name<T: Copy + PartialEq>(choices: Choices<T>, value: T) -> &'static str {
    row(choices, value).0
}

/// Pairs for a choice in a form.
pub(super) fn options<T: Copy>(choices: Choices<T>) -> Vec<(&'static str, &'static str)> {
    choices.iter().map(|(name, _, words)| (*name, *words)).collect()
}

pub(in crate::advisories) fn status_words(status: Status) -> &'static str {
    row(STATUSES, status).1
}

pub(in crate::advisories) fn category_words(category: RemediationCategory) -> &'static str {
    row(CATEGORIES, category).1
}

pub(in crate::advisories) fn link_words(kind: LinkKind) -> &'static str {
    row(LINKS, kind).1
}

pub(in crate::advisories) fn credit_words(kind: CreditKind) -> &'static str {
    row(CREDITS, kind).1
}

/// Versions in words: "from 1.2 to before 1.4".
pub(in crate::advisories) fn which_words(which: &Which) -> String {
    match which {
        Which::All => "every version".to_owned(),
        Which::Exact(version) => version.clone(),
        Which::From(version) => format!("{version} and later"),
        Which::Before { introduced: None, fixed } => format!("before {fixed}"),
        Which::Before { introduced: Some(from), fixed } => format!("from {from} to before {fixed}"),
        Which::UpTo { introduced: None, last_affected } => format!("up to and with {last_affected}"),
        Which::UpTo { introduced: Some(from), last_affected } => {
            format!("from {from} up to and with {last_affected}")
        }
    }
}

/// The names of weaknesses that are met most, exactly as the CWE list has them: CSAF refuses any
/// other spelling, and nobody should have to look these up.
const WEAKNESSES: &[(&str, &str)] = &[
    ("CWE-20", "Improper Input Validation"),
    ("CWE-22", "Improper Limitation of a Pathname to a Restricted Directory ('Path Traversal')"),
    ("CWE-77", "Improper Neutralization of Special Elements used in a Command ('Command Injection')"),
    ("CWE-78", "Improper Neutralization of Special Elements used in an OS Command ('OS Command Injection')"),
    ("CWE-79", "Improper Neutralization of Input During Web Page Generation ('Cross-site Scripting')"),
    ("CWE-89", "Improper Neutralization of Special Elements used in an SQL Command ('SQL Injection')"),
    ("CWE-94", "Improper Control of Generation of Code ('Code Injection')"),
    ("CWE-119", "Improper Restriction of Operations within the Bounds of a Memory Buffer"),
    ("CWE-120", "Buffer Copy without Checking Size of Input ('Classic Buffer Overflow')"),
    ("CWE-125", "Out-of-bounds Read"),
    ("CWE-190", "Integer Overflow or Wraparound"),
    ("CWE-200", "Exposure of Sensitive Information to an Unauthorized Actor"),
    ("CWE-250", "Execution with Unnecessary Privileges"),
    ("CWE-269", "Improper Privilege Management"),
    ("CWE-276", "Incorrect Default Permissions"),
    ("CWE-284", "Improper Access Control"),
    ("CWE-287", "Improper Authentication"),
    ("CWE-295", "Improper Certificate Validation"),
    ("CWE-306", "Missing Authentication for Critical Function"),
    ("CWE-352", "Cross-Site Request Forgery (CSRF)"),
    (
        "CWE-362",
        "Concurrent Execution using Shared Resource with Improper Synchronization ('Race Condition')",
    ),
    ("CWE-400", "Uncontrolled Resource Consumption"),
    ("CWE-416", "Use After Free"),
    ("CWE-434", "Unrestricted Upload of File with Dangerous Type"),
    ("CWE-476", "NULL Pointer Dereference"),
    ("CWE-502", "Deserialization of Untrusted Data"),
    ("CWE-601", "URL Redirection to Untrusted Site ('Open Redirect')"),
    ("CWE-611", "Improper Restriction of XML External Entity Reference"),
    ("CWE-639", "Authorization Bypass Through User-Controlled Key"),
    ("CWE-787", "Out-of-bounds Write"),
    ("CWE-798", "Use of Hard-coded Credentials"),
    ("CWE-862", "Missing Authorization"),
    ("CWE-863", "Incorrect Authorization"),
    ("CWE-918", "Server-Side Request Forgery (SSRF)"),
];

/// The name of a weakness, if it is one of those met most.
pub(super) fn weakness_name(id: &str) -> Option<&'static str> {
    WEAKNESSES.iter().find(|(known, _)| *known == id).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisories::tests::invented;
    use formats::advisory::Weakness;

    #[test]
    fn the_names_of_weaknesses_are_those_of_the_cwe_list() {
        let wrong = |id: &str, name: &str| {
            let mut advisory = invented::advisory();
            advisory.weaknesses = vec![Weakness { id: id.into(), name: name.into() }];
            csaf_check::errors(&formats::csaf::render(&advisory).unwrap())
        };
        for (id, name) in WEAKNESSES {
            assert_eq!(wrong(id, name), [], "{id}");
        }
        assert_ne!(wrong("CWE-79", "Cross-site Scripting"), [], "a wrong name is found");
    }
}
