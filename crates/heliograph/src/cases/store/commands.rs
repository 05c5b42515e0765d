//! Commands on a case: load, decide, append, and what follows for clocks and reports.

use crate::cases::rules::{self, Audience, Case, CaseEvent, Grading, Party, Statement, Terms};
use crate::cases::store;
use crate::deadlines::{self, ClockEvent, Debtor};
use crate::ledger::{Actor, Loaded, Writer};
use crate::refusal::Refusal;
use crate::vetting;
use crate::{people, reports};
use clocks::AnchorName;
use cvd::cs;
use cvd::embargo::KeepReason;
use cvd::interaction::EndCause;
use cvd::rm::ReportMove;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use vocabulary::{CaseId, Instant, OrganisationId, ReportId};

/// Days after publication at which exploit material is deleted.
pub(crate) const EXPLOIT_DAYS: i64 = 30;

/// Characters of a piece of evidence, at most.
const EVIDENCE_MAX: usize = 10_000;

/// Appends what was decided and what time and state make of the embargo.
fn change(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    case: &mut Loaded<Case>,
    events: Vec<CaseEvent>,
) -> Result<(), Refusal> {
    w.append(case, actor, events)?;
    let settled = rules::settle(&case.state, w.now());
    w.append(case, &Actor::System, settled)?;
    Ok(())
}

/// Accepts a report: into a new case, or into an existing one.
pub(in crate::cases) fn accept(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    report: &ReportId,
    into: Option<&CaseId>,
    prefix: &str,
) -> Result<CaseId, Refusal> {
    let now = w.now();
    let received = reports::received(w.tx(), report)?.state;
    let id = match into {
        Some(id) => {
            if !vetting::may_open(w.tx(), actor, id.as_str(), now)? {
                return Err(Refusal::NotFound);
            }
            let mut case = store::find(w.tx(), id)?;
            let events = rules::merge_check(&case.state, report, now)?;
            reports::accept(w, actor, report, id)?;
            change(w, actor, &mut case, events)?;
            return Ok(id.clone());
        }
        None => {
            let year = now.to_zoned_datetime(TimeZone::UTC).year();
            store::next_id(w.tx(), prefix, year)?
        }
    };
    reports::accept(w, actor, report, &id)?;
    let planned = received.planned.map(|planned| planned.at);
    let known = (received.public, received.exploited);
    let events = rules::open(rules::code_name(w.random()), report, known, planned, now);
    let mut case: Loaded<Case> = w.load(store::stream(&id))?;
    change(w, actor, &mut case, events)?;
    let accepted = fact(None, AnchorName::Accepted, now, "report accepted by a coordinator");
    let received = fact(None, AnchorName::Received, received.received, "signed receipt of the report");
    let acknowledged = ClockEvent::Filed {
        debtor: Debtor::Centre,
        duty: "centre/acknowledge".into(),
        at: Instant::utc(now),
        evidence: "report accepted by a person".into(),
    };
    let named = ClockEvent::SubjectNamed { name: case.state.code_name.clone() };
    deadlines::record(w, actor, id.as_str(), vec![named, received, accepted, acknowledged])?;
    Ok(id)
}

fn fact(vendor: Option<OrganisationId>, anchor: AnchorName, at: Timestamp, evidence: &str) -> ClockEvent {
    ClockEvent::FactRecorded {
        debtor: Debtor::Centre,
        vendor,
        anchor,
        at: Instant::utc(at),
        evidence: evidence.to_owned(),
    }
}

/// Invites vendors, all of them or none. `concerned` is since when they are known to be concerned, where
/// somebody says so; without it, a vendor that joins after the first is known since now.
pub(in crate::cases) fn invite(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &CaseId,
    vendors: &[OrganisationId],
    concerned: Option<&Instant>,
) -> Result<(), Refusal> {
    let now = w.now();
    if concerned.is_some_and(|since| since.at > now) {
        return Err(Refusal::invalid(
            "concerned_since",
            "This lies in the future. Say since when it is known.",
        ));
    }
    let mut case = store::find(w.tx(), id)?;
    let may_receive = vendors.iter().map(|vendor| may_receive(w, vendor)).collect::<Result<Vec<_>, _>>()?;
    let mut clocks = Vec::new();
    for (vendor, may_receive) in vendors.iter().zip(may_receive) {
        // One that comes back was told when it came first.
        let is_new = !case.state.vendors.contains_key(vendor);
        let events = rules::invite(&case.state, vendor, may_receive, now)?;
        change(w, actor, &mut case, events)?;
        if is_new {
            clocks.extend(told(vendor, concerned, now));
        }
    }
    deadlines::record(w, actor, id.as_str(), clocks)
}

