//! What a source brings: nothing new, or something on this machine to be imported.

use super::list::{Place, Source};
use crate::outside::{self, Download};
use catalogue::Turn;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What came of it.
pub(super) enum Fetched {
    /// It is what it was.
    Nothing,
    Here {
        path: PathBuf,
        tag: Option<String>,
        dated: Option<String>,
    },
}

/// The largest file that is fetched: all of OSV has about 2 GB.
const FILE_BYTES_MAX: u64 = 16 << 30;

/// How long git may take for all of a repository.
const GIT_PATIENCE: Duration = Duration::from_secs(60 * 60);

/// Fetches a source into the folder `sources` of the data, if there is anything to fetch.
pub(super) fn fetch(data: &Path, source: &Source, before: &Turn) -> anyhow::Result<Fetched> {
    let here = |path| Fetched::Here { path, tag: None, dated: None };
    match &source.from {
        // Whether anything changed in there is known by the hashes of the documents.
        Place::Path(path) => {
            anyhow::ensure!(path.exists(), "{}: there is nothing", path.display());
            Ok(here(path.clone()))
        }
        Place::Address(url) => {
            let (path, beside) = (place(data, &source.name)?, place(data, &format!("{}.new", source.name))?);
            // What was fetched and is gone from here has to be fetched again.
            let known = if path.is_file() { before.clone() } else { Turn::default() };
            let known = (known.tag.as_deref(), known.dated.as_deref());
            match outside::download(url, known, &beside, FILE_BYTES_MAX)? {
                Download::Nothing => Ok(Fetched::Nothing),
                Download::Here { tag, dated } => {
                    std::fs::rename(&beside, &path)?;
                    Ok(Fetched::Here { path, tag, dated })
                }
            }
        }
        Place::Git(url) => {
            let path = place(data, &source.name)?;
            pull(url, &path)?;
            Ok(here(path))
        }
    }
}

fn place(data: &Path, name: &str) -> anyhow::Result<PathBuf> {
    let folder = data.join("sources");
    std::fs::create_dir_all(&folder)?;
    Ok(folder.join(name))
}

/// Brings a work tree to where the repository stands; makes it, where there is none that is whole.
fn pull(url: &str, path: &Path) -> anyhow::Result<()> {
    let folder = path.display().to_string();
    let is_there = git(&["-C", &folder, "rev-parse", "--verify", "--quiet", "HEAD"]).is_ok();
    if path.exists() && !is_there {
        std::fs::remove_dir_all(path)?;
    }
    if !is_there {
        return git(&["clone", "--quiet", "--depth=1", "--no-tags", "--single-branch", "--", url, &folder]);
    }
    git(&["-C", &folder, "fetch", "--quiet", "--depth=1", "--no-tags", "--", url, "HEAD"])?;
    git(&["-C", &folder, "reset", "--quiet", "--hard", "FETCH_HEAD"])?;
    git(&["-C", &folder, "clean", "--quiet", "--force", "-d", "-x"])
}

/// Runs git with nothing of a person's own settings: no hooks, no other protocols, no questions.
fn git(arguments: &[&str]) -> anyhow::Result<()> {
    let mut command = Command::new("git");
    command.env_clear().envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
    for (name, value) in [
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_TERMINAL_PROMPT", "0"),
        ("GIT_ALLOW_PROTOCOL", "https:http:ssh:file"),
        ("LC_ALL", "C"),
    ] {
        command.env(name, value);
    }
    command.args(["-c", "core.hooksPath=/dev/null", "-c", "core.symlinks=false", "-c", "gc.auto=0"]);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| anyhow::anyhow!("git cannot be run: {error}"))?;
    let told = child.stderr.take();
    // Read beside it, so that it never waits for us.
    let told = std::thread::spawn(move || {
        let mut text = String::new();
        if let Some(told) = told {
            let _ = std::io::Read::read_to_string(&mut std::io::Read::take(told, 4_096), &mut text);
        }
        text
    });
    let began = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if began.elapsed() > GIT_PATIENCE {
            child.kill()?;
            child.wait()?;
            anyhow::bail!("git took longer than {} minutes", GIT_PATIENCE.as_secs() / 60);
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    let told = told.join().unwrap_or_default();
    let line = told.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("no word why").to_owned();
    // An address in it may carry a password.
    let line: Vec<&str> = line.split('@').collect();
    anyhow::ensure!(status.success(), "git: {}", line.last().copied().unwrap_or_default());
    Ok(())
}
