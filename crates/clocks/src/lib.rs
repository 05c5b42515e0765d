//! Regulation profiles and facts in, deadlines with their reasons out. Pure.
//!
//! A [`Profile`] is a law or a policy written as data: who owes what to whom, counted from which
//! event. [`Facts`] are what is known of one case. [`evaluate()`] puts the two together for a given
//! instant and answers with one [`Assessment`] per duty (and per vendor, where a duty is owed to
//! each): its [`State`], its deadline if it has one, and the reasoning in words.
//!
//! What the engine promises:
//!
//! - A clock whose anchor has no recorded time has no date. Nothing is invented.
//! - A duty without a fixed time ("immediately", "without undue delay") is never overdue.
//! - Scope that nobody declared gives a conditional sentence, never an overdue clock.
//! - Telling the vendor is satisfied by telling the vendor. A filing with an authority is kept in
//!   another place, which the clock for telling the vendor never reads.
//! - A profile that breaks what the centre stands for can be read and compared, never activated
//!   (see [`Forbidden`]).
//!
//! How periods are counted stands in [`Period`]. Nothing here does I/O or reads a clock; `now` is
//! an argument, and the time zones are compiled in.
#![warn(missing_docs)]

mod anchors;
mod calendar;
mod conflicts;
mod decisions;
mod duration;
mod evaluate;
mod explain;
mod facts;
pub mod filing;
mod forbidden;
mod instants;
mod parse;
mod place;
mod profile;
mod scope;
mod state;
mod terms;
mod validate;

pub use anchors::{AnchorName, AnchorRef, DutyId, UnknownWord};
pub use calendar::Zone;
pub use conflicts::{Conflict, conflicts};
pub use decisions::{Decision, Extension};
pub use duration::{Due, Period, Prompt};
pub use evaluate::evaluate;
pub use facts::{Attribute, Facts, VendorFacts};
pub use forbidden::Forbidden;
pub use instants::Anchor;
pub use parse::ProfileError;
pub use profile::{
    Awareness, Delay, DelayLimit, DelayNotice, Duty, FieldList, Merit, MetBy, Profile, Prohibition,
    PublicationRule, Reading, Recipient, Retention, Trigger,
};
pub use state::{Assessment, State, next_change, progress};
pub use terms::{Audience, Direction, Kind, Mandate, Matter, MeritCounts, Mode, Per, Role, Status, Verified};

/// The profiles that come with the program: identifier and TOML text.
pub fn builtin() -> &'static [(&'static str, &'static str)] {
    &[
        ("centre", include_str!("../../../profiles/centre.toml")),
        ("cra-art14", include_str!("../../../profiles/cra-art14.toml")),
        ("rmsv-2021", include_str!("../../../profiles/rmsv-2021.toml")),
    ]
}
