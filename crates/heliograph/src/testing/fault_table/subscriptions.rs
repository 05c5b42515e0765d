//! The commands of subscriptions.

use super::table::{Command, World, commands};
use crate::access::Role;
use crate::testing::{TestApp, between};

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

pub(super) const COMMANDS: &[Command] = commands! {
    "POST /account/subscriptions": subscriber => |world| world.post(&SEARCH);
    "POST /account/subscriptions/end": subscribed => |world| world.post(&[("id", &world.what)]);
};
