//! What a file is, found by its name (the first line) and its bytes, and then read as that.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (name, bytes) = input.split_at(end);
    let name = String::from_utf8_lossy(name);
    if let Ok(kind) = formats::detect(bytes, &name) {
        let _ = formats::read(kind, bytes);
    }
});
