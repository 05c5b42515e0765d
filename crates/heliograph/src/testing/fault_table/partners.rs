//! The commands of the partner programme, as pages and as programs send them.

use super::table::{Command, World, commands};
use crate::partners;
use crate::testing::TestApp;
use crate::testing::partner::{FOUND, order_form};
use serde_json::json;

/// A manager before a partner that stands somewhere.
fn managed<'a>(app: &'a TestApp, place: &str, what: &str) -> World<'a> {
    let unit = app.partnership_at(place);
    let place = unit.place(what);
    World::new(app, unit.manager, "", place)
}

/// Somebody who speaks for a partner.
fn own<'a>(app: &'a TestApp, place: &str, what: &str) -> World<'a> {
    World::new(app, app.partnership_at(place).person, "", what)
}

/// An assessor before an application.
fn assessor<'a>(app: &'a TestApp, place: &str) -> World<'a> {
    let unit = app.partnership_at("assessing");
    let [(_, who), _] = unit.assessors;
    World::new(app, who, "", format!("{place}/assessments/{}", unit.id))
}

/// A coordinator before a find that a partner has claimed.
fn found<'a>(app: &'a TestApp, before: &str, after: &str) -> World<'a> {
    let (case, unit) = (app.case(), app.partnership_at("declared"));
    assert_eq!(unit.claim(&case.report.claim).status(), 303);
    World::new(app, case.desk, "", format!("{before}{}{after}", case.report.id))
}

/// A manager before an organisation that is no partner.
fn stranger<'a>(app: &'a TestApp, place: &str) -> World<'a> {
    let organisation = app.organisation(&format!("Unit {}", app.size()));
    World::new(app, app.account(&[crate::access::Role::ProgrammeManager]), organisation.to_string(), place)
}

/// Sends a table that invites an organisation.
fn table(world: &World<'_>, send: impl Fn(&World<'_>, &str) -> u16) -> u16 {
    send(world, &format!("organisation,programme\n{},tsu-defensive", world.what))
}

