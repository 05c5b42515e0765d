//! What somebody wrote into a form, and what is wrong with it.

use std::collections::BTreeMap;
use std::fmt;

use super::FIELD_MAX;
use super::form::{Form, FormField};
use super::table::{Input, Need};

/// What was written, by the name of the field. An empty text is as good as none.
pub type Values = BTreeMap<String, String>;

/// What is wrong with a filing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The name of the field.
    pub field: String,
    /// Its label, or its name where the form does not have it.
    pub title: String,
    /// What is wrong.
    pub problem: Problem,
}

/// What can be wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It must be filled in.
    Missing,
    /// It must be filled in if there is anything to say.
    MissingIfAvailable,
    /// It is too long.
    TooLong {
        /// Its characters.
        chars: usize,
        /// How many it may have.
        max: usize,
    },
    /// It is none of the words to choose from.
    NotAChoice(Vec<String>),
    /// It is not a day and hour with its zone.
    NotAnInstant,
    /// The form of this stage does not have it.
    NotShown,
}

impl Problem {
    /// Whether the filing could not be submitted as it is. What is asked for only if available may
    /// be missing for good.
    pub fn is_in_the_way(&self) -> bool {
        !matches!(self, Problem::MissingIfAvailable)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.title)?;
        match &self.problem {
            Problem::Missing => f.write_str("missing"),
            Problem::MissingIfAvailable => f.write_str("missing; required if available"),
            Problem::TooLong { chars, max } => write!(f, "{chars} characters, {max} at most"),
            Problem::NotAChoice(words) => write!(f, "expected {}", words.join(", ")),
            Problem::NotAnInstant => f.write_str("expected day, hour and zone like 2026-11-23T09:15:00Z"),
            Problem::NotShown => f.write_str("this stage of the form does not have it"),
        }
    }
}

/// Everything that is wrong, in the order of the form.
pub fn check(form: &Form, values: &Values) -> Vec<Finding> {
    let mut findings: Vec<Finding> = form.fields.iter().filter_map(|field| of_field(field, values)).collect();
    for name in values.keys().filter(|name| form.fields.iter().all(|field| field.name != **name)) {
        findings.push(Finding { field: name.clone(), title: name.clone(), problem: Problem::NotShown });
    }
    findings
}

fn of_field(field: &FormField, values: &Values) -> Option<Finding> {
    let text = values.get(&field.name).map_or("", |text| text.trim());
    let problem = if text.is_empty() {
        match field.need {
            Need::Required => Problem::Missing,
            Need::IfAvailable => Problem::MissingIfAvailable,
            Need::Optional | Need::NotShown => return None,
        }
    } else {
        wrong_in(field, text)?
    };
    Some(Finding { field: field.name.clone(), title: field.title.clone(), problem })
}

fn wrong_in(field: &FormField, text: &str) -> Option<Problem> {
    let (chars, max) = (text.chars().count(), field.max.unwrap_or(FIELD_MAX));
    if chars > max {
        return Some(Problem::TooLong { chars, max });
    }
    if !field.choices.is_empty() && field.choices.iter().all(|word| word != text) {
        return Some(Problem::NotAChoice(field.choices.clone()));
    }
    let is_instant = || text.parse::<jiff::Timestamp>().is_ok();
    (field.input == Input::Instant && !is_instant()).then_some(Problem::NotAnInstant)
}

/// What earlier stages said of the fields that this form has; where several did, the latest counts.
/// `earlier` runs from the first stage to the last.
pub fn copy_forward(form: &Form, earlier: &[&Values]) -> Values {
    let latest = |field: &FormField| {
        let said = earlier.iter().rev().filter_map(|values| values.get(&field.name));
        let text = said.into_iter().find(|text| !text.trim().is_empty())?;
        Some((field.name.clone(), text.clone()))
    };
    form.fields.iter().filter_map(latest).collect()
}
