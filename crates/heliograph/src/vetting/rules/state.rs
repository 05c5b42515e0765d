//! A person's entry in the register, and a case's classification, as their events say.

use super::event::{Assessment, ClassificationEvent, Clearance, Ending, Function, Outcome, RegisterEvent};
use super::ladder::Span;
use crate::ledger::{Actor, Item, Recorded, State};
use jiff::Timestamp;
use std::collections::BTreeMap;
use vocabulary::{AccountId, CaseId, Instant};

/// A clearance that waits for its second pair of eyes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Proposal {
    pub(crate) clearance: Clearance,
    /// The account that recorded it.
    pub(crate) by: Option<AccountId>,
    pub(crate) at: Timestamp,
}

/// Something that holds from an instant to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lasting {
    pub(crate) since: Timestamp,
    pub(crate) until: Option<Instant>,
}

impl Lasting {
    pub(crate) fn span(&self) -> Span {
        (self.since, self.until.as_ref().map_or(Timestamp::MAX, |until| until.at))
    }
}

/// A declared personal interest in one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Interest {
    pub(crate) declared: Timestamp,
    pub(crate) outcome: Option<(Outcome, Timestamp)>,
}

/// A declaration of foreign interests: sealed while it waits, gone afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ForeignInterest {
    pub(crate) declared: Timestamp,
    pub(crate) text: Item,
    pub(crate) outcome: Option<(Assessment, Timestamp)>,
    /// Its number among those of this person: each has a key of its own.
    pub(crate) number: u32,
}

/// A person's entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) since: Option<Timestamp>,
    /// Each with whether it is confidential.
    pub(crate) functions: BTreeMap<Function, bool>,
    /// By scheme.
    pub(crate) clearances: BTreeMap<String, Clearance>,
    pub(crate) proposals: BTreeMap<String, Proposal>,
    pub(crate) briefing: Option<Lasting>,
    pub(crate) nda: Option<Lasting>,
    pub(crate) review: Option<Instant>,
    pub(crate) memberships: BTreeMap<CaseId, Lasting>,
    pub(crate) interests: BTreeMap<CaseId, Interest>,
    /// The years of which a declaration was made: whether there is any interest, and when it was said.
    pub(crate) years: BTreeMap<i16, (bool, Timestamp)>,
    pub(crate) foreign: Option<ForeignInterest>,
    /// How many declarations of foreign interests there were.
    pub(crate) declared: u32,
    /// When the last of the clearances that are gone ended.
    pub(crate) ended: Option<Timestamp>,
    pub(crate) corrections: Vec<(Timestamp, Item)>,
    pub(crate) restricted: Option<Timestamp>,
    pub(crate) erasure_asked: Option<Timestamp>,
    pub(crate) erased: bool,
    /// Of each end, by what it is the end of and when: the last step at which the person was reminded, and
    /// when that was.
    pub(crate) reminded: BTreeMap<(Ending, String, i64), (u32, Timestamp)>,
}

impl Entry {
    /// Whether something here waits for a security officer.
    pub(crate) fn waits(&self) -> bool {
        !self.proposals.is_empty()
            || self.interests.values().any(|interest| interest.outcome.is_none())
            || self.foreign_waits()
            || !self.corrections.is_empty()
            || self.erasure_asked.is_some()
    }
}

impl Entry {
    fn declare_foreign(&mut self, text: &Item, at: Timestamp) {
        self.declared += 1;
        let (text, number) = (text.clone(), self.declared);
        self.foreign = Some(ForeignInterest { declared: at, text, outcome: None, number });
    }

    /// Whether a declaration of foreign interests waits for its decision.
    pub(crate) fn foreign_waits(&self) -> bool {
        self.foreign.as_ref().is_some_and(|foreign| foreign.outcome.is_none())
    }
}

impl State for Entry {
    type Event = RegisterEvent;

