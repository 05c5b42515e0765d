//! Taking out what may not be public: a document that came in before such documents were refused.

use super::super::pack::{pack_both, unpacked};
use super::super::{entry, public, rules};
use super::origins::DELETED;
use super::read::latest_import;
use super::write::{file_again, rate_others, set_tombstone, touch};
use super::{Error, Form};
use formats::Kind;
use jiff::Timestamp;
use rusqlite::{Transaction, params};

/// Takes out a record with all its earlier texts. Its id stays, withdrawn, so that programs that have it learn of it.
pub(super) fn take_out(tx: &Transaction<'_>, row: i64, form: Form, said: &str) -> Result<(), Error> {
    let (id, key): (String, String) = tx
        .prepare_cached("SELECT id, key FROM records WHERE row = ?1")?
        .query_row(params![row], |row| Ok((row.get(0)?, row.get(1)?)))?;
    // Later than any record that somebody can have fetched from here.
    let at = latest_import(tx)?.unwrap_or(Timestamp::UNIX_EPOCH);
    let reason = format!("taken out, because this database is public and the document is not: {said}");
    let document = bare(form, &id);
    let (record, osv) = entry::again(form, &document, at)
        .map_err(|bad| Error::Stored(format!("{id} cannot be taken out: {}: {}", bad.place, bad.reason)))?;
    let answer = rules::tombstone(&osv, &reason, at);
    let body = pack_both(&answer, &document)?;
    let sql = "UPDATE bodies SET answer = ?2, packed = ?3 WHERE row = ?1";
    tx.prepare_cached(sql)?.execute(params![row, body.answer, body.bytes])?;
    let sql = "UPDATE records SET state = ?2, title = id, published = NULL, modified = ?3, withdrawn = ?3, severity = NULL,
                   rated = NULL, flaws = NULL, exploited = 0, hash = ?4 WHERE row = ?1";
    tx.prepare_cached(sql)?.execute(params![row, DELETED, at.as_microsecond(), entry::hash(&answer)])?;
    tx.prepare_cached("DELETE FROM history WHERE row = ?1")?.execute(params![row])?;
    file_again(tx, row, &rules::names(&record), &[])?;
    set_tombstone(tx, row, &reason)?;
    touch(tx, row)?;
    rate_others(tx, &key)
}

/// The least that its format takes for a document.
fn bare(form: Form, id: &str) -> Vec<u8> {
    let version = if form == Form::Read(Kind::Csaf21) { "2.1" } else { "2.0" };
    let document = serde_json::json!({ "document": { "csaf_version": version, "tracking": { "id": id } } });
    document.to_string().into_bytes()
}

/// Takes out earlier texts that were not public, of records that are today; says how many.
pub(super) fn forget_drafts(tx: &Transaction<'_>) -> Result<usize, Error> {
    let mut hidden: Vec<i64> = Vec::new();
    {
        let mut earlier = tx.prepare("SELECT id, kind, document FROM history WHERE kind IN (?1, ?2)")?;
        let kinds = [Kind::Csaf20, Kind::Csaf21].map(|kind| Form::Read(kind).number());
        let mut rows = earlier.query(params![kinds[0], kinds[1]])?;
        while let Some(row) = rows.next()? {
            let (form, packed): (_, Vec<u8>) = (Form::of_number(row.get(1)?)?, row.get(2)?);
            let document = unpacked(tx, &packed)?;
            let read = entry::again(form, &document, Timestamp::UNIX_EPOCH);
            if read.is_ok_and(|(record, _)| public::restriction(&record).is_some()) {
                hidden.push(row.get(0)?);
            }
        }
    }
    for id in &hidden {
        tx.prepare_cached("DELETE FROM history WHERE id = ?1")?.execute(params![id])?;
    }
    Ok(hidden.len())
}
