//! The register of accreditations, through the router: who sees what, and what stops when one lapses.

use crate::access::Role;
use crate::ledger::Actor;
use crate::people::{self, Mandate};
use crate::testing::partner::order_form;
use crate::testing::{Client, TestApp};
use serde_json::{Value, json};
use std::fs;

/// What stands on a paper of a year.
const PAPER: [(&str, &str); 6] = [
    ("scheme", "crest"),
    ("scopes", "incident_response"),
    ("issuer", "Zinnober Office"),
    ("number", "zinnober-17"),
    ("from", "2026-06-01T00:00"),
    ("until", "2027-06-01T00:00"),
];

fn form<'f>(more: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    [PAPER.as_slice(), more].concat()
}

fn id_of(location: &str) -> &str {
    location.rsplit('/').next().unwrap()
}

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect()
}

/// Domain facts S34: who looked where, when, with what result; S36: a public page for each, and no
/// self-declared logos.
#[test]
fn what_a_partner_hands_in_is_public_once_it_was_looked_up_and_its_holder_agrees() {
    let app = TestApp::new();
    let unit = app.partnership("Zephyr Labs");
    let open = [("issuer", "The Office"), ("number", "R-17")];
    let mut paper = form(&[("of", "organisation"), ("publish", "yes")]);
    paper.retain(|(name, _)| !matches!(*name, "issuer" | "number"));
    paper.extend(open);
    let scan: &[(&str, &str, &[u8])] = &[("files", "zinnober.pdf", b"zinnober")];
    let handed = unit.person.multipart("/account/accreditations", &paper, scan);
    assert_eq!(handed.status(), 303, "{}", handed.text());
    let id = id_of(handed.header("location")).to_owned();
    let own = unit.person.get(handed.header("location"));
    assert!(
        own.text().contains("not looked up yet") && own.text().contains("zinnober.pdf"),
        "{}",
        own.text()
    );
    let nobody = app.anonymous();
    assert_eq!(nobody.get(&format!("/accreditations/{id}")).status(), 404);
    assert!(!nobody.get("/accreditations").text().contains("Zephyr"));

    let waiting = unit.manager.get("/desk/accreditations");
    assert!(waiting.text().contains("Zephyr Labs"), "{}", waiting.text());
    let place = format!("/desk/accreditations/{id}");
    let file = unit.manager.get(&format!("{place}/evidence/0"));
    assert_eq!((file.status(), file.bytes()), (200, &b"zinnober"[..]));
    for wrong in ["1", "x", "-1"] {
        assert_eq!(unit.manager.get(&format!("{place}/evidence/{wrong}")).status(), 404);
    }
    let check = |found: &str| {
        let form = [("found", found), ("place", "zinnober: register of the office")];
        unit.manager.post_form(&format!("{place}/check"), &form).status()
    };
    assert_eq!(check("no_answer"), 303);
    assert_eq!(nobody.get(&format!("/accreditations/{id}")).status(), 404, "nobody answered");
    assert_eq!(check("holds"), 303);
    let page = nobody.get(&format!("/accreditations/{id}"));
    for words in ["Zephyr Labs", "The Office", "R-17", "incident response", ">holds<"] {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    assert!(!page.text().contains("zinnober"), "where it was looked up is for its holder");
    assert!(
        unit.person.get(&format!("/account/accreditations/{id}")).text().contains("register of the office")
    );
    let listed = nobody.get("/api/v1/accreditations").json();
    assert_eq!((ids(&listed), listed[0]["stands"].clone()), (vec![&*id], json!("holds")));
    assert!(nobody.get("/accreditations/export").text().contains(",R-17,"));
    assert_eq!(check("not_found"), 303);
    assert_eq!(nobody.get(&format!("/api/v1/accreditations/{id}")).json()["stands"], "in_doubt");
    assert_eq!(check("withdrawn"), 303);
    assert_eq!(check("holds"), 409, "what was taken back stays so");
}

/// People's accreditations are seen by themselves and by security officers; what is not published is
/// sealed.
#[test]
fn an_accreditation_of_a_person_is_hers_and_the_officers() {
    let app = TestApp::new();
    let login = app.login(&[Role::Coordinator], None);
    let (person, officer) = (app.signed_in(&login), app.account(&[Role::SecurityOfficer]));
    let handed = person.post_form("/account/accreditations", &form(&[("of", "account")]));
    assert_eq!(handed.status(), 303, "{}", handed.text());
    let id = id_of(handed.header("location")).to_owned();
    let kept = format!("/desk/accreditations/{id}");
    assert!(person.get(handed.header("location")).text().contains("zinnober-17"));
    assert!(officer.get(&kept).text().contains("zinnober-17"));
    assert_eq!(ids(&officer.get("/api/v1/desk/accreditations").json()), [&*id]);
    let check = [("found", "holds"), ("place", "zinnober")];
    assert_eq!(officer.post_form(&format!("{kept}/check"), &check).status(), 303);
    let others = [
        app.account(&[Role::ProgrammeManager]),
        app.account(&[Role::Auditor]),
        app.account(&[Role::Coordinator]),
        app.partnership("Unit").person,
    ];
    for other in others {
        for place in [&*kept, &format!("/account/accreditations/{id}"), &format!("/accreditations/{id}")] {
            assert_eq!(other.get(place).status(), 404, "{place}");
        }
    }
    assert_eq!(app.account(&[Role::ProgrammeManager]).get("/api/v1/desk/accreditations").json(), json!([]));
    let published =
        person.post_form("/account/accreditations", &form(&[("of", "account"), ("publish", "yes")]));
    assert_eq!(published.status(), 422, "the public register is not of people");
    // A second account of the same person sees it too; nobody looks a thing up for herself.
    let own = person.post_form(&format!("/account/accreditations/{id}/check"), &check);
    assert_eq!(own.status(), 422);
    let up = [("reasons", "zinnober: I do not do this any more")];
    assert_eq!(person.post_form(&format!("/account/accreditations/{id}/withdraw"), &up).status(), 303);
    assert!(officer.get(&kept).text().contains("withdrawn"));
}

/// ARCHITECTURE, never built 1; and what a scheme for reference certifies is registered by nobody.
#[test]
fn neither_an_offensive_organisation_nor_a_scheme_for_reference_comes_into_the_register() {
    let app = TestApp::new();
    let manager = app.account(&[Role::ProgrammeManager]);
    for mandate in [Mandate::Unknown, Mandate::Offensive] {
        let id = app.submit(move |w| people::add(w, &Actor::System, "Sting", mandate));
        let refused = manager.post_form("/desk/accreditations", &form(&[("organisation", id.as_str())]));
        assert!(
            refused.status() == 422 && refused.text().contains("defensive mandate"),
            "{}",
            refused.text()
        );
    }
    let firm = app.organisation("Firm");
    let mut paper = form(&[("organisation", firm.as_str()), ("level", "1")]);
    paper.retain(|(name, _)| !matches!(*name, "scheme" | "scopes"));
    paper.push(("scheme", "cn-weapons-secrecy"));
    let refused = manager.post_form("/desk/accreditations", &paper);
    assert!(refused.status() == 422 && refused.text().contains("for reference"), "{}", refused.text());
    assert!(!manager.get("/desk/accreditations").text().contains("value=\"cn-weapons-secrecy\""));
    let page = app.anonymous().get("/accreditations/schemes/cn-weapons-secrecy");
    assert!(page.text().contains("permits nothing"), "{}", page.text());
    assert_eq!(app.number("SELECT CAST(COUNT(*) AS BIGINT) FROM accreditations"), 0);
    for (id, text) in programme::builtin_schemes() {
        assert_eq!(app.anonymous().get(&format!("/accreditations/schemes/{id}")).status(), 200);
        assert_eq!(app.anonymous().get(&format!("/accreditations/schemes/{id}/scheme.toml")).text(), *text);
    }
    assert_eq!(app.anonymous().get("/accreditations/schemes/no-such").status(), 404);
}

fn asked(manager: &Client<'_>, partner: &str) -> (u16, String) {
    let answer = manager.post_form("/requests", &order_form(partner));
    (answer.status(), answer.text().to_owned())
}

/// Domain facts S35: evaluated when work is given out, and taken on. What lapsed stops new work at once,
/// by the present instant and without a job; work that was taken on goes on with a mark.
#[test]
fn what_lapses_stops_new_work_at_once_and_leaves_running_work_with_a_mark() {
    let app = TestApp::new();
    let unit = app.partnership_at("active");
    let (running, sent) = (unit.ask(), unit.ask());
    assert_eq!(unit.answer(&running, "accept", &[]).status(), 303);
    let page = unit.manager.get(&format!("/requests/{running}"));
    assert!(page.text().contains("Permitted by") && page.text().contains("ISO/IEC 17025"), "{}", page.text());
    // To the second: the year of the accreditation ends with the minute in which it began.
    app.clock_at("2027-11-24T09:59:59Z");
    let unit_manager = app.account(&[Role::ProgrammeManager]);
    assert_eq!(asked(&unit_manager, unit.id.as_str()).0, 303);
    app.clock_at("2027-11-24T10:00:00Z");
    let (status, words) = asked(&unit_manager, unit.id.as_str());
    assert!(status == 409 && words.contains("ISO/IEC 17025, which is: lapsed"), "{words}");
    let person = app.partner_person(&unit.organisation);
    let place = |id: &str, act: &str| format!("/partner/requests/{id}/{act}");
    assert_eq!(person.post_form(&place(&sent, "accept"), &[]).status(), 409);
    let marked = person.get(&format!("/partner/requests/{running}"));
    assert!(marked.text().contains("nothing now") && marked.text().contains("goes on"), "{}", marked.text());
    let body = person.get(&format!("/api/v1/partner/requests/{running}")).json();
    assert_eq!(body["permitted_now"], false);
    let result = [("result", "zinnober: these hosts")];
    assert_eq!(person.post_form(&place(&running, "deliver"), &result).status(), 303, "it goes on");
    assert_eq!(person.post_form(&place(&sent, "decline"), &[]).status(), 303, "declining is always free");
}

#[test]
fn what_is_withdrawn_stops_new_work_at_once() {
    let app = TestApp::new();
    let unit = app.partnership("Unit");
    unit.go_to("active");
    let sql = "SELECT id FROM accreditations";
    let id: String = app.read(|tx| Ok(tx.query_one(sql, &[])?.get(0)?));
    let reasons = [("reasons", "zinnober: the laboratory was closed")];
    assert_eq!(asked(&unit.manager, unit.id.as_str()).0, 303);
    let place = format!("/account/accreditations/{id}/withdraw");
    assert_eq!(unit.person.post_form(&place, &reasons).status(), 303);
    let (status, words) = asked(&unit.manager, unit.id.as_str());
    assert!(status == 409 && words.contains("ISO/IEC 17025, which is: withdrawn"), "{words}");
    // Another one permits it again.
    unit.accredit("crest", &[("scopes", "vulnerability_assessment")]);
    assert_eq!(asked(&unit.manager, unit.id.as_str()).0, 303);
}

/// Alerts by the days of the scheme, on the desk and on the partner's page.
#[test]
fn an_end_is_pointed_out_to_its_holder_and_on_the_desk() {
    let app = TestApp::new();
    let unit = app.partnership_at("active");
    let ends = |days: i64| {
        let words = format!("ends within {days} days");
        let manager = app.account(&[Role::ProgrammeManager]);
        let desk = manager.get("/desk/accreditations?show=ending").text().contains(&words);
        let own = app.partner_person(&unit.organisation).get("/partner").text().contains(&words);
        assert_eq!(desk, own, "{days}");
        own
    };
    assert!(!ends(90));
    for (at, days) in
        [("2027-08-26T10:00:00Z", 90), ("2027-10-25T10:00:00Z", 30), ("2027-11-17T10:00:00Z", 7)]
    {
        app.clock_at(at);
        assert!(ends(days), "{at}");
    }
}

/// Schemes are data: a file in the centre's folder takes the place of one that comes with the program, and
/// a wrong one starts nothing.
#[test]
fn a_centre_has_its_own_schemes() {
    let folder = std::env::temp_dir().join(format!("heliograph-schemes-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let (_, text) = programme::builtin_schemes().iter().find(|(id, _)| *id == "iso-17025").unwrap();
    let stricter = text.replace("service = \"analysis\"", "service = \"training\"");
    fs::write(folder.join("own.toml"), stricter).unwrap();
    let app = TestApp::with(&[("schemes", folder.to_str().unwrap())]);
    fs::remove_dir_all(&folder).unwrap();
    let page = app.anonymous().get("/accreditations/schemes/iso-17025");
    assert!(page.text().contains("permits training"), "{}", page.text());
    // Where no scheme in force speaks of a service, nothing is asked for.
    let unit = app.partnership_at("active");
    let (status, words) = asked(&unit.manager, unit.id.as_str());
    assert!(status == 409 && !words.contains("ISO/IEC 17025,"), "{words}");
}

/// Peers section 4, 11: the end of an accreditation is told to its holder, once for each step, by an entry.
#[test]
fn the_holder_is_reminded_once_for_each_step() {
    let app = TestApp::new();
    let unit = app.partnership("Unit");
    let id = unit.accredit("iso-27001", &[]);
    let reminders = || {
        app.submit(crate::accreditations::look_after);
        app.number("SELECT CAST(COUNT(*) AS BIGINT) FROM events WHERE kind = 'accreditation.reminded'")
    };
    assert_eq!(reminders(), 0);
    app.advance(24 * 340);
    assert_eq!((reminders(), reminders()), (1, 1), "after a pause the last step alone");
    let page = app.partner_person(&unit.organisation).get(&format!("/account/accreditations/{id}"));
    assert!(page.text().contains("Reminded: it ends within 30 days."), "{}", page.text());
    app.advance(24 * 30);
    assert_eq!((reminders(), reminders()), (2, 2));
    app.verify();
}

#[test]
fn files_are_limited_and_empty_ones_refused() {
    let app = TestApp::new();
    let unit = app.partnership("Unit");
    let id = unit.accredit("iso-27001", &[]);
    let place = format!("/api/v1/account/accreditations/{id}/evidence/zinnober.pdf");
    let put = |bytes: usize| unit.person.send("PUT", &place, None, vec![b'x'; bytes]).status();
    assert_eq!(put(0), 422);
    assert_eq!(put(10 * 1024 * 1024 + 1), 413);
    for _ in 0..10 {
        assert_eq!(put(3), 204);
    }
    assert_eq!(put(3), 422);
    let body = unit.person.get(&format!("/api/v1/account/accreditations/{id}")).json();
    assert_eq!(body["evidence"].as_array().unwrap().len(), 10);
}

/// A table is looked over line by line and taken in whole or not at all; what goes out comes in again.
#[test]
fn a_table_is_taken_in_whole_or_not_at_all_and_goes_out_as_it_came() {
    let app = TestApp::new();
    let unit = app.partnership("Zephyr, \"Labs\"");
    let manager = &unit.manager;
    let head = "organisation,scheme,level,scopes,issuer,number,from,until,publish\r\n";
    let zephyr = "\"Zephyr, \"\"Labs\"\"\"";
    let times = "2026-06-01T00:00:00Z,2027-06-01T00:00:00Z";
    let good = format!(
        "{head}{zephyr},crest,,incident_response penetration_testing,The Office,R-17,{times},yes\r\n\
         {},ti-accredited,accredited,,Zinnober,zinnober-9,{times},no\r\n",
        unit.organisation
    );
    let bad = format!(
        "{good}Nobody,crest,,,X,1,{times},yes\r\n{zephyr},cn-weapons-secrecy,1,,X,1,{times},yes\r\n\
         {zephyr},crest,gold,,X,1,{times},yes\r\n{zephyr},crest,,,X,1,soon,{times}\r\n"
    );
    let send = |table: &str, apply: bool| {
        manager
            .post_json("/api/v1/desk/accreditations/import", &json!({ "table": table, "apply": apply }))
            .json()
    };
    let size = app.size();
    let found = send(&bad, true);
    let places: Vec<(i64, &str)> = found["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["line"].as_i64().unwrap(), one["column"].as_str().unwrap()))
        .collect();
    assert_eq!(places, [(4, "organisation"), (5, "scheme"), (6, "level"), (7, "publish")]);
    assert_eq!((found["good"].clone(), found["applied"].clone()), (json!(2), json!(false)));
    assert_eq!(send(&good, false), json!({ "good": 2, "findings": [], "applied": false }));
    assert_eq!(send("organisation\n1", true)["findings"][0]["line"], 1);
    assert_eq!(app.size(), size, "nothing was taken in");

    let file: &[(&str, &str, &[u8])] = &[("files", "table.csv", good.as_bytes())];
    let tried = manager.multipart("/desk/accreditations/import", &[("do", "try")], file);
    assert!(
        tried.text().contains("nothing is wrong") && tried.text().contains("Take it in"),
        "{}",
        tried.text()
    );
    let taken = manager.post_form("/desk/accreditations/import", &[("table", &good), ("do", "apply")]);
    assert!(taken.text().contains("taken in"), "{}", taken.text());
    let reads = || app.number("SELECT CAST(COUNT(*) AS BIGINT) FROM reads");
    let before = reads();
    let out = manager.get("/desk/accreditations/export").text().to_owned();
    assert_eq!(reads(), before + 1, "what is sealed was opened for it");
    assert!(out.contains("zinnober-9") && out.contains("R-17"), "{out}");
    assert_eq!(send(&out, false), json!({ "good": 2, "findings": [], "applied": false }));
    let officer = app.account(&[Role::SecurityOfficer]);
    assert_eq!(
        officer.get("/desk/accreditations/export?of=organisations").status(),
        404,
        "those of organisations are not hers"
    );
}

/// Domain facts S34: the register holds what is certified of people too; it goes out and in by those who keep
/// it, and by nobody else.
#[test]
fn the_register_of_people_is_a_table_for_security_officers_alone() {
    let app = TestApp::new();
    let (officer, manager) = (app.account(&[Role::SecurityOfficer]), app.account(&[Role::ProgrammeManager]));
    let login = app.login(&[Role::Coordinator], None);
    let head = "login,scheme,level,scopes,issuer,number,from,until,publish\r\n";
    let times = "2026-06-01T00:00:00Z,2027-06-01T00:00:00Z";
    let line = |login: &str| format!("{login},crest,,incident_response,Zinnober,zinnober-3,{times},no\r\n");
    let send = |who: &Client<'_>, table: &str, apply: bool| {
        who.post_json("/api/v1/desk/accreditations/import", &json!({ "table": table, "apply": apply }))
    };
    let (good, bad) = (format!("{head}{}", line(&login)), format!("{head}{}", line("nobody")));
    let size = app.size();
    assert_eq!(send(&manager, &good, true).status(), 404);
    let found = send(&officer, &bad, true).json();
    assert_eq!(
        (found["findings"][0]["line"].clone(), found["findings"][0]["column"].clone()),
        (json!(2), json!("login"))
    );
    assert_eq!(send(&officer, &good, false).json(), json!({ "good": 1, "findings": [], "applied": false }));
    assert_eq!(app.size(), size, "nothing was taken in, and nobody learned of it");
    assert_eq!(send(&officer, &good, true).json()["applied"], true);
    let out = officer.get("/desk/accreditations/export?of=people");
    assert!(out.text().contains(&login) && out.text().contains("zinnober-3"), "{}", out.text());
    assert_eq!(send(&officer, out.text(), false).json()["good"], 1, "what goes out comes in again");
    assert_eq!(manager.get("/desk/accreditations/export?of=people").status(), 404);
    assert!(officer.get("/desk/accreditations").text().contains("The register of people as a table"));
}
