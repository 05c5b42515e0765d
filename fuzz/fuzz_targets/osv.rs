//! A record of OSV.

#![no_main]

use formats::{Kind, read};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = read(Kind::OsvJson, bytes);
});
