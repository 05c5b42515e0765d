//! A worked example for each profile, by article. Those of the vectors stand in `vectors.rs`.

use crate::*;

/// State and deadline of one duty under facts in short form.
fn found(id: &str, duty: &str, json: &str, now: &str) -> (State, Option<String>) {
    read(&clock(id, duty, &facts(json), now))
}

const NOW: &str = "2026-11-23T10:00:00Z";

const NIS2: &str = r#"{"actors": ["essential_or_important_entity"], "triggers": ["significant_incident"], "jurisdictions": ["EU"],
    "anchors": {"aware": "2026-11-23T09:15:00Z"}, "filed": {}}"#;

/// NIS 2, article 23(4)(a) and (b): 24 and 72 hours; 24 for trust service providers.
#[test]
fn nis2_counts_24_and_72_hours() {
    assert_eq!(found("nis2-art23", "ew", NIS2, NOW), due(State::Running, "2026-11-24T09:15:00Z"));
    assert_eq!(found("nis2-art23", "not", NIS2, NOW), due(State::Running, "2026-11-26T09:15:00Z"));
    let trust = NIS2.replace("\"filed\": {}", r#""attributes": {"entity": "trust_service_provider"}"#);
    assert_eq!(found("nis2-art23", "not", &trust, NOW), due(State::Running, "2026-11-24T09:15:00Z"));
    assert_eq!(
        found("nis2-art23", "int", NIS2, NOW),
        (State::NotStarted, None),
        "only when asked for (23(4)(c))"
    );
}

/// NIS 2, article 23(4)(d): one month from the submission of the notification.
#[test]
fn nis2_final_report_counts_from_the_submission() {
    let filed = NIS2.replace("{}", r#"{"not": "2026-11-24T15:15:00Z"}"#);
    assert_eq!(found("nis2-art23", "fin", &filed, NOW), due(State::Running, "2026-12-24T15:15:00Z"));
    assert_eq!(found("nis2-art23", "fin", NIS2, "2027-06-01T00:00:00Z"), (State::NotStarted, None));
}

/// NIS 2, article 23(4)(e): an ongoing incident gets a progress report then, and the final one a month
/// after its handling.
#[test]
fn nis2_ongoing_incidents_get_a_progress_report() {
    let filed = NIS2.replace("{}", r#"{"not": "2026-11-24T15:15:00Z"}"#);
    let undeclared = clock("nis2-art23", "progress", &facts(&filed), NOW);
    assert_eq!(
        read(&undeclared),
        (State::ScopeNotDeclared, None),
        "nobody knows yet whether it will be needed"
    );
    assert!(undeclared.explain.contains("is due at 2026-12-24 15:15 UTC."), "{}", undeclared.explain);
    let ongoing = filed.replace(r#""filed""#, r#""attributes": {"ongoing": true}, "filed""#);
    assert_eq!(found("nis2-art23", "progress", &ongoing, NOW), due(State::Running, "2026-12-24T15:15:00Z"));
    assert_eq!(found("nis2-art23", "fin", &ongoing, NOW), (State::NotStarted, None));
    // Handled in February: the record itself shows that it was ongoing, and nobody has to say so.
    let handled = filed.replace(r#""aware""#, r#""handled": "2027-02-10T00:00:00Z", "aware""#);
    assert_eq!(found("nis2-art23", "progress", &handled, NOW), due(State::Running, "2026-12-24T15:15:00Z"));
    assert_eq!(found("nis2-art23", "fin", &handled, NOW), due(State::Running, "2027-03-10T00:00:00Z"));
    let over = filed.replace(r#""filed""#, r#""attributes": {"ongoing": false}, "filed""#);
    assert_eq!(found("nis2-art23", "progress", &over, NOW), (State::NotApplicable, None));
}

/// NIS 2, article 23(5): the CSIRT itself answers within 24 hours of the early warning, where possible.
#[test]
fn nis2_the_csirt_answers_within_24_hours() {
    let json = r#"{"actors": ["csirt"], "triggers": ["early_warning_received"], "jurisdictions": ["EU"], "filed": {"ew": "2026-11-23T09:15:00Z"}}"#;
    let reply = clock("nis2-art23", "csirt.reply", &facts(json), NOW);
    assert_eq!(read(&reply), due(State::Running, "2026-11-24T09:15:00Z"));
    assert!(reply.soft, "“where possible”");
}

const DORA: &str = r#"{"actors": ["financial_entity"], "triggers": ["major_ict_incident"], "jurisdictions": ["EU"],
    "anchors": {"aware": "2026-11-23T10:00:00Z", "classified": "2026-11-23T12:00:00Z"}, "filed": {}}"#;

/// RTS 2025/301, article 5(1)(b) and (c): 72 hours from the initial notification, one month from the
/// latest of the intermediate reports.
#[test]
fn dora_reports_count_from_the_one_before() {
    let initial = DORA.replace("{}", r#"{"initial": "2026-11-23T15:00:00Z"}"#);
    assert_eq!(
        found("dora-2025-301", "intermediate", &initial, NOW),
        due(State::Running, "2026-11-26T15:00:00Z")
    );
    assert_eq!(found("dora-2025-301", "final", &initial, NOW), (State::NotStarted, None));
    let updates = r#"{"initial": "2026-11-23T15:00:00Z", "intermediate": ["2026-12-04T08:00:00Z", "2026-11-25T08:00:00Z"]}"#;
    let updated = DORA.replace("{}", updates);
    assert_eq!(found("dora-2025-301", "final", &updated, NOW), due(State::Running, "2027-01-04T08:00:00Z"));
    assert_eq!(
        found("dora-2025-301", "intermediate", &updated, NOW),
        (State::Met, Some("2026-11-26T15:00:00Z".into()))
    );
    assert_eq!(
        found("dora-2025-301", "intermediate", DORA, "2027-06-01T00:00:00Z"),
        (State::NotStarted, None),
        "missed: no phantom"
    );
}

/// GDPR, article 33(1): 72 hours from awareness; waived where a risk is unlikely.
#[test]
fn gdpr_counts_72_hours() {
    let json = r#"{"actors": ["controller"], "triggers": ["personal_data_breach"], "jurisdictions": ["DE"], "anchors": {"aware": "2026-11-23T09:15:00Z"}}"#;
    assert_eq!(found("gdpr-33", "notify", json, NOW), due(State::Running, "2026-11-26T09:15:00Z"));
    let waived = json.replace(
        "\"DE\"]",
        r#""DE"], "waived": {"gdpr-33/notify": [{"ground": "risk_unlikely", "person": "Ada", "decided": "2026-11-23T10:00:00Z"}]}"#,
    );
    assert_eq!(clock("gdpr-33", "notify", &facts(&waived), "2027-01-01T00:00:00Z").state, State::Waived);
    assert_eq!(
        found("gdpr-33", "subjects", json, NOW),
        (State::NotApplicable, None),
        "34(1): where the risk is high"
    );
}

/// Form 8-K, item 1.05(c): the Attorney General may delay, 120 days in all at most.
#[test]
fn sec_delays_are_capped() {
    let json = r#"{"actors": ["registrant"], "jurisdictions": ["US"], "anchors": {"determined": "2026-07-06T15:00:00Z"},
        "extended": {"8-k": [{"ground": "attorney_general", "until": "2027-12-31T00:00:00Z", "person": "AG", "decided": "2026-07-08T00:00:00Z"}]}}"#;
    assert_eq!(
        found("us-sec-1.05", "8-k", json, "2026-07-20T00:00:00Z"),
        due(State::Extended, "2026-11-07T15:00:00Z")
    );
    let fcc = json.replace("attorney_general", "fcc_customer_data");
    assert_eq!(
        found("us-sec-1.05", "8-k", &fcc, "2026-07-11T00:00:00Z"),
        due(State::Extended, "2026-07-21T15:00:00Z")
    );
}

/// CIRCIA, 6 U.S.C. 681b(a)(1) and (2): 72 hours, 24 after a payment; nobody has verified that it is in
/// force, so it is for reference.
#[test]
fn circia_counts_72_and_24_hours_for_reference() {
    let json = r#"{"actors": ["covered_entity"], "triggers": ["covered_cyber_incident"], "jurisdictions": ["US"],
        "anchors": {"aware": "2026-11-23T09:15:00Z", "paid": "2026-11-23T09:30:00Z"}}"#;
    let incident = clock("us-circia", "incident", &facts(json), NOW);
    assert_eq!(read(&incident), due(State::Running, "2026-11-26T09:15:00Z"));
    assert!(incident.reference);
    assert_eq!(found("us-circia", "ransom", json, NOW), due(State::Running, "2026-11-24T09:30:00Z"));
}

/// BOD 26-04: all sixteen rows of the table (CERTCC/SSVC, BOD2604 1.0.0).
#[test]
fn bod_26_04_has_sixteen_rows() {
    // KEV, exposed; then automatable and impact: N·P N·T Y·P Y·T.
    let table = [
        ((false, false), ["FSU", "FSU", "60D", "60D"]),
        ((false, true), ["60D", "14D", "14D", "3D"]),
        ((true, false), ["14D", "14D", "14D", "3DF"]),
        ((true, true), ["14D", "3DF", "3D", "3DF"]),
    ];
    for ((kev, exposed), row) in table {
        for (cell, (automatable, total)) in
            row.into_iter().zip([(false, false), (false, true), (true, false), (true, true)])
        {
            let json = format!(
                r#"{{"actors": ["federal_agency"], "jurisdictions": ["US"], "anchors": {{"discovered": "2026-11-23T09:15:00Z"}},
                    "attributes": {{"kev": {kev}, "publicly_exposed": {exposed}, "automatable": {automatable}, "total_impact": {total}}}}}"#
            );
            let (duty, other) =
                if kev { ("remediate.kev", "remediate") } else { ("remediate", "remediate.kev") };
            let days = match cell {
                "FSU" => None,
                "60D" => Some("2027-01-22T09:15:00Z"),
                "14D" => Some("2026-12-07T09:15:00Z"),
                _ => Some("2026-11-26T09:15:00Z"),
            };
            assert_eq!(
                found("us-bod-26-04", duty, &json, NOW),
                (State::Running, days.map(str::to_owned)),
                "{json}"
            );
            assert_eq!(found("us-bod-26-04", other, &json, NOW), (State::NotApplicable, None));
            let triage = if cell == "3DF" { State::Running } else { State::NotApplicable };
            assert_eq!(clock("us-bod-26-04", "triage", &facts(&json), NOW).state, triage, "{json}");
        }
    }
}

/// BOD 26-04 has no general row: as long as a property is not declared there is no date.
#[test]
fn bod_26_04_needs_all_four_properties() {
    let json = r#"{"actors": ["federal_agency"], "jurisdictions": ["US"], "anchors": {"discovered": "2026-11-23T09:15:00Z"},
        "attributes": {"kev": true, "automatable": true}}"#;
    let open = clock("us-bod-26-04", "remediate.kev", &facts(json), "2036-01-01T00:00:00Z");
    assert_eq!(read(&open), (State::ScopeNotDeclared, None));
    assert!(open.explain.contains("it is said whether: publicly exposed, total impact"), "{}", open.explain);
    assert!(!open.conditional.unwrap().contains("is due at"), "no date can be given yet");
}

/// BOD 26-04: what was found long ago and listed today is not overdue since then.
#[test]
fn bod_26_04_counts_from_the_listing_where_that_is_later() {
    let json = r#"{"actors": ["federal_agency"], "jurisdictions": ["US"],
        "anchors": {"discovered": "2026-06-20T00:00:00Z", "kev_added": "2026-11-23T00:00:00Z"},
        "attributes": {"kev": true, "publicly_exposed": true, "automatable": true, "total_impact": true}}"#;
    assert_eq!(
        found("us-bod-26-04", "remediate.kev", json, NOW),
        due(State::Running, "2026-11-26T00:00:00Z")
    );
}

