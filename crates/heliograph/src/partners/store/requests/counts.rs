//! What is counted of requests: for the credit of partners, and for the public.

use crate::partners::rules::{self, Cases, Role};
use crate::refusal::Refusal;
use crate::vetting::{self, Eyes};
use jiff::Timestamp;
use std::collections::BTreeMap;
use storage::{Tx, params};

/// Of the requests that partners accepted in a window: how many are known to be in time or late, and how
/// many of them were in time. What was declined is not even looked at.
pub(in crate::partners::store) fn kept(
    tx: &mut Tx<'_>,
    from: Timestamp,
    to: Timestamp,
    of: &str,
) -> Result<BTreeMap<String, (i64, i64)>, Refusal> {
    let sql = "SELECT partner, CAST(COUNT(*) AS BIGINT),
                   CAST(SUM(CASE WHEN delivered IS NOT NULL AND delivered <= due THEN 1 ELSE 0 END) AS BIGINT)
               FROM partner_requests
               WHERE sent >= $1 AND sent <= $2 AND (partner = $3 OR $3 = '')
                   AND (delivered IS NOT NULL OR stage = 'accepted' AND due < $2) GROUP BY partner";
    let rows = tx.query(sql, params![from, to, of])?;
    rows.iter().map(|row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?)))).collect()
}

/// Business days after which each request of a window was answered; of one that waits, those so far. To
/// decline is to answer.
pub(in crate::partners::store) fn answered_days(
    tx: &mut Tx<'_>,
    from: Timestamp,
    to: Timestamp,
    of: &str,
) -> Result<Vec<(String, i64)>, Refusal> {
    let sql = "SELECT partner, sent, answered FROM partner_requests
               WHERE sent >= $1 AND sent <= $2 AND (partner = $3 OR $3 = '') AND (answered IS NOT NULL OR stage = 'sent')
               ORDER BY id";
    let rows = tx.query(sql, params![from, to, of])?;
    let days = |row: &storage::Row| {
        let (sent, answered): (Timestamp, Option<Timestamp>) = (row.get(1)?, row.get(2)?);
        Ok((row.get(0)?, rules::business_days(sent, answered.unwrap_or(to))))
    };
    rows.iter().map(days).collect()
}

/// Cases that partners supported: what they delivered in each was useful, its vendor was told, and it came to
/// an outcome in the window. A case counts once: what a partner found itself is not counted again.
pub(in crate::partners::store) fn supported(
    tx: &mut Tx<'_>,
    from: Timestamp,
    to: Timestamp,
    of: &str,
) -> Result<Vec<(String, Cases)>, Refusal> {
    let sql = "SELECT r.partner, r.outcome, CAST(COUNT(DISTINCT r.case_id) AS BIGINT) FROM partner_requests r
               WHERE r.useful = 1 AND r.told IS NOT NULL AND r.outcome_at >= $1 AND r.outcome_at <= $2
                   AND (r.partner = $3 OR $3 = '')
                   AND NOT EXISTS (SELECT 1 FROM partner_finds f WHERE f.partner = r.partner AND f.case_id = r.case_id)
               GROUP BY r.partner, r.outcome";
    let rows = tx.query(sql, params![from, to, of])?;
    let cases = |row: &storage::Row| {
        Ok((row.get(0)?, Cases { role: Role::Support, outcome: row.get(1)?, count: row.get(2)? }))
    };
    rows.iter().map(cases).collect()
}

/// What the public may know of the programme: partners by level, requests by where they stand.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Statistics {
    pub(crate) levels: BTreeMap<String, i64>,
    pub(crate) requests: BTreeMap<String, i64>,
    /// Of a hundred requests of the last year, how many went to the partner that got most.
    pub(crate) largest_share_percent: i64,
}

/// The same numbers for everybody: what is asked in a classified case is in none of them.
pub(in crate::partners) fn statistics(tx: &mut Tx<'_>, now: Timestamp) -> Result<Statistics, Refusal> {
    let sql = "SELECT COALESCE(level, ''), CAST(COUNT(*) AS BIGINT) FROM partners
               WHERE life IN ('active', 'probation', 'suspended') GROUP BY COALESCE(level, '')";
    let levels = counts(tx, sql, &[])?;
    let values = Eyes::of_nobody(now).values();
    let mut by = |column: &str| {
        let open = vetting::open_to("r.id", 1);
        let sql = format!(
            "SELECT {column}, CAST(COUNT(*) AS BIGINT) FROM partner_requests r WHERE {open} GROUP BY {column}"
        );
        counts(tx, &sql, &values)
    };
    let (requests, by_partner) = (by("r.stage")?, by("r.partner")?);
    let all: i64 = by_partner.values().sum();
    let most = by_partner.values().max().copied().unwrap_or_default();
    let largest_share_percent = if all == 0 { 0 } else { most * 100 / all };
    Ok(Statistics { levels, requests, largest_share_percent })
}

fn counts(tx: &mut Tx<'_>, sql: &str, values: &[storage::Value]) -> Result<BTreeMap<String, i64>, Refusal> {
    tx.query(sql, values)?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}
