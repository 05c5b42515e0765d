//! All SQL about requests to partners, and the commands that change them.

pub(super) mod acting;
pub(super) mod asking;
pub(super) mod counts;
pub(super) mod lists;
pub(super) mod opened;
pub(super) mod rows;

use super::{find, resource};
use crate::access::{Permission, Policies, Viewer};
use crate::accreditations::{self, Entitled};
use crate::ledger::{Loaded, Writer};
use crate::partners::rules::{Asked, Cleared};
use crate::refusal::Refusal;
use crate::vetting;
use jiff::Timestamp;
use storage::Tx;
use vocabulary::{OrganisationId, RequestId};

fn stream(id: &RequestId) -> String {
    format!("request/{id}")
}

/// A request for a viewer who may see it: a manager, or whoever speaks for its partner.
fn checked(
    w: &mut Writer<'_, '_>,
    policies: &Policies,
    viewer: &Viewer,
    permission: Permission,
    id: &RequestId,
) -> Result<Loaded<Asked>, Refusal> {
    let asked: Loaded<Asked> = w.load(stream(id))?;
    let partner = asked.state.partner.clone().ok_or(Refusal::NotFound)?;
    let state = find(w.tx(), &partner)?.state;
    policies.check(viewer, permission, &resource(&partner, &state))?;
    Ok(asked)
}

/// What accreditations permit the partner of a request now, for what is asked.
fn entitled(tx: &mut Tx<'_>, asked: &Asked, now: Timestamp) -> Result<Entitled, Refusal> {
    match (&asked.organisation, asked.asks) {
        (Some(organisation), Some(asks)) => accreditations::entitled(tx, organisation, asks.service(), now),
        _ => Err(Refusal::NotFound),
    }
}

/// How many of an organisation's people are cleared to what the work takes, now.
fn cleared(
    tx: &mut Tx<'_>,
    organisation: &OrganisationId,
    clearance: Option<&str>,
    now: Timestamp,
) -> Result<Cleared, Refusal> {
    let Some((scheme, level)) = clearance.and_then(|asked| asked.split_once('/')) else {
        return Ok(Cleared::NotAsked);
    };
    let persons = vetting::cleared_of(tx, organisation, (scheme, level), now)?;
    Ok(Cleared::To { words: vetting::pages::level_words(scheme, level), persons })
}
