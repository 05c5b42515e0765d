//! What a number of partners at each level stands for, by the numbers that the criteria name.

use std::collections::BTreeMap;

use crate::programme::{Programme, Stage, Test};

/// Sums of the bounds of one stage over a number of partners.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Capacity {
    /// By fact: the sum of the numbers that stand in the criteria ("exceeds 20" counts as 20).
    pub facts: BTreeMap<String, f64>,
    /// By criterion: credits in all.
    pub credits: BTreeMap<String, u64>,
    /// By criterion: critical ones among them.
    pub critical: BTreeMap<String, u64>,
}

impl Programme {
    /// What the stage's lower bounds add up to for this many partners at each level, in the order of
    /// the programme's levels.
    #[must_use]
    pub fn capacity(&self, stage: &Stage, partners: &[u32]) -> Capacity {
        let mut sum = Capacity::default();
        for criterion in &stage.criteria {
            for (index, partners) in partners.iter().enumerate() {
                let Some(demand) = criterion.demands.of(index) else { continue };
                for condition in &demand.conditions {
                    if let Test::MoreThan(bound) | Test::AtLeast(bound) = condition.test {
                        *sum.facts.entry(condition.fact.clone()).or_default() += bound * f64::from(*partners);
                    }
                }
                if let Some(count) = &demand.count {
                    let times = u64::from(*partners);
                    *sum.credits.entry(criterion.id.clone()).or_default() += count.total * times;
                    *sum.critical.entry(criterion.id.clone()).or_default() +=
                        count.critical.unwrap_or_default() * times;
                }
            }
        }
        sum
    }
}
