//! What is said and decided about a report that is here, by the centre and its reporter.

use super::{compartment, received};
use crate::deadlines::{self, ClockEvent, Debtor};
use crate::ledger::{Actor, Writer};
use crate::refusal::Refusal;
use crate::reports::rules::{self, Report, ReportEvent, Side};
use crate::vetting;
use vocabulary::{CaseId, Instant, ReportId};

/// Characters of a message or a reason, at most.
const MESSAGE_MAX: usize = 20_000;

/// Adds a message between reporter and centre.
pub(crate) fn say(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &ReportId,
    from: Side,
    text: &str,
) -> Result<(), Refusal> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > MESSAGE_MAX {
        return Err(Refusal::invalid("message", format!("Between 1 and {MESSAGE_MAX} characters.")));
    }
    let mut report = received(w.tx(), id)?;
    let item = w.seal(&compartment(id), text.as_bytes())?;
    acknowledge(w, actor, id, &report.state, from)?;
    w.append(&mut report, actor, vec![ReportEvent::MessageAdded { from, text: item }])?;
    Ok(())
}

/// A person's first answer is the acknowledgement (ISO/IEC 29147:2018, 6.2.5); the automatic
/// receipt is not.
fn acknowledge(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &ReportId,
    report: &Report,
    from: Side,
) -> Result<(), Refusal> {
    if report.answered || from == Side::Reporter {
        return Ok(());
    }
    let at = Instant::utc(w.now());
    let (debtor, evidence) = (Debtor::Centre, "first answer by a person".to_owned());
    let filed = ClockEvent::Filed { debtor, duty: "centre/acknowledge".into(), at, evidence };
    deadlines::record(w, actor, id.as_str(), vec![filed])
}

/// Accepts a report into a case.
pub(crate) fn accept(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &ReportId,
    case: &CaseId,
) -> Result<(), Refusal> {
    let mut report = received(w.tx(), id)?;
    rules::triage(&report.state)?;
    acknowledge(w, actor, id, &report.state, Side::Centre)?;
    w.append(&mut report, actor, vec![ReportEvent::Accepted { case: case.clone() }])?;
    Ok(())
}

/// Moves a report along with its case, which became part of another one.
pub(crate) fn move_to(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &ReportId,
    case: &CaseId,
) -> Result<(), Refusal> {
    let mut report = received(w.tx(), id)?;
    w.append(&mut report, actor, vec![ReportEvent::Moved { case: case.clone() }])?;
    Ok(())
}

/// Declines a report with a reason that its reporter sees.
pub(crate) fn decline(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &ReportId,
    reason: &str,
) -> Result<(), Refusal> {
    if reason.trim().is_empty() {
        return Err(Refusal::invalid("reason", "The reporter sees this reason; please give one."));
    }
    if reason.chars().count() > MESSAGE_MAX {
        return Err(Refusal::invalid("reason", format!("At most {MESSAGE_MAX} characters, please.")));
    }
    let mut report = received(w.tx(), id)?;
    rules::triage(&report.state)?;
    let reason = w.seal(&compartment(id), reason.trim().as_bytes())?;
    acknowledge(w, actor, id, &report.state, Side::Centre)?;
    w.append(&mut report, actor, vec![ReportEvent::Declined { reason }])?;
    Ok(())
}

/// Marks a report as a duplicate of an earlier one.
pub(crate) fn duplicate(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &ReportId,
    of: &ReportId,
) -> Result<(), Refusal> {
    if id == of {
        return Err(Refusal::invalid("of", "A report cannot be a duplicate of itself."));
    }
    let original = received(w.tx(), of);
    let now = w.now();
    let is_open = vetting::may_open(w.tx(), actor, of.as_str(), now)?;
    let original = original.ok().filter(|_| is_open);
    let original = original.ok_or_else(|| Refusal::invalid("of", "There is no report with this number."))?;
    if original.state.duplicate_of.is_some() {
        return Err(Refusal::invalid("of", "That report is a duplicate itself; name the original."));
    }
    let mut report = received(w.tx(), id)?;
    rules::triage(&report.state)?;
    acknowledge(w, actor, id, &report.state, Side::Centre)?;
    w.append(&mut report, actor, vec![ReportEvent::DuplicateMarked { of: of.clone() }])?;
    Ok(())
}

/// Tells the reporter that the advisory is out.
pub(crate) fn mark_published(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &ReportId,
    case: &CaseId,
) -> Result<(), Refusal> {
    let mut report = received(w.tx(), id)?;
    w.append(&mut report, actor, vec![ReportEvent::Published { case: case.clone() }])?;
    Ok(())
}
