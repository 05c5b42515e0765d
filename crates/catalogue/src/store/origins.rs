//! Where records came from, and what becomes of those that are gone from there.

use super::super::entry;
use super::super::pack::{pack, pack_both};
use super::super::rules;
use super::super::rules::Source;
use super::Error;
use super::page::both;
use super::write::{set_tombstone, touch, unmark_exploited};
use jiff::Timestamp;
use rusqlite::{Connection, Transaction, params};

/// A record that is deleted at its source.
pub(super) const DELETED: i64 = 3;

/// The number of a folder.
pub(crate) fn root(tx: &Transaction<'_>, path: &str) -> Result<i64, Error> {
    tx.prepare_cached("INSERT INTO roots (path) VALUES (?1) ON CONFLICT DO NOTHING")?
        .execute(params![path])?;
    Ok(tx
        .prepare_cached("SELECT id FROM roots WHERE path = ?1")?
        .query_row(params![path], |row| row.get(0))?)
}

/// The files of a folder with the hashes of the documents in them.
pub(crate) fn files_of(db: &Connection, root: i64) -> Result<Vec<(String, [u8; 32])>, Error> {
    let mut statement = db.prepare("SELECT file, hash FROM origins WHERE root = ?1")?;
    let files = statement
        .query_map(params![root], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    Ok(files)
}

/// Writes down that a record lies in a file of a folder, with the hash of the document there.
pub(crate) fn put_origin(
    tx: &Transaction<'_>,
    root: i64,
    file: &str,
    row: i64,
    hash: &[u8; 32],
) -> Result<(), Error> {
    let sql = "INSERT OR REPLACE INTO origins (root, file, row, hash) VALUES (?1, ?2, ?3, ?4)";
    tx.prepare_cached(sql)?.execute(params![root, file, row, hash])?;
    Ok(())
}

/// What became of the records of files that are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Gone {
    /// Files of the folder that were known.
    pub(crate) known: usize,
    /// Files that are gone.
    pub(crate) files: usize,
    /// Records that were withdrawn for it: no other file holds them.
    pub(crate) records: u64,
}

/// Withdraws the records of files that are no longer in a folder or archive, and of entries that are no
/// longer in a list, unless most of them are gone: then
/// somebody gave the wrong folder, or half a copy.
pub(crate) fn sweep(
    tx: &Transaction<'_>,
    root: i64,
    path: &str,
    is_there: &dyn Fn(&str, &[u8; 32]) -> bool,
    import: i64,
    at: Timestamp,
) -> Result<Gone, Error> {
    let mut statement = tx.prepare("SELECT file, row, hash FROM origins WHERE root = ?1")?;
    let known: Vec<(String, i64, [u8; 32])> = statement
        .query_map(params![root], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    let lost: Vec<_> = known.iter().filter(|(file, _, hash)| !is_there(file, hash)).collect();
    let mut gone = Gone { known: known.len(), files: lost.len(), records: 0 };
    if is_too_much(gone.files, gone.known) {
        return Ok(gone);
    }
    for (file, row, _) in lost {
        tx.prepare_cached("DELETE FROM origins WHERE root = ?1 AND file = ?2 AND row = ?3")?
            .execute(params![root, file, row])?;
        let lies_elsewhere =
            tx.prepare_cached("SELECT 1 FROM origins WHERE row = ?1")?.exists(params![row])?;
        if !lies_elsewhere && bury(tx, *row, path, import, at)? {
            gone.records += 1;
        }
    }
    Ok(gone)
}

/// Everything at once, or more than half of more than a few.
pub(crate) fn is_too_much(files: usize, known: usize) -> bool {
    files > 1 && (files == known || (files > 10 && files * 2 > known))
}

/// Withdraws a record whose source deleted it. It stays, and says why.
fn bury(tx: &Transaction<'_>, row: i64, path: &str, import: i64, at: Timestamp) -> Result<bool, Error> {
    let sql = "SELECT r.hash, r.kind, b.answer, b.packed, r.source, r.key FROM records r JOIN bodies b ON b.row = r.row
               WHERE r.row = ?1 AND r.state = 0";
    let mut statement = tx.prepare_cached(sql)?;
    let mut rows = statement.query(params![row])?;
    let Some(found) = rows.next()? else { return Ok(false) };
    let (old, kind): (Vec<u8>, i64) = (found.get(0)?, found.get(1)?);
    let kept = both(tx, found, 2)?;
    let (source, key): (i64, String) = (found.get(4)?, found.get(5)?);
    let reason = format!("deleted at its source: no longer in {}", rules::clip(path, 300));
    let answer = rules::tombstone(kept.answer(), &reason, at);
    let document = kept.into_document();
    let body = pack_both(&answer, &document)?;
    let (micros, hash) = (at.as_microsecond(), entry::hash(&answer));
    let sql = "UPDATE bodies SET answer = ?2, packed = ?3 WHERE row = ?1";
    tx.prepare_cached(sql)?.execute(params![row, body.answer, body.bytes])?;
    let sql = "UPDATE records SET state = ?2, withdrawn = ?3, modified = ?3, hash = ?4, last_import = ?5 WHERE row = ?1";
    tx.prepare_cached(sql)?.execute(params![row, DELETED, micros, hash, import])?;
    touch(tx, row)?;
    set_tombstone(tx, row, &reason)?;
    if source == Source::Kev.number() {
        unmark_exploited(tx, &key)?;
    }
    let sql = "INSERT INTO history (row, at, import, old, new, fields, kind, document)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    tx.prepare_cached(sql)?.execute(params![
        row,
        micros,
        import,
        old,
        hash,
        reason,
        kind,
        pack(&document)?
    ])?;
    Ok(true)
}
