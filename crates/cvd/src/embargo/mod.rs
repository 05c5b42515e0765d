//! The embargo of one case: its terms, what is on the table, and what each participant has said.
//!
//! Deciding and changing are apart. A function such as [`Embargo::propose`] looks and gives events or
//! a [`Refusal`]; [`Embargo::evolve`] takes events in and never refuses. The application stores the
//! events and folds them back into an `Embargo`.
//!
//! The rules, from Vultron "Embargo Management" and the centre's own law that nobody is gagged:
//!
//! - No embargo without an end, a date and time in the future, within the limit counted from the
//!   first acceptance. It begins when somebody other than the proposer accepts.
//! - Of two first proposals the shorter wins at once; the longer becomes a revision.
//! - The old terms stay in force until a revision is taken. The first revision lapses all signatures,
//!   once. Who had agreed to hold at least as long as the terms that come out of it is a signatory
//!   again without asking; who had not must accept anew. (The source leaves a rejected revision with
//!   everybody lapsed; the old terms need no second signature.)
//! - It ends by rule when the flaw or an exploit is public. On attacks a person decides, with a reason.
//! - Who is invited reads after accepting. This gate is for what the *others* contributed: a
//!   reporter's own report is theirs, and no embargo stands between them.
//! - Anybody may leave at any time. Leaving ends nothing for the others.
//!
//! Not modelled: the advice that a child case's renegotiated embargo be later than its parent's. A
//! split copies the parent's embargo.

mod decide;
mod ending;
mod event;
mod refusal;

pub use ending::KeepReason;
pub use event::{EmbargoEvent, Fall};
pub use refusal::Refusal;

use crate::{
    em::EmbargoState,
    interaction::{CaseFlags, EndCause},
    pec::Consent,
};
use jiff::{SignedDuration, Timestamp};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

/// Who takes part in a case, by an id that the application gives.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct ParticipantId(pub String);

impl fmt::Display for ParticipantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for ParticipantId {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

/// How long an embargo may last in all, counted from its first acceptance, revisions included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// The longest total length.
    pub total_max: SignedDuration,
}

impl Limit {
    /// A limit of so many days of 24 hours.
    #[must_use]
    pub fn days(days: u16) -> Self {
        Self { total_max: SignedDuration::from_hours(24 * i64::from(days)) }
    }
}

/// What surrounds a decision: the time, the case, the law of the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Situation {
    /// The time, given by the caller.
    pub now: Timestamp,
    /// What has happened in the case.
    pub case: CaseFlags,
    /// How long an embargo may last.
    pub limit: Limit,
}

/// Terms on the table.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Proposal {
    /// Who proposed them. A participant has one proposal at a time; a new one replaces it.
    pub by: ParticipantId,
    /// When the embargo would end.
    pub end: Timestamp,
    /// When they were proposed.
    pub at: Timestamp,
    /// Who has turned them down.
    pub declined: BTreeSet<ParticipantId>,
}

/// What one participant has said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Member {
    /// The answer, by the consent machine.
    pub consent: Consent,
    /// Until when the participant has agreed to hold, if ever.
    pub agreed_until: Option<Timestamp>,
}

/// A reason to end the embargo early that has come up, and what a person made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct EarlyEnd {
    /// Why it should or may end.
    pub cause: EndCause,
    /// Why it was kept all the same; none while nobody has decided.
    pub kept: Option<KeepReason>,
}

/// The embargo of one case.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Embargo {
    state: EmbargoState,
    began: Option<Timestamp>,
    end: Option<Timestamp>,
    proposals: Vec<Proposal>,
    members: BTreeMap<ParticipantId, Member>,
    early_ends: Vec<EarlyEnd>,
}

impl Default for Embargo {
    fn default() -> Self {
        Self {
            state: EmbargoState::None,
            began: None,
            end: None,
            proposals: Vec::new(),
            members: BTreeMap::new(),
            early_ends: Vec::new(),
        }
    }
}

