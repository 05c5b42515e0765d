//! What the writer counts of itself: how much waits, how large its batches are, how long they take.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

/// How many commands a batch has, at most, by class; beyond the last is the limit of a batch.
pub(crate) const SIZES: [u64; 4] = [1, 4, 16, 64];

/// How long a batch takes, at most, by class, in milliseconds.
pub(crate) const MILLISECONDS: [u64; 5] = [1, 5, 25, 100, 500];

/// Counters that never go back while the program runs.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    waiting: AtomicI64,
    sizes: Classes<{ SIZES.len() + 1 }>,
    times: Classes<{ MILLISECONDS.len() + 1 }>,
}

/// Counts by class, the last of which is everything above the others, and their sum.
#[derive(Debug)]
pub(crate) struct Classes<const N: usize> {
    counts: [AtomicU64; N],
    sum: AtomicU64,
}

impl<const N: usize> Default for Classes<N> {
    fn default() -> Self {
        Self { counts: std::array::from_fn(|_| AtomicU64::new(0)), sum: AtomicU64::new(0) }
    }
}

impl<const N: usize> Classes<N> {
    fn add(&self, value: u64, class: usize) {
        if let Some(count) = self.counts.get(class) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        self.sum.fetch_add(value, Ordering::Relaxed);
    }

    /// How many fell into each class, and the sum of all.
    pub(crate) fn read(&self) -> ([u64; N], u64) {
        let counts = std::array::from_fn(|i| self.counts.get(i).map_or(0, |it| it.load(Ordering::Relaxed)));
        (counts, self.sum.load(Ordering::Relaxed))
    }
}

impl Meter {
    pub(super) fn sent(&self) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn taken(&self, commands: usize) {
        self.waiting.fetch_sub(i64::try_from(commands).unwrap_or(i64::MAX), Ordering::Relaxed);
    }

    pub(super) fn done(&self, commands: usize, took: Duration) {
        let commands = commands as u64;
        self.sizes.add(commands, class(&SIZES, commands));
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.times.add(micros, class(&MILLISECONDS, micros.div_ceil(1000)));
    }

    /// Commands that wait now.
    pub(crate) fn waiting(&self) -> i64 {
        self.waiting.load(Ordering::Relaxed).max(0)
    }

    /// Batches by the number of their commands.
    pub(crate) fn sizes(&self) -> &Classes<{ SIZES.len() + 1 }> {
        &self.sizes
    }

    /// Batches by their time; the sum is in microseconds.
    pub(crate) fn times(&self) -> &Classes<{ MILLISECONDS.len() + 1 }> {
        &self.times
    }
}

fn class(bounds: &[u64], value: u64) -> usize {
    bounds.iter().position(|bound| value <= *bound).unwrap_or(bounds.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_are_counted_by_size_and_time() {
        let meter = Meter::default();
        (0..5).for_each(|_| meter.sent());
        meter.taken(4);
        meter.done(4, Duration::from_micros(900));
        meter.done(65, Duration::from_millis(26));
        assert_eq!(meter.waiting(), 1);
        assert_eq!(meter.sizes().read(), ([0, 1, 0, 0, 1], 69));
        assert_eq!(meter.times().read(), ([1, 0, 0, 1, 0, 0], 26_900));
    }
}
