//! Commands on an advisory: load, decide, append, and what follows for the case.

use crate::access::{self, Viewer};
use crate::advisories::rules::{self, AdvisoryEvent, Draft, Order, Publishing};
use crate::advisories::store;
use crate::cases::{self, Case, PublishedAs};
use crate::ledger::{Actor, Loaded, Unsealed, Writer};
use crate::refusal::Refusal;
use formats::Advisory;
use vocabulary::CaseId;

/// Bytes of one draft: far more than any form takes, far less than a formats' reader refuses.
const BYTES_MAX: usize = 1_000_000;

/// The advisory of a case that can still have one. A closed case takes no first advisory; what is
/// out already can be kept true for as long as its case is not erased.
fn find(w: &mut Writer<'_, '_>, id: &CaseId) -> Result<(Case, Loaded<Publishing>), Refusal> {
    let case = cases::find(w.tx(), id)?.state;
    let advisory = store::find(w.tx(), id)?;
    if case.erased || case.closed && advisory.state.published.is_none() {
        return Err(Refusal::conflict("This case is closed, so its advisory can no longer change."));
    }
    Ok((case, advisory))
}

/// Saves a draft made from draft `base`, and gives its number. Saving what is saved already changes
/// nothing.
pub(in crate::advisories) fn save(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &CaseId,
    base: u32,
    draft: &Advisory,
) -> Result<u32, Refusal> {
    let (_, mut advisory) = find(w, id)?;
    let hash = rules::hash(draft);
    let Some(revision) = rules::revise(&advisory.state, base, &hash)? else {
        return Ok(advisory.state.revision());
    };
    let bytes = draft.canonical_bytes();
    if bytes.len() > BYTES_MAX {
        return Err(Refusal::TooLarge("An advisory takes at most 1,000,000 bytes.".into()));
    }
    let item = w.seal(&store::compartment(id), &bytes)?;
    w.append(&mut advisory, actor, vec![AdvisoryEvent::Revised { revision, draft: item, hash }])?;
    Ok(revision)
}

/// Gives the latest draft to the participants of the case.
pub(in crate::advisories) fn share(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &CaseId,
    revision: u32,
) -> Result<(), Refusal> {
    let (_, mut advisory) = find(w, id)?;
    let event = rules::share(&advisory.state, revision)?;
    w.append(&mut advisory, actor, vec![event])?;
    Ok(())
}

/// Approves a draft. A person does that, with her own eyes: a program with a person's token has
/// none.
pub(in crate::advisories) fn approve(
    w: &mut Writer<'_, '_>,
    viewer: &Viewer,
    id: &CaseId,
    order: &Order,
) -> Result<(), Refusal> {
    let person = viewer.person()?;
    if person.scopes.is_some() {
        return Err(Refusal::forbidden(
            "A person approves, signed in with a password; a program with a token cannot.",
        ));
    }
    let (_, mut advisory) = find(w, id)?;
    let draft = latest(w, &advisory.state)?;
    let register = access::persons(w.tx())?;
    let event = rules::approve(&advisory.state, &draft, order, &person.id, &register)?;
    w.append(&mut advisory, &viewer.actor()?, vec![event])?;
    Ok(())
}

/// Publishes what two persons approved. The first publication ends the embargo, stops clocks and
/// tells the reporters. An update does not do so again: the flaw became public once, and what is
/// counted from that day (such as when exploit material is deleted) keeps that day.
pub(crate) fn publish(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &CaseId,
    order: &Order,
) -> Result<(), Refusal> {
    let (case, mut advisory) = find(w, id)?;
    let draft = latest(w, &advisory.state)?;
    let register = access::persons(w.tx())?;
    let event = rules::publish(&advisory.state, draft, order, &register, w.now())?;
    w.append(&mut advisory, actor, vec![event])?;
    if case.published.is_some() {
        return Ok(());
    }
    let revision = advisory.state.published.as_ref().map_or(1, |out| out.advisory.revisions.len());
    let revision = u32::try_from(revision).unwrap_or(u32::MAX);
    cases::publish(w, actor, id, &PublishedAs { revision })
}

/// Opens the latest draft; without one, there is nothing to decide about.
fn latest(w: &mut Writer<'_, '_>, state: &Publishing) -> Result<Advisory, Refusal> {
    match &state.latest {
        Some(draft) => opened(w, draft),
        None => Err(Refusal::conflict("There is no draft yet. Save one first.")),
    }
}

/// Opens a draft. Whoever shows it to a person records the read.
pub(in crate::advisories) fn opened(w: &mut Writer<'_, '_>, draft: &Draft) -> Result<Advisory, Refusal> {
    match w.unseal(&draft.item)? {
        Unsealed::Bytes(bytes) => serde_json::from_slice(&bytes)
            .map_err(|_| Refusal::Internal("a sealed draft is unreadable".into())),
        Unsealed::Erased => {
            Err(Refusal::conflict("The texts of this case were erased, and its draft with them."))
        }
    }
}
