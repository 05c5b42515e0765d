//! Packagist: Composer's versions, of numbers and words for stability.
//!
//! Authority: `VersionParser::normalize` of composer/semver for what is read, and PHP's
//! `version_compare` for the order, which Composer uses on what was normalised. Branches
//! (`dev-main`) have no order; they are no versions here. `1.x-dev` is the end of branch 1. Composer
//! takes `1.0-stable` for 1.0, but keeps the word of `1.0-STABLE`, which `version_compare` does not know
//! and puts before all others.

use std::cmp::Ordering;

use crate::digits;

/// A version as `version_compare` sees it once it is normalised.
#[derive(Debug, Clone)]
pub(crate) struct Packagist<'a>(Vec<Part<'a>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part<'a> {
    Word(Word),
    Number(&'a str),
}

/// Words in the order of `version_compare`; a number stands where the release does, and a word that it
/// does not know before all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Word {
    Stable,
    Dev,
    Alpha,
    Beta,
    Candidate,
    Release,
    Patch,
}

/// Spellings of stability; longer ones first.
const WORDS: [(&str, Word); 9] = [
    ("stable", Word::Stable),
    ("alpha", Word::Alpha),
    ("beta", Word::Beta),
    ("patch", Word::Patch),
    ("rc", Word::Candidate),
    ("pl", Word::Patch),
    ("a", Word::Alpha),
    ("b", Word::Beta),
    ("p", Word::Patch),
];

/// The number that stands for `x` in a branch.
const WITHOUT_END: &str = "9999999";

/// Reads a version.
pub(crate) fn parse(text: &str) -> Option<Packagist<'_>> {
    let text = without_build(without_flag(text.trim()));
    let digits = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let parts = classical(digits).or_else(|| dated(digits)).or_else(|| branch(digits))?;
    Some(Packagist(parts))
}

/// Drops `@stable` and the like from the end.
fn without_flag(text: &str) -> &str {
    let flags = ["stable", "rc", "beta", "alpha", "dev"];
    match text.rsplit_once('@') {
        Some((version, flag)) if flags.iter().any(|known| flag.eq_ignore_ascii_case(known)) => version,
        _ => text,
    }
}

fn without_build(text: &str) -> &str {
    match text.split_once('+') {
        Some((version, build)) if !build.is_empty() && !text.contains([',', ' ', '\t']) => version,
        _ => text,
    }
}

/// One to four numbers, the first of at most five digits; the missing ones are zero.
fn classical(text: &str) -> Option<Vec<Part<'_>>> {
    let mut numbers = ["0"; 4];
    let (first, mut rest) = digits::take(text);
    if first.is_empty() || first.len() > 5 {
        return None;
    }
    let mut places = numbers.iter_mut();
    *places.next()? = first;
    for place in places {
        let Some((number, after)) = rest.strip_prefix('.').map(digits::take) else { break };
        if number.is_empty() {
            break;
        }
        (*place, rest) = (number, after);
    }
    let mut parts: Vec<_> = numbers.into_iter().map(Part::Number).collect();
    push_modifiers(&mut parts, rest)?;
    Some(parts)
}

/// Four digits, up to six times two digits, up to two times one to three; separators between.
fn dated(text: &str) -> Option<Vec<Part<'_>>> {
    let (year, rest) = text.split_at_checked(4).filter(|(year, _)| digits::is_number(year))?;
    let mut best = None;
    pairs(year.len(), rest, 6, &mut |end| {
        let (date, rest) = text.split_at_checked(end)?;
        let mut parts: Vec<_> = date.split(['.', ':', '-']).map(Part::Number).collect();
        push_modifiers(&mut parts, rest)?;
        best = Some(parts);
        Some(())
    });
    best
}

/// Tries all ways to take pairs of digits, the longest first; `found` says whether the end will do.
fn pairs(at: usize, rest: &str, left: u8, found: &mut dyn FnMut(usize) -> Option<()>) -> Option<()> {
    let (gap, body) = separator(rest);
    let (pair, after) = body.split_at_checked(2).filter(|(pair, _)| digits::is_number(pair))?;
    let at = at + gap + pair.len();
    let more = if left > 1 { pairs(at, after, left - 1, found) } else { None };
    more.or_else(|| tails(at, after, 2, found))
}

/// The same for one to three digits at the end.
fn tails(at: usize, rest: &str, left: u8, found: &mut dyn FnMut(usize) -> Option<()>) -> Option<()> {
    let (gap, body) = separator(rest);
    for length in [3, 2, 1] {
        let Some((_, after)) = body.split_at_checked(length).filter(|(tail, _)| digits::is_number(tail))
        else {
            continue;
        };
        if left > 0 && tails(at + gap + length, after, left - 1, found).is_some() {
            return Some(());
        }
    }
    found(at)
}

fn separator(text: &str) -> (usize, &str) {
    text.strip_prefix(['.', ':', '-']).map_or((0, text), |rest| (1, rest))
}

