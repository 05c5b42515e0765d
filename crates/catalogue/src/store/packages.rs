//! Records by package.

use super::super::rules::Package;
use super::Error;
use super::read::{AFTER, Summary, rated_summary, summary};
use rusqlite::{Connection, params};
use versions::Ecosystem;

/// A record that says something of a package, and what it says.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub record: Summary,
    /// The release that the statement is for.
    pub suffix: Option<String>,
    /// What the matcher reads.
    pub statement: String,
}

/// Whether any record speaks of a package of this ecosystem.
pub(crate) fn has_ecosystem(db: &Connection, ecosystem: &Ecosystem) -> Result<bool, Error> {
    let mut statement = db.prepare_cached("SELECT 1 FROM packages WHERE ecosystem = ?1 LIMIT 1")?;
    Ok(statement.exists(params![ecosystem.name().to_lowercase()])?)
}

/// Everything that standing records say of a package, by id.
pub(crate) fn rows(db: &Connection, package: &Package) -> Result<Vec<Row>, Error> {
    let sql = format!(
        "SELECT {}, p.suffix, p.statement FROM packages p JOIN records r ON r.row = p.row
         WHERE p.ecosystem = ?1 AND p.name = ?2 AND r.state = 0 ORDER BY r.key, r.source, p.place",
        rated_summary()
    );
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query(params![package.ecosystem.name().to_lowercase(), package.key])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(Row { record: summary(row)?, suffix: row.get(AFTER)?, statement: row.get(AFTER + 1)? });
    }
    Ok(found)
}
