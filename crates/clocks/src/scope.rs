//! Whether a duty exists in a case: place, role, kind of case, and days in force.

use jiff::{Span, Timestamp};

use crate::facts::Facts;
use crate::profile::{Duty, Profile, Trigger};
use crate::terms::Status;

/// The member states, so that facts may name the country and still fall under Union law.
const EU_MEMBERS: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT",
    "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// Whether the facts fall under a duty.
#[derive(Debug, PartialEq)]
pub(crate) enum Scope {
    Applies,
    /// With the reason.
    Outside(String),
    /// With what would have to be true, as it reads after "if".
    Undeclared(String),
}

/// A single declared "no" settles it, whatever else is undeclared.
pub(crate) fn scope(profile: &Profile, duty: &Duty, facts: &Facts) -> Scope {
    let mut undeclared = Vec::new();
    if profile.jurisdiction != "any" {
        match facts
            .jurisdictions
            .as_ref()
            .map(|set| set.iter().any(|place| lies_in(place, &profile.jurisdiction)))
        {
            Some(true) => {}
            Some(false) => {
                return Scope::Outside(format!("the law of {} does not apply", profile.jurisdiction));
            }
            None => undeclared.push(format!("the law of {} applies", profile.jurisdiction)),
        }
    }
    match facts.actors.as_ref().map(|actors| actors.contains(&duty.actor)) {
        Some(true) => {}
        Some(false) => return Scope::Outside(format!("the duty falls on the role {}", words(&duty.actor))),
        None => undeclared.push(format!("the role is {}", words(&duty.actor))),
    }
    if let Trigger::OneOf(triggers) = &duty.trigger {
        let names: Vec<_> = triggers.iter().map(|trigger| words(trigger)).collect();
        match facts.triggers.as_ref().map(|set| triggers.iter().any(|trigger| set.contains(trigger))) {
            Some(true) => {}
            Some(false) => return Scope::Outside(format!("the case is not: {}", names.join(" or "))),
            None => undeclared.push(format!("the case is: {}", names.join(" or "))),
        }
    }
    if undeclared.is_empty() { Scope::Applies } else { Scope::Undeclared(undeclared.join(", and ")) }
}

/// Why the profile was not in force at the duty's anchor, or at the event that its own days in
/// force are judged by. `None` where it was, or where nothing speaks against it yet.
pub(crate) fn not_in_force(profile: &Profile, started: Option<Timestamp>, facts: &Facts) -> Option<String> {
    match profile.status {
        Status::Proposed => return Some("the rules are proposed, not in force".to_owned()),
        Status::Repealed if profile.in_force_to.is_none() => {
            return Some("the rules were repealed".to_owned());
        }
        Status::Repealed | Status::InForce | Status::Unverified => {}
    }
    let judged = profile.in_force_anchor.and_then(|name| facts.event(name)).map(|version| version.at);
    let zone = &facts.zone;
    for at in [judged, started].into_iter().flatten() {
        if let Some(from) = profile.in_force_from
            && zone.start_of(from).is_some_and(|start| at < start)
        {
            return Some(format!("{} was before {from}, the first day in force", zone.show(at)));
        }
        if let Some(to) = profile.in_force_to
            && let Ok(next) = to.checked_add(Span::new().days(1))
            && zone.start_of(next).is_some_and(|end| at >= end)
        {
            return Some(format!("{} was after {to}, the last day in force", zone.show(at)));
        }
    }
    None
}

pub(crate) fn lies_in(place: &str, jurisdiction: &str) -> bool {
    place == jurisdiction || (jurisdiction == "EU" && EU_MEMBERS.contains(&place))
}

/// A word of the data for people.
pub(crate) fn words(word: &str) -> String {
    word.replace('_', " ")
}
