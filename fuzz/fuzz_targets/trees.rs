//! Trees of git, a line each, found by their numbers: the last one compared with the first, or with nothing.

#![no_main]

use formats::trees::Comparison;
use std::collections::HashMap;

/// So few that a small input can reach them, also by pairs of trees.
const BYTES_MAX: u64 = 1 << 16;

/// Of the longest path that is listed.
const PATH_BYTES: usize = 4_096;

libfuzzer_sys::fuzz_target!(|input: (bool, &[u8])| {
    let (is_since, bytes) = input;
    // An id has one byte here, so that a tree easily names another, and itself.
    let lines = bytes.split(|byte| *byte == b'\n').take(256).enumerate();
    let trees: HashMap<String, Vec<u8>> =
        lines.map(|(number, line)| (format!("{number:02x}"), line.to_vec())).collect();
    let last = format!("{:02x}", trees.len() - 1);
    let mut comparison = Comparison::new(is_since.then(|| "00".to_owned()), last, 1, BYTES_MAX);
    // Whether what it holds stays within that is asserted in there.
    while !comparison.wanted().is_empty() {
        if comparison.take(&trees).is_err() {
            return;
        }
    }
    let files = comparison.files().unwrap_or_default();
    let bytes: usize = files.iter().map(|change| change.file.len()).sum();
    assert!(bytes as u64 <= BYTES_MAX, "{} files with {bytes} bytes of names", files.len());
    assert!(files.iter().all(|change| change.file.len() <= PATH_BYTES), "a path is too long");
    let mut paths: Vec<&str> = files.iter().map(|change| change.file.as_str()).collect();
    paths.sort_unstable();
    assert!(paths.is_sorted_by(|one, other| one < other), "a path is there twice");
});
