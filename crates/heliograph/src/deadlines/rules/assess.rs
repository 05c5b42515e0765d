//! Facts in, clocks out: the one place that calls the clock engine.

use super::acts::Owed;
use super::event::Debtor;
use super::profiles::{profile, profiles};
use super::state::Clocks;
use clocks::{Assessment, Due, Kind, State};
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
            // A disclosure policy binds whoever adopted it; the centre has its own.
            if profile.kind == Kind::DisclosurePolicy {
                continue;
            }
            let found = clocks::evaluate(profile, facts, now);
            all.extend(found.into_iter().map(|assessment| (debtor.clone(), assessment)));
        }
    }
    all.retain(|(_, found)| found.state != State::NotApplicable);
    all.extend(notices_of_delay(clocks));
    all
}

/// What follows the name of a duty where its delay is to be told of.
pub(crate) const NOTICE: &str = ".delay-notice";

/// A delay can oblige to a notice of its own: it is owed at once, and has no hour by which it would
/// be in time.
fn notices_of_delay(clocks: &Clocks) -> Vec<(Debtor, Assessment)> {
    let notice = |(owed, (whom, told)): (&Owed, &(String, Option<Timestamp>))| {
        let (profile, duty) = owed.rule().ok()?;
        let name = profile.recipient(whom).map_or_else(|| whom.to_uppercase(), |found| found.name.clone());
        let wanted = duty.on_delay.as_ref().map(|notice| notice.with.join(" and ").replace('_', " "));
        let clock = Assessment {
            duty: format!("{}{NOTICE}", owed.duty).parse().ok()?,
            title: format!("Inform {name} of the delay at once: {}", duty.title),
            recipients: vec![name],
            state: if told.is_some() { State::Met } else { State::Running },
            met_at: *told,
            explain: format!(
                "The duty was put off, and the rule obliges to say so immediately, with {}.",
                wanted.unwrap_or_default()
            ),
            ..clocks::evaluate(profile, clocks.facts.get(&owed.debtor)?, Timestamp::MIN)
                .into_iter()
                .find(|found| found.duty.as_str() == owed.duty)?
        };
        Some((owed.debtor.clone(), Assessment { due: None, conditional: None, vendor: None, ..clock }))
    };
    clocks.delays.iter().filter_map(notice).collect()
}

/// Whether the duty of a clock has no fixed time, so that its date is the end of a delay: after it
/// the duty runs again, and is never overdue.
pub(crate) fn is_prompt(clock: &Assessment) -> bool {
    let duty = profile(clock.profile.as_str()).and_then(|profile| profile.duty(clock.duty.as_str()));
    duty.is_some_and(|duty| matches!(duty.due, Due::Promptly(_)))
}

/// Whether the rule of a clock says "should", so that to miss its date is no breach.
pub(crate) fn is_soft(of: &str, duty: &str) -> bool {
    profile(of).and_then(|profile| profile.duty(duty)).is_some_and(|duty| duty.soft)
}

/// Whether somebody still has to act on a clock by its date.
pub(crate) fn is_owed(state: State) -> bool {
    matches!(state, State::Running | State::Overdue | State::Extended)
}
