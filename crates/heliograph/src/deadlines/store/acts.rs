//! What people do about clocks: load, decide, seal what they wrote, append.

use super::{record, stream};
use crate::deadlines::rules::{
    self, ClockEvent, Clocks, ConflictDecision, Contradiction, Debtor, Owed, anchor_fits,
};
use crate::ledger::{Actor, Error, Item, Loaded, Writer};
use crate::refusal::Refusal;
use clocks::AnchorName;
use std::collections::BTreeSet;
use vocabulary::{Instant, OrganisationId};

/// Characters of a ground's reason or of evidence.
const NOTE_MAX: usize = 2000;

/// The vault's compartment for what is written about a subject: that of the report or case itself,
/// so that erasing it erases this too.
pub(super) fn compartment(subject: &str) -> String {
    let kind = match subject {
        id if rules::is_drill(id) => "drill",
        id if id.contains("-R-") => "report",
        _ => "case",
    };
    format!("{kind}/{subject}")
}

/// The clocks of a subject that has some, and takes more.
pub(super) fn known(w: &mut Writer<'_, '_>, subject: &str) -> Result<Clocks, Refusal> {
    let clocks: Loaded<Clocks> = w.load(stream(subject))?;
    if !clocks.exists() {
        return Err(Refusal::NotFound);
    }
    takes_more(w, subject, &clocks.state)?;
    Ok(clocks.state)
}

/// Whether more may be recorded of a subject. What was erased takes nothing: what shows a fact is sealed with it.
fn takes_more(w: &mut Writer<'_, '_>, subject: &str, clocks: &Clocks) -> Result<(), Refusal> {
    clocks.takes_more()?;
    if w.is_erased(&compartment(subject))? { Err(Error::Erased.into()) } else { Ok(()) }
}

/// Why nothing more may be recorded of a subject, in words; none where it may.
pub(crate) fn why_over(
    w: &mut Writer<'_, '_>,
    subject: &str,
    clocks: &Clocks,
) -> Result<Option<String>, Refusal> {
    match takes_more(w, subject, clocks) {
        Ok(()) => Ok(None),
        Err(Refusal::Conflict(words)) => Ok(Some(words.into_owned())),
        Err(other) => Err(other),
    }
}

/// What somebody wrote, which must say something, and no more than fits.
pub(super) fn written<'t>(field: &'static str, text: &'t str) -> Result<&'t str, Refusal> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(Refusal::invalid(field, "Please fill this in: whoever reads it later must know why.")),
        chars if chars > NOTE_MAX => {
            Err(Refusal::invalid(field, format!("{chars} characters, {NOTE_MAX} at most.")))
        }
        _ => Ok(text),
    }
}

/// Seals what somebody wrote.
pub(super) fn note(
    w: &mut Writer<'_, '_>,
    subject: &str,
    field: &'static str,
    text: &str,
) -> Result<Item, Refusal> {
    Ok(w.seal(&compartment(subject), written(field, text)?.as_bytes())?)
}

/// A fact as a person states it.
pub(crate) struct Stated<'a> {
    pub(crate) debtor: Debtor,
    pub(crate) vendor: Option<OrganisationId>,
    pub(crate) anchor: AnchorName,
    pub(crate) at: Instant,
    pub(crate) evidence: &'a str,
}

/// States a fact, perhaps late, perhaps otherwise than it was recorded before.
pub(crate) fn state_fact(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    subject: &str,
    stated: Stated<'_>,
) -> Result<(), Refusal> {
    written("evidence", stated.evidence)?;
    let clocks = known(w, subject)?;
    anchor_fits(stated.anchor, stated.vendor.as_ref())?;
    rules::fact(&clocks, stated.vendor.as_ref(), &stated.at, w.now())?;
    let evidence = note(w, subject, "evidence", stated.evidence)?;
    let Stated { debtor, vendor, anchor, at, .. } = stated;
    record(w, actor, subject, vec![ClockEvent::FactStated { debtor, vendor, anchor, at, evidence }])
}

/// Declares the roles of a debtor, the kind of case, and whose law applies.
pub(crate) fn declare(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    subject: &str,
    debtor: Debtor,
    words: [BTreeSet<String>; 3],
    zone: &str,
) -> Result<(), Refusal> {
    known(w, subject)?;
    rules::scope(&words, zone)?;
    let [actors, triggers, jurisdictions] = words.map(|set| set.into_iter().collect());
    let scope = ClockEvent::ScopeDeclared { debtor, actors, triggers, jurisdictions, zone: zone.to_owned() };
    record(w, actor, subject, vec![scope])
}

