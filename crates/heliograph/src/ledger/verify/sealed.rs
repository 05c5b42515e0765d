//! The vault: every item against the commitment in its entry, every key against the master key, every
//! erasure against the journal's word.

use super::entries::Said;
use super::{Outcome, lenient};
use crate::ledger::vault::{self, Unsealed};
use crate::ledger::{Error, Keys};
use std::collections::BTreeSet;
use storage::{Tx, params};

pub(super) fn verify(tx: &mut Tx<'_>, keys: &Keys, said: &Said, outcome: &mut Outcome) -> Result<(), Error> {
    items(tx, keys, said, outcome)?;
    vault_keys(tx, keys, said, outcome)
}

fn items(tx: &mut Tx<'_>, keys: &Keys, said: &Said, outcome: &mut Outcome) -> Result<(), Error> {
    for (id, item) in &said.items {
        outcome.items += 1;
        match vault::open(tx, keys, item) {
            Ok(Unsealed::Bytes(_)) => {}
            Ok(Unsealed::Erased) => outcome.erased_items += 1,
            Err(Error::Seal(reason)) => outcome.add("sealed item", id, reason),
            Err(Error::Storage(error @ storage::Error::Decode { .. })) => {
                outcome.add("sealed item", id, error);
            }
            Err(other) => return Err(other),
        }
    }
    for row in tx.query("SELECT DISTINCT id FROM vault_items ORDER BY id", params![])? {
        let id: String = lenient(&row, 0);
        if !said.items.contains_key(&id) {
            outcome.add("sealed item", id, "no entry of the journal names it");
        }
    }
    Ok(())
}

fn vault_keys(tx: &mut Tx<'_>, keys: &Keys, said: &Said, outcome: &mut Outcome) -> Result<(), Error> {
    let mut seen = BTreeSet::new();
    for row in tx.query("SELECT compartment, wrapped FROM vault_keys ORDER BY compartment", params![])? {
        outcome.vault_keys += 1;
        let (compartment, wrapped): (String, Vec<u8>) = (lenient(&row, 0), lenient(&row, 1));
        let erased = said.erased.contains(&compartment);
        let reason = match (wrapped.is_empty(), erased) {
            (true, true) => None,
            (true, false) => Some("it was destroyed, and no entry of the journal says so"),
            (false, true) => Some("the journal says that it was destroyed, and it is here"),
            (false, false) if vault::unwrap(keys, &compartment, &wrapped).is_some() => None,
            (false, false) => Some("it cannot be unwrapped with this master key"),
        };
        if let Some(reason) = reason {
            outcome.add("vault key", &compartment, reason);
        }
        seen.insert(compartment);
    }
    for compartment in said.erased.difference(&seen) {
        outcome.add("vault key", compartment, "the mark that it was destroyed is missing");
    }
    Ok(())
}
