//! What witnesses add to checkpoints: c2sp.org/tlog-witness and -cosignature.
//!
//! A witness cosigns a checkpoint when it continues every one that the witness cosigned before, and says at
//! what time. Whoever trusts it knows that this log had its entries by then, and that nobody, we included,
//! can slip in one of last year.

use super::read::StoredNodes;
use super::{Error, Writer, latest_checkpoint};
use jiff::Timestamp;
use merkle::VerifierKey;
use std::fmt::Write;
use storage::{Tx, params};

/// The latest checkpoint, where this witness has not cosigned it: its size and its note.
pub(crate) fn to_cosign(tx: &mut Tx<'_>, witness: &VerifierKey) -> Result<Option<(u64, String)>, Error> {
    let Some((size, note)) = latest_checkpoint(tx)? else { return Ok(None) };
    let sql = "SELECT 1 FROM cosignatures WHERE size = $1 AND witness = $2";
    let is_done = tx.query_opt(sql, params![size, witness.to_string()])?.is_some();
    Ok((!is_done).then_some((size.cast_unsigned(), note)))
}

/// What a witness is sent that has seen `old` entries of the log: the checkpoint, and the proof that it
/// continues those.
pub(crate) fn request(tx: &mut Tx<'_>, size: u64, note: &str, old: u64) -> Result<String, Error> {
    let mut text = format!("old {old}\n");
    if 0 < old && old < size {
        for hash in merkle::consistency(old, size, &mut StoredNodes(tx))? {
            let _ = writeln!(text, "{hash}");
        }
    }
    Ok(text + "\n" + note)
}

/// Keeps a witness's cosignature of a checkpoint, if that is what it answered.
pub(crate) fn cosigned(
    w: &mut Writer<'_, '_>,
    size: u64,
    witness: &VerifierKey,
    answer: &str,
) -> Result<bool, Error> {
    let size = size.cast_signed();
    let row = w.tx().query_opt("SELECT note FROM checkpoints WHERE size = $1", params![size])?;
    let Some(row) = row else { return Ok(false) };
    let note: String = row.get(0)?;
    let Some(line) = answer.lines().find(|line| holds(&note, line, witness)) else { return Ok(false) };
    let sql = "INSERT INTO cosignatures (size, witness, line) VALUES ($1, $2, $3)
               ON CONFLICT (size, witness) DO NOTHING";
    w.tx().execute(sql, params![size, witness.to_string(), line])?;
    Ok(true)
}

/// Whether a line is the witness's cosignature of a checkpoint.
pub(super) fn holds(note: &str, line: &str, witness: &VerifierKey) -> bool {
    let found = merkle::cosignatures(&format!("{note}{line}\n"), std::slice::from_ref(witness));
    found.is_ok_and(|found| !found.is_empty())
}

/// How many checkpoints back a better cosigned one is preferred to the latest.
const BACK: i64 = 60;

/// The checkpoint to show to others, over more than `seq` entries: the one with the most cosignatures among
/// the latest, with them. Witnesses take some seconds, and a receipt without them proves less.
pub(crate) fn shown_checkpoint(tx: &mut Tx<'_>, seq: i64) -> Result<Option<(i64, String)>, Error> {
    let sql = "SELECT c.size, c.note,
                   (SELECT CAST(COUNT(*) AS BIGINT) FROM cosignatures s WHERE s.size = c.size)
               FROM checkpoints c WHERE c.size > $1 ORDER BY c.size DESC LIMIT $2";
    let mut best: Option<(i64, String, i64)> = None;
    for row in tx.query(sql, params![seq, BACK])? {
        let (size, note, count): (i64, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if best.as_ref().is_none_or(|(.., most)| count > *most) {
            best = Some((size, note, count));
        }
    }
    let Some((size, mut note, _)) = best else { return Ok(None) };
    for row in tx.query("SELECT line FROM cosignatures WHERE size = $1 ORDER BY witness", params![size])? {
        note += &row.get::<String>(0)?;
        note.push('\n');
    }
    Ok(Some((size, note)))
}

/// The latest checkpoint that a witness cosigned: its size, and when, by the witness's clock.
pub(crate) fn last_cosigned(
    tx: &mut Tx<'_>,
    witness: &VerifierKey,
) -> Result<Option<(i64, Timestamp)>, Error> {
    let sql = "SELECT c.size, c.note, s.line FROM cosignatures s JOIN checkpoints c ON c.size = s.size
               WHERE s.witness = $1 ORDER BY s.size DESC LIMIT 1";
    let Some(row) = tx.query_opt(sql, params![witness.to_string()])? else { return Ok(None) };
    let note = format!("{}{}\n", row.get::<String>(1)?, row.get::<String>(2)?);
    let found = merkle::cosignatures(&note, std::slice::from_ref(witness))?;
    let at = found.first().and_then(|found| Timestamp::from_second(found.at.cast_signed()).ok());
    at.map(|at| Ok((row.get(0)?, at))).transpose()
}
