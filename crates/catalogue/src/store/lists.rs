//! What lists say of the records of others: EPSS scores, weaknesses, attack patterns.

use super::super::rules::key;
use super::{Error, Outcome};
use formats::attack::{Entry, List};
use formats::epss::Scores;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

/// How likely it is that a vulnerability is exploited within thirty days, by EPSS.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Likelihood {
    /// From 0 to 1.
    pub probability: f64,
    /// The share of vulnerabilities that score no higher, from 0 to 1.
    pub percentile: f64,
    /// The day that it is for.
    pub at: Option<Timestamp>,
}

/// What is kept of a list beside its rows.
struct Kept<'a> {
    name: &'a str,
    version: Option<&'a str>,
    at: Option<Timestamp>,
    hash: &'a [u8; 32],
    import: i64,
    raw: Option<&'a [u8]>,
}

/// The hashes of the lists that are kept.
pub(super) fn list_hashes(db: &Connection) -> Result<Vec<[u8; 32]>, Error> {
    let mut statement = db.prepare("SELECT hash FROM lists")?;
    let hashes = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(hashes)
}

/// The outcome for a list, and whether its rows are to be written.
fn keep(tx: &Transaction<'_>, list: &Kept<'_>) -> Result<(Outcome, bool), Error> {
    let sql = "SELECT at, hash FROM lists WHERE name = ?1";
    let known = tx
        .prepare_cached(sql)?
        .query_row(params![list.name], |row| Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, Vec<u8>>(1)?)));
    let at = list.at.map(|at| at.as_microsecond());
    let outcome = match known.optional()? {
        Some((_, hash)) if hash == list.hash => return Ok((Outcome::Unchanged, false)),
        Some((known, _)) if known.is_some() && at < known => return Ok((Outcome::Older, false)),
        Some(_) => Outcome::Changed,
        None => Outcome::Added,
    };
    let sql =
        "INSERT OR REPLACE INTO lists (name, version, at, hash, import, raw) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    tx.prepare_cached(sql)?.execute(params![
        list.name,
        list.version,
        at,
        list.hash,
        list.import,
        list.raw
    ])?;
    Ok((outcome, true))
}

/// Keeps a day of scores: those that changed are written, the others stay.
pub(crate) fn put_scores(
    tx: &Transaction<'_>,
    scores: &Scores,
    hash: &[u8; 32],
    import: i64,
) -> Result<Outcome, Error> {
    let version = scores.model.as_deref();
    let (outcome, is_new) =
        keep(tx, &Kept { name: "epss", version, at: scores.at, hash, import, raw: None })?;
    if is_new {
        let sql = "INSERT INTO likelihoods (key, probability, percentile, at) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT (key) DO UPDATE SET probability = excluded.probability,
                       percentile = excluded.percentile, at = excluded.at";
        let mut statement = tx.prepare_cached(sql)?;
        let at = scores.at.map(|at| at.as_microsecond());
        for score in &scores.scores {
            statement.execute(params![key(&score.cve), score.probability, score.percentile, at])?;
        }
    }
    Ok(outcome)
}

/// Keeps a list of weaknesses or attack patterns. MITRE publishes the whole list, and parts of it by views:
/// the entries of one document stand beside those of the others, and of an entry that several have, the later
/// document's counts.
pub(crate) fn put_attack(
    tx: &Transaction<'_>,
    name: &str,
    list: &List,
    hash: &[u8; 32],
    raw: &[u8],
    import: i64,
) -> Result<Outcome, Error> {
    let view = of_view(list);
    let name = view.as_deref().unwrap_or(name);
    let kept = Kept { name, version: Some(&list.version), at: list.at, hash, import, raw: Some(raw) };
    let (outcome, is_new) = keep(tx, &kept)?;
    if is_new {
        let latest = "SELECT 1 FROM lists WHERE substr(name, 1, length(?1)) = ?1 AND at > ?2";
        let prefix = name.split('-').next().unwrap_or(name);
        let is_latest =
            !tx.prepare_cached(latest)?.exists(params![prefix, list.at.map(|at| at.as_microsecond())])?;
        let clash = if is_latest { "REPLACE" } else { "IGNORE" };
        let mut statement =
            tx.prepare_cached(&format!("INSERT OR {clash} INTO attack (key, entry) VALUES (?1, ?2)"))?;
        for entry in &list.entries {
            // Writing plain structs into memory has no way to fail.
            statement.execute(params![key(&entry.id), serde_json::to_string(entry).unwrap_or_default()])?;
        }
    }
    Ok(outcome)
}

