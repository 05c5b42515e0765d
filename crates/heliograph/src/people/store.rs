//! All SQL about organisations.

use super::rules::{self, Mandate, OrganisationEvent, OrganisationState};
use crate::ledger::{Actor, Error, Recorded, Writer};
use crate::refusal::Refusal;
use storage::{Tx, params};
use vocabulary::OrganisationId;

/// An organisation as lists show it.
#[derive(Debug, Clone)]
pub(crate) struct Organisation {
    pub(crate) id: OrganisationId,
    pub(crate) name: String,
    pub(crate) mandate: Mandate,
}

fn stream(id: &OrganisationId) -> String {
    format!("organisation/{id}")
}

pub(super) fn apply(tx: &mut Tx<'_>, recorded: &Recorded) -> Result<(), Error> {
    let Some(id) = recorded.stream.strip_prefix("organisation/") else { return Ok(()) };
    let OrganisationEvent::Added { name, mandate } = recorded.event()?;
    let sql = "INSERT INTO organisations (id, name, mandate) VALUES ($1, $2, $3)";
    tx.execute(sql, params![id, name, mandate.name()])?;
    Ok(())
}

/// Adds an organisation to the list.
pub(crate) fn add(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    name: &str,
    mandate: Mandate,
) -> Result<OrganisationId, Refusal> {
    let events = rules::add(name, mandate)?;
    let id = OrganisationId::from_random(w.random());
    let mut state = w.load::<OrganisationState>(stream(&id))?;
    w.append(&mut state, actor, events)?;
    Ok(id)
}

fn read(row: &storage::Row) -> Result<Organisation, Refusal> {
    let (id, mandate): (String, String) = (row.get(0)?, row.get(2)?);
    let id = id.parse().map_err(|_| Refusal::Internal("a stored organisation id is unreadable".into()))?;
    Ok(Organisation { id, name: row.get(1)?, mandate: mandate.parse()? })
}

/// All organisations, by name.
pub(crate) fn organisations(tx: &mut Tx<'_>) -> Result<Vec<Organisation>, Refusal> {
    let sql = "SELECT id, name, mandate FROM organisations ORDER BY name, id";
    tx.query(sql, params![])?.iter().map(read).collect()
}

/// One organisation.
pub(crate) fn organisation(tx: &mut Tx<'_>, id: &OrganisationId) -> Result<Organisation, Refusal> {
    let sql = "SELECT id, name, mandate FROM organisations WHERE id = $1";
    tx.query_opt(sql, params![id.as_str()])?.as_ref().map_or(Err(Refusal::NotFound), read)
}
