//! Arch Linux: `[epoch:]version[-release]`.
//!
//! Authority: vercmp(8) and `alpm_pkg_vercmp` of pacman. As there, releases count only where both
//! versions have one; among versions that all have one, as packages do, the order is total, but for
//! circles by separators alone: `1._p` is before `1_`, that before `1.2`, and that before `1._p`.
//! pacman would read any word; here a version has a digit, so that a word is never a hit.

use std::cmp::Ordering;

use crate::digits;

/// A version in its three parts, borrowed from its text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Alpm<'a> {
    epoch: &'a str,
    version: &'a str,
    release: Option<&'a str>,
}

/// Reads a version.
pub(crate) fn parse(text: &str) -> Option<Alpm<'_>> {
    let text = text.trim();
    let (epoch, rest) = match text.split_once(':') {
        Some((epoch, rest)) if digits::is_number(epoch) => (epoch, rest),
        Some(_) => return None,
        None => ("", text),
    };
    let (version, release) = match rest.split_once('-') {
        Some((version, release)) => (version, Some(release)),
        None => (rest, None),
    };
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'+');
    let is_good = version.bytes().all(is_allowed)
        && version.bytes().any(|byte| byte.is_ascii_digit())
        && release.is_none_or(digits::is_dotted);
    is_good.then_some(Alpm { epoch, version, release })
}

impl Alpm<'_> {
    /// Epoch, version, and release where both have one.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        digits::compare(self.epoch, other.epoch)
            .then_with(|| compare_part(self.version, other.version))
            .then_with(|| match (self.release, other.release) {
                (Some(a), Some(b)) => compare_part(a, b),
                _ => Ordering::Equal,
            })
    }
}

/// Segments of digits or letters from left to right; more separators between them are later.
fn compare_part(mut a: &str, mut b: &str) -> Ordering {
    while !a.is_empty() && !b.is_empty() {
        let (next_a, next_b) = (skip_separators(a), skip_separators(b));
        let (gap_a, gap_b) = (a.len() - next_a.len(), b.len() - next_b.len());
        (a, b) = (next_a, next_b);
        if a.is_empty() || b.is_empty() {
            break;
        }
        if gap_a != gap_b {
            return gap_a.cmp(&gap_b);
        }
        let is_number = a.starts_with(|c: char| c.is_ascii_digit());
        let (segment_a, rest_a) = take_segment(a, is_number);
        let (segment_b, rest_b) = take_segment(b, is_number);
        let order = match (is_number, segment_b.is_empty()) {
            // Numbers are newer than letters.
            (true, true) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (true, false) => digits::compare(segment_a, segment_b),
            (false, false) => segment_a.cmp(segment_b),
        };
        if order.is_ne() {
            return order;
        }
        (a, b) = (rest_a, rest_b);
    }
    // Letters left over make it earlier (`1.5b` before `1.5`), anything else later.
    let starts_with_letter = |text: &str| text.starts_with(|c: char| c.is_ascii_alphabetic());
    match (a.is_empty(), b.is_empty()) {
        (true, true) => Ordering::Equal,
        (true, _) if !starts_with_letter(b) => Ordering::Less,
        _ if starts_with_letter(a) => Ordering::Less,
        _ => Ordering::Greater,
    }
}

fn skip_separators(text: &str) -> &str {
    text.trim_start_matches(|c: char| !c.is_ascii_alphanumeric())
}

fn take_segment(text: &str, digits_wanted: bool) -> (&str, &str) {
    let belongs = |byte: u8| if digits_wanted { byte.is_ascii_digit() } else { byte.is_ascii_alphabetic() };
    let end = text.bytes().position(|byte| !belongs(byte)).unwrap_or(text.len());
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(a: &str, b: &str) -> Option<Ordering> {
        Some(parse(a)?.compare(&parse(b)?))
    }

    /// vercmp(8).
    #[test]
    fn the_examples_of_vercmp() {
        let ascending = [
            "1.0a", "1.0b", "1.0beta", "1.0p", "1.0pre", "1.0rc", "1.0", "1.0.a", "1.0.1", "1.1", "1.1.1",
            "1.2", "2.0", "3.0.0", "1:0.1",
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(order(a, b), Some(i.cmp(&j)), "{a} {b}");
            }
        }
        assert_eq!(order("1", "1.0"), Some(Ordering::Less));
        assert_eq!(order("1.5-1", "1.5"), Some(Ordering::Equal));
        assert_eq!(order("1.5-1", "1.5-2"), Some(Ordering::Less));
    }

    #[test]
    fn nonsense_is_refused() {
        for bad in ["", "rolling", "a:1", ":1", "1-", "1-a", "1-1-1", "1 0", "1~", "1é"] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }
}
