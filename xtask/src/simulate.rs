//! `cargo xtask simulate`: lives of a centre from seeds that nobody chose, until the time is up.

use anyhow::Context;

use crate::command;

const SECONDS: u64 = 600;

pub(crate) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let seconds = match arguments {
        [] => SECONDS,
        [time] => time.parse().with_context(|| format!("`{time}` is not a number of seconds"))?,
        _ => anyhow::bail!("simulate takes SECONDS"),
    };
    let mut tests = command::cargo();
    // Not `nextest`: it would end what takes this long.
    tests.args(["test", "--workspace", "--lib", "--", "--nocapture", "whatever_the_seed"]);
    command::run(tests.env("HELIOGRAPH_SIMULATION_SECONDS", seconds.to_string()))
}
