//! What counts, kept from the journal: finds with what became of them, and alerts.
//!
//! A find's row follows its report and its case: whether the vendor was told, and when it came to a fix.

use crate::cases;
use crate::ledger::{Changed, Error, Recorded};
use crate::partners::rules::{Alerts, Cases, Counted, Finds, Grade, PartnerEvent, Role};
use crate::refusal::Refusal;
use crate::reports;
use crate::vetting::{self, Eyes};
use jiff::Timestamp;
use std::collections::BTreeMap;
use storage::{Tx, params};
use vocabulary::{CaseId, Page, PartnerId, ReportId};

/// What becomes of reports and cases, the finds among them follow.
pub(super) fn settle(tx: &mut Tx<'_>, changed: &Changed) -> Result<(), Error> {
    if let Some(report) = changed.stream.strip_prefix("report/") {
        let sql = "SELECT report FROM partner_finds WHERE report = $1 OR original = $1 ORDER BY report";
        return follow_all(tx, sql, report);
    }
    if let Some(case) = changed.stream.strip_prefix("case/") {
        return follow_all(tx, "SELECT report FROM partner_finds WHERE case_id = $1 ORDER BY report", case);
    }
    Ok(())
}

/// Takes in what a partner claims, and what the centre says of it.
pub(in crate::partners) fn apply(tx: &mut Tx<'_>, recorded: &Recorded) -> Result<(), Error> {
    let Some(id) = recorded.stream.strip_prefix("partner/") else { return Ok(()) };
    let at = recorded.at;
    match recorded.event()? {
        PartnerEvent::FindClaimed { report } => {
            let sql = "INSERT INTO partner_finds (report, partner, claimed, contested, joint) VALUES ($1, $2, $3, 0, 0)";
            tx.execute(sql, params![report.as_str(), id, at])?;
            follow(tx, &report)
        }
        PartnerEvent::FindGraded { report, novel, reach, .. } => {
            let sql = "UPDATE partner_finds SET novel = $2, reach = $3, contested = 0 WHERE report = $1";
            tx.execute(sql, params![report.as_str(), novel, reach.name()])?;
            Ok(())
        }
        PartnerEvent::FindContested { report, .. } => {
            tx.execute("UPDATE partner_finds SET contested = 1 WHERE report = $1", params![report.as_str()])?;
            Ok(())
        }
        PartnerEvent::AlertSent { number, .. } => {
            let sql = "INSERT INTO partner_alerts (partner, number, sent) VALUES ($1, $2, $3)";
            tx.execute(sql, params![id, number, at])?;
            Ok(())
        }
        PartnerEvent::AlertReviewed { number, timely, confirmed, severity, .. } => {
            let sql = "UPDATE partner_alerts SET reviewed = $3, timely = $4, confirmed = $5, severity = $6
                       WHERE partner = $1 AND number = $2";
            tx.execute(sql, params![id, number, at, timely, confirmed, severity.name()])?;
            Ok(())
        }
        _ => Ok(()),
    }
}

fn follow_all(tx: &mut Tx<'_>, sql: &str, of: &str) -> Result<(), Error> {
    let reports: Vec<String> =
        tx.query(sql, params![of])?.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?;
    for report in reports {
        if let Ok(report) = report.parse() {
            follow(tx, &report)?;
        }
    }
    Ok(())
}

/// What came of a case, and when.
pub(super) fn outcome(found: &cases::Milestones) -> Option<(&'static str, Timestamp)> {
    match (found.published, found.fixed) {
        (Some(at), fixed) => Some(("published", fixed.map_or(at, |fixed| fixed.min(at)))),
        (None, Some(at)) => Some(("fixed", at)),
        (None, None) => None,
    }
}