    fn evolve(&mut self, event: &RegisterEvent, recorded: &Recorded) {
        let at = recorded.at;
        let lasting = |until: Option<&Instant>| Lasting { since: at, until: until.cloned() };
        self.since = self.since.or(Some(at));
        match event {
            RegisterEvent::FunctionGiven { function, confidential } => {
                self.functions.insert(*function, *confidential);
            }
            RegisterEvent::FunctionEnded { function } => {
                self.functions.remove(function);
            }
            RegisterEvent::ClearanceProposed { clearance } => {
                let by = match &recorded.actor {
                    Actor::Account(id) => Some(id.clone()),
                    Actor::Reporter(_) | Actor::System => None,
                };
                let proposal = Proposal { clearance: clearance.clone(), by, at };
                self.proposals.insert(clearance.scheme.clone(), proposal);
            }
            RegisterEvent::ClearanceConfirmed { scheme } => {
                if let Some(proposal) = self.proposals.remove(scheme)
                    && let Some(before) = self.clearances.insert(scheme.clone(), proposal.clearance)
                {
                    self.ended = self.ended.max(Some(before.until.at.min(at)));
                }
            }
            RegisterEvent::ClearanceRejected { scheme } => {
                self.proposals.remove(scheme);
            }
            RegisterEvent::ClearanceWithdrawn { scheme } => {
                self.clearances.remove(scheme);
                self.ended = self.ended.max(Some(at));
            }
            RegisterEvent::Briefed { until } => self.briefing = Some(lasting(Some(until))),
            RegisterEvent::Debriefed {} => self.briefing = None,
            RegisterEvent::NdaConfirmed { until } => self.nda = Some(lasting(Some(until))),
            RegisterEvent::ReviewSet { at } => self.review = Some(at.clone()),
            RegisterEvent::Joined { case, until } => {
                self.memberships.insert(case.clone(), lasting(until.as_ref()));
            }
            RegisterEvent::Left { case } => {
                self.memberships.remove(case);
            }
            RegisterEvent::InterestDeclared { case } => {
                self.interests.insert(case.clone(), Interest { declared: at, outcome: None });
            }
            RegisterEvent::InterestDecided { case, outcome } => {
                let fresh = Interest { declared: at, outcome: None };
                self.interests.entry(case.clone()).or_insert(fresh).outcome = Some((*outcome, at));
            }
            RegisterEvent::YearDeclared { year, interest } => {
                self.years.insert(*year, (*interest, at));
            }
            RegisterEvent::ForeignInterestDeclared { text } => self.declare_foreign(text, at),
            RegisterEvent::ForeignInterestDecided { outcome } => {
                if let Some(foreign) = &mut self.foreign {
                    foreign.outcome = Some((*outcome, at));
                }
            }
            RegisterEvent::CorrectionAsked { text } => self.corrections.push((at, text.clone())),
            RegisterEvent::CorrectionAnswered {} => self.corrections.clear(),
            RegisterEvent::Restricted {} => self.restricted = Some(at),
            RegisterEvent::RestrictionLifted {} => self.restricted = None,
            RegisterEvent::ErasureAsked {} => self.erasure_asked = Some(at),
            RegisterEvent::Erased {} => *self = Self { erased: true, ..Self::default() },
            RegisterEvent::Reminded { what, of, until, days } => {
                self.reminded.insert((*what, of.clone(), *until), (*days, at));
            }
        }
    }
}

/// What a case asks for: nothing, or a level on a ladder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Classification {
    pub(crate) asks: Option<(String, String)>,
    pub(crate) since: Option<Timestamp>,
}

impl State for Classification {
    type Event = ClassificationEvent;

    fn evolve(&mut self, event: &ClassificationEvent, recorded: &Recorded) {
        match event {
            ClassificationEvent::Set { scheme, level } => {
                self.asks = Some((scheme.clone(), level.clone()));
                self.since = Some(recorded.at);
            }
            ClassificationEvent::Lifted {} => *self = Self::default(),
        }
    }
}
