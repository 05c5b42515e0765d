//! Which file of which folder a document lies in, and what is gone from there since the last time.

use super::super::store::{self, Error};
use super::sources::{Read, Root, exactly, shown};
use super::{Bad, Input, Ready, Report, git, note};
use jiff::Timestamp;
use rusqlite::{Connection, Transaction};
use std::collections::HashSet;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

/// The file of a folder that a document lies in: of the folders that were named, by their numbers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Origin {
    pub(super) root: i64,
    pub(super) file: Arc<str>,
}

/// What is kept already and need not be read again.
pub(super) struct Known {
    /// Of all records, where something is read that lies in no folder.
    hashes: HashSet<[u8; 32]>,
    /// What lies in folders is known again by its file, so that a file that moved is noticed.
    origins: HashSet<(Origin, [u8; 32])>,
}

impl Known {
    pub(super) fn has(&self, hash: &[u8; 32], origin: Option<&Origin>) -> bool {
        match origin {
            Some(origin) => self.origins.contains(&(origin.clone(), *hash)),
            None => self.hashes.contains(hash),
        }
    }
}

/// Bytes in which a list of known exploited vulnerabilities says what it is.
const LIST_HEAD: u64 = 4_096;

/// Whether a file holds a list of known exploited vulnerabilities, which is whole by itself.
fn is_whole_list(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(LIST_HEAD).read_to_end(&mut head));
    read.is_ok() && String::from_utf8_lossy(&head).contains("\"catalogVersion\"")
}

/// The folders among the inputs with their numbers, and what is kept already; and files that are whole by
/// themselves, or all of them where `is_complete`.
pub(super) fn known(
    db: &mut Connection,
    inputs: &[Input],
    is_complete: bool,
) -> Result<(Vec<Root>, Known), Error> {
    let mut known = Known { hashes: HashSet::new(), origins: HashSet::new() };
    let mut roots = Vec::new();
    // Git is asked before anybody has to wait for us.
    let places: Vec<_> = inputs
        .iter()
        .filter_map(|input| match input {
            Input::Path(path) => Some((path, None)),
            Input::Git(commit) => Some((&commit.repository, Some(git::Changes::of(commit)))),
            Input::Stdin => None,
        })
        .collect();
    let tx = store::begin(db)?;
    for (path, changes) in places {
        // It is known again by where it lies, however it is written.
        let is_root = |real: &PathBuf| real.is_dir() || is_complete || is_whole_list(real);
        let Some(real) = std::fs::canonicalize(path).ok().filter(is_root) else { continue };
        let real = exactly(&real);
        let number = store::root(&tx, &real)?;
        let root = Root { number, given: path.clone(), path: real, changes };
        let origin = |lies: store::Lies| (Origin { root: number, file: lies.file.into() }, lies.hash);
        known.origins.extend(store::files_of(&tx, number, root.changed())?.into_iter().map(origin));
        roots.push(root);
    }
    tx.commit()?;
    if roots.len() < inputs.len() {
        known.hashes = store::hashes(db)?;
    }
    Ok((roots, known))
}

/// What an import is called in the history: as it was named, with the commits that were read of git or
/// that its work trees stand at.
pub(super) fn labelled(what: &str, inputs: &[Input]) -> String {
    let commits = inputs.iter().filter_map(|input| match input {
        Input::Path(path) => commit(path),
        Input::Git(commit) => Some(commit.id.clone()),
        Input::Stdin => None,
    });
    let commits: Vec<String> = commits.collect();
    if commits.is_empty() { what.to_owned() } else { format!("{what} at {}", commits.join(", ")) }
}

/// The commit that a work tree of git stands at, read from its files; none where that is written in a
/// way that this does not know.
fn commit(folder: &Path) -> Option<String> {
    let git = folder.join(".git");
    let head = read_small(&git.join("HEAD"))?;
    let Some(reference) = head.trim().strip_prefix("ref: ") else { return is_commit(head.trim()) };
    let packed = || {
        let all = std::fs::read_to_string(git.join("packed-refs")).ok()?;
        let line = all.lines().find(|line| line.split(' ').nth(1) == Some(reference))?;
        Some(line.to_owned())
    };
    // A reference is a path of git's own making; anything else is not followed.
    let is_plain = !reference.split('/').any(|part| part.is_empty() || part.starts_with('.'));
    let found = is_plain.then(|| read_small(&git.join(reference))).flatten().or_else(packed)?;
    is_commit(found.split(' ').next()?.trim())
}

fn is_commit(text: &str) -> Option<String> {
    (matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .then(|| text.to_owned())
}

fn read_small(path: &Path) -> Option<String> {
    let mut text = String::new();
    std::fs::File::open(path).ok()?.take(4_096).read_to_string(&mut text).ok()?;
    Some(text)
}

/// What is gone from the folders that were read whole was deleted at its source.
pub(super) fn sweep(
    tx: &Transaction<'_>,
    read: &Read,
    report: &mut Report,
    now: Timestamp,
) -> Result<(), Error> {
    // What could not be read may be there all the same.
    if read.is_incomplete.load(Ordering::Relaxed) {
        return Ok(());
    }
    let seen = read.seen.lock().unwrap_or_else(PoisonError::into_inner);
    let lists = read.lists.lock().unwrap_or_else(PoisonError::into_inner);
    for root in &read.roots {
        let none = HashSet::new();
        let seen = seen.get(&root.number).unwrap_or(&none);
        let is_there = |file: &str, hash: &[u8; 32]| {
            let origin = Origin { root: root.number, file: file.into() };
            seen.contains(file) && lists.get(&origin).is_none_or(|entries| entries.contains(hash))
        };
        let lie = store::files_of(tx, root.number, root.changed())?;
        let lost = lie.into_iter().filter(|lies| !is_there(&lies.file, &lies.hash)).collect();
        let gone = store::sweep(tx, (root.number, &root.path), lost, report.import, now)?;
        report.counts.deleted += gone.records;
        if store::is_too_much(gone.files, gone.known) {
            let reason = format!(
                "{} of {} files that were here are gone, which is taken for a mistake: nothing was withdrawn",
                gone.files, gone.known
            );
            let file = shown(&root.path);
            note(report, Ready::Bad(Bad { file, place: "folder".to_owned(), reason }));
        }
    }
    Ok(())
}
