//! Subscriptions as their owner, and nobody else, meets them.

use super::look_again;
use crate::access::{Permission, Role};
use crate::testing::{TestApp, between};
use catalogue::Input;
use serde_json::json;

const BILL: &[u8] = br#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
    {"name": "zinnober", "version": "1.0", "purl": "pkg:pypi/zinnober@1.0"}]}"#;

fn record(app: &TestApp, id: &str, fixed: &str, modified: &str) {
    let text = format!(
        r#"{{"schema_version": "1.6.0", "id": "{id}", "modified": "{modified}T00:00:00Z", "summary": "A flaw",
            "affected": [{{"package": {{"ecosystem": "PyPI", "name": "zinnober"}},
                "ranges": [{{"type": "ECOSYSTEM", "events": [{{"introduced": "0"}}, {{"fixed": "{fixed}"}}]}}]}}]}}"#
    );
    let path = app.folder().join(format!("{id}.json"));
    std::fs::write(&path, text).unwrap();
    let now = app.now();
    let report = app.app.catalogue.import(&[Input::Path(path)], "test", &|| now, &mut |_| {}).unwrap();
    assert_eq!(report.counts.failed, 0);
}

fn look(app: &TestApp) -> bool {
    app.runtime.block_on(look_again(&app.app)).unwrap()
}

#[test]
fn a_followed_bill_tells_what_changes_for_its_parts_and_to_its_owner_alone() {
    let app = TestApp::new();
    record(&app, "PYSEC-2026-1", "2.0", "2026-01-01");
    let owner = app.account(&[Role::Reporter]);
    let sent =
        owner.multipart("/account/subscriptions", &[("name", "Our gateway")], &[("files", "bom.json", BILL)]);
    assert_eq!(sent.status(), 303, "{}", sent.text());
    assert!(!look(&app), "it was looked at when it was made, and nothing has changed since");
    let list = owner.get("/account/subscriptions");
    assert!(
        list.text().contains("1 finding stands") && !list.text().contains("newly affected"),
        "{}",
        list.text()
    );
    record(&app, "PYSEC-2026-2", "3.0", "2026-02-02");
    assert!(!look(&app), "not more often than every quarter of an hour");
    app.advance(1);
    assert!(look(&app));
    let place = format!("/account/subscriptions/{}", between(list.text(), "name=\"id\" value=\"", "\""));
    let page = owner.get(&place);
    for part in ["Our gateway", "PYSEC-2026-2", "newly affected", "PYSEC-2026-1", "As of now"] {
        assert!(page.text().contains(part), "{part}: {}", page.text());
    }
    let feed = format!("{place}/alerts.atom");
    for reader in [owner.clone(), app.token(&owner, &[Permission::OwnAccount])] {
        let found = reader.get(&feed);
        assert!(found.text().contains("PYSEC-2026-2: pkg:pypi/zinnober@1.0</title>"), "{}", found.text());
        assert_eq!(found.header("cache-control"), "no-store");
    }
    let other = app.account(&[Role::Coordinator]);
    for stranger in [&other, &app.anonymous()] {
        for place in [&place, &feed] {
            assert!([303, 401, 404].contains(&stranger.get(place).status()), "{place}");
        }
    }
    assert_eq!(other.get(&place).status(), 404, "like what is not there");
    assert_eq!(app.tables_with(b"zinnober"), [""; 0], "sealed");
    let id = place.rsplit('/').next().unwrap();
    assert_eq!(other.post_form("/account/subscriptions/end", &[("id", id)]).status(), 404);
    assert_eq!(owner.post_form("/account/subscriptions/end", &[("id", id)]).status(), 303);
    assert_eq!(app.number("SELECT CAST(COUNT(*) AS BIGINT) FROM subscriptions"), 0);
    app.verify();
}

/// What comes in after somebody subscribed is a change, whether or not the job has looked before.
#[test]
fn changes_are_counted_from_when_a_bill_was_followed() {
    let app = TestApp::new();
    record(&app, "PYSEC-2026-1", "2.0", "2026-01-01");
    let owner = app.account(&[Role::Reporter]);
    let files: [(&str, &str, &[u8]); 1] = [("files", "bom.json", BILL)];
    assert_eq!(owner.multipart("/account/subscriptions", &[("name", "Gateway")], &files).status(), 303);
    record(&app, "PYSEC-2026-2", "3.0", "2026-02-02");
    app.advance(1);
    assert!(look(&app));
    let list = owner.get("/account/subscriptions");
    assert!(
        list.text().contains("PYSEC-2026-2") && list.text().contains("newly affected"),
        "{}",
        list.text()
    );
    assert!(!list.text().contains("PYSEC-2026-1"), "it was known before: {}", list.text());
}

