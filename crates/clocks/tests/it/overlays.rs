//! Guidance beside the law: more may be asked, never less, and the law's own row does not change.

use crate::*;

const AEV: &str = r#"{"actors": ["manufacturer"], "triggers": ["actively_exploited_vulnerability"], "jurisdictions": ["EU"],
    "anchors": {"aware": "2026-11-23T09:15:00Z"}}"#;

fn guidance(json: &str, now: &str) -> Assessment {
    clock("cra-art14", "aev.not@ie-guidance", &facts(json), now)
}

/// The guidance waits for the submission of the early warning: a missed one spawns no date.
#[test]
fn a_missed_early_warning_spawns_no_guidance_date() {
    assert_eq!(read(&guidance(AEV, "2027-06-01T00:00:00Z")), (State::NotStarted, None));
}

/// It holds where the member state is named, or where all are; not where another one is.
#[test]
fn guidance_holds_in_its_member_state() {
    let state = |places: &str| {
        let json = AEV
            .replace("[\"EU\"]", places)
            .replace("}}", "}, \"filed\": {\"aev.ew\": \"2026-11-23T12:15:00Z\"}}");
        guidance(&json, "2026-11-24T00:00:00Z").state
    };
    for places in [r#"["EU"]"#, r#"["IE"]"#, r#"["EU", "IE"]"#, r#"["IE", "DE"]"#] {
        assert_eq!(state(places), State::Running, "{places}");
    }
    for places in [r#"["DE"]"#, r#"["EU", "DE"]"#, r#"["US"]"#, "[]"] {
        assert_eq!(state(places), State::NotApplicable, "{places}");
    }
}

/// Nobody said where: a conditional sentence that names both laws, and no date.
#[test]
fn undeclared_places_give_a_conditional_sentence() {
    let found = guidance(r#"{"filed": {"aev.ew": "2026-11-23T12:15:00Z"}}"#, "2036-01-01T00:00:00Z");
    assert_eq!(read(&found), (State::ScopeNotDeclared, None));
    assert!(
        found.explain.contains("If the law of EU applies, and the law of IE applies, and"),
        "{}",
        found.explain
    );
}

/// Article 14(2)(b) counts where the guidance would be later: it never loosens the law.
#[test]
fn guidance_never_loosens_the_law() {
    // The early warning 30 hours after awareness: 48 more would be 78.
    let json = AEV.replace("}}", "}, \"filed\": {\"aev.ew\": \"2026-11-24T15:15:00Z\"}}");
    let found = guidance(&json, "2026-11-25T00:00:00Z");
    assert_eq!(read(&found), due(State::Running, "2026-11-26T09:15:00Z"));
    assert!(
        found.explain.contains("The law itself says 2026-11-26 09:15 UTC, and no later date counts here.")
    );
}

/// One notification meets both; late for the guidance, it is in time for the law.
#[test]
fn one_filing_meets_both() {
    let filed = |at: &str| {
        let filed =
            format!("}}, \"filed\": {{\"aev.ew\": \"2026-11-23T12:15:00Z\", \"aev.not\": \"{at}\"}}}}");
        let facts = facts(&AEV.replace("}}", &filed));
        ["aev.not", "aev.not@ie-guidance"]
            .map(|duty| clock("cra-art14", duty, &facts, "2026-12-01T00:00:00Z").state)
    };
    assert_eq!(filed("2026-11-25T12:15:00Z"), [State::Met, State::Met]);
    assert_eq!(filed("2026-11-25T12:15:01Z"), [State::Met, State::MetLate]);
}

/// With the overlay or without it, the rows of the law are the same.
#[test]
fn the_rows_of_the_law_do_not_change() {
    let text = text("cra-art14");
    let without = Profile::parse(&text[..text.find("[[overlay]]").unwrap()]).unwrap();
    let json = AEV.replace("}}", "}, \"filed\": {\"aev.ew\": \"2026-11-24T15:15:00Z\"}}");
    for now in ["2026-11-23T09:15:00Z", "2026-11-26T09:15:00Z", "2026-12-01T00:00:00Z"] {
        let law: Vec<_> = clocks::evaluate(&without, &facts(&json), at(now));
        let both = evaluate("cra-art14", &facts(&json), now);
        assert_eq!(law[..], both[..law.len()]);
        assert_eq!(both.len(), law.len() + 1);
    }
}

/// A proposed overlay asks for nothing yet; a binding one is not soft.
#[test]
fn proposed_and_binding_overlays() {
    let json = AEV.replace("}}", "}, \"filed\": {\"aev.ew\": \"2026-11-23T12:15:00Z\"}}");
    let with = |from: &str, to: &str| {
        let profile = Profile::parse(&text("cra-art14").replacen(from, to, 1)).unwrap();
        clocks::evaluate(&profile, &facts(&json), at("2026-11-24T00:00:00Z")).pop().unwrap()
    };
    let proposed = with("duty = \"aev.not\"", "duty = \"aev.not\"\nstatus = \"proposed\"");
    assert_eq!((proposed.state, proposed.due), (State::NotApplicable, None));
    assert!(proposed.explain.contains("the rules are proposed, not in force"));
    let binding = with("jurisdiction = \"IE\"\nbinding = false", "jurisdiction = \"IE\"\nbinding = true");
    assert!(!binding.soft && !binding.explain.contains("guidance, not law"));
    let tomorrow = with("anchor = \"filed:aev.ew\"", "in_force_to = 2026-09-12\nanchor = \"filed:aev.ew\"");
    assert_eq!(tomorrow.state, State::NotApplicable);
}

/// Guidance is to read; the law beside it, and a "should" of the law itself, are no guidance.
#[test]
fn only_rows_of_guidance_are_guidance() {
    let json = AEV.replace("}}", "}, \"filed\": {\"aev.ew\": \"2026-11-23T12:15:00Z\"}}");
    let rows = evaluate("cra-art14", &facts(&json), "2026-12-01T00:00:00Z");
    let guidance: Vec<_> = rows.iter().filter(|row| row.is_guidance()).map(|row| row.duty.as_str()).collect();
    assert_eq!(guidance, ["aev.not@ie-guidance"]);
    let cna = evaluate("cna-4", &Facts::default(), "2026-12-01T00:00:00Z");
    assert!(cna.iter().any(|row| row.soft) && !cna.iter().any(Assessment::is_guidance));
}
