//! Keeping up with the records.

use super::super::rules::Words;
use super::super::store::{self, Error, Tell};
use super::Index;
use rusqlite::Connection;
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::time::Instant;
use tantivy::directory::error::LockError;
use tantivy::indexer::{IndexWriterOptions, UserOperation};
use tantivy::{IndexWriter, TantivyError};

/// The words of records that were just read, by the hash of their document: they need not be read
/// from their documents a second time.
pub(crate) type Staged = HashMap<[u8; 32], Words>;

/// Bytes that a writer collects before it writes them down.
const WRITER_BYTES: usize = 64 << 20;
/// Records taken over in one look.
const LOOK: usize = 5_000;

/// Records handed to the index at once: waking its thread for each costs more than handing it on.
const HANDED: usize = 50;

/// Of which catalogue the index is, up to which change, and which row it knows at most: higher rows
/// are new to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Position {
    identity: i64,
    change: i64,
    row: i64,
}

impl Position {
    /// Of another file, or of one that lost its last changes with the power.
    fn is_of_another(self, db: &Connection) -> Result<bool, Error> {
        Ok(self.identity != store::identity(db)? || self.change > store::last_change(db)?)
    }
}

/// Follows the records; holds the index's lock while it does.
pub(crate) struct Follower<'a> {
    index: &'a Index,
    writer: Option<IndexWriter>,
    position: Position,
    committed: Position,
}

impl Index {
    /// Up to which change of the records it is.
    fn position(&self) -> Result<Position, Error> {
        let payload = self.index.load_metas()?.payload.unwrap_or_default();
        let mut numbers = payload.split(' ').map(|number| number.parse().unwrap_or(0));
        let mut next = || numbers.next().unwrap_or(0);
        Ok(Position { identity: next(), change: next(), row: next() })
    }

    /// Begins to follow.
    pub(crate) fn follower(&self) -> Result<Follower<'_>, Error> {
        let position = self.position()?;
        Ok(Follower { index: self, writer: None, position, committed: position })
    }

    /// Whether there are records, and it knows none of them.
    pub(super) fn lacks_all(&self, db: &Connection) -> Result<bool, Error> {
        let (position, last) = (self.position()?, store::last_change(db)?);
        Ok(last > 0 && (position.change == 0 || position.is_of_another(db)?))
    }

    /// Takes over what changed, if anything did and nobody else is at it; tells of it where that is all there is.
    pub(crate) fn catch_up(&self, db: &Connection, tell: Tell<'_>) -> Result<(), Error> {
        let position = self.position()?;
        if (position.identity, position.change) == (store::identity(db)?, store::last_change(db)?) {
            return Ok(());
        }
        let mut follower = self.follower()?;
        // Another process may be at it, or have made it meanwhile.
        let is_held = self.is_lost.load(Ordering::Relaxed) && follower.writer(db)?.is_some();
        if is_held {
            self.is_lost.store(false, Ordering::Relaxed);
        }
        let is_lost = is_held && follower.position.change == 0;
        if !is_lost {
            follower.follow(db, &mut Staged::new())?;
            return follower.finish();
        }
        let (all, began) = (store::count(db)?, Instant::now());
        tracing::info!(records = all, "the search index is made anew, which may take minutes");
        tell(0, all);
        let mut done = 0;
        while let Some(taken) = follower.look(db, &mut Staged::new())? {
            done += taken as u64;
            tell(done, all);
        }
        follower.finish()?;
        tracing::info!(records = done, seconds = began.elapsed().as_secs(), "the search index was made anew");
        Ok(())
    }
}

impl Follower<'_> {
    /// Takes over what changed since the last time, for [`Self::finish`] to make it stay: what is read may be
    /// part of a transaction that never ends. If another process holds the index, that one finds these
    /// changes when it ends, or the next round does.
    pub(crate) fn follow(&mut self, db: &Connection, staged: &mut Staged) -> Result<(), Error> {
        while self.look(db, staged)?.is_some() {}
        staged.clear();
        Ok(())
    }

    /// Takes over some of it, and says of how many records; none where nothing is left, or another process is at it.
    fn look(&mut self, db: &Connection, staged: &mut Staged) -> Result<Option<usize>, Error> {
        if store::last_change(db)? == self.position.change && self.position.identity == store::identity(db)? {
            return Ok(None);
        }
        // Getting it may show that others came further, or that all has to be done anew.
        if self.writer(db)?.is_none() {
            return Ok(None);
        }
        let changed = store::changed_since(db, self.position.change, LOOK)?;
        let (Some(end), Some(writer)) = (changed.last().map(|last| last.change), self.writer(db)?) else {
            return Ok(None);
        };
        let highest = writer.2;
        for changed in changed.chunks(HANDED) {
            let mut operations = Vec::with_capacity(2 * changed.len());
            for changed in changed {
                let row = changed.facts.row;
                if row <= highest {
                    operations.push(UserOperation::Delete(writer.1.fields.row_term(row)));
                }
                if changed.is_listing_of_another {
                    continue;
                }
                let words = match staged.remove(&changed.hash) {
                    Some(words) => words,
                    None => store::words(db, row)?,
                };
                operations.push(UserOperation::Add(writer.1.fields.document(&words, &changed.facts)));
            }
            writer.0.run(operations)?;
        }
        let rows = changed.iter().map(|changed| changed.facts.row);
        self.position.change = end;
        self.position.row = rows.max().unwrap_or(0).max(highest);
        Ok(Some(changed.len()))
    }

    fn writer(&mut self, db: &Connection) -> Result<Option<(&mut IndexWriter, &Index, i64)>, Error> {
        if self.writer.is_none() {
            let options = IndexWriterOptions::builder()
                .num_worker_threads(1)
                .num_merge_threads(1)
                .memory_budget_per_thread(WRITER_BYTES)
                .build();
            match self.index.index.writer_with_options(options) {
                Ok(writer) => self.writer = Some(writer),
                Err(TantivyError::LockFailure(LockError::LockBusy, _)) => return Ok(None),
                Err(error) => return Err(error.into()),
            }
            // Whoever held it before may have come further.
            self.position = self.index.position()?;
            self.committed = self.position;
            self.check(db)?;
        }
        let highest = self.position.row;
        Ok(self.writer.as_mut().map(|writer| (writer, self.index, highest)))
    }

    /// An index of another file, or of a file that lost its last changes with the power, begins anew.
    fn check(&mut self, db: &Connection) -> Result<(), Error> {
        if self.position.is_of_another(db)? {
            if let Some(writer) = &self.writer {
                writer.delete_all_documents()?;
            }
            self.position = Position { identity: store::identity(db)?, ..Position::default() };
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<(), Error> {
        let Position { identity, change, row } = self.position;
        if let Some(writer) = &mut self.writer
            && self.position != self.committed
        {
            let mut commit = writer.prepare_commit()?;
            commit.set_payload(&format!("{identity} {change} {row}"));
            commit.commit()?;
            self.committed = self.position;
            self.index.reader.reload()?;
        }
        Ok(())
    }

    /// What was taken over is found from now on, and stays.
    pub(crate) fn finish(mut self) -> Result<(), Error> {
        self.commit()?;
        match self.writer.take() {
            Some(writer) => {
                writer.wait_merging_threads()?;
                Ok(self.index.reader.reload()?)
            }
            None => Ok(()),
        }
    }
}
