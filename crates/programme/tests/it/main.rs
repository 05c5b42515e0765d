//! The rules, held against the programmes that come with the program. Each test names its rule.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests may fail loudly")]

mod builtin;
mod capacity;
mod properties;
mod refused;
mod schemes;
mod unknown;
mod vectors;

use programme::{Evaluation, Facts, Programme, builtin};

fn text(id: &str) -> &'static str {
    builtin().iter().find(|(name, _)| *name == id).unwrap().1
}

fn programme(id: &str) -> Programme {
    Programme::parse(text(id)).unwrap()
}

fn evaluate(id: &str, stage: &str, facts: &str) -> Evaluation {
    let programme = programme(id);
    programme.evaluate(programme.stage(stage).unwrap(), &Facts::parse(facts).unwrap()).unwrap()
}

/// The finding for one criterion and level: result and reason.
fn finding(evaluation: &Evaluation, criterion: &str, level: &str) -> String {
    let found =
        evaluation.criteria.iter().find(|found| found.id == criterion && found.level == level).unwrap();
    format!("{:?}: {}", found.result, found.why)
}
