//! Opening the file: its settings, its schema, its connections.

use super::super::entry::filed;
use super::super::pack::{Packer, pack_both, unpacked};
use super::super::rules::names;
use super::origins::{GONE, gone_from};
use super::page::both;
use super::{Error, Form};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior, params};
use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const SCHEMA: &str = concat!(
    include_str!("schema.sql"),
    include_str!("bodies.sql"),
    include_str!("origins.sql"),
    include_str!("reports.sql")
);

/// Raised whenever the schema changes. A file of another version is not guessed at.
const VERSION: i64 = 9;

/// Opens the file for writing, makes its tables if it is new, and changes over what an older program left.
pub(crate) fn open_writer(path: &Path) -> Result<Connection, Error> {
    let mut db = Connection::open(path)?;
    db.execute_batch(
        "PRAGMA busy_timeout = 5000; PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 16384; PRAGMA journal_size_limit = 67108864;",
    )?;
    plan_once(&db)?;
    db.set_prepared_statement_cache_capacity(64);
    let version = |db: &Connection| db.query_row("PRAGMA user_version", [], |row| row.get(0));
    // Usually nothing is to be done, and whoever imports just now need not be waited for.
    if version(&db)? == VERSION {
        return Ok(db);
    }
    let tx = begin(&mut db)?;
    match version(&tx)? {
        VERSION => {}
        0 => tx.execute_batch(SCHEMA)?,
        before @ 4..VERSION => {
            tracing::info!(file = %path.display(), before, now = VERSION, "the catalogue is changed over once");
            if before < 8 {
                tx.execute_batch("ALTER TABLE records ADD COLUMN rated INTEGER")?;
            }
            if before == 4 {
                tx.execute_batch(include_str!("origins.sql"))?;
            }
            if before < 6 {
                pack_bodies(&tx)?;
            }
            tx.execute_batch(include_str!("reports.sql"))?;
            file_all(&tx)?;
            if before < 8 {
                rate_all(&tx)?;
                name_no_places(&tx)?;
            }
        }
        other => {
            return Err(Error::Stored(format!(
                "{} has schema {other}, this program reads {VERSION}; move the file away and import again",
                path.display()
            )));
        }
    }
    tx.execute_batch(&format!("PRAGMA user_version = {VERSION}"))?;
    tx.commit()?;
    Ok(db)
}

/// Up to version 5 answers were kept as they are, and documents packed alone.
fn pack_bodies(tx: &Transaction<'_>) -> Result<(), Error> {
    tx.execute_batch(concat!("ALTER TABLE bodies RENAME TO bodies_5;", include_str!("bodies.sql")))?;
    let packer = Packer::new(tx)?;
    {
        let mut old =
            tx.prepare("SELECT b.row, r.kind, b.osv, b.raw FROM bodies_5 b JOIN records r ON r.row = b.row")?;
        let mut new = tx.prepare("INSERT INTO bodies (row, answer, packed) VALUES (?1, ?2, ?3)")?;
        let mut rows = old.query([])?;
        while let Some(row) = rows.next()? {
            let (answer, packed): (Vec<u8>, Option<Vec<u8>>) = (row.get(2)?, row.get(3)?);
            let document = packed.map(|packed| unpacked(tx, &packed)).transpose()?;
            let form = Form::of_number(row.get(1)?)?;
            let both = packer.pack(form, &answer, document.as_deref().unwrap_or(&answer))?;
            new.execute(params![row.get::<_, i64>(0)?, both.answer, both.bytes])?;
        }
    }
    packer.keep_made(tx)?;
    tx.execute_batch("DROP TABLE bodies_5")?;
    Ok(())
}

/// Up to version 7 only what stands in a record counted as its severity.
fn rate_all(tx: &Transaction<'_>) -> Result<(), Error> {
    tx.execute_batch(
        "UPDATE records SET rated = (
             SELECT MAX(o.severity) FROM names n JOIN records o ON o.key = n.key
             WHERE n.row = records.row AND n.relation <= 1 AND n.key LIKE 'cve-%' AND o.state = 0)
         WHERE severity IS NULL",
    )?;
    Ok(())
}

/// Up to version 7 records were filed without the commits of CVE, as an older program understood their ranges, and
/// several CVE ids that a record names as names of one vulnerability; up to version 8 without their repositories.
fn file_all(tx: &Transaction<'_>) -> Result<(), Error> {
    let rows: Vec<i64> = {
        let mut all = tx.prepare("SELECT row FROM records")?;
        all.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?
    };
    for row in rows {
        for stored in super::stored(tx, &[row])? {
            // What an older program read and this one cannot stays as it was filed.
            if let Ok(record) = stored.read() {
                super::write::file_again(tx, row, &names(&record), &filed(&record))?;
            }
        }
    }
    Ok(())
}

