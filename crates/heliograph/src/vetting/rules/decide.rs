//! What a security officer and a person themselves may do to an entry. Pure.

use super::event::{ClassificationEvent, Clearance, Function, RegisterEvent};
use super::ladder::Ladders;
use super::state::{Classification, Entry, Proposal};
use crate::refusal::Refusal;
use jiff::{SignedDuration, Timestamp};
use vocabulary::{CaseId, Instant, PersonId};

/// The longest that anything in the register may hold: no law known here clears for longer.
const YEARS_MAX: i64 = 10;

/// Who acts, on whose entry: nobody on their own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hands<'a> {
    /// The person of the account that acts.
    pub(crate) by: &'a PersonId,
    /// The person whose entry it is.
    pub(crate) of: &'a PersonId,
}

impl Hands<'_> {
    pub(super) fn check(self) -> Result<(), Refusal> {
        match self.by == self.of {
            true => Err(Refusal::forbidden("This is about yourself: another security officer does it.")),
            false => Ok(()),
        }
    }
}

pub(super) fn alive(entry: &Entry) -> Result<(), Refusal> {
    match entry.erased {
        true => Err(Refusal::conflict("This entry was erased and cannot take anything new.")),
        false => Ok(()),
    }
}

/// Whether anything new may be recorded: not while the person has restricted the entry (GDPR Art. 18).
fn usable(entry: &Entry) -> Result<(), Refusal> {
    alive(entry)?;
    match entry.restricted {
        Some(_) => Err(Refusal::conflict(
            "The person has restricted this entry: what is in force goes on, and nothing new is recorded.",
        )),
        None => Ok(()),
    }
}

/// An end that lies ahead, and not further than anybody may promise.
fn ahead(field: &'static str, end: &Instant, now: Timestamp) -> Result<(), Refusal> {
    if end.at <= now {
        return Err(Refusal::invalid(field, "This lies in the past."));
    }
    match end.at.duration_since(now) > SignedDuration::from_hours(24 * 366 * YEARS_MAX) {
        true => Err(Refusal::invalid(field, format!("At most {YEARS_MAX} years ahead."))),
        false => Ok(()),
    }
}

/// Domain rule S37: the outcome of vetting, "cleared to level n until a date, by an authority". It opens
/// nothing before somebody else has confirmed it.
pub(crate) fn propose(
    entry: &Entry,
    hands: Hands<'_>,
    clearance: Clearance,
    ladders: &Ladders,
    now: Timestamp,
) -> Result<Vec<RegisterEvent>, Refusal> {
    hands.check()?;
    usable(entry)?;
    let ladder = ladders.get(&clearance.scheme);
    let ladder =
        ladder.ok_or_else(|| Refusal::invalid("scheme", "There is no such ladder of clearances."))?;
    if ladder.rung(&clearance.level).is_none() {
        return Err(Refusal::invalid("level", format!("{} has no such level.", ladder.name)));
    }
    if !ladder.authorities.iter().any(|known| known.id == clearance.authority) {
        return Err(Refusal::invalid("authority", format!("{} has no such authority.", ladder.name)));
    }
    if clearance.granted.at >= clearance.until.at {
        return Err(Refusal::invalid("until", "It ends before it begins."));
    }
    ahead("until", &clearance.until, now)?;
    Ok(vec![RegisterEvent::ClearanceProposed { clearance }])
}

/// Domain rule 5.4, four eyes: another person than the one who recorded it, and not the person cleared.
pub(crate) fn confirm(
    entry: &Entry,
    hands: Hands<'_>,
    proposer: Option<&PersonId>,
    scheme: &str,
    now: Timestamp,
) -> Result<Vec<RegisterEvent>, Refusal> {
    hands.check()?;
    let proposal = waiting(entry, scheme)?;
    if proposer.is_none_or(|proposer| proposer == hands.by) {
        return Err(Refusal::forbidden(
            "Four eyes: another security officer than the one who recorded it confirms.",
        ));
    }
    if proposal.clearance.until.at <= now {
        return Err(Refusal::conflict(
            "This clearance has run out meanwhile. Reject it, and record the new one.",
        ));
    }
    Ok(vec![RegisterEvent::ClearanceConfirmed { scheme: scheme.to_owned() }])
}

