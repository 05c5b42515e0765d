//! Line 9: every read of embargoed material is in the journal before the reader sees it.

use crate::access::Role;
use crate::testing::{Client, MARK, Reported, TestApp, logged};
use storage::Fault;

/// Every place where sealed material is shown, with somebody who may see it.
fn places<'a>(desk: &Client<'a>, report: &Reported<'a>) -> Vec<(Client<'a>, String)> {
    let place = format!("/desk/report/{}", report.id);
    vec![
        (desk.clone(), place.clone()),
        (desk.clone(), format!("{place}/exploit/poc")),
        (report.client.clone(), "/my".to_owned()),
    ]
}

fn shows(text: &[u8]) -> bool {
    String::from_utf8_lossy(text).to_lowercase().contains(MARK)
}

#[test]
fn line_09_whoever_sees_sealed_material_stands_in_the_journal() {
    let app = TestApp::new();
    let report = app.report_with(&[("proof_of_concept", "zinnober.py")]);
    let desk = app.account(&[Role::Coordinator]);
    for (viewer, path) in places(&desk, &report) {
        let before = app.size();
        let answer = viewer.get(&path);
        assert!(shows(answer.bytes()), "{path} shows nothing, so this proves nothing");
        assert_eq!(app.kinds_since(before), ["sealed.read"], "{path}");
    }
}

/// If the read cannot be recorded, nothing is shown: not when the write fails, not when the commit
/// fails. If the database kept it although it said no, it is both recorded and shown.
#[test]
fn line_09_a_read_that_cannot_be_recorded_shows_nothing() {
    let app = TestApp::new();
    let report = app.report_with(&[("proof_of_concept", "zinnober.py")]);
    let desk = app.account(&[Role::Coordinator]);
    for (viewer, path) in places(&desk, &report) {
        for at in ["INSERT INTO events", "INSERT INTO reads", "INSERT INTO tree_nodes", "COMMIT"] {
            for kept in [false, true] {
                let before = app.size();
                app.app.ledger.db().inject(Fault { at: at.to_owned(), kept });
                let answer = viewer.get(&path);
                let recorded = app.kinds_since(before) == ["sealed.read"];
                assert_eq!(shows(answer.bytes()), recorded, "{path}: {at}, kept: {kept}");
                assert_eq!(recorded, at == "COMMIT" && kept, "{path}: {at}, kept: {kept}");
                assert_eq!(answer.status(), if recorded { 200 } else { 500 });
            }
        }
    }
    let log = logged();
    assert!(log.contains("a request failed"), "the operator is told: {log}");
}

/// Who may not see it leaves no read behind, and a list opens nothing.
#[test]
fn line_09_what_shows_nothing_sealed_records_no_read() {
    let app = TestApp::new();
    let report = app.report_with(&[("proof_of_concept", "zinnober.py")]);
    let (desk, stranger) = (app.account(&[Role::Coordinator]), app.account(&[Role::Auditor]));
    let before = app.size();
    for (_, path) in places(&desk, &report) {
        assert!(!shows(stranger.get(&path).bytes()));
        assert!(!shows(app.anonymous().get(&path).bytes()));
    }
    for path in ["/deadlines", "/api/v1/deadlines"] {
        assert!(!shows(desk.get(path).bytes()), "{path}");
    }
    assert_eq!(app.kinds_since(before), Vec::<String>::new());
}
