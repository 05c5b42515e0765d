//! Coordination: a case, its participants, embargo, statements, messages and grading.
//!
//! Report management, embargo, consent and case state follow the Vultron machines of the crate `cvd`.

mod commands;
mod rules;
mod store;

pub(crate) mod api;
pub(crate) mod pages;

#[cfg(test)]
mod tests;

pub(crate) use commands::{PublishedAs, erase, expire_embargoes, publish, purge_exploits};
pub(crate) use rules::{Affectedness, Case, ProductStatus, Statement, Vendor};
pub(crate) use store::{find, reports_of, resource};

use crate::ledger::View;

pub(crate) const VIEW: View = View { tables: &["cases", "participants"], apply: store::apply };
