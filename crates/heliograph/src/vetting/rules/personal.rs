//! What a person says and asks about themselves. Pure.

use super::decide::{Hands, alive};
use super::event::{Assessment, Outcome, RegisterEvent};
use super::retention;
use super::state::Entry;
use crate::refusal::Refusal;
use jiff::Timestamp;
use serde::Deserialize;
use vocabulary::CaseId;

/// Characters of what a person writes, at most.
pub(crate) const WORDS_MAX: usize = 20_000;

/// Cases in which one person may declare an interest, at most.
const INTERESTS_MAX: usize = 500;

/// What a person says or asks about themselves.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
#[schema(example = json!({ "act": "declare_year", "interest": false }))]
pub(crate) enum OwnAct {
    /// The yearly declaration: whether there is a personal interest in any case one works on.
    DeclareYear {
        interest: bool,
    },
    /// That there is a personal interest in a case, and no more than that.
    DeclareInterest {
        #[schema(value_type = String)]
        case: CaseId,
    },
    /// The same, and off the case at once.
    Recuse {
        #[schema(value_type = String)]
        case: CaseId,
    },
    /// Employment, funding, or a duty under a foreign disclosure law, and nothing else. A security officer
    /// reads it, decides, and then it is destroyed. Between 1 and 20,000 characters.
    DeclareForeignInterest {
        words: String,
    },
    /// GDPR Art. 16. Between 1 and 20,000 characters.
    AskCorrection {
        words: String,
    },
    /// GDPR Art. 18: keep the entry, and use it for nothing new.
    Restrict {},
    LiftRestriction {},
    /// GDPR Art. 17.
    AskErasure {},
}

/// A text with its limits.
pub(crate) fn words(text: &str) -> Result<(), Refusal> {
    match text.trim().is_empty() || text.chars().count() > WORDS_MAX {
        true => Err(Refusal::invalid("words", format!("Between 1 and {WORDS_MAX} characters."))),
        false => Ok(()),
    }
}

/// Declares a personal interest in a case, and no more than that there is one (ARCHITECTURE, never
/// built 7). Whether there is such a case is not said.
pub(crate) fn declare_interest(entry: &Entry, case: CaseId) -> Result<Vec<RegisterEvent>, Refusal> {
    alive(entry)?;
    if entry.interests.len() >= INTERESTS_MAX && !entry.interests.contains_key(&case) {
        return Err(Refusal::invalid("case", format!("At most {INTERESTS_MAX} cases.")));
    }
    match entry.interests.get(&case) {
        Some(interest) if interest.outcome.is_none() => Ok(Vec::new()),
        // A decision to keep out is not undone by saying the same again.
        Some(interest) if interest.outcome.is_some_and(|(outcome, _)| outcome.is_out()) => Ok(Vec::new()),
        _ => Ok(vec![RegisterEvent::InterestDeclared { case }]),
    }
}

/// Takes oneself off a case at once, without waiting for anybody's decision.
pub(crate) fn recuse(entry: &Entry, case: CaseId) -> Result<Vec<RegisterEvent>, Refusal> {
    let mut events = declare_interest(entry, case.clone())?;
    let is_out = entry.interests.get(&case).and_then(|interest| interest.outcome);
    if !is_out.is_some_and(|(outcome, _)| outcome.is_out()) {
        events.push(RegisterEvent::InterestDecided { case, outcome: Outcome::Recuse });
    }
    Ok(events)
}

/// Domain rule 5.3: none, disclose, recuse or exclude. Nobody decides about their own interest.
pub(crate) fn decide_interest(
    entry: &Entry,
    hands: Hands<'_>,
    case: CaseId,
    outcome: Outcome,
) -> Result<Vec<RegisterEvent>, Refusal> {
    hands.check()?;
    match entry.interests.contains_key(&case) {
        true => Ok(vec![RegisterEvent::InterestDecided { case, outcome }]),
        false => Err(Refusal::conflict("No interest in this case was declared.")),
    }
}

