//! Lists of weaknesses and attack patterns in XML.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = formats::attack::read(bytes);
});
