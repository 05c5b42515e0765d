//! The commands of the register of accreditations, as pages and as programs send them.

use super::table::{Command, World, commands};
use crate::testing::TestApp;
use serde_json::json;

const PAPER: [(&str, &str); 6] = [
    ("of", "organisation"),
    ("scheme", "iso-27001"),
    ("issuer", "Zinnober"),
    ("number", "zinnober"),
    ("from", "2026-06-01T00:00"),
    ("until", "2027-06-01T00:00"),
];

/// Whoever holds an accreditation, before it.
fn holder<'a>(app: &'a TestApp, before: &str, after: &str) -> World<'a> {
    let unit = app.partnership_at("declared");
    let id = unit.accredit("iso-27001", &[]);
    World::new(app, unit.person, "", format!("{before}/account/accreditations/{id}{after}"))
}

/// Whoever keeps it.
fn keeper<'a>(app: &'a TestApp, before: &str, after: &str) -> World<'a> {
    let unit = app.partnership_at("declared");
    let id = unit.accredit("iso-27001", &[]);
    let organisation = unit.organisation.to_string();
    World::new(app, unit.manager, organisation, format!("{before}/desk/accreditations/{id}{after}"))
}

fn put(world: &World<'_>) -> u16 {
    world.who.send("PUT", &world.place, None, b"zinnober".to_vec()).status()
}

fn paper() -> serde_json::Value {
    json!({ "scheme": "iso-27001", "issuer": "Zinnober", "number": "zinnober", "from": "2026-06-01T00:00:00Z",
        "until": "2027-06-01T00:00:00Z" })
}

/// Two lines of which neither is published.
fn table(organisation: &str) -> String {
    let line = |scheme: &str| {
        format!("{organisation},{scheme},,,Zinnober,zinnober,2026-06-01T00:00:00Z,2027-06-01T00:00:00Z,no\n")
    };
    let head = "organisation,scheme,level,scopes,issuer,number,from,until,publish\n";
    format!("{head}{}{}", line("iso-27001"), line("check"))
}

pub(super) const COMMANDS: &[Command] = commands! {
    "POST /account/accreditations": |app| World { place: "/account/accreditations".into(), ..holder(app, "", "") }
        => |world| world.who.multipart(&world.place, &PAPER, &[("files", "zinnober.pdf", b"zinnober")]).status();
    "POST /account/accreditations/{id}/{act}": |app| holder(app, "", "/withdraw")
        => |world| world.post(&[("reasons", "zinnober")]);
    "POST /desk/accreditations": |app| World { place: "/desk/accreditations".into(), ..keeper(app, "", "") }
        => |world| world.post(&[PAPER.as_slice(), &[("organisation", &world.what)]].concat());
    "POST /desk/accreditations/{id}/{act}": |app| keeper(app, "", "/check")
        => |world| world.post(&[("found", "not_found"), ("place", "zinnober")]);
    "POST /api/v1/account/accreditations": |app| {
        World { place: "/api/v1/account/accreditations".into(), ..holder(app, "", "") }
    } => |world| world.post_json(&json!({ "of_organisation": true, "paper": paper() }));
    "POST /api/v1/account/accreditations/{id}/acts": |app| holder(app, "/api/v1", "/acts")
        => |world| world.post_json(&json!({ "act": "withdraw", "reasons": "zinnober" }));
    "PUT /api/v1/account/accreditations/{id}/evidence/{name}": |app| holder(app, "/api/v1", "/evidence/zinnober.pdf")
        => put;
    "POST /api/v1/desk/accreditations": |app| {
        World { place: "/api/v1/desk/accreditations".into(), ..keeper(app, "", "") }
    } => |world| world.post_json(&json!({ "organisation": world.what, "paper": paper() }));
    "POST /api/v1/desk/accreditations/{id}/acts": |app| keeper(app, "/api/v1", "/acts")
        => |world| world.post_json(&json!({ "act": "check", "found": "holds", "place": "zinnober" }));
    "PUT /api/v1/desk/accreditations/{id}/evidence/{name}": |app| keeper(app, "/api/v1", "/evidence/zinnober.pdf")
        => put;
    "POST /desk/accreditations/import": |app| World { place: "/desk/accreditations/import".into(), ..keeper(app, "", "") }
        => |world| world.post(&[("table", &table(&world.what)), ("do", "apply")]);
    "POST /api/v1/desk/accreditations/import": |app| {
        World { place: "/api/v1/desk/accreditations/import".into(), ..keeper(app, "", "") }
    } => |world| world.post_json(&json!({ "table": table(&world.what), "apply": true }));
    "GET /desk/accreditations/{id}": |app| keeper(app, "", "")
        => |world| world.who.get(&world.place).status();
};
