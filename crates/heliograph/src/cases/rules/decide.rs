//! Decisions about a case: state and command in, events or a refusal out.

use super::event::{Audience, CaseEvent, MergedPart, Party};
use super::state::{Case, Vendor};
use crate::ledger::Item;
use crate::refusal::Refusal;
use cvd::cs;
use cvd::embargo::{Embargo, EmbargoEvent, Limit, Situation};
use cvd::interaction;
use cvd::rm::{ReportMove, ReportState};
use jiff::{SignedDuration, Timestamp};
use vocabulary::{CaseId, Instant, OrganisationId, ReportId};

/// How long an embargo may last in all, extensions included, and what the centre offers by default.
pub(crate) const EMBARGO_MAX_DAYS: u16 = 180;
pub(crate) const EMBARGO_DEFAULT_DAYS: i64 = 45;

type Decided = Result<Vec<CaseEvent>, Refusal>;

fn situation(case: &Case, now: Timestamp) -> Situation {
    Situation { now, case: case.flags(), limit: Limit::days(EMBARGO_MAX_DAYS) }
}

fn changes(events: Vec<EmbargoEvent>) -> Vec<CaseEvent> {
    events.into_iter().map(|change| CaseEvent::EmbargoChanged { change }).collect()
}

fn refused(refusal: &impl std::fmt::Display) -> Refusal {
    let mut text = refusal.to_string();
    if let Some(first) = text.get(..1).map(str::to_uppercase) {
        text.replace_range(..1, &first);
    }
    Refusal::conflict(format!("{text}."))
}

/// A case that can still change.
fn live(case: &Case) -> Result<(), Refusal> {
    match (&case.merged_into, case.closed, case.erased) {
        (None, false, false) => Ok(()),
        (Some(into), _, _) => {
            Err(Refusal::conflict(format!("This case became part of {into}; go on there.")))
        }
        _ => Err(Refusal::conflict("This case is closed.")),
    }
}

/// Opens a case on a report. The centre's published default embargo applies at once, unless the
/// flaw is public or exploited: then there is nothing to keep.
pub(crate) fn open(
    code_name: String,
    report: &ReportId,
    (public, exploited): (bool, bool),
    planned: Option<Timestamp>,
    now: Timestamp,
) -> Vec<CaseEvent> {
    let mut events = vec![CaseEvent::Opened { code_name, report: report.clone() }];
    for (seen, event) in [(public, cs::CaseEvent::PublicAware), (exploited, cs::CaseEvent::AttacksObserved)] {
        if seen {
            events.push(CaseEvent::StateObserved { event, at: Instant::utc(now), evidence: None });
        }
    }
    let mut case = folded(&events, now);
    let mut step = |case: &mut Case, more: Vec<EmbargoEvent>| {
        more.iter().for_each(|change| case.embargo.evolve(change));
        events.extend(changes(more));
    };
    for party in [Party::Centre, Party::Reporter(report.clone())] {
        let joined = case.embargo.add(&party.id(), now);
        step(&mut case, joined);
    }
    // The reporter's own plan is shorter than our default: the shortest proposal wins.
    let default = now + SignedDuration::from_hours(24 * EMBARGO_DEFAULT_DAYS);
    let end = planned.map_or(default, |planned| planned.min(default));
    let (centre, reporter) = (Party::Centre.id(), Party::Reporter(report.clone()).id());
    if let Ok(adopted) = case.embargo.adopt_default(&centre, &reporter, end, &situation(&case, now)) {
        step(&mut case, adopted);
    }
    events
}

/// The state that some first events give; they are not recorded yet.
fn folded(events: &[CaseEvent], now: Timestamp) -> Case {
    let mut case = Case { opened: now, ..Case::default() };
    for event in events {
        if let CaseEvent::StateObserved { event, .. } = event {
            case.public |= *event == cs::CaseEvent::PublicAware;
            case.attacks |= *event == cs::CaseEvent::AttacksObserved;
        }
    }
    case
}

