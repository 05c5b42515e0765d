//! What a programme may never ask.
//!
//! A programme can describe what the centre would never do: one reads, evaluates and compares it as
//! `reference`. To make it active, these parts would have to go. What touches beliefs or origin is
//! refused even there.

use std::fmt;

use serde::Serialize;

use crate::count::EVIDENCE;
use crate::facts::Value;
use crate::programme::{Criterion, Filter, Guard, Mode, Programme};
use crate::reader::{ProgrammeError, Read, Reader};

/// A rule that a programme breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Credit only for a find with evidence that the vendor was told.
    QuotaWithoutVendorNotification,
    /// No score for attitude.
    AttitudeScoring,
    /// Declining a request costs nothing.
    SanctionForDeclining,
    /// The types of requests are a closed list, and none serves exploitation.
    ExploitationSupport,
    /// An active programme names all that it promises.
    GuardMissing,
}

impl Rule {
    /// Its word in a file and in an answer.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Rule::QuotaWithoutVendorNotification => "quota_without_vendor_notification",
            Rule::AttitudeScoring => "attitude_scoring",
            Rule::SanctionForDeclining => "sanction_for_declining",
            Rule::ExploitationSupport => "exploitation_support",
            Rule::GuardMissing => "guard_missing",
        }
    }
}

/// A part of a programme that keeps it from being activated, and the rule that it breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Forbidden {
    /// Where it stands: `stage annual, criterion other_support`.
    pub place: String,
    /// What it does.
    pub what: String,
    /// The rule that this breaks.
    pub rule: Rule,
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// Kinds of credit that stand for a vulnerability somebody found or handled.
const FINDS: [&str; 2] = ["vulnerability", "case"];

/// Types of requests that a partner can be asked for.
pub(crate) const REQUEST_TYPES: [&str; 4] =
    ["evaluation_and_judgement", "technical_seminar", "data_analysis", "event_support"];

/// Words that speak of how somebody feels about the centre, not of what was done.
const ATTITUDE: [&str; 6] = ["attitude", "energetic", "enthusias", "loyal", "obedien", "willing"];

/// Words that speak of refusing.
const DECLINING: [&str; 2] = ["declin", "refus"];

/// Words that no programme may ask about, active or not.
const NEVER: [&str; 12] = [
    "politic",
    "partymember",
    "religio",
    "belief",
    "ethnic",
    "racial",
    "birthplace",
    "gender",
    "sexual",
    "famil",
    "nationalit",
    "origin",
];

impl Programme {
    /// Whether the programme may admit partners; if not, everything in it that forbids that.
    pub fn may_activate(&self) -> Result<(), Vec<Forbidden>> {
        let mut found = Vec::new();
        for stage in &self.stages {
            for criterion in &stage.criteria {
                check_criterion(
                    &format!("stage {}, criterion {}", stage.id, criterion.id),
                    criterion,
                    &mut found,
                );
            }
        }
        for (guard, word) in Guard::ALL {
            if !self.guards.contains(&guard) {
                let what = format!("does not promise {word}");
                found.push(Forbidden { place: "guard".to_owned(), what, rule: Rule::GuardMissing });
            }
        }
        if found.is_empty() { Ok(()) } else { Err(found) }
    }
}

fn check_criterion(place: &str, criterion: &Criterion, found: &mut Vec<Forbidden>) {
    let mut add = |what: String, rule| {
        let entry = Forbidden { place: place.to_owned(), what, rule };
        if !found.contains(&entry) {
            found.push(entry);
        }
    };
    for demand in criterion.demands.each() {
        for fact in demand.conditions.iter().map(|condition| condition.fact.as_str()) {
            if names(fact, &ATTITUDE) {
                add(format!("scores attitude by {fact}"), Rule::AttitudeScoring);
            }
            if names(fact, &DECLINING) {
                add(format!("counts {fact}"), Rule::SanctionForDeclining);
            }
        }
        if let Some(filter) = demand.count.as_ref().map(|count| &count.of).filter(|of| is_find_unproven(of)) {
            let what = format!("counts {} credits without evidence that the vendor was told", filter.kind);
            add(what, Rule::QuotaWithoutVendorNotification);
        }
    }
    for kind in criterion.request_types.iter().filter(|kind| !REQUEST_TYPES.contains(&kind.as_str())) {
        add(format!("asks for requests of the type {kind}"), Rule::ExploitationSupport);
    }
}

fn is_find_unproven(filter: &Filter) -> bool {
    let proven = filter.says.get(EVIDENCE).is_some_and(|values| values == &[Value::Flag(true)]);
    FINDS.contains(&filter.kind.as_str()) && !proven
}

/// Whether a word of the name begins like one of these.
fn names(name: &str, words: &[&str]) -> bool {
    let name = name.to_ascii_lowercase();
    name.split(['_', '-', '.']).any(|part| words.iter().any(|word| part.starts_with(word)))
}

/// Refuses what no programme may hold, and an active one that breaks a rule.
pub(crate) fn check(programme: &Programme, root: &Reader<'_>) -> Read<()> {
    let demands = programme.stages.iter().flat_map(|stage| &stage.criteria);
    let mut names_asked = demands.flat_map(|criterion| criterion.demands.each()).flat_map(|demand| {
        let said = demand.count.iter().flat_map(|count| count.of.says.keys());
        demand.conditions.iter().map(|condition| &condition.fact).chain(said)
    });
    if let Some(name) = names_asked.find(|name| names(name, &NEVER)) {
        return Err(root.error("stage", never(name)));
    }
    match (programme.mode, programme.may_activate()) {
        (Mode::Active, Err(found)) => Err(refuse_activation(&found, root)),
        _ => Ok(()),
    }
}

fn never(name: &str) -> String {
    format!(
        "`{name}`: politics, religion, ethnicity, origin, gender and family are asked of nobody, not even for reference"
    )
}

fn refuse_activation(found: &[Forbidden], root: &Reader<'_>) -> ProgrammeError {
    let reasons: Vec<_> =
        found.iter().map(|part| format!("{} {} ({})", part.place, part.what, part.rule.word())).collect();
    let reason =
        format!("cannot be active: {}. It can be read with mode = \"reference\"", reasons.join("; "));
    root.error("mode", reason)
}
