//! From TOML to a scheme of accreditation, with the line of every mistake.

use crate::parse::{mode, source};
use crate::programme::Mode;
use crate::reader::{NOT_A_NAME, ProgrammeError, Read, Reader, document, is_name};
use crate::scheme::{Holders, Permit, Scheme, Service};

/// The longest time that an accreditation may stand, in years.
const YEARS_MAX: u64 = 10;

/// When an end is pointed out where the scheme does not say so.
const ALERT_DAYS: [u32; 3] = [90, 30, 7];

impl Scheme {
    /// Reads and checks a scheme of accreditation.
    ///
    /// # Errors
    /// With the line and the place of the first mistake: an unknown key, a service that is not in the
    /// closed list, a level or scope that the scheme does not have, rules that contradict each other,
    /// and any rule at all in a scheme for reference.
    pub fn parse(text: &str) -> Result<Scheme, ProgrammeError> {
        document(text, scheme)
    }
}

fn scheme(root: &Reader<'_>) -> Read<Scheme> {
    let schema = root.text("schema")?;
    if schema != "scheme/1" {
        return Err(root.error("schema", format!("`{schema}` is not a known schema, expected scheme/1")));
    }
    let (mode, levels, scopes) = (mode(root)?, names(root, "levels")?, names(root, "scopes")?);
    let scheme = Scheme {
        id: root.name("id")?,
        title: root.text("title")?,
        issuer: root.text("issuer")?,
        mode,
        holders: holders(root)?,
        years_max: years(root)?,
        alert_days: alert_days(root)?,
        register: root.text_if("register")?,
        source: source(root)?,
        permits: permits(root, mode, &levels, &scopes)?,
        levels,
        scopes,
    };
    Ok(scheme)
}

fn names(root: &Reader<'_>, key: &str) -> Read<Vec<String>> {
    let names = root.words(key)?;
    match names.iter().all(|name| is_name(name)) {
        true => Ok(names),
        false => Err(root.error(key, NOT_A_NAME)),
    }
}

fn holders(root: &Reader<'_>) -> Read<Vec<Holders>> {
    let known = |word: &String| Holders::ALL.iter().find(|(_, name)| name == word).map(|(one, _)| *one);
    let unknown = |word: &String| root.error("holders", format!("`{word}`: organisations, people or both"));
    let words = root.words("holders")?;
    if words.is_empty() {
        return Err(root.error("holders", "say whom it accredits: organisations, people or both"));
    }
    words.iter().map(|word| known(word).ok_or_else(|| unknown(word))).collect()
}

fn years(root: &Reader<'_>) -> Read<u32> {
    let years = root.whole("years_max")?;
    match u32::try_from(years) {
        Ok(number) if (1..=YEARS_MAX).contains(&years) => Ok(number),
        _ => Err(root.error("years_max", format!("between 1 and {YEARS_MAX} years"))),
    }
}

fn alert_days(root: &Reader<'_>) -> Read<Vec<u32>> {
    if !root.has("alert_days") {
        return Ok(ALERT_DAYS.into());
    }
    let days = root.wholes("alert_days")?;
    let is_falling = days.windows(2).all(|pair| pair[0] > pair[1]);
    let small: Option<Vec<u32>> =
        days.iter().map(|days| u32::try_from(*days).ok().filter(|days| (1..=366).contains(days))).collect();
    match small {
        Some(days) if is_falling && !days.is_empty() && days.len() <= 10 => Ok(days),
        _ => Err(root.error("alert_days", "one to ten numbers of days from 366 to 1, the longest first")),
    }
}

fn permits(root: &Reader<'_>, mode: Mode, levels: &[String], scopes: &[String]) -> Read<Vec<Permit>> {
    let mut permits: Vec<Permit> = Vec::new();
    for rule in root.tables("permits")? {
        if mode == Mode::Reference {
            return Err(root.error("permits", "a scheme for reference permits nothing"));
        }
        let permit = Permit {
            service: service(&rule)?,
            level: among(&rule, "level", levels)?,
            scope: among(&rule, "scope", scopes)?,
        };
        let overlaps = |other: &&Permit| {
            other.service == permit.service
                && (other.scope == permit.scope || other.scope.is_none() || permit.scope.is_none())
        };
        if let Some(other) = permits.iter().find(overlaps) {
            let both = format!("contradicts another rule, which {other}; say it once");
            return Err(rule.error("service", both));
        }
        rule.finish()?;
        permits.push(permit);
    }
    Ok(permits)
}

fn service(rule: &Reader<'_>) -> Read<Service> {
    let word = rule.text("service")?;
    let known = Service::ALL.iter().find(|(_, name, _)| *name == word).map(|(service, ..)| *service);
    known.ok_or_else(|| {
        let all: Vec<&str> = Service::ALL.iter().map(|(_, name, _)| *name).collect();
        rule.error("service", format!("`{word}` cannot be permitted; the list is closed: {}", all.join(", ")))
    })
}

fn among(rule: &Reader<'_>, key: &str, known: &[String]) -> Read<Option<String>> {
    let Some(word) = rule.text_if(key)? else { return Ok(None) };
    match known.contains(&word) {
        true => Ok(Some(word)),
        false if known.is_empty() => Err(rule.error(key, format!("the scheme has no {key}s"))),
        false => Err(rule.error(key, format!("`{word}` is not among {}", known.join(", ")))),
    }
}
