//! The editor for coordinators, the shared draft for participants, and the pages of the public.

mod actions;
mod document;
mod editor;
mod files;
pub(in crate::advisories) mod form;
mod load;
mod public;

pub(crate) use actions::{approve, publish, save, share};
pub(crate) use editor::{advisory as draft, my_advisory};
pub(crate) use files::{csaf, cve, documents, osv};
pub(crate) use load::draft_for;
pub(super) use load::{View, addressed, open as open_view, publisher};
pub(crate) use public::{advisory, list};