/// The declaration of a year, by the person.
pub(crate) fn declare_year(entry: &Entry, year: i16, interest: bool) -> Result<Vec<RegisterEvent>, Refusal> {
    alive(entry)?;
    Ok(vec![RegisterEvent::YearDeclared { year, interest }])
}

/// Whether somebody in the register still owes this year's declaration.
pub(crate) fn owes_declaration(entry: &Entry, year: i16) -> bool {
    entry.since.is_some() && !entry.erased && !entry.years.contains_key(&year)
}

/// Domain rule S42: one declaration at a time.
pub(crate) fn may_declare_foreign(entry: &Entry) -> Result<(), Refusal> {
    alive(entry)?;
    match entry.foreign_waits() {
        true => Err(Refusal::conflict("Your declaration waits for its decision; one at a time.")),
        false => Ok(()),
    }
}

/// Decides about a foreign-interest declaration; its key is destroyed in the same command.
pub(crate) fn decide_foreign(
    entry: &Entry,
    hands: Hands<'_>,
    outcome: Assessment,
) -> Result<Vec<RegisterEvent>, Refusal> {
    hands.check()?;
    match entry.foreign_waits() {
        true => Ok(vec![RegisterEvent::ForeignInterestDecided { outcome }]),
        false => Err(Refusal::conflict("No declaration waits for a decision.")),
    }
}

/// GDPR Art. 18.
pub(crate) fn restrict(entry: &Entry, on: bool) -> Result<Vec<RegisterEvent>, Refusal> {
    alive(entry)?;
    Ok(match (entry.restricted.is_some(), on) {
        (false, true) => vec![RegisterEvent::Restricted {}],
        (true, false) => vec![RegisterEvent::RestrictionLifted {}],
        _ => Vec::new(),
    })
}

/// GDPR Art. 17.
pub(crate) fn ask_erasure(entry: &Entry) -> Result<Vec<RegisterEvent>, Refusal> {
    alive(entry)?;
    match (entry.since, entry.erasure_asked) {
        (None, _) => Err(Refusal::conflict("There is no entry about you in the register.")),
        (_, Some(_)) => Ok(Vec::new()),
        _ => Ok(vec![RegisterEvent::ErasureAsked {}]),
    }
}

/// Corrections that wait, at most.
const CORRECTIONS_MAX: usize = 20;

/// GDPR Art. 16, a few at a time.
pub(crate) fn may_correct(entry: &Entry) -> Result<(), Refusal> {
    alive(entry)?;
    match entry.corrections.len() >= CORRECTIONS_MAX {
        true => Err(Refusal::conflict(format!(
            "{CORRECTIONS_MAX} corrections wait already, and that is the limit."
        ))),
        false => Ok(()),
    }
}

/// Says that a correction was dealt with.
pub(crate) fn answer_correction(entry: &Entry, hands: Hands<'_>) -> Result<Vec<RegisterEvent>, Refusal> {
    hands.check()?;
    match entry.corrections.is_empty() {
        false => Ok(vec![RegisterEvent::CorrectionAnswered {}]),
        true => Err(Refusal::conflict("No correction was asked for.")),
    }
}

/// Erases an entry that its person asked to have erased, unless it must be kept (GDPR Art. 17(3)(b)).
pub(crate) fn erase(entry: &Entry, hands: Hands<'_>, now: Timestamp) -> Result<Vec<RegisterEvent>, Refusal> {
    hands.check()?;
    alive(entry)?;
    if entry.erasure_asked.is_none() {
        return Err(Refusal::conflict("Nobody asked for it."));
    }
    if let Some(until) = retention::conflict(entry, now) {
        return Err(Refusal::conflict(format!(
            "Two rules contradict each other: the person asks for erasure now (GDPR Art. 17), and the outcome of \
             clearances is kept until {until}. The longer one holds; nothing was erased."
        )));
    }
    Ok(vec![RegisterEvent::Erased {}])
}
