//! What may be registered, and what may be done with it.

use super::event::{AccreditationEvent, Holder, Kept, Looked, Told};
use super::state::Accreditation;
use crate::ledger::{Error, Item};
use crate::refusal::Refusal;
use jiff::{Span, Timestamp, tz::TimeZone};
use programme::{Holders, Mode, Scheme, Schemes};
use serde::{Deserialize, Serialize};

/// Characters of a reason or a place, at most, and of an issuer or a number.
pub(crate) const WORDS_MAX: usize = 5_000;
pub(crate) const TEXT_MAX: usize = 200;

/// Files with one accreditation, and bytes in each.
pub(crate) const FILES_MAX: usize = 10;
pub(crate) const FILE_BYTES_MAX: usize = 10 * 1024 * 1024;

/// What is to be registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewAccreditation {
    pub(crate) holder: Holder,
    pub(crate) scheme: String,
    /// Empty where the scheme has no levels.
    pub(crate) level: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) told: Told,
    pub(crate) from: Timestamp,
    pub(crate) until: Timestamp,
    /// Whether its holder agrees that the public register shows it.
    pub(crate) publish: bool,
}

/// What is done with an accreditation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
#[schema(example = json!({ "act": "check", "found": "holds", "place": "The register of the issuer, entry 17." }))]
pub(crate) enum Act {
    /// The centre looked it up with whoever issued it.
    Check {
        found: Looked,
        /// Where; at most 5,000 characters, sealed.
        place: String,
    },
    /// It is given up by its holder, or taken out by the centre.
    Withdraw {
        /// At most 5,000 characters, sealed.
        reasons: String,
    },
}

/// Seals words and gives what the event holds instead.
type Seal<'a> = dyn FnMut(&[u8]) -> Result<Item, Error> + 'a;

fn words(field: &'static str, text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::invalid(field, "Please fill this in."));
    }
    limited(field, text, WORDS_MAX)
}

fn limited(field: &'static str, text: &str, max: usize) -> Result<(), Refusal> {
    if text.chars().count() > max {
        return Err(Refusal::invalid(field, format!("At most {max} characters, please.")));
    }
    match text.contains('\0') {
        true => Err(Refusal::invalid(field, "A NUL character cannot be stored.")),
        false => Ok(()),
    }
}

/// A line of a limited length that must be there.
fn line(field: &'static str, text: &str) -> Result<(), Refusal> {
    limited(field, text, TEXT_MAX)?;
    match text.trim().is_empty() || text.chars().any(char::is_control) {
        true => Err(Refusal::invalid(field, "One line, please, and not an empty one.")),
        false => Ok(()),
    }
}

/// Decides what is registered.
pub(crate) fn register(
    schemes: &Schemes,
    new: &NewAccreditation,
    now: Timestamp,
    seal: &mut Seal<'_>,
) -> Result<AccreditationEvent, Refusal> {
    line("issuer", &new.told.issuer)?;
    line("number", &new.told.number)?;
    let unknown = || Refusal::invalid("scheme", "There is no such scheme.");
    let scheme = schemes.find(&new.scheme).map(|(scheme, _)| scheme).ok_or_else(unknown)?;
    let is_person = matches!(new.holder, Holder::Account(_));
    fits(scheme, new, is_person)?;
    stands(scheme, new, now)?;
    if is_person && new.publish {
        return Err(Refusal::invalid("publish", "The public register is of organisations, not of people."));
    }
    let text = || serde_json::to_vec(&new.told).map_err(|error| Refusal::Internal(error.to_string()));
    let told = if new.publish { Kept::Public(new.told.clone()) } else { Kept::Sealed(seal(&text()?)?) };
    Ok(AccreditationEvent::Registered {
        holder: new.holder.clone(),
        scheme: scheme.id.clone(),
        level: Some(new.level.clone()).filter(|level| !level.is_empty()),
        scopes: scheme.scopes.iter().filter(|scope| new.scopes.contains(scope)).cloned().collect(),
        told,
        from: new.from.as_second(),
        until: new.until.as_second(),
    })
}

