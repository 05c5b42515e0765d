//! The desk, the case for each kind of participant, and what they can do there.

mod actions;
mod case;
mod classify;
mod desk;
mod exploit;
mod grade;
mod history;
mod load;
mod reads;
mod vendor;

pub(crate) use actions::{
    accept_report, case_state, close, decide_embargo, erase, fix, grade as grade_case, invite, leave, merge,
    message, move_report, my_leave, my_message, my_propose, my_terms, propose, statement, terms,
};
pub(crate) use case::{case, my_case};
pub(crate) use classify::classify;
pub(crate) use desk::desk;
pub(crate) use exploit::exploit;
pub(super) use load::{View, open as open_view};
pub(crate) use reads::{SeenRead, all_reads, my_reads, reads};
pub(super) use reads::{own_subjects, rows as read_rows, subjects as read_subjects};
pub(crate) use vendor::vendor_cases;
