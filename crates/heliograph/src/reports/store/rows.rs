//! Keeps `reports`, and what is read from it alone.

use super::numbers;
use crate::ledger::{Error, Recorded};
use crate::reports::rules::ReportEvent;
use storage::{Tx, params};
use vocabulary::CaseId;

pub(in crate::reports) fn apply(tx: &mut Tx<'_>, recorded: &Recorded) -> Result<(), Error> {
    let Some(id) = recorded.stream.strip_prefix("report/") else { return Ok(()) };
    let mut set = |state: &str, case: Option<&CaseId>| -> Result<(), Error> {
        let sql = "UPDATE reports SET state = $2, case_id = COALESCE($3, case_id) WHERE id = $1";
        tx.execute(sql, params![id, state, case.map(CaseId::as_str)])?;
        Ok(())
    };
    match recorded.event()? {
        ReportEvent::Received { exploited, public, claim_hash, .. } => {
            let (year, number) = numbers(id).ok_or_else(|| Error::Corrupt {
                seq: recorded.seq,
                reason: "a tracking number cannot be read".into(),
            })?;
            let sql = "INSERT INTO reports
                (id, year, number, received, state, exploited, public, claim_hash)
                VALUES ($1, $2, $3, $4, 'received', $5, $6, $7)";
            let hash = unhex(&claim_hash);
            tx.execute(sql, params![id, year, number, recorded.at, exploited, public, hash])?;
            Ok(())
        }
        ReportEvent::Accepted { case } => set("accepted", Some(&case)),
        ReportEvent::Moved { case } => {
            tx.execute("UPDATE reports SET case_id = $2 WHERE id = $1", params![id, case.as_str()])?;
            Ok(())
        }
        ReportEvent::Declined { .. } => set("declined", None),
        ReportEvent::DuplicateMarked { .. } => set("duplicate", None),
        ReportEvent::Published { .. } => set("published", None),
        ReportEvent::MessageAdded { .. } | ReportEvent::ExploitDeleted {} | ReportEvent::Erased {} => Ok(()),
    }
}

fn unhex(text: &str) -> Vec<u8> {
    let pairs = (0..text.len() / 2).filter_map(|i| text.get(i * 2..i * 2 + 2));
    pairs.filter_map(|pair| u8::from_str_radix(pair, 16).ok()).collect()
}

/// The highest number of a report of that year; 0 before the first.
pub(crate) fn last_number(tx: &mut Tx<'_>, year: i16) -> Result<i64, Error> {
    let sql = "SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM reports WHERE year = $1";
    Ok(tx.query_one(sql, params![i64::from(year)])?.get(0)?)
}
