//! Which of an advisory's remedies are for one of its vulnerabilities.

use super::key;
use formats::record::{Record, Remedy};

/// The remedies that an advisory about several vulnerabilities gives for one of them, by the key of its id: those that
/// name it, and those that name none (CSAF 2.1, 3.2.4.16: a remedy stands with the vulnerability that it is for).
pub(crate) fn remedies_for(advisory: &Record, of: &str) -> Vec<Remedy> {
    let is_it = |id: &str| key(id) == of;
    let speaks_of_it = advisory.upstream.iter().map(String::as_str).chain(advisory.named_apart()).any(is_it);
    let is_for_it = |remedy: &&Remedy| {
        remedy.vulnerabilities.is_empty() || remedy.vulnerabilities.iter().any(|id| is_it(id))
    };
    let all: &[Remedy] = if speaks_of_it { &advisory.remedies } else { &[] };
    all.iter().filter(is_for_it).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CSAF 2.0, 3.2.3.12 and CSAF 2.1, 3.2.4.16: each remedy stands with the vulnerability that it is for.
    #[test]
    fn of_several_flaws_each_has_its_own_remedies() {
        let remedy = |text: &str, ids: &[&str]| Remedy {
            text: text.into(),
            vulnerabilities: ids.iter().map(|id| (*id).to_owned()).collect(),
            ..Remedy::default()
        };
        let advisory = Record {
            id: "NW-1".into(),
            upstream: vec!["CVE-2024-1".into(), "CVE-2024-2".into()],
            related: vec!["CVE-2024-3".into()],
            remedies: vec![
                remedy("one", &["CVE-2024-1"]),
                remedy("both", &["CVE-2024-1", "cve-2024-2"]),
                remedy("all", &[]),
            ],
            ..Record::default()
        };
        let said =
            |of: &str| remedies_for(&advisory, of).into_iter().map(|remedy| remedy.text).collect::<Vec<_>>();
        assert_eq!(said("cve-2024-1"), ["one", "both", "all"]);
        assert_eq!(said("cve-2024-2"), ["both", "all"]);
        assert_eq!(said("cve-2024-3"), [""; 0], "what it merely mentions has no remedy");
    }
}
