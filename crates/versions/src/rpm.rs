//! RPM: Red Hat, SUSE, AlmaLinux and all that install packages of this kind; `[epoch:]version[-release]`.
//!
//! Authority: rpm-version(7), "Comparison", and `rpmvercmp` of rpm itself. Where only one of two
//! versions has a release, the one without comes first, as in rpm's own comparison of headers;
//! dependencies ignore the release then, which is no order.
//! rpm would read any word; here a version has a digit, so that a word is never a hit.

use std::cmp::Ordering;

use crate::digits;

/// A version in its three parts, borrowed from its text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rpm<'a> {
    epoch: &'a str,
    version: &'a str,
    release: Option<&'a str>,
}

/// Reads `epoch:version-release`, of which only the version must be there.
pub(crate) fn parse(text: &str) -> Option<Rpm<'_>> {
    let text = text.trim();
    let (epoch, rest) = match text.split_once(':') {
        // `(none)` is how rpm prints that there is no epoch.
        Some(("(none)", rest)) => ("", rest),
        Some((epoch, rest)) if digits::is_number(epoch) => (epoch, rest),
        Some(_) => return None,
        None => ("", text),
    };
    let (version, release) = match rest.split_once('-') {
        Some((version, release)) => (version, Some(release)),
        None => (rest, None),
    };
    let is_part = |part: &str| !part.is_empty() && part.bytes().all(is_allowed);
    let is_good =
        is_part(version) && version.bytes().any(|byte| byte.is_ascii_digit()) && release.is_none_or(is_part);
    is_good.then_some(Rpm { epoch, version, release })
}

fn is_allowed(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'+' | b'~' | b'^')
}

impl Rpm<'_> {
    /// Epoch, version, release.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        digits::compare(self.epoch, other.epoch)
            .then_with(|| compare_part(self.version, other.version))
            .then_with(|| match (self.release, other.release) {
                (Some(a), Some(b)) => compare_part(a, b),
                (a, b) => a.is_some().cmp(&b.is_some()),
            })
    }
}

/// Segments of digits or letters from left to right; `~` sorts before the end, `^` just behind it.
fn compare_part(mut a: &str, mut b: &str) -> Ordering {
    loop {
        a = skip_separators(a);
        b = skip_separators(b);
        match (a.strip_prefix('~'), b.strip_prefix('~')) {
            (Some(next_a), Some(next_b)) => {
                (a, b) = (next_a, next_b);
                continue;
            }
            (Some(_), None) => return Ordering::Less,
            (None, Some(_)) => return Ordering::Greater,
            (None, None) => {}
        }
        match (a.strip_prefix('^'), b.strip_prefix('^')) {
            (Some(next_a), Some(next_b)) => {
                (a, b) = (next_a, next_b);
                continue;
            }
            (Some(_), None) => return if b.is_empty() { Ordering::Greater } else { Ordering::Less },
            (None, Some(_)) => return if a.is_empty() { Ordering::Less } else { Ordering::Greater },
            (None, None) => {}
        }
        if a.is_empty() || b.is_empty() {
            return (!a.is_empty()).cmp(&!b.is_empty());
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
}

fn skip_separators(text: &str) -> &str {
    text.trim_start_matches(|c: char| !c.is_ascii_alphanumeric() && c != '~' && c != '^')
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

    /// rpm-version(7) and rpm's own tests of `rpmvercmp`.
    #[test]
    fn the_order_of_rpm() {
        let ascending = [
            "1.0~rc1",
            "1.0~rc1^git1",
            "1.0",
            "1.0-1.el9",
            "1.0-2.el8",
            "1.0-2.el9",
            "1.0^git1",
            "1.0a",
            "1.0.1",
            "2.0",
            "10.0001",
            "1:0.1",
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(order(a, b), Some(i.cmp(&j)), "{a} {b}");
            }
        }
        for (a, b) in
            [("1.0", "0:1.0"), ("1.0", "(none):1.0"), ("2_0", "2.0"), ("1.05", "1.5"), ("1.0.", "1.0")]
        {
            assert_eq!(order(a, b), Some(Ordering::Equal), "{a} {b}");
        }
        assert_eq!(order("1.0a", "1.0.a"), Some(Ordering::Equal));
        assert_eq!(order("5.5p10", "5.5p1"), Some(Ordering::Greater));
    }

    #[test]
    fn nonsense_is_refused() {
        for bad in ["", "rawhide", "a:1", ":1", "1-", "-1", "1-2-3", "1 0", "1.0é"] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }
}
