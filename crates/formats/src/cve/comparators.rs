//! Ranges that stand in the field of a single version.
//!
//! GitHub as CNA (`GitHub_M`) copies the ranges of its advisories into `version`, as they stand there:
//! `>= 15.0.0, < 15.5.0`, `< 1.2.3`, `<= 2.0`, `= 1.0`. Others do so now and then. By CVE's schema that is one
//! version of a strange name, so that nothing could be decided; what its author means is not in doubt.

use crate::limits::NAME_BYTES;
use crate::record::{Status, VersionEntry};

/// The short name under which GitHub assigns.
const GITHUB: &str = "GitHub_M";

/// The entry with the range in its own fields; none where there is no such range, or where these fields cannot
/// say it: a lower end that is left out, more than two parts, words. Nor is a range without an upper end read:
/// Atlassian names the first repaired version of each line so (`>= 7.13.5`, `>= 7.19.7`, unaffected), and the
/// first of these does not speak of the other lines.
pub(super) fn read(entry: &VersionEntry) -> Option<VersionEntry> {
    if entry.less_than.is_some() || entry.less_than_or_equal.is_some() || !entry.changes.is_empty() {
        return None;
    }
    let mut parts = entry.version.split(',').map(part);
    let (version, less_than, less_than_or_equal) = match (parts.next()??, parts.next(), parts.next()) {
        (("=", only), None, _) => (only, None, None),
        (("<", end), None, _) => ("0", Some(end), None),
        (("<=", end), None, _) => ("0", None, Some(end)),
        ((">=", start), Some(Some(("<", end))), None) => (start, Some(end), None),
        ((">=", start), Some(Some(("<=", end))), None) => (start, None, Some(end)),
        _ => return None,
    };
    // Without a type only plain numbers are compared. A pre-release can be compared as a semantic version
    // alone, and is written so.
    let is_pre_release =
        [Some(version), less_than, less_than_or_equal].into_iter().flatten().any(is_pre_release);
    let version_type = entry.version_type.clone().or_else(|| is_pre_release.then(|| "semver".to_owned()));
    Some(VersionEntry {
        version: version.to_owned(),
        less_than: less_than.map(str::to_owned),
        less_than_or_equal: less_than_or_equal.map(str::to_owned),
        status: entry.status,
        version_type,
        changes: Vec::new(),
    })
}

/// The status of all other versions, where the record gives none: GitHub's ranges are the "affected versions"
/// of its advisories, and by these the others are not.
pub(super) fn default_status(
    entries: &[VersionEntry],
    has_ranges: bool,
    source: Option<&String>,
) -> Option<Status> {
    let are_affected = || entries.iter().all(|entry| entry.status == Status::Affected);
    let is_said = has_ranges && source.is_some_and(|source| source == GITHUB) && are_affected();
    is_said.then_some(Status::NotAffected)
}

/// A comparator and its version: one word.
fn part(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let at = text.find(|letter: char| !matches!(letter, '<' | '>' | '='))?;
    let (comparator, version) = (text.get(..at)?, text.get(at..)?.trim_start());
    let is_word = version.len() <= NAME_BYTES
        && version.starts_with(|letter: char| letter.is_ascii_alphanumeric())
        && !version.contains(|letter: char| {
            letter.is_whitespace() || matches!(letter, '<' | '>' | '=' | '*' | '|' | '&')
        });
    is_word.then_some((comparator, version))
}

/// Three numbers and a word behind a hyphen (Semantic Versioning 2.0, 9).
fn is_pre_release(version: &str) -> bool {
    let Some((numbers, behind)) = version.split_once('-') else { return false };
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    numbers.split('.').count() == 3
        && numbers.split('.').all(is_number)
        && behind.starts_with(|letter: char| letter.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Option<String> {
        let entry =
            VersionEntry { version: text.into(), status: Status::Affected, ..VersionEntry::default() };
        let read = read(&entry)?;
        assert_eq!(read.status, Status::Affected);
        let end = |sign: &str, end: &Option<String>| {
            end.as_ref().map_or(String::new(), |end| format!(" {sign} {end}"))
        };
        let kind = read.version_type.map_or(String::new(), |kind| format!(" ({kind})"));
        Some(format!(
            "{}{}{}{kind}",
            read.version,
            end("<", &read.less_than),
            end("<=", &read.less_than_or_equal)
        ))
    }

    /// CVE schema, `versions.md`: a range is `version` with `lessThan` or `lessThanOrEqual`.
    #[test]
    fn githubs_ranges_become_ranges() {
        for (text, expected) in [
            (">= 15.0.0, < 15.5.0", "15.0.0 < 15.5.0"),
            (">=1.0,<= 1.8.2 ", "1.0 <= 1.8.2"),
            (" < 1.2.3", "0 < 1.2.3"),
            ("<= 2.0", "0 <= 2.0"),
            ("= 1.0", "1.0"),
            ("< v2.74", "0 < v2.74"),
            (">= 5.0.0-alpha.1, < 5.0.0-beta.3", "5.0.0-alpha.1 < 5.0.0-beta.3 (semver)"),
            ("< 1.0.0-2", "0 < 1.0.0-2"),
        ] {
            assert_eq!(shown(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_the_fields_cannot_say_stays_as_it_is() {
        for text in [
            "",
            "1.0",
            "n/a",
            "> 1.0, < 2.0",
            "> 1.0",
            ">= 7.13.5",
            "< 2.0, >= 1.0",
            "< 1.0, < 2.0",
            ">= 1.0, < 2.0, < 3.0",
            ">= 3.0.0, 3.5.0",
            ">= 6.0.0 < 6.7.3",
            "=> 1.8.0, < 3.3.12",
            "<= 5.008 & 5.028",
            "< 2.10.7 LTS",
            "< commit 1f55d2e",
            "<",
            "< ,",
            "< *",
            "== 1.0",
        ] {
            assert_eq!(shown(text), None, "{text}");
        }
        let ended = VersionEntry {
            version: "< 1.0".into(),
            less_than: Some("2.0".into()),
            ..VersionEntry::default()
        };
        assert_eq!(read(&ended), None);
        assert_eq!(shown(&format!("< {}", "1".repeat(NAME_BYTES + 1))), None);
    }
}
