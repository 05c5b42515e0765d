//! A version read once and compared often; which file reads it depends on the order.

use std::cmp::Ordering;

use crate::ecosystem::Ecosystem;
use crate::pypi::{self, Pep440};
use crate::semver::{self, Semver, Strictness};
use crate::{MAX_LENGTH, go, npm};

/// The way an ecosystem orders its versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// Semantic Versioning 2.0.0 to the letter: crates.io.
    Semver,
    /// Semantic Versioning with missing numbers read as zero, for `SEMVER` ranges elsewhere.
    ShortSemver,
    /// Go modules and toolchain tags.
    Go,
    /// node-semver in loose mode.
    Npm,
    /// Python's PEP 440.
    Pypi,
    /// Not known here: versions are equal or not, never before or after.
    Unknown,
}

/// A version that its ecosystem accepts, borrowed from its text.
#[derive(Debug, Clone, Copy)]
pub struct Version<'a>(Parsed<'a>);

#[derive(Debug, Clone, Copy)]
enum Parsed<'a> {
    Semver(Semver<'a>),
    Pypi(Pep440<'a>),
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
            Order::Unknown => return None,
        };
        Some(Self(parsed))
    }

    /// Earlier, equal or later; None for versions of orders that have nothing in common.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match (&self.0, &other.0) {
            (Parsed::Semver(a), Parsed::Semver(b)) => Some(a.compare(b)),
            (Parsed::Pypi(a), Parsed::Pypi(b)) => Some(a.compare(b)),
            _ => None,
        }
    }

    /// The version as its ecosystem would write it: `1.0.RC-1` is `1.0rc1` for PyPI.
    #[must_use]
    pub fn normal(&self) -> String {
        self.written(true)
    }

    /// A text that is the same for all equal versions of an order, and only for them: an index key.
    #[must_use]
    pub fn key(&self) -> String {
        self.written(false)
    }

    fn written(&self, whole: bool) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = match &self.0 {
            Parsed::Semver(version) => version.write(&mut text, whole),
            Parsed::Pypi(version) => version.write(&mut text, whole),
        };
        text
    }
}

/// The order of two versions of an ecosystem; None where either is nonsense or the order unknown.
#[must_use]
pub fn compare(ecosystem: &Ecosystem, a: &str, b: &str) -> Option<Ordering> {
    let order = ecosystem.order();
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
        assert_eq!(compare(&Ecosystem::parse("Maven").unwrap(), "1", "2"), None);
        let (a, b) = (Version::parse(Order::Pypi, "1.0.0"), Version::parse(Order::Npm, "1.0.0"));
        assert_eq!(a.unwrap().compare(&b.unwrap()), None);
    }

    #[test]
    fn over_long_versions_are_not_read() {
        let long = "1.".repeat(600) + "0";
        assert!(Version::parse(Order::Pypi, &long).is_none());
        assert!(Version::parse(Order::Pypi, &long[..999]).is_some());
    }

    #[test]
    fn normal_and_key_are_written() {
        for (order, text, normal, key) in [
            (Order::Pypi, "V01.0-RC_01+Ubuntu-01", "1.0rc1+ubuntu.1", "1rc1+ubuntu.1"),
            (Order::Npm, "v01.2.3beta+b", "1.2.3-beta+b", "1.2.3-beta"),
            (Order::Go, "go1.21rc2", "1.21.0-rc.2", "1.21.0-rc.2"),
            (Order::Go, "v2.0.0+incompatible", "2.0.0+incompatible", "2.0.0"),
        ] {
            let version = Version::parse(order, text).unwrap();
            assert_eq!((version.normal().as_str(), version.key().as_str()), (normal, key));
        }
    }
}
