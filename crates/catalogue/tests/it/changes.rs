//! What an older program left in the file: what it made of documents, and what may not be public.

use super::catalogue as open;
use super::fixtures::{Folder, advisory, cve, import, kev, now, osv};
use super::other_formats::{csaf, nvd};
use super::real_data::data;
use super::search::found;
use catalogue::Catalogue;
use rusqlite::{Connection, params};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// The file, as another program would open it.
fn file(folder: &Folder) -> Connection {
    Connection::open(folder.0.join("catalogue.db")).unwrap()
}

fn ids(folder: &Folder) -> Vec<String> {
    let file = file(folder);
    let mut all = file.prepare("SELECT id FROM records ORDER BY row").unwrap();
    all.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

/// Each with its answer.
fn answers(catalogue: &Catalogue, ids: &[String]) -> Vec<(String, String)> {
    let answer = |id: &String| catalogue.document(id).unwrap().unwrap().body.to_vec();
    ids.iter().map(|id| (id.clone(), String::from_utf8(answer(id)).unwrap())).collect()
}

/// Answer and document of each record, which few records are packed without a dictionary for.
fn bodies(file: &Connection) -> Vec<(i64, String, String)> {
    let mut all = file.prepare("SELECT row, answer, packed FROM bodies ORDER BY row").unwrap();
    let body = |row: &rusqlite::Row<'_>| {
        let (answer, packed): (u32, Vec<u8>) = (row.get(1)?, row.get(2)?);
        let mut text = String::from_utf8(zstd::bulk::decompress(&packed, 1 << 20).unwrap()).unwrap();
        let document = text.split_off(answer as usize);
        Ok((row.get(0)?, text, document))
    };
    all.query_map([], body).unwrap().collect::<Result<_, _>>().unwrap()
}

fn set_body(file: &Connection, row: i64, answer: &str, document: &str) {
    let packed = zstd::bulk::compress(format!("{answer}{document}").as_bytes(), 3).unwrap();
    let sql = "UPDATE bodies SET answer = ?2, packed = ?3 WHERE row = ?1";
    file.execute(sql, params![row, answer.len() as i64, packed]).unwrap();
}

