//! An accreditation as its events say, and whether it holds.

use super::event::{AccreditationEvent, Holder, Kept, Looked};
use crate::ledger::{Item, Recorded, State};
use jiff::{SignedDuration, Timestamp};

/// Whether an accreditation holds at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Nobody at the centre has looked it up yet: it permits nothing.
    Unchecked,
    /// Its time has not begun.
    NotYet,
    Holds,
    /// Its time is over.
    Lapsed,
    /// Taken back, by whoever issued it, by its holder or by the centre.
    Withdrawn,
    /// Whoever issued it does not know it.
    InDoubt,
}

impl Standing {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Unchecked => "unchecked",
            Self::NotYet => "not_yet",
            Self::Holds => "holds",
            Self::Lapsed => "lapsed",
            Self::Withdrawn => "withdrawn",
            Self::InDoubt => "in_doubt",
        }
    }

    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Unchecked => "not looked up yet",
            Self::NotYet => "has not begun",
            Self::Holds => "holds",
            Self::Lapsed => "lapsed",
            Self::Withdrawn => "withdrawn",
            Self::InDoubt => "not known to its issuer",
        }
    }
}

/// What decides whether an accreditation holds, and what it permits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) scheme: String,
    pub(crate) level: Option<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) from: Timestamp,
    pub(crate) until: Timestamp,
    /// When somebody last looked it up and had an answer, and which.
    pub(crate) checked: Option<(Timestamp, Looked)>,
    pub(crate) withdrawn: Option<Timestamp>,
}

impl Held {
    pub(crate) fn standing(&self, now: Timestamp) -> Standing {
        match self.checked {
            _ if self.withdrawn.is_some() => Standing::Withdrawn,
            _ if self.until <= now => Standing::Lapsed,
            None => Standing::Unchecked,
            Some((_, Looked::NotFound)) => Standing::InDoubt,
            Some(_) if now < self.from => Standing::NotYet,
            Some(_) => Standing::Holds,
        }
    }
}

/// An accreditation.
#[derive(Debug, Clone, Default)]
pub(crate) struct Accreditation {
    pub(crate) holder: Option<Holder>,
    pub(crate) told: Option<Kept>,
    pub(crate) registered: Timestamp,
    pub(crate) held: Held,
    /// Files with their names, both sealed.
    pub(crate) evidence: Vec<(Item, Item)>,
    /// The last step at which somebody was reminded of its end.
    pub(crate) reminded: Option<u32>,
}

impl Accreditation {
    /// Whether the public register shows it, once it was looked up.
    pub(crate) fn is_public(&self) -> bool {
        matches!(self.told, Some(Kept::Public(_)))
    }
}

/// Days before its end at which its holder and its keepers are reminded; at the last step it has ended.
const STEPS: [u32; 4] = [90, 30, 7, 0];

impl Accreditation {
    fn step_at(&self, days: u32) -> Timestamp {
        self.held.until - SignedDuration::from_hours(24 * i64::from(days))
    }

    /// The step that is told now: the last one that its end has come to, unless it was told.
    pub(crate) fn reminder(&self, now: Timestamp) -> Option<AccreditationEvent> {
        if self.held.withdrawn.is_some() {
            return None;
        }
        let reached = STEPS.iter().rev().find(|days| self.step_at(**days) <= now).copied()?;
        (reached < self.reminded.unwrap_or(u32::MAX))
            .then_some(AccreditationEvent::Reminded { days: reached })
    }

    /// When somebody is reminded next.
    pub(crate) fn next_reminder(&self) -> Option<Timestamp> {
        let last = self.reminded.unwrap_or(u32::MAX);
        let next = STEPS.iter().find(|days| **days < last).filter(|_| self.held.withdrawn.is_none());
        next.map(|days| self.step_at(*days))
    }
}

fn seconds(unix: i64) -> Timestamp {
    Timestamp::from_second(unix).unwrap_or(Timestamp::MAX)
}

impl State for Accreditation {
    type Event = AccreditationEvent;

