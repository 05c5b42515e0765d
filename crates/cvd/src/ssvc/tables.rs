//! The tables. Rows are written as the published ones print them, so that an eye can compare.

use super::{
    Automatable, Cardinality, Coordinate, Credibility, Decision, DecisionPoint, Engagement, Exploitation,
    Exposure, HumanImpact, MissionImpact, PatchPriority, PublicSafetyImpact, PublicValueAdded, Publish,
    ReportPublic, SafetyImpact, SupplierContacted, SupplierInvolvement, TechnicalImpact, Utility,
    ValueDensity, index, look_up,
};

/// What a coordinator knows when a report comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct TriageFacts {
    /// Is it public?
    pub report_public: ReportPublic,
    /// Has the supplier been contacted?
    pub supplier_contacted: SupplierContacted,
    /// Is the report credible?
    pub credibility: Credibility,
    /// One supplier or several?
    pub cardinality: Cardinality,
    /// Does the supplier take part?
    pub engagement: Engagement,
    /// How useful is an exploit?
    pub utility: Utility,
    /// How large is the harm to the public?
    pub public_safety: PublicSafetyImpact,
}

/// Rows: credibility, cardinality, engagement; columns: utility and public safety, L/M L/S E/M E/S S/M S/S.
/// For reports that are not public and whose supplier was contacted.
const TRIAGE: &str = "
    D D D T D T
    D D D T D T
    D T D T T C
    D T D T T C
    D D D T D T
    T C C C C C
    D T D T C C
    C C C C C C";

/// Coordinator triage 1.0.0 (192 rows): decline, track or coordinate.
#[must_use]
pub fn decide_triage(facts: TriageFacts) -> Decision<Coordinate> {
    // A public report, or a supplier whom nobody has asked yet, needs no coordinator, unless several
    // suppliers face the worst case. These 144 rows carry no other rule.
    let needless =
        facts.report_public == ReportPublic::Yes || facts.supplier_contacted == SupplierContacted::No;
    let worst = facts.cardinality == Cardinality::Multiple
        && facts.utility == Utility::SuperEffective
        && facts.public_safety == PublicSafetyImpact::Significant;
    let row = (index(facts.credibility) * 2 + index(facts.cardinality)) * 2 + index(facts.engagement);
    let column = index(facts.utility) * 2 + index(facts.public_safety);
    let outcome = match (needless, worst) {
        (true, true) => Coordinate::Coordinate,
        (true, false) => Coordinate::Decline,
        (false, _) => look_up(TRIAGE, row * 6 + column, Coordinate::Coordinate),
    };
    let inputs = vec![
        facts.report_public.chosen(),
        facts.supplier_contacted.chosen(),
        facts.credibility.chosen(),
        facts.cardinality.chosen(),
        facts.engagement.chosen(),
        facts.utility.chosen(),
        facts.public_safety.chosen(),
    ];
    Decision::new("ssvc:DT_COORD_TRIAGE:1.0.0", inputs, outcome)
}

/// What a coordinator knows when publication is considered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct PublicationFacts {
    /// How far has the supplier come?
    pub involvement: SupplierInvolvement,
    /// Is it exploited?
    pub exploitation: Exploitation,
    /// What would a publication add?
    pub value_added: PublicValueAdded,
}

/// Rows: involvement and exploitation; columns: value added, L A P.
const PUBLICATION: &str = "
    N N P
    N N P
    N P P
    N N P
    N N P
    N P P
    N N P
    N P P
    P P P";

/// Coordinator publication 1.0.0 (27 rows). For cases triaged "coordinate" whose embargo is over.
#[must_use]
pub fn decide_publication(facts: PublicationFacts) -> Decision<Publish> {
    let row = index(facts.involvement) * 3 + index(facts.exploitation);
    let outcome = look_up(PUBLICATION, row * 3 + index(facts.value_added), Publish::DoNotPublish);
    let inputs = vec![facts.involvement.chosen(), facts.exploitation.chosen(), facts.value_added.chosen()];
    Decision::new("ssvc:DT_COORD_PUBLISH:1.0.0", inputs, outcome)
}

