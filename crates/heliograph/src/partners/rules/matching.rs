//! Who could be asked for something: what speaks for each partner, and what against it. Pure.
//!
//! Domain facts S24, S35, 5.2: by level, entitlement, clearance and load. A level says how soon an answer is due, and
//! nothing of what may be read.

use super::requests::clock::due;
use super::requests::deciding::Cleared;
use super::requests::words::RequestKind;
use crate::accreditations::Entitled;
use jiff::Timestamp;
use programme::Service;

/// What is known of a partner in standing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Considered {
    pub(crate) level: String,
    /// The place of its level, the best first.
    pub(crate) place: Option<usize>,
    /// Requests that it has open.
    pub(crate) load: i64,
    pub(crate) has_interests: bool,
    pub(crate) services: Vec<Service>,
    /// What its accreditations permit now, for what is asked.
    pub(crate) entitled: Entitled,
    /// Who of it is cleared now, for what is asked.
    pub(crate) cleared: Cleared,
}

/// Whether a partner fits, with the reasons: what speaks for it, and what against it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Match {
    /// Whether it can be asked now.
    pub(crate) fits: bool,
    pub(crate) speaks_for: Vec<String>,
    pub(crate) speaks_against: Vec<String>,
}

/// Holds one partner against what is asked.
pub(crate) fn matched(one: &Considered, asks: RequestKind, now: Timestamp) -> Match {
    let (mut found, service) = (Match { fits: true, ..Match::default() }, asks.service());
    match one.services.contains(&service) {
        true => found.speaks_for.push(format!("Its contract names {}.", service.words())),
        false => {
            found.fits = false;
            found.speaks_against.push(format!("Its contract does not name {}.", service.words()));
        }
    }
    match (&one.entitled, one.entitled.reason(service)) {
        (_, Some(reason)) => {
            found.fits = false;
            found.speaks_against.push(reason);
        }
        (Entitled::By { scheme, .. }, None) => {
            found.speaks_for.push(format!("Its accreditation permits it: {scheme}."));
        }
        (_, None) => found.speaks_for.push("No scheme asks for an accreditation here.".into()),
    }
    match (&one.cleared, one.cleared.reason()) {
        (_, Some(reason)) => {
            found.fits = false;
            found.speaks_against.push(reason);
        }
        (Cleared::To { words, persons: 1 }, None) => {
            found.speaks_for.push(format!("One of its people is cleared to {words} now."));
        }
        (Cleared::To { words, persons }, None) => {
            found.speaks_for.push(format!("{persons} of its people are cleared to {words} now."));
        }
        (Cleared::NotAsked, None) => {}
    }
    match one.place.and_then(|place| due(asks, place, now)) {
        Some(due) => {
            let hours = due.duration_since(now).as_hours();
            found.speaks_for.push(format!("At {} an answer is due within {hours} hours.", one.level));
        }
        None => {
            found.fits = false;
            found.speaks_against.push("No time is set for its level.".into());
        }
    }
    match one.load {
        0 => found.speaks_for.push("It has nothing open.".into()),
        load => found.speaks_against.push(format!("It has {load} open already.")),
    }
    if one.has_interests {
        found.speaks_against.push("It has declared interests: look before you ask.".into());
    }
    found
}

/// The order in which partners are shown: those that fit first, then the better level, the smaller load.
pub(crate) fn order(one: &Considered, found: &Match) -> (bool, usize, i64) {
    (!found.fits, one.place.unwrap_or(usize::MAX), one.load)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-24T10:00:00Z".parse().unwrap()
    }

    fn one() -> Considered {
        Considered {
            level: "L2".into(),
            place: Some(1),
            load: 0,
            has_interests: false,
            services: vec![Service::Analysis],
            entitled: Entitled::By { scheme: "ISO/IEC 17025".into(), until: now() },
            cleared: Cleared::To { words: "Ü2".into(), persons: 2 },
        }
    }

    #[test]
    fn whoever_lacks_contract_entitlement_or_clearance_does_not_fit_and_the_reason_is_said() {
        let asks = RequestKind::DataAnalysis;
        let good = matched(&one(), asks, now());
        assert!(good.fits && good.speaks_against.is_empty());
        assert!(good.speaks_for.contains(&"At L2 an answer is due within 240 hours.".to_owned()), "{good:?}");
        assert!(good.speaks_for.contains(&"2 of its people are cleared to Ü2 now.".to_owned()), "{good:?}");
        let nobody = Cleared::To { words: "Ü2".into(), persons: 0 };
        let not = Entitled::Not { needs: vec!["CREST".into()], held: Vec::new() };
        for (bad, reason) in [
            (Considered { services: vec![Service::Training], ..one() }, "does not name analysis"),
            (Considered { entitled: not, ..one() }, "It needs CREST."),
            (Considered { cleared: nobody, ..one() }, "None of its people is cleared to Ü2 now."),
            (Considered { place: None, ..one() }, "No time is set"),
        ] {
            let found = matched(&bad, asks, now());
            assert!(
                !found.fits && found.speaks_against.iter().any(|said| said.contains(reason)),
                "{found:?}"
            );
        }
    }

    /// Load and interests are said and forbid nothing: a person decides.
    #[test]
    fn load_and_interests_are_said_and_the_smaller_load_of_a_level_comes_first() {
        let asks = RequestKind::DataAnalysis;
        let busy = Considered { load: 3, has_interests: true, ..one() };
        let found = matched(&busy, asks, now());
        assert!(found.fits && found.speaks_against.len() == 2, "{found:?}");
        let place = |one: &Considered| order(one, &matched(one, asks, now()));
        let better = Considered { place: Some(0), load: 9, ..one() };
        let unfit = Considered { place: Some(0), services: Vec::new(), ..one() };
        assert!(
            place(&better) < place(&one()) && place(&one()) < place(&busy) && place(&busy) < place(&unfit)
        );
    }
}
