//! `heliograph verify`: the whole journal, a remote log, or one receipt offline.

mod http;
mod receipt;
mod remote;
#[cfg(test)]
mod tests;
mod witnessed;

use crate::app::VIEWS;
use crate::deadlines;
use crate::ledger::{Break, Keys, Outcome, verify_since};
use crate::settings::Settings;
use anyhow::Context;
use merkle::VerifierKey;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use storage::Database;

/// Verifies the whole journal, a remote log, or one receipt.
///
/// Exit code 0: everything is as it was written. 1: something is not, and is named. 2: it could not
/// be verified.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  heliograph verify --data /var/lib/heliograph
  heliograph verify --receipt HEL-R-2026-000123.tlog-proof --key log.example.org/log+1a2b3c4d+ARi…
  heliograph verify --url https://centre.example.org --key centre.key --since checkpoint-of-may \\
    --witness witness.example.net/w+5e6f7a8b+BPi…")]
pub(crate) struct Args {
    /// The centre's folder; its settings apply. This is what happens without any of the three
    #[arg(long, value_name = "DIR", conflicts_with_all = ["url", "receipt", "key"])]
    data: Option<PathBuf>,
    /// A log somewhere else, by the address of its centre: `--url https://centre.example.org`
    #[arg(long, value_name = "URL", conflicts_with = "receipt", requires = "key")]
    url: Option<String>,
    /// A receipt, verified offline
    #[arg(long, value_name = "FILE", requires = "key", conflicts_with = "since")]
    receipt: Option<PathBuf>,
    /// The log's key as the centre publishes it, or a file that holds it; never taken from the log
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// The key of a witness that you trust, or a file that holds it: it must have cosigned; may be given
    /// several times
    #[arg(long = "witness", value_name = "KEY", conflicts_with = "data")]
    witnesses: Vec<String>,
    /// A checkpoint that you kept: the log must continue it
    #[arg(long, value_name = "FILE")]
    since: Option<PathBuf>,
    /// One line of JSON instead of text
    #[arg(long)]
    json: bool,
}

/// What a verification has to say.
struct Verdict {
    clean: bool,
    text: String,
    json: serde_json::Value,
}

pub(crate) fn run(config: Option<&Path>, args: &Args) -> anyhow::Result<ExitCode> {
    let verdict = match judge(config, args) {
        Ok(verdict) => verdict,
        Err(error) => {
            eprintln!("cannot verify: {error:#}");
            return Ok(ExitCode::from(2));
        }
    };
    let mut out = std::io::stdout().lock();
    if args.json {
        writeln!(out, "{}", verdict.json)?;
    } else {
        write!(out, "{}", verdict.text)?;
    }
    Ok(if verdict.clean { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn judge(config: Option<&Path>, args: &Args) -> anyhow::Result<Verdict> {
    let since = args.since.as_deref().map(|path| text_of(path, NOTE_BYTES_MAX)).transpose()?;
    let key = || args.key.as_deref().context("the log's key is needed: give it with --key").and_then(key_of);
    let witnesses = args.witnesses.iter().map(|key| key_of(key));
    let witnesses: Vec<VerifierKey> = witnesses.collect::<anyhow::Result<_>>()?;
    match (&args.url, &args.receipt) {
        (Some(url), _) => remote::verify(url, &key()?, since.as_deref(), &witnesses),
        (_, Some(receipt)) => receipt::verify(receipt, &key()?, &witnesses),
        _ if !witnesses.is_empty() => anyhow::bail!("--witness goes with --url or --receipt"),
        _ => journal(config, args.data.as_deref(), since),
    }
}

#[cfg(test)]
/// What `verify --receipt` says, and whether it is content.
pub(crate) fn verified_receipt(
    file: &Path,
    key: &VerifierKey,
    witnesses: &[VerifierKey],
) -> anyhow::Result<(bool, String)> {
    receipt::verify(file, key, witnesses).map(|verdict| (verdict.clean, verdict.text))
}

fn journal(config: Option<&Path>, data: Option<&Path>, since: Option<String>) -> anyhow::Result<Verdict> {
    let flags: Vec<_> = data.map(|data| ("data", data.display().to_string())).into_iter().collect();
    let settings = Settings::load(config, &flags)?;
    let db = existing_database(&settings)?;
    let keys = Keys::load(&settings.keys_dir())?;
    let held: Vec<String> = since.into_iter().collect();
    Ok(verdict(db.read(|tx| verify_since(tx, &keys, VIEWS, &held))?))
}

/// The centre's database; none is made where there is none.
///
/// Its views follow from the journal and from the profiles, so those are chosen with it.
pub(super) fn existing_database(settings: &Settings) -> anyhow::Result<Database> {
    deadlines::choose_profiles(settings)?;
    if let Some(url) = &settings.database {
        return Ok(Database::postgres(url)?);
    }
    let path = settings.data.join("heliograph.db");
    anyhow::ensure!(path.is_file(), "there is no {}: give the centre's folder with --data", path.display());
    Ok(Database::sqlite(&path)?)
}

fn verdict(outcome: Outcome) -> Verdict {
    let clean = outcome.findings.is_empty();
    let mut text = summary(&outcome);
    text += &outcome.breaks.iter().map(Break::words).collect::<String>();
    for finding in &outcome.findings {
        text += &format!("{} - {}: {}\n", finding.what, finding.place, finding.reason);
    }
    text += &match outcome.findings.len() as u64 + outcome.more_findings {
        0 => "Everything is as it was written.\n".to_owned(),
        1 => "1 finding.\n".to_owned(),
        count if outcome.more_findings > 0 => format!("{count} findings; the first are listed.\n"),
        count => format!("{count} findings.\n"),
    };
    let json = serde_json::json!({ "verified": "journal", "clean": clean, "outcome": outcome });
    Verdict { clean, text, json }
}

/// What was looked at, in lines.
pub(super) fn summary(outcome: &Outcome) -> String {
    format!(
        "{} entries, {} checkpoints, {} sealed items ({} erased), {} vault keys, {} rows of views\n\
         tree of {} entries with root {}\n",
        outcome.entries,
        outcome.checkpoints,
        outcome.items,
        outcome.erased_items,
        outcome.vault_keys,
        outcome.view_rows,
        outcome.size,
        outcome.root,
    )
}

pub(super) const NOTE_BYTES_MAX: u64 = 1 << 20;

fn key_of(text: &str) -> anyhow::Result<VerifierKey> {
    let path = Path::new(text);
    let text = if path.is_file() { text_of(path, NOTE_BYTES_MAX)? } else { text.to_owned() };
    Ok(text.trim().parse()?)
}

pub(super) fn text_of(path: &Path, limit: u64) -> anyhow::Result<String> {
    let context = || format!("cannot read {}", path.display());
    let length = std::fs::metadata(path).with_context(context)?.len();
    anyhow::ensure!(length <= limit, "{} has {length} bytes; at most {limit} are read", path.display());
    std::fs::read_to_string(path).with_context(context)
}
