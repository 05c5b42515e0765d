//! What the centre publishes.

use super::catalogue as open;
use super::fixtures::{Folder, advisory, now};
use catalogue::Source;

#[test]
fn a_revision_replaces_what_was_published_before() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    assert!(catalogue.publish(&advisory(1), 1, now()).unwrap());
    let mut second = advisory(1);
    second.title = "Path traversal in Gateway and library".into();
    second.current_release = "2026-11-21T09:00:00Z".parse().unwrap();
    assert!(catalogue.publish(&second, 2, now()).unwrap());
    let entry = catalogue.record("hel-2026-000001").unwrap().unwrap();
    assert_eq!((entry.records.len(), entry.records[0].summary.source), (1, Source::Centre));
    assert_eq!(entry.records[0].history[0].fields, "text, dates");
}
