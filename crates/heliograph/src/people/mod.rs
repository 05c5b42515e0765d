//! Organisations: vendors and others who take part in cases. Their people are accounts (`access`).

mod rules;
mod store;

pub(crate) mod api;
pub(crate) mod pages;

#[cfg(test)]
mod tests;

pub(crate) use rules::Mandate;
pub(crate) use store::{Organisation, add, organisation, organisations};

use crate::ledger::View;

pub(crate) const VIEW: View =
    View { tables: &["organisations"], apply: store::apply, settle: View::NOTHING_TO_SETTLE };
