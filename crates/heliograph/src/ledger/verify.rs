//! Verifies everything: entries, tree, checkpoints, sealed items, views. Whatever was altered, a
//! single bit included, is named.

use super::vault::{self, Item, Unsealed};
use super::views::{self, View};
use super::{Error, Keys, Recorded};
use merkle::Frontier;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use storage::{Row, Tx, params};

/// Something that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    /// `entry`, `tree`, `checkpoint`, `sealed item` or `view`.
    pub(crate) what: &'static str,
    /// Which one.
    pub(crate) place: String,
    /// What is wrong with it.
    pub(crate) reason: String,
}

/// What was looked at, and what was found.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Outcome {
    pub(crate) entries: u64,
    pub(crate) checkpoints: u64,
    pub(crate) items: u64,
    pub(crate) erased_items: u64,
    pub(crate) view_rows: u64,
    pub(crate) findings: Vec<Finding>,
}

impl Outcome {
    fn add(&mut self, what: &'static str, place: impl ToString, reason: impl ToString) {
        self.findings.push(Finding { what, place: place.to_string(), reason: reason.to_string() });
    }
}

/// Verifies the whole journal over one consistent state.
pub(crate) fn verify(tx: &mut Tx<'_>, keys: &Keys, views: &[View]) -> Result<Outcome, Error> {
    let mut outcome = Outcome::default();
    let mut walk = Walk { checkpoints: checkpoints(tx)?, ..Walk::default() };
    walk.entries(tx, keys, &mut outcome)?;
    walk.ends(tx, &mut outcome)?;
    sealed_items(tx, keys, &walk.items, &mut outcome)?;
    if outcome.findings.iter().any(|finding| finding.what == "entry") {
        outcome.add("view", "all", "not compared: they follow from entries that are damaged");
    } else {
        compare_views(tx, views, &mut outcome)?;
    }
    Ok(outcome)
}

