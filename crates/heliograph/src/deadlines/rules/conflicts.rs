//! Rules that contradict each other on one case. Both are shown, a person decides, and nothing is
//! sent or blocked by this program.

use super::event::{ClockEvent, Contradiction, Debtor};
use super::profiles::profiles;
use super::state::Clocks;
use clocks::Conflict;
use jiff::Timestamp;

fn key(conflict: &Conflict) -> Contradiction {
    Contradiction {
        forbids: conflict.forbids.clone(),
        prohibition: conflict.prohibition.clone(),
        orders: conflict.orders.clone(),
        duty: conflict.duty.as_str().to_owned(),
    }
}

/// The contradictions of a subject as of an instant, by debtor.
pub(crate) fn conflicts(clocks: &Clocks, now: Timestamp) -> Vec<(Debtor, Contradiction, Conflict)> {
    let of = |(debtor, facts): (&Debtor, &clocks::Facts)| {
        let found = clocks::conflicts(profiles(), facts, now);
        found.into_iter().map(|conflict| (debtor.clone(), key(&conflict), conflict)).collect::<Vec<_>>()
    };
    clocks.facts.iter().flat_map(of).collect()
}

/// Those that nobody has recorded yet.
pub(crate) fn raised(clocks: &Clocks, now: Timestamp) -> Vec<ClockEvent> {
    let found = conflicts(clocks, now).into_iter();
    let fresh =
        found.filter(|(debtor, rules, _)| !clocks.conflicts.contains_key(&(debtor.clone(), rules.clone())));
    fresh.map(|(debtor, rules, _)| ClockEvent::ConflictRaised { debtor, rules }).collect()
}
