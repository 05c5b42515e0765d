//! `heliograph export`: a case, or the whole public record, as files.

mod case;
mod folder;
mod public;
#[cfg(test)]
mod tests;

use super::open;
use crate::settings::Settings;
use clap::Subcommand;
use folder::Folder;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Writes a case, or the whole public record, as files.
///
/// The folder is there whole or not at all; `manifest.json` lists every file with its SHA-256. Exploit material is
/// never exported.
///
/// Exit code 0: everything is written. 2: nothing is, and a line says why.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  heliograph export public --to /srv/mirror/2026-05-01
  heliograph export case HEL-2026-000123 --to /evidence/HEL-2026-000123
  heliograph export case HEL-2026-000123 --sealed --as m.keller --to /evidence/opened")]
pub(crate) struct Args {
    /// The centre's folder; its settings apply
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// One line of JSON about what was written instead of text
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Published advisories in every format, and the log as a static server can serve it
    #[command(after_help = "Example: heliograph export public --to /srv/mirror/2026-05-01")]
    Public {
        /// The folder to make
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
    },
    /// What the journal says of one case, each entry with its proof; what is sealed only with --sealed
    ///
    /// The journal's entries hold ids, times, kinds and commitments. With --sealed the texts come along, as far as
    /// the person named with --as may see them; that this person read them stands in the journal before they are
    /// written.
    #[command(
        after_help = "Example: heliograph export case HEL-2026-000123 --sealed --as m.keller --to /evidence/opened"
    )]
    Case {
        /// Its number
        id: String,
        /// The folder to make
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
        /// Open what is sealed, too
        #[arg(long, requires = "login")]
        sealed: bool,
        /// Who reads it: a login
        #[arg(long = "as", value_name = "LOGIN", requires = "sealed")]
        login: Option<String>,
    },
}

pub(super) fn run(config: Option<&Path>, args: &Args) -> anyhow::Result<ExitCode> {
    let flags: Vec<_> = args.data.iter().map(|data| ("data", data.display().to_string())).collect();
    let settings = Settings::load(config, &flags)?;
    // It makes no centre where there is none.
    super::verify::existing_database(&settings)?;
    let app = open(settings)?;
    let written = match &args.what {
        What::Public { to } => public::export(&app, Folder::begin(to)?)?,
        What::Case { id, to, login, .. } => case::export(&app, id, login.as_deref(), Folder::begin(to)?)?,
    };
    let mut out = std::io::stdout().lock();
    match args.json {
        true => writeln!(out, "{}", written.json())?,
        false => writeln!(out, "{}", written.text())?,
    }
    Ok(ExitCode::SUCCESS)
}
