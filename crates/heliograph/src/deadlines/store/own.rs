//! Profiles of the centre's own: a folder of files, read when the program starts.

use crate::deadlines::rules;
use crate::ledger::Error;
use crate::settings::{Settings, own_file, own_files};
use anyhow::Context;
use clocks::{PROFILE_BYTES_MAX, Profile, Profiles};
use sha2::{Digest, Sha256};
use std::path::Path;
use storage::{Tx, params};

/// The profiles that come with the program, and those in the centre's folder of profiles, under the
/// same checks. One of the same id takes the place of that of the program.
///
/// # Errors
/// If a file cannot be read or is refused: with its name, line and reason. No profile is left out in
/// silence, because a clock that does not run is not seen.
pub(crate) fn load_profiles(settings: &Settings) -> anyhow::Result<Profiles> {
    let texts = own_files(&settings.profiles_dir(), settings.profiles.is_some(), PROFILE_BYTES_MAX as u64)?;
    let own = texts.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    Ok(Profiles::with(own)?)
}

/// Makes the profiles of these settings those of this process.
///
/// # Errors
/// As [`load_profiles`], and if the process already reckons with others.
pub(crate) fn choose_profiles(settings: &Settings) -> anyhow::Result<()> {
    rules::choose(load_profiles(settings)?)
}

/// Marks the views as stale where they were made with other profiles: then they are made anew.
pub(crate) fn note_profiles(tx: &mut Tx<'_>) -> Result<(), Error> {
    // What was read counts, not how its file was laid out.
    let hash = Sha256::digest(format!("{:?}", rules::profiles()));
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let before = tx.query_opt("SELECT hash FROM profiles_in_use", params![])?;
    if before.map(|row| row.get::<String>(0)).transpose()?.as_ref() == Some(&hash) {
        return Ok(());
    }
    tx.execute("DELETE FROM profiles_in_use", params![])?;
    tx.execute("INSERT INTO profiles_in_use (hash) VALUES ($1)", params![hash])?;
    tx.execute("DELETE FROM stale_views WHERE step = 0", params![])?;
    tx.execute("INSERT INTO stale_views (step) VALUES (0)", params![])?;
    Ok(())
}

/// One profile from a file.
///
/// # Errors
/// If it cannot be read or is refused.
pub(crate) fn read_profile(path: &Path) -> anyhow::Result<Profile> {
    Profile::parse(&own_file(path, PROFILE_BYTES_MAX as u64)?).with_context(|| path.display().to_string())
}
