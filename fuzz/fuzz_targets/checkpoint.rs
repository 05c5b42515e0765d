//! A signed note with a checkpoint, and behind a NUL the cosignatures that witnesses answer with.

#![no_main]

use merkle::SigningKey;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (note, lines) = text.split_once('\0').unwrap_or((text, text));
    let key = SigningKey::from_seed("fuzz.invalid/log", [7; 32]).unwrap();
    let witnesses = [key.witness()];
    let _ = merkle::open(note, &key.verifier());
    let _ = merkle::cosignatures(note, &witnesses);
    let _ = merkle::attach(note, lines, &witnesses);
});
