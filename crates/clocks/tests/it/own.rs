//! Regimes of the user's own: added without touching code, under the same checks.

use clocks::Profiles;

use crate::*;

/// A new regime stands beside those that come with the program.
#[test]
fn a_regime_of_ones_own_is_evaluated_like_any_other() {
    let own = text("kr-48-3")
        .replace("\"kr-48-3\"", "\"xx-new\"")
        .replace("\"KR\"", "\"XX\"")
        .replacen("PT24H", "PT5H", 1);
    let profiles = Profiles::with([("xx-new.toml", own.as_str())]).unwrap();
    assert_eq!(profiles.all().len(), builtin().len() + 1);
    let facts = facts(
        r#"{"actors": ["network_service_provider"], "triggers": ["intrusion_incident"], "jurisdictions": ["XX"],
            "anchors": {"aware": "2026-11-23T09:15:00Z"}}"#,
    );
    let found = profiles.evaluate(&facts, at("2026-11-23T10:00:00Z"));
    let report =
        found.iter().find(|clock| clock.profile == "xx-new" && clock.duty.as_str() == "report").unwrap();
    assert_eq!(read(report), due(State::Running, "2026-11-23T14:15:00Z"));
}

/// One with the id of a shipped profile takes its place.
#[test]
fn a_file_of_the_same_id_takes_the_place_of_the_shipped_one() {
    let own = text("centre").replacen("PT48H", "PT12H", 1);
    let profiles = Profiles::with([("centre.toml", own.as_str())]).unwrap();
    assert_eq!(profiles.all().len(), builtin().len());
    let due = profiles.get("centre").unwrap().duty("vendor.notify").unwrap().due.to_string();
    assert!(due.ends_with("+ PT12H"), "{due}");
}

/// The checks are the same, and the refusal names the file.
#[test]
fn a_bad_file_is_refused_by_name() {
    let own = text("rmsv-2021").replacen("mode = \"reference\"", "mode = \"active\"", 1);
    let refused = Profiles::with([("mine.toml", own.as_str())]).unwrap_err();
    assert_eq!(refused.error.rule, "nobody-tells-attackers");
    assert!(refused.to_string().starts_with("mine.toml: line "), "{refused}");
}
