//! An advisory on its way, as its events say.

use super::event::AdvisoryEvent;
use crate::ledger::{Actor, Item, Recorded, State};
use formats::Advisory;
use jiff::Timestamp;
use std::collections::{BTreeSet, HashMap};
use vocabulary::AccountId;

/// A saved draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Draft {
    /// 1, 2, 3, … by saving.
    pub(crate) revision: u32,
    /// The advisory as JSON, sealed.
    pub(crate) item: Item,
    /// SHA-256 of its canonical bytes, in hexadecimal digits.
    pub(crate) hash: String,
    /// Who saved it.
    pub(crate) author: Option<AccountId>,
    pub(crate) at: Timestamp,
}

/// One person's word for the latest draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Approval {
    pub(crate) account: AccountId,
    pub(crate) at: Timestamp,
}

/// What the public has.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Published {
    /// The draft that went out.
    pub(crate) revision: u32,
    /// The journal's entry.
    pub(crate) seq: i64,
    pub(crate) at: Timestamp,
    pub(crate) advisory: Advisory,
}

/// An advisory on its way.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Publishing {
    pub(crate) latest: Option<Draft>,
    /// The draft that participants read.
    pub(crate) shared: Option<Draft>,
    /// Approvals of the latest draft; there are no others.
    pub(crate) approvals: Vec<Approval>,
    pub(crate) published: Option<Published>,
}

impl Publishing {
    /// The number of the latest draft; 0 before the first.
    pub(crate) fn revision(&self) -> u32 {
        self.latest.as_ref().map_or(0, |draft| draft.revision)
    }

    /// Whether the latest draft is what the public has.
    pub(crate) fn is_out(&self) -> bool {
        self.published.as_ref().is_some_and(|published| published.revision == self.revision())
    }

    /// Whether participants have the latest draft.
    pub(crate) fn is_shared(&self) -> bool {
        self.latest.is_some() && self.shared == self.latest
    }

    /// Where the latest draft stands, in one word for lists.
    pub(crate) fn word(&self) -> &'static str {
        match () {
            () if self.is_out() => "published",
            () if self.approvals.len() > 1 => "approved",
            () if self.approvals.len() == 1 => "half_approved",
            () if self.is_shared() => "shared",
            () => "draft",
        }
    }
}

impl State for Publishing {
    type Event = AdvisoryEvent;

    fn evolve(&mut self, event: &AdvisoryEvent, recorded: &Recorded) {
        let account = match &recorded.actor {
            Actor::Account(id) => Some(id.clone()),
            Actor::Reporter(_) | Actor::System => None,
        };
        match event {
            AdvisoryEvent::Revised { revision, draft, hash } => {
                // An edit voids what was said about the text before it.
                self.approvals.clear();
                self.latest = Some(Draft {
                    revision: *revision,
                    item: draft.clone(),
                    hash: hash.clone(),
                    author: account,
                    at: recorded.at,
                });
            }
            AdvisoryEvent::Shared { .. } => self.shared.clone_from(&self.latest),
            AdvisoryEvent::Approved { hash, .. } => {
                let binds = self.latest.as_ref().is_some_and(|draft| draft.hash == *hash);
                if let Some(account) = account.filter(|_| binds) {
                    self.approvals.push(Approval { account, at: recorded.at });
                }
            }
            AdvisoryEvent::Published { revision, advisory, .. } => {
                self.published = Some(Published {
                    revision: *revision,
                    seq: recorded.seq,
                    at: recorded.at,
                    advisory: (**advisory).clone(),
                });
            }
        }
    }
}

/// The persons behind some approvals, as the register of persons has them now: an account belongs to
/// exactly one. An account that the register does not know counts for nobody.
pub(crate) fn persons(approvals: &[Approval], register: &HashMap<String, String>) -> BTreeSet<String> {
    approvals.iter().filter_map(|approval| register.get(approval.account.as_str()).cloned()).collect()
}
