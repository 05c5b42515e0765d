//! What an import keeps, skips, changes and refuses.

use super::fixtures::{Folder, cve, import, kev, now, osv};
use super::{catalogue as open, counts, named};
use catalogue::{Catalogue, Input, Package, Source, Wanted};

#[test]
fn a_second_import_reads_nothing_again() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    folder.file("in/a.json", osv("PYSEC-2024-1", "a", "1", "2024-05-05"));
    folder.file("in/b/CVE.json", cve("CVE-2024-1"));
    folder.file("in/kev.json", kev(&["CVE-2024-1", "CVE-2024-2"], "2024-05-05"));
    folder.file("in/README.md", "no record");
    folder.file("in/.git/x.json", "{");
    let paths = [folder.0.join("in")];
    let report = import(&catalogue, &paths);
    assert_eq!((counts(&report), report.counts.passed_over), ([4, 0, 0, 0, 0], 2), "a README and a dotfile");
    let report = import(&catalogue, &paths);
    assert_eq!(counts(&report), [0, 0, 4, 0, 0]);
    // Another day's list with one more entry: only that one is new.
    folder.file("in/kev.json", kev(&["CVE-2024-1", "CVE-2024-2", "CVE-2024-3"], "2024-06-06"));
    assert_eq!(counts(&import(&catalogue, &paths)), [1, 0, 4, 0, 0]);
}

#[test]
fn a_change_is_remembered_and_an_older_document_changes_nothing() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let put = |fixed: &str, day: &str| {
        let path = folder.file("a.json", osv("PYSEC-2024-1", "a", fixed, day));
        counts(&import(&catalogue, &[path]))
    };
    assert_eq!(put("1.0", "2024-05-05"), [1, 0, 0, 0, 0]);
    assert_eq!(put("1.1", "2024-06-06"), [0, 1, 0, 0, 0]);
    assert_eq!(put("1.2", "2024-05-06"), [0, 0, 0, 1, 0]);
    let entry = catalogue.record("pysec-2024-1").unwrap().unwrap();
    let history = &entry.records[0].history;
    assert_eq!(history.len(), 1);
    assert_eq!(history[0].fields, "affected versions, dates");
    assert_eq!(entry.records[0].first_seen, Some(now()));
    // What the record no longer says is no longer found.
    let package = Package::named("PyPI", "a").unwrap();
    assert_eq!(catalogue.query(&package, Some("1.0.5")).unwrap().len(), 1);
    assert_eq!(catalogue.query(&package, Some("1.1")).unwrap().len(), 0);
}

#[test]
fn a_listing_marks_the_record_whichever_came_first() {
    for listing_first in [true, false] {
        let folder = Folder::new();
        let catalogue = open(&folder);
        let record = folder.file("cve.json", cve("CVE-2024-1"));
        let alias = osv("PYSEC-2024-1", "a", "1", "2024-05-05")
            .replace("\"summary\"", "\"aliases\": [\"cve-2024-1\"], \"summary\"");
        let alias = folder.file("osv.json", alias);
        let list = folder.file("kev.json", kev(&["CVE-2024-1"], "2024-05-05"));
        let order = if listing_first { [list, record, alias] } else { [record, alias, list] };
        for path in order {
            import(&catalogue, &[path]);
        }
        let entry = catalogue.record("CVE-2024-1").unwrap().unwrap();
        let found: Vec<_> =
            entry.records.iter().map(|one| (one.summary.source, one.summary.is_exploited)).collect();
        assert_eq!(found, [(Source::Cve, true), (Source::Kev, true), (Source::Osv, true)]);
    }
}

