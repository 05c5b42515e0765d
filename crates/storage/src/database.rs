//! A database and its two kinds of transaction.

use crate::error::{Error, Result};
use crate::fault::{Fault, Faults, error as fault_error};
use crate::migrations::{self, migration_count};
use crate::postgres::{BEGIN_READ, Pool, begin_write};
use crate::sqlite::{Sqlite, control, undone};
use crate::tx::{Conn, Tx};
use std::path::Path;
use std::sync::Arc;

/// Which program keeps the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// The embedded one.
    Sqlite,
    /// A server.
    Postgres,
}

/// A database; copies share one pool.
#[derive(Clone)]
pub struct Database(Arc<Inner>);

struct Inner {
    driver: Driver,
    faults: Faults,
}

enum Driver {
    Sqlite(Box<Sqlite>),
    Postgres(Box<Pool>),
}

impl Database {
    /// Opens a SQLite file, made if absent, and brings its schema up to date.
    ///
    /// # Errors
    /// The file cannot be opened, or its schema is newer than this program.
    pub fn sqlite(path: &Path) -> Result<Self> {
        Self::sqlite_at(path, migration_count())
    }

    /// The same with the schema as it was after so many steps.
    pub(crate) fn sqlite_at(path: &Path, steps: usize) -> Result<Self> {
        Self::with(Driver::Sqlite(Box::new(Sqlite::open(path)?)), steps)
    }

    /// Opens a PostgreSQL database (`postgres://…`) and brings its schema up to date.
    ///
    /// # Errors
    /// The server cannot be reached, or its schema is newer than this program.
    pub fn postgres(url: &str) -> Result<Self> {
        Self::postgres_at(url, migration_count())
    }

    /// The same with the schema as it was after so many steps.
    pub(crate) fn postgres_at(url: &str, steps: usize) -> Result<Self> {
        Self::with(Driver::Postgres(Box::new(Pool::open(url)?)), steps)
    }

    fn with(driver: Driver, steps: usize) -> Result<Self> {
        let database = Self(Arc::new(Inner { driver, faults: Faults::default() }));
        database.write(|tx| migrations::apply_until(tx, steps))?;
        Ok(database)
    }

    /// Which engine this is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self.0.driver {
            Driver::Sqlite(_) => Engine::Sqlite,
            Driver::Postgres(_) => Engine::Postgres,
        }
    }

    /// Reads over one consistent state. Whatever `work` writes (shadow tables) is undone.
    ///
    /// # Errors
    /// Those of `work`, and of the database.
    pub fn read<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        match &self.0.driver {
            Driver::Sqlite(sqlite) => {
                let conn = sqlite.reader()?;
                control(&conn, "BEGIN")?;
                let result = work(&mut Tx::new(Conn::Sqlite(&conn), &self.0.faults));
                if control(&conn, "ROLLBACK").is_ok() {
                    sqlite.give_back(conn);
                }
                result
            }
            Driver::Postgres(pool) => {
                let mut client = pool.begin(BEGIN_READ)?;
                let mut tx = Tx::new(Conn::Postgres(&mut client), &self.0.faults);
                let result = work(&mut tx);
                // Statements prepared over shadow tables mean those; such a connection is let go.
                let reusable = !tx.shadowed;
                if client.batch("ROLLBACK").is_ok() && reusable {
                    pool.give_back(client);
                }
                result
            }
        }
    }

    /// Writes as the only writer of all nodes, and commits if `work` succeeds.
    ///
    /// # Errors
    /// Those of `work`; `CommitUnknown` where the commit's answer is lost.
    pub fn write<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        match &self.0.driver {
            Driver::Sqlite(sqlite) => {
                let conn = sqlite.writer.lock().map_err(|_| Error::Busy)?;
                // One may be open still where its rollback failed.
                if !conn.is_autocommit() {
                    conn.execute_batch("ROLLBACK").map_err(Error::from)?;
                }
                control(&conn, "BEGIN IMMEDIATE")?;
                let result = work(&mut Tx::new(Conn::Sqlite(&conn), &self.0.faults));
                if conn.is_autocommit() {
                    // SQLite has rolled back by itself: there is nothing to end.
                    return result.and_then(|_| Err(undone().into()));
                }
                self.end(&result, |sql| control(&conn, sql))?;
                result
            }
            Driver::Postgres(pool) => {
                let mut client = pool.begin(&begin_write())?;
                let mut tx = Tx::new(Conn::Postgres(&mut client), &self.0.faults);
                let result = work(&mut tx);
                let reusable = !tx.shadowed;
                self.end(&result, |sql| match sql {
                    // PostgreSQL answers the commit of a failed transaction with a rollback and no
                    // error; any other statement fails there.
                    "COMMIT" => client.batch("SELECT 1; COMMIT"),
                    _ => client.batch(sql),
                })?;
                if reusable {
                    pool.give_back(client);
                }
                result
            }
        }
    }

    fn end<T, E>(
        &self,
        result: &std::result::Result<T, E>,
        mut batch: impl FnMut(&str) -> Result<()>,
    ) -> Result<()> {
        if result.is_err() {
            return batch("ROLLBACK");
        }
        let fault = self.0.faults.take("COMMIT");
        if fault.as_ref().is_some_and(|fault| !fault.kept) {
            batch("ROLLBACK")?;
        } else if let Err(error) = batch("COMMIT") {
            // The connection may still hold an open transaction; a failed rollback is no news then.
            let _ = batch("ROLLBACK");
            return Err(Error::CommitUnknown(error.to_string()));
        }
        fault.map_or(Ok(()), |fault| Err(fault_error(&fault)))
    }

    /// Makes one statement fail once, for tests of what happens then.
    pub fn inject(&self, fault: Fault) {
        self.0.faults.add(fault);
    }

    /// Takes back the faults that have not struck, and says how many those were.
    pub fn forget_faults(&self) -> usize {
        self.0.faults.forget()
    }

    /// Begins to note every statement that writes, and `COMMIT`.
    pub fn listen(&self) {
        self.0.faults.listen();
    }

    /// What was noted since; nothing more is.
    #[must_use]
    pub fn heard(&self) -> Vec<String> {
        self.0.faults.heard()
    }

    /// Copies the database into a new file while it is in use. PostgreSQL has `pg_dump` for this.
    ///
    /// # Errors
    /// The copy cannot be written, or the engine is PostgreSQL.
    pub fn backup(&self, to: &Path) -> Result<()> {
        match &self.0.driver {
            Driver::Sqlite(sqlite) => sqlite.backup(to),
            Driver::Postgres(_) => {
                Err(Error::Statement("back up PostgreSQL with pg_dump or its own online backup".into()))
            }
        }
    }
}