/// The name under which a document of one view alone is known: the view's. The whole list has many.
fn of_view(list: &List) -> Option<String> {
    let mut views = list.entries.iter().filter(|entry| entry.what == "View");
    let first = views.next()?;
    views.next().is_none().then(|| key(&first.id))
}

/// What EPSS says of a CVE id.
pub(crate) fn likelihood(db: &Connection, id: &str) -> Result<Option<Likelihood>, Error> {
    let mut statement =
        db.prepare_cached("SELECT probability, percentile, at FROM likelihoods WHERE key = ?1")?;
    let found = statement.query_row(params![key(id)], |row| {
        let at: Option<i64> = row.get(2)?;
        let at = at.and_then(|micros| Timestamp::from_microsecond(micros).ok());
        Ok(Likelihood { probability: row.get(0)?, percentile: row.get(1)?, at })
    });
    Ok(found.optional()?)
}

/// As of when scores of records are: the number of the last change of a record, and of the import of scores.
pub(crate) type OfScores = (i64, Option<i64>);

/// As of when scores of records would be if they were read now.
pub(crate) fn state_of_scores(db: &Connection) -> Result<OfScores, Error> {
    let mut statement = db.prepare_cached("SELECT import FROM lists WHERE name = 'epss'")?;
    Ok((super::last_change(db)?, statement.query_row([], |row| row.get(0)).optional()?))
}

/// Shows the scores of all records with the records' rows: by their own ids, and those that they are known by.
pub(crate) fn each_score(db: &Connection, show: &mut dyn FnMut(i64, f64, f64)) -> Result<(), Error> {
    // Both tables lie in the order of their keys: so they are gone through side by side.
    let sql = "SELECT n.row, l.probability, l.percentile FROM likelihoods l
               CROSS JOIN names n WHERE n.key = l.key AND n.relation <= 1";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        show(row.get(0)?, row.get(1)?, row.get(2)?);
    }
    Ok(())
}

/// The row of a record, with the score and the percentile of a name that has them.
type Scored = (i64, Option<[f64; 2]>);

/// The scores of records that changed after a change: each name that has one, or none.
pub(crate) fn scores_since(db: &Connection, change: i64) -> Result<Vec<Scored>, Error> {
    let sql = "SELECT r.row, l.probability, l.percentile FROM records r
               LEFT JOIN names n ON n.row = r.row AND n.relation <= 1
               LEFT JOIN likelihoods l ON l.key = n.key WHERE r.change > ?1";
    let mut statement = db.prepare_cached(sql)?;
    let scores = |row: &rusqlite::Row<'_>| {
        let scores: (Option<f64>, Option<f64>) = (row.get(1)?, row.get(2)?);
        Ok((row.get(0)?, scores.0.zip(scores.1).map(|(score, percentile)| [score, percentile])))
    };
    let found = statement.query_map(params![change], scores)?.collect::<Result<_, _>>()?;
    Ok(found)
}

/// All attack patterns, by their keys.
pub(crate) fn attack_patterns(db: &Connection) -> Result<Vec<Entry>, Error> {
    let sql = "SELECT entry FROM attack WHERE key >= 'capec-' AND key < 'capec.' ORDER BY key";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let read = serde_json::from_str(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?);
        all.push(read.map_err(|error| Error::Stored(format!("an attack pattern: {error}")))?);
    }
    Ok(all)
}

/// A weakness or an attack pattern by its id.
pub(crate) fn attack_entry(db: &Connection, id: &str) -> Result<Option<Entry>, Error> {
    let mut statement = db.prepare_cached("SELECT entry FROM attack WHERE key = ?1")?;
    let found: Option<String> = statement.query_row(params![key(id)], |row| row.get(0)).optional()?;
    let read = |text: String| serde_json::from_str(&text);
    found.map(read).transpose().map_err(|error| Error::Stored(format!("the entry {id}: {error}")))
}