/// A delay as a person decides it.
pub(crate) struct Delayed<'a> {
    pub(crate) owed: Owed,
    pub(crate) ground: &'a str,
    pub(crate) until: Instant,
    pub(crate) reason: &'a str,
    /// Whether what the rule asks for before any delay was stated.
    pub(crate) precondition: bool,
}

/// Puts a duty off.
pub(crate) fn extend(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    subject: &str,
    delayed: Delayed<'_>,
) -> Result<(), Refusal> {
    written("reason", delayed.reason)?;
    let clocks = known(w, subject)?;
    let Delayed { owed, ground, until, reason, precondition } = delayed;
    let extended = rules::extension(&clocks, &owed, ground, until.at, precondition, w.now())?;
    let reason = note(w, subject, "reason", reason)?;
    let Owed { debtor, profile, duty } = owed;
    let (ground, inform) = (ground.to_owned(), extended.inform);
    record(
        w,
        actor,
        subject,
        vec![ClockEvent::Extended { debtor, profile, duty, until, ground, reason, inform }],
    )
}

/// Records that whoever is to be informed of a delay was.
pub(crate) fn told_of_delay(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    subject: &str,
    owed: Owed,
    at: Instant,
    evidence: &str,
) -> Result<(), Refusal> {
    written("evidence", evidence)?;
    let clocks = known(w, subject)?;
    if !clocks.delays.get(&owed).is_some_and(|(_, told)| told.is_none()) {
        return Err(Refusal::conflict(
            "There is no delay of this duty that anybody is still to be informed of.",
        ));
    }
    rules::fact(&clocks, None, &at, w.now())?;
    let evidence = note(w, subject, "evidence", evidence)?;
    let Owed { debtor, profile, duty } = owed;
    record(w, actor, subject, vec![ClockEvent::DelayNotified { debtor, profile, duty, at, evidence }])
}

/// A waiver as a person decides it.
pub(crate) struct Waived<'a> {
    pub(crate) owed: Owed,
    pub(crate) vendor: Option<OrganisationId>,
    pub(crate) ground: &'a str,
    pub(crate) reason: &'a str,
}

/// Waives a duty.
pub(crate) fn waive(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    subject: &str,
    waived: Waived<'_>,
) -> Result<(), Refusal> {
    let Waived { owed, vendor, ground, reason } = waived;
    written("reason", reason)?;
    let clocks = known(w, subject)?;
    rules::waiver(&owed, vendor.as_ref(), ground)?;
    rules::fact(&clocks, vendor.as_ref(), &Instant::utc(w.now()), w.now())?;
    let reason = note(w, subject, "reason", reason)?;
    let Owed { debtor, profile, duty } = owed;
    let ground = ground.to_owned();
    record(w, actor, subject, vec![ClockEvent::Waived { debtor, vendor, profile, duty, ground, reason }])
}

/// Ends what a case that is closed unpublished owed to the public, by the word of whoever closed it.
pub(crate) fn close_unpublished(w: &mut Writer<'_, '_>, actor: &Actor, subject: &str) -> Result<(), Refusal> {
    let clocks: Loaded<Clocks> = w.load(stream(subject))?;
    for Owed { debtor, profile, duty } in rules::unpublished(&clocks.state) {
        let ground = rules::CLOSED_UNPUBLISHED.to_owned();
        record(w, actor, subject, vec![ClockEvent::FellAway { debtor, profile, duty, ground }])?;
    }
    Ok(())
}

/// Decides what to do about rules that contradict each other.
pub(crate) fn decide_conflict(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    subject: &str,
    (debtor, rules): (Debtor, Contradiction),
    decision: ConflictDecision,
    reason: &str,
) -> Result<(), Refusal> {
    let clocks = known(w, subject)?;
    if !clocks.conflicts.contains_key(&(debtor.clone(), rules.clone())) {
        return Err(Refusal::NotFound);
    }
    let reason = note(w, subject, "reason", reason)?;
    record(w, actor, subject, vec![ClockEvent::ConflictDecided { debtor, rules, decision, reason }])
}

/// Takes over the care of a subject's clocks.
pub(crate) fn take_over(w: &mut Writer<'_, '_>, actor: &Actor, subject: &str) -> Result<(), Refusal> {
    known(w, subject)?;
    record(w, actor, subject, vec![ClockEvent::TakenOver {}])
}
