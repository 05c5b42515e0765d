//! What its source deletes from a folder, and what lies in a folder besides records.

use super::archives::zip;
use super::fixtures::{Folder, import, now, osv};
use super::fixtures::{cve, kev};
use super::{catalogue as open, counts, named};
use catalogue::{Catalogue, Input, Package, Search, Terms};
use vocabulary::Page;

/// "Records deleted upstream not withdrawn" is what consumers of other databases complain about.
#[test]
fn what_its_source_deletes_is_withdrawn_with_the_reason_and_comes_back_with_it() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let text = |id: &str| osv(id, "a", "1.0", "2024-05-05");
    folder.file("db/2024/one.json", text("PYSEC-2024-1"));
    folder.file("db/2024/two.json", text("PYSEC-2024-2"));
    let db = folder.0.join("db");
    let package = Package::named("PyPI", "a").unwrap();
    let standing = || catalogue.query(&package, Some("0.5")).unwrap().len();
    let deleted = || {
        let report = import(&catalogue, std::slice::from_ref(&db));
        assert_eq!(report.bad, []);
        report.counts.deleted
    };
    assert_eq!((deleted(), standing()), (0, 2));
    // A file that moves is not deleted.
    std::fs::rename(db.join("2024/one.json"), db.join("one.json")).unwrap();
    assert_eq!((deleted(), standing()), (0, 2));
    std::fs::remove_file(db.join("2024/two.json")).unwrap();
    assert_eq!((deleted(), standing()), (1, 1));
    assert_eq!((deleted(), standing()), (0, 1), "it is told once");
    let answer = catalogue.document("PYSEC-2024-2").unwrap().unwrap();
    let answer: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(answer["withdrawn"], now().to_string());
    let reason = answer["database_specific"]["tombstone"].as_str().unwrap();
    assert_eq!(reason, "deleted at its source: no longer in db", "and not where that lies on this machine");
    let entry = catalogue.record("PYSEC-2024-2").unwrap().unwrap();
    assert!(entry.records[0].summary.is_withdrawn);
    assert_eq!(entry.records[0].summary.modified, Some(now()), "who mirrors by date learns of it");
    assert_eq!(entry.records[0].history.last().unwrap().fields, reason);
    assert_eq!(entry.records[0].record.id, "PYSEC-2024-2", "the document is kept as it came");
    folder.file("db/2024/two.json", text("PYSEC-2024-2"));
    assert_eq!((deleted(), standing()), (0, 2), "it is there again");
}

/// READMEs, lock files and dotfiles are skipped and counted; a work tree of git says what it stands at.
#[test]
fn a_work_tree_of_git_is_read_past_what_is_no_record() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    folder.file("db/one.json", osv("PYSEC-2024-1", "a", "1.0", "2024-05-05"));
    for (name, text) in [
        ("README.md", "# Advisories"),
        (".gitignore", "*.tmp"),
        ("package-lock.json", r#"{"name": "x", "lockfileVersion": 3}"#),
        ("Cargo.lock", "version = 4"),
        ("delta.json", r#"{"fetchTime": "2026-01-01", "new": []}"#),
        (".git/HEAD", "ref: refs/heads/main\n"),
        (".git/packed-refs", "# pack-refs\n0123456789abcdef0123456789abcdef01234567 refs/heads/main\n"),
    ] {
        folder.file(&format!("db/{name}"), text);
    }
    folder.file("db/deltaLog.json", format!("[{}]", "{},".repeat(6_000_000).trim_end_matches(',')));
    let report = import(&catalogue, &[folder.0.join("db")]);
    assert_eq!((counts(&report), report.bad.as_slice()), ([1, 0, 0, 0, 0], &[][..]));
    assert_eq!(report.counts.passed_over, 7, "{:?}", report.passed);
    let db = rusqlite::Connection::open(folder.0.join("catalogue.db")).unwrap();
    let what: String = db.query_row("SELECT what FROM imports", [], |row| row.get(0)).unwrap();
    assert!(what.ends_with(" at 0123456789abcdef0123456789abcdef01234567"), "{what}");
}

#[test]
fn a_record_that_lies_in_another_folder_as_well_stands() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let text = osv("PYSEC-2024-1", "a", "1.0", "2024-05-05");
    let [one, other] = ["one", "other"].map(|name| {
        folder.file(&format!("{name}/a.json"), &text);
        folder.0.join(name)
    });
    assert_eq!(counts(&import(&catalogue, &[one.clone(), other])), [1, 0, 1, 0, 0]);
    std::fs::remove_file(one.join("a.json")).unwrap();
    assert_eq!(import(&catalogue, &[one]).counts.deleted, 0);
}