/// BOD 22-01, until 9 June 2026: the date that the catalogue names. BOD 26-04: since the day after.
#[test]
fn bod_22_01_ends_where_bod_26_04_begins() {
    let json = |added: &str, by: &str| {
        format!(
            r#"{{"actors": ["federal_agency"], "jurisdictions": ["US"], "anchors": {{"kev_added": "{added}", "kev_due_date": "{by}",
                "discovered": "{added}"}}, "attributes": {{"kev": true, "publicly_exposed": true, "automatable": true, "total_impact": true}}}}"#
        )
    };
    let old = json("2025-08-25T00:00:00Z", "2025-09-15T00:00:00Z");
    assert_eq!(
        found("us-bod-22-01", "remediate", &old, "2025-09-01T00:00:00Z"),
        due(State::Running, "2025-09-15T00:00:00Z")
    );
    assert_eq!(
        found("us-bod-26-04", "remediate.kev", &old, "2025-09-01T00:00:00Z"),
        (State::NotApplicable, None)
    );
    let new = json("2026-06-10T00:00:00Z", "2026-07-01T00:00:00Z");
    assert_eq!(found("us-bod-22-01", "remediate", &new, NOW), (State::NotApplicable, None));
    assert_eq!(clock("us-bod-26-04", "remediate.kev", &facts(&new), NOW).state, State::Overdue);
    let last = json("2026-06-09T23:59:59Z", "2026-07-01T00:00:00Z");
    assert_eq!(clock("us-bod-22-01", "remediate", &facts(&last), NOW).state, State::Overdue);
}

