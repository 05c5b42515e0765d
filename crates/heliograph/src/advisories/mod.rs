//! Publication: a draft of an advisory, its revisions, two persons' approval, and what goes out.
//!
//! A draft is sealed in its case. What is published stands in the journal in clear, and every
//! format is rendered from that one record.

mod rules;
mod store;

pub(crate) mod api;
pub(crate) mod pages;

#[cfg(test)]
pub(crate) mod tests;

pub(crate) use pages::{documents, draft_for};
pub(crate) use store::published_since;

use crate::ledger::View;

pub(crate) const VIEW: View =
    View { tables: &["advisories"], apply: store::apply, settle: View::NOTHING_TO_SETTLE };
