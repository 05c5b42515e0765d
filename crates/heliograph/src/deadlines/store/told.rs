//! Who was told of a clock. One event for each step of each date, found by its key and written with
//! the row that it changes: whichever node comes first tells, and every other finds it told.

use super::OF_PARTNERS;
use super::lists::{Whose, placed};
use crate::access::{self, Role};
use crate::deadlines::rules::{Debtor, Told, ToldEvent, ladder};
use crate::ledger::{Actor, Error, Recorded, Writer};
use crate::refusal::Refusal;
use crate::settings::{Ladder, Whom};
use crate::vetting::{Eyes, open_to};
use clocks::Assessment;
use jiff::Timestamp;
use storage::{Row, Tx, params};
use vocabulary::AccountId;

/// Clocks told of in one command: a bound on what one transaction holds up.
const AT_ONCE: i64 = 100;

/// Takes in that people were told.
pub(super) fn apply(tx: &mut Tx<'_>, subject: &str, recorded: &Recorded) -> Result<(), Error> {
    let ToldEvent::Escalated { debtor, regarding, profile, duty, due, percent, accounts } =
        recorded.event()?;
    let debtor = String::from(debtor);
    let (seq, at) = (recorded.seq, recorded.at);
    let sql = "INSERT INTO escalations (subject, debtor, regarding, profile, duty, due, percent, seq, at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    tx.execute(sql, params![subject, &debtor, &regarding, &profile, &duty, due, percent, seq, at])?;
    for account in accounts {
        let sql =
            "INSERT INTO notices (account, seq, subject, debtor, regarding, profile, duty, due, percent, at)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let row =
            params![account.as_str(), seq, subject, &debtor, &regarding, &profile, &duty, due, percent, at];
        tx.execute(sql, row)?;
    }
    let key = "subject = $1 AND debtor = $2 AND regarding = $3 AND profile = $4 AND duty = $5 AND due = $6";
    let named = params![subject, &debtor, &regarding, &profile, &duty, due];
    let found = tx.query_opt(&format!("SELECT started FROM deadlines WHERE {key}"), named)?;
    if let Some(row) = found {
        let next = ladder::next(row.get(0)?, due, percent);
        let sql = format!("UPDATE deadlines SET told = $7, next_step = $8 WHERE {key}");
        let row = params![subject, &debtor, &regarding, &profile, &duty, due, percent, next];
        tx.execute(&sql, row)?;
    }
    Ok(())
}

/// The last step at which people were told of a clock with this date; 0 where none was.
pub(super) fn last(
    tx: &mut Tx<'_>,
    subject: &str,
    debtor: &str,
    clock: &Assessment,
    due: Timestamp,
) -> Result<i64, Error> {
    let sql = "SELECT CAST(COALESCE(MAX(percent), 0) AS BIGINT) FROM escalations WHERE subject = $1
               AND debtor = $2 AND regarding = $3 AND profile = $4 AND duty = $5 AND due = $6";
    let regarding = clock.vendor.as_deref().unwrap_or_default();
    let key = params![subject, debtor, regarding, &clock.profile, clock.duty.as_str(), due];
    Ok(tx.query_one(sql, key)?.get(0)?)
}

/// Whether a step of any clock is reached: one look at an index, before anybody waits for the writer.
pub(crate) fn is_somebody_to_be_told(tx: &mut Tx<'_>, now: Timestamp) -> Result<bool, Refusal> {
    let sql = "SELECT 1 FROM deadlines WHERE next_step <= $1 LIMIT 1";
    Ok(tx.query_opt(sql, params![now])?.is_some())
}

/// Tells of the clocks whose step is reached, the longest waiting first. Returns whether more wait.
///
/// What is read here is read under the writer's lock, so that several nodes tell once; and the event
/// moves the row to its next step in the same transaction, so that a crash tells once.
pub(crate) fn escalate(w: &mut Writer<'_, '_>, settings: &Ladder) -> Result<bool, Refusal> {
    let now = w.now();
    let sql = "SELECT subject, debtor, regarding, profile, duty, due, started FROM deadlines
               WHERE next_step <= $1 ORDER BY next_step, subject, debtor, regarding, profile, duty LIMIT $2";
    let rows = w.tx().query(sql, params![now, AT_ONCE])?;
    for row in &rows {
        let (due, started): (Timestamp, Option<Timestamp>) = (row.get(5)?, row.get(6)?);
        let Some(percent) = ladder::reached(started, due, now) else { continue };
        let subject: String = row.get(0)?;
        let accounts = match row.get::<String>(3)?.as_str() {
            OF_PARTNERS => of_the_programme(w.tx(), settings.at(percent), &row.get::<String>(1)?)?,
            _ => people(w.tx(), settings.at(percent), &subject)?,
        };
        let event = ToldEvent::Escalated {
            debtor: debtor(row.get(1)?)?,
            regarding: row.get(2)?,
            profile: row.get(3)?,
            duty: row.get(4)?,
            due,
            percent,
            accounts,
        };
        let mut stream = w.load_end::<Told>(format!("told/{subject}"))?;
        w.append(&mut stream, &Actor::System, vec![event])?;
    }
    Ok(rows.len() as i64 == AT_ONCE)
}

