//! What comes to its end, or is due, in the programme. Pure.

use super::decide::next_check;
use super::duties::REPORT_DAYS;
use super::event::Declared;
use super::state::Partner;
use jiff::{SignedDuration, Timestamp};

/// What a date is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum DateKind {
    /// A partner's year, its contract and its certificate end; its review comes before.
    Year,
    /// What put a partner on probation is to be mended.
    Probation,
    Accreditation,
    /// A request that was accepted is due.
    Request,
    /// The centre will ask whether somebody is there.
    Drill,
    /// The yearly work report.
    Report,
    /// The yearly declaration of interests.
    Declaration,
}

impl DateKind {
    /// All of them, with the words for people.
    pub(crate) const ALL: &[(Self, &'static str)] = &[
        (Self::Year, "year, contract and certificate end; the review comes before"),
        (Self::Probation, "probation ends"),
        (Self::Accreditation, "accreditation ends"),
        (Self::Request, "accepted request is due"),
        (Self::Drill, "contacts are checked"),
        (Self::Report, "work report is due again"),
        (Self::Declaration, "conflicts are declared again"),
    ];

    pub(crate) fn words(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, words)| words)
    }
}

/// The dates of a partner that its own record tells.
pub(crate) fn dates(partner: &Partner) -> Vec<(DateKind, Timestamp)> {
    let Some(until) = partner.until.filter(|_| partner.life.is_partner()) else { return Vec::new() };
    let a_year_after = |at: Timestamp| at + SignedDuration::from_hours(24 * REPORT_DAYS);
    let mut dates = vec![(DateKind::Year, until), (DateKind::Drill, next_check(partner))];
    dates.extend(partner.mend_by.map(|by| (DateKind::Probation, by)));
    dates.extend(partner.report.as_ref().map(|(at, _)| (DateKind::Report, a_year_after(*at))));
    let declared = partner.declared.get(&Declared::Conflicts);
    dates.extend(declared.map(|(_, at)| (DateKind::Declaration, a_year_after(*at))));
    dates
}

#[cfg(test)]
mod tests {
    use super::super::life::Life;
    use super::*;

    #[test]
    fn the_dates_of_a_partner_follow_from_its_record_and_nobody_else_has_any() {
        let now: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        let days = |days: i64| now + SignedDuration::from_hours(24 * days);
        let mut one = Partner {
            life: Life::Probation,
            until: Some(days(300)),
            mend_by: Some(days(90)),
            active_since: Some(now),
            report: Some((days(-65), Vec::new())),
            ..Partner::default()
        };
        one.declared.insert(Declared::Conflicts, (false, days(-5)));
        assert_eq!(
            dates(&one),
            [
                (DateKind::Year, days(300)),
                (DateKind::Drill, days(30)),
                (DateKind::Probation, days(90)),
                (DateKind::Report, days(300)),
                (DateKind::Declaration, days(360)),
            ]
        );
        assert!(dates(&Partner { life: Life::Ended, ..one }).is_empty());
    }
}
