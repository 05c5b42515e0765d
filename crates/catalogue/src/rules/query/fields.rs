//! The fields that can be asked for by name.

use super::Wrong;
use super::lex::{Compare, Condition};

/// A field of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// The record's own id or another that it names.
    Id,
    /// Its headline.
    Title,
    /// Who makes a product that it names.
    Vendor,
    /// A product that it names.
    Product,
    /// A package that it names.
    Package,
    /// Where such a package lives.
    Ecosystem,
    /// A weakness, by its number of CWE.
    Weakness,
    /// The band of its score.
    Severity,
    /// Its highest score.
    Cvss,
    /// How likely it is to be exploited within thirty days, by EPSS.
    Likelihood,
    /// The share of vulnerabilities that are no likelier to be, by EPSS.
    Percentile,
    /// Whether it is known to be exploited.
    Exploited,
    /// Whether it no longer stands.
    Withdrawn,
    /// Where it came from.
    Source,
    /// When it was published.
    Published,
    /// When its source last changed it.
    Modified,
    /// The year of publication, UTC.
    Year,
    /// A package or product in a version that it covers.
    Affects,
    /// Who states something in it.
    StatedBy,
    /// Version of CVSS and band, such as `3:high`, or a tag, such as `tag:disputed`; for interfaces that ask so.
    Grade,
}

/// A field with its names, of which the first is shown, and an example.
pub struct Described {
    /// Which.
    pub field: Field,
    /// How it is written, in one word.
    pub names: &'static [&'static str],
    /// A condition on it.
    pub example: &'static str,
    /// What it asks.
    pub words: &'static str,
}

const fn described(
    field: Field,
    names: &'static [&'static str],
    example: &'static str,
    words: &'static str,
) -> Described {
    Described { field, names, example, words }
}

/// All fields, as the help of the search shows them.
pub const FIELDS: [Described; 19] = [
    described(
        Field::Vendor,
        &["vendor"],
        "vendor:apache",
        "words in the vendor's name; vendor=\"…\" the whole name",
    ),
    described(Field::Product, &["product"], "product:\"http server\"", "words in the product's name"),
    described(Field::Package, &["package"], "package=django", "the name of a package"),
    described(Field::Ecosystem, &["ecosystem"], "ecosystem:PyPI", "where packages live"),
    described(
        Field::Affects,
        &["affects"],
        "affects:pkg:pypi/django@4.2",
        "by package URL or CPE name; with a version, what covers it or leaves it open",
    ),
    described(Field::Id, &["id", "alias"], "id:CVE-2024-1*", "an id or another name"),
    described(Field::Title, &["title"], "title:overflow", "words in the headline"),
    described(Field::Weakness, &["cwe", "weakness"], "cwe:79", "the kind of weakness"),
    described(Field::Cvss, &["cvss", "score"], "cvss>=8", "the score, 0 to 10"),
    described(Field::Severity, &["severity"], "severity>=high", "none, low, medium, high, critical"),
    // As first.org and vulnerability-lookup name them.
    described(
        Field::Likelihood,
        &["epss"],
        "epss>=0.5",
        "how likely it is to be exploited within 30 days, by EPSS, 0 to 1",
    ),
    described(
        Field::Percentile,
        &["percentile"],
        "percentile>=0.9",
        "the share of vulnerabilities that EPSS gives no higher score, 0 to 1",
    ),
    described(Field::Exploited, &["kev", "exploited"], "kev:true", "known to be exploited"),
    described(Field::Withdrawn, &["withdrawn", "rejected"], "withdrawn:false", "no longer standing"),
    described(
        Field::Source,
        &["source"],
        "source:csaf",
        "who says so: centre, osv, ghsa, cve, csaf, nvd, vex, kev",
    ),
    described(
        Field::Published,
        &["published"],
        "published<=7d",
        "an age (h, d, w, m, y), or a date: published>=2024-05",
    ),
    described(Field::Modified, &["modified", "changed"], "modified<=24h", "the same of the last change"),
    described(Field::Year, &["year"], "year>=2023", "the year of publication, UTC"),
    described(Field::StatedBy, &["by"], "by:redhat", "who stated something in the record"),
];

