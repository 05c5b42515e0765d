//! Ranges of versions in one line: `vers:npm/>=1.0.0|<2.0.0`.
//!
//! Authority: the VERS specification (package-url/vers-spec): "Syntax", "Parsing and validating
//! version range specifiers", "Checking if a version is contained within a range". Reading is as
//! lenient as its steps: blanks are dropped, so are pipes too many, and constraints are sorted;
//! [`Vers::parse_canonical`] takes only what is written canonically.
//! Where the specification is silent: a range of nothing but `!=` holds all other versions.

mod text;

use std::cmp::Ordering;

use thiserror::Error;

use crate::{Ecosystem, MAX_LENGTH, Order, Version};

/// A range of versions of one scheme; its constraints ascend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vers {
    scheme: String,
    order: Order,
    constraints: Vec<Constraint>,
}

/// A comparator and its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    /// How versions of the range stand to `version`.
    pub comparator: Comparator,
    /// Decoded; empty with [`Comparator::Any`].
    pub version: String,
}

/// How the versions of a range stand to the version of a constraint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparator {
    /// `*`, alone.
    Any,
    /// No sign, or `=`.
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// Why a text is no range.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BadVers {
    /// Over the limit.
    #[error("the range is longer than 64,000 bytes")]
    TooLong,
    /// Not `vers:`.
    #[error("a range begins with vers:")]
    Prefix,
    /// No scheme, or one with other characters than a package URL's type.
    #[error("the version scheme is missing or malformed")]
    Scheme,
    /// Nothing behind the slash.
    #[error("there is no constraint")]
    Empty,
    /// A comparator alone.
    #[error("a constraint has no version")]
    NoVersion,
    /// `*` beside others, or with a comparator.
    #[error("* must stand alone")]
    Star,
    /// Not what the scheme's ecosystem writes, or no version is in it.
    #[error("no range in the notation of this scheme, or an empty one")]
    Native,
    /// Not canonical, and why.
    #[error("non-canonical VERS: {0}")]
    NotCanonical(&'static str),
}

impl Vers {
    /// Builds a range from its scheme and constraints, which are sorted by version where the order
    /// is known.
    pub fn of(scheme: String, constraints: Vec<Constraint>) -> Result<Self, BadVers> {
        let has_star = constraints.iter().any(|constraint| constraint.comparator == Comparator::Any);
        if has_star && constraints.len() > 1 {
            return Err(BadVers::Star);
        }
        if constraints.is_empty() {
            return Err(BadVers::Empty);
        }
        let order = Ecosystem::parse(&scheme).map_or(Order::Unknown, |ecosystem| ecosystem.order());
        let sorted = if has_star { None } else { sorted(order, &constraints) };
        Ok(Self { scheme, order, constraints: sorted.unwrap_or(constraints) })
    }

    /// The version scheme, in lower case.
    #[must_use]
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// The constraints, ascending.
    #[must_use]
    pub fn constraints(&self) -> &[Constraint] {
        &self.constraints
    }

    /// Whether a version is in the range; None where the scheme does not read it or has no order
    /// that is known here, and it is not named itself.
    #[must_use]
    pub fn contains(&self, version: &str) -> Option<bool> {
        let text = version.trim();
        if text.is_empty() || text.len() > MAX_LENGTH {
            return None;
        }
        if self.scheme == "none" {
            return Some(false);
        }
        if self.order == Order::Unknown {
            return self.contains_unordered(text);
        }
        let version = Version::parse(self.order, text)?;
        if self.constraints.iter().any(|constraint| constraint.comparator == Comparator::Any) {
            return Some(true);
        }
        let mut named = None;
        let mut bounds = Vec::with_capacity(self.constraints.len());
        for constraint in &self.constraints {
            let order = version.compare(&Version::parse(self.order, &constraint.version)?)?;
            match (constraint.comparator, order) {
                (Comparator::NotEqual, Ordering::Equal) => return Some(false),
                (
                    Comparator::Equal | Comparator::LessOrEqual | Comparator::GreaterOrEqual,
                    Ordering::Equal,
                ) => {
                    named = Some(true);
                }
                (Comparator::Less | Comparator::LessOrEqual, order) => bounds.push((false, order)),
                (Comparator::Greater | Comparator::GreaterOrEqual, order) => bounds.push((true, order)),
                _ => {}
            }
        }
        if named.is_some() {
            return named;
        }
        let only_exceptions = self.constraints.iter().all(|one| one.comparator == Comparator::NotEqual);
        Some(only_exceptions || is_between(&bounds))
    }

    /// Without an order only a version that is named is decided, or everything.
    fn contains_unordered(&self, version: &str) -> Option<bool> {
        let mut only_single = true;
        let mut only_exceptions = true;
        for constraint in &self.constraints {
            let is_it = constraint.version == version;
            match constraint.comparator {
                Comparator::Any => return Some(true),
                Comparator::NotEqual if is_it => return Some(false),
                Comparator::Equal | Comparator::LessOrEqual | Comparator::GreaterOrEqual if is_it => {
                    return Some(true);
                }
                comparator => {
                    only_single &= matches!(comparator, Comparator::Equal | Comparator::NotEqual);
                    only_exceptions &= comparator == Comparator::NotEqual;
                }
            }
        }
        only_single.then_some(only_exceptions)
    }
}

