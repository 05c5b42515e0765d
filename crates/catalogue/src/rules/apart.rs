//! Documents about several vulnerabilities, taken apart: each of them has an answer and scores of its own. Pure.

use super::affected::fixed_of_rows;
use super::package::Package;
use super::statement::{Stance, named_products, packages, statement};
use super::{HEADLINE_CHARS, Relation, clip, key, one_line, severity_tenths};
use formats::record::{Affected, Record, Source};
use std::collections::{BTreeMap, HashSet};
use versions::cpe::{Attribute, Cpe, Value};

/// What is asked about: a package, or products by their CPE names. Without a version, all that is said of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct Question {
    pub(crate) package: Option<Package>,
    pub(crate) version: Option<String>,
    pub(crate) names: Vec<Cpe>,
}

impl Question {
    /// What a row says of it, if it is about it.
    pub(crate) fn stance(&self, row: &Affected) -> Option<Stance> {
        let own = self.package.as_ref().filter(|own| packages(row).iter().any(|known| own.may_be(known)));
        let products = if self.names.is_empty() { Vec::new() } else { named_products(row) };
        let is_named = |name: &&Cpe| Package::of_cpe(name).is_some_and(|own| products.contains(&own));
        let names: Vec<&Cpe> = self.names.iter().filter(is_named).collect();
        // Of the thousands of rows of a large document most are about something else.
        if own.is_none() && names.is_empty() {
            return None;
        }
        let said = statement::<&str>(row);
        let by_package = own.map(|own| match (&self.version, &said) {
            (None, _) => Stance::Affected,
            (Some(version), Some(said)) => said.stance(Some(&own.ecosystem), version),
            (Some(_), None) => Stance::Doubt,
        });
        let by_name = names.into_iter().map(|name| match (name.get(Attribute::Version), &said) {
            (Value::Any, _) => Stance::Affected,
            (_, Some(said)) => said.stance_of(std::slice::from_ref(name), name),
            (_, None) => Stance::Doubt,
        });
        by_name.chain(by_package).min()
    }
}

/// What the rows of a record say of something, vulnerability by vulnerability; what holds for no one of them by name
/// stands under no name, as all does of a record that speaks of one. `says` is what a row says, if it is about it.
pub(crate) fn apart(
    record: &Record,
    says: impl Fn(&Affected) -> Option<Stance>,
) -> BTreeMap<Option<&str>, Stance> {
    let mut said = BTreeMap::new();
    for row in &record.affected {
        let Some(stance) = says(row) else { continue };
        let mut hear = |name| {
            said.entry(name).and_modify(|known: &mut Stance| *known = stance.min(*known)).or_insert(stance);
        };
        match row.vulnerabilities.as_slice() {
            [] => hear(None),
            names => names.iter().for_each(|name| hear(Some(name.as_str()))),
        }
    }
    said
}

/// The vulnerabilities that a document has rows about, of those of which it speaks.
pub(crate) fn several(record: &Record) -> impl Iterator<Item = &str> {
    let mut known = HashSet::new();
    let names = record.affected.iter().flat_map(|row| &row.vulnerabilities).map(String::as_str);
    names.filter(move |name| known.insert(*name))
}

/// How many vulnerabilities a document speaks of, if several of which each has scores of its own, as in CSAF alone: CVE
/// ids of which it is none, and what those without one are called by in words, scores or statements about products.
pub(crate) fn flaws(record: &Record, names: &[(String, Relation)]) -> Option<i64> {
    if record.source != Source::Csaf {
        return None;
    }
    let related =
        names.iter().filter(|(name, relation)| *relation == Relation::Related && name.starts_with("cve-"));
    let told = record.flaws.iter().filter_map(|flaw| flaw.id.as_deref());
    let scored = record.severities.iter().flat_map(|severity| &severity.vulnerabilities).map(String::as_str);
    let own = several(record).chain(told).chain(scored).map(key);
    let all: HashSet<String> = own.chain(related.map(|(name, _)| name.clone())).collect();
    i64::try_from(all.len()).ok().filter(|count| *count > 1)
}

/// The score that a document gives one of its vulnerabilities, in tenths of a point.
pub(crate) fn severity_of(record: &Record, vulnerability: &str) -> Option<i64> {
    let is_of = |names: &Vec<String>| names.is_empty() || names.iter().any(|name| name == vulnerability);
    severity_tenths(record.severities.iter().filter(|severity| is_of(&severity.vulnerabilities)))
}

