//! All SQL about need-to-know: the register, classified cases, and who is let into them.

mod commands;
mod exchange;
mod expiries;
mod lists;
mod matter;
mod own;
mod personal;

pub(in crate::vetting) use commands::*;
pub(crate) use commands::{check_merge, classify, look_after};
pub(in crate::vetting) use exchange::{export, import};
pub(crate) use expiries::{Expiry, expiries};
pub(in crate::vetting) use lists::*;
pub(crate) use matter::{Eyes, cleared_of, eyes, matter, may_open, open_to};
pub(crate) use own::{choose_ladders, note_ladders};
pub(crate) use personal::owes_declaration;
pub(in crate::vetting) use personal::{Own, open_waiting, own, own_act, shown, year};

use super::rules::{self, Classification, Entry};
use crate::ledger::{Changed, Error, Loaded, load};
use crate::refusal::Refusal;
use storage::{Tx, params};
use vocabulary::{CaseId, PersonId};

fn stream(person: &str) -> String {
    format!("register/{person}")
}

fn classification_stream(case: &str) -> String {
    format!("classification/{case}")
}

/// A person's entry; empty where there is none.
pub(in crate::vetting) fn entry(tx: &mut Tx<'_>, person: &PersonId) -> Result<Loaded<Entry>, Error> {
    load(tx, stream(person.as_str()))
}

/// What a case asks for.
pub(in crate::vetting) fn classification(
    tx: &mut Tx<'_>,
    case: &CaseId,
) -> Result<Loaded<Classification>, Error> {
    load(tx, classification_stream(case.as_str()))
}

/// Keeps the rows of a person, and those of a case.
pub(in crate::vetting) fn settle(tx: &mut Tx<'_>, changed: &Changed) -> Result<(), Error> {
    if let Some(person) = changed.stream.strip_prefix("register/") {
        return settle_person(tx, person);
    }
    match changed.stream.strip_prefix("classification/") {
        Some(case) => settle_case(tx, case),
        None => Ok(()),
    }
}

fn settle_person(tx: &mut Tx<'_>, person: &str) -> Result<(), Error> {
    let entry = load::<Entry>(tx, stream(person))?.state;
    for table in ["register", "clearances", "memberships", "interests", "admissions"] {
        tx.execute(&format!("DELETE FROM {table} WHERE person = $1"), params![person])?;
    }
    if entry.erased {
        return Ok(());
    }
    let open = entry.functions.iter().filter(|(_, confidential)| !**confidential);
    let functions: Vec<&str> = open.map(|(function, _)| function.name()).collect();
    let end = |lasting: &Option<rules::Lasting>| lasting.as_ref().map(|lasting| lasting.span().1);
    let sql =
        "INSERT INTO register (person, since, functions, briefed_until, nda_until, review, declared_year,
                   waiting, restricted, next_reminder) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let row = params![
        person,
        entry.since,
        functions.join(","),
        end(&entry.briefing),
        end(&entry.nda),
        entry.review.as_ref().map(|review| review.at),
        entry.years.keys().last().map(|year| i64::from(*year)),
        entry.waits(),
        entry.restricted.is_some(),
        rules::next_reminder(&entry),
    ];
    tx.execute(sql, row)?;
    for clearance in entry.clearances.values() {
        let sql = "INSERT INTO clearances (person, scheme, level, authority, granted, until)
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let (granted, until) = (clearance.granted.at, clearance.until.at);
        let row = params![person, &clearance.scheme, &clearance.level, &clearance.authority, granted, until];
        tx.execute(sql, row)?;
    }
    for (case, member) in &entry.memberships {
        let sql = "INSERT INTO memberships (person, case_id, since, until) VALUES ($1, $2, $3, $4)";
        let until = member.until.as_ref().map(|until| until.at);
        tx.execute(sql, params![person, case.as_str(), member.since, until])?;
        let asks = classification(tx, case)?.state;
        admit(tx, person, &entry, case, &asks)?;
    }
    for (case, interest) in &entry.interests {
        let sql = "INSERT INTO interests (person, case_id, declared, outcome, is_out)
                   VALUES ($1, $2, $3, $4, $5)";
        let outcome = interest.outcome.map(|(outcome, _)| outcome);
        let is_out = outcome.is_some_and(rules::Outcome::is_out);
        let outcome = outcome.map(rules::Outcome::name);
        tx.execute(sql, params![person, case.as_str(), interest.declared, outcome, is_out])?;
    }
    Ok(())
}

