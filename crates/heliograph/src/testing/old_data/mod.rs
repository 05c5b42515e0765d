//! What earlier programs left is opened by this one.
//!
//! `NNNN_name.jsonl` beside this file holds a small centre as the program of that schema left
//! it: every row of every table, its keys (made for this), and what its people remember. A new
//! migration brings the file of the step before it, written by the program as it was, and counts it in
//! `MUST_BE_THERE`:
//!
//! ```text
//! HELIOGRAPH_LEAVE_DATA=/tmp/0002_persons.jsonl cargo nextest run --workspace leaves_data_behind
//! ```

use super::case::InCase;
use super::{PASSWORD, TestApp};
use crate::access::{self, Permission, Role};
use crate::ledger::Actor;
use serde_json::{Value, json};
use std::fmt::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use storage::{Database, Error, Scratch, Tx, migration_names};

/// A small centre in which there is one of everything.
fn life(app: &TestApp) -> Value {
    let case = app.case_with(&[("proof_of_concept", "zinnober.py")]);
    let (_, vendor) = case.vendor("Nordwind");
    let post = |client: &super::Client<'_>, place: String, form: &[(&str, &str)]| {
        let done = client.post_form(&place, form);
        assert_eq!(done.status(), 303, "{}", done.text());
    };
    post(&vendor, case.place("/statement"), &[("product", "zinnober"), ("status", "affected")]);
    post(&vendor, case.place("/report-state"), &[("step", "validate")]);
    post(&case.desk, case.place("/message"), &[("to", "everyone"), ("message", "zinnober")]);
    post(&case.desk, case.place("/grade"), &[("cvss31", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")]);
    post(&case.desk, "/deadlines/drills".into(), &[]);
    case.draft();
    let (declined, doubled) = (app.report(), app.report());
    let waiting = app.report_with(&[
        ("for_manufacturer", "yes"),
        ("exploited", "yes"),
        ("aware", "2026-11-24T08:00"),
        ("aware_zone", "Europe/Berlin"),
    ]);
    post(&case.desk, format!("/desk/report/{}/decline", declined.id), &[("reason", "zinnober")]);
    post(&case.desk, format!("/desk/report/{}/duplicate", doubled.id), &[("of", waiting.id.as_str())]);
    post(&waiting.client, "/my/message".into(), &[("message", "zinnober")]);
    let published = app.case();
    published.publish();
    erase(&app.case());
    unfinished(app, &case);
    app.advance(30);
    app.app.ledger.checkpoint_blocking().unwrap();
    json!({
        "claim": waiting.claim, "login": "coordinator-0", "recovery_code": app.recovery_code("coordinator-0"),
        "case": case.id.as_str(), "published": published.id.as_str(),
    })
}

fn erase(case: &InCase<'_>) {
    for (what, form) in
        [("/embargo", &[("do", "end"), ("cause", "agreed")][..]), ("/close", &[]), ("/erase", &[])]
    {
        let done = case.desk.post_form(&case.place(what), form);
        assert_eq!(done.status(), 303, "{what}: {}", done.text());
    }
}

/// What lies outside the journal: a draft, a token, an invitation.
fn unfinished(app: &TestApp, case: &InCase<'_>) {
    let browser = app.anonymous();
    browser.get("/report");
    browser.post_form("/report/draft", &[("product", "Zinnober Kettle")]);
    app.token(&case.desk, &[Permission::ViewCase]);
    app.submit(|w| access::create_account(w, &Actor::System, "guest", vec![Role::Reporter], None));
}

fn keys(folder: &Path) -> PathBuf {
    folder.join("keys")
}

/// Writes the file of the schema as it is today.
#[test]
fn leaves_data_behind() {
    let Ok(file) = std::env::var("HELIOGRAPH_LEAVE_DATA") else { return };
    let app = TestApp::new();
    let mut text = String::new();
    writeln!(text, "{}", json!({ "remembered": life(&app) })).unwrap();
    for key in ["master.key", "log.key"] {
        let secret = std::fs::read_to_string(keys(app.folder()).join(key)).unwrap();
        writeln!(text, "{}", json!({ "key": key, "secret": secret })).unwrap();
    }
    text += &app.read(|tx| Ok(rows(tx)?));
    std::fs::write(file, text).unwrap();
}

/// Every row of every table but the list of steps, a line each.
fn rows(tx: &mut Tx<'_>) -> Result<String, Error> {
    let mut text = String::new();
    for table in tx.tables()?.into_iter().filter(|table| table != "schema_steps") {
        let columns = tx.columns(&table)?;
        for row in tx.query(&format!("SELECT * FROM {table}"), &[])? {
            let cells = columns.iter().zip(row.values()).map(|(column, value)| (column.clone(), cell(value)));
            let cells: serde_json::Map<String, Value> = cells.collect();
            writeln!(text, "{}", json!({ "table": table, "row": cells })).unwrap();
        }
    }
    Ok(text)
}

/// Puts the rows of a file into a database of its step.
fn load(db: &Database, lines: &[Value]) -> Result<(), Error> {
    db.write(|tx| {
        for line in lines.iter().filter(|line| line.get("row").is_some()) {
            let (table, row) = (line["table"].as_str().unwrap(), line["row"].as_object().unwrap());
            let columns: Vec<&str> = row.keys().map(String::as_str).collect();
            let places: Vec<String> = (1..=columns.len()).map(|place| format!("${place}")).collect();
            let sql = format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), places.join(", "));
            tx.execute(&sql, &row.values().map(value).collect::<Vec<_>>())?;
        }
        Ok(())
    })
}