/// CERT/CC: 45 days from the first attempt to contact a vendor; the draft one to two weeks before.
#[test]
fn certcc_counts_45_days_and_shares_the_draft_before() {
    let json = r#"{"actors": ["coordinator"], "anchors": {"contact_attempted": "2026-11-01T12:00:00Z"}}"#;
    assert_eq!(found("certcc-45", "publish", json, NOW), due(State::Running, "2026-12-16T12:00:00Z"));
    let draft = clock("certcc-45", "draft", &facts(json), NOW);
    assert_eq!(
        (draft.opens, draft.due),
        (Some(at("2026-12-02T12:00:00Z")), Some(at("2026-12-09T12:00:00Z")))
    );
    let extended = json.replace(
        "\"anchors\"",
        r#""extended": {"publish": [{"ground": "negotiated", "until": "2026-12-31T12:00:00Z", "person": "Ada", "decided": "2026-11-20T00:00:00Z"}]}, "anchors""#,
    );
    let draft = clock("certcc-45", "draft", &facts(&extended), NOW);
    assert_eq!(draft.due, Some(at("2026-12-24T12:00:00Z")), "it follows the date that was agreed");
    assert_eq!(found("certcc-45", "draft", r#"{"actors": ["coordinator"]}"#, NOW), (State::NotStarted, None));
}

/// Project Zero: the notice within a week, and the patch within 90 days, 7 where exploited in the wild.
#[test]
fn p0_notice_and_patch() {
    let json = r#"{"actors": ["vendor"], "triggers": [], "anchors": {"reported": "2026-11-01T12:00:00Z"}}"#;
    assert_eq!(
        found("p0-90-30", "notice", json, "2026-11-02T00:00:00Z"),
        due(State::Running, "2026-11-08T12:00:00Z")
    );
    assert_eq!(
        found("p0-90-30", "patch", json, "2026-11-02T00:00:00Z"),
        due(State::Running, "2027-01-30T12:00:00Z")
    );
    let wild = json.replace("[]", r#"["exploited_in_the_wild"]"#);
    assert_eq!(
        found("p0-90-30", "patch", &wild, "2026-11-02T00:00:00Z"),
        due(State::Running, "2026-11-08T12:00:00Z")
    );
}

/// Zero Day Initiative: 120 days from the notification of the vendor.
#[test]
fn zdi_counts_120_days() {
    let json = r#"{"anchors": {"vendor_notified": "2026-11-01T12:00:00Z"}}"#;
    assert_eq!(found("zdi-120", "publish", json, NOW), due(State::Running, "2027-03-01T12:00:00Z"));
}

/// Japan: 45 days from first contact, a guide value.
#[test]
fn jp_counts_45_days_as_a_guide() {
    let json = r#"{"actors": ["coordinator"], "triggers": ["report_received_by_ipa"], "jurisdictions": ["JP"], "zone": "Asia/Tokyo",
        "anchors": {"contact_attempted": "2026-11-02T09:00:00+09:00"}}"#;
    let publish = clock("jp-ipa-jpcert", "publish", &facts(json), NOW);
    assert_eq!((publish.due, publish.soft), (Some(at("2026-12-17T09:00:00+09:00")), true));
}

/// Korea, article 48-3: 24 hours, and 24 more from each new fact.
#[test]
fn kr_counts_24_hours_from_each_new_fact() {
    let scope = r#"{"actors": ["network_service_provider"], "triggers": ["intrusion_incident"], "jurisdictions": ["KR"],
        "anchors": {"aware": "2026-11-20T09:00:00Z", "new_fact": ["2026-11-21T09:00:00Z", "2026-11-22T12:00:00Z"]}, "filed": {}}"#;
    assert_eq!(found("kr-48-3", "report", scope, NOW), due(State::Overdue, "2026-11-21T09:00:00Z"));
    assert_eq!(found("kr-48-3", "update", scope, NOW), due(State::Running, "2026-11-23T12:00:00Z"));
    // What was said before the latest fact answered an earlier one.
    let before = scope.replace("{}", r#"{"update": "2026-11-21T20:00:00Z"}"#);
    assert_eq!(found("kr-48-3", "update", &before, NOW).0, State::Running);
    let after = scope.replace("{}", r#"{"update": ["2026-11-21T20:00:00Z", "2026-11-23T06:00:00Z"]}"#);
    assert_eq!(found("kr-48-3", "update", &after, NOW).0, State::Met);
}

/// India, direction (ii): 6 hours.
#[test]
fn in_counts_6_hours() {
    let json = r#"{"actors": ["service_provider_or_body_corporate"], "triggers": ["annexure_1_incident"], "jurisdictions": ["IN"],
        "zone": "Asia/Kolkata", "anchors": {"aware": "2026-11-23T23:00:00+05:30"}}"#;
    assert_eq!(found("in-certin-2022", "report", json, NOW), due(State::Running, "2026-11-23T23:30:00Z"));
}

/// China, incident measures: 1 hour for critical infrastructure, 2 for central units, 4 for others; 30
/// minutes to forward; 30 days for the summary.
#[test]
fn cn_incident_hours_depend_on_the_entity() {
    let json = |more: &str| {
        format!(
            r#"{{"actors": ["network_operator", "protection_department"], "triggers": ["incident_relatively_large_or_above", "incident_major_or_above"],
                "jurisdictions": ["CN"], "anchors": {{"discovered": "2026-11-23T09:15:00Z", "handled": "2026-11-24T00:00:00Z"}},
                "filed": {{"report": "2026-11-23T09:45:00Z"}}{more}}}"#
        )
    };
    let report = |entity: &str| {
        let more = format!(r#", "attributes": {{"entity": "{entity}"}}"#);
        clock("cn-cnir-2025", "report", &facts(&json(&more)), NOW).due.unwrap().to_string()
    };
    assert_eq!(report("critical_information_infrastructure"), "2026-11-23T10:15:00Z");
    assert_eq!(report("central_state_unit"), "2026-11-23T11:15:00Z");
    assert_eq!(report("shop"), "2026-11-23T13:15:00Z");
    assert_eq!(clock("cn-cnir-2025", "report", &facts(&json("")), NOW).due, Some(at("2026-11-23T13:15:00Z")));
    assert_eq!(found("cn-cnir-2025", "forward", &json(""), NOW), due(State::Running, "2026-11-23T10:15:00Z"));
    assert_eq!(found("cn-cnir-2025", "final", &json(""), NOW), due(State::Running, "2026-12-24T00:00:00Z"));
}

/// Taiwan: 1 hour to notify; the authority reviews in 8 hours, 2 for a major one, and reports 1 later.
#[test]
fn tw_counts_hours_for_both_sides() {
    let json = r#"{"actors": ["agency_or_specific_non_government_agency", "competent_authority"], "triggers": ["cyber_security_incident"],
        "jurisdictions": ["TW"], "anchors": {"aware": "2026-11-23T09:15:00Z"},
        "filed": {"notify": "2026-11-23T10:00:00Z", "review": "2026-11-23T11:00:00Z"}}"#;
    assert_eq!(found("tw-csma", "notify", json, NOW), (State::Met, Some("2026-11-23T10:15:00Z".into())));
    assert_eq!(clock("tw-csma", "review", &facts(json), NOW).due, Some(at("2026-11-23T18:00:00Z")));
    let major = json.replace("\"filed\"", r#""attributes": {"major": true}, "filed""#);
    assert_eq!(clock("tw-csma", "review", &facts(&major), NOW).due, Some(at("2026-11-23T12:00:00Z")));
    assert_eq!(found("tw-csma", "review.report", json, NOW), due(State::Running, "2026-11-23T12:00:00Z"));
}

/// Australia, sections 30BC and 30BD: 12 and 72 hours; in writing 84 and 48 hours after an oral report.
#[test]
fn au_soci_counts_12_and_72_hours() {
    let json = r#"{"actors": ["responsible_entity"], "triggers": ["critical_cyber_security_incident", "other_cyber_security_incident"],
        "jurisdictions": ["AU"], "anchors": {"aware": "2026-11-23T09:15:00Z"}, "attributes": {"oral_report": true},
        "filed": {"critical": "2026-11-23T12:00:00Z"}}"#;
    assert_eq!(found("au-soci", "critical", json, NOW), (State::Met, Some("2026-11-23T21:15:00Z".into())));
    assert_eq!(found("au-soci", "critical.written", json, NOW), due(State::Running, "2026-11-27T00:00:00Z"));
    assert_eq!(found("au-soci", "other", json, NOW), due(State::Running, "2026-11-26T09:15:00Z"));
    assert_eq!(found("au-soci", "other.written", json, NOW), (State::NotStarted, None));
    assert!(clock("au-soci", "critical", &facts(json), NOW).reference);
}

