//! What the bench fills a centre with, recorded as any other fact.

use super::record;
use crate::deadlines::rules::{ClockEvent, Debtor};
use crate::ledger::{Actor, Writer};
use crate::refusal::Refusal;
use clocks::AnchorName;
use jiff::SignedDuration;
use storage::params;
use vocabulary::Instant;

/// A subject for the bench: a manufacturer's report with three running clocks, which are due within
/// the coming month, each number at an hour of its own. Called again, it states the same facts anew.
pub(crate) fn sample(w: &mut Writer<'_, '_>, number: u64) -> Result<(), Refusal> {
    let month = 30 * 24 * 3_600_000_000;
    let scattered = (number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20) % month;
    // A day ago at the earliest: the first warnings are due from now on.
    let at = w.now() - SignedDuration::from_hours(24) + SignedDuration::from_micros(scattered.cast_signed());
    let fact = |debtor, anchor| ClockEvent::FactRecorded {
        debtor,
        vendor: None,
        anchor,
        at: Instant::utc(at),
        evidence: "bench".into(),
    };
    let scope = ClockEvent::ScopeDeclared {
        debtor: Debtor::Reporter,
        actors: vec!["manufacturer".into()],
        triggers: vec!["actively_exploited_vulnerability".into()],
        jurisdictions: vec!["EU".into()],
        zone: "UTC".into(),
    };
    let facts =
        vec![scope, fact(Debtor::Reporter, AnchorName::Aware), fact(Debtor::Centre, AnchorName::Received)];
    record(w, &Actor::System, &format!("BENCH-R-2026-{number:07}"), facts)
}

/// Doubles the rows of the view, each copy a subject of its own a little later, without the journal:
/// a million rows the other way take an hour. Returns how many clocks run now.
pub(crate) fn double(w: &mut Writer<'_, '_>, round: u32) -> Result<i64, Refusal> {
    let name = format!("-{round}");
    let shift = SignedDuration::from_mins(7 * (i64::from(round) + 1)).as_micros();
    let shift = i64::try_from(shift).unwrap_or(0);
    let sql = "INSERT INTO subjects (subject, name, keeper) SELECT subject || $1, name, keeper FROM subjects";
    w.tx().execute(sql, params![&name])?;
    let sql =
        "INSERT INTO deadlines (subject, debtor, regarding, profile, duty, title, state, due, reference,
                   started, prompt, open_due, told, next_step)
               SELECT subject || $1, debtor, regarding, profile, duty, title, state, due + $2, reference,
                   started + $2, prompt, open_due + $2, told, next_step + $2 FROM deadlines";
    w.tx().execute(sql, params![&name, shift])?;
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM deadlines WHERE open_due IS NOT NULL";
    Ok(w.tx().query_one(sql, params![])?.get(0)?)
}
