//! The one writer of a node: a thread that turns waiting commands into one transaction.
//!
//! What it promises: a command that was answered with `Ok` is durable and whole; one that was refused
//! left nothing; where neither can be known (a commit whose answer was lost, and no way to ask), the
//! error says so. Whatever goes wrong with a savepoint itself ends the batch, because SQLite undoes
//! a whole transaction when the disk is full, and PostgreSQL answers a commit after such a failure
//! with a quiet rollback.

use super::Writer;
use crate::app::{Clock, Random};
use crate::ledger::read::{self, StoredNodes};
use crate::ledger::views::Unsettled;
use crate::ledger::{Error, Keys, Meter, View, keys};
use jiff::Timestamp;
use merkle::Frontier;
use std::cell::Cell;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};
use storage::{Database, Tx};
use tokio::sync::oneshot;

/// Commands taken into one transaction at most: a bound on what one failed commit can hold up.
const BATCH: usize = 256;

/// How long the writer looks out for more at most: what a batch on a slow disk may be held up by.
const LOOKOUT: Duration = Duration::from_micros(500);

/// Connections tried before the database is called unreachable. After a restart of the server all
/// those in the pool are dead, and each shows it only when it is used.
const CONNECTIONS: usize = 10;

/// How long to wait before asking (again) what became of a commit, in milliseconds.
const ASK_AGAIN: [u64; 4] = [0, 100, 1000, 4000];

/// Where commands wait.
pub(in crate::ledger) type Queue = mpsc::Sender<Job>;

/// A waiting command, its types forgotten. Without a writer it does not run, but is answered still.
pub(in crate::ledger) struct Job(Command);

/// What a command comes down to.
type Command = Box<dyn FnOnce(Option<&mut Writer<'_, '_>>) -> Ran + Send>;

/// Tells a command's waiter what became of it, once the commit's fate is known.
type Answer = Box<dyn FnOnce(Result<(), Error>) + Send>;

/// What became of a command inside the batch.
struct Ran {
    done: bool,
    answer: Answer,
}

impl Job {
    pub(in crate::ledger) fn new<T, E>(
        command: impl FnOnce(&mut Writer<'_, '_>) -> Result<T, E> + Send + 'static,
        answer: oneshot::Sender<Result<T, E>>,
    ) -> Self
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        Self(Box::new(move |writer| {
            let result = writer.map_or_else(|| Err(Error::Stopped.into()), |writer| tried(command, writer));
            let done = result.is_ok();
            let answer = Box::new(move |commit: Result<(), Error>| {
                // A refusal, too, was decided on what the batch had written before it: without the
                // commit there is no reason to believe it. Nobody may be waiting any more (a request
                // that was given up); the command stands all the same.
                let _ = answer.send(commit.map_err(E::from).and(result));
            });
            Ran { done, answer }
        }))
    }
}

fn tried<T, E: From<Error>>(
    command: impl FnOnce(&mut Writer<'_, '_>) -> Result<T, E>,
    writer: &mut Writer<'_, '_>,
) -> Result<T, E> {
    // A fault of the program in one command must not take the others with it.
    let result = catch_unwind(AssertUnwindSafe(|| {
        let done = command(writer)?;
        writer.settle()?;
        Ok(done)
    }));
    let result = result.unwrap_or_else(|_| Err(Error::Panicked.into()));
    match &writer.failed {
        Some(error) if result.is_ok() => Err(error.clone().into()),
        _ => result,
    }
}

pub(in crate::ledger) fn start(
    db: Database,
    keys: Arc<Keys>,
    clock: Clock,
    random: Random,
    views: &'static [View],
    meter: Arc<Meter>,
) -> Queue {
    let (queue, waiting) = mpsc::channel::<Job>();
    let context =
        Context { db, keys, clock, random, views, keys_fit: Cell::new(false), edge: Cell::default() };
    std::thread::spawn(move || {
        let mut last = Last::default();
        while let Some(batch) = next(&waiting, &last) {
            let (size, began) = (batch.len(), Instant::now());
            meter.taken(size);
            context.run(batch);
            last = Last { size, took: began.elapsed() };
            meter.done(size, last.took);
        }
    });
    queue
}

/// The batch before: what can be expected of the next one.
#[derive(Default)]
struct Last {
    size: usize,
    took: Duration,
}

/// The next batch; `None` when nobody can send any more.
///
/// Whoever was just answered often comes back at once with the next command. So the writer looks out
/// for as many as it answered, for a part of the time that a batch costs: taking the first alone would
/// make all others wait for its commit. It stays awake meanwhile, because on a fast disk being woken
/// costs as much as a commit.
fn next(waiting: &mpsc::Receiver<Job>, last: &Last) -> Option<Vec<Job>> {
    let mut batch = Vec::new();
    let began = Instant::now();
    while batch.len() < last.size && began.elapsed() < LOOKOUT.min(last.took / 2) {
        match waiting.try_recv() {
            Ok(job) => batch.push(job),
            Err(_) => std::thread::yield_now(),
        }
    }
    if batch.is_empty() {
        batch.push(waiting.recv().ok()?);
    }
    let room = BATCH - batch.len();
    batch.extend(waiting.try_iter().take(room));
    Some(batch)
}

