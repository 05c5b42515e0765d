//! From letters to words, conditions and operators, each with its place.

use super::{Field, QUERY_CHARS, Wrong};

/// A part of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) at: usize,
    pub(super) length: usize,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Open,
    Close,
    And,
    Or,
    Not,
    Words { text: String, is_phrase: bool, is_beginning: bool },
    Condition(Condition),
}

/// `field`, how it is compared, and with what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Condition {
    pub(super) name: String,
    pub(super) compare: Compare,
    pub(super) value: String,
    pub(super) is_beginning: bool,
    pub(super) at: usize,
    pub(super) length: usize,
    pub(super) value_at: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compare {
    /// `:`
    Has,
    /// `=`
    Equals,
    /// `!=`
    Differs,
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
}

const COMPARISONS: [(&str, Compare); 7] = [
    (">=", Compare::MoreOrEqual),
    ("<=", Compare::LessOrEqual),
    ("!=", Compare::Differs),
    (">", Compare::More),
    ("<", Compare::Less),
    ("=", Compare::Equals),
    (":", Compare::Has),
];

/// Takes a search apart.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Wrong> {
    // Controls are nothing that anyone sees; they end words as blanks do.
    let letters: Vec<char> = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if letters.len() > QUERY_CHARS {
        let reason = format!("{} characters, and at most {QUERY_CHARS} are read.", letters.len());
        return Err(Wrong::new(QUERY_CHARS, letters.len() - QUERY_CHARS, reason));
    }
    let mut reader = Reader { letters, at: 0 };
    let mut tokens = Vec::new();
    while let Some(letter) = reader.peek() {
        let at = reader.at;
        let kind = match letter {
            letter if letter.is_whitespace() => {
                reader.at += 1;
                continue;
            }
            '(' => reader.single(Kind::Open),
            ')' => reader.single(Kind::Close),
            '-' if reader.is_minus() => reader.single(Kind::Not),
            '"' => {
                let text = reader.phrase();
                let is_beginning = reader.star();
                Kind::Words { text, is_phrase: true, is_beginning }
            }
            _ => reader.word()?,
        };
        tokens.push(Token { at, length: reader.at - at, kind });
    }
    Ok(tokens)
}

struct Reader {
    letters: Vec<char>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn single(&mut self, kind: Kind) -> Kind {
        self.at += 1;
        kind
    }

    /// A minus that takes away what follows at once.
    fn is_minus(&self) -> bool {
        let next = self.letters.get(self.at + 1);
        next.is_some_and(|next| next.is_alphanumeric() || matches!(next, '"' | '('))
    }

    /// Up to the closing quote; to the end, where somebody is still typing.
    fn phrase(&mut self) -> String {
        self.at += 1;
        let rest = &self.letters[self.at..];
        let length = rest.iter().position(|letter| *letter == '"').unwrap_or(rest.len());
        let text = rest[..length].iter().collect();
        self.at += length + usize::from(length < rest.len());
        text
    }

    /// A star at the end of a word: what begins so.
    fn star(&mut self) -> bool {
        let is_there = self.peek() == Some('*');
        self.at += usize::from(is_there);
        is_there
    }

    fn comparison(&self, at: usize) -> Option<(Compare, usize)> {
        COMPARISONS.iter().find_map(|(sign, compare)| {
            let is_here =
                sign.chars().enumerate().all(|(n, letter)| self.letters.get(at + n) == Some(&letter));
            is_here.then_some((*compare, sign.len()))
        })
    }

    fn word(&mut self) -> Result<Kind, Wrong> {
        if let Some(condition) = self.condition()? {
            return Ok(Kind::Condition(condition));
        }
        let from = self.at;
        while self.peek().is_some_and(|c| !c.is_whitespace() && !matches!(c, '(' | ')' | '"')) {
            self.at += 1;
        }
        let word: String = self.letters[from..self.at].iter().collect();
        Ok(match word.as_str() {
            "AND" => Kind::And,
            "OR" => Kind::Or,
            "NOT" => Kind::Not,
            _ => {
                let text = word.trim_end_matches('*').to_owned();
                Kind::Words {
                    is_beginning: text.len() < word.len() && !text.is_empty(),
                    is_phrase: false,
                    text,
                }
            }
        })
    }

    /// A name with a comparison and a value, if one begins here.
    fn condition(&mut self) -> Result<Option<Condition>, Wrong> {
        let from = self.at;
        let length = self.letters[from..].iter().take_while(|letter| letter.is_ascii_alphabetic()).count();
        let name: String = self.letters[from..from + length].iter().collect();
        let is_field = Field::of_name(&name).is_some();
        let mut at = from + length;
        // `cvss >= 8` is `cvss>=8`, where the name is one of ours; "a < b" stays words.
        let blanks = self.letters[at..].iter().take_while(|letter| letter.is_whitespace()).count();
        if is_field && self.letters.get(at + blanks).is_some_and(|sign| matches!(sign, '<' | '>' | '=' | '!'))
        {
            at += blanks;
        }
        let Some((mut compare, signs)) = self.comparison(at).filter(|_| length > 0) else { return Ok(None) };
        if matches!(name.as_str(), "pkg" | "cpe") && compare == Compare::Has {
            return Ok(Some(self.bare(from)));
        }
        let next = self.letters.get(at + signs);
        // Addresses, paths and `std::string` are words; so is a name without a value.
        let is_words = compare != Compare::Has
            || length < 2
            || next.is_none_or(|c| c.is_whitespace() || ":/\\".contains(*c));
        if !is_field && is_words {
            return Ok(None);
        }
        at += signs;
        if let (Compare::Has, Some((closer, signs))) =
            (compare, self.comparison(at).filter(|(c, _)| *c != Compare::Has))
        {
            compare = closer;
            at += signs;
        }
        self.at = at;
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
        let value_at = self.at;
        let (value, is_beginning) = self.value();
        if value.trim().is_empty() {
            let example = Field::of_name(&name).map_or("", Field::example);
            let reason = format!("“{name}” needs a value: {example}.");
            return Err(Wrong::new(from, self.at - from, reason));
        }
        Ok(Some(Condition { name, compare, value, is_beginning, at: from, length: self.at - from, value_at }))
    }

    /// A package URL or CPE name by itself asks what affects it.
    fn bare(&mut self, from: usize) -> Condition {
        let (value, _) = self.value();
        let name = Field::Affects.name().to_owned();
        let length = self.at - from;
        Condition {
            name,
            compare: Compare::Has,
            value,
            is_beginning: false,
            at: from,
            length,
            value_at: from,
        }
    }

    fn value(&mut self) -> (String, bool) {
        if self.peek() == Some('"') {
            let value = self.phrase();
            return (value, self.star());
        }
        let (from, mut open) = (self.at, 0);
        while let Some(letter) = self.peek().filter(|letter| !letter.is_whitespace()) {
            match letter {
                '(' => open += 1,
                ')' if open == 0 => break,
                ')' => open -= 1,
                // What is escaped in a CPE name is part of it.
                '\\' => self.at += 1,
                _ => {}
            }
            self.at += 1;
        }
        self.at = self.at.min(self.letters.len());
        let value: String = self.letters[from..self.at].iter().collect();
        match value.strip_suffix('*').filter(|_| !value.starts_with("cpe:")) {
            Some(beginning) => (beginning.to_owned(), true),
            None => (value, false),
        }
    }
}
