//! Trees of git, a line each, found by their numbers: the last one compared with the first, or with nothing.

#![no_main]

use formats::trees::Comparison;
use std::collections::HashMap;

libfuzzer_sys::fuzz_target!(|input: (bool, &[u8])| {
    let (is_since, bytes) = input;
    // An id has one byte here, so that a tree easily names another, and itself.
    let lines = bytes.split(|byte| *byte == b'\n').take(256).enumerate();
    let trees: HashMap<String, Vec<u8>> =
        lines.map(|(number, line)| (format!("{number:02x}"), line.to_vec())).collect();
    let last = format!("{:02x}", trees.len() - 1);
    let mut comparison = Comparison::new(is_since.then(|| "00".to_owned()), last, 1);
    while !comparison.wanted().is_empty() {
        if comparison.take(&trees).is_err() {
            return;
        }
    }
    let files = comparison.files().unwrap_or_default();
    let bytes: usize = files.iter().map(|change| change.file.len()).sum();
    assert!(bytes <= 512 << 20, "{} files with {bytes} bytes of names", files.len());
});