#[test]
fn a_bad_document_is_named_with_place_and_reason_and_costs_no_other() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    folder.file("in/0-good.json", osv("PYSEC-2024-1", "a", "1", "2024-05-05"));
    folder.file(
        "in/1-deep.json",
        format!(
            r#"{{"id": "X", "modified": "x", "a": {}"#,
            "[".repeat(10_000) + "]".repeat(10_000).as_str() + "}"
        ),
    );
    folder.file("in/2-latin.json", [b"{\"id\": \"".as_slice(), b"\xe4\xf6\"}"].concat());
    folder.file("in/3-cut.json", &osv("PYSEC-2024-3", "a", "1", "2024-05-05")[..200]);
    folder.file(
        "in/4-twice.json",
        osv("PYSEC-2024-4", "a", "1", "2024-05-05").replace("\"details\"", "\"id\""),
    );
    folder.file("in/5-no-id.json", osv(" ", "a", "1", "2024-05-05"));
    folder.file("in/6-empty.json", "");
    folder.file("in/7-anchors.yaml", format!("id: X\nmodified: x\na: &a [1]\nb: [{}]", "*a,".repeat(5_000)));
    folder.file("in/8-good.yaml", "id: PYSEC-2024-2\nmodified: 2024-05-05T00:00:00Z\nsummary: yaml\n");
    let mut report = import(&catalogue, &[folder.0.join("in")]);
    report.bad.sort_by(|a, b| a.file.cmp(&b.file));
    let named: Vec<String> = report.bad.iter().map(named).collect();
    assert_eq!(counts(&report), [2, 0, 0, 0, 6], "{named:?}");
    for (line, [file, reason]) in named.iter().zip([
        ["1-deep.json: /a/0", "nested deeper than 64 levels"],
        ["2-latin.json: document (line 1 column 9)", "not UTF-8"],
        ["3-cut.json: ", "EOF"],
        ["4-twice.json: ", "stands there twice"],
        ["5-no-id.json: /id: ", "the record has no id"],
        ["7-anchors.yaml: ", "liases"],
    ]) {
        assert!(line.starts_with(file) && line.contains(reason), "{line}");
    }
    // A file without anything in it is no record; named by itself, it is a failure.
    assert_eq!(report.passed.iter().map(super::named).collect::<Vec<_>>(), ["6-empty.json: document: empty"]);
    let report = import(&catalogue, &[folder.0.join("in/6-empty.json")]);
    assert_eq!(report.bad.iter().map(super::named).collect::<Vec<_>>(), ["6-empty.json: document: empty"]);
}

/// RFC 3986, 5.2.4: dots lead out of a folder. What is no name of a file has its page and stands in no archive.
#[test]
fn an_id_that_reads_as_a_path_is_refused_where_it_stands_and_others_do_no_harm_in_archives() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let as_csaf = |id: &str| super::fixtures::csaf(id, &[("CVE-2024-1", &[("known_affected", 1)])]);
    folder.file("in/0-osv.json", osv("../../etc/passwd", "a", "1", "2024-05-05"));
    folder.file("in/1-cve.json", cve("CVE-2024-1\\u202e"));
    folder.file("in/2-csaf.json", as_csaf("..\\NW-1"));
    folder.file("in/3-kev.json", kev(&["/CVE-2024-1"], "2024-05-05"));
    let mut report = import(&catalogue, &[folder.0.join("in")]);
    report.bad.sort_by(|a, b| a.file.cmp(&b.file));
    let expected = [
        "0-osv.json: /id: an id that reads as a path: ../../etc/passwd",
        "1-cve.json: /cveMetadata/cveId: an id with characters that nobody can see",
        "2-csaf.json: /document/tracking/id: an id that reads as a path: ..\\NW-1",
        "3-kev.json: /vulnerabilities/0: /cveID: an id begins with a letter or a digit: /CVE-2024-1",
    ];
    assert_eq!(report.bad.iter().map(named).collect::<Vec<_>>(), expected);

    let kept = ["Nordwind 2024/1", "https://vex.example/2024/1", "NW-2024:1"];
    for (number, id) in kept.iter().enumerate() {
        let path = folder.file(&format!("kept/{number}.json"), osv(id, "a", "1", "2024-05-05"));
        assert_eq!(import(&catalogue, &[path]).bad, [], "{id}");
        assert_eq!(catalogue.record(id).unwrap().unwrap().id, *id);
    }
    let archive = std::fs::File::open(catalogue.file(&Wanted::OsvArchive(None)).unwrap()).unwrap();
    let archive = zip::ZipArchive::new(archive).unwrap();
    let names: Vec<_> = archive.file_names().map(|name| name.unwrap()).collect();
    assert_eq!(names, ["NW-2024:1.json"]);
}

#[test]
fn paths_that_cannot_be_read_are_named() {
    let folder = Folder::new();
    let report = import(&open(&folder), &[folder.0.join("none.json")]);
    assert!(named(&report.bad[0]).starts_with("none.json: file: cannot be read: No such file"), "{report:?}");
}

#[cfg(unix)]
#[test]
fn links_in_folders_lead_nowhere() {
    let folder = Folder::new();
    folder.file("in/a.json", osv("PYSEC-2024-1", "a", "1", "2024-05-05"));
    std::os::unix::fs::symlink(folder.0.join("in"), folder.0.join("in/again")).unwrap();
    let report = import(&open(&folder), &[folder.0.join("in")]);
    assert_eq!(counts(&report), [1, 0, 0, 0, 0]);
}

