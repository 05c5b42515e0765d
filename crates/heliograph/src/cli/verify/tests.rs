//! What a person sees, and the exit codes that scripts see.

use super::*;
use crate::app::{App, Clock, Random};
use crate::ledger::{Actor, Writer, latest_checkpoint, receipt};
use crate::people::{self, Mandate};
use crate::refusal::Refusal;
use clap::Parser;
use storage::{Scratch, params};

#[derive(Debug, clap::Parser)]
struct Line {
    #[command(flatten)]
    args: Args,
}

fn judged(line: &[&str]) -> anyhow::Result<Verdict> {
    judge(None, &Line::try_parse_from([&["verify"], line].concat())?.args)
}

fn centre(scratch: &Scratch) -> App {
    let flags = [("data", scratch.dir().display().to_string())];
    let settings = Settings::load(None, &flags).unwrap();
    App::open(settings, Clock::simulated("2026-03-01T12:00:00Z".parse().unwrap()), Random::seeded(5)).unwrap()
}

fn add(app: &App, count: usize) {
    let add = move |w: &mut Writer<'_, '_>| {
        for n in 0..count {
            people::add(w, &Actor::System, &format!("Organisation {n}"), Mandate::Defensive)?;
        }
        Ok::<_, Refusal>(())
    };
    app.ledger.submit_blocking(add).unwrap();
}

#[test]
fn the_journal_of_a_folder() {
    let scratch = Scratch::sqlite().unwrap();
    let app = centre(&scratch);
    add(&app, 3);
    app.ledger.checkpoint_blocking().unwrap();
    let data = scratch.dir().display().to_string();
    let clean = judged(&["--data", &data]).unwrap();
    assert!(clean.clean);
    let (first, _) = clean.text.split_once('\n').unwrap();
    // Each organisation, and the stream that is about it.
    assert_eq!(first, "3 entries, 1 checkpoints, 0 sealed items (0 erased), 0 vault keys, 6 rows of views");
    assert_eq!(clean.json["outcome"]["size"], 3);

    let (_, note) = app.ledger.db().read(latest_checkpoint).unwrap().unwrap();
    let held = scratch.dir().join("held");
    std::fs::write(&held, &note).unwrap();
    let held = held.display().to_string();
    assert!(judged(&["--data", &data, "--since", &held]).unwrap().clean);
    let sql = "UPDATE events SET salt = $1 WHERE seq = 1";
    app.ledger.db().write(|tx| tx.execute(sql, params![[0_u8; 32]])).unwrap();
    let damaged = judged(&["--data", &data, "--since", &held]).unwrap();
    assert!(!damaged.clean);
    assert!(
        damaged.text.contains("entry - entry 1: its bytes or salt do not fit its commitment\n"),
        "{}",
        damaged.text
    );

    let other = scratch.dir().join("other").display().to_string();
    assert!(judged(&["--data", &other]).is_err());
    assert!(!Path::new(&other).exists(), "nothing is made where there is nothing");
}

