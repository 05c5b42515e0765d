//! Where something stands in a profile's text: its line, and a name for the place.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::parse::ProfileError;
use crate::rule;

/// The text of a profile together with the position of every value in it.
pub(crate) struct Places<'t> {
    text: &'t str,
    root: Spanned<DeTable<'t>>,
}

impl<'t> Places<'t> {
    /// Fails where the text is not TOML at all.
    pub(crate) fn new(text: &'t str) -> Result<Self, ProfileError> {
        match DeTable::parse(text) {
            Ok(root) => Ok(Places { text, root }),
            Err(error) => Err(ProfileError {
                line: line_of(text, error.span().map_or(0, |span| span.start)),
                place: "TOML".to_owned(),
                reason: error.message().to_owned(),
                rule: rule::of_reason(error.message()),
            }),
        }
    }

    /// An error of the reader, which knows a position and no name.
    pub(crate) fn of_error(&self, error: &toml::de::Error) -> ProfileError {
        let start = error.span().map_or(0, |span| span.start);
        let place = self.name_of(start).unwrap_or_else(|| "profile".to_owned());
        let (line, reason) = (line_of(self.text, start), error.message().to_owned());
        ProfileError { line, place, rule: rule::of_reason(&reason), reason }
    }

    /// An error at a key of the profile itself.
    pub(crate) fn top(&self, rule: &'static str, key: &str, reason: impl Into<String>) -> ProfileError {
        let start = self.root.get_ref().get(key).map_or(0, |value| value.span().start);
        ProfileError { line: line_of(self.text, start), place: key.to_owned(), reason: reason.into(), rule }
    }

    /// An error at a key of the `index`th table called `table`; the table itself without the key.
    pub(crate) fn entry(
        &self,
        rule: &'static str,
        (table, index): (&str, usize),
        key: &str,
        reason: impl Into<String>,
    ) -> ProfileError {
        let entry = self.root.get_ref().get(table).and_then(|list| list.get_ref().get(index));
        let value = entry.and_then(|entry| entry.get_ref().get(key)).or(entry);
        let start = value.map_or(0, |value| value.span().start);
        let name =
            entry.map_or_else(|| table.to_owned(), |entry| name_of_entry(table, index, entry.get_ref()));
        ProfileError {
            line: line_of(self.text, start),
            place: format!("{name}, {key}"),
            reason: reason.into(),
            rule,
        }
    }

    /// The entry and key whose value holds the position; for a key itself, only its entry.
    fn name_of(&self, position: usize) -> Option<String> {
        for (key, value) in self.root.get_ref() {
            if key.span().contains(&position) && !matches!(value.get_ref(), DeValue::Array(_)) {
                return Some(key.get_ref().to_string());
            }
            let DeValue::Array(entries) = value.get_ref() else {
                if value.span().contains(&position) {
                    return Some(key.get_ref().to_string());
                }
                continue;
            };
            for (index, entry) in entries.iter().enumerate() {
                let name = name_of_entry(key.get_ref(), index, entry.get_ref());
                let table = entry.get_ref().as_table();
                for (inner, value) in table.into_iter().flatten() {
                    if value.span().contains(&position) || inner.span().contains(&position) {
                        return Some(format!("{name}, {}", inner.get_ref()));
                    }
                }
                if entry.span().contains(&position) {
                    return Some(name);
                }
            }
        }
        None
    }
}

/// `duty aev.ew` where it has an id, `retention 1` where it has none.
fn name_of_entry(table: &str, index: usize, entry: &DeValue<'_>) -> String {
    match entry.get("id").and_then(|id| id.get_ref().as_str()) {
        Some(id) => format!("{table} {id}"),
        None => format!("{table} {}", index + 1),
    }
}

fn line_of(text: &str, position: usize) -> usize {
    let before = text.as_bytes().iter().take(position);
    before.filter(|byte| **byte == b'\n').count() + 1
}
