//! The views against a rebuild beside them.

use super::Outcome;
use crate::ledger::views::{self, View};
use crate::ledger::{Error, Recorded};
use storage::{Tx, Value, params};

pub(super) fn verify(tx: &mut Tx<'_>, views: &[View], outcome: &mut Outcome) -> Result<(), Error> {
    let tables: Vec<&str> = views.iter().flat_map(|view| view.tables).copied().collect();
    for table in &tables {
        tx.shadow(table)?;
    }
    let mut at = None;
    let note = |entry: &Recorded| at = Some(entry.seq);
    if let Err(error) = views::replay(tx, views, note) {
        // PostgreSQL answers nothing more after a failed statement, so this is the last finding.
        let place = at.map_or_else(|| "all".to_owned(), |seq| format!("all, from entry {seq} on"));
        outcome.add("view", place, format!("it cannot be made from the journal: {error}"));
        return Ok(());
    }
    for table in tables {
        compare(tx, table, outcome)?;
    }
    Ok(())
}

fn compare(tx: &mut Tx<'_>, table: &str, outcome: &mut Outcome) -> Result<(), Error> {
    let columns = tx.columns(table)?.join(", ");
    let kept = format!("SELECT {columns} FROM {}", tx.original(table));
    let made = format!("SELECT {columns} FROM {table}");
    let count = format!("SELECT CAST(COUNT(*) AS BIGINT) FROM {}", tx.original(table));
    outcome.view_rows += tx.query_one(&count, params![])?.get::<i64>(0)?.cast_unsigned();
    let differences = [
        (format!("{kept} EXCEPT {made}"), "the journal does not say this"),
        (format!("{made} EXCEPT {kept}"), "the journal says this; the view does not"),
    ];
    for (sql, reason) in differences {
        for row in tx.query(&format!("{sql} LIMIT 1000"), params![])? {
            let values: Vec<String> = row.values().iter().map(shown).collect();
            outcome.add("view", format!("{table} ({})", values.join(", ")), reason);
        }
    }
    Ok(())
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Text(text) => format!("{text:?}"),
        Value::Blob(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}
