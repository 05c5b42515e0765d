//! The yearly review: facts and credits to a level, and what follows from it. Pure.

use super::credit::{Counted, credits};
use super::duties::{REPORT_DAYS, answered_p90_hours, nine_of_ten};
use super::event::Found;
use super::programmes::{admitting, of_the_record};
use super::state::Partner;
use crate::refusal::Refusal;
use jiff::{SignedDuration, Timestamp};
use programme::{Facts, Progress, Value};
use serde::{Deserialize, Serialize};

/// The stage of the yearly review.
pub(crate) const ANNUAL: &str = "annual";

/// The fact that requests tell.
const IN_TIME: &str = "accepted_requests_in_time_percent";

/// Days in which a partner that fell below its level can come back to it.
pub(crate) const PROBATION_DAYS: i64 = 90;

/// What a review came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// Its level is met.
    Kept,
    /// A better level is met.
    Promoted,
    /// Its level is not met, for the first time: it has time to come back.
    Probation,
    /// It did not come back: the best level that it fully meets.
    Demoted,
    /// It did not come back, and meets no level.
    Suspended,
}

impl Outcome {
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Kept => "the level is kept",
            Self::Promoted => "promoted",
            Self::Probation => "on probation",
            Self::Demoted => "demoted to the best level that is fully met",
            Self::Suspended => "suspended: no level is met",
        }
    }
}

/// All that is known of a partner for its review.
pub(crate) fn facts(partner: &Partner, counted: &Counted, now: Timestamp) -> Facts {
    let mut facts = of_the_record(partner, now);
    for (fact, (value, _)) in &partner.stated {
        facts.insert(fact.clone(), Value::Number(f64::from(*value)));
    }
    // A number that was measured stands before one that was stated.
    let (hours, days) = answers(partner, counted, now);
    if let Some(hours) = hours {
        facts.insert("drill_answer_p90_hours".to_owned(), Value::Number(hours as f64));
    }
    if let Some(days) = days {
        facts.insert("ack_p90_business_days".to_owned(), Value::Number(days as f64));
    }
    let oldest = now - SignedDuration::from_hours(24 * REPORT_DAYS);
    let is_signed = partner.report.as_ref().is_some_and(|(at, _)| *at >= oldest);
    for fact in ["work_report_accurate", "work_report_complete"] {
        facts.insert(fact.to_owned(), Value::Flag(is_signed));
    }
    // Whoever accepted nothing was never late; what was declined is not counted at all.
    let (all, in_time) = counted.requests;
    let percent = if all == 0 { 100 } else { in_time * 100 / all };
    facts.insert(IN_TIME.to_owned(), Value::Number(percent as f64));
    Facts { facts, credits: Some(credits(counted)) }
}

/// How soon a partner answers, from the record: checks of its contacts in hours, requests in business days,
/// each the number that nine of ten do not exceed. `None` where nothing was measured.
pub(crate) fn answers(partner: &Partner, counted: &Counted, now: Timestamp) -> (Option<i64>, Option<i64>) {
    (answered_p90_hours(&partner.checks, now), nine_of_ten(counted.answered_days.clone()))
}

/// Names of the annual stage's number facts that a manager states with evidence.
pub(crate) fn stateable(partner: &Partner) -> Vec<String> {
    let Ok(published) = admitting(&partner.programme) else { return Vec::new() };
    let Some(stage) = published.programme.stage(ANNUAL) else { return Vec::new() };
    let known = of_the_record(partner, Timestamp::UNIX_EPOCH);
    let demands = stage.criteria.iter().flat_map(|criterion| criterion.demands.each());
    let conditions = demands.flat_map(|demand| &demand.conditions);
    let numbers = conditions.filter(|condition| !matches!(condition.test, programme::Test::Equals(_)));
    let mut names: Vec<String> = numbers.map(|condition| condition.fact.clone()).collect();
    names.retain(|name| {
        !known.contains_key(name) && name != "conflict_declaration_age_days" && name != IN_TIME
    });
    names.sort();
    names.dedup();
    names
}

/// How far a partner is towards each criterion of its review.
pub(crate) fn progress(
    partner: &Partner,
    counted: &Counted,
    now: Timestamp,
) -> Result<Vec<Progress>, Refusal> {
    let programme = &admitting(&partner.programme)?.programme;
    let Some(stage) = programme.stage(ANNUAL) else { return Ok(Vec::new()) };
    let facts = facts(partner, counted, now);
    programme.progress(stage, &facts).map_err(|error| Refusal::Internal(error.to_string()))
}

/// The level reached now, with what was found.
pub(crate) fn reached(
    partner: &Partner,
    counted: &Counted,
    now: Timestamp,
) -> Result<(Option<String>, Vec<Found>), Refusal> {
    let programme = &admitting(&partner.programme)?.programme;
    let stage =
        programme.stage(ANNUAL).ok_or_else(|| Refusal::conflict("This programme has no yearly review."))?;
    let evaluation = programme
        .evaluate(stage, &facts(partner, counted, now))
        .map_err(|error| Refusal::Internal(error.to_string()))?;
    let level = programme.levels.iter().find(|level| **level == evaluation.level).cloned();
    let found = evaluation.criteria.into_iter().map(|finding| Found {
        criterion: finding.id,
        level: finding.level,
        result: finding.result.into(),
    });
    Ok((level, found.collect()))
}

/// What follows from a level that was reached: better is promoted, below is first given time.
pub(crate) fn follows(partner: &Partner, reached: Option<&str>, now: Timestamp) -> Outcome {
    let levels = admitting(&partner.programme).map(|published| published.programme.levels.as_slice());
    let levels = levels.unwrap_or_default();
    let place = |level: Option<&str>| {
        level.and_then(|level| levels.iter().position(|known| known == level)).unwrap_or(levels.len())
    };
    let (before, after) = (place(partner.level.as_deref()), place(reached));
    let had_time = partner.mend_by.is_some_and(|by| by <= now);
    if after < before {
        Outcome::Promoted
    } else if after == before && after < levels.len() {
        Outcome::Kept
    } else if !had_time {
        Outcome::Probation
    } else if after < levels.len() {
        Outcome::Demoted
    } else {
        Outcome::Suspended
    }
}

/// By when a partner on probation has to be back at its level.
pub(crate) fn mend_by(partner: &Partner, now: Timestamp) -> Timestamp {
    partner.mend_by.unwrap_or(now + SignedDuration::from_hours(24 * PROBATION_DAYS))
}

/// What a number comes to at the end of the year, if it goes on as it did: `None` in the first month,
/// when nobody can tell.
pub(crate) fn forecast(have: f64, begun: Timestamp, now: Timestamp) -> Option<f64> {
    let days = now.duration_since(begun).as_hours() as f64 / 24.0;
    (days >= 30.0).then(|| (have * 365.0 / days.min(365.0)).floor())
}
