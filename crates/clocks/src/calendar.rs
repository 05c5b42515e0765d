//! Time zones, and how a period is added to an instant.

use std::str::FromStr;
use std::sync::OnceLock;

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::anchors::UnknownWord;
use crate::duration::Period;

/// A time zone by its IANA name, from the database that is compiled in. UTC unless said otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
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

impl TryFrom<String> for Zone {
    type Error = UnknownWord;

    fn try_from(name: String) -> Result<Self, UnknownWord> {
        name.parse()
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

    /// The end of a period that begins at `anchor`; see [`Period`] for the rules.
    /// `None` beyond the year 9999.
    pub(crate) fn add(&self, anchor: Timestamp, period: &Period) -> Option<Timestamp> {
        if period.is_elapsed() {
            return anchor.checked_add(period.time).ok();
        }
        let wall = self.0.to_datetime(anchor);
        let wall = wall.checked_add(Span::new().try_months(period.months).ok()?).ok()?;
        let wall = wall.checked_add(Span::new().try_days(period.days).ok()?).ok()?;
        self.earliest(wall)?.checked_add(period.time).ok()
    }

    /// Whether a short month moves the end of the period to that month's last day.
    pub(crate) fn is_cut_short(&self, anchor: Timestamp, period: &Period) -> bool {
        let wall = self.0.to_datetime(anchor);
        let end = Span::new().try_months(period.months).ok().and_then(|span| wall.checked_add(span).ok());
        period.has_months() && end.is_some_and(|end| end.day() != wall.day())
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
