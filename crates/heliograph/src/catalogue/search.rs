//! What somebody looks for.

use super::rules::Source;
use versions::Ecosystem;

/// A search: words, filters, order. Without words it lists what the filters leave.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Search {
    /// Words, phrases in double quotes, ids; all of them have to be there.
    pub(crate) text: String,
    pub(crate) severity_tenths_min: Option<i64>,
    pub(crate) exploited_only: bool,
    pub(crate) source: Option<Source>,
    pub(crate) ecosystem: Option<Ecosystem>,
    pub(crate) order: Order,
}

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Order {
    /// What fits best; the newest, where there are no words to fit.
    #[default]
    Fit,
    /// The newest.
    Newest,
    /// The severest.
    Severest,
}

/// Letters of a search that are looked at.
pub(crate) const TEXT_CHARS: usize = 300;
/// Words of a search that are looked at.
const WORDS_MAX: usize = 24;

impl Search {
    /// The search of a text, without filters.
    pub(crate) fn text(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }

    /// Whether anything is asked for at all.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self { order: self.order, ..Self::default() }
    }

    /// The words in the language of the full-text index: each quoted, so that no letter of it is
    /// read as an operator; the last also finds longer words, as somebody may still be typing.
    pub(super) fn text_expression(&self) -> Option<String> {
        let text: String =
            self.text.chars().take(TEXT_CHARS).map(|c| if c == '\0' { ' ' } else { c }).collect();
        let mut terms: Vec<String> = Vec::new();
        let mut is_phrase = false;
        for part in text.split('"') {
            if is_phrase {
                terms.extend(quoted(part));
            } else {
                terms.extend(part.split_whitespace().filter_map(quoted));
            }
            is_phrase = !is_phrase;
        }
        terms.truncate(WORDS_MAX);
        let ends_in_word = text.chars().last().is_some_and(char::is_alphanumeric);
        if let Some(last) = terms.last_mut().filter(|last| ends_in_word && last.chars().count() > 4) {
            last.push('*');
        }
        if terms.is_empty() { None } else { Some(terms.join(" ")) }
    }
}

/// A word without any letter or digit has nothing that the index could hold.
fn quoted(word: &str) -> Option<String> {
    word.chars().any(char::is_alphanumeric).then(|| format!("\"{word}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_cannot_become_operators() {
        let expression = |text: &str| Search::text(text).text_expression();
        assert_eq!(expression("open ssl").unwrap(), r#""open" "ssl"*"#);
        assert_eq!(expression("\"cross-site scripting\" x").unwrap(), r#""cross-site scripting" "x""#);
        assert_eq!(expression("NEAR(a) OR ids:x* -").unwrap(), r#""NEAR(a)" "OR" "ids:x*""#);
        assert_eq!(expression("CVE-2024-1").unwrap(), r#""CVE-2024-1"*"#);
        assert_eq!(expression("\" ' -- ; *"), None);
        assert_eq!(expression(&"x ".repeat(500)).unwrap().split(' ').count(), 24);
    }
}
