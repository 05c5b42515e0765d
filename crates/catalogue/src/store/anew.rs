//! Making anew what is made of documents: answers, what records are found by, headlines, severities. An import
//! makes it once and keeps it, so what a newer program makes of them reaches a file when it is opened.

use super::super::entry::{self, Filed, filed};
use super::super::pack::{Both, Packed, Packer};
use super::super::public;
use super::super::rules::{self, Relation, names};
use super::hidden::{forget_drafts, take_out};
use super::origins::{DELETED, GONE, gone_from};
use super::page::both;
use super::write::{file_again, rate_others, set_tombstone, touch};
use super::{Error, Form, Tell};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use std::borrow::Cow;
use std::num::NonZero;

/// Raised whenever something else is made of a document, or others may be kept. It also stands in the tags of
/// answers, so that no cache keeps the old.
pub(super) const MADE: u8 = 6;

/// Records that are held at a time…
const BATCH: usize = 2_000;
/// …unless they come to so many bytes.
const BATCH_BYTES: usize = 64 << 20;
/// Records after which the log says how far it is.
const TOLD_EVERY: usize = 50_000;

/// What was done.
#[derive(Default)]
pub(super) struct Done {
    pub(super) records: usize,
    /// What may not be public: records, and earlier texts of records.
    pub(super) taken_out: usize,
}

/// Whether an older program made what is kept.
pub(super) fn is_due(db: &Connection) -> Result<bool, Error> {
    let mut statement = db.prepare("SELECT value FROM progress WHERE name = 'made'")?;
    let made: Option<i64> = statement.query_row([], |row| row.get(0)).optional()?;
    Ok(made.unwrap_or(0) < i64::from(MADE))
}

/// Writes down that this program made what is kept.
pub(super) fn set_done(tx: &Transaction<'_>) -> Result<(), Error> {
    tx.execute("INSERT OR REPLACE INTO progress (name, value) VALUES ('made', ?1)", params![MADE])?;
    Ok(())
}

/// How many records there are.
pub(crate) fn count(db: &Connection) -> Result<u64, Error> {
    Ok(db.query_row("SELECT COUNT(*) FROM records", [], |row| row.get::<_, i64>(0))?.unsigned_abs())
}

/// Makes all anew, and takes out what may not be public.
pub(super) fn make_all(tx: &Transaction<'_>, tell: Tell<'_>) -> Result<Done, Error> {
    let earlier_texts = forget_drafts(tx)?;
    let mut done = pass(tx, &Packer::new(tx)?, tell)?;
    done.taken_out += earlier_texts;
    // The search index and the files for mirrors follow. Where something was taken out, they begin anew, and so
    // do the dictionaries, which hold pieces of documents.
    if done.taken_out > 0 {
        pass(tx, &Packer::anew(tx)?, tell)?;
        tx.execute_batch("UPDATE progress SET value = random() WHERE name = 'identity'")?;
    }
    let latest = "SELECT row FROM records ORDER BY change DESC LIMIT 1";
    if let Some(row) = tx.query_row(latest, [], |row| row.get(0)).optional()? {
        touch(tx, row)?;
    }
    Ok(done)
}

fn pass(tx: &Transaction<'_>, packer: &Packer, tell: Tell<'_>) -> Result<Done, Error> {
    let (mut done, mut last, all) = (Done::default(), 0, count(tx)?);
    loop {
        let batch = batch(tx, last)?;
        let Some(end) = batch.last() else { return Ok(done) };
        last = end.row;
        for (old, made) in batch.iter().zip(made_of_all(&batch, packer)) {
            match made? {
                Made::Kept(kept) => {
                    packer.keep_made(tx)?;
                    keep(tx, old, &kept)?;
                }
                Made::Hidden(said) => {
                    take_out(tx, old.row, old.form, &said)?;
                    done.taken_out += 1;
                }
            }
        }
        let before = done.records;
        done.records += batch.len();
        tell(done.records as u64, all);
        if before / TOLD_EVERY < done.records / TOLD_EVERY {
            tracing::info!(records = done.records, "made anew so far");
        }
    }
}

/// A record as it was left.
struct Old {
    row: i64,
    key: String,
    form: Form,
    /// When it came in: answers need a date.
    seen: Timestamp,
    /// Why and when, where it was deleted at its source.
    deleted: Option<(String, Timestamp)>,
    both: Both,
}

fn batch(tx: &Transaction<'_>, after: i64) -> Result<Vec<Old>, Error> {
    let sql = "SELECT r.row, r.key, r.kind, i.started, r.state, r.withdrawn, t.reason, b.answer, b.packed
               FROM records r JOIN bodies b ON b.row = r.row LEFT JOIN imports i ON i.id = r.last_import
                   LEFT JOIN tombstones t ON t.row = r.row
               WHERE r.row > ?1 ORDER BY r.row LIMIT ?2";
    let mut statement = tx.prepare_cached(sql)?;
    let mut rows = statement.query(params![after, BATCH as i64])?;
    let (mut all, mut bytes) = (Vec::new(), 0);
    while bytes < BATCH_BYTES
        && let Some(row) = rows.next()?
    {
        let old = old(tx, row)?;
        bytes += old.both.bytes();
        all.push(old);
    }
    Ok(all)
}

