//! The changes of records: what there was before, and when it was replaced.

use super::super::pack::unpacked;
use super::super::rules::{Event, Source};
use super::origins::GONE;
use super::page::with_document;
use super::read::{AFTER, SUMMARY, Summary, summary};
use super::{Error, Form, Stored};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

/// A change of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its number.
    pub id: i64,
    /// When it came in.
    pub at: Timestamp,
    /// What differed.
    pub fields: String,
    /// The import that brought it; 0 for what the centre published.
    pub import: i64,
    /// SHA-256 of the document before.
    pub old: Vec<u8>,
    /// SHA-256 of the document after.
    pub new: Vec<u8>,
}

/// Changes shown of one record.
const CHANGES_MAX: i64 = 200;

/// The columns of a [`Change`], of a table `h`.
const CHANGE: &str = "h.id, h.at, h.fields, h.import, h.old, h.new";

fn change(row: &rusqlite::Row<'_>) -> Result<Change, rusqlite::Error> {
    let at = Timestamp::from_microsecond(row.get(1)?).unwrap_or(Timestamp::UNIX_EPOCH);
    Ok(Change {
        id: row.get(0)?,
        at,
        fields: row.get(2)?,
        import: row.get(3)?,
        old: row.get(4)?,
        new: row.get(5)?,
    })
}

/// The changes of a record, oldest first.
pub(crate) fn history(db: &Connection, row: i64) -> Result<Vec<Change>, Error> {
    let sql = format!("SELECT {CHANGE} FROM history h WHERE h.row = ?1 ORDER BY h.id DESC LIMIT ?2");
    let mut statement = db.prepare_cached(&sql)?;
    let mut changes =
        statement.query_map(params![row, CHANGES_MAX], change)?.collect::<Result<Vec<_>, _>>()?;
    changes.reverse();
    Ok(changes)
}

/// What a change replaced: the document, and whether it was deleted then, whatever it is today.
pub(crate) fn replaced(db: &Connection, summary: &Summary, id: i64) -> Result<Stored, Error> {
    let sql = "SELECT h.kind, h.document, p.at, p.fields FROM history h LEFT JOIN history p ON p.id = (
                   SELECT MAX(id) FROM history WHERE row = h.row AND id < h.id)
               WHERE h.id = ?1";
    let mut statement = db.prepare_cached(sql)?;
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
    let (kind, packed, at, before): (i64, Vec<u8>, Option<i64>, Option<String>) =
        statement.query_row(params![id], read)?;
    let document = unpacked(db, &packed)?;
    let reason = before.filter(|fields| fields.starts_with(GONE));
    let deleted = at.filter(|_| reason.is_some()).and_then(|at| Timestamp::from_microsecond(at).ok());
    let summary = Summary {
        form: Form::of_number(kind)?,
        is_withdrawn: reason.is_some(),
        modified: deleted.or(summary.modified),
        reason,
        ..summary.clone()
    };
    Ok(Stored { summary, document, json: None })
}

/// The document that replaced what a change replaced: the next one's, or today's.
pub(crate) fn replacing(db: &Connection, summary: &Summary, id: i64) -> Result<Stored, Error> {
    let sql = "SELECT MIN(id) FROM history WHERE row = ?1 AND id > ?2";
    let next: Option<i64> = db.prepare_cached(sql)?.query_row(params![summary.row, id], |row| row.get(0))?;
    match next {
        Some(next) => replaced(db, summary, next),
        None => with_document(db, summary.clone()),
    }
}

/// When a record first came in.
pub(crate) fn first_import(db: &Connection, row: i64) -> Result<Option<Timestamp>, Error> {
    let sql = "SELECT i.started FROM records r JOIN imports i ON i.id = r.first_import WHERE r.row = ?1";
    let micros: Option<i64> = db.prepare_cached(sql)?.query_row(params![row], |row| row.get(0)).optional()?;
    Ok(micros.and_then(|micros| Timestamp::from_microsecond(micros).ok()))
}

/// Something that happened to a record: it came in, or it was changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Happening {
    /// The record as it is today.
    pub record: Summary,
    /// When.
    pub at: Timestamp,
    /// None for its coming in.
    pub change: Option<Change>,
    /// What it is; until its documents are compared, every change is one.
    pub event: Event,
}

