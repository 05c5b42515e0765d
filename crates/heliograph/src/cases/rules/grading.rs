//! Grading: CVSS vectors, and the values that decide SSVC's coordinator triage.

use crate::refusal::Refusal;
use cvd::ssvc::{DecisionPoint, DecisionRecord, TriageFacts, decide_triage, public_safety_impact, utility};
use serde::{Deserialize, Serialize};

/// Characters of a vector, at most.
const VECTOR_MAX: usize = 300;

/// A grade as somebody gives it.
#[derive(Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Grading {
    /// A vector that begins with `CVSS:3.1/`; empty for none. At most 300 characters.
    #[schema(example = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")]
    pub(crate) cvss31: String,
    /// A vector that begins with `CVSS:4.0/`; empty for none. At most 300 characters.
    #[schema(example = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N")]
    pub(crate) cvss40: String,
    /// What triage is decided with; leave it out to decide nothing.
    pub(crate) ssvc: Option<TriageValues>,
}

/// SSVC coordinator triage, each value by its key.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TriageValues {
    /// Is a viable report public already? `Y`, `N`.
    #[schema(example = "N")]
    pub(crate) report_public: String,
    /// Has the reporter tried to reach the supplier? `N`, `Y`.
    #[schema(example = "Y")]
    pub(crate) supplier_contacted: String,
    /// `NC` not credible, `C` credible.
    #[schema(example = "C")]
    pub(crate) credibility: String,
    /// `O` one supplier, `M` several.
    #[schema(example = "O")]
    pub(crate) cardinality: String,
    /// `A` the supplier is active, `U` it does not answer.
    #[schema(example = "A")]
    pub(crate) engagement: String,
    /// Can an attacker automate it? `N`, `Y`.
    #[schema(example = "N")]
    pub(crate) automatable: String,
    /// `D` diffuse, `C` concentrated.
    #[schema(example = "D")]
    pub(crate) value_density: String,
    /// `N` none, `M` marginal, `R` critical, `C` catastrophic.
    #[schema(example = "N")]
    pub(crate) safety_impact: String,
}

/// Vectors with their scores, and the triage decision.
pub(crate) type Graded = (Vec<(String, f64)>, Option<DecisionRecord>);

/// Scores the vectors and decides triage.
pub(crate) fn graded(grading: Grading) -> Result<Graded, Refusal> {
    let given = [("cvss31", grading.cvss31), ("cvss40", grading.cvss40)];
    let given = given.into_iter().filter(|(_, vector)| !vector.is_empty());
    let scores = given.map(|(field, vector)| scored(field, vector)).collect::<Result<Vec<_>, _>>()?;
    let triage = grading.ssvc.as_ref().map(triage).transpose()?;
    if scores.is_empty() && triage.is_none() {
        return Err(Refusal::invalid("cvss31", "Give a vector, or the values for triage."));
    }
    Ok((scores, triage))
}

/// A vector with its score.
fn scored(field: &'static str, vector: String) -> Result<(String, f64), Refusal> {
    let wanted = if field == "cvss31" { "CVSS:3.1/" } else { "CVSS:4.0/" };
    if vector.chars().count() > VECTOR_MAX {
        return Err(Refusal::invalid(field, format!("At most {VECTOR_MAX} characters, please.")));
    }
    if !vector.starts_with(wanted) {
        return Err(Refusal::invalid(field, format!("A vector here begins with {wanted}.")));
    }
    match formats::cvss::score(&vector) {
        Ok(score) => Ok((vector, score.score)),
        Err(reason) => Err(Refusal::invalid(field, format!("This vector cannot be scored: {reason}."))),
    }
}

fn triage(values: &TriageValues) -> Result<DecisionRecord, Refusal> {
    let automatable = point("automatable", &values.automatable)?;
    let density = point("value_density", &values.value_density)?;
    let safety = point("safety_impact", &values.safety_impact)?;
    let facts = TriageFacts {
        report_public: point("report_public", &values.report_public)?,
        supplier_contacted: point("supplier_contacted", &values.supplier_contacted)?,
        credibility: point("credibility", &values.credibility)?,
        cardinality: point("cardinality", &values.cardinality)?,
        engagement: point("engagement", &values.engagement)?,
        utility: utility(automatable, density).outcome,
        public_safety: public_safety_impact(safety).outcome,
    };
    Ok(decide_triage(facts).record)
}

fn point<P: DecisionPoint>(name: &'static str, key: &str) -> Result<P, Refusal> {
    let keys: Vec<&str> = P::VALUES.iter().map(|value| value.key()).collect();
    P::from_key(key).ok_or_else(|| {
        Refusal::invalid(name, format!("Please choose one of the values: {}.", keys.join(", ")))
    })
}
