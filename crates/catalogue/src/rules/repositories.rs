//! Repositories as packages, and their tags as versions: what OSV's interface calls the ecosystem `GIT`.
//!
//! Authority: OSV.dev, `go/internal/database/datastore`: a row without a package is found by the repository of its
//! ranges, and a version of it by the tags that the row lists: word for word or, where nobody lists it so, by what is a
//! version in it (`fuzzyMatchString`). There, all letters but four words are dropped, so that `1.2.5a1` is `1.2.5b1` and
//! what one project of a repository tagged is what another did. A wrong yes is worse than none: here only those are.

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
    let said = statement::<String>(row).filter(|_| !addresses.is_empty());
    let Some(Statement::Osv(said)) = said else {
        return Vec::new();
    };
    let packages = addresses.into_iter().take(REPOSITORIES_MAX).filter_map(|name| Package::named(GIT, name));
    let filed = packages.map(|package| {
        let keys: BTreeSet<String> =
            said.versions.iter().filter_map(|tag| tag_key(tag, &package.key)).collect();
        let listed: BTreeSet<&String> = said.versions.iter().collect();
        let keys: Vec<String> = keys.into_iter().filter(|key| !listed.contains(key)).collect();
        let versions = [said.versions.clone(), keys].concat();
        (package, Statement::Osv(versions::Affected { ranges: said.ranges.clone(), versions }))
    });
    filed.collect()
}

/// Repositories of a row under which it is filed: real ones have a few.
const REPOSITORIES_MAX: usize = 20;

/// The ecosystem of repositories.
const GIT: &str = "GIT";

/// Whether versions of this ecosystem are tags.
pub(crate) fn has_tags(ecosystem: &Ecosystem) -> bool {
    ecosystem.name() == GIT
}

/// What is a version in a tag of a repository: all but the names of the repository and words for a version before it,
/// words for a release behind it, letter case, and what stands between. `v1.2.0-rc1` and `curl_1_2_0_rc_1` are the
/// same in `github.com/curl/curl`. None where there is no number. It begins with a sign that no tag has (gitrevisions),
/// so that it is no other tag, and no version that lies in a range.
pub(crate) fn tag_key(tag: &str, repository: &str) -> Option<String> {
    if tag.len() > versions::MAX_LENGTH {
        return None;
    }
    let tag = plain(tag.trim_start_matches(KEY));
    let names = repository.split('/').map(plain).filter(|name| name.contains(char::is_alphabetic));
    let mut names: Vec<String> = names.take(NAMES_MAX).collect();
    // `php-src` before `php`.
    names.sort_unstable_by_key(|name| std::cmp::Reverse(name.len()));
    let mut rest = tag.as_str();
    loop {
        rest = rest.trim_start_matches(['-', '.']);
        let known = names.iter().map(String::as_str).chain(FOR_A_VERSION);
        let Some(behind) = known.filter_map(|name| without(rest, name)).next() else { break };
        rest = behind;
    }
    let mut parts = Vec::new();
    for word in rest.split(['-', '.']) {
        parts.extend(letters_and_digits(word));
    }
    while parts.len() > 1 && parts.last().is_some_and(|last| FOR_A_RELEASE.contains(last)) {
        parts.pop();
    }
    let is_number = |part: &&str| part.starts_with(|letter: char| letter.is_ascii_digit());
    parts.iter().any(is_number).then(|| format!("{KEY}{}", parts.join("-")))
}

/// What no name of a tag holds (`git check-ref-format`).
const KEY: char = '~';

/// In small letters; of what is neither letter nor digit, points stay, and `+`, behind which a build is named.
fn plain(text: &str) -> String {
    text.to_lowercase().replace(|letter: char| !letter.is_alphanumeric() && !".+".contains(letter), "-")
}

/// What stands behind a name with which a tag begins. Where a name ends in a number, a point goes on with it.
fn without<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let behind = tag.strip_prefix(name)?;
    let next = behind.chars().next()?;
    let ends_in_number = name.ends_with(char::is_numeric);
    let is_end = if ends_in_number { next == '-' } else { !next.is_alphabetic() };
    is_end.then_some(behind)
}

