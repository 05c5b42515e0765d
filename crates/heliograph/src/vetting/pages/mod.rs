//! The security officer's pages.

mod cases;
mod exchange;
mod expiries;
mod forms;
mod list;
mod me;
mod person;
mod picture;
mod waiting;

pub(crate) use cases::{classifications, set_classification};
pub(in crate::vetting) use exchange::run;
pub(crate) use exchange::{import, import_form, register_file};
pub(crate) use expiries::expiries;
pub(crate) use list::register;
pub(in crate::vetting) use me::own;
pub(crate) use me::{export, me, own_act, reminder};
pub(crate) use person::{act, person};
pub(crate) use waiting::waiting;

use super::rules::ladders;
use maud::{Markup, html};

/// The purpose of a read of somebody's entry.
pub(super) const LOOKED_AFTER: &str = "look after the register";

/// The places of the register, the one that is shown in bold.
fn places(here: &str) -> Markup {
    let all = [
        ("/vetting", "Register"),
        ("/vetting/cases", "Classified cases"),
        ("/vetting/expiries", "What lapses"),
        ("/vetting/import", "Import and export"),
    ];
    html! {
        p.row { @for (path, word) in all {
            a href=(path) aria-current=[(path == here).then_some("page")] { (word) }
        } }
    }
}

/// Every level of every ladder, as `scheme/level` and in words.
pub(crate) fn levels() -> Vec<(String, String)> {
    let of = |ladder: &'static super::rules::Ladder| {
        ladder.levels.iter().map(move |level| {
            let words = format!("{}: {} ({})", ladder.name, level.name, level.permits);
            (format!("{}/{}", ladder.id, level.id), words)
        })
    };
    ladders().all().flat_map(of).collect()
}

/// A level by its names.
pub(crate) fn level_words(scheme: &str, level: &str) -> String {
    match ladders().get(scheme) {
        Some(ladder) => format!("{}: {}", ladder.name, ladder.level_name(level)),
        None => format!("{scheme}: {level}"),
    }
}
