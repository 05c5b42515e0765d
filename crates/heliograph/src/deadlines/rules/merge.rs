//! A case becomes part of another: what was learned about its vendors counts there from now on.

use super::event::{ClockEvent, Debtor};
use super::state::Clocks;
use clocks::AnchorName;
use jiff::Timestamp;
use vocabulary::{Instant, OrganisationId};

/// What goes along from one case to the other, out of the events of the first.
///
/// A vendor keeps the hour at which it was told and the hour from which it was to be told: what was
/// in time is not late because the other case is older, and whoever was told in both was told at
/// the earlier hour.
pub(crate) fn along(from: &Clocks, into: &Clocks, events: Vec<ClockEvent>) -> Vec<ClockEvent> {
    let mut along: Vec<ClockEvent> = events.into_iter().filter(|event| counts(from, into, event)).collect();
    let accepted = from.facts.get(&Debtor::Centre).and_then(|facts| facts.at(AnchorName::Accepted));
    for vendor in vendors(from).filter(|vendor| !knows(into, vendor)) {
        let Some(at) = of_vendor(from, &vendor, AnchorName::VendorIdentified).or(accepted) else { continue };
        along.push(ClockEvent::FactRecorded {
            debtor: Debtor::Centre,
            vendor: Some(vendor),
            anchor: AnchorName::VendorIdentified,
            at: Instant::utc(at),
            evidence: "what was recorded in the case that became part of this one".to_owned(),
        });
    }
    along
}

fn vendors(clocks: &Clocks) -> impl Iterator<Item = OrganisationId> {
    let known = clocks.facts.get(&Debtor::Centre).into_iter().flat_map(|facts| facts.vendors.keys());
    known.filter_map(|id| id.parse().ok())
}

fn knows(clocks: &Clocks, vendor: &OrganisationId) -> bool {
    clocks.facts.get(&Debtor::Centre).is_some_and(|facts| facts.vendors.contains_key(vendor.as_str()))
}

fn of_vendor(clocks: &Clocks, vendor: &OrganisationId, anchor: AnchorName) -> Option<Timestamp> {
    clocks.facts.get(&Debtor::Centre)?.vendors.get(vendor.as_str())?.at(anchor)
}

/// Whether an event says something that the other case does not know better.
fn counts(from: &Clocks, into: &Clocks, event: &ClockEvent) -> bool {
    match event {
        ClockEvent::VendorAdded { vendor } => !knows(into, vendor),
        // This one is said anew for every vendor that the other case does not know.
        ClockEvent::FactRecorded { vendor: Some(_), anchor: AnchorName::VendorIdentified, .. }
        | ClockEvent::FactStated { vendor: Some(_), anchor: AnchorName::VendorIdentified, .. } => false,
        ClockEvent::FactRecorded { vendor: Some(vendor), anchor, at, .. }
        | ClockEvent::FactStated { vendor: Some(vendor), anchor, at, .. } => {
            // Versions that were corrected stay behind: they would be recorded anew with the others.
            of_vendor(from, vendor, *anchor) == Some(at.at)
                && of_vendor(into, vendor, *anchor).is_none_or(|there| at.at < there)
        }
        other => goes_along(other),
    }
}

/// Whether what was learned about a case counts for the one of which it became a part: what concerns
/// a vendor does.
fn goes_along(event: &ClockEvent) -> bool {
    let of_vendor = |debtor: &Debtor| matches!(debtor, Debtor::Organisation(_));
    match event {
        ClockEvent::Waived { vendor: Some(_), .. } | ClockEvent::VendorWaived { .. } => true,
        ClockEvent::FactRecorded { debtor, .. }
        | ClockEvent::ScopeDeclared { debtor, .. }
        | ClockEvent::Happened { debtor, .. }
        | ClockEvent::FactStated { debtor, .. }
        | ClockEvent::Extended { debtor, .. }
        | ClockEvent::DelayNotified { debtor, .. }
        | ClockEvent::Waived { debtor, .. }
        | ClockEvent::FellAway { debtor, .. }
        | ClockEvent::SubmissionRecorded { debtor, .. }
        | ClockEvent::ConflictRaised { debtor, .. }
        | ClockEvent::ConflictDecided { debtor, .. }
        | ClockEvent::Filed { debtor, .. } => of_vendor(debtor),
        ClockEvent::VendorAdded { .. }
        | ClockEvent::MergedInto { .. }
        | ClockEvent::SubjectNamed { .. }
        | ClockEvent::TakenOver {}
        | ClockEvent::DrillStarted {}
        | ClockEvent::DrillEnded {} => false,
    }
}
