//! How each kind of event stands in the journal. An old journal must stay readable: what is written
//! here may gain fields, and never lose or rename one.

use super::invented;
use crate::advisories::rules::AdvisoryEvent;
use serde_json::json;

#[test]
fn every_kind_of_event_reads_as_it_was_written() {
    let item = json!({ "item": "00ff", "commitment": "11ee" });
    let advisory = serde_json::to_value(invented::advisory()).unwrap();
    for (kind, body) in [
        ("advisory.revised", json!({ "revision": 1, "draft": item, "hash": "22dd" })),
        ("advisory.shared", json!({ "revision": 1 })),
        ("advisory.approved", json!({ "revision": 1, "hash": "22dd" })),
        ("advisory.published", json!({ "revision": 1, "hash": "22dd", "advisory": advisory })),
    ] {
        let written = json!({ "kind": kind, "body": body });
        let event: AdvisoryEvent = serde_json::from_value(written.clone()).unwrap();
        assert_eq!(serde_json::to_value(&event).unwrap(), written);
    }
}
