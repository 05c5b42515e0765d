//! Bills of materials, CycloneDX and SPDX.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = formats::sbom::read(bytes);
});