/// `1.x-dev` and `1.2-dev` that is not a version: the last of a branch.
fn branch(text: &str) -> Option<Vec<Part<'_>>> {
    let at = text.len().checked_sub(3)?;
    let (name, dev) = text.split_at_checked(at)?;
    if !dev.eq_ignore_ascii_case("dev") {
        return None;
    }
    let name = name.strip_suffix(['.', '-']).unwrap_or(name);
    let mut parts = Vec::new();
    for part in name.split('.') {
        let is_open = matches!(part, "x" | "X" | "*") && !parts.is_empty();
        if !is_open && !digits::is_number(part) {
            return None;
        }
        parts.push(Part::Number(if is_open { WITHOUT_END } else { part }));
    }
    if parts.len() > 4 {
        return None;
    }
    parts.resize(4, Part::Number(WITHOUT_END));
    parts.push(Part::Word(Word::Dev));
    Some(parts)
}

/// Reads what may follow the numbers: a separator, a word with numbers, and `dev`.
fn push_modifiers<'a>(parts: &mut Vec<Part<'a>>, text: &'a str) -> Option<()> {
    let text = text.strip_prefix(['.', '_', '-']).unwrap_or(text);
    let word = WORDS.iter().find_map(|(spelling, word)| {
        let (head, tail) = text.split_at_checked(spelling.len())?;
        head.eq_ignore_ascii_case(spelling).then_some((*word, tail))
    });
    let (word, mut rest) = word.map_or((None, text), |(word, tail)| (Some(word), tail));
    let mut modifiers: Vec<Part<'_>> = word.map(Part::Word).into_iter().collect();
    while word.is_some() {
        let (number, after) = digits::take(rest.strip_prefix(['.', '-']).unwrap_or(rest));
        if number.is_empty() {
            break;
        }
        modifiers.push(Part::Number(number));
        rest = after;
    }
    if !rest.is_empty() {
        let dev = rest.strip_prefix(['.', '-']).unwrap_or(rest);
        dev.eq_ignore_ascii_case("dev").then(|| modifiers.push(Part::Word(Word::Dev)))?;
    }
    // A stable version is one, whatever follows the word in lower case.
    if !text.starts_with("stable") {
        parts.append(&mut modifiers);
    }
    Some(())
}

impl Part<'_> {
    /// A number stands for the release where it meets a word.
    fn word(self) -> Word {
        match self {
            Self::Word(word) => word,
            Self::Number(_) => Word::Release,
        }
    }
}

impl Packagist<'_> {
    /// Part by part, as `version_compare` does.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        let (mut a, mut b) = (self.0.iter(), other.0.iter());
        loop {
            let order = match (a.next(), b.next()) {
                (None, None) => return Ordering::Equal,
                (Some(Part::Number(a)), Some(Part::Number(b))) => digits::compare(a, b),
                (Some(a), Some(b)) => a.word().cmp(&b.word()),
                // What is left decides: a number is more, a word is what it says.
                (Some(Part::Number(_)), None) => return Ordering::Greater,
                (None, Some(Part::Number(_))) => return Ordering::Less,
                (Some(a), None) => return a.word().cmp(&Word::Release),
                (None, Some(b)) => return Word::Release.cmp(&b.word()),
            };
            if order.is_ne() {
                return order;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(a: &str, b: &str) -> Option<Ordering> {
        Some(parse(a)?.compare(&parse(b)?))
    }

    #[test]
    fn the_order_of_composer() {
        let ascending = [
            "1.0-Stable",
            "1.0-STABLE2",
            "1.0-dev",
            "1.0.0-alpha",
            "1.0a1",
            "1.0-beta1-dev",
            "1.0-beta1",
            "1.0-beta.2",
            "1.0-beta10",
            "1.0-RC1",
            "v1.0",
            "1.0-p1",
            "1.0-patch.2",
            "1.0.1",
            "1.10",
            "1.x-dev",
            "2.0",
            "20100102",
            "20100102.203040",
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(order(a, b), Some(i.cmp(&j)), "{a} {b}");
            }
        }
        for (a, b) in [
            ("1", "1.0.0.0"),
            ("1.0+build", "1.0"),
            ("1.0@beta", "1.0"),
            ("1.0-stable", "1.0"),
            ("1.0-stable2-dev", "1.0"),
            ("1.0b2", "1.0.0-beta2"),
            ("1.0pl1", "1.0-patch1"),
            ("1.2.x-dev", "1.2.*-dev"),
            ("2010-01-02", "2010:01.02"),
        ] {
            assert_eq!(order(a, b), Some(Ordering::Equal), "{a} {b}");
        }
    }

    #[test]
    fn branches_and_nonsense_are_refused() {
        for bad in [
            "",
            "dev-main",
            "master",
            "1.0.x",
            "^1.0",
            "1.0.0.0.0",
            "1.0 2",
            "1.0-foo",
            "foo-dev",
            "1.0é",
            "-dev",
            "1..0",
        ] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }
}
