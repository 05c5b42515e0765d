//! Rules that contradict each other on one case. Both are shown, a person decides, and nothing is
//! sent, blocked or deleted by this program.

use super::event::{ClockEvent, ConflictDecision, Contradiction, Debtor};
use super::profiles::profiles;
use super::state::Clocks;
use clocks::{AnchorName, Conflict, Facts, Keeping};
use jiff::Timestamp;

/// What the name of a contradiction about keeping begins with; what is kept follows: `keep.reception_log`.
const KEEP: &str = "keep.";

fn key(conflict: &Conflict) -> Contradiction {
    Contradiction {
        forbids: conflict.forbids.clone(),
        prohibition: conflict.prohibition.clone(),
        orders: conflict.orders.clone(),
        duty: conflict.duty.as_str().to_owned(),
    }
}

/// The longest minimum orders to keep what the shortest maximum forbids to keep.
fn key_of_keeping(keeping: &Keeping) -> Option<Contradiction> {
    let (least, most) =
        keeping.at_least.as_ref().zip(keeping.at_most.as_ref()).filter(|_| keeping.conflict)?;
    let name = format!("{KEEP}{}", keeping.what);
    Some(Contradiction {
        forbids: most.profile.clone(),
        prohibition: name.clone(),
        orders: least.profile.clone(),
        duty: name,
    })
}

impl Contradiction {
    /// Whether it is about how long something is kept, and not about whom it is told to.
    pub(crate) fn is_about_keeping(&self) -> bool {
        self.kept().is_some()
    }

    /// What is kept, where it is about that.
    pub(crate) fn kept(&self) -> Option<&str> {
        self.duty.strip_prefix(KEEP)
    }

    /// A decision about it, in words for people.
    pub(crate) fn words(&self, decision: ConflictDecision) -> &'static str {
        match (self.is_about_keeping(), decision) {
            (true, ConflictDecision::Perform) => "keep it as long as the one rule orders",
            (true, ConflictDecision::Refrain) => "delete it when the other rule says",
            (true, ConflictDecision::Partly) => "keep a part of it",
            (false, decision) => decision.label(),
        }
    }
}

/// How long things are kept and may be kept, by debtor, counted from the receipt of the report; while no
/// receipt is recorded, from now.
pub(crate) fn keeping(clocks: &Clocks, now: Timestamp) -> Vec<(Debtor, Keeping)> {
    let received = clocks.facts.get(&Debtor::Centre).and_then(|facts| facts.at(AnchorName::Received));
    let from = received.unwrap_or(now);
    let of = |(debtor, facts): (&Debtor, &Facts)| {
        let found = clocks::retention(profiles(), facts, from);
        found.into_iter().map(|keeping| (debtor.clone(), keeping)).collect::<Vec<_>>()
    };
    clocks.facts.iter().flat_map(of).collect()
}

/// The contradictions of a subject as of an instant, by debtor, each with both rules in words.
pub(crate) fn conflicts(clocks: &Clocks, now: Timestamp) -> Vec<(Debtor, Contradiction, String)> {
    let of = |(debtor, facts): (&Debtor, &Facts)| {
        let found = clocks::conflicts(profiles(), facts, now);
        let found = found.into_iter().map(|conflict| (debtor.clone(), key(&conflict), conflict.explain));
        found.collect::<Vec<_>>()
    };
    let mut all: Vec<_> = clocks.facts.iter().flat_map(of).collect();
    for (debtor, keeping) in keeping(clocks, now) {
        all.extend(key_of_keeping(&keeping).map(|rules| (debtor, rules, keeping.explain)));
    }
    all
}

/// Those that nobody has recorded yet.
pub(crate) fn raised(clocks: &Clocks, now: Timestamp) -> Vec<ClockEvent> {
    let found = conflicts(clocks, now).into_iter();
    let fresh =
        found.filter(|(debtor, rules, _)| !clocks.conflicts.contains_key(&(debtor.clone(), rules.clone())));
    fresh.map(|(debtor, rules, _)| ClockEvent::ConflictRaised { debtor, rules }).collect()
}
