//! Scores of EPSS in CSV.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = formats::epss::read(bytes);
});