/// Every answer that is made here, in another shape, by a program that made less of documents.
fn as_an_older_program_made_it(file: &Connection) {
    for (row, _, document) in bodies(file) {
        if !document.is_empty() {
            set_body(file, row, r#"{"id":"old"}"#, &document);
        }
    }
    file.execute_batch(
        "UPDATE progress SET value = 2 WHERE name = 'made'; DELETE FROM packages;
         UPDATE records SET title = 'old', severity = 1",
    )
    .unwrap();
}

/// One of each format, and one that its source deleted.
fn one_of_each(folder: &Folder) -> Catalogue {
    let catalogue = open(folder);
    folder.file("db/CVE-2024-1.json", cve("CVE-2024-1"));
    folder.file("db/CVE-2024-9.json", cve("CVE-2024-9"));
    folder.file("db/two.yaml", "id: PYSEC-2024-2\nmodified: 2024-05-05T00:00:00Z\nsummary: In YAML\n");
    folder.file("db/nvd.json", nvd("CVE-1900-0042", "2026-10-02"));
    folder.file("db/kev.json", kev(&["CVE-2024-1"], "2024-05-05"));
    folder.file("db/csaf.json", csaf("WHITE", "final"));
    folder.file("db/osv.json", osv("PYSEC-2024-1", "a", "1.0", "2024-05-05"));
    folder.file("db/undated.json", r#"{"ghsa_id": "GHSA-1", "summary": "Undated", "vulnerabilities": []}"#);
    let db = folder.0.join("db");
    assert_eq!(import(&catalogue, std::slice::from_ref(&db)).bad, []);
    std::fs::remove_file(db.join("CVE-2024-9.json")).unwrap();
    assert_eq!(import(&catalogue, &[db]).counts.deleted, 1);
    assert!(catalogue.publish(&advisory(1), 1, now()).unwrap());
    catalogue
}

#[test]
fn what_an_older_program_made_of_documents_is_made_anew() {
    let folder = Folder::new();
    let catalogue = one_of_each(&folder);
    let ids = ids(&folder);
    let before = answers(&catalogue, &ids);
    let title = |catalogue: &Catalogue| {
        let summary = catalogue.record("CVE-2024-1").unwrap().unwrap().records.remove(0).summary;
        (summary.title, summary.severity_tenths)
    };
    let packages = |catalogue: &Catalogue| {
        let package = catalogue::Package::named("PyPI", "a").unwrap();
        catalogue.query(&package, Some("0.5")).unwrap().len()
    };
    drop(catalogue);
    as_an_older_program_made_it(&file(&folder));
    // Whoever waits hears of it, from the beginning on; of a file that is of this program there is nothing to hear.
    let opened = || {
        let mut told = Vec::new();
        let place = folder.0.join("catalogue.db");
        let catalogue = Catalogue::open_and_tell(&place, &mut |done, all| told.push((done, all))).unwrap();
        (catalogue, told)
    };
    let all = bodies(&file(&folder)).len() as u64;
    let (catalogue, told) = opened();
    assert_eq!(told, [(0, all), (all, all)]);
    assert_eq!(opened().1, []);
    assert_eq!(answers(&catalogue, &ids), before);
    assert_eq!((title(&catalogue), packages(&catalogue)), (("Overflow in Router".to_owned(), Some(98)), 1));
    drop(catalogue);
    // This program made it: nothing is made a second time.
    let (row, _, document) = bodies(&file(&folder)).remove(0);
    set_body(&file(&folder), row, r#"{"id":"new"}"#, &document);
    assert_eq!(answers(&open(&folder), &ids[..1])[0].1, r#"{"id":"new"}"#);
    // Also where nothing but an answer is another, files for mirrors follow.
    let state = open(&folder).state().unwrap();
    file(&folder).execute_batch("UPDATE progress SET value = 2 WHERE name = 'made'").unwrap();
    let catalogue = open(&folder);
    assert_eq!(answers(&catalogue, &ids), before);
    assert_ne!(catalogue.state().unwrap(), state);
}

fn made(file: &Connection) -> i64 {
    file.query_row("SELECT value FROM progress WHERE name = 'made'", [], |row| row.get(0)).unwrap()
}

/// What one program made stays, until all of it is made by another.
#[test]
fn a_change_that_fails_leaves_the_file_as_it_was() {
    let folder = Folder::new();
    drop(one_of_each(&folder));
    let file = file(&folder);
    as_an_older_program_made_it(&file);
    let last: i64 = file.query_row("SELECT MAX(row) FROM bodies", [], |row| row.get(0)).unwrap();
    let full = format!(
        "CREATE TRIGGER full BEFORE UPDATE ON bodies WHEN OLD.row = {last} BEGIN SELECT RAISE(ABORT, 'the disk'); END"
    );
    file.execute_batch(&full).unwrap();
    let before = bodies(&file);
    let error = Catalogue::open(&folder.0.join("catalogue.db")).err().unwrap().to_string();
    assert!(error.ends_with("the disk"), "{error}");
    assert_eq!((bodies(&file) == before, made(&file)), (true, 2));
}

/// TLP 2.0, 4, and CSAF 2.0, 3.2.1.12.7: what came in before it was refused goes, with all that told of it.
#[test]
fn documents_that_are_not_public_go_from_a_file_that_has_them() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let public = csaf("WHITE", "interim").replace("Lamp advisory", "Lanterns");
    let later = public.replace("2026-10-05", "2026-10-06").replace("Flickers twilight", "Flickers at dawn");
    let both = csaf("WHITE", "final");
    for (name, text) in [("a.json", &both), ("b.json", &public), ("b.json", &later)] {
        assert_eq!(import(&catalogue, &[folder.file(name, text)]).bad, []);
    }
    let story = |catalogue: &Catalogue, id: &str| catalogue.story(id).unwrap().unwrap().changes.len();
    assert_eq!(story(&catalogue, "NW-WHITE-interim"), 1);
    drop(catalogue);
    // An older program kept the one document, and an earlier text of the other, with labels of theirs.
    let old = file(&folder);
    let amber = both.replace("\"label\": \"WHITE\"", "\"label\": \"AMBER\"");
    set_body(&old, 1, r#"{"id":"NW-WHITE-final","summary":"Lamp advisory"}"#, &amber);
    let draft = zstd::bulk::compress(public.replace("interim\",", "draft\",").as_bytes(), 3).unwrap();
    old.execute("UPDATE history SET document = ?1", [draft]).unwrap();
    old.execute_batch("DELETE FROM progress WHERE name = 'made'").unwrap();
    drop(old);
    let catalogue = open(&folder);
    let entry = catalogue.record("NW-WHITE-final").unwrap().unwrap();
    let summary = &entry.records[0].summary;
    let reason = "taken out, because this database is public and the document is not: AMBER";
    assert_eq!((summary.title.as_str(), summary.reason.as_deref()), ("NW-WHITE-final", Some(reason)));
    assert_eq!(
        (summary.modified, summary.is_withdrawn),
        (Some(now()), true),
        "who mirrors by date learns of it"
    );
    let (record, document) =
        (format!("{:?}", entry.records[0].record), catalogue.json_of("NW-WHITE-final").unwrap().unwrap());
    let answer = answers(&catalogue, &["NW-WHITE-final".to_owned()]).remove(0).1;
    for text in [record, document, answer] {
        assert!(
            text.contains("NW-WHITE-final") && !text.contains("Lamp") && !text.contains("0061"),
            "{text}"
        );
    }
    assert_eq!(story(&catalogue, "NW-WHITE-interim"), 0, "the draft");
    catalogue.catch_up().unwrap();
    assert_eq!(found(&catalogue, "glaringly"), ["NW-WHITE-interim"]);
    assert_eq!(catalogue.about("CVE-1900-0061").unwrap().0.len(), 1);
    drop(catalogue);
    let bytes = std::fs::read(folder.0.join("catalogue.db")).unwrap();
    let has = |word: &[u8]| bytes.windows(word.len()).any(|part| part == word);
    assert!(has(b"Lanterns") && !has(b"Lamp advisory"), "nor is it left in the pages of the file");
    // It comes in once it is public.
    let catalogue = open(&folder);
    assert_eq!(import(&catalogue, &[folder.0.join("a.json")]).bad, []);
    assert!(!catalogue.record("NW-WHITE-final").unwrap().unwrap().records[0].summary.is_withdrawn);
}

#[test]
fn another_file_in_the_place_of_the_catalogue_is_told_in_plain_words() {
    let folder = Folder::new();
    let path = folder.file("catalogue.db", "no catalogue, but long enough to look like one".repeat(20));
    let error = |path: &std::path::Path| Catalogue::open(path).err().unwrap().to_string();
    let damaged = "the file is damaged, or another one in its place: move it away and import again (";
    assert!(error(&path).contains(damaged), "{}", error(&path));
    let nowhere = error(&folder.0.join("nowhere/catalogue.db"));
    assert!(nowhere.contains("the folder that it lies in, have to be there"), "{nowhere}");
}

/// The child: opens a file, as a program that knows nothing of it.
#[test]
fn child_that_opens() {
    if let Some(file) = std::env::var_os("HELIOGRAPH_TEST_OPENED") {
        println!("opening");
        Catalogue::open(std::path::Path::new(&file)).unwrap();
    }
}

/// A child that is about to open the catalogue, and what it goes on to say.
fn opening(folder: &Folder) -> (Child, impl Iterator<Item = String>) {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "changes::child_that_opens", "--nocapture", "--test-threads=1"]);
    child.env("HELIOGRAPH_TEST_OPENED", folder.0.join("catalogue.db")).stdout(Stdio::piped());
    let mut child = child.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.ends_with("opening")));
    (child, lines)
}

