//! Intake: a report is received, acknowledged with a receipt, followed by its reporter, and
//! accepted into a case, declined, or marked as a duplicate.

mod rules;
mod store;

pub(crate) mod api;
pub(crate) mod pages;

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use rules::Contact;
pub(crate) use rules::{NewReport, ReportText};
pub(crate) use store::claim::claimed;
pub(crate) use store::lists::{Row, Waiting, waiting, waiting_count};
pub(crate) use store::rows::last_number;
pub(crate) use store::sealed::{erase, proof_of_concept, purge_exploit, text_of};
pub(crate) use store::triage::{accept, mark_published, move_to};
pub(crate) use store::whereabouts::whereabouts;
pub(crate) use store::{numbers, received};

use crate::ledger::View;

pub(crate) const VIEW: View =
    View { tables: &["reports"], apply: store::rows::apply, settle: View::NOTHING_TO_SETTLE };
