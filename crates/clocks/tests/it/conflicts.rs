//! Where one profile forbids what another orders, both texts are shown and nothing is decided.

use clocks::{AnchorName, conflicts};

use crate::*;

const BOTH: &str = r#"{"actors": ["manufacturer", "product_provider"], "jurisdictions": ["EU", "CN"],
    "triggers": ["actively_exploited_vulnerability", "vulnerability_found_or_learned_in_own_product"],
    "anchors": {"aware": "2026-11-23T09:15:00Z", "discovered": "2026-11-23T09:15:00Z"}}"#;

fn found(facts: &Facts) -> Vec<(String, String)> {
    let profiles: Vec<_> = builtin().iter().map(|(id, _)| profile(id).clone()).collect();
    let conflicts = conflicts(&profiles, facts, at("2026-11-23T10:00:00Z"));
    let names = |conflict: &clocks::Conflict| {
        (
            format!("{}/{}", conflict.forbids, conflict.prohibition),
            format!("{}/{}", conflict.orders, conflict.duty),
        )
    };
    conflicts.iter().map(names).collect()
}

/// RMSV, article 9(7), against Regulation (EU) 2024/2847, article 14: the same unpublished case in both.
#[test]
fn rmsv_forbids_what_the_cra_orders() {
    let found = found(&facts(BOTH));
    let both = ("rmsv-2021/no-foreign-transfer".to_owned(), "cra-art14/aev.ew".to_owned());
    assert!(found.contains(&both), "{found:?}");
    let duties: Vec<_> = found.iter().map(|(_, duty)| duty.as_str()).collect();
    assert_eq!(duties, ["cra-art14/aev.ew", "cra-art14/aev.not", "cra-art14/users"]);
}

/// Both rules are quoted, and the decision is left to counsel.
#[test]
fn a_conflict_quotes_both_rules() {
    let profiles: Vec<_> = builtin().iter().map(|(id, _)| profile(id).clone()).collect();
    let found = conflicts(&profiles, &facts(BOTH), at("2026-11-23T10:00:00Z"));
    assert_eq!(
        found[0].explain,
        "PRC: Provisions on the Management of Network Product Security Vulnerabilities, article 9(7): undisclosed \
         vulnerability information must not be given to foreign organisations or individuals other than the product provider. \
         EU Cyber Resilience Act, article 14(2)(a): Early warning of an actively exploited vulnerability, to CSIRT designated \
         as coordinator (main establishment) and ENISA. The two cannot both be kept; this is for counsel to decide."
    );
}

/// A conflict blocks nothing and changes no clock.
#[test]
fn a_conflict_changes_no_clock() {
    let both = facts(BOTH);
    let mut only_eu = both.clone();
    only_eu.jurisdictions = Some(["EU".to_owned()].into());
    let now = "2026-11-23T10:00:00Z";
    assert_eq!(clock("cra-art14", "aev.ew", &both, now), clock("cra-art14", "aev.ew", &only_eu, now));
}

/// What is public is undisclosed no longer; outside China, and once filed, there is no conflict.
#[test]
fn there_is_no_conflict_without_all_its_parts() {
    let mut public = facts(BOTH);
    public.record(AnchorName::Publication, at("2026-11-23T09:00:00Z"));
    assert_eq!(found(&public), []);
    let mut elsewhere = facts(BOTH);
    elsewhere.jurisdictions = Some(["EU".to_owned()].into());
    assert_eq!(found(&elsewhere), []);
    elsewhere.jurisdictions = None;
    assert_eq!(found(&elsewhere), []);
    let mut filed = facts(BOTH);
    filed.record_filing("aev.ew".parse().unwrap(), at("2026-11-23T09:30:00Z"));
    assert!(!found(&filed).iter().any(|(_, duty)| duty == "cra-art14/aev.ew"));
}
