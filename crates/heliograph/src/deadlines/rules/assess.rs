//! Facts in, clocks out: the one place that calls the clock engine.

use super::event::Debtor;
use super::profiles::profiles;
use super::state::Clocks;
use clocks::{Assessment, Due, State};
use jiff::Timestamp;

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
    all.retain(|(_, found)| found.state != State::NotApplicable);
    all
}

/// Whether the duty of a clock has no fixed time, so that its date is the end of a delay: after it
/// the duty runs again, and is never overdue.
pub(crate) fn is_prompt(clock: &Assessment) -> bool {
    let profile = profiles().iter().find(|profile| profile.id == clock.profile);
    let duty = profile.and_then(|profile| profile.duty(clock.duty.as_str()));
    duty.is_some_and(|duty| matches!(duty.due, Due::Promptly(_)))
}

/// Whether somebody still has to act on a clock by its date.
pub(crate) fn is_owed(state: State) -> bool {
    matches!(state, State::Running | State::Overdue | State::Extended)
}
