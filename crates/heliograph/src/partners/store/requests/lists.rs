//! Lists of requests.

use crate::access::Viewer;
use crate::partners::store::{of_organisation, parsed};
use crate::refusal::Refusal;
use crate::vetting::{self, Eyes};
use jiff::Timestamp;
use storage::{Tx, params};
use vocabulary::{Page, PartnerId, RequestId};

/// A request as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct RequestRow {
    #[schema(value_type = String)]
    pub(crate) id: RequestId,
    #[schema(value_type = String)]
    pub(crate) partner: PartnerId,
    /// The partner's organisation.
    pub(crate) name: String,
    /// `evaluation_and_judgement`, `technical_seminar`, `data_analysis`, `event_support`.
    pub(crate) asks: String,
    pub(crate) purpose: String,
    /// `sent`, `accepted`, `declined`, `withdrawn`, `delivered`, `reviewed`.
    pub(crate) stage: String,
    #[schema(value_type = String)]
    pub(crate) sent: Timestamp,
    #[schema(value_type = String)]
    pub(crate) due: Timestamp,
}

/// One page of requests, of one partner or all, by what is due: open ones first.
pub(in crate::partners) fn requests(
    tx: &mut Tx<'_>,
    of: Option<&PartnerId>,
    page: Page,
    eyes: &Eyes,
) -> Result<Vec<RequestRow>, Refusal> {
    let sql = format!(
        "{ROW} WHERE (r.partner = $3 OR $3 = '') AND {}
         ORDER BY CASE WHEN r.stage IN ('sent', 'accepted') THEN 0 ELSE 1 END, r.due, r.id LIMIT $1 OFFSET $2",
        vetting::open_to("r.id", 4)
    );
    let of = of.map(ToString::to_string).unwrap_or_default();
    let mut values = params![page.limit(), page.offset(), of].to_vec();
    values.extend(eyes.values());
    tx.query(&sql, &values)?.iter().map(row).collect()
}

/// So many requests behind one of them, by number.
pub(in crate::partners) fn requests_behind(
    tx: &mut Tx<'_>,
    id: &str,
    count: i64,
    eyes: &Eyes,
) -> Result<Vec<RequestRow>, Refusal> {
    let open = vetting::open_to("r.id", 3);
    let sql = format!("{ROW} WHERE r.id > $1 AND {open} ORDER BY r.id LIMIT $2");
    let mut values = params![id, count].to_vec();
    values.extend(eyes.values());
    tx.query(&sql, &values)?.iter().map(row).collect()
}

const ROW: &str =
    "SELECT r.id, r.partner, o.name, r.asks, r.purpose, r.stage, r.sent, r.due FROM partner_requests r
     JOIN partners p ON p.id = r.partner JOIN organisations o ON o.id = p.organisation";

fn row(row: &storage::Row) -> Result<RequestRow, Refusal> {
    Ok(RequestRow {
        id: parsed(row.get(0)?)?,
        partner: parsed(row.get(1)?)?,
        name: row.get(2)?,
        asks: row.get(3)?,
        purpose: row.get(4)?,
        stage: row.get(5)?,
        sent: row.get(6)?,
        due: row.get(7)?,
    })
}

/// The partner of a request's list, for whoever speaks for it.
pub(in crate::partners) fn own_requests(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    page: Page,
    now: Timestamp,
) -> Result<Vec<RequestRow>, Refusal> {
    let organisation = viewer.organisation().ok_or(Refusal::NotFound)?;
    let eyes = vetting::eyes(tx, viewer, now)?;
    match of_organisation(tx, organisation)? {
        Some((id, _)) => requests(tx, Some(&id), page, &eyes),
        None => Ok(Vec::new()),
    }
}
