//! Ladders of clearances as data: the levels of one jurisdiction in their order, who grants them, and
//! what they count as elsewhere, by agreement and date. Nothing counts elsewhere by guess.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// Bytes of one file, at most.
pub(crate) const LADDER_BYTES_MAX: usize = 64 * 1024;

/// The ladders that come with the program: file and text.
pub(crate) const SHIPPED: &[(&str, &str)] = &[
    ("de-sueg.toml", include_str!("../../../../../clearances/de-sueg.toml")),
    ("eu.toml", include_str!("../../../../../clearances/eu.toml")),
    ("nato.toml", include_str!("../../../../../clearances/nato.toml")),
    ("uk.toml", include_str!("../../../../../clearances/uk.toml")),
    ("us.toml", include_str!("../../../../../clearances/us.toml")),
];

/// Why a ladder was refused, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}: {reason}")]
pub(crate) struct LadderError {
    pub(crate) file: String,
    /// Counted from 1.
    pub(crate) line: usize,
    pub(crate) reason: String,
}

/// One level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Level {
    pub(crate) id: String,
    pub(crate) name: String,
    /// The marking up to which it lets somebody read.
    pub(crate) permits: String,
}

/// Who grants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Authority {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// That a level here counts as one of another ladder, from and until a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Equivalence {
    /// The place of the level on its own ladder.
    rung: usize,
    pub(crate) scheme: String,
    pub(crate) counts_as: String,
    pub(crate) from: Timestamp,
    pub(crate) until: Option<Timestamp>,
    pub(crate) agreement: String,
    /// Somebody read the agreement. Without that it is shown and opens nothing.
    pub(crate) verified: bool,
    line: usize,
}

/// One jurisdiction's ladder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ladder {
    file: String,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) jurisdiction: String,
    pub(crate) source: String,
    /// Somebody read its source.
    pub(crate) verified: bool,
    /// The lowest first.
    pub(crate) levels: Vec<Level>,
    pub(crate) authorities: Vec<Authority>,
    pub(crate) equivalences: Vec<Equivalence>,
}

impl Ladder {
    /// How high a level stands; `None` where this ladder does not have it.
    pub(crate) fn rung(&self, level: &str) -> Option<usize> {
        self.levels.iter().position(|known| known.id == level)
    }

    /// A level's name; its id where it is known no more.
    pub(crate) fn level_name<'a>(&'a self, level: &'a str) -> &'a str {
        self.levels.iter().find(|known| known.id == level).map_or(level, |known| &known.name)
    }

    /// An authority's name.
    pub(crate) fn authority_name<'a>(&'a self, authority: &'a str) -> &'a str {
        self.authorities.iter().find(|known| known.id == authority).map_or(authority, |known| &known.name)
    }
}

/// All ladders at hand, by id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ladders(BTreeMap<String, Ladder>);

/// A stretch of time: from, and until, itself not included.
pub(crate) type Span = (Timestamp, Timestamp);

/// All of it.
pub(crate) const ALWAYS: Span = (Timestamp::MIN, Timestamp::MAX);

impl Ladders {
    /// None: nobody is let in anywhere.
    pub(crate) fn empty() -> Self {
        Self(BTreeMap::new())
    }

    /// Those of the program, with those of one's own in place of the ones with the same id.
    pub(crate) fn with<'a>(own: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, LadderError> {
        let mut all = BTreeMap::new();
        for (file, text) in SHIPPED.iter().copied() {
            let ladder = parse(file, text)?;
            all.insert(ladder.id.clone(), ladder);
        }
        let mut mine: BTreeMap<String, String> = BTreeMap::new();
        for (file, text) in own {
            let ladder = parse(file, text)?;
            if let Some(other) = mine.insert(ladder.id.clone(), file.to_owned()) {
                let reason = format!("the ladder `{}` is in {other} too", ladder.id);
                return Err(LadderError { file: file.into(), line: 1, reason });
            }
            all.insert(ladder.id.clone(), ladder);
        }
        let ladders = Self(all);
        ladders.check_between()?;
        Ok(ladders)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Ladder> {
        self.0.values()
    }

    pub(crate) fn get(&self, scheme: &str) -> Option<&Ladder> {
        self.0.get(scheme)
    }

