//! A CVSS vector: a score within its scale, or a reason.

#![no_main]

libfuzzer_sys::fuzz_target!(|vector: &str| {
    if let Ok(score) = formats::cvss::score(vector) {
        assert!((0.0..=10.0).contains(&score.score), "{vector}: {score:?}");
    }
});
