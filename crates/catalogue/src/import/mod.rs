//! Import: one thread reads files and archives, every processor reads documents, one writer keeps
//! what came of them, in large transactions.
//!
//! Each transaction that is committed stays, so an interrupted import is continued by starting it
//! again: what is kept already is known by its hash and not read a second time.

mod archive;
mod limits;
mod origins;
mod sources;
mod work;

use super::entry::{Content, Entry, List};
use super::index::{Follower, Index, Staged};
use super::pack::Packer;
use super::store::{self, Error, Outcome};
use jiff::Timestamp;
use origins::Origin;
use rusqlite::Connection;
use std::cell::RefCell;
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use work::{Arriving, Handing, Piece, Ready, Work};

/// Where documents come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A file, an archive or a folder.
    Path(PathBuf),
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

/// A transaction is committed after so many records…
const BATCH_RECORDS: usize = 5_000;
/// …or after so long, so that another process that wants to write waits no longer.
const BATCH_TIME: Duration = Duration::from_millis(400);
/// If the readers are behind, a moment's patience saves a transaction.
const PATIENCE: Duration = Duration::from_millis(20);
/// The pause in which another process can begin to write.
const PAUSE: Duration = Duration::from_millis(3);

pub(super) fn run(
    db: &mut Connection,
    index: &Index,
    inputs: &[Input],
    (what, terms): (&str, &Terms),
    clock: &dyn Fn() -> Timestamp,
    progress: &mut dyn FnMut(&Progress),
) -> Result<Report, Error> {
    let now = clock();
    let tx = store::begin(db)?;
    let what = super::rules::clip(&origins::labelled(what, inputs), 500);
    let import = store::begin_import(&tx, &what, now)?;
    tx.commit()?;
    let (roots, known) = origins::known(db, inputs, terms.is_complete)?;
    let mut follower = index.follower()?;
    let read = sources::Read::new(roots);
    let packer = Packer::new(db)?;
    let report = Report { import, ..Report::default() };
    let mut keeping = Keeping { packer: &packer, staged: Staged::new(), report, now };
    keeping.report.counts.bytes_total = sources::total(inputs);
    let workers = std::thread::available_parallelism().map_or(1, NonZero::get).min(16);
    let (to_workers, from_reader) = sync_channel(2 * workers);
    let (to_writer, from_workers) = sync_channel(2 * workers);
    let from_reader = Mutex::new(from_reader);
    let work = Work { known: &known, packer: &packer, read: &read, now };
    std::thread::scope(|scope| {
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
        let mut arriving = Arriving::new(from_workers);
        let done = write_all(db, &mut follower, &mut arriving, &mut keeping, &mut look);
        // After a failure the others stop as soon as nobody listens any more.
        read.stop.store(true, Ordering::Relaxed);
        drop(arriving);
        let mut rest = from_reader.lock().unwrap_or_else(PoisonError::into_inner);
        *rest = sync_channel(0).1;
        done
    })?;
    let mut report = keeping.report;
    origins::sweep(db, &read, &mut report, now)?;
    follower.follow(db, &mut Staged::new())?;
    follower.finish()?;
    let counts = &report.counts;
    let counts = [counts.added, counts.changed, counts.unchanged, counts.older, counts.failed];
    let ended = clock();
    store::finish(db, |tx| {
        store::finish_import(tx, import, ended, counts.map(|count| count as i64))?;
        store::put_report(tx, &report, &terms.source)
    })?;
    Ok(report)
}

/// Keeps what comes until nothing more comes.
fn write_all(
    db: &mut Connection,
    follower: &mut Follower<'_>,
    ready: &mut Arriving,
    keeping: &mut Keeping<'_>,
    look: &mut dyn FnMut(&mut Report),
) -> Result<(), Error> {
    let mut waiting: Option<Box<List>> = None;
    loop {
        if let Some(list) = waiting.take() {
            keep_list(db, &list, &mut keeping.report)?;
            look(&mut keeping.report);
        }
        let first = match ready.next(BATCH_TIME) {
            Ok(Ready::Entry(entry, origin)) => (entry, origin),
            Ok(Ready::List(list)) => {
                waiting = Some(list);
                continue;
            }
            Ok(other) => {
                note(&mut keeping.report, other);
                if keeping.report.counts.seen().is_multiple_of(1_000) {
                    look(&mut keeping.report);
                }
                continue;
            }
            Err(RecvTimeoutError::Timeout) => {
                look(&mut keeping.report);
                continue;
            }
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        };
        // Begun only when there is something to keep: waiting for documents must not block others.
        let began = Instant::now();
        let tx = store::begin(db)?;
        let (entry, origin) = first;
        keeping.keep(&tx, *entry, origin.as_ref())?;
        let mut kept = 1;
        while kept < BATCH_RECORDS && began.elapsed() < BATCH_TIME {
            match ready.next(PATIENCE) {
                Ok(Ready::Entry(entry, origin)) => {
                    keeping.keep(&tx, *entry, origin.as_ref())?;
                    kept += 1;
                }
                // It gets a transaction of its own.
                Ok(Ready::List(list)) => {
                    waiting = Some(list);
                    break;
                }
                Ok(other) => note(&mut keeping.report, other),
                Err(_) => break,
            }
        }
        tx.commit()?;
        follower.follow(db, &mut keeping.staged)?;
        look(&mut keeping.report);
        std::thread::sleep(PAUSE);
    }
}

/// What is gathered while records are kept.
struct Keeping<'a> {
    packer: &'a Packer,
    staged: Staged,
    report: Report,
    now: Timestamp,
}

impl Keeping<'_> {
    fn keep(
        &mut self,
        tx: &rusqlite::Transaction<'_>,
        entry: Entry,
        origin: Option<&Origin>,
    ) -> Result<(), Error> {
        self.packer.keep_made(tx)?;
        let outcome = store::put(tx, &entry, self.report.import, self.now)?;
        if let Some(Origin { root, file }) = origin {
            store::put_origin(tx, *root, file, &entry)?;
        }
        if matches!(outcome, Outcome::Added | Outcome::Changed) {
            self.staged.insert(entry.hash, entry.words);
        }
        self.report.counts.count(outcome);
        Ok(())
    }
}

/// A list stands or falls as a whole: half a day of scores would be nobody's day.
fn keep_list(db: &mut Connection, list: &List, report: &mut Report) -> Result<(), Error> {
    let tx = store::begin(db)?;
    let (outcome, rows) = match &list.content {
        Content::Scores(scores) => {
            (store::put_scores(&tx, scores, &list.hash, report.import)?, scores.scores.len())
        }
        Content::Attack(name, attack, raw) => {
            (store::put_attack(&tx, name, attack, &list.hash, raw, report.import)?, attack.entries.len())
        }
    };
    tx.commit()?;
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
