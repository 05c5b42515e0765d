//! The register of accreditations: what somebody else certifies of an organisation or a person, as far as
//! the centre has looked it up with whoever issued it, and which services that permits here.
//!
//! Schemes and their rules are data (the crate `programme`). Whether something holds is decided by the
//! present instant whenever it is asked: what lapsed a second ago permits nothing any more, and no job is
//! needed for it.

mod rules;
mod store;

pub(crate) mod api;
pub(crate) mod pages;

#[cfg(test)]
mod tests;

pub(crate) use pages::standing_of as shown_for;
pub(crate) use rules::Entitled;
pub(crate) use store::{choose_schemes, ends, entitled, look_after};

use crate::ledger::View;

pub(crate) const VIEW: View =
    View { tables: &["accreditations"], apply: View::NOTHING_TO_APPLY, settle: store::settle };
