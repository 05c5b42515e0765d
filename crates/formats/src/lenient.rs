//! Small deserialisers for what real documents do: null for empty, times without a zone.

use crate::limits::{DISTINCT, NAME_BYTES};
use jiff::Timestamp;
use jiff::civil;
use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// A value that may be null, which then is as if it were absent.
pub(crate) fn nullable<'de, D, T>(json: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(json)?.unwrap_or_default())
}

/// A time; none if it is null or cannot be read. The document itself is kept, so nothing is lost.
pub(crate) fn time<'de, D: Deserializer<'de>>(json: D) -> Result<Option<Timestamp>, D::Error> {
    word(json, parse_time)
}

/// A time; none if it is null. What is there and no time is refused: a date by which the newer of two texts is
/// known, or which says that a record no longer stands, must not be lost in silence.
pub(crate) fn stated_time<'de, D: Deserializer<'de>>(json: D) -> Result<Option<Timestamp>, D::Error> {
    looked_at(json, |text| match read_time(text) {
        None if !text.is_empty() => Err(format!("no date: {:?}", text.chars().take(40).collect::<String>())),
        read => Ok(read.filter(|time| *time > unset())),
    })
}

/// A civil date; none if it is null or cannot be read.
pub(crate) fn date<'de, D: Deserializer<'de>>(json: D) -> Result<Option<civil::Date>, D::Error> {
    word(json, |text| text.get(..10).unwrap_or(text).parse().ok())
}

/// A string that is looked at and not kept. Null is the empty string.
pub(crate) fn word<'de, D, T, F>(json: D, look: F) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    F: FnOnce(&str) -> T,
{
    looked_at(json, |text| Ok(look(text)))
}

/// The same of one that may be refused, with its own place.
fn looked_at<'de, D, T, F>(json: D, look: F) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    F: FnOnce(&str) -> Result<T, String>,
{
    json.deserialize_any(Word(look, PhantomData))
}

struct Word<F, T>(F, PhantomData<T>);

impl<'de, T, F: FnOnce(&str) -> Result<T, String>> Visitor<'de> for Word<F, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.0)(text).map_err(E::custom)
    }

    fn visit_unit<E: Error>(self) -> Result<T, E> {
        (self.0)("").map_err(E::custom)
    }
}

/// A short name; none if it is null or longer than a name can be. Names are copied to every row
/// of a record, so a long one in a large document would not fit into memory.
pub(crate) fn name<'de, D: Deserializer<'de>>(json: D) -> Result<Option<String>, D::Error> {
    word(json, |name| (1..=NAME_BYTES).contains(&name.len()).then(|| name.to_owned()))
}

/// Adds tags of a record, each once; what is longer than a name can be is none.
pub(crate) fn tags(all: &mut Vec<String>, new: Vec<String>) {
    for tag in new {
        let is_tag = (1..=NAME_BYTES).contains(&tag.len());
        if is_tag && all.len() < DISTINCT && !all.contains(&tag) {
            all.push(tag);
        }
    }
}

/// Reads a time as RFC 3339, or without a zone (then UTC), or a bare date (then its first instant).
///
/// Go writes the first instant of the year 1 for a time that was never set: that is no time.
pub(crate) fn parse_time(text: &str) -> Option<Timestamp> {
    read_time(text).filter(|time| *time > unset())
}

fn read_time(text: &str) -> Option<Timestamp> {
    let instant = || text.parse::<Timestamp>().ok();
    let without_zone = || utc(text.parse().ok()?);
    let day = || utc(text.parse::<civil::Date>().ok()?.at(0, 0, 0, 0));
    instant().or_else(without_zone).or_else(day)
}

fn utc(time: civil::DateTime) -> Option<Timestamp> {
    jiff::tz::TimeZone::UTC.to_timestamp(time).ok()
}

/// 0001-01-01T00:00:00Z.
fn unset() -> Timestamp {
    Timestamp::from_second(-62_135_596_800).unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_real_documents_write_them() {
        let read = |text| parse_time(text).map(|time| time.to_string());
        assert_eq!(read("2024-05-28T16:08:23.044711Z").as_deref(), Some("2024-05-28T16:08:23.044711Z"));
        assert_eq!(read("2024-05-28T18:08:23+02:00").as_deref(), Some("2024-05-28T16:08:23Z"));
        assert_eq!(read("2024-05-28T16:08:23").as_deref(), Some("2024-05-28T16:08:23Z"));
        assert_eq!(read("2024-05-28T16:08:23.5").as_deref(), Some("2024-05-28T16:08:23.5Z"));
        assert_eq!(read("2024-05-28").as_deref(), Some("2024-05-28T00:00:00Z"));
        assert_eq!(read("0001-01-01T00:00:00Z"), None, "Go's unset time");
        assert_eq!(read("yesterday"), None);
        assert_eq!(read(""), None);
    }
}
