//! The facts of a subject, as they grow from its events.

use super::acts::Owed;
use super::event::{ClockEvent, ConflictDecision, Contradiction, Debtor};
use super::profiles::profiles;
use crate::ledger::{Actor, Recorded, State};
use crate::refusal::Refusal;
use clocks::{
    Anchor, AnchorName, AnchorRef, Decision, Duty, DutyId, Extension, Facts, Profile, Trigger, VendorFacts,
};
use jiff::Timestamp;
use std::collections::BTreeMap;
use vocabulary::{AccountId, DrillId, Instant, OrganisationId};

/// All facts of a subject, by debtor.
#[derive(Debug, Clone, Default)]
pub(crate) struct Clocks {
    pub(crate) facts: BTreeMap<Debtor, Facts>,
    /// The harmless name for lists; empty where nobody gave one.
    pub(crate) name: String,
    /// The coordinator who looks after the clocks.
    pub(crate) keeper: Option<AccountId>,
    /// A drill that is over takes nothing more…
    pub(crate) ended: bool,
    /// …and neither does a case that became part of another.
    pub(crate) merged_into: Option<String>,
    /// Delays of which somebody is to be informed: whom, and whether that was done.
    pub(crate) delays: BTreeMap<Owed, (String, Option<Timestamp>)>,
    /// Rules that contradict each other: since when, and what a person decided.
    pub(crate) conflicts: BTreeMap<(Debtor, Contradiction), (Timestamp, Option<Decided>)>,
}

/// When a person decided, and what.
type Decided = (Timestamp, ConflictDecision);

/// What explanations say of evidence that lies in the vault.
const SEALED: &str = "evidence that is sealed with the case";

/// What they say where nobody stated since when a vendor was known to be concerned.
const FIRST_NAMED: &str = "the first record here that names this vendor; no earlier hour was stated";

impl Clocks {
    fn of(&mut self, debtor: &Debtor) -> &mut Facts {
        self.facts.entry(debtor.clone()).or_insert_with(|| {
            let mut facts = Facts::default();
            if *debtor == Debtor::Centre {
                // The centre knows its own role; whose law applies, the case says.
                facts.actors = Some(["coordinator".to_owned()].into());
                facts.triggers = Some(Default::default());
            }
            facts
        })
    }

    /// A vendor joined. The first is whom the case was accepted for; one that joins later is known to be
    /// concerned since its name was first recorded here, unless somebody states another hour.
    fn joined(&mut self, vendor: &OrganisationId, at: Timestamp) {
        let is_first = self.of(&Debtor::Centre).vendors.is_empty();
        let own = self.vendor(vendor);
        if !is_first {
            let first_named = Anchor::new(at, at, FIRST_NAMED);
            own.anchors.entry(AnchorName::VendorIdentified).or_insert_with(|| vec![first_named]);
        }
    }

    /// Whether more may be recorded. A case that is closed is no end of its clocks: what a law demands of a vendor is
    /// owed on, also where its hour comes later, and what is owed to a vendor is met when that vendor was told.
    pub(crate) fn takes_more(&self) -> Result<(), Refusal> {
        match &self.merged_into {
            _ if self.ended => Err(Refusal::conflict("This drill is over. Start another one.")),
            Some(into) => Err(Refusal::conflict(format!("This case became part of {into}; go on there."))),
            None => Ok(()),
        }
    }

    fn vendor(&mut self, vendor: &OrganisationId) -> &mut VendorFacts {
        self.of(&Debtor::Centre).vendors.entry(vendor.to_string()).or_default()
    }
}

impl State for Clocks {
    type Event = ClockEvent;

    fn evolve(&mut self, event: &ClockEvent, recorded: &Recorded) {
        let anchor = |at: &Instant, evidence: &str| Anchor::new(at.at, recorded.at, evidence);
        match event {
            ClockEvent::ScopeDeclared { debtor, actors, triggers, jurisdictions, zone } => {
                let facts = self.of(debtor);
                facts.actors = Some(actors.iter().cloned().collect());
                facts.triggers = Some(triggers.iter().cloned().collect());
                facts.jurisdictions = Some(jurisdictions.iter().cloned().collect());
                facts.zone = zone.parse().unwrap_or_default();
            }
            ClockEvent::FactRecorded { debtor, vendor: None, anchor: name, at, evidence } => {
                self.of(debtor).record(*name, anchor(at, evidence));
            }
            ClockEvent::FactRecorded { vendor: Some(vendor), anchor: name, at, evidence, .. } => {
                self.vendor(vendor).anchors.entry(*name).or_default().push(anchor(at, evidence));
            }
            ClockEvent::Happened { debtor, anchor } => {
                self.of(debtor).occurred.insert(AnchorRef::Event(*anchor));
            }
            ClockEvent::VendorAdded { vendor } => self.joined(vendor, recorded.at),
            ClockEvent::VendorWaived { vendor, duty, ground } => {
                if let Ok(duty) = duty.parse::<DutyId>() {
                    let decision = Decision {
                        decided: recorded.at,
                        ground: ground.clone(),
                        person: recorded.actor.to_string(),
                    };
                    self.vendor(vendor).waived.entry(duty).or_default().push(decision);
                }
            }
            ClockEvent::Filed { debtor, duty, at, evidence } => {
                if let Ok(duty) = duty.parse::<DutyId>() {
                    self.of(debtor).record_filing(duty, anchor(at, evidence));
                }
            }
            ClockEvent::MergedInto { subject } => {
                self.merged_into = Some(subject.clone());
                self.facts.clear();
                self.delays.clear();
                self.conflicts.clear();
            }
            ClockEvent::SubjectNamed { name } => {
                self.name.clone_from(name);
                self.keeper = account(recorded).or(self.keeper.take());
            }
            ClockEvent::DrillStarted {} => self.keeper = account(recorded).or(self.keeper.take()),
            ClockEvent::DrillEnded {} => self.ended = true,
            ClockEvent::TakenOver {} => self.keeper = account(recorded).or(self.keeper.take()),
            ClockEvent::FactStated { debtor, vendor: None, anchor: name, at, .. } => {
                self.of(debtor).record(*name, anchor(at, SEALED));
            }
            ClockEvent::FactStated { vendor: Some(vendor), anchor: name, at, .. } => {
                self.vendor(vendor).anchors.entry(*name).or_default().push(anchor(at, SEALED));
            }
            ClockEvent::ConflictRaised { debtor, rules } => {
                self.conflicts.entry((debtor.clone(), rules.clone())).or_insert((recorded.at, None));
            }
            ClockEvent::ConflictDecided { debtor, rules, decision, .. } => {
                let found =
                    self.conflicts.entry((debtor.clone(), rules.clone())).or_insert((recorded.at, None));
                found.1 = Some((recorded.at, *decision));
            }
            other => self.decided(other, recorded),
        }
    }
}

