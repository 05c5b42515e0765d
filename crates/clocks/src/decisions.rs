//! What people decide about a clock: to extend it, to waive it, to replace it.
//!
//! A decision has a ground and a person, and it counts only as far as the profile allows. Where
//! several were made, the one decided last counts; ties are settled by their content, so that the
//! order of arrival changes nothing.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A clock was waived or superseded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// When it was decided.
    pub decided: Timestamp,
    /// Why: for a waiver, one of the duty's `unless` grounds.
    pub ground: String,
    /// Who decided.
    pub person: String,
}

/// A clock was extended.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// When it was decided.
    pub decided: Timestamp,
    /// Until when. There is no extension without an end.
    pub until: Timestamp,
    /// Why: one of the duty's `delay` grounds.
    pub ground: String,
    /// Who decided.
    pub person: String,
}
