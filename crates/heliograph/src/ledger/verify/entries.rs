//! One pass over the entries, growing the tree beside them.

use super::super::vault::{self, Item};
use super::{Outcome, lenient};
use crate::ledger::{Break, Error, Keys, Recorded};
use merkle::{Frontier, Hash};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use storage::{Row, Tx, params};

/// Entries read at a time.
const PIECE: i64 = 1000;

/// What the journal says about the vault.
#[derive(Default)]
pub(super) struct Said {
    /// Every item that an entry names.
    pub(super) items: BTreeMap<String, Item>,
    /// Every compartment that was erased.
    pub(super) erased: BTreeSet<String>,
}

pub(super) fn verify(
    tx: &mut Tx<'_>,
    keys: &Keys,
    held: &[String],
    outcome: &mut Outcome,
) -> Result<Said, Error> {
    let mut walk = Walk {
        frontier: Frontier::empty(),
        expected: 0,
        cut_at: None,
        versions: HashMap::new(),
        checkpoints: checkpoints(tx, keys, held, outcome)?,
        said: Said::default(),
    };
    let mut from = i64::MIN;
    loop {
        let sql = "SELECT seq, stream, version, kind, canonical, salt, commitment FROM events
                   WHERE seq >= $1 ORDER BY seq LIMIT $2";
        let rows = tx.query(sql, params![from, PIECE])?;
        let Some(last) = rows.last() else { break };
        from = last.get::<i64>(0)?.saturating_add(1);
        let stored = stored_nodes(tx, walk.expected, from)?;
        for row in &rows {
            walk.entry(row, &stored, keys, outcome)?;
        }
    }
    walk.ends(tx, outcome)?;
    outcome.size = walk.frontier.size();
    outcome.root = walk.frontier.root().to_string();
    Ok(walk.said)
}

/// Signed notes by the size that they are for.
type Notes = BTreeMap<i64, Vec<String>>;

fn checkpoints(tx: &mut Tx<'_>, keys: &Keys, held: &[String], outcome: &mut Outcome) -> Result<Notes, Error> {
    let mut notes = Notes::new();
    for row in tx.query("SELECT size, note FROM checkpoints", params![])? {
        notes.entry(lenient(&row, 0)).or_default().push(lenient(&row, 1));
    }
    for note in held {
        match merkle::open(note, &keys.verifier()) {
            Ok(checkpoint) => {
                notes.entry(checkpoint.size().cast_signed()).or_default().push(note.clone());
            }
            Err(error) => outcome.add("checkpoint", "the one held elsewhere", error),
        }
    }
    Ok(notes)
}

struct Walk {
    frontier: Frontier,
    /// The next entry in the order.
    expected: i64,
    /// The first entry of which neither row nor leaf is left: no tree can be made beyond it.
    cut_at: Option<i64>,
    versions: HashMap<String, i64>,
    /// Those not met yet.
    checkpoints: Notes,
    said: Said,
}

/// What an entry's leaf is by its bytes, and by the commitment beside them.
struct Leaf {
    by_bytes: Hash,
    by_commitment: Hash,
}

/// Stored hashes by level and position.
type Stored = HashMap<(i64, i64), Vec<u8>>;

impl Walk {
    fn entry(&mut self, row: &Row, stored: &Stored, keys: &Keys, outcome: &mut Outcome) -> Result<(), Error> {
        let seq: i64 = row.get(0)?;
        outcome.entries += 1;
        if seq < self.expected {
            outcome.add("entry", format!("entry {seq}"), "it has no place in the order, which begins at 0");
            return Ok(());
        }
        self.missing(seq, stored, keys, outcome)?;
        self.expected = seq + 1;
        let leaf = self.judged(row, keys, outcome);
        let as_stored = |leaf: &Hash| stored.get(&(0, seq)).is_some_and(|bytes| *bytes == leaf.0);
        // Bytes, commitment and stored leaf say the same thing three times. Where one of them was
        // altered it is named, and the tree goes on with what the other two say.
        let leaf = if as_stored(&leaf.by_bytes) { leaf.by_bytes } else { leaf.by_commitment };
        self.grow(leaf, stored, keys, outcome)
    }

