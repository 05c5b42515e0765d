//! What the one matcher costs, beside the floor: the same questions answered by a hash map of the
//! versions that records list, which knows no order. Needs `HELIOGRAPH_TEST_DATA`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

use std::collections::HashMap;
use std::hint::black_box;
use std::io::Read;
use std::time::Instant;

use serde::Deserialize;
use versions::{Affected, Ecosystem, Subject, Verdict};

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
    let naive: HashMap<(&str, &str), Vec<usize>> =
        packages.iter().fold(HashMap::new(), |mut naive, (package, records)| {
            for (place, record) in records.iter().enumerate() {
                for version in &record.versions {
                    naive.entry((package.as_str(), version.as_str())).or_default().push(place);
                }
            }
            naive
        });
    println!("{} packages, {} questions", packages.len(), questions.len());
    let floor = measure("floor: hash map of listed versions", &questions, |package, version| {
        naive.get(&(package, version)).map_or(0, Vec::len)
    });
    let ours = measure("the matcher, right by ecosystem", &questions, |package, version| {
        let subject = Subject::new(&pypi, version);
        let records = packages.get(package).map_or(&[][..], Vec::as_slice);
        records.iter().filter(|record| matches!(subject.affected(record), Verdict::Yes(_))).count()
    });
    println!("  ratio {:.1}; {ours:.2} us where 20 us is the aim, {floor:.2} us the floor", ours / floor);
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