fn debtor(word: String) -> Result<Debtor, Refusal> {
    word.try_into().map_err(|_| Refusal::Internal("a stored debtor is unreadable".into()))
}

/// Who is told. A subject that nobody looks after, or whose coordinator has left, concerns them all.
fn people(tx: &mut Tx<'_>, whom: Whom, subject: &str) -> Result<Vec<AccountId>, Refusal> {
    match whom {
        Whom::Nobody => Ok(Vec::new()),
        Whom::SecurityOfficers => access::holders(tx, Role::SecurityOfficer),
        Whom::Coordinators => access::holders(tx, Role::Coordinator),
        Whom::CaseCoordinator => {
            let sql = "SELECT keeper FROM subjects WHERE subject = $1";
            let keeper = tx.query_opt(sql, params![subject])?.map(|row| row.get(0)).transpose()?.flatten();
            let keeper: Option<String> = keeper;
            let all = access::holders(tx, Role::Coordinator)?;
            let one: Vec<AccountId> =
                all.iter().filter(|id| keeper.as_deref() == Some(id.as_str())).cloned().collect();
            Ok(if one.is_empty() { all } else { one })
        }
    }
}

/// Who is told of a request: those who run the programme, and those who speak for the partner. Nobody else
/// ever is, whomever the ladder names for cases.
fn of_the_programme(tx: &mut Tx<'_>, whom: Whom, organisation: &str) -> Result<Vec<AccountId>, Refusal> {
    if whom == Whom::Nobody {
        return Ok(Vec::new());
    }
    let mut all = access::holders(tx, Role::ProgrammeManager)?;
    let sql = "SELECT id FROM accounts WHERE organisation = $1";
    let rows = tx.query(sql, params![organisation])?;
    let of_it = rows.iter().map(|row| row.get(0)).collect::<Result<Vec<String>, _>>()?;
    let partners = access::holders(tx, Role::Partner)?;
    all.extend(partners.into_iter().filter(|id| of_it.iter().any(|own| own == id.as_str())));
    Ok(all)
}

/// That a person was told, as it is shown to that person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) at: Timestamp,
    pub(crate) percent: i64,
    pub(crate) clock: super::Clock,
}

/// How far back a person's notices are looked through for clocks that still run, and how many of
/// those are shown.
const LOOKED_THROUGH: i64 = 500;
const SHOWN: i64 = 8;

/// What a person was told lately of clocks that are still owed by the same date, newest first.
pub(crate) fn notices(
    tx: &mut Tx<'_>,
    account: &AccountId,
    whose: &Whose,
    eyes: &Eyes,
) -> Result<Vec<Notice>, Refusal> {
    let sql = format!(
        "SELECT c.*, n.at, n.percent FROM
             (SELECT * FROM notices WHERE account = $1 ORDER BY seq DESC LIMIT $2) n
         JOIN ({}) c ON c.subject = n.subject AND c.debtor = n.debtor AND c.regarding = n.regarding
             AND c.profile = n.profile AND c.duty = n.duty AND c.open_due = n.due AND c.told = n.percent
         WHERE {} ORDER BY n.seq DESC LIMIT $3",
        super::CLOCK,
        open_to("n.subject", 4)
    );
    let mut values = params![account.as_str(), LOOKED_THROUGH, SHOWN].to_vec();
    values.extend(eyes.values());
    let rows = tx.query(&sql, &values)?;
    rows.iter().map(|row| notice(row, whose, eyes.now())).collect()
}

fn notice(row: &Row, whose: &Whose, now: Timestamp) -> Result<Notice, Refusal> {
    let clock = placed(super::clock(row, now)?, whose);
    Ok(Notice { clock, at: row.get(14)?, percent: row.get(15)? })
}
