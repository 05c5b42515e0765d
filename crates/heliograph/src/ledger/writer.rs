//! The one writer of a node: a thread that turns waiting commands into one transaction.
//!
//! What it promises: a command that was answered with `Ok` is durable and whole; one that was refused
//! left nothing; where neither can be known (a commit whose answer was lost, and no way to ask), the
//! error says so. Whatever goes wrong with a savepoint itself ends the batch, because SQLite undoes
//! a whole transaction when the disk is full, and PostgreSQL answers a commit after such a failure
//! with a quiet rollback.

use super::canonical::has_fraction;
use super::event::{Recorded, parts};
use super::read::{self, StoredNodes};
use super::vault::{self, Compartment, Item, Unsealed, VaultEvent};
use super::views::Unsettled;
use super::{Actor, Error, Keys, Loaded, Meter, State, View, keys};
use crate::app::{Clock, Random};
use jiff::Timestamp;
use merkle::Frontier;
use std::cell::Cell;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};
use storage::{Database, Tx, params};
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
pub(super) type Queue = mpsc::Sender<Job>;

/// A command's hold on the journal while it runs.
pub(crate) struct Writer<'a, 'b> {
    tx: &'a mut Tx<'b>,
    frontier: Frontier,
    keys: &'a Keys,
    random: &'a Random,
    now: Timestamp,
    views: &'static [View],
    /// What the views have yet to follow.
    unsettled: Unsettled,
    /// The first write of the journal or the vault that failed here. The command cannot succeed any
    /// more, whatever it makes of the error: half an entry must never be committed.
    failed: Option<Error>,
}

impl<'b> Writer<'_, 'b> {
    /// The batch's instant: the only "now" that a command knows.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// Bytes from chance.
    pub(crate) fn random<const N: usize>(&self) -> [u8; N] {
        self.random.bytes()
    }

    pub(crate) fn keys(&self) -> &Keys {
        self.keys
    }

    /// The tables, with every view up to date.
    pub(crate) fn tx(&mut self) -> &mut Tx<'b> {
        // A failure is remembered: whatever is read now, the command cannot succeed any more.
        self.settle().ok();
        self.tx
    }

    fn settle(&mut self) -> Result<(), Error> {
        self.all_or_nothing(|writer| writer.unsettled.settle(writer.tx, writer.views))
    }

    /// Folds a stream.
    pub(crate) fn load<S: State>(&mut self, stream: String) -> Result<Loaded<S>, Error> {
        read::load(self.tx, stream)
    }

    /// Finds the end of a stream whose state nobody needs, without reading it.
    pub(crate) fn load_end<S: State>(&mut self, stream: String) -> Result<Loaded<S>, Error> {
        let sql = "SELECT CAST(COALESCE(MAX(version), 0) AS BIGINT) FROM events WHERE stream = $1";
        let version = self.tx.query_one(sql, params![&stream])?.get(0)?;
        Ok(Loaded { stream, version, state: S::default() })
    }

    /// Appends events to a stream that was loaded in this command, and lets the views follow.
    /// Returns the sequence number of the last one.
    pub(crate) fn append<S: State>(
        &mut self,
        stream: &mut Loaded<S>,
        actor: &Actor,
        events: Vec<S::Event>,
    ) -> Result<i64, Error> {
        self.all_or_nothing(|writer| {
            let mut last = -1;
            for event in events {
                last = writer.append_one(stream, actor, &event)?;
            }
            Ok(last)
        })
    }

    fn append_one<S: State>(
        &mut self,
        stream: &mut Loaded<S>,
        actor: &Actor,
        event: &S::Event,
    ) -> Result<i64, Error> {
        let (kind, body) = parts(event)?;
        let recorded = Recorded {
            seq: self.frontier.size().cast_signed(),
            stream: stream.stream.clone(),
            version: stream.version + 1,
            at: self.now,
            actor: actor.clone(),
            kind,
            body,
        };
        // The state grows from what will be read back, and what cannot be read back is not written.
        let read_back: S::Event = recorded.event().map_err(|_| Error::Event("it does not read back"))?;
        self.store(&recorded)?;
        for view in self.views {
            (view.apply)(self.tx, &recorded)?;
        }
        self.unsettled.note(&recorded);
        stream.state.evolve(&read_back, &recorded);
        stream.version = recorded.version;
        Ok(recorded.seq)
    }

    fn store(&mut self, recorded: &Recorded) -> Result<(), Error> {
        let canonical = recorded.canonical();
        if has_fraction(&recorded.body) {
            return Err(Error::Event("it holds a number with a fraction"));
        }
        if Recorded::parse(&canonical).as_ref() != Some(recorded) {
            return Err(Error::Event("its bytes do not read back; it may be nested too deep"));
        }
        let salt: [u8; 32] = self.random();
        let commitment = merkle::commitment(&salt, &canonical);
        let sql = "INSERT INTO events (seq, stream, version, kind, canonical, salt, commitment)
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let (seq, version) = (recorded.seq, recorded.version);
        let row = params![seq, &recorded.stream, version, &recorded.kind, canonical, salt, commitment];
        match self.tx.execute(sql, row) {
            Err(storage::Error::Duplicate { .. }) => return Err(Error::Stale),
            other => other?,
        };
        for (level, position, hash) in self.frontier.push(merkle::leaf(&commitment))? {
            let sql = "INSERT INTO tree_nodes (level, position, hash) VALUES ($1, $2, $3)";
            self.tx.execute(sql, params![i64::from(level), position.cast_signed(), hash.0])?;
        }
        Ok(())
    }

    /// Seals bytes into a compartment of the vault (a report or a case), whose key is made at the
    /// first call. The answer stands in the event; the bytes do not.
    pub(crate) fn seal(&mut self, compartment: &str, plaintext: &[u8]) -> Result<Item, Error> {
        self.all_or_nothing(|w| vault::seal(w.tx, w.keys, w.random, compartment, plaintext))
    }

    /// Opens a sealed item. Whoever shows it to a person records the read in the same command.
    pub(crate) fn unseal(&mut self, item: &Item) -> Result<Unsealed, Error> {
        vault::open(self.tx, self.keys, item)
    }

    /// Destroys a compartment's key: what was sealed with it is gone for good. The journal says so
    /// in an entry of its own, so that `verify` can tell an erasure from a theft, and a restored
    /// backup can be made to forget again. Says whether the journal did not know of it yet.
    pub(crate) fn erase(&mut self, compartment: &str) -> Result<bool, Error> {
        let mut stream = self.load::<Compartment>(vault::stream(compartment))?;
        let is_new = !stream.state.erased;
        if is_new {
            self.append(&mut stream, &Actor::System, vec![VaultEvent::Erased {}])?;
        }
        self.all_or_nothing(|writer| vault::erase(writer.tx, compartment))?;
        Ok(is_new)
    }

    /// Remembers the first failure, after which nothing more is written.
    fn all_or_nothing<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let result = work(self);
        // Sealing after erasure is refused before anything is written, so a command may live with it.
        self.failed = result.as_ref().err().filter(|error| !matches!(error, Error::Erased)).cloned();
        result
    }
}

/// A waiting command, its types forgotten. Without a writer it does not run, but is answered still.
pub(super) struct Job(Command);

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
    pub(super) fn new<T, E>(
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

pub(super) fn start(
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
