//! Everything at once, for files.

use super::Error;
use super::page::both;
use jiff::Timestamp;
use rusqlite::{Connection, params};

/// A record on its way into a file.
pub(crate) struct Dumped<'a> {
    pub(crate) id: &'a str,
    pub(crate) osv: &'a [u8],
}

/// What is dumped (products that are filed by their CPE names are no packages): what came as OSV or from this centre, and what names a package; of several records
/// of an id the one that is heard first.
const DUMPED: &str = "NOT EXISTS (SELECT 1 FROM records o WHERE o.key = r.key AND o.source < r.source)
    AND (r.source <= 1 OR EXISTS (SELECT 1 FROM packages p WHERE p.row = r.row AND p.ecosystem <> 'cpe'))
    AND (?1 IS NULL OR EXISTS (SELECT 1 FROM packages p WHERE p.row = r.row AND p.ecosystem = ?1))";

/// All records in OSV's shape, of one ecosystem (in lower case) or of all.
pub(crate) fn dump(
    db: &Connection,
    ecosystem: Option<&str>,
    take: &mut dyn FnMut(Dumped<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let sql = format!(
        "SELECT r.id, b.answer, b.packed FROM records r JOIN bodies b ON b.row = r.row WHERE {DUMPED} ORDER BY r.row"
    );
    let mut statement = db.prepare(&sql)?;
    let mut rows = statement.query(params![ecosystem])?;
    while let Some(row) = rows.next()? {
        let id = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
        take(Dumped { id, osv: both(db, row, 1)?.answer() })?;
    }
    Ok(())
}

/// The same, each with its last change and each ecosystem that it names a package of.
pub(crate) fn dates(
    db: &Connection,
    ecosystem: Option<&str>,
    take: &mut dyn FnMut(Timestamp, &str, &str),
) -> Result<(), Error> {
    let sql = format!(
        "SELECT DISTINCT COALESCE(r.modified, r.published, 0), r.id, q.ecosystem
         FROM records r JOIN packages q ON q.row = r.row AND q.ecosystem <> 'cpe'
         WHERE {DUMPED} AND (?1 IS NULL OR q.ecosystem = ?1)"
    );
    let mut statement = db.prepare(&sql)?;
    let mut rows = statement.query(params![ecosystem])?;
    while let Some(row) = rows.next()? {
        let modified = Timestamp::from_microsecond(row.get(0)?).unwrap_or(Timestamp::UNIX_EPOCH);
        let (id, of) = (row.get_ref(1)?, row.get_ref(2)?);
        let text = |value: rusqlite::types::ValueRef<'_>| value.as_str().map(str::to_owned);
        take(modified, &text(id).map_err(rusqlite::Error::from)?, &text(of).map_err(rusqlite::Error::from)?);
    }
    Ok(())
}

/// The ecosystems of which any record names a package, in lower case.
pub(crate) fn ecosystems(db: &Connection) -> Result<Vec<String>, Error> {
    let mut statement =
        db.prepare("SELECT DISTINCT ecosystem FROM packages WHERE ecosystem <> 'cpe' ORDER BY ecosystem")?;
    Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
}