/// What the passing of time and the state of the case do to the embargo. Called after every
/// command; it changes nothing twice.
pub(crate) fn settle(case: &Case, now: Timestamp) -> Vec<CaseEvent> {
    let mut embargo = case.embargo.clone();
    let mut events = embargo.expire(now);
    events.iter().for_each(|change| embargo.evolve(change));
    for change in embargo.observe(case.flags(), now) {
        embargo.evolve(&change);
        events.push(change);
    }
    let told = told_now(case, &embargo);
    changes(events).into_iter().chain(told).collect()
}

/// Invited vendors that the embargo no longer holds out get the report at this moment, and not
/// before: they accepted its terms, or it is over.
fn told_now(case: &Case, embargo: &Embargo) -> Vec<CaseEvent> {
    let waits = |vendor: &Vendor| vendor.told.is_none() && !vendor.left && vendor.rm == ReportState::Start;
    let waiting = case.vendors.iter().filter(|(_, vendor)| waits(vendor) && !case.closed);
    let free = waiting.filter(|(id, _)| embargo.may_read(&Party::Vendor((*id).clone()).id()));
    free.map(|(id, _)| CaseEvent::VendorTold { vendor: id.clone() }).collect()
}

/// Makes a case part of another one, when both turn out to be about one flaw. Participants are
/// united; of two embargoes the earlier end holds (Vultron, "merge: earliest date wins"), and who
/// has not agreed to hold that long is asked. Gives the events of the surviving case; the other one
/// gets [`CaseEvent::MergedInto`].
pub(crate) fn merge(
    (into_id, into): (&CaseId, &Case),
    (from_id, from): (&CaseId, &Case),
    now: Timestamp,
) -> Decided {
    if into_id == from_id {
        return Err(Refusal::invalid("into", "A case cannot become part of itself."));
    }
    live(from)?;
    live(into).map_err(|refusal| match refusal {
        Refusal::Conflict(reason) => Refusal::conflict(format!("{into_id} cannot take it in: {reason}")),
        other => other,
    })?;
    if from.published.is_some() {
        return Err(Refusal::conflict(
            "The advisory of this case is out, under its own number. Merge the other case into this one.",
        ));
    }
    let change = into.embargo.merge(&from.embargo, now).map_err(|refusal| refused(&refusal))?;
    let part = MergedPart {
        reports: from.reports.clone(),
        reporters_left: from.reporters_left.clone(),
        vendors: from.vendors.clone(),
        public: from.public,
        exploit_public: from.exploit_public,
        attacks: from.attacks,
        merged: from.merged.clone(),
    };
    let mut events = vec![CaseEvent::Merged { from: from_id.clone(), part: Box::new(part) }];
    events.extend(changes(change));
    Ok(events)
}

/// Adds a second report, from another reporter, to the case.
pub(crate) fn merge_check(case: &Case, report: &ReportId, now: Timestamp) -> Decided {
    live(case)?;
    if case.reports.contains(report) {
        return Err(Refusal::conflict("This report is already in the case."));
    }
    let mut events = vec![CaseEvent::ReportAdded { report: report.clone() }];
    events.extend(changes(case.embargo.add(&Party::Reporter(report.clone()).id(), now)));
    Ok(events)
}

/// Grades a case.
pub(crate) fn grade(
    case: &Case,
    scores: Vec<(String, f64)>,
    triage: Option<cvd::ssvc::DecisionRecord>,
) -> Decided {
    live(case)?;
    let highest = scores
        .iter()
        .map(|(_, score)| *score)
        .fold(None, |best: Option<f64>, score| Some(best.map_or(score, |best| best.max(score))));
    // CVSS scores have one decimal; tenths are exact.
    let tenths = highest.map(|score| (score * 10.0).round() as i64);
    Ok(vec![CaseEvent::Graded {
        vectors: scores.into_iter().map(|(vector, _)| vector).collect(),
        tenths,
        triage,
    }])
}

