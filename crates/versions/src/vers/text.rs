//! Ranges as they are written: read leniently or strictly, and written canonically.

use std::fmt;
use std::str::FromStr;

use super::{BadVers, Comparator, Constraint, Vers};
use crate::percent;

/// Longest range that is read, in bytes.
const MAX_RANGE: usize = 64_000;

/// Longer signs first, so that `<` does not eat the start of `<=`.
const SIGNS: [(&str, Comparator); 6] = [
    (">=", Comparator::GreaterOrEqual),
    ("<=", Comparator::LessOrEqual),
    ("!=", Comparator::NotEqual),
    (">", Comparator::Greater),
    ("<", Comparator::Less),
    ("=", Comparator::Equal),
];

const BROKEN_ENCODING: BadVers = BadVers::NotCanonical("invalid percent-encoding in version");

impl FromStr for Vers {
    type Err = BadVers;

    fn from_str(text: &str) -> Result<Self, BadVers> {
        if text.len() > MAX_RANGE {
            return Err(BadVers::TooLong);
        }
        let text: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let (scheme, constraints) = head(&text)?;
        let parts: Vec<_> = constraints.split('|').filter(|part| !part.is_empty()).collect();
        Self::of(scheme, parts.into_iter().map(constraint).collect::<Result<_, _>>()?)
    }
}

/// The scheme and what follows its slash.
fn head(text: &str) -> Result<(String, &str), BadVers> {
    let (prefix, rest) = text.split_once(':').ok_or(BadVers::Prefix)?;
    if !prefix.eq_ignore_ascii_case("vers") {
        return Err(BadVers::Prefix);
    }
    let (scheme, constraints) = rest.split_once('/').ok_or(BadVers::Empty)?;
    let is_good = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    if is_good { Ok((scheme.to_ascii_lowercase(), constraints)) } else { Err(BadVers::Scheme) }
}

fn constraint(text: &str) -> Result<Constraint, BadVers> {
    if text == "*" {
        return Ok(Constraint { comparator: Comparator::Any, version: String::new() });
    }
    let found = SIGNS.iter().find_map(|(sign, comparator)| Some((text.strip_prefix(sign)?, *comparator)));
    let (version, comparator) = found.unwrap_or((text, Comparator::Equal));
    let version = percent::decode(version).ok_or(BROKEN_ENCODING)?;
    match version.as_str() {
        "" => Err(BadVers::NoVersion),
        "*" => Err(BadVers::Star),
        _ => Ok(Constraint { comparator, version }),
    }
}

impl Vers {
    /// Reads a range that must be written canonically: without blanks, with single pipes between
    /// ascending constraints, and with no more percent-encoding than needed.
    pub fn parse_canonical(text: &str) -> Result<Self, BadVers> {
        let refuse = |reason| Err(BadVers::NotCanonical(reason));
        if text.len() > MAX_RANGE {
            return Err(BadVers::TooLong);
        }
        if text.bytes().any(|byte| byte.is_ascii_whitespace()) {
            return refuse("whitespace is not permitted");
        }
        let (scheme, constraints) = head(text)?;
        if constraints.starts_with('|') {
            return refuse("leading pipe is not permitted");
        }
        if constraints.ends_with('|') {
            return refuse("trailing pipe is not permitted");
        }
        if constraints.contains("||") {
            return refuse("consecutive pipes are not permitted");
        }
        let given: Vec<_> = constraints.split('|').map(constraint).collect::<Result<_, _>>()?;
        for text in constraints.split('|') {
            check_encoding(&scheme, text.trim_start_matches(['<', '>', '=', '!']))?;
        }
        let range = Self::of(scheme, given.clone())?;
        if range.constraints != given {
            return refuse("constraints are not sorted by version");
        }
        if range.to_string() != text {
            return refuse("the canonical form is written otherwise");
        }
        Ok(range)
    }
}

/// The canonical encoding of a version in the suite's words.
fn check_encoding(scheme: &str, version: &str) -> Result<(), BadVers> {
    let refuse = |reason| Err(BadVers::NotCanonical(reason));
    let has_lower_hex = version
        .as_bytes()
        .windows(3)
        .any(|window| matches!(window, [b'%', rest @ ..] if rest.iter().any(u8::is_ascii_lowercase)));
    if has_lower_hex {
        return refuse("percent-encoding in version is not canonical");
    }
    if scheme == "datetime" {
        if version.contains("%3A") {
            return refuse("datetime time colons must be unencoded");
        }
        if version.contains(['t', 'z']) {
            return refuse("datetime must use uppercase T and Z");
        }
    }
    Ok(())
}

/// The canonical form.
impl fmt::Display for Vers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "vers:{}/", self.scheme)?;
        for (place, constraint) in self.constraints.iter().enumerate() {
            if place > 0 {
                f.write_str("|")?;
            }
            write!(f, "{constraint}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.comparator {
            Comparator::Any => return f.write_str("*"),
            Comparator::Equal => "",
            Comparator::NotEqual => "!=",
            Comparator::Less => "<",
            Comparator::LessOrEqual => "<=",
            Comparator::Greater => ">",
            Comparator::GreaterOrEqual => ">=",
        })?;
        let mut encoded = String::new();
        percent::encode(&mut encoded, &self.version);
        f.write_str(&encoded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_leniently_and_written_canonically() {
        for (given, canonical) in [
            ("VERS:NPM/ >= 1.0.0 | < 2.0.0 |", "vers:npm/>=1.0.0|<2.0.0"),
            ("vers:pypi/||2.0||1.0", "vers:pypi/1.0|2.0"),
            ("vers:deb/=1:2.0%2Bb~1", "vers:deb/1:2.0%2Bb~1"),
            ("vers:pypi/=1.0", "vers:pypi/1.0"),
        ] {
            assert_eq!(given.parse::<Vers>().unwrap().to_string(), canonical);
            assert!(Vers::parse_canonical(canonical).is_ok(), "{canonical}");
            assert!(Vers::parse_canonical(given).is_err() || given == canonical, "{given}");
        }
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for (text, error) in [
            ("", BadVers::Prefix),
            ("pkg:npm/x", BadVers::Prefix),
            ("vers:npm", BadVers::Empty),
            ("vers:npm/", BadVers::Empty),
            ("vers:/1", BadVers::Scheme),
            ("vers:n_m/1", BadVers::Scheme),
            ("vers:npm/>=", BadVers::NoVersion),
            ("vers:npm/*|1.0.0", BadVers::Star),
            ("vers:npm/>*", BadVers::Star),
            ("vers:npm/1%2", BROKEN_ENCODING),
        ] {
            assert_eq!(text.parse::<Vers>(), Err(error), "{text}");
        }
        assert_eq!(("vers:npm/".to_owned() + &"1".repeat(64_000)).parse::<Vers>(), Err(BadVers::TooLong));
    }
}
