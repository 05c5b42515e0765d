//! All SQL about cases.

mod acts;
mod commands;
mod milestones;

pub(crate) use acts::took_part;
pub(in crate::cases) use acts::{act, act_in_own, party, seen};
pub(crate) use commands::{PublishedAs, expire_embargoes, publish, purge_exploits};
pub(in crate::cases) use commands::{
    accept, answer, close, end_or_keep, erase, fix, grade, invite, leave, merge, observe, propose,
    report_move, speak, state_affected,
};
pub(crate) use milestones::{Milestones, milestones};

use super::rules::{Case, CaseEvent};
use crate::access::Resource;
use crate::deadlines;
use crate::ledger::{Changed, Error, Loaded, load, next_number};
use crate::refusal::Refusal;
use crate::vetting::{self, Eyes};
use jiff::Timestamp;
use std::collections::BTreeSet;
use storage::{Tx, params};
use vocabulary::{CaseId, OrganisationId, Page, ReportId};

pub(in crate::cases) fn stream(id: &CaseId) -> String {
    format!("case/{id}")
}

/// The vault's compartment of a case.
pub(in crate::cases) fn compartment(id: &CaseId) -> String {
    format!("case/{id}")
}

/// Keeps `cases` and `participants`: small rows, made anew from the case's state.
pub(in crate::cases) fn settle(tx: &mut Tx<'_>, changed: &Changed) -> Result<(), Error> {
    let Some(id) = changed.stream.strip_prefix("case/") else { return Ok(()) };
    let case = load::<Case>(tx, changed.stream.clone())?.state;
    let corrupt = || Error::Corrupt { seq: changed.seq, reason: "a case number cannot be read".into() };
    let (year, number) = crate::reports::numbers(id).ok_or_else(corrupt)?;
    let case_id: CaseId = id.parse().map_err(|_| corrupt())?;
    tx.execute("DELETE FROM cases WHERE id = $1", params![id])?;
    let sql = "INSERT INTO cases (id, year, number, code_name, opened, stage, pxa, embargo, embargo_end,
                   severity, triage, published)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let row = params![
        id,
        year,
        number,
        &case.code_name,
        case.opened,
        case.stage(),
        case.pxa().to_string(),
        case.embargo_word(),
        case.embargo.end(),
        case.tenths,
        case.triage.as_ref().map(|triage| triage.outcome.value.clone()),
        case.published.map(|(_, at)| at),
    ];
    tx.execute(sql, row)?;
    tx.execute("DELETE FROM participants WHERE case_id = $1", params![id])?;
    let gone = case.merged_into.is_some();
    if !gone {
        let parts = case.reports.iter().map(ToString::to_string);
        vetting::note_parts(tx, &case_id, parts.chain(case.merged.iter().map(ToString::to_string)))?;
    }
    for (organisation, vendor) in case.vendors.iter().filter(|(_, vendor)| !vendor.left && !gone) {
        let sql = "INSERT INTO participants (case_id, organisation, rm, consent, vfd, invited, told)
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let words = (vendor.rm.label(), case.consent(organisation).label(), vendor.fix.label());
        let row = params![id, organisation.as_str(), words.0, words.1, words.2, vendor.invited, vendor.told];
        tx.execute(sql, row)?;
    }
    Ok(())
}

/// A case; `NotFound` where there is none.
pub(crate) fn find(tx: &mut Tx<'_>, id: &CaseId) -> Result<Loaded<Case>, Refusal> {
    let case: Loaded<Case> = load(tx, stream(id))?;
    if case.exists() { Ok(case) } else { Err(Refusal::NotFound) }
}

/// The case that goes on for this one, which may have become part of another, and so on.
pub(crate) fn surviving(tx: &mut Tx<'_>, id: &CaseId) -> Result<(CaseId, Case), Refusal> {
    let (mut id, mut case) = (id.clone(), find(tx, id)?.state);
    // A case takes nothing in after it became part of another, so this ends.
    while let Some(into) = case.merged_into.take() {
        case = find(tx, &into)?.state;
        id = into;
    }
    Ok((id, case))
}

