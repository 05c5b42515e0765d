//! Versions that are instants: `2024-01-01T00:00:00Z`.
//!
//! Authority: RFC 3339, 5.6, as the `datetime` scheme of the vers specification takes it: upper-case
//! `T` and `Z`; two texts for one instant are equal. A leap second is the second after it.

use std::cmp::Ordering;

use crate::digits;

/// An instant: seconds since the year 0 in UTC, and the digits of the fraction.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Instant<'a> {
    seconds: i64,
    fraction: &'a str,
}

/// Reads an instant.
pub(crate) fn parse(text: &str) -> Option<Instant<'_>> {
    let (date, time) = text.trim().split_once('T')?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let at = time.find(['Z', '+', '-'])?;
    let (clock, zone) = time.split_at(at);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let [hour, minute, second] = numbers(clock, ':', [2, 2, 2])?;
    let offset = match zone.split_at_checked(1)? {
        ("Z", "") => 0,
        (sign, offset) if sign != "Z" => {
            let [hours, minutes] = numbers(offset, ':', [2, 2])?;
            let seconds = (hours < 24 && minutes < 60).then_some(hours * 3600 + minutes * 60)?;
            if sign == "-" { -seconds } else { seconds }
        }
        _ => return None,
    };
    let is_good = digits::is_number(fraction)
        && (1..=12).contains(&month)
        && (1..=days_of(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60;
    let seconds = days_before(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset;
    is_good.then_some(Instant { seconds, fraction })
}

/// Numbers of these many digits with the separator between them.
fn numbers<const N: usize>(text: &str, separator: char, lengths: [usize; N]) -> Option<[i64; N]> {
    let mut parts = text.split(separator);
    let mut found = [0; N];
    for (place, length) in found.iter_mut().zip(lengths) {
        let part = parts.next().filter(|part| part.len() == length && digits::is_number(part))?;
        *place = part.parse().ok()?;
    }
    parts.next().is_none().then_some(found)
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since the first of January of the year 0.
fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let leap_days = if year > 0 { 1 + (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400 } else { 0 };
    let in_year: i64 = (1..month).map(|month| days_of(year, month)).sum();
    year * 365 + leap_days + in_year + day - 1
}

impl Instant<'_> {
    /// Earlier, the same or later.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        let (a, b) = (self.fraction.trim_end_matches('0'), other.fraction.trim_end_matches('0'));
        self.seconds.cmp(&other.seconds).then_with(|| a.cmp(b))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_compare_whatever_their_zone() {
        let ascending = [
            "0000-01-01T00:00:00Z",
            "1999-12-31T23:59:59Z",
            "2000-02-29T00:00:00Z",
            "2024-01-01T00:00:00.090Z",
            "2024-01-01T00:00:00.123Z",
            "2024-01-01T00:00:00.9Z",
            "2024-01-01T00:00:00-00:01",
            "2024-03-01T00:00:00Z",
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(parse(a).unwrap().compare(&parse(b).unwrap()), i.cmp(&j), "{a} {b}");
            }
        }
        let order = |a, b| parse(a).unwrap().compare(&parse(b).unwrap());
        assert_eq!(order("2024-01-01T00:00:00Z", "2023-12-31T19:00:00-05:00"), Ordering::Equal);
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        for bad in [
            "",
            "2024-01-01",
            "2024-01-01t00:00:00z",
            "2024-01-01T00:00:00",
            "2024-13-01T00:00:00Z",
            "2023-02-29T00:00:00Z",
            "2024-01-01T24:00:00Z",
            "2024-01-01T00:00:00.Z",
            "2024-01-01T00:00:00+25:00",
            "2024-1-1T00:00:00Z",
            "2024-01-01T00:00:00Zx",
            "2024-01-01T00:00:00é",
        ] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }
}
