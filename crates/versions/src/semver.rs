//! Semantic Versioning 2.0.0: the order of crates.io, and the base of Go's and npm's.
//!
//! Authority: semver.org, items 2 (no leading zeros), 9 (pre-release), 10 (build metadata is
//! ignored) and 11 (precedence). Numbers may have any number of digits.

use std::cmp::Ordering;

use crate::digits;

/// A version in three numbers with an optional pre-release; borrowed from its text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Semver<'a> {
    /// Major, minor, patch, as digits.
    core: [&'a str; 3],
    /// Identifiers between dots; empty for a release.
    pre: &'a str,
    /// One more identifier behind `pre`, for spellings that leave its dot out (Go's `rc2`).
    pre_number: &'a str,
}

/// How far a text may depart from the letter of semver.org.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strictness {
    /// As specified.
    Exact,
    /// `1` and `1.2` stand for `1.0.0` and `1.2.0`, but carry no suffix.
    ShortReleases,
    /// `1` and `1.2-rc1` are read too: the missing numbers are zero.
    ShortAny,
    /// Leading zeros, and a pre-release without its hyphen.
    Loose,
}

/// Reads a version, or None where `strictness` does not allow it.
pub(crate) fn parse(text: &str, strictness: Strictness) -> Option<Semver<'_>> {
    // Build metadata is checked and dropped.
    let (text, has_build) = match text.split_once('+') {
        Some((text, build)) if is_dotted(build, is_identifier) => (text, true),
        Some(_) => return None,
        None => (text, false),
    };
    let (core, count, rest) = parse_core(text, strictness)?;
    let short_allowed = match strictness {
        Strictness::Exact | Strictness::Loose => false,
        Strictness::ShortReleases => rest.is_empty() && !has_build,
        Strictness::ShortAny => true,
    };
    if count < 3 && !short_allowed {
        return None;
    }
    let pre = match rest.strip_prefix('-') {
        Some(pre) => pre,
        None if rest.is_empty() => return Some(Semver { core, pre: "", pre_number: "" }),
        None if strictness == Strictness::Loose => rest,
        None => return None,
    };
    let identifier = if strictness == Strictness::Loose { is_identifier } else { is_exact_identifier };
    is_dotted(pre, identifier).then_some(Semver { core, pre, pre_number: "" })
}

/// The leading numbers (at most three), how many were given, and what follows them.
fn parse_core(text: &str, strictness: Strictness) -> Option<([&str; 3], usize, &str)> {
    let mut core = ["0"; 3];
    let mut rest = text;
    let mut count = 0;
    for place in &mut core {
        let (number, after) = digits::take(rest);
        let padded = number.len() > 1 && number.starts_with('0');
        if number.is_empty() || (padded && strictness != Strictness::Loose) {
            return None;
        }
        *place = number;
        count += 1;
        rest = after;
        match after.strip_prefix('.') {
            Some(next) if count < 3 => rest = next,
            _ => break,
        }
    }
    Some((core, count, rest))
}

fn is_dotted(text: &str, is_part: fn(&str) -> bool) -> bool {
    digits::parts(text).all(is_part)
}

fn is_identifier(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Item 9: numeric identifiers have no leading zeros.
fn is_exact_identifier(part: &str) -> bool {
    let padded = part.len() > 1 && part.starts_with('0') && digits::is_number(part);
    is_identifier(part) && !padded
}

impl<'a> Semver<'a> {
    /// A version from parts that the caller has checked; `pre` and `pre_number` may be empty.
    pub(crate) fn from_parts(core: [&'a str; 3], pre: &'a str, pre_number: &'a str) -> Self {
        Self { core, pre, pre_number }
    }

    /// Precedence by item 11.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        for (a, b) in self.core.iter().zip(&other.core) {
            let order = digits::compare(a, b);
            if order.is_ne() {
                return order;
            }
        }
        match (self.pre.is_empty(), other.pre.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => self.compare_pre(other),
        }
    }

    fn compare_pre(&self, other: &Self) -> Ordering {
        let (mut a, mut b) = (self.identifiers(), other.identifiers());
        loop {
            let order = match (a.next(), b.next()) {
                (None, None) => return Ordering::Equal,
                (None, Some(_)) => return Ordering::Less,
                (Some(_), None) => return Ordering::Greater,
                (Some(a), Some(b)) => compare_identifiers(a, b),
            };
            if order.is_ne() {
                return order;
            }
        }
    }

    fn identifiers(&self) -> impl Iterator<Item = &'a str> {
        let number = Some(self.pre_number).filter(|number| !number.is_empty());
        digits::parts(self.pre).filter(|part| !part.is_empty()).chain(number)
    }
}

/// Item 11.4: numbers by value, words by ASCII, and a number before any word.
fn compare_identifiers(a: &str, b: &str) -> Ordering {
    match (digits::is_number(a), digits::is_number(b)) {
        (true, true) => digits::compare(a, b),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (false, false) => a.cmp(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(a: &str, b: &str) -> Option<Ordering> {
        Some(parse(a, Strictness::Exact)?.compare(&parse(b, Strictness::Exact)?))
    }

    #[test]
    fn the_examples_of_item_11_are_ascending() {
        let ascending = [
            "0.0.0-0",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
            "2.0.0",
            "2.1.0",
            "2.1.1",
            "2.1.99999999999999999999999999",
            "2.1.100000000000000000000000000",
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(order(a, b), Some(i.cmp(&j)), "{a} {b}");
            }
        }
    }

    #[test]
    fn build_metadata_does_not_count() {
        assert_eq!(order("1.0.0+20130313144700", "1.0.0+exp.sha.5114f85"), Some(Ordering::Equal));
        assert_eq!(order("1.0.0-beta+exp.sha-5", "1.0.0-beta"), Some(Ordering::Equal));
    }

    #[test]
    fn what_the_grammar_of_semver_refuses_is_refused() {
        for bad in [
            "",
            "1",
            "1.2",
            "1.2.3.4",
            "v1.2.3",
            "01.2.3",
            "1.02.3",
            "1.2.03",
            "1.2.3-",
            "1.2.3-01",
            "1.2.3-a..b",
            "1.2.3+",
            "1.2.3+a..b",
            "1.2.3+a+b",
            "1.2.3-ä",
            "-1.2.3",
            " 1.2.3",
            "1.2.3a",
            "a.b.c",
            "1..3",
        ] {
            assert!(parse(bad, Strictness::Exact).is_none(), "{bad}");
        }
        for good in ["1.2.3-0a", "1.2.3--", "1.2.3-0", "1.2.3+001", "1.2.3----R-S.12.9.1--.12+meta"] {
            assert!(parse(good, Strictness::Exact).is_some(), "{good}");
        }
    }

    #[test]
    fn short_versions_are_read_only_where_allowed() {
        assert!(parse("1.2", Strictness::ShortReleases).is_some());
        assert!(parse("1.2-rc1", Strictness::ShortReleases).is_none());
        assert!(parse("6.7-rc1", Strictness::ShortAny).is_some());
        assert!(parse("1.2", Strictness::Loose).is_none());
    }
}