pub(super) const COMMANDS: &[Command] = commands! {
    "POST /partners/enquiry" counts_first: |app| World::new(app, app.anonymous(), "", "/partners/enquiry")
        => |world| world.post(&[("organisation", "Zinnober"), ("reach", "zinnober@unit.example"), ("words", "zinnober")]);
    "POST /partner/{act}": |app| own(app, "declared", "/partner/declare")
        => |world| world.post(&[("what", "holdings"), ("has_any", "yes"), ("words", "zinnober")]);
    "POST /assessments/{id}": |app| assessor(app, "")
        => |world| world.post(&FOUND);
    "POST /programme/invite": |app| stranger(app, "/programme/invite")
        => |world| world.post(&[("organisation", &world.what), ("programme", "tsu-defensive")]);
    "POST /programme/import": |app| stranger(app, "/programme/import")
        => |world| table(world, |world, table| world.post(&[("table", table), ("do", "apply")]));
    "POST /api/v1/programme/import": |app| stranger(app, "/api/v1/programme/import")
        => |world| table(world, |world, table| world.post_json(&json!({ "table": table, "apply": true })));
    "POST /programme/{id}/{act}": |app| managed(app, "assessed", "/decide")
        => |world| world.post(&[("admit", "yes"), ("reasons", "zinnober")]);
    "GET /programme/{id}": |app| managed(app, "assessed", "")
        => |world| world.who.get(&world.place).status();
    "POST /requests": |app| {
        let unit = app.partnership_at("active");
        World::new(app, unit.manager, unit.id.to_string(), "/requests")
    } => |world| world.post(&order_form(&world.what));
    "POST /requests/{id}/{act}": |app| {
        let unit = app.partnership_at("active");
        let place = format!("/requests/{}/withdraw", unit.ask());
        World::new(app, unit.manager, "", place)
    } => |world| world.post(&[("reasons", "zinnober")]);
    "POST /partner/requests/{id}/{act}": |app| {
        let unit = app.partnership_at("active");
        let place = format!("/partner/requests/{}/decline", unit.ask());
        World::new(app, unit.person, "", place)
    } => |world| world.post(&[("reasons", "zinnober")]);
    "POST /api/v1/requests": |app| {
        let unit = app.partnership_at("active");
        World::new(app, unit.manager, unit.id.to_string(), "/api/v1/requests")
    } => |world| world.post_json(&json!({ "partner": world.what, "asks": "data_analysis", "purpose": "early_warning",
        "office": "zinnober", "legal_basis": "zinnober", "question": "zinnober" }));
    "POST /api/v1/requests/{id}/acts": |app| {
        let unit = app.partnership_at("active");
        let place = format!("/api/v1/requests/{}/acts", unit.ask());
        World::new(app, unit.manager, "", place)
    } => |world| world.post_json(&json!({ "act": "withdraw", "reasons": "zinnober" }));
    "POST /api/v1/partner/requests/{id}/acts": |app| {
        let unit = app.partnership_at("active");
        let place = format!("/api/v1/partner/requests/{}/acts", unit.ask());
        World::new(app, unit.person, "", place)
    } => |world| world.post_json(&json!({ "act": "accept" }));
    "POST /finds/{id}": |app| found(app, "/finds/", "")
        => |world| world.post(&[("novel", "yes"), ("reach", "generic"), ("reasons", "zinnober")]);
    "POST /api/v1/finds/{id}/grade": |app| found(app, "/api/v1/finds/", "/grade")
        => |world| world.post_json(&json!({ "novel": true, "reach": "generic", "reasons": "zinnober" }));
    "partners claim finds": |app| {
        let world = own(app, "declared", "/partner/claim");
        World { what: app.case().report.claim, ..world }
    } => |world| world.post(&[("claim_code", &world.what)]);
    "partners send alerts": |app| own(app, "active", "/partner/alert")
        => |world| world.post(&[("words", "zinnober")]);
    "POST /programme/review": |app| World { place: "/programme/review".into(), ..managed(app, "active", "") }
        => |world| world.post(&[]);
    "POST /api/v1/programme/review": |app| World { place: "/api/v1/programme/review".into(), ..managed(app, "active", "") }
        => |world| world.who.send("POST", &world.place, None, Vec::new()).status();
    "PUT /api/v1/partner/evidence/{name}": |app| own(app, "applied", "/api/v1/partner/evidence/zinnober.pdf")
        => |world| world.who.send("PUT", &world.place, None, b"zinnober".to_vec()).status();
    "GET /programme/contacts/export": |app| World { place: "/programme/contacts/export".into(), ..managed(app, "active", "") }
        => |world| world.who.get(&world.place).status();
    "POST /api/v1/partner/acts": |app| own(app, "declared", "/api/v1/partner/acts")
        => |world| world.post_json(&json!({ "act": "leave", "reasons": "zinnober" }));
    "PUT /api/v1/assessments/{id}": |app| assessor(app, "/api/v1")
        => |world| world.send("PUT", &json!({ "facts": { "team_size": 12 }, "words": "zinnober" }));
    "POST /api/v1/programme/partners": |app| stranger(app, "/api/v1/programme/partners")
        => |world| world.post_json(&json!({ "organisation": world.what, "programme": "tsu-defensive" }));
    "POST /api/v1/programme/partners/{id}/acts": |app| {
        managed(app, "active", "/acts").at("/programme/", "/api/v1/programme/partners/", "")
    } => |world| world.post_json(&json!({ "act": "suspend", "reasons": "zinnober" }));
    "partners are reminded": |app| {
        let world = managed(app, "active", "");
        app.advance(24 * 300);
        world
    } => |world| if world.app.try_submit(partners::look_after).is_ok() { 200 } else { 500 };
};