impl Clocks {
    /// What people decided about single duties.
    fn decided(&mut self, event: &ClockEvent, recorded: &Recorded) {
        let owed = |debtor: &Debtor, profile: &str, duty: &str| Owed {
            debtor: debtor.clone(),
            profile: profile.to_owned(),
            duty: duty.to_owned(),
        };
        let person = || recorded.actor.to_string();
        match event {
            ClockEvent::Extended { debtor, profile, duty, until, ground, inform, .. } => {
                let owed = owed(debtor, profile, duty);
                let extension = Extension {
                    decided: recorded.at,
                    until: until.at,
                    ground: ground.clone(),
                    person: person(),
                };
                if let Ok(duty) = owed.qualified().parse::<DutyId>() {
                    self.of(debtor).extended.entry(duty).or_default().push(extension);
                }
                if let Some(whom) = inform {
                    self.delays.insert(owed, (whom.clone(), None));
                }
            }
            ClockEvent::DelayNotified { debtor, profile, duty, at, .. } => {
                if let Some(delay) = self.delays.get_mut(&owed(debtor, profile, duty)) {
                    delay.1 = Some(at.at);
                }
            }
            ClockEvent::Waived { debtor, vendor, profile, duty, ground, .. } => {
                let waiver = Decision { decided: recorded.at, ground: ground.clone(), person: person() };
                let Ok(duty) = owed(debtor, profile, duty).qualified().parse::<DutyId>() else { return };
                let waived = match vendor {
                    Some(vendor) => &mut self.vendor(vendor).waived,
                    None => &mut self.of(debtor).waived,
                };
                waived.entry(duty).or_default().push(waiver);
            }
            ClockEvent::FellAway { debtor, profile, duty, ground } => {
                let ended = Decision { decided: recorded.at, ground: ground.clone(), person: person() };
                let Ok(duty) = owed(debtor, profile, duty).qualified().parse::<DutyId>() else { return };
                self.of(debtor).waived.entry(duty).or_default().push(ended);
            }
            ClockEvent::SubmissionRecorded { debtor, profile, duty, at, received_here, .. } => {
                let Ok(duty) = owed(debtor, profile, duty).qualified().parse::<DutyId>() else { return };
                let submitted = Anchor::new(at.at, recorded.at, SEALED);
                self.of(debtor).record_filing(duty.clone(), submitted.clone());
                if let Some(jurisdiction) = received_here {
                    self.received(duty, submitted, jurisdiction);
                }
            }
            _ => {}
        }
    }

    /// A filing arrived here: the centre owes what the same law says that follows from it, such as an
    /// answer, or passing it on. What follows from other filings does not begin.
    fn received(&mut self, duty: DutyId, submitted: Anchor, jurisdiction: &str) {
        let facts = self.of(&Debtor::Centre);
        for follows in profiles().iter().flat_map(|profile| ours_after(profile, &duty)) {
            facts.actors.get_or_insert_default().insert(follows.actor.clone());
            if let Trigger::OneOf(words) = &follows.trigger {
                facts.triggers.get_or_insert_default().extend(words.iter().cloned());
            }
        }
        facts.jurisdictions.get_or_insert_default().insert(jurisdiction.to_owned());
        facts.record_filing(duty, submitted);
    }
}

/// The roles that a centre has under the laws that name one.
const OURS: [&str; 2] = ["coordinator", "csirt"];

/// The duties of a centre that count from this filing.
fn ours_after<'p>(profile: &'p Profile, filed: &DutyId) -> impl Iterator<Item = &'p Duty> {
    let is_filed = |duty: &DutyId| duty.qualified(&profile.id) == *filed;
    let is_of_profile = profile.duties.iter().any(|duty| is_filed(&duty.id));
    let ours = profile.duties.iter().filter(|duty| OURS.contains(&duty.actor.as_str()));
    ours.filter(move |duty| match &duty.anchor {
        AnchorRef::FiledAny => is_of_profile,
        AnchorRef::Filed(other) => is_filed(other),
        _ => false,
    })
}

fn account(recorded: &Recorded) -> Option<AccountId> {
    match &recorded.actor {
        Actor::Account(id) => Some(id.clone()),
        Actor::Reporter(_) | Actor::System => None,
    }
}

/// Whether a subject is a drill, by its number: `HEL-D-2026-000001`.
pub(crate) fn is_drill(subject: &str) -> bool {
    subject.parse::<DrillId>().is_ok()
}
