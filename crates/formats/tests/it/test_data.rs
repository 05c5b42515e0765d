//! Public data that is not part of the project: archives in the folder `HELIOGRAPH_TEST_DATA`.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

/// Calls for every file of an archive; false if there is no such folder.
pub(crate) fn each(archive: &str, mut visit: impl FnMut(&str, &[u8])) -> bool {
    let Some(folder) = std::env::var_os("HELIOGRAPH_TEST_DATA") else {
        println!("skipped: HELIOGRAPH_TEST_DATA is not set");
        return false;
    };
    let path = PathBuf::from(folder).join(archive);
    let mut zstd = zstd::Decoder::new(File::open(&path).unwrap()).unwrap();
    zstd.window_log_max(31).unwrap();
    let mut tar = tar::Archive::new(zstd);
    let mut bytes = Vec::new();
    for entry in tar.entries().unwrap() {
        let mut entry = entry.unwrap();
        if entry.header().entry_type().is_file() {
            bytes.clear();
            entry.read_to_end(&mut bytes).unwrap();
            let name = entry.path().unwrap().to_string_lossy().into_owned();
            visit(&name, &bytes);
        }
    }
    true
}

/// One schema, as JSON.
pub(crate) fn schema(name: &str) -> Option<serde_json::Value> {
    let mut found = None;
    each("schemas.tar.zst", |path, bytes| {
        if path.ends_with(name) {
            found = Some(serde_json::from_slice(bytes).unwrap());
        }
    });
    found
}
