//! What people decide about clocks, each with a ground: may they?

use super::event::Debtor;
use super::profiles::{profile, profiles};
use super::state::Clocks;
use crate::refusal::Refusal;
use clocks::{AnchorName, Assessment, Delay, Duty, Extension, Facts, MetBy, Per, Profile};
use jiff::Timestamp;
use std::collections::BTreeSet;
use vocabulary::{Instant, OrganisationId};

/// One duty of one debtor.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Owed {
    pub(crate) debtor: Debtor,
    pub(crate) profile: String,
    pub(crate) duty: String,
}

impl Owed {
    /// The rule's text; `NotFound` where no profile in force knows it.
    pub(crate) fn rule(&self) -> Result<(&'static Profile, &'static Duty), Refusal> {
        let found = profile(&self.profile).and_then(|profile| Some((profile, profile.duty(&self.duty)?)));
        found.ok_or(Refusal::NotFound)
    }

    /// `profile/duty`, as facts name it.
    pub(crate) fn qualified(&self) -> String {
        format!("{}/{}", self.profile, self.duty)
    }
}

/// May this fact be stated? It may lie as far back as it likes, and it may correct another: the
/// version recorded last counts, and all of them stay.
pub(crate) fn fact(
    clocks: &Clocks,
    vendor: Option<&OrganisationId>,
    at: &Instant,
    now: Timestamp,
) -> Result<(), Refusal> {
    if at.at > now {
        return Err(Refusal::invalid(
            "at",
            "This lies in the future. A fact is something that has happened.",
        ));
    }
    let known = |id: &OrganisationId| {
        clocks.facts.get(&Debtor::Centre).is_some_and(|facts| facts.vendors.contains_key(id.as_str()))
    };
    match vendor {
        Some(id) if !known(id) => Err(Refusal::invalid("vendor", "This vendor takes no part here.")),
        _ => Ok(()),
    }
}

/// Which facts may be stated of whom. That a vendor is concerned, and that it was told, are facts of one
/// vendor and of nobody else.
pub(crate) fn anchor_fits(anchor: AnchorName, vendor: Option<&OrganisationId>) -> Result<(), Refusal> {
    match (anchor, vendor) {
        (AnchorName::VendorNotified, None) => {
            Err(Refusal::invalid("vendor", "Say which vendor was told: each has a clock of its own."))
        }
        (AnchorName::VendorIdentified, None) => {
            Err(Refusal::invalid("vendor", "Say which vendor is concerned: each has a clock of its own."))
        }
        _ => Ok(()),
    }
}

/// Words of one list in a scope, at most, and characters of one of them.
const WORDS_MAX: usize = 30;
const WORD_MAX: usize = 100;

/// May this be declared of a debtor: roles, kinds of case, jurisdictions, and the zone of its days?
pub(crate) fn scope(words: &[BTreeSet<String>; 3], zone: &str) -> Result<(), Refusal> {
    let plain = |word: &String| {
        (1..=WORD_MAX).contains(&word.len())
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    };
    for (name, words) in ["actors", "triggers", "jurisdictions"].into_iter().zip(words) {
        if words.len() > WORDS_MAX || !words.iter().all(plain) {
            let limits =
                format!("At most {WORDS_MAX} words of letters, digits, - and _, each of at most {WORD_MAX}.");
            return Err(Refusal::invalid(name, limits));
        }
    }
    match zone.parse::<clocks::Zone>() {
        Ok(_) => Ok(()),
        Err(_) => Err(Refusal::invalid("zone", "Expected an IANA zone like Europe/Berlin.")),
    }
}

/// What an extension comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Extended {
    /// Whether the ground concerns single recipients, so that the clock itself runs on.
    pub(crate) is_partial: bool,
    /// Whom the rule obliges to inform of the delay, and when.
    pub(crate) inform: Option<String>,
}

/// May this duty be put off until then on this ground?
pub(crate) fn extension(
    clocks: &Clocks,
    owed: &Owed,
    ground: &str,
    until: Timestamp,
    precondition_stated: bool,
    now: Timestamp,
) -> Result<Extended, Refusal> {
    let (profile, duty) = owed.rule()?;
    let delay = duty.delay.iter().find(|delay| delay.ground == ground).ok_or_else(|| {
        let known: Vec<&str> = duty.delay.iter().map(|delay| delay.ground.as_str()).collect();
        let words = match known.is_empty() {
            true => "This rule knows no ground on which it can be put off.".to_owned(),
            false => format!("The rule knows these grounds and no other: {}.", known.join(", ")),
        };
        Refusal::invalid("ground", words)
    })?;
    if until <= now {
        return Err(Refusal::invalid("until", "A delay ends at an hour that is still to come."));
    }
    let conditions = [&duty.precondition_for_delay, &delay.precondition];
    if let Some(condition) = conditions.into_iter().flatten().find(|_| !precondition_stated) {
        let words =
            format!("The rule asks for this first: {}. Say so, and why.", condition.replace('_', " "));
        return Err(Refusal::invalid("precondition", words));
    }
    let is_partial = delay.scope.is_some();
    if !is_partial {
        within_the_limit(clocks, owed, profile, delay, until, now)?;
    }
    Ok(Extended { is_partial, inform: duty.on_delay.as_ref().map(|notice| notice.inform.clone()) })
}

