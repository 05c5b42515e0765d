//! npm: Semantic Versioning as node-semver reads it in loose mode.
//!
//! Authority: node-semver's README and grammar, the same that npm's registry and clients run.
//! Loose mode is right for matching: the registry still serves versions that were published before
//! npm 1.0 insisted, such as `1.2.3beta` and `01.2.3`. Three things differ from node-semver:
//! numbers above 2^53 are compared and not refused; `1.2.34.5` is refused, where its pattern backs
//! up until it sees `1.2.3-4.5`; and so is the empty pre-release of `1.2.3-`.

use crate::semver::{self, Semver, Strictness};

/// Reads a version; `v` and `=` in front are skipped.
pub(crate) fn parse(text: &str) -> Option<Semver<'_>> {
    let text = text.trim().trim_start_matches(|c: char| c == 'v' || c == '=' || c.is_whitespace());
    semver::parse(text, Strictness::Loose)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cmp::Ordering;

    fn order(a: &str, b: &str) -> Option<Ordering> {
        Some(parse(a)?.compare(&parse(b)?))
    }

    #[test]
    fn comparisons_of_node_semver_hold() {
        for (greater, less) in [
            ("0.0.0", "0.0.0-foo"),
            ("0.0.1", "0.0.0"),
            ("1.0.0", "0.9.9"),
            ("0.10.0", "0.9.0"),
            ("2.0.0", "1.2.3"),
            ("v1.2.3", "1.2.3-4-foo"),
            ("1.2.3-5", "1.2.3-4"),
            ("1.2.3-5-foo", "1.2.3-5"),
            ("1.2.3-5-Foo", "1.2.3-5"),
            ("3.0.0", "2.7.2+asdf"),
            ("1.2.3-a.10", "1.2.3-a.5"),
            ("1.2.3-a.b.c.10.d.5", "1.2.3-a.b.c.5.d.100"),
            ("1.2.3-r2", "1.2.3-r100"),
            ("1.2.3-r100", "1.2.3-R2"),
        ] {
            assert_eq!(order(greater, less), Some(Ordering::Greater), "{greater} {less}");
        }
    }

    #[test]
    fn loose_spellings_equal_the_exact_ones() {
        for (loose, exact) in [
            ("v1.2.3", "1.2.3"),
            ("= v1.2.3", "1.2.3"),
            (" 1.2.3 ", "1.2.3"),
            ("01.02.03", "1.2.3"),
            ("1.2.3beta", "1.2.3-beta"),
            ("1.2.3-01", "1.2.3-1"),
        ] {
            assert_eq!(order(loose, exact), Some(Ordering::Equal), "{loose}");
        }
    }

    #[test]
    fn ranges_and_tags_are_no_versions() {
        for bad in
            ["", "latest", "1", "1.2", "1.2.x", "^1.2.3", "1.2.3 || 2", "1.2.3.4", "1.2.34.5", "1.2.3-", "v"]
        {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }
}
