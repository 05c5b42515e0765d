//! What a reporter wrote: opened, and destroyed.

use super::{compartment, exploit_compartment, received};
use crate::ledger::{Actor, Item, Unsealed, Writer};
use crate::refusal::Refusal;
use crate::reports::rules::{Report, ReportEvent, ReportText};
use vocabulary::ReportId;

/// Opens what the reporter wrote. The caller records the read.
pub(crate) fn text_of(w: &mut Writer<'_, '_>, report: &Report) -> Result<(ReportText, Vec<Item>), Refusal> {
    let Some(item) = &report.text else { return Err(Refusal::NotFound) };
    let opened = open_item(w, item)?;
    let text = match opened {
        Unsealed::Bytes(bytes) => serde_json::from_slice(&bytes)
            .map_err(|_| Refusal::Internal("a sealed report is unreadable".into()))?,
        Unsealed::Erased => ReportText { description: "[erased]".into(), ..ReportText::default() },
    };
    Ok((text, vec![item.clone()]))
}

pub(in crate::reports) fn open_item(w: &mut Writer<'_, '_>, item: &Item) -> Result<Unsealed, Refusal> {
    Ok(w.unseal(item)?)
}

/// Opens a report's proof of concept. The caller records the read.
pub(crate) fn proof_of_concept(
    w: &mut Writer<'_, '_>,
    id: &ReportId,
) -> Result<(Vec<u8>, Vec<Item>), Refusal> {
    let item = received(w.tx(), id)?.state.proof_of_concept.ok_or(Refusal::NotFound)?;
    match open_item(w, &item)? {
        Unsealed::Bytes(bytes) => Ok((bytes, vec![item])),
        Unsealed::Erased => Err(Refusal::NotFound),
    }
}

/// Deletes exploit material by rule: its key is destroyed, what was written about it stays.
pub(crate) fn purge_exploit(w: &mut Writer<'_, '_>, id: &ReportId) -> Result<(), Refusal> {
    let mut report = received(w.tx(), id)?;
    let has_some = report.state.proof_of_concept.is_some() || !report.state.files.is_empty();
    if has_some && !report.state.exploit_deleted {
        w.erase(&exploit_compartment(id))?;
        w.append(&mut report, &Actor::System, vec![ReportEvent::ExploitDeleted {}])?;
    }
    Ok(())
}

/// Erases what a reporter wrote: the keys are destroyed, the entries stay.
pub(crate) fn erase(w: &mut Writer<'_, '_>, actor: &Actor, id: &ReportId) -> Result<(), Refusal> {
    let mut report = received(w.tx(), id)?;
    if !report.state.erased {
        w.erase(&compartment(id))?;
        w.erase(&exploit_compartment(id))?;
        w.append(&mut report, actor, vec![ReportEvent::Erased {}])?;
    }
    Ok(())
}
