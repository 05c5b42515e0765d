//! A version read once and compared often; which file reads it depends on the order.

use std::cmp::Ordering;

use crate::ecosystem::Ecosystem;
use crate::semver::{self, Strictness};
use crate::{
    MAX_LENGTH, alpine, alpm, conan, cran, datetime, debian, dotted, generic, gentoo, go, hackage, julia,
    maven, npm, nuget, openssl, packagist, pub_dev, pypi, rpm, rubygems,
};

/// The way an ecosystem orders its versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// Semantic Versioning 2.0.0 to the letter: crates.io, Hex.
    Semver,
    /// Semantic Versioning with missing numbers read as zero, for `SEMVER` ranges elsewhere.
    ShortSemver,
    /// Go modules and toolchain tags.
    Go,
    /// node-semver in loose mode.
    Npm,
    /// Python's PEP 440.
    Pypi,
    /// Maven's `ComparableVersion`.
    Maven,
    /// NuGet.
    Nuget,
    /// RubyGems.
    Gem,
    /// Composer.
    Packagist,
    /// Dart's pub.
    Pub,
    /// Julia's packages.
    Julia,
    /// R's packages.
    Cran,
    /// Haskell's packages.
    Hackage,
    /// dpkg.
    Debian,
    /// opam.
    Opam,
    /// apk.
    Alpine,
    /// rpm.
    Rpm,
    /// pacman.
    Alpm,
    /// Gentoo's ebuilds.
    Gentoo,
    /// Conan.
    Conan,
    /// OpenSSL's own releases.
    Openssl,
    /// Instants by RFC 3339.
    Datetime,
    /// Numbers and words that every scheme understands alike.
    Generic,
    /// Numbers and dots, and nothing else.
    Numbers,
    /// Bytes of the text.
    Lexicographic,
    /// Not known here: versions are equal or not, never before or after.
    Unknown,
}

/// A version that its ecosystem accepts, borrowed from its text.
#[derive(Debug, Clone)]
pub struct Version<'a>(Parsed<'a>);

/// Makes the list of what was read, and the comparison of two of a kind.
macro_rules! parsed {
    ($($kind:ident($type:ty)),* $(,)?) => {
        #[derive(Debug, Clone)]
        enum Parsed<'a> {
            $($kind($type)),*
        }

        impl Version<'_> {
            /// Earlier, equal or later; None for versions of orders that have nothing in common.
            #[must_use]
            pub fn compare(&self, other: &Self) -> Option<Ordering> {
                match (&self.0, &other.0) {
                    $((Parsed::$kind(a), Parsed::$kind(b)) => Some(a.compare(b)),)*
                    _ => None,
                }
            }
        }
    };
}

