//! What coordinators do with a report, and what its reporter sees of it.

use crate::access::Role;
use crate::refusal::Refusal;
use crate::testing::{Client, TestApp};
use vocabulary::ReportId;

fn act(desk: &Client<'_>, id: &ReportId, what: &str, pairs: &[(&str, &str)]) -> u16 {
    desk.post_form(&format!("/desk/report/{id}/{what}"), pairs).status()
}

#[test]
fn a_report_is_declined_with_a_reason_that_its_reporter_sees() {
    let app = TestApp::new();
    let (report, desk) = (app.report(), app.account(&[Role::Coordinator]));
    assert_eq!(act(&desk, &report.id, "decline", &[("reason", " ")]), 422);
    assert_eq!(act(&desk, &report.id, "decline", &[("reason", "x".repeat(20_001).as_str())]), 422);
    assert_eq!(act(&desk, &report.id, "decline", &[("reason", "Works as zinnober.")]), 303);
    let page = report.client.get("/my");
    assert!(page.text().contains("Declined. The reason:"), "{}", page.text());
    assert!(page.text().contains("Works as zinnober."));
    assert!(page.text().contains("declined</span>"));
    assert_eq!(act(&desk, &report.id, "decline", &[("reason", "Again zinnober.")]), 409);
    assert_eq!(act(&desk, &report.id, "duplicate", &[("of", app.report().id.as_str())]), 409);
    let said = report.client.post_form("/my/message", &[("message", "But zinnober!")]);
    assert_eq!(said.status(), 303, "whoever was declined may still answer");
}

#[test]
fn a_duplicate_names_its_original() {
    let app = TestApp::new();
    let (first, second, third) = (app.report(), app.report(), app.report());
    let desk = app.account(&[Role::Coordinator]);
    let mark = |id: &ReportId, of: &str| act(&desk, id, "duplicate", &[("of", of)]);
    for wrong in [second.id.as_str(), "HEL-R-2026-999999", "HEL-2026-000001", ""] {
        assert_eq!(mark(&second.id, wrong), 422, "{wrong}");
    }
    assert_eq!(mark(&second.id, &first.id.as_str().to_lowercase()), 303);
    assert_eq!(mark(&third.id, second.id.as_str()), 422, "a duplicate of a duplicate");
    assert_eq!(mark(&second.id, first.id.as_str()), 409);
    let page = second.client.get("/my");
    assert!(page.text().contains(&format!("Marked as a duplicate of {}", first.id)), "{}", page.text());
    let state = |id: &ReportId| {
        let id = id.clone();
        app.read(move |tx| Ok(super::super::received(tx, &id)?.state.word()))
    };
    assert_eq!(
        [state(&first.id), state(&second.id), state(&third.id)],
        ["received", "duplicate", "received"]
    );
}

#[test]
fn the_queue_shows_what_is_exploited_first_and_then_what_waits_longest() {
    let app = TestApp::new();
    let ids = [app.report().id, app.report().id, app.report_with(&[("exploited", "yes")]).id];
    app.advance(1);
    let declined = app.report().id;
    let desk = app.account(&[Role::Coordinator]);
    act(&desk, &declined, "decline", &[("reason", "zinnober")]);
    let queue = app.read(|tx| super::super::waiting(tx, super::super::Waiting::All, vocabulary::Page::FIRST));
    let queue: Vec<ReportId> = queue.into_iter().map(|row| row.id).collect();
    assert_eq!(queue, [ids[2].clone(), ids[0].clone(), ids[1].clone()]);
}

#[test]
fn numbers_are_read_in_any_letter_case_and_strange_ones_are_not_there() {
    let app = TestApp::new();
    let (report, desk) = (app.report(), app.account(&[Role::Coordinator]));
    assert_eq!(desk.get(&format!("/desk/report/{}", report.id.as_str().to_lowercase())).status(), 200);
    let nowhere = desk.get("/nowhere");
    for id in ["HEL-R-2026-000002", "x", "HEL-2026-000001", "%00", "%C3%A4", "..%2F..%2Fetc"] {
        assert_eq!(desk.get(&format!("/desk/report/{id}")), nowhere, "{id}");
        assert_eq!(act(&desk, &report.id, "exploit", &[]), 404);
    }
    assert_eq!(desk.get("/desk/report/%FF").status(), 422);
}

#[test]
fn exploit_material_goes_by_rule_and_the_report_stays() {
    let app = TestApp::new();
    let client = app.anonymous();
    client.get("/report");
    let form = [("product", "Zinnober"), ("description", "zinnober"), ("proof_of_concept", "zinnober.py")];
    let sent = client.multipart("/report", &form, &[("files", "zinnober.bin", b"zinnober")]);
    let report = TestApp::reported(client, &sent);
    let desk = app.account(&[Role::Coordinator]);
    let (id, place) = (report.id.clone(), format!("/desk/report/{}", report.id));
    assert_eq!(desk.get(&format!("{place}/exploit/0")).status(), 200);
    let purge = || {
        let id = id.clone();
        app.submit(move |w| super::super::purge_exploit(w, &id));
    };
    purge();
    let after = app.size();
    purge();
    assert_eq!(app.size(), after, "it is deleted once");
    for which in ["0", "poc"] {
        assert_eq!(desk.get(&format!("{place}/exploit/{which}")).status(), 404);
    }
    let page = desk.get(&place);
    assert!(page.text().contains("deleted, by rule") && page.text().contains("Zinnober"), "{}", page.text());
    let unknown: Result<(), Refusal> =
        app.try_submit(|w| super::super::purge_exploit(w, &"HEL-R-2026-000009".parse().unwrap()));
    assert_eq!(unknown, Err(Refusal::NotFound));
}