impl Embargo {
    /// The embargo of a case in which these events have happened.
    #[must_use]
    pub fn from_events<'a>(events: impl IntoIterator<Item = &'a EmbargoEvent>) -> Self {
        let mut embargo = Self::default();
        for event in events {
            embargo.evolve(event);
        }
        embargo
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> EmbargoState {
        self.state
    }

    /// When it was first accepted: the length is counted from here.
    #[must_use]
    pub fn began(&self) -> Option<Timestamp> {
        self.began
    }

    /// When the terms in force end; none if none are in force.
    #[must_use]
    pub fn end(&self) -> Option<Timestamp> {
        self.end
    }

    /// The terms on the table, the earliest end first: the order in which to decide them.
    #[must_use]
    pub fn proposals(&self) -> Vec<&Proposal> {
        let mut proposals: Vec<&Proposal> = self.proposals.iter().collect();
        proposals.sort_by(|a, b| (a.end, &a.by).cmp(&(b.end, &b.by)));
        proposals
    }

    /// Everybody in the case and what they have said.
    pub fn members(&self) -> impl Iterator<Item = (&ParticipantId, Member)> {
        self.members.iter().map(|(id, member)| (id, *member))
    }

    /// What a participant has said; none for somebody who is not in the case or has left it.
    #[must_use]
    pub fn consent(&self, who: &ParticipantId) -> Option<Consent> {
        self.members.get(who).map(|member| member.consent)
    }

    /// Reasons to end early that have come up, decided or not.
    #[must_use]
    pub fn early_ends(&self) -> &[EarlyEnd] {
        &self.early_ends
    }

    /// A person has to decide whether the embargo goes on.
    #[must_use]
    pub fn decision_due(&self) -> Option<EndCause> {
        self.early_ends.iter().find(|early| early.kept.is_none()).map(|early| early.cause)
    }

    /// Whether terms are in force at this time. Past its end an embargo holds nobody, even if nobody
    /// has recorded the end yet.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        self.state.in_force() && self.end.is_some_and(|end| now < end)
    }

    /// Whether this participant is held at this time, and therefore keeps its report open.
    #[must_use]
    pub fn binds(&self, who: &ParticipantId, now: Timestamp) -> bool {
        let agreed = self.members.get(who).and_then(|member| member.agreed_until);
        self.holds(now) && agreed.is_some_and(|until| now < until)
    }

    /// Whether the embargo lets this participant read what others contributed to the case. Membership
    /// and need-to-know are decided elsewhere; this says only that the embargo does not stand in the way.
    #[must_use]
    pub fn may_read(&self, who: &ParticipantId) -> bool {
        match self.state {
            EmbargoState::None | EmbargoState::Exited => true,
            // While first terms are on the table, who knew the case before knows it still; who was
            // asked to join waits for its own answer.
            EmbargoState::Proposed => self.consent(who) == Some(Consent::NoEmbargo),
            EmbargoState::Active | EmbargoState::Revise => self.has_accepted(who),
        }
    }

    /// Whether this participant has accepted the terms in force. Somebody lapsed by an open revision
    /// has: the old terms are still in force. Somebody lapsed by an earlier one that was taken has not.
    #[must_use]
    pub fn has_accepted(&self, who: &ParticipantId) -> bool {
        self.members.get(who).is_some_and(|member| self.covers(*member))
    }

    fn covers(&self, member: Member) -> bool {
        let agreed = self.end.is_some_and(|end| member.agreed_until.is_some_and(|until| until >= end));
        agreed && matches!(member.consent, Consent::Signatory | Consent::Lapsed)
    }

    /// The latest end that a proposal made now can have.
    #[must_use]
    pub fn latest_end(&self, situation: &Situation) -> Timestamp {
        let from = self.began.filter(|_| self.state.in_force()).unwrap_or(situation.now);
        from.checked_add(situation.limit.total_max).unwrap_or(Timestamp::MAX)
    }
}
