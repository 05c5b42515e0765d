//! Go modules: Semantic Versioning with a leading `v`, and the toolchain's own tags.
//!
//! Authority: the Go Modules Reference ("Versions", "Pseudo-versions", "Non-module-aware
//! repositories" for `+incompatible`) and golang.org/x/mod/semver, which reads `v1` and `v1.2` as
//! short forms. OSV writes Go versions without the `v`, so it is optional here. A pseudo-version
//! such as `v0.0.0-20191109021931-daa7c04131f5` needs no rule of its own: its form was chosen to
//! sort rightly as a pre-release. `go1.21rc2`, the spelling of the toolchain, is read because
//! records for `stdlib` and `toolchain` are asked about in that spelling.

use crate::digits;
use crate::semver::{self, Semver, Strictness};

/// Reads a module version or a toolchain tag.
pub(crate) fn parse(text: &str) -> Option<Semver<'_>> {
    if let Some(tag) = text.strip_prefix("go") {
        return parse_tag(tag);
    }
    semver::parse(text.strip_prefix('v').unwrap_or(text), Strictness::ShortReleases)
}

/// Reads what follows `go` in `go1.21`, `go1.21.3`, `go1.21rc2`, `go1.9beta1`.
fn parse_tag(tag: &str) -> Option<Semver<'_>> {
    let mut core = ["0"; 3];
    let mut rest = tag;
    for (count, place) in core.iter_mut().enumerate() {
        let (number, after) = digits::take(rest);
        if number.is_empty() {
            return None;
        }
        *place = number;
        rest = after;
        match after.strip_prefix('.') {
            Some(next) if count < 2 => rest = next,
            _ => break,
        }
    }
    if rest.is_empty() {
        return Some(Semver::from_parts(core, "", ""));
    }
    let number = rest.strip_prefix("rc").or_else(|| rest.strip_prefix("beta"))?;
    let word = rest.strip_suffix(number)?;
    digits::is_number(number).then_some(Semver::from_parts(core, word, number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cmp::Ordering;

    fn order(a: &str, b: &str) -> Option<Ordering> {
        Some(parse(a)?.compare(&parse(b)?))
    }

    /// Go Modules Reference, "Pseudo-versions": each of the three forms sorts between its bases.
    #[test]
    fn pseudo_versions_sort_between_their_bases() {
        let ascending = [
            "v0.0.0-20180101000000-abcdefabcdef",
            "v0.0.0-20191109021931-daa7c04131f5",
            "v1.2.3-pre",
            "v1.2.3-pre.0.20191109021931-daa7c04131f5",
            "v1.2.3",
            "v1.2.4-0.20191109021931-daa7c04131f5",
            "v1.2.4",
            "v2.0.0+incompatible",
            "v2.0.1-0.20200101000000-000000000000+incompatible",
            "v2.0.1",
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(order(a, b), Some(i.cmp(&j)), "{a} {b}");
            }
        }
    }

    #[test]
    fn the_leading_v_and_short_forms_are_optional() {
        assert_eq!(order("v1.2.3", "1.2.3"), Some(Ordering::Equal));
        assert_eq!(order("v1", "v1.0.0"), Some(Ordering::Equal));
        assert_eq!(order("v1.2", "1.2.0"), Some(Ordering::Equal));
        assert_eq!(order("v2.0.0+incompatible", "2.0.0"), Some(Ordering::Equal));
    }

    #[test]
    fn toolchain_tags_equal_their_versions() {
        for (tag, version) in [
            ("go1.21", "1.21.0"),
            ("go1.21.3", "1.21.3"),
            ("go1.21rc2", "1.21.0-rc.2"),
            ("go1.18beta1", "1.18.0-beta.1"),
        ] {
            assert_eq!(order(tag, version), Some(Ordering::Equal), "{tag}");
        }
        assert_eq!(order("go1.21rc2", "go1.21rc10"), Some(Ordering::Less));
        assert_eq!(order("1.21.0-0", "go1.21rc2"), Some(Ordering::Less));
    }

    #[test]
    fn nonsense_is_refused() {
        for bad in [
            "", "v", "(devel)", "V1.2.3", "v1.2.3.4", "v1.2-pre", "v01.2.3", "go", "gopher", "go1.21x",
            "go1.21rc", "vv1",
        ] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }
}
