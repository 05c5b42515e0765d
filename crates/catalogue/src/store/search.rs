//! What lists show of hits.

use super::super::rules::Source;
use super::Error;
use super::page::{Stored, with_document};
use super::read::{SUMMARY, Summary, rated_summary, summaries, summary, summary_by_key};
use rusqlite::{Connection, params};

/// The records of these rows, in their order; a row that is gone by now is left out.
pub(crate) fn listed(db: &Connection, rows: &[i64]) -> Result<Vec<Summary>, Error> {
    let sql = format!("SELECT {} FROM records r WHERE r.row = ?1", rated_summary());
    let mut statement = db.prepare_cached(&sql)?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let mut hits = statement.query(params![row])?;
        found.extend(hits.next()?.map(summary).transpose()?);
    }
    Ok(found)
}

/// The same with their documents.
pub(crate) fn stored(db: &Connection, rows: &[i64]) -> Result<Vec<Stored>, Error> {
    listed(db, rows)?.into_iter().map(|summary| with_document(db, summary)).collect()
}

/// The listing as known exploited that is about a record: by its id, or by another name of it.
pub(crate) fn listing(db: &Connection, record: &Summary) -> Result<Option<Stored>, Error> {
    let sql = format!(
        "SELECT {SUMMARY} FROM names n JOIN records r ON r.key = n.key AND r.source = ?2
         WHERE n.row = ?1 AND n.relation <= 1 AND r.state = 0 LIMIT 1"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let mut found = statement.query(params![record.row, Source::Kev.number()])?;
    let summary = found.next()?.map(summary).transpose()?;
    summary.map(|summary| with_document(db, summary)).transpose()
}

/// The record that speaks first for an id, with its document.
pub(crate) fn by_key(db: &Connection, key: &str) -> Result<Option<Stored>, Error> {
    summary_by_key(db, key)?.map(|summary| with_document(db, summary)).transpose()
}

/// The record that a source has of an id, where it stands, with its document.
pub(crate) fn one_of_source(db: &Connection, source: Source, key: &str) -> Result<Option<Stored>, Error> {
    let sql = format!("SELECT {SUMMARY} FROM records r WHERE r.key = ?1 AND r.source = ?2 AND r.state = 0");
    let mut statement = db.prepare_cached(&sql)?;
    let found = statement.query(params![key, source.number()])?.next()?.map(summary).transpose()?;
    found.map(|summary| with_document(db, summary)).transpose()
}

/// The ids of the lists of known exploited vulnerabilities.
pub(crate) fn listed_ids(db: &Connection) -> Result<Vec<String>, Error> {
    // The number stands in the text so that the index is used which has these records alone.
    let sql = format!("SELECT id FROM records WHERE source = {} AND state = 0", Source::Kev.number());
    let mut statement = db.prepare_cached(&sql)?;
    let ids = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(ids)
}

/// All records of a source that stand, with their documents.
pub(crate) fn of_source(db: &Connection, source: Source) -> Result<Vec<Stored>, Error> {
    let sql = format!("SELECT {SUMMARY} FROM records r WHERE r.source = ?1 AND r.state = 0");
    let mut statement = db.prepare_cached(&sql)?;
    let found = summaries(statement.query(params![source.number()])?)?;
    found.into_iter().map(|summary| with_document(db, summary)).collect()
}
