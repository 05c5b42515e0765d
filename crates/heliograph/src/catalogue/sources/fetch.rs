//! What a source brings: nothing new, or something on this machine to be imported.

use super::list::{Place, Source};
use crate::outside::{self, Download};
use catalogue::{Commit, Input, Turn};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

/// What came of it.
pub(super) enum Fetched {
    /// It is what it was.
    Nothing,
    Here {
        input: Input,
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
    match &source.from {
        // Whether anything changed in there is known by the hashes of the documents.
        Place::Path(path) => {
            anyhow::ensure!(path.exists(), "{}: there is nothing", path.display());
            let input = match catalogue::bare(path) {
                Some(commit) => Input::Git(commit?),
                None => Input::Path(path.clone()),
            };
            Ok(Fetched::Here { input, tag: None, dated: None })
        }
        Place::Address(url) => {
            let (path, beside) = (place(data, &source.name)?, place(data, &format!("{}.new", source.name))?);
            // What was fetched and is gone from here has to be fetched again.
            let known = if path.is_file() { before.clone() } else { Turn::default() };
            let known = (known.tag.as_deref(), known.dated.as_deref());
            match outside::download(url, known, &beside, FILE_BYTES_MAX)? {
                Download::Nothing => Ok(Fetched::Nothing),
                Download::Here { tag, dated } => {
                    if path.is_dir() {
                        clear(&path)?;
                    }
                    std::fs::rename(&beside, &path)?;
                    Ok(Fetched::Here { input: Input::Path(path), tag, dated })
                }
            }
        }
        Place::Git(url) => {
            let repository = place(data, &source.name)?;
            // Another program may find more in what has not changed.
            let tag = |id: &str| format!("{id} {}", env!("CARGO_PKG_VERSION"));
            let known = before.tag.as_deref().and_then(|tag| tag.split_once(' '));
            let known = known.map(|(id, _)| id).filter(|id| before.tag == Some(tag(id)));
            let id = pull(url, &repository, known)?;
            if known == Some(id.as_str()) {
                return Ok(Fetched::Nothing);
            }
            let is_here = |known: &&str| git(&repository, &["cat-file", "-e", known]).is_ok();
            let since = known.filter(is_here).map(str::to_owned);
            let tag = Some(tag(&id));
            Ok(Fetched::Here { input: Input::Git(Commit { repository, id, since }), tag, dated: None })
        }
    }
}

fn place(data: &Path, name: &str) -> anyhow::Result<PathBuf> {
    let folder = data.join("sources");
    std::fs::create_dir_all(&folder)?;
    Ok(folder.join(name))
}

/// Takes away what was fetched for a source of this name from another place, or by an earlier program.
fn clear(path: &Path) -> std::io::Result<()> {
    match std::fs::symlink_metadata(path) {
        Ok(what) if what.is_dir() => std::fs::remove_dir_all(path),
        Ok(_) => std::fs::remove_file(path),
        Err(_) => Ok(()),
    }
}

/// Brings a repository to where the source stands, and says at which commit; makes it anew, where there is
/// none without a work tree. `known`, if it is there, stays.
fn pull(url: &str, path: &Path, known: Option<&str>) -> anyhow::Result<String> {
    let run = |arguments: &[&str]| git(path, arguments);
    let is_here = run(&["rev-parse", "--is-bare-repository"]).ok().as_deref() == Some("true");
    if !is_here {
        // Git looks into what lies there, also where it has nothing to do with it.
        clear(path)?;
    }
    // Before all else, so that a source that is away is waited for once, and one that stands still brings nothing.
    let head = run(&["ls-remote", "--quiet", "--", url, "HEAD"])?;
    if let Some(known) = known.filter(|known| is_here && head.split_whitespace().next() == Some(known)) {
        return Ok(known.to_owned());
    }
    match kind_of_id(&head) {
        // A source that began anew may have other ids than what was fetched before.
        Some(ids) if !is_here || run(&["rev-parse", "--show-object-format"])? != ids => begin(path, ids)?,
        // One without any commit says nothing of its ids: what was fetched stays.
        None if !is_here => begin(path, "sha1")?,
        _ => {}
    }
    // Of a git that was killed; left there, they would stop every later one.
    for lock in ["shallow.lock", "packed-refs.lock", "refs/heads/newest.lock", "refs/heads/known.lock"] {
        let _ = std::fs::remove_file(path.join(lock));
    }
    if let Some(known) = known {
        // One that is gone is not missed: then all of it is read.
        let _ = run(&["update-ref", "refs/heads/known", known]);
    }
    let newest = "refs/heads/newest";
    run(&["fetch", "--quiet", "--depth=1", "--no-tags", "--", url, &format!("+HEAD:{newest}")])?;
    run(&["rev-parse", "--verify", newest])
}

/// Makes a repository without a work tree, whose ids are of this kind.
fn begin(path: &Path, ids: &str) -> anyhow::Result<()> {
    clear(path)?;
    git(path, &["init", "--quiet", "--bare", &format!("--object-format={ids}")]).map(drop)
}

/// The kind of the id that a line begins with, as git calls it, known by its length; none where it names no commit.
fn kind_of_id(line: &str) -> Option<&'static str> {
    let id = line.split_whitespace().next()?;
    match id.len() {
        _ if !id.bytes().all(|digit| digit.is_ascii_hexdigit()) => None,
        40 => Some("sha1"),
        64 => Some("sha256"),
        _ => None,
    }
}

/// What git says.
fn git(repository: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let mut command = catalogue::git(repository);
    // What an earlier commit had is of no use any more, and nobody else works here meanwhile.
    command.args(["-c", "gc.autoDetach=false", "-c", "gc.pruneExpire=now"]);
    let child = command.args(arguments).stdout(Stdio::piped()).spawn();
    let mut child = child.map_err(|error| anyhow::anyhow!("git cannot be run: {error}"))?;
    let (said, told) = (catalogue::git_told(child.stdout.take()), catalogue::git_told(child.stderr.take()));
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
    let (said, told) = (said.join().unwrap_or_default(), told.join().unwrap_or_default());
    anyhow::ensure!(status.success(), catalogue::git_words(&told));
    Ok(said.trim().to_owned())
}

#[cfg(test)]
mod tests {
    /// git-ls-remote(1): an id, a tab and a name in a line; nothing of a source that has no commit yet.
    #[test]
    fn only_an_id_tells_of_which_kind_ids_are() {
        let (short, long) = ("0a".repeat(20), "0a".repeat(32));
        for (line, kind) in [
            (format!("{short}\tHEAD"), Some("sha1")),
            (format!("{long}\tHEAD"), Some("sha256")),
            (String::new(), None),
            ("HEAD".to_owned(), None),
            (short[1..].to_owned(), None),
            (short.replacen('0', "g", 1), None),
        ] {
            assert_eq!(super::kind_of_id(&line), kind, "{line}");
        }
    }
}
