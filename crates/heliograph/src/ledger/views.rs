//! Views: tables that follow the journal and hold nothing that it does not say.

use super::{Error, Recorded, read};
use storage::{Tx, params};

/// A slice's views and the one function that keeps them.
pub(crate) struct View {
    /// The tables, each with a primary key made of its first columns.
    pub(crate) tables: &'static [&'static str],
    /// Takes one event in; events of other slices leave it cold.
    pub(crate) apply: fn(&mut Tx<'_>, &Recorded) -> Result<(), Error>,
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
        for recorded in &piece {
            note(recorded);
            for view in views {
                (view.apply)(tx, recorded)?;
            }
        }
    }
}
