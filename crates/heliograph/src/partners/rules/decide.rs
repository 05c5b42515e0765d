//! Who may do what to a partner, and when. Pure.

use super::act::{ManagerAct, PartnerAct, is_complete};
use super::credit::{Counted, Reach};
use super::duties;
use super::event::{Found, PartnerEvent};
use super::life::Life;
use super::programmes::{self, Marks};
use super::review;
use super::state::Partner;
use crate::ledger::{Error, Item};
use crate::refusal::Refusal;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use std::collections::HashMap;
use vocabulary::{AccountId, ReportId};

/// Who acts and what else a decision needs to know.
pub(crate) struct Given<'a> {
    pub(crate) by: &'a AccountId,
    /// The person behind each account.
    pub(crate) persons: &'a HashMap<String, String>,
    pub(crate) now: Timestamp,
    /// What counts for the partner, where it is reviewed.
    pub(crate) counted: &'a Counted,
}

impl Given<'_> {
    /// Whether two accounts are one person; one that nobody knows is a person of its own.
    fn is_same(&self, one: &AccountId, other: &AccountId) -> bool {
        let person = |account: &AccountId| self.persons.get(account.as_str()).map(String::as_str);
        one == other || (person(one).is_some() && person(one) == person(other))
    }

    fn is_among<'b>(&self, mut accounts: impl Iterator<Item = &'b AccountId>) -> bool {
        accounts.any(|account| self.is_same(self.by, account))
    }
}

/// Seals words and gives what the event holds instead.
pub(crate) type Seal<'a> = dyn FnMut(&[u8]) -> Result<Item, Error> + 'a;

fn cannot(partner: &Partner) -> Refusal {
    Refusal::conflict(format!(
        "This cannot be done now: it stands at \"{}\". Nothing was changed.",
        partner.life.name()
    ))
}

/// Decides what a manager asks for.
pub(crate) fn manage(
    partner: &Partner,
    act: &ManagerAct,
    given: &Given<'_>,
    marks: &[Marks],
    seal: &mut Seal<'_>,
) -> Result<PartnerEvent, Refusal> {
    act.check()?;
    if let Some(step) = act.step() {
        partner.life.after(step).ok_or_else(|| cannot(partner))?;
    }
    let until = |days: u32| (given.now + SignedDuration::from_hours(24 * i64::from(days))).as_second();
    Ok(match act {
        ManagerAct::Invite { organisation, programme } => {
            programmes::admitting(programme)?;
            PartnerEvent::Invited { organisation: organisation.clone(), programme: programme.clone() }
        }
        ManagerAct::NameAssessors { assessors } => {
            if given.is_same(&assessors[0], &assessors[1]) {
                return Err(Refusal::invalid("assessors", "Two persons, not two accounts of one."));
            }
            PartnerEvent::AssessorsNamed { assessors: assessors.clone() }
        }
        ManagerAct::Decide { admit, reasons } => {
            let (level, found) = decided(partner, *admit, given, marks)?;
            PartnerEvent::Decided { admitted: *admit, level, found, reasons: seal(reasons.as_bytes())? }
        }
        ManagerAct::DecideAppeal { uphold, level, reasons } => {
            let level = appeal_decided(partner, *uphold, level, given)?;
            PartnerEvent::AppealDecided { upheld: *uphold, level, reasons: seal(reasons.as_bytes())? }
        }
        ManagerAct::OfferContract { services, hours, terms } => {
            let mut services = services.clone();
            services.sort();
            services.dedup();
            PartnerEvent::ContractOffered { services, hours: *hours, terms: seal(terms.as_bytes())? }
        }
        ManagerAct::Activate {} => {
            PartnerEvent::Activated { until: valid_until(partner, given.now)?.as_second() }
        }
        ManagerAct::ReviewAlert { .. }
        | ManagerAct::StateFact { .. }
        | ManagerAct::RevokeCertificate { .. } => noted(partner, act, seal)?,
        ManagerAct::Review {} => reviewed(partner, given)?,
        ManagerAct::Warn { days, reasons } => {
            PartnerEvent::Warned { until: until(*days), reasons: seal(reasons.as_bytes())? }
        }
        ManagerAct::Suspend { reasons } => PartnerEvent::Suspended { reasons: seal(reasons.as_bytes())? },
        ManagerAct::Reinstate { reasons } => PartnerEvent::Reinstated { reasons: seal(reasons.as_bytes())? },
        ManagerAct::TurnAway { .. } if !matches!(partner.life, Life::Enquiry | Life::Invited) => {
            return Err(cannot(partner));
        }
        ManagerAct::TurnAway { reasons } | ManagerAct::End { reasons } => {
            PartnerEvent::Ended { cause: act.ending(), reasons: Some(seal(reasons.as_bytes())?) }
        }
    })
}

