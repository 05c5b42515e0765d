//! What every command on a case begins with: who does it, whether they may, and what they saw.

use super::{find, find_as_seen, stream};
use crate::access::{Permission, Viewer};
use crate::app::App;
use crate::cases::rules::{self, Case, CaseEvent, Party};
use crate::ledger::{self, Actor, Recorded, Writer};
use crate::refusal::Refusal;
use crate::reports;
use crate::web::Expected;
use storage::Tx;
use vocabulary::CaseId;

/// As whom a viewer takes part.
pub(in crate::cases) fn party(viewer: &Viewer) -> Result<Party, Refusal> {
    match viewer {
        Viewer::Anonymous => Err(Refusal::SignIn),
        Viewer::Reporter(report) => Ok(Party::Reporter(report.clone())),
        Viewer::Account(person) => Ok(person.organisation.clone().map_or(Party::Centre, Party::Vendor)),
    }
}

/// Whether a viewer was in a case when it became part of another one, and held its embargo: what was
/// shared there before is for those who were there.
pub(crate) fn took_part(tx: &mut Tx<'_>, part: &CaseId, viewer: &Viewer) -> Result<bool, Refusal> {
    let (before, me) = (find(tx, part)?.state, party(viewer)?);
    Ok(before.has(&me) && before.embargo.may_read(&me.id()))
}

/// Runs a command on a case for a viewer who has the permission there and, where they say what they
/// saw of it, saw everything.
pub(in crate::cases) async fn act(
    app: &App,
    viewer: Viewer,
    id: &CaseId,
    permission: Permission,
    seen: Expected,
    command: impl FnOnce(&mut Writer<'_, '_>, &Actor, &CaseId, &Party) -> Result<(), Refusal> + Send + 'static,
) -> Result<(), Refusal> {
    let (actor, me) = (viewer.actor()?, party(&viewer)?);
    let (policies, wanted) = (app.policies.clone(), id.clone());
    let done = app.ledger.submit(move |w| {
        let now = w.now();
        let (case, resource) = find_as_seen(w.tx(), &wanted, now)?;
        policies.check(&viewer, permission, &resource)?;
        if seen.0.is_some() {
            seen.check(&tag(w.tx(), &wanted, &case, &me)?)?;
        }
        command(w, &actor, &wanted, &me)
    });
    done.await
}

/// Runs a command on the case around a report, for its reporter, who takes part in it.
pub(in crate::cases) async fn act_in_own(
    app: &App,
    viewer: Viewer,
    command: impl FnOnce(&mut Writer<'_, '_>, &Actor, &CaseId, &Party) -> Result<(), Refusal> + Send + 'static,
) -> Result<(), Refusal> {
    let Viewer::Reporter(report) = &viewer else { return Err(Refusal::NotFound) };
    let (report, actor, policies) = (report.clone(), viewer.actor()?, app.policies.clone());
    let done = app.ledger.submit(move |w| {
        let id = reports::received(w.tx(), &report)?.state.case.ok_or(Refusal::NotFound)?;
        let now = w.now();
        let (_, resource) = find_as_seen(w.tx(), &id, now)?;
        policies.check(&viewer, Permission::ParticipateInCase, &resource)?;
        command(w, &actor, &id, &Party::Reporter(report))
    });
    done.await
}

/// What tells a viewer's states of a case apart: how many events of it this viewer sees, so that
/// nothing is said about the others.
fn tag(tx: &mut Tx<'_>, id: &CaseId, case: &Case, me: &Party) -> Result<String, Refusal> {
    Ok(seen(tx, id, case, me)?.len().to_string())
}

/// What happened in a case, and in those that became part of it, that this participant may see, in
/// the order in which it happened.
pub(in crate::cases) fn seen(
    tx: &mut Tx<'_>,
    id: &CaseId,
    case: &Case,
    me: &Party,
) -> Result<Vec<(Recorded, CaseEvent)>, Refusal> {
    let mut seen = seen_here(tx, id, case, me)?;
    for part in &case.merged {
        // What was said there before is for those who were there.
        let before = find(tx, part)?.state;
        if before.has(me) {
            seen.extend(seen_here(tx, part, &before, me)?);
        }
    }
    seen.sort_by_key(|(recorded, _)| recorded.seq);
    Ok(seen)
}

fn seen_here(
    tx: &mut Tx<'_>,
    id: &CaseId,
    case: &Case,
    me: &Party,
) -> Result<Vec<(Recorded, CaseEvent)>, Refusal> {
    let may_read = case.embargo.may_read(&me.id());
    let mut seen = Vec::new();
    for recorded in ledger::events_of(tx, &stream(id))? {
        let event: CaseEvent = recorded.event()?;
        if rules::sees(me, may_read, &event) {
            seen.push((recorded, event));
        }
    }
    Ok(seen)
}
