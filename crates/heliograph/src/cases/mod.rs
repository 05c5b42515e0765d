//! Coordination: a case, its participants, embargo, statements, messages and grading.
//!
//! Report management, embargo, consent and case state follow the Vultron machines of the crate `cvd`.

mod rules;
mod store;

pub(crate) mod api;
pub(crate) mod pages;

#[cfg(test)]
mod tests;

pub(crate) use api::whole;
pub(crate) use rules::{Affectedness, Case, ProductStatus, Statement};
pub(crate) use store::{
    Milestones, PublishedAs, expire_embargoes, find, find_as_seen, last_number, milestones, publish,
    purge_exploits, resource, subjects, surviving, took_part,
};

use crate::ledger::View;

pub(crate) const VIEW: View =
    View { tables: &["cases", "participants"], apply: View::NOTHING_TO_APPLY, settle: store::settle };
