//! The SSVC tables by themselves: counts, corners, records. The comparison with the published files is
//! in `ssvc_official.rs`.

use cvd::ssvc::{
    Automatable, Cardinality, Coordinate, Credibility, DecisionPoint, DecisionRecord, Engagement,
    Exploitation, HumanImpact, MissionImpact, PatchPriority, PublicSafetyImpact, PublicValueAdded,
    PublicationFacts, Publish, ReportPublic, SafetyImpact, SupplierContacted, SupplierFacts,
    SupplierInvolvement, TechnicalImpact, TriageFacts, Utility, ValueDensity, decide_publication,
    decide_supplier, decide_triage, human_impact, public_safety_impact, utility,
};

fn all_triage() -> Vec<TriageFacts> {
    let mut all = Vec::new();
    for &report_public in ReportPublic::ALL {
        for &supplier_contacted in SupplierContacted::ALL {
            for &credibility in Credibility::ALL {
                for &cardinality in Cardinality::ALL {
                    for &engagement in Engagement::ALL {
                        for &utility in Utility::ALL {
                            for &public_safety in PublicSafetyImpact::ALL {
                                all.push(TriageFacts {
                                    report_public,
                                    supplier_contacted,
                                    credibility,
                                    cardinality,
                                    engagement,
                                    utility,
                                    public_safety,
                                });
                            }
                        }
                    }
                }
            }
        }
    }
    all
}

#[test]
fn ssvc_triage_192_rows_150_decline_15_track_27_coordinate() {
    let outcomes: Vec<_> = all_triage().into_iter().map(|facts| decide_triage(facts).outcome).collect();
    let count = |outcome| outcomes.iter().filter(|o| **o == outcome).count();
    assert_eq!(outcomes.len(), 192);
    let counts = [Coordinate::Decline, Coordinate::Track, Coordinate::Coordinate].map(count);
    assert_eq!(counts, [150, 15, 27]);
}

#[test]
fn ssvc_publication_precedence_always_publishes_and_14_of_27_do() {
    let mut published = 0;
    for &involvement in SupplierInvolvement::ALL {
        for &exploitation in Exploitation::ALL {
            for &value_added in PublicValueAdded::ALL {
                let outcome =
                    decide_publication(PublicationFacts { involvement, exploitation, value_added }).outcome;
                published += usize::from(outcome == Publish::Publish);
                assert!(value_added != PublicValueAdded::Precedence || outcome == Publish::Publish);
            }
        }
    }
    assert_eq!(published, 4 + 4 + 6);
}

#[test]
fn ssvc_supplier_corners() {
    let decide = |exploitation, utility, technical_impact, public_safety| {
        decide_supplier(SupplierFacts { exploitation, utility, technical_impact, public_safety }).outcome
    };
    let (minimal, significant) = (PublicSafetyImpact::Minimal, PublicSafetyImpact::Significant);
    assert_eq!(
        decide(Exploitation::None, Utility::Laborious, TechnicalImpact::Partial, minimal),
        PatchPriority::Defer
    );
    assert_eq!(
        decide(Exploitation::Active, Utility::SuperEffective, TechnicalImpact::Total, significant),
        PatchPriority::Immediate
    );
}

#[test]
fn ssvc_derived_points() {
    assert_eq!(utility(Automatable::Yes, ValueDensity::Diffuse).outcome, Utility::Efficient);
    assert_eq!(public_safety_impact(SafetyImpact::Negligible).outcome, PublicSafetyImpact::Minimal);
    assert_eq!(public_safety_impact(SafetyImpact::Marginal).outcome, PublicSafetyImpact::Significant);
}

/// The published table and the definition texts of HI 2.0.2 disagree; the table is what we compute.
#[test]
fn ssvc_human_impact_follows_the_table_not_the_text() {
    let of = |safety| human_impact(safety, MissionImpact::Degraded).outcome;
    assert_eq!(of(SafetyImpact::Marginal), HumanImpact::Low);
    assert_eq!(of(SafetyImpact::Critical), HumanImpact::Medium);
}

#[test]
fn a_record_names_every_version_and_is_stored() {
    let facts = all_triage()[191];
    let decision = decide_triage(facts);
    assert_eq!(
        decision.explanation(),
        "Decline, Track, Coordinate: Coordinate (ssvc:COORDINATE:1.0.1=C) by ssvc:DT_COORD_TRIAGE:1.0.0 from \
         ssvc:RP:1.0.0=N, ssvc:SCON:1.0.0=Y, ssvc:RC:1.0.0=C, ssvc:SC:1.0.0=M, ssvc:SE:1.0.0=U, \
         ssvc:U:1.0.1=S, ssvc:PSI:2.0.1=S"
    );
    let json = serde_json::to_string(&decision.record).unwrap();
    assert_eq!(serde_json::from_str::<DecisionRecord>(&json).unwrap(), decision.record);
    assert_eq!(serde_json::to_string(&Utility::SuperEffective).unwrap(), "\"super_effective\"");
    assert_eq!(Utility::from_key("S"), Some(Utility::SuperEffective));
    assert_eq!(Utility::from_key("?"), None);
}
