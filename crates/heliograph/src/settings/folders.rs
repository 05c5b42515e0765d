//! Folders with files of the centre's own: profiles, schemes.

use anyhow::{Context, ensure};
use std::fs;
use std::path::{Path, PathBuf};

/// More files than there are countries is a folder of something else.
const FILES_MAX: usize = 250;

/// The TOML files of a folder, in the order of their names: path and text. A folder that nobody has
/// named need not be there.
///
/// # Errors
/// If the folder or a file cannot be read, or is larger than the limit that the error names.
pub(crate) fn own_files(
    folder: &Path,
    is_named: bool,
    bytes_max: u64,
) -> anyhow::Result<Vec<(String, String)>> {
    if !is_named && !folder.exists() {
        return Ok(Vec::new());
    }
    let context = || format!("cannot read the folder {}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(context)? {
        let path = entry.with_context(context)?.path();
        if path.extension().is_some_and(|end| end == "toml") {
            files.push(path);
        }
    }
    ensure!(files.len() <= FILES_MAX, "{}: {} files, {FILES_MAX} at most", folder.display(), files.len());
    files.sort();
    files.iter().map(|path: &PathBuf| Ok((path.display().to_string(), own_file(path, bytes_max)?))).collect()
}

/// The text of one file.
///
/// # Errors
/// If it cannot be read, or is larger than the limit that the error names.
pub(crate) fn own_file(path: &Path, bytes_max: u64) -> anyhow::Result<String> {
    let context = || format!("cannot read {}", path.display());
    let bytes = fs::metadata(path).with_context(context)?.len();
    ensure!(bytes <= bytes_max, "{}: {bytes} bytes, {bytes_max} at most", path.display());
    fs::read_to_string(path).with_context(context)
}
