//! Criteria that a name with a span of versions has something in common with.
//!
//! Authority: NVD, "Vulnerabilities", the parameters `virtualMatchString`, `versionStart`,
//! `versionStartType`, `versionEnd` and `versionEndType`: the name is held against the criteria
//! themselves, not against one product that is installed. Versions are compared as [`Order::Generic`].

use std::cmp::Ordering;

use super::applicability::Criterion;
use super::matching::{Relation, compare_values};
use super::value::Value;
use super::{Attribute, Cpe};
use crate::{Order, Version};

/// Where a span begins or ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// The version.
    pub version: String,
    /// Whether it belongs to the span.
    pub including: bool,
}

/// Versions from one on, up to another; open where there is none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Span {
    /// Where it begins.
    pub start: Option<End>,
    /// Where it ends.
    pub end: Option<End>,
}

impl Span {
    fn point(version: &str) -> Self {
        let end = || Some(End { version: version.to_owned(), including: true });
        Self { start: end(), end: end() }
    }

    /// Whether two spans have a version in common; None where that cannot be compared.
    fn meets(&self, other: &Self) -> Option<bool> {
        let (one, two) = (before(&self.start, &other.end), before(&other.start, &self.end));
        if one == Some(false) || two == Some(false) { Some(false) } else { Some(one? && two?) }
    }
}

/// Whether something may lie between a beginning and an end.
fn before(start: &Option<End>, end: &Option<End>) -> Option<bool> {
    let (Some(start), Some(end)) = (start, end) else { return Some(true) };
    let start_version = Version::parse(Order::Generic, &start.version)?;
    Some(match start_version.compare(&Version::parse(Order::Generic, &end.version)?)? {
        Ordering::Less => true,
        Ordering::Equal => start.including && end.including,
        Ordering::Greater => false,
    })
}

impl Criterion {
    /// Whether this criterion and a name, whose version may stand for a span, mean some product
    /// together; None where a version cannot be compared, and that matters.
    #[must_use]
    pub fn overlaps(&self, name: &Cpe, span: &Span) -> Option<bool> {
        let others = |attribute: &Attribute| *attribute != Attribute::Version;
        let apart = |attribute| {
            let relation = compare_values(self.criteria.get(attribute), name.get(attribute));
            relation == Relation::Disjoint
        };
        if Attribute::ALL.into_iter().filter(others).any(apart) {
            return Some(false);
        }
        match (self.span(), of_name(name, span)) {
            (Some(own), Some(asked)) => own.meets(&asked),
            // Wildcards in a version, and "not applicable", are compared as names are.
            _ => Some(!apart(Attribute::Version)),
        }
    }

    /// The versions that it means; none, where its name does not say so plainly.
    fn span(&self) -> Option<Span> {
        let end = |including: &Option<String>, excluding: &Option<String>| {
            let (version, including) = match (including, excluding) {
                (Some(version), _) => (version, true),
                (None, Some(version)) => (version, false),
                (None, None) => return None,
            };
            Some(End { version: version.clone(), including })
        };
        let start = end(&self.version_start_including, &self.version_start_excluding);
        let span = Span { start, end: end(&self.version_end_including, &self.version_end_excluding) };
        if span == Span::default() { of_name(&self.criteria, &span) } else { Some(span) }
    }
}

/// The versions that a name means with a span beside it.
fn of_name(name: &Cpe, span: &Span) -> Option<Span> {
    match name.get(Attribute::Version) {
        Value::Any => Some(span.clone()),
        Value::Text(version) if version.is_plain() => Some(Span::point(&version.body)),
        Value::Text(_) | Value::NotApplicable => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn criterion(version: &str, bounds: &str) -> Criterion {
        let json = format!(
            r#"{{"vulnerable":true,"criteria":"cpe:2.3:a:nordwind:pumpe:{version}:*:*:*:*:*:*:*"{bounds}}}"#
        );
        serde_json::from_str(&json).unwrap()
    }

    fn span(start: Option<(&str, bool)>, end: Option<(&str, bool)>) -> Span {
        let end_of = |end: Option<(&str, bool)>| {
            end.map(|(version, including)| End { version: version.to_owned(), including })
        };
        Span { start: end_of(start), end: end_of(end) }
    }

    const ANY: &str = "cpe:2.3:a:nordwind:pumpe:*:*:*:*:*:*:*:*";

    /// NVD, `versionStart` and `versionEnd`: what has a version in common is found, and the type of an
    /// end decides what only touches.
    #[test]
    fn a_span_meets_what_it_has_a_version_in_common_with() {
        let range = criterion("*", r#","versionStartIncluding":"1.0","versionEndExcluding":"2.0""#);
        let ask = |span: Span| range.overlaps(&ANY.parse().unwrap(), &span);
        assert_eq!(ask(Span::default()), Some(true));
        assert_eq!(ask(span(Some(("1.5", true)), Some(("3", false)))), Some(true));
        assert_eq!(ask(span(Some(("2.0", true)), None)), Some(false), "2.0 is no part of it");
        assert_eq!(ask(span(None, Some(("1.0", true)))), Some(true));
        assert_eq!(ask(span(None, Some(("1.0", false)))), Some(false));
        assert_eq!(ask(span(None, Some(("0.9", true)))), Some(false));
        assert_eq!(ask(span(Some(("nonsense", true)), None)), None, "a doubt is no answer");
        let single = criterion("1.7", "");
        assert_eq!(
            single.overlaps(&ANY.parse().unwrap(), &span(Some(("1.7", true)), Some(("1.8", false)))),
            Some(true)
        );
        assert_eq!(single.overlaps(&ANY.parse().unwrap(), &span(Some(("1.7", false)), None)), Some(false));
    }

    #[test]
    fn a_name_is_held_against_the_criterion_itself() {
        let range = criterion("*", r#","versionEndIncluding":"2.0""#);
        let ask = |name: &str| range.overlaps(&name.parse().unwrap(), &Span::default());
        assert_eq!(ask("cpe:2.3:a:nordwind:pumpe:2.0:*:*:*:*:*:*:*"), Some(true));
        assert_eq!(ask("cpe:2.3:a:nordwind:pumpe:2.1:*:*:*:*:*:*:*"), Some(false));
        assert_eq!(ask("cpe:2.3:a:nordwind:*:*:*:*:*:*:*:*:*"), Some(true), "any product of the vendor's");
        assert_eq!(ask("cpe:2.3:o:nordwind:pumpe:2.0:*:*:*:*:*:*:*"), Some(false), "another part");
        assert_eq!(ask("cpe:2.3:a:nordwind:pumpe:-:*:*:*:*:*:*:*"), Some(true), "the criterion says any");
        assert_eq!(
            criterion("3.0", "").overlaps(&"cpe:/a:nordwind:pumpe:-".parse().unwrap(), &Span::default()),
            Some(false)
        );
    }
}
