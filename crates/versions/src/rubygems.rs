//! RubyGems: numbers and words in any mixture; words are before numbers.
//!
//! Authority: `Gem::Version` of RubyGems (its documentation, "How Software Changes" and
//! "Preventing Version Catastrophe", its pattern of a version, and `<=>`).

use std::cmp::Ordering;

use crate::digits;

/// The segments of a version without the zeros that do not count.
#[derive(Debug, Clone)]
pub(crate) struct Gem<'a>(Vec<Segment<'a>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Segment<'a> {
    Word(&'a str),
    Number(&'a str),
}

/// Reads a version.
pub(crate) fn parse(text: &str) -> Option<Gem<'_>> {
    let text = text.trim();
    let (numbers, suffix) = text.split_once('-').unwrap_or((text, "0"));
    let is_part = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_suffix_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_good = digits::parts(numbers).next().is_some_and(digits::is_number)
        && digits::parts(numbers).all(is_part)
        && digits::parts(suffix).all(is_suffix_part);
    is_good.then(|| Gem(canonical(text)))
}

/// Runs of digits or letters; a hyphen stands for the word `pre`. Zeros are dropped where the
/// leading numbers end, and at the end of all.
fn canonical(text: &str) -> Vec<Segment<'_>> {
    let mut segments: Vec<Segment<'_>> = Vec::new();
    let mut first_word = None;
    let mut rest = text;
    while let Some(begin) = rest.bytes().next() {
        let (segment, after) = match begin {
            b'0'..=b'9' => {
                let (number, after) = digits::take(rest);
                (Segment::Number(number), after)
            }
            b'-' => (Segment::Word("pre"), rest.get(1..).unwrap_or_default()),
            b'.' => {
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
            _ => {
                let end = rest.bytes().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(rest.len());
                let (word, after) = rest.split_at(end);
                (Segment::Word(word), after)
            }
        };
        if matches!(segment, Segment::Word(_)) && first_word.is_none() {
            drop_zeros(&mut segments, 0);
            first_word = Some(segments.len());
        }
        segments.push(segment);
        rest = after;
    }
    drop_zeros(&mut segments, first_word.unwrap_or_default());
    segments
}

fn drop_zeros(segments: &mut Vec<Segment<'_>>, from: usize) {
    while segments.len() > from
        && matches!(segments.last(), Some(Segment::Number(number)) if digits::significant(number).is_empty())
    {
        segments.pop();
    }
}

impl Gem<'_> {
    /// Segment by segment; a missing one is zero.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        let zero = Segment::Number("");
        (0..self.0.len().max(other.0.len()))
            .map(|at| match (self.0.get(at).unwrap_or(&zero), other.0.get(at).unwrap_or(&zero)) {
                (Segment::Number(a), Segment::Number(b)) => digits::compare(a, b),
                (Segment::Word(a), Segment::Word(b)) => a.cmp(b),
                (Segment::Word(_), Segment::Number(_)) => Ordering::Less,
                (Segment::Number(_), Segment::Word(_)) => Ordering::Greater,
            })
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(a: &str, b: &str) -> Option<Ordering> {
        Some(parse(a)?.compare(&parse(b)?))
    }

    #[test]
    fn the_order_of_gem_version() {
        let ascending = [
            "0.beta.1",
            "0.0.beta.2",
            "0",
            "1.0.a",
            "1.0.a.2",
            "1.0.a10",
            "1.0.b1",
            "1.0-1",
            "1.0.rc1",
            "1.0",
            "1.0.1",
            "1.9",
            "1.10",
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(order(a, b), Some(i.cmp(&j)), "{a} {b}");
            }
        }
        for (a, b) in [("1", "1.0.0"), ("1.0.b1", "1.b.1"), ("1.0-1", "1.pre.1"), ("1.00", "1.0")] {
            assert_eq!(order(a, b), Some(Ordering::Equal), "{a} {b}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for bad in ["", "junk", "1.", "1..2", ".1", "v1", "1.0-", "1.0_1", "a.1", "1.0 1", "1,0", "1é"] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }
}