/// A case as the policies see it. One that became part of another is open to its participants there,
/// and there only.
/// Whoever may be in it at all, need-to-know is asked for as of `now`.
pub(crate) fn resource(
    tx: &mut Tx<'_>,
    id: &CaseId,
    case: &Case,
    now: Timestamp,
) -> Result<Resource, Refusal> {
    let matter = vetting::matter(tx, id.as_str(), now)?;
    let id = id.to_string();
    if case.merged_into.is_some() {
        let (readers, invited, reporters) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        return Ok(Resource::Case { id, readers, invited, reporters, matter });
    }
    let (readers, invited, reporters) = (case.readers(), case.invited(), case.reporters());
    Ok(Resource::Case { id, readers, invited, reporters, matter })
}

/// A case, and how the policies see it at this instant.
pub(crate) fn find_as_seen(
    tx: &mut Tx<'_>,
    id: &CaseId,
    now: Timestamp,
) -> Result<(Case, Resource), Refusal> {
    let case = find(tx, id)?.state;
    let resource = resource(tx, id, &case, now)?;
    Ok((case, resource))
}

/// Under which names the journal knows what belongs to a case: itself, what became part of it, its
/// reports.
pub(crate) fn subjects(tx: &mut Tx<'_>, id: &CaseId) -> Result<Vec<String>, Refusal> {
    let case = find(tx, id)?.state;
    let parts = std::iter::once(id).chain(&case.merged).map(ToString::to_string);
    Ok(parts.chain(case.reports.iter().map(ToString::to_string)).collect())
}

/// The reports of a case, whose clocks count for it too.
pub(crate) fn reports_of(tx: &mut Tx<'_>, id: &CaseId) -> Result<Vec<ReportId>, Refusal> {
    let rows = tx.query("SELECT id FROM reports WHERE case_id = $1 ORDER BY id", params![id.as_str()])?;
    rows.iter().map(|row| parsed(row.get(0)?)).collect()
}

fn parsed<T: std::str::FromStr>(id: String) -> Result<T, Refusal> {
    id.parse().map_err(|_| Refusal::Internal("a stored id is unreadable".into()))
}

pub(in crate::cases) fn next_id(tx: &mut Tx<'_>, prefix: &str, year: i16) -> Result<CaseId, Refusal> {
    let last = last_number(tx, year)?;
    Ok(CaseId::numbered(prefix, year, next_number(tx, year, last)?))
}

/// The highest number of a case of that year; 0 before the first.
pub(crate) fn last_number(tx: &mut Tx<'_>, year: i16) -> Result<i64, Error> {
    let sql = "SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM cases WHERE year = $1";
    Ok(tx.query_one(sql, params![i64::from(year)])?.get(0)?)
}

/// A case as the desk lists it.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct CaseRow {
    #[schema(value_type = String)]
    pub(crate) id: CaseId,
    pub(crate) code_name: String,
    #[schema(value_type = String)]
    pub(crate) opened: Timestamp,
    /// `open`, `published`, `closed`.
    pub(crate) stage: String,
    /// Letters of Vultron's public state, such as `pxA`.
    pub(crate) pxa: String,
    pub(crate) embargo: String,
    #[schema(value_type = Option<String>)]
    pub(crate) embargo_end: Option<Timestamp>,
    /// CVSS score in tenths.
    pub(crate) severity: Option<i64>,
    /// SSVC outcome key.
    pub(crate) triage: Option<String>,
    /// The earliest thing owed in it.
    #[schema(value_type = Option<String>)]
    pub(crate) due: Option<Timestamp>,
    pub(crate) vendors: i64,
    pub(crate) vendors_told: i64,
}

/// Which cases a list shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Which {
    /// All that are not closed.
    Open,
    /// Open ones whose vendor has not been told: none is invited.
    NotTold,
    /// Open ones that are not published.
    Unpublished,
    /// Open ones known to be exploited.
    Exploited,
    /// Those to which an organisation is invited.
    Of(OrganisationId),
}

