//! The project's own commands. `cargo xtask test` is the one that matters: everything that must
//! hold before a change goes in, from formatting to stories in a real browser.

mod bench;
mod browser;
mod clients;
mod command;
mod fuzz;
mod guard;
mod postgres;
mod preflight;
mod simulate;
mod stopwatch;
mod tally;
mod test;
mod tidy;

use std::path::PathBuf;
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask test [--only STEP]... [--filter EXPR]
    Everything: tools, format, lints, tidy, licences, documentation, every test
    on SQLite, on PostgreSQL and in a browser. Installs what is missing when it
    runs as root. --only names a step (several: --only fmt --only tidy);
    --filter is a nextest filter expression, as in --filter 'test(receipt)'.
cargo xtask tidy
    The rules of the house that no compiler checks. No build, under a second.
cargo xtask bench [ARGUMENT]...
    Every package that has a benches/ folder, optimised.
cargo xtask fuzz [SECONDS] [TARGET]
    Each target in fuzz/ for SECONDS (60 unless told), or the one named.
cargo xtask simulate [SECONDS]
    Lives of a centre, each from a seed of chance, for SECONDS (600 unless told).";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.split_first() {
        Some((command, rest)) => run(command, rest),
        None => Err(anyhow::anyhow!("no command given\n\n{HELP}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &str, rest: &[String]) -> anyhow::Result<()> {
    std::env::set_current_dir(root())?;
    match command {
        "test" => test::run(&test::Options::parse(rest)?),
        "tidy" => tidy::run(),
        "bench" => bench::run(rest),
        "fuzz" => fuzz::run(rest),
        "simulate" => simulate::run(rest),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        unknown => anyhow::bail!("no such command: {unknown}\n\n{HELP}"),
    }
}

/// The workspace's root: the folder above the one that holds this package's manifest.
fn root() -> PathBuf {
    // As `cargo run` says it now: a build that was moved or shared still names the place it came from.
    let here = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let mut root = PathBuf::from(here);
    root.pop();
    root
}
