//! All entries about a thing.

use crate::ledger::{self, Recorded, read, streams};
use crate::testing::TestApp;
use std::collections::BTreeSet;
use storage::params;

/// Two cases, one of which became part of the other, with what was written, sealed, read, published and
/// erased around them.
fn lived() -> TestApp {
    let app = TestApp::new();
    let (case, other) = (app.case(), app.case_with(&[("proof_of_concept", "zinnober.py")]));
    case.vendor("Nordwind");
    case.desk.get(&case.place(""));
    case.desk.post_form("/deadlines/drills", &[]);
    let merged = other.desk.post_form(&other.place("/merge"), &[("into", case.id.as_str())]);
    assert_eq!(merged.status(), 303, "{}", merged.text());
    case.publish();
    for what in ["/close", "/erase"] {
        assert_eq!(case.desk.post_form(&case.place(what), &[]).status(), 303, "{what}");
    }
    app
}

/// What was found by looking through the whole journal is found without it, for everything that a stream is
/// named by, and nothing else is.
#[test]
fn all_entries_about_a_thing_are_found_and_no_other() {
    let app = lived();
    let all: Vec<Recorded> = app.read(|tx| Ok(read::from(tx, 0, 10_000)?));
    let known: BTreeSet<&str> = all.iter().flat_map(|entry| streams::subjects(&entry.stream)).collect();
    assert!(known.len() > 10, "{known:?}");
    for subject in known.iter().copied().chain(["case", "HEL", "HEL-2026-00000", "%", ""]) {
        let is_named = |stream: &str| {
            let (end, middle) = (format!("/{subject}"), format!("/{subject}/"));
            stream.ends_with(&end) || stream.contains(&middle)
        };
        let expected: Vec<i64> =
            all.iter().filter(|entry| is_named(&entry.stream)).map(|entry| entry.seq).collect();
        let found = app.read(|tx| Ok(ledger::about(tx, subject)?));
        let found: Vec<i64> = found.iter().map(|entry| entry.seq).collect();
        assert_eq!(found, expected, "{subject}");
    }
    let about = |subject: &str| {
        let found = app.read(|tx| Ok(ledger::about(tx, subject)?));
        found.into_iter().map(|entry| entry.stream).collect::<BTreeSet<String>>()
    };
    let case = about("HEL-2026-000001");
    for kind in ["advisory", "case", "clocks", "reads", "vault/case"] {
        assert!(case.contains(&format!("{kind}/HEL-2026-000001")), "{kind}: {case:?}");
    }
    app.verify();
}

/// However long the journal is, only the streams of the thing are looked at.
#[test]
fn no_entry_about_a_thing_is_found_by_scanning() {
    let app = TestApp::new();
    if app.app.ledger.db().engine() != storage::Engine::Sqlite {
        return; // PostgreSQL plans small tables as scans, and rightly so.
    }
    let plan: Vec<String> = app.read(|tx| {
        let rows = tx.query(&format!("EXPLAIN QUERY PLAN {}", streams::ABOUT), params!["x"])?;
        rows.iter().map(|row| Ok(row.get(3)?)).collect()
    });
    assert!(!plan.is_empty() && plan.iter().all(|step| !step.contains("SCAN")), "{plan:?}");
}
