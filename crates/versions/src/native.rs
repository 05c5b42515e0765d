//! Ranges as ecosystems write them, in the words of vers.
//!
//! Authority: node-semver's README ("Ranges") for npm; Conan's documentation ("Version ranges");
//! RubyGems' guide ("Pessimistic operator"); NuGet's "Version ranges"; PEP 440's "Version
//! specifiers"; the notation of nginx's and OpenSSL's own lists of flaws.
//!
//! Alternatives that overlap are joined, so that the range says what its author said: their bounds
//! in a row would say something else. The bound that a caret or a tilde implies is written without
//! the `-0` that node-semver adds to it, as the suite of vers has it.

use std::cmp::Ordering;

use crate::vers::{BadVers, Comparator, Constraint, Vers};
use crate::{Ecosystem, MAX_LENGTH, Order, Version};

use Comparator::{Any, Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};

type Comparison = (Comparator, String);

/// A bound and whether it is itself inside.
type Bound = Option<(String, bool)>;

impl Vers {
    /// Reads a range as the ecosystem of a scheme writes it: npm, pypi, gem, nuget, conan, nginx, openssl.
    ///
    /// # Errors
    /// If the scheme has no notation that is known here, or the text is none in it, or holds no version.
    pub fn from_native(scheme: &str, text: &str) -> Result<Self, BadVers> {
        let order = Ecosystem::parse(scheme).map_or(Order::Unknown, |ecosystem| ecosystem.order());
        let text = text.trim();
        if text.len() > MAX_LENGTH {
            return Err(BadVers::TooLong);
        }
        let all: Option<Vec<Vec<Comparison>>> = match scheme {
            "npm" if matches!(text, "" | "*") => {
                return Self::of(
                    scheme.to_owned(),
                    vec![Constraint { comparator: Any, version: String::new() }],
                );
            }
            "npm" => text.split("||").map(npm).collect(),
            // What follows the comma is about pre-releases, for which vers has no word.
            "conan" => text.split(',').next().unwrap_or_default().split("||").map(conan).collect(),
            "gem" => signed(text, ',').and_then(|all| expanded(all, gem)).map(|all| vec![all]),
            "pypi" => signed(text, ',').and_then(|all| expanded(all, pypi)).map(|all| vec![all]),
            "nuget" => nuget(text).map(|all| vec![all]),
            "nginx" => text.split(',').map(nginx).collect(),
            "openssl" => {
                Some(text.split(',').map(|version| vec![(Equal, version.trim().to_owned())]).collect())
            }
            _ => return Err(BadVers::Scheme),
        };
        let constraints = all.and_then(|all| joined(order, all)).ok_or(BadVers::Native)?;
        Self::of(scheme.to_owned(), constraints)
    }
}

/// Spans of alternatives, joined where they overlap, as constraints. None if something cannot be read.
fn joined(order: Order, all: Vec<Vec<Comparison>>) -> Option<Vec<Constraint>> {
    let mut spans = Vec::new();
    let mut constraints = Vec::new();
    for comparisons in all {
        let (not, bounds): (Vec<_>, Vec<_>) =
            comparisons.into_iter().partition(|(sign, _)| *sign == NotEqual);
        constraints.extend(not.into_iter().map(|(comparator, version)| Constraint { comparator, version }));
        if !bounds.is_empty() {
            spans.extend(span(order, bounds)?);
        }
    }
    // The order may have circles, by which the standard library's sort would panic: spans are few.
    for at in 1..spans.len() {
        let mut at = at;
        while at > 0 && begins_before(order, spans.get(at)?, spans.get(at - 1)?)? {
            spans.swap(at, at - 1);
            at -= 1;
        }
    }
    let mut kept: Vec<(Bound, Bound)> = Vec::new();
    for (from, to) in spans {
        match kept.last_mut() {
            Some((_, end)) if overlaps(order, end, &from)? => {
                if ends_before(order, end, &to)? {
                    *end = to;
                }
            }
            _ => kept.push((from, to)),
        }
    }
    let is_all = kept.iter().any(|(from, to)| from.is_none() && to.is_none());
    for (from, to) in kept {
        if from == to {
            constraints.extend(from.map(|(version, _)| Constraint { comparator: Equal, version }));
            continue;
        }
        let lower = from.map(|(version, inside)| (if inside { GreaterOrEqual } else { Greater }, version));
        let upper = to.map(|(version, inside)| (if inside { LessOrEqual } else { Less }, version));
        let bounds = lower.into_iter().chain(upper);
        constraints.extend(bounds.map(|(comparator, version)| Constraint { comparator, version }));
    }
    if constraints.is_empty() && is_all {
        constraints.push(Constraint { comparator: Any, version: String::new() });
    }
    Some(constraints).filter(|all| !all.is_empty())
}

