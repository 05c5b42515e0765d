//! Whatever is altered behind the journal's back is named.

use super::*;
use crate::ledger::verify::Finding;
use crate::ledger::verify_since;

/// Every table that verification speaks for, with the columns that name a row.
const TABLES: &[(&str, &[&str])] = &[
    ("events", &["seq"]),
    ("tree_nodes", &["level", "position"]),
    ("checkpoints", &["size"]),
    ("vault_keys", &["compartment"]),
    ("vault_items", &["id", "chunk"]),
    ("organisations", &["id"]),
];

/// A journal with something of everything.
fn furnished() -> House {
    let house = House::new();
    house.name("a", "Nordwind").unwrap();
    house.write("a", "case/1", &[b'x'; 70_000]);
    house.ledger.checkpoint_blocking().unwrap();
    house.write("b", "case/2", b"to be erased");
    house.name("b", "Südwind").unwrap();
    house.erase("case/2");
    house.name("a", "Nordwind GmbH").unwrap();
    house.ledger.checkpoint_blocking().unwrap();
    house.name("c", "after the last checkpoint").unwrap();
    house.clean();
    house
}

/// What verification calls a row.
fn named(table: &str, key: &[Value]) -> (&'static str, String) {
    let text = |i: usize| match &key[i] {
        Value::Int(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        other => panic!("{other:?}"),
    };
    match table {
        "events" => ("entry", format!("entry {}", text(0))),
        "tree_nodes" if text(0) == "0" => ("tree", format!("leaf of entry {}", text(1))),
        "tree_nodes" => ("tree", format!("node {} on level {}", text(1), text(0))),
        "checkpoints" => ("checkpoint", format!("checkpoint of {} entries", text(0))),
        "vault_keys" => ("vault key", text(0)),
        "vault_items" => ("sealed item", text(0)),
        _ => ("view", format!("{table} (\"{}\"", text(0))),
    }
}

fn names(findings: &[Finding], (what, place): &(&str, String)) -> bool {
    findings
        .iter()
        .any(|it| it.what == *what && (it.place == *place || it.place.starts_with(&format!("{place},"))))
}

fn rows(house: &House, table: &str) -> (Vec<String>, Vec<Vec<Value>>) {
    house
        .db()
        .read(|tx| {
            let columns = tx.columns(table)?;
            let rows = tx.query(&format!("SELECT {} FROM {table}", columns.join(", ")), &[])?;
            Ok::<_, storage::Error>((columns, rows.iter().map(|row| row.values().to_vec()).collect()))
        })
        .unwrap()
}

fn insert(house: &House, table: &str, values: &[Value]) {
    house.tamper(&insertion(table, values.len()), values);
}

fn insertion(table: &str, width: usize) -> String {
    let places: Vec<String> = (1..=width).map(|n| format!("${n}")).collect();
    format!("INSERT INTO {table} VALUES ({})", places.join(", "))
}

/// In which bytes of a value.
#[derive(Clone, Copy, PartialEq)]
enum Bytes {
    Every,
    Three,
    One,
}

/// The value with one bit altered: each of these at a place of its own.
fn flips(value: &Value, bytes: Bytes) -> Vec<Value> {
    let places = |length: usize| match bytes {
        Bytes::Every => (0..length).collect(),
        Bytes::Three => vec![0, length / 2, length - 1],
        Bytes::One => vec![length / 2],
    };
    match value {
        Value::Null => vec![],
        // A bit that meets no other row's key.
        Value::Int(number) => vec![Value::Int(number ^ (1 << 40))],
        Value::Blob(bytes) if bytes.is_empty() => vec![Value::Blob(vec![1])],
        Value::Blob(bytes) => {
            let flip = |at: usize| {
                let mut bytes = bytes.clone();
                bytes[at] ^= 1 << (at % 8);
                Value::Blob(bytes)
            };
            places(bytes.len()).into_iter().map(flip).collect()
        }
        Value::Text(text) => {
            let flip = |at: usize| {
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= 4;
                String::from_utf8(bytes).ok().map(Value::Text)
            };
            places(text.len()).into_iter().filter_map(flip).collect()
        }
    }
}

#[test]
fn every_flipped_bit_is_named() {
    let house = furnished();
    // On a server each verification is a new connection, and each alteration a flush.
    let bytes = if house.db().engine() == Engine::Sqlite { Bytes::Three } else { Bytes::One };
    let mut count = 0;
    for (table, keys) in TABLES {
        let (columns, rows) = rows(&house, table);
        assert!(rows.len() > 1, "{table}");
        for row in &rows {
            let key = |row: &[Value]| -> Vec<Value> {
                let at = |name: &&str| columns.iter().position(|column| column == name).unwrap();
                keys.iter().map(|name| row[at(name)].clone()).collect()
            };
            for column in 0..columns.len() {
                for flipped in flips(&row[column], bytes) {
                    let mut altered = row.clone();
                    altered[column] = flipped;
                    replace(&house, table, keys, (&key(row), &altered));
                    let findings = house.verify().findings;
                    let place = [named(table, &key(row)), named(table, &key(&altered))];
                    let case = format!("{table}.{} of {place:?}: {findings:?}", columns[column]);
                    assert!(place.iter().any(|place| names(&findings, place)), "{case}");
                    assert!(findings.len() <= 7, "{case}");
                    replace(&house, table, keys, (&key(&altered), row));
                    count += 1;
                }
            }
        }
    }
    assert!(count > if bytes == Bytes::Three { 240 } else { 100 }, "{count}");
    house.clean();
}

fn replace(house: &House, table: &str, keys: &[&str], (key, row): (&[Value], &[Value])) {
    let delete = format!("DELETE FROM {table} WHERE {}", is(keys));
    let insert = insertion(table, row.len());
    let changed =
        house.db().write(|tx| Ok::<_, storage::Error>(tx.execute(&delete, key)? + tx.execute(&insert, row)?));
    assert_eq!(changed.unwrap(), 2, "{table} {key:?}");
}

fn is(keys: &[&str]) -> String {
    let each = keys.iter().enumerate().map(|(n, name)| format!("{name} = ${}", n + 1));
    each.collect::<Vec<_>>().join(" AND ")
}

/// A checkpoint is text with one spelling: there is no bit that means nothing.
#[test]
fn every_byte_of_a_checkpoint_counts() {
    let house = furnished();
    let (_, rows) = rows(&house, "checkpoints");
    let notes =
        rows[1..].iter().flat_map(|row| flips(&row[1], Bytes::Every).into_iter().map(|note| (&row[0], note)));
    for (size, note) in notes {
        let altered: String = match &note {
            Value::Text(text) => text.clone(),
            other => panic!("{other:?}"),
        };
        assert!(merkle::open(&altered, &house.keys.verifier()).is_err(), "{altered}");
        house.tamper("UPDATE checkpoints SET note = $2 WHERE size = $1", &[size.clone(), note]);
    }
    assert_eq!(house.verify().findings.len(), 1);
}

#[test]
fn deleted_rows_are_named() {
    let house = furnished();
    for (table, keys) in TABLES {
        let (columns, rows) = rows(&house, table);
        for row in rows {
            let at = |name: &&str| columns.iter().position(|column| column == name).unwrap();
            let key: Vec<Value> = keys.iter().map(|name| row[at(name)].clone()).collect();
            let before = house.clean();
            house.tamper(&format!("DELETE FROM {table} WHERE {}", is(keys)), &key);
            let after = house.verify();
            match *table {
                // The newest entry's leaf is left, and names it.
                "events" if !names(&after.findings, &named(table, &key)) => {
                    assert_eq!(after.findings[0].place, format!("leaf of {}", named(table, &key).1));
                }
                // Nothing else in the database speaks of a checkpoint; whoever holds it does.
                "checkpoints" => assert_eq!(after.checkpoints, before.checkpoints - 1),
                // A key's absence shows in what it guarded.
                "vault_keys" => assert!(!after.findings.is_empty()),
                _ => assert!(names(&after.findings, &named(table, &key)), "{table} {key:?} {after:?}"),
            }
            insert(&house, table, &row);
        }
    }
}

#[test]
fn a_truncated_tail_is_named_by_whoever_knows_of_more() {
    let house = furnished();
    let (_, note) = house.db().read(crate::ledger::latest_checkpoint).unwrap().unwrap();
    // Entries, nodes and view as they were after four entries: the most careful of forgers.
    house.tamper("DELETE FROM events WHERE seq >= 4", &[]);
    for level in 0..8 {
        let sql = "DELETE FROM tree_nodes WHERE level = $1 AND position >= $2";
        house.tamper(sql, params![i64::from(level), 4_i64 >> level]);
    }
    house.tamper("DELETE FROM organisations WHERE id = 'c'", &[]);
    house.tamper("UPDATE organisations SET name = 'Nordwind', mandate = 'version 1' WHERE id = 'a'", &[]);
    house.tamper("DELETE FROM vault_keys WHERE compartment = 'case/2'", &[]);
    let found = house.verify().findings;
    let cut = "there are only 4 entries: the end was cut off";
    assert!(found.iter().any(|it| it.what == "checkpoint" && it.reason == cut), "{found:?}");
    house.tamper("DELETE FROM checkpoints WHERE size > 4", &[]);
    assert!(house.verify().findings.iter().all(|it| it.what != "checkpoint"));
    let held = [note];
    let with = house.db().read(|tx| verify_since(tx, &house.keys, VIEWS, &held)).unwrap();
    assert!(with.findings.iter().any(|it| it.reason == cut), "{with:?}");
}

#[test]
fn inserted_rows_are_named() {
    let house = furnished();
    let (salt, forged) = ([9_u8; 32], b"{}".to_vec());
    let commitment = merkle::commitment(&salt, &forged);
    let entry = |seq: i64| {
        let row = params![seq, "note/z", 1, "note.named", forged.clone(), salt, commitment];
        ("events", row.to_vec())
    };
    let wrapped = vec![1_u8; 72];
    let cases = [
        (entry(7), "entry 7"),
        (entry(-3), "entry -3"),
        (entry(1 << 50), "entry 1125899906842624"),
        (("tree_nodes", params![0, 7, salt].to_vec()), "leaf of entry 7"),
        (("tree_nodes", params![0, -1, salt].to_vec()), "leaf of entry -1"),
        (("tree_nodes", params![3, 0, salt].to_vec()), "node 0 on level 3"),
        (("tree_nodes", params![63, 0, salt].to_vec()), "node 0 on level 63"),
        (("tree_nodes", params![-1, 0, salt].to_vec()), "node 0 on level -1"),
        (("checkpoints", params![5, "forged"].to_vec()), "checkpoint of 5 entries"),
        (("checkpoints", params![0, "forged"].to_vec()), "checkpoint of 0 entries"),
        (("vault_items", params!["forged", 0, "case/1", salt].to_vec()), "forged"),
        (("vault_keys", params!["case/9", wrapped].to_vec()), "case/9"),
        (("organisations", params!["z", "forged", ""].to_vec()), "organisations (\"z\", \"forged\", \"\")"),
    ];
    for ((table, row), place) in cases {
        insert(&house, table, &row);
        let findings = house.verify().findings;
        assert!(findings.iter().any(|finding| finding.place == place), "{place}: {findings:?}");
        let (columns, _) = rows(&house, table);
        let delete = format!("DELETE FROM {table} WHERE {} = $1 AND {} = $2", columns[0], columns[1]);
        assert_eq!(house.tamper(&delete, &row[..2]), 1);
    }
    house.clean();
}

#[test]
fn swapped_rows_are_named() {
    let house = furnished();
    for (from, to) in [(2, 99), (3, 2), (99, 3)] {
        house.tamper("UPDATE events SET seq = $2 WHERE seq = $1", params![from, to]);
    }
    let findings = house.verify().findings;
    for seq in [2, 3] {
        assert!(names(&findings, &("entry", format!("entry {seq}"))), "{findings:?}");
        assert!(names(&findings, &("tree", format!("leaf of entry {seq}"))), "{findings:?}");
    }
}

/// SQLite keeps any kind of value in any column; the wrong kind is named like a wrong value.
#[test]
fn a_value_of_another_kind_is_named() {
    let house = furnished();
    if house.db().engine() == Engine::Postgres {
        return;
    }
    for (sql, place) in [
        ("UPDATE events SET canonical = 'text' WHERE seq = 2", "entry 2"),
        ("UPDATE events SET salt = 7 WHERE seq = 3", "entry 3"),
        ("UPDATE tree_nodes SET hash = 'text' WHERE level = 1 AND position = 0", "node 0 on level 1"),
        ("UPDATE vault_keys SET wrapped = 'text' WHERE compartment = 'case/1'", "case/1"),
    ] {
        house.tamper(sql, &[]);
        let findings = house.verify().findings;
        assert!(findings.iter().any(|finding| finding.place == place), "{place}: {findings:?}");
    }
}

/// A wholly wrong journal is reported in bounded space.
#[test]
fn findings_are_counted_beyond_those_listed() {
    let house = House::new();
    let many =
        |w: &mut Writer<'_, '_>| (0..1100).try_for_each(|n| name_in(w, &n.to_string(), "x").map(|_| ()));
    house.ledger.submit_blocking(many).unwrap();
    house.tamper("UPDATE events SET salt = commitment", &[]);
    let outcome = house.verify();
    assert_eq!((outcome.entries, outcome.findings.len()), (1100, 1000));
    assert_eq!(outcome.more_findings, 101);
}
