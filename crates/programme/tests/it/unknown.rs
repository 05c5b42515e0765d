//! What is not known stays unknown, and unknown is not met.

use crate::*;

#[test]
fn nothing_known_reaches_no_level() {
    for (id, _) in builtin() {
        let programme = programme(id);
        for stage in &programme.stages {
            let found = programme.evaluate(stage, &Facts::default()).unwrap();
            assert_eq!(found.level, "none");
            assert!(found.criteria.iter().all(|found| found.result == programme::Outcome::Unknown), "{id}");
        }
    }
}

/// Nobody has counted is not the same as counted, and none.
#[test]
fn no_count_is_not_zero() {
    let of = |facts: &str| finding(&evaluate("cnnvd-tsu-2023", "initial", facts), "early_warning", "L3");
    assert_eq!(of("{}"), "Unknown: nobody has counted alert credits, at least 3 are asked");
    assert_eq!(of(r#"{"credits": []}"#), "NotMet: 0 alert credits, at least 3 are asked: 3 more");
}

/// A credit that does not say whether it is critical may be.
#[test]
fn what_a_credit_leaves_open_may_still_count() {
    let facts = |known: u32, open: u32| {
        let credits = serde_json::json!({"credits": [
            {"kind": "alert", "severity": "critical", "count": known}, {"kind": "alert", "count": open}]});
        finding(&evaluate("cnnvd-tsu-2023", "initial", &credits.to_string()), "early_warning", "L1")
    };
    assert_eq!(
        facts(4, 1),
        "Unknown: 4 alert credits (severity: critical) and 1 that may be, at least 5 are asked"
    );
    assert_eq!(
        facts(3, 1),
        "NotMet: 3 alert credits (severity: critical) and 1 that may be, at least 5 are asked: 1 more"
    );
    assert!(facts(5, 0).starts_with("Met: "));
}

/// One failure decides, whatever else is unknown.
#[test]
fn a_failure_decides() {
    let found = evaluate("cnnvd-tsu-2023", "initial", r#"{"facts": {"team_size": 5}}"#);
    assert!(finding(&found, "team", "L3").starts_with("NotMet: "));
}
