//! Gentoo: `1.2.3a_rc1_p2-r3`.
//!
//! Authority: the Package Manager Specification, 3.2 ("Version specifications") for what is read
//! and 3.3 ("Version comparison", algorithms 3.1 to 3.7) for the order.

use std::cmp::Ordering;

use crate::digits;

/// A version in its parts, borrowed from its text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gentoo<'a> {
    numbers: &'a str,
    letter: Option<u8>,
    /// From the first underscore on.
    suffixes: &'a str,
    revision: &'a str,
}

/// In order, with the release between the last two.
const SUFFIXES: [&str; 5] = ["alpha", "beta", "pre", "rc", "p"];
const RELEASE: usize = 4;

/// Reads a version.
pub(crate) fn parse(text: &str) -> Option<Gentoo<'_>> {
    let text = text.trim();
    let (text, revision) = match text.split_once("-r") {
        Some((text, revision)) if digits::is_number(revision) => (text, revision),
        Some(_) => return None,
        None => (text, ""),
    };
    let (text, suffixes) = text.split_at(text.find('_').unwrap_or(text.len()));
    let numbers = text.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let letter = text.strip_prefix(numbers).filter(|letters| letters.len() < 2)?.bytes().next();
    let mut left = suffixes;
    while !left.is_empty() {
        (_, left) = take_suffix(left)?;
    }
    digits::is_dotted(numbers).then_some(Gentoo { numbers, letter, suffixes, revision })
}

/// The place of the first suffix in [`SUFFIXES`] and its number.
fn take_suffix(text: &str) -> Option<((usize, &str), &str)> {
    let rest = text.strip_prefix('_')?;
    let end = rest.bytes().position(|byte| !byte.is_ascii_lowercase()).unwrap_or(rest.len());
    let (word, rest) = rest.split_at(end);
    let place = SUFFIXES.iter().position(|suffix| *suffix == word)?;
    let (number, rest) = digits::take(rest);
    Some(((place, number), rest))
}

impl Gentoo<'_> {
    /// Numbers, letter, suffixes, revision.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        compare_numbers(self.numbers, other.numbers)
            .then_with(|| self.letter.cmp(&other.letter))
            .then_with(|| compare_suffixes(self.suffixes, other.suffixes))
            .then_with(|| digits::compare(self.revision, other.revision))
    }
}

/// The first by value; later ones as text without their last zeros where either begins with zero.
fn compare_numbers(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (digits::parts(a), digits::parts(b));
    let mut is_first = true;
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (Some(a), Some(b)) if !is_first && (a.starts_with('0') || b.starts_with('0')) => {
                a.trim_end_matches('0').cmp(b.trim_end_matches('0'))
            }
            (Some(a), Some(b)) => digits::compare(a, b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        };
        if order.is_ne() {
            return order;
        }
        is_first = false;
    }
}

fn compare_suffixes(mut a: &str, mut b: &str) -> Ordering {
    let end = ((RELEASE, ""), "");
    // A missing suffix is the release: behind `rc`, before `p`.
    let rank = |place: usize, present: bool| 2 * place + usize::from(present && place == RELEASE);
    while !a.is_empty() || !b.is_empty() {
        let ((place_a, number_a), rest_a) = take_suffix(a).unwrap_or(end);
        let ((place_b, number_b), rest_b) = take_suffix(b).unwrap_or(end);
        let order = rank(place_a, !a.is_empty())
            .cmp(&rank(place_b, !b.is_empty()))
            .then_with(|| digits::compare(number_a, number_b));
        if order.is_ne() {
            return order;
        }
        (a, b) = (rest_a, rest_b);
    }
    Ordering::Equal
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Package Manager Specification 3.3.
    #[test]
    fn the_order_of_the_specification() {
        let ascending = [
            "1_alpha",
            "1_alpha1",
            "1_beta",
            "1_pre2",
            "1_rc",
            "1_rc_p1",
            "1",
            "1-r1",
            "1_p0_alpha",
            "1_p",
            "1_p1",
            "1b",
            "1.0",
            "1.01",
            "1.010.1",
            "1.1",
            "1.9",
            "1.10",
            "2",
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(parse(a).unwrap().compare(&parse(b).unwrap()), i.cmp(&j), "{a} {b}");
            }
        }
        assert_eq!(parse("1-r0").unwrap().compare(&parse("1").unwrap()), Ordering::Equal);
    }

    #[test]
    fn nonsense_is_refused() {
        for bad in ["", "9999live", "1.", "1ab", "1_foo", "1_", "1-r", "1-1", "1-r1-r2", "v1", "1é"] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }
}
