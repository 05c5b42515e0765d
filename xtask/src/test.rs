//! `cargo xtask test`: one step after the other, and it stops at the first that fails.
//!
//! Every build is `--workspace` with the dev profile. Cargo unifies features over what it builds
//! together, so a build of one package would compile shared dependencies a second time; which
//! tests run is chosen by nextest's filter instead.

use std::path::PathBuf;

use anyhow::{Context, bail};

use crate::browser::Driver;
use crate::clients;
use crate::command::{self, Stream};
use crate::postgres::Postgres;
use crate::preflight::{self, BROWSER, CLIENTS, DATABASE, FORMATTER, LINTER, Need, RUNNER};
use crate::stopwatch::Stopwatch;
use crate::tally::{self, Tally};
use crate::tidy;

/// The variables by which tests learn what there is to test on.
const POSTGRES_URL: &str = "HELIOGRAPH_TEST_POSTGRES";
const WEBDRIVER_URL: &str = "HELIOGRAPH_TEST_WEBDRIVER";
const PROGRAM: &str = "HELIOGRAPH_TEST_PROGRAM";
const PYTHON: &str = "HELIOGRAPH_TEST_PYTHON";
const DATA: &str = "HELIOGRAPH_TEST_DATA";

/// What runs again on PostgreSQL: the packages that reach a database.
const ON_POSTGRES: &str = "(package(heliograph) | package(storage))";

struct Step {
    name: &'static str,
    needs: &'static [Need],
    run: fn(&Options, &mut Tally) -> anyhow::Result<()>,
}

const STEPS: &[Step] = &[
    Step { name: "fmt", needs: &[FORMATTER], run: |_, _| format() },
    Step { name: "tidy", needs: &[], run: |_, _| tidy::run() },
    Step { name: "clippy", needs: &[LINTER], run: |_, _| clippy() },
    Step { name: "deny", needs: &[], run: |_, _| deny() },
    Step { name: "doc", needs: &[], run: |_, _| document() },
    Step { name: "sqlite", needs: &[RUNNER], run: on_sqlite },
    Step { name: "postgres", needs: &[RUNNER, DATABASE], run: on_postgres },
    Step { name: "doctest", needs: &[], run: doctest },
    Step { name: "browser", needs: &[RUNNER, BROWSER], run: in_browser },
    Step { name: "clients", needs: &[RUNNER, CLIENTS], run: by_clients },
];

const PREFLIGHT: &str = "preflight";

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    only: Vec<String>,
    filter: Option<String>,
}

impl Options {
    pub(crate) fn parse(arguments: &[String]) -> anyhow::Result<Options> {
        let mut options = Options::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let mut value = || rest.next().cloned().with_context(|| format!("{argument} needs a value"));
            match argument.as_str() {
                "--only" => options.only.push(step_name(value()?)?),
                "--filter" => options.filter = Some(value()?),
                unknown => bail!("test does not know `{unknown}`; it takes --only STEP and --filter EXPR"),
            }
        }
        Ok(options)
    }

    fn includes(&self, step: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|name| name == step)
    }

    /// The tests of one step: its own choice and the caller's.
    fn selection(&self, of_step: Option<&str>) -> Option<String> {
        match (of_step, &self.filter) {
            (Some(step), Some(filter)) => Some(format!("{step} & ({filter})")),
            (Some(step), None) => Some(step.to_owned()),
            (None, filter) => filter.clone(),
        }
    }
}

fn step_name(name: String) -> anyhow::Result<String> {
    let mut known: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
    known.insert(0, PREFLIGHT);
    if !known.contains(&name.as_str()) {
        bail!("no step `{name}`; there are {}", known.join(", "));
    }
    Ok(name)
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let watch = Stopwatch::start();
    let mut tally = Tally::default();
    let outcome = steps(options, &mut tally);
    println!("\nall steps: {}", watch.shown());
    if !tally.is_empty() {
        if std::env::var_os(DATA).is_none() {
            println!("{DATA} is not set: tests on real public data passed themselves over");
        }
        println!("{tally}");
    }
    outcome
}

fn steps(options: &Options, tally: &mut Tally) -> anyhow::Result<()> {
    let chosen: Vec<&Step> = STEPS.iter().filter(|step| options.includes(step.name)).collect();
    let wanted: Vec<&Step> = if chosen.is_empty() { STEPS.iter().collect() } else { chosen.clone() };
    let mut needs: Vec<&Need> = wanted.iter().flat_map(|step| step.needs).collect();
    needs.sort_by_key(|need| need.what);
    needs.dedup_by_key(|need| need.what);
    timed(PREFLIGHT, || preflight::run(&needs))?;
    for step in chosen {
        timed(step.name, || (step.run)(options, tally))?;
    }
    Ok(())
}