/// Up to version 7 the reason why a record was withdrawn told where files lie on this machine.
fn name_no_places(tx: &Transaction<'_>) -> Result<(), Error> {
    let reasons: Vec<(i64, String)> = {
        let mut all = tx.prepare("SELECT row, reason FROM tombstones WHERE reason LIKE ?1 || '/%'")?;
        all.query_map([GONE], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?
    };
    for (row, reason) in reasons {
        let new = gone_from(reason.trim_start_matches(GONE));
        let both = {
            let mut body = tx.prepare_cached("SELECT answer, packed FROM bodies WHERE row = ?1")?;
            let mut rows = body.query([row])?;
            rows.next()?.map(|found| both(tx, found, 0)).transpose()?
        };
        if let Some(both) = both {
            let in_json = |text: &str| serde_json::Value::from(text).to_string();
            let answer = String::from_utf8_lossy(both.answer()).replace(&in_json(&reason), &in_json(&new));
            let body = pack_both(answer.as_bytes(), &both.into_document())?;
            let sql = "UPDATE bodies SET answer = ?2, packed = ?3 WHERE row = ?1";
            tx.prepare_cached(sql)?.execute(params![row, body.answer, body.bytes])?;
        }
        tx.prepare_cached("UPDATE tombstones SET reason = ?2 WHERE row = ?1")?.execute(params![row, new])?;
        let sql = "UPDATE history SET fields = ?3 WHERE row = ?1 AND fields = ?2";
        tx.prepare_cached(sql)?.execute(params![row, reason, new])?;
    }
    Ok(())
}

/// Otherwise a prepared statement is planned anew for each value that is bound to it, which costs more
/// than a lookup.
fn plan_once(db: &Connection) -> Result<(), Error> {
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// Begins a transaction that may write; waits for whoever is writing, which may be a whole import.
pub(crate) fn begin(db: &mut Connection) -> Result<Transaction<'_>, Error> {
    // SQLite's own waiting sleeps longer and longer, and would miss a short pause.
    db.busy_handler(Some(|_| {
        std::thread::sleep(Duration::from_millis(1));
        true
    }))?;
    Ok(db.transaction_with_behavior(TransactionBehavior::Immediate)?)
}

/// The same, unless somebody else is writing: then it fails at once, and [`Error::is_busy`] says so.
pub(crate) fn begin_if_free(db: &mut Connection) -> Result<Transaction<'_>, Error> {
    db.busy_timeout(Duration::ZERO)?;
    Ok(db.transaction_with_behavior(TransactionBehavior::Immediate)?)
}

/// Whether somebody else is writing just now.
pub(crate) fn is_busy(db: &mut Connection) -> Result<bool, Error> {
    match begin_if_free(db) {
        Err(error) if error.is_busy() => Ok(true),
        free => Ok(free?.rollback().map(|()| false)?),
    }
}

/// After much was written: what stands in the write-ahead log moves into the file, and the log becomes empty.
/// Readers who hold it for long may prevent it, and then the next import does it.
pub(crate) fn shorten_log(db: &Connection) -> Result<(), Error> {
    db.busy_timeout(Duration::from_secs(1))?;
    Ok(db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
}

/// Connections for reading, as many as there are readers at a time.
pub(crate) struct Pool {
    path: PathBuf,
    idle: Mutex<Vec<Reader>>,
    /// Raised by each reader that sees that somebody wrote.
    generation: AtomicU64,
    /// How often this process wrote.
    written: AtomicU64,
    looked: Mutex<Option<Look>>,
}

/// What was seen when somebody last looked whether the file had changed.
struct Look {
    written: u64,
    at: Instant,
    generation: u64,
}

/// Looking costs as much as a small read, so it is not done for each.
const LOOK_EVERY: Duration = Duration::from_millis(100);

struct Reader {
    db: Connection,
    /// SQLite's number of the state that this connection saw last, where it has looked.
    seen: Cell<Option<i64>>,
}

/// Connections kept while nobody reads.
const IDLE_MAX: usize = 16;

impl Pool {
    pub(crate) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            idle: Mutex::default(),
            generation: AtomicU64::new(0),
            written: AtomicU64::new(0),
            looked: Mutex::default(),
        }
    }

    /// Reads with a connection that nobody else uses meanwhile.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<T, Error> {
        self.with(|reader| work(&reader.db))
    }

    /// A number that is higher than all before once anybody has written: at once where it was this
    /// process, within [`LOOK_EVERY`] where it was another. What is read after asking for it is at
    /// least as new.
    pub(crate) fn generation(&self) -> Result<u64, Error> {
        let mut last = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        let written = self.written.load(Ordering::SeqCst);
        let fresh = last.as_ref().filter(|last| last.written == written && last.at.elapsed() < LOOK_EVERY);
        if let Some(last) = fresh {
            return Ok(last.generation);
        }
        let at = Instant::now();
        let generation = self.with(|reader| {
            let mut statement = reader.db.prepare_cached("PRAGMA data_version")?;
            let version: i64 = statement.query_row([], |row| row.get(0))?;
            // A connection that has not looked before cannot know what it missed.
            Ok(if reader.seen.replace(Some(version)) == Some(version) {
                self.generation.load(Ordering::SeqCst)
            } else {
                self.generation.fetch_add(1, Ordering::SeqCst) + 1
            })
        })?;
        *last = Some(Look { written, at, generation });
        Ok(generation)
    }

    /// To be told after each write of this process.
    pub(crate) fn wrote(&self) {
        self.written.fetch_add(1, Ordering::SeqCst);
    }

    fn with<T>(&self, work: impl FnOnce(&Reader) -> Result<T, Error>) -> Result<T, Error> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let reader = match idle {
            Some(reader) => reader,
            None => Reader { db: self.connect()?, seen: Cell::new(None) },
        };
        let done = work(&reader);
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE_MAX {
            idle.push(reader);
        }
        done
    }

    fn connect(&self) -> Result<Connection, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(&self.path, flags)?;
        db.busy_timeout(Duration::from_secs(5))?;
        db.execute_batch("PRAGMA mmap_size = 4294967296; PRAGMA cache_size = -8192; PRAGMA query_only = ON")?;
        plan_once(&db)?;
        db.set_prepared_statement_cache_capacity(64);
        Ok(db)
    }
}
