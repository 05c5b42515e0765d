//! An advisory as it is stored: what is read is written again to the byte, and what the check lets
//! through is rendered in every format and read back.

#![no_main]

use formats::{Advisory, Kind, csaf, cve, osv, read};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(advisory) = serde_json::from_slice::<Advisory>(bytes) else { return };
    let written = advisory.canonical_bytes();
    let again: Advisory = serde_json::from_slice(&written).unwrap();
    assert_eq!(again.canonical_bytes(), written);
    let _ = advisory.check();
    if let Ok(text) = csaf::render(&advisory) {
        read(Kind::Csaf20, text.as_bytes()).unwrap();
    }
    if let Ok(text) = osv::render(&advisory) {
        read(Kind::OsvJson, text.as_bytes()).unwrap();
    }
    if let Ok(text) = cve::render(&advisory, "CVE-1900-0042") {
        read(Kind::Cve5, text.as_bytes()).unwrap();
    }
});
