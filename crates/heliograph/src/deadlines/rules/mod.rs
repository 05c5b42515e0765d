//! Facts that start and stop clocks, and what people decide about them. Pure; the arithmetic is in
//! the crate `clocks`.

mod acts;
mod assess;
mod conflicts;
mod event;
mod filings;
mod ical;
pub(crate) mod ladder;
mod merge;
mod profiles;
mod state;

#[cfg(test)]
mod tests;

pub(crate) use acts::{
    CLOSED_UNPUBLISHED, Owed, anchor_fits, extension, fact, grounds_by_hand, scope, unpublished, waiver,
};
pub(crate) use assess::{NOTICE, assess, is_owed, is_prompt, is_soft};
pub(crate) use conflicts::{conflicts, keeping, raised};
pub(crate) use event::{ClockEvent, ConflictDecision, Contradiction, Debtor, FilingEvent, Told, ToldEvent};
pub(crate) use filings::{Filing, Filings, form, keep, submit};
pub(crate) use ical::{Entry, calendar};
pub(crate) use merge::along;
pub(crate) use profiles::{choose, field_table, profile, profiles};
pub(crate) use state::{Clocks, is_drill};
