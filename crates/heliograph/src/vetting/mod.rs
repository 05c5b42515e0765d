//! Need-to-know: who is cleared, by whom and until when; who is a member of a classified case; who was
//! briefed; whom a conflict of interest keeps out. Only outcomes are kept, never what vetting looked at.
//!
//! A classified case is open to those for whom three things hold at once: clearance, membership, briefing.
//! The views hold from when until when that is so, and every access asks them with the present instant,
//! so that it ends the second one of the three does, with no job.

mod door;
mod rules;
mod store;

pub(crate) mod api;
pub(crate) mod pages;

#[cfg(test)]
mod tests;

pub(crate) use door::need;
#[cfg(test)]
pub(crate) use rules::SHIPPED;
pub(crate) use rules::check_ladder;
pub(crate) use store::{
    Eyes, asked_by, asks_of, check_merge, choose_ladders, classify, cleared_of, eyes, look_after, matter,
    may_open, note_ladders, note_parts, open_to, owes_declaration,
};

use crate::ledger::View;

pub(crate) const VIEW: View = View {
    tables: &["register", "clearances", "memberships", "interests", "classified", "admissions", "case_parts"],
    apply: View::NOTHING_TO_APPLY,
    settle: store::settle,
};