#[test]
fn a_receipt_offline() {
    let scratch = Scratch::sqlite().unwrap();
    let app = centre(&scratch);
    add(&app, 3);
    app.ledger.checkpoint_blocking().unwrap();
    let text = app.ledger.db().read(|tx| receipt(tx, 1)).unwrap().unwrap();
    let file = scratch.dir().join("receipt");
    std::fs::write(&file, &text).unwrap();
    let file = file.display().to_string();
    let key = app.ledger.keys().verifier().to_string();
    let proven = judged(&["--receipt", &file, "--key", &key]).unwrap();
    assert!(proven.clean);
    let says = "Proven: the log heliograph.invalid/log has this entry, number 1 (from 0), and had it when it \
                was 3 entries long.\nReceived 2026-03-01T12:00:00Z, as the centre wrote it then.\n";
    assert!(proven.text.starts_with(says), "{}", proven.text);
    assert!(
        proven.text.contains(r#""body":{"mandate":"defensive","name":"Organisation 1"}"#),
        "{}",
        proven.text
    );
    assert_eq!((&proven.json["index"], &proven.json["size"]), (&1.into(), &3.into()));

    // The key may lie in a file; without one, nothing is taken from the receipt.
    let key_file = scratch.dir().join("log key");
    std::fs::write(&key_file, format!("{key}\n")).unwrap();
    assert!(judged(&["--receipt", &file, "--key", &key_file.display().to_string()]).unwrap().clean);
    assert!(judged(&["--receipt", &file]).is_err());
    let stranger = merkle::SigningKey::from_seed("heliograph.invalid/log", [9; 32]).unwrap().verifier();
    let refused = judged(&["--receipt", &file, "--key", &stranger.to_string()]).unwrap();
    assert!(!refused.clean && refused.text.contains("proves nothing"), "{}", refused.text);
    std::fs::write(&file, text.replacen("index 1", "index 2", 1)).unwrap();
    assert!(!judged(&["--receipt", &file, "--key", &key]).unwrap().clean);
    std::fs::write(&file, "not a receipt").unwrap();
    assert!(!judged(&["--receipt", &file, "--key", &key]).unwrap().clean);
    assert!(judged(&["--receipt", "/nowhere", "--key", &key]).is_err());
    assert!(judged(&["--receipt", &file, "--key", "nonsense"]).is_err());
}

/// Serves the centre's routes on a port of this machine.
fn served(app: &App) -> (String, tokio::runtime::Runtime) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (router, _) = crate::router::routes(app);
    runtime.spawn(async move { axum::serve(listener, router).await });
    (url, runtime)
}

#[test]
fn a_log_somewhere_else() {
    let scratch = Scratch::sqlite().unwrap();
    let app = centre(&scratch);
    add(&app, 200);
    app.ledger.checkpoint_blocking().unwrap();
    let (_, note) = app.ledger.db().read(latest_checkpoint).unwrap().unwrap();
    let held = scratch.dir().join("held");
    std::fs::write(&held, &note).unwrap();
    let held = held.display().to_string();
    add(&app, 350);
    app.ledger.checkpoint_blocking().unwrap();
    let key = app.ledger.keys().verifier().to_string();
    let (url, _runtime) = served(&app);
    let line = ["--url", url.as_str(), "--key", key.as_str(), "--since", held.as_str()];
    let clean = judged(&line).unwrap();
    assert!(clean.clean, "{}", clean.text);
    assert!(
        clean.text.contains("550 entries") && clean.text.contains("continues the checkpoint of 200"),
        "{}",
        clean.text
    );

    let stranger = merkle::SigningKey::from_seed("heliograph.invalid/log", [9; 32]).unwrap().verifier();
    assert!(!judged(&["--url", &url, "--key", &stranger.to_string()]).unwrap().clean);
    assert!(judged(&["--url", &url]).is_err(), "the key is never taken from the log");

    let sql = "UPDATE events SET commitment = $1 WHERE seq = $2";
    let old =
        app.ledger.db().read(|tx| tx.query_one("SELECT commitment FROM events WHERE seq = 7", &[])).unwrap();
    let old: [u8; 32] = old.get(0).unwrap();
    app.ledger.db().write(|tx| tx.execute(sql, params![[1_u8; 32], 7])).unwrap();
    let altered = judged(&line).unwrap();
    assert!(altered.text.contains("first 200 entries are not those of the checkpoint"), "{}", altered.text);
    app.ledger.db().write(|tx| tx.execute(sql, params![old, 7])).unwrap();
    app.ledger.db().write(|tx| tx.execute(sql, params![[1_u8; 32], 300])).unwrap();
    let altered = judged(&line).unwrap();
    assert!(altered.text.contains("do not give the root"), "{}", altered.text);
    app.ledger.db().write(|tx| tx.execute("DELETE FROM checkpoints WHERE size > 200", &[])).unwrap();
    let shorter = scratch.dir().join("newer");
    let newer = merkle::Checkpoint::new("heliograph.invalid/log", 550, merkle::Hash([3; 32])).unwrap();
    std::fs::write(&shorter, app.ledger.keys().log().sign(&newer).unwrap()).unwrap();
    let cut = judged(&["--url", &url, "--key", &key, "--since", &shorter.display().to_string()]).unwrap();
    assert!(cut.text.contains("its end was cut off"), "{}", cut.text);
    assert!(judged(&["--url", "http://127.0.0.1:1", "--key", &key]).is_err());
}