#[test]
fn a_folder_that_lost_most_of_its_files_is_taken_for_a_mistake() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    for number in 0..30 {
        folder.file(
            &format!("db/{number}.json"),
            osv(&format!("PYSEC-2024-{number}"), "a", "1.0", "2024-05-05"),
        );
    }
    let db = folder.0.join("db");
    import(&catalogue, std::slice::from_ref(&db));
    for number in 5..30 {
        std::fs::remove_file(db.join(format!("{number}.json"))).unwrap();
    }
    let report = import(&catalogue, &[db]);
    assert_eq!(report.counts.deleted, 0);
    assert!(named(&report.bad[0]).contains("25 of 30 files that were here are gone"), "{:?}", report.bad);
    let package = Package::named("PyPI", "a").unwrap();
    assert_eq!(catalogue.query(&package, Some("0.5")).unwrap().len(), 30);
}

/// A file of version 4 is taken over as it is; what lies in folders is learned with the next import.
#[test]
fn a_catalogue_of_an_earlier_version_keeps_its_records_and_learns_folders() {
    let folder = Folder::new();
    folder.file("db/one.json", osv("PYSEC-2024-1", "a", "1.0", "2024-05-05"));
    folder.file(
        "db/two.yaml",
        "id: PYSEC-2024-2\nmodified: 2024-05-05T00:00:00Z\nsummary: In \u{fc}ber-tools\n",
    );
    let (db, ids) = (folder.0.join("db"), ["PYSEC-2024-1", "PYSEC-2024-2"]);
    let catalogue = open(&folder);
    import(&catalogue, std::slice::from_ref(&db));
    let answers =
        |catalogue: &Catalogue| ids.map(|id| catalogue.document(id).unwrap().unwrap().body.to_vec());
    let before = answers(&catalogue);
    drop(catalogue);
    make_version_4(&folder, &ids, &before, &std::fs::read(db.join("two.yaml")).unwrap());
    let catalogue = open(&folder);
    assert_eq!(answers(&catalogue), before);
    let title = &catalogue.record(ids[1]).unwrap().unwrap().records[0].record.title;
    assert_eq!(title.as_deref(), Some("In \u{fc}ber-tools"), "read from its YAML");
    assert_eq!(counts(&import(&catalogue, std::slice::from_ref(&db))), [0, 0, 2, 0, 0]);
    std::fs::remove_file(db.join("two.yaml")).unwrap();
    assert_eq!(import(&catalogue, &[db]).counts.deleted, 1);
}

