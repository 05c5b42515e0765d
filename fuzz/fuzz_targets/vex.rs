//! Statements of OpenVEX and CSAF.

#![no_main]

use formats::{Kind, read, vex};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = read(Kind::OpenVex, bytes);
    for kind in [Kind::OpenVex, Kind::Csaf20, Kind::Csaf21] {
        let _ = vex::read(kind, bytes);
    }
});
