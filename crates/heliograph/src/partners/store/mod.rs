//! All SQL about partners.

mod calendar;
mod certificates;
mod commands;
mod credits;
mod opened;
mod requests;
mod tables;

pub(in crate::partners) use calendar::{ProgrammeDate, programme_dates};
pub(in crate::partners) use certificates::{certificate, current, revoked};
pub(crate) use commands::look_after;
pub(in crate::partners) use commands::{
    Enquiry, Sent, add_evidence, approach, assess, enquire, grade, manage, represent, review_all, year_before,
};
pub(in crate::partners) use credits::{FindRow, WhichFinds, claimed, counted, finds, finds_behind};
pub(in crate::partners) use opened::{Opened, Side, contacts, file, open};
pub(in crate::partners) use requests::acting::act_on;
pub(crate) use requests::asking::Candidate;
pub(in crate::partners) use requests::asking::{Order, candidates, order};
pub(crate) use requests::counts::Statistics;
pub(in crate::partners) use requests::counts::statistics;
pub(crate) use requests::lists::RequestRow;
pub(in crate::partners) use requests::lists::{own_requests, requests, requests_behind};
pub(in crate::partners) use requests::opened::{OpenedRequest, open_request};
pub(crate) use requests::rows::last_request;
pub(in crate::partners) use tables::{Register, take_table_in};

pub(in crate::partners) use credits::apply;

use super::rules::{self, Life, Partner};
use crate::access::Resource;
use crate::ledger::{self, Changed, Error, Loaded, load};
use crate::refusal::Refusal;
use crate::reports::numbers;
use jiff::Timestamp;
use storage::{Tx, params};
use vocabulary::{AccountId, OrganisationId, Page, PartnerId};

pub(in crate::partners) fn stream(id: &PartnerId) -> String {
    format!("partner/{id}")
}

/// The vault's compartment of a partner.
pub(in crate::partners) fn compartment(id: &PartnerId) -> String {
    format!("partner/{id}")
}

/// Keeps `partners` and `partner_assessors`: small rows, made anew from the partner's state.
pub(in crate::partners) fn settle(tx: &mut Tx<'_>, changed: &Changed) -> Result<(), Error> {
    credits::settle(tx, changed)?;
    requests::rows::settle(tx, changed)?;
    let Some(id) = changed.stream.strip_prefix("partner/") else { return Ok(()) };
    let partner = load::<Partner>(tx, changed.stream.clone())?.state;
    let corrupt = || Error::Corrupt { seq: changed.seq, reason: "a partner's number cannot be read".into() };
    let (year, number) = numbers(id).ok_or_else(corrupt)?;
    let sql = "INSERT INTO partners (id, year, number, organisation, programme, life, level, since,
                   active_since, until, appeal, next_step)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    tx.execute("DELETE FROM partners WHERE id = $1", params![id])?;
    let row = params![
        id,
        year,
        number,
        partner.organisation.clone().map(String::from),
        &partner.programme,
        partner.life.name(),
        partner.level.clone(),
        partner.since,
        partner.active_since,
        partner.until,
        partner.appeal.is_some(),
        rules::next_step(&partner),
    ];
    tx.execute(sql, row)?;
    certificates::keep(tx, id, &partner)?;
    tx.execute("DELETE FROM partner_assessors WHERE partner = $1", params![id])?;
    for account in &partner.assessors {
        let sql = "INSERT INTO partner_assessors (partner, account, marked) VALUES ($1, $2, $3)";
        tx.execute(sql, params![id, account.as_str(), partner.marks.contains_key(account)])?;
    }
    Ok(())
}

/// A partner; `NotFound` where there is none.
pub(in crate::partners) fn find(tx: &mut Tx<'_>, id: &PartnerId) -> Result<Loaded<Partner>, Refusal> {
    let partner: Loaded<Partner> = load(tx, stream(id))?;
    if partner.exists() { Ok(partner) } else { Err(Refusal::NotFound) }
}

/// A partner as the policies see it.
pub(in crate::partners) fn resource(id: &PartnerId, partner: &Partner) -> Resource {
    Resource::Partner {
        id: id.to_string(),
        organisation: partner.organisation.clone().map(String::from).unwrap_or_default(),
        assessors: partner.assessors.clone(),
    }
}

/// A partner as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::partners) struct Row {
    pub(in crate::partners) id: PartnerId,
    /// Empty before the organisation is known.
    pub(in crate::partners) name: String,
    pub(in crate::partners) programme: String,
    pub(in crate::partners) life: Life,
    pub(in crate::partners) level: Option<String>,
    pub(in crate::partners) since: Timestamp,
    pub(in crate::partners) active_since: Option<Timestamp>,
    pub(in crate::partners) until: Option<Timestamp>,
    pub(in crate::partners) appeal: bool,
}