/// Whether the scheme accredits such a holder, at this level and for these scopes.
fn fits(scheme: &Scheme, new: &NewAccreditation, is_person: bool) -> Result<(), Refusal> {
    if scheme.mode == Mode::Reference {
        return Err(Refusal::invalid(
            "scheme",
            "This scheme is for reference: to read and compare. Nothing is registered by it.",
        ));
    }
    let holders = if is_person { Holders::People } else { Holders::Organisations };
    if !scheme.holders.contains(&holders) {
        let whom = if is_person { "people" } else { "organisations" };
        return Err(Refusal::invalid("scheme", format!("This scheme does not accredit {whom}.")));
    }
    match (scheme.levels.is_empty(), new.level.as_str()) {
        (true, "") => {}
        (true, _) => return Err(Refusal::invalid("level", "This scheme has no levels.")),
        (false, level) if scheme.levels.iter().any(|known| known == level) => {}
        (false, _) => {
            return Err(Refusal::invalid("level", format!("One of {}.", scheme.levels.join(", "))));
        }
    }
    match new.scopes.iter().all(|scope| scheme.scopes.contains(scope)) {
        true => Ok(()),
        false if scheme.scopes.is_empty() => Err(Refusal::invalid("scopes", "This scheme has no scopes.")),
        false => Err(Refusal::invalid("scopes", format!("Among {}.", scheme.scopes.join(", ")))),
    }
}

/// Whether its time is one that the scheme gives, and is not over.
fn stands(scheme: &Scheme, new: &NewAccreditation, now: Timestamp) -> Result<(), Refusal> {
    if new.until <= new.from {
        return Err(Refusal::invalid("until", "Its end comes after its beginning."));
    }
    if new.until <= now {
        return Err(Refusal::invalid("until", "It has lapsed already; nothing was registered."));
    }
    // A day more, because a certificate of a year may well end with the day on which it began.
    let longest = Span::new().years(i64::from(scheme.years_max)).days(1);
    let last = new.from.to_zoned_datetime(TimeZone::UTC).checked_add(longest);
    match last.is_ok_and(|last| new.until <= last.timestamp()) {
        true => Ok(()),
        false => {
            let years = scheme.years_max;
            Err(Refusal::invalid("until", format!("By this scheme it stands for {years} years at most.")))
        }
    }
}

/// Decides what is done with an accreditation that was registered.
pub(crate) fn act(
    accreditation: &Accreditation,
    act: &Act,
    seal: &mut Seal<'_>,
) -> Result<AccreditationEvent, Refusal> {
    act.check()?;
    if accreditation.held.withdrawn.is_some() {
        return Err(Refusal::conflict(
            "It is withdrawn, and stays so. If it was given again, register it again.",
        ));
    }
    Ok(match act {
        Act::Check { found, place } => {
            AccreditationEvent::Checked { found: *found, place: seal(place.as_bytes())? }
        }
        Act::Withdraw { reasons } => AccreditationEvent::Withdrawn { reasons: seal(reasons.as_bytes())? },
    })
}

impl Act {
    /// Refuses what is too long or missing.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        match self {
            Self::Check { place, .. } => words("place", place),
            Self::Withdraw { reasons } => words("reasons", reasons),
        }
    }
}

