//! What is known of a partner.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use crate::programme::{Programme, Test};

/// The value of a fact.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Yes or no.
    Flag(bool),
    /// A number; whole ones are exact up to 2^53.
    Number(#[serde(serialize_with = "number")] f64),
    /// A word.
    Word(String),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Flag(true) => f.write_str("yes"),
            Value::Flag(false) => f.write_str("no"),
            Value::Number(number) => write!(f, "{number}"),
            Value::Word(word) => f.write_str(word),
        }
    }
}

/// Whole numbers go out without a point: with one, `serde_json` reads the last digit less exactly.
fn number<S: Serializer>(number: &f64, to: S) -> Result<S::Ok, S::Error> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= EXACT {
        to.serialize_i64(*number as i64)
    } else {
        to.serialize_f64(*number)
    }
}

// By hand, because the error of an untagged enum names Rust's type and not what is expected.
impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl Visitor<'_> for Any {
            type Value = Value;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true, false, a number or a text")
            }

            fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
                Ok(Value::Flag(flag))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
                Ok(Value::Number(number as f64))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
                Ok(Value::Number(number as f64))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
                Ok(Value::Number(number))
            }

            fn visit_str<E>(self, word: &str) -> Result<Value, E> {
                Ok(Value::Word(word.to_owned()))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// Something that earns credit, or several of the same kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Credit {
    /// `vulnerability`, `alert`, `case`, …
    pub kind: String,
    /// How many.
    #[serde(default = "one")]
    pub count: u64,
    /// What is said of it: `novel`, `reach`, `severity`, `vendor_notified`, …
    #[serde(flatten)]
    pub says: BTreeMap<String, Value>,
}

fn one() -> u64 {
    1
}

/// What is known of one partner. Every key may be absent: what is absent is unknown.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Facts {
    /// Single facts by name.
    pub facts: BTreeMap<String, Value>,
    /// Credits; absent where nobody has counted, empty where there are none.
    pub credits: Option<Vec<Credit>>,
}

/// Why facts cannot be used, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FactsError {
    /// The text is not JSON of this shape.
    #[error("line {line}, column {column}: {reason}")]
    Unreadable {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
        /// What is wrong.
        reason: String,
    },
    /// A fact has a value that the programme cannot read.
    #[error("facts.{fact}: {reason}")]
    Value {
        /// The fact.
        fact: String,
        /// What is wrong.
        reason: String,
    },
}

impl Facts {
    /// Reads facts from JSON.
    pub fn parse(text: &str) -> Result<Facts, FactsError> {
        serde_json::from_str(text).map_err(|error| FactsError::Unreadable {
            line: error.line(),
            column: error.column(),
            // The place stands before it already.
            reason: error.to_string().split(" at line ").next().unwrap_or_default().to_owned(),
        })
    }

    /// Refuses values that the programme's tests cannot read: a word where a number is asked for, a
    /// word that has no rank.
    pub(crate) fn check(&self, programme: &Programme) -> Result<(), FactsError> {
        let criteria = programme.stages.iter().flat_map(|stage| &stage.criteria);
        for condition in criteria.flat_map(|criterion| criterion.demands.each()).flat_map(|d| &d.conditions) {
            let Some(value) = self.facts.get(&condition.fact) else { continue };
            let refuse = |reason: String| {
                Err(FactsError::Value { fact: condition.fact.clone(), reason: format!("{value} {reason}") })
            };
            match (&condition.test, value) {
                (Test::Ranked(_), Value::Word(word)) => {
                    let ranks = programme.ordinals.get(&condition.fact).map_or(&[][..], Vec::as_slice);
                    if !ranks.contains(word) {
                        return refuse(format!("is not among {}", ranks.join(", ")));
                    }
                }
                (Test::Ranked(_), _) | (Test::Equals(Value::Word(_)), Value::Flag(_) | Value::Number(_)) => {
                    return refuse("is not a word".to_owned());
                }
                (Test::Equals(Value::Flag(_)), Value::Number(_) | Value::Word(_)) => {
                    return refuse("is neither true nor false".to_owned());
                }
                (Test::Equals(Value::Flag(_) | Value::Word(_)), _) | (_, Value::Number(_)) => {}
                _ => return refuse("is not a number".to_owned()),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// "Whole ones are exact up to 2^53": also once written and read again.
    #[test]
    fn whole_numbers_survive_being_written() {
        for number in ["7777755555555540", "-9007199254740992", "21", "0"] {
            let facts = Facts::parse(&format!(r#"{{"facts": {{"people": {number}}}}}"#)).unwrap();
            let written = serde_json::to_string(&facts).unwrap();
            assert!(written.contains(number), "{written}");
            assert_eq!(Facts::parse(&written), Ok(facts));
        }
    }
}
