//! The engine: one profile, one set of facts, one instant; every clock with its state.

use jiff::Timestamp;

use crate::anchors::{AnchorRef, DutyId};
use crate::calendar::Calendar;
use crate::duty::Duty;
use crate::explain;
use crate::facts::{Facts, VendorFacts};
use crate::instants::Anchor;
use crate::overlay::Overlay;
use crate::profile::Profile;
use crate::state::{Assessment, SecondReading, State};
use crate::terms::{Mode, Per};

/// Holds a profile against the facts: one assessment per duty, in the profile's order, one per
/// vendor for a duty that is owed to each, and behind them one per overlay.
pub fn evaluate(profile: &Profile, facts: &Facts, now: Timestamp) -> Vec<Assessment> {
    let mut assessments = Vec::with_capacity(profile.duties.len() + profile.overlays.len());
    for duty in &profile.duties {
        let clock = Clock { profile, duty, facts, vendor: None, overlay: None };
        clock.assess_each(now, &mut assessments);
    }
    for overlay in &profile.overlays {
        // A profile whose overlay is laid upon nothing does not load.
        if let Some(duty) = profile.laid_out(overlay) {
            let clock = Clock { profile, duty: &duty, facts, vendor: None, overlay: Some(overlay) };
            clock.assess_each(now, &mut assessments);
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
    pub(crate) overlay: Option<&'a Overlay>,
}

/// What is known of the event that a clock counts from.
#[derive(Clone, Copy)]
pub(crate) enum Start<'a> {
    /// Which event, and its version.
    At(&'a AnchorRef, &'a Anchor),
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
    /// The deadline of the rule by the profile's second reading.
    pub(crate) second: Option<Timestamp>,
    /// Why the state is what it is.
    pub(crate) reason: String,
    pub(crate) conditional: Option<String>,
}

impl<'a> Clock<'a> {
    pub(crate) fn calendar(&self) -> Calendar<'a> {
        Calendar { zone: &self.facts.zone, holidays: &self.facts.holidays }
    }

    /// The name of the row.
    pub(crate) fn id(&self) -> DutyId {
        self.overlay.map_or_else(|| self.duty.id.clone(), |overlay| self.duty.id.under(&overlay.id))
    }

    fn assess_each(&self, now: Timestamp, assessments: &mut Vec<Assessment>) {
        if self.duty.per == Some(Per::Vendor) && !self.facts.vendors.is_empty() {
            let vendors = self.facts.vendors.iter();
            let clocks = vendors.map(|(name, own)| Clock { vendor: Some((name, own)), ..*self });
            assessments.extend(clocks.map(|clock| clock.assess(now)));
        } else {
            assessments.push(self.assess(now));
        }
    }

    fn assess(&self, now: Timestamp) -> Assessment {
        let outcome = self.outcome(now);
        let started = match outcome.start {
            Start::At(_, anchor) => Some(anchor.at),
            Start::TimeMissing | Start::NotYet => None,
        };
        let name =
            |id: &String| self.profile.recipient(id).map_or_else(|| id.clone(), |found| found.name.clone());
        // Of a duty that does not exist, or may not, no date may be shown as if it were due.
        let exists = !matches!(outcome.state, State::NotApplicable | State::ScopeNotDeclared);
        let due = outcome.due_now.filter(|_| exists);
        let opens = self
            .duty
            .window
            .as_ref()
            .zip(due)
            .and_then(|(window, due)| self.calendar().add(due, &window.backwards(), Default::default()));
        let second = outcome.second.filter(|_| exists).zip(self.profile.reading.second);
        Assessment {
            profile: self.profile.id.clone(),
            duty: self.id(),
            vendor: self.vendor.map(|(name, _)| name.to_owned()),
            article: self.duty.article.clone(),
            title: self.duty.title.clone(),
            debtor: self.duty.actor.clone(),
            recipients: self.duty.recipients.iter().map(name).collect(),
            state: outcome.state,
            due,
            opens,
            second: second.map(|(due, counting)| SecondReading { counting, due }),
            soft: self.duty.soft,
            started,
            met_at: outcome.met.map(|met| met.at),
            explain: explain::sentences(self, &outcome),
            conditional: outcome.conditional,
            reference: self.profile.mode == Mode::Reference,
            source: self.duty.source.clone(),
            verified: self.duty.verified,
        }
    }
}
