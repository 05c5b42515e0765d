//! A CSAF document with its product tree, of both versions.

#![no_main]

use formats::{Kind, read};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for kind in [Kind::Csaf20, Kind::Csaf21] {
        let _ = read(kind, bytes);
    }
});
