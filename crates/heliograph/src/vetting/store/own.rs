//! Ladders of the centre's own: a folder of files, read when the program starts.

use crate::ledger::Error;
use crate::settings::{Settings, own_files};
use crate::vetting::rules::{self, LADDER_BYTES_MAX, Ladders};
use sha2::{Digest, Sha256};
use storage::{Tx, params};

/// The ladders that come with the program, and those in the centre's folder of ladders. One of the same
/// id takes the place of that of the program.
///
/// # Errors
/// If a file cannot be read or is refused: with its name, line and reason. No ladder is left out in
/// silence, because whoever is cleared by it would be shut out in silence.
fn load_ladders(settings: &Settings) -> anyhow::Result<Ladders> {
    let texts =
        own_files(&settings.clearances_dir(), settings.clearances.is_some(), LADDER_BYTES_MAX as u64)?;
    Ok(Ladders::with(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())))?)
}

/// Makes the ladders of these settings those of this process.
///
/// # Errors
/// As [`load_ladders`], and if the process already works with others.
pub(crate) fn choose_ladders(settings: &Settings) -> anyhow::Result<()> {
    rules::choose(load_ladders(settings)?)
}

/// Marks the views as stale where they were made with other ladders: then they are made anew.
pub(crate) fn note_ladders(tx: &mut Tx<'_>) -> Result<(), Error> {
    // What was read counts, not how its file was laid out.
    let hash = Sha256::digest(format!("{:?}", rules::ladders()));
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let before = tx.query_opt("SELECT hash FROM ladders_in_use", params![])?;
    if before.map(|row| row.get::<String>(0)).transpose()?.as_ref() == Some(&hash) {
        return Ok(());
    }
    tx.execute("DELETE FROM ladders_in_use", params![])?;
    tx.execute("INSERT INTO ladders_in_use (hash) VALUES ($1)", params![hash])?;
    tx.execute("DELETE FROM stale_views WHERE step = 0", params![])?;
    tx.execute("INSERT INTO stale_views (step) VALUES (0)", params![])?;
    Ok(())
}
