//! PyPI: PEP 440, complete with epochs, pre-, post- and development releases and local versions.
//!
//! Authority: PEP 440 and its living form, the "Version specifiers" page of the Python Packaging
//! User Guide, with "Appendix: Parsing version strings with regular expressions" for what is read
//! and "Summary of permitted suffixes and relative ordering" for the order.

use std::cmp::Ordering;

use crate::{digits, dotted};

/// A Python version; all numbers are digits, borrowed from the text, and an empty one is zero.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pep440<'a> {
    epoch: &'a str,
    release: &'a str,
    pre: Option<(Pre, &'a str)>,
    post: Option<&'a str>,
    dev: Option<&'a str>,
    local: Option<&'a str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Pre {
    Alpha,
    Beta,
    Candidate,
}

/// Spellings of pre-releases; longer ones first, so that `a` does not eat the start of `alpha`.
const PRE_WORDS: [(&str, Pre); 8] = [
    ("alpha", Pre::Alpha),
    ("a", Pre::Alpha),
    ("beta", Pre::Beta),
    ("b", Pre::Beta),
    ("preview", Pre::Candidate),
    ("pre", Pre::Candidate),
    ("c", Pre::Candidate),
    ("rc", Pre::Candidate),
];

/// Spellings of post-releases, longer ones first.
const POST_WORDS: [(&str, ()); 3] = [("post", ()), ("rev", ()), ("r", ())];

const DEV_WORDS: [(&str, ()); 1] = [("dev", ())];

/// Reads a version, in any of the spellings that PEP 440 normalises.
pub(crate) fn parse(text: &str) -> Option<Pep440<'_>> {
    if digits::is_dotted(text) {
        return Some(Pep440 { epoch: "", release: text, pre: None, post: None, dev: None, local: None });
    }
    let text = text.trim();
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let (text, local) = match text.split_once('+') {
        Some((text, local)) => (text, Some(local)),
        None => (text, None),
    };
    let (epoch, text) = match text.split_once('!') {
        Some((epoch, text)) if digits::is_number(epoch) => (epoch, text),
        Some(_) => return None,
        None => ("", text),
    };
    let (release, rest) = take_release(text)?;
    let (pre, rest) = take_suffix(rest, &PRE_WORDS);
    let (post, rest) = take_post(rest);
    let (dev, rest) = take_suffix(rest, &DEV_WORDS);
    let local_is_good = local.is_none_or(|local| local.split(is_separator).all(is_alphanumeric));
    (rest.is_empty() && local_is_good).then_some(Pep440 {
        epoch,
        release,
        pre,
        post,
        dev: dev.map(|((), number)| number),
        local,
    })
}

fn is_separator(c: char) -> bool {
    matches!(c, '-' | '_' | '.')
}

fn is_alphanumeric(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The numbers between dots at the front of the text, at least one.
fn take_release(text: &str) -> Option<(&str, &str)> {
    let mut end = digits::take(text).0.len();
    if end == 0 {
        return None;
    }
    while let Some(next) = text.get(end..).and_then(|rest| rest.strip_prefix('.')) {
        let length = digits::take(next).0.len();
        if length == 0 {
            break;
        }
        end += 1 + length;
    }
    text.split_at_checked(end)
}

/// A word with an optional separator before it and an optional number behind it, or nothing taken.
fn take_suffix<'a, W: Copy>(text: &'a str, words: &[(&str, W)]) -> (Option<(W, &'a str)>, &'a str) {
    let start = text.strip_prefix(is_separator).unwrap_or(text);
    for (word, meaning) in words {
        let Some((head, tail)) = start.split_at_checked(word.len()) else { continue };
        if head.eq_ignore_ascii_case(word) {
            let (number, rest) = digits::take(tail.strip_prefix(is_separator).unwrap_or(tail));
            return (Some((*meaning, number)), rest);
        }
    }
    (None, text)
}

/// A post-release in words, or the implicit one of `1.0-1`.
fn take_post(text: &str) -> (Option<&str>, &str) {
    if let Some(("", _)) | None = text.strip_prefix('-').map(digits::take) {
        let (post, rest) = take_suffix(text, &POST_WORDS);
        return (post.map(|((), number)| number), rest);
    }
    let (number, rest) = digits::take(text.strip_prefix('-').unwrap_or_default());
    (Some(number), rest)
}

impl Pep440<'_> {
    /// The order of PEP 440; trailing zeros of the release do not count.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        digits::compare(self.epoch, other.epoch)
            .then_with(|| dotted::compare_padded(self.release, other.release))
            .then_with(|| self.pre_rank().cmp(&other.pre_rank()))
            .then_with(|| digits::compare(pre_number(self), pre_number(other)))
            .then_with(|| compare_optional(self.post, other.post))
            .then_with(|| compare_dev(self.dev, other.dev))
            .then_with(|| compare_local(self.local, other.local))
    }

    /// Development releases of a final release come first of all, then pre-releases; the final
    /// release and its post-releases follow.
    fn pre_rank(&self) -> u8 {
        match (self.pre, self.post, self.dev) {
            (None, None, Some(_)) => 0,
            (Some((Pre::Alpha, _)), ..) => 1,
            (Some((Pre::Beta, _)), ..) => 2,
            (Some((Pre::Candidate, _)), ..) => 3,
            (None, ..) => 4,
        }
    }
}

