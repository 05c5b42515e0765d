//! All SQL about reports, and the commands that change them.

pub(super) mod claim;
pub(super) mod draft;
pub(super) mod lists;
pub(super) mod receiving;
pub(super) mod rows;
pub(super) mod sealed;
pub(super) mod triage;
pub(super) mod whereabouts;

use super::rules::Report;
use crate::ledger::{Loaded, load};
use crate::refusal::Refusal;
use storage::Tx;
use vocabulary::ReportId;

pub(super) fn stream(id: &ReportId) -> String {
    format!("report/{id}")
}

/// The vault's compartment for what the reporter wrote.
pub(super) fn compartment(id: &ReportId) -> String {
    format!("report/{id}")
}

/// The compartment for exploit material: its key can be destroyed on its own.
fn exploit_compartment(id: &ReportId) -> String {
    format!("exploit/{id}")
}

/// A report with its state; `NotFound` where there is none.
pub(crate) fn received(tx: &mut Tx<'_>, id: &ReportId) -> Result<Loaded<Report>, Refusal> {
    let report: Loaded<Report> = load(tx, stream(id))?;
    if report.exists() { Ok(report) } else { Err(Refusal::NotFound) }
}

fn parse(id: String) -> Result<ReportId, Refusal> {
    id.parse().map_err(|_| Refusal::Internal("a stored tracking number is unreadable".into()))
}

/// Year and number of an identifier that ends in both.
pub(crate) fn numbers(id: &str) -> Option<(i64, i64)> {
    let (rest, number) = id.rsplit_once('-')?;
    let (_, year) = rest.rsplit_once('-')?;
    Some((year.parse().ok()?, number.parse().ok()?))
}
