//! The rules of need-to-know. Pure: `now` is an argument, and the ladders are data.

mod act;
mod admission;
mod decide;
mod event;
mod ladder;
mod ladders;
mod personal;
mod reminders;
mod retention;
mod state;
mod table;

#[cfg(test)]
mod tests;

pub(crate) use act::Act;
pub(in crate::vetting) use act::{clearance, instant};
pub(in crate::vetting) use admission::admissions;
pub(in crate::vetting) use decide::*;
pub(crate) use event::{Assessment, Clearance, Function, Outcome, RegisterEvent};
pub(in crate::vetting) use ladder::LADDER_BYTES_MAX;
#[cfg(test)]
pub(crate) use ladder::SHIPPED;
pub(crate) use ladder::{Ladder, Ladders, check as check_ladder};
pub(in crate::vetting) use ladders::{choose, ladders};
pub(crate) use personal::OwnAct;
pub(in crate::vetting) use personal::*;
pub(in crate::vetting) use reminders::{current, next_reminder, reminders};
pub(in crate::vetting) use retention::{conflict, kept};
pub(crate) use state::{Classification, Entry, Lasting};
pub(in crate::vetting) use table::{COLUMNS, Line, lines as table_lines};
