//! The rules, held against the profiles that come with the program. Each test names its rule.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests may fail loudly")]

mod arbitrary;
mod boundaries;
mod builtin;
mod business;
mod calendar;
mod conflicts;
mod decisions;
mod expressions;
mod facts;
mod filing;
mod listed;
mod mistakes;
mod overlays;
mod own;
mod properties;
mod readings;
mod refused;
mod retention;
mod scope;
mod vectors;
mod vendor;
mod worked;

use std::sync::LazyLock;

use clocks::{Assessment, Facts, Profile, State, builtin};
use jiff::Timestamp;

/// A profile that comes with the program, read once for all tests of a run.
fn profile(id: &str) -> &'static Profile {
    static PROFILES: LazyLock<Vec<Profile>> =
        LazyLock::new(|| builtin().iter().map(|(_, text)| Profile::parse(text).unwrap()).collect());
    PROFILES.iter().find(|profile| profile.id == id).unwrap()
}

fn text(id: &str) -> &'static str {
    builtin().iter().find(|(name, _)| *name == id).unwrap().1
}

fn facts(json: &str) -> Facts {
    serde_json::from_str(json).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn evaluate(id: &str, facts: &Facts, now: &str) -> Vec<Assessment> {
    clocks::evaluate(profile(id), facts, at(now))
}

/// The one clock of a duty.
fn clock(id: &str, duty: &str, facts: &Facts, now: &str) -> Assessment {
    let mut found = evaluate(id, facts, now).into_iter().filter(|clock| clock.duty.as_str() == duty);
    let clock = found.next().unwrap();
    assert_eq!(found.next(), None, "more than one clock for {duty}");
    clock
}

/// State and deadline, as most tests want them.
fn read(clock: &Assessment) -> (State, Option<String>) {
    (clock.state, clock.due.map(|due| due.to_string()))
}

fn due(state: State, due: &str) -> (State, Option<String>) {
    (state, Some(due.to_owned()))
}