/// The level is what the criteria say of what both assessors found; whoever assessed does not decide.
fn decided(
    partner: &Partner,
    admit: bool,
    given: &Given<'_>,
    marks: &[Marks],
) -> Result<(Option<String>, Vec<Found>), Refusal> {
    if given.is_among(partner.assessors.iter()) {
        return Err(Refusal::conflict("Whoever assessed it does not decide about it: another manager does."));
    }
    let programme = &programmes::admitting(&partner.programme)?.programme;
    let record = programmes::of_the_record(partner, given.now);
    let (level, found) = programmes::together(programme, marks, &record)?;
    match (admit, level) {
        (false, _) => Ok((None, found)),
        (true, Some(level)) => Ok((Some(level), found)),
        (true, None) => {
            let lacking = found.iter().filter(|found| found.result != super::event::Verdict::Met);
            let mut names: Vec<&str> = lacking.map(|found| found.criterion.as_str()).collect();
            names.dedup();
            Err(Refusal::conflict(format!(
                "No level's criteria are all met, so it cannot be admitted. Look at: {}.",
                names.join(", ")
            )))
        }
    }
}

fn appeal_decided(
    partner: &Partner,
    uphold: bool,
    level: &str,
    given: &Given<'_>,
) -> Result<Option<String>, Refusal> {
    if partner.appeal.is_none() {
        return Err(Refusal::conflict("No appeal waits here."));
    }
    let judges = partner.appealable.iter().flatten().chain(&partner.assessors);
    if given.is_among(judges) {
        return Err(Refusal::conflict("Whoever assessed or decided before does not decide the appeal."));
    }
    let programme = &programmes::admitting(&partner.programme)?.programme;
    match (uphold, level.trim()) {
        (false, _) => Ok(None),
        (true, level) if programme.levels.iter().any(|known| known == level) => Ok(Some(level.to_owned())),
        (true, _) => Err(Refusal::invalid(
            "level",
            format!("An upheld appeal names the level: {}.", programme.levels.join(", ")),
        )),
    }
}

/// What the centre notes of a partner: its word on an alert, or a number.
fn noted(partner: &Partner, act: &ManagerAct, seal: &mut Seal<'_>) -> Result<PartnerEvent, Refusal> {
    match act {
        ManagerAct::ReviewAlert { number, timely, confirmed, severity, feedback } => {
            let alert = partner.alerts.get(number).ok_or(Refusal::NotFound)?;
            if alert.review.is_some() {
                return Err(Refusal::conflict("This alert is reviewed already."));
            }
            let (number, timely, confirmed, severity) = (*number, *timely, *confirmed, *severity);
            let feedback = seal(feedback.as_bytes())?;
            Ok(PartnerEvent::AlertReviewed { number, timely, confirmed, severity, feedback })
        }
        ManagerAct::StateFact { fact, value, evidence } => {
            let known = review::stateable(partner);
            if !known.contains(fact) {
                let known = known.join(", ");
                return Err(Refusal::invalid("fact", format!("The review asks for {known}.")));
            }
            let evidence = seal(evidence.as_bytes())?;
            Ok(PartnerEvent::FactStated { fact: fact.clone(), value: *value, evidence })
        }
        ManagerAct::RevokeCertificate { reasons } => {
            if partner.certificates.values().all(|one| one.revoked.is_some()) {
                return Err(Refusal::conflict("It has no certificate that holds."));
            }
            Ok(PartnerEvent::CertificateRevoked { reasons: seal(reasons.as_bytes())? })
        }
        _ => Err(cannot(partner)),
    }
}

