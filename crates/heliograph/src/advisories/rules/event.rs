//! What happens to an advisory.

use crate::ledger::{Event, Item};
use formats::Advisory;
use serde::{Deserialize, Serialize};

/// What happens to an advisory. `revision` counts the saved drafts; what the public knows as a
/// revision is counted in the advisory itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub(crate) enum AdvisoryEvent {
    /// A draft was saved: the advisory as JSON, sealed in the case's compartment, and the SHA-256
    /// of its canonical bytes.
    #[serde(rename = "advisory.revised")]
    Revised { revision: u32, draft: Item, hash: String },
    /// Participants may read this draft.
    #[serde(rename = "advisory.shared")]
    Shared { revision: u32 },
    /// A person approved exactly these bytes.
    #[serde(rename = "advisory.approved")]
    Approved { revision: u32, hash: String },
    /// It went out: public from this moment, so it stands here in clear. `hash` is what was
    /// approved, which is the advisory without the moment of its release.
    #[serde(rename = "advisory.published")]
    Published { revision: u32, hash: String, advisory: Box<Advisory> },
}

impl Event for AdvisoryEvent {}
