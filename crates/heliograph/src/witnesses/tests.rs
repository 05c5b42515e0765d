//! Against a real witness over HTTP, one that checks what it is told to check.

use super::peer::{AT, Peer};
use super::{Seen, Witness, round};
use crate::testing::TestApp;
use merkle::VerifierKey;
use storage::params;

/// A centre with these witnesses; they know its log only once it is there, so they come with its key.
fn centre(peers: &[&Peer], scratch: storage::Scratch) -> TestApp {
    let setting = peers.iter().map(|peer| peer.setting()).collect::<Vec<_>>().join(", ");
    TestApp::on(scratch, &[("witnesses", &setting)], 7)
}

/// The key of the log that [`TestApp`] has from this seed.
fn log_key() -> VerifierKey {
    TestApp::new().app.ledger.keys().verifier()
}

fn ask(app: &TestApp, seen: &mut Seen) -> Vec<(String, String)> {
    app.app.ledger.checkpoint_blocking().unwrap();
    app.runtime.block_on(round(&app.app, seen))
}

fn cosigners(app: &TestApp, keys: &[VerifierKey]) -> Vec<String> {
    let note = app.anonymous().get("/log/checkpoint").text().to_owned();
    let found = merkle::cosignatures(&note, keys).unwrap();
    assert!(found.iter().all(|found| found.at == AT), "{found:?}");
    found.into_iter().map(|found| found.witness).collect()
}

#[test]
fn a_witness_cosigns_what_continues_what_it_saw() {
    let scratch = storage::Scratch::new().unwrap();
    let key = log_key();
    let (near, far) = (Peer::of(key.clone(), "near.example/w"), Peer::of(key, "far-away.example/w"));
    let app = centre(&[&near, &far], scratch);
    let report = app.report();
    let mut seen = Seen::new();
    assert_eq!(ask(&app, &mut seen), []);
    let keys = [near.key.clone(), far.key.clone()];
    assert_eq!(cosigners(&app, &keys), ["near.example/w", "far-away.example/w"]);
    assert_eq!((near.said(), far.said()), (vec![200], vec![200]));

    // Nothing new, nobody is asked; what grew is proven to continue.
    assert_eq!(ask(&app, &mut seen), []);
    assert_eq!(near.said(), Vec::<u16>::new());
    app.report();
    assert_eq!(ask(&app, &mut seen), []);
    assert_eq!((near.said(), far.said()), (vec![200], vec![200]));

    // A program that began anew does not know what they saw, and learns it from them.
    app.report();
    assert_eq!(ask(&app, &mut Seen::new()), []);
    assert_eq!((near.said(), far.said()), (vec![409, 200], vec![409, 200]));

    // A receipt brings the cosignatures along, also while a newer checkpoint has none yet.
    app.organisation("Nordwind");
    app.app.ledger.checkpoint_blocking().unwrap();
    let receipt = report.client.get("/my/receipt");
    let receipt = merkle::Receipt::parse(receipt.text(), merkle::Limits::default()).unwrap();
    let found = merkle::cosignatures(receipt.checkpoint(), &keys).unwrap();
    assert_eq!(found.len(), 2, "{}", receipt.checkpoint());
    assert!(receipt.verify(&app.app.ledger.keys().verifier()).is_ok());
    let page = app.anonymous().get("/log");
    assert!(page.text().contains("near.example/w") && !page.text().contains("No witness"), "{}", page.text());
}

/// Whoever refuses, lies or is away costs the others nothing.
#[test]
fn a_witness_that_does_not_cosign_is_named_and_nothing_of_it_is_kept() {
    let scratch = storage::Scratch::new().unwrap();
    let key = log_key();
    let (good, odd) = (Peer::of(key.clone(), "good.example/w"), Peer::of(key, "odd.example/w"));
    let app = centre(&[&odd, &good], scratch);
    let keys = [odd.key.clone(), good.key.clone()];
    let mut seen = Seen::new();
    let stranger = merkle::SigningKey::from_seed("odd.example/w", [99; 32]).unwrap();
    for (number, (status, body, reason)) in [
        (403, String::new(), "it answers with status 403"),
        (500, "zinnober".into(), "it answers with status 500"),
        (302, String::new(), "it answers with status 302"),
        (200, String::new(), "no cosignature of this checkpoint"),
        (200, "— odd.example/w AAAA\n".into(), "no cosignature of this checkpoint"),
        (200, stranger.to_secret_text(), "no cosignature of this checkpoint"),
        (409, "many\n".into(), "it names no size"),
        (409, "999999\n".into(), "it has seen 999999 entries of this log"),
        (200, "x".repeat(300_000), "longer than 262144 bytes"),
    ]
    .into_iter()
    .enumerate()
    {
        app.organisation(&format!("Organisation {number}"));
        odd.state.lock().unwrap().instead = Some((status, body));
        let failed = ask(&app, &mut seen);
        assert_eq!(failed.len(), 1, "{failed:?}");
        let (name, said) = &failed[0];
        assert!(name == "odd.example/w" && said.contains(reason), "{reason}: {said}");
        assert!(!said.contains("zinnober"), "{said}");
        assert_eq!(cosigners(&app, &keys), ["good.example/w"]);
    }
    // One of another log's life: this log does not have what it saw, and it is told so every time.
    let gone = Witness { key: odd.key.clone(), url: "http://127.0.0.1:1/w".into() };
    assert_eq!(gone, format!("{} http://127.0.0.1:1/w/", odd.key).parse().unwrap());
}

