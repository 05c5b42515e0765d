//! Instants as people and programs write them: a date in the first line, a zone in the second.

#![no_main]

use jiff::Timestamp;
use vocabulary::{Instant, distance, for_people};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (date, zone) = text.split_once('\n').unwrap_or((text, ""));
    for instant in [Instant::parse(date), Instant::local(date, zone)].into_iter().flatten() {
        let exact = instant.at.to_string();
        assert_eq!(Instant::parse(&exact).map(|again| again.at), Ok(instant.at), "{text:?}");
        let _ = (for_people(instant.at, &instant.zone), for_people(instant.at, zone));
        for other in [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX] {
            let _ = (distance(instant.at, other), distance(other, instant.at));
        }
    }
});
