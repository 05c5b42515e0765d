//! Where one machine constrains another: report, embargo and case state together.
//!
//! Source: Vultron, "Model Interactions" (RM-EM and RM-EM-CS) and "Negotiating Embargoes". Two pages
//! disagree on a case whose fix is ready (`VFdpxa`): one says that new embargoes SHOULD NOT start, the
//! other that a brief one MAY. The stricter is taken: a fix that is ready needs users, not silence.
//!
//! The vendor letters belong to each vendor, an embargo to the case. A case counts as far as its
//! *least* advanced vendor: the source lets the others wait for trailing vendors, and ninety vendors
//! without a fix need the embargo that the one with a fix no longer needs.

use crate::{
    cs::{Pxa, VendorFix},
    em::EmbargoState,
    rm::ReportState,
};

/// What an embargo needs to know of its case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct CaseFlags {
    /// What the world knows.
    pub pxa: Pxa,
    /// The least advanced vendor that still has a fix to make; none while no vendor is on the case.
    pub vendors: Option<VendorFix>,
}

worded! {
    /// Why an embargo may not be negotiated.
    Bar {
        /// `P`: SHALL NOT.
        Public = "the vulnerability is publicly known",
        /// `X`: SHALL NOT.
        ExploitPublic = "an exploit is public",
        /// `A`: SHALL NOT.
        AttacksObserved = "attacks have been observed",
        /// `D` everywhere: SHOULD NOT.
        FixDeployed = "every vendor has deployed its fix",
        /// `F` everywhere: SHOULD NOT start; an existing one may still be revised.
        FixReady = "every vendor has its fix ready",
    }
}

worded! {
    /// How strongly the rules ask for an embargo's end.
    Force {
        /// It ends by itself. Nobody decides.
        Shall = "ends by rule",
        /// It should end. A person decides and gives a reason.
        Should = "should end",
        /// It may end. A person decides.
        May = "may end",
    }
}

worded! {
    /// Why an embargo ends.
    EndCause {
        /// The agreed date and time have come.
        EndReached = "its agreed end has come",
        /// `P`
        Public = "the vulnerability is publicly known",
        /// `X`
        ExploitPublic = "an exploit is public",
        /// `D` at every vendor.
        FixDeployed = "every vendor has deployed its fix",
        /// `A`
        AttacksObserved = "attacks have been observed",
        /// Attackers hold exploit code that is not public.
        AdversaryHasExploit = "attackers hold an exploit",
        /// Attackers know technical details.
        AdversaryKnowsDetails = "attackers know details",
        /// Enough vendors are ready to release, even if some are not.
        VendorsReady = "enough vendors are ready",
        /// Those concerned agreed, for another reason.
        Agreed = "agreed by those concerned",
    }
}

impl EndCause {
    /// How strongly this cause asks for the end. FixDeployed is a SHOULD in the source; with every
    /// vendor counted, nobody is left to protect, and it is taken as a rule.
    #[must_use]
    pub const fn force(self) -> Force {
        match self {
            Self::EndReached | Self::Public | Self::ExploitPublic | Self::FixDeployed => Force::Shall,
            Self::AttacksObserved | Self::AdversaryHasExploit => Force::Should,
            Self::AdversaryKnowsDetails | Self::VendorsReady | Self::Agreed => Force::May,
        }
    }
}

impl CaseFlags {
    /// The flags of a case with these vendors. Leave out vendors that are not affected or have left.
    #[must_use]
    pub fn new(pxa: Pxa, vendors: impl IntoIterator<Item = VendorFix>) -> Self {
        Self { pxa, vendors: vendors.into_iter().min() }
    }

    /// What bars a new embargo, if anything does.
    #[must_use]
    pub fn bars_new_embargo(self) -> Option<Bar> {
        self.bars_revision().or_else(|| (self.vendors == Some(VendorFix::Ready)).then_some(Bar::FixReady))
    }