/// Takes a clearance that waits off the table; one pair of eyes is enough to say no.
pub(crate) fn reject(entry: &Entry, hands: Hands<'_>, scheme: &str) -> Result<Vec<RegisterEvent>, Refusal> {
    hands.check()?;
    waiting(entry, scheme)?;
    Ok(vec![RegisterEvent::ClearanceRejected { scheme: scheme.to_owned() }])
}

fn waiting<'a>(entry: &'a Entry, scheme: &str) -> Result<&'a Proposal, Refusal> {
    let found = entry.proposals.get(scheme);
    found.ok_or_else(|| Refusal::conflict("No clearance on this ladder waits to be confirmed."))
}

/// Ends a clearance at once. It takes one security officer: what closes needs no second pair of eyes.
pub(crate) fn withdraw(entry: &Entry, hands: Hands<'_>, scheme: &str) -> Result<Vec<RegisterEvent>, Refusal> {
    hands.check()?;
    match entry.clearances.contains_key(scheme) {
        true => Ok(vec![RegisterEvent::ClearanceWithdrawn { scheme: scheme.to_owned() }]),
        false => Err(Refusal::conflict("There is no clearance on this ladder.")),
    }
}

/// Says that a person was briefed, until when that holds.
pub(crate) fn brief(
    entry: &Entry,
    hands: Hands<'_>,
    until: Instant,
    now: Timestamp,
) -> Result<Vec<RegisterEvent>, Refusal> {
    hands.check()?;
    usable(entry)?;
    ahead("until", &until, now)?;
    Ok(vec![RegisterEvent::Briefed { until }])
}

/// Ends a briefing at once.
pub(crate) fn debrief(entry: &Entry, hands: Hands<'_>) -> Result<Vec<RegisterEvent>, Refusal> {
    hands.check()?;
    match entry.briefing {
        Some(_) => Ok(vec![RegisterEvent::Debriefed {}]),
        None => Err(Refusal::conflict("Nobody was briefed here.")),
    }
}

/// Says that a person confirmed confidentiality, until when that holds.
pub(crate) fn confirm_nda(
    entry: &Entry,
    hands: Hands<'_>,
    until: Instant,
    now: Timestamp,
) -> Result<Vec<RegisterEvent>, Refusal> {
    hands.check()?;
    usable(entry)?;
    ahead("until", &until, now)?;
    Ok(vec![RegisterEvent::NdaConfirmed { until }])
}

/// Sets when the entry is looked at again.
pub(crate) fn review(
    entry: &Entry,
    hands: Hands<'_>,
    at: Instant,
    now: Timestamp,
) -> Result<Vec<RegisterEvent>, Refusal> {
    hands.check()?;
    usable(entry)?;
    ahead("at", &at, now)?;
    Ok(vec![RegisterEvent::ReviewSet { at }])
}

/// Gives a function; a person may have several (S38), and each may be confidential (S39).
pub(crate) fn give(
    entry: &Entry,
    hands: Hands<'_>,
    function: Function,
    confidential: bool,
) -> Result<Vec<RegisterEvent>, Refusal> {
    hands.check()?;
    usable(entry)?;
    if entry.functions.get(&function) == Some(&confidential) {
        return Ok(Vec::new());
    }
    Ok(vec![RegisterEvent::FunctionGiven { function, confidential }])
}

/// Ends a function.
pub(crate) fn end_function(
    entry: &Entry,
    hands: Hands<'_>,
    function: Function,
) -> Result<Vec<RegisterEvent>, Refusal> {
    hands.check()?;
    match entry.functions.contains_key(&function) {
        true => Ok(vec![RegisterEvent::FunctionEnded { function }]),
        false => Err(Refusal::conflict("The person does not have this function.")),
    }
}

