//! Facts that start and stop clocks, and what people decide about them. Pure; the arithmetic is in
//! the crate `clocks`.

mod assess;
mod event;
pub(crate) mod ladder;
mod profiles;
mod state;

#[cfg(test)]
mod tests;

pub(crate) use assess::{assess, is_owed, is_prompt};
pub(crate) use event::{ClockEvent, Debtor, Told, ToldEvent};
pub(crate) use state::Clocks;
