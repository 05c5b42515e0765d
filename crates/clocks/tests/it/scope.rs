//! Whether a duty exists at all, and what is said when nobody knows.

use crate::*;

/// Undeclared scope gives a sentence with "if", and never an overdue clock.
#[test]
fn undeclared_scope_is_conditional_and_never_overdue() {
    let facts = facts(r#"{"anchors": {"aware": "2026-11-23T09:15:00Z"}}"#);
    let early = clock("cra-art14", "aev.ew", &facts, "2036-01-01T00:00:00Z");
    assert_eq!(read(&early), (State::ScopeNotDeclared, None));
    assert_eq!(
        early.conditional.as_deref(),
        Some(
            "If the law of EU applies, and the role is manufacturer, and the case is: actively exploited vulnerability: \
             “Early warning of an actively exploited vulnerability” is due at 2026-11-24 09:15 UTC."
        )
    );
    let no_date = clock("cra-art14", "aev.fin", &facts, "2036-01-01T00:00:00Z");
    assert!(
        no_date.conditional.as_deref().unwrap().ends_with(
            "becomes due within 14 days (P14D) of the availability of a corrective or mitigating measure."
        ),
        "{no_date:?}"
    );
}

/// No date can be read out of a duty that does not exist or may not exist.
#[test]
fn a_duty_that_may_not_exist_shows_no_date() {
    for json in [
        r#"{"anchors": {"aware": "2026-11-23T09:15:00Z"}}"#,
        r#"{"jurisdictions": ["CN"], "anchors": {"aware": "2026-11-23T09:15:00Z"}}"#,
    ] {
        for clock in evaluate("cra-art14", &facts(json), "2036-01-01T00:00:00Z") {
            assert_eq!(clock.due, None, "{clock:?}");
        }
    }
}

/// One declared "no" settles it, whatever else is undeclared; an empty set is a "no".
#[test]
fn a_declared_no_is_not_applicable() {
    for json in [
        r#"{"jurisdictions": ["US"]}"#,
        r#"{"actors": []}"#,
        r#"{"triggers": ["severe_incident"]}"#,
        r#"{"actors": ["coordinator"], "triggers": ["actively_exploited_vulnerability"], "jurisdictions": ["EU"]}"#,
    ] {
        let clock = clock("cra-art14", "aev.ew", &facts(json), "2026-12-01T00:00:00Z");
        assert_eq!((clock.state, clock.conditional), (State::NotApplicable, None), "{json}");
    }
}

/// Union law applies in the member states; the CRA was not part of the EEA agreement.
#[test]
fn a_member_state_lies_in_the_union() {
    let state = |place: &str| {
        let json = format!(
            r#"{{"actors": ["manufacturer"], "triggers": ["severe_incident"], "jurisdictions": ["{place}"]}}"#
        );
        clock("cra-art14", "si.ew", &facts(&json), "2026-12-01T00:00:00Z").state
    };
    assert_eq!(state("DE"), State::NotStarted);
    assert_eq!(state("IE"), State::NotStarted);
    assert_eq!(state("NO"), State::NotApplicable);
    assert_eq!(state("GB"), State::NotApplicable);
}

/// Regulation (EU) 2024/2847, article 71(2): in force from 11 September 2026, on the local clock.
#[test]
fn an_anchor_before_the_first_day_in_force_is_not_applicable() {
    let state = |aware: &str, zone: &str| {
        let json = format!(
            r#"{{"actors": ["manufacturer"], "triggers": ["severe_incident"], "jurisdictions": ["EU"],
                "zone": "{zone}", "anchors": {{"aware": "{aware}"}}}}"#
        );
        clock("cra-art14", "si.ew", &facts(&json), "2036-01-01T00:00:00Z").state
    };
    assert_eq!(state("2026-09-10T23:59:59Z", "UTC"), State::NotApplicable);
    assert_eq!(state("2026-09-11T00:00:00Z", "UTC"), State::Overdue);
    assert_eq!(state("2026-09-10T21:59:59Z", "Europe/Berlin"), State::NotApplicable);
    assert_eq!(state("2026-09-10T22:00:00Z", "Europe/Berlin"), State::Overdue);
}

