//! Each write of the path fails twice: not kept, and kept although the database said no.

use super::*;
use storage::Fault;

/// Every statement that a command can send, and COMMIT.
const WRITES: &[&str] = &[
    "INSERT INTO events",
    "INSERT INTO tree_nodes",
    "INSERT INTO vault_keys",
    "INSERT INTO vault_items",
    "UPDATE vault_items",
    "DELETE FROM vault_items",
    "INSERT INTO organisations",
    "INSERT INTO checkpoints",
    "COMMIT",
];

/// One command that sends all of them.
fn everything(w: &mut Writer<'_, '_>, id: &str) -> Result<Item, Error> {
    let item = write(w, id, &format!("case/{id}"), &[b'x'; 66_000])?;
    let gone = format!("exploit/{id}");
    write(w, id, &gone, b"exploit")?;
    w.erase(&gone)?;
    name_in(w, id, id)?;
    crate::ledger::checkpoint::sign(w)?;
    Ok(item)
}

#[test]
fn every_write_may_fail_kept_or_not_and_every_answer_is_honest() {
    let house = House::new();
    let run = |id: &str| {
        let id = id.to_owned();
        house.ledger.submit_blocking(move |w| everything(w, &id))
    };
    let mut done = 1;
    let mut items = vec![run("first").unwrap()];
    for (at, kept) in WRITES.iter().flat_map(|at| [(*at, false), (*at, true)]) {
        house.db().inject(Fault { at: at.into(), kept });
        let id = format!("{at} {kept}");
        let failed = run(&id);
        let case = format!("{id}: {failed:?}");
        // A commit that was kept although its answer was lost is found and acknowledged.
        assert_eq!(failed.is_ok(), at == "COMMIT" && kept, "{case}");
        assert_eq!(house.viewed(&id).is_some(), failed.is_ok(), "{case}");
        items.extend(failed);
        items.push(run(&format!("after {id}")).unwrap());
        done += 1 + u64::from(at == "COMMIT" && kept);
        let outcome = house.clean();
        assert_eq!((outcome.entries, outcome.erased_items), (4 * done, done), "{case}");
    }
    for item in items {
        assert!(matches!(house.open(&item), Ok(crate::ledger::Unsealed::Bytes(_))));
    }
}

/// The question after a lost answer may fail too, and is asked again.
#[test]
fn a_commit_is_asked_for_more_than_once() {
    for kept in [false, true] {
        let house = House::new();
        for _ in 0..2 {
            house.db().inject(Fault { at: "COMMIT".into(), kept });
        }
        let answer = house.name("a", "x");
        assert_eq!(answer.is_ok(), kept);
        assert_eq!(house.viewed("a").is_some(), kept);
        house.clean();
    }
}

/// Writes outside the journal (a session) leave nothing to recognise them by, so the answer is that
/// nobody knows.
#[test]
fn a_lost_commit_without_entries_is_called_unknown() {
    let house = House::new();
    house.db().inject(Fault { at: "COMMIT".into(), kept: true });
    let sql = "INSERT INTO attempts (bucket, count, since) VALUES ('a', 1, 0)";
    let answer = house.ledger.submit_blocking(|w| Ok::<_, Error>(w.tx().execute(sql, &[])?));
    assert!(matches!(answer, Err(Error::Storage(storage::Error::CommitUnknown(_)))));
}

/// A database that comes back is used again, by whoever finds it first.
#[test]
fn a_dropped_connection_costs_no_command_that_had_not_begun() {
    let house = House::new();
    if house.db().engine() == Engine::Sqlite {
        return;
    }
    house.name("a", "before").unwrap();
    let other = reopened(&house.scratch);
    let cut = "SELECT CAST(COUNT(pg_terminate_backend(pid)) AS BIGINT) FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    for round in 0..3 {
        let cut = other.read(|tx| tx.query_one(cut, &[])).unwrap();
        assert!(cut.get::<i64>(0).unwrap() > 0);
        std::thread::sleep(std::time::Duration::from_millis(100));
        house.name("a", &format!("after {round}")).unwrap();
    }
    house.clean();
}

/// A connection that dies under a batch takes the batch with it, and says so to each.
#[test]
fn a_connection_that_dies_within_a_batch_is_reported_to_all_of_it() {
    let house = House::new();
    if house.db().engine() == Engine::Sqlite {
        return;
    }
    let gate = house.gate();
    let one = house.ledger.send(|w| name_in(w, "one", "x"));
    let two = house.ledger.send(|w| {
        w.tx().query("SELECT pg_terminate_backend(pg_backend_pid())", &[])?;
        Ok::<_, Error>(0)
    });
    let three = house.ledger.send(|w| name_in(w, "three", "x"));
    drop(gate);
    for answer in [answer(one), answer(two), answer(three)] {
        assert!(matches!(answer, Err(Error::Storage(_))), "{answer:?}");
    }
    house.name("four", "x").unwrap();
    assert_eq!(house.clean().entries, 1);
}
