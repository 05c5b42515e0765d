//! Views: tables that follow the journal and hold nothing that it does not say.

use super::{Error, Recorded, read};
use jiff::Timestamp;
use std::collections::BTreeMap;
use storage::{Tx, params};

/// A slice's views and the functions that keep them. Events of other slices leave both cold.
pub(crate) struct View {
    /// The tables, each with a primary key made of its first columns.
    pub(crate) tables: &'static [&'static str],
    /// Takes one event in.
    pub(crate) apply: fn(&mut Tx<'_>, &Recorded) -> Result<(), Error>,
    /// Makes the rows of a stream anew from its whole state: once for all events that a command wrote to
    /// it, before anybody reads a table. Rows that depend on more than one event are kept here, so that a
    /// command with many events costs no more than its events.
    pub(crate) settle: fn(&mut Tx<'_>, &Changed) -> Result<(), Error>,
}

impl View {
    /// For a view that is kept event by event.
    pub(crate) const NOTHING_TO_SETTLE: fn(&mut Tx<'_>, &Changed) -> Result<(), Error> = |_, _| Ok(());
    /// For a view that is kept stream by stream.
    pub(crate) const NOTHING_TO_APPLY: fn(&mut Tx<'_>, &Recorded) -> Result<(), Error> = |_, _| Ok(());
}

/// A stream that something was written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Changed {
    pub(crate) stream: String,
    /// The entry that was written last, and its time.
    pub(crate) seq: i64,
    pub(crate) at: Timestamp,
}

/// Streams that were written to, whose rows are still those of before.
#[derive(Default)]
pub(super) struct Unsettled(BTreeMap<String, (i64, Timestamp)>);

impl Unsettled {
    pub(super) fn note(&mut self, recorded: &Recorded) {
        let last = (recorded.seq, recorded.at);
        match self.0.get_mut(&recorded.stream) {
            Some(found) => *found = last,
            None => drop(self.0.insert(recorded.stream.clone(), last)),
        }
    }

    /// Lets the views make their rows, stream by stream in the order of the journal.
    pub(super) fn settle(&mut self, tx: &mut Tx<'_>, views: &[View]) -> Result<(), Error> {
        let changed = std::mem::take(&mut self.0).into_iter();
        let mut changed: Vec<Changed> =
            changed.map(|(stream, (seq, at))| Changed { stream, seq, at }).collect();
        changed.sort_by_key(|changed| changed.seq);
        for changed in &changed {
            for view in views {
                (view.settle)(tx, changed)?;
            }
        }
        Ok(())
    }
}

/// Makes the views anew if a step of the schema has changed them since they were last made.
pub(crate) fn refresh(tx: &mut Tx<'_>, views: &[View]) -> Result<(), Error> {
    if tx.query_opt("SELECT step FROM stale_views LIMIT 1", params![])?.is_some() {
        rebuild(tx, views)?;
        tx.execute("DELETE FROM stale_views", params![])?;
    }
    Ok(())
}

/// Entries read at a time: what a rebuild holds in memory.
const PIECE: i64 = 1000;

/// Drops all views and makes them anew from the journal.
pub(crate) fn rebuild(tx: &mut Tx<'_>, views: &[View]) -> Result<(), Error> {
    for table in views.iter().flat_map(|view| view.tables) {
        tx.execute(&format!("DELETE FROM {table}"), params![])?;
    }
    replay(tx, views, |_| {})
}

/// Feeds the whole journal to the views, and each entry to `note` before that.
pub(super) fn replay(tx: &mut Tx<'_>, views: &[View], mut note: impl FnMut(&Recorded)) -> Result<(), Error> {
    let mut next = 0;
    loop {
        let piece = read::from(tx, next, PIECE)?;
        let Some(last) = piece.last() else { return Ok(()) };
        next = last.seq + 1;
        let mut unsettled = Unsettled::default();
        for recorded in &piece {
            note(recorded);
            for view in views {
                (view.apply)(tx, recorded)?;
            }
            unsettled.note(recorded);
        }
        unsettled.settle(tx, views)?;
    }
}
