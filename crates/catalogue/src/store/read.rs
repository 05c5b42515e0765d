//! Looking up records.

use super::super::rules::Source;
use super::anew::MADE;
use super::page::both;
use super::{Error, Form};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// An entity tag with its quotes, in ASCII.
pub(crate) type Tag = [u8; 21];

/// What a program gets for an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Changes whenever the body does.
    pub tag: Tag,
    /// When the record was last changed, by its source.
    pub modified: Option<Timestamp>,
    /// The same, as HTTP writes it (IMF-fixdate, RFC 9110, 5.6.7).
    pub last_modified: Option<[u8; 29]>,
    /// OSV JSON.
    pub body: Box<[u8]>,
}

impl AsRef<[u8]> for Answer {
    fn as_ref(&self) -> &[u8] {
        &self.body
    }
}

/// The answer for an id, from the source that is heard first.
pub(crate) fn answer(db: &Connection, key: &str) -> Result<Option<Answer>, Error> {
    let sql = "SELECT r.hash, r.modified, b.answer, b.packed FROM records r JOIN bodies b ON b.row = r.row
               WHERE r.key = ?1 ORDER BY r.source LIMIT 1";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params![key])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let tag = tag(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?);
    let body = both(db, row, 2)?.answer().into();
    let modified = instant(row, 1)?;
    let date = modified.and_then(|at| DateTimePrinter::new().timestamp_to_rfc9110_string(&at).ok());
    let last_modified = date.and_then(|date| date.into_bytes().try_into().ok());
    Ok(Some(Answer { tag, modified, last_modified, body }))
}

/// What the answer for an id would carry; equal tags carry equal answers.
pub(crate) fn tag_of(db: &Connection, key: &str) -> Result<Option<Tag>, Error> {
    let sql = "SELECT hash FROM records WHERE key = ?1 ORDER BY source LIMIT 1";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params![key])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Some(tag(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?)))
}

fn tag(hash: &[u8]) -> Tag {
    let mut tag = *b"\"00-0000000000000000\"";
    let first: [u8; 8] = hash.first_chunk().copied().unwrap_or_default();
    let made = format!("{MADE:02x}-{:016x}", u64::from_be_bytes(first));
    tag[1..20].copy_from_slice(made.as_bytes());
    tag
}

/// A record as lists show it.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Summary {
    /// Its number in this catalogue; another in the next.
    #[serde(skip)]
    pub row: i64,
    /// The id as its source spells it.
    pub id: String,
    /// Where it came from.
    pub source: Source,
    /// Its headline.
    pub title: String,
    /// When its source published it.
    pub published: Option<Timestamp>,
    /// When its source last changed it.
    pub modified: Option<Timestamp>,
    /// It no longer stands: rejected or withdrawn.
    pub is_withdrawn: bool,
    /// Why, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// In tenths of a point.
    pub severity_tenths: Option<i64>,
    /// Of a document of CSAF with a severity: of how many vulnerabilities it speaks, if several. Its severity is the
    /// highest in it.
    #[serde(skip)]
    pub vulnerabilities: Option<i64>,
    /// How likely it is to be exploited, by EPSS, from 0 to 1: where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub epss: Option<f64>,
    /// Somebody lists it as known to be exploited.
    pub is_exploited: bool,
    #[serde(skip)]
    pub(crate) form: Form,
}

/// The columns of a [`Summary`], of a table `r`.
pub(super) const SUMMARY: &str =
    "r.row, r.id, r.source, r.title, r.published, r.modified, r.state, r.severity, r.exploited, r.kind,
     CASE WHEN r.state = 0 THEN NULL ELSE (SELECT t.reason FROM tombstones t WHERE t.row = r.row) END,
     CASE WHEN r.severity IS NOT NULL THEN r.flaws END";

/// The place of the first column behind them.
pub(super) const AFTER: usize = 12;

/// The same where records are found rather than read: what has no severity of its own has that of its vulnerability.
pub(super) fn rated_summary() -> String {
    SUMMARY.replace("r.severity", "COALESCE(r.severity, r.rated)")
}

/// Reads the columns of [`SUMMARY`].
pub(super) fn summary(row: &Row<'_>) -> Result<Summary, Error> {
    let source = row.get(2)?;
    Ok(Summary {
        row: row.get(0)?,
        id: row.get(1)?,
        source: Source::of_number(source)
            .ok_or_else(|| Error::Stored(format!("an unknown source {source}")))?,
        title: row.get(3)?,
        published: instant(row, 4)?,
        modified: instant(row, 5)?,
        is_withdrawn: row.get::<_, i64>(6)? != 0,
        severity_tenths: row.get(7)?,
        epss: None,
        is_exploited: row.get(8)?,
        form: Form::of_number(row.get(9)?)?,
        reason: row.get(10)?,
        vulnerabilities: row.get(11)?,
    })
}

/// All summaries that a query gives.
pub(super) fn summaries(mut rows: rusqlite::Rows<'_>) -> Result<Vec<Summary>, Error> {
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(summary(row)?);
    }
    Ok(found)
}

fn instant(row: &Row<'_>, at: usize) -> Result<Option<Timestamp>, Error> {
    let micros: Option<i64> = row.get(at)?;
    Ok(micros.and_then(|micros| Timestamp::from_microsecond(micros).ok()))
}

/// The record that speaks first for an id.
pub(crate) fn summary_by_key(db: &Connection, key: &str) -> Result<Option<Summary>, Error> {
    let sql = format!("SELECT {SUMMARY} FROM records r WHERE r.key = ?1 ORDER BY r.source LIMIT 1");
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query(params![key])?;
    rows.next()?.map(summary).transpose()
}

/// The OSV JSON of a record.
pub(crate) fn body(db: &Connection, row: i64) -> Result<Vec<u8>, Error> {
    let mut statement = db.prepare_cached("SELECT answer, packed FROM bodies WHERE row = ?1")?;
    let mut found = statement.query(params![row])?;
    let found = found.next()?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    Ok(both(db, found, 0)?.into_answer())
}

/// How many records each source has.
pub(crate) fn counts(db: &Connection) -> Result<Vec<(Source, i64)>, Error> {
    // Going along the index on keys is cheaper than through the records.
    let mut statement =
        db.prepare_cached("SELECT source, COUNT(*) FROM records GROUP BY source ORDER BY source")?;
    let mut rows = statement.query([])?;
    let mut counts = Vec::new();
    while let Some(row) = rows.next()? {
        if let Some(source) = Source::of_number(row.get(0)?) {
            counts.push((source, row.get(1)?));
        }
    }
    Ok(counts)
}

/// When the last import ended.
pub(crate) fn latest_import(db: &Connection) -> Result<Option<Timestamp>, Error> {
    let mut statement = db.prepare_cached("SELECT MAX(finished) FROM imports")?;
    let micros: Option<i64> = statement.query_row([], |row| row.get(0))?;
    Ok(micros.and_then(|micros| Timestamp::from_microsecond(micros).ok()))
}

/// The number of the last import that ended; 0 at the beginning.
pub(crate) fn imports_finished(db: &Connection) -> Result<i64, Error> {
    let sql = "SELECT id FROM imports WHERE finished IS NOT NULL ORDER BY id DESC LIMIT 1";
    Ok(db.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?.unwrap_or(0))
}

/// How far the centre's own journal has been taken over; 0 at the beginning.
pub(crate) fn published_seq(db: &Connection) -> Result<i64, Error> {
    let mut statement = db.prepare_cached("SELECT value FROM progress WHERE name = 'published'")?;
    Ok(statement.query_row([], |row| row.get(0)).optional()?.unwrap_or(0))
}
