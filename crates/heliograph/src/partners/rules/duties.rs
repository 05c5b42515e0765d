//! What a partner owes besides its work: a signed work report, and to be reachable. Pure.
//!
//! Domain facts S21: the report is generated from the record, and each difference is explained. S22:
//! reachability is a percentile of answers, not a "never". S27: the ladder of silence is that of the rules
//! for inactive numbering authorities: six months, then three notices two weeks apart.

use super::act::words;
use super::credit::Counted;
use crate::refusal::Refusal;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// A number of the work report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Line {
    /// Finds whose vendor was told.
    Finds,
    /// Cases taken to a fix.
    Cases,
    /// Alerts that came in time and were confirmed.
    Alerts,
    /// Requests delivered in time.
    Requests,
}

impl Line {
    pub(crate) const ALL: &[(Self, &'static str, &'static str)] = &[
        (Self::Finds, "finds", "finds whose vendor was told"),
        (Self::Cases, "cases", "cases taken to a fix"),
        (Self::Alerts, "alerts", "alerts in time and confirmed"),
        (Self::Requests, "requests", "requests delivered in time"),
    ];

    pub(crate) fn words(self) -> &'static str {
        Self::ALL.iter().find(|(line, ..)| *line == self).map_or("", |(.., words)| words)
    }

    /// What the record says.
    pub(crate) fn of(self, counted: &Counted) -> u32 {
        let number = match self {
            Self::Finds => {
                counted.finds.iter().filter(|finds| finds.vendor_told).map(|finds| finds.count).sum()
            }
            Self::Cases => counted.cases.iter().map(|cases| cases.count).sum(),
            Self::Alerts => {
                let good = counted.alerts.iter().filter(|alerts| alerts.timely && alerts.confirmed);
                good.map(|alerts| alerts.count).sum()
            }
            Self::Requests => counted.requests.1,
        };
        u32::try_from(number.max(0)).unwrap_or(u32::MAX)
    }
}

/// One number, reconciled: what the record says and what the partner signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub(crate) struct Reconciled {
    pub(crate) line: Line,
    pub(crate) record: u32,
    pub(crate) signed: u32,
}

/// What a partner signs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct WorkReport {
    #[schema(example = 3)]
    pub(crate) finds: u32,
    #[schema(example = 1)]
    pub(crate) cases: u32,
    #[schema(example = 2)]
    pub(crate) alerts: u32,
    #[schema(example = 4)]
    pub(crate) requests: u32,
    /// Why a number differs from the record; needed where one does.
    #[schema(example = "Two finds were claimed by a partner of ours.")]
    pub(crate) explanation: String,
}

impl WorkReport {
    fn signed(&self, line: Line) -> u32 {
        match line {
            Line::Finds => self.finds,
            Line::Cases => self.cases,
            Line::Alerts => self.alerts,
            Line::Requests => self.requests,
        }
    }

    pub(crate) fn check(&self) -> Result<(), Refusal> {
        super::act::limited("explanation", &self.explanation, super::act::WORDS_MAX)
    }
}

/// Holds a report against the record, number by number. A difference needs its explanation.
pub(crate) fn reconcile(report: &WorkReport, counted: &Counted) -> Result<Vec<Reconciled>, Refusal> {
    report.check()?;
    let all: Vec<Reconciled> = Line::ALL
        .iter()
        .map(|(line, ..)| Reconciled { line: *line, record: line.of(counted), signed: report.signed(*line) })
        .collect();
    if all.iter().any(|one| one.record != one.signed) {
        words("explanation", &report.explanation)?;
    }
    Ok(all)
}

/// Days for which a signed report stands.
pub(crate) const REPORT_DAYS: i64 = 365;

/// Days between two checks of a partner's contacts.
const CHECK_DAYS: i64 = 30;

/// Days of silence before the first notice, and between one notice and the next.
const SILENCE_DAYS: i64 = 182;
const NOTICE_DAYS: i64 = 14;

/// Notices before a silent partner is one no more.
pub(crate) const NOTICES: u32 = 3;

fn after(at: Timestamp, days: i64) -> Timestamp {
    at + SignedDuration::from_hours(24 * days)
}

/// When the next check is sent.
pub(crate) fn next_check(last: Timestamp) -> Timestamp {
    after(last, CHECK_DAYS)
}

/// When the next notice for silence is due, or the end: so many were sent, and it was last heard then.
pub(crate) fn next_notice(heard: Timestamp, sent: u32) -> Timestamp {
    after(heard, SILENCE_DAYS + NOTICE_DAYS * i64::from(sent))
}

