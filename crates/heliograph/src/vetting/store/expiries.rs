//! What lapses when. Whoever keeps other things that lapse adds them beside this list on the page.

use crate::access;
use crate::refusal::Refusal;
use jiff::Timestamp;
use storage::{Tx, params};
use vocabulary::Page;

/// Something that lapses.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Expiry {
    #[schema(value_type = String)]
    pub(crate) at: Timestamp,
    /// `clearance`, `briefing`, `confidentiality`, `review`, `membership`.
    pub(crate) what: String,
    /// Of which kind: a ladder and a level, or a case; empty otherwise.
    pub(crate) of: String,
    /// Id of the person, and what they are called.
    pub(crate) person: String,
    pub(crate) name: String,
}

/// One page of what lapses from an instant on, the soonest first.
pub(crate) fn expiries(tx: &mut Tx<'_>, from: Timestamp, page: Page) -> Result<Vec<Expiry>, Refusal> {
    let sql = "SELECT until AS at, 'clearance' AS what, scheme || '/' || level AS of_what, person
                   FROM clearances WHERE until > $1
               UNION ALL SELECT briefed_until, 'briefing', '', person FROM register WHERE briefed_until > $1
               UNION ALL SELECT nda_until, 'confidentiality', '', person FROM register WHERE nda_until > $1
               UNION ALL SELECT review, 'review', '', person FROM register WHERE review > $1
               UNION ALL SELECT until, 'membership', case_id, person FROM memberships WHERE until > $1
               ORDER BY 1, 2, 4, 3 LIMIT $2 OFFSET $3";
    let rows = tx.query(sql, params![from, page.limit(), page.offset()])?;
    let names = access::person_names(tx)?;
    let read = |row: &storage::Row| {
        let person: String = row.get(3)?;
        let name = names.get(&person).cloned().unwrap_or_else(|| person.clone());
        Ok(Expiry { at: row.get(0)?, what: row.get(1)?, of: row.get(2)?, person, name })
    };
    rows.iter().map(read).collect()
}
