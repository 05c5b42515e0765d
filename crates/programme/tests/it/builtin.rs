//! The programmes that come with the program.

use crate::*;
use programme::{Guard, Mode, Rule, Window};

#[test]
fn every_file_bears_its_name_and_only_one_is_active() {
    let mut active = Vec::new();
    for (id, text) in builtin() {
        let programme = Programme::parse(text).unwrap();
        assert_eq!(programme.id, *id);
        if programme.mode == Mode::Active {
            active.push(programme.id);
        }
    }
    assert_eq!(active, ["tsu-defensive"]);
}

/// A programme that counts undisclosed finds as merit loads only as reference, and what its file says
/// would have to go is what the validator finds.
#[test]
fn the_programme_of_the_source_report_can_never_be_active() {
    let programme = programme("cnnvd-tsu-2023");
    let found = programme.may_activate().unwrap_err();
    let mut rules: Vec<&str> = found.iter().map(|part| part.rule.word()).collect();
    rules.dedup();
    rules.sort_unstable();
    rules.dedup();
    let mut named = programme.forbidden_in_active.clone();
    named.push(Rule::GuardMissing.word().to_owned());
    named.sort_unstable();
    assert_eq!(rules, named);

    let activated = text("cnnvd-tsu-2023").replace(r#"mode = "reference""#, r#"mode = "active""#);
    let refused = Programme::parse(&activated).unwrap_err();
    assert_eq!((refused.line, refused.place.as_str()), (8, "mode"));
    for rule in &programme.forbidden_in_active {
        assert!(refused.reason.contains(rule), "{refused}");
    }
}

#[test]
fn the_active_programme_promises_all_there_is() {
    assert_eq!(programme("tsu-defensive").guards.len(), Guard::ALL.len());
}

#[test]
fn a_year_is_a_year() {
    let programme = programme("tsu-defensive");
    assert_eq!(programme.validity.get_years(), 1);
    assert!(matches!(programme.stage("initial").unwrap().window, Window::Application));
    assert!(matches!(programme.stage("annual").unwrap().window, Window::Last(span) if span.get_years() == 1));
}

/// 11 + 7 + 10 + 17 parameters.
#[test]
fn the_maturity_model_has_45_parameters() {
    let programme = programme("sim3");
    let capacity = programme.capacity(&programme.stages[0], &[1]);
    assert_eq!(capacity.facts.len(), 45);
}
