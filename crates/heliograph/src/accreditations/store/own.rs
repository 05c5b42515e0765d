//! Schemes of the centre's own: a folder of files, read when the program starts.

use crate::accreditations::rules;
use crate::settings::{Settings, own_files};
use programme::Schemes;

/// Bytes of a scheme, at most.
const SCHEME_BYTES_MAX: u64 = 256 * 1024;

/// Makes the schemes that come with the program, and those in the centre's folder, those of this process.
/// One of the same id takes the place of that of the program.
///
/// # Errors
/// If a file cannot be read or is refused: with its name, line and reason; and if the process already
/// works with others.
pub(crate) fn choose_schemes(settings: &Settings) -> anyhow::Result<()> {
    let own = own_files(&settings.schemes_dir(), settings.schemes.is_some(), SCHEME_BYTES_MAX)?;
    let own = own.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    rules::choose(Schemes::with(own)?)
}
