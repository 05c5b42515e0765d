//! What is counted of one route: answers by class of status, and their time.

use axum::http::StatusCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Classes of status, 1xx to 5xx.
const CLASSES: usize = 5;

/// Counters that never go back while the program runs.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    by_class: [AtomicU64; CLASSES],
    micros: AtomicU64,
}

impl Requests {
    /// Those of one route, for as long as the program runs. If those who use them were counted, each request would write
    /// to one place more that every processor writes to.
    pub(crate) fn of_route() -> &'static Self {
        Box::leak(Box::default())
    }

    /// Counts an answer.
    pub(crate) fn answered(&self, status: StatusCode, took: Duration) {
        let class = usize::from(status.as_u16() / 100).saturating_sub(1);
        if let Some(count) = self.by_class.get(class) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }

    /// How many answers, from 1xx to 5xx.
    pub(crate) fn by_class(&self) -> [u64; CLASSES] {
        self.by_class.each_ref().map(|count| count.load(Ordering::Relaxed))
    }

    pub(crate) fn total(&self) -> u64 {
        self.by_class().iter().sum()
    }

    /// The time of all of them, in microseconds.
    pub(crate) fn micros(&self) -> u64 {
        self.micros.load(Ordering::Relaxed)
    }
}
