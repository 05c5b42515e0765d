//! The bytes that are hashed, pinned: an old journal must stay readable, and its hashes right.

use super::*;
use crate::ledger::epoch::Log;
use crate::ledger::vault::Compartment;
use serde_json::json;

const GOLDEN: &str = include_str!("golden_entry.txt");

fn entry() -> Recorded {
    Recorded {
        seq: 41,
        stream: "report/HEL-2026-000123".into(),
        version: 3,
        at: "2026-03-01T12:00:00.25Z".parse().unwrap(),
        actor: Actor::System,
        kind: "report.received".into(),
        body: json!({
            "text": {"item": "00ff", "commitment": "aa"},
            "exploited": null, "public": false, "score": -1, "große Zahl": u64::MAX,
            "list": [1, "zwei\n\u{1F600}\"\\\u{7f}"],
        }),
    }
}

#[test]
fn the_canonical_bytes_of_an_entry_never_change() {
    let hash = |bytes: &[u8]| merkle::Hash(merkle::commitment(&[7; 32], bytes));
    let canonical = entry().canonical();
    let leaf = merkle::leaf(&hash(&canonical).0);
    let text = String::from_utf8(canonical.clone()).unwrap();
    let found = format!("{text}\ncommitment {:x}\nleaf {leaf:x}\n", hash(&canonical));
    assert_eq!(found, GOLDEN);
    let back = Recorded::parse(GOLDEN.lines().next().unwrap().as_bytes()).unwrap();
    assert_eq!(back.canonical(), canonical);
    assert_eq!((back.seq, back.version, back.at), (41, 3, entry().at));
}

#[test]
fn old_entries_are_read() {
    crate::testing::old_entries_are_read::<Compartment>();
    crate::testing::old_entries_are_read::<Log>();
}

#[test]
fn actors_are_written_and_read_back() {
    for text in ["system", "account/7q2k9mzr4w8c1h5x", "reporter/HEL-R-2026-000123"] {
        let bytes =
            String::from_utf8(entry().canonical()).unwrap().replace("\"system\"", &format!("{text:?}"));
        let read = Recorded::parse(bytes.as_bytes()).unwrap();
        assert_eq!(read.actor.to_string(), text);
        assert_eq!(read.canonical(), bytes.as_bytes());
    }
    assert!(Recorded::parse(b"{}").is_none());
    assert!(Recorded::parse(&[0xff, 0]).is_none());
}
