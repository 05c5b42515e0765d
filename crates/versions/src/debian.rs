//! Debian and all that follow it: `[epoch:]upstream[-revision]`; and opam, whose order is the same but
//! for the epoch.
//!
//! Authority: Debian Policy 5.6.12 ("Version") and deb-version(7), "Sorting algorithm"; the opam
//! manual, "Version ordering", and its `OpamVersionCompare`, which takes what stands behind the last
//! hyphen for a revision. Policy says that an upstream version should start with a digit, and
//! dpkg warns of others; here they are no versions, so that `<unfixed>` or a release's name is none.

use std::cmp::Ordering;

use crate::digits;

/// A version in its three parts, borrowed from its text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Debian<'a> {
    epoch: &'a str,
    upstream: &'a str,
    revision: &'a str,
}

/// Reads a version of Debian.
pub(crate) fn parse(text: &str) -> Option<Debian<'_>> {
    let text = text.trim();
    let (epoch, rest) = match text.split_once(':') {
        // dpkg: "epoch in version is too big" from 2^31 on.
        Some((epoch, rest)) if digits::is_number(epoch) && epoch.parse::<i32>().is_ok() => (epoch, rest),
        Some(_) => return None,
        None => ("", text),
    };
    let (upstream, revision) = match rest.rsplit_once('-') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (rest, ""),
    };
    let may_have_colon = !epoch.is_empty();
    let upstream_is_good = upstream.starts_with(|c: char| c.is_ascii_digit())
        && upstream.bytes().all(|b| is_plain(b) || b == b'-' || (b == b':' && may_have_colon));
    (upstream_is_good && revision.bytes().all(is_plain)).then_some(Debian { epoch, upstream, revision })
}

/// Reads a version of opam, which has no epoch.
pub(crate) fn parse_opam(text: &str) -> Option<Debian<'_>> {
    let text = text.trim();
    let is_good = text.bytes().any(|b| b.is_ascii_digit())
        && text.bytes().all(|b| is_plain(b) || matches!(b, b'-' | b'_'));
    let (upstream, revision) = text.rsplit_once('-').unwrap_or((text, ""));
    is_good.then_some(Debian { epoch: "", upstream, revision })
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'~')
}

impl Debian<'_> {
    /// Epoch, upstream version, revision; a missing revision equals `0`.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        digits::compare(self.epoch, other.epoch)
            .then_with(|| compare_part(self.upstream, other.upstream))
            .then_with(|| compare_part(self.revision, other.revision))
    }
}

/// Other characters and numbers in turn, from left to right.
fn compare_part(mut a: &str, mut b: &str) -> Ordering {
    while !a.is_empty() || !b.is_empty() {
        let (words_a, rest_a) = take_words(a);
        let (words_b, rest_b) = take_words(b);
        let order = compare_words(words_a.as_bytes(), words_b.as_bytes());
        if order.is_ne() {
            return order;
        }
        let (number_a, rest_a) = digits::take(rest_a);
        let (number_b, rest_b) = digits::take(rest_b);
        let order = digits::compare(number_a, number_b);
        if order.is_ne() {
            return order;
        }
        (a, b) = (rest_a, rest_b);
    }
    Ordering::Equal
}

fn take_words(text: &str) -> (&str, &str) {
    let end = text.bytes().position(|byte| byte.is_ascii_digit()).unwrap_or(text.len());
    text.split_at(end)
}

/// Tildes before the end, the end before letters, letters before all else.
fn compare_words(a: &[u8], b: &[u8]) -> Ordering {
    let weight = |byte: Option<&u8>| match byte {
        Some(b'~') => -1,
        None => 0,
        Some(byte) if byte.is_ascii_alphabetic() => i32::from(*byte),
        Some(byte) => i32::from(*byte) + 256,
    };
    (0..a.len().max(b.len()))
        .map(|place| weight(a.get(place)).cmp(&weight(b.get(place))))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// deb-version(7) and Debian Policy 5.6.12.
    #[test]
    fn the_order_of_debian_policy() {
        let ascending = [
            "1.0~~",
            "1.0~~a",
            "1.0~",
            "1.0",
            "1.0a",
            "1.0+b",
            "1.0.1",
            "1.2-1",
            "1.2-1+deb12u1",
            "1.2-1.1",
            "1.2-2~bpo12+1",
            "1.2-2",
            "1.10",
            "1:0.1",
            "2:0",
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(parse(a).unwrap().compare(&parse(b).unwrap()), i.cmp(&j), "{a} {b}");
            }
        }
        for (a, b) in [("1.0", "0:1.0"), ("1.0", "1.0-0"), ("1.00", "1.0"), ("0001.2", "1.02")] {
            assert_eq!(parse(a).unwrap().compare(&parse(b).unwrap()), Ordering::Equal, "{a} {b}");
        }
    }

    #[test]
    fn the_order_of_opam() {
        let order = |a, b| parse_opam(a).unwrap().compare(&parse_opam(b).unwrap());
        assert_eq!(order("4.14.0~rc1", "4.14.0"), Ordering::Less);
        assert_eq!(order("v0.9.2", "v0.16.0"), Ordering::Less);
        assert_eq!(order("1.0-1", "1.0"), Ordering::Greater);
        // By parts: without them, a hyphen would be later than a plus.
        assert_eq!(order("1.0-1", "1.0+dune"), Ordering::Less);
        assert_eq!(order("1.0-0", "1.0"), Ordering::Equal);
        assert_eq!(order("v1-2-3", "v1-10"), Ordering::Greater);
        assert!(parse_opam("dev").is_none());
    }

    #[test]
    fn nonsense_is_refused() {
        for bad in [
            "",
            "bookworm",
            "<unfixed>",
            "a:1",
            ":1",
            "1-",
            "1:",
            "1.0 1",
            "1_0",
            "v1",
            "1:2:é",
            "2147483648:1",
        ] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }
}
