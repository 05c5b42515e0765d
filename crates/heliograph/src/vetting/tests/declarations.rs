//! What people declare and ask about themselves, and what becomes of it.

use crate::access::Role;
use crate::testing::TestApp;
use crate::testing::clearance::person;
use serde_json::json;

const FAR: &str = "2027-11-24T10:00:00Z";

/// Domain rule S42: seen by the security officer alone, and destroyed with the decision.
#[test]
fn rule_s42_a_declaration_of_foreign_interests_is_destroyed_with_its_decision() {
    let app = TestApp::new();
    let (desk, office) = (app.account(&[Role::Coordinator]), app.office());
    let words = [("words", "zinnober grant from abroad")];
    assert_eq!(desk.post_form("/me/foreign-interest", &words).status(), 303);
    assert_eq!(desk.post_form("/me/foreign-interest", &words).status(), 409, "one at a time");
    assert_eq!(app.tables_with(b"zinnober grant"), [""; 0], "sealed");
    let (who, auditor) = (person(&desk), app.account(&[Role::Auditor]));
    let place = format!("/vetting/persons/{who}/waiting");
    for stranger in [&desk, &auditor, &app.account(&[Role::Administrator])] {
        assert_eq!(stranger.get(&place).status(), 404);
    }
    assert!(office.first.get(&place).text().contains("zinnober grant from abroad"));
    assert!(
        desk.get("/me").text().contains("decide about what a person declared or asked"),
        "and who saw it"
    );
    let sealed =
        "SELECT CAST(COUNT(*) AS BIGINT) FROM vault_items WHERE compartment LIKE 'foreign-interest/%'
                  AND LENGTH(sealed) > 0";
    assert_eq!(app.number(sealed), 1);
    let decided = office
        .first
        .post_form(&format!("/vetting/persons/{who}/foreign-interest"), &[("outcome", "conditions")]);
    assert_eq!(decided.status(), 303, "{}", decided.text());
    assert_eq!(app.number(sealed), 0, "its key is destroyed, and so is what it sealed");
    let keys = "SELECT CAST(COUNT(*) AS BIGINT) FROM vault_keys WHERE compartment LIKE 'foreign-interest/%'
                AND LENGTH(wrapped) > 0";
    assert_eq!(app.number(keys), 0);
    assert_eq!(office.first.get(&place).status(), 404, "only the outcome stays");
    assert!(desk.get("/me").text().contains("assessed, with conditions"));
    // And another one has a key of its own.
    assert_eq!(desk.post_form("/me/foreign-interest", &words).status(), 303);
    assert_eq!(app.number(sealed), 1);
}

#[test]
fn nobody_decides_about_themselves() {
    let app = TestApp::new();
    let office = app.office();
    assert_eq!(office.first.post_form("/me/foreign-interest", &[("words", "zinnober")]).status(), 303);
    let who = person(&office.first);
    assert_eq!(office.first.get(&format!("/vetting/persons/{who}/waiting")).status(), 404);
    let acts = [
        json!({ "act": "decide_foreign_interest", "outcome": "no-conditions" }),
        json!({ "act": "brief", "until": FAR }),
        json!({ "act": "erase" }),
    ];
    for act in acts {
        assert_eq!(office.act(&who, &act).status(), 403, "{act}");
    }
    let place = format!("/vetting/persons/{who}/waiting");
    assert_eq!(office.second.get(&place).status(), 200);
}

/// GDPR Art. 15, 16, 18, 17: what is held and who saw it; correction, restriction, erasure with its conflict.
#[test]
fn gdpr_a_person_sees_corrects_restricts_and_has_erased_what_is_held() {
    let app = TestApp::new();
    let (desk, office) = (app.account(&[Role::Coordinator]), app.office());
    let who = person(&desk);
    assert!(desk.get("/me").text().contains("There is no entry about you"));
    office.clear(&who, "ue2", FAR);
    office.first.get(&format!("/vetting/persons/{who}"));
    let page = desk.get("/me");
    for words in ["Germany, SÜG: Ü2", "look after the register", "security-officer", "23 Nov 2032"] {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    let data = desk.get("/me/export").json();
    assert_eq!(data, desk.get("/api/v1/me/data").json());
    assert_eq!(data["entry"]["clearances"][0]["level"], "ue2");
    assert_eq!(data["seen_by"][0]["role"], "security-officer");
    assert_eq!(data["accounts"][0]["roles"], json!(["coordinator"]));
    // Art. 16
    assert_eq!(desk.post_form("/me/correction", &[("correction", "zinnober: it is Ü3")]).status(), 303);
    let waiting = format!("/vetting/persons/{who}/waiting");
    assert!(office.first.get(&waiting).text().contains("zinnober: it is Ü3"));
    assert_eq!(office.act(&who, &json!({ "act": "answer_correction" })).status(), 204);
    assert_eq!(office.first.get(&waiting).status(), 404);
    // Art. 18
    assert_eq!(desk.post_form("/me/restrict", &[]).status(), 303);
    assert_eq!(office.act(&who, &json!({ "act": "brief", "until": FAR })).status(), 409);
    assert_eq!(desk.post_form("/me/lift-restriction", &[]).status(), 303);
    assert_eq!(office.act(&who, &json!({ "act": "brief", "until": FAR })).status(), 204);
    // Art. 17, and what contradicts it
    assert_eq!(desk.post_form("/me/erasure", &[]).status(), 303);
    assert!(desk.get("/me").text().contains("Two rules contradict each other."));
    assert!(office.first.get(&format!("/vetting/persons/{who}")).text().contains("It contradicts how long"));
    assert_eq!(office.act(&who, &json!({ "act": "erase" })).status(), 409);
    app.clock_at("2032-12-01T10:00:00Z");
    let (first, second) = (app.account(&[Role::SecurityOfficer]), app.account(&[Role::Coordinator]));
    assert_eq!(second.get(&format!("/vetting/persons/{who}")).status(), 404);
    let place = format!("/vetting/persons/{who}/erase");
    assert_eq!(first.post_form(&place, &[]).status(), 303);
    assert_eq!(app.number("SELECT CAST(COUNT(*) AS BIGINT) FROM register"), 0);
    assert_eq!(app.number("SELECT CAST(COUNT(*) AS BIGINT) FROM clearances"), 0);
    assert!(first.get(&format!("/vetting/persons/{who}")).text().contains("This entry was erased."));
}

/// Domain rule 5.3: yearly; whoever owes it is told at the desk.
#[test]
fn rule_5_3_the_years_declaration_is_asked_for_at_the_desk() {
    let app = TestApp::new();
    let (desk, office) = (app.account(&[Role::Coordinator]), app.office());
    let notice = "Your declaration of interests for this year is due";
    assert!(!desk.get("/desk").text().contains(notice), "nobody who is not in the register");
    office.brief(&person(&desk), FAR);
    assert!(desk.get("/desk").text().contains(notice));
    assert_eq!(desk.post_form("/me/year", &[("interest", "no")]).status(), 303);
    assert!(!desk.get("/desk").text().contains(notice));
    assert!(desk.get("/me").text().contains("no personal interest."));
    app.clock_at("2027-01-02T10:00:00Z");
    let desk = app.account(&[Role::Coordinator]);
    assert!(!desk.get("/desk").text().contains(notice));
    assert_eq!(desk.get("/api/v1/me/data").json()["declared_years"], json!([]));
}
