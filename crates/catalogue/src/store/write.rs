//! Keeping records.

use super::super::entry::{Entry, Filed};
use super::super::import::Report;
use super::super::pack::pack;
use super::super::rules::{Relation, Source, changed_fields, replaces};
use super::Error;
use super::origins::DELETED;
use super::page::{Stored, with_document};
use super::read::{SUMMARY, summaries, summary};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use std::collections::HashSet;

/// The number that the next change gets, as SQL.
macro_rules! next_change {
    () => {
        "(SELECT COALESCE(MAX(change), 0) + 1 FROM records)"
    };
}

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was not there before.
    Added,
    /// It replaced another text of itself.
    Changed,
    /// It was there already, to the byte.
    Unchanged,
    /// A newer text of it was there already, and stays.
    Older,
}

/// Keeps a record, by its id and source; gives its row as well.
pub(crate) fn put(
    tx: &Transaction<'_>,
    entry: &Entry,
    import: i64,
    at: Timestamp,
) -> Result<(Outcome, i64), Error> {
    let Known { kept, listed, rated } = known_of(tx, entry)?;
    let exploited = entry.is_exploited || listed;
    let rated = rated.filter(|_| entry.severity_tenths.is_none());
    let outcome = match kept {
        Some(Kept { row, hash, .. }) if hash == entry.hash => return Ok((Outcome::Unchanged, row)),
        Some(Kept { row, hash, modified, state }) => {
            let modified = modified.and_then(|micros| Timestamp::from_microsecond(micros).ok());
            // What was deleted and is there again counts, however old it is.
            if state != DELETED && !replaces(modified, entry.modified) {
                return Ok((Outcome::Older, row));
            }
            let old = stored(tx, row)?;
            update(tx, row, entry, (exploited, rated), import)?;
            file(tx, row, &entry.names, &entry.packages)?;
            match &entry.reason {
                Some(reason) => set_tombstone(tx, row, reason)?,
                None => forget_tombstone(tx, row)?,
            }
            remember(tx, (&old, &hash), (&stored(tx, row)?, &entry.hash), import, at)?;
            (Outcome::Changed, row)
        }
        None => {
            let row = insert(tx, entry, (exploited, rated), import)?;
            file(tx, row, &entry.names, &entry.packages)?;
            if let Some(reason) = &entry.reason {
                set_tombstone(tx, row, reason)?;
            }
            (Outcome::Added, row)
        }
    };
    if entry.severity_tenths.is_some() || outcome.0 == Outcome::Changed {
        rate_others(tx, &entry.key)?;
    }
    if entry.source == Source::Nvd {
        // From now on NVD speaks for this id on its own interface.
        let sql = "SELECT row FROM records WHERE key = ?1 AND source = ?2";
        let cve =
            tx.prepare_cached(sql)?.query_row(params![entry.key, Source::Cve.number()], |row| row.get(0));
        if let Some(row) = cve.optional()? {
            touch(tx, row)?;
        }
    }
    if entry.source == Source::Kev {
        mark_exploited(tx, &entry.key)?;
    } else if exploited {
        // The listing may have stood alone until now.
        let sql = "SELECT row FROM records WHERE key = ?1 AND source = ?2";
        let row =
            tx.prepare_cached(sql)?.query_row(params![entry.key, Source::Kev.number()], |row| row.get(0));
        if let Some(row) = row.optional()? {
            touch(tx, row)?;
        }
    }
    Ok(outcome)
}

/// Writes down why a record no longer stands.
pub(super) fn set_tombstone(tx: &Transaction<'_>, row: i64, reason: &str) -> Result<(), Error> {
    let sql = "INSERT OR REPLACE INTO tombstones (row, reason) VALUES (?1, ?2)";
    tx.prepare_cached(sql)?.execute(params![row, reason])?;
    Ok(())
}

fn forget_tombstone(tx: &Transaction<'_>, row: i64) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM tombstones WHERE row = ?1")?.execute(params![row])?;
    Ok(())
}

