//! A whole centre for tests: a fresh database, a clock that stands until it is moved, chance from a
//! seed, and the router called in process. A test reads as a conversation:
//!
//! ```ignore
//! let app = TestApp::new();
//! let desk = app.account(&[Role::Coordinator]);
//! assert_eq!(desk.get("/deadlines").status(), 200);
//! ```
//!
//! Whatever a test did, its journal is verified when it ends, and no table and no log line may hold
//! a text that was sealed (see `watch`).

mod access_matrix;
mod api;
mod app;
pub(crate) mod case;
pub(crate) mod clearance;
mod client;
mod contract;
mod fault_table;
mod golden;
mod list_ends;
mod never_built;
mod old_data;
pub(crate) mod partner;
mod reporter;
mod simulation;
mod watch;

pub(crate) use app::{PASSWORD, TestApp};
pub(crate) use case::InCase;
pub(crate) use client::{Answer, Client};
pub(crate) use golden::old_entries_are_read;
pub(crate) use reporter::{Reported, report_form, report_json};
pub(crate) use watch::{MARK, logged};

/// The text between two marks; panics where there is none, and shows the text.
pub(crate) fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text.split_once(before).map(|(_, rest)| rest);
    let found = rest.and_then(|rest| rest.split_once(after)).map(|(found, _)| found);
    found.unwrap_or_else(|| panic!("nothing between {before:?} and {after:?} in:\n{text}"))
}
