//! Whether a duty exists in a case: place, role, kind of case, and days in force.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::duty::Trigger;
use crate::evaluate::Clock;
use crate::facts::Facts;
use crate::profile::Profile;
use crate::resolve::Truth;
use crate::terms::Status;

/// The role of a duty that falls on whoever follows the rules.
const ANYBODY: &str = "any";

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
pub(crate) fn scope(clock: &Clock<'_>) -> Scope {
    let (profile, duty, facts) = (clock.profile, clock.duty, clock.facts);
    let mut undeclared = Vec::new();
    let places = [Some(&profile.jurisdiction), clock.overlay.map(|overlay| &overlay.jurisdiction)];
    for jurisdiction in places.into_iter().flatten().filter(|place| *place != "any") {
        match is_declared(jurisdiction, facts) {
            Some(true) => {}
            Some(false) => return Scope::Outside(format!("the law of {jurisdiction} does not apply")),
            None => undeclared.push(format!("the law of {jurisdiction} applies")),
        }
    }
    if duty.actor != ANYBODY {
        match facts.actors.as_ref().map(|actors| actors.contains(&duty.actor)) {
            Some(true) => {}
            Some(false) => {
                return Scope::Outside(format!("the duty falls on the role {}", words(&duty.actor)));
            }
            None => undeclared.push(format!("the role is {}", words(&duty.actor))),
        }
    }
    if let Trigger::OneOf(triggers) = &duty.trigger {
        let names: Vec<_> = triggers.iter().map(|trigger| words(trigger)).collect();
        match facts.triggers.as_ref().map(|set| triggers.iter().any(|trigger| set.contains(trigger))) {
            Some(true) => {}
            Some(false) => return Scope::Outside(format!("the case is not: {}", names.join(" or "))),
            None => undeclared.push(format!("the case is: {}", names.join(" or "))),
        }
    }
    if let Some(when) = &duty.when {
        match clock.condition(when) {
            Truth::Yes => {}
            Truth::No => return Scope::Outside(format!("it does not hold that {}", when.in_words())),
            Truth::Unknown => undeclared.push(when.in_words()),
        }
    }
    let missing: Vec<_> = missing(clock).into_iter().map(words).collect();
    if !missing.is_empty() {
        undeclared.push(format!("it is said whether: {}", missing.join(", ")));
    }
    if undeclared.is_empty() { Scope::Applies } else { Scope::Undeclared(undeclared.join(", and ")) }
}

/// The properties that a duty needs and nobody has declared.
pub(crate) fn missing<'a>(clock: &Clock<'a>) -> Vec<&'a str> {
    let needs = clock.duty.needs.iter().map(String::as_str);
    needs.filter(|name| clock.property(name) == Truth::Unknown).collect()
}

/// Whether the law of a place is declared to apply. Who says "EU" and names no member state has
/// named them all.
fn is_declared(jurisdiction: &str, facts: &Facts) -> Option<bool> {
    let places = facts.jurisdictions.as_ref()?;
    let union = EU_MEMBERS.contains(&jurisdiction)
        && places.contains("EU")
        && !places.iter().any(|place| EU_MEMBERS.contains(&place.as_str()));
    Some(union || places.iter().any(|place| lies_in(place, jurisdiction)))
}

/// Why the rules were not in force at the duty's anchor, or at the event that their own days in
/// force are judged by. `None` where they were, or where nothing speaks against it yet.
pub(crate) fn not_in_force(clock: &Clock<'_>, started: Option<Timestamp>) -> Option<String> {
    let overlay = clock.overlay.map(|found| (found.status, found.in_force_from, found.in_force_to));
    let overlay = overlay.and_then(|(status, from, to)| outside(status, from, to, started, clock.facts));
    overlay.or_else(|| profile_not_in_force(clock.profile, started, clock.facts))
}

/// The same for a profile as a whole.
pub(crate) fn profile_not_in_force(
    profile: &Profile,
    started: Option<Timestamp>,
    facts: &Facts,
) -> Option<String> {
    let judged = profile.in_force_anchor.and_then(|name| facts.event(name)).map(|version| version.at);
    let (status, from, to) = (profile.status, profile.in_force_from, profile.in_force_to);
    // What began under the rules goes on after their end.
    let own_to = if judged.is_some() { None } else { to };
    let reason = outside(status, from, to, judged, facts);
    let status = if judged.is_some() { Status::InForce } else { status };
    reason.or_else(|| outside(status, from, own_to, started, facts))
}

fn outside(
    status: Status,
    from: Option<Date>,
    to: Option<Date>,
    at: Option<Timestamp>,
    facts: &Facts,
) -> Option<String> {
    match status {
        Status::Proposed => return Some("the rules are proposed, not in force".to_owned()),
        Status::Repealed if to.is_none() => return Some("the rules were repealed".to_owned()),
        Status::Repealed | Status::InForce | Status::Unverified | Status::Reference => {}
    }
    let (at, zone) = (at?, &facts.zone);
    if let Some(from) = from
        && zone.start_of(from).is_some_and(|start| at < start)
    {
        return Some(format!("{} was before {from}, the first day in force", zone.show(at)));
    }
    if let Some(to) = to
        && let Ok(next) = to.tomorrow()
        && zone.start_of(next).is_some_and(|end| at >= end)
    {
        return Some(format!("{} was after {to}, the last day in force", zone.show(at)));
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
