//! Repositories of git, read from their objects: no work tree has to be made first, and of a commit that
//! follows one that is known only what changed is read.

use super::Piece;
use super::archive::{self, Place, Whole};
use super::limits::{Budget, Counted};
use super::sources::{Read, Take, bad};
use std::io::{self, BufRead, BufReader, Read as _, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::Ordering;

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
    command.arg("--git-dir").arg(repository).args(["-c", "core.hooksPath=/dev/null"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

/// Reads a commit, in the order of its names. What begins with a dot is no data, as in a folder.
pub(super) fn commit(commit: &Commit, read: &Read, take: Take<'_>) -> bool {
    let Some(root) = read.roots.iter().find(|root| root.given == commit.repository) else {
        return take(bad(read, &commit.repository, &io::ErrorKind::NotFound.into()));
    };
    let done = root.changes.as_ref().map_or(Ok(&[][..]), Changes::all).and_then(|changes| {
        let mut wanted = Vec::new();
        // What was deleted, links and other repositories have nothing to be read.
        for (id, file) in changes.iter().filter_map(|change| Some((change.id.as_deref()?, &change.file))) {
            let place = Place::found(&commit.repository.join(file).display().to_string());
            let is_hidden = file.split('/').any(|step| step.starts_with('.'));
            let hidden = is_hidden.then_some("begins with a dot, so it is no data");
            match hidden.or_else(|| place.no_document()) {
                Some(reason) if take(Piece::PassedOver(place.bad("file", reason))) => {}
                Some(_) => return Ok(false),
                None => wanted.push((id, place, file.as_str())),
            }
        }
        blobs(commit, wanted, &mut |place, file, bytes, blob| {
            let source = Counted::new(Whole { left: bytes, inner: blob }, Some(&read.bytes));
            let take = read.of_file(Some(read.see(root.number, file.to_owned())), &place, take);
            let go_on = archive::stream(source, bytes as usize, &place, &Budget::new(), &take);
            go_on && !read.stop.load(Ordering::Relaxed)
        })
    });
    done.unwrap_or_else(|error| take(bad(read, &commit.repository, &error)))
}

/// The files by which a commit differs from another, or from no file at all; or why nobody knows.
pub(super) struct Changes {
    is_since: bool,
    all: io::Result<Vec<Change>>,
}

/// A file, with the id of what it holds now, if it holds something.
struct Change {
    id: Option<String>,
    file: String,
}

impl Changes {
    pub(super) fn of(commit: &Commit) -> Self {
        Self { is_since: commit.since.is_some(), all: changes(commit) }
    }

    fn all(&self) -> io::Result<&[Change]> {
        match &self.all {
            Ok(all) => Ok(all),
            Err(error) => Err(io::Error::other(error.to_string())),
        }
    }

    /// The files that changed since an earlier commit; none where all are read.
    pub(super) fn since(&self) -> Option<impl Iterator<Item = &str>> {
        self.is_since.then(|| self.all.iter().flatten().map(|change| change.file.as_str()))
    }
}

fn changes(commit: &Commit) -> io::Result<Vec<Change>> {
    let base = match &commit.since {
        Some(since) => since.clone(),
        None => {
            let empty = done(git(&commit.repository).args(["hash-object", "-t", "tree", "--stdin"]))?;
            String::from_utf8_lossy(&empty).trim().to_owned()
        }
    };
    let mut command = git(&commit.repository);
    let all = done(command.args(["diff-tree", "-r", "-z", "--no-renames", &base, &commit.id]))?;
    let mut parts = all.split(|byte| *byte == 0).map(String::from_utf8_lossy);
    let mut changes = Vec::new();
    while let (Some(what), Some(file)) = (parts.next(), parts.next()) {
        // ":100644 100644 OLD NEW M", modes and ids before and after.
        let mut said = what.split(' ').skip(1);
        let is_file = matches!(said.next(), Some("100644" | "100755"));
        let id = said.nth(1).filter(|_| is_file).map(str::to_owned);
        changes.push(Change { id, file: file.into_owned() });
    }
    Ok(changes)
}

/// What git says.
fn done(command: &mut Command) -> io::Result<Vec<u8>> {
    let done = command.stdout(Stdio::piped()).output()?;
    if done.status.success() { Ok(done.stdout) } else { Err(failed(&done.stderr)) }
}

fn failed(told: &[u8]) -> io::Error {
    let told = String::from_utf8_lossy(told);
    let line = told.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("no word why");
    io::Error::other(format!("git: {}", super::super::rules::clip(line, 200)))
}

/// A child that does not outlive what is read of it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Takes what a blob holds, of so many bytes; false if nobody wants more.
type TakeBlob<'a> = &'a mut dyn FnMut(Place, &str, u64, &mut dyn io::Read) -> bool;

/// Reads the blobs of these ids, in their order.
fn blobs(commit: &Commit, wanted: Vec<(&str, Place, &str)>, take: TakeBlob<'_>) -> io::Result<bool> {
    let mut command = git(&commit.repository);
    command.args(["cat-file", "--batch", "--buffer"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut running = Running(command.spawn()?);
    let (Some(mut into), Some(out)) = (running.0.stdin.take(), running.0.stdout.take()) else {
        return Err(io::Error::other("git has no input or no output"));
    };
    let ids: String = wanted.iter().flat_map(|(id, ..)| [*id, "\n"]).collect();
    // Beside it, so that git need not wait for us while we wait for git; where git ends, so does this.
    std::thread::spawn(move || into.write_all(ids.as_bytes()));
    let (mut out, mut head) = (BufReader::with_capacity(1 << 16, out), String::new());
    for (_, place, file) in wanted {
        head.clear();
        out.read_line(&mut head)?;
        // "ID blob SIZE"
        let mut said = head.trim_end().rsplit(' ');
        let (Some(Ok(bytes)), Some("blob")) = (said.next().map(str::parse), said.next()) else {
            return Err(failed(head.as_bytes()));
        };
        let mut blob = out.by_ref().take(bytes);
        if !take(place, file, bytes, &mut blob) {
            return Ok(false);
        }
        // A document that is too large was not read to its end; a line feed stands behind it.
        io::copy(&mut blob, &mut io::sink())?;
        out.read_exact(&mut [0])?;
    }
    Ok(true)
}
