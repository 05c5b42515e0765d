//! What guidance, or the law of a part of the jurisdiction, adds to a duty.
//!
//! An overlay is a row of its own, `aev.not@ie-guidance`, beside the row of the law, which it never
//! touches. It can ask for more, never for less: where its date would be later than that of the law,
//! the law's counts there too.

use jiff::civil::Date;
use serde::Deserialize;

use crate::anchors::{AnchorRef, DutyId};
use crate::duration::Due;
use crate::duty::Duty;
use crate::parse::toml_date_option;
use crate::profile::Profile;
use crate::terms::{Status, Verified};

/// An addition to one duty.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overlay {
    /// The name within the profile.
    pub id: String,
    /// Where it holds: two capital letters, or `any`.
    pub jurisdiction: String,
    /// Whether it is law; guidance is not.
    pub binding: bool,
    /// The duty that it is laid upon.
    pub duty: DutyId,
    /// What the time is counted from.
    pub anchor: AnchorRef,
    /// How long it may take.
    pub due: Due,
    /// Whether in force.
    #[serde(default = "in_force")]
    pub status: Status,
    /// The first day in force.
    #[serde(default, deserialize_with = "toml_date_option")]
    pub in_force_from: Option<Date>,
    /// The last day in force.
    #[serde(default, deserialize_with = "toml_date_option")]
    pub in_force_to: Option<Date>,
    /// What else a reader should know.
    pub note: Option<String>,
    /// Where it was read.
    pub source: String,
    /// How it was checked.
    pub verified: Verified,
}

fn in_force() -> Status {
    Status::InForce
}

impl Profile {
    /// The duty as an overlay would have it.
    pub(crate) fn laid_out(&self, overlay: &Overlay) -> Option<Duty> {
        let duty = self.duty(overlay.duty.as_str())?;
        Some(Duty {
            anchor: overlay.anchor.clone(),
            due: overlay.due.clone(),
            due_text: None,
            due_second: None,
            relief: None,
            window: None,
            soft: !overlay.binding,
            note: overlay.note.clone(),
            source: overlay.source.clone(),
            verified: overlay.verified,
            ..duty.clone()
        })
    }
}
