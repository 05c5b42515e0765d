//! A regulation profile: refused with a reason, or able to say of a case what is owed.

#![no_main]

use clocks::{Facts, Profile, evaluate, retention};
use jiff::Timestamp;
use std::sync::LazyLock;

/// Everything that the shipped profiles ask about has a fact here, so that clocks run.
static RUNNING: LazyLock<Facts> = LazyLock::new(|| Facts::parse(include_str!("../seeds/facts/1")).unwrap());

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(profile) = Profile::parse(text) else { return };
    let _ = profile.may_activate();
    let now: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
    for facts in [&Facts::default(), &RUNNING] {
        for now in [Timestamp::MIN, now, Timestamp::MAX] {
            let _ = evaluate(&profile, facts, now);
        }
    }
    let _ = retention(&[profile], &RUNNING, now);
});
