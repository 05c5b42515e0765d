//! What happened to records, each change with what differs.

use super::rules::{self, Difference};
use super::store::{self, Happened, Happening, Stored};
use super::{Catalogue, Change, Error, Source, Summary};
use jiff::Timestamp;
use rusqlite::Connection;

/// A change to a record, with what differs.
#[derive(Debug, Clone)]
pub struct Chapter {
    /// The record as it is today.
    pub record: Summary,
    /// When, and what brought it.
    pub change: Change,
    /// Field by field.
    pub differences: Vec<Difference>,
    /// Why, where the record says so itself.
    pub reasons: Vec<String>,
}

/// All that happened to the records of one id.
#[derive(Debug, Clone)]
pub struct Story {
    /// The id as its source spells it.
    pub id: String,
    /// Each record with when it came in.
    pub records: Vec<(Summary, Option<Timestamp>)>,
    /// The latest first.
    pub changes: Vec<Chapter>,
}

/// What happened, and what differs since.
pub type WithDifferences = (Happening, Vec<Difference>);

impl Catalogue {
    /// All that happened to the records that have this id or name it as another of theirs.
    pub fn story(&self, id: &str) -> Result<Option<Story>, Error> {
        if rules::wrong_id(id).is_some() {
            return Ok(None);
        }
        self.0.readers.read(|db| {
            let (mut records, mut changes) = (Vec::new(), Vec::new());
            for stored in store::named(db, &rules::key(id))? {
                records.push((stored.summary.clone(), store::first_import(db, stored.summary.row)?));
                let history = store::history(db, stored.summary.row)?;
                // From the last back to the first: each was replaced by the one behind it.
                let mut newer = stored;
                for change in history.into_iter().rev() {
                    let older = store::replaced(db, &newer.summary, change.id)?;
                    changes.push(told(&older, &newer, change)?);
                    newer = older;
                }
            }
            changes.sort_by_key(|told| std::cmp::Reverse(told.change.at));
            let id = records.first().map(|(first, _)| first.id.clone());
            Ok(id.map(|id| Story { id, records, changes }))
        })
    }

    /// What happened to records that came as CVE, the oldest first, and how much there is in all.
    pub fn happenings(
        &self,
        asked: &Happened,
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<WithDifferences>, usize), Error> {
        self.0.readers.read(|db| {
            let (found, total) = store::happenings(db, Source::Cve, asked, offset, limit)?;
            let told = found.into_iter().map(|happening| {
                let differences = match &happening.change {
                    None => Vec::new(),
                    Some(change) => differences(db, &happening.record, change)?,
                };
                Ok((happening, differences))
            });
            Ok((told.collect::<Result<_, Error>>()?, total))
        })
    }
}

fn told(older: &Stored, newer: &Stored, change: Change) -> Result<Chapter, Error> {
    let (old, new) = (older.read()?, newer.read()?);
    let (differences, reasons) = (rules::differences(&old, &new), rules::reasons(&old, &new));
    // The headline is today's: what was there before is told among the differences.
    Ok(Chapter { record: newer.summary.clone(), change, differences, reasons })
}

fn differences(db: &Connection, record: &Summary, change: &Change) -> Result<Vec<Difference>, Error> {
    let old = store::replaced(db, record, change.id)?.read()?;
    let new = store::replacing(db, record, change.id)?.read()?;
    Ok(rules::differences(&old, &new))
}