fn checkpoints(tx: &mut Tx<'_>) -> Result<BTreeMap<i64, String>, Error> {
    let rows = tx.query("SELECT size, note FROM checkpoints", params![])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// One pass over the entries, growing the tree beside them.
struct Walk {
    frontier: Frontier,
    versions: HashMap<String, i64>,
    checkpoints: BTreeMap<i64, String>,
    items: BTreeMap<String, Item>,
    nodes: i64,
}

impl Default for Walk {
    fn default() -> Self {
        Self {
            frontier: Frontier::empty(),
            versions: HashMap::new(),
            checkpoints: BTreeMap::new(),
            items: BTreeMap::new(),
            nodes: 0,
        }
    }
}

impl Walk {
    fn entries(&mut self, tx: &mut Tx<'_>, keys: &Keys, outcome: &mut Outcome) -> Result<(), Error> {
        let mut next = 0;
        loop {
            let sql = "SELECT seq, stream, version, kind, canonical, salt, commitment FROM events
                       WHERE seq >= $1 ORDER BY seq LIMIT 1000";
            let rows = tx.query(sql, params![next])?;
            let Some(last) = rows.last() else { return Ok(()) };
            let first = next;
            next = last.get::<i64>(0)? + 1;
            let stored = stored_nodes(tx, first, next)?;
            for row in &rows {
                self.entry(row, &stored, outcome)?;
                self.checkpoint(keys, outcome);
            }
        }
    }

    fn entry(
        &mut self,
        row: &Row,
        stored: &HashMap<(i64, i64), [u8; 32]>,
        outcome: &mut Outcome,
    ) -> Result<(), Error> {
        let (seq, canonical): (i64, Vec<u8>) = (row.get(0)?, row.get(4)?);
        let (salt, written): (Vec<u8>, Vec<u8>) = (row.get(5)?, row.get(6)?);
        let place = format!("entry {seq}");
        outcome.entries += 1;
        let expected = self.frontier.size().cast_signed();
        if seq != expected {
            outcome.add("entry", &place, format!("expected entry {expected}: one is missing before it"));
        }
        let salt: [u8; 32] = salt.try_into().unwrap_or_default();
        let commitment = merkle::commitment(&salt, &canonical);
        if written != commitment {
            outcome.add("entry", &place, "its bytes or salt do not fit its commitment");
        }
        match Recorded::parse(&canonical) {
            None => outcome.add("entry", &place, "its bytes cannot be read"),
            Some(recorded) => self.contents(row, &recorded, outcome)?,
        }
        for (level, position, hash) in self.frontier.push(merkle::leaf(&commitment))? {
            self.nodes += 1;
            if stored.get(&(level.into(), position.cast_signed())) != Some(&hash.0) {
                let node = format!("node {position} on level {level}");
                outcome.add("tree", node, "the stored hash is not the one that the entries give");
            }
        }
        outcome.findings.truncate(1000);
        Ok(())
    }

    fn contents(&mut self, row: &Row, recorded: &Recorded, outcome: &mut Outcome) -> Result<(), Error> {
        let columns: (i64, String, i64, String) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        let said = (recorded.seq, recorded.stream.clone(), recorded.version, recorded.kind.clone());
        let place = format!("entry {}", columns.0);
        if columns != said {
            outcome.add("entry", &place, "its columns do not say what its bytes say");
        }
        let version = self.versions.entry(recorded.stream.clone()).or_default();
        *version += 1;
        if recorded.version != *version {
            outcome.add("entry", &place, format!("expected version {version} of {}", recorded.stream));
        }
        collect_items(&recorded.body, &mut self.items);
        Ok(())
    }

    fn checkpoint(&mut self, keys: &Keys, outcome: &mut Outcome) {
        let size = self.frontier.size();
        let Some(note) = self.checkpoints.remove(&size.cast_signed()) else { return };
        outcome.checkpoints += 1;
        let place = format!("checkpoint of {size} entries");
        match merkle::open(&note, &keys.verifier()) {
            Err(error) => outcome.add("checkpoint", place, error),
            Ok(checkpoint) if checkpoint.size() != size || checkpoint.root() != self.frontier.root() => {
                outcome.add("checkpoint", place, "it signs another tree than the entries give");
            }
            Ok(_) => {}
        }
    }

    fn ends(&mut self, tx: &mut Tx<'_>, outcome: &mut Outcome) -> Result<(), Error> {
        let size = self.frontier.size();
        for beyond in self.checkpoints.keys() {
            let place = format!("checkpoint of {beyond} entries");
            outcome.add("checkpoint", place, format!("the journal has only {size}: its end was cut off"));
        }
        let row = tx.query_one("SELECT CAST(COUNT(*) AS BIGINT) FROM tree_nodes", params![])?;
        let stored: i64 = row.get(0)?;
        if stored != self.nodes {
            outcome.add("tree", "all nodes", format!("{stored} are stored, the entries give {}", self.nodes));
        }
        Ok(())
    }
}

/// The nodes that entries `first..next` add, as they are stored.
fn stored_nodes(tx: &mut Tx<'_>, first: i64, next: i64) -> Result<HashMap<(i64, i64), [u8; 32]>, Error> {
    let mut found = HashMap::new();
    for level in 0..63 {
        let (from, to) = (first >> level, next >> level);
        if to == 0 {
            break;
        }
        let sql =
            "SELECT position, hash FROM tree_nodes WHERE level = $1 AND position >= $2 AND position < $3";
        for row in tx.query(sql, params![i64::from(level), from, to])? {
            let hash: Vec<u8> = row.get(1)?;
            found.insert((i64::from(level), row.get::<i64>(0)?), hash.try_into().unwrap_or_default());
        }
    }
    Ok(found)
}

/// Every object `{"item", "commitment"}` in an event names something in the vault.
fn collect_items(value: &Value, items: &mut BTreeMap<String, Item>) {
    match value {
        Value::Object(map) => {
            if let Ok(item) = serde_json::from_value::<Item>(value.clone()) {
                items.insert(item.item.clone(), item);
            }
            map.values().for_each(|value| collect_items(value, items));
        }
        Value::Array(values) => values.iter().for_each(|value| collect_items(value, items)),
        _ => {}
    }
}

fn sealed_items(
    tx: &mut Tx<'_>,
    keys: &Keys,
    items: &BTreeMap<String, Item>,
    outcome: &mut Outcome,
) -> Result<(), Error> {
    for (id, item) in items {
        outcome.items += 1;
        match vault::open(tx, keys, item) {
            Ok(Unsealed::Bytes(_)) => {}
            Ok(Unsealed::Erased) => outcome.erased_items += 1,
            Err(Error::Seal(reason)) => outcome.add("sealed item", id, reason),
            Err(other) => return Err(other),
        }
    }
    for row in tx.query("SELECT DISTINCT id FROM vault_items ORDER BY id", params![])? {
        let id: String = row.get(0)?;
        if !items.contains_key(&id) {
            outcome.add("sealed item", id, "no entry of the journal names it");
        }
    }
    Ok(())
}

/// Rebuilds the views beside the real ones and compares row by row.
fn compare_views(tx: &mut Tx<'_>, views: &[View], outcome: &mut Outcome) -> Result<(), Error> {
    let tables: Vec<&str> = views.iter().flat_map(|view| view.tables).copied().collect();
    for table in &tables {
        tx.shadow(table)?;
    }
    views::replay(tx, views)?;
    for table in tables {
        let columns = tx.columns(table)?;
        let list = columns.join(", ");
        let (kept, made) = (tx.original(table), format!("SELECT {list} FROM {table}"));
        let kept = rows(tx, &format!("SELECT {list} FROM {kept}"))?;
        let made = rows(tx, &made)?;
        outcome.view_rows += kept.len() as u64;
        for row in kept.difference(&made) {
            outcome.add("view", format!("{table}: {row}"), "the journal does not say this");
        }
        for row in made.difference(&kept) {
            outcome.add("view", format!("{table}: {row}"), "the journal says this; the view does not");
        }
    }
    Ok(())
}

fn rows(tx: &mut Tx<'_>, sql: &str) -> Result<BTreeSet<String>, Error> {
    Ok(tx.query(sql, params![])?.iter().map(|row| format!("{:?}", row.values())).collect())
}
