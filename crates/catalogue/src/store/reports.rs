//! What became of imports, and of the sources that are imported by themselves.

use super::super::import::Report;
use super::Error;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use vocabulary::Page;

/// An import as it is remembered.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Imported {
    /// Its number.
    pub id: i64,
    /// What was imported, in the words of who did.
    pub what: String,
    /// The source that was imported by itself; empty, where somebody did it by hand.
    pub source: String,
    /// When it began.
    pub began: Timestamp,
    /// When it ended; none while it runs, or where it was interrupted.
    pub ended: Option<Timestamp>,
    /// What became of it; none while it runs, where it was interrupted, and of imports before there were
    /// reports.
    pub report: Option<Report>,
}

/// A source's last turn.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Turn {
    /// When it began.
    pub began: Option<Timestamp>,
    /// When it ended; none while it runs, or where it was interrupted.
    pub ended: Option<Timestamp>,
    /// The import that came of it; none, if there was nothing new.
    pub import: Option<i64>,
    /// Why nothing could be fetched or imported.
    pub error: Option<String>,
    /// What the server calls what was fetched last.
    #[serde(skip)]
    pub tag: Option<String>,
    /// When that was changed, in the server's words.
    #[serde(skip)]
    pub dated: Option<String>,
}

/// Reports that are kept.
const REPORTS_MAX: i64 = 2_000;

/// Keeps a report; the oldest are forgotten.
pub(crate) fn put_report(tx: &Transaction<'_>, report: &Report, source: &str) -> Result<(), Error> {
    // Writing plain structs into memory has no way to fail.
    let text = serde_json::to_string(report).unwrap_or_default();
    tx.execute(
        "INSERT OR REPLACE INTO reports (import, source, report) VALUES (?1, ?2, ?3)",
        params![report.import, source, text],
    )?;
    tx.execute("DELETE FROM reports WHERE import <= ?1", params![report.import - REPORTS_MAX])?;
    Ok(())
}

const IMPORTED: &str = "SELECT i.id, i.what, i.started, i.finished, r.source, r.report
    FROM imports i LEFT JOIN reports r ON r.import = i.id";

fn imported(row: &Row<'_>) -> Result<Imported, rusqlite::Error> {
    let at = |micros: i64| Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH);
    let report: Option<String> = row.get(5)?;
    Ok(Imported {
        id: row.get(0)?,
        what: row.get(1)?,
        began: at(row.get(2)?),
        ended: row.get::<_, Option<i64>>(3)?.map(at),
        source: row.get::<_, Option<String>>(4)?.unwrap_or_default(),
        report: report.and_then(|text| serde_json::from_str(&text).ok()),
    })
}

/// The latest imports, the latest first.
pub(crate) fn imports(db: &Connection, page: Page) -> Result<Vec<Imported>, Error> {
    let mut statement = db.prepare_cached(&format!("{IMPORTED} ORDER BY i.id DESC LIMIT ?1 OFFSET ?2"))?;
    Ok(statement.query_map(params![page.limit(), page.offset()], imported)?.collect::<Result<_, _>>()?)
}

/// One import.
pub(crate) fn import(db: &Connection, id: i64) -> Result<Option<Imported>, Error> {
    let mut statement = db.prepare_cached(&format!("{IMPORTED} WHERE i.id = ?1"))?;
    Ok(statement.query_row(params![id], imported).optional()?)
}

/// The last turn of a source.
pub(crate) fn turn(db: &Connection, source: &str) -> Result<Turn, Error> {
    let sql = "SELECT began, ended, import, error, tag, dated FROM turns WHERE source = ?1";
    let at = |micros: Option<i64>| micros.and_then(|micros| Timestamp::from_microsecond(micros).ok());
    let found = db.prepare_cached(sql)?.query_row(params![source], |row| {
        Ok(Turn {
            began: at(row.get(0)?),
            ended: at(row.get(1)?),
            import: row.get(2)?,
            error: row.get(3)?,
            tag: row.get(4)?,
            dated: row.get(5)?,
        })
    });
    Ok(found.optional()?.unwrap_or_default())
}

/// Writes down a source's turn, in the place of the one before.
pub(crate) fn set_turn(tx: &Transaction<'_>, source: &str, turn: &Turn) -> Result<(), Error> {
    let micros = |at: Option<Timestamp>| at.map(|at| at.as_microsecond());
    tx.execute(
        "INSERT OR REPLACE INTO turns (source, began, ended, import, error, tag, dated)
         VALUES (?1, COALESCE(?2, 0), ?3, ?4, ?5, ?6, ?7)",
        params![
            source,
            micros(turn.began),
            micros(turn.ended),
            turn.import,
            turn.error,
            turn.tag,
            turn.dated
        ],
    )?;
    Ok(())
}
