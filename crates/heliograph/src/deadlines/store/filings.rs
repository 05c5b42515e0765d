//! Filings: what was written for an authority, sealed, and the word of a person that it went out.

use super::acts::{compartment, known, note, why_over, written};
use super::record;
use crate::deadlines::rules::{self, ClockEvent, Filing, FilingEvent, Filings, Owed};
use crate::ledger::{Actor, Item, Loaded, Unsealed, Writer};
use crate::refusal::Refusal;
use crate::web::Expected;
use clocks::filing::{Form, Values};
use vocabulary::Instant;

fn stream(subject: &str) -> String {
    format!("filings/{subject}")
}

/// A filing opened for somebody: its form, what is written, what came along from earlier stages.
pub(crate) struct Opened {
    pub(crate) form: Form,
    pub(crate) filing: Filing,
    pub(crate) values: Values,
    /// Whether the values are those of earlier stages, copied forward and not saved yet.
    pub(crate) is_copied: bool,
    /// What was written to show the submission.
    pub(crate) evidence: String,
    /// Why nothing more may be written, in words; none where it may.
    pub(crate) over: Option<String>,
}

/// Opens a filing, and lists what was opened.
pub(crate) fn open_filing(
    w: &mut Writer<'_, '_>,
    subject: &str,
    owed: &Owed,
) -> Result<(Opened, Vec<Item>), Refusal> {
    let clocks = super::facts(w.tx(), subject)?;
    if !clocks.facts.contains_key(&owed.debtor) {
        return Err(Refusal::NotFound);
    }
    let over = why_over(w, subject, &clocks)?;
    let (form, _) = rules::form(owed)?;
    let all: Loaded<Filings> = w.load(stream(subject))?;
    let filing = all.state.0.get(owed).cloned().unwrap_or_default();
    let mut items: Vec<Item> = filing.texts.last().cloned().into_iter().collect();
    let is_copied = items.is_empty();
    if is_copied {
        items = all.state.earlier(owed).iter().filter_map(|earlier| earlier.texts.last().cloned()).collect();
    }
    let written = items.iter().map(|item| read(w, item)).collect::<Result<Vec<Values>, _>>()?;
    let values = match (is_copied, written.last()) {
        (false, Some(values)) => values.clone(),
        _ => clocks::filing::copy_forward(&form, &written.iter().collect::<Vec<_>>()),
    };
    let evidence = match &filing.submitted {
        Some((_, _, item)) => {
            items.push(item.clone());
            w.unseal(item)?.text()
        }
        None => String::new(),
    };
    let is_copied = is_copied && !values.is_empty();
    Ok((Opened { form, filing, values, is_copied, evidence, over }, items))
}

fn read(w: &mut Writer<'_, '_>, item: &Item) -> Result<Values, Refusal> {
    match w.unseal(item)? {
        Unsealed::Erased => Ok(Values::new()),
        Unsealed::Bytes(bytes) => serde_json::from_slice(&bytes)
            .map_err(|_| Refusal::Internal("a filing in the vault is unreadable".into())),
    }
}

/// Keeps what was written, sealed; gives the number of its revision. Whoever wrote it says which revision
/// it was made from: what somebody else saved meanwhile is not lost.
pub(crate) fn save_filing(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    subject: &str,
    owed: Owed,
    mut values: Values,
    seen: &Expected,
) -> Result<usize, Refusal> {
    let clocks = known(w, subject)?;
    if !clocks.facts.contains_key(&owed.debtor) {
        return Err(Refusal::NotFound);
    }
    let (form, list) = rules::form(&owed)?;
    values.retain(|_, text| !text.trim().is_empty());
    let mut all: Loaded<Filings> = w.load(stream(subject))?;
    let before = all.state.0.get(&owed);
    rules::keep(before, &form, &values)?;
    match (before.map_or(0, |filing| filing.texts.len()), &seen.0) {
        (0, None) => {}
        (_, None) => return Err(Refusal::unconditional(UNCONDITIONAL)),
        (revision, Some(_)) => seen.check(&revision.to_string())?,
    }
    let bytes = serde_json::to_vec(&values).map_err(|error| Refusal::Internal(error.to_string()))?;
    let text = w.seal(&compartment(subject), &bytes)?;
    let Owed { debtor, profile, duty } = owed.clone();
    w.append(&mut all, actor, vec![FilingEvent::Saved { debtor, profile, duty, list, text }])?;
    Ok(all.state.0.get(&owed).map_or(0, |filing| filing.texts.len()))
}

/// Why a save over what is there is refused.
const UNCONDITIONAL: &str = "This is written already, and was left as it is. Read it again, and say which revision yours was made from.";

/// A submission as a person records it.
pub(crate) struct Submitted<'a> {
    pub(crate) at: Instant,
    pub(crate) evidence: &'a str,
    /// The authority is this centre.
    pub(crate) received_here: bool,
}

/// Records that a filing was submitted. It stops the clock of that duty and of no other: telling a
/// vendor is a fact of its own, which no filing stands for.
pub(crate) fn submit_filing(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    subject: &str,
    owed: Owed,
    submitted: Submitted<'_>,
    seen: &Expected,
) -> Result<(), Refusal> {
    written("evidence", submitted.evidence)?;
    let clocks = known(w, subject)?;
    if !clocks.facts.contains_key(&owed.debtor) {
        return Err(Refusal::NotFound);
    }
    rules::form(&owed)?;
    let (profile, _) = owed.rule()?;
    let received_here = submitted.received_here.then(|| profile.jurisdiction.clone());
    let mut all: Loaded<Filings> = w.load(stream(subject))?;
    let Submitted { at, evidence, .. } = submitted;
    let revision = rules::submit(all.state.0.get(&owed), &at, w.now())?;
    seen.check(&revision.to_string())?;
    let evidence = note(w, subject, "evidence", evidence)?;
    let Owed { debtor, profile, duty } = owed;
    let event = FilingEvent::Submitted {
        debtor: debtor.clone(),
        profile: profile.clone(),
        duty: duty.clone(),
        revision,
        at: at.clone(),
        evidence: evidence.clone(),
    };
    w.append(&mut all, actor, vec![event])?;
    let stops = ClockEvent::SubmissionRecorded { debtor, profile, duty, at, evidence, received_here };
    record(w, actor, subject, vec![stops])
}
