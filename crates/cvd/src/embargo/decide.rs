//! Decisions on terms: joining, proposing, answering, leaving. They look and give events; nothing changes.

use super::{Embargo, EmbargoEvent, Fall, Member, ParticipantId, Proposal, Refusal, Situation};
use crate::{em::EmbargoState, interaction::Bar, pec::Consent};
use jiff::Timestamp;

/// A decision in the making: each event is taken in at once, so that the next one sees it.
pub(super) struct Draft {
    pub(super) embargo: Embargo,
    pub(super) events: Vec<EmbargoEvent>,
}

impl Draft {
    pub(super) fn of(embargo: &Embargo) -> Self {
        Self { embargo: embargo.clone(), events: Vec::new() }
    }

    pub(super) fn record(&mut self, event: EmbargoEvent) {
        self.embargo.evolve(&event);
        self.events.push(event);
    }

    pub(super) fn accept(&mut self, by: &ParticipantId, until: Timestamp, at: Timestamp) {
        self.record(EmbargoEvent::Accepted { by: by.clone(), until, at });
    }

    /// Terms leave the table.
    pub(super) fn fall(&mut self, of: &ParticipantId, why: Fall, at: Timestamp) {
        let of = of.clone();
        self.record(if self.embargo.state == EmbargoState::Revise {
            EmbargoEvent::RevisionFell { of, why, at }
        } else {
            EmbargoEvent::ProposalFell { of, why, at }
        });
    }

    /// All terms leave the table for which this holds.
    pub(super) fn fall_where(&mut self, why: Fall, at: Timestamp, which: impl Fn(&Proposal) -> bool) {
        let falling: Vec<_> =
            self.embargo.proposals.iter().filter(|p| which(p)).map(|p| p.by.clone()).collect();
        for of in falling {
            self.fall(&of, why, at);
        }
    }

    /// Terms that everybody has turned down leave the table.
    fn fall_if_declined_by_all(&mut self, at: Timestamp) {
        let embargo = self.embargo.clone();
        self.fall_where(Fall::Declined, at, |proposal| embargo.declined_by_all(proposal));
    }
}

type Decided = Result<Vec<EmbargoEvent>, Refusal>;

impl Embargo {
    /// Adds somebody to the case, or asks again. With terms in force or on the table they are offered
    /// and have to be accepted before anything is read. Asking twice changes nothing.
    #[must_use]
    pub fn add(&self, participant: &ParticipantId, now: Timestamp) -> Vec<EmbargoEvent> {
        let participant = participant.clone();
        let nothing_to_accept = self.state.is_final();
        match self.consent(&participant) {
            None if nothing_to_accept => vec![EmbargoEvent::Joined { participant, at: now }],
            None | Some(Consent::Declined) => vec![EmbargoEvent::Invited { participant, at: now }],
            // Who accepted the terms in force has nothing to be asked while a revision is open.
            Some(Consent::Lapsed) if !self.has_accepted(&participant) => {
                vec![EmbargoEvent::Invited { participant, at: now }]
            }
            Some(_) => Vec::new(),
        }
    }

    /// Puts first terms on the table. With those of somebody else there already, the shorter ones are
    /// in force at once, because both agree to hold that long; the longer ones become a revision.
    ///
    /// # Errors
    /// Not in the case, declined before, barred by the case, an end in the past or beyond the limit,
    /// or an embargo that is in force or over.
    pub fn propose(&self, by: &ParticipantId, end: Timestamp, situation: &Situation) -> Decided {
        self.require_member(by)?;
        match self.state {
            EmbargoState::None | EmbargoState::Proposed => {}
            EmbargoState::Active | EmbargoState::Revise => {
                return Err(Refusal::WrongState(self.state, "propose a revision instead"));
            }
            EmbargoState::Exited => {
                return Err(Refusal::WrongState(self.state, "a case has no second embargo"));
            }
        }
        if self.consent(by) == Some(Consent::Declined) {
            return Err(Refusal::DeclinedBefore);
        }
        barred(situation.case.bars_new_embargo())?;
        self.require_end(end, situation)?;
        let now = situation.now;
        let mut draft = Draft::of(self);
        draft.fall_where(Fall::EndPassed, now, |proposal| proposal.end <= now);
        let standing = draft.embargo.proposals.first().cloned();
        draft.record(EmbargoEvent::Proposed { by: by.clone(), end, at: now });
        match standing {
            Some(standing) if standing.by != *by => draft.shortest_wins(&standing, by, end, now),
            Some(_) => draft.ask_decliners_again(now),
            None => {}
        }
        Ok(draft.events)
    }

    /// A policy's published default, when the other side says nothing against it, is accepted the
    /// moment it applies: the embargo is in force and was never seen as merely proposed.
    ///
    /// # Errors
    /// As [`Embargo::propose`]; and there must be nothing on the table.
    pub fn adopt_default(
        &self,
        receiver: &ParticipantId,
        sender: &ParticipantId,
        end: Timestamp,
        situation: &Situation,
    ) -> Decided {
        if self.state != EmbargoState::None {
            return Err(Refusal::WrongState(self.state, "a default applies only where nothing was said"));
        }
        if receiver == sender {
            return Err(Refusal::OwnProposal);
        }
        self.require_member(sender)?;
        let now = situation.now;
        let mut draft = Draft::of(self);
        for event in self.propose(receiver, end, situation)? {
            draft.record(event);
        }
        draft.activate([receiver, sender], end, now);
        Ok(draft.events)
    }

