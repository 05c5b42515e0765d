//! The commits of a repository, and a range of them asked of each.

#![no_main]

use versions::{Event, History};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Some((events, list)) = text.split_once("\n\n") else { return };
    let Some(history) = History::read(list) else { return };
    let events: Vec<Event<&str>> = events
        .lines()
        .filter_map(|line| match line.split_at_checked(1)? {
            ("+", commit) => Some(Event::Introduced(commit)),
            ("-", commit) => Some(Event::Fixed(commit)),
            ("=", commit) => Some(Event::LastAffected(commit)),
            (_, commit) => Some(Event::Limit(commit)),
        })
        .collect();
    for commit in history.commits().take(100) {
        let _ = history.past(commit).map(|past| past.is_in(&events));
    }
});
