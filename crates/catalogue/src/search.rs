//! What somebody looks for.

use super::Summary;
use super::rules::{self, Dated, Place, Query, Test, Wrong};
use jiff::Timestamp;

/// A search: what is asked, and what comes first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// What was typed.
    pub text: String,
    /// What it means.
    pub query: Query,
    /// What comes first.
    pub order: Order,
}

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// What fits best; the newest, where there are no words to fit.
    #[default]
    Fit,
    /// The newest.
    Newest,
    /// The severest.
    Severest,
    /// What is likeliest to be exploited, by EPSS.
    Likeliest,
    /// What was changed last by its source.
    Changed,
    /// The oldest.
    Oldest,
}

impl Order {
    /// All of them, with the word in addresses and on pages.
    pub const ALL: [(Self, &str, &str); 6] = [
        (Self::Fit, "", "what fits best"),
        (Self::Newest, "newest", "newest"),
        (Self::Severest, "severest", "severest"),
        (Self::Likeliest, "likeliest", "likeliest to be exploited (EPSS)"),
        (Self::Changed, "changed", "changed last"),
        (Self::Oldest, "oldest", "oldest"),
    ];

    /// The order of a word.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, word, _)| *word == name).map(|(order, ..)| order)
    }
}

impl Search {
    /// The search of a text in the language of the search box.
    pub fn read(text: &str, now: Timestamp) -> Result<Self, Wrong> {
        Ok(Self { text: text.to_owned(), query: rules::parse_query(text, now)?, order: Order::Fit })
    }

    /// Words in this order, whatever signs are among them.
    pub fn phrase(text: &str) -> Self {
        Self::of(Query::words_of(&rules::clip(text, rules::QUERY_CHARS)))
    }

    /// What a program asks.
    pub fn of(query: Query) -> Self {
        Self { text: String::new(), query, order: Order::Fit }
    }

    /// The date by which hits are ordered, the latest first, if they are.
    fn dated(&self) -> Option<Dated> {
        match self.order {
            Order::Newest => Some(Dated::Published),
            Order::Fit if !self.query.has_words() => Some(Dated::Published),
            Order::Changed => Some(Dated::Modified),
            Order::Fit | Order::Severest | Order::Likeliest | Order::Oldest => None,
        }
    }

    /// The place of a hit, for whoever asks later what follows it; none where the order is not of a date.
    pub fn place_of(&self, hit: &Summary) -> Option<Place> {
        let by = self.dated()?;
        let at = match by {
            Dated::Published => hit.published,
            Dated::Modified => hit.modified,
        };
        Some(Place { by, at: at.map(Timestamp::as_microsecond), row: hit.row.unsigned_abs() })
    }

    /// The same search of what follows a place; none where that is no place in its order.
    pub fn after(self, place: &str) -> Option<Self> {
        let place = Place::read(self.dated()?, place)?;
        Some(self.and(Test::Behind(place)))
    }

    /// The same, of what also passes a test.
    pub fn and(self, test: Test) -> Self {
        Self { query: self.query.and(Query::Test(test)), ..self }
    }
}
