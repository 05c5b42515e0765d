//! What standing sources contradict each other about, as far as it can be compared. What one source leaves out
//! contradicts nothing.

use super::severity::tenths;
use super::statements::called;
use catalogue::{Entry, Product, Source, Sourced, name_key, products};
use formats::record::{Record, Status};
use std::collections::{BTreeMap, BTreeSet};

/// Values named of one dispute.
const VALUES: usize = 4;
/// Products of which a dispute is named.
const DISPUTED: usize = 3;

/// Each dispute in words that go on after "they disagree about".
pub(super) fn disputes(entry: &Entry) -> Vec<String> {
    let gone: BTreeSet<bool> = entry.records.iter().map(|sourced| sourced.summary.is_withdrawn).collect();
    let mut disputes = Vec::new();
    if gone.len() > 1 {
        disputes.push("whether it stands".to_owned());
    }
    let records = || entry.records.iter().map(|sourced| &sourced.record);
    disputes.extend(scores(records()));
    let kinds = records().map(|record| record.weaknesses.iter().map(String::as_str).collect::<BTreeSet<_>>());
    let kinds: BTreeSet<Vec<&str>> =
        kinds.filter(|kinds| !kinds.is_empty()).map(|kinds| kinds.into_iter().collect()).collect();
    if kinds.len() > 1 {
        disputes.push(format!(
            "what kind of flaw it is ({})",
            listed(kinds.iter().map(|one| one.join(" with ")))
        ));
    }
    let exploited: BTreeSet<bool> = entry.records.iter().filter_map(is_exploited).collect();
    if exploited.len() > 1 {
        disputes.push("whether it is exploited".to_owned());
    }
    disputes.extend(versions(entry));
    disputes
}

/// Whether a source says of itself that the flaw is exploited; none where it says neither. A listing as known
/// exploited is the word of the list alone, and SSVC's decision point that of who decided.
pub(super) fn is_exploited(sourced: &Sourced) -> Option<bool> {
    if sourced.record.exploited.is_some() {
        return Some(true);
    }
    let options = sourced.record.decisions.iter().flat_map(|decision| &decision.options);
    let points = options.filter(|(point, _)| point.eq_ignore_ascii_case("exploitation"));
    points.map(|(_, value)| value.eq_ignore_ascii_case("active")).max()
}

/// Where scores or vectors of the same version of CVSS differ. Each version grades in its own way, so that one
/// of 2.0 contradicts none of 3.1.
fn scores<'a>(records: impl Iterator<Item = &'a Record>) -> Vec<String> {
    type Said = (BTreeSet<i64>, BTreeSet<String>);
    let mut versions: BTreeMap<(&str, &[String]), Said> = BTreeMap::new();
    for severity in records.flat_map(|record| &record.severities) {
        let of = (severity.version.as_str(), severity.vulnerabilities.as_slice());
        let (scores, vectors) = versions.entry(of).or_default();
        scores.extend(tenths(severity));
        vectors.extend(Some(metrics(&severity.vector)).filter(|metrics| !metrics.is_empty()));
    }
    let words = versions.into_iter().rev().filter_map(|((version, _), (scores, vectors))| {
        let points = |tenths: i64| format!("{:.1}", tenths as f64 / 10.0);
        match (scores.len(), vectors.len()) {
            (2.., _) => Some(format!(
                "how severe it is (CVSS {version}: {})",
                listed(scores.into_iter().rev().map(points))
            )),
            (_, 2..) => Some(format!("the vector of CVSS {version}")),
            _ => None,
        }
    });
    words.collect()
}

/// The metrics of a vector that say something, in one order.
fn metrics(vector: &str) -> String {
    let all = vector.trim_matches(['(', ')']).split('/').filter(|metric| !metric.starts_with("CVSS:"));
    let said: BTreeSet<&str> =
        all.filter(|metric| !metric.ends_with(":X") && !metric.ends_with(":ND")).collect();
    said.into_iter().collect::<Vec<_>>().join("/")
}

/// Where sources that name the same product name other affected or fixed versions of it.
fn versions(entry: &Entry) -> Vec<String> {
    let mut known: BTreeMap<String, Vec<Product>> = BTreeMap::new();
    for record in entry.records.iter().filter(|sourced| sourced.summary.source != Source::Kev) {
        for product in products(&record.record) {
            known.entry(name_key(&product.label)).or_default().push(product);
        }
    }
    let differ = |all: &[Product], said: fn(&Product) -> BTreeSet<&str>| {
        let said: BTreeSet<_> = all.iter().map(said).filter(|said| !said.is_empty()).collect();
        said.len() > 1
    };
    let mut words: Vec<String> = Vec::new();
    for all in known.values() {
        let which = match (differ(all, affected), differ(all, fixed)) {
            (true, true) => "the affected and the fixed versions",
            (true, false) => "the affected versions",
            (false, true) => "the fixed versions",
            (false, false) => continue,
        };
        let label = all.first().map(|product| called(&product.label)).unwrap_or_default();
        words.push(format!("{which} of {label}"));
    }
    if words.len() > DISPUTED {
        let more = words.len() - DISPUTED;
        words.truncate(DISPUTED);
        words.push(format!("versions of {more} more products"));
    }
    words
}

/// Commits and versions are two ways to say the same.
fn affected(product: &Product) -> BTreeSet<&str> {
    let lines = product.lines.iter().filter(|line| line.status == Status::Affected);
    lines.map(|line| line.text.as_str()).filter(|text| !text.starts_with("commits ")).collect()
}

fn fixed(product: &Product) -> BTreeSet<&str> {
    product.fixed.iter().map(String::as_str).collect()
}

fn listed(values: impl Iterator<Item = String>) -> String {
    let all: Vec<String> = values.collect();
    let more = if all.len() > VALUES { " or others" } else { "" };
    format!("{}{more}", all[..all.len().min(VALUES)].join(" or "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use formats::record::Severity;

    fn record(scores: &[(&str, f64, &str)]) -> Record {
        let one = |(version, score, vector): &(&str, f64, &str)| Severity {
            version: (*version).into(),
            score: Some(*score),
            vector: (*vector).into(),
            ..Severity::default()
        };
        Record { severities: scores.iter().map(one).collect(), ..Record::default() }
    }

    /// CVSS 3.1, "Qualitative Severity Rating Scale": 9.8 and 9.1 are both critical, and not the same; CVSS 4.0,
    /// "Vector String": the order of metrics and those not defined (X) change nothing.
    #[test]
    fn scores_and_vectors_of_one_version_of_cvss_are_compared() {
        let said = |all: &[Record]| scores(all.iter());
        let base = record(&[("3.1", 9.8, "CVSS:3.1/AV:N/AC:L")]);
        let same = record(&[("3.1", 9.8, "CVSS:3.1/AC:L/AV:N/E:X"), ("2.0", 10.0, "AV:N/AC:L/Au:N")]);
        assert!(said(&[base.clone(), same]).is_empty());
        let other = record(&[("3.1", 9.1, "CVSS:3.1/AV:N/AC:L")]);
        assert_eq!(said(&[base.clone(), other]), ["how severe it is (CVSS 3.1: 9.8 or 9.1)"]);
        let vector = record(&[("3.1", 9.8, "CVSS:3.1/AV:A/AC:L")]);
        assert_eq!(said(&[base, vector]), ["the vector of CVSS 3.1"]);
    }
}
