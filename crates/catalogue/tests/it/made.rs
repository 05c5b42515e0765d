//! What is made of documents has a number, `MADE` in `store/anew.rs`, and what an older program made is made
//! anew where that number has risen. Whoever changes what is made and leaves the number as it is leaves old
//! answers in every catalogue that is there. This test minds.

use super::fixtures::{self, Folder, advisory, cve, kev, osv};
use super::{catalogue as open, other_formats};
use catalogue::{Catalogue, Input};
use jiff::Timestamp;
use rusqlite::Connection;
use rusqlite::types::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};

/// The number, and what it stands for: of each table the digest of what is filed in it.
const MADE: i64 = 6;
const DIGESTS: [(&str, &str); 8] = [
    ("attack", "f88f9a4bf624bf30"),
    ("bodies", "604eca50cc71f575"),
    ("likelihoods", "af3a267069736a3b"),
    ("lists", "6381e3058bd18f85"),
    ("names", "6f9ae8aefdead490"),
    ("packages", "93b30f92dac13419"),
    ("records", "d541fd52ace74043"),
    ("tombstones", "202e8a83053b7ac6"),
];

/// Tables that say nothing of what a document says, and why.
const LEFT_OUT: [(&str, &str); 8] = [
    ("dictionaries", "how texts are packed; they are compared unpacked"),
    ("history", "what changed between two documents; there is one of each"),
    ("imports", "when, and how much"),
    ("origins", "where files lie on this machine"),
    ("progress", "the number itself, and chance"),
    ("reports", "what became of an import"),
    ("roots", "where files lie on this machine"),
    ("turns", "when sources were fetched"),
];

/// Columns in the others that say nothing of it either: numbers in the order in which workers came, and texts
/// that are compared unpacked.
const COLUMNS_LEFT_OUT: [(&str, &str); 6] = [
    ("bodies", "packed"),
    ("lists", "import"),
    ("lists", "raw"),
    ("records", "change"),
    ("records", "first_import"),
    ("records", "last_import"),
];

#[test]
fn what_is_made_of_documents_changes_only_with_its_number() {
    let folder = Folder::new();
    filled(&folder, "2026-11-23T12:00:00Z", false);
    let db = database(&folder);
    let number = number(&db);
    let found = digests(&db);
    let found: Vec<(&str, &str)> =
        found.iter().map(|(table, digest)| (table.as_str(), digest.as_str())).collect();
    let what = match (number == MADE, found == DIGESTS) {
        (true, true) => return,
        (true, false) => {
            "Something else is made of the same documents: raise MADE in crates/catalogue/src/store/anew.rs, so \
             that catalogues which are there are made anew, and write the new number and digests here"
        }
        (false, _) => "MADE was raised: write the new number and digests here",
    };
    panic!("{what}:\nconst MADE: i64 = {number};\n{found:#?}");
}

/// Neither the hour nor the order in which documents come in is among what is compared, and what is made anew
/// is what an import makes.
#[test]
fn what_is_made_follows_from_the_documents_alone() {
    let (one, other) = (Folder::new(), Folder::new());
    filled(&one, "2026-11-23T12:00:00Z", false);
    filled(&other, "2031-05-06T07:08:09Z", true);
    let first = digests(&database(&one));
    assert_eq!(first, digests(&database(&other)));
    let older = "UPDATE progress SET value = 0 WHERE name = 'made'";
    assert_eq!(database(&one).execute(older, []).unwrap(), 1);
    drop(open(&one));
    assert_eq!(number(&database(&one)), MADE, "it was made anew");
    assert_eq!(first, digests(&database(&one)));
}

/// A catalogue with a document of every format.
fn filled(folder: &Folder, now: &str, backwards: bool) {
    let now: Timestamp = now.parse().unwrap();
    let catalogue: Catalogue = open(folder);
    let mut documents = documents();
    if backwards {
        documents.reverse();
    }
    for (name, text) in documents {
        let input = Input::Path(folder.file(name, text));
        let report = catalogue.import(&[input], "a test", &|| now, &mut |_| {}).unwrap();
        assert_eq!(report.bad, [], "{name}");
    }
    assert!(catalogue.publish(&advisory(1), 1, now).unwrap());
    let db = database(folder);
    let mut kinds = db.prepare("SELECT DISTINCT kind FROM records ORDER BY kind").unwrap();
    let kinds: Vec<i64> = kinds.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(kinds, (0..10).collect::<Vec<i64>>(), "every form of a document, by its number");
}

