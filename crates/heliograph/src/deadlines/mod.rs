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
pub(crate) use rules::{ClockEvent, Debtor};
pub(crate) use store::{Clock, Counts, counts, of, record};

use crate::ledger::View;

pub(crate) const VIEW: View = View { tables: &["deadlines"], apply: store::apply };