fn settle_case(tx: &mut Tx<'_>, case: &str) -> Result<(), Error> {
    let Ok(id) = case.parse::<CaseId>() else { return Ok(()) };
    let classification = load::<Classification>(tx, classification_stream(case))?.state;
    for table in ["classified", "admissions"] {
        tx.execute(&format!("DELETE FROM {table} WHERE case_id = $1"), params![case])?;
    }
    let (Some((scheme, level)), Some(since)) = (&classification.asks, classification.since) else {
        return Ok(());
    };
    let sql = "INSERT INTO classified (case_id, scheme, level, since) VALUES ($1, $2, $3, $4)";
    tx.execute(sql, params![case, scheme, level, since])?;
    for row in tx.query("SELECT person FROM memberships WHERE case_id = $1", params![case])? {
        let person: String = row.get(0)?;
        let entry = load::<Entry>(tx, stream(&person))?.state;
        admit(tx, &person, &entry, &id, &classification)?;
    }
    Ok(())
}

/// Writes when a person is let into a case.
fn admit(
    tx: &mut Tx<'_>,
    person: &str,
    entry: &Entry,
    case: &CaseId,
    asks: &Classification,
) -> Result<(), Error> {
    let Some((scheme, level)) = &asks.asks else { return Ok(()) };
    for (since, until) in rules::admissions(entry, case, (scheme, level), rules::ladders()) {
        let sql = "INSERT INTO admissions (case_id, person, since, until) VALUES ($1, $2, $3, $4)";
        tx.execute(sql, params![case.as_str(), person, since, until])?;
    }
    Ok(())
}

/// Says under which numbers a case is known, besides its own: for the view of the slice that keeps
/// cases, whose rows these follow. Where the case has become part of another, that one says it.
pub(crate) fn note_parts(
    tx: &mut Tx<'_>,
    case: &CaseId,
    parts: impl IntoIterator<Item = String>,
) -> Result<(), Error> {
    for part in std::iter::once(case.to_string()).chain(parts) {
        let sql = "INSERT INTO case_parts (subject, case_id) VALUES ($1, $2)
                   ON CONFLICT (subject) DO UPDATE SET case_id = $2";
        tx.execute(sql, params![part, case.as_str()])?;
    }
    Ok(())
}

/// The ladder and the level that a case asks for, if it is classified.
pub(crate) fn asked_by(tx: &mut Tx<'_>, case: &CaseId) -> Result<Option<(String, String)>, Error> {
    Ok(classification(tx, case)?.state.asks)
}

/// What a case asks for, in words, if it is classified.
pub(crate) fn asks_of(tx: &mut Tx<'_>, case: &CaseId) -> Result<Option<String>, Error> {
    Ok(asked_by(tx, case)?.map(|(scheme, level)| super::pages::level_words(&scheme, &level)))
}

/// The case that a number belongs to, if it belongs to one.
pub(in crate::vetting) fn case_of(tx: &mut Tx<'_>, subject: &str) -> Result<Option<CaseId>, Refusal> {
    let row = tx.query_opt("SELECT case_id FROM case_parts WHERE subject = $1", params![subject])?;
    let unreadable = |_| Refusal::Internal("a stored case number is unreadable".into());
    row.map(|row| row.get::<String>(0)?.parse().map_err(unreadable)).transpose()
}
