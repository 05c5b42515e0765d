//! What has happened to an embargo, as the application stores it, and how it changes the embargo.
//!
//! Events carry ids and times, never words: they go into the journal, and the journal keeps no secrets.

use super::{EarlyEnd, Embargo, KeepReason, Member, ParticipantId, Proposal};
use crate::{
    em::{EmbargoMove, EmbargoState},
    interaction::EndCause,
    pec::{Consent, ConsentMove},
};
use jiff::Timestamp;
use std::collections::BTreeSet;

worded! {
    /// Why terms went from the table without being taken.
    Fall {
        /// Who proposed them took them back, or left.
        Withdrawn = "withdrawn",
        /// Everybody who could have accepted has declined.
        Declined = "declined by all",
        /// The end that they named has passed.
        EndPassed = "their end has passed",
        /// The case no longer allows embargoes to be negotiated.
        Barred = "the case no longer allows it",
        /// The embargo in force has come to end at the time that they named.
        SameEnd = "the embargo ends then anyway",
        /// Another case's embargo took their place.
        Merged = "replaced when cases were merged",
    }
}

/// One thing that has happened to an embargo. `at` is when it was recorded, `by` who did it, `of` whose
/// terms it was about.
#[expect(missing_docs, reason = "the fields are told above, once for all kinds")]
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum EmbargoEvent {
    /// Somebody is in the case, and there is nothing to accept.
    Joined { participant: ParticipantId, at: Timestamp },
    /// Somebody is offered the terms in force or on the table.
    Invited { participant: ParticipantId, at: Timestamp },
    /// First terms were put on the table.
    Proposed { by: ParticipantId, end: Timestamp, at: Timestamp },
    /// First terms went from the table. With the last of them everything is as before.
    ProposalFell { of: ParticipantId, why: Fall, at: Timestamp },
    /// Somebody agreed to hold until then.
    Accepted { by: ParticipantId, until: Timestamp, at: Timestamp },
    /// Somebody turned down the first terms, or those in force.
    Declined { by: ParticipantId, at: Timestamp },
    /// The embargo is in force.
    Activated { end: Timestamp, at: Timestamp },
    /// New terms for an embargo in force were put on the table.
    RevisionProposed { by: ParticipantId, end: Timestamp, at: Timestamp },
    /// Somebody turned a revision down.
    RevisionDeclined { by: ParticipantId, of: ParticipantId, at: Timestamp },
    /// A revision is in force in place of the old terms.
    RevisionTaken { of: ParticipantId, end: Timestamp, at: Timestamp },
    /// A revision went from the table.
    RevisionFell { of: ParticipantId, why: Fall, at: Timestamp },
    /// Somebody left. For the others nothing changes.
    Left { participant: ParticipantId, at: Timestamp },
    /// A reason to end early came up; a person has to decide.
    EndAdvised { cause: EndCause, at: Timestamp },
    /// A person decided to keep the embargo all the same.
    Kept { by: ParticipantId, reason: KeepReason, at: Timestamp },
    /// The terms of another case, merged into this one, are in force; the earliest end counts.
    Merged { began: Timestamp, end: Timestamp, at: Timestamp },
    /// The embargo is over. Nobody is obliged to publish.
    Ended { cause: EndCause, by: Option<ParticipantId>, at: Timestamp },
}

