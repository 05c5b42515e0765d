//! How far somebody is towards each criterion, in numbers: what a picture is drawn from.

use serde::Serialize;

use crate::count;
use crate::evaluate::{Finding, Outcome};
use crate::facts::{Facts, FactsError, Value};
use crate::programme::{Demand, Programme, Stage, Test};

/// One criterion, with what is there and what each level asks for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Progress {
    /// The criterion.
    pub id: String,
    /// The heading that it stands under.
    pub category: String,
    /// The number that counts, where the criterion is one number: of credits, or of one fact.
    pub have: Option<f64>,
    /// Whether that is a number of credits, which grows as the year goes on.
    pub counted: bool,
    /// By level, in the order of the programme: the number asked for, where less is not enough.
    pub asked: Vec<(String, f64)>,
    /// By level, in the order of the programme: what is asked, in the words of the file.
    pub texts: Vec<(String, String)>,
    /// What the engine found, by level.
    pub found: Vec<Finding>,
}

impl Progress {
    /// How much is still lacking for a level, in whole credits; `None` where that is no question of a
    /// number or nothing is lacking.
    #[must_use]
    pub fn lacking(&self, level: &str) -> Option<f64> {
        let (_, asked) = self.asked.iter().find(|(name, _)| name == level)?;
        let lacking = asked - self.have.unwrap_or_default();
        (lacking > 0.0).then_some(lacking)
    }

    /// What a level asks, in the words of the file; empty where it has none.
    #[must_use]
    pub fn text(&self, level: &str) -> &str {
        self.texts.iter().find(|(name, _)| name == level).map_or("", |(_, text)| text)
    }

    /// What was found at a level; a merged cell holds for every level.
    #[must_use]
    pub fn at(&self, level: &str) -> Option<Outcome> {
        let found =
            self.found.iter().find(|found| found.level == level || found.level == crate::evaluate::ALL);
        found.map(|found| found.result)
    }
}

impl Programme {
    /// How far the facts are towards each criterion of a stage.
    ///
    /// # Errors
    /// As [`Programme::evaluate`].
    pub fn progress(&self, stage: &Stage, facts: &Facts) -> Result<Vec<Progress>, FactsError> {
        let evaluation = self.evaluate(stage, facts)?;
        let of = |criterion: &crate::Criterion| {
            let found = evaluation.criteria.iter().filter(|found| found.id == criterion.id).cloned();
            let by_level = self.levels.iter().enumerate();
            let text = |(index, level): (usize, &String)| {
                Some((level.clone(), criterion.demands.of(index)?.text.clone()))
            };
            let texts = by_level.clone().filter_map(text).collect();
            let asked = by_level.filter_map(|(index, level)| {
                let demand = criterion.demands.of(index)?;
                Some((level.clone(), number_asked(demand)?))
            });
            Progress {
                id: criterion.id.clone(),
                category: criterion.category.clone(),
                have: criterion.demands.each().find_map(|demand| number_there(demand, facts)),
                counted: criterion.demands.each().any(|demand| demand.count.is_some()),
                asked: asked.collect(),
                texts,
                found: found.collect(),
            }
        };
        Ok(stage.criteria.iter().map(of).collect())
    }
}

/// The one number that a demand asks for, where it asks for one and more is better.
fn number_asked(demand: &Demand) -> Option<f64> {
    match (&demand.count, demand.conditions.as_slice()) {
        (Some(count), []) => Some(count.total as f64),
        (None, [condition]) => match condition.test {
            Test::AtLeast(bound) | Test::MoreThan(bound) => Some(bound),
            _ => None,
        },
        _ => None,
    }
}

/// The number that is held against it.
fn number_there(demand: &Demand, facts: &Facts) -> Option<f64> {
    number_asked(demand)?;
    if let Some(count) = &demand.count {
        return Some(count::count(facts.credits.as_deref()?, &count.of, false).sure as f64);
    }
    match facts.facts.get(&demand.conditions.first()?.fact)? {
        Value::Number(number) => Some(*number),
        Value::Flag(_) | Value::Word(_) => None,
    }
}
