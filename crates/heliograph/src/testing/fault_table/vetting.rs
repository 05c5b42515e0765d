//! The commands of need-to-know, as pages and as programs send them.

use super::table::{Command, World, commands};
use crate::access::Role;
use crate::testing::TestApp;
use crate::testing::clearance::person;
use serde_json::json;

/// A security officer before the entry of somebody who asked for a correction.
fn officer<'a>(app: &'a TestApp, place: &str, what: &str) -> World<'a> {
    let desk = app.account(&[Role::Coordinator]);
    assert_eq!(desk.post_form("/me/correction", &[("correction", "zinnober")]).status(), 303);
    World::new(app, app.account(&[Role::SecurityOfficer]), "", format!("{place}{}{what}", person(&desk)))
}

/// A security officer before a case of which only its number is known.
fn number<'a>(app: &'a TestApp, place: &str) -> World<'a> {
    World::new(app, app.account(&[Role::SecurityOfficer]), app.case().id.to_string(), place)
}

/// A security officer with a table about somebody.
fn table<'a>(app: &'a TestApp, place: &str) -> World<'a> {
    let login = app.login(&[Role::Coordinator], None);
    let head =
        "login,scheme,level,authority,granted,until,briefed_until,confidentiality_until,review,functions";
    let text = format!("{head}\n{login},,,,,,2027-11-24T10:00:00Z,,,analysis\n");
    World::new(app, app.account(&[Role::SecurityOfficer]), text, place)
}

/// A coordinator in a case.
fn coordinator<'a>(app: &'a TestApp, place: &str, what: &str) -> World<'a> {
    let case = app.case();
    World::new(app, case.desk, "", format!("{place}{}{what}", case.id))
}

fn oneself<'a>(app: &'a TestApp, place: &str) -> World<'a> {
    World::new(app, app.account(&[Role::Coordinator]), "", place)
}

pub(super) const COMMANDS: &[Command] = commands! {
    "POST /vetting/persons/{person}/{act}": |app| officer(app, "/vetting/persons/", "/correction")
        => |world| world.post(&[]);
    "GET /vetting/persons/{person}": |app| officer(app, "/vetting/persons/", "")
        => |world| world.who.get(&world.place).status();
    "POST /api/v1/register/{id}/acts": |app| officer(app, "/api/v1/register/", "/acts")
        => |world| world.post_json(&json!({ "act": "brief", "until": "2027-11-24T10:00:00Z" }));
    "POST /vetting/import": |app| table(app, "/vetting/import")
        => |world| world.post(&[("table", &world.what), ("do", "apply")]);
    "POST /api/v1/register/import": |app| table(app, "/api/v1/register/import")
        => |world| world.post_json(&json!({ "table": world.what, "apply": true }));
    "POST /vetting/cases": |app| number(app, "/vetting/cases")
        => |world| world.post(&[("case", &world.what), ("asks", "de-sueg/ue2")]);
    "PUT /api/v1/classifications": |app| number(app, "/api/v1/classifications")
        => |world| world.send("PUT", &json!({ "case": world.what, "asks": "de-sueg/ue2" }));
    "POST /case/{id}/classify": |app| coordinator(app, "/case/", "/classify")
        => |world| world.post(&[("asks", "de-sueg/ue2")]);
    "POST /api/v1/cases/{id}/classification": |app| coordinator(app, "/api/v1/cases/", "/classification")
        => |world| world.post_json(&json!({ "asks": "de-sueg/ue2" }));
    "POST /me/{act}": |app| oneself(app, "/me/foreign-interest")
        => |world| world.post(&[("words", "zinnober")]);
    "POST /api/v1/me/acts": |app| oneself(app, "/api/v1/me/acts")
        => |world| world.post_json(&json!({ "act": "recuse", "case": "HEL-2026-000001" }));
};
