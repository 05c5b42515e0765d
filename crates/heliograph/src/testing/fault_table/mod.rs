//! Each write of each command fails twice: not kept, and kept although the database said no
//! (STYLE.md, rule 8). The table names the commands; what they write is heard from the database, so
//! that a statement which is new tomorrow fails tomorrow too.
//!
//! Whatever failed, the answer says so and nothing is there that was not there before; the same
//! request then does its work. A commit that was kept although its answer was lost is found and
//! acknowledged where it left an entry in the journal; where it left none, the answer is that nobody
//! knows, and the same request may be sent again.

mod accreditations;
mod deadlines;
mod partners;
mod programs;
mod subscriptions;
mod table;
mod vetting;

use super::TestApp;
use std::collections::{BTreeMap, BTreeSet};
use storage::Fault;
use table::{Command, World};

fn commands() -> impl Iterator<Item = &'static Command> {
    let ours = accreditations::COMMANDS.iter().chain(partners::COMMANDS).chain(subscriptions::COMMANDS);
    let ours = ours.chain(vetting::COMMANDS);
    table::COMMANDS.iter().chain(deadlines::COMMANDS).chain(ours).chain(programs::COMMANDS)
}

fn is_done(status: u16) -> bool {
    matches!(status, 200 | 201 | 204 | 303)
}

/// Rows of every table but the counters of attempts, which count what was refused as well.
fn rows(app: &TestApp) -> BTreeMap<String, Vec<String>> {
    app.read(|tx| {
        let mut all = BTreeMap::new();
        for table in tx.tables()?.into_iter().filter(|table| table != "attempts") {
            let mut rows: Vec<String> = tx
                .query(&format!("SELECT * FROM {table}"), &[])?
                .iter()
                .map(|row| format!("{row:?}"))
                .collect();
            rows.sort();
            all.insert(table, rows);
        }
        Ok(all)
    })
}

fn changed(before: &BTreeMap<String, Vec<String>>, after: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    before.iter().filter(|(table, rows)| after[*table] != **rows).map(|(table, _)| table.clone()).collect()
}

/// The beginning of a statement, which is enough to tell it from others: `INSERT INTO reads`.
fn beginning(statement: &str) -> String {
    let words: Vec<&str> = statement.split_whitespace().collect();
    let enough = if words.first() == Some(&"UPDATE") { 4 } else { 3 };
    let start = words.get(..enough).unwrap_or(&words).join(" ");
    start.split('(').next().unwrap_or_default().trim().to_owned()
}

/// What a command writes, in order, heard while it does so. Counters of attempts come in a command of
/// their own, before the one that is tried here.
fn writes(app: &TestApp, command: &Command, world: &World<'_>) -> Vec<String> {
    let db = app.app.ledger.db();
    db.listen();
    let status = (command.run)(world);
    let heard = db.heard();
    assert!(is_done(status), "{}: {status}", command.name);
    let mut seen = BTreeSet::new();
    let mut writes: Vec<String> = heard.iter().map(|statement| beginning(statement)).collect();
    writes.retain(|write| !write.ends_with(" attempts") && seen.insert(write.clone()));
    assert!(writes.contains(&"COMMIT".to_owned()), "{}: {writes:?}", command.name);
    writes
}

fn try_everything(command: &Command) -> usize {
    let heard = TestApp::new();
    let writes = writes(&heard, command, &(command.prepare)(&heard));
    // In a centre of its own: what is written once, as when a stream begins, is written there as well.
    let app = TestApp::new();
    let db = app.app.ledger.db().clone();
    let world = (command.prepare)(&app);
    let mut tried = 0;
    let mut before = rows(&app);
    for (at, kept) in writes.iter().flat_map(|at| [(at, false), (at, true)]) {
        let case = format!("{}: {at}, {}", command.name, if kept { "kept" } else { "not kept" });
        if command.counts_first && at == "COMMIT" {
            continue;
        }
        db.inject(Fault { at: at.clone(), kept });
        let status = (command.run)(&world);
        assert_eq!(db.forget_faults(), 0, "{case}: it did not strike");
        let after = rows(&app);
        tried += 1;
        if at != "COMMIT" || !kept {
            assert_eq!(status, 500, "{case}");
            assert_eq!(changed(&before, &after), Vec::<String>::new(), "{case}");
        } else if before["events"] == after["events"] {
            assert_eq!(status, 500, "{case}: nobody can know");
            before = after;
        } else {
            assert!(is_done(status), "{case}: {status}");
            // It is done; what follows is tried on a new one.
            return tried;
        }
    }
    // Where nobody could know, it may be done: then there is nothing left to do.
    let status = (command.run)(&world);
    assert!(is_done(status) || matches!(status, 404 | 409), "{}: sent again, {status}", command.name);
    tried
}

fn part(number: usize, of: usize) {
    let mine = commands().skip(number).step_by(of);
    let tried: usize = mine.map(try_everything).sum();
    println!("{tried} faults");
    assert!(tried > 0);
}

#[test]
fn every_write_of_every_command_may_fail_first_quarter() {
    part(0, 4);
}

#[test]
fn every_write_of_every_command_may_fail_second_quarter() {
    part(1, 4);
}

#[test]
fn every_write_of_every_command_may_fail_third_quarter() {
    part(2, 4);
}

#[test]
fn every_write_of_every_command_may_fail_last_quarter() {
    part(3, 4);
}

/// A route that changes something has its line in the table.
#[test]
fn every_route_that_writes_is_in_the_fault_table() {
    let app = TestApp::new();
    let tried: BTreeSet<&str> = commands().map(|command| command.name).collect();
    // Questions that are asked by POST because of what they carry; they write nothing but
    // a counter of attempts.
    let asks = [
        "POST /v1/query",
        "POST /v1/querybatch",
        "POST /sbom",
        "POST /api/v1/sbom",
        "POST /api/v1/reports/status",
        "POST /api/v1/reports/receipt",
        "POST /api/v1/reports/reads",
    ];
    let posts = app.routes.iter().filter(|route| route.method != "GET");
    let posts = posts.map(|route| format!("{} {}", route.method, route.path));
    let missing: Vec<String> =
        posts.filter(|route| !tried.contains(route.as_str()) && !asks.contains(&route.as_str())).collect();
    assert!(missing.is_empty(), "routes whose writes nobody has tried failing: {missing:#?}");
}