/// What all comparisons leave; nothing where they exclude one another.
fn span(order: Order, comparisons: Vec<Comparison>) -> Option<Option<(Bound, Bound)>> {
    let (mut from, mut to): (Bound, Bound) = (None, None);
    for (sign, version) in comparisons {
        // Every text has to be a version, even where nothing is compared with it.
        Version::parse(order, &version)?;
        let inside = matches!(sign, Equal | GreaterOrEqual | LessOrEqual);
        let bound = Some((version, inside));
        if matches!(sign, Equal | Greater | GreaterOrEqual) && !later_start(order, &from, &bound)? {
            from.clone_from(&bound);
        }
        if matches!(sign, Equal | Less | LessOrEqual) && !ends_before(order, &to, &bound)? {
            to = bound;
        }
    }
    let is_empty = match (&from, &to) {
        (Some((low, low_inside)), Some((high, high_inside))) => match compare(order, low, high)? {
            Ordering::Greater => true,
            Ordering::Equal => !(*low_inside && *high_inside),
            Ordering::Less => false,
        },
        _ => false,
    };
    Some((!is_empty).then_some((from, to)))
}

fn compare(order: Order, a: &str, b: &str) -> Option<Ordering> {
    Version::parse(order, a)?.compare(&Version::parse(order, b)?)
}

/// Whether a start is later than another; no start is before all.
fn later_start(order: Order, a: &Bound, b: &Bound) -> Option<bool> {
    let (Some((a, a_inside)), Some((b, b_inside))) = (a, b) else { return Some(a.is_some() && b.is_none()) };
    Some(compare(order, a, b)?.then(b_inside.cmp(a_inside)).is_gt())
}

/// Whether an end is before another; no end is after all.
fn ends_before(order: Order, a: &Bound, b: &Bound) -> Option<bool> {
    let (Some((a, a_inside)), Some((b, b_inside))) = (a, b) else { return Some(a.is_some() && b.is_none()) };
    Some(compare(order, a, b)?.then(a_inside.cmp(b_inside)).is_lt())
}

fn begins_before(order: Order, a: &(Bound, Bound), b: &(Bound, Bound)) -> Option<bool> {
    later_start(order, &b.0, &a.0)
}

/// Whether a span that begins so has something in common with one that ends so.
fn overlaps(order: Order, end: &Bound, start: &Bound) -> Option<bool> {
    let (Some((end, end_inside)), Some((start, start_inside))) = (end, start) else { return Some(true) };
    Some(match compare(order, end, start)? {
        Ordering::Greater => true,
        Ordering::Equal => *end_inside && *start_inside,
        Ordering::Less => false,
    })
}

/// Signs of comparisons, longer ones first.
const SIGNS: [&str; 12] = ["===", "~>", ">=", "<=", "==", "!=", "~=", "^", "~", ">", "<", "="];

/// Comparisons between separators, each a sign and a version; the sign may be missing.
fn signed(text: &str, separator: char) -> Option<Vec<(&str, &str)>> {
    let mut found = Vec::new();
    let mut rest = text.trim_start_matches(|c: char| c == separator || c.is_whitespace());
    while !rest.is_empty() {
        let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign)).unwrap_or_default();
        let version = rest.get(sign.len()..)?.trim_start();
        let is_end = |c: char| c == separator || c.is_whitespace() || "^~<>=!|".contains(c);
        let end = version.find(is_end).unwrap_or(version.len());
        found.push((sign, version.get(..end).filter(|version| !version.is_empty())?));
        rest = version.get(end..)?.trim_start_matches(|c: char| c == separator || c.is_whitespace());
    }
    (!found.is_empty()).then_some(found)
}

type Expand = fn(&str, &str) -> Option<Vec<Comparison>>;

fn expanded(all: Vec<(&str, &str)>, expand: Expand) -> Option<Vec<Comparison>> {
    let parts: Vec<Vec<Comparison>> =
        all.into_iter().map(|(sign, version)| expand(sign, version)).collect::<Option<_>>()?;
    Some(parts.into_iter().flatten().collect())
}

