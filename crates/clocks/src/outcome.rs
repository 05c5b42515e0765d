//! What becomes of one clock.
//!
//! The order of the questions matters. First whether the duty exists at all, then what people
//! decided about it, then whether it was met, and only at the end whether time has run out: a
//! false "overdue" is the worst thing that this crate could say.

use jiff::Timestamp;

use crate::anchors::{AnchorName, AnchorRef};
use crate::decisions::{Decision, Extension};
use crate::duration::Due;
use crate::duty::{Delay, DelayLimit, MetBy};
use crate::evaluate::{Clock, Outcome, Start};
use crate::explain;
use crate::facts::of_duty;
use crate::instants::Anchor;
use crate::scope::{Scope, missing, not_in_force, scope};
use crate::state::State;
use crate::terms::Counting;

impl<'a> Clock<'a> {
    pub(crate) fn outcome(&self, now: Timestamp) -> Outcome<'a> {
        let (start, due) = self.start_and_due(Counting::Plain);
        // Where no rule holds without a property, there is no date without it.
        let due = due.filter(|_| self.duty.needs.is_empty() || missing(self).is_empty());
        let base = Outcome {
            state: State::Running,
            start,
            met: self.met(start),
            due,
            due_now: due,
            second: None,
            reason: String::new(),
            conditional: None,
        };
        let started = if let Start::At(_, anchor) = start { Some(anchor.at) } else { None };
        if let Some(reason) = not_in_force(self, started) {
            return Outcome { state: State::NotApplicable, reason, ..base };
        }
        let base = Outcome { second: self.second(), ..base };
        match scope(self) {
            Scope::Outside(reason) => return Outcome { state: State::NotApplicable, reason, ..base },
            Scope::Undeclared(condition) => {
                let conditional = Some(explain::conditional(self, &base, &condition));
                let reason = "nobody has declared whether the duty exists here".to_owned();
                return Outcome { state: State::ScopeNotDeclared, reason, conditional, ..base };
            }
            Scope::Applies => {}
        }
        if let Some(decision) = self.superseded() {
            let reason = format!("{}, decided by {}", decision.ground, decision.person);
            return Outcome { state: State::Superseded, reason, ..base };
        }
        if let Some(decision) = self.waived() {
            let reason = format!("{}, decided by {}", decision.ground, decision.person);
            return Outcome { state: State::Waived, reason, ..base };
        }
        self.timed(base, now)
    }

    /// The duty exists and stands: what does the time say?
    fn timed(&self, base: Outcome<'a>, now: Timestamp) -> Outcome<'a> {
        let has_deadline = !matches!(self.duty.due, Due::Promptly(_));
        let anchor = match (base.start, base.met) {
            (Start::At(_, anchor), _) => anchor,
            // Without a deadline there is nothing that could be late.
            (_, Some(_)) if !has_deadline => return Outcome { state: State::Met, ..base },
            (_, Some(_)) => {
                let reason =
                    "it was done, but with no recorded start nobody can say whether in time".to_owned();
                return Outcome { state: State::AnchorMissing, reason, ..base };
            }
            (Start::TimeMissing, None) => return Outcome { state: State::AnchorMissing, ..base },
            (Start::NotYet, None) => return Outcome { state: State::NotStarted, ..base },
        };
        let extension = self.extension(base.due.unwrap_or(anchor.at));
        let due_now = match (base.due, &extension) {
            (Some(due), Some((_, until))) => Some(due.max(*until)),
            (due, _) => due,
        };
        let state = match (base.met, due_now) {
            (Some(met), Some(due)) if met.at > due => State::MetLate,
            (Some(_), _) => State::Met,
            (None, Some(due)) if now > due => State::Overdue,
            (None, Some(_)) if due_now > base.due => State::Extended,
            (None, Some(_)) => State::Running,
            // A delay of a duty without a deadline ends, and then the duty simply runs again.
            (None, None) if extension.as_ref().is_some_and(|(_, until)| now <= *until) => State::Extended,
            (None, None) => State::Running,
        };
        let due_shown = match (&extension, state) {
            (Some((_, until)), State::Extended) => Some(*until),
            _ => due_now,
        };
        let reason = match extension {
            Some((decided, until)) if state == State::Extended || due_now > base.due => format!(
                "extended until {} ({}), decided by {}",
                self.facts.zone.show(until),
                decided.ground,
                decided.person
            ),
            _ => String::new(),
        };
        Outcome { state, due_now: due_shown, reason, ..base }
    }

    /// What satisfied the duty. For telling a vendor that is the event that this vendor was told:
    /// a profile in which it is anything else does not load, and filings are not looked at.
    fn met(&self, start: Start<'a>) -> Option<&'a Anchor> {
        match (self.duty.met_by, self.vendor) {
            (MetBy::Filing, _) if self.duty.repeats => {
                // What was done before the latest event answered an earlier one.
                let Start::At(_, started) = start else { return None };
                let filed = of_duty(&self.facts.filed, &self.profile.id, &self.duty.id);
                filed.filter(|filed| filed.at >= started.at).min_by_key(|filed| (filed.at, &filed.evidence))
            }
            (MetBy::Filing, _) => self.facts.filing(&self.profile.id, &self.duty.id),
            (MetBy::Event(name), Some((_, own))) => own.event(name),
            (MetBy::Event(name), None) => self.facts.event(name),
        }
    }

    /// Nothing can take the place of telling the vendor.
    fn superseded(&self) -> Option<&'a Decision> {
        if self.duty.met_by == MetBy::Event(AnchorName::VendorNotified) {
            return None;
        }
        of_duty(&self.facts.superseded, &self.profile.id, &self.duty.id).max()
    }

    /// A waiver counts on the grounds that the rule itself names, and for one vendor at a time.
    fn waived(&self) -> Option<&'a Decision> {
        let waivers = match self.vendor {
            Some((_, own)) => &own.waived,
            None => &self.facts.waived,
        };
        let known = |decision: &&Decision| self.duty.unless.contains(&decision.ground);
        of_duty(waivers, &self.profile.id, &self.duty.id).filter(known).max()
    }

    /// The extension decided last on a ground that the rule names, and its end, cut to what the
    /// rule allows when counted from `base`. A ground that concerns single recipients only does
    /// not put off the duty as a whole.
    pub(crate) fn extension(&self, base: Timestamp) -> Option<(&'a Extension, Timestamp)> {
        let decided = of_duty(&self.facts.extended, &self.profile.id, &self.duty.id);
        let known = decided.filter_map(|extension| {
            let fits = |delay: &&Delay| delay.ground == extension.ground && delay.scope.is_none();
            self.duty.delay.iter().find(fits).map(|delay| (extension, delay))
        });
        let (extension, delay) = known.max_by_key(|(extension, _)| *extension)?;
        let until = match &delay.max {
            DelayLimit::Within(period) => {
                extension.until.min(self.calendar().add(base, period, Counting::Plain)?)
            }
            DelayLimit::While(_) => extension.until,
        };
        Some((extension, until))
    }

    /// The deadline by the profile's second reading, where that differs.
    fn second(&self) -> Option<Timestamp> {
        let counting = self.profile.reading.second?;
        self.start_and_due(counting).1
    }

    /// Whether it is known to have happened although nobody recorded when.
    pub(crate) fn happened(&self, anchor: &AnchorRef) -> bool {
        let long = match anchor {
            AnchorRef::Filed(duty) | AnchorRef::Latest(duty) => {
                AnchorRef::Filed(duty.qualified(&self.profile.id))
            }
            other => other.clone(),
        };
        let known = |set: &std::collections::BTreeSet<AnchorRef>| set.contains(anchor) || set.contains(&long);
        known(&self.facts.occurred) || self.vendor.is_some_and(|(_, own)| known(&own.occurred))
    }
}
