//! The engine: one profile, one set of facts, one instant; every clock with its state.
//!
//! The order of the questions matters. First whether the duty exists at all, then what people
//! decided about it, then whether it was met, and only at the end whether time has run out: a
//! false "overdue" is the worst thing that this crate could say.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::anchors::{AnchorName, AnchorRef};
use crate::decisions::{Decision, Extension};
use crate::duration::Due;
use crate::explain;
use crate::facts::{Facts, VendorFacts, of_duty};
use crate::instants::Anchor;
use crate::profile::{Delay, DelayLimit, Duty, MetBy, Profile};
use crate::scope::{Scope, not_in_force, scope};
use crate::state::{Assessment, State};
use crate::terms::{Mode, Per};

/// Holds a profile against the facts: one assessment per duty, in the profile's order, and one per
/// vendor for a duty that is owed to each.
pub fn evaluate(profile: &Profile, facts: &Facts, now: Timestamp) -> Vec<Assessment> {
    let mut assessments = Vec::new();
    for duty in &profile.duties {
        let clock = Clock { profile, duty, facts, vendor: None };
        if duty.per == Some(Per::Vendor) && !facts.vendors.is_empty() {
            let clocks = facts.vendors.iter().map(|(name, own)| Clock { vendor: Some((name, own)), ..clock });
            assessments.extend(clocks.map(|clock| clock.assess(now)));
        } else {
            assessments.push(clock.assess(now));
        }
    }
    assessments
}

/// One duty in one case, towards one vendor where it is owed to each.
#[derive(Clone, Copy)]
pub(crate) struct Clock<'a> {
    pub(crate) profile: &'a Profile,
    pub(crate) duty: &'a Duty,
    pub(crate) facts: &'a Facts,
    pub(crate) vendor: Option<(&'a str, &'a VendorFacts)>,
}

/// What is known of the event that a clock counts from.
#[derive(Clone, Copy)]
pub(crate) enum Start<'a> {
    At(&'a Anchor),
    /// It happened; nobody recorded when.
    TimeMissing,
    NotYet,
}

/// What becomes of a clock, before it is put into words.
pub(crate) struct Outcome<'a> {
    pub(crate) state: State,
    pub(crate) start: Start<'a>,
    pub(crate) met: Option<&'a Anchor>,
    /// The deadline of the rule, without extensions.
    pub(crate) due: Option<Timestamp>,
    /// The deadline that counts.
    pub(crate) due_now: Option<Timestamp>,
    /// Why the state is what it is.
    pub(crate) reason: String,
    pub(crate) conditional: Option<String>,
}

impl<'a> Clock<'a> {
    fn assess(&self, now: Timestamp) -> Assessment {
        let outcome = self.outcome(now);
        let started = match outcome.start {
            Start::At(anchor) => Some(anchor.at),
            Start::TimeMissing | Start::NotYet => None,
        };
        let name =
            |id: &String| self.profile.recipient(id).map_or_else(|| id.clone(), |found| found.name.clone());
        // Of a duty that does not exist, or may not, no date may be shown as if it were due.
        let exists = !matches!(outcome.state, State::NotApplicable | State::ScopeNotDeclared);
        Assessment {
            profile: self.profile.id.clone(),
            duty: self.duty.id.clone(),
            vendor: self.vendor.map(|(name, _)| name.to_owned()),
            article: self.duty.article.clone(),
            title: self.duty.title.clone(),
            debtor: self.duty.actor.clone(),
            recipients: self.duty.recipients.iter().map(name).collect(),
            state: outcome.state,
            due: outcome.due_now.filter(|_| exists),
            started,
            met_at: outcome.met.map(|met| met.at),
            explain: explain::sentences(self, &outcome),
            conditional: outcome.conditional,
            reference: self.profile.mode == Mode::Reference,
            source: self.duty.source.clone(),
            verified: self.duty.verified,
        }
    }

    fn outcome(&self, now: Timestamp) -> Outcome<'a> {
        let start = self.start();
        let due = match (start, &self.duty.due) {
            (Start::At(anchor), Due::Within(period)) => self.facts.zone.add(anchor.at, period),
            _ => None,
        };
        let base = Outcome {
            state: State::Running,
            start,
            met: self.met(),
            due,
            due_now: due,
            reason: String::new(),
            conditional: None,
        };
        let started = if let Start::At(anchor) = start { Some(anchor.at) } else { None };
        if let Some(reason) = not_in_force(self.profile, started, self.facts) {
            return Outcome { state: State::NotApplicable, reason, ..base };
        }
        match scope(self.profile, self.duty, self.facts) {
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
        let has_deadline = matches!(self.duty.due, Due::Within(_));
        let anchor = match (base.start, base.met) {
            (Start::At(anchor), _) => anchor,
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

    fn start(&self) -> Start<'a> {
        let version = match &self.duty.anchor {
            AnchorRef::Event(name) => {
                self.vendor.and_then(|(_, own)| own.event(*name)).or_else(|| self.facts.event(*name))
            }
            AnchorRef::Filed(duty) => self.facts.filing(&self.profile.id, duty),
            AnchorRef::FiledAny => self.any_filing(),
        };
        match version {
            Some(version) => Start::At(version),
            None if self.happened(&self.duty.anchor) => Start::TimeMissing,
            None => Start::NotYet,
        }
    }

    /// The first filing of any duty that does not itself wait for "any filing".
    fn any_filing(&self) -> Option<&'a Anchor> {
        let others = self.profile.duties.iter().filter(|duty| duty.anchor != AnchorRef::FiledAny);
        let filed = others.filter_map(|duty| self.facts.filing(&self.profile.id, &duty.id));
        filed.min_by_key(|filed| (filed.at, &filed.evidence))
    }

    fn happened(&self, anchor: &AnchorRef) -> bool {
        let long = match anchor {
            AnchorRef::Filed(duty) => AnchorRef::Filed(duty.qualified(&self.profile.id)),
            other => other.clone(),
        };
        let known = |set: &BTreeSet<AnchorRef>| set.contains(anchor) || set.contains(&long);
        known(&self.facts.occurred) || self.vendor.is_some_and(|(_, own)| known(&own.occurred))
    }

    /// What satisfied the duty. For telling a vendor that is the event that this vendor was told:
    /// a profile in which it is anything else does not load, and filings are not looked at.
    fn met(&self) -> Option<&'a Anchor> {
        match (self.duty.met_by, self.vendor) {
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
    fn extension(&self, base: Timestamp) -> Option<(&'a Extension, Timestamp)> {
        let decided = of_duty(&self.facts.extended, &self.profile.id, &self.duty.id);
        let known = decided.filter_map(|extension| {
            let fits = |delay: &&Delay| delay.ground == extension.ground && delay.scope.is_none();
            self.duty.delay.iter().find(fits).map(|delay| (extension, delay))
        });
        let (extension, delay) = known.max_by_key(|(extension, _)| *extension)?;
        let until = match &delay.max {
            DelayLimit::Within(period) => extension.until.min(self.facts.zone.add(base, period)?),
            DelayLimit::While(_) => extension.until,
        };
        Some((extension, until))
    }
}