/// What a supplier knows when it plans a patch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct SupplierFacts {
    /// Is it exploited?
    pub exploitation: Exploitation,
    /// How useful is an exploit?
    pub utility: Utility,
    /// What does it give over the system?
    pub technical_impact: TechnicalImpact,
    /// How large is the harm to the public?
    pub public_safety: PublicSafetyImpact,
}

/// Rows: exploitation and utility; columns: technical impact and public safety, P/M P/S T/M T/S.
const SUPPLIER: &str = "
    D S S O
    S O S O
    S O O O
    S O S I
    S I O I
    O I O I
    O I O I
    O I O I
    I I I I";

/// Supplier patch development 1.0.0 (36 rows).
#[must_use]
pub fn decide_supplier(facts: SupplierFacts) -> Decision<PatchPriority> {
    let row = index(facts.exploitation) * 3 + index(facts.utility);
    let column = index(facts.technical_impact) * 2 + index(facts.public_safety);
    let outcome = look_up(SUPPLIER, row * 4 + column, PatchPriority::Immediate);
    let inputs = vec![
        facts.exploitation.chosen(),
        facts.utility.chosen(),
        facts.technical_impact.chosen(),
        facts.public_safety.chosen(),
    ];
    Decision::new("ssvc:DT_SP:1.0.0", inputs, outcome)
}

/// What a deployer knows when a patch is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct DeployerFacts {
    /// Is it exploited?
    pub exploitation: Exploitation,
    /// How reachable is the system?
    pub exposure: Exposure,
    /// Can attacks be automated?
    pub automatable: Automatable,
    /// How large is the harm to people and mission?
    pub human_impact: HumanImpact,
}

/// Rows: exploitation and exposure; columns: automatable and human impact, N/L N/M N/H N/VH Y/L Y/M Y/H Y/VH.
const DEPLOYER: &str = "
    D D S S D S S S
    D S S S S S S S
    D S S S S S S O
    D S S S S S S S
    D S S S S S S O
    S S S O S S O O
    S S O O S O O O
    S S O O O O O O
    S O O I O O I I";

/// Deployer patch application 1.0.0 (72 rows).
#[must_use]
pub fn decide_deployer(facts: DeployerFacts) -> Decision<PatchPriority> {
    let row = index(facts.exploitation) * 3 + index(facts.exposure);
    let column = index(facts.automatable) * 4 + index(facts.human_impact);
    let outcome = look_up(DEPLOYER, row * 8 + column, PatchPriority::Immediate);
    let inputs = vec![
        facts.exploitation.chosen(),
        facts.exposure.chosen(),
        facts.automatable.chosen(),
        facts.human_impact.chosen(),
    ];
    Decision::new("ssvc:DT_DP:1.0.0", inputs, outcome)
}

/// Utility 1.0.0 (4 rows): how useful an exploit is.
#[must_use]
pub fn utility(automatable: Automatable, density: ValueDensity) -> Decision<Utility> {
    let outcome = look_up("L E E S", index(automatable) * 2 + index(density), Utility::SuperEffective);
    Decision::new("ssvc:DT_U:1.0.0", vec![automatable.chosen(), density.chosen()], outcome)
}

/// Public safety impact 1.0.0 (4 rows).
#[must_use]
pub fn public_safety_impact(safety: SafetyImpact) -> Decision<PublicSafetyImpact> {
    let outcome = look_up("M S S S", index(safety), PublicSafetyImpact::Significant);
    Decision::new("ssvc:DT_PSI:1.0.0", vec![safety.chosen()], outcome)
}

/// Rows: safety impact; columns: mission impact D MSC MEF MF.
const HUMAN_IMPACT: &str = "
    L  L  M  VH
    L  L  M  VH
    M  H  H  VH
    VH VH VH VH";

/// Human impact 1.0.0 (16 rows). The table contradicts the definition texts of the values of HI 2.0.2
/// (Marginal and Degraded: Low in the table, Medium in the text; Critical and Degraded: Medium and
/// High). The table is taken, because it is what other implementations compute.
#[must_use]
pub fn human_impact(safety: SafetyImpact, mission: MissionImpact) -> Decision<HumanImpact> {
    let outcome = look_up(HUMAN_IMPACT, index(safety) * 4 + index(mission), HumanImpact::VeryHigh);
    Decision::new("ssvc:DT_HI:1.0.0", vec![safety.chosen(), mission.chosen()], outcome)
}