fn may_receive(w: &mut Writer<'_, '_>, vendor: &OrganisationId) -> Result<bool, Refusal> {
    match people::organisation(w.tx(), vendor) {
        Err(Refusal::NotFound) => {
            Err(Refusal::invalid("organisations", format!("There is no organisation {vendor}.")))
        }
        found => Ok(found?.mandate.may_receive()),
    }
}

/// The invitation tells the vendor that there is a flaw and lets it open the report: what we owe is
/// done. Whether it opens the report is the vendor's to decide, and its silence is shown.
fn told(vendor: &OrganisationId, concerned: Option<&Instant>, now: Timestamp) -> Vec<ClockEvent> {
    let of_vendor = |anchor, at, evidence| fact(Some(vendor.clone()), anchor, at, evidence);
    let stated = concerned.map(|since| {
        of_vendor(AnchorName::VendorIdentified, since.at, "stated by whoever sent the invitation")
    });
    let added = ClockEvent::VendorAdded { vendor: vendor.clone() };
    let told = of_vendor(AnchorName::VendorNotified, now, "invited to the case and its report");
    [Some(added), stated, Some(told)].into_iter().flatten().collect()
}

/// Makes a case part of another: reports, participants, statements and clocks go along.
pub(in crate::cases) fn merge(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    from_id: &CaseId,
    into_id: &CaseId,
) -> Result<(), Refusal> {
    let now = w.now();
    let unknown = || Refusal::invalid("into", "There is no case with this number.");
    let mut into = store::find(w.tx(), into_id).map_err(|_| unknown())?;
    if !vetting::may_open(w.tx(), actor, into_id.as_str(), now)? {
        return Err(unknown());
    }
    let mut from = store::find(w.tx(), from_id)?;
    vetting::check_merge(w, from_id, into_id)?;
    let events = rules::merge((into_id, &into.state), (from_id, &from.state), now)?;
    for report in &from.state.reports {
        reports::move_to(w, actor, report, into_id)?;
    }
    deadlines::merge(w, actor, from_id.as_str(), into_id.as_str())?;
    w.append(&mut from, actor, vec![CaseEvent::MergedInto { into: into_id.clone() }])?;
    change(w, actor, &mut into, events)
}

/// A command that only decides and appends.
fn simple(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &CaseId,
    decide: impl FnOnce(&Case, Timestamp) -> Result<Vec<CaseEvent>, Refusal>,
) -> Result<(), Refusal> {
    let now = w.now();
    let mut case = store::find(w.tx(), id)?;
    let events = decide(&case.state, now)?;
    change(w, actor, &mut case, events)
}

/// Accepts or declines the terms on offer.
pub(in crate::cases) fn answer(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &CaseId,
    who: &Party,
    terms: Terms,
) -> Result<(), Refusal> {
    simple(w, actor, id, |case, now| rules::answer(case, who, terms, now))
}

/// Proposes when the embargo should end.
pub(in crate::cases) fn propose(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &CaseId,
    who: &Party,
    end: Timestamp,
) -> Result<(), Refusal> {
    simple(w, actor, id, |case, now| rules::propose(case, who, end, now))
}

/// Ends the embargo early, or keeps it, by a person's decision.
pub(in crate::cases) fn end_or_keep(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &CaseId,
    decision: Result<EndCause, KeepReason>,
) -> Result<(), Refusal> {
    simple(w, actor, id, |case, now| rules::bring_together(case, &Party::Centre, decision, now))
}

/// Records what the world knows. On attacks, the manufacturer's clocks wait for its own word.
pub(in crate::cases) fn observe(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &CaseId,
    event: cs::CaseEvent,
    at: Instant,
    evidence: &str,
) -> Result<(), Refusal> {
    if at.at > w.now() {
        return Err(Refusal::invalid("at", "This lies in the future."));
    }
    if evidence.chars().count() > EVIDENCE_MAX {
        return Err(Refusal::invalid("evidence", format!("At most {EVIDENCE_MAX} characters, please.")));
    }
    let evidence = match evidence.trim() {
        "" => None,
        text => Some(w.seal(&store::compartment(id), text.as_bytes())?),
    };
    simple(w, actor, id, |case, _| rules::observe(case, event, at, evidence))
}

/// Grades a case with CVSS vectors and SSVC.
pub(in crate::cases) fn grade(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &CaseId,
    grading: Grading,
) -> Result<(), Refusal> {
    let (scores, triage) = rules::graded(grading)?;
    simple(w, actor, id, |case, _| rules::grade(case, scores, triage))
}

