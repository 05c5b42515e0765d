//! What leaves the house: checkpoints, proofs, receipts, tiles.

use super::*;
use crate::app::App;
use crate::ledger::{latest_checkpoint, read::StoredNodes, receipt};
use crate::people::{self, Mandate};
use crate::settings::Settings;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use merkle::{Limits, Receipt, SigningKey, TilePath};
use tower::ServiceExt;

#[test]
fn a_receipt_is_checked_offline_and_only_with_the_right_key() {
    let house = House::new();
    let seqs: Vec<i64> = (0..5).map(|n| house.name("a", &n.to_string()).unwrap()).collect();
    let of = |seq| house.db().read(|tx| receipt(tx, seq)).unwrap();
    assert_eq!(of(seqs[0]), None, "not before a checkpoint covers it");
    house.ledger.checkpoint_blocking().unwrap();
    let late = house.name("a", "late").unwrap();
    assert_eq!(of(late), None);
    assert_eq!(of(99), None);
    let stranger = SigningKey::from_seed("test.invalid/log", [1; 32]).unwrap().verifier();
    for seq in seqs {
        let text = of(seq).unwrap();
        let read = Receipt::parse(&text, Limits::default()).unwrap();
        let proven = read.verify(&house.keys.verifier()).unwrap();
        assert_eq!(
            (proven.index.cast_signed(), proven.size, proven.origin.as_str()),
            (seq, 5, "test.invalid/log")
        );
        assert_eq!(Recorded::parse(&proven.canonical).unwrap().seq, seq);
        assert!(read.verify(&stranger).is_err());
    }
}

#[test]
fn every_checkpoint_continues_every_earlier_one_and_holds_every_entry() {
    let house = House::new();
    for n in 0..9 {
        for _ in 0..=n % 4 {
            house.name("a", "x").unwrap();
        }
        house.ledger.checkpoint_blocking().unwrap();
        house.ledger.checkpoint_blocking().unwrap();
    }
    let proven = house.db().read(|tx| {
        let key = house.keys.verifier();
        let notes = tx.query("SELECT note FROM checkpoints ORDER BY size", &[])?;
        let all: Vec<_> =
            notes.iter().map(|row| merkle::open(&row.get::<String>(0).unwrap(), &key).unwrap()).collect();
        let commitments = tx.query("SELECT commitment FROM events ORDER BY seq", &[])?;
        let mut proofs = 0;
        for (n, new) in all.iter().enumerate() {
            for old in &all[..=n] {
                let proof = merkle::consistency(old.size(), new.size(), &mut StoredNodes(tx))?;
                merkle::verify_consistency(old.size(), &old.root(), new.size(), &new.root(), &proof)?;
                proofs += 1;
            }
            for index in 0..new.size() {
                let leaf = merkle::leaf(&commitments[index as usize].get(0)?);
                let proof = merkle::inclusion(index, new.size(), &mut StoredNodes(tx))?;
                merkle::verify_inclusion(&leaf, index, new.size(), &new.root(), &proof)?;
                proofs += 1;
            }
        }
        Ok::<_, Error>((all.len(), proofs))
    });
    let (checkpoints, proofs) = proven.unwrap();
    assert_eq!(checkpoints, 9, "one for each size, however often it is asked for");
    assert!(proofs > 140, "{proofs}");
}

#[test]
fn nothing_is_signed_over_a_tree_that_was_altered() {
    let house = House::new();
    house.ledger.checkpoint_blocking().unwrap();
    assert!(house.db().read(latest_checkpoint).unwrap().is_none(), "nothing to sign yet");
    for _ in 0..3 {
        house.name("a", "x").unwrap();
    }
    house.ledger.checkpoint_blocking().unwrap();
    house.name("a", "x").unwrap();
    house.tamper("UPDATE tree_nodes SET hash = $1 WHERE level = 1", params![[9_u8; 32]]);
    let refused = house.ledger.checkpoint_blocking();
    assert!(matches!(refused, Err(Error::Corrupt { .. })), "{refused:?}");
}

/// The real program's routes over the engine under test.
fn app(scratch: &Scratch) -> App {
    let mut flags = vec![("data", scratch.dir().display().to_string())];
    flags.extend(scratch.url().map(|url| ("database", url)));
    let settings = Settings::load(None, &flags).unwrap();
    App::open(settings, Clock::simulated(noon()), Random::seeded(3)).unwrap()
}

