//! Extensions, waivers, replacements: only on grounds that the rule knows, and never without end.

use crate::*;

const PUBLISH: &str = r#""actors": ["coordinator"], "anchors": {"vendor_notified": "2026-11-01T00:00:00Z"}"#;

fn extended(ground: &str, until: &str) -> Facts {
    facts(&format!(
        r#"{{{PUBLISH}, "extended": {{"publish": [{{"ground": "{ground}", "until": "{until}",
            "person": "Ada", "decided": "2026-11-20T00:00:00Z"}}]}}}}"#
    ))
}

/// The centre's policy: an agreed extension moves the deadline, and then ends.
#[test]
fn an_extension_moves_the_deadline_and_ends() {
    let facts = extended("negotiated_with_vendor", "2027-01-10T00:00:00Z");
    let state = |now| read(&clock("centre", "publish", &facts, now));
    assert_eq!(state("2026-12-01T00:00:00Z"), due(State::Extended, "2027-01-10T00:00:00Z"));
    assert_eq!(state("2027-01-10T00:00:00Z"), due(State::Extended, "2027-01-10T00:00:00Z"));
    assert_eq!(state("2027-01-10T00:00:01Z"), due(State::Overdue, "2027-01-10T00:00:00Z"));
    let clock = clock("centre", "publish", &facts, "2026-12-01T00:00:00Z");
    assert!(
        clock
            .explain
            .contains("extended until 2027-01-10 00:00 UTC (negotiated_with_vendor), decided by Ada")
    );
}

/// The centre's policy: an extension is capped, here at 45 days after the first deadline.
#[test]
fn an_extension_is_capped() {
    let facts = extended("negotiated_with_vendor", "2036-01-01T00:00:00Z");
    // 45 days to 16 December, 45 more to 30 January.
    let clock = clock("centre", "publish", &facts, "2026-12-01T00:00:00Z");
    assert_eq!(read(&clock), due(State::Extended, "2027-01-30T00:00:00Z"));
}

/// An extension on an unknown ground, or one that would shorten, changes nothing.
#[test]
fn an_extension_on_an_unknown_ground_has_no_effect_and_says_so() {
    let unknown = clock(
        "centre",
        "publish",
        &extended("filed_with_authority", "2027-01-10T00:00:00Z"),
        "2026-12-01T00:00:00Z",
    );
    assert_eq!(read(&unknown), due(State::Running, "2026-12-16T00:00:00Z"));
    assert!(unknown.explain.contains(
        "An extension on the ground “filed_with_authority” has no effect: the rule knows no such ground."
    ));
    let shorter = clock(
        "centre",
        "publish",
        &extended("negotiated_with_vendor", "2026-11-21T00:00:00Z"),
        "2026-12-01T00:00:00Z",
    );
    assert_eq!(read(&shorter), due(State::Running, "2026-12-16T00:00:00Z"));
}

/// Article 14(2) knows no ground for delay, so none has effect.
#[test]
fn cra_reports_cannot_be_extended() {
    let facts = facts(
        r#"{"actors": ["manufacturer"], "triggers": ["actively_exploited_vulnerability"], "jurisdictions": ["EU"],
            "anchors": {"aware": "2026-11-23T09:15:00Z"},
            "extended": {"aev.ew": [{"ground": "mitigation_expected", "until": "2027-01-01T00:00:00Z", "person": "Ada", "decided": "2026-11-23T10:00:00Z"}]}}"#,
    );
    let clock = clock("cra-art14", "aev.ew", &facts, "2026-12-01T00:00:00Z");
    assert_eq!(read(&clock), due(State::Overdue, "2026-11-24T09:15:00Z"));
}

fn delayed(ground: &str) -> Facts {
    facts(&format!(
        r#"{{"actors": ["coordinator"], "triggers": ["notification_received"], "jurisdictions": ["EU"],
            "filed": {{"aev.ew": "2026-11-23T00:00:00Z"}},
            "extended": {{"cra-art14/disseminate": [{{"ground": "{ground}", "until": "2026-12-23T00:00:00Z", "person": "Ada", "decided": "2026-11-23T01:00:00Z"}}]}}}}"#
    ))
}

