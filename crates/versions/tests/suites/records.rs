//! The matcher over real databases: what their records say of versions must come out again.

use std::collections::BTreeMap;

use serde::Deserialize;
use versions::{Affected, Ecosystem, Event, Order, Prepared, RangeKind, Subject, Verdict, Version, affected};

use super::data;

#[derive(Deserialize)]
struct Record {
    id: String,
    #[serde(default)]
    affected: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    package: Package,
    #[serde(flatten)]
    says: Affected<String>,
}

#[derive(Deserialize)]
struct Package {
    ecosystem: String,
    name: String,
}

fn records(archive: &str) -> Option<Vec<Record>> {
    let files = data::files(archive)?;
    let read = |(path, text): &(String, String)| -> Option<Record> {
        let record = if path.ends_with(".json") {
            serde_json::from_str(text).map_err(|error| error.to_string())
        } else if path.ends_with(".yaml") {
            serde_saphyr::from_str(text).map_err(|error| error.to_string())
        } else {
            return None;
        };
        Some(record.unwrap_or_else(|error| panic!("{path}: {error}")))
    };
    Some(files.iter().filter_map(read).collect())
}

/// What the list says, the ranges must say too. Where they do not, each class was looked at: texts
/// that PEP 440 refuses (`2.0.0-final`), pre-releases listed below the range that they precede,
/// and three versions that their own record calls fixed.
#[test]
fn listed_python_versions_are_in_their_ranges() {
    let Some(records) = records("osv-pypa.tar.zst") else { return };
    let mut figures: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut entries = 0;
    for record in &records {
        for entry in &record.affected {
            let ranges: Vec<_> =
                entry.says.ranges.iter().filter(|range| range.kind != RangeKind::Git).cloned().collect();
            if ranges.is_empty() || entry.says.versions.is_empty() {
                continue;
            }
            entries += 1;
            let ecosystem = Ecosystem::parse(&entry.package.ecosystem).unwrap();
            let by_ranges = Affected { ranges, versions: Vec::new() };
            for listed in &entry.says.versions {
                let subject = Subject::new(&ecosystem, listed);
                let class = match subject.affected(&by_ranges) {
                    Verdict::Yes(_) => "in a range",
                    Verdict::Unknown if subject.version().is_none() => "not a PEP 440 version",
                    Verdict::Unknown => "unknown for another reason",
                    Verdict::No => "outside all ranges",
                };
                figures.entry(class).or_default().push(format!("{} {listed}", record.id));
                assert!(matches!(subject.affected(&entry.says), Verdict::Yes(_)), "{} {listed}", record.id);
            }
        }
    }
    eprintln!("pypa: {} records, {entries} entries with ranges and a list", records.len());
    for (class, versions) in &figures {
        let shown = if *class == "in a range" { &[] } else { &versions[..versions.len().min(10)] };
        eprintln!("  {class}: {} {shown:?}", versions.len());
    }
    let count = |class: &str| figures.get(class).map_or(0, Vec::len);
    assert_eq!(count("unknown for another reason"), 0);
    assert!(
        count("outside all ranges") * 10_000 < count("in a range"),
        "{:#?}",
        figures.get("outside all ranges")
    );
}

/// The version that introduced a flaw is affected; the version that fixed it is not, unless the
/// same record says so elsewhere.
#[test]
fn bounds_of_go_and_rust_records_hold() {
    for (archive, order) in [("osv-golang.tar.zst", Order::Go), ("osv-rustsec.tar.zst", Order::Semver)] {
        let Some(records) = records(archive) else { return };
        let (mut introduced, mut fixed, mut empty, mut excepted) = (0, 0, Vec::new(), Vec::new());
        for record in &records {
            for entry in &record.affected {
                let ecosystem = Ecosystem::parse(&entry.package.ecosystem).unwrap();
                assert_eq!(ecosystem.order(), order, "{}", record.id);
                for event in entry.says.ranges.iter().flat_map(|range| &range.events) {
                    let (version, expected) = match event {
                        Event::Introduced(version) if version == "0" => continue,
                        Event::Introduced(version) => (version, true),
                        Event::Fixed(version) => (version, false),
                        Event::LastAffected(_) | Event::Limit(_) => panic!("{}: {event:?}", record.id),
                    };
                    assert!(Version::parse(order, version).is_some(), "{}: {version}", record.id);
                    *(if expected { &mut introduced } else { &mut fixed }) += 1;
                    match affected(&ecosystem, version, &entry.says) {
                        Verdict::Yes(_) if expected => {}
                        Verdict::No if !expected => {}
                        // An empty span: introduced and fixed in the same version.
                        Verdict::No if fixes(&entry.says, version) => empty.push(&record.id),
                        other => excepted.push(format!("{} {event:?} {other:?}", record.id)),
                    }
                }
            }
        }
        eprintln!("{archive}: {introduced} introduced and {fixed} fixed bounds, empty spans: {empty:?}");
        assert!(excepted.is_empty(), "{excepted:#?}");
    }
}

fn fixes(says: &Affected<String>, version: &str) -> bool {
    says.ranges.iter().flat_map(|range| &range.events).any(|event| *event == Event::Fixed(version.to_owned()))
}

/// What is prepared for many questions answers like what is read for one, about every package of the
/// real databases: in versions that their records name, and in some that nobody names.
#[test]
fn prepared_packages_answer_like_their_records() {
    let mut asked = 0;
    for archive in ["osv-pypa.tar.zst", "osv-golang.tar.zst", "osv-rustsec.tar.zst"] {
        let Some(records) = records(archive) else { return };
        let mut packages: BTreeMap<(String, String), Vec<Affected<String>>> = BTreeMap::new();
        for entry in records.into_iter().flat_map(|record| record.affected) {
            packages.entry((entry.package.ecosystem, entry.package.name)).or_default().push(entry.says);
        }
        for ((ecosystem, package), statements) in &packages {
            let ecosystem = Ecosystem::parse(ecosystem).unwrap();
            let prepared = Prepared::new(&ecosystem, statements);
            let bounds = statements.iter().flat_map(|said| &said.ranges).flat_map(|range| &range.events);
            let bounds = bounds.map(|event| match event {
                Event::Introduced(text)
                | Event::Fixed(text)
                | Event::LastAffected(text)
                | Event::Limit(text) => text,
            });
            let listed = statements.iter().flat_map(|said| &said.versions);
            let named: std::collections::BTreeSet<&str> = listed.chain(bounds).map(String::as_str).collect();
            let step = 1 + named.len() / 12;
            for version in named.into_iter().step_by(step) {
                for spelling in [
                    version.to_owned(),
                    format!("{version}.0"),
                    format!("{version}rc1"),
                    format!("x{version}"),
                ] {
                    let one_by_one: Vec<_> = statements
                        .iter()
                        .enumerate()
                        .map(|(at, said)| (at, affected(&ecosystem, &spelling, said)))
                        .filter(|(_, verdict)| *verdict != Verdict::No)
                        .collect();
                    assert_eq!(prepared.ask(&spelling), one_by_one, "{ecosystem} {package} {spelling}");
                    asked += 1;
                }
            }
        }
    }
    eprintln!("prepared: {asked} questions, answered as record by record");
    assert!(asked > 20_000, "{asked}");
}