    /// Entries that are not there. Where their leaves still are, the tree goes on over them.
    fn missing(
        &mut self,
        next: i64,
        stored: &Stored,
        keys: &Keys,
        outcome: &mut Outcome,
    ) -> Result<(), Error> {
        match next - self.expected {
            0 => return Ok(()),
            1 => outcome.add("entry", format!("entry {}", self.expected), "it is missing"),
            _ => {
                let place = format!("entries {} to {}", self.expected, next - 1);
                outcome.add("entry", place, "they are missing");
            }
        }
        for seq in self.expected..next {
            let leaf: Option<[u8; 32]> =
                stored.get(&(0, seq)).and_then(|hash| hash.as_slice().try_into().ok());
            let Some(leaf) = leaf else {
                self.cut_at = self.cut_at.or(Some(seq));
                break;
            };
            self.grow(Hash(leaf), stored, keys, outcome)?;
        }
        Ok(())
    }

    /// Judges an entry by itself, and gives the leaf that it should have.
    fn judged(&mut self, row: &Row, keys: &Keys, outcome: &mut Outcome) -> Leaf {
        let (canonical, written): (Vec<u8>, Vec<u8>) = (lenient(row, 4), lenient(row, 6));
        let salt: [u8; 32] = lenient::<Vec<u8>>(row, 5).try_into().unwrap_or_default();
        let commitment = merkle::commitment(&salt, &canonical);
        if written == commitment {
            self.contents(row, &canonical, keys, outcome);
        } else {
            let place = format!("entry {}", lenient::<i64>(row, 0));
            outcome.add("entry", place, "its bytes or salt do not fit its commitment");
            // Only the columns are left to say where its stream goes on.
            self.versions.insert(lenient(row, 1), lenient(row, 2));
        }
        // A commitment of another length is no leaf of any tree.
        let written: [u8; 32] = written.try_into().unwrap_or_default();
        Leaf { by_bytes: merkle::leaf(&commitment), by_commitment: merkle::leaf(&written) }
    }

    fn contents(&mut self, row: &Row, canonical: &[u8], keys: &Keys, outcome: &mut Outcome) {
        let seq: i64 = lenient(row, 0);
        let place = format!("entry {seq}");
        let Some(recorded) = Recorded::parse(canonical).filter(|entry| entry.canonical() == canonical) else {
            outcome.add("entry", &place, "its bytes are not those of an entry");
            return;
        };
        let columns: (i64, String, i64, String) = (seq, lenient(row, 1), lenient(row, 2), lenient(row, 3));
        if columns != (recorded.seq, recorded.stream.clone(), recorded.version, recorded.kind.clone()) {
            outcome.add("entry", &place, "its columns do not say what its bytes say");
        }
        let version = self.versions.entry(recorded.stream.clone()).or_default();
        if recorded.version != *version + 1 {
            let after = format!("it is version {} of its stream, after {version}", recorded.version);
            outcome.add("entry", &place, after);
        }
        *version = recorded.version;
        match Break::said_by(&recorded, &keys.verifier()) {
            Some(Ok(found)) => outcome.breaks.push(found),
            Some(Err(error)) => {
                outcome.add("entry", &place, format!("the checkpoint that it quotes: {error}"))
            }
            None => {}
        }
        self.said.erased.extend(vault::erased_by(&recorded).map(str::to_owned));
        collect_items(recorded.body, &mut self.said.items);
    }

    /// Adds a leaf and judges the stored nodes that come with it, and the checkpoint of this size.
    fn grow(&mut self, leaf: Hash, stored: &Stored, keys: &Keys, outcome: &mut Outcome) -> Result<(), Error> {
        if self.cut_at.is_some() {
            return Ok(());
        }
        for (level, position, hash) in self.frontier.push(leaf)? {
            let reason = match stored.get(&(level.into(), position.cast_signed())) {
                None => "it is missing",
                Some(bytes) if *bytes != hash.0 => "it is not the hash that the entries give",
                Some(_) => continue,
            };
            outcome.add("tree", node(level.into(), position.cast_signed()), reason);
        }
        let size = self.frontier.size();
        for note in self.checkpoints.remove(&size.cast_signed()).unwrap_or_default() {
            outcome.checkpoints += 1;
            let place = checkpoint_place(size.cast_signed());
            match merkle::open(&note, &keys.verifier()) {
                Err(error) => outcome.add("checkpoint", place, error),
                Ok(signed) if signed.size() != size || signed.root() != self.frontier.root() => {
                    let lost = outcome.breaks.iter().find(|found| found.lost(size)).map(Break::reason);
                    let other = || "it signs another tree than the entries give".to_owned();
                    outcome.add("checkpoint", place, lost.unwrap_or_else(other));
                }
                Ok(_) => {}
            }
        }
        Ok(())
    }