#[test]
fn a_saved_search_leads_to_its_hits_and_to_a_public_feed() {
    let app = TestApp::new();
    record(&app, "PYSEC-2026-1", "2.0", "2026-01-01");
    let owner = app.account(&[Role::Reporter]);
    let save = |search: &str| {
        owner.multipart("/account/subscriptions", &[("name", "Zinnober"), ("search", search)], &[])
    };
    let refused = save("vendr:x");
    assert!(refused.status() == 422 && refused.text().contains("Did you mean"), "{}", refused.text());
    assert_eq!(save("affects:pkg:pypi/zinnober@1.0").status(), 303);
    let list = owner.get("/account/subscriptions");
    let feed = between(list.text(), "href=\"/feeds/search.atom", "\"").replace("&amp;", "&");
    let feed = app.anonymous().get(&format!("/feeds/search.atom{feed}"));
    assert!(feed.text().contains("<title>PYSEC-2026-1: A flaw</title>"), "{}", feed.text());
    assert!(!look(&app), "nothing is kept of what a search finds");
}

#[test]
fn subscriptions_have_limits_that_are_named_and_a_token_makes_none() {
    let app = TestApp::new();
    let owner = app.account(&[Role::Reporter]);
    let save = |files: &[(&str, &str, &[u8])]| {
        owner.multipart("/account/subscriptions", &[("name", "x"), ("search", "kev:true")], files)
    };
    let refused = save(&[("files", "a.json", b"{}")]);
    assert!(
        refused.status() == 422 && refused.text().contains("neither CycloneDX (JSON, XML) nor SPDX"),
        "{}",
        refused.text()
    );
    for _ in 0..super::store::PER_ACCOUNT_MAX {
        assert_eq!(save(&[]).status(), 303);
    }
    let refused = save(&[]);
    assert!(refused.status() == 409 && refused.text().contains("50 at most"), "{}", refused.text());
    let token = app.token(&owner, &[Permission::OwnAccount]);
    assert_eq!(token.get("/account/subscriptions").status(), 403);
}

/// A program makes, reads and ends subscriptions with a token of the account, and nobody else's.
#[test]
fn a_program_makes_lists_and_ends_subscriptions() {
    let app = TestApp::new();
    record(&app, "PYSEC-2026-1", "2.0", "2026-01-01");
    let owner = app.account(&[Role::Reporter]);
    let token = app.token(&owner, &[Permission::OwnAccount]);
    let place = "/api/v1/subscriptions";
    let search = token.post_json(place, &json!({ "name": "Exploited", "search": "kev:true" }));
    assert_eq!(search.status(), 201, "{}", search.text());
    let bill = json!({ "name": "bom.json", "text": String::from_utf8_lossy(BILL) });
    let bill = token.post_json(place, &json!({ "name": "Gateway", "documents": [bill] }));
    assert_eq!(bill.status(), 201, "{}", bill.text());
    record(&app, "PYSEC-2026-2", "3.0", "2026-02-02");
    app.advance(1);
    assert!(look(&app));
    let one = format!("{place}/{}", bill.json()["id"].as_str().unwrap());
    let found = token.get(&one);
    assert_eq!(found.json()["alerts"][0]["id"], "PYSEC-2026-2", "{}", found.text());
    assert_eq!((&found.json()["standing"], &found.json()["search"]), (&json!(2), &json!(null)));
    let list = token.get(place).json();
    assert_eq!((&list[0]["search"], &list[1]["name"]), (&json!("kev:true"), &json!("Gateway")));
    for (document, reason) in [
        (json!({ "name": "x" }), "A search, or documents"),
        (json!({ "name": "x", "search": "vendr:x" }), "Did you mean"),
        (json!({ "name": "x", "search": "x".repeat(1_001) }), "At most 1000 letters"),
        (json!({ "name": " ", "search": "kev:true" }), "1 to 100 letters"),
        (json!({ "name": "x", "documents": [{ "name": "a", "text": "{}" }] }), "neither CycloneDX"),
    ] {
        let refused = token.post_json(place, &document);
        assert!(refused.status() == 422 && refused.text().contains(reason), "{}", refused.text());
    }
    let other = app.account(&[Role::Coordinator]);
    for method in ["GET", "DELETE"] {
        assert_eq!(other.send(method, &one, None, Vec::new()).status(), 404, "like what is not there");
    }
    assert_eq!(token.send("DELETE", &one, None, Vec::new()).status(), 204);
    assert_eq!(token.get(&one).status(), 404);
    app.verify();
}
