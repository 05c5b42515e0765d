//! What became of a report, for those who reckon with it.

use super::stream;
use crate::ledger::{Error, load};
use crate::reports::rules::Report;
use storage::Tx;
use vocabulary::{CaseId, ReportId};

/// The case that a report belongs to, and the report that it repeats.
pub(crate) fn whereabouts(
    tx: &mut Tx<'_>,
    id: &ReportId,
) -> Result<(Option<CaseId>, Option<ReportId>), Error> {
    let report = load::<Report>(tx, stream(id))?.state;
    Ok((report.case, report.duplicate_of))
}
