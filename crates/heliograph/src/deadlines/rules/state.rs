//! The facts of a subject, as they grow from its events.

use super::event::{ClockEvent, Debtor};
use crate::ledger::{Actor, Recorded, State};
use clocks::{Anchor, AnchorRef, Decision, DutyId, Facts, VendorFacts};
use std::collections::BTreeMap;
use vocabulary::{AccountId, Instant, OrganisationId};

/// All facts of a subject, by debtor.
#[derive(Debug, Clone, Default)]
pub(crate) struct Clocks {
    pub(crate) facts: BTreeMap<Debtor, Facts>,
    /// The harmless name for lists; empty where nobody gave one.
    pub(crate) name: String,
    /// The coordinator who looks after the clocks.
    pub(crate) keeper: Option<AccountId>,
}

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
            ClockEvent::VendorAdded { vendor } => {
                self.vendor(vendor);
            }
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
            ClockEvent::SubjectNamed { name } => {
                self.name.clone_from(name);
                self.keeper = account(recorded).or(self.keeper.take());
            }
            ClockEvent::TakenOver {} => self.keeper = account(recorded).or(self.keeper.take()),
        }
    }
}

fn account(recorded: &Recorded) -> Option<AccountId> {
    match &recorded.actor {
        Actor::Account(id) => Some(id.clone()),
        Actor::Reporter(_) | Actor::System => None,
    }
}
