//! A case as its events say.

use super::event::{CaseEvent, MergedPart, Party};
use crate::ledger::{Item, Recorded, State};
use cvd::cs::{self, CaseState, Pxa, VendorFix};
use cvd::em::EmbargoState;
use cvd::embargo::{Embargo, EmbargoEvent};
use cvd::interaction::CaseFlags;
use cvd::pec::Consent;
use cvd::rm::{ReportMove, ReportState};
use cvd::ssvc::DecisionRecord;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use vocabulary::{CaseId, OrganisationId, ReportId};

/// A vendor in a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Vendor {
    /// Its report state (Vultron RM).
    pub(crate) rm: ReportState,
    /// Its fix (the letters V, F, D).
    pub(crate) fix: VendorFix,
    pub(crate) invited: Timestamp,
    /// When the report was made available to it.
    pub(crate) told: Option<Timestamp>,
    pub(crate) left: bool,
    /// Its latest statement.
    pub(crate) statement: Option<Item>,
    /// When it last did something.
    pub(crate) last_heard: Option<Timestamp>,
}

/// A case.
#[derive(Debug, Clone, Default)]
pub(crate) struct Case {
    pub(crate) code_name: String,
    pub(crate) opened: Timestamp,
    pub(crate) reports: BTreeSet<ReportId>,
    /// Reports whose reporters left the case.
    pub(crate) reporters_left: BTreeSet<ReportId>,
    pub(crate) vendors: BTreeMap<OrganisationId, Vendor>,
    pub(crate) embargo: Embargo,
    pub(crate) public: bool,
    pub(crate) exploit_public: bool,
    pub(crate) attacks: bool,
    pub(crate) vectors: Vec<String>,
    pub(crate) tenths: Option<i64>,
    pub(crate) triage: Option<DecisionRecord>,
    /// The revision that was published, and when.
    pub(crate) published: Option<(u32, Timestamp)>,
    pub(crate) closed: bool,
    pub(crate) erased: bool,
    /// Cases that became part of this one, and of those before.
    pub(crate) merged: BTreeSet<CaseId>,
    /// The case of which this one became a part.
    pub(crate) merged_into: Option<CaseId>,
}

impl Case {
    /// What the world knows.
    pub(crate) fn pxa(&self) -> Pxa {
        Pxa { public: self.public, exploit: self.exploit_public, attacks: self.attacks }
    }

    /// What the embargo needs to know of the case.
    pub(crate) fn flags(&self) -> CaseFlags {
        let taking_part = self.vendors.values().filter(|vendor| !vendor.left);
        CaseFlags::new(self.pxa(), taking_part.map(|vendor| vendor.fix))
    }

    /// A vendor's consent, in the embargo's word.
    pub(crate) fn consent(&self, vendor: &OrganisationId) -> Consent {
        self.embargo.consent(&Party::Vendor(vendor.clone()).id()).unwrap_or(Consent::NoEmbargo)
    }

    /// Who may read what others contributed: told, still there, and not held out by the embargo.
    pub(crate) fn readers(&self) -> BTreeSet<OrganisationId> {
        let may = |(id, vendor): (&OrganisationId, &Vendor)| {
            let reads = vendor.told.is_some() && !vendor.left;
            (reads && self.embargo.may_read(&Party::Vendor(id.clone()).id())).then(|| id.clone())
        };
        self.vendors.iter().filter_map(may).collect()
    }

    pub(crate) fn invited(&self) -> BTreeSet<OrganisationId> {
        self.vendors.iter().filter(|(_, vendor)| !vendor.left).map(|(id, _)| id.clone()).collect()
    }

    /// Reports whose reporters take part.
    pub(crate) fn reporters(&self) -> BTreeSet<ReportId> {
        self.reports.difference(&self.reporters_left).cloned().collect()
    }

    /// Whether a reporter agreed to hold as long as the embargo asks, or none is in force.
    pub(crate) fn is_held_by_reporter(&self, report: &ReportId) -> bool {
        self.embargo.may_read(&Party::Reporter(report.clone()).id())
    }

    /// Whether somebody takes part: was there, and has not left.
    pub(crate) fn has(&self, who: &Party) -> bool {
        match who {
            Party::Centre => true,
            Party::Vendor(id) => self.vendors.get(id).is_some_and(|vendor| !vendor.left),
            Party::Reporter(id) => self.reports.contains(id) && !self.reporters_left.contains(id),
        }
    }