/// Up to version 7 the reason said where the folder lies.
#[test]
fn a_catalogue_of_an_earlier_version_forgets_where_files_lie() {
    let folder = Folder::new();
    folder.file("db/one.json", osv("PYSEC-2024-1", "a", "1.0", "2024-05-05"));
    folder.file("db/two.json", osv("PYSEC-2024-2", "b", "1.0", "2024-05-05"));
    let (db, catalogue) = (folder.0.join("db"), open(&folder));
    import(&catalogue, std::slice::from_ref(&db));
    std::fs::remove_file(db.join("two.json")).unwrap();
    assert_eq!(import(&catalogue, &[db]).counts.deleted, 1);
    drop(catalogue);
    let old = rusqlite::Connection::open(folder.0.join("catalogue.db")).unwrap();
    let (new, reason) =
        ("deleted at its source: no longer in db", "deleted at its source: no longer in /srv/db");
    let row: i64 = old.query_row("SELECT row FROM tombstones", [], |row| row.get(0)).unwrap();
    let answer = format!(r#"{{"id":"PYSEC-2024-2","database_specific":{{"tombstone":"{reason}"}}}}"#);
    let packed = zstd::bulk::compress(answer.as_bytes(), 3).unwrap();
    old.execute(
        "UPDATE bodies SET answer = ?2, packed = ?3 WHERE row = ?1",
        (row, answer.len() as i64, packed),
    )
    .unwrap();
    old.execute("UPDATE tombstones SET reason = ?1", [reason]).unwrap();
    old.execute("UPDATE history SET fields = ?1 WHERE fields = ?2", [reason, new]).unwrap();
    old.execute_batch("ALTER TABLE records DROP COLUMN rated; ALTER TABLE records DROP COLUMN flaws; PRAGMA user_version = 7").unwrap();
    let catalogue = open(&folder);
    let answer =
        String::from_utf8(catalogue.document("PYSEC-2024-2").unwrap().unwrap().body.to_vec()).unwrap();
    assert!(answer.contains(&format!("\"{new}\"")), "{answer}");
    let entry = catalogue.record("PYSEC-2024-2").unwrap().unwrap();
    assert_eq!(entry.records[0].summary.reason.as_deref(), Some(new));
    assert_eq!(entry.records[0].history.last().unwrap().fields, new);
}

/// The file as version 4 would have written it: answers as they are, a document only where it is another text.
fn make_version_4(folder: &Folder, ids: &[&str; 2], answers: &[Vec<u8>; 2], yaml: &[u8]) {
    let old = rusqlite::Connection::open(folder.0.join("catalogue.db")).unwrap();
    old.execute_batch(
        "DROP TABLE origins; DROP TABLE roots; DROP TABLE bodies; DROP TABLE dictionaries; ALTER TABLE records DROP COLUMN rated; ALTER TABLE records DROP COLUMN flaws; PRAGMA user_version = 4;
         CREATE TABLE bodies (row INTEGER PRIMARY KEY, osv BLOB NOT NULL, raw BLOB)",
    )
    .unwrap();
    let packed = zstd::bulk::compress(yaml, 3).unwrap();
    for ((id, answer), raw) in ids.iter().zip(answers).zip([None, Some(packed)]) {
        let sql = "INSERT INTO bodies (row, osv, raw) SELECT row, ?2, ?3 FROM records WHERE id = ?1";
        old.execute(sql, rusqlite::params![id, answer, raw]).unwrap();
    }
}

/// A list of known exploited vulnerabilities is whole by itself: what it no longer lists is not listed.
#[test]
fn what_a_list_no_longer_lists_is_withdrawn_and_marks_no_record_any_more() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    import(&catalogue, &[folder.file("cve.json", cve("CVE-2024-1"))]);
    let list = |ids: &[&str], date: &str| {
        let report = import(&catalogue, &[folder.file("kev.json", kev(ids, date))]);
        assert_eq!(report.bad, []);
        report.counts.deleted
    };
    assert_eq!(list(&["CVE-2024-1", "CVE-2024-2"], "2024-05-05"), 0);
    let is_exploited = || catalogue.record("CVE-2024-1").unwrap().unwrap().records[0].summary.is_exploited;
    assert!(is_exploited());
    assert_eq!(list(&["CVE-2024-2"], "2024-06-06"), 1);
    assert!(!is_exploited(), "the mark goes with the listing");
    let ids: Vec<String> = catalogue.listings().unwrap().into_iter().map(|listing| listing.id).collect();
    assert_eq!(ids, ["CVE-2024-2"]);
    assert_eq!(list(&["CVE-2024-1", "CVE-2024-2"], "2024-07-07"), 0);
    assert!(is_exploited(), "it is listed again");
}

/// An archive that is said to be complete, and any that lies in a folder.
#[test]
fn what_is_gone_from_an_archive_is_withdrawn_where_the_archive_has_all() {
    let one = osv("PYSEC-2024-1", "a", "1.0", "2024-05-05");
    let two = osv("PYSEC-2024-2", "a", "1.0", "2024-05-05");
    let three = osv("PYSEC-2024-3", "a", "1.0", "2024-05-05");
    let all = zip(&[("1.json", one.as_bytes()), ("2.json", two.as_bytes()), ("3.json", three.as_bytes())]);
    let part = zip(&[("1.json", one.as_bytes()), ("3.json", three.as_bytes())]);
    for (is_complete, in_folder, expected) in [(true, false, 1), (false, false, 0), (false, true, 1)] {
        let folder = Folder::new();
        let catalogue = open(&folder);
        let load = |bytes: &[u8]| {
            let path = folder.file("db/all.zip", bytes);
            let path = if in_folder { folder.0.join("db") } else { path };
            let terms = Terms { is_complete, ..Terms::default() };
            let report = catalogue.import_on(&[Input::Path(path)], ("a test", &terms), &now, &mut |_| {});
            report.unwrap().counts.deleted
        };
        assert_eq!((load(&all), load(&all), load(&part)), (0, 0, expected), "{is_complete} {in_folder}");
        let cut = &part[..part.len() - 30];
        assert_eq!(load(cut), 0, "a broken archive says nothing of what is missing");
    }
}

