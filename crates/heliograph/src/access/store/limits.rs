//! Limits on attempts, and what is forgotten in time.

use crate::ledger::Writer;
use crate::refusal::Refusal;
use jiff::{SignedDuration, Timestamp};
use storage::params;

/// A limit on attempts, as its refusal names it.
pub(crate) struct Limit {
    /// What is counted.
    pub(crate) what: &'static str,
    pub(crate) count_max: i64,
    pub(crate) minutes: i64,
}

/// Counts an attempt in a bucket and refuses beyond the limit. A bucket is of one network address or
/// of one account, so that nobody can use up what is another's.
pub(crate) fn count_attempt(w: &mut Writer<'_, '_>, bucket: &str, limit: &Limit) -> Result<(), Refusal> {
    let (now, window) = (w.now(), SignedDuration::from_mins(limit.minutes));
    let row = w.tx().query_opt("SELECT count, since FROM attempts WHERE bucket = $1", params![bucket])?;
    let (count, since) = match row {
        Some(row) => (row.get::<i64>(0)?, row.get::<Timestamp>(1)?),
        None => (0, now),
    };
    let passed = now.duration_since(since);
    let (count, since) = if passed > window { (0, now) } else { (count, since) };
    if count >= limit.count_max {
        let seconds = u32::try_from((window - passed).as_secs().clamp(1, 86_400)).unwrap_or(60);
        let Limit { what, count_max, minutes } = limit;
        return Err(Refusal::TooMany {
            limit: format!("At most {count_max} {what} in {minutes} minutes"),
            seconds,
        });
    }
    let sql = "INSERT INTO attempts (bucket, count, since) VALUES ($1, $2, $3)
               ON CONFLICT (bucket) DO UPDATE SET count = excluded.count, since = excluded.since";
    w.tx().execute(sql, params![bucket, count + 1, since])?;
    Ok(())
}

/// Whoever succeeded has used up nothing.
pub(in crate::access) fn forget_attempts(w: &mut Writer<'_, '_>, bucket: &str) -> Result<(), Refusal> {
    w.tx().execute("DELETE FROM attempts WHERE bucket = $1", params![bucket])?;
    Ok(())
}

/// Forgets what has expired.
pub(crate) fn sweep(w: &mut Writer<'_, '_>) -> Result<(), Refusal> {
    let now = w.now();
    for table in ["sessions", "tokens", "invitations", "drafts"] {
        w.tx().execute(&format!("DELETE FROM {table} WHERE expires <= $1"), params![now])?;
    }
    let day_ago = now - SignedDuration::from_hours(24);
    w.tx().execute("DELETE FROM attempts WHERE since < $1", params![day_ago])?;
    Ok(())
}
