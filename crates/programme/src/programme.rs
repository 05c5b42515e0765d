//! What a programme is made of.

use std::collections::BTreeMap;

use crate::facts::Value;

/// Whether a programme may admit partners, or can only be read, evaluated and compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Partners are admitted and reviewed by it.
    Active,
    /// It is shown and simulated, and never decides about anybody.
    Reference,
}

/// What an active programme promises; each is enforced by the engine, and named in the file so that
/// partners read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Guard {
    /// A find earns credit only with evidence that its vendor was told.
    VendorNotifiedBeforeCredit,
    /// Nothing goes to a recipient with an offensive or unknown mandate.
    NoOffensiveRecipient,
    /// Nobody's attitude is scored.
    NoAttitudeScoring,
    /// Declining a request has no consequence.
    DeclineWithoutSanction,
}

impl Guard {
    /// All of them, with the words that stand for them in a file.
    pub const ALL: [(Guard, &'static str); 4] = [
        (Guard::VendorNotifiedBeforeCredit, "vendor_notified_before_credit"),
        (Guard::NoOffensiveRecipient, "no_offensive_recipient"),
        (Guard::NoAttitudeScoring, "no_attitude_scoring"),
        (Guard::DeclineWithoutSanction, "decline_without_sanction"),
    ];
}

/// A partner programme.
#[derive(Debug, Clone)]
pub struct Programme {
    /// A short name, unique among programmes.
    pub id: String,
    /// The name for people.
    pub title: String,
    /// Active, or for reference.
    pub mode: Mode,
    /// The levels, the best first.
    pub levels: Vec<String>,
    /// How long a level holds before it is reviewed.
    pub validity: jiff::Span,
    /// Where the criteria were read: by name, in the words of the file.
    pub source: BTreeMap<String, String>,
    /// Words that have an order, the best first, by the fact that uses them.
    pub ordinals: BTreeMap<String, Vec<String>>,
    /// What facts are called where people read of them, by their names.
    pub names: BTreeMap<String, String>,
    /// What the programme promises.
    pub guards: Vec<Guard>,
    /// What its author says would have to go before it could be active.
    pub forbidden_in_active: Vec<String>,
    /// Admission, review, and whatever else it has.
    pub stages: Vec<Stage>,
}

impl Programme {
    /// The stage with this id.
    #[must_use]
    pub fn stage(&self, id: &str) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.id == id)
    }

    /// What a fact is called: as the file says, or else its name with spaces.
    #[must_use]
    pub fn name_of(&self, fact: &str) -> String {
        self.names.get(fact).cloned().unwrap_or_else(|| fact.replace('_', " "))
    }
}

/// From when on credits count.
#[derive(Debug, Clone)]
pub enum Window {
    /// Whatever an application shows.
    Application,
    /// The last so much time before the evaluation.
    Last(jiff::Span),
}

/// One occasion on which criteria are evaluated.
#[derive(Debug, Clone)]
pub struct Stage {
    /// Its name: `initial`, `annual`.
    pub id: String,
    /// The figure of the source that it was read from.
    pub figure: Option<String>,
    /// Which credits count.
    pub window: Window,
    /// What is asked, in the order of the file.
    pub criteria: Vec<Criterion>,
}

impl Stage {
    /// The heading of a criterion, and what it asks of a level in the words of the file; these are empty
    /// where it has none, or asks nothing there.
    #[must_use]
    pub fn asks(&self, programme: &Programme, criterion: &str, level: &str) -> Option<(&str, &str)> {
        let found = self.criteria.iter().find(|one| one.id == criterion)?;
        let index = programme.levels.iter().position(|known| known == level).unwrap_or_default();
        Some((&found.category, found.demands.of(index).map_or("", |demand| &demand.text)))
    }
}

/// One thing that is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Criterion {
    /// Its name within the stage.
    pub id: String,
    /// The heading it stands under in the source; its id where it has none.
    pub category: String,
    /// What each level asks.
    pub demands: Demands,
    /// The types of requests that it speaks of.
    pub request_types: Vec<String>,
}

/// What a criterion asks of the levels.
#[derive(Debug, Clone, PartialEq)]
pub enum Demands {
    /// A merged cell: the same of every level.
    All(Demand),
    /// One demand for each level, in the order of the programme's levels; none where nothing is asked.
    ByLevel(Vec<Option<Demand>>),
}

impl Demands {
    /// What this level asks; `index` counts the programme's levels.
    pub(crate) fn of(&self, index: usize) -> Option<&Demand> {
        match self {
            Demands::All(demand) => Some(demand),
            Demands::ByLevel(demands) => demands.get(index)?.as_ref(),
        }
    }

    /// Every demand once.
    pub fn each(&self) -> impl Iterator<Item = &Demand> {
        let (all, by_level) = match self {
            Demands::All(demand) => (Some(demand), [].as_slice()),
            Demands::ByLevel(demands) => (None, demands.as_slice()),
        };
        all.into_iter().chain(by_level.iter().flatten())
    }
}

/// All of this must hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Demand {
    /// The words of the source, verbatim; empty where the file has none.
    pub text: String,
    /// What is odd about those words.
    pub note: Option<String>,
    /// Single facts.
    pub conditions: Vec<Condition>,
    /// A number of credits.
    pub count: Option<Count>,
}

/// One fact, held against what is asked of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// The fact's name.
    pub fact: String,
    /// What is asked.
    pub test: Test,
}

/// What may be asked of a fact. "Exceeds 20" is [`Test::MoreThan`], "at least 20" [`Test::AtLeast`].
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// `eq`
    Equals(Value),
    /// `gt`
    MoreThan(f64),
    /// `ge`
    AtLeast(f64),
    /// `lt`
    LessThan(f64),
    /// `le`
    AtMost(f64),
    /// `at_least`: this word or a better one, by the order of the fact's words.
    Ranked(String),
}

/// A number of credits.
#[derive(Debug, Clone, PartialEq)]
pub struct Count {
    /// Which ones.
    pub of: Filter,
    /// How many at least.
    pub total: u64,
    /// How many of them critical, at least.
    pub critical: Option<u64>,
}

/// Which credits count.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// `vulnerability`, `alert`, `case`, …
    pub kind: String,
    /// What the credit must say: one of these values for each of these names.
    pub says: BTreeMap<String, Vec<Value>>,
}
