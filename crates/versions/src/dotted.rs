//! Plain numbers with dots, the one order that every numbering scheme agrees on.
//!
//! CVE records mark most of their ranges as `custom`. Where every version concerned is nothing but
//! numbers and dots, the comparison does not depend on the scheme; anything else stays unknown.

use std::cmp::Ordering;

use crate::{MAX_LENGTH, digits};

/// A version of numbers and dots only, perhaps with a leading `v`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dotted<'a> {
    numbers: &'a str,
}

/// Reads `1.2.3.4` or `v1.2`; None for anything else.
pub(crate) fn parse(text: &str) -> Option<Dotted<'_>> {
    if text.len() > MAX_LENGTH {
        return None;
    }
    let text = text.trim();
    let numbers = text.strip_prefix(['v', 'V']).unwrap_or(text);
    digits::is_dotted(numbers).then_some(Dotted { numbers })
}

impl Dotted<'_> {
    /// Compares number by number; missing numbers are zero, so `1.0` equals `1.0.0`.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        compare_padded(self.numbers, other.numbers)
    }

    /// Compares only as many numbers as `series` has: `6.6.12` is equal to the series `6.6`.
    pub(crate) fn compare_to_series(&self, series: &Self) -> Ordering {
        let mut own = digits::parts(self.numbers);
        digits::parts(series.numbers)
            .map(|bound| digits::compare(own.next().unwrap_or_default(), bound))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }
}

/// Compares dotted numbers; missing numbers are zero.
pub(crate) fn compare_padded(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (digits::parts(a), digits::parts(b));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (a, b) => digits::compare(a.unwrap_or_default(), b.unwrap_or_default()),
        };
        if order.is_ne() {
            return order;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_and_dots_are_read() {
        for good in ["1", "1.2", "v1.02.3", "2024.10.1.7", " 1.0 "] {
            assert!(parse(good).is_some(), "{good}");
        }
        for bad in ["", "v", "1.", ".1", "1..2", "1.x", "1-2", "n/a", "1.0 SP1"] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn numbers_compare_one_by_one() {
        let order = |a, b| Some(parse(a)?.compare(&parse(b)?));
        assert_eq!(order("1.10", "1.9.9"), Some(Ordering::Greater));
        assert_eq!(order("1.0", "v1.0.0"), Some(Ordering::Equal));
        let series = |a, b| Some(parse(a)?.compare_to_series(&parse(b)?));
        assert_eq!(series("6.6.12", "6.6"), Some(Ordering::Equal));
        assert_eq!(series("6.7", "6.6"), Some(Ordering::Greater));
        assert_eq!(series("6", "6.6"), Some(Ordering::Less));
    }
}