#[test]
fn an_import_runs_beside_a_server_that_reads_the_old_until_it_ends() {
    let folder = Folder::new();
    let server = open(&folder);
    import(&server, &[folder.file("first.json", osv("PYSEC-2024-1", "a", "1", "2024-05-04"))]);
    for number in 0..3_000 {
        folder
            .file(&format!("in/{number}.json"), osv(&format!("PYSEC-2024-{number}"), "a", "2", "2024-05-05"));
    }
    folder.file("in/kev.json", kev(&["CVE-2024-1"], "2024-05-05"));
    let importer = open(&folder);
    let input = [Input::Path(folder.0.join("in"))];
    let (mut looked, mut was_refused) = (0, false);
    let report = importer.import(&input, "beside", &now, &mut |progress| {
        let (id, package) = (server.document("PYSEC-2024-1"), Package::named("PyPI", "a").unwrap());
        let stock = server.stock().unwrap().records;
        let seen = (id.unwrap().unwrap(), server.query(&package, Some("1.5")).unwrap().len());
        // The last look is after the end.
        if progress.seen() < 3_001 {
            assert_eq!((stock, seen.1), (vec![(Source::Osv, 1)], 0), "{progress:?}");
            assert!(String::from_utf8_lossy(&seen.0.body).contains("2024-05-04"));
            looked += 1;
        }
        // By then the importer writes.
        if (2_001..3_001).contains(&progress.seen()) {
            was_refused = !server.publish(&super::fixtures::advisory(1), 1, now()).unwrap();
        }
    });
    assert_eq!(counts(&report.unwrap()), [3_000, 1, 0, 0, 0]);
    let log = std::fs::metadata(folder.0.join("catalogue.db-wal")).unwrap().len();
    assert_eq!(log, 0, "no second copy of what came in stays on the disk");
    assert!(looked > 1 && was_refused, "{looked} looks");
    assert!(server.publish(&super::fixtures::advisory(2), 2, now()).unwrap());
    assert_eq!(server.published_seq().unwrap(), 2);
    let stock = server.stock().unwrap().records;
    assert_eq!(stock, [(Source::Centre, 1), (Source::Osv, 3_000), (Source::Kev, 1)]);
}

/// The child: imports what comes on its standard input.
#[test]
fn child_that_is_killed() {
    if let Some(file) = std::env::var_os("HELIOGRAPH_TEST_IMPORT_INTO") {
        let catalogue = Catalogue::open(std::path::Path::new(&file)).unwrap();
        let kept = |progress: &catalogue::Progress| println!("kept {}", progress.added);
        catalogue.import(&[Input::Stdin], "never to end", &now, &mut { kept }).unwrap();
    }
}

/// "An import killed at any moment leaves the old or the new state, never half."
#[test]
fn a_killed_import_leaves_the_old_state() {
    use std::io::{BufRead, BufReader, Write};
    let folder = Folder::new();
    let file = folder.0.join("catalogue.db");
    import(&open(&folder), &[folder.file("first.json", osv("PYSEC-2024-1", "a", "1", "2024-05-04"))]);
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "imports::child_that_is_killed", "--nocapture", "--test-threads=1"]);
    child.env("HELIOGRAPH_TEST_IMPORT_INTO", &file);
    child.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
    let mut child = child.spawn().unwrap();
    let mut tar = tar::Builder::new(child.stdin.take().unwrap());
    for number in 0..6_000 {
        let document = osv(&format!("PYSEC-2024-{number}"), "a", "2", "2024-05-05");
        let mut header = tar::Header::new_gnu();
        header.set_size(document.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, format!("{number}.json"), document.as_bytes()).unwrap();
    }
    let mut pipe = tar.into_inner().unwrap();
    pipe.flush().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let kept = lines.map_while(Result::ok).filter_map(|line| line.strip_prefix("kept ")?.parse().ok());
    let kept: usize = { kept }.find(|kept| *kept > 2_500).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(std::fs::metadata(file.with_extension("db-wal")).unwrap().len() > 0, "{kept} were written");
    let catalogue = open(&folder);
    assert_eq!(catalogue.stock().unwrap().records, [(Source::Osv, 1)]);
    let package = Package::named("PyPI", "a").unwrap();
    assert_eq!(catalogue.query(&package, Some("1.5")).unwrap().len(), 0);
    // What was left behind is in nobody's way.
    let second = folder.file("second.json", osv("PYSEC-2024-2", "a", "2", "2024-05-05"));
    assert_eq!(counts(&import(&catalogue, &[second])), [1, 0, 0, 0, 0]);
    let unfinished: Vec<bool> = catalogue
        .imports(vocabulary::Page::FIRST)
        .unwrap()
        .iter()
        .map(|import| import.ended.is_none())
        .collect();
    assert_eq!(unfinished, [false, true, false]);
}

