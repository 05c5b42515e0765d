//! An advisory of GitHub's API, or a list of them.

#![no_main]

use formats::{Kind, read};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = read(Kind::Ghsa, bytes);
});
