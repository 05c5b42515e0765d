//! When an advisory may go out, and what stands in its first draft. Pure.

mod decide;
mod event;
mod prefill;
mod release;
mod state;

#[cfg(test)]
mod tests;

pub(super) use decide::{Base, NO_DRAFT, Order, approve, publish, revise, share};
pub(super) use event::AdvisoryEvent;
pub(super) use prefill::{Material, first_draft};
pub(super) use release::{Frame, blocking, cve_is_ours, framed, hash, is_released};
pub(super) use state::{Draft, Published, Publishing, persons};
