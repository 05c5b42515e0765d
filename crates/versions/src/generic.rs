//! Versions of no ecosystem: what the schemes in use agree on, and nothing else.
//!
//! Authority: the vers specification wants for its scheme `generic` something "like libversion
//! does", so the words are libversion's (its document ALGORITHM): numbers, then words that stand
//! before a release or behind it, or one letter behind the last number (`1.0.2k`). As with
//! libversion's switch for it, `p` is a patch. Every other text is no version here.

use std::cmp::Ordering;

use crate::{digits, dotted};

/// A version, borrowed from its text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Generic<'a> {
    numbers: &'a str,
    stage: Stage,
    /// Behind the word of the stage.
    number: &'a str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Alpha,
    Beta,
    Candidate,
    Release,
    Patch,
    /// `1.0.2k`, in lower case.
    Letter(u8),
}

/// Words, longer ones first.
const WORDS: [(&str, Stage); 12] = [
    ("alpha", Stage::Alpha),
    ("patch", Stage::Patch),
    ("beta", Stage::Beta),
    ("post", Stage::Patch),
    ("pre", Stage::Candidate),
    ("rc", Stage::Candidate),
    ("pl", Stage::Patch),
    ("sp", Stage::Patch),
    ("p", Stage::Patch),
    ("r", Stage::Patch),
    ("a", Stage::Alpha),
    ("b", Stage::Beta),
];

/// Reads a version, with a `v` in front or without.
pub(crate) fn parse(text: &str) -> Option<Generic<'_>> {
    let text = text.trim();
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let end = text.bytes().position(|byte| !byte.is_ascii_digit() && byte != b'.').unwrap_or(text.len());
    let (numbers, suffix) = text.split_at(end);
    let numbers = if suffix.is_empty() { numbers } else { numbers.strip_suffix('.').unwrap_or(numbers) };
    if !digits::is_dotted(numbers) {
        return None;
    }
    if suffix.is_empty() {
        return Some(Generic { numbers, stage: Stage::Release, number: "" });
    }
    let word = suffix.strip_prefix(['-', '_']).unwrap_or(suffix);
    if let ([letter], true) = (word.as_bytes(), word.len() == suffix.len())
        && letter.is_ascii_alphabetic()
    {
        return Some(Generic { numbers, stage: Stage::Letter(letter.to_ascii_lowercase()), number: "" });
    }
    WORDS.iter().find_map(|(spelling, stage)| {
        let (head, rest) = word.split_at_checked(spelling.len())?;
        let number = rest.strip_prefix(['.', '-', '_']).unwrap_or(rest);
        let is_good = head.eq_ignore_ascii_case(spelling) && (rest.is_empty() || digits::is_number(number));
        is_good.then_some(Generic { numbers, stage: *stage, number })
    })
}

impl Generic<'_> {
    /// Numbers, where missing ones are zero; then the stage and its number.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        dotted::compare_padded(self.numbers, other.numbers)
            .then_with(|| self.stage.cmp(&other.stage))
            .then_with(|| digits::compare(self.number, other.number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_plain_versions() {
        let ascending = [
            "0.9",
            "1.0.2-alpha1",
            "1.0.2-beta",
            "1.0.2-pre1",
            "1.0.2rc2",
            "1.0.2",
            "1.0.2p1",
            "1.0.2-P10",
            "1.0.2a",
            "1.0.2k",
            "1.0.10",
            "1.1.1.1",
            "2024.10.1.7",
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(parse(a).unwrap().compare(&parse(b).unwrap()), i.cmp(&j), "{a} {b}");
            }
        }
        assert_eq!(parse("v1.0").unwrap().compare(&parse("1.0.0").unwrap()), Ordering::Equal);
        assert_eq!(parse("1.0a1").unwrap().compare(&parse("1.0-alpha-1").unwrap()), Ordering::Equal);
    }

    #[test]
    fn everything_else_is_refused() {
        for bad in [
            "", "n/a", "latest", "1.", "1..2", "1.0 SP1", "1.0-foo", "1.0ab", "1-2-3", "1.0rcx", "1:2",
            "1.0é", "v",
        ] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }
}
