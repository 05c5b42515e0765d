//! Where records came from, and what becomes of those that are gone from there.

use super::super::entry;
use super::super::pack::{pack, pack_both};
use super::super::rules;
use super::super::rules::Source;
use super::Error;
use super::page::both;
use super::write::{rate_others, set_tombstone, touch, unmark_exploited};
use jiff::Timestamp;
use rusqlite::{Connection, Row, Transaction, params};
use std::path::Path;

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

/// Where a record lies in a folder, with the hash of the document there.
pub(crate) struct Lies {
    pub(crate) file: String,
    row: i64,
    pub(crate) hash: [u8; 32],
}

/// The records of a folder; of some of its files, where they are named, and of what is packed in those.
pub(crate) fn files_of<'a>(
    db: &Connection,
    root: i64,
    among: Option<impl Iterator<Item = &'a str>>,
) -> Result<Vec<Lies>, Error> {
    let lies = |row: &Row<'_>| Ok(Lies { file: row.get(0)?, row: row.get(1)?, hash: row.get(2)? });
    let Some(files) = among else {
        let mut all = db.prepare("SELECT file, row, hash FROM origins WHERE root = ?1")?;
        return Ok(all.query_map(params![root], lies)?.collect::<Result<_, _>>()?);
    };
    // What lies in an archive is called "ARCHIVE: FILE", which no other file sorts between.
    let sql = "SELECT file, row, hash FROM origins WHERE root = ?1 AND file = ?2
               UNION ALL
               SELECT file, row, hash FROM origins WHERE root = ?1 AND file >= ?2 || ': ' AND file < ?2 || ':!'";
    let (mut some, mut found) = (db.prepare(sql)?, Vec::new());
    for file in files {
        for one in some.query_map(params![root, file], lies)? {
            found.push(one?);
        }
    }
    Ok(found)
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

/// Withdraws the records that are lost from a folder, because their files are no longer there, nor in an
/// archive there, or because a list does not have them any more; unless most are lost: then somebody gave the
/// wrong folder, or half a copy.
pub(crate) fn sweep(
    tx: &Transaction<'_>,
    (root, path): (i64, &str),
    lost: Vec<Lies>,
    import: i64,
    at: Timestamp,
) -> Result<Gone, Error> {
    if lost.is_empty() {
        return Ok(Gone::default());
    }
    let sql = "SELECT COUNT(*) FROM origins WHERE root = ?1";
    let known: i64 = tx.prepare_cached(sql)?.query_row(params![root], |row| row.get(0))?;
    let mut gone = Gone { known: known as usize, files: lost.len(), records: 0 };
    if is_too_much(gone.files, gone.known) {
        return Ok(gone);
    }
    for Lies { file, row, .. } in lost {
        tx.prepare_cached("DELETE FROM origins WHERE root = ?1 AND file = ?2 AND row = ?3")?
            .execute(params![root, file, row])?;
        let lies_elsewhere =
            tx.prepare_cached("SELECT 1 FROM origins WHERE row = ?1")?.exists(params![row])?;
        if !lies_elsewhere && bury(tx, row, path, import, at)? {
            gone.records += 1;
        }
    }
    Ok(gone)
}

/// Everything at once, or more than half of more than a few.
pub(crate) fn is_too_much(files: usize, known: usize) -> bool {
    files > 1 && (files == known || (files > 10 && files * 2 > known))
}

/// Why a record no longer stands. It is told to everybody, and where a file lies on this machine is nobody's
/// business.
pub(super) fn gone_from(path: &str) -> String {
    let name = Path::new(path).file_name().map_or(path.into(), |name| name.to_string_lossy());
    format!("{GONE}{}", rules::clip(&name, 300))
}

/// How such a reason begins.
pub(super) const GONE: &str = "deleted at its source: no longer in ";

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
    let reason = gone_from(path);
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
    rate_others(tx, &key)?;
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