/// Delegated Regulation (EU) 2026/881, article 3(a): at most 72 hours, then disseminate. The duty has
/// no date, so it runs again and is not overdue. The delay obliges to inform ENISA (article 16(2)).
#[test]
fn dissemination_is_put_off_for_72_hours_at_most() {
    let facts = delayed("mitigation_expected");
    let put_off = clock("cra-art14", "disseminate", &facts, "2026-11-24T00:00:00Z");
    assert_eq!(read(&put_off), due(State::Extended, "2026-11-26T00:00:00Z"));
    assert!(put_off.explain.contains(
        "The delay obliges to inform enisa immediately with justification and intended dissemination time."
    ));
    assert_eq!(
        read(&clock("cra-art14", "disseminate", &facts, "2026-11-26T00:00:01Z")),
        (State::Running, None)
    );
}

/// Delegated Regulation (EU) 2026/881, article 4: the ground concerns one receiving CSIRT; towards
/// the others the duty stands.
#[test]
fn a_ground_that_concerns_one_recipient_does_not_put_off_the_duty() {
    let clock =
        clock("cra-art14", "disseminate", &delayed("receiving_csirt_incident"), "2026-11-24T00:00:00Z");
    assert_eq!(read(&clock), (State::Running, None));
    assert!(clock.explain.contains("it concerns single recipients, and the duty towards the others stands."));
}

/// Article 14(2)(b): no notification where the information "has already been provided".
#[test]
fn a_waiver_needs_a_ground_of_the_rule() {
    let waived = |duty: &str, ground: &str| {
        let facts = facts(&format!(
            r#"{{"actors": ["manufacturer"], "triggers": ["actively_exploited_vulnerability"], "jurisdictions": ["EU"],
                "anchors": {{"aware": "2026-11-23T09:15:00Z"}},
                "waived": {{"{duty}": [{{"ground": "{ground}", "person": "Ada", "decided": "2026-11-23T10:00:00Z"}}]}}}}"#
        ));
        clock("cra-art14", duty, &facts, "2036-01-01T00:00:00Z").state
    };
    assert_eq!(waived("aev.not", "already_provided"), State::Waived);
    assert_eq!(waived("aev.not", "too_busy"), State::Overdue);
    assert_eq!(
        waived("aev.ew", "already_provided"),
        State::Overdue,
        "the early warning knows no such ground"
    );
}

/// What took the place of a duty is named, with the person who decided it.
#[test]
fn a_superseded_duty_names_ground_and_person() {
    let facts = facts(&format!(
        r#"{{{PUBLISH}, "superseded": {{"centre/publish": [{{"ground": "merged into HEL-2026-000007", "person": "Ada", "decided": "2026-11-20T00:00:00Z"}}]}}}}"#
    ));
    let clock = clock("centre", "publish", &facts, "2036-01-01T00:00:00Z");
    assert_eq!(clock.state, State::Superseded);
    assert!(
        clock.explain.starts_with("Superseded: merged into HEL-2026-000007, decided by Ada."),
        "{}",
        clock.explain
    );
}

/// Decisions too are versions: the last one counts, in whatever order they arrive.
#[test]
fn the_last_decision_counts() {
    let mut facts = extended("negotiated_with_vendor", "2027-01-10T00:00:00Z");
    let list = facts.extended.values_mut().next().unwrap();
    let mut later = list[0].clone();
    later.decided = at("2026-11-21T00:00:00Z");
    later.until = at("2026-12-24T00:00:00Z");
    list.insert(0, later);
    let clock = clock("centre", "publish", &facts, "2026-12-01T00:00:00Z");
    assert_eq!(read(&clock), due(State::Extended, "2026-12-24T00:00:00Z"));
}
