//! Figures 2 and 3 of the source report, cell by cell at their edges.

use crate::*;

/// Facts of an applicant: team, quality of work, novel generic finds, critical ones among them, alerts,
/// critical ones among them.
fn initial(team: u32, work: &str, novel: u32, critical: u32, alerts: u32, critical_alerts: u32) -> String {
    let facts = serde_json::json!({
        "facts": {
            "main_business": "information_security", "has_discovery_and_analysis": true,
            "has_incident_response": true, "has_research": true, "has_engineering": true,
            "has_services": true, "team_size": team, "work_quality": work,
        },
        "credits": credits(novel, critical, alerts, critical_alerts),
    });
    evaluate("cnnvd-tsu-2023", "initial", &facts.to_string()).level
}

fn annual(novel: u32, critical: u32, alerts: u32, critical_alerts: u32) -> String {
    annual_with(novel, critical, alerts, critical_alerts, "email_unanswered_too_long_count", 0)
}

fn annual_with(
    novel: u32,
    critical: u32,
    alerts: u32,
    critical_alerts: u32,
    fact: &str,
    value: u32,
) -> String {
    let mut facts = serde_json::json!({
        "facts": {
            "work_report_accurate": true, "work_report_complete": true, "coordination_smooth": true,
            "attitude_energetic": true, "contact_inaccessible_count": 0,
            "email_unanswered_too_long_count": 0, "responds_enthusiastically": true,
        },
        "credits": credits(novel, critical, alerts, critical_alerts),
    });
    facts["facts"][fact] = value.into();
    evaluate("cnnvd-tsu-2023", "annual", &facts.to_string()).level
}

fn credits(novel: u32, critical: u32, alerts: u32, critical_alerts: u32) -> serde_json::Value {
    let find = |severity: &str, count: u32| serde_json::json!({"kind": "vulnerability", "novel": true, "reach": "generic", "severity": severity, "count": count});
    let alert = |severity: &str, count: u32| serde_json::json!({"kind": "alert", "severity": severity, "count": count});
    serde_json::json!([
        find("critical", critical), find("high", novel - critical),
        alert("critical", critical_alerts), alert("high", alerts - critical_alerts),
        // What is site-specific or known already is not asked for and changes nothing.
        {"kind": "vulnerability", "novel": true, "reach": "site_specific", "severity": "critical", "count": 50},
        {"kind": "vulnerability", "novel": false, "reach": "generic", "severity": "critical", "count": 50},
    ])
}

/// Figure 2: each cell at its edge.
#[test]
fn admission() {
    assert_eq!(initial(21, "prolific", 20, 3, 5, 5), "L1");
    assert_eq!(initial(20, "prolific", 20, 3, 5, 5), "L2"); // "exceeds 20" is more than 20
    assert_eq!(initial(21, "good", 20, 3, 5, 5), "L2");
    assert_eq!(initial(21, "prolific", 19, 3, 5, 5), "L2");
    assert_eq!(initial(21, "prolific", 20, 2, 5, 5), "L2");
    assert_eq!(initial(21, "prolific", 20, 3, 5, 4), "L2");
    assert_eq!(initial(11, "good", 15, 1, 5, 0), "L2");
    assert_eq!(initial(11, "good", 14, 1, 5, 0), "L3");
    assert_eq!(initial(11, "good", 15, 0, 5, 0), "L3");
    assert_eq!(initial(11, "good", 15, 1, 4, 0), "L3");
    assert_eq!(initial(10, "good", 15, 1, 5, 5), "L3");
    assert_eq!(initial(6, "acceptable", 3, 0, 3, 0), "L3");
    assert_eq!(initial(5, "acceptable", 3, 0, 3, 0), "none");
    assert_eq!(initial(6, "none", 3, 0, 3, 0), "none");
    assert_eq!(initial(6, "acceptable", 2, 0, 3, 0), "none");
    assert_eq!(initial(6, "acceptable", 3, 0, 2, 2), "none");
}

/// Figure 3: each cell at its edge.
#[test]
fn the_yearly_review() {
    assert_eq!(annual(35, 5, 10, 10), "L1");
    assert_eq!(annual(34, 5, 10, 10), "L2");
    assert_eq!(annual(35, 4, 10, 10), "L2");
    assert_eq!(annual(35, 5, 10, 9), "L2");
    assert_eq!(annual(25, 1, 10, 0), "L2");
    assert_eq!(annual(24, 1, 10, 0), "L3");
    assert_eq!(annual(25, 0, 10, 0), "L3");
    assert_eq!(annual(25, 1, 9, 0), "L3");
    assert_eq!(annual(5, 0, 5, 0), "L3");
    assert_eq!(annual(4, 0, 5, 0), "none");
    assert_eq!(annual(5, 0, 4, 0), "none");
}

/// A merged cell binds every level: one unanswered mail, and nothing else counts.
#[test]
fn a_merged_cell_binds_every_level() {
    assert_eq!(annual_with(35, 5, 10, 10, "email_unanswered_too_long_count", 1), "none");
    assert_eq!(annual_with(35, 5, 10, 10, "contact_inaccessible_count", 1), "none");
}

/// In the defensive programme a case counts only with evidence that the vendor was told; without the
/// word there is no evidence.
#[test]
fn no_credit_without_evidence_that_the_vendor_was_told() {
    let cases = |told: &str| {
        let facts = format!(
            r#"{{"credits": [{{"kind": "case", "role": "finder", "outcome": "fixed", "count": 20{told}}}]}}"#
        );
        finding(&evaluate("tsu-defensive", "annual", &facts), "coordinated_to_fix", "L3")
    };
    assert!(cases(r#", "vendor_notified": true"#).starts_with("Met: 20 case credits"));
    for told in [r#", "vendor_notified": false"#, ""] {
        assert!(cases(told).starts_with("NotMet: 0 case credits"), "{}", cases(told));
    }
}

/// Every answer says what was asked and what is known.
#[test]
fn it_says_why() {
    let facts = r#"{"facts": {"team_size": 20, "work_quality": "prolific"},
        "credits": [{"kind": "vulnerability", "novel": true, "reach": "generic", "severity": "critical", "count": 2}]}"#;
    let found = evaluate("cnnvd-tsu-2023", "initial", facts);
    assert_eq!(
        finding(&found, "team", "L1"),
        "NotMet: team size: 20, asked: more than 20; work quality: prolific, asked: at least prolific"
    );
    assert_eq!(
        finding(&found, "novel_vulnerabilities", "L1"),
        "NotMet: 2 vulnerability credits (novel: yes, reach: generic), at least 20 are asked: 18 more; \
         2 critical ones, at least 3 are asked: 1 more"
    );
    assert_eq!(
        finding(&found, "technical", "all"),
        "Unknown: has research: not known, asked: yes; has engineering: not known, asked: yes; \
         has services: not known, asked: yes"
    );
    // A programme that says what its facts are called is answered in those words.
    let found = evaluate("tsu-defensive", "annual", r#"{"facts": {"contacts": 1}}"#);
    assert!(
        finding(&found, "contact", "all")
            .starts_with("NotMet: contacts with a role, a key and hours: 1, asked: at least 2; "),
        "{}",
        finding(&found, "contact", "all")
    );
}
