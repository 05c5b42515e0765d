//! Grading: CVSS vectors and the SSVC coordinator triage.

use crate::cases::rules::{Case, Grading, TriageValues};
use crate::web::{Fields, choice, field};
use cvd::ssvc::{
    Automatable, Cardinality, Coordinate, Credibility, DecisionPoint, DecisionRecord, Engagement,
    ReportPublic, SafetyImpact, SupplierContacted, ValueDensity,
};
use maud::{Markup, html};

/// Reads vectors and triage from the form.
pub(super) fn read(fields: &Fields) -> Grading {
    let text = |name| fields.text(name).to_owned();
    let ssvc = fields.ticked("triage").then(|| TriageValues {
        report_public: text("report_public"),
        supplier_contacted: text("supplier_contacted"),
        credibility: text("credibility"),
        cardinality: text("cardinality"),
        engagement: text("engagement"),
        automatable: text("automatable"),
        value_density: text("value_density"),
        safety_impact: text("safety_impact"),
    });
    Grading { cvss31: text("cvss31"), cvss40: text("cvss40"), ssvc }
}

/// What the triage came to, in the standard's word.
pub(super) fn triage_word(record: &DecisionRecord) -> &str {
    let key = &record.outcome.value;
    Coordinate::from_key(key).map_or(key, |outcome| outcome.label())
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
