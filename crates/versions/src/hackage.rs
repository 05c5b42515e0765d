//! Hackage: numbers with dots between them.
//!
//! Authority: the Haskell Package Versioning Policy ("Version numbers") and Cabal's
//! `Distribution.Version`, which compares as lists do: `1.0` is before `1.0.0`. Cabal reads the tag of
//! `1.0-tag`, warns and drops it; no release on Hackage has one, and here it is no version.

use std::cmp::Ordering;

use crate::digits;

/// A version, borrowed from its text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hackage<'a>(&'a str);

/// Reads a version; Cabal allows no leading zeros, and nine digits a number.
pub(crate) fn parse(text: &str) -> Option<Hackage<'_>> {
    let text = text.trim();
    let is_number = |part: &str| digits::is_number(part) && digits::written(part) == part && part.len() <= 9;
    digits::parts(text).all(is_number).then_some(Hackage(text))
}

impl Hackage<'_> {
    /// Number by number.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        digits::compare_lists(digits::parts(self.0), digits::parts(other.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_cabal() {
        let ascending = ["0", "0.9", "1", "1.0", "1.0.0", "1.0.10", "1.2", "10"];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(parse(a).unwrap().compare(&parse(b).unwrap()), i.cmp(&j), "{a} {b}");
            }
        }
        for bad in ["", "1.", "1.0-tag", "01.2", "1.2.*", "v1", "1.0a", "1.2026112612"] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }
}