/// Makes a person a member of a classified case (S40: case by case, never a whole department).
pub(crate) fn join(
    entry: &Entry,
    hands: Hands<'_>,
    classification: &Classification,
    case: CaseId,
    until: Option<Instant>,
    now: Timestamp,
) -> Result<Vec<RegisterEvent>, Refusal> {
    hands.check()?;
    usable(entry)?;
    if classification.asks.is_none() {
        return Err(Refusal::invalid("case", "There is no classified case with this number."));
    }
    if entry
        .interests
        .get(&case)
        .and_then(|interest| interest.outcome)
        .is_some_and(|(outcome, _)| outcome.is_out())
    {
        return Err(Refusal::conflict("A conflict of interest keeps this person out of the case."));
    }
    if let Some(until) = &until {
        ahead("until", until, now)?;
    }
    Ok(vec![RegisterEvent::Joined { case, until }])
}

/// Ends a membership at once.
pub(crate) fn leave(entry: &Entry, hands: Hands<'_>, case: CaseId) -> Result<Vec<RegisterEvent>, Refusal> {
    hands.check()?;
    match entry.memberships.contains_key(&case) {
        true => Ok(vec![RegisterEvent::Left { case }]),
        false => Err(Refusal::conflict("The person is no member of this case.")),
    }
}

/// Asks of everybody who works on a case to be cleared to a level, and to be a member and briefed.
/// `may_lower` is the security officer's: others only raise what a case asks for.
pub(crate) fn classify(
    classification: &Classification,
    scheme: &str,
    level: &str,
    ladders: &Ladders,
    may_lower: bool,
) -> Result<Vec<ClassificationEvent>, Refusal> {
    let ladder = ladders.get(scheme);
    let ladder =
        ladder.ok_or_else(|| Refusal::invalid("scheme", "There is no such ladder of clearances."))?;
    let rung = ladder.rung(level);
    let rung =
        rung.ok_or_else(|| Refusal::invalid("level", format!("{} has no such level.", ladder.name)))?;
    if let Some((before, known)) = &classification.asks {
        if before == scheme && known == level {
            return Ok(Vec::new());
        }
        let is_higher = before == scheme && ladder.rung(known).is_some_and(|known| known < rung);
        if !is_higher && !may_lower {
            return Err(Refusal::forbidden(
                "Only a security officer lowers or changes what a case asks for.",
            ));
        }
    }
    Ok(vec![ClassificationEvent::Set { scheme: scheme.to_owned(), level: level.to_owned() }])
}

/// Lifts a classification: from now on the case is as others are.
pub(crate) fn declassify(classification: &Classification) -> Result<Vec<ClassificationEvent>, Refusal> {
    match classification.asks {
        Some(_) => Ok(vec![ClassificationEvent::Lifted {}]),
        None => Err(Refusal::conflict("This case is not classified.")),
    }
}

/// Whether a classified case may become part of another, which so many of those who are members there and not
/// here would read then.
pub(crate) fn merges_members(strangers: i64) -> Result<(), Refusal> {
    match strangers {
        0 => Ok(()),
        many => Err(Refusal::conflict(format!(
            "To merge opens a classified case to nobody: {many} of the members of the other case are no members of this \
             one for as long. A security officer lets them in here first, or ends their membership there."
        ))),
    }
}

/// Whether what one case asks for answers what another asks for, which becomes a part of it: on the
/// same ladder and as high. An agreement between ladders is about persons, not about what is in a case.
pub(crate) fn covers(into: &Classification, from: &Classification, ladders: &Ladders) -> Result<(), Refusal> {
    let Some((scheme, level)) = &from.asks else { return Ok(()) };
    let rung = |level: &str| ladders.get(scheme).and_then(|ladder| ladder.rung(level));
    let holds = into
        .asks
        .as_ref()
        .is_some_and(|(other, high)| other == scheme && rung(high).is_some() && rung(high) >= rung(level));
    match holds {
        true => Ok(()),
        false => Err(Refusal::conflict(
            "This case is classified. Classify the other one as high first, then they can become one.",
        )),
    }
}
