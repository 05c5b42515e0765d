//! Import: one thread reads files and archives, every processor reads documents, one writer keeps
//! what came of them.
//!
//! All of it is one transaction: whoever reads meanwhile finds the old state and then the new, and an import
//! that is interrupted leaves the old. What is kept already is known by its hash and not read a second time.

mod archive;
mod git;
mod limits;
mod origins;
mod sources;
mod work;
mod zips;

use super::entry::{Content, Entry, List};
use super::index::{Follower, Index, Staged};
use super::pack::Packer;
use super::store::{self, Error, Outcome};
pub use git::{Commit, bare, git, git_told, git_words, history, without_secrets};
use jiff::Timestamp;
use origins::Origin;
use rusqlite::{Connection, Transaction};
use std::cell::RefCell;
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use work::{Arriving, Handing, Piece, Ready, Work};

/// Where documents come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A file, an archive or a folder.
    Path(PathBuf),
    /// What a repository of git holds.
    Git(Commit),
    /// Standard input: a document or an archive.
    Stdin,
}

/// What an import takes for granted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terms {
    /// Archives that are named have all that there is: what is no longer in one was deleted at its source.
    /// Of folders, and of lists of known exploited vulnerabilities, that is always so.
    pub is_complete: bool,
    /// The source that is imported by itself, by its name; empty for what somebody imports by hand.
    pub source: String,
}

/// How far an import is.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Progress {
    /// Records that were not there before.
    pub added: u64,
    /// Records that replaced another text of themselves.
    pub changed: u64,
    /// Documents and listings that were there already.
    pub unchanged: u64,
    /// Records of which a newer text was there already.
    pub older: u64,
    /// Files that are no records, such as signatures and lists.
    pub passed_over: u64,
    /// Documents, or parts of one, that could not be kept.
    pub failed: u64,
    /// Records that were withdrawn because their source deleted them.
    pub deleted: u64,
    /// Scores, weaknesses and attack patterns in lists that were taken over; the lists themselves are
    /// counted as records are.
    pub listed: u64,
    /// Bytes read of the files that were named; of a folder, of what lies in it so far.
    #[serde(skip)]
    pub bytes_read: u64,
    /// Bytes of the files that were named, if none of them is a folder or a stream.
    #[serde(skip)]
    pub bytes_total: Option<u64>,
    /// Somebody else is writing, and has to be waited for.
    #[serde(skip)]
    pub is_waiting: bool,
}

impl Progress {
    fn count(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Added => self.added += 1,
            Outcome::Changed => self.changed += 1,
            Outcome::Unchanged => self.unchanged += 1,
            Outcome::Older => self.older += 1,
        }
    }

    /// Everything that has been looked at.
    pub fn seen(&self) -> u64 {
        self.added + self.changed + self.unchanged + self.older + self.passed_over + self.failed
    }
}

/// Something that was not kept, where, and why.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Bad {
    /// The file, and within an archive the name there.
    pub file: String,
    /// Where in it.
    pub place: String,
    /// Why.
    pub reason: String,
}

/// How an import ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Report {
    /// Its number in the history.
    pub import: i64,
    /// What became of what was seen.
    #[serde(flatten)]
    pub counts: Progress,
    /// What was not kept, up to the number that is listed.
    pub bad: Vec<Bad>,
    /// What was passed over, up to the number that is listed.
    pub passed: Vec<Bad>,
}

/// Bad documents that are listed one by one; the rest is counted.
pub(crate) const LISTED_MAX: usize = 1_000;

/// Records that are held before writing begins: a small import keeps nobody waiting while it reads.
const HELD_MAX: usize = 2_000;
/// Records after which the index follows and somebody may look.
const ROUND: usize = 1_000;
/// How long nothing may come before somebody may look.
const PATIENCE: Duration = Duration::from_millis(400);

