//! Reading TOML key by key, so that every mistake is named with its line and place, and no key is
//! passed over in silence.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde::Serialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::facts::Value;

/// Why a programme was refused, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("line {line}, {place}: {reason}")]
pub struct ProgrammeError {
    /// The line, counted from 1.
    pub line: usize,
    /// What stands there: `stage annual, criterion team, L1`.
    pub place: String,
    /// What is wrong with it.
    pub reason: String,
}

pub(crate) type Read<T> = Result<T, ProgrammeError>;

/// One table of the file.
pub(crate) struct Reader<'a> {
    text: &'a str,
    place: String,
    start: usize,
    table: &'a DeTable<'a>,
    asked_for: RefCell<BTreeSet<&'a str>>,
}

/// Reads the text as TOML and hands its root to `read`.
pub(crate) fn document<T>(text: &str, read: impl FnOnce(&Reader<'_>) -> Read<T>) -> Read<T> {
    let root = DeTable::parse(text).map_err(|error| ProgrammeError {
        line: line_of(text, error.span().map_or(0, |span| span.start)),
        place: "TOML".to_owned(),
        reason: error.message().to_owned(),
    })?;
    let reader = Reader::new(text, String::new(), 0, root.get_ref());
    let value = read(&reader)?;
    reader.finish()?;
    Ok(value)
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, place: String, start: usize, table: &'a DeTable<'a>) -> Self {
        Reader { text, place, start, table, asked_for: RefCell::default() }
    }

    fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        let (name, value) = self.table.get_key_value(key)?;
        self.asked_for.borrow_mut().insert(name.get_ref());
        Some(value)
    }

    /// Everything that nobody has asked for yet, and now has been.
    pub(crate) fn rest(&self) -> Vec<&'a str> {
        let mut asked_for = self.asked_for.borrow_mut();
        let keys = self.table.keys().map(|key| key.get_ref().as_ref());
        keys.filter(|key| asked_for.insert(key)).collect()
    }

    /// Refuses the keys that nobody asked for.
    pub(crate) fn finish(&self) -> Read<()> {
        match self.rest().first() {
            None => Ok(()),
            Some(key) => Err(self.error(key, "this key means nothing here")),
        }
    }

    /// An error at a key; at the table itself where the key is missing.
    pub(crate) fn error(&self, key: &str, reason: impl Into<String>) -> ProgrammeError {
        let start = self.table.get_key_value(key).map_or(self.start, |(name, _)| name.span().start);
        ProgrammeError {
            line: line_of(self.text, start),
            place: join(&self.place, key),
            reason: reason.into(),
        }
    }

    fn typed<T>(
        &self,
        key: &str,
        what: &str,
        read: impl FnOnce(&'a DeValue<'a>) -> Option<T>,
    ) -> Read<Option<T>> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let wrong = || {
            let found = value.get_ref().type_str();
            self.error(key, format!("expected {what}, found {found}"))
        };
        read(value.get_ref()).map(Some).ok_or_else(wrong)
    }

    fn required<T>(&self, key: &str, value: Option<T>) -> Read<T> {
        value.ok_or_else(|| self.error(key, "is missing"))
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// A text, if it is there.
    pub(crate) fn text_if(&self, key: &str) -> Read<Option<String>> {
        self.typed(key, "a text", |value| value.as_str().map(str::to_owned))
    }

    pub(crate) fn text(&self, key: &str) -> Read<String> {
        let text = self.required(key, self.text_if(key)?)?;
        if text.trim().is_empty() { Err(self.error(key, "must not be empty")) } else { Ok(text) }
    }

    /// A short name: small or capital letters, digits, dots, dashes and underscores.
    pub(crate) fn name(&self, key: &str) -> Read<String> {
        let name = self.text(key)?;
        if is_name(&name) { Ok(name) } else { Err(self.error(key, NOT_A_NAME)) }
    }

    /// Words; none where the key is missing.
    pub(crate) fn words(&self, key: &str) -> Read<Vec<String>> {
        let read = |value: &DeValue<'_>| {
            let words = value.as_array()?.iter().map(|word| word.get_ref().as_str().map(str::to_owned));
            words.collect::<Option<Vec<_>>>()
        };
        let words = self.typed(key, "an array of texts", read)?.unwrap_or_default();
        let mut seen = BTreeSet::new();
        match words.iter().find(|word| !seen.insert(word.as_str())) {
            Some(twice) => Err(self.error(key, format!("{twice} stands there twice"))),
            None => Ok(words),
        }
    }

    /// A whole number that is not negative.
    pub(crate) fn whole(&self, key: &str) -> Read<u64> {
        let read = |value: &DeValue<'_>| whole(value)?.try_into().ok();
        let number = self.typed(key, "a whole number from 0 on", read)?;
        self.required(key, number)
    }

    /// Whole numbers that are not negative.
    pub(crate) fn wholes(&self, key: &str) -> Read<Vec<u64>> {
        let read = |value: &DeValue<'_>| {
            let numbers = value.as_array()?.iter().map(|number| whole(number.get_ref())?.try_into().ok());
            numbers.collect::<Option<Vec<u64>>>()
        };
        let numbers = self.typed(key, "an array of whole numbers from 0 on", read)?;
        self.required(key, numbers)
    }

    pub(crate) fn number(&self, key: &str) -> Read<f64> {
        let number = self.typed(key, "a number", number)?;
        self.required(key, number)
    }

    pub(crate) fn value(&self, key: &str) -> Read<Value> {
        let value = self.typed(key, "true, false, a number or a text", value)?;
        self.required(key, value)
    }

    /// One value, or an array of values of which one must hold.
    pub(crate) fn values(&self, key: &str) -> Read<Vec<Value>> {
        let read = |found: &DeValue<'_>| match found.as_array() {
            Some(array) => array.iter().map(|each| value(each.get_ref())).collect(),
            None => value(found).map(|one| vec![one]),
        };
        let values = self.typed(key, "a value or an array of values", read)?.unwrap_or_default();
        if values.is_empty() { Err(self.error(key, "name at least one value")) } else { Ok(values) }
    }

    /// A length of time as ISO 8601 writes it.
    pub(crate) fn span(&self, key: &str) -> Read<jiff::Span> {
        let text = self.text(key)?;
        let span: Option<jiff::Span> = text.parse().ok();
        let span = span.filter(|span| span.is_positive());
        span.ok_or_else(|| self.error(key, format!("`{text}` is not a length of time such as P1Y")))
    }

    pub(crate) fn table_if(&self, key: &str) -> Read<Option<Reader<'a>>> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let table = value.get_ref().as_table().ok_or_else(|| self.error(key, "expected a table"))?;
        Ok(Some(Reader::new(self.text, join(&self.place, key), value.span().start, table)))
    }

    pub(crate) fn table(&self, key: &str) -> Read<Reader<'a>> {
        self.required(key, self.table_if(key)?)
    }

    /// Tables in an array: `[[stage]]`. Each is called by its id where it has one.
    pub(crate) fn tables(&self, key: &str) -> Read<Vec<Reader<'a>>> {
        let Some(value) = self.get(key) else { return Ok(Vec::new()) };
        let array =
            value.get_ref().as_array().ok_or_else(|| self.error(key, "expected an array of tables"))?;
        let each = array.iter().enumerate().map(|(index, entry)| {
            let table = entry.get_ref().as_table().ok_or_else(|| self.error(key, "expected tables"))?;
            let id = table.get("id").and_then(|id| id.get_ref().as_str());
            let name = id.map_or_else(|| (index + 1).to_string(), str::to_owned);
            Ok(Reader::new(self.text, join(&self.place, &format!("{key} {name}")), entry.span().start, table))
        });
        each.collect()
    }
}

/// What a name must look like.
pub(crate) const NOT_A_NAME: &str = "use letters, digits, dots, dashes and underscores, 64 at most";

pub(crate) fn is_name(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    (1..=64).contains(&name.len()) && name.chars().all(is_plain)
}

fn value(value: &DeValue<'_>) -> Option<Value> {
    match value {
        DeValue::Boolean(flag) => Some(Value::Flag(*flag)),
        DeValue::String(word) => Some(Value::Word(word.to_string())),
        other => number(other).map(Value::Number),
    }
}

fn number(value: &DeValue<'_>) -> Option<f64> {
    let number = match value {
        DeValue::Float(float) => float.as_str().parse().ok()?,
        other => whole(other)? as f64,
    };
    number.is_finite().then_some(number)
}

fn whole(value: &DeValue<'_>) -> Option<i64> {
    let integer = value.as_integer()?;
    i64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

fn join(place: &str, key: &str) -> String {
    if place.is_empty() { key.to_owned() } else { format!("{place}, {key}") }
}

fn line_of(text: &str, position: usize) -> usize {
    let before = text.as_bytes().iter().take(position);
    before.filter(|byte| **byte == b'\n').count() + 1
}
