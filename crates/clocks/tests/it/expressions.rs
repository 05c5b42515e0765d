//! Rules over several events: what they mean, how they read, and what is refused.

use clocks::{Condition, Expression};

use crate::*;

/// The first duty of the Irish-free CRA with another rule, against some anchors.
fn clock_of(rule: &str, more: &str) -> Assessment {
    let changed = text("cra-art14").replacen("due = \"PT24H\"", &format!("due = \"{rule}\""), 1);
    let profile = Profile::parse(&changed).unwrap_or_else(|error| panic!("{error}"));
    let facts = facts(&format!(
        r#"{{"actors": ["manufacturer"], "triggers": ["actively_exploited_vulnerability"], "jurisdictions": ["EU"]{more}}}"#
    ));
    clocks::evaluate(&profile, &facts, at("2026-11-23T10:00:00Z")).remove(0)
}

const A: &str = r#""aware": "2026-11-23T09:00:00Z""#;
const D: &str = r#""discovered": "2026-11-22T09:00:00Z""#;

fn found(rule: &str, anchors: &[&str]) -> (State, Option<String>) {
    read(&clock_of(rule, &format!(r#", "anchors": {{{}}}"#, anchors.join(", "))))
}

/// The earliest of those that are known; the latest once all are known.
#[test]
fn min_takes_what_is_known_and_max_waits_for_all() {
    let min = "min(aware + PT48H, discovered + P3D)";
    assert_eq!(found(min, &[A, D]), due(State::Running, "2026-11-25T09:00:00Z"));
    assert_eq!(
        found("min(aware + PT72H, discovered + P3D)", &[A, D]),
        due(State::Running, "2026-11-25T09:00:00Z")
    );
    assert_eq!(found(min, &[A]), due(State::Running, "2026-11-25T09:00:00Z"));
    assert_eq!(found(min, &[]), (State::NotStarted, None));
    let max = "max(aware + PT48H, discovered + P1M)";
    assert_eq!(found(max, &[A, D]), due(State::Running, "2026-12-22T09:00:00Z"));
    assert_eq!(found(max, &[A]), (State::NotStarted, None));
    assert_eq!(
        found("max(aware + PT48H, discovered + PT1H)", &[A, D]),
        due(State::Running, "2026-11-25T09:00:00Z")
    );
}

/// What has not happened cannot be earlier or later than anything.
#[test]
fn a_comparison_with_what_has_not_happened_does_not_hold() {
    for order in ["<", "<=", ">", ">="] {
        let rule = format!("if discovered {order} aware then aware + P1D else aware + P2D");
        assert_eq!(found(&rule, &[A]), due(State::Running, "2026-11-25T09:00:00Z"), "{order}");
        let before = matches!(order, "<" | "<=");
        let expected = if before { "2026-11-24T09:00:00Z" } else { "2026-11-25T09:00:00Z" };
        assert_eq!(found(&rule, &[A, D]), due(State::Running, expected), "{order}");
        let equal = format!("if aware {order} aware then aware + P1D else aware + P2D");
        let holds = matches!(order, "<=" | ">=");
        let expected = if holds { "2026-11-24T09:00:00Z" } else { "2026-11-25T09:00:00Z" };
        assert_eq!(found(&equal, &[A]), due(State::Running, expected), "{order}");
    }
}

/// Properties: as attribute or as trigger; and, or, not; what is not declared follows the general rule.
#[test]
fn properties_choose_between_rules() {
    let state = |test: &str, attributes: &str| {
        let rule = format!("if {test} then aware + P1D else aware + P2D");
        let more = format!(r#", "anchors": {{{A}}}, "attributes": {{{attributes}}}"#);
        clock_of(&rule, &more).due == Some(at("2026-11-24T09:00:00Z"))
    };
    assert!(
        state("large", r#""large": true"#)
            && state("large", r#""large": 3"#)
            && state("large", r#""large": "yes""#)
    );
    assert!(!state("large", r#""large": false"#) && !state("large", r#""large": 0"#) && !state("large", ""));
    assert!(
        state("entity is bank", r#""entity": "bank""#) && !state("entity is bank", r#""entity": "broker""#)
    );
    assert!(
        state("not entity is bank", r#""entity": "broker""#) && !state("not entity is bank", ""),
        "not known, not so"
    );
    assert!(state("large or old", r#""old": true"#) && !state("large and old", r#""old": true"#));
    assert!(state("large and (old or rich)", r#""large": true, "rich": true"#));
    assert!(!state("large and old or rich and poor", r#""large": true, "rich": true"#));
    assert!(state("recorded(aware)", "") && !state("recorded(discovered)", ""));
    assert!(state("actively_exploited_vulnerability", ""), "a trigger of the case");
}

/// What was not declared is named, so that nobody takes the general rule for the only one.
#[test]
fn the_general_rule_says_what_was_not_declared() {
    let more = format!(r#", "anchors": {{{A}}}"#);
    let said = clock_of("if entity is bank or large then aware + P1D else aware + P2D", &more).explain;
    assert!(said.contains("Not declared: entity, large; so the general rule counts."), "{said}");
    let more = format!(r#", "anchors": {{{A}}}, "attributes": {{"entity": "shop", "large": false}}"#);
    let said = clock_of("if entity is bank or large then aware + P1D else aware + P2D", &more).explain;
    assert!(!said.contains("Not declared"), "{said}");
}

/// Without a date it runs, and is never overdue.
#[test]
fn undated_runs_without_a_date() {
    assert_eq!(found("if recorded(aware) then undated else aware", &[A]), (State::Running, None));
    assert_eq!(found("min(undated, aware + P1D)", &[A]), due(State::Running, "2026-11-24T09:00:00Z"));
    assert_eq!(found("max(undated, aware + P1D)", &[A]), (State::Running, None));
}

/// An event that happened at a time nobody recorded: no date is invented.
#[test]
fn a_missing_time_gives_no_date() {
    let clock = clock_of("discovered + P1D", r#", "occurred": ["discovered"]"#);
    assert_eq!(read(&clock), (State::AnchorMissing, None));
}

/// A rule reads like a sentence.
#[test]
fn a_rule_reads_like_a_sentence() {
    let words = |text: &str| text.parse::<Expression>().unwrap().in_words();
    assert_eq!(words("aware + PT24H"), "24 hours after awareness");
    assert_eq!(
        words(
            "if classified > aware + PT24H then classified + PT4H else min(classified + PT4H, aware + PT24H)"
        ),
        "4 hours after the classification if the classification is later than 24 hours after awareness; otherwise the \
         earlier of 4 hours after the classification, and 24 hours after awareness"
    );
    assert_eq!(words("clock:publish - P14D"), "14 days before the deadline of publish");
    assert_eq!(
        words("latest:update + 4 business days"),
        "4 business days after the latest submission of update"
    );
    let condition: Condition = "not kev and (entity is bank or ongoing)".parse().unwrap();
    assert_eq!(condition.in_words(), "not (it is so: kev) and (the entity is: bank or it is so: ongoing)");
}

/// What is not a rule is refused with what was expected.
#[test]
fn what_is_not_a_rule_is_refused() {
    let refused = |text: &str| text.parse::<Expression>().unwrap_err().to_string();
    for (text, why) in [
        ("aware +", "`` is not a period"),
        ("aware + soon", "`soon` is not a period"),
        ("aware PT24H", "`PT24H` is left over"),
        ("awre + P1D", "unknown anchor `awre`"),
        ("min aware", "expected `(` and found `aware`"),
        ("min(aware", "`)` is missing at the end"),
        ("min()", "unknown anchor `)`"),
        ("if aware then aware else aware", "compare `aware` with something, or write recorded(aware)"),
        ("if ongoing then aware", "`else` is missing at the end"),
        ("if then aware else aware", "`then` is not the name of a property"),
        ("if aware = discovered then aware else aware", "compare `aware` with something"),
        ("if aware + P1D = discovered then aware else aware", "expected <, <=, > or >= and found `=`"),
        ("aware - 4 business days", "business days are counted forwards only"),
        ("if entity is Bank then aware else aware", "`Bank` is not the name of a property"),
        ("", "an event is missing at the end"),
    ] {
        assert!(refused(text).contains(why), "{text}: {}", refused(text));
    }
}

/// Length and depth have limits, so that no text makes the reader or the engine run away.
#[test]
fn rules_have_limits() {
    let long = format!("min({})", ["aware"; 300].join(", "));
    assert!(long.parse::<Expression>().unwrap_err().to_string().ends_with("characters, 1000 at most"));
    for deep in [
        format!("{}aware{}", "(".repeat(30), ")".repeat(30)),
        format!("aware{}", " + P1D".repeat(30)),
        format!("if {}a then aware else aware", "not ".repeat(30)),
        format!("if {}a{} then aware else aware", "(".repeat(30), ")".repeat(30)),
        format!("{}aware", "if a then aware else ".repeat(30)),
    ] {
        let said = deep.parse::<Expression>().unwrap_err().to_string();
        assert!(said.ends_with("nested more than 24 deep"), "{said}");
    }
}