/// The engine itself says how far a ground reaches: it is asked what it would make of a delay
/// without end.
fn within_the_limit(
    clocks: &Clocks,
    owed: &Owed,
    profile: &Profile,
    delay: &Delay,
    until: Timestamp,
    now: Timestamp,
) -> Result<(), Refusal> {
    let mut facts = clocks.facts.get(&owed.debtor).ok_or(Refusal::NotFound)?.clone();
    let id = owed.qualified().parse().map_err(|_| Refusal::NotFound)?;
    let endless = Extension {
        decided: now,
        until: Timestamp::MAX,
        ground: delay.ground.clone(),
        person: "nobody yet".to_owned(),
    };
    facts.extended.insert(id, vec![endless]);
    let assessed = clocks::evaluate(profile, &facts, now);
    let found: Option<&Assessment> = assessed.iter().find(|found| found.duty.as_str() == owed.duty);
    let found = found.ok_or(Refusal::NotFound)?;
    if found.state != clocks::State::Extended {
        let words = format!(
            "Nothing can be put off on this ground now: the clock would be {}.",
            found.state.as_str().replace('_', " ")
        );
        return Err(Refusal::conflict(words));
    }
    match found.due {
        Some(latest) if until > latest => {
            let words =
                format!("On this ground the rule allows a delay to {} at the latest.", Instant::utc(latest));
            Err(Refusal::invalid("until", words))
        }
        _ => Ok(()),
    }
}

/// The ground on which a duty ends with a case that is closed and was never published.
pub(crate) const CLOSED_UNPUBLISHED: &str = "case_closed_unpublished";

/// What ends with a case that is closed: what the centre would have met by publishing, where the rule itself
/// says so. What was published is met, and what is owed to a vendor stands.
pub(crate) fn unpublished(clocks: &Clocks) -> Vec<Owed> {
    let published = |facts: &Facts| facts.at(AnchorName::Publication).is_some();
    if clocks.facts.get(&Debtor::Centre).is_none_or(published) {
        return Vec::new();
    }
    let ends = |duty: &&Duty| {
        duty.met_by == MetBy::Event(AnchorName::Publication)
            && duty.unless.iter().any(|ground| ground == CLOSED_UNPUBLISHED)
    };
    let owed = |profile: &Profile, duty: &Duty| Owed {
        debtor: Debtor::Centre,
        profile: profile.id.clone(),
        duty: duty.id.as_str().to_owned(),
    };
    let of_profile =
        |profile: &'static Profile| profile.duties.iter().filter(ends).map(move |duty| owed(profile, duty));
    profiles().iter().flat_map(of_profile).collect()
}

/// The grounds of a rule that a person may state. That a case was closed, closing it says.
pub(crate) fn grounds_by_hand(duty: &Duty) -> impl Iterator<Item = &str> {
    duty.unless.iter().map(String::as_str).filter(|ground| *ground != CLOSED_UNPUBLISHED)
}

/// May this duty fall away on this ground, by a person's word?
pub(crate) fn waiver(owed: &Owed, vendor: Option<&OrganisationId>, ground: &str) -> Result<(), Refusal> {
    let (_, duty) = owed.rule()?;
    if ground == CLOSED_UNPUBLISHED && duty.unless.iter().any(|known| known == ground) {
        return Err(Refusal::invalid("ground", "Close the case: that alone puts this on the record."));
    }
    if !duty.unless.iter().any(|known| known == ground) {
        let known: Vec<&str> = grounds_by_hand(duty).collect();
        let words = match known.is_empty() {
            true => "This duty does not fall away on any ground.".to_owned(),
            false => format!("The rule knows these grounds and no other: {}.", known.join(", ")),
        };
        return Err(Refusal::invalid("ground", words));
    }
    if duty.per == Some(Per::Vendor) && vendor.is_none() {
        return Err(Refusal::invalid(
            "vendor",
            "This is owed to each vendor: say towards which it falls away.",
        ));
    }
    Ok(())
}