    /// What bars the revision of an embargo in force, if anything does.
    #[must_use]
    pub fn bars_revision(self) -> Option<Bar> {
        match self {
            Self { pxa: Pxa { exploit: true, .. }, .. } => Some(Bar::ExploitPublic),
            Self { pxa: Pxa { public: true, .. }, .. } => Some(Bar::Public),
            Self { pxa: Pxa { attacks: true, .. }, .. } => Some(Bar::AttacksObserved),
            Self { vendors: Some(VendorFix::Deployed), .. } => Some(Bar::FixDeployed),
            _ => None,
        }
    }

    /// What ends an embargo by rule, if anything does.
    #[must_use]
    pub fn ends_embargo(self) -> Option<EndCause> {
        match self.bars_revision()? {
            Bar::ExploitPublic => Some(EndCause::ExploitPublic),
            Bar::Public => Some(EndCause::Public),
            // Attacks outrank deployment only as a bar; deployment everywhere still ends the embargo.
            Bar::AttacksObserved | Bar::FixDeployed | Bar::FixReady => {
                (self.vendors == Some(VendorFix::Deployed)).then_some(EndCause::FixDeployed)
            }
        }
    }

    /// Whether attacks say that an embargo in force should end.
    #[must_use]
    pub const fn advises_end(self) -> bool {
        self.pxa.attacks
    }

    /// Talks should begin now: a vendor has been told, nothing is public, and no embargo was started.
    #[must_use]
    pub fn embargo_should_begin(self, embargo: EmbargoState, any_vendor_told: bool) -> bool {
        any_vendor_told && embargo == EmbargoState::None && self.bars_new_embargo().is_none()
    }
}

/// A step in one machine that another machine forbids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// RM close while EM is Active or Revise. The source says SHOULD NOT; the centre keeps to it.
    #[error(
        "the report cannot be closed while the embargo is in force; put it off (or leave it invalid) until \
         the embargo is over, or leave the embargo"
    )]
    EmbargoHolds,
    /// F or D outside RM Accepted.
    #[error("a vendor reports its fix only after it has accepted the report, which is {}; accept it first",
        .0.label())]
    NotAccepted(ReportState),
}

/// Whether a participant may close its report. An embargo holds those who are in it; who has left it,
/// or never was in it, closes when they like: nobody is gagged.
///
/// # Errors
/// The embargo is in force and the participant is bound by it.
pub fn may_close(embargo: EmbargoState, bound: bool) -> Result<(), Refused> {
    if embargo.in_force() && bound { Err(Refused::EmbargoHolds) } else { Ok(()) }
}

/// Whether a vendor may turn `F` or `D`: only while it works on the report.
///
/// # Errors
/// The report is not accepted.
pub fn may_report_fix(report: ReportState) -> Result<(), Refused> {
    if report == ReportState::Accepted { Ok(()) } else { Err(Refused::NotAccepted(report)) }
}

/// Whether a vendor's report and fix can stand like this together. A fix, once made, stays when the
/// report is put off or closed later; a report that has arrived means a vendor that has been told.
#[must_use]
pub fn fits_together(report: ReportState, vendor: VendorFix) -> bool {
    use ReportState::{Accepted, Closed, Deferred, Start};
    let fix_fits = vendor < VendorFix::Ready || matches!(report, Accepted | Deferred | Closed);
    let told_fits = report == Start || vendor >= VendorFix::Aware;
    fix_fits && told_fits
}

worded! {
    /// Whether somebody whose report stands like this ought to take a step on the embargo.
    Advice {
        /// MAY.
        Fine = "fine",
        /// SHOULD NOT.
        Avoid = "better not",
    }
}

/// Proposing a first embargo: fine before the report is sent and while it is active, better not when
/// it lies still.
#[must_use]
pub const fn proposing(report: ReportState) -> Advice {
    if report.is_inactive() { Advice::Avoid } else { Advice::Fine }
}

/// Accepting a first embargo: better not for a report that is invalid or closed.
#[must_use]
pub const fn accepting(report: ReportState) -> Advice {
    if matches!(report, ReportState::Invalid | ReportState::Closed) { Advice::Avoid } else { Advice::Fine }
}

