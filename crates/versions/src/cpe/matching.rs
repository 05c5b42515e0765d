//! How two names relate: NISTIR 7696, "Name Matching Specification", tables 6-2 and 6-4.

use super::value::{Text, Value, Wild};
use super::{Attribute, Cpe};

/// How the set of products that one name means stands to that of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// The same.
    Equal,
    /// All of the other's and more.
    Superset,
    /// Part of the other's.
    Subset,
    /// Nothing in common.
    Disjoint,
    /// None of these, or the other name has wildcards, of which the specification says nothing.
    Undefined,
}

impl Relation {
    /// The word for it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Superset => "superset",
            Self::Subset => "subset",
            Self::Disjoint => "disjoint",
            Self::Undefined => "undefined",
        }
    }
}

/// How `source`, which may have wildcards, stands to `target` (7696, 6.3): disjoint if any attribute
/// is; equal, superset or subset if all attributes are that or equal.
#[must_use]
pub fn compare(source: &Cpe, target: &Cpe) -> Relation {
    let (mut superset, mut subset, mut undefined) = (false, false, false);
    for attribute in Attribute::ALL {
        match compare_values(source.get(attribute), target.get(attribute)) {
            Relation::Equal => {}
            Relation::Superset => superset = true,
            Relation::Subset => subset = true,
            Relation::Undefined => undefined = true,
            Relation::Disjoint => return Relation::Disjoint,
        }
    }
    match (superset, subset, undefined) {
        (false, false, false) => Relation::Equal,
        (true, false, false) => Relation::Superset,
        (false, true, false) => Relation::Subset,
        _ => Relation::Undefined,
    }
}

/// Table 6-2.
pub(super) fn compare_values(source: &Value, target: &Value) -> Relation {
    match (source, target) {
        (_, Value::Text(target)) if !target.is_plain() => Relation::Undefined,
        (Value::Any, Value::Any) | (Value::NotApplicable, Value::NotApplicable) => Relation::Equal,
        (Value::Any, _) => Relation::Superset,
        (_, Value::Any) => Relation::Subset,
        (Value::Text(source), Value::Text(target)) if source.is_plain() => {
            if source.body.eq_ignore_ascii_case(&target.body) { Relation::Equal } else { Relation::Disjoint }
        }
        (Value::Text(source), Value::Text(target)) if includes(source, &target.body) => Relation::Superset,
        _ => Relation::Disjoint,
    }
}

/// Whether the pattern covers the text: an asterisk stands for anything, each question mark for one
/// character or none.
fn includes(pattern: &Text, text: &str) -> bool {
    let (body, text) = (pattern.body.to_ascii_lowercase(), text.to_ascii_lowercase());
    let fits = |wild: Wild, length: usize| match wild {
        Wild::Nothing => length == 0,
        Wild::UpTo(most) => length <= most,
        Wild::Anything => true,
    };
    let last = text.len().checked_sub(body.len());
    last.is_some_and(|last| {
        (0..=last).any(|at| {
            fits(pattern.before, at)
                && fits(pattern.after, last - at)
                && text.get(at..).is_some_and(|rest| rest.starts_with(&body))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relation(source: &str, target: &str) -> &'static str {
        let name = |text: &str| format!("cpe:2.3:a:v:p:{text}:*:*:*:*:*:*:*").parse::<Cpe>().unwrap();
        compare(&name(source), &name(target)).label()
    }

    /// NISTIR 7696, table 6-2, line by line.
    #[test]
    fn the_table_of_attribute_relations_holds() {
        for (source, target, expected) in [
            ("*", "*", "equal"),
            ("*", "-", "superset"),
            ("*", "1", "superset"),
            ("*", "1*", "undefined"),
            ("-", "*", "subset"),
            ("-", "-", "equal"),
            ("-", "1", "disjoint"),
            ("-", "1*", "undefined"),
            ("1", "*", "subset"),
            ("1", "-", "disjoint"),
            ("1", "1", "equal"),
            ("1", "2", "disjoint"),
            ("1", "1*", "undefined"),
            ("1*", "*", "subset"),
            ("1*", "-", "disjoint"),
            ("1*", "1.5", "superset"),
            ("1*", "2.5", "disjoint"),
            ("1*", "1*", "undefined"),
        ] {
            assert_eq!(relation(source, target), expected, "{source} {target}");
        }
    }

    /// NISTIR 7696, 6.3: wildcards at both ends, escapes, letter case.
    #[test]
    fn wildcards_stand_for_what_they_should() {
        for (source, target, expected) in [
            ("8.?", "8.", "superset"),
            ("8.?", "8.1", "superset"),
            ("8.?", "8.10", "disjoint"),
            ("8.??", "8.10", "superset"),
            ("?8", "18", "superset"),
            ("?8", "118", "disjoint"),
            ("*8*", "1.8.2", "superset"),
            ("*8*", "8", "superset"),
            ("*.1", "1.1.1", "superset"),
            ("?1?", "111", "superset"),
            (r"1\*", r"1\*", "equal"),
            (r"1\*", "11", "disjoint"),
            (r"1\.0", "1.0", "equal"),
            ("1.0RC", "1.0rc", "equal"),
            ("RC*", "rc2", "superset"),
        ] {
            assert_eq!(relation(source, target), expected, "{source} {target}");
        }
    }

    #[test]
    fn names_relate_as_all_their_attributes_do() {
        let relation = |a: &str, b: &str| compare(&a.parse().unwrap(), &b.parse().unwrap()).label();
        let windows = "cpe:2.3:o:microsoft:windows_7:*:sp1:*:*:*:*:*:*";
        assert_eq!(relation(windows, "cpe:/o:microsoft:windows_7:-:sp1"), "superset");
        assert_eq!(relation("cpe:/o:microsoft:windows_7:-:sp1", windows), "subset");
        assert_eq!(relation(windows, "cpe:2.3:o:microsoft:windows_7:-:*:*:*:*:*:*:*"), "undefined");
        assert_eq!(relation(windows, "cpe:2.3:o:microsoft:windows_8:*:sp1:*:*:*:*:*:*"), "disjoint");
    }
}
