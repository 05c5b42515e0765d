//! Julia: Semantic Versioning, but build metadata counts, and missing numbers are zero.
//!
//! Authority: `VersionNumber` of Julia's Base (its manual, "Version Number Literals", its pattern of a version
//! and `isless`), by which Pkg resolves. Packages of binaries tell their builds apart by it: a fix in
//! `6.9.12+3` is none in `6.9.12+2`.

use crate::pub_dev::{self, Pub};

/// Reads a version; a `v` in front is skipped.
pub(crate) fn parse(text: &str) -> Option<Pub<'_>> {
    let text = text.trim();
    pub_dev::parse_numbers(text.strip_prefix('v').unwrap_or(text), 1..=3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cmp::Ordering;

    #[test]
    fn the_order_of_version_number() {
        let ascending =
            ["0.9", "1.0.0-rc1", "1.0.0-rc1+0", "1", "1+0", "v1.0+2", "1.0.0+10", "1.0.0+a", "1.0.1"];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(parse(a).unwrap().compare(&parse(b).unwrap()), i.cmp(&j), "{a} {b}");
            }
        }
        assert_eq!(parse("v1.0").unwrap().compare(&parse("1").unwrap()), Ordering::Equal);
        for bad in ["", "v", "1.2.3.4", "1.", "nightly", "1.0+", "1.0-a_b", "9223372036854775808"] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }
}
