//! From TOML to a profile, with the line of every mistake.

use std::fmt;

use jiff::civil::Date;
use serde::de::{self, Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::place::Places;
use crate::profile::Profile;
use crate::rule;
use crate::validate::validate;

/// Why a profile was refused, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("line {line}, {place}: {reason}")]
pub struct ProfileError {
    /// The line, counted from 1.
    pub line: usize,
    /// What stands there: `duty aev.fin, anchor`.
    pub place: String,
    /// What is wrong with it.
    pub reason: String,
    /// The name of the rule that it breaks.
    pub rule: &'static str,
}

/// A profile is a law on a few pages.
pub const PROFILE_BYTES_MAX: usize = 256 * 1024;

impl Profile {
    /// Reads and checks a profile. One that is returned can be evaluated without further checks.
    pub fn parse(text: &str) -> Result<Profile, ProfileError> {
        if text.len() > PROFILE_BYTES_MAX {
            let reason = format!("the file has {} bytes, {PROFILE_BYTES_MAX} at most", text.len());
            return Err(ProfileError { line: 1, place: "profile".to_owned(), reason, rule: rule::LIMITS });
        }
        let places = Places::new(text)?;
        let profile: Profile = toml::from_str(text).map_err(|error| places.of_error(&error))?;
        validate(&profile, &places)?;
        Ok(profile)
    }
}

/// Reads a TOML date and refuses one that no calendar has.
pub(crate) fn toml_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let value = toml::value::Datetime::deserialize(deserializer)?;
    let (Some(date), None) = (value.date, value.time) else {
        return Err(de::Error::custom(format!("`{value}` is not a date; write 2026-09-11, without a time")));
    };
    let year = i16::try_from(date.year).map_err(de::Error::custom)?;
    let month = i8::try_from(date.month).map_err(de::Error::custom)?;
    let day = i8::try_from(date.day).map_err(de::Error::custom)?;
    Date::new(year, month, day).map_err(|_| de::Error::custom(format!("there is no date {value}")))
}

pub(crate) fn toml_date_option<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    toml_date(deserializer).map(Some)
}

/// Reads a word, or an array of words.
pub(crate) fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    struct Words;
    impl<'de> Visitor<'de> for Words {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a word or an array of words")
        }

        fn visit_str<E: de::Error>(self, word: &str) -> Result<Vec<String>, E> {
            Ok(vec![word.to_owned()])
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<String>, A::Error> {
            let mut words = Vec::new();
            while let Some(word) = seq.next_element()? {
                words.push(word);
            }
            Ok(words)
        }
    }
    deserializer.deserialize_any(Words)
}
