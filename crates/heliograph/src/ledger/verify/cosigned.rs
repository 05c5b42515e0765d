//! Cosignatures: each must hold, under the key that stands beside it, for the checkpoint that it is of.

use super::Outcome;
use crate::ledger::{Error, witness};
use merkle::VerifierKey;
use storage::{Tx, params};

pub(super) fn verify(tx: &mut Tx<'_>, outcome: &mut Outcome) -> Result<(), Error> {
    let sql = "SELECT s.size, s.witness, s.line, c.note FROM cosignatures s
               LEFT JOIN checkpoints c ON c.size = s.size ORDER BY s.size, s.witness";
    for row in tx.query(sql, params![])? {
        let (size, key, line): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let place = format!("of the checkpoint of {size} entries, by {key}");
        let Some(note) = row.get::<Option<String>>(3)? else {
            outcome.add("cosignature", place, "there is no such checkpoint");
            continue;
        };
        match key.parse::<VerifierKey>() {
            Err(error) => outcome.add("cosignature", place, error),
            Ok(key) if !witness::holds(&note, &line, &key) => {
                outcome.add("cosignature", place, "it does not hold under this key");
            }
            Ok(_) => {}
        }
    }
    Ok(())
}
