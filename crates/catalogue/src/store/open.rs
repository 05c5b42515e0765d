//! Opening the file: its settings, its schema, its connections.

use super::{Error, Tell, changes};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};
use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Opens the file for writing, makes its tables if it is new, and changes over what an older program left.
pub(crate) fn open_writer(path: &Path, tell: Tell<'_>) -> Result<Connection, Error> {
    opened(path, tell).map_err(|error| match &error {
        Error::Sqlite(rusqlite::Error::SqliteFailure(failure, _)) => match failure.code {
            ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt => Error::Stored(format!(
                "the file is damaged, or another one in its place: move it away and import again ({error})"
            )),
            ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied => {
                Error::Stored(format!(
                    "the file, and the folder that it lies in, have to be there and open to writing ({error})"
                ))
            }
            _ => error,
        },
        _ => error,
    })
}

fn opened(path: &Path, tell: Tell<'_>) -> Result<Connection, Error> {
    let mut db = Connection::open(path)?;
    db.execute_batch(
        "PRAGMA busy_timeout = 5000; PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 16384; PRAGMA journal_size_limit = 67108864;",
    )?;
    plan_once(&db)?;
    db.set_prepared_statement_cache_capacity(64);
    // Usually nothing is to be done, and whoever imports just now need not be waited for.
    if changes::are_due(&db)? {
        // What is taken out is overwritten, and does not stay in the log either.
        db.execute_batch("PRAGMA secure_delete = ON")?;
        let tx = begin(&mut db)?;
        if changes::are_due(&tx)? {
            changes::change_over(&tx, path, tell)?;
        }
        tx.commit()?;
        db.execute_batch("PRAGMA secure_delete = OFF")?;
        shorten_log(&db)?;
    }
    Ok(db)
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
    /// Raised by each reader that looks and sees that somebody wrote.
    generation: AtomicU64,
    /// Until when what was seen counts, in microseconds since `made`; at 0, nothing does.
    counts_until: AtomicU64,
    made: Instant,
    /// Held by whoever looks.
    looking: Mutex<()>,
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
            counts_until: AtomicU64::new(0),
            made: Instant::now(),
            looking: Mutex::default(),
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
        // Many ask at a time, and nearly all find what another saw: they take no lock, which would go from one
        // processor to the other with each of them.
        let seen = |now: u64| {
            (now < self.counts_until.load(Ordering::SeqCst)).then(|| self.generation.load(Ordering::SeqCst))
        };
        if let Some(seen) = seen(self.micros()) {
            return Ok(seen);
        }
        let _looking = self.looking.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.micros();
        if let Some(seen) = seen(now) {
            return Ok(seen);
        }
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
        self.counts_until.store(now + LOOK_EVERY.as_micros() as u64, Ordering::SeqCst);
        Ok(generation)
    }

    /// To be told after each write of this process. Whoever is looking may have looked before it.
    pub(crate) fn wrote(&self) {
        let _looking = self.looking.lock().unwrap_or_else(PoisonError::into_inner);
        self.counts_until.store(0, Ordering::SeqCst);
    }

    /// Since `made`.
    fn micros(&self) -> u64 {
        self.made.elapsed().as_micros() as u64
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
