//! The values of fields: names, numbers, dates and ages.

use super::super::{Package, Source};
use super::lex::{Compare, Condition};
use super::{Bounds, Field, Subject, Test};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use versions::{Order, Purl};

/// What a value means.
pub(super) enum Value {
    /// Words that have to stand in the field.
    Words,
    /// The whole name, or how it begins.
    Name(String),
    Test(Test),
}

/// Reads the value of a field, or says what it should be.
pub(super) fn read(field: Field, condition: &Condition, now: Timestamp) -> Result<Value, String> {
    let (text, compare) = (condition.value.trim(), condition.compare);
    let test = match field {
        Field::Vendor | Field::Product | Field::Package if compare == Compare::Has => return has_words(text),
        Field::Title => return has_words(text),
        Field::Vendor | Field::Product | Field::Package | Field::Id | Field::Ecosystem => {
            return Ok(Value::Name(text.to_owned()));
        }
        Field::Weakness => Test::Weakness(weakness(text)?),
        Field::Cvss => Test::Severity(bounds(compare, tenths(text)?)),
        Field::Severity => Test::Severity(bounds(compare, band(text)?)),
        Field::Likelihood => Test::Likelihood(bounds(compare, likelihood(text)?)),
        Field::Percentile => Test::Percentile(bounds(compare, likelihood(text)?)),
        Field::Exploited => Test::Exploited(is_true(text)?),
        Field::Withdrawn => Test::Withdrawn(is_true(text)?),
        Field::Source => Test::Source(source(text)?),
        Field::Published => Test::Published(time(compare, text, now)?),
        Field::Modified => Test::Modified(time(compare, text, now)?),
        Field::Year => {
            let is_year = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
            let span = if is_year { days(text) } else { None };
            Test::Published(bounds(compare, span.ok_or("A year such as 2024 is expected here.")?))
        }
        Field::Affects => affects(text)?,
        Field::StatedBy | Field::Grade => return Ok(Value::Name(text.to_owned())),
    };
    Ok(Value::Test(test))
}

fn has_words(text: &str) -> Result<Value, String> {
    if text.chars().any(char::is_alphanumeric) {
        Ok(Value::Words)
    } else {
        Err("A word is expected here.".into())
    }
}

fn weakness(text: &str) -> Result<u32, String> {
    let number =
        text.get(..4).filter(|start| start.eq_ignore_ascii_case("cwe-")).map_or(text, |_| &text[4..]);
    number.parse().map_err(|_| "A number of CWE is expected here, such as 79 or CWE-79.".to_owned())
}

/// A score, from itself on and below the next.
fn tenths(text: &str) -> Result<(i64, i64), String> {
    let score = text.parse::<f64>().ok().filter(|score| (0.0..=10.0).contains(score));
    let tenths = score.map(|score| (score * 10.0).round() as i64);
    tenths
        .map(|tenths| (tenths, tenths + 1))
        .ok_or_else(|| "A number from 0 to 10 is expected here.".to_owned())
}

/// Billionths of 1: EPSS gives five digits behind the point, and gave nine.
const WHOLE: f64 = 1e9;

/// A score of EPSS in billionths; what is given in decimals of up to nine digits stays exactly what it was.
pub(crate) fn billionths(score: f64) -> u32 {
    (score.clamp(0.0, 1.0) * WHOLE).round() as u32
}

/// The score of so many billionths, from 0 to 1.
pub(crate) fn of_billionths(billionths: i64) -> f64 {
    billionths as f64 / WHOLE
}

/// A score of EPSS, from itself on and below the next that could be told from it.
fn likelihood(text: &str) -> Result<(i64, i64), String> {
    let score = text.parse::<f64>().ok().filter(|score| (0.0..=1.0).contains(score));
    let found = score.map(|score| i64::from(billionths(score)));
    found
        .map(|billionths| (billionths, billionths + 1))
        .ok_or_else(|| "A number from 0 to 1 is expected here, such as 0.5 for 50 %.".to_owned())
}

/// The bands of CVSS 3.1 and 4.0, in tenths (specification, "Qualitative Severity Rating Scale").
const BANDS: [(&str, i64, i64); 5] =
    [("none", 0, 1), ("low", 1, 40), ("medium", 40, 70), ("high", 70, 90), ("critical", 90, 101)];

fn band(text: &str) -> Result<(i64, i64), String> {
    let found = BANDS.iter().find(|(name, ..)| name.eq_ignore_ascii_case(text));
    found
        .map(|(_, from, below)| (*from, *below))
        .ok_or_else(|| format!("One of {} is expected here.", BANDS.map(|(name, ..)| name).join(", ")))
}

fn is_true(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Ok(true),
        "false" | "no" | "0" => Ok(false),
        _ => Err("“true” or “false” is expected here.".to_owned()),
    }
}

