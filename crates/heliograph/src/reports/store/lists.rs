//! Lists of reports, and how many wait.

use super::parse;
use crate::deadlines;
use crate::refusal::Refusal;
use crate::vetting::{Eyes, open_to};
use jiff::Timestamp;
use storage::{Tx, params};
use vocabulary::{Page, ReportId};

/// A report as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) id: ReportId,
    pub(crate) received: Timestamp,
    pub(crate) state: String,
    pub(crate) exploited: bool,
    pub(crate) public: bool,
    pub(crate) case: Option<String>,
}

/// Which reports a list shows; all where nothing is asked.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Queue {
    pub(crate) state: Option<&'static str>,
    pub(crate) exploited: Option<bool>,
    pub(crate) public: Option<bool>,
    /// Received then or before.
    pub(crate) received_until: Option<Timestamp>,
}

/// Which of the waiting reports a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Waiting {
    All,
    /// Those that say the flaw is exploited.
    Exploited,
    /// Those that say it is public.
    Public,
}

impl Waiting {
    fn condition(self) -> &'static str {
        match self {
            Self::All => "state = 'received'",
            Self::Exploited => "state = 'received' AND exploited <> 0",
            Self::Public => "state = 'received' AND public <> 0",
        }
    }
}

/// How many reports wait for triage, at most one more than [`deadlines::COUNT_MAX`].
pub(crate) fn waiting_count(tx: &mut Tx<'_>, which: Waiting) -> Result<i64, Refusal> {
    let sql = format!(
        "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 FROM reports WHERE {} LIMIT $1) q",
        which.condition()
    );
    Ok(tx.query_one(&sql, params![deadlines::COUNT_MAX + 1])?.get(0)?)
}

/// Reports that wait for triage, longest first.
pub(crate) fn waiting(tx: &mut Tx<'_>, which: Waiting, page: Page) -> Result<Vec<Row>, Refusal> {
    let queue = Queue { state: Some("received"), ..Queue::default() };
    let queue = match which {
        Waiting::All => queue,
        Waiting::Exploited => Queue { exploited: Some(true), ..queue },
        Waiting::Public => Queue { public: Some(true), ..queue },
    };
    // What waits is in no case yet.
    list(tx, queue, page, &Eyes::of_the_centre(Timestamp::UNIX_EPOCH))
}

/// A condition on a column of yes and no.
fn is(column: &str, wanted: Option<bool>) -> String {
    wanted.map_or("1 = 1".into(), |wanted| format!("{column} = {}", i64::from(wanted)))
}

/// One page of reports: what is exploited first, then what waits longest.
pub(in crate::reports) fn list(
    tx: &mut Tx<'_>,
    queue: Queue,
    page: Page,
    eyes: &Eyes,
) -> Result<Vec<Row>, Refusal> {
    let (exploited, public) = (is("exploited", queue.exploited), is("public", queue.public));
    let state = if queue.state.is_some() { "state = $3" } else { "$3 = ''" };
    let sql = format!(
        "SELECT id, received, state, exploited, public, case_id FROM reports
         WHERE {state} AND received <= $4 AND {exploited} AND {public} AND {}
         ORDER BY exploited DESC, received, id LIMIT $1 OFFSET $2",
        open_to("reports.id", 5)
    );
    let until = queue.received_until.map_or(i64::MAX, Timestamp::as_microsecond);
    let mut values = params![page.limit(), page.offset(), queue.state.unwrap_or_default(), until].to_vec();
    values.extend(eyes.values());
    let rows = tx.query(&sql, &values)?;
    let row = |row: &storage::Row| {
        Ok(Row {
            id: parse(row.get(0)?)?,
            received: row.get(1)?,
            state: row.get(2)?,
            exploited: row.get(3)?,
            public: row.get(4)?,
            case: row.get(5)?,
        })
    };
    rows.iter().map(row).collect()
}
