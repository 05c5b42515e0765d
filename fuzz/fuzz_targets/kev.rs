//! A catalogue of known exploited vulnerabilities.

#![no_main]

use formats::{Kind, read};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = read(Kind::Kev, bytes);
});