/// A word as its letters and its digits, in their order.
fn letters_and_digits(mut word: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    while let Some(first) = word.chars().next() {
        let is_other = |letter: char| letter.is_ascii_digit() != first.is_ascii_digit();
        let (part, rest) = word.split_at(word.find(is_other).unwrap_or(word.len()));
        parts.push(part);
        word = rest;
    }
    parts
}

/// Parts of a repository's address that may stand before a version: real ones have a few.
const NAMES_MAX: usize = 10;

/// Words that say that a version follows.
const FOR_A_VERSION: [&str; 10] =
    ["r", "ref", "refs", "rel", "release", "releases", "tags", "v", "ver", "version"];

/// Words that say that it is no version before a release (Maven, `ComparableVersion`).
const FOR_A_RELEASE: [&str; 3] = ["final", "ga", "release"];

#[cfg(test)]
mod tests {
    use super::*;

    /// OSV.dev, `TestNormalizeTag` and `TestStripRepoPrefix`, where letters may be passed over.
    #[test]
    fn a_tag_is_known_by_the_version_in_it() {
        for (repository, tag, key) in [
            ("github.com/curl/curl", "v1.2.3", Some("~1-2-3")),
            ("github.com/curl/curl", "1.2.3", Some("~1-2-3")),
            ("github.com/curl/curl", "curl-7_88_1", Some("~7-88-1")),
            ("github.com/php/php-src", "php-8.0.0beta4", Some("~8-0-0-beta-4")),
            ("github.com/php/php-src", "PHP-8.0.0-beta.4", Some("~8-0-0-beta-4")),
            ("github.com/apache/tomcat", "apache-tomcat-9.0.1", Some("~9-0-1")),
            ("github.com/apache/logging-log4j2", "rel/2.17.1", Some("~2-17-1")),
            ("github.com/eclipse-openj9/openj9", "openj9-0.8.0-rc1", Some("~0-8-0-rc-1")),
            ("github.com/eclipse-openj9/openj9", "eclipse_openj9-0.8.0", Some("~0-8-0")),
            ("github.com/x/y", "refs/tags/v1.2.0-rc1", Some("~1-2-0-rc-1")),
            ("github.com/x/y", "release/1.2.0_RC.1", Some("~1-2-0-rc-1")),
            ("github.com/x/y", "1.2.0.Final", Some("~1-2-0")),
            ("github.com/x/y", "v1.2.0", Some("~1-2-0")),
            ("github.com/php/php-src", "php-src-8.0", Some("~8-0")),
            ("github.com/x/y", "main", None),
            ("github.com/x/y", "", None),
            ("github.com/x/y", "release", None),
        ] {
            let found = tag_key(tag, repository);
            assert_eq!(found.as_deref(), key, "{tag}");
            assert_eq!(
                found.and_then(|key| tag_key(&key, repository)).as_deref(),
                key,
                "a key is its own: {tag}"
            );
        }
    }

    /// A letter tells versions apart, and a name projects of one repository.
    #[test]
    fn other_versions_are_not_the_same() {
        for (repository, tags) in [
            (
                "github.com/x/y",
                &["1.2.5a1", "1.2.5b1", "1.2.5", "1.2.51", "1.2.5.1", "1.2.5-1a", "1.2.5-post1"][..],
            ),
            (
                "github.com/openssl/openssl",
                &["OpenSSL_1_1_1", "OpenSSL_1_1_1a", "OpenSSL_1_1_1b", "1.1.1-pre1"],
            ),
            ("sourceware.org/git/binutils-gdb", &["binutils-2.35", "gdb-2.35", "2.35"]),
            ("android.googlesource.com/platform/base", &["android-10.0.0_r10", "10.0.0.10", "10.0.0"]),
            ("github.com/v8/v8", &["v8.1.2", "1.2"]),
            ("github.com/x/3", &["3.1", "1"]),
            ("github.com/x/y", &["ü1", "1", "1ü"]),
            ("github.com/x/y", &["1.0.0+1", "1.0.0-1", "1.0.0"]),
        ] {
            let keys: BTreeSet<Option<String>> = tags.iter().map(|tag| tag_key(tag, repository)).collect();
            assert_eq!(keys.len(), tags.len(), "{keys:?}");
        }
    }
}