/// Invites a vendor. It sees the terms; the report follows when it accepts them, or at once where
/// no embargo holds.
pub(crate) fn invite(case: &Case, vendor: &OrganisationId, may_receive: bool, now: Timestamp) -> Decided {
    live(case)?;
    if !may_receive {
        return Err(Refusal::conflict(
            "This organisation has no defensive mandate on record, so it can receive nothing. \
             Establish its mandate first.",
        ));
    }
    if case.vendors.get(vendor).is_some_and(|known| !known.left) {
        return Err(Refusal::conflict("This vendor is already invited."));
    }
    let mut events = vec![CaseEvent::VendorInvited { vendor: vendor.clone() }];
    let joined = case.embargo.add(&Party::Vendor(vendor.clone()).id(), now);
    let mut embargo = case.embargo.clone();
    joined.iter().for_each(|change| embargo.evolve(change));
    events.extend(changes(joined));
    if embargo.may_read(&Party::Vendor(vendor.clone()).id()) {
        events.push(CaseEvent::VendorTold { vendor: vendor.clone() });
    }
    Ok(events)
}

/// An answer to terms: the embargo on the table or in force, or a revision of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Terms {
    Accept,
    Decline,
}

/// A participant accepts or declines the terms that it was offered.
pub(crate) fn answer(case: &Case, who: &Party, terms: Terms, now: Timestamp) -> Decided {
    live(case)?;
    there(case, who)?;
    let id = who.id();
    let revision = case.embargo.proposals().iter().find(|proposal| proposal.by != id).map(|p| p.by.clone());
    let in_force = case.embargo.state().in_force();
    let holds = case.embargo.has_accepted(&id);
    let decided = match (terms, revision.filter(|_| in_force && holds)) {
        (Terms::Accept, Some(of)) => case.embargo.accept_revision(&id, &of, &situation(case, now)),
        (Terms::Decline, Some(of)) => case.embargo.decline_revision(&id, &of, now),
        (Terms::Accept, None) => case.embargo.accept(&id, &situation(case, now)),
        (Terms::Decline, None) => case.embargo.decline(&id, now),
    };
    let decided = decided.map_err(|refusal| refused(&refusal))?;
    let mut embargo = case.embargo.clone();
    decided.iter().for_each(|change| embargo.evolve(change));
    let told = told_now(case, &embargo);
    Ok(changes(decided).into_iter().chain(told).collect())
}

/// Proposes an end: first terms, or a revision of terms in force.
pub(crate) fn propose(case: &Case, who: &Party, end: Timestamp, now: Timestamp) -> Decided {
    live(case)?;
    there(case, who)?;
    let id = who.id();
    let decided = if case.embargo.state().in_force() {
        case.embargo.revise(&id, end, &situation(case, now))
    } else {
        case.embargo.propose(&id, end, &situation(case, now))
    };
    decided.map(changes).map_err(|refusal| refused(&refusal))
}

/// Ends the embargo early, or keeps it although there is a reason to end it. A person decides.
pub(crate) fn bring_together(
    case: &Case,
    who: &Party,
    decision: Result<interaction::EndCause, cvd::embargo::KeepReason>,
    now: Timestamp,
) -> Decided {
    live(case)?;
    let decided = match decision {
        Ok(cause) => case.embargo.terminate(&who.id(), cause, now),
        Err(reason) => case.embargo.keep(&who.id(), reason, now),
    };
    decided.map(changes).map_err(|refusal| refused(&refusal))
}

/// Records what the world knows: the flaw is public, an exploit is, attacks were seen.
pub(crate) fn observe(case: &Case, event: cs::CaseEvent, at: Instant, evidence: Option<Item>) -> Decided {
    live(case)?;
    let known = match event {
        cs::CaseEvent::PublicAware => case.public,
        cs::CaseEvent::ExploitPublic => case.exploit_public,
        cs::CaseEvent::AttacksObserved => case.attacks,
        _ => return Err(Refusal::invalid("event", "This is about a vendor, not about the case.")),
    };
    if known {
        return Err(Refusal::conflict("This is on record already."));
    }
    Ok(vec![CaseEvent::StateObserved { event, at, evidence }])
}