    /// When a clearance of one level answers the demand for another: always on the same ladder where
    /// it is as high, on another one while a verified agreement says so, else never.
    pub(crate) fn answers(&self, held: (&str, &str), needed: (&str, &str)) -> Vec<Span> {
        let Some((own, held_rung)) = self.place(held) else { return Vec::new() };
        let Some((other, needed_rung)) = self.place(needed) else { return Vec::new() };
        if own.id == other.id {
            return if held_rung >= needed_rung { vec![ALWAYS] } else { Vec::new() };
        }
        let agreed = own.equivalences.iter().filter(|agreed| {
            let reaches = other.rung(&agreed.counts_as).is_some_and(|rung| rung >= needed_rung);
            agreed.verified && agreed.scheme == other.id && agreed.rung <= held_rung && reaches
        });
        agreed.map(|agreed| (agreed.from, agreed.until.unwrap_or(Timestamp::MAX))).collect()
    }

    fn place(&self, (scheme, level): (&str, &str)) -> Option<(&Ladder, usize)> {
        let ladder = self.get(scheme)?;
        Some((ladder, ladder.rung(level)?))
    }

    /// What no file can say alone: the other ladder is there, and nobody climbs by going there and back.
    fn check_between(&self) -> Result<(), LadderError> {
        for ladder in self.all() {
            for agreed in &ladder.equivalences {
                let wrong =
                    |reason: String| LadderError { file: ladder.file.clone(), line: agreed.line, reason };
                let Some(other) = self.get(&agreed.scheme) else {
                    return Err(wrong(format!("there is no ladder `{}`", agreed.scheme)));
                };
                let Some(rung) = other.rung(&agreed.counts_as) else {
                    let reason = format!("the ladder `{}` has no level `{}`", other.id, agreed.counts_as);
                    return Err(wrong(reason));
                };
                let less = ladder.equivalences.iter().find(|lower| {
                    let counts = other.rung(&lower.counts_as).is_some_and(|counts| counts > rung);
                    lower.scheme == other.id && lower.rung < agreed.rung && counts && overlap(lower, agreed)
                });
                if let Some(lower) = less {
                    let reason =
                        format!("contradicts line {}: a higher level would count for less", lower.line);
                    return Err(wrong(reason));
                }
                let climbs = other.equivalences.iter().find(|back| {
                    let returns = ladder.rung(&back.counts_as).is_some_and(|back| back > agreed.rung);
                    back.scheme == ladder.id && back.rung <= rung && returns && overlap(back, agreed)
                });
                if let Some(back) = climbs {
                    let reason = format!(
                        "contradicts {}, line {}: there and back, a level would become a higher one",
                        other.file, back.line
                    );
                    return Err(wrong(reason));
                }
            }
        }
        Ok(())
    }
}

fn overlap(one: &Equivalence, other: &Equivalence) -> bool {
    let end = |agreed: &Equivalence| agreed.until.unwrap_or(Timestamp::MAX);
    one.from < end(other) && other.from < end(one)
}

/// A ladder as its file spells it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: Spanned<String>,
    id: Spanned<String>,
    name: Spanned<String>,
    jurisdiction: Spanned<String>,
    source: Spanned<String>,
    verified: bool,
    #[serde(default)]
    level: Vec<LevelEntry>,
    #[serde(default)]
    authority: Vec<AuthorityEntry>,
    #[serde(default)]
    equivalence: Vec<EquivalenceEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LevelEntry {
    id: Spanned<String>,
    name: Spanned<String>,
    permits: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AuthorityEntry {
    id: Spanned<String>,
    name: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EquivalenceEntry {
    level: Spanned<String>,
    scheme: Spanned<String>,
    counts_as: Spanned<String>,
    from: Spanned<String>,
    until: Option<Spanned<String>>,
    agreement: Spanned<String>,
    verified: bool,
}

/// Where in a file something is wrong.
struct Place<'a> {
    file: &'a str,
    text: &'a str,
}

impl Place<'_> {
    fn line(&self, at: usize) -> usize {
        self.text.get(..at).unwrap_or(self.text).matches('\n').count() + 1
    }

    fn error<T>(&self, of: &Spanned<T>, reason: impl Into<String>) -> LadderError {
        LadderError { file: self.file.into(), line: self.line(of.span().start), reason: reason.into() }
    }

    /// A short name: small letters, digits and dashes.
    fn id(&self, text: &Spanned<String>) -> Result<String, LadderError> {
        let id = text.get_ref();
        let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        match (1..=40).contains(&id.len()) && id.chars().all(good) {
            true => Ok(id.clone()),
            false => Err(self.error(text, "a name of 1 to 40 small letters, digits and dashes is expected")),
        }
    }

    fn words(&self, text: &Spanned<String>) -> Result<String, LadderError> {
        let words = text.get_ref().trim();
        match words.is_empty() || words.chars().count() > 300 || words.chars().any(char::is_control) {
            true => Err(self.error(text, "one line of 1 to 300 characters is expected")),
            false => Ok(words.to_owned()),
        }
    }

    /// The beginning of a day, in UTC.
    fn day(&self, text: &Spanned<String>) -> Result<Timestamp, LadderError> {
        let day: Option<Date> = text.get_ref().parse().ok();
        let start = day.and_then(|day| TimeZone::UTC.to_timestamp(day.to_datetime(Time::midnight())).ok());
        start.ok_or_else(|| self.error(text, "a day like 2013-09-23 is expected"))
    }
}