/// Hours within which nine checks of ten were answered; one that waits counts as long as it waits. `None`
/// before the first check.
pub(crate) fn answered_p90_hours(checks: &[(Timestamp, Option<Timestamp>)], now: Timestamp) -> Option<i64> {
    let hours =
        checks.iter().map(|(sent, answered)| answered.unwrap_or(now).duration_since(*sent).as_hours().max(0));
    nine_of_ten(hours.collect())
}

/// The smallest number that at least nine of ten do not exceed; `None` of none.
pub(super) fn nine_of_ten(mut numbers: Vec<i64>) -> Option<i64> {
    numbers.sort_unstable();
    let place = (numbers.len() * 9).div_ceil(10).checked_sub(1)?;
    numbers.get(place).copied()
}

/// Working days, Monday to Friday in UTC, that begin after one instant and until another: none within a
/// day.
pub(crate) fn business_days(from: Timestamp, to: Timestamp) -> i64 {
    let day = |at: Timestamp| at.to_zoned_datetime(TimeZone::UTC).date();
    let (first, last) = (day(from), day(to));
    let all = i64::from(first.until(last).map_or(0, |span| span.get_days())).max(0);
    let weekday = i64::from(first.weekday().to_monday_zero_offset());
    let rest = (1..=all % 7).filter(|number| (weekday + number) % 7 < 5).count();
    all / 7 * 5 + rest as i64
}

#[cfg(test)]
mod tests {
    use super::super::credit::{Cases, Role};
    use super::*;

    fn now() -> Timestamp {
        "2026-11-24T10:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_report_that_differs_from_the_record_needs_its_explanation() {
        let counted = Counted {
            cases: vec![Cases { role: Role::Finder, outcome: "fixed".into(), count: 2 }],
            ..Counted::default()
        };
        let same = WorkReport { cases: 2, ..WorkReport::default() };
        assert!(reconcile(&same, &counted).unwrap().iter().all(|one| one.record == one.signed));
        let other = WorkReport { cases: 3, ..WorkReport::default() };
        assert!(
            matches!(reconcile(&other, &counted), Err(Refusal::Invalid { field, .. }) if field == "explanation")
        );
        let explained = WorkReport { explanation: "One was closed elsewhere.".into(), ..other };
        let found = reconcile(&explained, &counted).unwrap();
        assert!(found.contains(&Reconciled { line: Line::Cases, record: 2, signed: 3 }));
        let long = WorkReport { cases: 2, explanation: "x".repeat(20_001), ..WorkReport::default() };
        assert!(reconcile(&long, &counted).is_err());
    }

    #[test]
    fn nine_answers_of_ten_decide_and_one_that_waits_counts_as_it_waits() {
        let at = |hours: i64| now() + SignedDuration::from_hours(hours);
        let answered = |hours: &[i64]| -> Vec<(Timestamp, Option<Timestamp>)> {
            hours.iter().map(|hours| (now(), Some(at(*hours)))).collect()
        };
        assert_eq!(answered_p90_hours(&[], now()), None);
        assert_eq!(answered_p90_hours(&answered(&[5]), at(9)), Some(5));
        assert_eq!(answered_p90_hours(&answered(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 100]), at(900)), Some(9));
        assert_eq!(answered_p90_hours(&answered(&[1, 100]), at(900)), Some(100));
        assert_eq!(answered_p90_hours(&[(now(), None)], at(50)), Some(50));
    }

    /// The programme counts acknowledgements in business days: 24 November 2026 is a Tuesday.
    #[test]
    fn weekends_are_no_business_days() {
        let after = |hours: i64| business_days(now(), now() + SignedDuration::from_hours(hours));
        assert_eq!([0, 13, 14, 24, 72, 96, 120, 144, 168].map(after), [0, 0, 1, 1, 3, 3, 3, 4, 5]);
        assert_eq!(after(24 * 28), 20);
        assert_eq!(business_days(now(), now() - SignedDuration::from_hours(48)), 0);
        let saturday: Timestamp = "2026-11-28T10:00:00Z".parse().unwrap();
        assert_eq!(business_days(saturday, saturday + SignedDuration::from_hours(24)), 0);
        assert_eq!(business_days(saturday, saturday + SignedDuration::from_hours(48)), 1);
    }

    /// Domain facts S27, after the rules for inactive numbering authorities (1.2.0).
    #[test]
    fn silence_is_noticed_after_half_a_year_and_then_every_two_weeks() {
        let days = |sent| next_notice(now(), sent).duration_since(now()).as_hours() / 24;
        assert_eq!([0, 1, 2, 3].map(days), [182, 196, 210, 224]);
    }
}
