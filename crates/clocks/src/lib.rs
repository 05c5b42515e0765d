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
//! How periods are counted stands in [`Period`], rules over several events in [`Expression`]. Nothing here does I/O or reads a clock; `now` is
//! an argument, and the time zones are compiled in.
#![warn(missing_docs)]

mod anchors;
mod calendar;
mod clauses;
mod conflicts;
mod decisions;
mod duration;
mod duty;
mod evaluate;
mod explain;
mod expression;
mod facts;
mod facts_text;
pub mod filing;
mod forbidden;
mod instants;
mod outcome;
mod overlay;
mod parse;
mod place;
mod profile;
mod profiles;
mod references;
mod resolve;
mod retention;
mod rule;
mod scope;
mod state;
mod terms;
mod validate;

pub use anchors::{AnchorName, AnchorRef, DutyId, UnknownWord};
pub use calendar::Zone;
pub use clauses::{Merit, Prohibition, PublicationRule, Retention};
pub use conflicts::{Conflict, conflicts};
pub use decisions::{Decision, Extension};
pub use duration::{Due, Period, Prompt};
pub use duty::{Delay, DelayLimit, DelayNotice, Duty, MetBy, Relief, Trigger};
pub use evaluate::evaluate;
pub use expression::{Condition, Expression};
pub use facts::{Attribute, Facts, VendorFacts};
pub use facts_text::{FACTS_BYTES_MAX, FactsError};
pub use forbidden::Forbidden;
pub use instants::Anchor;
pub use overlay::Overlay;
pub use parse::{PROFILE_BYTES_MAX, ProfileError};
pub use profile::{Awareness, FieldList, Profile, Reading, Recipient};
pub use profiles::{Profiles, Refused, builtin};
pub use retention::{Keeping, Limit, retention};
pub use state::{Assessment, SecondReading, State, next_change, progress};
pub use terms::{
    Audience, Counting, Direction, Kind, Mandate, Matter, MeritCounts, Mode, Per, ReliefTo, Role, Status,
    Verified,
};
