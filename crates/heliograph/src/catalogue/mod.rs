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

/// Lets everybody else go first for as long as this thread lives, and the threads that it starts: an import takes
/// the time of the processors that nobody wants, and whoever asks meanwhile does not wait for it.
pub(crate) fn stand_back() {
    #[cfg(target_os = "linux")]
    {
        use thread_priority::{
            NormalThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy, set_thread_priority_and_policy,
            thread_native_id,
        };
        let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
        if let Err(error) = set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, idle) {
            tracing::debug!(%error, "an import cannot stand back");
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error.is_busy() {
            true => Self::NotYet("The catalogue is busy. Try again in a moment."),
            false => Self::Internal(error.to_string()),
        }
    }
}
