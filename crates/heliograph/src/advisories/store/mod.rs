//! All SQL about advisories.

pub(in crate::advisories) mod commands;

use super::rules::{AdvisoryEvent, Published, Publishing};
use crate::ledger::{self, Error, Loaded, Recorded, load};
use crate::refusal::Refusal;
use formats::Advisory;
use storage::{Row, Tx, params};
use vocabulary::{CaseId, Page};

/// The stream of an advisory, named by its case.
pub(in crate::advisories) fn stream(id: &CaseId) -> String {
    format!("advisory/{id}")
}

/// Drafts are sealed with everything else of the case, and erased with it.
pub(in crate::advisories) fn compartment(id: &CaseId) -> String {
    format!("case/{id}")
}

/// Keeps `advisories`: one small row, made anew from the state at each event.
pub(in crate::advisories) fn apply(tx: &mut Tx<'_>, recorded: &Recorded) -> Result<(), Error> {
    let Some(id) = recorded.stream.strip_prefix("advisory/") else { return Ok(()) };
    let state = load::<Publishing>(tx, recorded.stream.clone())?.state;
    tx.execute("DELETE FROM advisories WHERE case_id = $1", params![id])?;
    let sql = "INSERT INTO advisories (case_id, revision, state, published_seq, published)
               VALUES ($1, $2, $3, $4, $5)";
    let out = state.published.as_ref();
    let (seq, at) = (out.map(|out| out.seq), out.map(|out| out.at));
    tx.execute(sql, params![id, i64::from(state.revision()), state.word(), seq, at])?;
    Ok(())
}

/// An advisory on its way; without any event, one that nobody has begun.
pub(in crate::advisories) fn find(tx: &mut Tx<'_>, id: &CaseId) -> Result<Loaded<Publishing>, Refusal> {
    Ok(load(tx, stream(id))?)
}

/// What the public has of a case; `NotFound` where that is nothing.
pub(in crate::advisories) fn published(tx: &mut Tx<'_>, id: &CaseId) -> Result<Published, Refusal> {
    let sql = "SELECT published_seq FROM advisories WHERE case_id = $1 AND published_seq IS NOT NULL";
    let row = tx.query_opt(sql, params![id.as_str()])?.ok_or(Refusal::NotFound)?;
    entry(tx, row.get(0)?)
}

/// One page of what was published, the latest first.
pub(in crate::advisories) fn list(tx: &mut Tx<'_>, page: Page) -> Result<Vec<Published>, Refusal> {
    let sql = "SELECT published_seq FROM advisories WHERE published_seq IS NOT NULL
               ORDER BY published_seq DESC LIMIT $1 OFFSET $2";
    let rows = tx.query(sql, params![page.limit(), page.offset()])?;
    rows.iter().map(|row: &Row| entry(tx, row.get(0)?)).collect()
}

/// Advisories read at a time by whoever follows what is published.
const PIECE: i64 = 500;

/// What was published after the entry `seq` (-1: all), oldest first: of each advisory its newest
/// revision, with the entry where it stands. At most 500 at a time; whoever follows calls again
/// with the last entry until nothing comes.
pub(crate) fn published_since(tx: &mut Tx<'_>, seq: i64) -> Result<Vec<(i64, Advisory)>, Refusal> {
    let sql = "SELECT published_seq FROM advisories WHERE published_seq > $1
               ORDER BY published_seq LIMIT $2";
    let rows = tx.query(sql, params![seq, PIECE])?;
    let pair = |row: &Row| {
        let found = entry(tx, row.get(0)?)?;
        Ok((found.seq, found.advisory))
    };
    rows.iter().map(pair).collect()
}

fn entry(tx: &mut Tx<'_>, seq: i64) -> Result<Published, Refusal> {
    let recorded = ledger::entry(tx, seq)?;
    match recorded.event()? {
        AdvisoryEvent::Published { revision, advisory, .. } => {
            Ok(Published { revision, seq, at: recorded.at, advisory: *advisory })
        }
        _ => Err(Refusal::Internal(format!("entry {seq} is not a published advisory"))),
    }
}
