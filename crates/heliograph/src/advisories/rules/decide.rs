//! Decisions about an advisory: state and command in, events or a refusal out.

use super::event::AdvisoryEvent;
use super::release::{blocking, hash, released};
use super::state::{Draft, Publishing, persons};
use crate::refusal::Refusal;
use formats::Advisory;
use formats::advisory::Tlp;
use jiff::Timestamp;
use std::collections::HashMap;
use vocabulary::AccountId;

/// Persons who must approve what goes out (four eyes are two persons, not two accounts).
pub(crate) const EYES: usize = 2;

/// Which draft somebody had before their eyes when they decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) revision: u32,
    pub(crate) hash: String,
}

/// From which draft an edit was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Base {
    /// By its number; 0 before the first.
    Number(u32),
    /// By its hash, or [`NO_DRAFT`]; nothing where the sender does not say.
    Hash(Option<String>),
}

/// Stands where a hash stands, before the first draft.
pub(crate) const NO_DRAFT: &str = "none";

impl Base {
    fn is_latest(&self, state: &Publishing) -> Result<bool, Refusal> {
        let latest = state.latest.as_ref().map_or(NO_DRAFT, |draft| draft.hash.as_str());
        match self {
            Self::Number(number) => Ok(*number == state.revision()),
            Self::Hash(Some(hash)) => Ok(hash == latest),
            Self::Hash(None) if state.latest.is_none() => Ok(true),
            Self::Hash(None) => Err(Refusal::Unconditional(
                "There is a draft already. Read it, and send its ETag as If-Match with what you make of it.",
            )),
        }
    }
}

/// The number of the draft that is to be saved; `None` where nothing changed, so that saving twice
/// costs no approval. `base` is the draft that was edited.
pub(crate) fn revise(state: &Publishing, base: &Base, new_hash: &str) -> Result<Option<u32>, Refusal> {
    let latest = state.revision();
    if state.latest.as_ref().is_some_and(|draft| draft.hash == new_hash) {
        return Ok(None);
    }
    if !base.is_latest(state)? {
        return Err(Refusal::changed(format!(
            "Somebody saved draft {latest} meanwhile; yours was made from another one and is not kept. \
             Open the draft again and repeat your change there."
        )));
    }
    Ok(Some(latest.saturating_add(1)))
}

/// Gives the latest draft to the participants.
pub(crate) fn share(state: &Publishing, revision: u32) -> Result<AdvisoryEvent, Refusal> {
    let draft = drafted(state)?;
    if draft.revision != revision {
        return Err(edited(draft));
    }
    if state.is_shared() {
        return Err(Refusal::conflict(format!("Draft {revision} is with the participants already.")));
    }
    Ok(AdvisoryEvent::Shared { revision })
}

/// Approves exactly these bytes. `register` has the person behind each account.
pub(crate) fn approve(
    state: &Publishing,
    draft: &Advisory,
    order: &Order,
    who: &AccountId,
    register: &HashMap<String, String>,
) -> Result<AdvisoryEvent, Refusal> {
    wanted(state, order)?;
    if state.approvals.iter().any(|approval| approval.account == *who) {
        return Err(Refusal::conflict(
            "You have approved this draft already. Ask a second coordinator to read and approve it.",
        ));
    }
    let me = register.get(who.as_str()).ok_or(Refusal::NotFound)?;
    if persons(&state.approvals, register).contains(me) {
        return Err(Refusal::conflict(
            "You have approved this draft already with another account, and two accounts of one person count \
             as one. Ask a second coordinator to read and approve it.",
        ));
    }
    writable(draft)?;
    Ok(AdvisoryEvent::Approved { revision: order.revision, hash: order.hash.clone() })
}

/// Publishes exactly what two persons approved.
pub(crate) fn publish(
    state: &Publishing,
    draft: Advisory,
    order: &Order,
    register: &HashMap<String, String>,
    now: Timestamp,
) -> Result<AdvisoryEvent, Refusal> {
    wanted(state, order)?;
    if hash(&draft) != order.hash {
        return Err(Refusal::conflict(
            "The stored draft is not what its hash says, so nothing was published. Save the draft again.",
        ));
    }
    match EYES.saturating_sub(persons(&state.approvals, register).len()) {
        0 => {}
        1 => {
            return Err(Refusal::conflict(
                "One approval is missing. Ask a second coordinator to read and approve this draft.",
            ));
        }
        _ => {
            return Err(Refusal::conflict(
                "Nobody has approved this draft yet. Two coordinators must read and approve it.",
            ));
        }
    }
    continues(state, &draft)?;
    let advisory = released(draft, now);
    writable(&advisory)?;
    Ok(AdvisoryEvent::Published {
        revision: order.revision,
        hash: order.hash.clone(),
        advisory: Box::new(advisory),
    })
}

fn drafted(state: &Publishing) -> Result<&Draft, Refusal> {
    state.latest.as_ref().ok_or_else(|| Refusal::conflict("There is no draft yet. Save one first."))
}

fn edited(latest: &Draft) -> Refusal {
    Refusal::changed(format!(
        "This draft was edited meanwhile, which voids approvals. Read draft {} and decide on that.",
        latest.revision
    ))
}

/// The draft that somebody read is the latest, and not out yet.
fn wanted(state: &Publishing, order: &Order) -> Result<(), Refusal> {
    let latest = drafted(state)?;
    if latest.revision != order.revision || latest.hash != order.hash {
        return Err(edited(latest));
    }
    if state.is_out() {
        return Err(Refusal::conflict(
            "This draft is published already. To change what is out, save a new draft.",
        ));
    }
    Ok(())
}

/// An update continues the public history: nothing of it is rewritten, its number grows by one.
fn continues(state: &Publishing, draft: &Advisory) -> Result<(), Refusal> {
    let before = state.published.as_ref().map_or(&[][..], |published| &published.advisory.revisions);
    if draft.revisions.len() == before.len() + 1 && draft.revisions.starts_with(before) {
        return Ok(());
    }
    Err(Refusal::conflict("This draft does not continue what is published. Save it again, then approve it."))
}

/// Nothing leaves that a format cannot say.
fn writable(advisory: &Advisory) -> Result<(), Refusal> {
    if advisory.tlp != Tlp::Clear {
        return Err(Refusal::conflict("Only what is TLP:CLEAR can be published. Save the draft again."));
    }
    let findings = blocking(advisory);
    let Some(first) = findings.first() else { return Ok(()) };
    Err(Refusal::conflict(format!(
        "Something is missing or wrong: {first}{}. Correct the draft, then have it approved.",
        match findings.len() {
            1 => String::new(),
            more => format!(", and {} more", more - 1),
        }
    )))
}