fn source(text: &str) -> Result<Source, String> {
    let names = Source::ALL.map(Source::name).join(", ");
    Source::of_name(&text.to_ascii_lowercase()).ok_or_else(|| format!("One of {names} is expected here."))
}

/// What a comparison leaves of all numbers, when the value itself takes up `from` to `below`.
fn bounds(compare: Compare, (from, below): (i64, i64)) -> Bounds {
    match compare {
        Compare::Has | Compare::Equals | Compare::Differs => Bounds { from: Some(from), below: Some(below) },
        Compare::Less => Bounds { from: None, below: Some(from) },
        Compare::LessOrEqual => Bounds { from: None, below: Some(below) },
        Compare::More => Bounds { from: Some(below), below: None },
        Compare::MoreOrEqual => Bounds { from: Some(from), below: None },
    }
}

const TIME_EXPECTED: &str =
    "An age (24h, 7d, 2w, 6m, 1y) or a date (2024, 2024-05, 2024-05-31) is expected here.";

fn time(compare: Compare, text: &str, now: Timestamp) -> Result<Bounds, String> {
    if let Some(since) = age(text, now) {
        let since = since.as_microsecond();
        // An age of at most a week is a date from a week ago on.
        return Ok(match compare {
            Compare::More | Compare::MoreOrEqual => Bounds { from: None, below: Some(since) },
            _ => Bounds { from: Some(since), below: None },
        });
    }
    let instant = || {
        let at = text.parse::<Timestamp>().ok()?.as_microsecond();
        Some((at, at + 1))
    };
    days(text).or_else(instant).map(|span| bounds(compare, span)).ok_or_else(|| TIME_EXPECTED.to_owned())
}

/// The instant that is an age ago; a month has 30 days and a year 365.
fn age(text: &str, now: Timestamp) -> Option<Timestamp> {
    let unit = text.chars().last()?;
    let number: i64 = text.strip_suffix(unit)?.parse().ok().filter(|number| *number >= 0)?;
    let hours = match unit.to_ascii_lowercase() {
        'h' => 1,
        'd' => 24,
        'w' => 7 * 24,
        'm' => 30 * 24,
        'y' => 365 * 24,
        _ => return None,
    };
    let hours = number.checked_mul(hours).filter(|hours| *hours < 1_000_000)?;
    now.checked_sub(SignedDuration::from_hours(hours)).ok()
}

/// A year, a month or a day in UTC, from its beginning and below the next, in microseconds.
fn days(text: &str) -> Option<(i64, i64)> {
    let number = |part: &str, digits: usize| {
        let is_number = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { part.parse::<i16>().ok() } else { None }
    };
    let small = |part: &str| i8::try_from(number(part, 2)?).ok();
    let (first, next) = match text.split('-').collect::<Vec<_>>().as_slice() {
        [year] => {
            let year = number(year, 4)?;
            (Date::new(year, 1, 1).ok()?, Date::new(year.checked_add(1)?, 1, 1).ok()?)
        }
        [year, month] => {
            let first = Date::new(number(year, 4)?, small(month)?, 1).ok()?;
            (first, first.checked_add(1.month()).ok()?)
        }
        [year, month, day] => {
            let first = Date::new(number(year, 4)?, small(month)?, small(day)?).ok()?;
            (first, first.tomorrow().ok()?)
        }
        _ => return None,
    };
    let micros = |date: Date| Some(TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok()?.as_microsecond());
    Some((micros(first)?, micros(next)?))
}

fn affects(text: &str) -> Result<Test, String> {
    if text.starts_with("cpe:") {
        let wrong = "A CPE name with a vendor or a product is expected here, such as cpe:2.3:a:apache:http_server:2.4.1.";
        return Subject::of_cpe(text).map(Test::Affects).ok_or_else(|| wrong.to_owned());
    }
    let purl: Purl = text
        .parse()
        .map_err(|error| format!("A package URL is expected here, such as pkg:pypi/django@4.2: {error}."))?;
    let package = Package::of_purl(&purl).ok_or_else(|| {
        format!("Records name no packages of the type “{}” by which they could be found.", purl.kind())
    })?;
    let version = purl.version().map(str::to_owned);
    // Of a version that nobody can read no record could be left out, so that all would look like hits.
    if let Some(version) = &version
        && package.ecosystem.order() != Order::Unknown
        && versions::Subject::new(&package.ecosystem, version).version().is_none()
    {
        let (name, whole) =
            (package.ecosystem.name(), text.rsplit_once('@').map_or(text, |(whole, _)| whole));
        return Err(format!("“{version}” is no version of {name}. All records of the package: {whole}."));
    }
    Ok(Test::Affects(Subject::Package { package, version }))
}
