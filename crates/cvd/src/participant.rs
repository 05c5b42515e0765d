//! The states in which one participant can be, all three machines together, by its role.
//!
//! Source: Vultron, "States": 7 · 5 · 40 = 1,400 combinations, of which 352 remain, because an unknown
//! or closed report makes embargo and case irrelevant, a public exploit makes the flaw public, and a
//! public flaw makes the embargo irrelevant. By role: vendor 100, vendor that deploys 128, deployer 100,
//! others 72, reporter 29. All six sizes are recomputed from these rules in the tests.

use crate::{
    cs::{Pxa, VendorFix},
    em::EmbargoState,
    rm::ReportState,
};
use std::collections::BTreeSet;

worded! {
    /// What a participant does on the path of a fix.
    Role {
        /// Makes fixes.
        Vendor = "vendor",
        /// Makes fixes and deploys them itself.
        VendorDeployer = "vendor that deploys",
        /// Deploys fixes that others make. It knows only `d` and `D`, written here as nothing and
        /// [`VendorFix::Deployed`].
        Deployer = "deployer",
        /// Found the flaw and reports it. What came before the report is nobody's business.
        Reporter = "reporter",
        /// Everybody else: coordinators, experts, authorities.
        Other = "other",
    }
}

/// A participant's state. What no longer matters is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct ParticipantState {
    /// Where the report stands with it.
    pub report: ReportState,
    /// Where the embargo stands, while that matters.
    pub embargo: Option<EmbargoState>,
    /// How far it has come with a fix, if it has a part in that.
    pub fix: Option<VendorFix>,
    /// What the world knows, while that matters.
    pub pxa: Option<Pxa>,
}

impl ParticipantState {
    /// The combination with what does not matter left out; none if it is passing (`pX`).
    #[must_use]
    pub fn of(report: ReportState, embargo: EmbargoState, fix: Option<VendorFix>, pxa: Pxa) -> Option<Self> {
        if !report.is_open() {
            return Some(Self { report, embargo: None, fix: None, pxa: None });
        }
        if pxa.exploit && !pxa.public {
            return None;
        }
        Some(Self { report, embargo: (!pxa.public).then_some(embargo), fix, pxa: Some(pxa) })
    }
}

impl Role {
    /// How far a participant of this role can have come with a fix, when its report stands like this.
    #[must_use]
    pub const fn fixes(self, report: ReportState) -> &'static [Option<VendorFix>] {
        let prioritised = matches!(report, ReportState::Deferred | ReportState::Accepted);
        match (self, prioritised) {
            (Self::Vendor | Self::VendorDeployer, false) => &[Some(VendorFix::Aware)],
            (Self::Vendor, true) => &[Some(VendorFix::Aware), Some(VendorFix::Ready)],
            (Self::VendorDeployer, true) => {
                &[Some(VendorFix::Aware), Some(VendorFix::Ready), Some(VendorFix::Deployed)]
            }
            (Self::Deployer, true) => &[None, Some(VendorFix::Deployed)],
            (Self::Deployer, false) | (Self::Reporter | Self::Other, _) => &[None],
        }
    }

    /// Where a report can stand with a participant of this role. A reporter comes in with an accepted one.
    #[must_use]
    pub const fn reports(self) -> &'static [ReportState] {
        match self {
            Self::Reporter => &[ReportState::Deferred, ReportState::Accepted, ReportState::Closed],
            _ => ReportState::ALL,
        }
    }

    /// Every state in which a participant of this role can be.
    #[must_use]
    pub fn states(self) -> BTreeSet<ParticipantState> {
        self.reports().iter().flat_map(|&report| states(report, self.fixes(report))).collect()
    }

    /// Where a participant of this role starts: nothing received, but a reporter has accepted its own.
    #[must_use]
    pub const fn start(self) -> ReportState {
        match self {
            Self::Reporter => ReportState::Accepted,
            _ => ReportState::Start,
        }
    }
}

fn states(report: ReportState, fixes: &'static [Option<VendorFix>]) -> Vec<ParticipantState> {
    let with = |embargo: EmbargoState, fix| {
        Pxa::ALL.into_iter().filter_map(move |pxa| ParticipantState::of(report, embargo, fix, pxa))
    };
    let embargoes = EmbargoState::ALL.iter();
    embargoes.flat_map(|&embargo| fixes.iter().flat_map(move |&fix| with(embargo, fix))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cs::{CaseEvent, CaseState},
        em::EmbargoMove,
        interaction,
        rm::ReportMove,
    };

    #[test]
    fn vultron_352_states_of_any_participant() {
        const ANY: &[Option<VendorFix>] = &[
            None,
            Some(VendorFix::Unaware),
            Some(VendorFix::Aware),
            Some(VendorFix::Ready),
            Some(VendorFix::Deployed),
        ];
        let all: BTreeSet<_> = ReportState::ALL.iter().flat_map(|&report| states(report, ANY)).collect();
        assert_eq!(all.len(), 352);
        assert!(Role::ALL.iter().all(|role| role.states().is_subset(&all)));
    }

    #[test]
    fn vultron_sizes_by_role() {
        let sizes: Vec<_> = Role::ALL.iter().map(|role| role.states().len()).collect();
        assert_eq!(sizes, [100, 128, 100, 29, 72]);
    }

    /// The 128 are not only a tally: moving step by step through the three machines, with the rules
    /// between them, a vendor that deploys visits exactly these.
    #[test]
    fn vultron_128_states_are_what_a_vendor_that_deploys_can_reach() {
        type Full = (ReportState, EmbargoState, CaseState);
        let mut seen: BTreeSet<Full> = BTreeSet::new();
        let mut todo = vec![(ReportState::Start, EmbargoState::None, CaseState::START)];
        while let Some(full @ (report, embargo, case)) = todo.pop() {
            if !seen.insert(full) {
                continue;
            }
            for &step in EmbargoMove::ALL {
                if let Ok(next) = embargo.apply(step) {
                    todo.push((report, next, case));
                }
            }
            for &event in CaseEvent::ALL {
                let fix = matches!(event, CaseEvent::FixReady | CaseEvent::FixDeployed);
                if fix && interaction::may_report_fix(report).is_err() {
                    continue;
                }
                // A vendor is told by receiving the report, and by nothing else that it would notice.
                let told_otherwise = event == CaseEvent::VendorAware;
                if let Ok(next) = case.apply(event)
                    && !told_otherwise
                {
                    todo.push((report, embargo, next));
                }
            }
            for &step in ReportMove::ALL {
                let Ok(next) = report.apply(step) else { continue };
                let told = if step == ReportMove::Receive {
                    case.apply(CaseEvent::VendorAware).unwrap_or(case)
                } else {
                    case
                };
                if step != ReportMove::Close || interaction::may_close(embargo, true).is_ok() {
                    todo.push((next, embargo, told));
                }
            }
        }
        let reached: BTreeSet<_> = seen
            .into_iter()
            .filter(|(report, _, case)| interaction::fits_together(*report, case.vendor))
            .filter_map(|(report, embargo, case)| {
                ParticipantState::of(report, embargo, Some(case.vendor), case.pxa)
            })
            .collect();
        assert_eq!(reached, Role::VendorDeployer.states());
    }

    #[test]
    fn vultron_start_states() {
        assert_eq!(Role::Vendor.start(), ReportState::Start);
        assert_eq!(Role::Reporter.start(), ReportState::Accepted);
    }
}
