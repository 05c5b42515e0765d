//! Facts that start and stop clocks. Pure; the arithmetic is in the crate `clocks`.

mod profiles;

pub(crate) use profiles::profiles;

use crate::ledger::{Event, Recorded, State};
use clocks::{Anchor, AnchorName, AnchorRef, Assessment, Decision, DutyId, Facts, VendorFacts};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use vocabulary::{Instant, OrganisationId};

/// Who owes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub(crate) enum Debtor {
    /// The centre itself.
    Centre,
    /// The reporter, who said that she reports for the manufacturer.
    Reporter,
    /// A vendor.
    Organisation(OrganisationId),
}

impl From<Debtor> for String {
    fn from(debtor: Debtor) -> String {
        match debtor {
            Debtor::Centre => "centre".into(),
            Debtor::Reporter => "reporter".into(),
            Debtor::Organisation(id) => id.into(),
        }
    }
}

impl TryFrom<String> for Debtor {
    type Error = vocabulary::BadId;
    fn try_from(text: String) -> Result<Self, vocabulary::BadId> {
        Ok(match text.as_str() {
            "centre" => Self::Centre,
            "reporter" => Self::Reporter,
            id => Self::Organisation(id.parse()?),
        })
    }
}

/// What is learned about clocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub(crate) enum ClockEvent {
    /// The debtor's roles, the kind of case, and whose law applies.
    #[serde(rename = "clock.scope_declared")]
    ScopeDeclared {
        debtor: Debtor,
        actors: Vec<String>,
        triggers: Vec<String>,
        jurisdictions: Vec<String>,
        zone: String,
    },
    /// Something happened at a known time; `vendor` where it concerns one vendor.
    #[serde(rename = "clock.fact_recorded")]
    FactRecorded {
        debtor: Debtor,
        vendor: Option<OrganisationId>,
        anchor: AnchorName,
        at: Instant,
        evidence: String,
    },
    /// Something happened, and nobody recorded when.
    #[serde(rename = "clock.happened")]
    Happened { debtor: Debtor, anchor: AnchorName },
    /// A vendor joined, so that a clock of its own begins.
    #[serde(rename = "clock.vendor_added")]
    VendorAdded { vendor: OrganisationId },
    /// A vendor is told nothing, on a ground that the profile lists.
    #[serde(rename = "clock.vendor_waived")]
    VendorWaived { vendor: OrganisationId, duty: String, ground: String },
    /// A duty was performed.
    #[serde(rename = "clock.filed")]
    Filed { debtor: Debtor, duty: String, at: Instant, evidence: String },
}

impl Event for ClockEvent {}

/// All facts of a subject, by debtor.
#[derive(Debug, Clone, Default)]
pub(crate) struct Clocks {
    pub(crate) facts: BTreeMap<Debtor, Facts>,
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
        }
    }
}

