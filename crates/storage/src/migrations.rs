//! Numbered steps of the schema. A step that has run never changes: its text is remembered by hash.

use crate::dialect;
use crate::error::{Error, Result};
use crate::params;
use crate::tx::Tx;

/// All steps in order. Whoever adds one brings what the program of the step before left, so that
/// each is tried on a filled database.
pub(crate) const STEPS: &[(&str, &str)] = &[
    ("0001_spine", include_str!("../migrations/0001_spine.sql")),
    ("0002_persons", include_str!("../migrations/0002_persons.sql")),
    ("0003_told", include_str!("../migrations/0003_told.sql")),
    ("0004_second_factor", include_str!("../migrations/0004_second_factor.sql")),
    ("0005_conflicts", include_str!("../migrations/0005_conflicts.sql")),
    ("0006_rows_in_order", include_str!("../migrations/0006_rows_in_order.sql")),
    ("0007_drills", include_str!("../migrations/0007_drills.sql")),
    ("0008_profiles_in_use", include_str!("../migrations/0008_profiles_in_use.sql")),
    ("0009_partners", include_str!("../migrations/0009_partners.sql")),
    ("0010_partner_credits", include_str!("../migrations/0010_partner_credits.sql")),
    ("0011_partner_requests", include_str!("../migrations/0011_partner_requests.sql")),
    ("0012_cosignatures", include_str!("../migrations/0012_cosignatures.sql")),
    ("0013_accreditations", include_str!("../migrations/0013_accreditations.sql")),
    ("0014_partner_support", include_str!("../migrations/0014_partner_support.sql")),
    ("0015_subscriptions", include_str!("../migrations/0015_subscriptions.sql")),
    ("0016_vetting", include_str!("../migrations/0016_vetting.sql")),
    ("0017_requests_of_cases", include_str!("../migrations/0017_requests_of_cases.sql")),
    ("0018_reminders", include_str!("../migrations/0018_reminders.sql")),
    ("0019_streams", include_str!("../migrations/0019_streams.sql")),
];

/// The names of all steps, in order.
pub fn migration_names() -> impl Iterator<Item = &'static str> {
    STEPS.iter().map(|(name, _)| *name)
}

/// How many steps this program knows.
#[must_use]
pub fn migration_count() -> usize {
    STEPS.len()
}

const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_steps (
    number BIGINT PRIMARY KEY, name TEXT NOT NULL, text_hash BIGINT NOT NULL)";

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

/// Tells the schema after so many steps from any other.
pub(crate) fn fingerprint(steps: usize) -> i64 {
    let texts: String = STEPS.iter().take(steps).map(|(_, sql)| *sql).collect();
    hash(&texts)
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::fault::Faults;
    use crate::sqlite::Sqlite;
    use crate::tx::Conn;

    /// Entries and nodes of a centre that began before their tables were laid out in order.
    #[test]
    fn rows_in_order_keeps_every_entry_and_node() {
        let path = std::env::temp_dir().join(format!("heliograph-migration-{}.db", std::process::id()));
        let sqlite = Sqlite::open(&path).unwrap();
        let conn = sqlite.writer.lock().unwrap();
        let faults = Faults::default();
        let mut tx = Tx::new(Conn::Sqlite(&conn), &faults);
        conn.execute_batch("BEGIN").unwrap();
        apply_until(&mut tx, 5).unwrap();
        for seq in [2, 0, 1] {
            let row =
                params![seq, format!("case/{seq}"), 1, "case.opened", vec![1_u8], [2_u8; 32], [3_u8; 32]];
            let sql = "INSERT INTO events (seq, stream, version, kind, canonical, salt, commitment)
                       VALUES ($1, $2, $3, $4, $5, $6, $7)";
            tx.execute(sql, row).unwrap();
            let sql = "INSERT INTO tree_nodes (level, position, hash) VALUES ($1, $2, $3)";
            tx.execute(sql, params![0, seq, [4_u8; 32]]).unwrap();
        }
        let mut all = |sql: &str| tx.query(sql, &[]).unwrap();
        let before =
            [all("SELECT * FROM events ORDER BY seq"), all("SELECT * FROM tree_nodes ORDER BY position")];
        apply_until(&mut tx, STEPS.len()).unwrap();
        let mut all = |sql: &str| tx.query(sql, &[]).unwrap();
        assert_eq!(all("SELECT * FROM events"), before[0], "in order now, without being asked to");
        assert_eq!(all("SELECT * FROM tree_nodes"), before[1]);
        let again = params![3, "case/1", 1, "case.opened", vec![1_u8], [2_u8; 32], [3_u8; 32]];
        let sql = "INSERT INTO events (seq, stream, version, kind, canonical, salt, commitment)
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        assert!(matches!(tx.execute(sql, again), Err(Error::Duplicate { .. })), "a version is taken once");
        conn.execute_batch("ROLLBACK").unwrap();
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_step_for_sqlite_alone_does_nothing_elsewhere() {
        let (_, text) = STEPS.iter().find(|(name, _)| *name == "0006_rows_in_order").unwrap();
        assert_eq!(dialect::migration(crate::Engine::Postgres, text), "");
        assert_eq!(dialect::migration(crate::Engine::Sqlite, text), *text);
    }
}
