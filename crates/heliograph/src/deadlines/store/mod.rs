//! All SQL about clocks. The view keeps what does not change as time passes; whether a running
//! clock is overdue is asked when it is read.

mod acts;
mod drills;
mod filings;
mod lists;
pub(in crate::deadlines) mod own;
mod sample;
mod told;

pub(crate) use acts::{
    Delayed, Stated, Waived, close_unpublished, decide_conflict, declare, extend, state_fact, take_over,
    told_of_delay, waive, why_over,
};
pub(crate) use drills::{Drill, drills, end_drill, last_number as last_drill, start_drill};
pub(crate) use filings::{Opened, Submitted, open_filing, save_filing, submit_filing};
pub(crate) use lists::{
    COUNT_MAX, Counts, Filter, Place, Whose, capped, counts, counts_of, due_within_an_hour, first_page, list,
    list_behind, undecided, whose,
};
pub(crate) use sample::{double, sample};
pub(crate) use told::{Notice, escalate, is_somebody_to_be_told, notices};

use super::rules::{self, ClockEvent, Clocks, ladder};
use crate::ledger::{self, Actor, Changed, Error, Loaded, Recorded, Writer};
use crate::refusal::Refusal;
use clocks::{Assessment, State};
use jiff::Timestamp;
use storage::{Row, Tx, params};
use vocabulary::OrganisationId;

/// A clock as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Clock {
    /// The report or case.
    pub(crate) subject: String,
    /// The harmless name of the case, or empty.
    pub(crate) name: String,
    /// `centre`, `reporter`, or an organisation's id.
    pub(crate) debtor: String,
    /// The vendor that it is about, or empty.
    pub(crate) regarding: String,
    pub(crate) profile: String,
    pub(crate) duty: String,
    pub(crate) title: String,
    /// A state word of the clock engine. What a rule says should be done, and not must, is never
    /// `overdue`: it is `running` on after its date.
    pub(crate) state: String,
    #[schema(value_type = Option<String>)]
    pub(crate) due: Option<Timestamp>,
    /// The instant that it counts from.
    #[schema(value_type = Option<String>)]
    pub(crate) started: Option<Timestamp>,
    /// A law that is shown to compare, not to obey.
    pub(crate) reference: bool,
    /// The last step of its time at which people were told, in percent: 0, 50, 80 or 100.
    pub(crate) told: i64,
    /// Where whoever looks finds what it is about.
    #[serde(skip)]
    pub(crate) place: String,
}

impl Clock {
    /// Whether something is still owed.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.state.as_str(), "running" | "overdue" | "extended")
    }
}

/// A drill has streams of another kind, which no view of real clocks ever takes in.
pub(super) fn stream(subject: &str) -> String {
    let kind = if rules::is_drill(subject) { "drill" } else { "clocks" };
    format!("{kind}/{subject}")
}

/// Keeps who was told, and the list of drills, event by event.
pub(super) fn apply(tx: &mut Tx<'_>, recorded: &Recorded) -> Result<(), Error> {
    if let Some(subject) = recorded.stream.strip_prefix("told/") {
        return told::apply(tx, subject, recorded);
    }
    if let Some(drill) = recorded.stream.strip_prefix("drill/") {
        return drills::apply(tx, drill, recorded);
    }
    Ok(())
}

/// Keeps the clocks of a subject: all of them, once for each command that recorded something of it.
pub(super) fn settle(tx: &mut Tx<'_>, changed: &Changed) -> Result<(), Error> {
    let Some(subject) = changed.stream.strip_prefix("clocks/") else { return Ok(()) };
    let clocks = ledger::load::<Clocks>(tx, stream(subject))?.state;
    let sql = "INSERT INTO subjects (subject, name, keeper) VALUES ($1, $2, $3)
               ON CONFLICT (subject) DO UPDATE SET name = excluded.name, keeper = excluded.keeper";
    let keeper = clocks.keeper.clone().map(String::from);
    tx.execute(sql, params![subject, &clocks.name, keeper])?;
    keep_conflicts(tx, subject, &clocks)?;
    tx.execute("DELETE FROM deadlines WHERE subject = $1", params![subject])?;
    for (debtor, found) in rules::assess(&clocks, changed.at) {
        keep(tx, subject, &String::from(debtor), &found)?;
    }
    Ok(())
}