    fn evolve(&mut self, event: &AccreditationEvent, recorded: &Recorded) {
        let at = recorded.at;
        match event {
            AccreditationEvent::Registered { holder, scheme, level, scopes, told, from, until } => {
                (self.holder, self.told) = (Some(holder.clone()), Some(told.clone()));
                self.registered = at;
                let (scheme, level, scopes) = (scheme.clone(), level.clone(), scopes.clone());
                let (from, until) = (seconds(*from), seconds(*until));
                self.held = Held { scheme, level, scopes, from, until, ..Held::default() };
            }
            AccreditationEvent::EvidenceAdded { name, file } => {
                self.evidence.push((name.clone(), file.clone()));
            }
            AccreditationEvent::Checked { found: Looked::NoAnswer, .. } => {}
            AccreditationEvent::Checked { found, .. } => {
                self.held.checked = Some((at, *found));
                if *found == Looked::Withdrawn {
                    self.held.withdrawn = self.held.withdrawn.or(Some(at));
                }
            }
            AccreditationEvent::Reminded { days } => self.reminded = Some(*days),
            AccreditationEvent::Withdrawn { .. } => {
                self.held.withdrawn = self.held.withdrawn.or(Some(at));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// Domain facts S34: validity and a revocation check; what lapsed or was withdrawn holds no more, from
    /// that second on.
    #[test]
    fn it_holds_from_the_second_in_which_it_begins_until_the_one_in_which_it_ends() {
        let (from, until) = (at("2026-11-24T10:00:00Z"), at("2027-11-24T10:00:00Z"));
        let checked = Some((from, Looked::Holds));
        let held = Held { from, until, checked, ..Held::default() };
        for (now, standing) in [
            ("2026-11-24T09:59:59Z", Standing::NotYet),
            ("2026-11-24T10:00:00Z", Standing::Holds),
            ("2027-11-24T09:59:59Z", Standing::Holds),
            ("2027-11-24T10:00:00Z", Standing::Lapsed),
        ] {
            assert_eq!(held.standing(at(now)), standing, "{now}");
        }
        let unchecked = Held { checked: None, ..held.clone() };
        assert_eq!(unchecked.standing(from), Standing::Unchecked);
        let unknown = Held { checked: Some((from, Looked::NotFound)), ..held.clone() };
        assert_eq!(unknown.standing(from), Standing::InDoubt);
        let withdrawn = Held { withdrawn: Some(from), ..held };
        assert_eq!(withdrawn.standing(from), Standing::Withdrawn);
    }

    /// Peers section 4, 11: told before its end at 90, 30 and 7 days and at the end itself, each step once; what
    /// was withdrawn is told of no more.
    #[test]
    fn its_end_is_told_step_by_step_and_each_step_once() {
        let mut one = Accreditation {
            held: Held { until: at("2027-01-01T00:00:00Z"), ..Held::default() },
            ..Accreditation::default()
        };
        assert_eq!(one.next_reminder(), Some(at("2026-10-03T00:00:00Z")));
        assert_eq!(one.reminder(at("2026-10-02T23:59:59Z")), None);
        for (now, days) in
            [("2026-10-03T00:00:00Z", 90), ("2026-12-25T00:00:00Z", 7), ("2027-01-01T00:00:00Z", 0)]
        {
            assert_eq!(one.reminder(at(now)), Some(AccreditationEvent::Reminded { days }), "{now}");
            one.reminded = Some(days);
            assert_eq!(one.reminder(at(now)), None, "{now}");
        }
        assert_eq!(one.next_reminder(), None);
        let withdrawn = Held { withdrawn: Some(at("2026-11-01T00:00:00Z")), ..one.held.clone() };
        let withdrawn = Accreditation { held: withdrawn, reminded: None, ..one };
        assert_eq!((withdrawn.reminder(at("2027-01-01T00:00:00Z")), withdrawn.next_reminder()), (None, None));
    }

    #[test]
    fn old_entries_are_read() {
        crate::testing::old_entries_are_read::<Accreditation>();
    }
}