fn cell(value: &storage::Value) -> Value {
    match value {
        storage::Value::Null => Value::Null,
        storage::Value::Int(number) => json!(number),
        storage::Value::Text(text) => json!(text),
        storage::Value::Blob(bytes) => {
            json!({ "hex": bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>() })
        }
    }
}

fn value(cell: &Value) -> storage::Value {
    match cell {
        Value::Null => storage::Value::Null,
        Value::Number(number) => storage::Value::Int(number.as_i64().unwrap()),
        Value::String(text) => storage::Value::Text(text.clone()),
        bytes => {
            let hex = bytes["hex"].as_str().unwrap();
            let pairs = (0..hex.len() / 2).map(|pair| u8::from_str_radix(&hex[pair * 2..pair * 2 + 2], 16));
            storage::Value::Blob(pairs.collect::<Result<_, _>>().unwrap())
        }
    }
}

/// Steps that were ever left behind by a released program, or by one that people ran for a while: what
/// they left must be there. Steps that came and went before anybody ran them need no file.
const MUST_BE_THERE: usize = 8;

/// The files that there are, with the number of their step.
fn left() -> Vec<(usize, Vec<Value>)> {
    let names: Vec<&str> = migration_names().collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/testing/old_data");
    let mut all = Vec::new();
    for (number, name) in names.iter().enumerate() {
        match std::fs::read_to_string(folder.join(format!("{name}.jsonl"))) {
            Ok(text) => {
                all.push((
                    number + 1,
                    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect(),
                ));
            }
            Err(_) => assert!(number >= MUST_BE_THERE, "{name}.jsonl is missing: see the top of this module"),
        }
    }
    all
}

#[test]
fn what_every_earlier_schema_left_is_whole_and_can_be_worked_with() {
    for (step, lines) in left() {
        let scratch = Scratch::at_step(step).unwrap();
        load(&scratch, &lines).unwrap();
        std::fs::create_dir_all(keys(scratch.dir())).unwrap();
        for line in lines.iter().filter(|line| line.get("key").is_some()) {
            let file = keys(scratch.dir()).join(line["key"].as_str().unwrap());
            std::fs::write(&file, line["secret"].as_str().unwrap()).unwrap();
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        // Opening it runs the later steps.
        let app = TestApp::on(scratch, &[], 8);
        let events = lines.iter().filter(|line| line["table"] == "events").count();
        assert_eq!(usize::try_from(app.size()).unwrap(), events);
        // Entries, tree, checkpoints, sealed texts, and the views of today against their rebuild.
        app.verify();
        still_works(&app, &lines[0]["remembered"]);
    }
}

/// People go on where they were.
fn still_works(app: &TestApp, remembered: &Value) {
    let word = |name: &str| remembered[name].as_str().unwrap();
    let reporter = app.anonymous();
    assert_eq!(reporter.post_form("/my/claim", &[("code", word("claim"))]).status(), 303);
    assert!(reporter.get("/my").text().contains("zinnober valve"));
    let desk = match remembered["recovery_code"].as_str() {
        Some(code) => {
            let desk = app.anonymous();
            let form = [("login", word("login")), ("password", PASSWORD), ("code", code), ("next", "/")];
            assert_eq!(desk.post_form("/login", &form).status(), 303);
            desk
        }
        // Every role at the centre needs a second factor now; this one began without.
        None => {
            app.second_factor(word("login"));
            app.signed_in(word("login"))
        }
    };
    let case = desk.get(&format!("/case/{}", word("case")));
    assert!(case.text().contains("zinnober valve"), "{}", case.text());
    let written = desk.post_form(
        &format!("/case/{}/message", word("case")),
        &[("to", "everyone"), ("message", "zinnober")],
    );
    assert_eq!(written.status(), 303, "{}", written.text());
    assert_eq!(app.anonymous().get(&format!("/advisories/{}", word("published"))).status(), 200);
    assert_eq!(app.report().client.get("/my").status(), 200);
}
