//! Partners, through the router: from the enquiry to the end, and what each side sees on the way.

mod calendar;
mod certificates;
mod clocks;
mod credits;
mod large;
mod requests;
mod tables;
mod years;

use crate::access::Role;
use crate::ledger::Actor;
use crate::people::{self, Mandate};
use crate::testing::TestApp;
use crate::testing::partner::FOUND;
use serde_json::json;

#[test]
fn an_enquiry_becomes_an_application_and_the_application_a_partner() {
    let app = TestApp::new();
    let asks = [
        ("organisation", "Zinnober Labs"),
        ("reach", "ask@zinnober.example"),
        ("words", "zinnober: we analyse"),
    ];
    let asked = app.anonymous().post_form("/partners/enquiry", &asks);
    assert!(asked.text().contains("HEL-P-2026-000001"), "{}", asked.text());
    let manager = app.account(&[Role::ProgrammeManager]);
    assert!(manager.get("/programme").text().contains("HEL-P-2026-000001"));
    assert!(manager.get("/programme/hel-p-2026-000001").text().contains("zinnober: we analyse"));
    let unit = app.partnership("Zephyr Labs");
    for place in ["declared", "applied", "assessing", "assessed", "admitted", "offered", "contracted"] {
        assert!(!app.anonymous().get("/partners").text().contains("Zephyr"), "{place}");
        unit.go_one(place);
    }
    unit.go_one("active");
    let listed = app.anonymous().get("/api/v1/partners").json();
    assert_eq!(listed[0]["name"], "Zephyr Labs");
    assert_eq!((listed[0]["level"].clone(), listed[0]["life"].clone()), (json!("L2"), json!("active")));
    assert!(listed[0]["until"].as_str().unwrap().starts_with("2027-11-24"), "{listed}");
    let page = unit.person.get("/partner");
    assert!(page.text().contains("You were admitted") && page.text().contains("A partner from now on."));
}

/// Domain facts S14: two independent assessors. Neither sees the other's marks before both are in, and
/// the manager sees none.
#[test]
fn nobody_sees_marks_before_both_are_in() {
    let app = TestApp::new();
    let unit = app.partnership_at("assessing");
    let told = |words: &'static str| [&FOUND[..6], &[("words", words)]].concat();
    assert_eq!(unit.mark(0, &told("zinnober of the first")).status(), 303);
    let sees = |text: &str, words: &str| text.contains(words);
    let second = unit.assessors[1].1.get(&format!("/assessments/{}", unit.id));
    assert!(!sees(second.text(), "zinnober of the first"), "{}", second.text());
    let api = unit.assessors[1].1.get(&format!("/api/v1/assessments/{}", unit.id)).json();
    assert_eq!(api["marks"], json!([]));
    assert!(!sees(unit.manager.get(&unit.place("")).text(), "zinnober of the first"));
    let first = unit.assessors[0].1.get(&format!("/assessments/{}", unit.id));
    assert!(sees(first.text(), "zinnober of the first"), "her own");
    assert_eq!(unit.mark(0, &FOUND).status(), 409, "they stand as they were given");
    assert_eq!(unit.mark(1, &told("zinnober of the second")).status(), 303);
    for who in [&unit.assessors[0].1, &unit.assessors[1].1] {
        let page = who.get(&format!("/assessments/{}", unit.id));
        assert!(sees(page.text(), "zinnober of the first") && sees(page.text(), "zinnober of the second"));
    }
    assert!(sees(unit.manager.get(&unit.place("")).text(), "zinnober of the second"));
    let own = unit.person.get("/partner");
    assert!(!sees(own.text(), "zinnober of the"), "the applicant reads the decision and its reasons");
}

