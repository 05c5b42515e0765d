//! `heliograph sources`: what is imported by itself, and what became of it.

use crate::app::Clock;
use crate::catalogue::{sources, stand_back};
use crate::settings::Settings;
use serde_json::json;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Lists the sources that a serving centre imports by itself, with their last turn; or imports one now.
///
/// They stand in `sources.toml` in the folder of the data, each as `[[source]]` with `name`, `from` (a path, an
/// address, or `git+https://…`), `every` (24h unless it says otherwise) and `complete = true` where it has all
/// that there is, so that what is no longer in it was deleted at its source.
///
/// Example: heliograph sources --run cisa-kev
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Import this source now, whether it is due or not
    #[arg(long, value_name = "NAME")]
    run: Option<String>,
    /// Folder of the centre's data
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// A line of JSON for each source
    #[arg(long)]
    json: bool,
}

/// Lists sources or imports one; fails where its last turn did.
pub(crate) fn run(config: Option<&Path>, args: &Args) -> anyhow::Result<ExitCode> {
    let flags: Vec<(&str, String)> =
        args.data.iter().map(|data| ("data", data.display().to_string())).collect();
    let settings = Settings::load(config, &flags)?;
    let list = settings.sources_file();
    let mut all = sources::read(&list)?;
    if let Some(name) = &args.run {
        all.retain(|source| source.name == *name);
        anyhow::ensure!(!all.is_empty(), "no source \"{name}\" in {}", list.display());
    }
    std::fs::create_dir_all(&settings.data)?;
    let catalogue = super::opening::open(&settings.data.join("catalogue.db"))?;
    let (mut out, mut failed) = (io::stdout().lock(), false);
    if args.run.is_some() {
        stand_back();
        super::opening::catch_up(&catalogue)?;
    }
    for source in &all {
        let turn = match args.run {
            Some(_) => sources::import(&settings.data, source, &|| Clock::default().now())?,
            None => catalogue.turn(&source.name)?,
        };
        let report = turn.import.map(|import| catalogue.import_of(import)).transpose()?.flatten();
        let counts = report.and_then(|import| import.report).map(|report| report.counts);
        failed |= turn.error.is_some() || counts.as_ref().is_some_and(|counts| counts.failed > 0);
        if args.json {
            let line = json!({ "name": source.name, "from": source.from.shown(), "every": source.every.to_string(),
                "complete": source.is_complete, "turn": turn, "counts": counts });
            writeln!(out, "{line}")?;
            continue;
        }
        let at = turn.began.map_or("not yet".to_owned(), |at| at.strftime("%Y-%m-%d %H:%M UTC").to_string());
        let what = match (&turn.error, &counts) {
            (Some(error), _) => format!("failed: {error}"),
            (None, Some(counts)) => format!(
                "{} added, {} changed, {} unchanged, {} withdrawn, {} failed",
                counts.added, counts.changed, counts.unchanged, counts.deleted, counts.failed
            ),
            (None, None) if turn.ended.is_some() => "nothing new".to_owned(),
            (None, None) => String::new(),
        };
        writeln!(out, "{}  {}  every {:#}  {at}  {what}", source.name, source.from.shown(), source.every)?;
    }
    if all.is_empty() {
        writeln!(out, "No source is imported by itself; {} would name them.", list.display())?;
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
