//! Database, transaction, dialect and migrations: the only room that names a database driver.
//!
//! One SQL text runs on both engines: `$1` placeholders, portable types (`BIGINT`, `TEXT`, `BLOB`),
//! upserts with `ON CONFLICT`, counts cast to `BIGINT`. What truly differs is in `dialect`.
//! Calls block: the application runs them on threads of their own, never on an async worker.
#![warn(missing_docs)]

mod database;
mod dialect;
mod error;
mod fault;
mod migrations;
mod postgres;
mod row;
mod scratch;
mod sqlite;
mod tx;
mod value;

pub use database::{Database, Engine};
pub use error::{Error, Result};
pub use fault::Fault;
pub use migrations::{migration_count, migration_names};
pub use row::Row;
pub use scratch::Scratch;
pub use tx::Tx;
pub use value::{FromValue, Value};

/// Parameters of a statement: `params![id, 3, Some("x")]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::Value::from($value)),*] };
}
