//! One thing that happened to a report or a case, as one viewer may see it: drawn on a page, or
//! handed to a program.

use super::{Moment, Shown, timeline};
use jiff::Timestamp;
use maud::{Markup, html};

/// One thing that happened, as this viewer may see it.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Happened {
    /// When, RFC 3339.
    #[schema(value_type = String)]
    pub(crate) at: Timestamp,
    /// Its entry in the journal.
    pub(crate) entry: i64,
    /// The kind of that entry, such as `case.message_sent`.
    pub(crate) kind: String,
    /// What happened, for people.
    pub(crate) words: String,
    /// What was sealed with it; empty where nothing was, or nothing for this viewer.
    pub(crate) text: String,
    /// Whether it happened since whoever looks was last here.
    #[serde(skip)]
    pub(crate) is_new: bool,
}

/// All that happened, newest first.
pub(crate) fn story(shown: &Shown, all: &[Happened]) -> Markup {
    let moment = |one: &Happened| Moment {
        at: one.at,
        who: String::new(),
        is_new: one.is_new,
        what: html! { (one.words) @if !one.text.is_empty() { p.text.sheet { (one.text) } } },
    };
    timeline(shown, &all.iter().map(moment).collect::<Vec<_>>())
}
