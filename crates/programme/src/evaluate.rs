//! Criteria and facts to a level, with reasons.

use serde::Serialize;

use crate::count::{self, Range};
use crate::facts::{Credit, Facts, FactsError, Value};
use crate::programme::{Condition, Count, Criterion, Demand, Demands, Filter, Programme, Stage, Test};

/// Whether a demand is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is.
    Met,
    /// It is not.
    NotMet,
    /// Something that decides it is not known.
    Unknown,
}

impl Outcome {
    /// What holds if both must: one failure decides, and what is unknown stays unknown.
    fn and(self, other: Outcome) -> Outcome {
        match (self, other) {
            (Outcome::NotMet, _) | (_, Outcome::NotMet) => Outcome::NotMet,
            (Outcome::Unknown, _) | (_, Outcome::Unknown) => Outcome::Unknown,
            _ => Outcome::Met,
        }
    }
}

/// What was found for one criterion and one level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The criterion.
    pub id: String,
    /// The level; `all` for a criterion that asks the same of every level.
    pub level: String,
    /// Whether it is met.
    pub result: Outcome,
    /// What was asked and what is known, in words.
    pub why: String,
}

/// What an evaluation says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evaluation {
    /// The best level whose criteria are all met, or `none`.
    pub level: String,
    /// Every criterion at every level, in the order of the programme.
    pub criteria: Vec<Finding>,
}

/// The word for no level; no programme may call a level so.
pub(crate) const NONE: &str = "none";

/// What a merged cell is called where a level is expected; no programme may call a level so.
pub(crate) const ALL: &str = "all";

impl Programme {
    /// Evaluates one stage. The facts' credits are those of the stage's window.
    pub fn evaluate(&self, stage: &Stage, facts: &Facts) -> Result<Evaluation, FactsError> {
        facts.check(self)?;
        let mut reached = vec![true; self.levels.len()];
        let mut criteria = Vec::new();
        for criterion in &stage.criteria {
            match &criterion.demands {
                Demands::All(demand) => {
                    let found = self.finding(criterion, ALL, demand, facts);
                    reached.iter_mut().for_each(|level| *level &= found.result == Outcome::Met);
                    criteria.push(found);
                }
                Demands::ByLevel(demands) => {
                    for ((level, holds), demand) in self.levels.iter().zip(&mut reached).zip(demands) {
                        let Some(demand) = demand else { continue };
                        let found = self.finding(criterion, level, demand, facts);
                        *holds &= found.result == Outcome::Met;
                        criteria.push(found);
                    }
                }
            }
        }
        let best = self.levels.iter().zip(reached).find(|(_, reached)| *reached);
        Ok(Evaluation { level: best.map_or(NONE, |(level, _)| level).to_owned(), criteria })
    }

    fn finding(&self, criterion: &Criterion, level: &str, demand: &Demand, facts: &Facts) -> Finding {
        let tested = demand.conditions.iter().map(|condition| self.test(condition, facts));
        let counted = demand.count.iter().map(|count| test_count(count, facts.credits.as_deref()));
        let (mut result, mut why) = (Outcome::Met, Vec::new());
        for (outcome, reason) in tested.chain(counted) {
            result = result.and(outcome);
            why.push(reason);
        }
        Finding { id: criterion.id.clone(), level: level.to_owned(), result, why: why.join("; ") }
    }

    fn test(&self, condition: &Condition, facts: &Facts) -> (Outcome, String) {
        let (fact, asked) = (&condition.fact, asked(&condition.test));
        let name = self.name_of(fact);
        let Some(value) = facts.facts.get(fact) else {
            return (Outcome::Unknown, format!("{name}: not known, asked: {asked}"));
        };
        let holds = match (&condition.test, value) {
            (Test::Equals(wanted), value) => value == wanted,
            (Test::MoreThan(bound), Value::Number(number)) => number > bound,
            (Test::AtLeast(bound), Value::Number(number)) => number >= bound,
            (Test::LessThan(bound), Value::Number(number)) => number < bound,
            (Test::AtMost(bound), Value::Number(number)) => number <= bound,
            (Test::Ranked(wanted), Value::Word(word)) => self.rank(fact, word) <= self.rank(fact, wanted),
            // `Facts::check` refused the rest before.
            _ => false,
        };
        let outcome = if holds { Outcome::Met } else { Outcome::NotMet };
        (outcome, format!("{name}: {value}, asked: {asked}"))
    }

    /// The place of a word, the best first; unknown words come last.
    fn rank(&self, fact: &str, word: &str) -> usize {
        let words = self.ordinals.get(fact).map_or(&[][..], Vec::as_slice);
        words.iter().position(|known| known == word).unwrap_or(usize::MAX)
    }
}

fn asked(test: &Test) -> String {
    match test {
        Test::Equals(value) => value.to_string(),
        Test::MoreThan(bound) => format!("more than {bound}"),
        Test::AtLeast(bound) => format!("at least {bound}"),
        Test::LessThan(bound) => format!("less than {bound}"),
        Test::AtMost(bound) => format!("at most {bound}"),
        Test::Ranked(word) => format!("at least {word}"),
    }
}

fn test_count(count: &Count, credits: Option<&[Credit]>) -> (Outcome, String) {
    let what = described(&count.of);
    let Some(credits) = credits else {
        return (Outcome::Unknown, format!("nobody has counted {what}, at least {} are asked", count.total));
    };
    let (mut outcome, mut why) = compare(count::count(credits, &count.of, false), count.total, &what);
    if let Some(bound) = count.critical {
        let (critical, reason) = compare(count::count(credits, &count.of, true), bound, "critical ones");
        outcome = outcome.and(critical);
        why = format!("{why}; {reason}");
    }
    (outcome, why)
}

fn compare(found: Range, bound: u64, what: &str) -> (Outcome, String) {
    let known = match found.possible - found.sure {
        0 => format!("{} {what}", found.sure),
        open => format!("{} {what} and {open} that may be", found.sure),
    };
    if found.sure >= bound {
        (Outcome::Met, format!("{known}, at least {bound} are asked"))
    } else if found.possible >= bound {
        (Outcome::Unknown, format!("{known}, at least {bound} are asked"))
    } else {
        (Outcome::NotMet, format!("{known}, at least {bound} are asked: {} more", bound - found.possible))
    }
}

/// `vulnerability credits (novel: yes, reach: generic)`.
fn described(filter: &Filter) -> String {
    if filter.says.is_empty() {
        return format!("{} credits", filter.kind);
    }
    let said = filter.says.iter().map(|(name, values)| {
        let values: Vec<String> = values.iter().map(Value::to_string).collect();
        format!("{name}: {}", values.join(" or "))
    });
    format!("{} credits ({})", filter.kind, said.collect::<Vec<_>>().join(", "))
}
