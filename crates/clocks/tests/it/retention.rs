//! How long things are kept: the longest minimum against the shortest maximum.

use clocks::{Keeping, retention};

use crate::*;

fn found(profiles: &[Profile], places: &str) -> Vec<Keeping> {
    let facts = facts(&format!(r#"{{"jurisdictions": {places}}}"#));
    retention(profiles, &facts, at("2026-08-31T00:00:00Z"))
}

fn with_rule(id: &str, rule: &str) -> Profile {
    let rule = format!(
        "[[retention]]\narticle = \"9\"\nwhat = \"reception_log\"\n{rule}\nsource = \"nowhere\"\nverified = \"own_policy\"\n"
    );
    Profile::parse(&format!("{}\n{rule}", text(id))).unwrap()
}

/// RMSV, article 5: the reception log is kept for six months, counted by the calendar.
#[test]
fn rmsv_keeps_the_reception_log_for_six_months() {
    let kept = found(&[profile("rmsv-2021").clone()], r#"["CN"]"#);
    assert_eq!((kept.len(), kept[0].what.as_str(), kept[0].conflict), (1, "reception_log", false));
    assert_eq!(kept[0].at_least.as_ref().unwrap().until, at("2027-02-28T00:00:00Z"));
    assert_eq!(
        kept[0].explain,
        "reception log: rmsv-2021, article 5: at least 6 months, until 2027-02-28 00:00 UTC."
    );
    assert_eq!(found(&[profile("rmsv-2021").clone()], r#"["EU"]"#), [], "only where that law applies");
}

/// Several minima: the longest; several maxima: the shortest; together a conflict for counsel.
#[test]
fn the_longest_minimum_meets_the_shortest_maximum() {
    let profiles = [
        profile("rmsv-2021").clone(),
        with_rule("cra-art14", "at_least = \"P3M\"\nat_most = \"P1Y\""),
        with_rule("centre", "at_most = \"P90D\""),
    ];
    let kept = found(&profiles, r#"["CN", "EU"]"#);
    let (least, most) = (kept[0].at_least.as_ref().unwrap(), kept[0].at_most.as_ref().unwrap());
    assert_eq!((least.profile.as_str(), most.profile.as_str()), ("rmsv-2021", "centre"));
    assert!(
        kept[0].conflict && kept[0].explain.ends_with("No period keeps both; this is for counsel to decide.")
    );
    let only_eu = found(&profiles[1..2], r#"["EU"]"#);
    assert!(!only_eu[0].conflict);
}
