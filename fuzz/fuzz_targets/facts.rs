//! The facts of a case: they survive being written and read, and every profile that comes with the
//! program can say what follows from them.

#![no_main]

use clocks::{Facts, Profiles, next_change, progress, retention};
use jiff::Timestamp;
use std::sync::LazyLock;

static PROFILES: LazyLock<Profiles> = LazyLock::new(Profiles::shipped);

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(facts) = Facts::parse(text) else { return };
    let written = serde_json::to_string(&facts).unwrap();
    assert_eq!(Facts::parse(&written).as_ref(), Ok(&facts), "{written}");
    let now: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
    for now in [Timestamp::MIN, now, Timestamp::MAX] {
        let clocks = PROFILES.evaluate(&facts, now);
        let _ = next_change(&clocks, now);
        for clock in &clocks {
            let share = progress(clock, now);
            assert!(share.is_none_or(|share| (0.0..=1.0).contains(&share)), "{share:?}");
        }
    }
    let _ = PROFILES.conflicts(&facts, now);
    let _ = retention(PROFILES.all(), &facts, now);
});