impl Embargo {
    /// Takes in what has happened. Never refuses: what was decided and stored is so.
    pub fn evolve(&mut self, event: &EmbargoEvent) {
        match event {
            EmbargoEvent::Joined { participant, .. } => {
                self.member(participant);
            }
            EmbargoEvent::Invited { participant, .. } => self.member(participant).step(ConsentMove::Invite),
            EmbargoEvent::Proposed { by, end, at } | EmbargoEvent::RevisionProposed { by, end, at } => {
                self.put_on_table(Proposal { by: by.clone(), end: *end, at: *at, declined: BTreeSet::new() });
            }
            EmbargoEvent::ProposalFell { of, .. } | EmbargoEvent::RevisionFell { of, .. } => {
                self.take_from_table(of);
            }
            EmbargoEvent::Accepted { by, until, .. } => {
                let member = self.member(by);
                member.step(ConsentMove::Accept);
                member.agreed_until = Some(*until);
            }
            EmbargoEvent::Declined { by, .. } => self.member(by).step(ConsentMove::Decline),
            EmbargoEvent::Activated { end, at } => self.put_in_force(*end, *at),
            EmbargoEvent::RevisionDeclined { by, of, .. } => {
                for proposal in self.proposals.iter_mut().filter(|proposal| proposal.by == *of) {
                    proposal.declined.insert(by.clone());
                }
            }
            EmbargoEvent::RevisionTaken { of, end, .. } => self.take_revision(of, *end),
            EmbargoEvent::Left { participant, .. } => {
                self.members.remove(participant);
            }
            EmbargoEvent::EndAdvised { cause, .. } => {
                self.early_ends.push(EarlyEnd { cause: *cause, kept: None });
            }
            EmbargoEvent::Kept { reason, .. } => {
                for early in &mut self.early_ends {
                    early.kept.get_or_insert(*reason);
                }
            }
            EmbargoEvent::Merged { began, end, .. } => self.merge_terms(*began, *end),
            EmbargoEvent::Ended { .. } => {
                self.advance(EmbargoMove::Terminate);
                self.end = None;
                self.proposals.clear();
                self.forget_answers();
            }
        }
    }

    fn member(&mut self, who: &ParticipantId) -> &mut Member {
        let unasked = Member { consent: Consent::NoEmbargo, agreed_until: None };
        self.members.entry(who.clone()).or_insert(unasked)
    }

    /// The machine's step, or none if it has no such step: a stored event never fails.
    fn advance(&mut self, by: EmbargoMove) {
        self.state = self.state.apply(by).unwrap_or(self.state);
    }

    fn put_on_table(&mut self, proposal: Proposal) {
        if self.state == EmbargoState::Active {
            // The first revision asks everybody anew; one that follows while it is open does not.
            self.members.values_mut().for_each(|member| member.step(ConsentMove::Revise));
        }
        self.advance(EmbargoMove::Propose);
        self.proposals.retain(|other| other.by != proposal.by);
        self.proposals.push(proposal);
    }

    fn take_from_table(&mut self, of: &ParticipantId) {
        self.proposals.retain(|proposal| proposal.by != *of);
        if self.proposals.is_empty() && self.state.negotiating() {
            self.advance(EmbargoMove::Reject);
            if self.state == EmbargoState::None {
                self.forget_answers();
            } else {
                self.settle();
            }
        }
    }

    fn put_in_force(&mut self, end: Timestamp, at: Timestamp) {
        self.advance(EmbargoMove::Accept);
        self.began.get_or_insert(at);
        self.end = Some(end);
        self.proposals.clear();
        for member in self.members.values_mut().filter(|member| member.consent == Consent::NoEmbargo) {
            member.step(ConsentMove::Invite);
        }
    }

    fn take_revision(&mut self, of: &ParticipantId, end: Timestamp) {
        self.advance(EmbargoMove::Accept);
        self.end = Some(end);
        self.proposals.retain(|proposal| proposal.by != *of);
        self.settle();
        if !self.proposals.is_empty() {
            // Those left are decided next. The answers just given stay: nobody lapses a second time.
            self.advance(EmbargoMove::Propose);
        }
    }

    fn merge_terms(&mut self, began: Timestamp, end: Timestamp) {
        if !self.state.in_force() {
            self.proposals.clear();
            self.advance(EmbargoMove::Propose);
            return self.put_in_force(end, began);
        }
        self.began = Some(began);
        self.end = Some(end);
        self.settle();
    }

    /// Signatories are those who have agreed to hold at least as long as the terms in force ask.
    fn settle(&mut self) {
        let Some(end) = self.end else { return };
        for member in self.members.values_mut() {
            let agreed = member.agreed_until.is_some_and(|until| until >= end);
            match member.consent {
                Consent::Lapsed if agreed => member.step(ConsentMove::Accept),
                Consent::Signatory if !agreed => member.step(ConsentMove::Revise),
                _ => {}
            }
        }
    }

    fn forget_answers(&mut self) {
        for member in self.members.values_mut() {
            member.step(ConsentMove::Reset);
            member.agreed_until = None;
        }
    }
}

impl Member {
    fn step(&mut self, by: ConsentMove) {
        self.consent = self.consent.apply(by).unwrap_or(self.consent);
    }
}
