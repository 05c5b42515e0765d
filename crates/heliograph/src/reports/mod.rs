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
pub(crate) use store::{
    Row, Waiting, accept, claimed, erase, last_number, mark_published, move_to, numbers, proof_of_concept,
    purge_exploit, received, text_of, waiting, waiting_count, whereabouts,
};

use crate::ledger::View;

pub(crate) const VIEW: View =
    View { tables: &["reports"], apply: store::apply, settle: View::NOTHING_TO_SETTLE };