    /// Accepts what is offered: the first terms on the table, or those in force.
    ///
    /// # Errors
    /// Nothing to accept, own terms, answered before, run out, or barred by the case.
    pub fn accept(&self, by: &ParticipantId, situation: &Situation) -> Decided {
        self.require_member(by)?;
        let consent = self.consent(by);
        if consent == Some(Consent::Declined) {
            return Err(Refusal::DeclinedBefore);
        }
        if self.state == EmbargoState::Proposed {
            return self.accept_first(by, situation);
        }
        let end = self.require_in_force(situation.now)?;
        match consent {
            Some(Consent::Signatory) => return Err(Refusal::AlreadyAccepted),
            Some(Consent::Lapsed) if self.has_accepted(by) => return Err(Refusal::AnswerRevision),
            _ => {}
        }
        // Joining an embargo that people decided to keep is not negotiating one: attacks do not bar it.
        barred(situation.case.ends_embargo().and(situation.case.bars_revision()))?;
        let mut draft = Draft::of(self);
        draft.accept(by, end, situation.now);
        Ok(draft.events)
    }

    fn accept_first(&self, by: &ParticipantId, situation: &Situation) -> Decided {
        let now = situation.now;
        let Some(terms) = self.proposals().first().copied() else {
            return Err(Refusal::WrongState(self.state, "there are no terms to accept"));
        };
        if terms.by == *by {
            return Err(Refusal::OwnProposal);
        }
        barred(situation.case.bars_new_embargo())?;
        self.require_end(terms.end, situation)?;
        let mut draft = Draft::of(self);
        draft.activate([&terms.by, by], terms.end, now);
        Ok(draft.events)
    }

    /// Declines what is offered: the first terms on the table, or those in force. First terms that
    /// everybody has declined leave the table.
    ///
    /// # Errors
    /// Nothing to decline, own terms, or accepted before (then one leaves instead).
    pub fn decline(&self, by: &ParticipantId, now: Timestamp) -> Decided {
        self.require_member(by)?;
        if self.state.is_final() {
            return Err(Refusal::WrongState(self.state, "there is nothing to decline"));
        }
        if self.proposals.iter().any(|p| p.by == *by) && self.state == EmbargoState::Proposed {
            return Err(Refusal::OwnProposal);
        }
        match self.consent(by) {
            Some(Consent::Signatory) => return Err(Refusal::LeaveInstead),
            Some(Consent::Lapsed) if self.has_accepted(by) => return Err(Refusal::AnswerRevision),
            Some(Consent::Declined) => return Err(Refusal::DeclinedBefore),
            _ => {}
        }
        let mut draft = Draft::of(self);
        draft.record(EmbargoEvent::Declined { by: by.clone(), at: now });
        draft.fall_if_declined_by_all(now);
        Ok(draft.events)
    }

    /// Puts new terms for an embargo in force on the table, longer or shorter. The old ones stay in
    /// force until somebody else takes the new ones.
    ///
    /// # Errors
    /// Not in the embargo, none in force, run out, barred, the same end, in the past or beyond the limit.
    pub fn revise(&self, by: &ParticipantId, end: Timestamp, situation: &Situation) -> Decided {
        self.require_holder(by)?;
        let current = self.require_in_force(situation.now)?;
        barred(situation.case.bars_revision())?;
        self.require_end(end, situation)?;
        if end == current {
            return Err(Refusal::SameEnd(current));
        }
        let mut draft = Draft::of(self);
        draft.record(EmbargoEvent::RevisionProposed { by: by.clone(), end, at: situation.now });
        Ok(draft.events)
    }

    /// Takes somebody's revision: its terms are in force. Others who had not agreed to hold that long
    /// have to accept anew.
    ///
    /// # Errors
    /// Not in the embargo, no such revision, one's own, run out, barred or beyond the limit.
    pub fn accept_revision(&self, by: &ParticipantId, of: &ParticipantId, situation: &Situation) -> Decided {
        self.require_holder(by)?;
        self.require_in_force(situation.now)?;
        let end = self.require_proposal(of)?.end;
        if by == of {
            return Err(Refusal::OwnProposal);
        }
        barred(situation.case.bars_revision())?;
        self.require_end(end, situation)?;
        let at = situation.now;
        let mut draft = Draft::of(self);
        draft.accept(of, end, at);
        draft.accept(by, end, at);
        draft.record(EmbargoEvent::RevisionTaken { of: of.clone(), end, at });
        // Others who proposed the same end have what they wanted.
        draft.fall_where(Fall::SameEnd, at, |proposal| proposal.end == end);
        Ok(draft.events)
    }

