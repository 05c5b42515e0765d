//! Commands on an advisory: load, decide, append, and what follows for the case.

use crate::access::{self, Permission, Viewer};
use crate::advisories::rules::{self, AdvisoryEvent, Base, Draft, Frame, Order, Publishing};
use crate::advisories::store;
use crate::app::App;
use crate::cases::{self, Case, PublishedAs};
use crate::ledger::{Actor, Loaded, Unsealed, Writer};
use crate::refusal::Refusal;
use formats::Advisory;
use formats::advisory::Publisher;
use vocabulary::CaseId;

/// Bytes of one draft: far more than any form takes, far less than a formats' reader refuses.
const BYTES_MAX: usize = 1_000_000;

/// Characters of the words about a change, at most.
const CHANGE_MAX: usize = 2_000;

/// What the first revision changes.
pub(in crate::advisories) const FIRST_RELEASE: &str = "First release";

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

/// Runs a command for a viewer who may publish this case's advisory.
pub(in crate::advisories) async fn act<T: Send + 'static>(
    app: &App,
    viewer: Viewer,
    id: &CaseId,
    command: impl FnOnce(&mut Writer<'_, '_>, &Viewer, &Actor, &CaseId) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let (policies, wanted) = (app.policies.clone(), id.clone());
    let done = app.ledger.submit(move |w| {
        let now = w.now();
        let (_, resource) = cases::find_as_seen(w.tx(), &wanted, now)?;
        policies.check(&viewer, Permission::PublishAdvisory, &resource)?;
        let actor = viewer.actor()?;
        command(w, &viewer, &actor, &wanted)
    });
    done.await
}

/// What somebody wrote, and how it is framed.
pub(in crate::advisories) struct Edit {
    pub(in crate::advisories) base: Base,
    pub(in crate::advisories) content: Advisory,
    /// What this revision changes; the first may leave it out.
    pub(in crate::advisories) change: String,
    pub(in crate::advisories) publisher: Publisher,
}

/// Saves a draft, and gives its number and its hash. Saving what is saved already changes nothing.
pub(in crate::advisories) fn save(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &CaseId,
    edit: Edit,
) -> Result<(u32, String), Refusal> {
    if edit.change.chars().count() > CHANGE_MAX {
        return Err(Refusal::invalid("change", format!("At most {CHANGE_MAX} characters, please.")));
    }
    let (_, mut advisory) = find(w, id)?;
    let published = advisory.state.published.as_ref().map(|published| &published.advisory);
    let change = match (published, edit.change.trim()) {
        (None, "") => FIRST_RELEASE.to_owned(),
        (Some(_), "") => {
            return Err(Refusal::invalid("change", "Say in a few words what this revision changes."));
        }
        (_, change) => change.to_owned(),
    };
    let frame = Frame { id: id.to_string(), publisher: edit.publisher, published, change };
    let draft = rules::framed(edit.content, frame);
    let hash = rules::hash(&draft);
    let Some(revision) = rules::revise(&advisory.state, &edit.base, &hash)? else {
        return Ok((advisory.state.revision(), hash));
    };
    let bytes = draft.canonical_bytes();
    if bytes.len() > BYTES_MAX {
        return Err(Refusal::TooLarge("An advisory takes at most 1,000,000 bytes.".into()));
    }
    let item = w.seal(&store::compartment(id), &bytes)?;
    let event = AdvisoryEvent::Revised { revision, draft: item, hash: hash.clone() };
    w.append(&mut advisory, actor, vec![event])?;
    Ok((revision, hash))
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
