//! CRAN and Bioconductor: numbers with dots or hyphens between them.
//!
//! Authority: "Writing R Extensions", 1.1.1 (the field Version), and R's `compareVersion`, which
//! compares number by number and puts `1.0` before `1.0.0`. R's operators on `package_version` take
//! those two for equal; OSV follows `compareVersion`.

use std::cmp::Ordering;

use crate::digits;

/// A version, borrowed from its text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cran<'a>(&'a str);

/// Reads a version. R wants two numbers; records also have one, which is as clear. R's integers end
/// before 2^31.
pub(crate) fn parse(text: &str) -> Option<Cran<'_>> {
    let text = text.trim();
    let is_number = |part: &str| digits::is_number(part) && part.parse::<i32>().is_ok();
    text.split(['.', '-']).all(is_number).then_some(Cran(text))
}

impl Cran<'_> {
    /// Number by number.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        digits::compare_lists(self.0.split(['.', '-']), other.0.split(['.', '-']))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_compare_version() {
        let ascending = ["0.9", "1.0", "1.0.0", "1.0-1", "1.0-2", "1.0.10", "1.2", "2", "2.2147483647"];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(parse(a).unwrap().compare(&parse(b).unwrap()), i.cmp(&j), "{a} {b}");
            }
        }
        assert_eq!(parse("1.0-1").unwrap().compare(&parse("1.0.1").unwrap()), Ordering::Equal);
        for bad in ["", "1.", "1.0a", "-1", "1--1", "v1.0", "devel", "1.2147483648"] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }
}
