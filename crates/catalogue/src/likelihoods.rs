//! What EPSS says of the records here, for those who search or sort by it.
//!
//! EPSS gives nearly every vulnerability another score each day. In the search index each of them would cost
//! writing its record again. An index of SQLite over the scores would be written anew each day as well, and a
//! search for low scores would still bring hundreds of thousands of rows to be looked up in the search index one
//! by one. So the scores stand in memory, eight bytes a record, read in one pass by whoever asks first after a
//! day of scores came in; of records that came in since, only theirs are read. A hit is then held against them
//! where it is found.

use super::rules::billionths;
use super::store::{self, Error};
use rusqlite::Connection;
use std::sync::{Arc, Mutex, PoisonError};

/// From where on hits are counted by how likely they are to be exploited, the highest first. FIRST ("Probability,
/// Percentiles, and Binning") advises against words such as high, and shows that nearly all stay below 0.1.
pub const LIKELY: [f64; 3] = [0.5, 0.1, 0.01];

/// The scores of all records, by their rows, in billionths.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Likelihoods(Vec<Scores>);

/// What EPSS says of one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Scores {
    probability: u32,
    percentile: u32,
}

/// No score: as a number it is more than one can be.
const NONE: u32 = u32::MAX;

impl Likelihoods {
    /// How likely a record is to be exploited, in billionths.
    pub(super) fn probability(&self, row: u64) -> Option<i64> {
        self.of(row).map(|scores| scores.probability.into())
    }

    /// The share of vulnerabilities that score no higher, in billionths.
    pub(super) fn percentile(&self, row: u64) -> Option<i64> {
        self.of(row).map(|scores| scores.percentile.into())
    }

    fn of(&self, row: u64) -> Option<Scores> {
        self.0.get(usize::try_from(row).ok()?).copied().filter(|scores| scores.probability != NONE)
    }

    /// Forgets what is known of a record.
    fn forget(&mut self, row: i64) {
        if let Some(known) = usize::try_from(row).ok().and_then(|row| self.0.get_mut(row)) {
            known.probability = NONE;
        }
    }

    /// Sets the scores of a record; of one with several ids, the highest count.
    pub(super) fn set(&mut self, row: i64, probability: f64, percentile: f64) {
        let Ok(row) = usize::try_from(row) else { return };
        if row >= self.0.len() {
            self.0.resize(row + 1, Scores { probability: NONE, percentile: NONE });
        }
        let new = Scores { probability: billionths(probability), percentile: billionths(percentile) };
        if let Some(known) = self.0.get_mut(row)
            && (known.probability == NONE || known.probability < new.probability)
        {
            *known = new;
        }
    }
}

/// Changes of records after which only theirs are read: more are read faster with all others.
const CHANGES_MAX: i64 = 5_000;

/// The scores as they were read last.
#[derive(Default)]
pub(super) struct Held(Mutex<Option<(store::OfScores, Arc<Likelihoods>)>>);

impl Held {
    /// The scores as they are now. Who asks while they are read waits for them.
    pub(super) fn get(&self, db: &Connection) -> Result<Arc<Likelihoods>, Error> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = store::state_of_scores(db)?;
        if let Some((state, known)) = held.as_ref()
            && *state == now
        {
            return Ok(known.clone());
        }
        let read = match held.as_ref() {
            Some((before, known)) if before.1 == now.1 && (0..CHANGES_MAX).contains(&(now.0 - before.0)) => {
                let mut read = Likelihoods::clone(known);
                let changed = store::scores_since(db, before.0)?;
                changed.iter().for_each(|(row, _)| read.forget(*row));
                for (row, scores) in changed {
                    scores.into_iter().for_each(|[score, percentile]| read.set(row, score, percentile));
                }
                read
            }
            _ => {
                let mut read = Likelihoods::default();
                store::each_score(db, &mut |row, score, percentile| read.set(row, score, percentile))?;
                read
            }
        };
        let read = Arc::new(read);
        *held = Some((now, read.clone()));
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_stay_what_they_were_and_the_highest_counts() {
        let mut all = Likelihoods::default();
        all.set(3, 0.00042, 0.1);
        all.set(3, 0.94321, 0.99);
        all.set(3, 0.5, 0.9);
        all.set(5, 0.0, 0.0);
        assert_eq!((all.probability(3), all.percentile(3)), (Some(943_210_000), Some(990_000_000)));
        assert_eq!((all.probability(5), all.probability(4), all.probability(9)), (Some(0), None, None));
    }
}
