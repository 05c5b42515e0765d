//! The one writer of a node: a thread that turns waiting commands into one transaction.

use super::event::{Event, Recorded, parts};
use super::read::{self, StoredNodes};
use super::vault::{self, Item, Unsealed};
use super::{Actor, Error, Keys, Loaded, State, View};
use crate::app::{Clock, Random};
use jiff::Timestamp;
use merkle::Frontier;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, mpsc};
use storage::{Database, Tx, params};
use tokio::sync::oneshot;

/// Commands taken into one transaction at most: a bound on what one failed commit can hold up.
const BATCH: usize = 256;

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

    pub(crate) fn tx(&mut self) -> &mut Tx<'b> {
        self.tx
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
        let mut last = -1;
        for event in events {
            let (kind, body) = parts(&event)?;
            let recorded = Recorded {
                seq: self.frontier.size().cast_signed(),
                stream: stream.stream.clone(),
                version: stream.version + 1,
                at: self.now,
                actor: actor.clone(),
                kind,
                body,
            };
            self.store(&recorded)?;
            for view in self.views {
                (view.apply)(self.tx, &recorded)?;
            }
            stream.state.evolve(&event, &recorded);
            stream.version = recorded.version;
            last = recorded.seq;
        }
        Ok(last)
    }

    fn store(&mut self, recorded: &Recorded) -> Result<(), Error> {
        let canonical = recorded.canonical();
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
        vault::seal(self.tx, self.keys, self.random, compartment, plaintext)
    }

    /// Opens a sealed item. Whoever shows it to a person records the read in the same command.
    pub(crate) fn unseal(&mut self, item: &Item) -> Result<Unsealed, Error> {
        vault::open(self.tx, self.keys, item)
    }

    /// Destroys a compartment's key: what was sealed with it is gone for good.
    pub(crate) fn erase(&mut self, compartment: &str) -> Result<(), Error> {
        vault::erase(self.tx, compartment)
    }
}

/// A waiting command, its types forgotten.
pub(super) struct Job(Box<dyn FnOnce(&mut Writer<'_, '_>) -> Ran + Send>);

/// What became of a command inside the batch; `answer` is called when the commit's fate is known.
struct Ran {
    done: bool,
    answer: Box<dyn FnOnce(Result<(), Error>) + Send>,
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
            // A fault of the program in one command must not take the others with it.
            let result = catch_unwind(AssertUnwindSafe(|| command(writer)))
                .unwrap_or_else(|_| Err(Error::Panicked.into()));
            let done = result.is_ok();
            let answer = Box::new(move |commit: Result<(), Error>| {
                // Nobody waits any more: the request was given up. The command stands all the same.
                let _ = answer.send(match commit {
                    Err(error) if result.is_ok() => Err(error.into()),
                    _ => result,
                });
            });
            Ran { done, answer }
        }))
    }
}

pub(super) fn start(
    db: Database,
    keys: Arc<Keys>,
    clock: Clock,
    random: Random,
    views: &'static [View],
) -> Queue {
    let (queue, waiting) = mpsc::channel::<Job>();
    let context = Context { db, keys, clock, random, views };
    std::thread::spawn(move || {
        while let Ok(first) = waiting.recv() {
            let mut batch = vec![first];
            batch.extend(waiting.try_iter().take(BATCH - 1));
            context.run(batch);
        }
    });
    queue
}

struct Context {
    db: Database,
    keys: Arc<Keys>,
    clock: Clock,
    random: Random,
    views: &'static [View],
}

/// Undoes a command's savepoint.
struct Undo;

impl From<storage::Error> for Undo {
    fn from(_: storage::Error) -> Self {
        Self
    }
}

impl Context {
    fn run(&self, batch: Vec<Job>) {
        let mut answers = Vec::with_capacity(batch.len());
        let mut last = None;
        let commit = self.db.write(|tx| {
            let size = read::size(tx)?.cast_unsigned();
            let mut frontier = Frontier::load(size, &mut StoredNodes(tx))?;
            let now = self.clock.now();
            for job in batch {
                frontier = self.one(tx, job, frontier, now, &mut answers);
            }
            let grown = frontier.size() > size;
            last = grown.then(|| (frontier.size().cast_signed() - 1, frontier.root()));
            Ok::<_, Error>(())
        });
        let commit = commit.or_else(|error| if self.was_kept(last) { Ok(()) } else { Err(error) });
        for answer in answers {
            answer(commit.clone());
        }
    }

    /// Runs one command in a savepoint of its own and returns the tree's edge after it.
    fn one(
        &self,
        tx: &mut Tx<'_>,
        job: Job,
        before: Frontier,
        now: Timestamp,
        answers: &mut Vec<Box<dyn FnOnce(Result<(), Error>) + Send>>,
    ) -> Frontier {
        let mut answer = None;
        let after = tx.savepoint(|tx| {
            let mut writer = Writer {
                tx,
                frontier: before.clone(),
                keys: &self.keys,
                random: &self.random,
                now,
                views: self.views,
            };
            let ran = (job.0)(&mut writer);
            answer = Some(ran.answer);
            if ran.done { Ok(writer.frontier) } else { Err(Undo) }
        });
        answers.extend(answer);
        after.unwrap_or(before)
    }

    /// After a commit whose answer was lost: is the batch's last entry there, with this root?
    fn was_kept(&self, last: Option<(i64, merkle::Hash)>) -> bool {
        let Some((seq, root)) = last else { return false };
        let found = self.db.read(|tx| {
            if read::size(tx)? <= seq {
                return Ok(false);
            }
            let size = seq.cast_unsigned() + 1;
            Ok::<_, Error>(merkle::root(size, &mut StoredNodes(tx))? == root)
        });
        found.unwrap_or(false)
    }
}
