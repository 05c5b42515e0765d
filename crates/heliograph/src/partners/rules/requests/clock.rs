//! By when a request is due, and its clock: what the one clock engine says of the profile
//! `partner-requests`.

use super::state::{Asked, Stage};
use super::words::RequestKind;
use clocks::{Anchor, AnchorName, Assessment, Extension, Facts, Profile};
use jiff::Timestamp;
use std::sync::LazyLock;

static TIMES: LazyLock<Option<Profile>> =
    LazyLock::new(|| Profile::parse(include_str!("../../../../../../profiles/partner-requests.toml")).ok());

/// By when a request of this type is due at a level.
pub(crate) fn due(asks: RequestKind, place: usize, now: Timestamp) -> Option<Timestamp> {
    let profile = TIMES.as_ref()?;
    clocks::evaluate(profile, &facts(asks, place, now), now).into_iter().find_map(|found| found.due)
}

/// The ground on which a partner has longer.
const LONGER: &str = "partner_needs_longer";

/// The clock of a request that was taken on: it runs from the sending, is put off where the partner asked
/// for it, and ends with what was delivered. Until then nothing is owed, and nothing after it was declined or
/// is needed no more.
pub(crate) fn clock(asked: &Asked, place: usize, now: Timestamp) -> Option<Assessment> {
    if !matches!(asked.stage, Stage::Accepted | Stage::Delivered | Stage::Reviewed) {
        return None;
    }
    let (profile, asks) = (TIMES.as_ref()?, asked.asks?);
    let mut facts = facts(asks, place, asked.sent);
    let found =
        |facts: &Facts| clocks::evaluate(profile, facts, now).into_iter().find(|one| one.due.is_some());
    let duty = found(&facts)?.duty.qualified(&profile.id);
    if let Some(decided) = asked.extended {
        let (until, ground, person) = (asked.due, LONGER.to_owned(), "partner".to_owned());
        facts.extended.insert(duty.clone(), vec![Extension { decided, until, ground, person }]);
    }
    if let Some(at) = asked.delivered {
        facts.record_filing(duty, Anchor::new(at, at, "what was delivered"));
    }
    found(&facts)
}

fn facts(asks: RequestKind, place: usize, sent: Timestamp) -> Facts {
    let mut facts = Facts {
        actors: Some(["partner".to_owned()].into()),
        triggers: Some([format!("{}_l{}", asks.name(), place + 1)].into()),
        jurisdictions: Some(Default::default()),
        ..Facts::default()
    };
    facts.record(AnchorName::Requested, sent);
    facts
}

#[cfg(test)]
mod tests {
    use super::*;
    use clocks::State;
    use jiff::SignedDuration;

    fn now() -> Timestamp {
        "2026-11-24T10:00:00Z".parse().unwrap()
    }

    /// Domain facts S24, peers section 4, 8: one clock engine says what a request comes to, from the sending to
    /// what came of it; declining leaves no clock behind.
    #[test]
    fn the_clock_of_a_request_runs_from_the_sending_is_put_off_and_ends_with_what_came() {
        let hours = |hours: i64| now() + SignedDuration::from_hours(hours);
        let asks = Some(RequestKind::DataAnalysis);
        let asked = Asked { stage: Stage::Accepted, asks, sent: now(), due: hours(240), ..Asked::default() };
        let state = |asked: &Asked, at| clock(asked, 1, at).map(|found| (found.state, found.due));
        assert_eq!(state(&asked, hours(1)), Some((State::Running, Some(hours(240)))));
        assert_eq!(state(&asked, hours(241)), Some((State::Overdue, Some(hours(240)))));
        let longer = Asked { extended: Some(hours(200)), due: hours(288), ..asked.clone() };
        assert_eq!(state(&longer, hours(241)), Some((State::Extended, Some(hours(288)))));
        assert_eq!(state(&longer, hours(289)), Some((State::Overdue, Some(hours(288)))));
        for (at, met) in [(240, State::Met), (241, State::MetLate)] {
            let came = Asked { stage: Stage::Delivered, delivered: Some(hours(at)), ..asked.clone() };
            assert_eq!(state(&came, hours(300)).map(|(state, _)| state), Some(met), "{at}");
        }
        for stage in [Stage::Sent, Stage::Declined, Stage::Withdrawn] {
            assert_eq!(state(&Asked { stage, ..asked.clone() }, hours(241)), None, "{stage:?}");
        }
    }
}
