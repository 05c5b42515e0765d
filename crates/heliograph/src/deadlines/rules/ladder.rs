//! The ladder of a clock: at which part of its time somebody is told. Pure; who is told, the settings
//! say.

use jiff::{SignedDuration, Timestamp};

/// The steps, in percent of a clock's time. They are fixed; the settings say who is told at each.
pub(crate) const STEPS: [i64; 3] = [50, 80, 100];

/// When a step is reached. A clock without a start, or without time, has its last step only.
fn reached_at(started: Option<Timestamp>, due: Timestamp, percent: i64) -> Option<Timestamp> {
    let started = started.filter(|started| *started < due);
    match (started, percent) {
        (_, 100) => Some(due),
        (Some(started), _) => {
            // In whole microseconds, as the database keeps them; i128 because a century times 80 is long.
            let whole = i128::from(due.as_microsecond() - started.as_microsecond());
            let part = i64::try_from(whole * i128::from(percent) / 100).ok()?;
            started.checked_add(SignedDuration::from_micros(part)).ok()
        }
        (None, _) => None,
    }
}

/// When somebody is to be told next, if `told` percent were the last: never twice, never backwards.
pub(crate) fn next(started: Option<Timestamp>, due: Timestamp, told: i64) -> Option<Timestamp> {
    let steps = STEPS.iter().filter(|step| **step > told);
    steps.filter_map(|step| reached_at(started, due, *step)).min()
}

/// The highest step that is reached. Whoever learns of a clock late is told once, not three times.
pub(crate) fn reached(started: Option<Timestamp>, due: Timestamp, now: Timestamp) -> Option<i64> {
    let is_reached = |step: &i64| reached_at(started, due, *step).is_some_and(|at| at <= now);
    STEPS.iter().copied().filter(is_reached).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_has_its_steps_at_twelve_hours_at_nineteen_and_at_its_end() {
        let (start, due) = (Some(at("2026-11-23T09:00:00Z")), at("2026-11-24T09:00:00Z"));
        assert_eq!(next(start, due, 0), Some(at("2026-11-23T21:00:00Z")));
        assert_eq!(next(start, due, 50), Some(at("2026-11-24T04:12:00Z")));
        assert_eq!(next(start, due, 80), Some(due));
        assert_eq!(next(start, due, 100), None);
        for (now, step) in [
            ("2026-11-23T20:59:59.999999Z", None),
            ("2026-11-23T21:00:00Z", Some(50)),
            ("2026-11-24T04:12:00Z", Some(80)),
            ("2026-11-24T08:59:59.999999Z", Some(80)),
            ("2026-11-24T09:00:00Z", Some(100)),
            ("2036-01-01T00:00:00Z", Some(100)),
        ] {
            assert_eq!(reached(start, due, at(now)), step, "{now}");
        }
    }

    #[test]
    fn a_clock_without_a_start_or_without_time_has_its_last_step_only() {
        let due = at("2026-11-24T09:00:00Z");
        for start in [None, Some(due), Some(at("2027-01-01T00:00:00Z"))] {
            assert_eq!(next(start, due, 0), Some(due));
            assert_eq!(reached(start, due, due - SignedDuration::from_micros(1)), None);
            assert_eq!(reached(start, due, due), Some(100));
        }
    }

    #[test]
    fn a_hundred_years_do_not_overflow() {
        let (start, due) = (at("2026-01-01T00:00:00Z"), at("2126-01-01T00:00:00Z"));
        let half = SignedDuration::from_secs(due.duration_since(start).as_secs() / 2);
        assert_eq!(next(Some(start), due, 0), Some(start + half));
    }
}