/// Runs one command on a database that nobody serves: one that is being restored.
pub(crate) fn run_alone<T, E>(
    db: Database,
    keys: Arc<Keys>,
    clock: Clock,
    random: Random,
    views: &'static [View],
    command: impl FnOnce(&mut Writer<'_, '_>) -> Result<T, E> + Send + 'static,
) -> Result<T, E>
where
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    let (answer, receiver) = oneshot::channel();
    let context =
        Context { db, keys, clock, random, views, keys_fit: Cell::new(false), edge: Cell::default() };
    context.run(vec![Job::new(command, answer)]);
    receiver.blocking_recv().unwrap_or_else(|_| Err(Error::Stopped.into()))
}

struct Context {
    db: Database,
    keys: Arc<Keys>,
    clock: Clock,
    random: Random,
    views: &'static [View],
    /// Whether the keys were shown to be those of this journal.
    keys_fit: Cell<bool>,
    /// The tree's edge after the last batch of this node that is known to be kept. Entries are never
    /// taken back, so it is the edge still where the journal has that size; where another node went on,
    /// it is read anew.
    edge: Cell<Option<Frontier>>,
}

/// One batch on its way.
struct Batch {
    waiting: VecDeque<Job>,
    answers: Vec<Answer>,
    /// The tree's size before the batch.
    before: u64,
    /// The tree after the batch: how to recognise it in the database, if it grew.
    after: Option<Frontier>,
    /// Why the batch was given up, in better words than the rollback's.
    cause: Option<Error>,
}

/// Why a savepoint did not hold.
enum Undo {
    /// Its command failed and is undone.
    Command,
    /// The transaction is not to be trusted any more.
    Batch(storage::Error),
}

impl From<storage::Error> for Undo {
    fn from(error: storage::Error) -> Self {
        Self::Batch(error)
    }
}

impl Context {
    fn run(&self, jobs: Vec<Job>) {
        let mut batch =
            Batch { waiting: jobs.into(), answers: Vec::new(), before: 0, after: None, cause: None };
        let mut commit = Ok(());
        for _ in 0..CONNECTIONS {
            commit = self.db.write(|tx| self.all(tx, &mut batch));
            // Trying again is safe only while no command has run.
            let unreachable = matches!(commit, Err(Error::Storage(storage::Error::Unreachable(_))));
            if !(unreachable && batch.answers.is_empty()) {
                break;
            }
        }
        if let Err(Error::Storage(storage::Error::CommitUnknown(_))) = commit
            && let Some(after) = batch.after.as_ref().filter(|after| after.size() > batch.before)
            && self.was_kept(after)
        {
            commit = Ok(());
        }
        if commit.is_ok() {
            self.edge.set(batch.after.take());
        }
        let commit = commit.map_err(|error| batch.cause.unwrap_or(error));
        let left_over = batch.waiting.into_iter().map(|job| (job.0)(None).answer);
        for answer in batch.answers.into_iter().chain(left_over) {
            answer(commit.clone());
        }
    }

    fn all(&self, tx: &mut Tx<'_>, batch: &mut Batch) -> Result<(), Error> {
        let size = read::size(tx)?.cast_unsigned();
        let mut frontier = match self.edge.take().filter(|edge| edge.size() == size) {
            Some(edge) => edge,
            None => Frontier::load(size, &mut StoredNodes(tx))?,
        };
        if !self.keys_fit.get() {
            self.keys_fit.set(keys::fit(tx, &self.keys)?);
        }
        let now = self.clock.now();
        while let Some(job) = batch.waiting.pop_front() {
            frontier = self.one(tx, job, frontier, now, batch)?;
        }
        (batch.before, batch.after) = (size, Some(frontier));
        Ok(())
    }

    /// Runs one command in a savepoint of its own and returns the tree's edge after it.
    fn one(
        &self,
        tx: &mut Tx<'_>,
        job: Job,
        before: Frontier,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Result<Frontier, Error> {
        let mut job = Some(job);
        let after = tx.savepoint(|tx| {
            let mut writer = Writer {
                tx,
                frontier: before.clone(),
                keys: &self.keys,
                random: &self.random,
                now,
                views: self.views,
                unsettled: Unsettled::default(),
                failed: None,
            };
            let Some(job) = job.take() else { return Err(Undo::Command) };
            let ran = (job.0)(Some(&mut writer));
            batch.answers.push(ran.answer);
            batch.cause = writer.failed;
            if ran.done { Ok(writer.frontier) } else { Err(Undo::Command) }
        });
        batch.waiting.extend(job);
        match after {
            Ok(after) => Ok(after),
            Err(Undo::Command) => {
                batch.cause = None;
                Ok(before)
            }
            Err(Undo::Batch(storage::Error::Statement(words))) => {
                // What the rollback will say of it ("no transaction is active") helps nobody.
                batch.cause.get_or_insert(Error::Undone(words.clone()));
                Err(Error::Undone(words))
            }
            Err(Undo::Batch(error)) => Err(error.into()),
        }
    }

    /// After a commit whose answer was lost: is the batch there?
    ///
    /// It is asked under the write lock. The lost transaction held it, so whoever gets it knows that
    /// that one has ended, and that what is not there now will not appear later.
    fn was_kept(&self, after: &Frontier) -> bool {
        for pause in ASK_AGAIN {
            std::thread::sleep(Duration::from_millis(pause));
            let kept = self.db.write(|tx| {
                let there = read::size(tx)? >= after.size().cast_signed();
                Ok::<_, Error>(there && merkle::root(after.size(), &mut StoredNodes(tx))? == after.root())
            });
            match kept {
                Ok(kept) => return kept,
                Err(Error::Storage(_)) => {}
                Err(_) => return false,
            }
        }
        false
    }
}
