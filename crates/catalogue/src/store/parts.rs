//! What an answer by vulnerabilities needs of records.

use super::Error;
use super::page::with_document;
use super::read::Summary;
use formats::record::Record;
use rusqlite::{Connection, params};
use std::collections::{BTreeSet, HashMap};

/// All that a record says.
pub(crate) fn record_of(db: &Connection, record: &Summary) -> Result<Record, Error> {
    with_document(db, record.clone())?.read()
}

/// The highest score of a vulnerability, in tenths of a point, and whether it is listed as known to be exploited.
pub(crate) type Grade = (Option<i64>, bool);

/// What the standing records of vulnerabilities say of each, by any of its names; it has none, if none says anything.
pub(crate) fn grades(
    db: &Connection,
    names: impl Iterator<Item = String>,
) -> Result<HashMap<String, Grade>, Error> {
    let mut statement = db.prepare_cached(
        "SELECT n.key, MAX(r.severity), MAX(r.exploited) FROM names n JOIN records r ON r.row = n.row
         WHERE n.key IN (SELECT value FROM json_each(?1)) AND n.relation <= 1 AND r.state = 0 GROUP BY n.key",
    )?;
    let names = serde_json::Value::from_iter(names).to_string();
    let found = statement.query_map(params![names], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// The same of one vulnerability by all its names.
pub(crate) fn worst(db: &Connection, names: &BTreeSet<String>) -> Result<Grade, Error> {
    let grades = grades(db, names.iter().cloned())?;
    Ok(grades.into_values().fold((None, false), worse))
}

/// The worse of both.
pub(crate) fn worse((score, exploited): Grade, (other, also): Grade) -> Grade {
    (score.max(other), exploited || also)
}
