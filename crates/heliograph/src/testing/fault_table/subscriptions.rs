//! The commands of subscriptions.

use super::table::{Command, World, commands};
use crate::access::Role;
use crate::testing::{TestApp, between};
use serde_json::{Value, json};

const SEARCH: [(&str, &str); 2] = [("name", "zinnober"), ("search", "kev:true")];

fn subscriber(app: &TestApp) -> World<'_> {
    World::new(app, app.account(&[Role::Reporter]), "", "/account/subscriptions")
}

fn subscribed(app: &TestApp) -> World<'_> {
    let world = subscriber(app);
    world.post(&SEARCH);
    let what = between(world.who.get(&world.place).text(), "name=\"id\" value=\"", "\"").to_owned();
    World { what, place: format!("{}/end", world.place), ..world }
}

/// The same as a program sends it.
fn program(app: &TestApp) -> World<'_> {
    World { place: "/api/v1/subscriptions".to_owned(), ..subscriber(app) }
}

fn program_with_one(app: &TestApp) -> World<'_> {
    let world = program(app);
    let made = world.who.post_json(&world.place, &document());
    let id = made.json()["id"].as_str().unwrap_or_default().to_owned();
    World { place: format!("{}/{id}", world.place), ..world }
}

fn document() -> Value {
    json!({ "name": "zinnober", "search": "kev:true" })
}

pub(super) const COMMANDS: &[Command] = commands! {
    "POST /account/subscriptions": subscriber => |world| world.post(&SEARCH);
    "POST /account/subscriptions/end": subscribed => |world| world.post(&[("id", &world.what)]);
    "POST /api/v1/subscriptions": program => |world| world.post_json(&document());
    "DELETE /api/v1/subscriptions/{id}": program_with_one
        => |world| world.who.send("DELETE", &world.place, None, Vec::new()).status();
};
