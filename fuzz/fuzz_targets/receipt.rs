//! A receipt: what is read is printed again to the byte, and nothing but the truth verifies.

#![no_main]

use merkle::{Limits, Receipt, SigningKey};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(receipt) = Receipt::parse(text, Limits::default()) else { return };
    assert_eq!(receipt.to_text(), text);
    let key = SigningKey::from_seed("fuzz.invalid/log", [7; 32]).unwrap();
    assert!(receipt.verify(&key.verifier()).is_err(), "nobody signed this");
});