#[test]
fn a_refusal_gives_its_reasons_and_can_be_appealed_once() {
    let app = TestApp::new();
    let unit = app.partnership_at("assessed");
    assert_eq!(unit.person.post_form("/partner/appeal", &[("reasons", "zinnober")]).status(), 409);
    assert_eq!(unit.manage("decide", &[("admit", "no")]).status(), 303);
    assert!(unit.person.get("/partner").text().contains("zinnober: reasons"));
    assert_eq!(unit.person.post_form("/partner/appeal", &[("reasons", "zinnober: too harsh")]).status(), 303);
    assert_eq!(unit.person.post_form("/partner/appeal", &[("reasons", "zinnober")]).status(), 409);
    let own = unit.manage("appeal", &[("uphold", "yes"), ("level", "L3")]);
    assert_eq!(own.status(), 409, "whoever decided does not decide the appeal");
    let other = app.account(&[Role::ProgrammeManager]);
    let upheld = [("uphold", "yes"), ("level", "L3"), ("reasons", "zinnober: it is right")];
    assert_eq!(other.post_form(&unit.place("/appeal"), &upheld).status(), 303);
    assert_eq!((unit.life(), unit.level().as_deref()), ("admitted".into(), Some("L3")));
}

#[test]
fn evidence_is_opened_by_those_who_judge_and_each_opening_is_on_the_record() {
    let app = TestApp::new();
    let unit = app.partnership_at("assessing");
    let reads = || app.number("SELECT CAST(COUNT(*) AS BIGINT) FROM reads");
    for (who, place) in [
        (&unit.manager, unit.place("/evidence/0")),
        (&unit.assessors[0].1, format!("/assessments/{}/evidence/0", unit.id)),
        (&unit.person, "/partner/evidence/0".into()),
    ] {
        let before = reads();
        let file = who.get(&place);
        assert_eq!((file.status(), file.bytes()), (200, &b"zinnober"[..]));
        assert!(file.header("content-disposition").starts_with("attachment"));
        assert_eq!(reads(), before + 1);
        for wrong in ["/evidence/1", "/evidence/x", "/evidence/-1"] {
            assert_eq!(who.get(&place.replace("/evidence/0", wrong)).status(), 404);
        }
    }
    let stranger = app.partnership("Another");
    assert_eq!(stranger.person.get("/partner/evidence/0").status(), 404);
    assert_eq!(stranger.assessors[0].1.get(&format!("/assessments/{}", unit.id)).status(), 404);
}

/// ARCHITECTURE, never built 1.
#[test]
fn an_organisation_of_unknown_or_offensive_mandate_is_not_invited() {
    let app = TestApp::new();
    let manager = app.account(&[Role::ProgrammeManager]);
    for mandate in [Mandate::Unknown, Mandate::Offensive] {
        let id = app.submit(move |w| people::add(w, &Actor::System, "Sting", mandate));
        let form = [("organisation", id.as_str()), ("programme", "tsu-defensive")];
        let refused = manager.post_form("/programme/invite", &form);
        assert_eq!(refused.status(), 422);
        assert!(refused.text().contains("defensive mandate"), "{}", refused.text());
        assert!(!manager.get("/programme").text().contains("Sting"));
    }
    let unit = app.partnership("Unit");
    let again = [("organisation", unit.organisation.as_str()), ("programme", "tsu-defensive")];
    assert_eq!(manager.post_form("/programme/invite", &again).status(), 409, "it is one already");
    let other = app.organisation("Other");
    let reference = [("organisation", other.as_str()), ("programme", "cnnvd-tsu-2023")];
    assert_eq!(manager.post_form("/programme/invite", &reference).status(), 422);
}

#[test]
fn a_partner_is_warned_suspended_reinstated_and_ends_when_its_year_is_over() {
    let app = TestApp::new();
    let unit = app.partnership_at("active");
    assert_eq!(unit.manage("warn", &[("days", "60")]).status(), 303);
    assert_eq!(unit.manage("warn", &[("days", "60")]).status(), 409, "it is on probation already");
    assert_eq!(unit.manage("reinstate", &[]).status(), 303);
    assert_eq!(unit.manage("suspend", &[]).status(), 303);
    assert!(app.anonymous().get("/partners").text().contains("suspended"));
    assert_eq!(unit.manage("reinstate", &[]).status(), 303);
    for days in [150, 124, 2, 60, 24, 5] {
        app.advance(24 * days);
        for _ in 0..2 {
            app.submit(super::look_after);
        }
        let here = app.partner_person(&unit.organisation).post_form("/partner/here", &[]);
        assert!(matches!(here.status(), 303 | 409), "{}", here.text());
    }
    let person = app.partner_person(&unit.organisation);
    let page = person.get("/partner");
    for days in [90, 30, 7] {
        // Its time, and (domain facts 5.3) its yearly declaration of conflicts: each step once.
        for words in ["its time runs out within", "conflicts of interest are to be declared again within"] {
            let words = format!("{words} {days} days");
            assert_eq!(page.text().matches(&words).count(), 1, "{words}: {}", page.text());
        }
    }
    assert_eq!(page.text().matches("Ended: its time ran out.").count(), 1);
    assert_eq!(app.anonymous().get("/api/v1/partners").json(), json!([]));
}