/// Every clock of a subject as of an instant, with its debtor.
pub(crate) fn assess(clocks: &Clocks, now: Timestamp) -> Vec<(Debtor, Assessment)> {
    let mut all = Vec::new();
    for (debtor, facts) in &clocks.facts {
        for profile in profiles() {
            // The centre's policy binds the centre; laws bind whoever has the role.
            if profile.id == "centre" && *debtor != Debtor::Centre {
                continue;
            }
            let found = clocks::evaluate(profile, facts, now);
            all.extend(found.into_iter().map(|assessment| (debtor.clone(), assessment)));
        }
    }
    all.retain(|(_, found)| found.state != clocks::State::NotApplicable);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Actor;

    fn fold(events: &[ClockEvent], at: &str) -> Clocks {
        let mut clocks = Clocks::default();
        for (i, event) in events.iter().enumerate() {
            let recorded = Recorded {
                seq: i as i64,
                stream: String::new(),
                version: i as i64 + 1,
                at: at.parse().unwrap(),
                actor: Actor::System,
                kind: String::new(),
                body: serde_json::Value::Null,
            };
            clocks.evolve(event, &recorded);
        }
        clocks
    }

    fn fact(debtor: Debtor, vendor: Option<OrganisationId>, anchor: AnchorName, at: &str) -> ClockEvent {
        let at = Instant::parse(at).unwrap();
        ClockEvent::FactRecorded { debtor, vendor, anchor, at, evidence: "test".into() }
    }

    fn state(clocks: &Clocks, duty: &str, now: &str) -> (clocks::State, Option<Timestamp>) {
        let all = assess(clocks, now.parse().unwrap());
        let found = all.into_iter().find(|(_, found)| found.duty.as_str() == duty);
        found.map(|(_, found)| (found.state, found.due)).unwrap()
    }

    fn manufacturer() -> Vec<ClockEvent> {
        vec![ClockEvent::ScopeDeclared {
            debtor: Debtor::Reporter,
            actors: vec!["manufacturer".into()],
            triggers: vec!["actively_exploited_vulnerability".into()],
            jurisdictions: vec!["EU".into()],
            zone: "UTC".into(),
        }]
    }

    /// Our receipt is never the manufacturer's awareness: without her word there is no date.
    #[test]
    fn receipt_is_not_awareness() {
        let mut events = manufacturer();
        events.push(fact(Debtor::Centre, None, AnchorName::Received, "2026-11-23T10:00:00Z"));
        events.push(ClockEvent::Happened { debtor: Debtor::Reporter, anchor: AnchorName::Aware });
        let clocks = fold(&events, "2026-11-23T10:00:00Z");
        let (found, due) = state(&clocks, "aev.ew", "2026-11-30T10:00:00Z");
        assert_eq!((found, due), (clocks::State::AnchorMissing, None));
    }

    /// CRA Art. 14(2)(a), vector (a) of the facts: aware 09:15Z, early warning due 24 hours later.
    #[test]
    fn awareness_starts_the_early_warning() {
        let mut events = manufacturer();
        events.push(fact(Debtor::Reporter, None, AnchorName::Aware, "2026-11-23T09:15:00Z"));
        let clocks = fold(&events, "2026-11-23T10:00:00Z");
        let (found, due) = state(&clocks, "aev.ew", "2026-11-23T10:00:00Z");
        assert_eq!(found, clocks::State::Running);
        assert_eq!(due, Some("2026-11-24T09:15:00Z".parse().unwrap()));
    }

    /// Design section 3, line 2.
    #[test]
    fn a_filing_with_an_authority_never_stops_the_clock_for_telling_the_vendor() {
        let vendor = OrganisationId::from_random([1; 10]);
        let mut events = vec![
            ClockEvent::VendorAdded { vendor: vendor.clone() },
            fact(Debtor::Centre, None, AnchorName::Accepted, "2026-11-23T10:00:00Z"),
        ];
        let before = state(&fold(&events, "2026-11-23T10:00:00Z"), "vendor.notify", "2026-11-23T11:00:00Z");
        for duty in ["aev.ew", "cra-art14/aev.ew", "vendor.notify", "centre/vendor.notify"] {
            let at = Instant::parse("2026-11-23T10:30:00Z").unwrap();
            let filed = |debtor| ClockEvent::Filed {
                debtor,
                duty: duty.into(),
                at: at.clone(),
                evidence: "x".into(),
            };
            events.push(filed(Debtor::Centre));
            events.push(filed(Debtor::Reporter));
        }
        let after = state(&fold(&events, "2026-11-23T10:30:00Z"), "vendor.notify", "2026-11-23T11:00:00Z");
        assert_eq!(before, after);
        assert_eq!(before.0, clocks::State::Running);
        events.push(fact(Debtor::Centre, Some(vendor), AnchorName::VendorNotified, "2026-11-23T12:00:00Z"));
        let told = state(&fold(&events, "2026-11-23T12:00:00Z"), "vendor.notify", "2026-11-23T13:00:00Z");
        assert_eq!(told.0, clocks::State::Met);
    }

    #[test]
    fn old_entries_are_read() {
        crate::testing::old_entries_are_read::<Clocks>();
    }
}
