//! Whatever people do in whatever order, the embargo's promises hold.
//!
//! 256 lives by default; `PROPTEST_CASES` asks for more.
#![allow(clippy::unwrap_used, reason = "test support")]

use cvd::{
    cs::{Pxa, VendorFix},
    em::{EmbargoMove, EmbargoState},
    embargo::{Embargo, EmbargoEvent, KeepReason, Limit, ParticipantId, Refusal, Situation},
    interaction::{CaseFlags, EndCause},
    pec::Consent,
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use std::collections::BTreeMap;

const LIMIT_DAYS: u16 = 100;
const PEOPLE: [&str; 5] = ["reporter", "centre", "vendor-a", "vendor-b", "expert"];

#[derive(Debug, Clone)]
enum Step {
    Add(usize),
    Propose(usize, i64),
    Default(usize, usize, i64),
    Accept(usize),
    Decline(usize),
    Revise(usize, i64),
    AcceptRevision(usize, usize),
    DeclineRevision(usize, usize),
    Withdraw(usize),
    Leave(usize),
    Advise(usize),
    Terminate(usize, usize),
    Keep(usize),
    Wait(i64),
    Vendor(usize),
    Happens(u8),
    Merge(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let who = || 0..PEOPLE.len();
    let end = || -5..140_i64;
    prop_oneof![
        16 => who().prop_map(Step::Add),
        16 => (who(), end()).prop_map(|(a, e)| Step::Propose(a, e)),
        4 => (who(), who(), end()).prop_map(|(a, b, e)| Step::Default(a, b, e)),
        24 => who().prop_map(Step::Accept),
        8 => who().prop_map(Step::Decline),
        24 => (who(), end()).prop_map(|(a, e)| Step::Revise(a, e)),
        24 => (who(), who()).prop_map(|(a, b)| Step::AcceptRevision(a, b)),
        12 => (who(), who()).prop_map(|(a, b)| Step::DeclineRevision(a, b)),
        4 => who().prop_map(Step::Withdraw),
        1 => who().prop_map(Step::Leave),
        1 => (0..EndCause::ALL.len()).prop_map(Step::Advise),
        1 => (who(), 0..EndCause::ALL.len()).prop_map(|(a, c)| Step::Terminate(a, c)),
        1 => who().prop_map(Step::Keep),
        16 => (0..20_i64).prop_map(Step::Wait),
        1 => (0..VendorFix::ALL.len()).prop_map(Step::Vendor),
        1 => (0..3_u8).prop_map(Step::Happens),
        4 => end().prop_map(Step::Merge),
    ]
}

/// A case that is lived through, with its journal and what each participant has ever agreed to.
struct Life {
    embargo: Embargo,
    journal: Vec<EmbargoEvent>,
    situation: Situation,
    agreed: BTreeMap<ParticipantId, Timestamp>,
}

fn who(n: usize) -> ParticipantId {
    PEOPLE[n].into()
}

/// Mostly somebody with terms on the table: a random name would rarely have any.
fn proposer(embargo: &Embargo, n: usize) -> ParticipantId {
    embargo.proposals().get(n % 3).map_or_else(|| who(n), |proposal| proposal.by.clone())
}

impl Life {
    fn new() -> Self {
        Self {
            embargo: Embargo::default(),
            journal: Vec::new(),
            situation: Situation {
                now: Timestamp::from_second(1_795_424_400).unwrap(),
                case: CaseFlags::new(Pxa::default(), [VendorFix::Aware]),
                limit: Limit::days(LIMIT_DAYS),
            },
            agreed: BTreeMap::new(),
        }
    }

    fn at(&self, days: i64) -> Timestamp {
        self.situation.now + SignedDuration::from_hours(24 * days)
    }

    fn decide(&self, step: &Step) -> Result<Vec<EmbargoEvent>, Refusal> {
        let (embargo, situation, now) = (&self.embargo, &self.situation, self.situation.now);
        match *step {
            Step::Add(a) => Ok(embargo.add(&who(a), now)),
            Step::Propose(a, end) => embargo.propose(&who(a), self.at(end), situation),
            Step::Default(a, b, end) => embargo.adopt_default(&who(a), &who(b), self.at(end), situation),
            Step::Accept(a) => embargo.accept(&who(a), situation),
            Step::Decline(a) => embargo.decline(&who(a), now),
            Step::Revise(a, end) => embargo.revise(&who(a), self.at(end), situation),
            Step::AcceptRevision(a, b) => embargo.accept_revision(&who(a), &proposer(embargo, b), situation),
            Step::DeclineRevision(a, b) => embargo.decline_revision(&who(a), &proposer(embargo, b), now),
            Step::Withdraw(a) => embargo.withdraw(&who(a), now),
            Step::Leave(a) => embargo.leave(&who(a), now),
            Step::Advise(c) => embargo.advise_end(EndCause::ALL[c], now),
            Step::Terminate(a, c) => embargo.terminate(&who(a), EndCause::ALL[c], now),
            Step::Keep(a) => embargo.keep(&who(a), KeepReason::NarrowAttacks, now),
            Step::Merge(end) => {
                let mut other = Embargo::default();
                for n in [0, 3] {
                    other.add(&who(n), now).iter().for_each(|event| other.evolve(event));
                }
                let terms = other.adopt_default(&who(0), &who(3), self.at(end), situation);
                terms.unwrap_or_default().iter().for_each(|event| other.evolve(event));
                embargo.merge(&other, now)
            }
            Step::Wait(_) | Step::Vendor(_) | Step::Happens(_) => Ok(Vec::new()),
        }
    }

    /// One step, then what the case's state and the time bring about, as the application does it.
    fn live(&mut self, step: &Step) {
        match *step {
            Step::Wait(days) => self.situation.now = self.at(days),
            Step::Vendor(n) => {
                self.situation.case.vendors = self.situation.case.vendors.max(Some(VendorFix::ALL[n]));
            }
            Step::Happens(0) => self.situation.case.pxa.public = true,
            Step::Happens(1) => self.situation.case.pxa.exploit = true,
            Step::Happens(_) => self.situation.case.pxa.attacks = true,
            _ => {}
        }
        let decided = self.decide(step);
        if let Err(refusal) = &decided {
            assert!(refusal.to_string().len() > 20, "a refusal says what happened: {refusal}");
        }
        self.take_in(decided.unwrap_or_default());
        self.take_in(self.embargo.expire(self.situation.now));
        self.take_in(self.embargo.observe(self.situation.case, self.situation.now));
        assert!(self.embargo.expire(self.situation.now).is_empty(), "once is enough");
        assert!(self.embargo.observe(self.situation.case, self.situation.now).is_empty(), "once is enough");
    }

    fn take_in(&mut self, events: Vec<EmbargoEvent>) {
        for event in events {
            let before = self.embargo.clone();
            self.embargo.evolve(&event);
            match &event {
                EmbargoEvent::Accepted { by, until, .. } => {
                    self.agreed.insert(by.clone(), *until);
                }
                // A promise ends with the embargo that it was given for.
                EmbargoEvent::Ended { .. } => self.agreed.clear(),
                EmbargoEvent::Left { participant, .. } => {
                    self.agreed.remove(participant);
                }
                EmbargoEvent::RevisionProposed { .. } => {
                    // Peers 2.2: the cascade is A→R only.
                    for (id, member) in before.members() {
                        let cascades = before.state() == EmbargoState::Active;
                        let lapsed = cascades && member.consent == Consent::Signatory;
                        let expected = if lapsed { Consent::Lapsed } else { member.consent };
                        assert_eq!(self.embargo.consent(id), Some(expected));
                    }
                }
                _ => {}
            }
            self.check_machine_step(before.state(), &event);
            self.journal.push(event);
        }
    }

    /// The state moves by the machine's transitions only.
    fn check_machine_step(&self, before: EmbargoState, event: &EmbargoEvent) {
        use EmbargoMove::{Accept, Propose, Reject, Terminate};
        let after = self.embargo.state();
        let path = |moves: &[EmbargoMove]| {
            moves.iter().try_fold(before, |state, by| state.apply(*by)).is_ok_and(|end| end == after)
        };
        let legal = match event {
            EmbargoEvent::Proposed { .. } | EmbargoEvent::RevisionProposed { .. } => path(&[Propose]),
            EmbargoEvent::ProposalFell { .. } | EmbargoEvent::RevisionFell { .. } => {
                path(&[Reject]) || (before == after && before.negotiating())
            }
            EmbargoEvent::Activated { .. } => path(&[Accept]),
            EmbargoEvent::RevisionTaken { .. } => path(&[Accept]) || path(&[Accept, Propose]),
            EmbargoEvent::Ended { .. } => path(&[Terminate]),
            EmbargoEvent::Merged { .. } => before == after || path(&[Propose, Accept]),
            _ => before == after,
        };
        assert!(legal, "{before:?} → {after:?} by {event:?}");
    }

    fn check_promises(&self) {
        let (embargo, now) = (&self.embargo, self.situation.now);
        let in_force = embargo.state().in_force();
        // ARCHITECTURE, never built 4: no embargo without end; capped; never once P or X.
        assert_eq!(embargo.end().is_some(), in_force);
        if let (Some(end), Some(began)) = (embargo.end(), embargo.began()) {
            assert!(end > now && began <= now);
            assert!(end <= began + Limit::days(LIMIT_DAYS).total_max, "longer than the limit");
            let pxa = self.situation.case.pxa;
            assert!(!pxa.public && !pxa.exploit && self.situation.case.vendors < Some(VendorFix::Deployed));
            assert!(!pxa.attacks || embargo.state() == EmbargoState::Active, "no negotiation under attack");
            assert!(!pxa.attacks || !embargo.early_ends().is_empty(), "attacks ask for a decision");
        }
        match embargo.state() {
            EmbargoState::Proposed => assert_eq!(embargo.proposals().len(), 1),
            EmbargoState::Revise => assert!(!embargo.proposals().is_empty()),
            _ => assert!(embargo.proposals().is_empty()),
        }
        assert!(embargo.proposals().iter().all(|p| p.end > now && embargo.consent(&p.by).is_some()));
        for name in PEOPLE {
            let id: ParticipantId = name.into();
            // Who has not agreed to the terms in force does not read.
            let agreed = self.agreed.get(&id).copied();
            let enough = embargo.end().is_some_and(|end| agreed.is_some_and(|until| until >= end));
            if in_force {
                assert!(!embargo.may_read(&id) || enough, "{name} reads without having agreed");
                assert_eq!(embargo.binds(&id, now), agreed.is_some_and(|until| until > now));
            } else {
                assert!(!embargo.binds(&id, now));
            }
            // Nobody gags anybody: whoever is in can leave now.
            assert_eq!(embargo.leave(&id, now).is_ok(), embargo.consent(&id).is_some());
        }
        for (_, member) in embargo.members() {
            match embargo.state() {
                EmbargoState::None | EmbargoState::Exited => {
                    assert_eq!((member.consent, member.agreed_until), (Consent::NoEmbargo, None));
                }
                EmbargoState::Proposed => {
                    assert!(!matches!(member.consent, Consent::Signatory | Consent::Lapsed));
                }
                EmbargoState::Active | EmbargoState::Revise => {
                    assert_ne!(member.consent, Consent::NoEmbargo);
                    let enough = member.agreed_until >= embargo.end();
                    assert!(member.consent != Consent::Signatory || enough, "a signature covers the terms");
                    let asked_anew =
                        member.consent == Consent::Lapsed && embargo.state() == EmbargoState::Active;
                    assert!(!asked_anew || !enough, "nobody signs twice what they have agreed to");
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_lives_keep_every_promise(steps in prop::collection::vec(step(), 1..60)) {
        let mut life = Life::new();
        for step in &steps {
            life.live(step);
            life.check_promises();
        }
        prop_assert_eq!(&Embargo::from_events(&life.journal), &life.embargo, "the journal tells all of it");
        let json = serde_json::to_string(&life.journal).unwrap();
        let read: Vec<EmbargoEvent> = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(read, life.journal);
    }

    /// The interesting part of the space: two people agree first, so that most lives see revisions.
    #[test]
    fn random_lives_under_an_embargo_keep_every_promise(
        length in 1..i64::from(LIMIT_DAYS) + 1,
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let mut life = Life::new();
        for step in [Step::Add(0), Step::Add(1), Step::Default(0, 1, length), Step::Add(2), Step::Accept(2)] {
            life.live(&step);
        }
        prop_assert_eq!(life.embargo.state(), EmbargoState::Active);
        for step in &steps {
            life.live(step);
            life.check_promises();
        }
    }
}
