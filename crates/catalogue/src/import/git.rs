//! Repositories of git, read from their objects: no work tree has to be made first, and of a commit that
//! follows one that is known only what changed is read.

use super::Piece;
use super::archive::{self, Place, Whole};
use super::limits::{Budget, Counted};
use super::sources::{Read, Take, bad};
use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read as _, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
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
    // Also where only changes are wanted: this one stops in time if there is no end of files.
    let all = list(git(&commit.repository).args(["ls-tree", "-r", "-z", "--full-tree", &commit.id]))?;
    let Some(since) = &commit.since else { return Ok(split(&all).map(|file| listed(&file)).collect()) };
    let mut command = git(&commit.repository);
    let changed = list(command.args(["diff-tree", "-r", "-z", "--no-renames", since, &commit.id]))?;
    let (mut parts, mut changes) = (split(&changed), Vec::new());
    while let (Some(what), Some(file)) = (parts.next(), parts.next()) {
        // ":100644 100644 OLD NEW M", modes and ids before and after.
        let mut said = what.split(' ').skip(1);
        let (mode, id) = (said.next().unwrap_or_default(), said.nth(1).unwrap_or_default());
        changes.push(Change { id: is_file(mode).then(|| id.to_owned()), file: file.into_owned() });
    }
    Ok(changes)
}

fn split(list: &[u8]) -> impl Iterator<Item = Cow<'_, str>> {
    let whole = list.strip_suffix(&[0]).unwrap_or(list);
    whole.split(|byte| *byte == 0).filter(|part| !part.is_empty()).map(String::from_utf8_lossy)
}

/// "100644 blob ID\tFILE"
fn listed(said: &str) -> Change {
    let (what, file) = said.split_once('\t').unwrap_or_default();
    let mut what = what.split(' ');
    let (mode, id) = (what.next().unwrap_or_default(), what.nth(1).unwrap_or_default());
    Change { id: is_file(mode).then(|| id.to_owned()), file: file.to_owned() }
}

/// Neither a link nor another repository, and still there.
fn is_file(mode: &str) -> bool {
    matches!(mode, "100644" | "100755")
}

/// What git lists.
fn list(command: &mut Command) -> io::Result<Vec<u8>> {
    let (mut running, out) = run(command)?;
    let (mut all, mut told) = (Vec::new(), Vec::new());
    // Trees within one another can name far more files than they take up.
    if out.take(LIST_BYTES + 1).read_to_end(&mut all)? as u64 > LIST_BYTES {
        let reason = format!("the list of what it holds is longer than {} MiB", LIST_BYTES >> 20);
        return Err(io::Error::other(reason));
    }
    running.0.stderr.take().map_or(Ok(0), |from| from.take(TOLD_BYTES).read_to_end(&mut told))?;
    if running.0.wait()?.success() { Ok(all) } else { Err(failed(&told)) }
}

fn failed(told: &[u8]) -> io::Error {
    let told = String::from_utf8_lossy(told);
    let line = told.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("no word why");
    io::Error::other(format!("git: {}", super::super::rules::clip(line, 200)))
}

/// Bytes of a list of files: of the CVE list, with 300,000 of them, it has 42 million; or of commits: of Linux, with
/// 1.4 million of them, it has some 220 million.
const LIST_BYTES: u64 = 256 << 20;
/// Bytes of all files of a commit, as they are unpacked.
const FILES_BYTES: u64 = 64 << 30;
/// Bytes of what git says when it fails.
const TOLD_BYTES: u64 = 4_096;

/// A child that does not outlive what is read of it.
struct Running(Child);

fn run(command: &mut Command) -> io::Result<(Running, ChildStdout)> {
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let out = child.stdout.take().ok_or_else(|| io::Error::other("git has no output"))?;
    Ok((Running(child), out))
}

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
    let (mut running, out) = run(command.args(["cat-file", "--batch", "--buffer"]).stdin(Stdio::piped()))?;
    let into = running.0.stdin.take();
    let mut into = into.ok_or_else(|| io::Error::other("git takes no input"))?;
    let ids: String = wanted.iter().flat_map(|(id, ..)| [*id, "\n"]).collect();
    // Beside it, so that git need not wait for us while we wait for git; where git ends, so does this.
    std::thread::spawn(move || into.write_all(ids.as_bytes()));
    let (mut out, mut head) = (BufReader::with_capacity(1 << 16, out), String::new());
    let mut left = FILES_BYTES;
    for (_, place, file) in wanted {
        head.clear();
        out.read_line(&mut head)?;
        // "ID blob SIZE"
        let mut said = head.trim_end().rsplit(' ');
        let (Some(Ok(bytes)), Some("blob")) = (said.next().map(str::parse), said.next()) else {
            return Err(failed(head.as_bytes()));
        };
        left = left.checked_sub(bytes).ok_or_else(|| {
            io::Error::other(format!("its files have more than {} GiB together", FILES_BYTES >> 30))
        })?;
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
