//! What may be the id of a record: whatever schemes there are, and nothing that looks like something else.

use super::clip;

/// The longest id that is kept or asked for.
pub(crate) const ID_BYTES: usize = 200;

/// Why a record cannot be kept under its id, if it cannot.
///
/// CSAF has blanks and slashes in ids (its own example is `Example Company - 2019-YH3234`), and those of OpenVEX
/// are addresses. An id becomes a part of addresses and the name of a file, so it must not lead out of a folder
/// (RFC 3986, 3.3 and 5.2.4), and two ids that look alike must be one: a letter with its accent in one piece is not the
/// same as in two (Unicode Standard Annex 15), so it is written as the web does, in normal form C.
pub(crate) fn wrong_id(id: &str) -> Option<String> {
    let id = id.trim();
    if id.is_empty() {
        return Some("the record has no id".to_owned());
    }
    if id.len() > ID_BYTES {
        return Some(format!("an id of {} bytes, but at most {ID_BYTES} are kept", id.len()));
    }
    // Nearly all are ASCII, which has few signs that are not seen and no two forms.
    let has_unseen = if id.is_ascii() {
        id.bytes().any(|byte| byte.is_ascii_control())
    } else {
        id.chars().any(is_unseen)
    };
    if has_unseen || id.contains("  ") {
        return Some("an id with characters that nobody can see".to_owned());
    }
    if !id.is_ascii() && !unicode_normalization::is_nfc(id) {
        return Some(format!("an id that is not in the normal form of Unicode (NFC): {}", clip(id, 40)));
    }
    if id.contains('\\') || id.split('/').any(|part| matches!(part, "." | "..")) {
        return Some(format!("an id that reads as a path: {}", clip(id, 40)));
    }
    let is_name = id.starts_with(char::is_alphanumeric);
    (!is_name).then(|| format!("an id begins with a letter or a digit: {}", clip(id, 40)))
}

/// Whether a letter leaves no mark on a page, or looks like a blank (Unicode's `Default_Ignorable_Code_Point`, and
/// spaces other than the one of keyboards).
pub(super) fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || (letter.is_whitespace() && letter != ' ')
        || matches!(letter,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CVE, OSV, CSAF 2.1 (3.2.1.12.5, which asks for no more than that no blank stands at an end), OpenVEX (`@id`):
    /// ids as their publishers write them.
    #[test]
    fn an_id_of_any_scheme_is_kept() {
        for id in [
            "CVE-2024-1",
            "GHSA-jfh8-c2jp-5v3q",
            "RHSA-2024:1234",
            "SUSE-SU-2024:1234-1",
            "openSUSE-SU-2024:0001-1",
            "icsa-24-001-01a",
            "cisco-sa-20190513-secureboot",
            "Example Company - 2019-YH3234",
            "2022_#01-A",
            "ESA/2024/17",
            "https://openvex.dev/docs/example/vex-9fb3463de1b57?a=b",
            "urn:uuid:6f0e7a4e-0f5b-4a4e-9f1b-1c3f7c1d2e3a",
            "MGASA-2024-0001...2",
            "公告 2024-1",
            " CVE-2024-1 ",
        ] {
            assert_eq!(wrong_id(id), None, "{id}");
        }
        assert_eq!(wrong_id(&"x".repeat(ID_BYTES)), None);
    }

    /// RFC 3986, 5.2.4: parts of dots lead elsewhere. Unicode Technical Report 36, 2: what looks alike deceives.
    #[test]
    fn an_id_that_lies_is_refused_and_what_nobody_sees_is_not_repeated() {
        assert_eq!(wrong_id(" ").unwrap(), "the record has no id");
        assert_eq!(wrong_id(&"x".repeat(10_000)).unwrap(), "an id of 10000 bytes, but at most 200 are kept");
        for id in ["../../etc/passwd", "a/../b", "a/.", "..", "..\\a", "a\\b"] {
            assert_eq!(wrong_id(id).unwrap(), format!("an id that reads as a path: {id}"));
        }
        for id in ["/etc/passwd", "-rf", "=1+1", "<b>", ".htaccess", "…"] {
            assert_eq!(wrong_id(id).unwrap(), format!("an id begins with a letter or a digit: {id}"));
        }
        for unseen in [
            '\0',
            '\n',
            '\t',
            '\u{7f}',
            '\u{a0}',
            '\u{ad}',
            '\u{200b}',
            '\u{2028}',
            '\u{202e}',
            '\u{2066}',
            '\u{3000}',
            '\u{feff}',
            '\u{e0041}',
        ] {
            let said = wrong_id(&format!("CVE{unseen}-1"));
            assert_eq!(said.unwrap(), "an id with characters that nobody can see", "{unseen:?}");
        }
        assert!(wrong_id("Example  1").is_some(), "a page shows both blanks as one");
    }

    /// Unicode Standard Annex 15; W3C, "Character Model for the World Wide Web: String Matching": NFC is what is written.
    #[test]
    fn an_id_has_one_spelling_of_its_accents() {
        for id in ["\u{e9}-1", "CVE-2024-\u{1e69}", "한글-1", "i\u{307}-1"] {
            assert_eq!(wrong_id(id), None, "{id:?}");
        }
        for id in ["e\u{301}-1", "CVE-2024-s\u{307}\u{323}", "\u{1112}\u{1161}\u{11ab}-1", "\u{212b}-1"] {
            let said = wrong_id(id).unwrap();
            assert!(said.starts_with("an id that is not in the normal form of Unicode (NFC): "), "{said}");
        }
    }
}
