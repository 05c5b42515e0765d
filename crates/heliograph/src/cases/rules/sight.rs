//! Who sees which event of a case.

use super::event::{Audience, CaseEvent, Party};
use cvd::embargo::EmbargoEvent;
use vocabulary::OrganisationId;

/// Whether a participant sees an event. Another vendor's steps are that vendor's. What others wrote
/// to everyone is for those who hold the embargo (`may_read`): a reporter need not, and sees her own.
pub(crate) fn sees(me: &Party, may_read: bool, event: &CaseEvent) -> bool {
    let own = |vendor: &OrganisationId| match me {
        Party::Centre => true,
        Party::Vendor(id) => id == vendor,
        Party::Reporter(_) => false,
    };
    match event {
        CaseEvent::VendorMoved { vendor, .. }
        | CaseEvent::VendorFixed { vendor, .. }
        | CaseEvent::StatementMade { vendor, .. } => own(vendor),
        CaseEvent::VendorInvited { vendor } | CaseEvent::VendorTold { vendor } => {
            own(vendor) || matches!(me, Party::Reporter(_))
        }
        CaseEvent::MessageSent { from, to, .. } => match to {
            Audience::Everyone => *me == Party::Centre || may_read || me == from,
            Audience::Centre => *me == Party::Centre || me == from,
            Audience::Only(party) => *me == Party::Centre || me == from || me == party,
        },
        CaseEvent::ReportAdded { report } | CaseEvent::Opened { report, .. } => match me {
            Party::Reporter(own) => own == report,
            _ => true,
        },
        CaseEvent::Graded { .. } => !matches!(me, Party::Reporter(_)),
        // Being there is shown by what one does, and that somebody left is said once.
        CaseEvent::EmbargoChanged { change: EmbargoEvent::Joined { .. } | EmbargoEvent::Left { .. } } => {
            false
        }
        _ => true,
    }
}
