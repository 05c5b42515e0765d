//! Commands on accreditations: load, decide, seal, append.

use super::{find, may_hold, resource, schemes, stream};
use crate::access::{Permission, Policies, Viewer};
use crate::accreditations::rules::{self, Accreditation, AccreditationEvent, Act, NewAccreditation};
use crate::app::App;
use crate::ledger::{Actor, Loaded, Writer};
use crate::refusal::Refusal;
use crate::web::Expected;
use storage::params;
use vocabulary::AccreditationId;

/// What comes along as evidence: names and bytes.
pub(in crate::accreditations) type Files = Vec<(String, Vec<u8>)>;

/// Registers an accreditation with its evidence, as an officer or as its holder.
pub(in crate::accreditations) async fn register(
    app: &App,
    viewer: &Viewer,
    permission: Permission,
    new: NewAccreditation,
    files: Files,
) -> Result<AccreditationId, Refusal> {
    check_files(0, &files)?;
    let (viewer, policies, actor) = (viewer.clone(), app.policies.clone(), viewer.actor()?);
    app.ledger
        .submit(move |w| {
            let id = AccreditationId::from_random(w.random());
            policies.check(&viewer, permission, &resource(w.tx(), id.as_str(), &new.holder)?)?;
            may_hold(w.tx(), &new.holder)?;
            let (now, place) = (w.now(), stream(&id));
            let event = rules::register(schemes()?, &new, now, &mut |text| w.seal(&place, text))?;
            let mut one: Loaded<Accreditation> = w.load(place.clone())?;
            let mut events = vec![event];
            for (name, bytes) in &files {
                events.push(evidence(w, &place, name, bytes)?);
            }
            w.append(&mut one, &actor, events)?;
            Ok(id)
        })
        .await
}

/// Accreditations of which people are reminded in one command.
const AT_ONCE: i64 = 100;

/// What time does: its holder and its keepers are reminded of an end, once for each step.
pub(crate) fn look_after(w: &mut Writer<'_, '_>) -> Result<(), Refusal> {
    let now = w.now();
    let sql = "SELECT id FROM accreditations WHERE next_reminder <= $1 ORDER BY next_reminder, id LIMIT $2";
    for row in w.tx().query(sql, params![now, AT_ONCE])? {
        let unreadable = |_| Refusal::Internal("a stored accreditation is unreadable".into());
        let id: AccreditationId = row.get::<String>(0)?.parse().map_err(unreadable)?;
        let mut one = find(w.tx(), &id)?;
        let reminder = one.state.reminder(now);
        w.append(&mut one, &Actor::System, reminder.into_iter().collect())?;
    }
    Ok(())
}

fn check_files(there: usize, files: &Files) -> Result<(), Refusal> {
    let mut numbered = files.iter().enumerate();
    numbered.try_for_each(|(at, (name, bytes))| rules::check_file(there + at, name, bytes.len()))
}

fn evidence(
    w: &mut Writer<'_, '_>,
    place: &str,
    name: &str,
    bytes: &[u8],
) -> Result<AccreditationEvent, Refusal> {
    let (name, file) = (w.seal(place, name.as_bytes())?, w.seal(place, bytes)?);
    Ok(AccreditationEvent::EvidenceAdded { name, file })
}

/// One that a viewer may change, and of which she saw all that happened.
fn checked(
    w: &mut Writer<'_, '_>,
    policies: &Policies,
    viewer: &Viewer,
    permission: Permission,
    id: &AccreditationId,
    seen: &Expected,
) -> Result<Loaded<Accreditation>, Refusal> {
    let one = find(w.tx(), id)?;
    let holder = one.state.holder.clone().ok_or(Refusal::NotFound)?;
    policies.check(viewer, permission, &resource(w.tx(), id.as_str(), &holder)?)?;
    seen.check(&one.version.to_string())?;
    Ok(one)
}

/// Does something with an accreditation. A holder gives it up, and looks nothing up.
pub(in crate::accreditations) async fn run(
    app: &App,
    viewer: &Viewer,
    permission: Permission,
    id: AccreditationId,
    seen: Expected,
    act: Act,
) -> Result<(), Refusal> {
    act.check()?;
    if permission == Permission::HoldAccreditations && matches!(act, Act::Check { .. }) {
        return Err(Refusal::invalid("act", "The centre looks it up, with whoever issued it."));
    }
    let (viewer, policies, actor) = (viewer.clone(), app.policies.clone(), viewer.actor()?);
    app.ledger
        .submit(move |w| {
            let mut one = checked(w, &policies, &viewer, permission, &id, &seen)?;
            let place = stream(&id);
            let event = rules::act(&one.state, &act, &mut |text| w.seal(&place, text))?;
            w.append(&mut one, &actor, vec![event])?;
            Ok(())
        })
        .await
}

/// Adds a file to an accreditation.
pub(in crate::accreditations) async fn add_file(
    app: &App,
    viewer: &Viewer,
    permission: Permission,
    id: AccreditationId,
    files: Files,
) -> Result<(), Refusal> {
    let (viewer, policies, actor) = (viewer.clone(), app.policies.clone(), viewer.actor()?);
    app.ledger
        .submit(move |w| {
            let mut one = checked(w, &policies, &viewer, permission, &id, &Expected(None))?;
            check_files(one.state.evidence.len(), &files)?;
            let place = stream(&id);
            for (name, bytes) in &files {
                let event = evidence(w, &place, name, bytes)?;
                w.append(&mut one, &actor, vec![event])?;
            }
            Ok(())
        })
        .await
}