/// The profile by which requests to partners are due: its clocks are not those of cases.
pub(crate) const OF_PARTNERS: &str = "partner-requests";

/// Keeps the one clock of a thing whose facts stand in a later slice's own stream: that slice's view calls
/// this beside its own rows. `None` takes the clock away.
pub(crate) fn keep_alone(
    tx: &mut Tx<'_>,
    subject: &str,
    debtor: &OrganisationId,
    found: Option<&Assessment>,
) -> Result<(), Error> {
    tx.execute("DELETE FROM deadlines WHERE subject = $1", params![subject])?;
    tx.execute("DELETE FROM subjects WHERE subject = $1", params![subject])?;
    let Some(found) = found else { return Ok(()) };
    tx.execute("INSERT INTO subjects (subject, name) VALUES ($1, '')", params![subject])?;
    keep(tx, subject, debtor.as_str(), found)
}

/// A law is cited by article; the centre's own policies are cited by their names alone.
fn title(found: &Assessment) -> String {
    match found.profile.as_str() {
        "centre" | OF_PARTNERS => found.title.clone(),
        _ => format!("{}, {}", found.title, found.article),
    }
}

/// Keeps the contradictions of a subject.
fn keep_conflicts(tx: &mut Tx<'_>, subject: &str, clocks: &Clocks) -> Result<(), Error> {
    tx.execute("DELETE FROM conflicts WHERE subject = $1", params![subject])?;
    for ((debtor, rules), (raised, decided)) in &clocks.conflicts {
        let sql =
            "INSERT INTO conflicts (subject, debtor, forbids, prohibition, orders, duty, raised, decided)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let row = params![
            subject,
            String::from(debtor.clone()),
            &rules.forbids,
            &rules.prohibition,
            &rules.orders,
            &rules.duty,
            *raised,
            decided.map(|(at, _)| at),
        ];
        tx.execute(sql, row)?;
    }
    Ok(())
}

/// Keeps one clock.
fn keep(tx: &mut Tx<'_>, subject: &str, debtor: &str, found: &Assessment) -> Result<(), Error> {
    let state = match found.state {
        State::Overdue => State::Running,
        other => other,
    };
    let title = title(found);
    let regarding = found.vendor.clone().unwrap_or_default();
    let open_due =
        found.due.filter(|_| rules::is_owed(found.state) && !found.reference && !found.is_guidance());
    let prompt = rules::is_prompt(found);
    let last = match open_due {
        Some(due) => told::last(tx, subject, debtor, found, due)?,
        None => 0,
    };
    // The end of a delay is no deadline, so nobody is told how much of it is used.
    let next_step = open_due.filter(|_| !prompt).and_then(|due| ladder::next(found.started, due, last));
    let sql =
        "INSERT INTO deadlines (subject, debtor, regarding, profile, duty, title, state, due, reference,
                   started, prompt, open_due, told, next_step)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    let row = params![
        subject,
        debtor,
        regarding,
        &found.profile,
        found.duty.as_str(),
        title,
        state.as_str(),
        found.due,
        found.reference,
        found.started,
        // What lists and counts never take for overdue.
        prompt || found.soft,
        open_due,
        last,
        next_step,
    ];
    tx.execute(sql, row)?;
    Ok(())
}

/// Records facts about a subject's clocks.
pub(crate) fn record(
    w: &mut Writer<'_, '_>,
    actor: &Actor,
    subject: &str,
    events: Vec<ClockEvent>,
) -> Result<(), Refusal> {
    let mut clocks: Loaded<Clocks> = w.load(stream(subject))?;
    w.append(&mut clocks, actor, events)?;
    let raised = rules::raised(&clocks.state, w.now());
    w.append(&mut clocks, &Actor::System, raised)?;
    Ok(())
}