fn get(app: &App, path: &str) -> (StatusCode, Vec<u8>) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let (router, _) = crate::router::routes(app);
        let answer = router.oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
        (answer.status(), to_bytes(answer.into_body(), 1 << 20).await.unwrap().to_vec())
    })
}

fn add(app: &App, count: usize) {
    let add = move |w: &mut Writer<'_, '_>| -> Result<(), crate::refusal::Refusal> {
        for n in 0..count {
            people::add(w, &Actor::System, &format!("Organisation {n}"), Mandate::Defensive)?;
        }
        Ok(())
    };
    app.ledger.submit_blocking(add).unwrap();
}

#[test]
fn tiles_under_log_are_the_tree_and_never_run_ahead_of_the_checkpoint() {
    let scratch = Scratch::new().unwrap();
    let app = app(&scratch);
    assert_eq!(get(&app, "/log/checkpoint").0, StatusCode::NOT_FOUND);
    add(&app, 270);
    app.ledger.checkpoint_blocking().unwrap();
    add(&app, 10);
    let (_, key) = get(&app, "/log/key");
    let key = String::from_utf8(key).unwrap().trim().parse().unwrap();
    let (_, note) = get(&app, "/log/checkpoint");
    let checkpoint = merkle::open(&String::from_utf8(note).unwrap(), &key).unwrap();
    assert_eq!(checkpoint.size(), 270);

    let mut frontier = merkle::Frontier::empty();
    let mut leaves = Vec::new();
    for path in ["tile/entries/000", "tile/entries/001.p/14"] {
        let (_, bytes) = get(&app, &format!("/log/{path}"));
        for commitment in path.parse::<TilePath>().unwrap().read_entries(&bytes).unwrap() {
            leaves.push(merkle::leaf(&commitment));
            frontier.push(merkle::leaf(&commitment)).unwrap();
        }
    }
    assert_eq!(frontier.root(), checkpoint.root());
    let hashes = |path: &str| {
        let (status, bytes) = get(&app, &format!("/log/{path}"));
        assert_eq!(status, StatusCode::OK, "{path}");
        path.parse::<TilePath>().unwrap().read_hashes(&bytes).unwrap()
    };
    assert_eq!(hashes("tile/0/000"), leaves[..256]);
    assert_eq!(hashes("tile/0/001.p/14"), leaves[256..]);
    assert_eq!(hashes("tile/0/001.p/3"), leaves[256..259], "as an earlier checkpoint had it");
    let mut first = merkle::Frontier::empty();
    leaves[..256].iter().for_each(|leaf| drop(first.push(*leaf).unwrap()));
    assert_eq!(hashes("tile/1/000.p/1"), [first.root()]);

    for beyond in [
        "0/001",
        "0/001.p/15",
        "0/001.p/24",
        "entries/001",
        "entries/001.p/15",
        "1/000",
        "1/000.p/2",
        "0/002.p/1",
    ] {
        assert_eq!(get(&app, &format!("/log/tile/{beyond}")).0, StatusCode::NOT_FOUND, "{beyond}");
    }
}

#[test]
fn hostile_tile_paths_name_nothing() {
    let scratch = Scratch::new().unwrap();
    let app = app(&scratch);
    add(&app, 3);
    app.ledger.checkpoint_blocking().unwrap();
    assert_eq!(get(&app, "/log/tile/0/000.p/3").0, StatusCode::OK);
    let long = format!("0/{}", "x000/".repeat(500));
    let hostile = [
        "",
        "0",
        "0/",
        "0/0",
        "0/00",
        "0/0000",
        "0/000.p/0",
        "0/000.p/03",
        "0/000.p/256",
        "0/000.p/-1",
        "0/000.p/3/",
        "00/000.p/3",
        "+0/000.p/3",
        "-1/000",
        "8/000",
        "64/000",
        "0/x000/000.p/3",
        "0/-00.p/3",
        "0/999/999",
        "0/x999/x999/x999/x999/x999/x999/999",
        "entries/../0/000.p/3",
        "entries/%2e%2e/x",
        "0/000.p%2f3%00",
        "0/%ff",
        "0/%00",
        "0/000.p/3%20",
        "0/000.p/%33%0a",
        "entries",
        "data/000",
        long.as_str(),
    ];
    for path in hostile {
        let (status, body) = get(&app, &format!("/log/tile/{path}"));
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}: {}", String::from_utf8_lossy(&body));
    }
}