/// Which partners a list shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::partners) enum Which {
    /// Those that are partners now: the public register.
    Register,
    /// Those that wait for the centre: enquiries, applications, decisions, appeals.
    Waiting,
    /// All, or those that stand at one place.
    All(Option<Life>),
    /// Those that somebody was asked to assess.
    AssessedBy(AccountId),
}

impl Which {
    fn condition(&self) -> (&'static str, String) {
        match self {
            Self::Register => ("p.life IN ('active', 'probation', 'suspended')", String::new()),
            Self::Waiting => (
                "(p.appeal = 1 OR p.life IN ('enquiry', 'applied', 'assessing', 'assessed', 'admitted', 'contracted'))",
                String::new(),
            ),
            Self::All(None) => ("1 = 1", String::new()),
            Self::All(Some(life)) => ("p.life = $3", life.name().to_owned()),
            Self::AssessedBy(account) => (
                "EXISTS (SELECT 1 FROM partner_assessors a WHERE a.partner = p.id AND a.account = $3)",
                account.to_string(),
            ),
        }
    }
}

const ROW: &str =
    "SELECT p.id, COALESCE(o.name, ''), p.programme, p.life, p.level, p.since, p.active_since, p.until, p.appeal
     FROM partners p LEFT JOIN organisations o ON o.id = p.organisation";

const BY_NAME: &str = "o.name, p.id";

/// The whole register, by name. Each partner in it was assessed by two persons, so there are never very many.
pub(in crate::partners) fn register(tx: &mut Tx<'_>) -> Result<Vec<Row>, Refusal> {
    let (condition, _) = Which::Register.condition();
    let rows = tx.query(&format!("{ROW} WHERE {condition} ORDER BY {BY_NAME}"), params![])?;
    rows.iter().map(row).collect()
}

/// One page of partners: the register by name, all others by what waits longest.
pub(in crate::partners) fn list(tx: &mut Tx<'_>, which: &Which, page: Page) -> Result<Vec<Row>, Refusal> {
    let (condition, value) = which.condition();
    let order = if *which == Which::Register { BY_NAME } else { "p.since, p.id" };
    let sql = format!("{ROW} WHERE {condition} AND $3 = $3 ORDER BY {order} LIMIT $1 OFFSET $2");
    let rows = tx.query(&sql, params![page.limit(), page.offset(), value])?;
    rows.iter().map(row).collect()
}

fn row(row: &storage::Row) -> Result<Row, Refusal> {
    let life: String = row.get(3)?;
    let known = Life::ALL.iter().find(|(_, name)| *name == life).map(|(life, _)| *life);
    Ok(Row {
        id: parsed(row.get(0)?)?,
        name: row.get(1)?,
        programme: row.get(2)?,
        life: known.unwrap_or_default(),
        level: row.get(4)?,
        since: row.get(5)?,
        active_since: row.get(6)?,
        until: row.get(7)?,
        appeal: row.get(8)?,
    })
}

/// The partner that an organisation is, or wants to be: one that has not ended, or else the last.
pub(in crate::partners) fn of_organisation(
    tx: &mut Tx<'_>,
    organisation: &OrganisationId,
) -> Result<Option<(PartnerId, bool)>, Refusal> {
    let sql = "SELECT id, life FROM partners WHERE organisation = $1
               ORDER BY CASE WHEN life = 'ended' THEN 1 ELSE 0 END, year DESC, number DESC LIMIT 1";
    let row = tx.query_opt(sql, params![organisation.as_str()])?;
    row.map(|row| Ok((parsed(row.get(0)?)?, row.get::<String>(1)? != "ended"))).transpose()
}

/// Partners that are reviewed.
fn in_good_standing(tx: &mut Tx<'_>) -> Result<Vec<PartnerId>, Refusal> {
    let sql = "SELECT id FROM partners WHERE life IN ('active', 'probation') ORDER BY id";
    tx.query(sql, params![])?.iter().map(|row| parsed(row.get(0)?)).collect()
}

/// Partners to whom time does something now.
fn due(tx: &mut Tx<'_>, now: Timestamp) -> Result<Vec<PartnerId>, Refusal> {
    let sql = "SELECT id FROM partners WHERE next_step <= $1 ORDER BY next_step, id LIMIT 100";
    tx.query(sql, params![now])?.iter().map(|row| parsed(row.get(0)?)).collect()
}

fn next_number(tx: &mut Tx<'_>, year: i16) -> Result<i64, Refusal> {
    let last = last_number(tx, year)?;
    Ok(ledger::next_number(tx, year, last)?)
}

/// The highest number of a partner of that year; 0 before the first.
pub(crate) fn last_number(tx: &mut Tx<'_>, year: i16) -> Result<i64, Error> {
    let sql = "SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM partners WHERE year = $1";
    Ok(tx.query_one(sql, params![i64::from(year)])?.get(0)?)
}

fn parsed<T: std::str::FromStr>(id: String) -> Result<T, Refusal> {
    id.parse().map_err(|_| Refusal::Internal("a stored id is unreadable".into()))
}