/// Looks up what became of a find: its case, whether the vendor was told, and what came of it.
fn follow(tx: &mut Tx<'_>, report: &ReportId) -> Result<(), Error> {
    let (mut case, original) = reports::whereabouts(tx, report)?;
    if let (None, Some(original)) = (&case, &original) {
        case = reports::whereabouts(tx, original)?.0;
    }
    let found = case.as_ref().map(|case| cases::milestones(tx, case)).transpose()?.flatten();
    let sql =
        "UPDATE partner_finds SET original = $2, case_id = $3, told = $4, outcome = $5, outcome_at = $6,
                   severity = $7, joint = $8 WHERE report = $1";
    let outcome = found.as_ref().and_then(outcome);
    let joint = original.is_some() || found.as_ref().is_some_and(|found| found.reports > 1);
    let severity =
        found.as_ref().and_then(|found| found.tenths).map(|tenths| Grade::of_tenths(tenths).name());
    let row = params![
        report.as_str(),
        original.map(String::from),
        found.as_ref().map(|found| found.id.to_string()),
        found.as_ref().and_then(|found| found.told),
        outcome.map(|(word, _)| word),
        outcome.map(|(_, at)| at),
        severity,
        joint,
    ];
    tx.execute(sql, row)?;
    Ok(())
}

/// All that counts in a window of time, by partner: of one, or of all.
pub(in crate::partners) fn counted(
    tx: &mut Tx<'_>,
    from: Timestamp,
    to: Timestamp,
    of: Option<&PartnerId>,
) -> Result<BTreeMap<String, Counted>, Refusal> {
    let one = of.map(ToString::to_string).unwrap_or_default();
    let mut all: BTreeMap<String, Counted> = BTreeMap::new();
    let sql = "SELECT partner, novel, reach, severity, CAST(CASE WHEN told IS NULL THEN 0 ELSE 1 END AS BIGINT),
                   CAST(COUNT(*) AS BIGINT)
               FROM partner_finds
               WHERE COALESCE(told, claimed) >= $1 AND COALESCE(told, claimed) <= $2 AND (partner = $3 OR $3 = '')
               GROUP BY partner, novel, reach, severity, CASE WHEN told IS NULL THEN 0 ELSE 1 END";
    for row in tx.query(sql, params![from, to, &one])? {
        let finds = Finds {
            novel: row.get(1)?,
            reach: row.get(2)?,
            severity: row.get(3)?,
            vendor_told: row.get(4)?,
            count: row.get(5)?,
        };
        all.entry(row.get(0)?).or_default().finds.push(finds);
    }
    let sql = "SELECT partner, outcome, CAST(COUNT(DISTINCT case_id) AS BIGINT) FROM partner_finds
               WHERE told IS NOT NULL AND outcome IS NOT NULL AND outcome_at >= $1 AND outcome_at <= $2
                   AND (partner = $3 OR $3 = '') GROUP BY partner, outcome";
    for row in tx.query(sql, params![from, to, &one])? {
        let cases = Cases { role: Role::Finder, outcome: row.get(1)?, count: row.get(2)? };
        all.entry(row.get(0)?).or_default().cases.push(cases);
    }
    for (partner, cases) in super::requests::counts::supported(tx, from, to, &one)? {
        all.entry(partner).or_default().cases.push(cases);
    }
    let sql = "SELECT partner, timely, confirmed, severity, CAST(COUNT(*) AS BIGINT) FROM partner_alerts
               WHERE reviewed IS NOT NULL AND sent >= $1 AND sent <= $2 AND (partner = $3 OR $3 = '')
               GROUP BY partner, timely, confirmed, severity";
    for row in tx.query(sql, params![from, to, &one])? {
        let (timely, confirmed) = (row.get(1)?, row.get(2)?);
        let alerts = Alerts { timely, confirmed, severity: row.get(3)?, count: row.get(4)? };
        all.entry(row.get(0)?).or_default().alerts.push(alerts);
    }
    for (partner, requests) in super::requests::counts::kept(tx, from, to, &one)? {
        all.entry(partner).or_default().requests = requests;
    }
    for (partner, days) in super::requests::counts::answered_days(tx, from, to, &one)? {
        all.entry(partner).or_default().answered_days.push(days);
    }
    Ok(all)
}