/// Moves a vendor's report state.
pub(in crate::cases) fn report_move(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &CaseId,
    vendor: &OrganisationId,
    step: ReportMove,
) -> Result<(), Refusal> {
    simple(w, actor, id, |case, now| rules::report_move(case, vendor, step, now))
}

/// Records a fix as ready or deployed.
pub(in crate::cases) fn fix(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &CaseId,
    vendor: &OrganisationId,
    event: cs::CaseEvent,
) -> Result<(), Refusal> {
    simple(w, actor, id, |case, _| rules::fix(case, vendor, event))
}

/// Seals and records a vendor's statement.
pub(in crate::cases) fn state_affected(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &CaseId,
    vendor: &OrganisationId,
    statement: &Statement,
) -> Result<(), Refusal> {
    statement.check()?;
    let bytes = serde_json::to_vec(statement).map_err(|error| Refusal::Internal(error.to_string()))?;
    if bytes.len() > 200_000 {
        return Err(Refusal::TooLarge("A statement takes at most 200,000 bytes.".into()));
    }
    let item = w.seal(&store::compartment(id), &bytes)?;
    simple(w, actor, id, |case, _| rules::state_affected(case, vendor, item))
}

/// Seals and sends a message.
pub(in crate::cases) fn speak(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &CaseId,
    from: Party,
    to: Audience,
    text: &str,
) -> Result<(), Refusal> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 20_000 {
        return Err(Refusal::invalid("message", "Between 1 and 20,000 characters."));
    }
    let item = w.seal(&store::compartment(id), text.as_bytes())?;
    simple(w, actor, id, |case, _| rules::speak(case, from, to, item))
}

/// A participant leaves the case.
pub(in crate::cases) fn leave(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &CaseId,
    who: &Party,
) -> Result<(), Refusal> {
    simple(w, actor, id, |case, now| rules::leave(case, who, now))
}

/// Closes a case. What of it was to be published and was not is owed no longer.
pub(in crate::cases) fn close(w: &mut Writer<'_, '_>, actor: &Actor, id: &CaseId) -> Result<(), Refusal> {
    simple(w, actor, id, rules::close)?;
    deadlines::close_unpublished(w, actor, id.as_str())
}

/// What goes out.
pub(crate) struct PublishedAs {
    pub(crate) revision: u32,
}

/// The advisory of a case went out: the flaw is public, its embargo ends by rule, clocks go on or
/// close as their profiles say, and every reporter is told.
pub(crate) fn publish(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    id: &CaseId,
    published: &PublishedAs,
) -> Result<(), Refusal> {
    let now = w.now();
    simple(w, actor, id, |case, _| rules::published(case, published.revision))?;
    let public = fact(None, AnchorName::Publication, now, "advisory published by the centre");
    deadlines::record(w, actor, id.as_str(), vec![public])?;
    for report in store::reports_of(w.tx(), id)? {
        reports::mark_published(w, actor, &report, id)?;
    }
    Ok(())
}

/// Records the ends of embargoes whose time has come.
pub(crate) fn expire_embargoes(w: &mut Writer<'_, '_>) -> Result<(), Refusal> {
    let now = w.now();
    for id in store::run_out(w.tx(), now)? {
        let mut case = store::find(w.tx(), &id)?;
        let settled = rules::settle(&case.state, now);
        w.append(&mut case, &Actor::System, settled)?;
    }
    Ok(())
}

/// Deletes exploit material of cases that have been public long enough (ARCHITECTURE, never built 8).
pub(crate) fn purge_exploits(w: &mut Writer<'_, '_>) -> Result<(), Refusal> {
    let before = w.now() - SignedDuration::from_hours(24 * EXPLOIT_DAYS);
    for report in store::published_before(w.tx(), before)? {
        reports::purge_exploit(w, &report)?;
    }
    Ok(())
}

/// Erases a closed case and its reports: their keys are destroyed, their entries stay.
pub(in crate::cases) fn erase(w: &mut Writer<'_, '_>, actor: &Actor, id: &CaseId) -> Result<(), Refusal> {
    let mut case = store::find(w.tx(), id)?;
    if let Some(into) = &case.state.merged_into {
        return Err(Refusal::conflict(format!("This case became part of {into} and is erased with it.")));
    }
    if !case.state.closed {
        return Err(Refusal::conflict("Close the case before erasing it."));
    }
    if case.state.erased {
        return Err(Refusal::conflict("This case is erased already."));
    }
    for report in &case.state.reports {
        reports::erase(w, actor, report)?;
    }
    for part in std::iter::once(id).chain(&case.state.merged) {
        w.erase(&store::compartment(part))?;
    }
    w.append(&mut case, actor, vec![CaseEvent::Erased {}])?;
    Ok(())
}
