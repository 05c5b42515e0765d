//! The rules without a server.

use super::*;
use crate::ledger::Actor;
use crate::ledger::{Recorded, State};
use clocks::AnchorName;
use jiff::Timestamp;
use vocabulary::{Instant, OrganisationId};

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

/// ARCHITECTURE, never built 2.
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
        let filed =
            |debtor| ClockEvent::Filed { debtor, duty: duty.into(), at: at.clone(), evidence: "x".into() };
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
fn every_kind_of_event_is_read_as_it_was_written() {
    crate::testing::old_entries_are_read::<Clocks>();
    crate::testing::old_entries_are_read::<Told>();
    crate::testing::old_entries_are_read::<Filings>();
}
