//! Repositories as packages, and their tags as versions: what OSV's interface calls the ecosystem `GIT`.
//!
//! Authority: OSV.dev, `gcp/api/server.py`: a row without a package is found by the repository of its ranges, and a
//! version of it by the tags that the row lists: word for word or, where nobody lists it so, by what is a version in it.

use super::package::Package;
use super::statement::{Statement, statement};
use formats::record::{Affected, RangeKind};
use std::collections::BTreeSet;
use versions::Ecosystem;

/// The repositories that a row is about where it names no package, with what it says. Tags are listed as they are and
/// as [`tag_key`] has them; commits, of which there are ranges, lie in the repository.
pub(crate) fn repositories(row: &Affected) -> Vec<(Package, Statement<String>)> {
    if row.package.is_some() || row.purl.is_some() {
        return Vec::new();
    }
    let of_commits = row.ranges.iter().filter(|range| range.kind == RangeKind::Git);
    let addresses: BTreeSet<&str> = of_commits.filter_map(|range| range.repo.as_deref()).collect();
    let Some(Statement::Osv(mut said)) = statement(row).filter(|_| !addresses.is_empty()) else {
        return Vec::new();
    };
    let listed: BTreeSet<&String> = said.versions.iter().collect();
    let keys: BTreeSet<String> = said.versions.iter().filter_map(|tag| tag_key(tag)).collect();
    let keys: Vec<String> = keys.into_iter().filter(|key| !listed.contains(key)).collect();
    said.versions.extend(keys);
    let packages = addresses.into_iter().take(REPOSITORIES_MAX).filter_map(|name| Package::named(GIT, name));
    packages.map(|package| (package, Statement::Osv(said.clone()))).collect()
}

/// Repositories of a row under which it is filed: real ones have a few.
const REPOSITORIES_MAX: usize = 20;

/// The ecosystem of repositories.
const GIT: &str = "GIT";

/// Whether versions of this ecosystem are tags.
pub(crate) fn has_tags(ecosystem: &Ecosystem) -> bool {
    ecosystem.name() == GIT
}

/// What is a version in a tag: its numbers, and the words that stand before a release, in their order. `v1.2.0-rc1`
/// and `curl_1_2_0_rc_1` are the same. None where there is no number.
pub(crate) fn tag_key(tag: &str) -> Option<String> {
    let lower = tag.to_ascii_lowercase();
    let mut parts: Vec<&str> = Vec::new();
    let is_digit = |letter: char| letter.is_ascii_digit();
    for word in lower.split(|letter: char| !letter.is_ascii_alphanumeric()) {
        let mut rest = word;
        while let Some(first) = rest.chars().next() {
            let end = rest.find(|letter| is_digit(letter) != is_digit(first)).unwrap_or(rest.len());
            let (part, behind) = rest.split_at(end);
            if is_digit(first) || BEFORE_RELEASE.contains(&part) {
                parts.push(part);
            }
            rest = behind;
        }
    }
    parts.iter().any(|part| part.starts_with(is_digit)).then(|| parts.join("-"))
}

/// Words of versions before a release.
const BEFORE_RELEASE: [&str; 6] = ["alpha", "beta", "dev", "pre", "preview", "rc"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_known_by_the_version_in_it() {
        for (tag, key) in [
            ("v1.2.3", Some("1-2-3")),
            ("1.2.3", Some("1-2-3")),
            ("curl-7_88_1", Some("7-88-1")),
            ("v1.2.0-rc1", Some("1-2-0-rc-1")),
            ("release/1.2.0_RC.1", Some("1-2-0-rc-1")),
            ("v1.2.0", Some("1-2-0")),
            ("main", None),
            ("", None),
            ("ü1", Some("1")),
        ] {
            assert_eq!(tag_key(tag).as_deref(), key, "{tag}");
        }
    }
}