/// A new certificate, where what was done calls for one: it becomes a partner, it is reinstated or
/// reviewed, or an appeal gave it another level.
pub(crate) fn certified(partner: &Partner, act: &ManagerAct, serial: String) -> Option<PartnerEvent> {
    let calls = matches!(
        act,
        ManagerAct::Activate {}
            | ManagerAct::Reinstate { .. }
            | ManagerAct::Review {}
            | ManagerAct::DecideAppeal { uphold: true, .. }
    );
    let in_standing = matches!(partner.life, Life::Active | Life::Probation);
    let (level, until) = (partner.level.clone()?, partner.until?);
    (calls && in_standing).then(|| PartnerEvent::Certified { serial, level, until: until.as_second() })
}

/// The yearly review of one partner: what its record comes to, and what follows.
pub(crate) fn reviewed(partner: &Partner, given: &Given<'_>) -> Result<PartnerEvent, Refusal> {
    if !matches!(partner.life, Life::Active | Life::Probation) {
        return Err(cannot(partner));
    }
    let (reached, found) = review::reached(partner, given.counted, given.now)?;
    let outcome = review::follows(partner, reached.as_deref(), given.now);
    let has_time = outcome == review::Outcome::Probation;
    let mend_by = has_time.then(|| review::mend_by(partner, given.now).as_second());
    let edition = programmes::admitting(&partner.programme)?.edition.clone();
    let until = valid_until(partner, given.now)?.as_second();
    Ok(PartnerEvent::Reviewed { edition, reached, outcome, found, mend_by, until })
}

/// Decides a grade; a contested one is given again by somebody else.
pub(crate) fn grade(
    partner: &Partner,
    report: &ReportId,
    (novel, reach): (bool, Reach),
    given: &Given<'_>,
    reasons: &str,
    seal: &mut Seal<'_>,
) -> Result<PartnerEvent, Refusal> {
    super::act::words("reasons", reasons)?;
    let find = partner.finds.get(report).ok_or(Refusal::NotFound)?;
    match (&find.graded, &find.contested) {
        (Some(_), None) => return Err(Refusal::conflict("This find is graded, and nobody contests it.")),
        (Some(graded), Some(_)) if given.is_among(graded.by.iter()) => {
            return Err(Refusal::conflict("A contested grade is given again by somebody else."));
        }
        _ => {}
    }
    Ok(PartnerEvent::FindGraded { report: report.clone(), novel, reach, reasons: seal(reasons.as_bytes())? })
}

/// How long a partner is one from now on: by the programme's validity.
pub(crate) fn valid_until(partner: &Partner, now: Timestamp) -> Result<Timestamp, Refusal> {
    let programme = &programmes::admitting(&partner.programme)?.programme;
    let from = now.to_zoned_datetime(TimeZone::UTC);
    let until = from.checked_add(programme.validity).map(|until| until.timestamp());
    until.map_err(|_| Refusal::conflict("The programme's validity leads out of the calendar."))
}

