//! SQLite: one writer, a few readers, write-ahead log, every commit flushed.

use crate::dialect::placeholders;
use crate::error::{Error, Result};
use crate::row::Row;
use crate::value::Value;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, ToSql, params_from_iter};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

/// Pages of 4 KiB in the write-ahead log before they are copied into the database. A page that changes
/// often is copied once for all its changes; 16 MB are read again in a moment after a crash.
const LOG_PAGES: u32 = 4000;

/// Readers kept open between calls.
const IDLE_READERS: usize = 8;

pub(crate) struct Sqlite {
    path: PathBuf,
    pub(crate) writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
}

impl Sqlite {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let writer = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        // WAL: readers never wait for the writer. FULL: what was acknowledged survives a power cut.
        writer.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")?;
        writer.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
        Ok(Self { path: path.to_owned(), writer: Mutex::new(writer), readers: Mutex::default() })
    }

    pub(crate) fn reader(&self) -> Result<Connection> {
        let idle = self.readers.lock().ok().and_then(|mut readers| readers.pop());
        // A shadowed table is a temporary one, so a reader must be able to write those.
        idle.map_or_else(|| connect(&self.path, OpenFlags::SQLITE_OPEN_READ_WRITE), Ok)
    }

    pub(crate) fn give_back(&self, reader: Connection) {
        if let Ok(mut readers) = self.readers.lock()
            && readers.len() < IDLE_READERS
        {
            readers.push(reader);
        }
    }

    /// A consistent copy, made while others read and write. It is written anew, row by row: pages
    /// that hold what was deleted are not copied.
    pub(crate) fn backup(&self, to: &Path) -> Result<()> {
        let reader = self.reader()?;
        let to = to.to_str().ok_or_else(|| Error::CannotWrite("the path is not UTF-8".into()))?;
        reader.execute("VACUUM INTO ?1", [to])?;
        self.give_back(reader);
        Ok(())
    }
}

/// SQLite undoes the whole transaction when its disk is full or broken, and would then run what
/// follows outside of any, for good, statement by statement.
pub(crate) fn still_open(conn: &Connection) -> Result<()> {
    if conn.is_autocommit() { Err(undone()) } else { Ok(()) }
}

pub(crate) fn undone() -> Error {
    Error::CannotWrite("the transaction was undone; is the disk full?".into())
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection> {
    let conn = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.busy_timeout(Duration::from_secs(20))?;
    conn.set_prepared_statement_cache_capacity(256);
    // Otherwise a statement is planned anew for each value that is bound to it.
    conn.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // What is deleted (the key of an erased case) is overwritten.
    conn.execute_batch("PRAGMA secure_delete = ON;")?;
    // `foreign_keys` stays off: rebuilds fill tables in the order of the journal.
    conn.execute_batch(
        "PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;",
    )?;
    Ok(conn)
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(x) => ValueRef::Integer(*x),
            Self::Text(x) => ValueRef::Text(x.as_bytes()),
            Self::Blob(x) => ValueRef::Blob(x),
        }))
    }
}

/// Runs a statement that begins or ends something. They come with every transaction and every command,
/// so they are kept prepared.
pub(crate) fn control(conn: &Connection, sql: &str) -> Result<()> {
    conn.prepare_cached(sql)?.execute([])?;
    Ok(())
}

pub(crate) fn execute(conn: &Connection, sql: &str, params: &[Value]) -> Result<u64> {
    let mut statement = conn.prepare_cached(&placeholders(sql))?;
    Ok(statement.execute(params_from_iter(params))? as u64)
}

pub(crate) fn query(conn: &Connection, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
    let mut statement = conn.prepare_cached(&placeholders(sql))?;
    let width = statement.column_count();
    let mut rows = statement.query(params_from_iter(params))?;
    let mut answer = Vec::new();
    while let Some(row) = rows.next()? {
        answer.push(Row((0..width).map(|i| value(row.get_ref(i)?)).collect::<Result<_>>()?));
    }
    Ok(answer)
}

fn value(found: ValueRef<'_>) -> Result<Value> {
    Ok(match found {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(x) => Value::Int(x),
        ValueRef::Text(x) => Value::Text(String::from_utf8_lossy(x).into_owned()),
        ValueRef::Blob(x) => Value::Blob(x.to_vec()),
        ValueRef::Real(_) => return Err(Error::Decode { expected: "number", found: "real" }),
    })
}
