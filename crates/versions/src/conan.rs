//! Conan: items between dots, a pre-release behind the first hyphen, a build behind the last plus.
//!
//! Authority: Conan's documentation, "Version ranges" ("Semantic versioning"), and the class
//! `Version` of Conan 2. There an item that is no number is compared as text even with a number,
//! which puts 2 before 10, 10 before `1a` and `1a` before 2: no order at all. Here an item is
//! compared by the number that it begins with and then by the text behind that number.

use std::cmp::Ordering;

use crate::digits;

/// A version in its three parts, borrowed from its text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Conan<'a> {
    main: &'a str,
    pre: Option<&'a str>,
    build: Option<&'a str>,
}

/// Reads a version. Conan would read any word; here one without a digit or a dot is no version, so that it is
/// never a hit.
pub(crate) fn parse(text: &str) -> Option<Conan<'_>> {
    let text = text.trim();
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-+_*".contains(&byte);
    let is_good = text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && text.bytes().any(|byte| byte.is_ascii_digit() || byte == b'.')
        && text.bytes().all(is_allowed);
    if !is_good {
        return None;
    }
    let (text, build) = text.rsplit_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
    let (main, pre) = text.split_once('-').map_or((text, None), |(main, pre)| (main, Some(pre)));
    Some(Conan { main, pre, build })
}

impl Conan<'_> {
    /// Items; then a pre-release before the release; then a build behind none.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        compare_items(self.main, other.main)
            .then_with(|| match (self.pre, other.pre) {
                (Some(a), Some(b)) => compare_items(a, b),
                (a, b) => b.is_some().cmp(&a.is_some()),
            })
            .then_with(|| match (self.build, other.build) {
                (Some(a), Some(b)) => compare_items(a, b),
                (a, b) => a.is_some().cmp(&b.is_some()),
            })
    }
}

/// Item by item, without the zeros at the end.
fn compare_items(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (items(a), items(b));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (Some(a), Some(b)) => compare_item(a, b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// What stands between the dots, up to the last that is not zero: nothing of `0.0`.
fn items(text: &str) -> impl Iterator<Item = &str> {
    let is_zero = |item: &str| digits::is_number(item) && digits::significant(item).is_empty();
    let count = text.split('.').count() - text.rsplit('.').take_while(|item| is_zero(item)).count();
    digits::parts(text).take(count)
}

/// An empty item is before all; one without a number in front is behind all that have one.
fn compare_item(a: &str, b: &str) -> Ordering {
    let ((number_a, rest_a), (number_b, rest_b)) = (digits::take(a), digits::take(b));
    (b.is_empty().cmp(&a.is_empty()))
        .then_with(|| number_a.is_empty().cmp(&number_b.is_empty()))
        .then_with(|| digits::compare(number_a, number_b))
        .then_with(|| rest_a.cmp(rest_b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(a: &str, b: &str) -> Option<Ordering> {
        Some(parse(a)?.compare(&parse(b)?))
    }

    #[test]
    fn the_order_of_conan() {
        let ascending = [
            "0.0-1",
            "0",
            "0+1",
            "0.0.1",
            "1.0.0-0",
            "1.0.0-",
            "1.0.0-1",
            "1.0.0-alpha1",
            "1.0",
            "1.0+b1",
            "1.0+b2",
            "1.0.2",
            "1.1-alpha.3",
            "1.1-alpha.22",
            "1.1",
            "1.1.1",
            "1.1.1a",
            "1.1.1t",
            "1.1.10",
            "1.1.a",
            "1.3",
            "1.22",
            "cci.20200203",
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(order(a, b), Some(i.cmp(&j)), "{a} {b}");
            }
        }
        assert_eq!(order("1-pre1", "1.0.0-pre1.0"), Some(Ordering::Equal));
        assert_eq!(order("0", "0.0.0"), Some(Ordering::Equal));
        // Conan has a circle here.
        assert_eq!(
            (order("2", "10"), order("1a", "2"), order("1a", "10")),
            (Some(Ordering::Less), Some(Ordering::Less), Some(Ordering::Less))
        );
    }

    #[test]
    fn nonsense_is_refused() {
        for bad in ["", "1 0", "[>1]", "1/2", "1.0é", "latest", "*", "-1", ".1"] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }
}