fn plain(sign: &str, version: &str) -> Option<Vec<Comparison>> {
    let comparator = match sign {
        "" | "=" | "==" | "===" => Equal,
        "!=" => NotEqual,
        "<" => Less,
        "<=" => LessOrEqual,
        ">" => Greater,
        ">=" => GreaterOrEqual,
        _ => return None,
    };
    Some(vec![(comparator, version.to_owned())])
}

fn between(from: String, to: String) -> Option<Vec<Comparison>> {
    Some(vec![(GreaterOrEqual, from), (Less, to)])
}

fn npm(text: &str) -> Option<Vec<Comparison>> {
    if let Some((from, to)) = text.split_once(" - ") {
        let from = npm_one(">=", from.trim())?;
        return Some(from.into_iter().chain(npm_one("<=", to.trim())?).collect());
    }
    expanded(signed(text, ' ')?, npm_one)
}

/// node-semver: `^`, `~`, partial versions and `x`.
fn npm_one(sign: &str, version: &str) -> Option<Vec<Comparison>> {
    let version = version.trim_start_matches(['v', '=']);
    let version = version.split('+').next().unwrap_or_default();
    let (numbers, pre) = match version.split_once('-') {
        Some((numbers, pre)) => (numbers, format!("-{pre}")),
        None => (version, String::new()),
    };
    let mut given: Vec<Option<u64>> = Vec::new();
    for number in numbers.split('.') {
        let is_any = matches!(number, "x" | "X" | "*");
        let number = if is_any { None } else { Some(number.parse().ok()?) };
        given.push(number.filter(|_| given.last().is_none_or(Option::is_some)));
    }
    if given.len() > 3 {
        return None;
    }
    let known = given.iter().flatten().count();
    let number = |at: usize| given.get(at).copied().flatten().unwrap_or(0);
    let (major, minor, patch) = (number(0), number(1), number(2));
    let from = format!("{major}.{minor}.{patch}{pre}");
    // The first version behind all that the numbers given begin.
    let behind = match known {
        0 => return plain(">=", "0.0.0"),
        1 => format!("{}.0.0", major.checked_add(1)?),
        2 => format!("{major}.{}.0", minor.checked_add(1)?),
        _ => format!("{major}.{minor}.{}", patch.checked_add(1)?),
    };
    match sign {
        "^" if major > 0 || known == 1 => between(from, format!("{}.0.0", major.checked_add(1)?)),
        "^" if minor > 0 || known == 2 => between(from, format!("0.{}.0", minor.checked_add(1)?)),
        "^" => between(from, behind),
        "~" | "~>" if known == 1 => between(from, behind),
        "~" | "~>" => between(from, format!("{major}.{}.0", minor.checked_add(1)?)),
        "" | "=" if known < 3 => between(from, behind),
        "<=" if known < 3 => plain("<", &behind),
        ">" if known < 3 => plain(">=", &behind),
        sign => plain(sign, &from),
    }
}

fn conan(text: &str) -> Option<Vec<Comparison>> {
    if matches!(text.trim(), "*" | "*-") {
        return plain(">=", "0.0.0");
    }
    expanded(signed(text, ' ')?, conan_one)
}

/// Conan: `~` keeps what is given but for its last of three numbers, `^` the first that is not zero. A
/// hyphen at the end lets pre-releases in, for which vers has no word.
fn conan_one(sign: &str, version: &str) -> Option<Vec<Comparison>> {
    let version = version.strip_suffix('-').unwrap_or(version);
    let main = version.split(['-', '+']).next().unwrap_or_default();
    let keep = match sign {
        "~" => main.split('.').count().min(2),
        "^" => 1 + main.split('.').position(|number| !number.trim_start_matches('0').is_empty()).unwrap_or(0),
        _ => return plain(sign, version),
    };
    between(version.to_owned(), format!("{}-", next(main, keep)?))
}

/// How many numbers a version begins with: a pre-release behind a dot is none of them.
fn numbers(version: &str) -> usize {
    version.split('.').take_while(|part| part.starts_with(|c: char| c.is_ascii_digit())).count()
}

/// RubyGems: `~> 2.0.8` is 2.0.8 and all behind it in 2.0, and `~> 2.0.rc1` all in 2.
fn gem(sign: &str, version: &str) -> Option<Vec<Comparison>> {
    match sign {
        "~>" => between(version.to_owned(), next(version, numbers(version).saturating_sub(1).max(1))?),
        sign => plain(sign, version),
    }
}

