//! `heliograph import`: loads public records into the catalogue.

use crate::app::Clock;
use crate::catalogue::stand_back;
use crate::settings::Settings;
use anyhow::Context;
use catalogue::{Bad, Input, Progress, Report, Terms};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Loads CVE, OSV, CSAF, NVD, GitHub, OpenVEX, KEV, EPSS, CWE and CAPEC documents into the catalogue.
///
/// The format of each document is found out; archives (.zip, .gz, .zst, .tar, also within one another) are read as
/// they are. Unchanged documents are skipped. It may run while the centre is serving: readers find the old state until
/// the import has ended, and an import that is interrupted leaves it. A document that cannot be kept is listed with
/// place and reason and costs no other.
///
/// Example: heliograph import cvelistV5/ all.zip known_exploited_vulnerabilities.json
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files, folders, archives and repositories of git without a work tree; `-` for standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Folder of the centre's data
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Archives have all that there is: what is no longer in one was deleted at its source
    #[arg(long)]
    complete: bool,
    /// The report as JSON
    #[arg(long)]
    json: bool,
}

/// Runs the import; fails if anything could not be kept.
pub(crate) fn run(config: Option<&Path>, args: Args) -> anyhow::Result<ExitCode> {
    let flags: Vec<(&str, String)> =
        args.data.iter().map(|data| ("data", data.display().to_string())).collect();
    let data = Settings::load(config, &flags)?.data;
    std::fs::create_dir_all(&data)
        .map_err(|error| anyhow::anyhow!("cannot make {}: {error}", data.display()))?;
    let catalogue = super::opening::open(&data.join("catalogue.db"))?;
    let inputs = args.paths.iter().map(|path| input(path)).collect::<anyhow::Result<Vec<Input>>>()?;
    super::opening::catch_up(&catalogue)?;
    let what = args.paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(" ");
    let clock = Clock::default();
    let (began, mut bar) = (Instant::now(), Bar::new());
    let terms = Terms { is_complete: args.complete, ..Terms::default() };
    let mut show = |progress: &Progress| bar.show(progress);
    stand_back();
    let report = catalogue.import_on(&inputs, (&what, &terms), &|| clock.now(), &mut show);
    bar.clear();
    let report = report?;
    match tell(&report, args.json, began.elapsed()) {
        // What came in is in, whether somebody reads of it or not.
        Err(error) if !super::is_closed(&error) => return Err(error),
        _ => {}
    }
    anyhow::ensure!(report.counts.seen() > 0, "nothing to import was found in {what}");
    Ok(if report.counts.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn input(path: &Path) -> anyhow::Result<Input> {
    if path.as_os_str() == "-" {
        return Ok(Input::Stdin);
    }
    match catalogue::bare(path) {
        Some(commit) => Ok(Input::Git(commit.with_context(|| path.display().to_string())?)),
        None => Ok(Input::Path(path.to_owned())),
    }
}

fn tell(report: &Report, json: bool, took: Duration) -> anyhow::Result<()> {
    if !json {
        return Ok(print(report, took)?);
    }
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, report)?;
    Ok(writeln!(out)?)
}

fn print(report: &Report, took: Duration) -> io::Result<()> {
    let mut errors = io::stderr().lock();
    for Bad { file, place, reason } in &report.bad {
        writeln!(errors, "{file}: {place}: {reason}")?;
    }
    let counts = &report.counts;
    let unlisted = counts.failed - report.bad.len() as u64;
    if unlisted > 0 {
        writeln!(errors, "… and {unlisted} more that failed")?;
    }
    let seconds = took.as_secs_f64().max(0.001);
    let mut out = io::stdout().lock();
    writeln!(out, "{} added, {} changed, {} unchanged,", counts.added, counts.changed, counts.unchanged)?;
    if counts.deleted > 0 {
        writeln!(out, "{} withdrawn because their source deleted them,", counts.deleted)?;
    }
    if counts.listed > 0 {
        writeln!(out, "{} scores, weaknesses and attack patterns taken over,", counts.listed)?;
    }
    writeln!(
        out,
        "{} older than what is there, {} files passed over as no records, {} failed",
        counts.older, counts.passed_over, counts.failed
    )?;
    writeln!(out, "in {seconds:.1} s, {:.0} a second", counts.seen() as f64 / seconds)
}

/// One line on a terminal that says how far it is; nothing where nobody looks.
struct Bar {
    is_shown: bool,
    began: Instant,
    last: Option<Instant>,
}

impl Bar {
    fn new() -> Self {
        Self { is_shown: io::stderr().is_terminal(), began: Instant::now(), last: None }
    }

    fn show(&mut self, progress: &Progress) {
        let is_soon =
            !progress.is_waiting && self.last.is_some_and(|last| last.elapsed() < Duration::from_millis(200));
        if !self.is_shown || is_soon {
            return;
        }
        self.last = Some(Instant::now());
        let share = progress.bytes_total.filter(|total| *total > 0).map(|total| {
            let share = (progress.bytes_read as f64 / total as f64).min(1.0);
            let full = (share * 30.0) as usize;
            format!("[{}{}] {:3.0} %  ", "#".repeat(full), ".".repeat(30 - full.min(30)), share * 100.0)
        });
        let rate = progress.seen() as f64 / self.began.elapsed().as_secs_f64().max(0.001);
        let line = match progress.is_waiting {
            true => "\r\x1b[KWaiting for another import to end".to_owned(),
            false => format!(
                "\r\x1b[K{}{} seen, {} new, {} failed, {rate:.0} a second",
                share.unwrap_or_default(),
                progress.seen(),
                progress.added + progress.changed,
                progress.failed
            ),
        };
        // A terminal that is gone is no reason to stop.
        let _ = io::stderr().lock().write_all(line.as_bytes());
    }

    fn clear(&self) {
        if self.is_shown {
            let _ = io::stderr().lock().write_all(b"\r\x1b[K");
        }
    }
}
