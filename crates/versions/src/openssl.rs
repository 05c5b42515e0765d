//! OpenSSL: three numbers, before 3.0 with letters behind them for each patch.
//!
//! Authority: OpenSSL's release strategy ("Versioning"): `1.0.2` < `1.0.2a` < `1.0.2z` < `1.0.2za`;
//! since 3.0 Semantic Versioning. Pre-releases (`1.1.0-pre1`, `3.0.0-alpha1`) are before their release.

use std::cmp::Ordering;

use crate::{digits, dotted};

/// A version, borrowed from its text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Openssl<'a> {
    numbers: &'a str,
    letters: &'a str,
    pre: &'a str,
}

/// Reads a version.
pub(crate) fn parse(text: &str) -> Option<Openssl<'_>> {
    let text = text.trim();
    let (text, pre) = text.split_once('-').map_or((text, None), |(text, pre)| (text, Some(pre)));
    let numbers = text.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let letters = text.strip_prefix(numbers)?;
    let is_good = digits::is_dotted(numbers)
        && digits::parts(numbers).count() == 3
        && pre.is_none_or(|pre| !pre.is_empty() && pre.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    is_good.then_some(Openssl { numbers, letters, pre: pre.unwrap_or_default() })
}

impl Openssl<'_> {
    /// Numbers, letters, pre-release.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        dotted::compare_padded(self.numbers, other.numbers)
            .then_with(|| self.letters.cmp(other.letters))
            .then_with(|| self.pre.is_empty().cmp(&other.pre.is_empty()))
            .then_with(|| compare_pre(self.pre, other.pre))
    }
}

/// The word, then its number: `beta2` is before `beta10`.
fn compare_pre(a: &str, b: &str) -> Ordering {
    let split = |text: &str| text.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let ((word_a, number_a), (word_b, number_b)) = (a.split_at(split(a)), b.split_at(split(b)));
    word_a.cmp(word_b).then_with(|| digits::compare(number_a, number_b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_openssl() {
        let ascending = [
            "0.9.8",
            "0.9.8a",
            "0.9.8z",
            "0.9.8za",
            "0.9.8zh",
            "1.0.0-beta2",
            "1.0.0-beta10",
            "1.0.0",
            "1.0.2k",
            "1.1.1w",
            "3.0.0-alpha1",
            "3.0.0-beta1",
            "3.0.0",
            "3.0.10",
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(parse(a).unwrap().compare(&parse(b).unwrap()), i.cmp(&j), "{a} {b}");
            }
        }
        for bad in ["", "1.0", "1.0.2K", "1.0.2-", "openssl", "1.0.2k.1", "v1.0.2", "1.0.2é"] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }
}
