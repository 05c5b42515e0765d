//! Reading the journal back.

use super::{Error, Recorded, State};
use storage::{Row, Tx, params};

/// A stream's state as far as the journal goes.
pub(crate) struct Loaded<S> {
    pub(crate) stream: String,
    /// The version of its last event; 0 for a stream without one.
    pub(crate) version: i64,
    pub(crate) state: S,
}

impl<S> Loaded<S> {
    /// Whether the stream has any event.
    pub(crate) fn exists(&self) -> bool {
        self.version > 0
    }
}

/// Folds a stream.
pub(crate) fn load<S: State>(tx: &mut Tx<'_>, stream: String) -> Result<Loaded<S>, Error> {
    let mut loaded = Loaded { stream, version: 0, state: S::default() };
    for recorded in events_of(tx, &loaded.stream)? {
        loaded.state.evolve(&recorded.event()?, &recorded);
        loaded.version = recorded.version;
    }
    Ok(loaded)
}

/// All events of a stream, oldest first.
pub(crate) fn events_of(tx: &mut Tx<'_>, stream: &str) -> Result<Vec<Recorded>, Error> {
    let sql = "SELECT canonical, seq FROM events WHERE stream = $1 ORDER BY version";
    tx.query(sql, params![stream])?.iter().map(recorded).collect()
}

/// One entry.
pub(crate) fn entry(tx: &mut Tx<'_>, seq: i64) -> Result<Recorded, Error> {
    let sql = "SELECT canonical, seq FROM events WHERE seq = $1";
    let row = tx.query_opt(sql, params![seq])?;
    recorded(&row.ok_or_else(|| Error::Corrupt { seq, reason: "the entry is missing".into() })?)
}

/// A piece of the global order: at most `limit` events from `seq` on.
pub(super) fn from(tx: &mut Tx<'_>, seq: i64, limit: i64) -> Result<Vec<Recorded>, Error> {
    let sql = "SELECT canonical, seq FROM events WHERE seq >= $1 ORDER BY seq LIMIT $2";
    tx.query(sql, params![seq, limit])?.iter().map(recorded).collect()
}

pub(super) fn recorded(row: &Row) -> Result<Recorded, Error> {
    let (canonical, seq) = (row.get::<Vec<u8>>(0)?, row.get::<i64>(1)?);
    Recorded::parse(&canonical).ok_or_else(|| Error::Corrupt { seq, reason: "unreadable entry".into() })
}

/// How many events there are: the size of the tree.
pub(crate) fn size(tx: &mut Tx<'_>) -> Result<i64, Error> {
    // The primary key's last entry, not a count: it costs the same however long the journal is.
    let row = tx.query_one("SELECT CAST(COALESCE(MAX(seq) + 1, 0) AS BIGINT) FROM events", params![])?;
    Ok(row.get(0)?)
}

/// Hashes of the tree, read from its table.
pub(super) struct StoredNodes<'a, 'b>(pub(super) &'a mut Tx<'b>);

impl merkle::Nodes for StoredNodes<'_, '_> {
    type Error = Error;

    fn nodes(&mut self, places: &[(u8, u64)]) -> Result<Vec<merkle::Hash>, Error> {
        let sql = "SELECT hash FROM tree_nodes WHERE level = $1 AND position = $2";
        places
            .iter()
            .map(|(level, position)| {
                let row = self.0.query_opt(sql, params![i64::from(*level), position.cast_signed()])?;
                let row = row.ok_or_else(|| Error::Corrupt {
                    seq: position.cast_signed() << level,
                    reason: format!("the tree has no node {position} on level {level}"),
                })?;
                Ok(merkle::Hash(row.get(0)?))
            })
            .collect()
    }
}
