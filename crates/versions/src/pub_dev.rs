//! Pub, the packages of Dart: Semantic Versioning, but build metadata counts.
//!
//! Authority: the package `pub_semver`: its README ("Semantics") and `Version.compareTo`. A version
//! with metadata is later than the one without; leading zeros are allowed. A number is one of 64 bits
//! there: longer ones are no versions, and words among identifiers, as `-1` is a number. One thing
//! differs: `0x10` is a word here and sixteen there.

use std::cmp::Ordering;
use std::ops::RangeInclusive;

use crate::{digits, dotted};

/// A version, borrowed from its text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pub<'a> {
    numbers: &'a str,
    pre: &'a str,
    build: &'a str,
}

/// Reads a version.
pub(crate) fn parse(text: &str) -> Option<Pub<'_>> {
    parse_numbers(text.trim(), 3..=3)
}

/// Reads a version of so many numbers.
pub(crate) fn parse_numbers(text: &str, count: RangeInclusive<usize>) -> Option<Pub<'_>> {
    let (rest, build) = text.split_once('+').map_or((text, None), |(rest, build)| (rest, Some(build)));
    let (numbers, pre) = rest.split_once('-').map_or((rest, None), |(numbers, pre)| (numbers, Some(pre)));
    let is_identifier = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let are_identifiers = |text: &str| digits::parts(text).all(is_identifier);
    let is_good = digits::is_dotted(numbers)
        && count.contains(&digits::parts(numbers).count())
        && digits::parts(numbers).all(|number| number.parse::<i64>().is_ok())
        && pre.is_none_or(are_identifiers)
        && build.is_none_or(are_identifiers);
    is_good.then_some(Pub { numbers, pre: pre.unwrap_or_default(), build: build.unwrap_or_default() })
}

impl Pub<'_> {
    /// Numbers; then a pre-release before the release; then build metadata behind none.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        dotted::compare_padded(self.numbers, other.numbers)
            .then_with(|| self.pre.is_empty().cmp(&other.pre.is_empty()))
            .then_with(|| compare_parts(self.pre, other.pre))
            .then_with(|| other.build.is_empty().cmp(&self.build.is_empty()))
            .then_with(|| compare_parts(self.build, other.build))
    }
}

/// Numbers before words, fewer parts before more.
fn compare_parts(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (digits::parts(a), digits::parts(b));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (Some(a), Some(b)) => match (a.parse::<i64>(), b.parse::<i64>()) {
                (Ok(a), Ok(b)) => a.cmp(&b),
                (Err(_), Err(_)) => a.cmp(b),
                (a, b) => b.is_ok().cmp(&a.is_ok()),
            },
            (a, b) => a.is_some().cmp(&b.is_some()),
        };
        if order.is_ne() {
            return order;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(a: &str, b: &str) -> Option<Ordering> {
        Some(parse(a)?.compare(&parse(b)?))
    }

    /// pub_semver's own list of ordered versions, in short.
    #[test]
    fn the_order_of_pub_semver() {
        let ascending = [
            "1.0.0--10",
            "1.0.0--9",
            "1.0.0-9",
            "1.0.0-10000000000000000000",
            "1.0.0-9999999999999999999",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0-rc.1+build.1",
            "1.0.0",
            "1.0.0+0.3.7",
            "1.3.7+build",
            "1.3.7+build.2.b8f12d7",
            "1.3.7+build.11.e0f985a",
            "2.0.0",
            "2.1.0",
            "2.2.0",
            "2.11.0",
            "2.11.1",
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(order(a, b), Some(i.cmp(&j)), "{a} {b}");
            }
        }
        assert_eq!(order("01.2.3", "1.02.03"), Some(Ordering::Equal));
    }

    #[test]
    fn nonsense_is_refused() {
        for bad in [
            "",
            "any",
            "1",
            "1.2",
            "1.2.3.4",
            "v1.2.3",
            "1.2.3-",
            "1.2.3+",
            "1.2.3-a..b",
            "^1.2.3",
            "1.2.3 4",
            "1.2.9223372036854775808",
        ] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }
}
