//! Time zones, working days, and how a period is added to an instant.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Span, Timestamp};
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize};

use crate::anchors::UnknownWord;
use crate::duration::Period;
use crate::terms::Counting;

/// A time zone by its IANA name, from the database that is compiled in. UTC unless said otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "String")]
pub struct Zone(TimeZone);

impl Default for Zone {
    fn default() -> Self {
        Zone(TimeZone::UTC)
    }
}

impl FromStr for Zone {
    type Err = UnknownWord;

    fn from_str(name: &str) -> Result<Self, UnknownWord> {
        // The system's zone files differ from machine to machine and are files: hence the bundle.
        static ZONES: OnceLock<TimeZoneDatabase> = OnceLock::new();
        let found = ZONES.get_or_init(TimeZoneDatabase::bundled).get(name);
        found.map(Zone).map_err(|_| {
            UnknownWord(format!("unknown time zone `{name}`, expected a name such as Europe/Berlin"))
        })
    }
}

/// Read by a visitor of its own: an error of `try_from` would lose the place where it stands.
impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl Visitor<'_> for Name {
            type Value = Zone;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a time zone, such as \"Europe/Berlin\"")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<Zone, E> {
                name.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Name)
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> String {
        zone.name().to_owned()
    }
}

impl Zone {
    /// The IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// An instant for people: date, hour and zone; seconds only where they say something.
    pub fn show(&self, at: Timestamp) -> String {
        let zoned = at.to_zoned_datetime(self.0.clone());
        let format = if zoned.second() == 0 { "%Y-%m-%d %H:%M %Z" } else { "%Y-%m-%d %H:%M:%S %Z" };
        zoned.strftime(format).to_string()
    }

    /// The first instant of a date.
    pub(crate) fn start_of(&self, date: Date) -> Option<Timestamp> {
        self.earliest(date.at(0, 0, 0, 0))
    }

    /// The earliest instant that a clock time on the wall can mean.
    fn earliest(&self, wall: DateTime) -> Option<Timestamp> {
        let reading = self.0.to_ambiguous_timestamp(wall);
        match reading.offset() {
            AmbiguousOffset::Gap { .. } => {
                // The clock skips this time. jiff offers an instant before or after the change;
                // the change itself keeps the order of clock times and is never late.
                let after = reading.later().ok()?;
                let change = self.0.preceding(after.checked_add(Span::new().nanoseconds(1)).ok()?).next();
                change.map(|change| change.timestamp())
            }
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => reading.earlier().ok(),
        }
    }
}

/// A zone and its holidays: what days and months are counted with.
#[derive(Clone, Copy)]
pub(crate) struct Calendar<'a> {
    pub(crate) zone: &'a Zone,
    pub(crate) holidays: &'a BTreeSet<Date>,
}

impl Calendar<'_> {
    /// The end of a period that begins at `anchor`, by a way of counting; see [`Period`] and
    /// [`Counting`] for the rules. `None` beyond the year 9999.
    pub(crate) fn add(&self, anchor: Timestamp, period: &Period, counting: Counting) -> Option<Timestamp> {
        match counting {
            Counting::Eu1182 if !period.is_negative() => self.eu_1182(anchor, period),
            Counting::FirstDayNotCounted if !period.is_elapsed() && !period.is_negative() => {
                self.zone.start_of(self.last_day(anchor, period)?.tomorrow().ok()?)
            }
            _ => self.plain(anchor, period),
        }
    }

    /// Elapsed time, and the same clock time of the last day.
    fn plain(&self, anchor: Timestamp, period: &Period) -> Option<Timestamp> {
        if period.is_elapsed() {
            return anchor.checked_add(period.time).ok();
        }
        let wall = self.zone.0.to_datetime(anchor);
        let last = self.last_day(anchor, period)?;
        self.zone.earliest(last.to_datetime(wall.time()))?.checked_add(period.time).ok()
    }

    /// The date on which a period of days, months or business days ends; the first is not counted.
    fn last_day(&self, anchor: Timestamp, period: &Period) -> Option<Date> {
        let date = self.zone.0.to_datetime(anchor).date();
        let date = date.checked_add(Span::new().try_months(period.months).ok()?).ok()?;
        let mut date = date.checked_add(Span::new().try_days(period.days).ok()?).ok()?;
        for _ in 0..period.business_days {
            date = self.working_day_from(date.tomorrow().ok()?)?;
        }
        Some(date)
    }

    /// Regulation (EEC, Euratom) 1182/71, article 3: the hour or the day of the event is not counted
    /// (1); a period ends with the expiry of its last hour (2); one that is not in hours ends with
    /// the next working day where its last is none (4); two days or more hold two working days (5).
    fn eu_1182(&self, anchor: Timestamp, period: &Period) -> Option<Timestamp> {
        if period.is_elapsed() {
            let wall = self.zone.0.to_datetime(anchor);
            let into_hour = i64::from(wall.minute()) * 60 + i64::from(wall.second());
            let into_hour = SignedDuration::new(into_hour, 0)
                + SignedDuration::from_nanos(wall.subsec_nanosecond().into());
            let next_hour = anchor.checked_add(SignedDuration::from_hours(1)).ok()?;
            return next_hour.checked_sub(into_hour).ok()?.checked_add(period.time).ok();
        }
        let first = self.zone.0.to_datetime(anchor).date().tomorrow().ok()?;
        let mut last = self.working_day_from(self.last_day(anchor, period)?)?;
        let is_long = period.days >= 2 || period.months > 0 || period.business_days >= 2;
        if is_long && self.working_day_from(first)? == last {
            last = self.working_day_from(last.tomorrow().ok()?)?;
        }
        self.zone.start_of(last.tomorrow().ok()?)
    }

    /// Noon of the next working day, for a deadline that falls on a weekend or a holiday.
    pub(crate) fn relief(&self, due: Timestamp) -> Option<Timestamp> {
        let date = self.zone.0.to_datetime(due).date();
        let working = self.working_day_from(date)?;
        if working == date { None } else { self.zone.earliest(working.at(12, 0, 0, 0)) }
    }

    /// That day, or the next one from Monday to Friday that is no holiday.
    fn working_day_from(&self, mut date: Date) -> Option<Date> {
        while matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) || self.holidays.contains(&date) {
            date = date.tomorrow().ok()?;
        }
        Some(date)
    }

    /// Whether a short month moves the end of the period to that month's last day.
    pub(crate) fn is_cut_short(&self, anchor: Timestamp, period: &Period) -> bool {
        let wall = self.zone.0.to_datetime(anchor);
        let end = Span::new().try_months(period.months).ok().and_then(|span| wall.checked_add(span).ok());
        period.has_months() && end.is_some_and(|end| end.day() != wall.day())
    }
}