/// Ends the clocks of a subject that became part of another, and takes what was learned about its
/// vendors there. What the centre owed on receipt and acceptance, it owes there already.
pub(crate) fn merge(w: &mut Writer<'_, '_>, actor: &Actor, from: &str, into: &str) -> Result<(), Refusal> {
    let (before, there) = (w.load::<Clocks>(stream(from))?, w.load::<Clocks>(stream(into))?);
    let events = ledger::events_of(w.tx(), &stream(from))?;
    let events = events.iter().map(Recorded::event).collect::<Result<Vec<ClockEvent>, _>>()?;
    let along = rules::along(&before.state, &there.state, events);
    record(w, actor, into, along)?;
    record(w, actor, from, vec![ClockEvent::MergedInto { subject: into.to_owned() }])
}

/// The clocks' facts, with how many entries they rest on; `NotFound` where there are none.
pub(super) fn clocks_of(tx: &mut Tx<'_>, subject: &str) -> Result<(Clocks, i64), Refusal> {
    let clocks: Loaded<Clocks> = ledger::load(tx, stream(subject))?;
    if clocks.exists() { Ok((clocks.state, clocks.version)) } else { Err(Refusal::NotFound) }
}

/// The clocks' facts alone.
pub(super) fn facts(tx: &mut Tx<'_>, subject: &str) -> Result<Clocks, Refusal> {
    Ok(clocks_of(tx, subject)?.0)
}

/// A subject's clocks as lists show them. Those of a drill are in no list, and are computed here.
pub(super) fn rows(
    tx: &mut Tx<'_>,
    subject: &str,
    clocks: &Clocks,
    now: Timestamp,
) -> Result<Vec<Clock>, Refusal> {
    if !rules::is_drill(subject) {
        return of(tx, &[subject.to_owned()], now);
    }
    let row = |(debtor, found): (rules::Debtor, Assessment)| Clock {
        subject: subject.to_owned(),
        name: String::new(),
        debtor: debtor.into(),
        regarding: found.vendor.clone().unwrap_or_default(),
        title: title(&found),
        duty: found.duty.as_str().to_owned(),
        state: found.state.as_str().to_owned(),
        due: found.due,
        started: found.started,
        reference: found.reference,
        profile: found.profile,
        told: 0,
        place: format!("/deadlines/{subject}"),
    };
    Ok(rules::assess(clocks, now).into_iter().map(row).collect())
}

const CLOCK: &str =
    "SELECT d.subject, s.name, d.debtor, d.regarding, d.profile, d.duty, d.title, d.state, d.due, d.reference,
        d.started, d.told, d.prompt, d.open_due
     FROM deadlines d JOIN subjects s ON s.subject = d.subject";

fn clock(row: &Row, now: Timestamp) -> Result<Clock, Refusal> {
    let (state, due): (String, Option<Timestamp>) = (row.get(7)?, row.get(8)?);
    // The deadline itself is still in time.
    let late = matches!(state.as_str(), "running" | "extended") && due.is_some_and(|due| due < now);
    let (profile, duty): (String, String) = (row.get(4)?, row.get(5)?);
    let subject: String = row.get(0)?;
    let (state, due) = match (late, row.get::<bool>(12)?) {
        (false, _) => (state, due),
        (true, false) => ("overdue".into(), due),
        // The rule says "should": it is still to be done, and nothing is breached.
        (true, true) if rules::is_soft(&profile, &duty) => ("running".into(), due),
        // The delay is over: the duty runs again, without a date.
        (true, true) => ("running".into(), None),
    };
    Ok(Clock {
        place: format!("/deadlines/{subject}"),
        subject,
        name: row.get(1)?,
        debtor: row.get(2)?,
        regarding: row.get(3)?,
        profile,
        duty,
        title: row.get(6)?,
        state,
        due,
        started: row.get(10)?,
        reference: row.get(9)?,
        told: row.get(11)?,
    })
}

/// The clocks of some subjects, open ones first, by what is due.
pub(crate) fn of(tx: &mut Tx<'_>, subjects: &[String], now: Timestamp) -> Result<Vec<Clock>, Refusal> {
    let mut all = Vec::new();
    for subject in subjects {
        for row in tx.query(&format!("{CLOCK} WHERE d.subject = $1"), params![subject])? {
            all.push(clock(&row, now)?);
        }
    }
    all.sort_by_key(|clock| (!clock.is_open(), clock.due.is_none(), clock.due, clock.duty.clone()));
    Ok(all)
}