/// Decides what a partner asks for itself. An application is sealed by the caller, with its files.
pub(crate) fn represent(
    partner: &Partner,
    act: &PartnerAct,
    files: Vec<Item>,
    application: Option<Item>,
    claimed: Option<ReportId>,
    counted: &Counted,
    seal: &mut Seal<'_>,
) -> Result<PartnerEvent, Refusal> {
    act.check()?;
    if let Some(step) = act.step() {
        partner.life.after(step).ok_or_else(|| cannot(partner))?;
    }
    if matches!(partner.life, Life::Nothing | Life::Ended) {
        return Err(cannot(partner));
    }
    Ok(match act {
        PartnerAct::Apply { level, facts, counts, .. } => {
            let published = programmes::admitting(&partner.programme)?;
            programmes::check_facts(&published.programme, facts, counts)?;
            if !published.programme.levels.contains(level) {
                let levels = published.programme.levels.join(", ");
                return Err(Refusal::invalid("level", format!("One of {levels}.")));
            }
            let application = application.ok_or_else(|| Refusal::invalid("words", "Nothing was written."))?;
            PartnerEvent::Applied {
                edition: published.edition.clone(),
                level: level.clone(),
                application,
                files,
            }
        }
        PartnerAct::Declare { what, has_any, words } => {
            PartnerEvent::Declared { what: *what, has_any: *has_any, text: seal(words.as_bytes())? }
        }
        PartnerAct::Contacts { contacts } => {
            let text = serde_json::to_vec(contacts).map_err(|error| Refusal::Internal(error.to_string()))?;
            let complete = contacts.iter().filter(|contact| is_complete(contact)).count();
            PartnerEvent::ContactsSet {
                contacts: seal(&text)?,
                count: u32::try_from(complete).unwrap_or(u32::MAX),
                out_of_hours: contacts.iter().any(|contact| contact.out_of_hours),
                by_centre: false,
            }
        }
        PartnerAct::Appeal { reasons } => {
            if partner.appealable.is_none() || partner.appeal.is_some() {
                return Err(Refusal::conflict("There is no decision here that can be appealed against now."));
            }
            PartnerEvent::Appealed { reasons: seal(reasons.as_bytes())? }
        }
        PartnerAct::SignReport { report } => signed(partner, report, counted, seal)?,
        PartnerAct::AnswerCheck {} => {
            if partner.checks.iter().all(|(_, answered)| answered.is_some()) {
                return Err(Refusal::conflict("No check waits for an answer."));
            }
            PartnerEvent::CheckAnswered {}
        }
        PartnerAct::ClaimFind { .. } | PartnerAct::ContestFind { .. } | PartnerAct::SendAlert { .. } => {
            earn(partner, act, claimed, seal)?
        }
        PartnerAct::Sign {} => PartnerEvent::ContractSigned {},
        PartnerAct::Leave { reasons } => PartnerEvent::Ended {
            cause: super::event::Ending::ByPartner,
            reasons: Some(seal(reasons.as_bytes())?),
        },
    })
}

/// Whether another piece of evidence may come: while the application waits for its marks.
pub(crate) fn may_add_evidence(partner: &Partner) -> Result<(), Refusal> {
    match partner.life {
        Life::Applied | Life::Assessing if partner.files.len() < super::act::FILES_MAX => Ok(()),
        Life::Applied | Life::Assessing => {
            let most = super::act::FILES_MAX;
            Err(Refusal::invalid("files", format!("At most {most} files, please.")))
        }
        _ => Err(cannot(partner)),
    }
}

/// Decides the work report, number by number against the record.
fn signed(
    partner: &Partner,
    report: &super::duties::WorkReport,
    counted: &Counted,
    seal: &mut Seal<'_>,
) -> Result<PartnerEvent, Refusal> {
    if !partner.life.is_partner() {
        return Err(cannot(partner));
    }
    let numbers = super::duties::reconcile(report, counted)?;
    let words = report.explanation.trim();
    let explanation = if words.is_empty() { None } else { Some(seal(words.as_bytes())?) };
    Ok(PartnerEvent::ReportSigned { numbers, explanation })
}

/// Decides what may come to count.
fn earn(
    partner: &Partner,
    act: &PartnerAct,
    claimed: Option<ReportId>,
    seal: &mut Seal<'_>,
) -> Result<PartnerEvent, Refusal> {
    match act {
        PartnerAct::ClaimFind { .. } => {
            let report = claimed.ok_or(Refusal::NotFound)?;
            match partner.finds.contains_key(&report) {
                true => Err(Refusal::conflict("This report is yours already.")),
                false => Ok(PartnerEvent::FindClaimed { report }),
            }
        }
        PartnerAct::ContestFind { report, reasons } => {
            let find = partner.finds.get(report).ok_or(Refusal::NotFound)?;
            if find.graded.is_none() || find.contested.is_some() {
                return Err(Refusal::conflict("There is no grade here that can be contested now."));
            }
            Ok(PartnerEvent::FindContested { report: report.clone(), reasons: seal(reasons.as_bytes())? })
        }
        PartnerAct::SendAlert { words } if partner.life.is_partner() => {
            let number = partner.alerts.last_key_value().map_or(1, |(last, _)| last + 1);
            Ok(PartnerEvent::AlertSent { number, text: seal(words.as_bytes())? })
        }
        _ => Err(cannot(partner)),
    }
}