/// Who takes part, and has not left.
fn there(case: &Case, who: &Party) -> Result<(), Refusal> {
    if case.has(who) { Ok(()) } else { Err(Refusal::NotFound) }
}

fn told<'a>(case: &'a Case, vendor: &OrganisationId) -> Result<&'a Vendor, Refusal> {
    let known = case.vendors.get(vendor).filter(|known| !known.left).ok_or(Refusal::NotFound)?;
    if known.told.is_none() {
        return Err(Refusal::conflict("Accept the embargo first: the report comes with it."));
    }
    Ok(known)
}

/// A vendor moves its report state.
pub(crate) fn report_move(case: &Case, vendor: &OrganisationId, step: ReportMove, now: Timestamp) -> Decided {
    live(case)?;
    let known = told(case, vendor)?;
    if step == ReportMove::Close {
        let bound = case.embargo.binds(&Party::Vendor(vendor.clone()).id(), now);
        interaction::may_close(case.embargo.state(), bound).map_err(|refusal| refused(&refusal))?;
    }
    known.rm.apply(step).map_err(|refusal| refused(&refusal))?;
    Ok(vec![CaseEvent::VendorMoved { vendor: vendor.clone(), step }])
}

/// A vendor reports its fix ready or deployed.
pub(crate) fn fix(case: &Case, vendor: &OrganisationId, event: cs::CaseEvent) -> Decided {
    live(case)?;
    let known = told(case, vendor)?;
    interaction::may_report_fix(known.rm).map_err(|refusal| refused(&refusal))?;
    let state = cs::CaseState { vendor: known.fix, pxa: case.pxa() };
    match event {
        cs::CaseEvent::FixReady | cs::CaseEvent::FixDeployed => {
            state.apply(event).map_err(|refusal| refused(&refusal))?;
            Ok(vec![CaseEvent::VendorFixed { vendor: vendor.clone(), event }])
        }
        _ => Err(Refusal::invalid("event", "Fix ready or fix deployed.")),
    }
}

/// A vendor states which versions are affected.
pub(crate) fn state_affected(case: &Case, vendor: &OrganisationId, statement: Item) -> Decided {
    live(case)?;
    told(case, vendor)?;
    Ok(vec![CaseEvent::StatementMade { vendor: vendor.clone(), statement }])
}

/// Somebody writes to participants.
pub(crate) fn speak(case: &Case, from: Party, to: Audience, text: Item) -> Decided {
    live(case)?;
    there(case, &from)?;
    if let Party::Vendor(vendor) = &from {
        told(case, vendor)?;
    }
    match (&from, &to) {
        // Participants reach the centre or everyone; between two of them the centre stands.
        (Party::Vendor(_) | Party::Reporter(_), Audience::Only(_)) => Err(Refusal::NotFound),
        (_, Audience::Only(party)) if !case.has(party) => {
            Err(Refusal::conflict("Whom this is for does not take part in this case."))
        }
        _ => Ok(vec![CaseEvent::MessageSent { from, to, text }]),
    }
}

/// A participant leaves: the reporter always, whatever the case's state. Nobody is asked, nothing
/// ends for the others. From this instant on the case is closed to whoever left.
pub(crate) fn leave(case: &Case, who: &Party, now: Timestamp) -> Decided {
    there(case, who)?;
    let mut events = changes(case.embargo.leave(&who.id(), now).unwrap_or_default());
    events.push(CaseEvent::ParticipantLeft { who: who.clone() });
    Ok(events)
}

/// The advisory went out.
pub(crate) fn published(case: &Case, revision: u32) -> Decided {
    live(case)?;
    Ok(vec![CaseEvent::Published { revision }])
}

/// Closes the case.
pub(crate) fn close(case: &Case, now: Timestamp) -> Decided {
    live(case)?;
    if case.embargo.holds(now) {
        return Err(Refusal::conflict(
            "An embargo holds. End it, or wait for its end, before closing the case.",
        ));
    }
    Ok(vec![CaseEvent::Closed {}])
}
