//! What is sealed stays sealed, and what is erased stays erased.

use super::*;
use crate::ledger::Unsealed;

const TEXT: &[u8] = b"the heap overflow in the northern relay";

/// Every value of every row of every table, as text and as bytes.
fn everything_stored(house: &House) -> Vec<u8> {
    let mut all = Vec::new();
    house
        .db()
        .read(|tx| {
            for table in tx.tables()? {
                let columns = tx.columns(&table)?.join(", ");
                for row in tx.query(&format!("SELECT {columns} FROM {table}"), &[])? {
                    for value in row.values() {
                        match value {
                            Value::Text(text) => all.extend(text.bytes()),
                            Value::Blob(bytes) => all.extend(bytes),
                            Value::Int(number) => all.extend(number.to_be_bytes()),
                            Value::Null => {}
                        }
                    }
                }
            }
            Ok::<_, storage::Error>(())
        })
        .unwrap();
    all
}

fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[test]
fn sealed_text_stands_in_no_column_of_no_table() {
    let house = House::new();
    house.name("a", "not sealed").unwrap();
    let item = house.write("a", "case/1", TEXT);
    let stored = everything_stored(&house);
    assert!(holds(&stored, b"not sealed"), "the search itself works");
    for piece in TEXT.split(|byte| *byte == b' ').filter(|word| word.len() > 4) {
        assert!(!holds(&stored, piece), "{}", String::from_utf8_lossy(piece));
    }
    assert_eq!(house.open(&item).unwrap(), Unsealed::Bytes(TEXT.to_vec()));
    house.clean();
}

#[test]
fn items_of_every_size_come_back() {
    let house = House::new();
    for size in [0, 1, 65_503, 65_504, 65_505, 131_072, 300_000] {
        let bytes: Vec<u8> = (0..size).map(|n: u32| (n % 251) as u8).collect();
        let item = house.write("a", "case/1", &bytes);
        assert!(house.open(&item).unwrap() == Unsealed::Bytes(bytes), "{size} bytes");
    }
    assert_eq!(house.clean().items, 7);
}

#[test]
fn pieces_swapped_cut_or_moved_to_another_case_are_refused() {
    let big = vec![7_u8; 200_000];
    let tampering = [
        "UPDATE vault_items SET chunk = CASE chunk WHEN 0 THEN 10 WHEN 1 THEN 11 ELSE chunk END WHERE id = $1",
        "DELETE FROM vault_items WHERE id = $1 AND chunk = 3",
        "DELETE FROM vault_items WHERE id = $1 AND chunk = 0",
        "DELETE FROM vault_items WHERE id = $1 AND chunk = 1",
        "UPDATE vault_items SET compartment = 'elsewhere' WHERE id = $1",
        "UPDATE vault_items SET compartment = 'elsewhere' WHERE id = $1 AND chunk = 2",
        "UPDATE vault_items SET sealed = (SELECT sealed FROM vault_items WHERE id = $1 AND chunk = 2)
         WHERE id = $1 AND chunk = 1",
        "UPDATE vault_keys SET wrapped = (SELECT wrapped FROM vault_keys WHERE compartment = 'elsewhere')
         WHERE compartment = (SELECT MAX(compartment) FROM vault_items WHERE id = $1)",
    ];
    let house = House::new();
    house.write("b", "elsewhere", b"another");
    for (n, sql) in tampering.iter().enumerate() {
        let item = house.write("a", &format!("case/{n}"), &big);
        assert!(house.tamper(sql, params![&item.item]) > 0);
        assert!(matches!(house.open(&item), Err(Error::Seal(_))), "{sql}");
        let findings = house.verify().findings;
        let named = |what| findings.iter().any(|finding| finding.what == what && finding.place == item.item);
        assert!(named("sealed item"), "{sql}: {findings:?}");
    }
}