#[test]
fn what_was_read_before_is_not_decided_on_twice() {
    let app = TestApp::new();
    let unit = app.partnership_at("active");
    let place = format!("/api/v1/programme/partners/{}", unit.id);
    let tag = unit.manager.get(&place).header("etag").to_owned();
    assert_eq!(unit.manage("suspend", &[]).status(), 303);
    let late = unit.manager.with("if-match", &tag);
    let end = json!({ "act": "end", "reasons": "zinnober" });
    assert_eq!(late.post_json(&format!("{place}/acts"), &end).status(), 412);
    assert_eq!(unit.manager.post_json(&format!("{place}/acts"), &end).status(), 204);
    assert_eq!(unit.life(), "ended");
}

#[test]
fn the_programmes_are_public_as_the_file_that_the_engine_reads() {
    let app = TestApp::new();
    for (id, text) in programme::builtin() {
        let file = app.anonymous().get(&format!("/programmes/{id}/programme.toml"));
        assert_eq!(file.text(), *text);
        let page = app.anonymous().get(&format!("/programmes/{id}"));
        assert_eq!(page.status(), 200);
        assert_eq!(page.text().contains("nobody is admitted by it"), *id != "tsu-defensive", "{id}");
    }
    assert_eq!(app.anonymous().get("/programmes/no-such").status(), 404);
}

/// Evidence comes by program too, while the application waits for its marks, and is sealed like the other.
#[test]
fn evidence_may_follow_an_application_until_its_marks_are_in() {
    let app = TestApp::new();
    let unit = app.partnership_at("declared");
    let put = |bytes: usize| {
        unit.person.send("PUT", "/api/v1/partner/evidence/zinnober-2.pdf", None, vec![b'x'; bytes]).status()
    };
    assert_eq!(put(3), 409, "there is no application yet");
    unit.go_one("applied");
    assert_eq!((put(3), put(0), put(10 * 1024 * 1024 + 1)), (204, 422, 413));
    unit.go_one("assessing");
    let (_, assessor) = &unit.assessors[0];
    let page = assessor.get(&format!("/assessments/{}", unit.id));
    assert!(
        page.text().contains("zinnober.pdf") && page.text().contains("zinnober-2.pdf"),
        "{}",
        page.text()
    );
    assert_eq!(assessor.get(&format!("/assessments/{}/evidence/1", unit.id)).bytes(), b"xxx");
    for _ in 0..8 {
        assert_eq!(put(1), 204);
    }
    assert_eq!(put(1), 422, "ten files");
    unit.go_one("assessed");
    assert_eq!(put(1), 409);
}

#[test]
fn contacts_and_requests_leave_as_tables_and_what_was_sealed_leaves_a_read() {
    let app = TestApp::new();
    let unit = app.partnership_at("active");
    let request = unit.ask();
    let file = unit.manager.get("/requests/export");
    assert!(file.text().contains(&request) && !file.text().contains("zinnober"), "{}", file.text());
    let reads = || app.number("SELECT CAST(COUNT(*) AS BIGINT) FROM reads");
    let before = reads();
    let contacts = unit.manager.get("/programme/contacts/export");
    assert!(contacts.text().contains("Zinnober One,analysis"), "{}", contacts.text());
    assert_eq!((contacts.text().lines().count(), reads()), (3, before + 1));
}
