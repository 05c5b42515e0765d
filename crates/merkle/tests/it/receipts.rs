//! Receipts: one that another implementation wrote, and what happens to each way of altering it.

use merkle::{
    Cosignature, Error, Limits, Receipt, SigningKey, Verified, attach, cosignatures, inclusion, leaf, root,
};

use crate::store::{ORIGIN, Store, log, log_key, witness};

/// Written by a separate implementation in another language, from the same seeds and records.
const GOLDEN: &str = include_str!("golden.tlog-proof");

fn record(number: u64) -> ([u8; 32], Vec<u8>) {
    ([number as u8; 32], format!(r#"{{"record":{number}}}"#).into_bytes())
}

fn receipt_of(index: u64, size: u64) -> Receipt {
    let leaf_at = |number| {
        let (salt, canonical) = record(number);
        leaf(&merkle::commitment(&salt, &canonical))
    };
    let mut store = Store::of((0..size).map(leaf_at));
    let checkpoint = merkle::Checkpoint::new(ORIGIN, size, root(size, &mut store).unwrap()).unwrap();
    let proof = inclusion(index, size, &mut store).unwrap();
    let (salt, canonical) = record(index);
    Receipt::new(salt, canonical, index, proof, log().sign(&checkpoint).unwrap()).unwrap()
}

fn read(text: &str) -> Result<Receipt, Error> {
    Receipt::parse(text, Limits::default())
}

#[test]
fn the_golden_receipt() {
    let receipt = read(GOLDEN).unwrap();
    let leaf = leaf(&merkle::commitment(&record(2).0, &record(2).1));
    let proven = Verified { leaf, index: 2, size: 5, origin: ORIGIN.into(), canonical: record(2).1 };
    assert_eq!(receipt.verify(&log_key()), Ok(proven));
    assert_eq!(receipt.to_text(), GOLDEN);
    assert_eq!(receipt.index(), 2);
    let seen = cosignatures(receipt.checkpoint(), &[witness().witness()]).unwrap();
    assert_eq!(seen, [Cosignature { witness: "witness.example/w1".into(), at: 1_790_000_000 }]);

    // We write the same.
    let ours = receipt_of(2, 5);
    let opened = merkle::open(ours.checkpoint(), &log_key()).unwrap();
    let line = witness().cosign(&opened, 1_790_000_000).unwrap();
    let checkpoint = attach(ours.checkpoint(), &line, &[witness().witness()]).unwrap();
    let (salt, canonical) = record(2);
    let proof: Vec<merkle::Hash> = GOLDEN.lines().skip(3).take(3).map(|line| line.parse().unwrap()).collect();
    assert_eq!(Receipt::new(salt, canonical, 2, proof, checkpoint).unwrap().to_text(), GOLDEN);
}

#[test]
fn the_key_is_given_and_never_taken_from_the_receipt() {
    let other = SigningKey::from_seed(ORIGIN, [8; 32]).unwrap().verifier();
    let refused = read(GOLDEN).unwrap().verify(&other);
    assert_eq!(refused, Err(Error::NotSigned { name: ORIGIN.into(), id: other.id() }));
    let elsewhere = SigningKey::from_seed("other.example", [7; 32]).unwrap().verifier();
    assert!(read(GOLDEN).unwrap().verify(&elsewhere).is_err());
}

#[test]
fn every_record_of_small_logs() {
    for size in 1..=20 {
        for index in 0..size {
            let receipt = receipt_of(index, size);
            let again = read(&receipt.to_text()).unwrap();
            assert_eq!(again, receipt);
            let proven = again.verify(&log_key()).unwrap();
            assert_eq!((proven.index, proven.size, proven.canonical), (index, size, record(index).1));
        }
    }
}

#[test]
fn no_character_can_be_changed() {
    let text = receipt_of(2, 5).to_text();
    let key = log_key();
    let proven = |text: &str| read(text).and_then(|receipt| receipt.verify(&key));
    assert!(proven(&text).is_ok());
    for (at, old) in text.char_indices() {
        let rest = &text[at + old.len_utf8()..];
        for new in ['A', '3', '\n'] {
            let altered = format!("{}{new}{rest}", &text[..at]);
            assert!(altered == text || proven(&altered).is_err(), "{new:?} for {old:?} at {at}");
        }
        assert!(proven(&format!("{}{rest}", &text[..at])).is_err(), "without {old:?} at {at}");
        assert!(proven(&format!("{}{old}{old}{rest}", &text[..at])).is_err(), "{old:?} twice at {at}");
        assert!(proven(&text[..at]).is_err(), "cut at {at}");
    }
}

#[test]
fn words_for_what_is_wrong() {
    let lines: Vec<&str> = GOLDEN.split('\n').collect();
    let with = |line: usize, text: &str| {
        let mut lines = lines.clone();
        lines[line - 1] = text;
        lines.join("\n")
    };
    let cases = [
        (with(1, "c2sp.org/tlog-proof@v2"), "line 1: a receipt begins with c2sp.org/tlog-proof@v1"),
        (with(2, "index 2"), "line 2: it should be the word extra"),
        (with(2, "extra AAA"), "line 2: what follows the word extra is not base64"),
        (with(2, "extra AAAA"), "line 2: the record's salt, 32 bytes, is not complete"),
        (with(3, "index 02"), "line 3: it should be the word index"),
        (with(3, "index"), "line 3: it should be the word index"),
        (with(3, "index 5"), "there is no record 5 in a log of 5 records"),
        (with(5, "m7Yk"), "line 5: a hash is 32 bytes in base64"),
        (with(7, "x"), "line 7: a hash is 32 bytes in base64"),
        (with(9, "05"), "line 9: it should be the log's size, in digits"),
        (with(10, "x"), "line 10: it should be the log's root"),
        (with(12, "- name AAAA"), "line 12: a signature is a dash (U+2014)"),
        (with(13, "— w AAAAA==="), "line 13: a signature is a dash (U+2014)"),
        (GOLDEN.replace('\n', "\r\n"), "line 1: the line ends as on Windows"),
        (GOLDEN.trim_end().to_owned(), "line 13: the last line does not end in a newline"),
        (format!("{GOLDEN} "), "line 14: the last line does not end in a newline"),
        (format!("{GOLDEN}\n{GOLDEN}"), "line 11: it is empty"),
        (String::new(), "line 1: no blank line parts the proof from the checkpoint"),
        ("c2sp.org/tlog-proof@v1\nextra\n".to_owned(), "line 2: no blank line"),
    ];
    for (text, want) in cases {
        let got = read(&text).unwrap_err().to_string();
        assert!(got.contains(want), "got {got:?}, want {want:?}");
    }
    // A sound form with a proof that does not fit.
    let swapped = with(3, "index 1");
    let refused = read(&swapped).unwrap().verify(&log_key());
    assert_eq!(refused, Err(Error::NotIncluded { index: 1, size: 5 }));
}

#[test]
fn limits() {
    let bytes = Limits { bytes: GOLDEN.len() - 1, ..Limits::default() };
    let refused = Receipt::parse(GOLDEN, bytes);
    assert_eq!(refused, Err(Error::ReceiptTooLarge { got: GOLDEN.len(), limit: GOLDEN.len() - 1 }));
    let hashes = Limits { hashes: 2, ..Limits::default() };
    assert_eq!(Receipt::parse(GOLDEN, hashes), Err(Error::ProofTooLong { got: 3, limit: 2 }));
    assert!(Receipt::parse(GOLDEN, Limits { bytes: GOLDEN.len(), hashes: 3 }).is_ok());

    let hash = GOLDEN.lines().nth(3).unwrap();
    let padded = GOLDEN.replace(hash, &[hash; 62].join("\n"));
    assert_eq!(read(&padded), Err(Error::ProofTooLong { got: 64, limit: 63 }));
    let huge = format!("{GOLDEN}{}", "x".repeat(1 << 20));
    assert!(matches!(read(&huge), Err(Error::ReceiptTooLarge { limit: 1_048_576, .. })));
}

/// What the record says is anybody's bytes, none at all included.
#[test]
fn records_of_any_bytes() {
    for canonical in [Vec::new(), vec![0; 300_000], b"\n\nindex 7\n\n".to_vec()] {
        let store_leaf = leaf(&merkle::commitment(&[1; 32], &canonical));
        let checkpoint = merkle::Checkpoint::new(ORIGIN, 1, store_leaf).unwrap();
        let note = log().sign(&checkpoint).unwrap();
        let receipt = Receipt::new([1; 32], canonical.clone(), 0, vec![], note).unwrap();
        let again = read(&receipt.to_text()).unwrap();
        assert_eq!(again.verify(&log_key()).unwrap().canonical, canonical);
    }
}
