//! Every public document that we have reads without an error, and there are as many as there
//! should be. One CVE record in ten is read here, all of them by the bench.

use crate::test_data::each;
use formats::record::{EventKind, State, Status};
use formats::{Kind, Record, detect, read};

/// Reads all documents of these kinds in an archive.
fn records(archive: &str, suffixes: &[&str], mut visit: impl FnMut(Kind, Record)) -> (usize, Vec<String>) {
    let (mut documents, mut failures) = (0, Vec::new());
    each(archive, |name, bytes| {
        if !suffixes.iter().any(|suffix| name.ends_with(suffix)) {
            return;
        }
        match detect(bytes, name).and_then(|kind| Ok((kind, read(kind, bytes)?))) {
            Ok((kind, records)) => {
                documents += 1;
                records.into_iter().for_each(|record| visit(kind, record));
            }
            Err(error) => failures.push(format!("{name}: {error}")),
        }
    });
    (documents, failures)
}

/// Whether the archives are there; the counts below hold only then.
fn data() -> bool {
    each("kev.tar.zst", |_, _| {})
}

#[test]
fn osv_in_json() {
    if !data() {
        return;
    }
    for (archive, expected) in [("osv-rustsec.tar.zst", 1_206), ("osv-golang.tar.zst", 4_291)] {
        let mut withdrawn = 0;
        let (documents, failures) = records(archive, &[".json"], |kind, record| {
            assert_eq!(kind, Kind::OsvJson);
            assert!(!record.id.is_empty(), "{}", record.id);
            withdrawn += usize::from(record.state == State::Withdrawn);
        });
        assert_eq!(failures, Vec::<String>::new());
        assert_eq!(documents, expected);
        assert!(withdrawn > 0);
    }
}

#[test]
fn osv_in_yaml() {
    if !data() {
        return;
    }
    let (mut fixed, mut named) = (0, 0);
    let (documents, failures) = records("osv-pypa.tar.zst", &[".yaml"], |kind, record| {
        assert_eq!(kind, Kind::OsvYaml);
        let events = record.affected.iter().flat_map(|row| &row.ranges).flat_map(|range| &range.events);
        fixed += events.filter(|event| event.kind == EventKind::Fixed).count();
        named += record.affected.iter().map(|row| row.versions.len()).sum::<usize>();
    });
    assert_eq!(failures, Vec::<String>::new());
    assert_eq!(documents, 2_661);
    assert!(fixed > 2_000 && named > 50_000, "{fixed} {named}");
}

#[test]
fn csaf() {
    if !data() {
        return;
    }
    let (mut rows, mut nameless, mut remedies, mut flaws) = (0, 0, 0, 0);
    // The feed beside the documents is recognised and is no record.
    let mut feeds = 0;
    let (documents, failures) = records("csaf-cisa.tar.zst", &[".json"], |kind, record| {
        assert_eq!(kind, Kind::Csaf20);
        assert!(record.cve_ids().count() > 0 || record.upstream.is_empty());
        rows += record.affected.len();
        remedies += record.remedies.len();
        flaws += record.flaws.len();
        nameless += record.affected.iter().filter(|row| row.product.is_none()).count();
    });
    for failure in &failures {
        assert!(failure.contains("-feed-tlp-white.json: document: a ROLIE feed"), "{failure}");
        feeds += 1;
    }
    assert_eq!((documents, feeds), (2_383, 2));
    assert!(rows > 10_000, "{rows}");
    assert!(remedies > 5_000 && flaws > 1_000, "{remedies} {flaws}");
    assert_eq!(nameless, 0, "every status names a product of the tree");
}

#[test]
fn kev() {
    if !data() {
        return;
    }
    let (mut entries, mut ransomware, mut early) = (0, 0, 0);
    let (documents, failures) = records("kev.tar.zst", &[".json"], |kind, record| {
        assert_eq!(kind, Kind::Kev);
        let exploited = record.exploited.unwrap();
        assert!(exploited.date_added.is_some() && exploited.due_date.is_some());
        early += usize::from(exploited.due_date < exploited.date_added);
        ransomware += usize::from(exploited.ransomware == Some(true));
        entries += 1;
    });
    assert_eq!((documents, failures), (1, vec![]));
    assert_eq!(entries, 1_404);
    assert!(early >= 7, "real data has due dates before the listing: {early}");
    assert!(ransomware > 200);
}

#[test]
fn cve_records_one_in_ten() {
    if !data() {
        return;
    }
    let (mut documents, mut kept, mut failures) = (0, 0, Vec::new());
    let (mut decisions, mut exploited, mut rejected, mut affected) = (0, 0, 0, 0);
    let (mut remedies, mut odd) = (0, 0);
    each("cve-vulnrichment.tar.zst", |name, bytes| {
        documents += 1;
        if documents % 10 != 0 {
            return;
        }
        match detect(bytes, name).and_then(|kind| read(kind, bytes)) {
            Err(error) => failures.push(format!("{name}: {error}")),
            Ok(records) => {
                let [record] = records.as_slice() else { panic!("{name}: {} records", records.len()) };
                assert!(name.ends_with(&format!("{}.json", record.id)), "{name}");
                kept += 1;
                decisions += record.decisions.len();
                exploited += usize::from(record.exploited.is_some());
                rejected += usize::from(record.state == State::Rejected);
                let entries = record.affected.iter().flat_map(|row| &row.version_entries);
                affected += entries.filter(|entry| entry.status == Status::Affected).count();
                let entries = record.affected.iter().flat_map(|row| &row.version_entries);
                odd += entries.filter(|entry| entry.version.trim().starts_with(['<', '>', '='])).count();
                remedies += record.remedies.len();
                assert!(record.details.is_some(), "{name}: a description or a reason for the rejection");
            }
        }
    });
    assert_eq!(failures, Vec::<String>::new());
    assert_eq!((documents, kept), (44_130, 4_413));
    assert!(remedies > 100 && odd < 60, "{remedies} remedies, {odd} ranges that stay versions");
    assert!(decisions > 4_000 && exploited > 10 && rejected > 5 && affected > 10_000);
}