fn documents() -> Vec<(&'static str, String)> {
    let of_formats = |text: &str| text.to_owned();
    let epss = "#model_version:v2025.03.14,score_date:2026-11-02T00:00:00+0000\ncve,epss,percentile\n\
                CVE-1900-0042,0.25,0.9\nCVE-2024-0001,0.5,0.5\n";
    let weaknesses = r#"<Weakness_Catalog Name="CWE" Version="4.1" Date="2026-01-01"><Weaknesses>
        <Weakness ID="9001" Name="Mirrors" Abstraction="Base" Status="Draft"><Description>Light.</Description></Weakness></Weaknesses></Weakness_Catalog>"#;
    let patterns = r#"<Attack_Pattern_Catalog Version="3.9" Date="2026-01-01"><Attack_Patterns>
        <Attack_Pattern ID="801" Name="Dazzle" Status="Draft"><Description>D</Description></Attack_Pattern></Attack_Patterns></Attack_Pattern_Catalog>"#;
    let yaml = "id: PYSEC-2024-2\nmodified: 2024-05-05T00:00:00Z\nsummary: In YAML\naffected:\n- package:\n    \
                ecosystem: PyPI\n    name: lamp\n  versions: ['1.0', '1.1']\n";
    let repository = r#"{"id": "OSV-2024-1", "modified": "2024-05-05T00:00:00Z", "affected": [{"versions": ["v1.2.5a1", "lamp-1.3"],
        "ranges": [{"type": "GIT", "repo": "https://GitHub.com/Kettle/Lamp.git", "events": [{"introduced": "0"}]}]}]}"#;
    let of_two = fixtures::csaf(
        "NW-2",
        &[
            ("CVE-2024-0004", &[("known_affected", 1)]),
            ("CVE-2024-0005", &[("known_affected", 2), ("fixed", 1)]),
        ],
    );
    vec![
        ("repository.json", repository.to_owned()),
        ("csaf20-two.json", of_two),
        ("cve.json", cve("CVE-2024-0001")),
        ("cve52.json", of_formats(include_str!("../../../formats/tests/documents/cve52.json"))),
        ("osv.json", osv("PYSEC-2024-1", "django", "4.2.5", "2024-05-05")),
        ("osv-open.json", of_formats(include_str!("../../../formats/tests/documents/osv-open.json"))),
        ("osv.yaml", yaml.to_owned()),
        ("csaf20.json", fixtures::csaf("NW-1", &[("CVE-2024-0002", &[("known_affected", 1), ("fixed", 2)])])),
        ("csaf20-named.json", other_formats::csaf("WHITE", "final")),
        ("csaf21.json", of_formats(include_str!("../../../formats/tests/documents/csaf21.json"))),
        ("kev.json", kev(&["CVE-2024-0001", "CVE-2024-0009"], "2024-05-05")),
        ("nvd.json", other_formats::nvd("CVE-2024-0003", "2026-10-02")),
        ("nvd-page.json", of_formats(include_str!("../../../formats/tests/documents/nvd-page.json"))),
        ("ghsa.json", of_formats(include_str!("../../../formats/tests/documents/ghsa.json"))),
        ("openvex.json", of_formats(include_str!("../../../formats/tests/documents/openvex.json"))),
        ("epss.csv", epss.to_owned()),
        ("cwe.xml", weaknesses.to_owned()),
        ("capec.xml", patterns.to_owned()),
    ]
}

fn database(folder: &Folder) -> Connection {
    Connection::open(folder.0.join("catalogue.db")).unwrap()
}

fn number(db: &Connection) -> i64 {
    db.query_row("SELECT value FROM progress WHERE name = 'made'", [], |row| row.get(0)).unwrap()
}

fn texts(db: &Connection, sql: &str) -> Vec<String> {
    let mut statement = db.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// Of each table the digest of its rows, whatever columns it has, in an order of their own.
fn digests(db: &Connection) -> BTreeMap<String, String> {
    let tables =
        texts(db, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
    let kept = tables.into_iter().filter(|table| LEFT_OUT.iter().all(|(name, _)| name != table));
    kept.map(|table| {
        let mut all = Sha256::new();
        for line in lines(db, &table) {
            all.update(line.as_bytes());
            all.update(b"\n");
        }
        let digest = all.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        (table, digest)
    })
    .collect()
}

/// The rows of a table, each as a line. A record is called by its id and source, and not by its number.
fn lines(db: &Connection, table: &str) -> Vec<String> {
    let columns = texts(db, &format!("SELECT name FROM pragma_table_info('{table}')"));
    let mut named = db.prepare("SELECT row, key || ' of ' || source FROM records").unwrap();
    let named: HashMap<i64, String> =
        named.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
    let mut statement = db.prepare(&format!("SELECT * FROM {table}")).unwrap();
    let mut rows = statement.query([]).unwrap();
    let mut lines = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let mut line = String::new();
        for (place, column) in columns.iter().enumerate() {
            let value: Value = row.get(place).unwrap();
            let said = match (column.as_str(), value) {
                ("row", Value::Integer(number)) => named[&number].clone(),
                _ if COLUMNS_LEFT_OUT.contains(&(table, column)) => continue,
                (_, value) => format!("{value:?}"),
            };
            line += &format!("{column} = {said}; ");
        }
        if table == "bodies" {
            line += &answer(row.get_unwrap("answer"), row.get_unwrap("packed"));
        }
        lines.push(line);
    }
    lines.sort_unstable();
    lines
}

/// What a program gets. So few documents are packed without a dictionary.
fn answer(bytes: u32, packed: Vec<u8>) -> String {
    let both = zstd::stream::decode_all(packed.as_slice()).unwrap();
    String::from_utf8(both[..bytes as usize].to_vec()).unwrap()
}
