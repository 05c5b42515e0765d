//! Commands on the register and on classifications, inside the writer's transaction.

use super::{case_of, classification, entry, personal};
use crate::access;
use crate::ledger::{Actor, Loaded, Writer};
use crate::refusal::Refusal;
use crate::vetting::rules::{self, Act, Entry, Hands, RegisterEvent, ladders};
use jiff::Timestamp;
use storage::params;
use vocabulary::{AccountId, CaseId, PersonId};

/// The person behind an account.
pub(in crate::vetting) fn person_of(
    w: &mut Writer<'_, '_>,
    account: &AccountId,
) -> Result<PersonId, Refusal> {
    access::person_of(w.tx(), account)?.ok_or(Refusal::NotFound)
}

/// Carries out what a security officer, known by an account, does to a person's entry.
pub(in crate::vetting) fn act(
    w: &mut Writer<'_, '_>,
    officer: &AccountId,
    person: &PersonId,
    act: Act,
) -> Result<(), Refusal> {
    if !access::is_person(w.tx(), person)? {
        return Err(Refusal::NotFound);
    }
    let by = person_of(w, officer)?;
    let mut loaded = entry(w.tx(), person)?;
    let hands = Hands { by: &by, of: person };
    let events = decided(w, &loaded, hands, act)?;
    w.append(&mut loaded, &Actor::Account(officer.clone()), events)?;
    Ok(())
}

fn decided(
    w: &mut Writer<'_, '_>,
    loaded: &Loaded<Entry>,
    hands: Hands<'_>,
    act: Act,
) -> Result<Vec<RegisterEvent>, Refusal> {
    let (entry, now): (&Entry, Timestamp) = (&loaded.state, w.now());
    match act {
        Act::GiveFunction { function, confidential } => rules::give(entry, hands, function, confidential),
        Act::EndFunction { function } => rules::end_function(entry, hands, function),
        Act::RecordClearance { scheme, level, authority, granted, until } => {
            let clearance = rules::clearance([scheme, level, authority], &granted, &until)?;
            rules::propose(entry, hands, clearance, ladders(), now)
        }
        Act::ConfirmClearance { scheme } => {
            let by = entry.proposals.get(&scheme).and_then(|proposal| proposal.by.clone());
            let proposer = match by {
                Some(account) => access::person_of(w.tx(), &account)?,
                None => None,
            };
            rules::confirm(entry, hands, proposer.as_ref(), &scheme, now)
        }
        Act::RejectClearance { scheme } => rules::reject(entry, hands, &scheme),
        Act::WithdrawClearance { scheme } => rules::withdraw(entry, hands, &scheme),
        Act::Brief { until } => rules::brief(entry, hands, rules::instant("until", &until)?, now),
        Act::Debrief {} => rules::debrief(entry, hands),
        Act::ConfirmNda { until } => rules::confirm_nda(entry, hands, rules::instant("until", &until)?, now),
        Act::SetReview { at } => rules::review(entry, hands, rules::instant("at", &at)?, now),
        Act::Join { case, until } => {
            let until = until.map(|until| rules::instant("until", &until)).transpose()?;
            // A number of a report, or of a case that became part of another, leads to the case.
            let case = case_of(w.tx(), case.as_str())?.unwrap_or(case);
            let asks = classification(w.tx(), &case)?.state;
            rules::join(entry, hands, &asks, case, until, now)
        }
        Act::Leave { case } => rules::leave(entry, hands, case),
        Act::DecideInterest { case, outcome } => rules::decide_interest(entry, hands, case, outcome),
        Act::DecideForeignInterest { outcome } => {
            let events = rules::decide_foreign(entry, hands, outcome)?;
            personal::destroy_foreign(w, hands.of, entry)?;
            Ok(events)
        }
        Act::AnswerCorrection {} => rules::answer_correction(entry, hands),
        Act::Erase {} => {
            let events = rules::erase(entry, hands, now)?;
            personal::destroy(w, hands.of, entry)?;
            Ok(events)
        }
    }
}

/// Persons who are reminded in one command.
const AT_ONCE: i64 = 100;

/// What time does: people are reminded of what ends for them, once for each step.
pub(crate) fn look_after(w: &mut Writer<'_, '_>) -> Result<(), Refusal> {
    let now = w.now();
    let sql = "SELECT person FROM register WHERE next_reminder <= $1 ORDER BY next_reminder, person LIMIT $2";
    for row in w.tx().query(sql, params![now, AT_ONCE])? {
        let unreadable = |_| Refusal::Internal("a stored person is unreadable".into());
        let person: PersonId = row.get::<String>(0)?.parse().map_err(unreadable)?;
        let mut loaded = entry(w.tx(), &person)?;
        let events = rules::reminders(&loaded.state, now);
        w.append(&mut loaded, &Actor::System, events)?;
    }
    Ok(())
}

/// Asks of everybody who works on a case to be cleared to a level. `may_lower` is the security officer's.
pub(crate) fn classify(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    case: &CaseId,
    (scheme, level): (&str, &str),
    may_lower: bool,
) -> Result<(), Refusal> {
    let mut known = classification(w.tx(), case)?;
    let events = rules::classify(&known.state, scheme, level, ladders(), may_lower)?;
    w.append(&mut known, actor, events)?;
    Ok(())
}

/// The same by a security officer, who knows of a case no more than its number; or, without a level,
/// the end of its classification.
pub(in crate::vetting) fn set_classification(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    case: &CaseId,
    asks: Option<(String, String)>,
) -> Result<(), Refusal> {
    let unknown = || Refusal::invalid("case", "There is no case with this number.");
    let case = case_of(w.tx(), case.as_str())?.ok_or_else(unknown)?;
    let Some((scheme, level)) = asks else {
        let mut known = classification(w.tx(), &case)?;
        let events = rules::declassify(&known.state)?;
        w.append(&mut known, actor, events)?;
        return Ok(());
    };
    classify(w, actor, &case, (&scheme, &level), true)
}

/// Refuses to make a case part of another that asks for less, or that has members whom this one has not:
/// to merge opens a classified case to nobody. Who is a member of this one alone is let in anew.
pub(crate) fn check_merge(w: &mut Writer<'_, '_>, from: &CaseId, into: &CaseId) -> Result<(), Refusal> {
    let (asks, other) = (classification(w.tx(), from)?.state, classification(w.tx(), into)?.state);
    rules::covers(&other, &asks, ladders())?;
    if asks.asks.is_none() {
        return Ok(());
    }
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM memberships m
               WHERE m.case_id = $1 AND (m.until IS NULL OR m.until > $3) AND NOT EXISTS (
                   SELECT 1 FROM memberships o WHERE o.case_id = $2 AND o.person = m.person
                       AND (o.until IS NULL OR (m.until IS NOT NULL AND o.until >= m.until)))";
    let now = w.now();
    let row = w.tx().query_one(sql, params![into.as_str(), from.as_str(), now])?;
    rules::merges_members(row.get(0)?)
}
