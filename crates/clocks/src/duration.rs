//! How long a duty may take: a period of time, or a word such as "immediately".

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Span};
use serde::{Deserialize, Serialize};

use crate::anchors::UnknownWord;
use crate::expression::Expression;

/// No deadline of any law known to us is further away; a longer one is a slip of the pen.
const LONGEST_YEARS: i64 = 100;
/// Four years of them; counting goes day by day.
const BUSINESS_DAYS_MAX: i64 = 1000;

/// A period written in ISO 8601: `PT24H`, `P14D`, `P1M`; or `4 business days`, which ISO 8601 does
/// not have.
///
/// - Hours, minutes and seconds are **elapsed** time; weekends, holidays and clock changes do not
///   matter to them.
/// - Days and weeks are **calendar days in the zone of the facts** (UTC when none is given): they
///   end at the same clock time. Around a clock change such a day has 23 or 25 hours. Counting
///   14 x 24 elapsed hours instead could pass midnight, and with it the legal end of the last day;
///   the same clock time never does.
/// - Months and years are calendar months in that zone, ending on the same date at the same clock
///   time; where the month is too short, on its last day (31 January + 1 month = end of February).
/// - Business days are the days from Monday to Friday that are no holiday of the facts. The day of
///   the event (day zero) is not counted, and the period ends at the same clock time of the last one.
/// - A clock time that a change skips is read as the instant of the change, one that occurs twice
///   as the first: both times the early, safe reading.
/// - A minus sign counts backwards, from the deadline of another duty: `-P14D`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Period {
    text: String,
    pub(crate) months: i64,
    pub(crate) days: i64,
    pub(crate) business_days: i64,
    pub(crate) time: SignedDuration,
}

impl Period {
    /// The period as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the period is elapsed time only, so that no zone matters to it.
    pub fn is_elapsed(&self) -> bool {
        self.months == 0 && self.days == 0 && self.business_days == 0
    }

    /// Whether it counts backwards.
    pub fn is_negative(&self) -> bool {
        self.months < 0 || self.days < 0 || self.time.is_negative()
    }

    /// The same length, backwards. Business days are counted forwards only and become calendar days.
    pub(crate) fn backwards(&self) -> Period {
        Period {
            text: format!("-{}", self.text),
            months: -self.months,
            days: -self.days - self.business_days,
            business_days: 0,
            time: -self.time,
        }
    }

    /// Whether it counts business days, so that weekends and holidays matter.
    pub fn has_business_days(&self) -> bool {
        self.business_days != 0
    }

    /// Whether the period counts calendar months, so that the rule for short months matters.
    pub fn has_months(&self) -> bool {
        self.months != 0
    }

    /// The period for people: `24 hours`, `14 days`, `1 month`; of a negative one its length.
    pub fn in_words(&self) -> String {
        let seconds = self.time.as_secs().abs();
        let parts = [
            (self.months.abs(), "month"),
            (self.days.abs(), "day"),
            (self.business_days, "business day"),
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
        const HOW: &str = "write ISO 8601 in whole numbers, as in PT24H, P14D or P1M, or `4 business days`";
        let bad = |why: &str| UnknownWord(format!("`{text}` is not a period: {why}"));
        if let Some(count) = text.strip_suffix(" business days").or(text.strip_suffix(" business day")) {
            let days = count.parse::<i64>().map_err(|_| bad(HOW))?;
            if !(1..=BUSINESS_DAYS_MAX).contains(&days) {
                return Err(bad("between 1 and 1000 business days can be counted"));
            }
            let time = SignedDuration::ZERO;
            return Ok(Period { text: text.to_owned(), months: 0, days: 0, business_days: days, time });
        }
        // jiff also reads "14 days"; a law on file is written in one way only.
        let digits = text.strip_prefix('-').unwrap_or(text);
        if !digits.starts_with('P') || digits.chars().any(|c| !c.is_ascii_uppercase() && !c.is_ascii_digit())
        {
            return Err(bad(HOW));
        }
        let span: Span = digits.parse().map_err(|_| bad(HOW))?;
        if span.is_zero() {
            return Err(bad("it is empty"));
        }
        let months = i64::from(span.get_years()) * 12 + i64::from(span.get_months());
        let days = i64::from(span.get_weeks()) * 7 + i64::from(span.get_days());
        let seconds = i64::from(span.get_hours()) * 3600 + span.get_minutes() * 60 + span.get_seconds();
        if months / 12 + days / 366 + seconds / (366 * 86_400) >= LONGEST_YEARS {
            return Err(bad("it is longer than a hundred years"));
        }
        let sign = if text.starts_with('-') { -1 } else { 1 };
        Ok(Period {
            text: text.to_owned(),
            months: sign * months,
            days: sign * days,
            business_days: 0,
            time: SignedDuration::from_secs(sign * seconds),
        })
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
    /// By a rule that looks at more than one event.
    By(Expression),
    /// At once, but with no date that could be missed.
    Promptly(Prompt),
}

impl FromStr for Due {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        if let Some(prompt) = Prompt::ALL.into_iter().find(|prompt| prompt.as_str() == text) {
            return Ok(Due::Promptly(prompt));
        }
        match text.starts_with(|c: char| c.is_ascii_lowercase() || c == '(') {
            true => Ok(Due::By(text.parse()?)),
            false => Ok(Due::Within(text.parse()?)),
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
            Due::By(expression) => expression.as_str(),
            Due::Promptly(prompt) => prompt.as_str(),
        })
    }
}
