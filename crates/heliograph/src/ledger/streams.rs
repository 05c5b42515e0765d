//! Which streams are about a report, a case, a person: those that are named by it, whatever they say of it.

use super::{Error, Recorded, View, read};
use std::collections::BTreeSet;
use storage::{Tx, params};

pub(crate) const STREAMS_VIEW: View = View { tables: &["streams"], apply, settle: View::NOTHING_TO_SETTLE };

/// Every event about a report or a case, in the order of the journal: of all streams that are named by it.
pub(crate) fn about(tx: &mut Tx<'_>, subject: &str) -> Result<Vec<Recorded>, Error> {
    tx.query(ABOUT, params![subject])?.iter().map(read::recorded).collect()
}

pub(super) const ABOUT: &str = "SELECT e.canonical, e.seq FROM streams s JOIN events e ON e.stream = s.stream
    WHERE s.subject = $1 ORDER BY e.seq";

/// Keeps `streams`: a row for each name in the name of a stream, when the stream begins.
fn apply(tx: &mut Tx<'_>, recorded: &Recorded) -> Result<(), Error> {
    if recorded.version == 1 {
        for subject in subjects(&recorded.stream) {
            let sql = "INSERT INTO streams (subject, stream) VALUES ($1, $2)";
            tx.execute(sql, params![subject, &recorded.stream])?;
        }
    }
    Ok(())
}

/// `vault/case/HEL-2026-000001` is about `HEL-2026-000001`; its first part says what kind of stream it is.
pub(super) fn subjects(stream: &str) -> BTreeSet<&str> {
    stream.split('/').skip(1).collect()
}
