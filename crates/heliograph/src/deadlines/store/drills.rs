//! Drills: subjects of their own, in streams of their own, in a table of their own.

use super::acts::known;
use super::{record, stream};
use crate::deadlines::rules::{ClockEvent, Clocks};
use crate::ledger::{Actor, Error, Loaded, Recorded, Writer, next_number};
use crate::refusal::Refusal;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use storage::{Tx, params};
use vocabulary::{DrillId, Page};

/// Keeps the list of drills.
pub(super) fn apply(tx: &mut Tx<'_>, drill: &str, recorded: &Recorded) -> Result<(), Error> {
    match recorded.event()? {
        ClockEvent::DrillStarted {} => {
            let corrupt =
                || Error::Corrupt { seq: recorded.seq, reason: "a drill's number cannot be read".into() };
            let mut parts = drill.rsplit('-').map(str::parse::<i64>);
            let number = parts.next().and_then(Result::ok).ok_or_else(corrupt)?;
            let year = parts.next().and_then(Result::ok).ok_or_else(corrupt)?;
            let sql = "INSERT INTO drills (id, year, number, started) VALUES ($1, $2, $3, $4)";
            tx.execute(sql, params![drill, year, number, recorded.at])?;
        }
        ClockEvent::DrillEnded {} => {
            tx.execute("UPDATE drills SET ended = $2 WHERE id = $1", params![drill, recorded.at])?;
        }
        _ => {}
    }
    Ok(())
}

/// The highest number of a drill of that year; 0 before the first.
pub(crate) fn last_number(tx: &mut Tx<'_>, year: i16) -> Result<i64, Error> {
    let sql = "SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM drills WHERE year = $1";
    Ok(tx.query_one(sql, params![i64::from(year)])?.get(0)?)
}

/// Starts a drill.
pub(crate) fn start_drill(w: &mut Writer<'_, '_>, actor: &Actor, prefix: &str) -> Result<DrillId, Refusal> {
    let year = w.now().to_zoned_datetime(TimeZone::UTC).year();
    let last = last_number(w.tx(), year)?;
    let id = DrillId::numbered(prefix, year, next_number(w.tx(), year, last)?);
    let mut clocks: Loaded<Clocks> = w.load(stream(id.as_str()))?;
    w.append(&mut clocks, actor, vec![ClockEvent::DrillStarted {}])?;
    Ok(id)
}

/// Ends a drill.
pub(crate) fn end_drill(w: &mut Writer<'_, '_>, actor: &Actor, id: &DrillId) -> Result<(), Refusal> {
    known(w, id.as_str())?;
    record(w, actor, id.as_str(), vec![ClockEvent::DrillEnded {}])
}

/// A drill as its list shows it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Drill {
    pub(crate) id: String,
    #[schema(value_type = String)]
    pub(crate) started: Timestamp,
    #[schema(value_type = Option<String>)]
    pub(crate) ended: Option<Timestamp>,
}

/// One page of drills, the newest first.
pub(crate) fn drills(tx: &mut Tx<'_>, page: Page) -> Result<Vec<Drill>, Refusal> {
    let sql = "SELECT id, started, ended FROM drills ORDER BY year DESC, number DESC LIMIT $1 OFFSET $2";
    let rows = tx.query(sql, params![page.limit(), page.offset()])?;
    rows.iter().map(|row| Ok(Drill { id: row.get(0)?, started: row.get(1)?, ended: row.get(2)? })).collect()
}
