//! The security officer's work, on pages and by program.

use crate::access::{Permission, Role};
use crate::testing::TestApp;
use crate::testing::clearance::person;
use serde_json::json;

const FAR: &str = "2027-11-24T10:00:00Z";

/// Domain rule 5.4: four eyes, on the pages.
#[test]
fn rule_5_4_a_clearance_is_recorded_by_one_officer_and_confirmed_by_another() {
    let app = TestApp::new();
    let (desk, office) = (app.account(&[Role::Coordinator]), app.office());
    let place = format!("/vetting/persons/{}", person(&desk));
    let form = [
        ("asks", "de-sueg/ue2"),
        ("authority", "bmi"),
        ("granted", "2026-10-01T10:00"),
        ("granted_zone", "Europe/Berlin"),
        ("until", "2027-10-01T10:00"),
        ("until_zone", "Europe/Berlin"),
    ];
    let done = office.first.post_form(&format!("{place}/clearance"), &form);
    assert_eq!(done.status(), 303, "{}", done.text());
    assert!(office.first.get("/vetting?show=waiting").text().contains("waits for you"));
    assert!(office.first.get(&place).text().contains("waits for a second security officer"));
    let scheme = [("scheme", "de-sueg")];
    assert_eq!(office.first.post_form(&format!("{place}/confirm"), &scheme).status(), 403);
    assert_eq!(office.second.post_form(&format!("{place}/confirm"), &scheme).status(), 303);
    let page = office.second.get(&place);
    assert!(
        page.text().contains("Federal Ministry of the Interior") && page.text().contains("<svg"),
        "{}",
        page.text()
    );
    let program = app.token(&office.first, &[Permission::KeepRegister]);
    let listed = program.get("/api/v1/register").json();
    assert_eq!(listed[0]["clearances"][0]["until"], "2027-10-01T08:00:00Z");
    let lapses = program.get("/api/v1/expiries").json();
    assert_eq!((&lapses[0]["what"], &lapses[0]["of"]), (&json!("clearance"), &json!("de-sueg/ue2")));
    assert!(office.first.get("/vetting/expiries").text().contains("October 2027"));
    // Two accounts of one person are one pair of eyes.
    let second = office.second.get("/api/v1/me").json()["account"].as_str().unwrap().to_owned();
    let admin = app.account(&[Role::Administrator]);
    let same = [("account", second.as_str()), ("belongs_to", &person(&office.first))];
    assert_eq!(admin.post_form("/accounts/person", &same).status(), 303);
    let done = office.first.post_form(&format!("{place}/clearance"), &form);
    assert_eq!(done.status(), 303, "{}", done.text());
    assert_eq!(office.second.post_form(&format!("{place}/confirm"), &scheme).status(), 403);
}