/// Checks a ladder by itself and beside those that come with the program, whose place it takes where it has
/// the id of one; what is wrong, with its line.
pub(crate) fn check(text: &str) -> Result<(), (usize, String)> {
    Ladders::with([("it", text)]).map(drop).map_err(|error| match error.file.as_str() {
        "it" => (error.line, error.reason),
        other => (1, format!("{other}, line {}: {}", error.line, error.reason)),
    })
}

/// Reads and checks one ladder.
pub(in crate::vetting) fn parse(file: &str, text: &str) -> Result<Ladder, LadderError> {
    let place = Place { file, text };
    if text.len() > LADDER_BYTES_MAX {
        let reason = format!("{} bytes, {LADDER_BYTES_MAX} at most", text.len());
        return Err(LadderError { file: file.into(), line: 1, reason });
    }
    let read: File = toml::from_str(text).map_err(|error| LadderError {
        file: file.into(),
        line: place.line(error.span().map_or(0, |span| span.start)),
        reason: error.message().to_owned(),
    })?;
    if read.schema.get_ref() != "ladder/1" {
        return Err(place.error(&read.schema, "the schema is ladder/1"));
    }
    if read.level.is_empty() {
        return Err(place.error(&read.id, "name at least one level, the lowest first"));
    }
    let mut ladder = Ladder {
        file: file.to_owned(),
        id: place.id(&read.id)?,
        name: place.words(&read.name)?,
        jurisdiction: place.words(&read.jurisdiction)?,
        source: place.words(&read.source)?,
        verified: read.verified,
        levels: Vec::new(),
        authorities: Vec::new(),
        equivalences: Vec::new(),
    };
    for entry in &read.level {
        let id = place.id(&entry.id)?;
        if ladder.rung(&id).is_some() {
            return Err(place.error(&entry.id, format!("the level `{id}` is there twice")));
        }
        ladder.levels.push(Level {
            id,
            name: place.words(&entry.name)?,
            permits: place.words(&entry.permits)?,
        });
    }
    for entry in &read.authority {
        let id = place.id(&entry.id)?;
        if ladder.authorities.iter().any(|known| known.id == id) {
            return Err(place.error(&entry.id, format!("the authority `{id}` is there twice")));
        }
        ladder.authorities.push(Authority { id, name: place.words(&entry.name)? });
    }
    for entry in &read.equivalence {
        let agreed = equivalence(&place, &ladder, entry)?;
        ladder.equivalences.push(agreed);
    }
    Ok(ladder)
}

fn equivalence(
    place: &Place<'_>,
    ladder: &Ladder,
    entry: &EquivalenceEntry,
) -> Result<Equivalence, LadderError> {
    let level = place.id(&entry.level)?;
    let Some(rung) = ladder.rung(&level) else {
        return Err(place.error(&entry.level, format!("this ladder has no level `{level}`")));
    };
    let scheme = place.id(&entry.scheme)?;
    if scheme == ladder.id {
        return Err(place.error(&entry.scheme, "a ladder has no agreement with itself"));
    }
    let from = place.day(&entry.from)?;
    let until = entry.until.as_ref().map(|until| place.day(until)).transpose()?;
    if let (Some(until), Some(said)) = (until, &entry.until)
        && until <= from
    {
        return Err(place.error(said, "it ends before it begins"));
    }
    let agreed = Equivalence {
        rung,
        scheme,
        counts_as: place.id(&entry.counts_as)?,
        from,
        until,
        agreement: place.words(&entry.agreement)?,
        verified: entry.verified,
        line: place.line(entry.level.span().start),
    };
    let other = ladder.equivalences.iter().find(|known| {
        known.scheme == agreed.scheme
            && known.rung == agreed.rung
            && known.counts_as != agreed.counts_as
            && overlap(known, &agreed)
    });
    match other {
        Some(known) => Err(place.error(
            &entry.counts_as,
            format!("contradicts line {}: `{level}` would count as two levels at once", known.line),
        )),
        None => Ok(agreed),
    }
}