/// What a document calls one of its vulnerabilities, in one line.
pub(crate) fn title_of(record: &Record, vulnerability: &str) -> Option<String> {
    let flaw = record.flaws.iter().find(|flaw| flaw.id.as_deref() == Some(vulnerability))?;
    let title =
        flaw.title.as_deref().map(|text| one_line(text, HEADLINE_CHARS)).filter(|title| !title.is_empty())?;
    Some(clip(&title, HEADLINE_CHARS))
}

/// The versions that a record states as fixed: of a package, if it speaks of that, or else of anything; and for
/// one of its vulnerabilities, if it has rows for each.
pub(crate) fn fixed_of(
    record: &Record,
    package: Option<&Package>,
    vulnerability: Option<&str>,
) -> Vec<String> {
    let is_for = |row: &&Affected| {
        let names = &row.vulnerabilities;
        vulnerability.is_none_or(|wanted| names.is_empty() || names.iter().any(|name| name == wanted))
    };
    let is_of = |row: &&Affected| {
        package.is_some_and(|package| packages(row).iter().any(|named| package.may_be(named)))
    };
    let rows = || record.affected.iter().filter(is_for);
    match fixed_of_rows(rows().filter(is_of)) {
        fixed if fixed.is_empty() => fixed_of_rows(rows()),
        fixed => fixed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use formats::record::{Severity, Status, VersionEntry};

    fn row(version: &str, status: Status, vulnerabilities: &[&str]) -> Affected {
        let entry = VersionEntry { version: version.into(), status, ..Default::default() };
        Affected {
            purl: Some("pkg:npm/kettle".into()),
            version_entries: vec![entry],
            vulnerabilities: vulnerabilities.iter().map(|name| (*name).to_owned()).collect(),
            ..Default::default()
        }
    }

    /// CSAF 2.0, 3.2.3: each vulnerability has a product status and scores of its own.
    #[test]
    fn each_vulnerability_of_a_document_has_its_own_answer_fix_and_score() {
        let score = |score, names: &[&str]| Severity {
            version: "3.1".into(),
            score: Some(score),
            vulnerabilities: names.iter().map(|name| (*name).to_owned()).collect(),
            ..Default::default()
        };
        let record = Record {
            affected: vec![
                row("1.0.0", Status::Affected, &["CVE-1", "CVE-2"]),
                row("2.0.0", Status::Affected, &["CVE-2"]),
                row("2.0.0", Status::Fixed, &["CVE-1"]),
                row("3.0.0", Status::Fixed, &["CVE-2"]),
                row("2.0.0", Status::UnderInvestigation, &[]),
            ],
            severities: vec![score(9.8, &["CVE-1"]), score(5.4, &["CVE-2"])],
            ..Record::default()
        };
        let package = Package::named("npm", "kettle");
        let question = Question { package, version: Some("2.0.0".into()), ..Question::default() };
        let said = apart(&record, |row| question.stance(row));
        let expected =
            [(None, Stance::Doubt), (Some("CVE-1"), Stance::Denied), (Some("CVE-2"), Stance::Affected)];
        assert_eq!(said.into_iter().collect::<Vec<_>>(), expected);
        let fixed = |name| fixed_of(&record, question.package.as_ref(), name);
        assert_eq!(
            (fixed(Some("CVE-1")), fixed(Some("CVE-2"))),
            (vec!["2.0.0".into()], vec!["3.0.0".into()])
        );
        assert_eq!(fixed(None), ["2.0.0", "3.0.0"]);
        assert_eq!((severity_of(&record, "CVE-1"), severity_of(&record, "CVE-2")), (Some(98), Some(54)));
        assert_eq!(several(&record).collect::<Vec<_>>(), ["CVE-1", "CVE-2"]);
    }

    /// What is mended in one release of a distribution may stand open in another.
    #[test]
    fn what_is_said_of_another_release_says_nothing() {
        let of = |ecosystem: &str| Affected {
            ecosystem: Some(ecosystem.into()),
            package: Some("curl".into()),
            ..Default::default()
        };
        let package = Package::named("Debian:12", "curl");
        let question = Question { package, version: Some("1".into()), ..Question::default() };
        let about = ["Debian:12", "Debian", "Debian:11"].map(|name| question.stance(&of(name)).is_some());
        assert_eq!(about, [true, true, false]);
    }
}
