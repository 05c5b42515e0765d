//! Forms of a word that mean the same: `overflows` for `overflow`, `Schwachstellen` for `Schwachstelle`.
//!
//! Authority: the Snowball stemmers of English and German. The index holds words as they are written, so
//! that phrases stay exact; forms are looked up in its dictionary when somebody asks.

use super::super::store::Error;
use super::dictionary::names;
use super::tokens::has_no_blanks;
use frostem::{Algorithm, Stemmer};
use tantivy::Searcher;
use tantivy::schema::Field;

/// Forms of one word that are looked for, the most frequent ones.
const FORMS_MAX: usize = 30;

/// Letters that a stem has at least: shorter ones are the same for words that have nothing in common. The
/// rules of German take more away, and most words here are English.
const ENGLISH_MIN: usize = 3;
const GERMAN_MIN: usize = 5;

/// Words of the index that are other forms of this one.
pub(super) fn forms(searcher: &Searcher, field: Field, word: &str) -> Result<Vec<String>, Error> {
    let mut letters = word.chars();
    if let (Some(letter), None) = (letters.next(), letters.next())
        && has_no_blanks(letter)
    {
        // It stands in pairs with its neighbours.
        return most(names(searcher, field, "", &|pair| pair.chars().count() == 2 && pair.contains(letter))?);
    }
    let Some(stems) = Stems::of(word) else { return Ok(Vec::new()) };
    most(names(searcher, field, stems.beginning(), &|other| other != word && stems.has(other))?)
}

fn most(mut found: Vec<(String, u64)>) -> Result<Vec<String>, Error> {
    found.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    found.truncate(FORMS_MAX);
    Ok(found.into_iter().map(|(word, _)| word).collect())
}

struct Stems {
    english: Option<String>,
    german: Option<String>,
}

fn english(word: &str) -> Option<String> {
    let stem = Stemmer::new(Algorithm::English).stem(word).into_owned();
    (stem.len() >= ENGLISH_MIN).then_some(stem)
}

fn german(word: &str) -> Option<String> {
    let stem = Stemmer::new(Algorithm::German).stem(word).into_owned();
    (stem.len() >= GERMAN_MIN).then_some(stem)
}

impl Stems {
    /// None for what is no word of either language: numbers, names with figures in them.
    fn of(word: &str) -> Option<Self> {
        let is_word = word.len() > ENGLISH_MIN && word.bytes().all(|byte| byte.is_ascii_lowercase());
        let stems = is_word.then(|| Self { english: english(word), german: german(word) })?;
        (stems.english.is_some() || stems.german.is_some()).then_some(stems)
    }

    /// How all forms begin. English writes `policies` for `policy`, and its stem is `polici`.
    fn beginning(&self) -> &str {
        let own = self.english.as_deref().unwrap_or_default().trim_end_matches('i');
        match self.german.as_deref() {
            Some(german) if own.is_empty() || german.len() < own.len() => german,
            _ => own,
        }
    }

    fn has(&self, other: &str) -> bool {
        let is_word = other.bytes().all(|byte| byte.is_ascii_lowercase());
        let is_same = |own: &Option<String>, other: Option<String>| own.is_some() && *own == other;
        is_word && (is_same(&self.english, english(other)) || is_same(&self.german, german(other)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_are_told_from_other_words() {
        let is_form = |one: &str, other: &str| {
            let stems = Stems::of(one).unwrap();
            stems.has(other) && other.starts_with(stems.beginning())
        };
        for (one, other) in [
            ("overflow", "overflows"),
            ("vulnerability", "vulnerabilities"),
            ("policies", "policy"),
            ("crashing", "crash"),
            ("schwachstelle", "schwachstellen"),
            ("pufferuberlaufe", "pufferuberlauf"),
            ("angreifern", "angreifer"),
        ] {
            assert!(is_form(one, other), "{one} {other}");
            assert!(is_form(other, one), "{other} {one}");
        }
        for (one, other) in
            [("server", "serve"), ("kernel", "kerne"), ("apache", "apart"), ("java", "javascript")]
        {
            assert!(!is_form(one, other), "{one} {other}");
        }
        assert!(Stems::of("log4j").is_none() && Stems::of("cve").is_none() && Stems::of("2024").is_none());
    }
}