/// Takes the mark away from records of a vulnerability whose listing is gone, unless they say so themselves.
pub(super) fn unmark_exploited(tx: &Transaction<'_>, key: &str) -> Result<(), Error> {
    let sql = format!(
        "SELECT DISTINCT {SUMMARY} FROM names n JOIN records r ON r.row = n.row
         WHERE n.key = ?1 AND n.relation <= 1 AND r.exploited = 1 AND r.source <> ?2"
    );
    let marked = {
        let mut statement = tx.prepare_cached(&sql)?;
        summaries(statement.query(params![key, Source::Kev.number()])?)?
    };
    for summary in marked {
        let row = summary.row;
        if with_document(tx, summary)?.read()?.exploited.is_none() {
            tx.prepare_cached("UPDATE records SET exploited = 0 WHERE row = ?1")?.execute(params![row])?;
            touch(tx, row)?;
        }
    }
    Ok(())
}

/// Marks every record of the same vulnerability that is not marked yet.
fn mark_exploited(tx: &Transaction<'_>, key: &str) -> Result<(), Error> {
    let sql = "SELECT DISTINCT r.row FROM names n JOIN records r ON r.row = n.row
               WHERE n.key = ?1 AND n.relation <= 1 AND r.exploited = 0";
    let rows: Vec<i64> =
        tx.prepare_cached(sql)?.query_map(params![key], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for row in rows {
        tx.prepare_cached("UPDATE records SET exploited = 1 WHERE row = ?1")?.execute(params![row])?;
        touch(tx, row)?;
    }
    Ok(())
}

/// Lets the search index look at a record again.
pub(super) fn touch(tx: &Transaction<'_>, row: i64) -> Result<(), Error> {
    let sql = concat!("UPDATE records SET change = ", next_change!(), " WHERE row = ?1");
    tx.prepare_cached(sql)?.execute(params![row])?;
    Ok(())
}

/// Gives the records of a CVE id that have no severity what those have that go by it.
pub(super) fn rate_others(tx: &Transaction<'_>, key: &str) -> Result<(), Error> {
    if !key.starts_with("cve-") {
        return Ok(());
    }
    let rating = "SELECT MAX(o.severity) FROM records o WHERE o.key = ?1 AND o.state = 0";
    let sql = format!(
        "SELECT r.row FROM names n JOIN records r ON r.row = n.row
         WHERE n.key = ?1 AND n.relation <= 1 AND r.severity IS NULL AND r.rated IS NOT ({rating})"
    );
    let rows: Vec<i64> =
        tx.prepare_cached(&sql)?.query_map(params![key], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for row in rows {
        let sql = format!("UPDATE records SET rated = ({rating}) WHERE row = ?2");
        tx.prepare_cached(&sql)?.execute(params![key, row])?;
        touch(tx, row)?;
    }
    Ok(())
}

/// The text of a record that is kept already.
struct Kept {
    row: i64,
    hash: [u8; 32],
    modified: Option<i64>,
    state: i64,
}

/// What is known of a record before it is kept.
#[derive(Default)]
struct Known {
    kept: Option<Kept>,
    /// Whether records of its CVE ids list it as known exploited…
    listed: bool,
    /// …and their highest severity.
    rated: Option<i64>,
}

fn known_of(tx: &Transaction<'_>, entry: &Entry) -> Result<Known, Error> {
    let mut known = Known::default();
    let sql = "SELECT source, severity, state, row, hash, modified FROM records WHERE key = ?1";
    let mut statement = tx.prepare_cached(sql)?;
    let others = entry.names.iter().filter(|(name, relation)| {
        *relation != Relation::Related && name.starts_with("cve-") && *name != entry.key
    });
    for name in std::iter::once(&entry.key).chain(others.map(|(name, _)| name)) {
        let mut rows = statement.query(params![name])?;
        while let Some(row) = rows.next()? {
            let (source, state): (i64, i64) = (row.get(0)?, row.get(2)?);
            if source == entry.source.number() && *name == entry.key {
                let (row, hash, modified) = (row.get(3)?, row.get(4)?, row.get(5)?);
                known.kept = Some(Kept { row, hash, modified, state });
            } else if state == 0 && name.starts_with("cve-") {
                known.listed |= source == Source::Kev.number();
                known.rated = known.rated.max(row.get(1)?);
            }
        }
    }
    Ok(known)
}

fn micros(at: Option<Timestamp>) -> Option<i64> {
    at.map(|at| at.as_microsecond())
}

fn insert(
    tx: &Transaction<'_>,
    entry: &Entry,
    (exploited, rated): (bool, Option<i64>),
    import: i64,
) -> Result<i64, Error> {
    let sql = concat!(
        "INSERT INTO records (source, kind, id, key, title, published, modified, withdrawn, state, severity,
                   exploited, hash, first_import, last_import, rated, flaws, change)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?13, ?14, ?15, ",
        next_change!(),
        ")"
    );
    tx.prepare_cached(sql)?.execute(params![
        entry.source.number(),
        entry.form.number(),
        entry.id,
        entry.key,
        entry.title,
        micros(entry.published),
        micros(entry.modified),
        micros(entry.withdrawn),
        entry.state,
        entry.severity_tenths,
        exploited,
        entry.hash,
        import,
        rated,
        entry.flaws,
    ])?;
    let row = tx.last_insert_rowid();
    let sql = "INSERT INTO bodies (row, answer, packed) VALUES (?1, ?2, ?3)";
    tx.prepare_cached(sql)?.execute(params![row, entry.body.answer, entry.body.bytes])?;
    Ok(row)
}

fn update(
    tx: &Transaction<'_>,
    row: i64,
    entry: &Entry,
    (exploited, rated): (bool, Option<i64>),
    import: i64,
) -> Result<(), Error> {
    let sql = concat!(
        "UPDATE records SET kind = ?2, id = ?3, title = ?4, published = ?5, modified = ?6, withdrawn = ?7,
                   state = ?8, severity = ?9, exploited = ?10, hash = ?11, last_import = ?12,
                   rated = ?13, flaws = ?14, change = ",
        next_change!(),
        " WHERE row = ?1"
    );
    tx.prepare_cached(sql)?.execute(params![
        row,
        entry.form.number(),
        entry.id,
        entry.title,
        micros(entry.published),
        micros(entry.modified),
        micros(entry.withdrawn),
        entry.state,
        entry.severity_tenths,
        exploited,
        entry.hash,
        import,
        rated,
        entry.flaws,
    ])?;
    let sql = "UPDATE bodies SET answer = ?2, packed = ?3 WHERE row = ?1";
    tx.prepare_cached(sql)?.execute(params![row, entry.body.answer, entry.body.bytes])?;
    for sql in DELETE_FILED {
        tx.prepare_cached(sql)?.execute(params![row])?;
    }
    Ok(())
}

/// What is kept under a row.
fn stored(tx: &Transaction<'_>, row: i64) -> Result<Stored, Error> {
    let sql = format!("SELECT {SUMMARY} FROM records r WHERE r.row = ?1");
    let mut statement = tx.prepare_cached(&sql)?;
    let mut rows = statement.query(params![row])?;
    let gone = || Error::Stored(format!("row {row} is gone"));
    with_document(tx, rows.next()?.map(summary).transpose()?.ok_or_else(gone)?)
}

/// Writes down what changed, and keeps what was replaced; each with its hash.
fn remember(
    tx: &Transaction<'_>,
    (old, old_hash): (&Stored, &[u8; 32]),
    (new, new_hash): (&Stored, &[u8; 32]),
    import: i64,
    at: Timestamp,
) -> Result<(), Error> {
    // An old text that a newer program cannot read any more is no reason to refuse the new one.
    let fields = match (old.read(), new.read()) {
        (Ok(was), Ok(is)) => match changed_fields(&was, &is).as_slice() {
            [] => "wording of the document only".to_owned(),
            fields => fields.join(", "),
        },
        _ => "not known".to_owned(),
    };
    let packed = pack(&old.document)?;
    let sql = "INSERT INTO history (row, at, import, old, new, fields, kind, document)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    tx.prepare_cached(sql)?.execute(params![
        old.summary.row,
        at.as_microsecond(),
        import,
        old_hash,
        new_hash,
        fields,
        old.summary.form.number(),
        packed
    ])?;
    Ok(())
}

