//! What the engine says of one clock.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::anchors::DutyId;
use crate::terms::{Counting, Verified};

/// The state of a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The duty does not exist in this case.
    NotApplicable,
    /// Nobody has said whether it exists; the assessment's conditional sentence says when it would.
    ScopeNotDeclared,
    /// The event that it counts from has not happened.
    NotStarted,
    /// That event has happened, and nobody recorded when.
    AnchorMissing,
    /// It runs.
    Running,
    /// It was met in time.
    Met,
    /// It was met too late.
    MetLate,
    /// Its deadline has passed.
    Overdue,
    /// It runs until a later, decided time.
    Extended,
    /// It fell away on a ground that the rules know.
    Waived,
    /// Something else took its place.
    Superseded,
}

impl State {
    /// Every state.
    pub const ALL: [State; 11] = [
        State::NotApplicable,
        State::ScopeNotDeclared,
        State::NotStarted,
        State::AnchorMissing,
        State::Running,
        State::Met,
        State::MetLate,
        State::Overdue,
        State::Extended,
        State::Waived,
        State::Superseded,
    ];

    /// The word in JSON and in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            State::NotApplicable => "not_applicable",
            State::ScopeNotDeclared => "scope_not_declared",
            State::NotStarted => "not_started",
            State::AnchorMissing => "anchor_missing",
            State::Running => "running",
            State::Met => "met",
            State::MetLate => "met_late",
            State::Overdue => "overdue",
            State::Extended => "extended",
            State::Waived => "waived",
            State::Superseded => "superseded",
        }
    }

    /// Whether somebody still has to act on it.
    pub fn is_open(self) -> bool {
        matches!(self, State::Running | State::Extended | State::Overdue | State::AnchorMissing)
    }
}

/// A deadline by another way of counting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondReading {
    /// The way of counting.
    pub counting: Counting,
    /// The deadline by it.
    pub due: Timestamp,
}

/// One duty of one profile, held against the facts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// The profile.
    pub profile: String,
    /// The duty in it.
    pub duty: DutyId,
    /// The vendor, where the duty is owed to each.
    pub vendor: Option<String>,
    /// The article.
    pub article: String,
    /// What is to be done.
    pub title: String,
    /// Who owes it: the role.
    pub debtor: String,
    /// To whom, by name.
    pub recipients: Vec<String>,
    /// The state.
    pub state: State,
    /// The deadline, with a decided extension. `None` where there is none, and where it is not
    /// certain that the duty exists.
    pub due: Option<Timestamp>,
    /// When the time for it begins, where that is not at once: the first instant of its window.
    #[serde(default)]
    pub opens: Option<Timestamp>,
    /// The deadline by another way of counting, shown beside the first.
    #[serde(default)]
    pub second: Option<SecondReading>,
    /// Whether the rule says "should", or is guidance: a missed one is no breach.
    #[serde(default)]
    pub soft: bool,
    /// The instant that it counts from.
    pub started: Option<Timestamp>,
    /// When it was met.
    pub met_at: Option<Timestamp>,
    /// The reasoning: rule, anchor, calendar, direction of error, result.
    pub explain: String,
    /// For undeclared scope: what would be due if the duty exists.
    pub conditional: Option<String>,
    /// Whether the profile is only for reference: somebody's rules, not ours.
    pub reference: bool,
    /// Where the rule was read.
    pub source: String,
    /// How it was checked.
    pub verified: Verified,
}

impl Assessment {
    /// Whether it is a row of guidance beside the law: to read, and never a reason for a red light.
    pub fn is_guidance(&self) -> bool {
        self.soft && self.duty.as_str().contains('@')
    }
}

/// The next instant at which a state changes by itself: the nearest deadline still ahead.
pub fn next_change(assessments: &[Assessment], now: Timestamp) -> Option<Timestamp> {
    let runs = |clock: &&Assessment| matches!(clock.state, State::Running | State::Extended);
    assessments.iter().filter(runs).filter_map(|clock| clock.due).filter(|due| *due >= now).min()
}

/// How much of its time a clock has used, from 0.0 to 1.0. `None` without a deadline.
pub fn progress(clock: &Assessment, now: Timestamp) -> Option<f64> {
    let (started, due) = (clock.started?, clock.due?);
    let total = due.duration_since(started).as_secs_f64();
    let used = clock.met_at.unwrap_or(now).duration_since(started).as_secs_f64();
    if total <= 0.0 { Some(1.0) } else { Some((used / total).clamp(0.0, 1.0)) }
}
