//! Repositories of git, read from their objects: no work tree has to be made first, and of a commit that
//! follows one that is known only what changed is read.

mod objects;
mod running;
mod trees;

use super::Piece;
use super::archive::{self, Place};
use super::limits::{Budget, Counted};
use super::sources::{Read, Take, bad};
use objects::objects;
use running::list;
pub use running::{told as git_told, without_secrets, words as git_words};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::Ordering;
pub(super) use trees::Changes;

/// A commit of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// The folder of the repository itself: of a work tree, its `.git`.
    pub repository: PathBuf,
    /// Its id.
    pub id: String,
    /// An earlier one that came in whole: only what changed since then is read.
    pub since: Option<String>,
}

/// Git in the folder of a repository, with nothing of a person's own settings: no hooks, no other protocols,
/// no questions.
pub fn git(repository: &Path) -> Command {
    let mut command = Command::new(program());
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
    command.arg("--git-dir").arg(repository).args(["-c", "core.hooksPath=/dev/null"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

/// The folder of the repository at a path: of a work tree, its `.git`.
fn repository(path: &Path) -> PathBuf {
    let inside = path.join(".git");
    if inside.exists() { inside } else { path.to_owned() }
}

/// The commit that a repository without a work tree has checked out, as it were; none for other folders.
pub fn bare(path: &Path) -> Option<io::Result<Commit>> {
    let is_bare = path.join("HEAD").is_file() && path.join("objects").is_dir() && path.join("refs").is_dir();
    let head = || Ok(Commit { repository: path.to_owned(), id: id_of(path, "HEAD")?, since: None });
    is_bare.then(head)
}

/// The full name of a commit, and all commits of its repository as [`versions::History`] reads them: a change is
/// known by who wrote it when, and how it begins.
pub fn history(path: &Path, commit: &str) -> io::Result<(String, String)> {
    let repository = repository(path);
    let id = id_of(&repository, commit)?;
    if list(git(&repository).args(["rev-parse", "--is-shallow-repository"]))?.starts_with(b"true") {
        return Err(io::Error::other("its history is cut off; `git fetch --unshallow` brings the rest"));
    }
    let line = "--format=%H %P%x09%at %ae %<(40,trunc)%s";
    let all = list(git(&repository).args(["log", "--topo-order", line, "--all", &id]))?;
    Ok((id, String::from_utf8_lossy(&all).into_owned()))
}

fn id_of(repository: &Path, commit: &str) -> io::Result<String> {
    let wanted = format!("{commit}^{{commit}}");
    let id = list(git(repository).args(["rev-parse", "--verify", "--end-of-options", &wanted]))?;
    Ok(String::from_utf8_lossy(&id).trim().to_owned())
}

/// Where git lies. A program that is named in full is started without a copy of all that this one has in memory.
fn program() -> PathBuf {
    let places = std::env::var_os("PATH").unwrap_or_default();
    let mut there = std::env::split_paths(&places).map(|place| place.join("git"));
    there.find(|file| file.is_file()).unwrap_or_else(|| "git".into())
}

/// Reads a commit, in the order of its names. What begins with a dot is no data, as in a folder.
pub(super) fn commit(commit: &Commit, read: &Read, take: Take<'_>) -> bool {
    let Some(root) = read.roots.iter().find(|root| root.given == commit.repository) else {
        return take(bad(read, &commit.repository, &io::ErrorKind::NotFound.into()));
    };
    let done = root.changes.as_ref().map_or(Ok(&[][..]), Changes::all).and_then(|changes| {
        let place = |file: &str| Place::found(&commit.repository.join(file).display().to_string());
        let mut wanted = Vec::new();
        // What was deleted, links and other repositories have nothing to be read.
        for (id, file) in changes.iter().filter_map(|change| Some((change.id.as_deref()?, &change.file))) {
            let place = place(file);
            let is_hidden = file.split('/').any(|step| step.starts_with('.'));
            let hidden = is_hidden.then_some("begins with a dot, so it is no data");
            match hidden.or_else(|| place.no_document()) {
                Some(reason) if take(Piece::PassedOver(place.bad("file", reason))) => {}
                Some(_) => return Ok(false),
                None => wanted.push((id, file.as_str())),
            }
        }
        let ids: Vec<&str> = wanted.iter().map(|(id, _)| *id).collect();
        objects(&commit.repository, ("blob", FILE_BYTES), &ids, FILES_BYTES, &mut |at, found| {
            let file = wanted[at].1;
            let (bytes, blob) = match found {
                Ok(found) => found,
                Err(error) => return Ok(take(bad(read, &commit.repository.join(file), &error))),
            };
            let (source, place) = (Counted::new(blob, Some(&read.bytes)), place(file));
            let take = read.of_file(Some(read.see(root.number, file.to_owned())), &place, take);
            let go_on = archive::stream(source, bytes as usize, &place, &Budget::new(), &take);
            Ok(go_on && !read.stop.load(Ordering::Relaxed))
        })
    });
    done.unwrap_or_else(|error| take(bad(read, &commit.repository, &error)))
}

/// Bytes of a file that git has in memory whole; larger ones it writes as it reads them (`core.bigFileThreshold`).
const FILE_BYTES: u64 = 512 << 20;
/// Bytes of all files of a commit, as they are unpacked.
const FILES_BYTES: u64 = 64 << 30;
