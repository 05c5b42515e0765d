//! A transaction: what slices see of the database.

use crate::database::Engine;
use crate::error::{Error, Result};
use crate::fault::{self, Faults};
use crate::row::Row;
use crate::value::Value;
use crate::{dialect, postgres, sqlite};

/// An open transaction. Statements run in order; the caller of `Database::read` or `write` ends it.
pub struct Tx<'a> {
    pub(crate) conn: Conn<'a>,
    pub(crate) faults: &'a Faults,
    depth: u32,
    pub(crate) shadowed: bool,
}

pub(crate) enum Conn<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(&'a mut postgres::Client),
}

impl<'a> Tx<'a> {
    pub(crate) fn new(conn: Conn<'a>, faults: &'a Faults) -> Self {
        Self { conn, faults, depth: 0, shadowed: false }
    }

    /// Runs a statement and says how many rows it changed.
    ///
    /// # Errors
    /// The statement failed; see [`Error`].
    pub fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64> {
        let planned = self.faults.take(sql);
        if let Some(fault) = planned.as_ref().filter(|fault| !fault.kept) {
            return Err(fault::error(fault));
        }
        let changed = match &mut self.conn {
            Conn::Sqlite(conn) => {
                sqlite::still_open(conn).and_then(|()| sqlite::execute(conn, sql, params))?
            }
            Conn::Postgres(client) => client.execute(sql, params)?,
        };
        planned.map_or(Ok(changed), |fault| Err(fault::error(&fault)))
    }

    /// Runs a query and collects its rows.
    ///
    /// # Errors
    /// The query failed; see [`Error`].
    pub fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        match &mut self.conn {
            Conn::Sqlite(conn) => sqlite::still_open(conn).and_then(|()| sqlite::query(conn, sql, params)),
            Conn::Postgres(client) => client.query(sql, params),
        }
    }

    /// The first row of a query, if there is one.
    ///
    /// # Errors
    /// The query failed; see [`Error`].
    pub fn query_opt(&mut self, sql: &str, params: &[Value]) -> Result<Option<Row>> {
        Ok(self.query(sql, params)?.into_iter().next())
    }

    /// The one row of a query that always has one, such as a count.
    ///
    /// # Errors
    /// The query failed or had no row.
    pub fn query_one(&mut self, sql: &str, params: &[Value]) -> Result<Row> {
        self.query_opt(sql, params)?.ok_or_else(|| Error::Statement("a query had no row".into()))
    }

    /// Runs `work` so that its failure undoes what it wrote and nothing else.
    ///
    /// # Errors
    /// Those of `work`, and of the savepoint itself.
    pub fn savepoint<T, E: From<Error>>(
        &mut self,
        work: impl FnOnce(&mut Tx<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        self.depth += 1;
        let name = format!("s{}", self.depth);
        self.control(&format!("SAVEPOINT {name}"))?;
        let result = work(self);
        let ended = match &result {
            Ok(_) => self.control(&format!("RELEASE SAVEPOINT {name}")),
            Err(_) => self.batch(&format!("ROLLBACK TO SAVEPOINT {name}; RELEASE SAVEPOINT {name}")),
        };
        self.depth -= 1;
        ended?;
        result
    }

    /// Which engine this runs on; only `dialect` and tests need to know.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self.conn {
            Conn::Sqlite(_) => Engine::Sqlite,
            Conn::Postgres(_) => Engine::Postgres,
        }
    }

    /// Lays an empty copy over `table` for the rest of the transaction: statements that name the
    /// table now meet the copy, and [`Tx::original`] names what lies beneath. It is how views are
    /// rebuilt beside the real ones. The transaction must be rolled back afterwards.
    ///
    /// # Errors
    /// The table does not exist or cannot be copied.
    pub fn shadow(&mut self, table: &str) -> Result<()> {
        self.shadowed = true;
        if let Conn::Postgres(client) = &mut self.conn {
            client.forget_statements();
        }
        dialect::shadow(self, table)
    }

    /// The name of the table beneath a shadow.
    #[must_use]
    pub fn original(&self, table: &str) -> String {
        dialect::original(self.engine(), table)
    }

    /// The names of a table's columns, in order.
    ///
    /// # Errors
    /// The query failed; see [`Error`].
    pub fn columns(&mut self, table: &str) -> Result<Vec<String>> {
        dialect::columns(self, table)
    }

    /// All tables of this program, sorted.
    ///
    /// # Errors
    /// The query failed; see [`Error`].
    pub fn tables(&mut self) -> Result<Vec<String>> {
        dialect::tables(self)
    }

    /// Runs one of the few statements that begin and end things.
    fn control(&mut self, sql: &str) -> Result<()> {
        match &mut self.conn {
            Conn::Sqlite(conn) => sqlite::still_open(conn).and_then(|()| sqlite::control(conn, sql)),
            Conn::Postgres(client) => client.batch(sql),
        }
    }

    /// Runs several statements without parameters.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        match &mut self.conn {
            Conn::Sqlite(conn) => {
                sqlite::still_open(conn)?;
                Ok(conn.execute_batch(sql)?)
            }
            Conn::Postgres(client) => client.batch(sql),
        }
    }
}