/// Two pieces of one item that change places.
#[test]
fn swapped_pieces_are_refused() {
    let house = House::new();
    let item = house.write("a", "case/1", &[7_u8; 200_000]);
    for (from, to) in [(0, 99), (1, 0), (99, 1)] {
        let sql = "UPDATE vault_items SET chunk = $3 WHERE id = $1 AND chunk = $2";
        assert_eq!(house.tamper(sql, params![&item.item, from, to]), 1);
    }
    assert!(matches!(house.open(&item), Err(Error::Seal("it was altered"))));
}

#[test]
fn an_item_shown_for_another_is_refused() {
    let house = House::new();
    let one = house.write("a", "case/1", b"one");
    let two = house.write("a", "case/1", b"two");
    let mixed = Item { item: one.item, commitment: two.commitment };
    assert!(matches!(house.open(&mixed), Err(Error::Seal("it does not fit its commitment"))));
}

#[test]
fn what_is_erased_cannot_be_read_and_the_log_still_verifies() {
    let house = House::new();
    let gone = house.write("a", "case/1", &[b'x'; 100_000]);
    let kept = house.write("a", "case/2", TEXT);
    house.name("a", "named").unwrap();
    let wrapped = "SELECT wrapped FROM vault_keys WHERE compartment = 'case/1'";
    let key: Vec<u8> = house.db().read(|tx| tx.query_one(wrapped, &[])).unwrap().get(0).unwrap();
    let sealed = "SELECT sealed FROM vault_items WHERE compartment = 'case/1' AND chunk = 0";
    let piece: Vec<u8> = house.db().read(|tx| tx.query_one(sealed, &[])).unwrap().get(0).unwrap();
    house.erase("case/1");
    house.erase("case/1");
    assert_eq!(house.open(&gone).unwrap(), Unsealed::Erased);
    assert_eq!(Unsealed::Erased.text(), "[erased]");
    assert_eq!(house.open(&kept).unwrap(), Unsealed::Bytes(TEXT.to_vec()));
    let stored = everything_stored(&house);
    assert!(!holds(&stored, &key) && !holds(&stored, &piece[..64]));
    let outcome = house.clean();
    assert_eq!((outcome.entries, outcome.items, outcome.erased_items), (4, 2, 1), "one entry says so, once");
    house.ledger.submit_blocking(|w| rebuild(w.tx(), VIEWS)).unwrap();
    assert_eq!(house.open(&gone).unwrap(), Unsealed::Erased);
    house.clean();
}

#[test]
fn nothing_is_sealed_into_what_was_erased() {
    let house = House::new();
    house.write("a", "case/1", TEXT);
    house.erase("case/1");
    // Even with the mark gone, the journal's word holds.
    for mark in ["there", "gone"] {
        let refused = house.ledger.submit_blocking(|w| write(w, "a", "case/1", b"more"));
        assert!(matches!(refused, Err(Error::Erased)), "mark {mark}: {refused:?}");
        house.tamper("DELETE FROM vault_keys WHERE compartment = 'case/1'", &[]);
    }
}

/// A destroyed key that no entry speaks of is a theft; one that a backup brought back is named too.
#[test]
fn an_erasure_off_the_record_is_told_from_one_on_it() {
    let reasons = |house: &House| {
        let found = house.verify().findings.into_iter();
        found.filter(|it| it.what == "vault key").map(|it| it.reason).collect::<Vec<_>>()
    };
    let house = House::new();
    house.write("a", "case/1", TEXT);
    let sql = "SELECT wrapped FROM vault_keys";
    let wrapped: Vec<u8> = house.db().read(|tx| tx.query_one(sql, &[])).unwrap().get(0).unwrap();
    house.tamper("UPDATE vault_keys SET wrapped = $1", params![Vec::<u8>::new()]);
    assert_eq!(reasons(&house), ["it was destroyed, and no entry of the journal says so"]);
    house.erase("case/1");
    house.clean();
    house.tamper("UPDATE vault_keys SET wrapped = $1", params![wrapped]);
    assert_eq!(reasons(&house), ["the journal says that it was destroyed, and it is here"]);
    house.tamper("DELETE FROM vault_keys", &[]);
    assert_eq!(reasons(&house), ["the mark that it was destroyed is missing"]);
}
