//! Of what people are reminded: that their clearance, briefing and confidentiality end, that their review and
//! their yearly declaration are due. Pure.
//!
//! Peers section 4, 10: alerts before expiry. Each step of each end is told once; what was renewed has another
//! end, and steps of its own.

use super::event::{Ending, RegisterEvent};
use super::state::Entry;
use jiff::civil::date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Days before an end at which people are reminded; at the last step it has ended.
pub(crate) const STEPS: [u32; 4] = [90, 30, 7, 0];

/// Everything of a person that comes to an end, with when.
fn ends(entry: &Entry) -> Vec<(Ending, String, Timestamp)> {
    if entry.erased || entry.since.is_none() {
        return Vec::new();
    }
    let clearances = entry.clearances.values();
    let mut all: Vec<(Ending, String, Timestamp)> =
        clearances.map(|one| (Ending::Clearance, one.scheme.clone(), one.until.at)).collect();
    for (what, lasting) in [(Ending::Briefing, &entry.briefing), (Ending::Confidentiality, &entry.nda)] {
        let until = lasting.as_ref().and_then(|lasting| lasting.until.as_ref());
        all.extend(until.map(|until| (what, String::new(), until.at)));
    }
    all.extend(entry.review.as_ref().map(|review| (Ending::Review, String::new(), review.at)));
    all.extend(declaration(entry).map(|at| (Ending::Declaration, String::new(), at)));
    all
}

/// When the next yearly declaration is due: at the end of the year after the last one, or of the first.
fn declaration(entry: &Entry) -> Option<Timestamp> {
    let first = entry.since?.to_zoned_datetime(TimeZone::UTC).year();
    let year = entry.years.keys().last().map_or(first, |year| (year + 1).max(first));
    TimeZone::UTC.to_timestamp(date(year.checked_add(1)?, 1, 1).at(0, 0, 0, 0)).ok()
}

fn step_at(until: Timestamp, days: u32) -> Timestamp {
    until - SignedDuration::from_hours(24 * i64::from(days))
}

/// The last step at which the person was reminded of an end; above all of them where there was none.
fn told(entry: &Entry, what: Ending, of: &str, until: Timestamp) -> u32 {
    let key = (what, of.to_owned(), until.as_second());
    entry.reminded.get(&key).map_or(u32::MAX, |(days, _)| *days)
}

/// What a person is reminded of now: of each end the last step that it has come to.
pub(crate) fn reminders(entry: &Entry, now: Timestamp) -> Vec<RegisterEvent> {
    let due = |(what, of, until): (Ending, String, Timestamp)| {
        let last = told(entry, what, &of, until);
        let reached = STEPS.iter().rev().find(|days| step_at(until, **days) <= now).copied()?;
        (reached < last).then_some(RegisterEvent::Reminded {
            what,
            of,
            until: until.as_second(),
            days: reached,
        })
    };
    ends(entry).into_iter().filter_map(due).collect()
}

/// When somebody is to be reminded next.
pub(crate) fn next_reminder(entry: &Entry) -> Option<Timestamp> {
    let next = |(what, of, until): (Ending, String, Timestamp)| {
        let last = told(entry, what, &of, until);
        STEPS.iter().find(|days| **days < last).map(|days| step_at(until, *days))
    };
    ends(entry).into_iter().filter_map(next).min()
}

/// The reminders that still say something: their ends are still those of the entry.
pub(crate) fn current(entry: &Entry) -> Vec<(Ending, String, Timestamp, Timestamp)> {
    let found = |(what, of, until): (Ending, String, Timestamp)| {
        let (_, at) = entry.reminded.get(&(what, of.clone(), until.as_second()))?;
        Some((what, of, until, *at))
    };
    ends(entry).into_iter().filter_map(found).collect()
}

#[cfg(test)]
mod tests {
    use super::super::event::Clearance;
    use super::*;
    use crate::ledger::{Actor, Recorded, State};
    use vocabulary::Instant;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn reminded(entry: &mut Entry, now: &str) -> Vec<(Ending, u32)> {
        let events = reminders(entry, at(now));
        let recorded = Recorded {
            seq: 1,
            stream: "register/x".into(),
            version: 1,
            kind: "register.reminded".into(),
            at: at(now),
            actor: Actor::System,
            body: serde_json::Value::Null,
        };
        events.iter().for_each(|event| entry.evolve(event, &recorded));
        let said = |event: RegisterEvent| match event {
            RegisterEvent::Reminded { what, days, .. } => (what, days),
            other => panic!("{other:?}"),
        };
        events.into_iter().map(said).collect()
    }

    /// Peers section 4, 10: before an end at 90, 30 and 7 days and at the end itself, each once; after a pause
    /// the last step alone; a renewed clearance has steps of its own.
    #[test]
    fn each_step_of_each_end_is_told_once_and_what_was_renewed_begins_anew() {
        let clearance = |until: &str| Clearance {
            scheme: "de-sueg".into(),
            level: "ue2".into(),
            authority: "bmi".into(),
            granted: Instant::utc(at("2025-01-01T00:00:00Z")),
            until: Instant::utc(at(until)),
        };
        let mut entry = Entry { since: Some(at("2026-01-01T00:00:00Z")), ..Entry::default() };
        entry.years.insert(2026, (false, at("2026-01-02T00:00:00Z")));
        entry.clearances.insert("de-sueg".into(), clearance("2026-07-01T00:00:00Z"));
        assert_eq!(next_reminder(&entry), Some(at("2026-04-02T00:00:00Z")));
        assert_eq!(reminded(&mut entry, "2026-04-01T23:59:59Z"), []);
        for (now, days) in [
            ("2026-04-02T00:00:00Z", Some(90)),
            ("2026-05-01T00:00:00Z", None),
            ("2026-06-25T00:00:00Z", Some(7)),
            ("2026-06-30T23:59:59Z", None),
            ("2026-07-01T00:00:00Z", Some(0)),
            ("2026-07-02T00:00:00Z", None),
        ] {
            let expected: Vec<(Ending, u32)> =
                days.map(|days| (Ending::Clearance, days)).into_iter().collect();
            assert_eq!(reminded(&mut entry, now), expected, "{now}");
        }
        entry.clearances.insert("de-sueg".into(), clearance("2027-07-01T00:00:00Z"));
        assert!(current(&entry).is_empty(), "what was renewed is no concern any more");
        assert_eq!(next_reminder(&entry), Some(at("2027-04-02T00:00:00Z")));
        // The declaration of 2026 was made: that of 2027 is due at the end of that year.
        assert_eq!(
            reminded(&mut entry, "2027-10-03T00:00:00Z"),
            [(Ending::Clearance, 0), (Ending::Declaration, 90)]
        );
        assert!(reminders(&Entry { erased: true, ..entry }, at("2029-01-01T00:00:00Z")).is_empty());
    }
}