/// The constraints by version; None if not all can be read, and where they ascend already.
fn sorted(order: Order, constraints: &[Constraint]) -> Option<Vec<Constraint>> {
    let read = constraints.iter().map(|one| Some((Version::parse(order, &one.version)?, one)));
    let read: Vec<(Version<'_>, &Constraint)> = read.collect::<Option<_>>()?;
    if read.is_sorted_by(|(a, _), (b, _)| !is_later(a, b)) {
        return None;
    }
    Some(merged(read).into_iter().map(|(_, constraint)| constraint.clone()).collect())
}

fn is_later(a: &Version<'_>, b: &Version<'_>) -> bool {
    a.compare(b) == Some(Ordering::Greater)
}

/// Merge sort. The standard library's panics on an order with circles, and those of Maven and pacman
/// have some: `0-rc.1` is before `0`, that before `v2`, and that before `0-rc.1`.
pub(crate) fn merged<T>(mut left: Vec<(Version<'_>, T)>) -> Vec<(Version<'_>, T)> {
    if left.len() < 2 {
        return left;
    }
    let right = merged(left.split_off(left.len() / 2));
    let mut all = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (merged(left).into_iter().peekable(), right.into_iter().peekable());
    while let (Some((a, _)), Some((b, _))) = (left.peek(), right.peek()) {
        all.extend(if is_later(a, b) { right.next() } else { left.next() });
    }
    all.extend(left.chain(right));
    all
}

/// Whether a version is inside, by how it stands to each bound (`true`: a lower one), ascending.
/// Of lower bounds in a row the first counts, of upper bounds in a row the last.
fn is_between(bounds: &[(bool, Ordering)]) -> bool {
    let mut kept: Vec<(bool, Ordering)> = Vec::with_capacity(bounds.len());
    for bound in bounds {
        match kept.last_mut() {
            Some(last) if last.0 == bound.0 => {
                if !bound.0 {
                    *last = *bound;
                }
            }
            _ => kept.push(*bound),
        }
    }
    let is_before_end = |at: usize| kept.get(at).is_none_or(|(_, order)| order.is_lt());
    kept.iter().enumerate().any(|(at, (is_lower, order))| {
        if *is_lower { order.is_gt() && is_before_end(at + 1) } else { at == 0 && order.is_lt() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contained(range: &str, version: &str) -> Option<bool> {
        range.parse::<Vers>().unwrap().contains(version)
    }

    /// The VERS specification, "Checking if a version is contained within a range".
    #[test]
    fn containment_follows_the_specification() {
        let range = "vers:pypi/>=1.0|!=1.5|<2.0|2.5|>3.0|<=4.0|>5";
        for (version, expected) in [
            ("0.9", false),
            ("1.0.0", true),
            ("1.5", false),
            ("1.9", true),
            ("2.0", false),
            ("2.5", true),
            ("3.0", false),
            ("3.1", true),
            ("4.0", true),
            ("4.5", false),
            ("5", false),
            ("6", true),
        ] {
            assert_eq!(contained(range, version), Some(expected), "{version}");
        }
        assert_eq!(contained("vers:npm/*", "1.0.0"), Some(true));
        assert_eq!(contained("vers:npm/<1.0.0|>=2.0.0", "1.5.0"), Some(false));
        assert_eq!(contained("vers:npm/<1.0.0|>=2.0.0", "0.5.0"), Some(true));
        assert_eq!(contained("vers:npm/!=1.0.0", "1.0.0"), Some(false));
        assert_eq!(contained("vers:npm/!=1.0.0", "1.0.1"), Some(true));
        assert_eq!(contained("vers:none/*", "1"), Some(false));
        assert_eq!(contained("vers:all/*", "1"), Some(true));
    }

    #[test]
    fn bounds_too_many_do_not_narrow_a_range() {
        let range = "vers:pypi/>0|>=1|<3|<5|>=6|>7";
        for (version, expected) in
            [("0", false), ("0.5", true), ("4", true), ("5", false), ("6", true), ("8", true)]
        {
            assert_eq!(contained(range, version), Some(expected), "{version}");
        }
        assert_eq!(contained("vers:pypi/<1|<2", "1.5"), Some(true));
    }

    /// The orders of Maven (`ComparableVersion`) and pacman (`vercmp`) have circles; sorting by them
    /// must not panic.
    #[test]
    fn a_circle_of_versions_is_sorted_and_stays_so() {
        let circles = [("maven", ["0", "0-rc.1", "v2"]), ("alpm", ["1.2", "1_", "1._p"])];
        for (turn, (scheme, circle)) in (0..30_usize).zip(circles.into_iter().cycle()) {
            let versions: Vec<_> =
                (0..60).map(|at| circle.get((at * at + turn * at / 7) % 3).copied().unwrap_or("0")).collect();
            let range: Vers = format!("vers:{scheme}/{}", versions.join("|")).parse().unwrap();
            assert_eq!(range.to_string().parse(), Ok(range), "{versions:?}");
        }
    }

    #[test]
    fn nonsense_is_unknown() {
        assert_eq!(contained("vers:pypi/<2", "trunk"), None);
        assert_eq!(contained("vers:pypi/*", "trunk"), None);
        assert_eq!(contained("vers:pypi/*", ""), None);
        assert_eq!(contained("vers:npm/>latest", "1.0.0"), None);
        assert_eq!(contained("vers:strange/<2", "1"), None);
        assert_eq!(contained("vers:strange/<=2", "2"), Some(true));
        assert_eq!(contained("vers:strange/1|2", "3"), Some(false));
    }
}
