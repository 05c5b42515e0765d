//! PostgreSQL: the same statements over a small pool of connections.

use crate::error::{Error, Result};
use crate::row::Row;
use crate::value::Value;
use bytes::BytesMut;
use postgres::types::{FromSql, IsNull, ToSql, Type};
use postgres::{NoTls, Statement};
use std::collections::HashMap;
use std::sync::Mutex;

/// Connections kept open between calls.
const IDLE_CLIENTS: usize = 8;

/// The lock that orders the batches of all nodes: its holder alone appends to the journal.
const WRITE_LOCK: i64 = 0x48_454c_494f; // "HELIO"

pub(crate) const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ";

/// Read committed, whatever the server's default: what the lock was waited for must be seen. A node
/// that vanished in the middle of its batch must not keep the lock from the others.
pub(crate) fn begin_write() -> String {
    format!(
        "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL idle_in_transaction_session_timeout = '60s'; \
         SELECT pg_advisory_xact_lock({WRITE_LOCK})"
    )
}

pub(crate) struct Pool {
    config: postgres::Config,
    idle: Mutex<Vec<Client>>,
}

/// A connection and the statements prepared on it.
pub(crate) struct Client {
    inner: postgres::Client,
    statements: HashMap<String, Statement>,
}

impl Pool {
    pub(crate) fn open(url: &str) -> Result<Self> {
        let config: postgres::Config =
            url.parse().map_err(|_| Error::Unreachable("the database URL cannot be read".into()))?;
        Ok(Self { config, idle: Mutex::default() })
    }

    /// A connection with a transaction begun on it. After a restart of the server all idle ones are
    /// dead, and each shows it only when it is used.
    pub(crate) fn begin(&self, sql: &str) -> Result<Client> {
        while let Some(mut client) = self.idle.lock().ok().and_then(|mut idle| idle.pop()) {
            match client.batch(sql) {
                Ok(()) => return Ok(client),
                Err(Error::Unreachable(_)) => {}
                Err(other) => return Err(other),
            }
        }
        let mut client = Client { inner: self.config.connect(NoTls)?, statements: HashMap::new() };
        client.batch(sql)?;
        Ok(client)
    }

    pub(crate) fn give_back(&self, client: Client) {
        if let Ok(mut idle) = self.idle.lock()
            && idle.len() < IDLE_CLIENTS
            && !client.inner.is_closed()
        {
            idle.push(client);
        }
    }
}

impl Client {
    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        Ok(self.inner.batch_execute(sql)?)
    }

    fn statement(&mut self, sql: &str) -> Result<Statement> {
        if let Some(found) = self.statements.get(sql) {
            return Ok(found.clone());
        }
        let prepared = self.inner.prepare(sql)?;
        self.statements.insert(sql.to_owned(), prepared.clone());
        Ok(prepared)
    }

    pub(crate) fn forget_statements(&mut self) {
        self.statements.clear();
    }

    pub(crate) fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64> {
        let statement = self.statement(sql)?;
        Ok(self.inner.execute(&statement, &references(params))?)
    }

    pub(crate) fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        let statement = self.statement(sql)?;
        let rows = self.inner.query(&statement, &references(params))?;
        rows.iter()
            .map(|row| {
                let values: std::result::Result<_, postgres::Error> =
                    (0..row.len()).map(|i| row.try_get::<_, Value>(i)).collect();
                Ok(Row(values.map_err(|_| Error::Decode { expected: "a portable type", found: "another" })?))
            })
            .collect()
    }
}

fn references(params: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    params.iter().map(|x| x as _).collect()
}

type Wrong = Box<dyn std::error::Error + Sync + Send>;

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> std::result::Result<IsNull, Wrong> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(x) => match *ty {
                Type::INT4 => i32::try_from(*x)?.to_sql(ty, out),
                Type::INT2 => i16::try_from(*x)?.to_sql(ty, out),
                Type::BOOL => (*x != 0).to_sql(ty, out),
                Type::INT8 => x.to_sql(ty, out),
                _ => Err(format!("a number where PostgreSQL wants {ty}").into()),
            },
            Self::Text(x) => match *ty {
                Type::TEXT | Type::VARCHAR | Type::NAME | Type::UNKNOWN => x.to_sql(ty, out),
                _ => Err(format!("a text where PostgreSQL wants {ty}").into()),
            },
            Self::Blob(x) => match *ty {
                Type::BYTEA => x.to_sql(ty, out),
                _ => Err(format!("bytes where PostgreSQL wants {ty}").into()),
            },
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    postgres::types::to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> std::result::Result<Self, Wrong> {
        Ok(match *ty {
            Type::INT8 => Self::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Self::Int(i32::from_sql(ty, raw)?.into()),
            Type::INT2 => Self::Int(i16::from_sql(ty, raw)?.into()),
            Type::BOOL => Self::Int(bool::from_sql(ty, raw)?.into()),
            Type::TEXT | Type::VARCHAR | Type::NAME => Self::Text(String::from_sql(ty, raw)?),
            Type::BYTEA => Self::Blob(raw.to_vec()),
            _ => return Err(format!("{ty} is not a portable type").into()),
        })
    }

    fn from_sql_null(_: &Type) -> std::result::Result<Self, Wrong> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
