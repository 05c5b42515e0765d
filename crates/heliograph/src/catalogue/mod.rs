//! The public database as people and programs meet it: its pages, and the interfaces that others' clients
//! speak. Store, search, import and rules are the crate `catalogue`; the jobs bring it what the journal says.

pub(crate) mod api;
pub(crate) mod pages;
pub(crate) mod sources;

#[cfg(test)]
mod tests;

pub(crate) use api::atom::{Entry as AtomEntry, Feed as AtomFeed};
pub(crate) use pages::{Given, feed_address, inventory, page_of, report, search_address};

use crate::refusal::Refusal;
use catalogue::Error;

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error.is_busy() {
            true => Self::NotYet("The catalogue is busy. Try again in a moment."),
            false => Self::Internal(error.to_string()),
        }
    }
}
