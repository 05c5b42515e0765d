//! Real public data, where `HELIOGRAPH_TEST_DATA` says that it lies.

use super::fixtures::{Folder, import, now};
use super::{catalogue as open, counts};
use catalogue::{Package, Search, Source};
use formats::record::Status;
use std::path::PathBuf;
use versions::cpe::{Attribute, Cpe, Value};
use vocabulary::Page;

pub(crate) fn data(name: &str) -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("HELIOGRAPH_TEST_DATA") else {
        println!("skipped: HELIOGRAPH_TEST_DATA is not set");
        return None;
    };
    Some(PathBuf::from(folder).join(name))
}

#[test]
fn whole_databases_come_in_and_are_found() {
    let names = ["kev.tar.zst", "osv-pypa.tar.zst", "osv-rustsec.tar.zst"];
    let Some(paths) = names.into_iter().map(data).collect::<Option<Vec<_>>>() else { return };
    let folder = Folder::new();
    let catalogue = open(&folder);
    let report = import(&catalogue, &paths);
    assert_eq!((counts(&report), report.bad.as_slice()), ([1_404 + 2_661 + 1_206, 0, 0, 0, 0], &[][..]));
    assert_eq!(catalogue.stock().unwrap().records, [(Source::Osv, 2_661 + 1_206), (Source::Kev, 1_404)]);
    assert_eq!(counts(&import(&catalogue, &paths)), [0, 0, 1_404 + 2_661 + 1_206, 0, 0]);
    let ask = |purl: &str, version: &str| {
        let package = Package::of_purl(&purl.parse().unwrap()).unwrap();
        let found = catalogue.query(&package, Some(version)).unwrap();
        found.into_iter().map(|one| one.record.id).collect::<Vec<_>>()
    };
    assert!(ask("pkg:pypi/Django", "3.2.1").contains(&"PYSEC-2021-98".to_owned()));
    assert!(!ask("pkg:pypi/django", "3.2.4").contains(&"PYSEC-2021-98".to_owned()));
    assert_eq!(ask("pkg:cargo/time", "0.1.43"), ["RUSTSEC-2020-0071"]);
    let hits =
        catalogue.search(&Search::read("log4j2 remote code", now()).unwrap(), Page::FIRST, now()).unwrap();
    assert_eq!(hits.hits[0].id, "CVE-2021-44228");
}

/// Every CVE record in OSV's shape is what OSV's schema calls a record, but for ids and links that
/// were wrong before. One document in ten is asked: the schema is slow.
#[test]
fn converted_records_are_valid_by_osvs_schema() {
    let (Some(schemas), Some(cves)) = (data("schemas.tar.zst"), data("cve-vulnrichment.tar.zst")) else {
        return;
    };
    let mut schema = None;
    each(&schemas, |name, bytes| {
        if name.ends_with("osv-schema.json") {
            schema = serde_json::from_slice::<serde_json::Value>(bytes).ok();
        }
    });
    let validator = jsonschema::validator_for(&schema.unwrap()).unwrap();
    let (mut number, mut checked) = (0, 0);
    each(&cves, |name, bytes| {
        number += 1;
        if number % 10 != 0 {
            return;
        }
        let record = formats::read(formats::Kind::Cve5, bytes).unwrap().remove(0);
        let shape = catalogue::osv_shape(&record, "CVE JSON 5", now());
        let shape: serde_json::Value = serde_json::from_slice(&shape).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&shape)
            .map(|error| format!("{error} at {}", error.instance_path()))
            .collect();
        assert_eq!(errors, [""; 0], "{name}");
        checked += 1;
    });
    assert!(checked > 4_000, "{checked}");
}

/// NVD, "CPE match string ranges": where a row of a CVE record has CPE names and a range, a criterion has the end
/// of the range, and none with a range names a version. What is left names versions that begin and end no range
/// of their row, or words and addresses where versions belong.
#[test]
fn the_ends_of_ranges_are_in_nvds_criteria() {
    let Some(cves) = data("cve-vulnrichment.tar.zst") else { return };
    let (mut rows, mut lost, mut named) = (0, 0, 0);
    each(&cves, |name, bytes| {
        if !name.contains("CVE-2024-") {
            return;
        }
        let record = formats::read(formats::Kind::Cve5, bytes).unwrap().remove(0);
        let criteria = catalogue::criteria(&record);
        if record.id == "CVE-2024-38475" {
            let httpd = "cpe:2.3:a:apache:http_server:*:*:*:*:*:*:*:*";
            assert!(criteria.iter().any(|one| one.name == httpd
                && one.start_including.as_deref() == Some("2.4.0")
                && one.end_including.as_deref() == Some("2.4.59")));
        }
        for row in record.affected.iter().filter(|row| !row.cpes.is_empty()) {
            let affected = row.version_entries.iter().filter(|entry| entry.status == Status::Affected);
            let ends: Vec<&String> = affected
                .filter_map(|entry| entry.less_than.as_ref().or(entry.less_than_or_equal.as_ref()))
                .filter(|end| !end.contains('*'))
                .collect();
            let has = |end: &&String| {
                let is_it = |given: &Option<String>| given.as_ref() == Some(*end);
                criteria.iter().any(|one| is_it(&one.end_excluding) || is_it(&one.end_including))
            };
            rows += usize::from(!ends.is_empty());
            lost += usize::from(!ends.iter().all(has));
        }
        let ranged = criteria.iter().filter(|one| catalogue::bounds(one).next().is_some());
        let is_any = |name: &Cpe| *name.get(Attribute::Version) == Value::Any;
        named += ranged.filter(|one| !one.name.parse().is_ok_and(|name| is_any(&name))).count();
    });
    println!("{rows} rows with a range: {lost} have an end in no criterion; {named} ranges of a version");
    assert!(rows > 20_000 && lost < rows / 15, "{lost} of {rows}");
    assert_eq!(named, 0);
}

fn each(path: &PathBuf, mut visit: impl FnMut(&str, &[u8])) {
    let mut zstd = zstd::Decoder::new(std::fs::File::open(path).unwrap()).unwrap();
    zstd.window_log_max(31).unwrap();
    let mut archive = tar::Archive::new(zstd);
    let mut bytes = Vec::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        if entry.header().entry_type().is_file() {
            bytes.clear();
            std::io::Read::read_to_end(&mut entry, &mut bytes).unwrap();
            visit(&entry.path().unwrap().to_string_lossy(), &bytes);
        }
    }
}
