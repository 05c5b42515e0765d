//! `cargo xtask fuzz`: each target for a while.

use anyhow::{Context, bail, ensure};

use crate::command;

const SECONDS: u32 = 60;

pub(crate) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let (seconds, only) = parse(arguments)?;
    if !std::path::Path::new("fuzz/Cargo.toml").exists() {
        println!("there is no folder fuzz/");
        return Ok(());
    }
    if command::output("cargo", &["fuzz", "--version"]).is_none() {
        bail!("cargo-fuzz is missing: cargo install --locked cargo-fuzz");
    }
    let listed = command::output("cargo", &["fuzz", "list"]).context("`cargo fuzz list` failed")?;
    let targets: Vec<&str> =
        listed.lines().filter(|target| only.is_none_or(|only| only == *target)).collect();
    ensure!(!targets.is_empty(), "no such target; there are: {}", listed.replace('\n', ", "));
    for target in targets {
        println!("\n== {target} for {seconds} s");
        let mut fuzz = command::cargo();
        fuzz.args(["fuzz", "run", target, "--", &format!("-max_total_time={seconds}")]);
        // The sanitizer needs switches that a stable compiler takes only when told so.
        command::run(fuzz.env("RUSTC_BOOTSTRAP", "1"))?;
    }
    Ok(())
}

fn parse(arguments: &[String]) -> anyhow::Result<(u32, Option<&str>)> {
    let seconds =
        |text: &String| text.parse().with_context(|| format!("`{text}` is not a number of seconds"));
    match arguments {
        [] => Ok((SECONDS, None)),
        [time] => Ok((seconds(time)?, None)),
        [time, target] => Ok((seconds(time)?, Some(target))),
        _ => bail!("fuzz takes SECONDS and TARGET"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_come_first() {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(parse(&words("")).unwrap(), (60, None));
        assert_eq!(parse(&words("5 osv")).unwrap(), (5, Some("osv")));
        assert_eq!(parse(&words("osv")).unwrap_err().to_string(), "`osv` is not a number of seconds");
    }
}