/// What is asked of everything that happened.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Happened {
    /// Keys of records; any, if there are none.
    pub keys: Vec<String>,
    /// Microseconds since 1970.
    pub between: Option<(i64, i64)>,
    /// Only events of this kind.
    pub event: Option<Event>,
}

/// Changes among which the asked ones are, by their numbers.
pub(crate) struct Among {
    pub(crate) numbers: Vec<i64>,
    /// All but these are meant.
    pub(crate) are_left_out: bool,
}

/// The changes that may have turned whether a record stands, of those that are asked for.
pub(crate) fn turns(db: &Connection, source: Source, asked: &Happened) -> Result<Vec<(Summary, i64)>, Error> {
    let (from, to) = asked.between.unwrap_or((i64::MIN, i64::MAX));
    let keys = serde_json::to_string(&asked.keys).unwrap_or_default();
    let sql = format!(
        "SELECT {SUMMARY}, h.id FROM history h JOIN records r ON r.row = h.row
         WHERE r.source = ?1 AND h.at BETWEEN ?2 AND ?3
             AND (?4 = '[]' OR r.key IN (SELECT value FROM json_each(?4)))
             AND (h.fields LIKE '%state%' OR h.fields LIKE ?5 || '%')"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query(params![source.number(), from, to, keys, GONE])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push((summary(row)?, row.get(AFTER)?));
    }
    Ok(found)
}

/// What happened to records of a source, the oldest first, and how much there is in all.
pub(crate) fn happenings(
    db: &Connection,
    source: Source,
    asked: &Happened,
    among: Option<&Among>,
    offset: usize,
    limit: usize,
) -> Result<(Vec<Happening>, usize), Error> {
    let (from, to) = asked.between.unwrap_or((i64::MIN, i64::MAX));
    let keys = serde_json::to_string(&asked.keys).unwrap_or_default();
    let what = "WITH all_of_it (at, change, row) AS (
            SELECT i.started, 0, r.row FROM records r JOIN imports i ON i.id = r.first_import
            WHERE r.source = ?1 AND ?5 IN (-1, 1)
            UNION ALL
            SELECT h.at, h.id, h.row FROM history h JOIN records r ON r.row = h.row
            WHERE r.source = ?1 AND ?5 IN (-1, 0)
                AND (?6 IS NULL OR (h.id IN (SELECT value FROM json_each(?6))) <> ?7)
        ), wanted AS (
            SELECT a.at, a.change, a.row FROM all_of_it a JOIN records r ON r.row = a.row
            WHERE a.at BETWEEN ?2 AND ?3 AND (?4 = '[]' OR r.key IN (SELECT value FROM json_each(?4))))";
    let only = asked.event.map_or(-1, |event| i64::from(event == Event::CameIn));
    let numbers = among.map(|among| serde_json::to_string(&among.numbers).unwrap_or_default());
    let but = among.is_some_and(|among| among.are_left_out);
    let total: i64 = db
        .prepare_cached(&format!("{what} SELECT COUNT(*) FROM wanted"))?
        .query_row(params![source.number(), from, to, keys, only, numbers, but], |row| row.get(0))?;
    let sql = format!(
        "{what} SELECT {SUMMARY}, w.at, w.change FROM wanted w JOIN records r ON r.row = w.row
         ORDER BY w.at, w.change, w.row LIMIT ?8 OFFSET ?9"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let (limit, offset) = (limit as i64, i64::try_from(offset).unwrap_or(i64::MAX));
    let mut rows =
        statement.query(params![source.number(), from, to, keys, only, numbers, but, limit, offset])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let at = Timestamp::from_microsecond(row.get(AFTER)?).unwrap_or(Timestamp::UNIX_EPOCH);
        let change = match row.get::<_, i64>(AFTER + 1)? {
            0 => None,
            id => Some(by_id(db, id)?),
        };
        let event = if change.is_none() { Event::CameIn } else { Event::Changed };
        found.push(Happening { record: summary(row)?, at, change, event });
    }
    Ok((found, usize::try_from(total).unwrap_or(0)))
}

fn by_id(db: &Connection, id: i64) -> Result<Change, Error> {
    let sql = format!("SELECT {CHANGE} FROM history h WHERE h.id = ?1");
    Ok(db.prepare_cached(&sql)?.query_row(params![id], change)?)
}