/// One page of cases, sorted by what is due.
pub(crate) fn list(tx: &mut Tx<'_>, which: &Which, eyes: &Eyes, page: Page) -> Result<Vec<CaseRow>, Refusal> {
    let (condition, organisation) = match which {
        Which::Open => ("c.stage <> 'closed'", ""),
        Which::NotTold => (NOT_TOLD, ""),
        Which::Unpublished => ("c.stage = 'open'", ""),
        Which::Exploited => ("c.stage <> 'closed' AND c.pxa LIKE '%A'", ""),
        Which::Of(id) => (
            "EXISTS (SELECT 1 FROM participants m WHERE m.case_id = c.id AND m.organisation = $3)",
            id.as_str(),
        ),
    };
    let sql = format!(
        "SELECT * FROM (SELECT c.id, c.code_name, c.opened, c.stage, c.pxa, c.embargo, c.embargo_end,
            c.severity, c.triage,
            (SELECT MIN(d.due) FROM deadlines d WHERE d.state IN ('running', 'extended') AND d.reference = 0
                AND (d.subject = c.id OR d.subject IN (SELECT r.id FROM reports r WHERE r.case_id = c.id))) AS due,
            (SELECT CAST(COUNT(*) AS BIGINT) FROM participants p WHERE p.case_id = c.id) AS vendors,
            (SELECT CAST(COUNT(p.told) AS BIGINT) FROM participants p WHERE p.case_id = c.id) AS told
         FROM cases c WHERE {condition} AND ($3 = $3) AND {}) q
         ORDER BY q.due IS NULL, q.due, q.opened, q.id LIMIT $1 OFFSET $2",
        vetting::open_to("c.id", 4)
    );
    let mut values = params![page.limit(), page.offset(), organisation].to_vec();
    values.extend(eyes.values());
    let rows = tx.query(&sql, &values)?;
    rows.iter().map(case_row).collect()
}

fn case_row(row: &storage::Row) -> Result<CaseRow, Refusal> {
    Ok(CaseRow {
        id: parsed(row.get(0)?)?,
        code_name: row.get(1)?,
        opened: row.get(2)?,
        stage: row.get(3)?,
        pxa: row.get(4)?,
        embargo: row.get(5)?,
        embargo_end: row.get(6)?,
        severity: row.get(7)?,
        triage: row.get(8)?,
        due: row.get(9)?,
        vendors: row.get(10)?,
        vendors_told: row.get(11)?,
    })
}

const NOT_TOLD: &str = "c.stage IN ('open', 'published') AND NOT EXISTS (
    SELECT 1 FROM participants p WHERE p.case_id = c.id)";

/// What the desk counts: the stock, as far as whoever looks may know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stock {
    pub(crate) open: i64,
    pub(crate) unfixed: i64,
    pub(crate) unpublished: i64,
    pub(crate) not_told: i64,
}

/// Counting stops where pages say "1,000+".
pub(crate) fn stock(tx: &mut Tx<'_>, eyes: &Eyes) -> Result<Stock, Refusal> {
    let before = eyes.now() - jiff::SignedDuration::from_hours(24 * 45);
    let (ready, deployed) = (cvd::cs::VendorFix::Ready.label(), cvd::cs::VendorFix::Deployed.label());
    let mut count = |condition: &str, opened: i64| -> Result<i64, Refusal> {
        let sql = format!(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT 1 FROM cases c
             WHERE {condition} AND c.opened <= $1 AND $2 <> $3 AND {} LIMIT $4) q",
            vetting::open_to("c.id", 5)
        );
        let mut values = params![opened, ready, deployed, deadlines::COUNT_MAX + 1].to_vec();
        values.extend(eyes.values());
        Ok(tx.query_one(&sql, &values)?.get(0)?)
    };
    Ok(Stock {
        open: count("c.stage IN ('open', 'published')", i64::MAX)?,
        unfixed: count(
            "c.stage IN ('open', 'published') AND EXISTS (SELECT 1 FROM participants p
             WHERE p.case_id = c.id AND p.vfd NOT IN ($2, $3))",
            before.as_microsecond(),
        )?,
        unpublished: count("c.stage = 'open'", i64::MAX)?,
        not_told: count(NOT_TOLD, i64::MAX)?,
    })
}

/// Cases whose embargo has run out and whose end nobody has recorded.
pub(in crate::cases) fn run_out(tx: &mut Tx<'_>, now: Timestamp) -> Result<Vec<CaseId>, Refusal> {
    let sql = "SELECT id FROM cases WHERE embargo IN ('active', 'revise', 'proposed') AND embargo_end <= $1";
    tx.query(sql, params![now])?.iter().map(|row| parsed(row.get(0)?)).collect()
}

/// Reports of cases published before an instant.
pub(in crate::cases) fn published_before(tx: &mut Tx<'_>, at: Timestamp) -> Result<Vec<ReportId>, Refusal> {
    let sql = "SELECT r.id FROM reports r JOIN cases c ON c.id = r.case_id
               WHERE c.published IS NOT NULL AND c.published <= $1 ORDER BY r.id";
    tx.query(sql, params![at])?.iter().map(|row| parsed(row.get(0)?)).collect()
}
