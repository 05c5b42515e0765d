//! The list of what was erased, kept in a file outside the database and its backups.
//!
//! A backup holds the keys of cases that are erased later. Whoever restores it must make it forget them
//! again, and cannot ask the database that is lost. One line for each compartment: instant, tab, name.

use super::{Error, entry};
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use storage::{Database, params};

/// When each erased compartment was.
pub(crate) type Erased = BTreeMap<String, String>;

/// The list of this node and how far it has followed the journal.
pub(crate) struct ErasureList {
    path: PathBuf,
    known: Erased,
    next: i64,
}

impl ErasureList {
    /// Opens the list, or begins one, and writes down whatever is not in it yet.
    pub(crate) fn open(path: &Path, db: &Database) -> anyhow::Result<Self> {
        let known = if path.exists() { read(path)? } else { Erased::new() };
        let mut list = Self { path: path.to_owned(), known, next: 0 };
        let sql = "SELECT events.seq FROM vault_keys JOIN events
                     ON events.stream = 'vault/' || vault_keys.compartment AND events.version = 1
                   WHERE length(vault_keys.wrapped) = 0";
        let (size, seqs) = db.read(|tx| {
            let size = super::read::size(tx)?;
            let seqs = tx.query(sql, &[])?.iter().map(|row| row.get(0)).collect::<Result<Vec<i64>, _>>()?;
            Ok::<_, Error>((size, seqs))
        })?;
        list.take(db, &seqs)?;
        list.next = size;
        Ok(list)
    }

    /// Writes down what was erased since the last time. After a failure the list is opened anew.
    pub(crate) fn follow(&mut self, db: &Database) -> anyhow::Result<()> {
        let next = self.next;
        let (size, seqs) = db.read(|tx| {
            let size = super::read::size(tx)?;
            let sql = "SELECT seq FROM events WHERE seq >= $1 AND kind = 'vault.erased'";
            let rows = tx.query(sql, params![next])?;
            Ok::<_, Error>((size, rows.iter().map(|row| row.get(0)).collect::<Result<Vec<i64>, _>>()?))
        })?;
        self.take(db, &seqs)?;
        self.next = size;
        Ok(())
    }

    fn take(&mut self, db: &Database, seqs: &[i64]) -> anyhow::Result<()> {
        let before = self.known.len();
        for seq in seqs {
            let entry = db.read(|tx| entry(tx, *seq))?;
            if let Some(compartment) = super::vault::erased_by(&entry) {
                self.known.entry(compartment.to_owned()).or_insert_with(|| entry.at.to_string());
            }
        }
        if self.known.len() > before {
            write(&self.path, &self.known)
                .map_err(|error| anyhow::anyhow!("cannot write {}: {error}", self.path.display()))?;
        }
        Ok(())
    }
}

/// Reads a list.
pub(crate) fn read(path: &Path) -> anyhow::Result<Erased> {
    let text = fs::read_to_string(path)
        .map_err(|error| anyhow::anyhow!("cannot read {}: {error}", path.display()))?;
    let mut erased = Erased::new();
    for (number, line) in text.lines().enumerate() {
        let (at, compartment) = line.split_once('\t').unwrap_or_default();
        let well_formed = at.parse::<jiff::Timestamp>().is_ok() && !compartment.is_empty();
        anyhow::ensure!(
            well_formed,
            "{} line {}: an instant, a tab, and the name of what was erased",
            path.display(),
            number + 1
        );
        erased.insert(compartment.to_owned(), at.to_owned());
    }
    Ok(erased)
}

/// Writes the whole list anew, so that it is there whole at any time.
pub(crate) fn write(path: &Path, erased: &Erased) -> io::Result<()> {
    let draft = path.with_extension("new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    for (compartment, at) in erased {
        writeln!(file, "{at}\t{compartment}")?;
    }
    file.sync_all()?;
    fs::rename(&draft, path)?;
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}