fn timed(step: &str, work: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<()> {
    println!("\n== {step}");
    let watch = Stopwatch::start();
    let outcome = work();
    println!("== {step}: {} after {}", if outcome.is_ok() { "done" } else { "FAILED" }, watch.shown());
    outcome.with_context(|| format!("stopped at step `{step}`"))
}

fn format() -> anyhow::Result<()> {
    command::run(command::cargo().args(["fmt", "--all", "--check"]))
}

fn clippy() -> anyhow::Result<()> {
    command::run(command::cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

/// The list of advisories changes by itself, so it is not part of the one command.
fn deny() -> anyhow::Result<()> {
    if command::output("cargo", &["deny", "--version"]).is_none() {
        println!("passed over: cargo-deny is not installed (cargo install --locked cargo-deny)");
        return Ok(());
    }
    command::run(command::cargo().args(["deny", "check", "bans", "licenses", "sources"]))
}

fn document() -> anyhow::Result<()> {
    let mut doc = command::cargo();
    doc.args(["doc", "--workspace", "--no-deps", "--document-private-items"]);
    command::run(doc.env("RUSTDOCFLAGS", "-D warnings"))
}

fn on_sqlite(options: &Options, tally: &mut Tally) -> anyhow::Result<()> {
    // A nextest filter may not name a package that is not there.
    nextest(options, has_browser_stories().then_some("not package(e2e)"), &[], tally)
}

fn on_postgres(options: &Options, tally: &mut Tally) -> anyhow::Result<()> {
    let server = Postgres::start()?;
    nextest(options, Some(ON_POSTGRES), &[(POSTGRES_URL, server.url())], tally)
}

fn in_browser(options: &Options, tally: &mut Tally) -> anyhow::Result<()> {
    if !has_browser_stories() {
        println!("passed over: there is no package e2e");
        return Ok(());
    }
    let driver = Driver::start()?;
    let program = program()?;
    nextest(options, Some("package(e2e)"), &[(WEBDRIVER_URL, driver.url()), (PROGRAM, program)], tally)
}

/// What others wrote against the interfaces that we offer. Without a way to PyPI it says so.
fn by_clients(options: &Options, tally: &mut Tally) -> anyhow::Result<()> {
    match clients::python() {
        Ok(python) => {
            nextest(options, Some("package(heliograph) & test(clients::)"), &[(PYTHON, python)], tally)
        }
        Err(error) => {
            println!("passed over: the clients could not be installed from PyPI: {error:#}");
            Ok(())
        }
    }
}

fn has_browser_stories() -> bool {
    PathBuf::from("e2e/Cargo.toml").exists()
}

/// The product's own program, as the workspace's tests built it: building it alone could choose
/// other features. It lies beside this one.
fn program() -> anyhow::Result<String> {
    command::run(command::cargo().args(["test", "--workspace", "--no-run", "--quiet"]))?;
    let program = std::env::current_exe()?.with_file_name("heliograph");
    anyhow::ensure!(program.exists(), "the build left no {}", program.display());
    Ok(program.display().to_string())
}

fn nextest(
    options: &Options,
    of_step: Option<&str>,
    variables: &[(&str, String)],
    tally: &mut Tally,
) -> anyhow::Result<()> {
    let mut command = command::cargo();
    command.args(["nextest", "run", "--workspace", "--no-fail-fast", "--config-file", "xtask/nextest.toml"]);
    if let Some(selection) = options.selection(of_step) {
        command.args(["--filterset", &selection]);
    }
    // Whoever filters may well choose tests of one step only.
    command.args(["--no-tests", if options.filter.is_some() { "pass" } else { "fail" }]);
    command.env_remove(POSTGRES_URL).env_remove(WEBDRIVER_URL).env_remove(PROGRAM).env_remove(PYTHON);
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    let mut counted = None;
    let succeeded = command::watch(&mut command, Stream::Error, |line| {
        counted = tally::of_nextest(line).or(counted);
    })?;
    let mut counted = counted.unwrap_or_default();
    // Without a filter of the caller's, what a step leaves out runs in another step.
    if options.filter.is_none() && of_step.is_some() {
        counted.skipped = 0;
    }
    tally.add(counted);
    anyhow::ensure!(succeeded, "tests failed or did not build; see above");
    anyhow::ensure!(options.filter.is_some() || counted.passed > 0, "nextest printed no summary we can read");
    Ok(())
}

/// Examples in the documentation. The application has none: its `lib`, if any, says `doctest = false`.
fn doctest(options: &Options, tally: &mut Tally) -> anyhow::Result<()> {
    if options.filter.is_some() {
        println!("passed over: a nextest filter does not apply to examples in the documentation");
        return Ok(());
    }
    let mut command = command::cargo();
    command.args(["test", "--workspace", "--doc", "--no-fail-fast"]);
    let mut counted = Tally::default();
    let succeeded = command::watch(&mut command, Stream::Output, |line| {
        counted.add(tally::of_harness(line).unwrap_or_default());
    })?;
    tally.add(counted);
    anyhow::ensure!(succeeded, "examples in the documentation failed; see above");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> anyhow::Result<Options> {
        Options::parse(&arguments.iter().map(|argument| (*argument).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn every_step_runs_unless_some_are_named() {
        let all = parse(&[]).unwrap();
        assert!(STEPS.iter().all(|step| all.includes(step.name)));
        let some = parse(&["--only", "fmt", "--only", "tidy"]).unwrap();
        let names: Vec<_> = STEPS.iter().map(|step| step.name).filter(|name| some.includes(name)).collect();
        assert_eq!(names, ["fmt", "tidy"]);
    }

    #[test]
    fn what_is_not_understood_is_refused_with_the_choices() {
        let refusal = |arguments: &[&str]| parse(arguments).unwrap_err().to_string();
        assert_eq!(
            refusal(&["--only", "fnt"]),
            "no step `fnt`; there are preflight, fmt, tidy, clippy, deny, doc, sqlite, postgres, doctest, browser, clients"
        );
        assert_eq!(refusal(&["--filter"]), "--filter needs a value");
        assert!(refusal(&["--fast"]).contains("does not know `--fast`"));
    }

    #[test]
    fn the_callers_filter_narrows_that_of_the_step() {
        let filtered = parse(&["--filter", "test(a) | test(b)"]).unwrap();
        assert_eq!(filtered.selection(None).as_deref(), Some("test(a) | test(b)"));
        assert_eq!(
            filtered.selection(Some(ON_POSTGRES)).as_deref(),
            Some("(package(heliograph) | package(storage)) & (test(a) | test(b))")
        );
        assert_eq!(parse(&[]).unwrap().selection(None), None);
    }
}