/// A find as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::partners) struct FindRow {
    pub(in crate::partners) report: ReportId,
    pub(in crate::partners) partner: PartnerId,
    pub(in crate::partners) claimed: Timestamp,
    pub(in crate::partners) novel: Option<bool>,
    pub(in crate::partners) reach: Option<String>,
    pub(in crate::partners) contested: bool,
    pub(in crate::partners) joint: bool,
    pub(in crate::partners) case: Option<CaseId>,
    pub(in crate::partners) told: Option<Timestamp>,
    pub(in crate::partners) outcome: Option<String>,
    pub(in crate::partners) severity: Option<String>,
}

/// Which finds a list shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::partners) enum WhichFinds {
    /// Those of one partner.
    Of(PartnerId),
    /// Those that wait for a grade.
    Waiting,
}

/// One page of finds, newest first, as far as whoever looks is let into what they belong to. What a review
/// counts does not depend on who looks: it is a number of the whole record, and names nothing.
pub(in crate::partners) fn finds(
    tx: &mut Tx<'_>,
    which: &WhichFinds,
    page: Page,
    eyes: &Eyes,
) -> Result<Vec<FindRow>, Refusal> {
    let (condition, of) = match which {
        WhichFinds::Of(partner) => ("partner = $3", partner.to_string()),
        WhichFinds::Waiting => {
            ("(novel IS NULL OR contested = 1) AND case_id IS NOT NULL AND $3 = ''", String::new())
        }
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM partner_finds WHERE {condition} AND {}
         ORDER BY claimed DESC, report LIMIT $1 OFFSET $2",
        vetting::open_to("report", 4)
    );
    let mut values = params![page.limit(), page.offset(), of].to_vec();
    values.extend(eyes.values());
    let rows = tx.query(&sql, &values)?;
    rows.iter().map(find_row).collect()
}

/// So many finds behind a report, by its number, as far as whoever looks is let into what they belong to.
pub(in crate::partners) fn finds_behind(
    tx: &mut Tx<'_>,
    report: &str,
    count: i64,
    eyes: &Eyes,
) -> Result<Vec<FindRow>, Refusal> {
    let sql = format!(
        "SELECT {COLUMNS} FROM partner_finds WHERE report > $1 AND {} ORDER BY report LIMIT $2",
        vetting::open_to("report", 3)
    );
    let mut values = params![report, count].to_vec();
    values.extend(eyes.values());
    tx.query(&sql, &values)?.iter().map(find_row).collect()
}

const COLUMNS: &str =
    "report, partner, claimed, novel, reach, contested, joint, case_id, told, outcome, severity";

fn find_row(row: &storage::Row) -> Result<FindRow, Refusal> {
    Ok(FindRow {
        report: super::parsed(row.get(0)?)?,
        partner: super::parsed(row.get(1)?)?,
        claimed: row.get(2)?,
        novel: row.get(3)?,
        reach: row.get(4)?,
        contested: row.get(5)?,
        joint: row.get(6)?,
        case: row.get::<Option<String>>(7)?.map(super::parsed).transpose()?,
        told: row.get(8)?,
        outcome: row.get(9)?,
        severity: row.get(10)?,
    })
}

/// The find that a report is, if a partner has claimed it.
pub(in crate::partners) fn claimed(tx: &mut Tx<'_>, report: &ReportId) -> Result<Option<FindRow>, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM partner_finds WHERE report = $1");
    tx.query_opt(&sql, params![report.as_str()])?.as_ref().map(find_row).transpose()
}

/// The partner that claimed a report, if one did.
pub(super) fn claimed_by(tx: &mut Tx<'_>, report: &ReportId) -> Result<Option<PartnerId>, Refusal> {
    let row =
        tx.query_opt("SELECT partner FROM partner_finds WHERE report = $1", params![report.as_str()])?;
    row.map(|row| super::parsed(row.get(0)?)).transpose()
}
