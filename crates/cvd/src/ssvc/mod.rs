//! Stakeholder-specific vulnerability categorisation (SSVC): published decision tables, as data.
//!
//! A decision keeps a record that names every decision point as `namespace:key:version` with the key of
//! the value chosen, so that it can be read, compared and repeated when the tables have moved on.
//! Source: CERTCC/SSVC, `data/json` as of 2026-07-20; the tests compare every row with it.

mod points;
mod tables;

pub use points::{
    Automatable, Cardinality, Coordinate, Credibility, Engagement, Exploitation, Exposure, HumanImpact,
    MissionImpact, PatchPriority, PublicSafetyImpact, PublicValueAdded, Publish, ReportPublic, SafetyImpact,
    SupplierContacted, SupplierInvolvement, TechnicalImpact, Utility, ValueDensity,
};
pub use tables::{DeployerFacts, PublicationFacts, SupplierFacts, TriageFacts};
pub use tables::{
    decide_deployer, decide_publication, decide_supplier, decide_triage, human_impact, public_safety_impact,
    utility,
};

use std::fmt;

/// What all decision points have in common.
pub trait DecisionPoint: Copy + Eq + 'static {
    /// `namespace:key:version`, such as `ssvc:RP:1.0.0`.
    const ID: &'static str;
    /// The name in plain words.
    const NAME: &'static str;
    /// Every value, in the order of the source, which runs from weak to strong.
    const VALUES: &'static [Self];
    /// The key of the value, such as `Y`.
    fn key(self) -> &'static str;
    /// The name of the value in plain words.
    fn label(self) -> &'static str;

    /// The value with this key.
    fn from_key(key: &str) -> Option<Self> {
        Self::VALUES.iter().copied().find(|value| value.key() == key)
    }

    /// The value as it stands in a record.
    fn chosen(self) -> Chosen {
        Chosen { point: Self::ID.to_owned(), value: self.key().to_owned() }
    }
}

/// A decision point and the value chosen for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Chosen {
    /// `namespace:key:version`.
    pub point: String,
    /// The key of the value.
    pub value: String,
}

impl fmt::Display for Chosen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.point, self.value)
    }
}

/// A decision as it is stored: the table, what went in and what came out, all with their versions.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct DecisionRecord {
    /// The table, as `namespace:key:version`.
    pub table: String,
    /// The values that went in.
    pub inputs: Vec<Chosen>,
    /// The value that came out.
    pub outcome: Chosen,
}

/// A decision: the outcome to act on, and the record to keep.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Decision<O> {
    /// What the table says.
    pub outcome: O,
    /// How it came about.
    pub record: DecisionRecord,
}

impl<O: DecisionPoint> Decision<O> {
    fn new(table: &'static str, inputs: Vec<Chosen>, outcome: O) -> Self {
        let record = DecisionRecord { table: table.to_owned(), inputs, outcome: outcome.chosen() };
        Self { outcome, record }
    }

    /// One sentence that says what was decided, by which table and from what.
    #[must_use]
    pub fn explanation(&self) -> String {
        let inputs: Vec<String> = self.record.inputs.iter().map(Chosen::to_string).collect();
        format!(
            "{}: {} ({}) by {} from {}",
            O::NAME,
            self.outcome.label(),
            self.record.outcome,
            self.record.table,
            inputs.join(", ")
        )
    }
}

/// Tables small enough to be read beside the published ones: keys separated by blanks, the last input
/// running fastest.
fn look_up<O: DecisionPoint>(table: &str, row: usize, otherwise: O) -> O {
    table.split_whitespace().nth(row).and_then(O::from_key).unwrap_or(otherwise)
}

fn index<P: DecisionPoint>(value: P) -> usize {
    P::VALUES.iter().position(|other| *other == value).unwrap_or(0)
}
