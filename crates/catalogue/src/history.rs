//! What happened to records, each change with what differs.

use super::rules::{self, Difference, Event};
use super::store::{self, Happened, Happening, Stored};
use super::{Catalogue, Change, Error, Source, Summary};
use formats::record::Record;
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
            let among = among(db, asked)?;
            let (found, total) = store::happenings(db, Source::Cve, asked, among.as_ref(), offset, limit)?;
            let told = found.into_iter().map(|happening| {
                let Some(change) = &happening.change else { return Ok((happening, Vec::new())) };
                let (old, new) = around(db, &happening.record, change.id)?;
                let event = rules::event(&old, &new);
                Ok((Happening { event, ..happening }, rules::differences(&old, &new)))
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

/// A record before and after a change.
fn around(db: &Connection, record: &Summary, change: i64) -> Result<(Record, Record), Error> {
    Ok((store::replaced(db, record, change)?.read()?, store::replacing(db, record, change)?.read()?))
}

/// The changes of an event, where one is asked for that only the documents tell.
fn among(db: &Connection, asked: &Happened) -> Result<Option<store::Among>, Error> {
    let Some(wanted) = asked.event.filter(|event| *event != Event::CameIn) else { return Ok(None) };
    let are_left_out = wanted == Event::Changed;
    let mut numbers = Vec::new();
    for (record, change) in store::turns(db, Source::Cve, asked)? {
        let (old, new) = around(db, &record, change)?;
        if (rules::event(&old, &new) == wanted) != are_left_out {
            numbers.push(change);
        }
    }
    Ok(Some(store::Among { numbers, are_left_out }))
}
