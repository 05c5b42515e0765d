//! Changing over a file that an older program left: first its tables, one step for each that changed, then what is
//! made of documents. It is one transaction, so whoever is interrupted leaves the file as it was.

use super::super::pack::{pack_both, unpacked};
use super::{Error, Tell, anew};
use rusqlite::{Connection, Transaction, params};
use std::path::Path;

const SCHEMA: &str = concat!(
    include_str!("schema.sql"),
    include_str!("bodies.sql"),
    include_str!("origins.sql"),
    include_str!("reports.sql")
);

/// Raised whenever the tables change. A file of another version is not guessed at.
const VERSION: i64 = 9;

fn version(db: &Connection) -> Result<i64, Error> {
    Ok(db.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

/// Whether the file is new, or of an older program.
pub(super) fn are_due(db: &Connection) -> Result<bool, Error> {
    Ok(version(db)? != VERSION || anew::is_due(db)?)
}

/// Makes the tables of a new file, and brings an older one up to date.
pub(super) fn change_over(tx: &Transaction<'_>, path: &Path, tell: Tell<'_>) -> Result<(), Error> {
    match version(tx)? {
        0 => tx.execute_batch(SCHEMA)?,
        before @ 4..=VERSION => {
            let file = path.display();
            tell(0, anew::count(tx)?);
            tracing::info!(%file, before, now = VERSION, "the catalogue is changed over once, which may take minutes");
            if before < 5 {
                tx.execute_batch(include_str!("origins.sql"))?;
            }
            if before < 6 {
                join_bodies(tx)?;
            }
            if before < 8 {
                tx.execute_batch(include_str!("reports.sql"))?;
                tx.execute_batch("ALTER TABLE records ADD COLUMN rated INTEGER")?;
            }
            if before < 9 {
                tx.execute_batch("ALTER TABLE records ADD COLUMN flaws INTEGER")?;
            }
            let anew::Done { records, taken_out } = anew::make_all(tx, tell)?;
            if before < 8 {
                rate_all(tx)?;
            }
            tracing::info!(%file, records, taken_out, "the catalogue is changed over");
        }
        other => {
            return Err(Error::Stored(format!(
                "{} has schema {other}, this program reads {VERSION}; move the file away and import again",
                path.display()
            )));
        }
    }
    anew::set_done(tx)?;
    tx.execute_batch(&format!("PRAGMA user_version = {VERSION}"))?;
    Ok(())
}

/// Up to version 5 answers and documents were kept side by side.
fn join_bodies(tx: &Transaction<'_>) -> Result<(), Error> {
    tx.execute_batch(concat!("ALTER TABLE bodies RENAME TO bodies_5;", include_str!("bodies.sql")))?;
    {
        let mut old = tx.prepare("SELECT row, osv, raw FROM bodies_5")?;
        let mut new = tx.prepare("INSERT INTO bodies (row, answer, packed) VALUES (?1, ?2, ?3)")?;
        let mut rows = old.query([])?;
        while let Some(row) = rows.next()? {
            let (answer, packed): (Vec<u8>, Option<Vec<u8>>) = (row.get(1)?, row.get(2)?);
            let document = packed.map(|packed| unpacked(tx, &packed)).transpose()?;
            let both = pack_both(&answer, document.as_deref().unwrap_or(&answer))?;
            new.execute(params![row.get::<_, i64>(0)?, both.answer, both.bytes])?;
        }
    }
    tx.execute_batch("DROP TABLE bodies_5")?;
    Ok(())
}

/// Up to version 7 only what stands in a record counted as its severity.
fn rate_all(tx: &Transaction<'_>) -> Result<(), Error> {
    tx.execute_batch(
        "UPDATE records SET rated = (
             SELECT MAX(o.severity) FROM names n JOIN records o ON o.key = n.key
             WHERE n.row = records.row AND n.relation <= 1 AND n.key LIKE 'cve-%' AND o.state = 0)
         WHERE severity IS NULL",
    )?;
    Ok(())
}
