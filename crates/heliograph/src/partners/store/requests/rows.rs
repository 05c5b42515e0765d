//! Keeps `partner_requests`, and the clock of each request.

use crate::ledger::{Changed, Error, load};
use crate::partners::rules::{self, Asked, Partner, Purpose, RequestKind};
use crate::partners::store::{self, credits};
use crate::reports::numbers;
use crate::{cases, deadlines, vetting};
use jiff::Timestamp;
use storage::{Tx, params};

/// Keeps `partner_requests`.
pub(in crate::partners::store) fn settle(tx: &mut Tx<'_>, changed: &Changed) -> Result<(), Error> {
    if let Some(id) = changed.stream.strip_prefix("request/") {
        write(tx, id, changed)?;
        return keep_clock(tx, id, changed.at);
    }
    // What becomes of a case, the requests in it follow.
    let Some(case) = changed.stream.strip_prefix("case/") else { return Ok(()) };
    let rows = tx.query("SELECT id FROM partner_requests WHERE case_id = $1 ORDER BY id", params![case])?;
    for row in rows {
        write(tx, &row.get::<String>(0)?, changed)?;
    }
    Ok(())
}

/// Keeps the clock of a request among all others.
fn keep_clock(tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<(), Error> {
    let asked = load::<Asked>(tx, format!("request/{id}"))?.state;
    let (Some(partner), Some(organisation)) = (&asked.partner, &asked.organisation) else { return Ok(()) };
    let partner = load::<Partner>(tx, store::stream(partner))?.state;
    let levels = rules::programme(&partner.programme).map(|found| &found.programme.levels);
    let place = levels.and_then(|levels| levels.iter().position(|known| *known == asked.level));
    let clock = place.and_then(|place| rules::clock(&asked, place, at));
    deadlines::keep_alone(tx, id, organisation, clock.as_ref())
}

/// Makes the row of a request anew.
fn write(tx: &mut Tx<'_>, id: &str, changed: &Changed) -> Result<(), Error> {
    let asked = load::<Asked>(tx, format!("request/{id}"))?.state;
    let corrupt = || Error::Corrupt { seq: changed.seq, reason: "a request's number cannot be read".into() };
    let (year, number) = numbers(id).ok_or_else(corrupt)?;
    let found = asked.case.as_ref().map(|case| cases::milestones(tx, case)).transpose()?.flatten();
    let outcome = found.as_ref().and_then(credits::outcome);
    tx.execute("DELETE FROM partner_requests WHERE id = $1", params![id])?;
    let sql =
        "INSERT INTO partner_requests (id, year, number, partner, asks, purpose, stage, sent, due, delivered,
                   case_id, answered, useful, told, outcome, outcome_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    let row = params![
        id,
        year,
        number,
        asked.partner.map(String::from),
        asked.asks.map(RequestKind::name),
        asked.purpose.map(Purpose::name),
        asked.stage.name(),
        asked.sent,
        asked.due,
        asked.delivered,
        found.as_ref().map(|found| found.id.to_string()),
        asked.answered,
        asked.useful,
        found.as_ref().and_then(|found| found.told),
        outcome.map(|(word, _)| word),
        outcome.map(|(_, at)| at),
    ];
    tx.execute(sql, row)?;
    // What is asked in a case belongs to it: who is not let into the case is not let into the request.
    match found {
        Some(found) => vetting::note_parts(tx, &found.id, [id.to_owned()]),
        None => Ok(()),
    }
}

/// The highest number of a request of that year; 0 before the first.
pub(crate) fn last_request(tx: &mut Tx<'_>, year: i16) -> Result<i64, Error> {
    let sql = "SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM partner_requests WHERE year = $1";
    Ok(tx.query_one(sql, params![i64::from(year)])?.get(0)?)
}