parsed! {
    Semver(semver::Semver<'a>),
    Pypi(pypi::Pep440<'a>),
    Maven(maven::Maven<'a>),
    Nuget(nuget::Nuget<'a>),
    Gem(rubygems::Gem<'a>),
    Packagist(packagist::Packagist<'a>),
    Pub(pub_dev::Pub<'a>),
    Cran(cran::Cran<'a>),
    Hackage(hackage::Hackage<'a>),
    Debian(debian::Debian<'a>),
    Alpine(alpine::Alpine<'a>),
    Rpm(rpm::Rpm<'a>),
    Alpm(alpm::Alpm<'a>),
    Gentoo(gentoo::Gentoo<'a>),
    Conan(conan::Conan<'a>),
    Openssl(openssl::Openssl<'a>),
    Datetime(datetime::Instant<'a>),
    Generic(generic::Generic<'a>),
    Numbers(dotted::Dotted<'a>),
    Text(Text<'a>),
}

/// A text that is compared byte by byte, as the vers specification's `lexicographic` is.
#[derive(Debug, Clone, Copy)]
struct Text<'a>(&'a str);

impl Text<'_> {
    fn compare(&self, other: &Self) -> Ordering {
        self.0.cmp(other.0)
    }
}

impl<'a> Version<'a> {
    /// Reads a version; None where the order does not accept it or is unknown.
    #[must_use]
    pub fn parse(order: Order, text: &'a str) -> Option<Self> {
        if text.len() > MAX_LENGTH {
            return None;
        }
        let parsed = match order {
            Order::Semver => Parsed::Semver(semver::parse(text, Strictness::Exact)?),
            Order::ShortSemver => {
                let text = text.strip_prefix('v').unwrap_or(text);
                Parsed::Semver(semver::parse(text, Strictness::ShortAny)?)
            }
            Order::Go => Parsed::Semver(go::parse(text)?),
            Order::Npm => Parsed::Semver(npm::parse(text)?),
            Order::Pypi => Parsed::Pypi(pypi::parse(text)?),
            Order::Maven => Parsed::Maven(maven::parse(text)?),
            Order::Nuget => Parsed::Nuget(nuget::parse(text)?),
            Order::Gem => Parsed::Gem(rubygems::parse(text)?),
            Order::Packagist => Parsed::Packagist(packagist::parse(text)?),
            Order::Pub => Parsed::Pub(pub_dev::parse(text)?),
            Order::Julia => Parsed::Pub(julia::parse(text)?),
            Order::Cran => Parsed::Cran(cran::parse(text)?),
            Order::Hackage => Parsed::Hackage(hackage::parse(text)?),
            Order::Debian => Parsed::Debian(debian::parse(text)?),
            Order::Opam => Parsed::Debian(debian::parse_opam(text)?),
            Order::Alpine => Parsed::Alpine(alpine::parse(text)?),
            Order::Rpm => Parsed::Rpm(rpm::parse(text)?),
            Order::Alpm => Parsed::Alpm(alpm::parse(text)?),
            Order::Gentoo => Parsed::Gentoo(gentoo::parse(text)?),
            Order::Conan => Parsed::Conan(conan::parse(text)?),
            Order::Openssl => Parsed::Openssl(openssl::parse(text)?),
            Order::Datetime => Parsed::Datetime(datetime::parse(text)?),
            Order::Generic => Parsed::Generic(generic::parse(text)?),
            Order::Numbers => Parsed::Numbers(dotted::parse(text)?),
            Order::Lexicographic => Parsed::Text(Text(some(text)?)),
            Order::Unknown => return None,
        };
        Some(Self(parsed))
    }
}

fn some(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// The order of two versions of an ecosystem; None where either is nonsense, or the order unknown
/// and they are not the same. Commits are the same in any letter case.
#[must_use]
pub fn compare(ecosystem: &Ecosystem, a: &str, b: &str) -> Option<Ordering> {
    let order = ecosystem.order();
    if order == Order::Unknown {
        let (a, b) = (a.trim(), b.trim());
        let is_same = a == b || (ecosystem.name() == "GIT" && a.eq_ignore_ascii_case(b));
        return (is_same && !a.is_empty() && a.len() <= MAX_LENGTH).then_some(Ordering::Equal);
    }
    Version::parse(order, a)?.compare(&Version::parse(order, b)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_and_strangers_do_not_compare() {
        let pypi = Ecosystem::parse("PyPI").unwrap();
        assert_eq!(compare(&pypi, "1.0", "1.0.0"), Some(Ordering::Equal));
        assert_eq!(compare(&pypi, "1.0", "trunk"), None);
        let (a, b) = (Version::parse(Order::Pypi, "1.0.0"), Version::parse(Order::Npm, "1.0.0"));
        assert_eq!(a.unwrap().compare(&b.unwrap()), None);
    }

    #[test]
    fn without_an_order_only_the_same_is_equal() {
        let linux = Ecosystem::parse("Linux").unwrap();
        assert_eq!(compare(&linux, "1", "2"), None);
        assert_eq!(compare(&linux, "1", "1"), Some(Ordering::Equal));
        assert_eq!(compare(&linux, "a", "A"), None);
        assert_eq!(compare(&linux, "", ""), None);
        let git = Ecosystem::parse("git").unwrap();
        assert_eq!(compare(&git, "ABCDEF", "abcdef"), Some(Ordering::Equal));
        assert_eq!(compare(&git, "abcdef", "abcdee"), None);
    }

    #[test]
    fn over_long_versions_are_not_read() {
        let long = "1.".repeat(600) + "0";
        assert!(Version::parse(Order::Pypi, &long).is_none());
        assert!(Version::parse(Order::Pypi, &long[..999]).is_some());
    }
}
