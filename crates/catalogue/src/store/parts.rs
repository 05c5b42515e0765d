//! What an answer by vulnerabilities needs of records.

use super::Error;
use super::page::with_document;
use super::read::Summary;
use formats::record::Record;
use rusqlite::{Connection, params};
use std::collections::BTreeSet;

/// All that a record says.
pub(crate) fn record_of(db: &Connection, record: &Summary) -> Result<Record, Error> {
    with_document(db, record.clone())?.read()
}

/// The highest score, in tenths of a point, that a standing record of a vulnerability gives it, by any of its
/// names; and whether one lists it as known to be exploited.
pub(crate) fn worst(db: &Connection, names: &BTreeSet<String>) -> Result<(Option<i64>, bool), Error> {
    let mut statement = db.prepare_cached(
        "SELECT MAX(r.severity), COALESCE(MAX(r.exploited), 0) FROM names n JOIN records r ON r.row = n.row
         WHERE n.key = ?1 AND n.relation <= 1 AND r.state = 0",
    )?;
    let mut worst = (None, false);
    for name in names {
        let (severity, exploited): (Option<i64>, bool) =
            statement.query_row(params![name], |row| Ok((row.get(0)?, row.get(1)?)))?;
        worst = (worst.0.max(severity), worst.1 || exploited);
    }
    Ok(worst)
}