    /// Turns somebody's revision down. The old terms stay; when everybody has turned it down, it falls.
    ///
    /// # Errors
    /// Not in the embargo, no such revision, or one's own.
    pub fn decline_revision(&self, by: &ParticipantId, of: &ParticipantId, now: Timestamp) -> Decided {
        self.require_holder(by)?;
        if self.state != EmbargoState::Revise {
            return Err(Refusal::WrongState(self.state, "no revision is on the table"));
        }
        self.require_proposal(of)?;
        if by == of {
            return Err(Refusal::OwnProposal);
        }
        let mut draft = Draft::of(self);
        draft.record(EmbargoEvent::RevisionDeclined { by: by.clone(), of: of.clone(), at: now });
        draft.fall_if_declined_by_all(now);
        Ok(draft.events)
    }

    /// Takes one's own terms from the table.
    ///
    /// # Errors
    /// There are none.
    pub fn withdraw(&self, by: &ParticipantId, now: Timestamp) -> Decided {
        self.require_proposal(by)?;
        let mut draft = Draft::of(self);
        draft.fall(by, Fall::Withdrawn, now);
        Ok(draft.events)
    }

    /// Leaves the case's embargo, at any time and for any reason; nobody is asked. One's own terms go
    /// along, everything else stays as it is for the others.
    ///
    /// # Errors
    /// Not in the case.
    pub fn leave(&self, participant: &ParticipantId, now: Timestamp) -> Decided {
        self.require_member(participant)?;
        let mut draft = Draft::of(self);
        draft.fall_where(Fall::Withdrawn, now, |proposal| proposal.by == *participant);
        draft.record(EmbargoEvent::Left { participant: participant.clone(), at: now });
        draft.fall_if_declined_by_all(now);
        Ok(draft.events)
    }

    fn require_member(&self, who: &ParticipantId) -> Result<(), Refusal> {
        self.consent(who).map(drop).ok_or_else(|| Refusal::NotAMember(who.clone()))
    }

    /// Who has accepted the terms in force, even if a revision has put that in question.
    fn require_holder(&self, who: &ParticipantId) -> Result<(), Refusal> {
        self.require_member(who)?;
        if !self.state.in_force() {
            return Err(Refusal::WrongState(self.state, "there are no terms in force to revise"));
        }
        if self.has_accepted(who) { Ok(()) } else { Err(Refusal::AcceptFirst) }
    }

    pub(super) fn require_in_force(&self, now: Timestamp) -> Result<Timestamp, Refusal> {
        match self.end.filter(|_| self.state.in_force()) {
            Some(end) if now < end => Ok(end),
            Some(end) => Err(Refusal::EndReached(end)),
            None => Err(Refusal::WrongState(self.state, "there are no terms in force")),
        }
    }

    fn require_proposal(&self, of: &ParticipantId) -> Result<&Proposal, Refusal> {
        let found = self.proposals.iter().find(|proposal| proposal.by == *of);
        found.ok_or_else(|| Refusal::NoSuchProposal(of.clone()))
    }

    fn require_end(&self, end: Timestamp, situation: &Situation) -> Result<(), Refusal> {
        if end <= situation.now {
            return Err(Refusal::EndNotInFuture(end));
        }
        let latest = self.latest_end(situation);
        if end > latest { Err(Refusal::BeyondLimit { latest }) } else { Ok(()) }
    }

    /// Everybody who could take these terms has turned them down. With nobody there yet, they wait.
    fn declined_by_all(&self, proposal: &Proposal) -> bool {
        let mut asked = self
            .members
            .iter()
            .filter(|(id, _)| **id != proposal.by)
            .filter(|(_, member)| self.state == EmbargoState::Proposed || self.covers(**member))
            .peekable();
        asked.peek().is_some()
            && asked.all(|(id, member)| member.consent == Consent::Declined || proposal.declined.contains(id))
    }
}

impl Draft {
    /// Terms are in force, with the two who agreed to them.
    fn activate(&mut self, agreed: [&ParticipantId; 2], end: Timestamp, at: Timestamp) {
        for by in agreed {
            self.accept(by, end, at);
        }
        self.record(EmbargoEvent::Activated { end, at });
    }

    /// Who declined the terms that were replaced has not declined the new ones.
    fn ask_decliners_again(&mut self, at: Timestamp) {
        let declined = |(_, member): &(&ParticipantId, &Member)| member.consent == Consent::Declined;
        let declined: Vec<_> =
            self.embargo.members.iter().filter(declined).map(|(id, _)| id.clone()).collect();
        for participant in declined {
            self.record(EmbargoEvent::Invited { participant, at });
        }
    }

    fn shortest_wins(&mut self, standing: &Proposal, by: &ParticipantId, end: Timestamp, at: Timestamp) {
        self.activate([&standing.by, by], standing.end.min(end), at);
        let longer = if standing.end > end { (&standing.by, standing.end) } else { (by, end) };
        if standing.end != end {
            self.record(EmbargoEvent::RevisionProposed { by: longer.0.clone(), end: longer.1, at });
        }
    }
}

fn barred(bar: Option<Bar>) -> Result<(), Refusal> {
    bar.map_or(Ok(()), |bar| Err(Refusal::Barred(bar)))
}
