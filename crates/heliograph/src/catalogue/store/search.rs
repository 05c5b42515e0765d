//! Search: text, filters, order, pages.

use super::super::search::{Order, Search};
use super::Error;
use super::read::{SUMMARY, Summary, summaries};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use vocabulary::Page;

/// The hits of a page.
pub(in super::super) fn search(
    db: &Connection,
    search: &Search,
    page: Page,
    now_micros: i64,
) -> Result<Vec<Summary>, Error> {
    let (from, mut values) = filtered(search, now_micros);
    let order = match search.order {
        Order::Fit if search.text_expression().is_some() => "s.rank, r.key",
        Order::Fit | Order::Newest => "r.published DESC, r.row DESC",
        Order::Severest => "r.severity DESC, r.published DESC, r.row DESC",
    };
    let sql = format!("SELECT {SUMMARY} {from} ORDER BY {order} LIMIT ? OFFSET ?");
    values.push(page.limit().into());
    values.push(page.offset().into());
    let mut statement = db.prepare_cached(&sql)?;
    summaries(statement.query(params_from_iter(values))?)
}

/// How many hits there are, counted up to `at_most`.
pub(in super::super) fn total(
    db: &Connection,
    search: &Search,
    at_most: i64,
    now_micros: i64,
) -> Result<i64, Error> {
    let (from, mut values) = filtered(search, now_micros);
    values.push(at_most.into());
    let mut statement = db.prepare_cached(&format!("SELECT COUNT(*) FROM (SELECT 1 {from} LIMIT ?)"))?;
    Ok(statement.query_row(params_from_iter(values), |row| row.get(0))?)
}

/// The tables and conditions of a search, and the values that they ask for. Only fixed text goes
/// into the SQL.
fn filtered(search: &Search, now_micros: i64) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = Vec::new();
    let mut sql = String::from("FROM ");
    match search.text_expression() {
        Some(expression) => {
            sql.push_str("search s JOIN records r ON r.row = s.rowid WHERE search MATCH ?");
            values.push(expression.into());
        }
        None => sql.push_str("records r WHERE 1"),
    }
    let mut and = |condition: &str, value: Option<Value>| {
        sql.push_str(" AND ");
        sql.push_str(condition);
        values.extend(value);
    };
    // A listing as known exploited enriches the record that it is about; it is no hit beside it.
    and("NOT (r.source = 7 AND EXISTS (SELECT 1 FROM records o WHERE o.key = r.key AND o.source < 7))", None);
    if let Some(tenths) = search.severity_tenths_min {
        and("r.severity >= ?", Some(tenths.into()));
    }
    if search.exploited_only {
        and("r.exploited = 1", None);
    }
    if let Some(source) = search.source {
        and("r.source = ?", Some(source.number().into()));
    }
    if let Some(ecosystem) = &search.ecosystem {
        let name = ecosystem.name().to_lowercase();
        and("EXISTS (SELECT 1 FROM packages p WHERE p.row = r.row AND p.ecosystem = ?)", Some(name.into()));
    }
    if search.text_expression().is_none() && search.order != Order::Severest {
        // What is dated in the future would stand on top for good.
        and("r.published <= ?", Some(now_micros.into()));
    }
    (sql, values)
}