/// Files a record anew.
pub(super) fn file_again(
    tx: &Transaction<'_>,
    row: i64,
    names: &[(String, Relation)],
    packages: &[Filed],
) -> Result<(), Error> {
    for sql in DELETE_FILED {
        tx.prepare_cached(sql)?.execute(params![row])?;
    }
    file(tx, row, names, packages)
}

/// Takes a record out of all lists that it is found by.
const DELETE_FILED: [&str; 2] = ["DELETE FROM names WHERE row = ?1", "DELETE FROM packages WHERE row = ?1"];

fn file(tx: &Transaction<'_>, row: i64, names: &[(String, Relation)], all: &[Filed]) -> Result<(), Error> {
    let mut insert = tx.prepare_cached("INSERT INTO names (key, relation, row) VALUES (?1, ?2, ?3)")?;
    for (name, relation) in names {
        insert.execute(params![name, *relation as i64, row])?;
    }
    let sql = "INSERT INTO packages (ecosystem, name, row, place, suffix, statement) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let mut packages = tx.prepare_cached(sql)?;
    for filed in all {
        let ecosystem = filed.package.ecosystem.name().to_lowercase();
        let suffix = filed.package.ecosystem.suffix();
        packages.execute(params![ecosystem, filed.package.key, row, filed.place, suffix, filed.statement])?;
    }
    Ok(())
}