pub(super) fn run(
    db: &mut Connection,
    index: &Index,
    inputs: &[Input],
    (what, terms): (&str, &Terms),
    clock: &dyn Fn() -> Timestamp,
    progress: &mut dyn FnMut(&Progress),
) -> Result<Report, Error> {
    let now = clock();
    let tx = begin(db, &mut || progress(&Progress { is_waiting: true, ..Progress::default() }))?;
    let what = super::rules::clip(&origins::labelled(what, inputs), 500);
    let import = store::begin_import(&tx, &what, now)?;
    tx.commit()?;
    let (roots, known) = origins::known(db, inputs, terms.is_complete)?;
    let mut follower = index.follower()?;
    let read = sources::Read::new(roots);
    let packer = Packer::new(db)?;
    let report = Report { import, ..Report::default() };
    let mut keeping = Keeping { packer: &packer, staged: Staged::new(), report, now, arrived: 0 };
    keeping.report.counts.bytes_total = sources::total(inputs);
    let workers = std::thread::available_parallelism().map_or(1, NonZero::get).min(16);
    let (to_workers, from_reader) = sync_channel(2 * workers);
    let (to_writer, from_workers) = sync_channel(2 * workers);
    let from_reader = Mutex::new(from_reader);
    let work = Work { known: &known, packer: &packer, read: &read, now };
    let mut report = std::thread::scope(|scope| {
        let (from_reader, work, read) = (&from_reader, &work, &read);
        scope.spawn(move || {
            let handed = RefCell::new(Handing::new(to_workers));
            sources::read_all(inputs, read, &|piece| handed.borrow_mut().take(piece));
            handed.into_inner().flush();
        });
        for _ in 0..workers {
            let to_writer = to_writer.clone();
            scope.spawn(move || work.all(from_reader, &to_writer));
        }
        drop(to_writer);
        let mut look = |report: &mut Report| {
            report.counts.bytes_read = read.bytes.load(Ordering::Relaxed);
            progress(&report.counts);
        };
        // However this ends, the others stop: nobody listens to the workers, and nobody to the reader.
        let _stop = Stop { read, from_reader };
        let mut arriving = Arriving::new(from_workers);
        write_all(db, &mut follower, &mut arriving, keeping, &mut look, &|tx, report| {
            origins::sweep(tx, read, report, now)?;
            store::finish_import(tx, report, clock())?;
            store::put_report(tx, report, &terms.source)
        })
    })?;
    report.counts.bytes_read = read.bytes.load(Ordering::Relaxed);
    follower.finish()?;
    store::shorten_log(db)?;
    Ok(report)
}

/// Lets go those who read when writing has ended, also where it failed or our own code did.
struct Stop<'a> {
    read: &'a sources::Read,
    from_reader: &'a Mutex<Receiver<Vec<Piece>>>,
}

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.read.stop.store(true, Ordering::Relaxed);
        let mut rest = self.from_reader.lock().unwrap_or_else(PoisonError::into_inner);
        *rest = sync_channel(0).1;
    }
}

/// Begins to write; says so where somebody else has to be waited for.
fn begin<'a>(db: &'a mut Connection, say_so: &mut dyn FnMut()) -> Result<Transaction<'a>, Error> {
    if store::is_busy(db)? {
        say_so();
    }
    store::begin(db)
}

/// Keeps what comes until nothing more comes, and what `last` writes: all of it or nothing.
fn write_all(
    db: &mut Connection,
    follower: &mut Follower<'_>,
    arriving: &mut Arriving,
    mut keeping: Keeping<'_>,
    look: &mut dyn FnMut(&mut Report),
    last: &dyn Fn(&Transaction<'_>, &mut Report) -> Result<(), Error>,
) -> Result<Report, Error> {
    let (mut held, mut is_over) = (Vec::new(), false);
    while held.len() < HELD_MAX && !is_over {
        is_over = keeping.next(arriving, look, &mut |_, ready| {
            held.push(ready);
            Ok(())
        })?;
    }
    let tx = begin(db, &mut || {
        keeping.report.counts.is_waiting = true;
        look(&mut keeping.report);
    })?;
    keeping.report.counts.is_waiting = false;
    let mut kept = 0;
    let mut keep = |keeping: &mut Keeping<'_>, ready| {
        keeping.keep(&tx, ready)?;
        kept += 1;
        if kept % ROUND == 0 { follower.follow(&tx, &mut keeping.staged) } else { Ok(()) }
    };
    for ready in held {
        keep(&mut keeping, ready)?;
    }
    while !is_over {
        is_over = keeping.next(arriving, look, &mut keep)?;
    }
    last(&tx, &mut keeping.report)?;
    follower.follow(&tx, &mut keeping.staged)?;
    tx.commit()?;
    look(&mut keeping.report);
    Ok(keeping.report)
}

