//! The JSON form of facts, versions, and the helpers for bars and timers.

use clocks::{Anchor, AnchorName};

use crate::*;

/// The outside form: every key is optional, a value with several instants is an array.
#[test]
fn the_json_form_reads_what_it_promises() {
    assert_eq!(facts("{}"), Facts::default());
    let facts = facts(
        r#"{"actors": ["manufacturer"], "triggers": ["actively_exploited_vulnerability"], "jurisdictions": ["EU"],
            "zone": "Europe/Berlin", "anchors": {"aware": "2026-11-23T09:15:00Z"},
            "filed": {"aev.ew": ["2026-11-23T12:15:00Z", {"at": "2026-11-23T13:15:00+01:00", "evidence": "receipt 4", "recorded": "2026-11-23T14:00:00Z"}]},
            "holidays": ["2026-12-25"], "attributes": {"entity": "x", "trust_service": true, "users": 40}}"#,
    );
    assert_eq!(facts.anchors[&AnchorName::Aware], [Anchor::from(at("2026-11-23T09:15:00Z"))]);
    assert_eq!(facts.filed[&"aev.ew".parse().unwrap()].len(), 2);
    let again: Facts = serde_json::from_str(&serde_json::to_string(&facts).unwrap()).unwrap();
    assert_eq!(again, facts, "facts survive being written and read");
}

/// A misspelt fact would be a clock that never starts: it is refused with what was expected.
#[test]
fn misspelt_facts_are_refused() {
    let error = |json: &str| serde_json::from_str::<Facts>(json).unwrap_err().to_string();
    assert!(error(r#"{"anchor": {}}"#).starts_with("unknown field `anchor`"));
    assert!(
        error(r#"{"anchors": {"awre": "2026-11-23T09:15:00Z"}}"#)
            .starts_with("unknown anchor `awre`; known anchors are received, ")
    );
    assert!(
        error(r#"{"anchors": {"aware": "2026-11-23"}}"#)
            .starts_with("`2026-11-23` is not an instant; write date, time and zone")
    );
    assert!(error(r#"{"zone": "Europe/Atlantis"}"#).starts_with("unknown time zone `Europe/Atlantis`"));
    assert!(error(r#"{"filed": {"AEV EW": "2026-11-23T09:15:00Z"}}"#).starts_with("`AEV EW` is not a duty"));
    assert!(
        error(r#"{"anchors": {"aware": {"at": "2026-11-23T09:15:00Z", "who": "x"}}}"#)
            .starts_with("unknown field `who`")
    );
    assert!(error(r#"{"anchors": {"aware": 5}}"#).contains("expected an instant"));
}

/// A correction is a further version: the one recorded last counts, earlier or later than before.
#[test]
fn the_version_recorded_last_counts() {
    let scope = r#""actors": ["manufacturer"], "triggers": ["severe_incident"], "jurisdictions": ["EU"]"#;
    let facts = facts(&format!(
        r#"{{{scope}, "anchors": {{"aware": [
            {{"at": "2026-11-23T12:00:00Z", "recorded": "2026-11-23T13:00:00Z", "evidence": "call"}},
            {{"at": "2026-11-23T08:00:00Z", "recorded": "2026-11-24T09:00:00Z", "evidence": "mail 7"}},
            {{"at": "2026-11-23T10:00:00Z", "recorded": "2026-11-23T14:00:00Z"}}]}}}}"#
    ));
    let clock = clock("cra-art14", "si.ew", &facts, "2026-11-23T15:00:00Z");
    assert_eq!(clock.started, Some(at("2026-11-23T08:00:00Z")));
    assert!(clock.explain.contains("aware at 2026-11-23 08:00 UTC, shown by mail 7."), "{}", clock.explain);
}

/// Ties are settled by the earliest instant: the safe reading of an anchor, and for a filing the
/// act that fulfilled the duty, which a second one cannot make late.
#[test]
fn ties_are_settled_by_the_earliest_instant() {
    let facts = facts(
        r#"{"actors": ["manufacturer"], "triggers": ["severe_incident"], "jurisdictions": ["EU"],
            "anchors": {"aware": ["2026-11-23T12:00:00Z", "2026-11-23T10:00:00Z"]},
            "filed": {"si.ew": ["2026-12-23T12:00:00Z", "2026-11-23T18:00:00Z"]}}"#,
    );
    let clock = clock("cra-art14", "si.ew", &facts, "2026-12-24T00:00:00Z");
    assert_eq!((clock.started, clock.state), (Some(at("2026-11-23T10:00:00Z")), State::Met));
}

/// The long name of a duty speaks to one profile, the short one to all that have it.
#[test]
fn a_filing_can_name_its_profile() {
    let scope = r#""actors": ["manufacturer", "product_provider"], "triggers": ["severe_incident", "users_must_act"],
        "jurisdictions": ["EU", "CN"], "anchors": {"aware": "2026-11-23T12:00:00Z", "remedy_available": "2026-11-23T12:00:00Z"}"#;
    let states = |name: &str| {
        let facts = facts(&format!(r#"{{{scope}, "filed": {{"{name}": "2026-11-24T12:00:00Z"}}}}"#));
        ["cra-art14", "rmsv-2021"].map(|id| clock(id, "users", &facts, "2026-12-01T00:00:00Z").state)
    };
    assert_eq!(states("users"), [State::Met, State::Met]);
    assert_eq!(states("cra-art14/users"), [State::Met, State::Running]);
    assert_eq!(states("rmsv-2021/users"), [State::Running, State::Met]);
}

/// The next change is the nearest deadline ahead among the clocks that run.
#[test]
fn the_next_change_is_the_nearest_deadline_ahead() {
    let facts = facts(
        r#"{"actors": ["manufacturer"], "triggers": ["severe_incident"], "jurisdictions": ["EU"],
            "anchors": {"aware": "2026-11-23T12:00:00Z"}}"#,
    );
    let next = |now: &str| clocks::next_change(&evaluate("cra-art14", &facts, now), at(now));
    assert_eq!(next("2026-11-23T13:00:00Z"), Some(at("2026-11-24T12:00:00Z")));
    assert_eq!(next("2026-11-24T13:00:00Z"), Some(at("2026-11-26T12:00:00Z")));
    assert_eq!(next("2026-11-27T13:00:00Z"), None);
}

/// The bar: how much of the time is used, stopped when the duty was met, none without a deadline.
#[test]
fn progress_runs_from_nought_to_one() {
    let mut facts = facts(
        r#"{"actors": ["manufacturer"], "triggers": ["severe_incident"], "jurisdictions": ["EU"],
            "anchors": {"aware": "2026-11-23T12:00:00Z"}}"#,
    );
    let share = |facts: &Facts, duty: &str, now: &str| {
        clocks::progress(&clock("cra-art14", duty, facts, now), at(now))
    };
    assert_eq!(share(&facts, "si.ew", "2026-11-23T12:00:00Z"), Some(0.0));
    assert_eq!(share(&facts, "si.ew", "2026-11-23T18:00:00Z"), Some(0.25));
    assert_eq!(share(&facts, "si.ew", "2026-12-23T18:00:00Z"), Some(1.0));
    assert_eq!(share(&facts, "users", "2026-11-23T18:00:00Z"), None);
    facts.record_filing("si.ew".parse().unwrap(), at("2026-11-24T00:00:00Z"));
    assert_eq!(share(&facts, "si.ew", "2026-12-23T18:00:00Z"), Some(0.5));
}