    /// What is left over when all entries were seen.
    fn ends(&self, tx: &mut Tx<'_>, outcome: &mut Outcome) -> Result<(), Error> {
        outcome.checkpoints += self.checkpoints.len() as u64;
        let breaks = outcome.breaks.clone();
        let lost = |size: i64| breaks.iter().find(|it| it.lost(size.cast_unsigned())).map(Break::reason);
        for size in self.checkpoints.keys() {
            let reason = match self.cut_at {
                _ if *size < 1 => "no tree has this size".to_owned(),
                Some(seq) => format!("not compared: no tree can be made without entry {seq}"),
                None if lost(*size).is_some() => lost(*size).unwrap_or_default(),
                None => format!("there are only {} entries: the end was cut off", self.expected),
            };
            outcome.add("checkpoint", checkpoint_place(*size), reason);
        }
        if let Some(seq) = self.cut_at {
            let place = format!("from entry {seq} on");
            outcome.add("tree", place, "not compared: neither the entry nor its leaf is there");
            return Ok(());
        }
        for (level, position) in nodes_beyond(tx, self.expected)? {
            outcome.add("tree", node(level, position), "no entry gives it");
        }
        Ok(())
    }
}

fn node(level: i64, position: i64) -> String {
    match level {
        0 => format!("leaf of entry {position}"),
        _ => format!("node {position} on level {level}"),
    }
}

fn checkpoint_place(size: i64) -> String {
    format!("checkpoint of {size} entries")
}

/// The nodes that entries `first..next` add, as they are stored.
fn stored_nodes(tx: &mut Tx<'_>, first: i64, next: i64) -> Result<Stored, Error> {
    let mut found = HashMap::new();
    for level in 0..63 {
        let (from, to) = (first >> level, next >> level);
        if to <= 0 {
            break;
        }
        let sql =
            "SELECT position, hash FROM tree_nodes WHERE level = $1 AND position >= $2 AND position < $3";
        for row in tx.query(sql, params![i64::from(level), from, to])? {
            found.insert((i64::from(level), row.get(0)?), lenient(&row, 1));
        }
    }
    Ok(found)
}

/// Nodes that a tree of this size does not have.
fn nodes_beyond(tx: &mut Tx<'_>, size: i64) -> Result<Vec<(i64, i64)>, Error> {
    let mut found = Vec::new();
    let mut take = |sql: &str, parameters: &[storage::Value]| -> Result<(), Error> {
        for row in tx.query(sql, parameters)? {
            found.push((row.get(0)?, row.get(1)?));
        }
        Ok(())
    };
    take("SELECT level, position FROM tree_nodes WHERE level < 0 OR level > 62 LIMIT 1000", params![])?;
    for level in 0..63 {
        let sql = "SELECT level, position FROM tree_nodes
                   WHERE level = $1 AND (position < 0 OR position >= $2) LIMIT 1000";
        take(sql, params![i64::from(level), size >> level])?;
    }
    Ok(found)
}

/// Every object `{"item", "commitment"}` in an event names something in the vault.
fn collect_items(value: Value, items: &mut BTreeMap<String, Item>) {
    match value {
        Value::Object(map) => {
            let text = |name: &str| map.get(name).and_then(Value::as_str).map(str::to_owned);
            if let (Some(item), Some(commitment)) = (text("item"), text("commitment")) {
                items.insert(item.clone(), Item { item, commitment });
            }
            map.into_iter().for_each(|(_, value)| collect_items(value, items));
        }
        Value::Array(values) => values.into_iter().for_each(|value| collect_items(value, items)),
        _ => {}
    }
}
