//! Coordinated vulnerability disclosure: the Vultron machines, embargo rules, SSVC tables. Pure.
//!
//! Nothing here reads a clock, draws a random number or does I/O: `now` is an argument, and every
//! function turns values into values. Start with [`embargo`], which is what a case works with;
//! the machines below it ([`rm`], [`em`], [`pec`], [`cs`]) are the published ones, move for move.
//!
//! Sources: the Vultron protocol documents (CERTCC/Vultron, state of 2026-08-21) for the machines,
//! messages and embargo rules, and the SSVC decision tables (CERTCC/SSVC, state of 2026-07-20).
//! Where a source contradicts itself, the place that had to choose says so.
#![warn(missing_docs)]

#[macro_use]
mod worded;

pub mod cs;
pub mod em;
pub mod embargo;
pub mod history;
pub mod interaction;
pub mod messages;
pub mod participant;
pub mod pec;
pub mod rm;
pub mod ssvc;