/// No retroactive duty: exploitation known before the day of application stays outside, even if
/// the remedy, from which the final report counts, comes later.
#[test]
fn awareness_before_the_first_day_in_force_keeps_every_duty_away() {
    let facts = facts(
        r#"{"actors": ["manufacturer"], "triggers": ["actively_exploited_vulnerability"], "jurisdictions": ["EU"],
            "anchors": {"aware": "2026-09-01T00:00:00Z", "remedy_available": "2026-10-01T00:00:00Z"}}"#,
    );
    for clock in evaluate("cra-art14", &facts, "2036-01-01T00:00:00Z") {
        assert_eq!(clock.state, State::NotApplicable, "{clock:?}");
    }
}

/// A law ends with its last day, and a proposal never begins.
#[test]
fn repealed_and_proposed_rules_do_not_apply() {
    let facts = facts(
        r#"{"actors": ["manufacturer"], "triggers": ["severe_incident"], "jurisdictions": ["EU"],
            "anchors": {"aware": "2026-11-23T09:15:00Z"}}"#,
    );
    let state = |change: &[(&str, &str)]| {
        let text =
            change.iter().fold(text("cra-art14").to_owned(), |text, (from, to)| text.replacen(from, to, 1));
        let profile = Profile::parse(&text).unwrap();
        clocks::evaluate(&profile, &facts, at("2036-01-01T00:00:00Z"))[4].state
    };
    let to = |day: &str| format!("in_force_from = 2026-09-11\nin_force_to = {day}");
    assert_eq!(state(&[("in_force_from = 2026-09-11", &to("2026-11-23"))]), State::Overdue);
    assert_eq!(state(&[("in_force_from = 2026-09-11", &to("2026-11-22"))]), State::NotApplicable);
    let reference = ("mode = \"active\"", "mode = \"reference\"");
    assert_eq!(state(&[reference, ("\"in_force\"", "\"proposed\"")]), State::NotApplicable);
    assert_eq!(state(&[reference, ("\"in_force\"", "\"repealed\"")]), State::NotApplicable);
    assert_eq!(state(&[reference]), State::Overdue);
}

/// Known to have happened, but nobody recorded when: another state than "has not happened".
#[test]
fn an_event_without_a_time_is_anchor_missing_and_has_no_date() {
    let scope = r#""actors": ["manufacturer"], "triggers": ["severe_incident"], "jurisdictions": ["EU"]"#;
    let occurred = facts(&format!(r#"{{{scope}, "occurred": ["aware", "filed:cra-art14/si.not"]}}"#));
    let nothing = facts(&format!(r#"{{{scope}}}"#));
    for duty in ["si.ew", "si.not", "si.fin", "users"] {
        let missing = clock("cra-art14", duty, &occurred, "2036-01-01T00:00:00Z");
        assert_eq!(read(&missing), (State::AnchorMissing, None), "{duty}");
        let waiting = clock("cra-art14", duty, &nothing, "2036-01-01T00:00:00Z");
        assert_eq!(read(&waiting), (State::NotStarted, None), "{duty}");
    }
}

/// A filing whose start is unknown is neither in time nor late.
#[test]
fn a_filing_without_a_recorded_start_is_not_called_in_time() {
    let facts = facts(
        r#"{"actors": ["manufacturer"], "triggers": ["severe_incident"], "jurisdictions": ["EU"],
            "filed": {"si.ew": "2026-11-23T09:15:00Z", "users": "2026-11-23T09:15:00Z"}}"#,
    );
    let clock_of = |duty| clock("cra-art14", duty, &facts, "2026-12-01T00:00:00Z");
    assert_eq!((clock_of("si.ew").state, clock_of("si.ew").due), (State::AnchorMissing, None));
    assert_eq!(clock_of("si.ew").met_at, Some(at("2026-11-23T09:15:00Z")));
    assert_eq!(clock_of("users").state, State::Met, "without a deadline nothing can be late");
}