impl Field {
    /// The field of a name, in any letter case.
    pub(super) fn of_name(name: &str) -> Option<Self> {
        let is_named =
            |described: &&Described| described.names.iter().any(|known| known.eq_ignore_ascii_case(name));
        FIELDS.iter().find(is_named).map(|described| described.field)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        FIELDS.iter().find(|described| described.field == self).map_or("", |described| described.names[0])
    }

    pub(super) fn example(self) -> &'static str {
        FIELDS.iter().find(|described| described.field == self).map_or("", |described| described.example)
    }

    /// Whether its values have an order.
    pub(super) fn is_ordered(self) -> bool {
        matches!(
            self,
            Self::Cvss
                | Self::Severity
                | Self::Likelihood
                | Self::Percentile
                | Self::Published
                | Self::Modified
                | Self::Year
        )
    }
}

/// A field that nobody knows, with the nearest that there is.
pub(super) fn unknown(condition: &Condition) -> Wrong {
    let names = FIELDS.iter().flat_map(|described| described.names).copied();
    let near = nearest(&condition.name.to_lowercase(), names);
    let hint = match near {
        Some(near) => format!("Did you mean “{near}”?"),
        None => format!("There are {}.", FIELDS.map(|described| described.names[0]).join(", ")),
    };
    let reason = format!(
        "There is no field “{}”. {hint} To look for the words themselves, put them into double quotes.",
        super::super::clip(&condition.name, 40)
    );
    Wrong::new(condition.at, condition.name.chars().count(), reason)
}

/// An order that the field does not have.
pub(super) fn refuse_order(field: Field, condition: &Condition) -> Option<Wrong> {
    let is_order = !matches!(condition.compare, Compare::Has | Compare::Equals | Compare::Differs);
    (is_order && !field.is_ordered()).then(|| {
        let reason = format!("“{}” is not more or less: write {}.", field.name(), field.example());
        Wrong::new(condition.at, condition.length, reason)
    })
}

/// The word that differs in at most two letters, if there is one.
pub(super) fn nearest<'a>(word: &str, words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let far = if word.chars().count() <= 3 { 1 } else { 2 };
    let measured = words.filter_map(|known| Some((distance(word, known, far)?, known)));
    measured.min_by_key(|(distance, _)| *distance).map(|(_, known)| known)
}

/// How many letters have to be added, left out, changed or swapped with their neighbour, if that is
/// no more than `at_most` (restricted Damerau-Levenshtein distance).
pub(crate) fn distance(from: &str, to: &str, at_most: usize) -> Option<usize> {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    if from.len().abs_diff(to.len()) > at_most {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    for (row, letter) in from.iter().enumerate() {
        let mut next = vec![row + 1; to.len() + 1];
        for (column, other) in to.iter().enumerate() {
            let changed = last[column] + usize::from(letter != other);
            next[column + 1] = changed.min(last[column + 1] + 1).min(next[column] + 1);
            let is_swap = row > 0 && column > 0 && from[row - 1] == *other && *letter == to[column - 1];
            if is_swap {
                next[column + 1] = next[column + 1].min(before[column - 1] + 1);
            }
        }
        if next.iter().min().is_some_and(|least| *least > at_most) {
            return None;
        }
        before = std::mem::replace(&mut last, next);
    }
    last.last().copied().filter(|distance| *distance <= at_most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_added_left_out_changed_and_swapped_count_one_each() {
        for (from, to, expected) in [
            ("openssl", "openssl", Some(0)),
            ("opnessl", "openssl", Some(1)),
            ("opensl", "openssl", Some(1)),
            ("oppenssl", "openssl", Some(1)),
            ("epenssk", "openssl", Some(2)),
            ("überlauf", "uberlauf", Some(1)),
            ("kernel", "nginx", None),
            ("", "ab", Some(2)),
            ("", "abc", None),
        ] {
            assert_eq!(distance(from, to, 2), expected, "{from} {to}");
            assert_eq!(distance(to, from, 2), expected, "{to} {from}");
        }
    }

    #[test]
    fn every_field_is_found_by_each_of_its_names_and_no_name_is_twice() {
        let mut names: Vec<&str> = FIELDS.iter().flat_map(|described| described.names).copied().collect();
        for described in &FIELDS {
            assert!(
                described
                    .names
                    .iter()
                    .all(|name| Field::of_name(&name.to_uppercase()) == Some(described.field))
            );
        }
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
