//! The command line: one file for each group of commands.

mod backup;
mod case_keys;
mod check;
mod clocks;
mod export;
mod import;
mod opening;
mod programme;
mod query;
mod restore;
mod sbom;
mod serve;
mod sources;
mod token;
mod tool;
mod user;
mod verify;

#[cfg(test)]
pub(crate) use verify::verified_receipt;

use crate::app::{App, Clock, Random};
use crate::settings::{self, Settings};
use clap::{Args, Parser, Subcommand};
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

/// One line for each command.
const EXAMPLES: &str = "Examples:
  heliograph demo
  heliograph serve --data /var/lib/heliograph --listen 0.0.0.0:8080
  heliograph import cvelistV5/ all.zip known_exploited_vulnerabilities.json
  heliograph sources --run cisa-kev
  heliograph query --purl pkg:pypi/jinja2@3.1.2
  heliograph query --sbom bom.json --vex maker.vex.json --format sarif
  heliograph clocks simulate --facts facts.json --at 2026-11-24T00:00:00Z
  heliograph programme evaluate --programme tsu-defensive --stage annual --facts unit.json
  heliograph check --json advisory.json
  heliograph tool compare maven 1.0-rc1 1.0
  heliograph verify --data /var/lib/heliograph
  heliograph backup --to /backup/2026-05-01 --keys-to /vault/2026-05-01 --recipient age1…
  heliograph restore --from /backup/2026-05-01 --keys-from /vault/2026-05-01 --identity officer.key
  heliograph export case HEL-2026-000123 --to /evidence/HEL-2026-000123
  heliograph user add m.keller --role coordinator
  heliograph token create m.keller --name tracker --scope view-desk
  heliograph rebuild --data /var/lib/heliograph
  HELIOGRAPH_ZONE=Europe/Berlin heliograph config

`heliograph help COMMAND` tells more of each.";

/// A vulnerability coordination centre in one binary.
#[derive(Parser)]
#[command(name = "heliograph", version, about, max_term_width = 100, after_help = EXAMPLES)]
struct Cli {
    /// Settings file; `heliograph.toml` in the current folder is read if it is there.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

/// Settings that can be given as flags.
#[derive(Args, Clone, Default)]
pub(crate) struct Flags {
    /// Folder of database, catalogue and keys.
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Address to listen on.
    #[arg(long, global = true, value_name = "ADDR")]
    listen: Option<String>,
    /// `postgres://…` instead of SQLite.
    #[arg(long, global = true, value_name = "URL")]
    database: Option<String>,
}

#[derive(Subcommand)]
enum Command {
    /// Run the centre.
    #[command(after_help = "Example: heliograph serve --data /var/lib/heliograph --listen 0.0.0.0:8080")]
    Serve(Flags),
    /// Run an invented centre in a throw-away folder, to look around.
    #[command(after_help = "Example: heliograph demo --listen 127.0.0.1:8080")]
    Demo(Flags),
    Import(import::Args),
    Sources(sources::Args),
    /// Ask the catalogue without a server.
    #[command(after_help = "Example: heliograph query --purl pkg:pypi/jinja2@3.1.2")]
    Query(query::Args),
    Check(check::Args),
    Clocks(clocks::Args),
    Programme(programme::Args),
    Tool(tool::Args),
    Verify(verify::Args),
    Backup(backup::Args),
    Restore(restore::Args),
    Export(export::Args),
    /// Make and list accounts.
    #[command(after_help = "Example: heliograph user add m.keller --role coordinator")]
    User(user::UserArgs),
    /// Make, list and revoke API tokens.
    #[command(after_help = "Example: heliograph token create m.keller --name tracker --scope view-desk")]
    Token(token::TokenArgs),
    /// Drop all views and make them anew from the journal.
    #[command(after_help = "Example: heliograph rebuild --data /var/lib/heliograph")]
    Rebuild(Flags),
    /// Print the settings and where each comes from.
    #[command(after_help = "Example: HELIOGRAPH_ZONE=Europe/Berlin heliograph config")]
    Config(Flags),
}

impl Flags {
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let data = self.data.as_ref().map(|data| ("data", data.display().to_string()));
        let listen = self.listen.clone().map(|listen| ("listen", listen));
        let database = self.database.clone().map(|database| ("database", database));
        [data, listen, database].into_iter().flatten().collect()
    }
}

/// Runs the program. Errors are one clear line and exit code 2.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(code) => code,
        // As shells have it for a program whose reader left: nobody knows what the end would have been.
        Err(error) if is_closed(&error) => ExitCode::from(128 + 13),
        Err(error) => {
            eprintln!("heliograph: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Whether all that went wrong is that whoever read the answer had enough, as `head` has.
fn is_closed(error: &anyhow::Error) -> bool {
    let of_io = error.downcast_ref::<io::Error>().map(io::Error::kind);
    let of_json = || error.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
    of_io.or_else(of_json) == Some(io::ErrorKind::BrokenPipe)
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let config = cli.config.as_deref();
    match cli.command {
        Command::Serve(flags) => serve::serve(Settings::load(config, &flags.pairs())?),
        Command::Demo(flags) => serve::demo(config, &flags),
        Command::Import(args) => import::run(config, args),
        Command::Sources(args) => sources::run(config, &args),
        Command::Query(args) => query::run(config, args),
        Command::Check(args) => check::run(&args),
        Command::Clocks(args) => clocks::run(config, &args),
        Command::Programme(args) => programme::run(&args),
        Command::Tool(args) => tool::run(&args),
        Command::Verify(args) => verify::run(config, &args),
        Command::Backup(args) => backup::run(config, &args),
        Command::Restore(args) => restore::run(config, &args),
        Command::Export(args) => export::run(config, &args),
        Command::User(args) => user::run(config, args),
        Command::Token(args) => token::run(config, args),
        Command::Rebuild(flags) => {
            let app = open(Settings::load(config, &flags.pairs())?)?;
            app.ledger.db().write(|tx| crate::ledger::rebuild(tx, crate::app::VIEWS))?;
            println!("The views were made anew from the journal.");
            Ok(ExitCode::SUCCESS)
        }
        Command::Config(flags) => {
            for (key, (value, origin)) in settings::origins(config, &flags.pairs())? {
                // A database URL may hold a password.
                let value = if key == "database" && !value.is_empty() { "(set)".to_owned() } else { value };
                println!("{key:10} {value:40} {origin}");
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Opens the centre of these settings, with the real clock and real chance.
fn open(settings: Settings) -> anyhow::Result<App> {
    App::open(settings, Clock::default(), Random::default())
}
