//! How the versions of a `versionType` compare.

use std::cmp::Ordering;

use crate::dotted::{self, Dotted};
use crate::{Ecosystem, Order, Version};

/// Words that CVE records use for "no lower end", beside the schema's own `0`.
pub(super) fn is_open(start: &str) -> bool {
    ["", "0", "*", "-", "n/a", "unspecified"].iter().any(|word| start.eq_ignore_ascii_case(word))
}

/// How versions of a `versionType` compare.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scheme {
    /// Semantic versions with missing numbers, else plain numbers.
    Semver,
    /// An ecosystem's own order.
    Native(Order),
    /// Plain numbers only.
    Plain,
    /// Equal or not.
    Identity,
}

impl Scheme {
    pub(super) fn named(version_type: Option<&str>) -> Self {
        let name = version_type.unwrap_or("custom").trim();
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        // The Linux kernel's own type: the kernel version that the first fix went into.
        if is("semver") || is("original_commit_for_fix") {
            return Self::Semver;
        }
        if is("custom") {
            return Self::Plain;
        }
        if is("python") {
            return Self::Native(Order::Pypi);
        }
        match Ecosystem::parse(name).map(|ecosystem| ecosystem.order()) {
            None | Some(Order::Unknown) => Self::Identity,
            Some(order) => Self::Native(order),
        }
    }

    /// Whether it has a place for such a version. Orders that take every word are none to tell one by.
    pub(super) fn reads(self, version: &str) -> bool {
        match self {
            Self::Semver => Version::parse(Order::ShortSemver, version).is_some(),
            Self::Native(order) => {
                Version::parse(order, version).is_some() && Version::parse(order, "no version").is_none()
            }
            Self::Plain => false,
            // Commits.
            Self::Identity => version.len() >= 7 && version.bytes().all(|byte| byte.is_ascii_hexdigit()),
        }
    }

    pub(super) fn compare(self, a: &str, b: &str) -> Option<Ordering> {
        if a == b {
            return Some(Ordering::Equal);
        }
        let by = |order| Version::parse(order, a)?.compare(&Version::parse(order, b)?);
        let plain = || Some(dotted::parse(a)?.compare(&dotted::parse(b)?));
        match self {
            Self::Semver => by(Order::ShortSemver).or_else(plain),
            Self::Native(order) => by(order),
            Self::Plain => plain(),
            Self::Identity => None,
        }
    }

    /// Whether `start` ≤ `version` and `version` is before the end; None where that is not certain.
    pub(super) fn is_within(self, start: &str, version: &str, end: &str, inclusive: bool) -> Option<bool> {
        // Real records have `5.1.1` up to `5.1.1-71` as "semver", which ends before it begins. The
        // author meant something, in an order that is not this one.
        let span = if is_open(start) || end.contains('*') { None } else { self.compare(start, end) };
        match span {
            Some(Ordering::Greater) => return None,
            Some(Ordering::Equal) if version == start && !inclusive => return None,
            _ => {}
        }
        let after_start =
            if is_open(start) { Some(true) } else { self.compare(version, start).map(Ordering::is_ge) };
        let before_end = match end.strip_suffix(".*") {
            _ if end == "*" => Some(true),
            Some(series) => self.is_in_or_before(version, series),
            None => self.compare(version, end).map(|order| order.is_lt() || (inclusive && order.is_eq())),
        };
        match (after_start, before_end) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            // The first version of a range is in it, and so is the last, whatever the order.
            _ if version == start => Some(true),
            _ if version == end && inclusive => Some(true),
            _ => None,
        }
    }

    /// `2.*` is infinity within 2, so it is above every version of the series.
    fn is_in_or_before(self, version: &str, series: &str) -> Option<bool> {
        if matches!(self, Self::Identity) {
            return None;
        }
        // The pre-release of a version belongs to the series that its numbers say.
        let numbers = version.split(['-', '+']).next().unwrap_or_default();
        let series: Dotted<'_> = dotted::parse(series)?;
        Some(dotted::parse(numbers)?.compare_to_series(&series).is_le())
    }
}