fn old(tx: &Transaction<'_>, row: &Row<'_>) -> Result<Old, Error> {
    let at = |micros: Option<i64>| Timestamp::from_microsecond(micros.unwrap_or(0)).unwrap_or_default();
    let is_deleted = row.get::<_, i64>(4)? == DELETED;
    let reason: Option<String> = row.get(6)?;
    let withdrawn = at(row.get(5)?);
    Ok(Old {
        row: row.get(0)?,
        key: row.get(1)?,
        form: Form::of_number(row.get(2)?)?,
        seen: at(row.get(3)?),
        deleted: reason.filter(|_| is_deleted).map(|reason| (reason, withdrawn)),
        both: both(tx, row, 7)?,
    })
}

/// What becomes of a record.
enum Made {
    Kept(Kept),
    /// It may not be public, by its own word.
    Hidden(String),
}

struct Kept {
    body: Packed,
    /// Why it was deleted, if that is told in another way now.
    reason: Option<String>,
    /// None for what an older program read and this one cannot: that stays as it was filed.
    found_by: Option<FoundBy>,
}

struct FoundBy {
    names: Vec<(String, Relation)>,
    packages: Vec<Filed>,
    title: String,
    severity_tenths: Option<i64>,
    flaws: Option<i64>,
}

/// Reading and packing is most of the work, so every processor has a part of it.
fn made_of_all(batch: &[Old], packer: &Packer) -> Vec<Result<Made, Error>> {
    let workers = std::thread::available_parallelism().map_or(1, NonZero::get).min(16);
    let part = |olds: &[Old]| olds.iter().map(|old| made(old, packer)).collect::<Vec<_>>();
    std::thread::scope(|scope| {
        let parts: Vec<_> = batch
            .chunks(batch.len().div_ceil(workers).max(1))
            .map(|olds| scope.spawn(move || part(olds)))
            .collect();
        let failed = || vec![Err(Error::Stored("a record cannot be made anew".to_owned()))];
        parts.into_iter().flat_map(|part| part.join().unwrap_or_else(|_| failed())).collect()
    })
}

fn made(old: &Old, packer: &Packer) -> Result<Made, Error> {
    let document = old.both.document();
    let (record, osv) = match entry::again(old.form, document, old.seen) {
        Ok((record, osv)) => (Some(record), osv),
        Err(_) => (None, Cow::Borrowed(old.both.answer())),
    };
    if let Some((_, said)) = record.as_ref().and_then(public::restriction) {
        return Ok(Made::Hidden(said));
    }
    let (mut answer, mut new_reason) = (osv, None);
    if let Some((reason, at)) = &old.deleted {
        // Up to schema 7 it told where files lie on this machine.
        let reason = reason.strip_prefix(GONE).map_or_else(|| reason.clone(), gone_from);
        answer = Cow::Owned(rules::tombstone(&answer, &reason, *at));
        new_reason = Some(reason);
    }
    let found_by = record.map(|record| {
        let names = names(&record);
        FoundBy {
            flaws: rules::flaws(&record, &names),
            names,
            packages: filed(&record),
            title: rules::headline(&record),
            severity_tenths: rules::severity_tenths(&record.severities),
        }
    });
    Ok(Made::Kept(Kept { body: packer.pack(old.form, &answer, document)?, reason: new_reason, found_by }))
}

fn keep(tx: &Transaction<'_>, old: &Old, kept: &Kept) -> Result<(), Error> {
    let sql = "UPDATE bodies SET answer = ?2, packed = ?3 WHERE row = ?1";
    tx.prepare_cached(sql)?.execute(params![old.row, kept.body.answer, kept.body.bytes])?;
    if let (Some((before, _)), Some(now)) = (&old.deleted, &kept.reason)
        && before != now
    {
        set_tombstone(tx, old.row, now)?;
        let sql = "UPDATE history SET fields = ?3 WHERE row = ?1 AND fields = ?2";
        tx.prepare_cached(sql)?.execute(params![old.row, before, now])?;
    }
    let Some(found_by) = &kept.found_by else { return Ok(()) };
    file_again(tx, old.row, &found_by.names, &found_by.packages)?;
    let sql = "UPDATE records SET title = ?2, severity = ?3, flaws = ?4
         WHERE row = ?1 AND (title <> ?2 OR severity IS NOT ?3 OR flaws IS NOT ?4)";
    let told = params![old.row, found_by.title, found_by.severity_tenths, found_by.flaws];
    if tx.prepare_cached(sql)?.execute(told)? > 0 {
        touch(tx, old.row)?;
        rate_others(tx, &old.key)?;
    }
    Ok(())
}