    /// Where the case stands, in one word for lists.
    pub(crate) fn stage(&self) -> &'static str {
        match (self.closed, &self.published) {
            (true, _) => "closed",
            (false, Some(_)) => "published",
            (false, None) => "open",
        }
    }

    /// The embargo in one word for lists.
    pub(crate) fn embargo_word(&self) -> &'static str {
        match self.embargo.state() {
            EmbargoState::None => "none",
            EmbargoState::Proposed => "proposed",
            EmbargoState::Active => "active",
            EmbargoState::Revise => "revise",
            EmbargoState::Exited => "exited",
        }
    }

    /// Takes in what another case brought along. A vendor in both is as far as it is in either.
    fn take_in(&mut self, part: &MergedPart) {
        self.merged.extend(part.merged.iter().cloned());
        self.reports.extend(part.reports.iter().cloned());
        self.reporters_left.extend(part.reporters_left.iter().cloned());
        for (id, theirs) in &part.vendors {
            let ours = self.vendors.entry(id.clone()).or_insert_with(|| theirs.clone());
            if ours.rm == ReportState::Start {
                ours.rm = theirs.rm;
            }
            ours.fix = ours.fix.max(theirs.fix);
            ours.told = ours.told.into_iter().chain(theirs.told).min();
            ours.invited = ours.invited.min(theirs.invited);
            ours.left = ours.left && theirs.left;
            ours.last_heard = ours.last_heard.max(theirs.last_heard);
            ours.statement = ours.statement.take().or_else(|| theirs.statement.clone());
        }
        let known = [
            (part.public, cs::CaseEvent::PublicAware),
            (part.exploit_public, cs::CaseEvent::ExploitPublic),
            (part.attacks, cs::CaseEvent::AttacksObserved),
        ];
        known.into_iter().filter(|(is_known, _)| *is_known).for_each(|(_, event)| self.observe(event));
    }

    fn observe(&mut self, event: cs::CaseEvent) {
        let state = CaseState { vendor: VendorFix::Deployed, pxa: self.pxa() };
        let Ok((next, _)) = state.apply_with_forced(event) else { return };
        (self.public, self.exploit_public, self.attacks) =
            (next.pxa.public, next.pxa.exploit, next.pxa.attacks);
        if self.public {
            // What is public is known to its vendor too.
            for vendor in self.vendors.values_mut().filter(|vendor| vendor.fix == VendorFix::Unaware) {
                vendor.fix = VendorFix::Aware;
            }
        }
    }
}

/// The vendor whose own word a change of the embargo is.
fn speaker(change: &EmbargoEvent) -> Option<OrganisationId> {
    match change {
        EmbargoEvent::Proposed { by, .. }
        | EmbargoEvent::Accepted { by, .. }
        | EmbargoEvent::Declined { by, .. }
        | EmbargoEvent::RevisionProposed { by, .. }
        | EmbargoEvent::RevisionDeclined { by, .. } => by.0.parse().ok(),
        _ => None,
    }
}

impl Vendor {
    /// Takes in what this vendor did, or what was done for it.
    fn evolve(&mut self, event: &CaseEvent, at: Timestamp) {
        match event {
            CaseEvent::VendorTold { .. } => {
                self.told = Some(at);
                self.rm = self.rm.apply(ReportMove::Receive).unwrap_or(self.rm);
                self.fix = self.fix.max(VendorFix::Aware);
            }
            CaseEvent::VendorMoved { step, .. } => self.rm = self.rm.apply(*step).unwrap_or(self.rm),
            CaseEvent::VendorFixed { event: cs::CaseEvent::FixDeployed, .. } => {
                self.fix = VendorFix::Deployed
            }
            CaseEvent::VendorFixed { event: cs::CaseEvent::FixReady, .. } => {
                self.fix = self.fix.max(VendorFix::Ready);
            }
            CaseEvent::ParticipantLeft { .. } => self.left = true,
            CaseEvent::StatementMade { statement, .. } => self.statement = Some(statement.clone()),
            _ => {}
        }
    }
}

impl State for Case {
    type Event = CaseEvent;

    fn evolve(&mut self, event: &CaseEvent, recorded: &Recorded) {
        let at = recorded.at;
        match event {
            CaseEvent::Opened { code_name, report } => {
                self.code_name.clone_from(code_name);
                self.opened = at;
                self.reports.insert(report.clone());
            }
            CaseEvent::ReportAdded { report } => {
                self.reports.insert(report.clone());
            }
            CaseEvent::Graded { vectors, tenths, triage } => {
                self.vectors.clone_from(vectors);
                self.tenths = *tenths;
                self.triage.clone_from(triage);
            }
            CaseEvent::StateObserved { event, .. } => self.observe(*event),
            CaseEvent::VendorInvited { vendor } => {
                let fresh = Vendor {
                    rm: ReportState::Start,
                    fix: if self.public { VendorFix::Aware } else { VendorFix::Unaware },
                    invited: at,
                    told: None,
                    left: false,
                    statement: None,
                    last_heard: None,
                };
                self.vendors.entry(vendor.clone()).or_insert(fresh).left = false;
            }
            // That it was told is our act, not a word of the vendor's: it stays silent.
            CaseEvent::VendorTold { vendor } => {
                if let Some(vendor) = self.vendors.get_mut(vendor) {
                    vendor.evolve(event, at);
                }
            }
            CaseEvent::VendorMoved { vendor, .. }
            | CaseEvent::VendorFixed { vendor, .. }
            | CaseEvent::StatementMade { vendor, .. }
            | CaseEvent::ParticipantLeft { who: Party::Vendor(vendor) }
            | CaseEvent::MessageSent { from: Party::Vendor(vendor), .. } => {
                if let Some(vendor) = self.vendors.get_mut(vendor) {
                    vendor.last_heard = Some(at);
                    vendor.evolve(event, at);
                }
            }
            CaseEvent::EmbargoChanged { change } => {
                if let Some(vendor) = speaker(change).and_then(|vendor| self.vendors.get_mut(&vendor)) {
                    vendor.last_heard = Some(at);
                }
                self.embargo.evolve(change);
            }
            CaseEvent::Published { revision } => {
                self.published = Some((*revision, at));
                self.observe(cs::CaseEvent::PublicAware);
            }
            CaseEvent::Merged { from, part } => {
                self.merged.insert(from.clone());
                self.take_in(part);
            }
            CaseEvent::MergedInto { into } => {
                self.merged_into = Some(into.clone());
                self.closed = true;
            }
            CaseEvent::Closed {} => self.closed = true,
            CaseEvent::Erased {} => self.erased = true,
            CaseEvent::ParticipantLeft { who: Party::Reporter(report) } => {
                self.reporters_left.insert(report.clone());
            }
            CaseEvent::ParticipantLeft { .. } | CaseEvent::MessageSent { .. } => {}
        }
    }
}
