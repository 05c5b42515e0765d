//! What the page of one id needs: all that is kept under its names, from every source.

use super::read::{SUMMARY, Summary, summaries};
use super::{Error, Form};
use formats::record::Record;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

/// A record with its document.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) summary: Summary,
    /// The document as it came.
    pub(crate) document: Vec<u8>,
}

impl Stored {
    /// What the document says.
    pub(in super::super) fn read(&self) -> Result<Record, Error> {
        let unreadable =
            |error: String| Error::Stored(format!("the document of {}: {error}", self.summary.id));
        match self.summary.form {
            Form::Read(kind) => {
                let records =
                    formats::read(kind, &self.document).map_err(|error| unreadable(error.to_string()))?;
                records.into_iter().next().ok_or_else(|| unreadable("empty".to_owned()))
            }
            Form::Advisory => {
                let advisory =
                    serde_json::from_slice(&self.document).map_err(|error| unreadable(error.to_string()))?;
                Ok(super::super::rules::record_of_advisory(&advisory))
            }
        }
    }
}

/// Records that are shown whole under one id; real ones have up to a dozen.
const TOGETHER_MAX: usize = 24;

/// The records that have this id or name it as an alias, and those that share an alias with the
/// record of this id; first who is heard first. Names of a record that is only named here do not
/// lead further: a chain of aliases soon joins what is not the same.
pub(in super::super) fn named(db: &Connection, key: &str) -> Result<Vec<Stored>, Error> {
    let sql = format!(
        "SELECT DISTINCT {SUMMARY} FROM names n JOIN records r ON r.row = n.row
         WHERE n.relation <= 1 AND n.key IN (
             SELECT ?1 UNION
             SELECT m.key FROM records o JOIN names m ON m.row = o.row AND m.relation <= 1 WHERE o.key = ?1)
         ORDER BY r.key <> ?1, r.source, r.key LIMIT ?2"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let found = summaries(statement.query(params![key, TOGETHER_MAX as i64])?)?;
    found.into_iter().map(|summary| with_document(db, summary)).collect()
}

/// A record with its document.
pub(super) fn with_document(db: &Connection, summary: Summary) -> Result<Stored, Error> {
    let mut statement = db.prepare_cached("SELECT raw, osv FROM bodies WHERE row = ?1")?;
    let mut rows = statement.query(params![summary.row])?;
    let missing = || Error::Stored(format!("{} has no document", summary.id));
    let row = rows.next()?.ok_or_else(missing)?;
    let document = match row.get::<_, Option<Vec<u8>>>(0)? {
        None => row.get(1)?,
        Some(packed) => zstd::bulk::decompress(&packed, DOCUMENT_BYTES)
            .map_err(|error| Error::Stored(format!("the document of {}: {error}", summary.id)))?,
    };
    Ok(Stored { summary, document })
}

/// No document is larger: an advisory may be a little larger than what is read from elsewhere.
const DOCUMENT_BYTES: usize = formats::limits::DOCUMENT_BYTES + 4096;

/// Records that speak of this id without being the same, newest first, and whether there are more.
pub(in super::super) fn related(
    db: &Connection,
    key: &str,
    at_most: usize,
) -> Result<(Vec<Summary>, bool), Error> {
    let sql = format!(
        "SELECT {SUMMARY} FROM names n JOIN records r ON r.row = n.row
         WHERE n.key = ?1 AND n.relation = 2 ORDER BY r.published DESC, r.key LIMIT ?2"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let mut found = summaries(statement.query(params![key, at_most as i64 + 1])?)?;
    let more = found.len() > at_most;
    found.truncate(at_most);
    Ok((found, more))
}

/// A change of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    /// When it came in.
    pub(crate) at: Timestamp,
    /// What differed.
    pub(crate) fields: String,
    /// The import that brought it; 0 for what the centre published.
    pub(crate) import: i64,
    /// SHA-256 of the document before and after.
    pub(crate) old: Vec<u8>,
    pub(crate) new: Vec<u8>,
}

/// Changes shown of one record.
const CHANGES_MAX: i64 = 200;

/// The changes of a record, oldest first.
pub(in super::super) fn history(db: &Connection, row: i64) -> Result<Vec<Change>, Error> {
    let sql = "SELECT at, fields, import, old, new FROM history WHERE row = ?1 ORDER BY id DESC LIMIT ?2";
    let mut statement = db.prepare_cached(sql)?;
    let change = |row: &rusqlite::Row<'_>| {
        let at = Timestamp::from_microsecond(row.get(0)?).unwrap_or(Timestamp::UNIX_EPOCH);
        Ok(Change { at, fields: row.get(1)?, import: row.get(2)?, old: row.get(3)?, new: row.get(4)? })
    };
    let mut changes =
        statement.query_map(params![row, CHANGES_MAX], change)?.collect::<Result<Vec<_>, _>>()?;
    changes.reverse();
    Ok(changes)
}

/// When a record first came in.
pub(in super::super) fn first_import(db: &Connection, row: i64) -> Result<Option<Timestamp>, Error> {
    let sql = "SELECT i.started FROM records r JOIN imports i ON i.id = r.first_import WHERE r.row = ?1";
    let micros: Option<i64> = db.prepare_cached(sql)?.query_row(params![row], |row| row.get(0)).optional()?;
    Ok(micros.and_then(|micros| Timestamp::from_microsecond(micros).ok()))
}
