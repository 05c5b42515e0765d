//! What is due, why this date, and what people do about it.

mod acts;
mod conflicts;
mod crowd;
mod drills;
mod feed;
pub(in crate::deadlines) mod filing;
mod history;
mod list;
mod month;
mod picture;
mod reasons;
mod subject;
mod tables;

pub(crate) use acts::{decide_conflict, declare, extend, state_fact, take_over, told_of_delay, waive};
pub(crate) use drills::{drills, end_drill, start_drill};
pub(crate) use feed::feed;
pub(crate) use filing::{filing, save, submit};
pub(crate) use list::{deadlines, export};
pub(crate) use picture::{Point, picture};
pub(crate) use subject::explain;
pub(crate) use tables::{clock_table, told, undecided};

use super::store::Clock;
use crate::refusal::Refusal;
use std::collections::HashMap;

/// Names of organisations by id.
pub(crate) fn organisation_names(tx: &mut storage::Tx<'_>) -> Result<HashMap<String, String>, Refusal> {
    let all = crate::people::organisations(tx)?;
    Ok(all.into_iter().map(|found| (found.id.to_string(), found.name)).collect())
}

/// Where the page of a subject says why a clock has its date.
fn why(clock: &Clock) -> String {
    let Clock { place, debtor, profile, duty, regarding, .. } = clock;
    format!("{place}#{}", mark(debtor, profile, duty, regarding))
}

/// The mark of a clock on that page.
fn mark(debtor: &str, profile: &str, duty: &str, vendor: &str) -> String {
    let parts = [debtor, profile, duty, vendor];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}
