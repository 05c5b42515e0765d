//! Instants. Every one is a point in UTC; the zone in which it was said is kept, because a person
//! who wrote "15:00 in Berlin" must read it so again.

use jiff::{SignedDuration, Timestamp, ZonedDateTime, tz::TimeZone};
use std::fmt;

/// A point in time and the IANA zone in which it was stated.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Instant {
    /// The point in time.
    pub at: Timestamp,
    /// The zone of origin, such as `Europe/Berlin`; `UTC` where none was said.
    pub zone: String,
}

/// A date that cannot be read, with its reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot read the date \"{given}\": {reason}")]
pub struct BadInstant {
    given: String,
    reason: String,
}

impl Instant {
    /// An instant that nobody stated in a zone.
    #[must_use]
    pub fn utc(at: Timestamp) -> Self {
        Self { at, zone: "UTC".into() }
    }

    /// A local date and time (`2026-12-10T15:00`) as a form sends it, in a named zone.
    ///
    /// # Errors
    /// The date cannot be read, the zone is unknown, or the hour does not exist there (clocks going forward).
    pub fn local(date: &str, zone: &str) -> Result<Self, BadInstant> {
        let bad = |reason: String| BadInstant { given: short(date), reason };
        let tz = TimeZone::get(zone.trim()).map_err(|_| bad(format!("unknown zone \"{}\"", short(zone))))?;
        let civil: Option<jiff::civil::DateTime> = date.trim().parse().ok();
        // An offset would contradict the zone, and a day alone would be read as its midnight.
        let plain = hour(date).is_some_and(|hour| !hour.contains(['+', '-', '[']));
        let civil = civil.filter(|_| plain);
        let civil = civil.ok_or_else(|| bad("expected day and hour like 2026-12-10T15:00".into()))?;
        let ambiguous = tz.to_ambiguous_zoned_datetime(civil);
        if matches!(ambiguous.offset(), jiff::tz::AmbiguousOffset::Gap { .. }) {
            return Err(bad("this hour does not exist in that zone: clocks go forward".into()));
        }
        let zoned = ambiguous.earlier().map_err(|_| bad("out of the calendar's range".into()))?;
        Ok(Self { at: zoned.timestamp(), zone: zone.trim().to_owned() })
    }

    /// RFC 3339 (`2026-11-23T09:15:00Z`, with offset) or RFC 9557 (`…+01:00[Europe/Berlin]`).
    ///
    /// # Errors
    /// The text is neither; a date without an offset is refused, because its hour is unknown.
    pub fn parse(text: &str) -> Result<Self, BadInstant> {
        let text = text.trim();
        if text.len() > 100 {
            return Err(BadInstant { given: short(text), reason: "longer than 100 characters".into() });
        }
        if let Some(zoned) = text.parse::<ZonedDateTime>().ok().filter(|_| hour(text).is_some()) {
            let zone = zoned.time_zone().iana_name().unwrap_or("UTC").to_owned();
            return Ok(Self { at: zoned.timestamp(), zone });
        }
        match text.parse::<Timestamp>() {
            Ok(at) => Ok(Self::utc(at)),
            Err(_) => Err(BadInstant {
                given: short(text),
                reason: "expected day, hour and zone like 2026-11-23T09:15:00Z".into(),
            }),
        }
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&for_people(self.at, &self.zone))
    }
}

/// What follows the day; `None` for a day alone.
fn hour(text: &str) -> Option<&str> {
    let (_, hour) = text.trim().split_once(['T', 't', ' '])?;
    hour.starts_with(|c: char| c.is_ascii_digit()).then_some(hour)
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Day, hour and zone as a person reads them: `24 Nov 2026, 17:30 CET`.
#[must_use]
pub fn for_people(at: Timestamp, zone: &str) -> String {
    let tz = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    at.to_zoned_datetime(tz).strftime("%-d %b %Y, %H:%M %Z").to_string()
}

/// The distance between two instants in words, largest two units: `48 min`, `2 d 4 h`, `31 d`.
#[must_use]
pub fn distance(from: Timestamp, to: Timestamp) -> String {
    let minutes = SignedDuration::as_mins(&to.duration_since(from)).unsigned_abs();
    let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => "less than 1 min".into(),
        (0, 0, m) => format!("{m} min"),
        (0, h, 0) => format!("{h} h"),
        (0, h, m) => format!("{h} h {m} min"),
        (d, h, _) if d < 7 && h > 0 => format!("{d} d {h} h"),
        (d, _, _) => format!("{d} d"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_local_hour_keeps_its_zone() {
        let instant = Instant::local("2026-12-10T15:00", "Europe/Berlin").unwrap();
        assert_eq!(instant.at, at("2026-12-10T14:00:00Z"));
        assert_eq!(instant.to_string(), "10 Dec 2026, 15:00 CET");
    }

    #[test]
    fn an_ambiguous_hour_is_read_as_the_earlier_and_a_missing_one_is_refused() {
        let autumn = Instant::local("2026-10-25T02:30", "Europe/Berlin").unwrap();
        assert_eq!(autumn.at, at("2026-10-25T00:30:00Z"));
        assert!(Instant::local("2026-03-29T02:30", "Europe/Berlin").is_err());
    }

    #[test]
    fn a_date_without_zone_is_refused() {
        assert!(Instant::parse("2026-11-23T09:15:00").is_err());
        assert_eq!(Instant::parse("2026-11-23T09:15:00+01:00[Europe/Berlin]").unwrap().zone, "Europe/Berlin");
        assert_eq!(Instant::parse("2026-11-23T09:15:00Z").unwrap().zone, "UTC");
        assert!(Instant::local("2026-12-10T15:00", "Mars/Olympus").is_err());
        assert!(Instant::local("2026-12-10T15:00+05:00", "Europe/Berlin").is_err());
    }

    #[test]
    fn a_day_without_its_hour_is_refused() {
        assert!(Instant::local("2026-12-10", "Europe/Berlin").is_err());
        assert!(Instant::parse("2026-11-23").is_err());
        assert!(Instant::parse("2026-11-23[Europe/Berlin]").is_err());
        assert!(Instant::parse("2026-11-23T09:15[Europe/Berlin]").is_ok());
    }

    #[test]
    fn distances_in_words() {
        let start = at("2026-11-23T09:15:00Z");
        let after = |minutes: i64| distance(start, start + SignedDuration::from_mins(minutes));
        assert_eq!(after(0), "less than 1 min");
        assert_eq!(after(48), "48 min");
        assert_eq!(after(-12), "12 min");
        assert_eq!(after(60 * 3), "3 h");
        assert_eq!(after(60 * 52), "2 d 4 h");
        assert_eq!(after(60 * 24 * 31 + 60), "31 d");
    }
}