/// What is gathered while records are kept.
struct Keeping<'a> {
    packer: &'a Packer,
    staged: Staged,
    report: Report,
    now: Timestamp,
    /// What has come so far, kept or not.
    arrived: usize,
}

impl Keeping<'_> {
    /// Waits for what comes next, and says whether nothing more comes; what is to be kept goes to `keep`.
    fn next(
        &mut self,
        arriving: &mut Arriving,
        look: &mut dyn FnMut(&mut Report),
        keep: &mut dyn FnMut(&mut Self, Ready) -> Result<(), Error>,
    ) -> Result<bool, Error> {
        self.arrived += 1;
        match arriving.next(PATIENCE) {
            Ok(ready @ (Ready::Entry(..) | Ready::List(_))) => keep(self, ready)?,
            Ok(other) => note(&mut self.report, other),
            Err(RecvTimeoutError::Timeout) => look(&mut self.report),
            Err(RecvTimeoutError::Disconnected) => return Ok(true),
        }
        if self.arrived.is_multiple_of(ROUND) {
            look(&mut self.report);
        }
        Ok(false)
    }

    fn keep(&mut self, tx: &Transaction<'_>, ready: Ready) -> Result<(), Error> {
        match ready {
            Ready::Entry(entry, origin) => self.keep_record(tx, *entry, origin.as_ref()),
            Ready::List(list) => keep_list(tx, &list, &mut self.report),
            other => {
                note(&mut self.report, other);
                Ok(())
            }
        }
    }

    fn keep_record(
        &mut self,
        tx: &Transaction<'_>,
        entry: Entry,
        origin: Option<&Origin>,
    ) -> Result<(), Error> {
        self.packer.keep_made(tx)?;
        let (outcome, row) = store::put(tx, &entry, self.report.import, self.now)?;
        if let Some(Origin { root, file }) = origin {
            store::put_origin(tx, *root, file, row, &entry.hash)?;
        }
        if matches!(outcome, Outcome::Added | Outcome::Changed) {
            self.staged.insert(entry.hash, entry.words);
        }
        self.report.counts.count(outcome);
        Ok(())
    }
}

fn keep_list(tx: &Transaction<'_>, list: &List, report: &mut Report) -> Result<(), Error> {
    let (outcome, rows) = match &list.content {
        Content::Scores(scores) => {
            (store::put_scores(tx, scores, &list.hash, report.import)?, scores.scores.len())
        }
        Content::Attack(name, attack, raw) => {
            (store::put_attack(tx, name, attack, &list.hash, raw, report.import)?, attack.entries.len())
        }
    };
    report.counts.count(outcome);
    if matches!(outcome, Outcome::Added | Outcome::Changed) {
        report.counts.listed += rows as u64;
    }
    Ok(())
}

fn note(report: &mut Report, ready: Ready) {
    let list = |list: &mut Vec<Bad>, bad: Bad| {
        if list.len() < LISTED_MAX {
            list.push(bad);
        }
    };
    match ready {
        Ready::Unchanged => report.counts.unchanged += 1,
        Ready::Bad(bad) => {
            report.counts.failed += 1;
            list(&mut report.bad, bad);
        }
        Ready::PassedOver(other) => {
            report.counts.passed_over += 1;
            list(&mut report.passed, other);
        }
        Ready::Entry(..) | Ready::List(_) => {}
    }
}
