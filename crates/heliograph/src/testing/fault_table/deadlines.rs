//! The commands about clocks, filings and contradictions.

use super::table::{Command, World, commands, desk, in_case};
use crate::testing::TestApp;
use serde_json::{Value, json};

const MANUFACTURER: [(&str, &str); 4] =
    [("for_manufacturer", "yes"), ("exploited", "yes"), ("aware", "2026-11-24T09:15"), ("aware_zone", "UTC")];

const SENT: [(&str, &str); 4] =
    [("at", "2026-11-24T10:00"), ("at_zone", "UTC"), ("evidence", "zinnober"), ("received_here", "yes")];

const DISSEMINATE: [(&str, &str); 3] =
    [("debtor", "centre"), ("profile", "cra-art14"), ("duty", "disseminate")];

const LATER: [(&str, &str); 5] = [
    ("ground", "mitigation_expected"),
    ("until", "2026-11-27T10:00"),
    ("until_zone", "UTC"),
    ("reason", "zinnober"),
    ("precondition", "yes"),
];

const SCOPE: [(&str, &str); 5] = [
    ("debtor", "reporter"),
    ("actors", "manufacturer, product_provider"),
    ("triggers", "actively_exploited_vulnerability"),
    ("jurisdictions", "EU CN"),
    ("zone", "Europe/Berlin"),
];

/// A report whose manufacturer is bound by law, and a coordinator before its clocks.
fn bound<'a>(app: &'a TestApp, what: &str) -> World<'a> {
    let report = app.report_with(&MANUFACTURER);
    World::new(app, desk(app), "", format!("/deadlines/{}{what}", report.id))
}

fn filing<'a>(app: &'a TestApp, what: &str) -> World<'a> {
    let report = app.report_with(&MANUFACTURER);
    let place = format!("/filings/{}/reporter/cra-art14/aev.ew{what}", report.id);
    World::new(app, report.client, "", place)
}

/// A report of which the centre was told by law, and must tell others.
fn received<'a>(app: &'a TestApp, what: &str) -> World<'a> {
    let report = app.report_with(&MANUFACTURER);
    let (desk, id) = (desk(app), report.id);
    let told = format!("/filings/{id}/reporter/cra-art14/aev.ew/submission");
    assert_eq!(desk.post_form(&told, &SENT).status(), 303);
    World::new(app, desk, "", format!("/deadlines/{id}{what}"))
}

/// Two rules that cannot both be kept.
fn torn<'a>(app: &'a TestApp) -> World<'a> {
    let world = bound(app, "/scope");
    assert_eq!(world.post(&SCOPE), 303);
    let sql = "SELECT forbids, prohibition, orders, duty FROM conflicts ORDER BY 1, 2, 3, 4";
    let row = app.read(|tx| Ok(tx.query_opt(sql, &[])?.unwrap()));
    let names = ["forbids", "prohibition", "orders", "duty"];
    let order = names.into_iter().enumerate().map(|(i, name)| (name, row.get(i).unwrap())).collect();
    World { order, place: world.place.replace("/scope", "/conflict"), ..world }
}

/// The same place as programs know it: the last part has another name there.
fn by_program<'a>(world: World<'a>, page: &str, api: &str) -> World<'a> {
    let place = world.place.strip_suffix(page).unwrap_or(&world.place);
    World { place: format!("/api/v1{place}{api}"), ..world }
}

/// A document with the names of the duty that is put off.
fn disseminate(more: Value) -> Value {
    DISSEMINATE.iter().fold(more, |mut all, (name, value)| {
        all[*name] = json!(value);
        all
    })
}

