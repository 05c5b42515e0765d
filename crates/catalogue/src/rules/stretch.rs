//! Affected versions as stretches between two versions, for a picture.

use super::name_key;
use super::readable::is_beginning;
use super::statement::{label, packages};
use formats::record::{Affected, EventKind, RangeKind, Record, Status};
use std::cmp::Ordering;
use versions::{Ecosystem, compare};

/// Versions that are affected without a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// The first; none, where all earlier ones are affected too.
    pub from: Option<String>,
    /// Where it ends; none, where no end is stated.
    pub to: Option<String>,
    /// The version at the end is affected itself.
    pub with_end: bool,
}

impl Stretch {
    fn new(from: &str, to: Option<(&str, bool)>) -> Self {
        let from = Some(from.trim().to_owned()).filter(|from| !is_beginning(from));
        let with_end = to.is_some_and(|(_, with_end)| with_end);
        Self { from, to: to.map(|(to, _)| to.trim().to_owned()), with_end }
    }

    /// One version by itself.
    pub fn is_point(&self) -> bool {
        self.with_end && self.from == self.to
    }

    /// The stretch in words.
    pub fn in_words(&self) -> String {
        if self.is_point() {
            return self.from.clone().unwrap_or_default();
        }
        let end = match (&self.to, self.with_end) {
            (Some(to), true) => format!("up to and with {to}"),
            (Some(to), false) => format!("before {to}"),
            (None, _) => String::new(),
        };
        match (&self.from, end.is_empty()) {
            (Some(from), true) => format!("from {from} on"),
            (Some(from), false) => format!("from {from} {end}"),
            (None, true) => "in every version".to_owned(),
            (None, false) => end,
        }
    }
}

/// The stretches of each product of a record, in the order of versions where that is known.
pub fn stretches(record: &Record) -> Vec<(String, Vec<Stretch>)> {
    let mut all: Vec<(String, Vec<Stretch>)> = Vec::new();
    for row in &record.affected {
        let found = of_row(row);
        let label = label(row);
        let at = match all.iter().position(|(known, _)| name_key(known) == name_key(&label)) {
            Some(at) => at,
            None if found.is_empty() || all.len() == PRODUCTS_MAX => continue,
            None => {
                all.push((label, Vec::new()));
                all.len() - 1
            }
        };
        let list = &mut all[at].1;
        for stretch in found {
            if !list.contains(&stretch) {
                list.push(stretch);
            }
        }
        sort(list, packages(row).into_iter().next().map(|package| package.ecosystem).as_ref());
    }
    all
}

/// Products that are looked at.
const PRODUCTS_MAX: usize = 50;

fn of_row(row: &Affected) -> Vec<Stretch> {
    let mut found = Vec::new();
    for range in row.ranges.iter().filter(|range| range.kind != RangeKind::Git) {
        let mut open: Option<&str> = None;
        for event in &range.events {
            let end = match event.kind {
                EventKind::Introduced => {
                    open = Some(&event.version);
                    continue;
                }
                EventKind::Fixed | EventKind::Limit => (event.version.as_str(), false),
                EventKind::LastAffected => (event.version.as_str(), true),
            };
            found.push(Stretch::new(open.take().unwrap_or("0"), Some(end)));
        }
        found.extend(open.map(|from| Stretch::new(from, None)));
    }
    for entry in row.version_entries.iter().filter(|entry| entry.status == Status::Affected) {
        let is_open = |end: &&str| !end.contains('*');
        let end = entry.less_than.as_deref().map(|end| (end, false));
        let end = end.or_else(|| entry.less_than_or_equal.as_deref().map(|end| (end, true)));
        match end {
            Some((end, with_end)) => {
                let end = Some(end).filter(is_open).map(|end| (end, with_end));
                found.push(Stretch::new(&entry.version, end));
            }
            None if entry.version_type.as_deref() == Some("git") || is_beginning(&entry.version) => {}
            // One version by itself.
            None => found.push(Stretch::new(&entry.version, Some((&entry.version, true)))),
        }
    }
    found
}

fn sort(stretches: &mut [Stretch], ecosystem: Option<&Ecosystem>) {
    let semver = Ecosystem::parse("npm");
    let Some(ecosystem) = ecosystem.or(semver.as_ref()) else { return };
    let has_place = |version: &String| compare(ecosystem, version, version).is_some();
    // Versions without a place in the order would leave the others without one.
    if stretches.iter().filter_map(|stretch| stretch.from.as_ref()).all(has_place) {
        stretches.sort_by(|one, other| match (&one.from, &other.from) {
            (Some(one), Some(other)) => compare(ecosystem, one, other).unwrap_or(Ordering::Equal),
            (one, other) => one.is_some().cmp(&other.is_some()),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use formats::record::{Event, Range, VersionEntry};

    fn words(row: Affected) -> Vec<String> {
        let record = Record { affected: vec![row], ..Record::default() };
        stretches(&record).into_iter().flat_map(|(_, all)| all).map(|one| one.in_words()).collect()
    }

    #[test]
    fn ranges_become_stretches_in_the_order_of_versions() {
        let event = |kind, version: &str| Event { kind, version: version.into() };
        let events = [
            event(EventKind::Introduced, "10.0"),
            event(EventKind::LastAffected, "10.4"),
            event(EventKind::Introduced, "9.0"),
            event(EventKind::Fixed, "9.2"),
            event(EventKind::Introduced, "0"),
            event(EventKind::Fixed, "2.0"),
        ];
        let range = Range { kind: RangeKind::Ecosystem, repo: None, events: events.into() };
        let row = Affected {
            ecosystem: Some("PyPI".into()),
            package: Some("x".into()),
            ranges: vec![range],
            ..Affected::default()
        };
        assert_eq!(words(row), ["before 2.0", "from 9.0 before 9.2", "from 10.0 up to and with 10.4"]);
    }

    #[test]
    fn entries_of_cve_become_stretches_too_and_odd_versions_keep_their_order() {
        let entry = |version: &str, end: Option<&str>| VersionEntry {
            version: version.into(),
            less_than: end.map(str::to_owned),
            status: Status::Affected,
            ..VersionEntry::default()
        };
        let row = Affected {
            product: Some("Router".into()),
            version_entries: vec![
                entry("spring", Some("summer")),
                entry("1.0", None),
                entry("n/a", None),
                entry("3", Some("*")),
            ],
            ..Affected::default()
        };
        assert_eq!(words(row), ["from spring before summer", "1.0", "from 3 on"]);
    }
}