/// A log that was rewritten gets no cosignature: that is what witnesses are for.
#[test]
fn a_log_that_does_not_continue_is_refused() {
    let scratch = storage::Scratch::new().unwrap();
    let peer = Peer::of(log_key(), "strict.example/w");
    let app = centre(&[&peer], scratch);
    app.report();
    let mut seen = Seen::new();
    assert_eq!(ask(&app, &mut seen), []);
    // What the witness saw was of another history of the same length.
    let size = peer.state.lock().unwrap().last.as_ref().unwrap().size();
    let other = merkle::Checkpoint::new(&app.app.settings.origin, size, merkle::Hash([1; 32])).unwrap();
    peer.state.lock().unwrap().last = Some(other);
    app.report();
    let failed = ask(&app, &mut seen);
    assert_eq!(failed[0].1, "it answers with status 422");
    assert_eq!(
        cosigners(&app, std::slice::from_ref(&peer.key)),
        ["strict.example/w"],
        "the one before still shows"
    );
}

/// Whoever holds a receipt asks the witnesses that she trusts, offline.
#[test]
fn a_receipt_is_verified_with_the_witnesses_that_somebody_trusts() {
    let scratch = storage::Scratch::new().unwrap();
    let (peer, other) = (Peer::of(log_key(), "strict.example/w"), Peer::of(log_key(), "absent.example/w"));
    let app = centre(&[&peer], scratch);
    let report = app.report();
    assert_eq!(ask(&app, &mut Seen::new()), []);
    let file = app.folder().join("receipt");
    std::fs::write(&file, report.client.get("/my/receipt").text()).unwrap();
    let key = app.app.ledger.keys().verifier();
    let judged = |witnesses: &[VerifierKey]| crate::cli::verified_receipt(&file, &key, witnesses).unwrap();
    let (clean, text) = judged(std::slice::from_ref(&peer.key));
    assert!(clean && text.contains("Witness strict.example/w saw this checkpoint on 2026-"), "{text}");
    let (clean, text) = judged(&[peer.key.clone(), other.key.clone()]);
    assert!(!clean && text.contains("Witness absent.example/w has not cosigned this checkpoint."), "{text}");
    assert!(judged(&[]).0);
}

/// `verify` finds any flipped bit, in a cosignature too.
#[test]
fn an_altered_cosignature_is_found() {
    let scratch = storage::Scratch::new().unwrap();
    let peer = Peer::of(log_key(), "strict.example/w");
    let app = centre(&[&peer], scratch);
    app.report();
    assert_eq!(ask(&app, &mut Seen::new()), []);
    let line: String = app.read(|tx| Ok(tx.query_one("SELECT line FROM cosignatures", params![])?.get(0)?));
    let put = |line: &str| {
        let line = line.to_owned();
        app.app
            .ledger
            .db()
            .write(|tx| tx.execute("UPDATE cosignatures SET line = $1", params![line]))
            .unwrap();
    };
    let mut altered = line.clone().into_bytes();
    let last = altered.iter().rposition(|byte| byte.is_ascii_alphanumeric()).unwrap() - 8;
    altered[last] = if altered[last] == b'A' { b'B' } else { b'A' };
    put(&String::from_utf8(altered).unwrap());
    let keys = app.app.ledger.keys();
    let outcome = app.app.ledger.db().read(|tx| crate::ledger::verify(tx, keys, crate::app::VIEWS)).unwrap();
    assert_eq!(outcome.findings.len(), 1, "{:?}", outcome.findings);
    assert_eq!(outcome.findings[0].what, "cosignature");
    put(&line);
}

#[test]
fn a_witness_that_cannot_be_is_refused_in_the_settings() {
    let log = log_key();
    let peer = Peer::of(log.clone(), "strict.example/w");
    for (setting, expected) in [
        (peer.key.to_string(), "it has no address"),
        (format!("{log} https://w.example"), "a log's key"),
        (format!("{} ftp://w.example", peer.key), "https://"),
        (format!("{} https://u:p@w.example", peer.key), "no password"),
        ("w https://w.example".to_owned(), "a key is"),
    ] {
        let error = setting.parse::<Witness>().unwrap_err().to_string();
        assert!(error.contains(expected), "{setting}: {error}");
        let flags = [("witnesses", setting)];
        let error = crate::settings::Settings::load(None, &flags).unwrap_err().to_string();
        assert!(error.starts_with("setting witnesses"), "{error}");
    }
}
