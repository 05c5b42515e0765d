//! What happened in a case that others reckon with: nothing of what was written in it.

use super::{CaseEvent, stream};
use crate::cases::rules::Case;
use crate::ledger::{Error, events_of, load};
use jiff::Timestamp;
use storage::Tx;
use vocabulary::CaseId;

/// The instants that count, of the case that goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Milestones {
    pub(crate) id: CaseId,
    /// How many reports it stands on.
    pub(crate) reports: usize,
    /// When the first vendor was told.
    pub(crate) told: Option<Timestamp>,
    /// When the first vendor had a fix ready.
    pub(crate) fixed: Option<Timestamp>,
    pub(crate) published: Option<Timestamp>,
    /// The highest CVSS score, in tenths.
    pub(crate) tenths: Option<i64>,
}

/// The milestones of a case, or of the one that it became part of; `None` where there is no such case.
pub(crate) fn milestones(tx: &mut Tx<'_>, id: &CaseId) -> Result<Option<Milestones>, Error> {
    let (mut id, mut case) = (id.clone(), load::<Case>(tx, stream(id))?);
    // A case takes nothing in after it became part of another, so this ends.
    while let Some(into) = case.state.merged_into.take() {
        case = load::<Case>(tx, stream(&into))?;
        id = into;
    }
    if !case.exists() {
        return Ok(None);
    }
    let case = case.state;
    let mut fixed: Option<Timestamp> = None;
    for part in std::iter::once(&id).chain(&case.merged) {
        for recorded in events_of(tx, &stream(part))? {
            if matches!(recorded.event()?, CaseEvent::VendorFixed { .. }) {
                fixed = Some(fixed.map_or(recorded.at, |first| first.min(recorded.at)));
            }
        }
    }
    Ok(Some(Milestones {
        reports: case.reports.len(),
        told: case.vendors.values().filter_map(|vendor| vendor.told).min(),
        fixed,
        published: case.published.map(|(_, at)| at),
        tenths: case.tenths,
        id,
    }))
}