/// Whether an assessor may give marks now, and these.
pub(crate) fn assess(partner: &Partner, by: &AccountId, marks: &Marks) -> Result<(), Refusal> {
    super::act::words("words", &marks.words)?;
    if partner.life != Life::Assessing || !partner.assessors.contains(by) {
        return Err(cannot(partner));
    }
    if partner.marks.contains_key(by) {
        return Err(Refusal::conflict("Your marks are in; they stand as you gave them."));
    }
    programmes::check_facts(
        &programmes::admitting(&partner.programme)?.programme,
        &marks.facts,
        &marks.counts,
    )
}

/// Days before the end at which a partner is reminded of it.
pub(crate) const REMINDERS: [u32; 3] = [90, 30, 7];

/// What the passing of time does to a partner: reminders and its end, checks of its contacts, notices of
/// its silence.
pub(crate) fn settle(partner: &Partner, now: Timestamp) -> Vec<PartnerEvent> {
    let Some(until) = partner.until.filter(|_| partner.life.is_partner()) else { return Vec::new() };
    let end = |cause| vec![PartnerEvent::Ended { cause, reasons: None }];
    if until <= now {
        return end(super::event::Ending::Expired);
    }
    let mut events = Vec::new();
    if next_notice(partner) <= now {
        if partner.notices >= duties::NOTICES {
            return end(super::event::Ending::Silent);
        }
        events.push(PartnerEvent::SilenceNoted { notice: partner.notices + 1 });
    }
    if next_check(partner) <= now {
        events.push(PartnerEvent::ContactChecked {});
    }
    let left = until.duration_since(now);
    let due = |days: &&u32| left <= SignedDuration::from_hours(24 * i64::from(**days));
    let reached = REMINDERS.iter().rev().find(due).filter(|days| !partner.reminded.contains(days));
    events.extend(reached.map(|days| PartnerEvent::Reminded { days: *days }));
    let step =
        DECLARATION.iter().rev().find(|days| declaration_step(partner, **days).is_some_and(|at| at <= now));
    let step = step.filter(|days| **days < partner.declaration_told.unwrap_or(u32::MAX));
    events.extend(step.map(|days| PartnerEvent::DeclarationDue { days: *days }));
    events
}

/// Days before a declaration of conflicts is a year old at which its partner is reminded; at the last step it
/// is overdue.
const DECLARATION: [u32; 4] = [90, 30, 7, 0];

/// When a step of that is reached; `None` before the first declaration.
fn declaration_step(partner: &Partner, days: u32) -> Option<Timestamp> {
    let (_, declared) = partner.declared.get(&super::event::Declared::Conflicts)?;
    Some(*declared + SignedDuration::from_hours(24 * (duties::REPORT_DAYS - i64::from(days))))
}

fn next_declaration(partner: &Partner) -> Option<Timestamp> {
    let last = partner.declaration_told.unwrap_or(u32::MAX);
    DECLARATION.iter().find(|days| **days < last).and_then(|days| declaration_step(partner, *days))
}

/// Counted from its last check, or from the day on which it became a partner.
pub(super) fn next_check(partner: &Partner) -> Timestamp {
    let last = partner.checks.last().map(|(sent, _)| *sent);
    duties::next_check(last.or(partner.active_since).unwrap_or(Timestamp::MIN))
}

fn next_notice(partner: &Partner) -> Timestamp {
    let begun = partner.active_since.unwrap_or(partner.heard);
    duties::next_notice(partner.heard.max(begun), partner.notices)
}

/// When time will next do something to a partner.
pub(crate) fn next_step(partner: &Partner) -> Option<Timestamp> {
    let until = partner.until.filter(|_| partner.life.is_partner())?;
    let last = partner.reminded.first().copied().unwrap_or(u32::MAX);
    let next = REMINDERS.iter().find(|days| **days < last);
    let reminder = next.map_or(until, |days| until - SignedDuration::from_hours(24 * i64::from(*days)));
    let declaration = next_declaration(partner).unwrap_or(Timestamp::MAX);
    Some(reminder.min(next_check(partner)).min(next_notice(partner)).min(declaration))
}