/// PEP 440: `~= 2.2` is 2.2 and all behind it in 2, and so is `~= 2.2.post3`; `== 2.2.*` all that begins so,
/// with its pre-releases, of which `2.2.dev0` is the first.
fn pypi(sign: &str, version: &str) -> Option<Vec<Comparison>> {
    match (sign, version.strip_suffix(".*")) {
        ("~=", None) => {
            let keep = numbers(version).checked_sub(1).filter(|keep| *keep > 0)?;
            between(version.to_owned(), first(&next(version, keep)?))
        }
        ("==", Some(series)) => between(first(series), first(&next(series, series.split('.').count())?)),
        (_, Some(_)) | ("", _) => None,
        (sign, None) => plain(sign, version),
    }
}

/// PEP 440: what comes before all other versions with these numbers.
fn first(numbers: &str) -> String {
    format!("{numbers}.dev0")
}

/// The first numbers of a version, the last of them raised by one.
fn next(version: &str, keep: usize) -> Option<String> {
    let mut numbers: Vec<String> = version.split('.').take(keep).map(str::to_owned).collect();
    let last = numbers.last_mut()?;
    *last = last.parse::<u64>().ok()?.checked_add(1)?.to_string();
    Some(numbers.join("."))
}

/// NuGet: a bare version is the least one; brackets are inside, parentheses outside.
fn nuget(text: &str) -> Option<Vec<Comparison>> {
    let Some(inner) = text.strip_prefix(['[', '(']) else { return plain(">=", text) };
    let (low, high) = match inner.strip_suffix([']', ')'])?.split_once(',') {
        Some((low, high)) => (low.trim(), high.trim()),
        None if text.starts_with('[') && text.ends_with(']') => {
            return plain("=", inner.trim_end_matches(']').trim());
        }
        None => return None,
    };
    let lower = (if text.starts_with('[') { GreaterOrEqual } else { Greater }, low.to_owned());
    let upper = (if text.ends_with(']') { LessOrEqual } else { Less }, high.to_owned());
    Some([lower, upper].into_iter().filter(|(_, version)| !version.is_empty()).collect())
}

/// nginx: `1.5.0+` is that version and all behind it; of a stable branch, whose second number is even,
/// only to its end.
fn nginx(text: &str) -> Option<Vec<Comparison>> {
    let text = text.trim();
    if let Some((from, to)) = text.split_once('-') {
        return Some(vec![(GreaterOrEqual, from.to_owned()), (LessOrEqual, to.to_owned())]);
    }
    let Some(from) = text.strip_suffix('+') else { return plain("=", text) };
    let is_stable = from.split('.').nth(1)?.parse::<u64>().ok()?.is_multiple_of(2);
    if is_stable { between(from.to_owned(), format!("{}.0", next(from, 2)?)) } else { plain(">=", from) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asked of `Gem::Requirement`, packaging's `SpecifierSet`, node-semver and Conan's `VersionRange`.
    #[test]
    fn ranges_are_what_the_tools_make_of_them() {
        for (scheme, range, version, expected) in [
            ("gem", "~> 1.0.rc1", "1.2", Some(true)),
            ("gem", "~> 1.0.rc1", "2.0", Some(false)),
            ("gem", "~> 2.0.beta.2", "2.9", Some(true)),
            ("pypi", "~= 10.1.2.dev1", "10.1.9", Some(true)),
            ("pypi", "~= 2.2.post3", "2.9", Some(true)),
            ("pypi", "~= 2.2", "3rc1", Some(false)),
            ("pypi", "== 1.*", "1.dev1", Some(true)),
            ("pypi", "== 1.*", "2a1", Some(false)),
            ("npm", ">=1.0.0 || <3.0.0", "9.0.0", Some(true)),
            ("npm", ">=1.0.0 || <3.0.0", "trunk", None),
            ("conan", "*", "1.0", Some(true)),
            ("conan", "~1-alpha", "1.9", Some(true)),
            ("conan", "^1.2-a.1", "2.0-rc.1", Some(false)),
        ] {
            let read = Vers::from_native(scheme, range).unwrap();
            assert_eq!(read.contains(version), expected, "{scheme} {range}: {version}");
        }
        for (scheme, range) in [("pypi", "~= 1.dev1"), ("pypi", "~= 2"), ("npm", "<1.0.0 >=2.0.0")] {
            assert!(Vers::from_native(scheme, range).is_err(), "{scheme} {range}");
        }
    }
}
