//! All SQL about clocks. The view keeps what does not change as time passes; whether a running
//! clock is overdue is asked when it is read.

use super::rules::{self, ClockEvent, Clocks};
use crate::ledger::{self, Actor, Error, Loaded, Recorded, Writer};
use crate::refusal::Refusal;
use jiff::Timestamp;
use storage::{Row, Tx, params};
use vocabulary::Page;

/// A clock as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Clock {
    /// The report or case.
    pub(crate) subject: String,
    /// `centre`, `reporter`, or an organisation's id.
    pub(crate) debtor: String,
    /// The vendor that it is about, or empty.
    pub(crate) regarding: String,
    pub(crate) profile: String,
    pub(crate) duty: String,
    pub(crate) title: String,
    /// A state word of the clock engine.
    pub(crate) state: String,
    #[schema(value_type = Option<String>)]
    pub(crate) due: Option<Timestamp>,
    /// A law that is shown to compare, not to obey.
    pub(crate) reference: bool,
}

impl Clock {
    /// Whether something is still owed.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.state.as_str(), "running" | "overdue" | "extended")
    }
}

fn stream(subject: &str) -> String {
    format!("clocks/{subject}")
}

pub(super) fn apply(tx: &mut Tx<'_>, recorded: &Recorded) -> Result<(), Error> {
    let Some(subject) = recorded.stream.strip_prefix("clocks/") else { return Ok(()) };
    let clocks = ledger::load::<Clocks>(tx, stream(subject))?.state;
    tx.execute("DELETE FROM deadlines WHERE subject = $1", params![subject])?;
    for (debtor, found) in rules::assess(&clocks, recorded.at) {
        let state = match found.state {
            clocks::State::Overdue => clocks::State::Running,
            other => other,
        };
        let sql = "INSERT INTO deadlines
            (subject, debtor, regarding, profile, duty, title, state, due, reference)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        // A law is cited by article; the centre's own policy is cited by its name alone.
        let title = match found.profile.as_str() {
            "centre" => found.title.clone(),
            _ => format!("{}, {}", found.title, found.article),
        };
        let (debtor, regarding) = (String::from(debtor), found.vendor.unwrap_or_default());
        let row = params![
            subject,
            debtor,
            regarding,
            found.profile,
            found.duty.as_str(),
            title,
            state.as_str(),
            found.due,
            found.reference,
        ];
        tx.execute(sql, row)?;
    }
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
    Ok(())
}

/// The clocks' facts, for explanations.
pub(super) fn facts(tx: &mut Tx<'_>, subject: &str) -> Result<Clocks, Refusal> {
    Ok(ledger::load::<Clocks>(tx, stream(subject))?.state)
}

const CLOCK: &str =
    "SELECT subject, debtor, regarding, profile, duty, title, state, due, reference FROM deadlines";

fn clock(row: &Row, now: Timestamp) -> Result<Clock, Refusal> {
    let (state, due): (String, Option<Timestamp>) = (row.get(6)?, row.get(7)?);
    // The deadline itself is still in time.
    let late = matches!(state.as_str(), "running" | "extended") && due.is_some_and(|due| due < now);
    Ok(Clock {
        subject: row.get(0)?,
        debtor: row.get(1)?,
        regarding: row.get(2)?,
        profile: row.get(3)?,
        duty: row.get(4)?,
        title: row.get(5)?,
        state: if late { "overdue".into() } else { state },
        due,
        reference: row.get(8)?,
    })
}

/// The clocks of some subjects, open ones first, by what is due.
pub(crate) fn of(tx: &mut Tx<'_>, subjects: &[String], now: Timestamp) -> Result<Vec<Clock>, Refusal> {
    let mut all = Vec::new();
    for subject in subjects {
        for row in tx.query(&format!("{CLOCK} WHERE subject = $1"), params![subject])? {
            all.push(clock(&row, now)?);
        }
    }
    all.sort_by_key(|clock| (!clock.is_open(), clock.due.is_none(), clock.due, clock.duty.clone()));
    Ok(all)
}

/// Which clocks a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filter {
    /// Whatever is owed and has a date, soonest first.
    Open,
    /// Owed, and past.
    Overdue,
}

/// One page of clocks by what is due.
pub(crate) fn list(
    tx: &mut Tx<'_>,
    filter: Filter,
    page: Page,
    now: Timestamp,
) -> Result<Vec<Clock>, Refusal> {
    let until = match filter {
        Filter::Open => i64::MAX,
        Filter::Overdue => now.as_microsecond() - 1,
    };
    let sql = format!(
        "{CLOCK} WHERE state IN ('running', 'extended') AND due IS NOT NULL AND due <= $1 AND reference = 0
         ORDER BY due, subject, duty, debtor, regarding LIMIT $2 OFFSET $3"
    );
    let rows = tx.query(&sql, params![until, page.limit(), page.offset()])?;
    rows.iter().map(|row| clock(row, now)).collect()
}

/// How many clocks are past, due within a day, and met late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) overdue: i64,
    pub(crate) soon: i64,
}

pub(crate) fn counts(tx: &mut Tx<'_>, now: Timestamp) -> Result<Counts, Refusal> {
    let soon = now + jiff::SignedDuration::from_hours(24);
    let mut count = |from: i64, to: i64| -> Result<i64, Refusal> {
        let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM deadlines
                   WHERE state IN ('running', 'extended') AND due >= $1 AND due < $2 AND reference = 0";
        Ok(tx.query_one(sql, params![from, to])?.get(0)?)
    };
    let now = now.as_microsecond();
    Ok(Counts { overdue: count(i64::MIN, now)?, soon: count(now, soon.as_microsecond())? })
}