/// With the dictionary that so many documents have, which is made anew where a document is taken out; killed on
/// the way, and then in whole.
#[test]
fn real_records_are_made_anew_as_they_were() {
    let Some(path) = data("kev.tar.zst") else { return };
    let folder = Folder::new();
    let catalogue = open(&folder);
    assert_eq!(import(&catalogue, &[folder.file("a.json", csaf("WHITE", "final"))]).bad, []);
    import(&catalogue, &[path]);
    let ids = ids(&folder);
    let before = answers(&catalogue, &ids[1..]);
    drop(catalogue);
    let old = file(&folder);
    set_body(&old, 1, r#"{"id":"NW-WHITE-final"}"#, &csaf("RED", "final").replace("NW-RED", "NW-WHITE"));
    old.execute_batch("UPDATE progress SET value = 2 WHERE name = 'made'").unwrap();
    let dictionary = || -> (i64, i64) {
        old.query_row("SELECT COUNT(*), MAX(number) FROM dictionaries", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap()
    };
    old.execute("UPDATE records SET title = 'old' WHERE row = 2", []).unwrap();
    let kept = dictionary();
    assert_eq!(kept.0, 1);
    let (mut killed, _said) = opening(&folder);
    std::thread::sleep(std::time::Duration::from_millis(50));
    killed.kill().unwrap();
    assert!(!killed.wait().unwrap().success());
    let title = || -> String {
        old.query_row("SELECT title FROM records WHERE row = 2", [], |row| row.get(0)).unwrap()
    };
    assert_eq!((made(&old), dictionary(), title().as_str()), (2, kept, "old"), "killed before it was done");
    let (mut whole, said) = opening(&folder);
    assert!(said.count() > 0 && whole.wait().unwrap().success());
    assert!(made(&old) > 2 && dictionary().0 == 1);
    let catalogue = open(&folder);
    assert!(answers(&catalogue, &ids[1..]) == before);
    assert!(catalogue.record(&ids[0]).unwrap().unwrap().records[0].summary.is_withdrawn);
}