/// What was read for a question is not held beyond the next writing: of this program at once, of another
/// within a tenth of a second.
#[test]
fn a_question_sees_what_was_written_since_the_last_one() {
    let folder = Folder::new();
    let server = open(&folder);
    let importer = Catalogue::open(&folder.0.join("catalogue.db")).unwrap();
    let package = Package::named("PyPI", "a").unwrap();
    let ask = |version: &str| server.query(&package, Some(version)).unwrap().len();
    for (number, [below, at]) in [[0, 0], [1, 0], [2, 0], [2, 1]].into_iter().enumerate() {
        assert_eq!([ask("1.0"), ask("1.5")], [below, at], "after {number} imports");
        assert_eq!([ask("1.0"), ask("1.5")], [below, at], "and again");
        let (id, fixed) =
            [("PYSEC-1", "1.5"), ("PYSEC-2", "1.5"), ("PYSEC-2", "1.6"), ("PYSEC-3", "1")][number];
        let path = folder.file("next.json", osv(id, "a", fixed, &format!("2024-05-0{}", number + 1)));
        import(if number == 1 { &server } else { &importer }, &[path]);
        if number != 1 {
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
    }
}

/// The same of a record by its id, whose body and tag change together.
#[test]
fn a_record_that_was_just_asked_for_is_seen_to_change() {
    let folder = Folder::new();
    let (server, importer) = (open(&folder), open(&folder));
    let mut tags = Vec::new();
    for (day, writer) in [("01", &server), ("02", &server), ("03", &importer)] {
        let path =
            folder.file("next.json", osv("PYSEC-1", "a", &format!("1.{day}"), &format!("2024-05-{day}")));
        import(writer, &[path]);
        if day == "03" {
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        for _ in 0..2 {
            let found = server.document("pysec-1").unwrap().unwrap();
            let body = String::from_utf8_lossy(&found.body).into_owned();
            assert!(body.contains(&format!("1.{day}")), "{body}");
            tags.push(found.tag);
        }
    }
    tags.dedup();
    assert_eq!(tags.len(), 3);
    assert!(server.document("PYSEC-2").unwrap().is_none());
}

#[test]
fn a_file_of_another_version_is_not_guessed_at() {
    let folder = Folder::new();
    drop(open(&folder));
    let path = folder.0.join("catalogue.db");
    rusqlite::Connection::open(&path).unwrap().execute_batch("PRAGMA user_version = 99").unwrap();
    let error = Catalogue::open(&path).err().unwrap().to_string();
    assert!(error.contains("has schema 99") && error.contains("import again"), "{error}");
}

/// CVE numbering authority rules, 4.2. Version 7 filed each of several CVE ids as another name of the others.
#[test]
fn a_catalogue_of_an_earlier_version_tells_cve_ids_apart() {
    let folder = Folder::new();
    let several = osv("EVIL-1", "django", "1", "2024-05-05")
        .replace("\"summary\"", "\"aliases\": [\"CVE-2024-1\", \"CVE-2024-2\", \"GHSA-x\"], \"summary\"");
    let one = osv("GHSA-y", "django", "1", "2024-05-05")
        .replace("\"summary\"", "\"aliases\": [\"CVE-2024-3\"], \"summary\"");
    let catalogue = open(&folder);
    import(&catalogue, &[folder.file("a.json", several), folder.file("b.json", one)]);
    drop(catalogue);
    let old = rusqlite::Connection::open(folder.0.join("catalogue.db")).unwrap();
    old.execute_batch("UPDATE names SET relation = 1 WHERE relation = 2; ALTER TABLE records DROP COLUMN rated; ALTER TABLE records DROP COLUMN flaws; PRAGMA user_version = 7").unwrap();
    drop(old);
    let catalogue = open(&folder);
    assert!(catalogue.record("CVE-2024-1").unwrap().is_none());
    assert_eq!(catalogue.about("cve-2024-2").unwrap().0[0].id, "EVIL-1");
    for id in ["GHSA-x", "CVE-2024-3"] {
        assert_eq!(catalogue.record(id).unwrap().unwrap().records.len(), 1, "{id}");
    }
}

/// Unicode Standard Annex 15: both show the same, so only one of them is an id.
#[test]
fn an_id_in_two_spellings_is_one_record_and_a_refusal() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let files = [("1.json", "\u{e9}-1"), ("2.json", "e\u{301}-1")]
        .map(|(name, id)| folder.file(name, osv(id, "a", "1", "2024-05-05")));
    let report = import(&catalogue, &files);
    assert_eq!(counts(&report), [1, 0, 0, 0, 1], "{report:?}");
    let said = "2.json: /id: an id that is not in the normal form of Unicode (NFC): e\u{301}-1";
    assert_eq!(named(&report.bad[0]), said);
    assert!(
        catalogue.record("\u{e9}-1").unwrap().is_some() && catalogue.record("e\u{301}-1").unwrap().is_none()
    );
}
