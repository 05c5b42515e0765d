//! Verifies everything: entries, tree, checkpoints, sealed items, views. Whatever was altered, a
//! single bit included, is named.
//!
//! Each part is judged by what lies beneath it and is nearest: an entry by its own commitment, the
//! tree by the commitments, a checkpoint by the tree. So one altered bit gives one finding, not a
//! finding for everything above it. What no one can find from the database alone is that its newest
//! entries, together with the checkpoints over them, are gone: for that, hold a checkpoint.

mod cosigned;
mod entries;
mod sealed;
mod view_rows;

use super::{Break, Error, Keys, View};
use serde::Serialize;
use storage::{FromValue, Row, Tx};

/// Something that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    /// `entry`, `tree`, `checkpoint`, `sealed item`, `vault key` or `view`.
    pub(crate) what: &'static str,
    /// Which one.
    pub(crate) place: String,
    /// What is wrong with it.
    pub(crate) reason: String,
}

/// What was looked at, and what was found.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Outcome {
    pub(crate) entries: u64,
    pub(crate) checkpoints: u64,
    pub(crate) items: u64,
    pub(crate) erased_items: u64,
    pub(crate) vault_keys: u64,
    pub(crate) view_rows: u64,
    /// Size and root of the tree that the entries give, as far as they go.
    pub(crate) size: u64,
    pub(crate) root: String,
    /// Where restores broke the log off.
    pub(crate) breaks: Vec<Break>,
    pub(crate) findings: Vec<Finding>,
    /// Findings beyond those listed.
    pub(crate) more_findings: u64,
}

/// Findings kept: a journal that is wholly wrong should not fill the memory with saying so.
const FINDINGS: usize = 1000;

impl Outcome {
    fn add(&mut self, what: &'static str, place: impl ToString, reason: impl ToString) {
        if self.findings.len() < FINDINGS {
            self.findings.push(Finding { what, place: place.to_string(), reason: reason.to_string() });
        } else {
            self.more_findings += 1;
        }
    }
}

/// Verifies the whole journal over one consistent state.
pub(crate) fn verify(tx: &mut Tx<'_>, keys: &Keys, views: &[View]) -> Result<Outcome, Error> {
    verify_since(tx, keys, views, &[])
}

/// The same, and that the journal continues these checkpoints, which somebody held elsewhere.
pub(crate) fn verify_since(
    tx: &mut Tx<'_>,
    keys: &Keys,
    views: &[View],
    held: &[String],
) -> Result<Outcome, Error> {
    let mut outcome = Outcome::default();
    let said = entries::verify(tx, keys, held, &mut outcome)?;
    cosigned::verify(tx, &mut outcome)?;
    sealed::verify(tx, keys, &said, &mut outcome)?;
    if outcome.findings.iter().any(|finding| finding.what == "entry") {
        outcome.add("view", "all", "not compared: they follow from entries, and some are damaged");
    } else {
        view_rows::verify(tx, views, &mut outcome)?;
    }
    Ok(outcome)
}

/// A column's value, or an empty one where it holds another kind: that never fits a commitment, so
/// it is found and named, where an error would end the whole verification.
fn lenient<T: FromValue + Default>(row: &Row, column: usize) -> T {
    row.get(column).unwrap_or_default()
}
