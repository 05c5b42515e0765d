//! A centre that is lost and comes back from its backup, as an operator does it.

use crate::program::{Place, Run};
use age::secrecy::ExposeSecret;
use age::x25519::Identity;
use serde_json::{Value, json};
use std::fs;
use std::thread::sleep;
use std::time::Duration;

fn reported(browser: &crate::wire::Browser, number: u32) -> Value {
    let text = json!({ "product": "Lamp", "description": format!("flaw number {number}") });
    let answer = browser.post_json("/api/v1/reports", &json!({ "report": text })).unwrap();
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.json()
}

/// The receipt of a report, once a checkpoint covers it.
fn receipt_of(browser: &crate::wire::Browser, report: &Value) -> String {
    let claim = json!({ "claim_code": report["claim_code"] });
    for _ in 0..200 {
        let answer = browser.post_json("/api/v1/reports/receipt", &claim).unwrap();
        if answer.status == 200 {
            return answer.body;
        }
        sleep(Duration::from_millis(50));
    }
    panic!("no receipt");
}

fn said(run: &Run, words: &str) {
    assert!(run.out.contains(words), "no {words:?} in {run:?}");
}

/// Everything that was kept elsewhere, brought together.
const RESTORE: [&str; 13] = [
    "restore",
    "--data",
    "again",
    "--from",
    "copy",
    "--keys-from",
    "keys",
    "--identity",
    "officer.key",
    "--erasures",
    "erasures.txt",
    "--last-checkpoint",
    "held",
];

#[test]
fn a_lost_centre_comes_back_with_a_break_that_everyone_can_see() {
    let place = Place::new();
    if place.database().is_some() {
        return; // A server's database comes back by the server's own means.
    }
    let mut server = place.serve("first");
    let browser = server.browser();
    let (kept, erased) = (reported(&browser, 1), reported(&browser, 2));
    receipt_of(&browser, &erased);
    place.write("receipt", &receipt_of(&browser, &kept));
    let key = browser.get("/log/key").body.trim().to_owned();

    let officer = Identity::generate();
    place.write("officer.key", &format!("# offline\n{}\n", officer.to_string().expose_secret()));
    let recipient = officer.to_public().to_string();
    let backup = ["backup", "--data", "data", "--to", "copy", "--keys-to", "keys", "--recipient", &recipient];
    assert_eq!(place.run(&backup).code, 0);
    let lost = reported(&browser, 3);
    receipt_of(&browser, &lost);
    place.write("held", &browser.get("/log/checkpoint").body);
    let id = erased["tracking_number"].as_str().unwrap();
    place.write("erasures.txt", &format!("2999-01-01T00:00:00Z\treport/{id}\n"));
    assert!(server.stop().success());

    // Only what was kept elsewhere is left: the backup, the keys, the list, a checkpoint.
    fs::create_dir_all(place.folder().join("again")).unwrap();
    fs::rename(place.data().join("keys"), place.folder().join("again/keys")).unwrap();
    fs::remove_dir_all(place.data()).unwrap();
    let run = place.run(&RESTORE);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
    said(&run, "Epoch 2 begins with entry ");
    said(&run, "entries are lost: ");
    said(&run, &format!("erased again: report/{id}\n"));
    let again = place.run(&RESTORE);
    assert_eq!((again.code, again.out.as_str()), (2, ""), "it overwrites nothing: {again:?}");

    let run = place.run(&["verify", "--data", "again"]);
    assert_eq!(run.code, 0, "{run:?}");
    said(&run, "Epoch 2 begins with entry ");
    let run = place.run(&["verify", "--data", "again", "--since", "held"]);
    assert_eq!(run.code, 1, "{run:?}");
    said(&run, "it is of epoch 1, which a restore broke off at entry ");
    let run = place.run(&["verify", "--receipt", "receipt", "--key", &key]);
    assert_eq!(run.code, 0, "receipts from before the break hold: {run:?}");

    let mut command = place.command(&["serve", "--data", "again"]);
    let mut server = place.start("again", &mut command);
    let browser = server.browser();
    let url = format!("http://{}", browser.address());
    let run = place.run(&["verify", "--url", &url, "--key", &key]);
    assert_eq!(run.code, 0, "{run:?}");
    said(&run, "Epoch 2 begins with entry ");
    let run = place.run(&["verify", "--url", &url, "--key", &key, "--since", "held"]);
    assert_eq!(run.code, 1, "{run:?}");
    said(&run, "it is of epoch 1, which a restore broke off at entry ");

    let status = |report: &Value| {
        let claim = json!({ "claim_code": report["claim_code"] });
        browser.post_json("/api/v1/reports/status", &claim).unwrap().status
    };
    assert_eq!((status(&kept), status(&erased), status(&lost)), (200, 200, 404));
    let mine = |report: &Value| {
        let reporter = server.browser();
        let code = report["claim_code"].as_str().unwrap();
        assert_eq!(reporter.post_form("/my/claim", &[("code", code)]).status, 303);
        reporter.get("/my").body
    };
    assert!(mine(&kept).contains("flaw number 1"), "{}", mine(&kept));
    assert!(!mine(&erased).contains("flaw number 2"), "{}", mine(&erased));
    // Somebody may hold a number of what was lost, and what the backup did not know of cannot be counted.
    assert_eq!(reported(&browser, 4)["tracking_number"], "HEL-R-2026-011001", "no number is given twice");
    assert!(server.stop().success());
}
