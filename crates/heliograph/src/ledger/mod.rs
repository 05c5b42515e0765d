//! The journal: one way to write, one global order, and a Merkle tree over all of it.
//!
//! A command is a closure over a [`Writer`]. The writer thread batches waiting commands into one
//! transaction, gives each a savepoint, and answers them after the commit. Inside, a command loads
//! the state of its streams (a fold over their events), lets pure rules decide, and appends what
//! they say; views follow in the same transaction, through the same functions that rebuild them.

mod canonical;
mod checkpoint;
mod epoch;
mod erasures;
mod event;
mod keys;
mod meter;
mod read;
mod streams;
mod vault;
mod verify;
mod views;
mod witness;
mod writer;

#[cfg(test)]
pub(crate) mod tests;

pub(crate) mod api;

pub(crate) use api::tile_bytes;
pub(crate) use checkpoint::{latest_checkpoint, receipt, root, sign};
pub(crate) use epoch::{Break, epoch_opened_at, next_number, open_epoch, opening};
pub(crate) use erasures::{Erased, ErasureList, read as read_erasures, write as write_erasures};
pub(crate) use event::{Actor, Event, Recorded, State};
pub(crate) use keys::{Keys, open as open_with, seal as seal_with};
pub(crate) use meter::{MILLISECONDS, Meter, SIZES};
pub(crate) use read::{Loaded, entry, events_of, load, size};
pub(crate) use streams::{STREAMS_VIEW, about};
#[cfg(test)]
pub(crate) use vault::open as unseal;
pub(crate) use vault::{Item, Unsealed};
pub(crate) use verify::{Outcome, verify, verify_since};
pub(crate) use views::{Changed, View, rebuild, refresh};
pub(crate) use witness::{cosigned, last_cosigned, request, shown_checkpoint, to_cosign};
pub(crate) use writer::Writer;
pub(crate) use writer::batch::run_alone;

use crate::app::{Clock, Random};
use std::sync::Arc;
use storage::Database;
use tokio::sync::oneshot;
use writer::batch::{self, Job, Queue};

/// What can go wrong below the rules.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Storage(#[from] storage::Error),
    #[error("the journal is damaged at entry {seq}: {reason}")]
    Corrupt { seq: i64, reason: String },
    #[error("the tree: {0}")]
    Tree(#[from] merkle::Error),
    #[error("the database undid the whole batch, as it does when its disk is full or broken: {0}")]
    Undone(String),
    #[error("an event cannot be written: {0}")]
    Event(&'static str),
    #[error("these are not the keys of this journal: {0}")]
    Keys(&'static str),
    #[error("somebody else changed this meanwhile")]
    Stale,
    #[error("this was erased and cannot take anything new")]
    Erased,
    #[error("a sealed item cannot be opened: {0}")]
    Seal(&'static str),
    #[error("the journal's writer has stopped")]
    Stopped,
    #[error("a command failed unexpectedly; nothing of it was kept")]
    Panicked,
}

/// The journal of this node; copies share one writer.
#[derive(Clone)]
pub(crate) struct Ledger {
    db: Database,
    keys: Arc<Keys>,
    queue: Queue,
    meter: Arc<Meter>,
}

impl Ledger {
    /// Starts the writer thread.
    pub(crate) fn start(
        db: Database,
        keys: Arc<Keys>,
        clock: Clock,
        random: Random,
        views: &'static [View],
    ) -> Self {
        let meter = Arc::new(Meter::default());
        let queue = batch::start(db.clone(), keys.clone(), clock, random, views, meter.clone());
        Self { db, keys, queue, meter }
    }

    /// What the writer counts of itself.
    pub(crate) fn meter(&self) -> &Meter {
        &self.meter
    }

    pub(crate) fn db(&self) -> &Database {
        &self.db
    }

    pub(crate) fn keys(&self) -> &Arc<Keys> {
        &self.keys
    }

    /// Runs a command and answers when it is durable.
    pub(crate) async fn submit<T, E>(
        &self,
        command: impl FnOnce(&mut Writer<'_, '_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.send(command).await.unwrap_or_else(|_| Err(Error::Stopped.into()))
    }

    /// The same for threads that may wait: the command line, the demo.
    pub(crate) fn submit_blocking<T, E>(
        &self,
        command: impl FnOnce(&mut Writer<'_, '_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.send(command).blocking_recv().unwrap_or_else(|_| Err(Error::Stopped.into()))
    }

    fn send<T, E>(
        &self,
        command: impl FnOnce(&mut Writer<'_, '_>) -> Result<T, E> + Send + 'static,
    ) -> oneshot::Receiver<Result<T, E>>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (answer, receiver) = oneshot::channel();
        self.meter.sent();
        // A closed queue drops the job and with it the answer, which the receiver sees.
        let _ = self.queue.send(Job::new(command, answer));
        receiver
    }

    /// Signs the tree as it stands, if it grew since the last checkpoint.
    pub(crate) async fn checkpoint(&self) -> Result<(), Error> {
        self.submit(checkpoint::sign).await
    }

    pub(crate) fn checkpoint_blocking(&self) -> Result<(), Error> {
        self.submit_blocking(checkpoint::sign)
    }
}
