//! What the page of one id needs: all that is kept under its names, from every source.

use super::super::pack::{Both, unpacked_both};
use super::super::rules::reason_of;
use super::read::{SUMMARY, Summary, summaries};
use super::{Error, Form};
use formats::Kind;
use formats::record::{Record, State};
use rusqlite::{Connection, Row, params};

/// A record with its document.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub summary: Summary,
    /// The document as it came.
    pub document: Vec<u8>,
    /// The same in JSON, where it came as YAML and stands: that costs less to read.
    pub(super) json: Option<Vec<u8>>,
}

impl Stored {
    /// What the document says, and if its source deleted it, that it no longer stands.
    pub(crate) fn read(&self) -> Result<Record, Error> {
        let mut record = self.document_read()?;
        if self.summary.is_withdrawn && record.state == State::Published {
            record.state = State::Withdrawn;
            record.withdrawn = self.summary.modified;
        }
        if record.withdrawn_because.is_none() {
            record.withdrawn_because = self.summary.reason.clone().or_else(|| reason_of(&record));
        }
        Ok(record)
    }

    fn document_read(&self) -> Result<Record, Error> {
        let unreadable =
            |error: String| Error::Stored(format!("the document of {}: {error}", self.summary.id));
        match self.summary.form {
            Form::Read(kind) => {
                let (kind, document) = match &self.json {
                    Some(json) => (Kind::OsvJson, json),
                    None => (kind, &self.document),
                };
                let records = formats::read(kind, document).map_err(|error| unreadable(error.to_string()))?;
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
pub(crate) fn named(db: &Connection, key: &str) -> Result<Vec<Stored>, Error> {
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
    let mut statement = db.prepare_cached("SELECT answer, packed FROM bodies WHERE row = ?1")?;
    let mut rows = statement.query(params![summary.row])?;
    let missing = || Error::Stored(format!("{} has no document", summary.id));
    let row = rows.next()?.ok_or_else(missing)?;
    let both = both(db, row, 0)?;
    // The answer about what does not stand may have been changed to say so.
    let is_same = summary.form == Form::Read(Kind::OsvYaml) && !summary.is_withdrawn;
    let json = is_same.then(|| both.answer().to_vec());
    Ok(Stored { summary, document: both.into_document(), json })
}

/// Reads `answer` and `packed` of a row of bodies, of which the first is this column.
pub(super) fn both(db: &Connection, row: &Row<'_>, at: usize) -> Result<Both, Error> {
    let packed = row.get_ref(at + 1)?.as_blob().map_err(rusqlite::Error::from)?;
    unpacked_both(db, row.get(at)?, packed)
}

/// Records that speak of this id without being the same, newest first, and whether there are more.
pub(crate) fn related(db: &Connection, key: &str, at_most: usize) -> Result<(Vec<Summary>, bool), Error> {
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
