//! Reads the archives of test data.

use std::io::Read;
use std::path::PathBuf;

/// Every file in an archive as (path, text), or None where the data is not at hand.
pub(super) fn files(archive: &str) -> Option<Vec<(String, String)>> {
    let Some(folder) = std::env::var_os("HELIOGRAPH_TEST_DATA") else {
        eprintln!("skipped: HELIOGRAPH_TEST_DATA is not set");
        return None;
    };
    let path = PathBuf::from(folder).join(archive);
    let file = std::fs::File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut decoder = zstd::Decoder::new(file).unwrap();
    decoder.window_log_max(27).unwrap();
    let mut files = Vec::new();
    for entry in tar::Archive::new(decoder).entries().unwrap() {
        let mut entry = entry.unwrap();
        if entry.header().entry_type().is_file() {
            let name = entry.path().unwrap().display().to_string();
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            files.push((name, text));
        }
    }
    assert!(!files.is_empty(), "{archive} has no files");
    Some(files)
}
