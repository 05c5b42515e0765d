//! What the search index needs to follow the records.

use super::super::rules::{self, Source, Words};
use super::page::with_document;
use super::read::{SUMMARY, summary};
use super::{Error, Facts};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rusqlite::{Connection, OptionalExtension, params};

/// A record that changed.
pub(crate) struct Changed {
    pub(crate) change: i64,
    pub(crate) hash: [u8; 32],
    pub(crate) facts: Facts,
    /// A listing as known exploited enriches the record that it is about; it is no hit beside it.
    pub(crate) is_listing_of_another: bool,
}

/// Records that changed after this change, in the order of their changes.
pub(crate) fn changed_since(db: &Connection, change: i64, at_most: usize) -> Result<Vec<Changed>, Error> {
    let sql =
        "SELECT r.change, r.hash, r.row, r.source, COALESCE(r.severity, r.rated), r.published, r.modified, r.exploited, r.state,
                   r.source = ?3 AND EXISTS (SELECT 1 FROM records o WHERE o.key = r.key AND o.source < ?3),
                   r.source = ?4 OR (r.source = ?5 AND NOT EXISTS (
                       SELECT 1 FROM records o WHERE o.key = r.key AND o.source = ?4))
               FROM records r WHERE r.change > ?1 ORDER BY r.change LIMIT ?2";
    let mut statement = db.prepare_cached(sql)?;
    let read = |row: &rusqlite::Row<'_>| {
        let published: Option<i64> = row.get(5)?;
        Ok(Changed {
            change: row.get(0)?,
            hash: row.get(1)?,
            facts: Facts {
                row: row.get(2)?,
                source: row.get(3)?,
                severity_tenths: row.get(4)?,
                published,
                modified: row.get(6)?,
                year: published.and_then(year),
                is_exploited: row.get(7)?,
                is_withdrawn: row.get::<_, i64>(8)? != 0,
                speaks: row.get(10)?,
            },
            is_listing_of_another: row.get(9)?,
        })
    };
    let changed = statement.query_map(
        params![change, at_most as i64, Source::Kev.number(), Source::Nvd.number(), Source::Cve.number()],
        read,
    )?;
    Ok(changed.collect::<Result<_, _>>()?)
}

fn year(micros: i64) -> Option<i16> {
    Some(TimeZone::UTC.to_datetime(Timestamp::from_microsecond(micros).ok()?).year())
}

/// The number of the last change; 0 if there is no record.
pub(crate) fn last_change(db: &Connection) -> Result<i64, Error> {
    let mut statement = db.prepare_cached("SELECT MAX(change) FROM records")?;
    Ok(statement.query_row([], |row| row.get::<_, Option<i64>>(0))?.unwrap_or(0))
}

/// By what this file is known again.
pub(crate) fn identity(db: &Connection) -> Result<i64, Error> {
    let mut statement = db.prepare_cached("SELECT value FROM progress WHERE name = 'identity'")?;
    Ok(statement.query_row([], |row| row.get(0)).optional()?.unwrap_or(0))
}

/// What search looks at of a record, read from its document.
pub(crate) fn words(db: &Connection, row: i64) -> Result<Words, Error> {
    let sql = format!("SELECT {SUMMARY} FROM records r WHERE r.row = ?1");
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query(params![row])?;
    let gone = || Error::Stored(format!("row {row} is gone"));
    let summary = rows.next()?.map(summary).transpose()?.ok_or_else(gone)?;
    let record = with_document(db, summary)?.read()?;
    Ok(rules::words(&record, &rules::names(&record)))
}
