//! Alpine and all that install packages with apk: `1.2.3a_rc1~0123abc-r4`.
//!
//! Authority: apk-package(5), "Package version", and `apk_version_compare` of apk-tools 3. A number
//! with a leading zero is compared as text with the one beside it, but for the first. Numbers from 2^64
//! on are compared as numbers, where apk loses their upper digits.

use std::cmp::Ordering;

use crate::digits;

/// A version that apk accepts; its parts are taken from the text as they are compared.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Alpine<'a>(&'a str);

/// What may follow the parts that two versions have alike. Later in this list means an earlier
/// version, except for a suffix of a pre-release, which is before all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    First,
    Number,
    Letter,
    Suffix,
    SuffixNumber,
    Commit,
    Revision,
    End,
}

#[derive(Debug, Clone, Copy)]
struct Part<'a> {
    kind: Kind,
    text: &'a str,
    /// Of a suffix: its place in [`SUFFIXES`].
    suffix: usize,
}

/// In order; the empty place divides those before a release from those behind it.
const SUFFIXES: [&str; 10] = ["alpha", "beta", "pre", "rc", "", "cvs", "svn", "git", "hg", "p"];
const RELEASE: usize = 4;

/// Reads a version.
pub(crate) fn parse(text: &str) -> Option<Alpine<'_>> {
    let text = text.trim();
    let (mut part, mut rest) = first(text)?;
    while part.kind != Kind::End {
        (part, rest) = next(part.kind, rest)?;
    }
    Some(Alpine(text))
}

fn first(text: &str) -> Option<(Part<'_>, &str)> {
    let (number, rest) = digits::take(text);
    (!number.is_empty()).then_some((Part { kind: Kind::First, text: number, suffix: 0 }, rest))
}

/// The part that the text begins with, if it may stand behind one of the kind `last`.
fn next(last: Kind, text: &str) -> Option<(Part<'_>, &str)> {
    let part = |kind, text, suffix| Part { kind, text, suffix };
    let number = |kind, text| {
        let (number, rest) = digits::take(text);
        (!number.is_empty()).then_some((part(kind, number, 0), rest))
    };
    let Some(begin) = text.chars().next() else { return Some((part(Kind::End, "", 0), "")) };
    let rest = text.strip_prefix(begin)?;
    match begin {
        'a'..='z' if last <= Kind::Number => Some((part(Kind::Letter, text.get(..1)?, 0), rest)),
        '.' if last <= Kind::Number => number(Kind::Number, rest),
        '0'..='9' if last == Kind::Suffix => number(Kind::SuffixNumber, text),
        '_' if last <= Kind::SuffixNumber => {
            let end = rest.bytes().position(|byte| !byte.is_ascii_lowercase()).unwrap_or(rest.len());
            let (word, rest) = rest.split_at(end);
            let place = SUFFIXES.iter().position(|suffix| *suffix == word && !word.is_empty())?;
            Some((part(Kind::Suffix, word, place), rest))
        }
        '~' if last < Kind::Commit => {
            let end = rest
                .bytes()
                .position(|byte| !matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
                .unwrap_or(rest.len());
            let (commit, rest) = rest.split_at(end);
            (!commit.is_empty()).then_some((part(Kind::Commit, commit, 0), rest))
        }
        '-' if last < Kind::Revision => number(Kind::Revision, rest.strip_prefix('r')?),
        _ => None,
    }
}

impl Part<'_> {
    fn is_before_release(&self) -> bool {
        self.kind == Kind::Suffix && self.suffix < RELEASE
    }

    /// Compares parts of the same kind.
    fn compare(&self, other: &Self) -> Ordering {
        let padded = self.text.starts_with('0') || other.text.starts_with('0');
        match self.kind {
            Kind::Suffix => self.suffix.cmp(&other.suffix),
            Kind::First | Kind::SuffixNumber | Kind::Revision => digits::compare(self.text, other.text),
            Kind::Number if !padded => digits::compare(self.text, other.text),
            Kind::Number | Kind::Letter | Kind::Commit | Kind::End => self.text.cmp(other.text),
        }
    }
}

impl Alpine<'_> {
    /// Part by part; the first that differs decides, by its value or by its kind.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        let (Some(mut a), Some(mut b)) = (first(self.0), first(other.0)) else { return Ordering::Equal };
        loop {
            if a.0.kind != b.0.kind {
                return match (a.0.is_before_release(), b.0.is_before_release()) {
                    (true, _) => Ordering::Less,
                    (_, true) => Ordering::Greater,
                    _ => b.0.kind.cmp(&a.0.kind),
                };
            }
            let order = a.0.compare(&b.0);
            if order.is_ne() || a.0.kind == Kind::End {
                return order;
            }
            // Both were read whole by `parse`, so there is a next part.
            let (Some(next_a), Some(next_b)) = (next(a.0.kind, a.1), next(b.0.kind, b.1)) else {
                return Ordering::Equal;
            };
            (a, b) = (next_a, next_b);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_apk() {
        let ascending = [
            "0.1.0_alpha",
            "0.1.0_alpha1",
            "0.1.0_alpha1_p2",
            "0.1.0_beta",
            "0.1.0_pre20060124",
            "0.1.0_rc1",
            "0.1.0",
            "0.1.0-r0",
            "0.1.0-r10",
            "0.1.0~0123abc-r1",
            "0.1.0_git20200101",
            "0.1.0_p1",
            "0.1.0a",
            "0.1.0.1",
            "0.1.01",
            "0.1.1",
            "0.1.9",
            "0.1.10",
            "20040406",
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(parse(a).unwrap().compare(&parse(b).unwrap()), i.cmp(&j), "{a} {b}");
            }
        }
    }

    /// apk_ctype of apk-tools 3: hexadecimal digits of a commit are lower case.
    #[test]
    fn nonsense_is_refused() {
        for bad in [
            "", "edge", "v1", "1.", "1..2", "1ab", "1_foo", "1_", "1-1", "1-r", "1~", "1~x", "1~AB", "1~aB",
            "1-r1-r2", "1é",
        ] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }
}