/// The reason stands where people and programs meet the record: lists, search, the record itself.
#[test]
fn why_a_record_does_not_stand_is_told_with_it() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    folder.file("db/CVE-2024-1.json", cve("CVE-2024-1"));
    folder.file("db/CVE-2024-9.json", cve("CVE-2024-9"));
    let rejected = r#"{"dataType": "CVE_RECORD", "dataVersion": "5.1", "cveMetadata": {"cveId": "CVE-2024-2",
        "assignerOrgId": "00000000-0000-4000-8000-000000000000", "state": "REJECTED"}, "containers": {"cna": {
        "providerMetadata": {"orgId": "00000000-0000-4000-8000-000000000000"},
        "rejectedReasons": [{"lang": "en", "value": "A duplicate of heap CVE-2024-1."}]}}}"#;
    folder.file("db/CVE-2024-2.json", rejected);
    let withdrawn = osv("PYSEC-2024-3", "heap", "1.0", "2024-05-05")
        .replace("\"summary\"", "\"withdrawn\": \"2024-06-06T00:00:00Z\", \"summary\"");
    folder.file("db/osv.json", withdrawn);
    let db = folder.0.join("db");
    import(&catalogue, std::slice::from_ref(&db));
    std::fs::remove_file(db.join("CVE-2024-1.json")).unwrap();
    assert_eq!(import(&catalogue, &[db]).counts.deleted, 1);
    let search = Search::read("heap withdrawn:true", now()).unwrap();
    let hits = catalogue.search(&search, Page::FIRST, now()).unwrap().hits;
    let mut told: Vec<(String, String)> =
        hits.into_iter().map(|hit| (hit.id, hit.reason.unwrap_or_default())).collect();
    told.sort();
    assert_eq!(told[1], ("CVE-2024-2".to_owned(), "A duplicate of heap CVE-2024-1.".to_owned()));
    assert_eq!(told[2], ("PYSEC-2024-3".to_owned(), "withdrawn by its source".to_owned()));
    assert!(told[0].1.starts_with("deleted at its source: no longer in "), "{told:?}");
    let record = &catalogue.record("CVE-2024-1").unwrap().unwrap().records[0].record;
    assert_eq!(record.state, formats::record::State::Withdrawn);
    assert!(record.withdrawn_because.as_deref().unwrap().starts_with("deleted at its source"));
    // As its own document has it, in CVE's words for that.
    let document = catalogue.json_of("CVE-2024-1").unwrap().unwrap();
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    assert_eq!(document["cveMetadata"]["state"], "REJECTED");
    let because = document["containers"]["cna"]["rejectedReasons"][0]["value"].as_str().unwrap();
    assert!(because.starts_with("deleted at its source"), "{because}");
}

/// What became of an import is kept, bad documents and all.
#[test]
fn each_import_leaves_a_report() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    folder.file("db/one.json", osv("PYSEC-2024-1", "a", "1.0", "2024-05-05"));
    folder.file("db/bad.json", &osv("PYSEC-2024-2", "a", "1.0", "2024-05-05")[..200]);
    let report = import(&catalogue, &[folder.0.join("db")]);
    let imports = catalogue.imports(Page::FIRST).unwrap();
    assert_eq!(
        (imports[0].id, imports[0].what.as_str(), imports[0].ended),
        (report.import, "a test", Some(now()))
    );
    let kept = imports[0].report.clone().unwrap();
    assert_eq!((kept.counts.added, &kept.bad), (1, &report.bad));
    assert_eq!(catalogue.import_of(report.import).unwrap().as_ref(), imports.first());
    assert_eq!(catalogue.import_of(99).unwrap(), None);
}
