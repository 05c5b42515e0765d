//! What truly differs between SQLite and PostgreSQL, in one place.

use crate::database::Engine;
use crate::error::{Error, Result};
use crate::params;
use crate::tx::Tx;
use std::borrow::Cow;

/// How a migration begins that concerns one engine alone.
const SQLITE_ONLY: &str = "-- SQLite only.";

/// A migration's text for this engine. The portable text says `BLOB`; PostgreSQL calls it `BYTEA`.
pub(crate) fn migration(engine: Engine, sql: &str) -> Cow<'_, str> {
    match engine {
        Engine::Sqlite => Cow::Borrowed(sql),
        Engine::Postgres if sql.starts_with(SQLITE_ONLY) => Cow::Borrowed(""),
        Engine::Postgres => Cow::Owned(sql.replace(" BLOB", " BYTEA")),
    }
}

/// `$1` for SQLite. SQLite takes `$1` as a *name* and numbers names by first appearance, so that
/// `… b = $2 AND a = $1` would swap its values; `?1` is the position that PostgreSQL means.
pub(crate) fn placeholders(sql: &str) -> Cow<'_, str> {
    if sql.contains('$') { Cow::Owned(sql.replace('$', "?")) } else { Cow::Borrowed(sql) }
}

pub(crate) fn shadow(tx: &mut Tx<'_>, table: &str) -> Result<()> {
    match tx.engine() {
        // Temporary tables come first where a name is looked up, in both engines.
        Engine::Postgres => {
            tx.batch(&format!("CREATE TEMP TABLE {table} (LIKE public.{table} INCLUDING ALL) ON COMMIT DROP"))
        }
        Engine::Sqlite => {
            let sql = "SELECT sql FROM main.sqlite_schema WHERE type = 'table' AND name = $1";
            let row = tx.query_opt(sql, params![table])?;
            let text: String = row.ok_or_else(|| Error::Schema(format!("no table {table}")))?.get(0)?;
            tx.batch(&text.replacen("CREATE TABLE", "CREATE TEMP TABLE", 1))
        }
    }
}

pub(crate) fn original(engine: Engine, table: &str) -> String {
    match engine {
        Engine::Sqlite => format!("main.{table}"),
        Engine::Postgres => format!("public.{table}"),
    }
}

pub(crate) fn columns(tx: &mut Tx<'_>, table: &str) -> Result<Vec<String>> {
    let sql = match tx.engine() {
        Engine::Sqlite => "SELECT name FROM pragma_table_info($1) ORDER BY cid",
        Engine::Postgres => {
            "SELECT CAST(column_name AS TEXT) FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name = $1 ORDER BY ordinal_position"
        }
    };
    tx.query(sql, params![table])?.iter().map(|row| row.get(0)).collect()
}

pub(crate) fn tables(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let sql = match tx.engine() {
        Engine::Sqlite => {
            "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        }
        Engine::Postgres => {
            "SELECT CAST(table_name AS TEXT) FROM information_schema.tables
             WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1"
        }
    };
    tx.query(sql, params![])?.iter().map(|row| row.get(0)).collect()
}