/// Revising an embargo: fine while the report is valid and not closed.
#[must_use]
pub const fn revising(report: ReportState) -> Advice {
    if report.is_valid_unclosed() { Advice::Fine } else { Advice::Avoid }
}

/// Publishing, an exploit or an advisory: better not while an embargo is in force. Its end allows
/// publication and obliges nobody to it.
#[must_use]
pub const fn publishing(embargo: EmbargoState) -> Advice {
    if embargo.in_force() { Advice::Avoid } else { Advice::Fine }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_flags() -> Vec<CaseFlags> {
        let vendors = [None].into_iter().chain(VendorFix::ALL.iter().copied().map(Some));
        vendors.flat_map(|vendors| Pxa::ALL.map(|pxa| CaseFlags { pxa, vendors })).collect()
    }

    #[test]
    fn vultron_no_negotiation_when_p_x_or_a_no_new_embargo_by_f_none_left_by_d() {
        for flags in all_flags() {
            let quiet = flags.pxa.is_quiet();
            let deployed = flags.vendors == Some(VendorFix::Deployed);
            let ready = flags.vendors >= Some(VendorFix::Ready);
            assert_eq!(flags.bars_new_embargo().is_none(), quiet && !ready, "{flags:?}");
            assert_eq!(flags.bars_revision().is_none(), quiet && !deployed, "{flags:?}");
            let ends = flags.pxa.public || flags.pxa.exploit || deployed;
            assert_eq!(flags.ends_embargo().is_some(), ends, "{flags:?}");
            assert!(flags.ends_embargo().is_none_or(|cause| cause.force() == Force::Shall));
            assert_eq!(flags.advises_end(), flags.pxa.attacks);
        }
    }

    #[test]
    fn a_case_counts_as_far_as_its_least_advanced_vendor() {
        let quiet = Pxa::default();
        let two = CaseFlags::new(quiet, [VendorFix::Deployed, VendorFix::Aware]);
        assert_eq!(two.bars_new_embargo(), None);
        assert_eq!(CaseFlags::new(quiet, [VendorFix::Ready]).bars_new_embargo(), Some(Bar::FixReady));
        assert_eq!(CaseFlags::new(quiet, []).bars_new_embargo(), None);
    }

    #[test]
    fn vultron_embargo_talks_should_begin_with_the_first_vendor_told() {
        for &embargo in EmbargoState::ALL {
            let flags = CaseFlags::new(Pxa::default(), [VendorFix::Aware]);
            assert_eq!(flags.embargo_should_begin(embargo, true), embargo == EmbargoState::None);
            assert!(!flags.embargo_should_begin(embargo, false));
        }
    }

    #[test]
    fn vultron_no_closing_under_an_embargo_but_who_left_may() {
        for &embargo in EmbargoState::ALL {
            assert_eq!(may_close(embargo, true).is_err(), embargo.in_force());
            assert!(may_close(embargo, false).is_ok());
            assert_eq!(publishing(embargo) == Advice::Avoid, embargo.in_force());
        }
    }

    #[test]
    fn vultron_fix_only_in_accepted_and_it_stays() {
        for &report in ReportState::ALL {
            assert_eq!(may_report_fix(report).is_ok(), report == ReportState::Accepted);
            let may_hold_fix = "ADC".contains(report.letter());
            assert_eq!(fits_together(report, VendorFix::Ready), may_hold_fix);
            assert_eq!(fits_together(report, VendorFix::Deployed), may_hold_fix);
            assert!(fits_together(report, VendorFix::Aware));
            assert_eq!(fits_together(report, VendorFix::Unaware), report == ReportState::Start);
        }
        assert!(may_report_fix(ReportState::Valid).unwrap_err().to_string().contains("accept it first"));
    }

    #[test]
    fn vultron_rm_em_when_to_propose_accept_and_revise() {
        let fine = |ask: fn(ReportState) -> Advice| -> String {
            ReportState::ALL.iter().filter(|s| ask(**s) == Advice::Fine).map(|s| s.letter()).collect()
        };
        assert_eq!(fine(proposing), "SRVA");
        assert_eq!(fine(accepting), "SRVDA");
        assert_eq!(fine(revising), "VDA");
    }
}
