//! How long a duty may take: a period of time, or a word such as "immediately".

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Span};
use serde::{Deserialize, Serialize};

use crate::anchors::UnknownWord;

/// No deadline of any law known to us is further away; a longer one is a slip of the pen.
const LONGEST_YEARS: i64 = 100;

/// A period written in ISO 8601: `PT24H`, `P14D`, `P1M`.
///
/// - Hours, minutes and seconds are **elapsed** time; weekends, holidays and clock changes do not
///   matter to them.
/// - Days and weeks are **calendar days in the zone of the facts** (UTC when none is given): they
///   end at the same clock time. Around a clock change such a day has 23 or 25 hours. Counting
///   14 x 24 elapsed hours instead could pass midnight, and with it the legal end of the last day;
///   the same clock time never does.
/// - Months and years are calendar months in that zone, ending on the same date at the same clock
///   time; where the month is too short, on its last day (31 January + 1 month = end of February).
/// - A clock time that a change skips is read as the instant of the change, one that occurs twice
///   as the first: both times the early, safe reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Period {
    text: String,
    pub(crate) months: i64,
    pub(crate) days: i64,
    pub(crate) time: SignedDuration,
}

impl Period {
    /// The period as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the period is elapsed time only, so that no zone matters to it.
    pub fn is_elapsed(&self) -> bool {
        self.months == 0 && self.days == 0
    }

    /// Whether the period counts calendar months, so that the rule for short months matters.
    pub fn has_months(&self) -> bool {
        self.months != 0
    }

    /// The period for people: `24 hours`, `14 days`, `1 month`.
    pub fn in_words(&self) -> String {
        let seconds = self.time.as_secs();
        let parts = [
            (self.months, "month"),
            (self.days, "day"),
            (seconds / 3600, "hour"),
            (seconds / 60 % 60, "minute"),
            (seconds % 60, "second"),
        ];
        let words: Vec<_> = parts
            .iter()
            .filter(|(count, _)| *count != 0)
            .map(|(count, unit)| format!("{count} {unit}{}", if *count == 1 { "" } else { "s" }))
            .collect();
        words.join(" and ")
    }
}

impl FromStr for Period {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let bad = |why: &str| UnknownWord(format!("`{text}` is not a period: {why}"));
        // jiff also reads "14 days" and "-P3D"; a law on file is written in one way only.
        if !text.starts_with('P') || text.chars().any(|c| !c.is_ascii_uppercase() && !c.is_ascii_digit()) {
            return Err(bad("write ISO 8601 in whole numbers, as in PT24H, P14D or P1M"));
        }
        let span: Span =
            text.parse().map_err(|_| bad("write ISO 8601 in whole numbers, as in PT24H, P14D or P1M"))?;
        if span.is_zero() {
            return Err(bad("it is empty"));
        }
        let months = i64::from(span.get_years()) * 12 + i64::from(span.get_months());
        let days = i64::from(span.get_weeks()) * 7 + i64::from(span.get_days());
        let seconds = i64::from(span.get_hours()) * 3600 + span.get_minutes() * 60 + span.get_seconds();
        if months / 12 + days / 366 + seconds / (366 * 86_400) >= LONGEST_YEARS {
            return Err(bad("it is longer than a hundred years"));
        }
        Ok(Period { text: text.to_owned(), months, days, time: SignedDuration::from_secs(seconds) })
    }
}

impl TryFrom<String> for Period {
    type Error = UnknownWord;

    fn try_from(text: String) -> Result<Self, UnknownWord> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> String {
        period.text
    }
}

/// A duty with no fixed time. It runs without a date and is never overdue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// `immediately`
    Immediately,
    /// `timely`
    Timely,
    /// `without_undue_delay`
    WithoutUndueDelay,
    /// `without_delay`
    WithoutDelay,
    /// `as_requested`: the one who asks sets the time.
    AsRequested,
}

impl Prompt {
    const ALL: [Prompt; 5] = [
        Prompt::Immediately,
        Prompt::Timely,
        Prompt::WithoutUndueDelay,
        Prompt::WithoutDelay,
        Prompt::AsRequested,
    ];

    /// The word in profiles.
    pub fn as_str(self) -> &'static str {
        match self {
            Prompt::Immediately => "immediately",
            Prompt::Timely => "timely",
            Prompt::WithoutUndueDelay => "without_undue_delay",
            Prompt::WithoutDelay => "without_delay",
            Prompt::AsRequested => "as_requested",
        }
    }

    /// The word for people.
    pub fn in_words(self) -> String {
        self.as_str().replace('_', " ")
    }
}

/// When a duty is due after its anchor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Due {
    /// Within a period: there is a deadline.
    Within(Period),
    /// At once, but with no date that could be missed.
    Promptly(Prompt),
}

impl FromStr for Due {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        match Prompt::ALL.into_iter().find(|prompt| prompt.as_str() == text) {
            Some(prompt) => Ok(Due::Promptly(prompt)),
            None => Ok(Due::Within(text.parse()?)),
        }
    }
}

impl TryFrom<String> for Due {
    type Error = UnknownWord;

    fn try_from(text: String) -> Result<Self, UnknownWord> {
        text.parse()
    }
}

impl From<Due> for String {
    fn from(due: Due) -> String {
        due.to_string()
    }
}

impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Due::Within(period) => period.as_str(),
            Due::Promptly(prompt) => prompt.as_str(),
        })
    }
}
