//! Numbers of any length, kept as digits.
//!
//! Versions carry dates, build numbers and sometimes nonsense of fifty digits; no machine integer
//! holds them all, and a comparison of text cannot overflow.

use std::cmp::Ordering;

/// Compares two runs of ASCII digits as numbers. Leading zeros do not count; nothing means zero.
pub(crate) fn compare(a: &str, b: &str) -> Ordering {
    if a.len() == b.len() {
        // Byte by byte, because a call to compare memory costs more than these few bytes.
        return a.bytes().cmp(b.bytes());
    }
    let (a, b) = (significant(a), significant(b));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// Compares numbers one by one; where all are equal, the longer list is later.
pub(crate) fn compare_lists<'a>(
    mut a: impl Iterator<Item = &'a str>,
    mut b: impl Iterator<Item = &'a str>,
) -> Ordering {
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (Some(a), Some(b)) => compare(a, b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// The digits without leading zeros; zero becomes the empty text.
pub(crate) fn significant(number: &str) -> &str {
    number.trim_start_matches('0')
}

/// The digits without leading zeros, where zero is `0`: the way a number is written.
pub(crate) fn written(number: &str) -> &str {
    match significant(number) {
        "" => "0",
        digits => digits,
    }
}

/// Whether the text is one or more ASCII digits.
pub(crate) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Splits the text after its leading ASCII digits, of which there may be none.
pub(crate) fn take(text: &str) -> (&str, &str) {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    text.split_at(end)
}

/// Whether the text is numbers with single dots between them, as most releases are.
pub(crate) fn is_dotted(text: &str) -> bool {
    let mut in_number = false;
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => in_number = true,
            b'.' if in_number => in_number = false,
            _ => return false,
        }
    }
    in_number
}

/// The parts between dots. The standard library's `split` does the same for any pattern; this one
/// is several times as fast on texts this short, and comparisons are made of little else.
#[derive(Debug, Clone)]
pub(crate) struct Parts<'a>(Option<&'a str>);

/// Takes a text apart at its dots.
pub(crate) fn parts(text: &str) -> Parts<'_> {
    Parts(Some(text))
}

impl<'a> Iterator for Parts<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let text = self.0?;
        let Some(dot) = text.bytes().position(|byte| byte == b'.') else {
            return self.0.take();
        };
        self.0 = text.get(dot + 1..);
        text.get(..dot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_any_length_compare() {
        for (a, b, expected) in [
            ("1", "2", Ordering::Less),
            ("9", "10", Ordering::Less),
            ("010", "10", Ordering::Equal),
            ("", "0", Ordering::Equal),
            ("99999999999999999999999999", "100000000000000000000000000", Ordering::Less),
        ] {
            assert_eq!(compare(a, b), expected, "{a} {b}");
            assert_eq!(compare(b, a), expected.reverse(), "{b} {a}");
        }
    }

    #[test]
    fn digits_are_taken_from_the_front() {
        assert_eq!(take("12rc"), ("12", "rc"));
        assert_eq!(take("rc"), ("", "rc"));
        assert_eq!(take("12"), ("12", ""));
        assert_eq!(written("000"), "0");
        assert!(!is_number(""));
    }

    #[test]
    fn parts_are_what_split_gives() {
        for text in ["", ".", "1", "1.2.3", "1..2", "1.", "é.1"] {
            assert!(parts(text).eq(text.split('.')), "{text}");
            assert_eq!(is_dotted(text), text.split('.').all(is_number), "{text}");
        }
    }
}
