//! An accreditation opened for one viewer, with what is sealed in it.

use super::{find, resource, stream};
use crate::access::{self, Permission, Policies, Viewer};
use crate::accreditations::rules::{Accreditation, AccreditationEvent, Holder, Kept, Told};
use crate::ledger::{Actor, Item, Unsealed, Writer, events_of};
use crate::people;
use crate::refusal::Refusal;
use crate::web::Happened;
use vocabulary::AccreditationId;

/// What a page shows of an accreditation to its holder or to an officer.
pub(in crate::accreditations) struct Opened {
    pub(in crate::accreditations) id: AccreditationId,
    pub(in crate::accreditations) version: i64,
    pub(in crate::accreditations) name: String,
    pub(in crate::accreditations) state: Accreditation,
    pub(in crate::accreditations) told: Told,
    /// Names of its evidence.
    pub(in crate::accreditations) files: Vec<String>,
    pub(in crate::accreditations) moments: Vec<Happened>,
}

/// Opens an accreditation, and lists what was opened.
pub(in crate::accreditations) fn open(
    w: &mut Writer<'_, '_>,
    policies: &Policies,
    viewer: &Viewer,
    permission: Permission,
    id: &AccreditationId,
) -> Result<(Opened, Vec<Item>), Refusal> {
    let loaded = find(w.tx(), id)?;
    let (version, state) = (loaded.version, loaded.state);
    let holder = state.holder.clone().ok_or(Refusal::NotFound)?;
    policies.check(viewer, permission, &resource(w.tx(), id.as_str(), &holder)?)?;
    let mut items = Vec::new();
    let told = match &state.told {
        Some(Kept::Public(told)) => told.clone(),
        Some(Kept::Sealed(item)) => {
            items.push(item.clone());
            match w.unseal(item)? {
                Unsealed::Bytes(bytes) => serde_json::from_slice(&bytes)
                    .map_err(|_| Refusal::Internal("a sealed accreditation is unreadable".into()))?,
                Unsealed::Erased => Told::default(),
            }
        }
        None => Told::default(),
    };
    let mut files = Vec::new();
    for (name, _) in &state.evidence {
        items.push(name.clone());
        files.push(w.unseal(name)?.text());
    }
    let names = access::account_names(w.tx())?;
    let name = match &holder {
        Holder::Organisation(id) => people::organisation(w.tx(), id)?.name,
        Holder::Account(id) => names.get(id.as_str()).cloned().unwrap_or_else(|| id.to_string()),
    };
    let mut moments = Vec::new();
    for recorded in events_of(w.tx(), &stream(id))? {
        let event: AccreditationEvent = recorded.event()?;
        let (what, item) = said(&event);
        let text = match item {
            Some(item) => {
                items.push(item.clone());
                w.unseal(item)?.text()
            }
            None => String::new(),
        };
        let who = match &recorded.actor {
            Actor::Account(id) => names.get(id.as_str()).map(|name| format!("{name}: ")),
            Actor::Reporter(_) | Actor::System => None,
        };
        let words = format!("{}{what}", who.unwrap_or_default());
        let (at, entry, kind) = (recorded.at, recorded.seq, recorded.kind);
        moments.push(Happened { at, entry, kind, words, text, is_new: false });
    }
    let id = id.clone();
    Ok((Opened { id, version, name, state, told, files, moments }, items))
}

/// The words for what happened, and what was written with it.
fn said(event: &AccreditationEvent) -> (String, Option<&Item>) {
    match event {
        AccreditationEvent::Registered { .. } => ("It was registered.".into(), None),
        AccreditationEvent::EvidenceAdded { .. } => ("A file was added.".into(), None),
        AccreditationEvent::Checked { found, place } => {
            (format!("It was looked up: {}.", found.words()), Some(place))
        }
        AccreditationEvent::Withdrawn { reasons } => ("It was withdrawn.".into(), Some(reasons)),
        AccreditationEvent::Reminded { days: 0 } => ("Reminded: it has ended.".into(), None),
        AccreditationEvent::Reminded { days } => (format!("Reminded: it ends within {days} days."), None),
    }
}

/// One piece of evidence, by its place, for whoever may open the accreditation.
pub(in crate::accreditations) fn file(
    w: &mut Writer<'_, '_>,
    policies: &Policies,
    viewer: &Viewer,
    permission: Permission,
    id: &AccreditationId,
    place: usize,
) -> Result<(Vec<u8>, Vec<Item>), Refusal> {
    let state = find(w.tx(), id)?.state;
    let holder = state.holder.clone().ok_or(Refusal::NotFound)?;
    policies.check(viewer, permission, &resource(w.tx(), id.as_str(), &holder)?)?;
    let (_, item) = state.evidence.get(place).cloned().ok_or(Refusal::NotFound)?;
    match w.unseal(&item)? {
        Unsealed::Bytes(bytes) => Ok((bytes, vec![item])),
        Unsealed::Erased => Err(Refusal::NotFound),
    }
}
