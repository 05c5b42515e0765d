//! What the one matcher costs, beside the floor: the same questions answered by a hash map of
//! packages, whose records are asked one by one without version rules: a set of the listed versions,
//! and ranges of bare numbers. Needs `HELIOGRAPH_TEST_DATA`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

use std::collections::{HashMap, HashSet};
use std::hint::black_box;
use std::io::Read;
use std::time::Instant;

use serde::Deserialize;
use versions::{Affected, Ecosystem, Event, Prepared, RangeKind, Subject, Verdict};

#[derive(Deserialize)]
struct Record {
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
    name: String,
}

fn main() {
    let Some(folder) = std::env::var_os("HELIOGRAPH_TEST_DATA").map(std::path::PathBuf::from) else {
        println!("skipped: HELIOGRAPH_TEST_DATA is not set");
        return;
    };
    let file = std::fs::File::open(folder.join("osv-pypa.tar.zst")).unwrap();
    let mut zstd = zstd::Decoder::new(file).unwrap();
    zstd.window_log_max(27).unwrap();
    let pypi = Ecosystem::parse("PyPI").unwrap();
    let mut packages: HashMap<String, Vec<Affected<String>>> = HashMap::new();
    for entry in tar::Archive::new(zstd).entries().unwrap() {
        let mut entry = entry.unwrap();
        let mut text = String::new();
        if entry.path().unwrap().extension().is_none_or(|end| end != "yaml")
            || entry.read_to_string(&mut text).is_err()
        {
            continue;
        }
        let record: Record = serde_saphyr::from_str(&text).unwrap();
        for affected in record.affected {
            let key = pypi.package_key(&affected.package.name).into_owned();
            packages.entry(key).or_default().push(affected.says);
        }
    }
    // Every version that any record lists, asked of all records of its package.
    let questions: Vec<(&str, &str)> = packages
        .iter()
        .flat_map(|(package, records)| {
            records
                .iter()
                .flat_map(|record| &record.versions)
                .map(|version| (package.as_str(), version.as_str()))
        })
        .step_by(37)
        .collect();
    let naive: HashMap<&str, Vec<Naive<'_>>> = packages
        .iter()
        .map(|(package, records)| (package.as_str(), records.iter().map(Naive::new).collect()))
        .collect();
    let start = Instant::now();
    let prepared: HashMap<&str, Prepared> =
        packages.iter().map(|(package, records)| (package.as_str(), Prepared::new(&pypi, records))).collect();
    let preparing = start.elapsed().as_secs_f64() * 1e6 / packages.len() as f64;
    println!("{} packages, {} questions; {preparing:.1} us to prepare one", packages.len(), questions.len());
    let floor = measure("floor: hash map, no version rules", &questions, |package, version| {
        let numbers = numbers(version);
        naive[package].iter().filter(|record| record.covers(version, &numbers)).count()
    });
    measure("the matcher, record by record", &questions, |package, version| {
        let subject = Subject::new(&pypi, version);
        packages[package].iter().filter(|record| matches!(subject.affected(record), Verdict::Yes(_))).count()
    });
    let ours = measure("the matcher, prepared by package", &questions, |package, version| {
        let answers = prepared[package].ask(version);
        answers.iter().filter(|(_, verdict)| matches!(verdict, Verdict::Yes(_))).count()
    });
    println!("  ratio {:.2} to the floor, 2 is the aim", ours / floor);
}

/// A record without version rules.
struct Naive<'a> {
    listed: HashSet<&'a str>,
    /// From the first up to the second.
    spans: Vec<(Vec<u64>, Vec<u64>)>,
}

impl<'a> Naive<'a> {
    fn new(record: &'a Affected<String>) -> Self {
        let listed = record.versions.iter().map(String::as_str).collect();
        let mut spans = Vec::new();
        for range in record.ranges.iter().filter(|range| range.kind != RangeKind::Git) {
            for event in &range.events {
                match event {
                    Event::Introduced(from) => spans.push((numbers(from), vec![u64::MAX])),
                    Event::Fixed(to) | Event::LastAffected(to) | Event::Limit(to) => {
                        if let Some((_, end)) = spans.last_mut() {
                            *end = numbers(to);
                        }
                    }
                }
            }
        }
        Self { listed, spans }
    }

    fn covers(&self, version: &str, numbers: &Vec<u64>) -> bool {
        self.listed.contains(version) || self.spans.iter().any(|(from, to)| from <= numbers && numbers < to)
    }
}

fn numbers(version: &str) -> Vec<u64> {
    version.split('.').map(|number| number.parse().unwrap_or(0)).collect()
}

/// Microseconds for a question, the median of five rounds.
fn measure(what: &str, questions: &[(&str, &str)], answer: impl Fn(&str, &str) -> usize) -> f64 {
    let mut rounds: Vec<f64> = (0..5)
        .map(|_| {
            let start = Instant::now();
            let hits: usize =
                questions.iter().map(|(package, version)| black_box(answer(package, version))).sum();
            assert!(hits > 0);
            start.elapsed().as_secs_f64() * 1e6 / questions.len() as f64
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    println!("  {what:<36} {:>8.3} us [{:.3}-{:.3}]", rounds[2], rounds[0], rounds[4]);
    rounds[2]
}