fn pre_number<'a>(version: &Pep440<'a>) -> &'a str {
    version.pre.map_or("", |(_, number)| number)
}

/// Without a post-release comes first.
fn compare_optional(a: Option<&str>, b: Option<&str>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => digits::compare(a, b),
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

/// Without a development release comes last.
fn compare_dev(a: Option<&str>, b: Option<&str>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => digits::compare(a, b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

/// No local version comes first; then part by part, words before numbers, shorter before longer.
fn compare_local(a: Option<&str>, b: Option<&str>) -> Ordering {
    let (Some(a), Some(b)) = (a, b) else { return a.is_some().cmp(&b.is_some()) };
    let (mut a, mut b) = (a.split(is_separator), b.split(is_separator));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(a), Some(b)) => compare_local_parts(a, b),
        };
        if order.is_ne() {
            return order;
        }
    }
}

fn compare_local_parts(a: &str, b: &str) -> Ordering {
    match (digits::is_number(a), digits::is_number(b)) {
        (true, true) => digits::compare(a, b),
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) => {
            let (a, b) = (a.bytes(), b.bytes());
            a.map(|c| c.to_ascii_lowercase()).cmp(b.map(|c| c.to_ascii_lowercase()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(a: &str, b: &str) -> Option<Ordering> {
        Some(parse(a)?.compare(&parse(b)?))
    }

    /// PEP 440, "Summary of permitted suffixes and relative ordering", its epochs and local versions.
    #[test]
    fn the_order_of_pep_440_holds() {
        let ascending = [
            "1.dev0",
            "1.0.dev456",
            "1.0a1",
            "1.0a2.dev456",
            "1.0a12.dev456",
            "1.0a12",
            "1.0b1.dev456",
            "1.0b2",
            "1.0b2.post345.dev456",
            "1.0b2.post345",
            "1.0rc1.dev456",
            "1.0rc1",
            "1.0",
            "1.0+abc.5",
            "1.0+abc.7",
            "1.0+5",
            "1.0.post456.dev34",
            "1.0.post456",
            "1.0.15",
            "1.1.dev1",
            "2013.10",
            "2014.04",
            "1!0.1",
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(order(a, b), Some(i.cmp(&j)), "{a} {b}");
            }
        }
    }

    /// PEP 440, "Normalization".
    #[test]
    fn spellings_that_normalise_alike_are_equal() {
        for (written, normal) in [
            ("1.1RC1", "1.1rc1"),
            ("00", "0"),
            ("09000", "9000"),
            ("1.0+foo0100", "1.0+foo0100"),
            ("1.1.a1", "1.1a1"),
            ("1.1-a1", "1.1a1"),
            ("1.0a.1", "1.0a1"),
            ("1.1alpha1", "1.1a1"),
            ("1.1beta2", "1.1b2"),
            ("1.1c3", "1.1rc3"),
            ("1.1pre3", "1.1rc3"),
            ("1.1-preview_3", "1.1rc3"),
            ("1.2a", "1.2a0"),
            ("1.2-post2", "1.2.post2"),
            ("1.2post2", "1.2.post2"),
            ("1.2.post-2", "1.2.post2"),
            ("1.0-r4", "1.0.post4"),
            ("1.0.rev4", "1.0.post4"),
            ("1.2.post", "1.2.post0"),
            ("1.0-1", "1.0.post1"),
            ("1.2-dev2", "1.2.dev2"),
            ("1.2dev2", "1.2.dev2"),
            ("1.2.dev", "1.2.dev0"),
            ("1.0+ubuntu-1", "1.0+ubuntu.1"),
            ("1.0+ubuntu_1", "1.0+ubuntu.1"),
            ("v1.0", "1.0"),
            (" 1.0\n", "1.0"),
            ("0!1.0", "1.0"),
            ("1.0a-dev", "1.0a0.dev0"),
        ] {
            assert_eq!(order(written, normal), Some(Ordering::Equal), "{written}");
        }
        assert_eq!(order("1.0", "1.0.0"), Some(Ordering::Equal));
    }

    #[test]
    fn nonsense_is_refused() {
        for bad in [
            "",
            "trunk",
            "1.0-",
            "1.",
            ".1",
            "1.0+",
            "1.0+a+b",
            "1.0+a..b",
            "!1.0",
            "a!1.0",
            "1!",
            "1.0--1",
            "1.0.dev1a1",
            "1.0post1rc1",
            "3.0.0b3-",
            "2013-01-21T20:33:09+0100",
            "2019-09-12",
            "1.0 beta",
            "1.0+ä",
            "1.0é",
            "0.3m1",
        ] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }
}
