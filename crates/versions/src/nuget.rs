//! NuGet: Semantic Versioning with one to four numbers, without letter case.
//!
//! Authority: NuGet's documentation, "Package versioning" ("Version basics", "Normalized version
//! numbers"), and `NuGetVersion.TryParse` and `VersionComparer.Default` of NuGet.Versioning. A number is
//! one of 32 bits there: longer ones are no versions, and words in a pre-release, as `-1` is a number.

use std::cmp::Ordering;

use crate::{digits, dotted};

/// A version, borrowed from its text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Nuget<'a> {
    numbers: &'a str,
    /// Identifiers between dots; empty for a release.
    pre: &'a str,
}

/// Reads a version; what stands behind a plus is checked and dropped.
pub(crate) fn parse(text: &str) -> Option<Nuget<'_>> {
    let text = text.trim();
    let (text, metadata) = text.split_once('+').unwrap_or((text, "0"));
    let (numbers, pre) = text.split_once('-').unwrap_or((text, "0"));
    let is_good = digits::is_dotted(numbers)
        && digits::parts(numbers).count() <= 4
        && digits::parts(numbers).all(|number| number.parse::<i32>().is_ok())
        && digits::parts(pre).all(is_label)
        && digits::parts(metadata).all(is_identifier);
    is_good.then_some(Nuget { numbers, pre: if text.contains('-') { pre } else { "" } })
}

/// A number of more than one digit does not begin with zero.
fn is_label(part: &str) -> bool {
    is_identifier(part) && (!digits::is_number(part) || digits::written(part) == part)
}

fn is_identifier(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

impl Nuget<'_> {
    /// Numbers, then the pre-release; metadata does not count.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        dotted::compare_padded(self.numbers, other.numbers)
            .then_with(|| self.pre.is_empty().cmp(&other.pre.is_empty()))
            .then_with(|| compare_pre(self.pre, other.pre))
    }
}

fn compare_pre(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (digits::parts(a), digits::parts(b));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (Some(a), Some(b)) => match (a.parse::<i32>(), b.parse::<i32>()) {
                (Ok(a), Ok(b)) => a.cmp(&b),
                (Err(_), Err(_)) => {
                    a.bytes().map(|c| c.to_ascii_uppercase()).cmp(b.bytes().map(|c| c.to_ascii_uppercase()))
                }
                (a, b) => b.is_ok().cmp(&a.is_ok()),
            },
            (a, b) => a.is_some().cmp(&b.is_some()),
        };
        if order.is_ne() {
            return order;
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
    fn the_order_of_nuget() {
        let ascending = [
            "0.9.9.1",
            "1.0.0--10",
            "1.0.0--9",
            "1.0.0-1",
            "1.0.0-10000000000",
            "1.0.0-9999999999",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-Beta",
            "1.0.0-beta.9",
            "1.0.0-beta.10",
            "1.0.0-rc",
            "1",
            "1.0.0.1-alpha",
            "1.0.0.1",
            "1.1",
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(order(a, b), Some(i.cmp(&j)), "{a} {b}");
            }
        }
        for (a, b) in [("1.0", "1.0.0.0"), ("1.0.0-BETA", "1.0.0-beta"), ("1.0+x", "1.0+y"), ("1.01", "1.1")]
        {
            assert_eq!(order(a, b), Some(Ordering::Equal), "{a} {b}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for bad in [
            "",
            "latest",
            "v1.0",
            "1.0.0.0.0",
            "1.",
            "1.0-",
            "1.0-a..b",
            "1.0+",
            "1.0-a_b",
            "[1.0]",
            "1.*",
            "1.0-01",
            "1.2147483648",
        ] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }
}
