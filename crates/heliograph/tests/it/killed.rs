//! kill -9 in the middle of a burst: what was acknowledged is there, and the journal is whole.

use crate::program::Place;
use crate::wire::Browser;
use serde_json::json;
use std::sync::mpsc::{Receiver, channel};

const SENDERS: usize = 4;
/// Together they stay below what one address may send in an hour.
const EACH: usize = 7;

/// Sends from several sides at once; each acknowledgement is a tracking number and its claim code.
fn burst(browser: impl Fn() -> Browser) -> Receiver<(String, String)> {
    let (acknowledged, heard) = channel();
    for sender in 0..SENDERS {
        let (browser, acknowledged) = (browser(), acknowledged.clone());
        std::thread::spawn(move || {
            for number in 0..EACH {
                let text =
                    json!({ "product": format!("Lamp {sender}"), "description": format!("Flaw {number}") });
                let Ok(answer) = browser.post_json("/api/v1/reports", &json!({ "report": text })) else {
                    return;
                };
                assert_eq!(answer.status, 201, "{}", answer.body);
                let taken = answer.json();
                let word = |name: &str| taken[name].as_str().unwrap().to_owned();
                let _ = acknowledged.send((word("tracking_number"), word("claim_code")));
            }
        });
    }
    heard
}

#[test]
fn what_was_acknowledged_survives() {
    for before_the_kill in [1, 6, 15] {
        let place = Place::new();
        let mut server = place.serve("killed");
        let heard = burst(|| server.browser());
        let mut acknowledged: Vec<(String, String)> = heard.iter().take(before_the_kill).collect();
        server.kill();
        acknowledged.extend(heard.iter());
        assert!(acknowledged.len() < SENDERS * EACH, "the kill came too late to prove anything");

        let run = place.run(&["verify", "--data", "data"]);
        assert_eq!(run.code, 0, "{run:?}");
        let mut server = place.serve("again");
        let browser = server.browser();
        for (number, claim) in &acknowledged {
            let status =
                browser.post_json("/api/v1/reports/status", &json!({ "claim_code": claim })).unwrap();
            assert_eq!(
                (status.status, status.json()["tracking_number"].as_str()),
                (200, Some(number.as_str()))
            );
        }
        let next = json!({ "report": { "product": "Lamp", "description": "One more" } });
        assert_eq!(browser.post_json("/api/v1/reports", &next).unwrap().status, 201, "it goes on");
        assert!(server.stop().success());
        assert_eq!(server.err(), "", "a crash leaves nothing to complain of");
        let run = place.run(&["verify", "--data", "data"]);
        assert_eq!(run.code, 0, "{run:?}");
    }
}
