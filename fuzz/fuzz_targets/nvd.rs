//! A page of NVD's, one of its items, or a bare record.

#![no_main]

use formats::{Kind, read};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = read(Kind::Nvd, bytes);
});