pub(super) const COMMANDS: &[Command] = commands! {
    "PUT /api/v1/deadlines/{subject}/scope": |app| by_program(bound(app, "/scope"), "/scope", "/scope")
        => |world| world.send("PUT", &json!({
            "debtor": "reporter", "actors": ["manufacturer", "product_provider"], "zone": "UTC",
            "triggers": ["actively_exploited_vulnerability"], "jurisdictions": ["EU", "CN"],
        }));
    "POST /api/v1/deadlines/{subject}/keeper": |app| by_program(bound(app, "/take"), "/take", "/keeper")
        => |world| world.post_nothing();
    "POST /api/v1/deadlines/{subject}/delays": |app| by_program(received(app, "/extend"), "/extend", "/delays")
        => |world| world.post_json(&disseminate(json!({
            "ground": "platform_compromised", "until": "2026-11-27T10:00:00Z", "reason": "zinnober",
        })));
    "POST /api/v1/deadlines/{subject}/delay-notices": |app| {
        let world = received(app, "/extend");
        assert_eq!(world.post(&[&DISSEMINATE[..], &LATER].concat()), 303);
        by_program(world, "/extend", "/delay-notices")
    } => |world| world.post_json(&disseminate(json!({ "at": "2026-11-24T10:00:00Z", "evidence": "zinnober" })));
    "POST /api/v1/deadlines/{subject}/waivers": |app| by_program(bound(app, "/waive"), "/waive", "/waivers")
        => |world| world.post_json(&json!({
            "debtor": "reporter", "profile": "cra-art14", "duty": "aev.not", "ground": "already_provided",
            "reason": "zinnober",
        }));
    "POST /api/v1/deadlines/{subject}/conflicts": |app| by_program(torn(app), "/conflict", "/conflicts")
        => |world| {
            let decision = json!({ "debtor": "reporter", "decision": "perform", "reason": "zinnober" });
            let document = world.order.iter().fold(decision, |mut all, (name, value)| {
                all[*name] = json!(value);
                all
            });
            world.post_json(&document)
        };
    "POST /api/v1/drills": |app| World::new(app, desk(app), "", "/api/v1/drills")
        => |world| world.post_nothing();
    "POST /api/v1/drills/{drill}/end": |app| {
        let world = World::new(app, desk(app), "", "/api/v1/drills");
        let started = world.who.send("POST", &world.place, None, Vec::new()).json();
        World { place: format!("/api/v1/drills/{}/end", started["drill"].as_str().unwrap()), ..world }
    } => |world| world.post_nothing();
    "PUT /api/v1/filings/{subject}/{debtor}/{profile}/{duty}": |app| by_program(filing(app, ""), "", "")
        => |world| world.send("PUT", &json!({ "values": { "title": "zinnober kettle boils over" } }));
    "POST /api/v1/filings/{subject}/{debtor}/{profile}/{duty}/submission": |app| by_program(filing(app, "/submission"), "", "")
        => |world| world.post_json(&json!({ "at": "2026-11-24T10:00:00Z", "evidence": "zinnober" }));
    "POST /deadlines/{subject}/fact": |app| bound(app, "/fact") => |world| world.post(&[
        ("debtor", "reporter"), ("vendor", ""), ("anchor", "aware"), ("at", "2026-11-24T08:00"),
        ("at_zone", "UTC"), ("evidence", "zinnober"),
    ]);
    "POST /deadlines/{subject}/scope": |app| bound(app, "/scope") => |world| world.post(&SCOPE);
    "POST /deadlines/{subject}/take": |app| in_case(app, "").at("/case/", "/deadlines/", "/take")
        => |world| world.post(&[]);
    "POST /deadlines/{subject}/extend": |app| received(app, "/extend")
        => |world| world.post(&[&DISSEMINATE[..], &LATER].concat());
    "POST /deadlines/{subject}/delay-notice": |app| {
        let world = received(app, "/extend");
        assert_eq!(world.post(&[&DISSEMINATE[..], &LATER].concat()), 303);
        World { place: world.place.replace("/extend", "/delay-notice"), ..world }
    } => |world| world.post(&[&DISSEMINATE[..], &SENT[..3]].concat());
    "POST /deadlines/{subject}/waive": |app| {
        let world = in_case(app, "/invite");
        assert_eq!(world.post(&[("vendor", &world.what)]), 303);
        world.at("/case/", "/deadlines/", "").at("/invite", "/waive", "")
    } => |world| world.post(&[
        ("debtor", "centre"), ("profile", "centre"), ("duty", "vendor.notify"), ("vendor", &world.what),
        ("ground", "vendor_is_the_reporter"), ("reason", "zinnober"),
    ]);
    "POST /deadlines/{subject}/conflict": torn => |world| {
        let row = world.order.iter().map(|(name, value)| (*name, value.as_str()));
        let decision = [("debtor", "reporter"), ("decision", "perform"), ("reason", "zinnober")];
        world.post(&decision.into_iter().chain(row).collect::<Vec<_>>())
    };
    "POST /deadlines/drills": |app| World::new(app, desk(app), "", "/deadlines/drills")
        => |world| world.post(&[]);
    "POST /deadlines/drills/{drill}/end": |app| {
        let world = World::new(app, desk(app), "", "/deadlines/drills");
        let started = world.who.post_form(&world.place, &[]);
        assert_eq!(started.status(), 303, "{}", started.text());
        let drill = app.read(|tx| Ok(tx.query_one("SELECT MAX(id) FROM drills", &[])?.get::<String>(0)?));
        World { place: format!("/deadlines/drills/{drill}/end"), ..world }
    } => |world| world.post(&[]);
    "POST /filings/{subject}/{debtor}/{profile}/{duty}": |app| filing(app, "")
        => |world| world.post(&[("f.title", "zinnober kettle boils over")]);
    "POST /filings/{subject}/{debtor}/{profile}/{duty}/submission": |app| filing(app, "/submission")
        => |world| world.post(&SENT[..3]);
};