/// Australia, Cyber Security Act 2024, section 27: 72 hours from the payment, since 30 May 2025.
#[test]
fn au_ransom_counts_72_hours_from_the_payment() {
    let json = |paid: &str| {
        format!(
            r#"{{"actors": ["reporting_business_entity"], "jurisdictions": ["AU"], "anchors": {{"paid": "{paid}"}}}}"#
        )
    };
    assert_eq!(
        found("au-ransom", "report", &json("2026-11-23T09:15:00Z"), NOW),
        due(State::Running, "2026-11-26T09:15:00Z")
    );
    assert_eq!(
        found("au-ransom", "report", &json("2025-05-29T23:59:59Z"), NOW),
        (State::NotApplicable, None)
    );
    assert_eq!(
        clock("au-ransom", "report", &facts(&json("2025-05-30T00:00:00Z")), NOW).state,
        State::Overdue
    );
}

/// Switzerland, article 74e: 24 hours, completed within 14 days of the report.
#[test]
fn ch_counts_24_hours_and_14_days() {
    let json = r#"{"actors": ["critical_infrastructure_operator"], "triggers": ["cyber_attack"], "jurisdictions": ["CH"], "zone": "Europe/Zurich",
        "anchors": {"discovered": "2026-11-23T09:15:00Z"}, "filed": {"report": "2026-11-23T20:00:00Z"}}"#;
    assert_eq!(found("ch-isg", "report", json, NOW), (State::Met, Some("2026-11-24T09:15:00Z".into())));
    assert_eq!(found("ch-isg", "complete", json, NOW), due(State::Running, "2026-12-07T20:00:00Z"));
}

/// CNA rules 4.2.1: 72 hours of first refusal, and then 72 for the Root; dispute policy: 3 and 5 business
/// days.
#[test]
fn cna_first_refusal_and_disputes() {
    let json = r#"{"actors": ["cna", "root"], "triggers": ["publicly_disclosed_in_scope", "first_refusal_passed", "record_disputed"],
        "anchors": {"requested": "2026-11-20T09:00:00Z", "received": "2026-11-20T09:00:00Z"}, "filed": {"dispute.acknowledge": "2026-11-24T09:00:00Z"}}"#;
    assert_eq!(found("cna-4", "first-refusal", json, NOW), due(State::Overdue, "2026-11-23T09:00:00Z"));
    assert_eq!(found("cna-4", "root.direct", json, NOW), due(State::Running, "2026-11-26T09:00:00Z"));
    assert_eq!(
        found("cna-4", "dispute.acknowledge", json, NOW),
        (State::Met, Some("2026-11-25T09:00:00Z".into()))
    );
    assert_eq!(found("cna-4", "dispute.decide", json, NOW), due(State::Running, "2026-12-01T09:00:00Z"));
}