#[test]
fn what_lapses_soon_and_what_has_lapsed_is_listed() {
    let app = TestApp::new();
    let (desk, other, office) =
        (app.account(&[Role::Coordinator]), app.account(&[Role::Coordinator]), app.office());
    office.clear(&person(&desk), "ue2", "2026-12-24T10:00:00Z");
    office.clear(&person(&other), "ue1", FAR);
    let listed = |show: &str| {
        let page = office.first.get(&format!("/api/v1/register?show={show}")).json();
        page.as_array()
            .unwrap()
            .iter()
            .map(|row| row["person"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(listed("all").len(), 2);
    assert_eq!((listed("soon"), listed("lapsed")), (vec![person(&desk)], vec![]));
    app.clock_at("2026-12-24T10:00:00Z");
    let office = app.office();
    let page = office.first.get("/vetting?show=lapsed");
    assert!(page.text().contains("lapsed 24 Dec 2026, 10:00 UTC"), "{}", page.text());
}

/// S39: confidential functions are for security officers and the person.
#[test]
fn rule_s39_a_confidential_function_is_on_no_list() {
    let app = TestApp::new();
    let (desk, office) = (app.account(&[Role::Coordinator]), app.office());
    let who = person(&desk);
    for (function, confidential) in [("analysis", false), ("registry", true)] {
        let act = json!({ "act": "give_function", "function": function, "confidential": confidential });
        assert_eq!(office.act(&who, &act).status(), 204);
    }
    let listed = office.first.get("/api/v1/register").json();
    assert_eq!(listed[0]["functions"], json!(["analysis"]));
    let own = desk.get("/api/v1/me/data").json();
    assert_eq!(own["entry"]["functions"].as_array().unwrap().len(), 2);
    assert!(desk.get("/me").text().contains("registry of classified material"));
}

/// A centre's own ladder takes the place of the program's, and a wrong one stops the start with its line.
#[test]
fn a_ladder_of_ones_own_is_read_from_its_folder() {
    let app = TestApp::new();
    let folder = app.folder().join("clearances");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("wrong.toml"), "schema = \"ladder/1\"\nid = \"x\"\nage = 1\n").unwrap();
    let settings = crate::settings::Settings::clone(&app.app.settings);
    let refused = crate::vetting::choose_ladders(&settings).unwrap_err().to_string();
    assert!(refused.contains("wrong.toml, line 3: unknown field"), "{refused}");
}

const HEAD: &str =
    "login,scheme,level,authority,granted,until,briefed_until,confidentiality_until,review,functions";

/// An import is tried with findings by line, then taken in whole; what comes out goes in again unchanged.
#[test]
fn the_register_goes_out_and_in_as_a_table() {
    let app = TestApp::new();
    let (first, second) = (app.login(&[Role::Coordinator], None), app.login(&[Role::Coordinator], None));
    let office = app.office();
    let good = format!(
        "{HEAD}\n{first},de-sueg,ue2,bmi,2026-10-01T08:00:00Z,2027-10-01T08:00:00Z,{FAR},{FAR},{FAR},analysis;registry!\n\
         {second},us,secret,dcsa,2026-10-01T08:00:00Z,2027-10-01T08:00:00Z,,,,\n"
    );
    let bad = format!(
        "{good}nobody,,,,,,,,,\n{second},de-sueg,ue9,bmi,2026-10-01T08:00:00Z,{FAR},,,,\n{second},,,,,,never,,,\n"
    );
    let before = app.size();
    let import = |table: &str, apply: bool| {
        office.first.post_json("/api/v1/register/import", &json!({ "table": table, "apply": apply })).json()
    };
    for apply in [false, true] {
        let tried = import(&bad, apply);
        let lines: Vec<(i64, &str)> = tried["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (one["line"].as_i64().unwrap(), one["column"].as_str().unwrap()))
            .collect();
        assert_eq!(lines, [(4, "login"), (5, "level"), (6, "briefed_until")]);
        assert_eq!((&tried["applied"], app.size()), (&json!(false), before), "whole or not at all");
    }
    let tried = office.first.post_form("/vetting/import", &[("table", &good), ("do", "try")]);
    assert!(
        tried.text().contains("nothing is wrong")
            && tried.text().contains("2 lines. Nothing was taken in yet."),
        "{}",
        tried.text()
    );
    assert_eq!(app.size(), before, "a trial keeps nothing");
    assert_eq!(import(&good, true), json!({ "good": 2, "findings": [], "applied": true }));
    // Clearances of a table wait for a second pair of eyes like any other.
    let all = office.second.get("/api/v1/register").json();
    assert_eq!(all[0]["clearances"], json!([]));
    for row in all.as_array().unwrap() {
        let who = row["person"].as_str().unwrap();
        for scheme in ["de-sueg", "us"] {
            let confirm = json!({ "act": "confirm_clearance", "scheme": scheme });
            office.second.post_json(&format!("/api/v1/register/{who}/acts"), &confirm);
        }
    }
    let out = office.first.get("/vetting/export");
    assert!(out.text().contains(&format!("{first},de-sueg,ue2,bmi")), "{}", out.text());
    let before = app.size();
    assert_eq!(
        (&import(out.text(), true)["applied"], app.size()),
        (&json!(true), before),
        "what is there already is not said again"
    );
    let reads = "SELECT CAST(COUNT(*) AS BIGINT) FROM reads WHERE purpose = 'take the register out'";
    assert_eq!(app.number(reads), 2, "an export counts as a read of each");
}
