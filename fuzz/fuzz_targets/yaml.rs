//! YAML, turned into the JSON that it says and read as OSV.

#![no_main]

use formats::{Kind, read, yaml};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(json) = yaml::to_json(bytes) {
        assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok(), "no JSON came out: {json}");
    }
    let _ = read(Kind::OsvYaml, bytes);
});
