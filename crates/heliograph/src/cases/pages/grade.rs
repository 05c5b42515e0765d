//! Grading: CVSS vectors and the SSVC coordinator triage.

use crate::cases::rules::Case;
use crate::refusal::Refusal;
use crate::web::{Fields, choice, field};
use cvd::ssvc::{
    Automatable, Cardinality, Credibility, DecisionPoint, DecisionRecord, Engagement, ReportPublic,
    SafetyImpact, SupplierContacted, TriageFacts, ValueDensity, decide_triage, public_safety_impact, utility,
};
use maud::{Markup, html};

/// Vectors with their scores, and the triage decision.
type Grade = (Vec<(String, f64)>, Option<DecisionRecord>);

/// Reads vectors and triage from the form.
pub(super) fn read(fields: &Fields) -> Result<Grade, Refusal> {
    let mut scores = Vec::new();
    for name in ["cvss31", "cvss40"] {
        let vector = fields.limited(if name == "cvss31" { "cvss31" } else { "cvss40" }, 300)?;
        if !vector.is_empty() {
            scores.push(scored(name, vector)?);
        }
    }
    let triage = fields.ticked("triage").then(|| triage(fields)).transpose()?;
    Ok((scores, triage))
}

/// A vector with its score.
pub(in crate::cases) fn scored(field: &'static str, vector: String) -> Result<(String, f64), Refusal> {
    let wanted = if field == "cvss31" { "CVSS:3.1/" } else { "CVSS:4.0/" };
    if !vector.starts_with(wanted) {
        return Err(Refusal::invalid(field, format!("A vector here begins with {wanted}.")));
    }
    match formats::cvss::score(&vector) {
        Ok(score) => Ok((vector, score.score)),
        Err(reason) => Err(Refusal::invalid(field, format!("This vector cannot be scored: {reason}."))),
    }
}

fn triage(fields: &Fields) -> Result<DecisionRecord, Refusal> {
    let automatable = point::<Automatable>(fields, "automatable")?;
    let density = point::<ValueDensity>(fields, "value_density")?;
    let safety = point::<SafetyImpact>(fields, "safety_impact")?;
    let facts = TriageFacts {
        report_public: point::<ReportPublic>(fields, "report_public")?,
        supplier_contacted: point::<SupplierContacted>(fields, "supplier_contacted")?,
        credibility: point::<Credibility>(fields, "credibility")?,
        cardinality: point::<Cardinality>(fields, "cardinality")?,
        engagement: point::<Engagement>(fields, "engagement")?,
        utility: utility(automatable, density).outcome,
        public_safety: public_safety_impact(safety).outcome,
    };
    Ok(decide_triage(facts).record)
}

fn point<P: DecisionPoint>(fields: &Fields, name: &'static str) -> Result<P, Refusal> {
    P::from_key(fields.text(name)).ok_or_else(|| Refusal::invalid(name, "Please choose one of the values."))
}

fn options<P: DecisionPoint>() -> Vec<(&'static str, &'static str)> {
    P::VALUES.iter().map(|value| (value.key(), value.label())).collect()
}

/// The form.
pub(super) fn draw(place: &str, case: &Case, button: &str) -> Markup {
    let vector = |start: &str| {
        case.vectors.iter().find(|vector| vector.starts_with(start)).map(String::as_str).unwrap_or_default()
    };
    html! {
        form method="post" action={ (place) "/grade" } {
            (field("cvss31", "CVSS 3.1", "CVSS:3.1/AV:N/…", vector("CVSS:3.1"), false))
            (field("cvss40", "CVSS 4.0", "CVSS:4.0/AV:N/…", vector("CVSS:4.0"), false))
            fieldset {
                legend { "SSVC coordinator triage" }
                label.inline { input type="checkbox" name="triage" value="yes" checked; "Decide with these values" }
                (choice("report_public", "Report public", &options::<ReportPublic>(), "N"))
                (choice("supplier_contacted", "Supplier contacted", &options::<SupplierContacted>(), "Y"))
                (choice("credibility", "Report credibility", &options::<Credibility>(), "C"))
                (choice("cardinality", "Supplier cardinality", &options::<Cardinality>(), "O"))
                (choice("engagement", "Supplier engagement", &options::<Engagement>(), "A"))
                (choice("automatable", "Automatable", &options::<Automatable>(), "N"))
                (choice("value_density", "Value density", &options::<ValueDensity>(), "D"))
                (choice("safety_impact", "Safety impact", &options::<SafetyImpact>(), "N"))
            }
            div.actions { button class=(button) { "Grade" } }
        }
    }
}
