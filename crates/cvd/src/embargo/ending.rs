//! How an embargo ends, by rule or by decision, and what a merger of cases does to it.

use super::{Embargo, EmbargoEvent, Fall, ParticipantId, Refusal, decide::Draft};
use crate::{
    em::EmbargoState,
    interaction::{CaseFlags, EndCause, Force},
    pec::Consent,
};
use jiff::Timestamp;

worded! {
    /// Why an embargo was kept although it should have ended. Words of one's own belong in the case
    /// file: what is stored here is open to the journal.
    KeepReason {
        /// Attacks are few and narrow; publication would help other attackers more than defenders.
        NarrowAttacks = "attacks are narrow, publication would help other attackers more",
        /// The fix comes so soon that users are better off with it.
        FixImminent = "a fix comes very soon",
        /// Safety or critical infrastructure depends on more time.
        SafetyAtStake = "safety or critical infrastructure needs the time",
        /// Looked into, and the ground turned out wrong.
        NotConfirmed = "the report was not confirmed",
    }
}

type Decided = Result<Vec<EmbargoEvent>, Refusal>;

impl Embargo {
    /// What follows when the case stands like this. P, X and deployment everywhere end an embargo;
    /// attacks advise its end and stop all negotiation; a proposal falls when none may be made.
    #[must_use]
    pub fn observe(&self, case: CaseFlags, now: Timestamp) -> Vec<EmbargoEvent> {
        let mut draft = Draft::of(self);
        if self.state == EmbargoState::Proposed && case.bars_new_embargo().is_some() {
            draft.fall_where(Fall::Barred, now, |_| true);
        }
        if !self.state.in_force() {
            return draft.events;
        }
        if let Some(cause) = case.ends_embargo() {
            draft.record(EmbargoEvent::Ended { cause, by: None, at: now });
            return draft.events;
        }
        if case.bars_revision().is_some() {
            draft.fall_where(Fall::Barred, now, |_| true);
        }
        let known = self.early_ends.iter().any(|early| early.cause == EndCause::AttacksObserved);
        if case.advises_end() && !known {
            draft.record(EmbargoEvent::EndAdvised { cause: EndCause::AttacksObserved, at: now });
        }
        draft.events
    }

    /// What follows when time has come this far: the embargo runs out, terms whose end has passed fall.
    #[must_use]
    pub fn expire(&self, now: Timestamp) -> Vec<EmbargoEvent> {
        let mut draft = Draft::of(self);
        if self.state.in_force() && self.end.is_some_and(|end| end <= now) {
            draft.record(EmbargoEvent::Ended { cause: EndCause::EndReached, by: None, at: now });
        } else {
            draft.fall_where(Fall::EndPassed, now, |proposal| proposal.end <= now);
        }
        draft.events
    }

    /// Records that the embargo should or may end early, for a person to decide.
    ///
    /// # Errors
    /// None is in force, the cause ends it by rule, or it is recorded already.
    pub fn advise_end(&self, cause: EndCause, now: Timestamp) -> Decided {
        self.require_in_force(now)?;
        if cause.force() == Force::Shall {
            return Err(Refusal::EndsByRule(cause));
        }
        if self.early_ends.iter().any(|early| early.cause == cause) {
            return Err(Refusal::AlreadyAdvised(cause));
        }
        Ok(vec![EmbargoEvent::EndAdvised { cause, at: now }])
    }

    /// Ends the embargo before its time. Who may decide this is a question of permissions, not of the
    /// embargo, and is asked elsewhere.
    ///
    /// # Errors
    /// None is in force, or the cause is one that ends it by rule.
    pub fn terminate(&self, by: &ParticipantId, cause: EndCause, now: Timestamp) -> Decided {
        self.require_in_force(now)?;
        if cause.force() == Force::Shall {
            return Err(Refusal::EndsByRule(cause));
        }
        Ok(vec![EmbargoEvent::Ended { cause, by: Some(by.clone()), at: now }])
    }

    /// Keeps the embargo although an early end was advised.
    ///
    /// # Errors
    /// None is in force, or nothing was advised.
    pub fn keep(&self, by: &ParticipantId, reason: KeepReason, now: Timestamp) -> Decided {
        self.require_in_force(now)?;
        if self.decision_due().is_none() {
            return Err(Refusal::NothingToDecide);
        }
        Ok(vec![EmbargoEvent::Kept { by: by.clone(), reason, at: now }])
    }

    /// Takes over the embargo and the participants of a case that is merged into this one. Of two ends
    /// the earlier counts; signatures given for at least that long count too; everybody else is asked.
    ///
    /// # Errors
    /// This case's embargo is over, or has run out, while the other's is in force: what is free here
    /// cannot be held there.
    pub fn merge(&self, other: &Self, now: Timestamp) -> Decided {
        let mut draft = Draft::of(self);
        if let (Some(began), Some(end)) = (other.began, other.end.filter(|_| other.holds(now))) {
            if self.state == EmbargoState::Exited {
                return Err(Refusal::WrongState(self.state, "end the other case's embargo, then merge"));
            }
            if self.state.in_force() {
                self.require_in_force(now)?;
            }
            draft.take_over_terms(began, end, now);
        }
        for (id, theirs) in &other.members {
            for event in draft.embargo.add(id, now) {
                draft.record(event);
            }
            let open = matches!(draft.embargo.consent(id), Some(Consent::Invited | Consent::Lapsed));
            let agreed = theirs.agreed_until.filter(|until| {
                draft.embargo.state.in_force() && draft.embargo.end.is_some_and(|end| *until >= end)
            });
            if let Some(until) = agreed.filter(|_| open) {
                draft.accept(id, until, now);
            }
        }
        Ok(draft.events)
    }
}

impl Draft {
    fn take_over_terms(&mut self, began: Timestamp, end: Timestamp, at: Timestamp) {
        let own = self.embargo.end.filter(|_| self.embargo.holds(at));
        let end = own.map_or(end, |own| own.min(end));
        let began = self.embargo.began.filter(|_| own.is_some()).map_or(began, |own| own.min(began));
        if self.embargo.state == EmbargoState::Proposed {
            self.fall_where(Fall::Merged, at, |_| true);
        }
        self.record(EmbargoEvent::Merged { began, end, at });
        self.fall_where(Fall::SameEnd, at, |proposal| proposal.end == end);
    }
}