/// The hashes of everything that is kept: what is in it need not be read again.
pub(crate) fn hashes(db: &Connection) -> Result<HashSet<[u8; 32]>, Error> {
    let mut statement = db.prepare("SELECT hash FROM records")?;
    let mut rows = statement.query([])?;
    let mut hashes = HashSet::new();
    while let Some(row) = rows.next()? {
        hashes.insert(row.get(0)?);
    }
    hashes.extend(super::lists::list_hashes(db)?);
    Ok(hashes)
}

/// Writes down that an import begins; gives its number.
pub(crate) fn begin_import(tx: &Transaction<'_>, what: &str, at: Timestamp) -> Result<i64, Error> {
    tx.execute("INSERT INTO imports (started, what) VALUES (?1, ?2)", params![at.as_microsecond(), what])?;
    Ok(tx.last_insert_rowid())
}

/// Writes down how an import ended.
pub(crate) fn finish_import(tx: &Transaction<'_>, report: &Report, at: Timestamp) -> Result<(), Error> {
    let counts = &report.counts;
    let counts = [counts.added, counts.changed, counts.unchanged, counts.older, counts.failed];
    let [added, changed, unchanged, older, failed] = counts.map(|count| count as i64);
    tx.execute(
        "UPDATE imports SET finished = ?2, added = ?3, changed = ?4, unchanged = ?5, older = ?6, failed = ?7 WHERE id = ?1",
        params![report.import, at.as_microsecond(), added, changed, unchanged, older, failed],
    )?;
    Ok(())
}

/// Writes down how far the centre's own journal has been taken over.
pub(crate) fn set_published_seq(tx: &Transaction<'_>, seq: i64) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO progress (name, value) VALUES ('published', ?1)
         ON CONFLICT (name) DO UPDATE SET value = MAX(value, excluded.value)",
        params![seq],
    )?;
    Ok(())
}
