//! Signed heads of the tree, and the proofs that lead to them.
//!
//! A checkpoint is signed inside the write transaction, whose lock orders all nodes, so two nodes
//! never sign two histories. Checkpoints come at a fixed interval, not with each entry: their times
//! would otherwise say when somebody worked on what.

use super::read::{self, StoredNodes};
use super::{Error, Writer, shown_checkpoint};
use merkle::{Checkpoint, Hash};
use storage::{Tx, params};

/// Signs the tree as it stands, if it grew since the last checkpoint.
pub(crate) fn sign(writer: &mut Writer<'_, '_>) -> Result<(), Error> {
    let size = read::size(writer.tx())?;
    if let Some((signed, note)) = latest_checkpoint(writer.tx())? {
        if signed == size {
            return Ok(());
        }
        continues(writer, &note, size)?;
    } else if size == 0 {
        return Ok(());
    }
    let root = merkle::root(size.cast_unsigned(), &mut StoredNodes(writer.tx()))?;
    let checkpoint = Checkpoint::new(writer.keys().log().origin(), size.cast_unsigned(), root)?;
    let note = writer.keys().log().sign(&checkpoint)?;
    let sql = "INSERT INTO checkpoints (size, note) VALUES ($1, $2)";
    writer.tx().execute(sql, params![size, note])?;
    Ok(())
}

/// Nothing is signed that does not continue the last checkpoint: two signed histories could never be
/// taken back, and somebody must look first.
fn continues(writer: &mut Writer<'_, '_>, note: &str, size: i64) -> Result<(), Error> {
    let refusal = |reason: &str| Error::Corrupt { seq: size, reason: reason.to_owned() };
    let last = merkle::open(note, &writer.keys().verifier())?;
    if last.size() > size.cast_unsigned() {
        return Err(refusal("its end was cut off: the last checkpoint has more entries"));
    }
    if merkle::root(last.size(), &mut StoredNodes(writer.tx()))? != last.root() {
        return Err(refusal("it does not continue its last checkpoint"));
    }
    Ok(())
}

/// The root of the tree as it was with so many entries.
pub(crate) fn root(tx: &mut Tx<'_>, size: u64) -> Result<Hash, Error> {
    merkle::root(size, &mut StoredNodes(tx))
}

/// The latest checkpoint: its size and its signed note.
pub(crate) fn latest_checkpoint(tx: &mut Tx<'_>) -> Result<Option<(i64, String)>, Error> {
    let row = tx.query_opt("SELECT size, note FROM checkpoints ORDER BY size DESC LIMIT 1", params![])?;
    row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

/// The receipt of an entry: its bytes and salt, and the proof that leads to a signed checkpoint.
/// `None` until a checkpoint covers it, which takes one interval at most.
pub(crate) fn receipt(tx: &mut Tx<'_>, seq: i64) -> Result<Option<String>, Error> {
    let Some((size, note)) = shown_checkpoint(tx, seq)? else { return Ok(None) };
    let Some(row) = tx.query_opt("SELECT salt, canonical FROM events WHERE seq = $1", params![seq])? else {
        return Ok(None);
    };
    let (salt, canonical): ([u8; 32], Vec<u8>) = (row.get(0)?, row.get(1)?);
    let proof = merkle::inclusion(seq.cast_unsigned(), size.cast_unsigned(), &mut StoredNodes(tx))?;
    Ok(Some(merkle::Receipt::new(salt, canonical, seq.cast_unsigned(), proof, note)?.to_text()))
}
