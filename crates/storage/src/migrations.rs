//! Numbered steps of the schema. A step that has run never changes: its text is remembered by hash.

use crate::dialect;
use crate::error::{Error, Result};
use crate::params;
use crate::tx::Tx;

/// All steps in order. Each brings a data file of its own to `tests/data`, so that the next steps
/// are tried on a filled database.
pub(crate) const STEPS: &[(&str, &str)] = &[
    ("0001_spine", include_str!("../migrations/0001_spine.sql")),
    ("0002_persons", include_str!("../migrations/0002_persons.sql")),
    ("0003_told", include_str!("../migrations/0003_told.sql")),
    ("0004_second_factor", include_str!("../migrations/0004_second_factor.sql")),
    ("0005_conflicts", include_str!("../migrations/0005_conflicts.sql")),
];

/// How many steps this program knows.
#[must_use]
pub fn migration_count() -> usize {
    STEPS.len()
}

const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_steps (
    number BIGINT PRIMARY KEY, name TEXT NOT NULL, text_hash BIGINT NOT NULL)";

pub(crate) fn apply(tx: &mut Tx<'_>) -> Result<()> {
    apply_until(tx, STEPS.len())
}

pub(crate) fn apply_until(tx: &mut Tx<'_>, last: usize) -> Result<()> {
    tx.batch(TABLE)?;
    let done = tx.query("SELECT number, name, text_hash FROM schema_steps ORDER BY number", &[])?;
    if done.len() > STEPS.len() {
        let words = "this data was written by a newer version; start that version, or restore a backup";
        return Err(Error::Schema(words.into()));
    }
    for (row, (name, sql)) in done.iter().zip(STEPS) {
        if row.get::<i64>(2)? != hash(sql) {
            return Err(Error::Schema(format!("step {name} of the schema is not the one that ran here")));
        }
    }
    for (number, (name, sql)) in STEPS.iter().enumerate().take(last).skip(done.len()) {
        tx.batch(&dialect::migration(tx.engine(), sql))?;
        let row = params![number as i64 + 1, *name, hash(sql)];
        tx.execute("INSERT INTO schema_steps (number, name, text_hash) VALUES ($1, $2, $3)", row)?;
    }
    Ok(())
}

/// FNV-1a: tells an edited step from the one that ran; it guards against slips, not attackers.
fn hash(text: &str) -> i64 {
    let fold = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, fold).cast_signed()
}
