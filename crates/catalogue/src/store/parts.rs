//! What a report on a bill of materials needs of a record.

use super::super::rules::{Package, fixed_of};
use super::Error;
use super::page::with_document;
use super::read::Summary;
use rusqlite::{Connection, params};
use std::collections::BTreeSet;

/// The names of a record's vulnerability, as they are looked up, and the versions that it states as fixed:
/// of this package, if it speaks of it.
pub(crate) fn names_and_fixed(
    db: &Connection,
    record: &Summary,
    package: Option<&Package>,
) -> Result<(BTreeSet<String>, Vec<String>), Error> {
    let mut statement = db.prepare_cached("SELECT key FROM names WHERE row = ?1 AND relation <= 1")?;
    let names = statement.query_map(params![record.row], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let read = with_document(db, record.clone())?.read()?;
    Ok((names, fixed_of(&read, package)))
}