/// Whether another file may come along, of this name and size.
pub(crate) fn check_file(there: usize, name: &str, bytes: usize) -> Result<(), Refusal> {
    if there >= FILES_MAX {
        return Err(Refusal::invalid("files", format!("At most {FILES_MAX} files, please.")));
    }
    if bytes > FILE_BYTES_MAX {
        return Err(Refusal::invalid("files", "At most 10 MiB in one file, please."));
    }
    if bytes == 0 {
        return Err(Refusal::invalid("files", "This file is empty."));
    }
    line("files", name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::{AccountId, OrganisationId};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn item() -> Item {
        Item { item: "x".into(), commitment: "y".into() }
    }

    fn new() -> NewAccreditation {
        NewAccreditation {
            holder: Holder::Organisation(OrganisationId::from_random([1; 10])),
            scheme: "crest".into(),
            level: String::new(),
            scopes: vec!["incident_response".into()],
            told: Told { issuer: "CREST".into(), number: "17".into() },
            from: at("2026-06-01T00:00:00Z"),
            until: at("2027-06-01T23:59:00Z"),
            publish: true,
        }
    }

    fn refused(new: &NewAccreditation) -> String {
        let now = at("2026-11-24T10:00:00Z");
        match register(&Schemes::with([]).unwrap(), new, now, &mut |_| Ok(item())) {
            Err(Refusal::Invalid { field, .. }) => field.into_owned(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn what_does_not_fit_its_scheme_is_refused_by_its_field() {
        let person = Holder::Account(AccountId::from_random([2; 10]));
        for (field, new) in [
            ("scheme", NewAccreditation { scheme: "no-such".into(), ..new() }),
            ("scheme", NewAccreditation { scheme: "cnnvd-partner".into(), level: "1".into(), ..new() }),
            ("scheme", NewAccreditation { scheme: "iso-27001".into(), holder: person.clone(), ..new() }),
            ("level", NewAccreditation { level: "gold".into(), ..new() }),
            ("level", NewAccreditation { scheme: "ti-accredited".into(), scopes: vec![], ..new() }),
            ("scopes", NewAccreditation { scopes: vec!["attack".into()], ..new() }),
            ("scopes", NewAccreditation { scheme: "iso-27001".into(), ..new() }),
            ("issuer", NewAccreditation { told: Told { issuer: " ".into(), ..new().told }, ..new() }),
            ("number", NewAccreditation { told: Told { number: "1\n2".into(), ..new().told }, ..new() }),
            ("number", NewAccreditation { told: Told { number: "1".repeat(201), ..new().told }, ..new() }),
            ("until", NewAccreditation { until: new().from, ..new() }),
            (
                "until",
                NewAccreditation {
                    from: at("2024-01-01T00:00:00Z"),
                    until: at("2024-02-01T00:00:00Z"),
                    ..new()
                },
            ),
            ("until", NewAccreditation { until: at("2027-06-02T00:00:01Z"), ..new() }),
            ("publish", NewAccreditation { holder: person, ..new() }),
        ] {
            assert_eq!(refused(&new), field, "{new:?}");
        }
    }

    /// What the holder does not publish, and all of a person's, is sealed.
    #[test]
    fn only_what_is_published_stands_in_the_open() {
        let now = at("2026-11-24T10:00:00Z");
        let told = |new: &NewAccreditation| {
            let event = register(&Schemes::with([]).unwrap(), new, now, &mut |_| Ok(item()));
            let Ok(AccreditationEvent::Registered { told, .. }) = event else { panic!("{event:?}") };
            told
        };
        assert_eq!(told(&new()), Kept::Public(new().told));
        assert_eq!(told(&NewAccreditation { publish: false, ..new() }), Kept::Sealed(item()));
    }

    #[test]
    fn what_is_withdrawn_stays_so() {
        let check = Act::Check { found: Looked::Holds, place: "the register".into() };
        let mut one = Accreditation::default();
        assert!(act(&one, &check, &mut |_| Ok(item())).is_ok());
        one.held.withdrawn = Some(at("2026-11-24T10:00:00Z"));
        for again in [check, Act::Withdraw { reasons: "x".into() }] {
            assert!(matches!(act(&one, &again, &mut |_| Ok(item())), Err(Refusal::Conflict(_))));
        }
        let long = Act::Check { found: Looked::Holds, place: "x".repeat(WORDS_MAX + 1) };
        assert!(long.check().is_err());
        assert!(Act::Withdraw { reasons: " ".into() }.check().is_err());
    }

    #[test]
    fn files_have_limits_that_their_refusals_name() {
        assert!(check_file(0, "scan.pdf", 1).is_ok());
        for (there, name, bytes, limit) in [
            (FILES_MAX, "scan.pdf", 1, "At most 10 files"),
            (0, "scan.pdf", FILE_BYTES_MAX + 1, "At most 10 MiB"),
            (0, "scan.pdf", 0, "empty"),
            (0, "", 1, "One line"),
        ] {
            let refused = check_file(there, name, bytes).unwrap_err().to_string();
            assert!(refused.contains(limit), "{refused}");
        }
    }
}
