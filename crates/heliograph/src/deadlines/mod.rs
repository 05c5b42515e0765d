//! Statutory and policy clocks: the facts that start and stop them, and what follows.
//!
//! Every clock names its debtor and stands on an anchor with evidence. Facts belong to a subject (a
//! report or a case) and a debtor; the pure crate `clocks` turns them into deadlines. A filing with
//! an authority never touches the clock for telling a vendor: they are different facts.

mod rules;
mod store;

pub(crate) mod api;
pub(crate) mod pages;

#[cfg(test)]
mod tests;

pub(crate) use pages::{Point, picture};
pub(crate) use rules::{ClockEvent, Debtor, Entry, calendar};
pub(crate) use store::own::{choose_profiles, load_profiles, note_profiles, read_profile};
pub(crate) use store::{
    COUNT_MAX, Clock, Counts, Whose, capped, close_unpublished, counts, double, due_within_an_hour, escalate,
    first_page, is_somebody_to_be_told, keep_alone, last_drill, merge, notices, of, record, sample,
    undecided,
};

use crate::ledger::View;

pub(crate) const VIEW: View = View {
    tables: &["deadlines", "escalations", "notices", "subjects", "conflicts", "drills"],
    apply: store::apply,
    settle: store::settle,
};
