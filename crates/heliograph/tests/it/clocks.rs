//! The clocks on the command line: what would be due, and why.

use crate::program::{Place, Run};
use serde_json::Value;

const FACTS: &str = r#"{"actors": ["manufacturer"], "triggers": ["actively_exploited_vulnerability"],
  "jurisdictions": ["EU"], "zone": "Europe/Berlin", "anchors": {"aware": "2026-11-23T09:15:00Z"},
  "filed": {"aev.ew": "2026-11-23T12:15:00Z"}, "holidays": ["2026-12-25"],
  "attributes": {"entity": "credit_institution"}}"#;

const AT: &str = "2026-11-24T00:00:00Z";

fn rows(run: &Run) -> Vec<Value> {
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:?}");
    serde_json::from_str(&run.out).unwrap()
}

fn row<'r>(rows: &'r [Value], profile: &str, duty: &str) -> &'r Value {
    let found = rows.iter().find(|row| row["profile"] == profile && row["duty"] == duty);
    found.unwrap_or_else(|| panic!("there is no {profile}/{duty}"))
}

/// Every profile, every duty, five keys; overlays under a name of their own.
#[test]
fn simulate_prints_every_deadline_under_every_profile() {
    let place = Place::new();
    place.write("facts.json", FACTS);
    let rows = rows(&place.run(&["clocks", "simulate", "--facts", "facts.json", "--at", AT, "--json"]));
    for row in &rows {
        let mut keys: Vec<_> = row.as_object().unwrap().keys().map(String::as_str).collect();
        keys.sort_unstable();
        assert_eq!(keys, ["due", "duty", "explain", "profile", "state"]);
    }
    let early = row(&rows, "cra-art14", "aev.ew");
    assert_eq!((&early["state"], &early["due"]), (&"met".into(), &"2026-11-24T09:15:00Z".into()));
    let law = row(&rows, "cra-art14", "aev.not");
    assert_eq!((&law["state"], &law["due"]), (&"running".into(), &"2026-11-26T09:15:00Z".into()));
    let guidance = row(&rows, "cra-art14", "aev.not@ie-guidance");
    assert_eq!((&guidance["state"], &guidance["due"]), (&"running".into(), &"2026-11-25T12:15:00Z".into()));
    let fin = row(&rows, "cra-art14", "aev.fin");
    assert_eq!((&fin["state"], &fin["due"]), (&"not_started".into(), &Value::Null));
    assert_eq!(row(&rows, "rmsv-2021", "report")["state"], "not_applicable");
    let mut profiles: Vec<_> = rows.iter().map(|row| row["profile"].as_str().unwrap()).collect();
    profiles.dedup();
    assert_eq!(profiles.len(), clocks::builtin().len());
}

/// Nothing declared: conditional sentences, no date, and no red light.
#[test]
fn simulate_with_empty_facts_is_conditional() {
    let place = Place::new();
    place.write("facts.json", r#"{"anchors": {"aware": "2026-01-01T00:00:00Z"}}"#);
    let run = place.run(&[
        "clocks",
        "simulate",
        "--facts",
        "facts.json",
        "--profile",
        "nis2-art23",
        "gdpr-33",
        "--json",
    ]);
    let rows = rows(&run);
    assert!(rows.iter().all(|row| row["due"].is_null() && row["state"] == "scope_not_declared"), "{rows:?}");
    let said = row(&rows, "gdpr-33", "notify")["explain"].as_str().unwrap().to_owned();
    assert!(
        said.contains("If the law of EU applies") && said.contains("is due at 2026-01-04 00:00 UTC."),
        "{said}"
    );
}

/// For people: what is due first at the top, in the zone of the facts, with the distance in words.
#[test]
fn simulate_prints_a_table_for_people() {
    let place = Place::new();
    place.write("facts.json", FACTS);
    let run =
        place.run(&["clocks", "simulate", "--facts", "facts.json", "--at", AT, "--profile", "cra-art14"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let lines: Vec<_> = run.out.lines().collect();
    assert_eq!(lines[0], "As of 2026-11-24 01:00 CET. Nothing is recorded.");
    assert!(lines[2].starts_with("2026-11-25 13:15 CET  in 1 d 12 h"), "{}", run.out);
    assert!(
        lines[2].contains("cra-art14/aev.not@ie-guidance") && lines[2].ends_with("[should]"),
        "{}",
        run.out
    );
    assert!(
        lines[3].starts_with("2026-11-26 10:15 CET") && lines[3].contains("cra-art14/aev.not "),
        "{}",
        run.out
    );
    assert_eq!(*lines.last().unwrap(), "4 duties do not exist under these facts; --all lists them too.");
}

/// Rule, anchor, calendar, direction of error, source; by the short or the long name of a duty.
#[test]
fn explain_says_why() {
    let place = Place::new();
    place.write("facts.json", FACTS);
    for name in ["aev.not", "cra-art14/aev.not"] {
        let run = place.run(&["clocks", "explain", "--facts", "facts.json", "--at", AT, name]);
        assert_eq!(run.code, 0, "{run:?}");
        for part in [
            "Rule: ",
            "14(2)(b)",
            "Anchor: aware at",
            "Calendar: ",
            "Direction of error: ",
            "Second reading",
            "Source: ",
        ] {
            assert!(run.out.contains(part), "{part}: {}", run.out);
        }
    }
    let run = place.run(&["clocks", "explain", "--facts", "facts.json", "aev.nothing"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("there is no duty `aev.nothing` in these profiles"), "{}", run.err);
}

/// RMSV, article 9(7), against CRA, article 14: both texts, in the table and beside the duty.
#[test]
fn conflicts_are_shown_with_both_texts() {
    let place = Place::new();
    let facts = FACTS
        .replace("\"manufacturer\"", "\"manufacturer\", \"product_provider\"")
        .replace("\"EU\"", "\"EU\", \"CN\"")
        .replace("{\"aev.ew\": \"2026-11-23T12:15:00Z\"}", "{}");
    place.write("facts.json", &facts);
    let run = place.run(&["clocks", "conflicts", "--facts", "facts.json", "--at", AT, "--json"]);
    let conflicts = rows(&run);
    let first = conflicts.iter().find(|found| found["duty"] == "aev.ew").unwrap();
    assert_eq!(
        (&first["forbids"], &first["prohibition"]),
        (&"rmsv-2021".into(), &"no-foreign-transfer".into())
    );
    assert!(first["prohibition_text"].as_str().unwrap().contains("foreign organisations"));
    assert!(first["duty_text"].as_str().unwrap().starts_with("Early warning"));
    let simulated = rows(&place.run(&["clocks", "simulate", "--facts", "facts.json", "--at", AT, "--json"]));
    let early = row(&simulated, "cra-art14", "aev.ew");
    assert_eq!(early["state"], "running", "nothing is blocked");
    assert!(early["explain"].as_str().unwrap().contains("Conflict with rmsv-2021: "), "{early}");
    let table = place.run(&["clocks", "simulate", "--facts", "facts.json", "--at", AT]);
    assert!(
        table.out.contains("Conflict: rmsv-2021/no-foreign-transfer against cra-art14/aev.ew"),
        "{}",
        table.out
    );
}

/// Bad input costs one clear line with the place, and exit code 2.
#[test]
fn bad_input_is_refused_with_its_place() {
    let place = Place::new();
    place.write("facts.json", FACTS);
    place.write("bad.json", "{\n  \"anchors\": {\"awre\": \"2026-11-23T09:15:00Z\"}\n}");
    place.write("long.json", &format!("{{}}{}", " ".repeat(1 << 20)));
    for (arguments, said) in [
        (&["--facts", "bad.json"][..], "bad.json: line 2, anchors.awre: unknown anchor `awre`"),
        (&["--facts", "none.json"], "cannot read none.json"),
        (&["--facts", "long.json"], "long.json: more than 1048576 bytes, which is the limit"),
        (&["--facts", "facts.json", "--at", "tomorrow"], "--at: `tomorrow` is not an instant"),
        (&["--facts", "facts.json", "--profile", "cra"], "there is no profile `cra`; there are au-ransom, "),
        (&["--facts", "facts.json", "--profile", "none.toml"], "cannot read none.toml"),
        (&["--facts", "-"], "standard input: line 1: EOF"),
    ] {
        let run = place.run(&[&["clocks", "simulate"], arguments].concat());
        assert_eq!(
            (run.code, run.out.as_str(), run.err.lines().count()),
            (2, "", 1),
            "{arguments:?} {run:?}"
        );
        assert!(run.err.contains(said), "{arguments:?}: {}", run.err);
    }
}

fn own(from: &str, to: &str) -> String {
    let text = clocks::builtin().iter().find(|(id, _)| *id == "kr-48-3").unwrap().1;
    let own = text.replace("\"kr-48-3\"", "\"xx-new\"").replace("\"KR\"", "\"XX\"");
    assert!(own.contains(from), "{from}");
    own.replacen(from, to, 1)
}

/// A regime of one's own: a file in the folder of profiles, and no line of code.
#[test]
fn a_regime_of_ones_own_needs_no_code() {
    let place = Place::new();
    place.write("data/profiles/xx-new.toml", &own("PT24H", "PT5H"));
    place.write("elsewhere/xx-new.toml", &own("PT24H", "PT6H"));
    place.write(
        "facts.json",
        r#"{"actors": ["network_service_provider"], "triggers": ["intrusion_incident"], "jurisdictions": ["XX"],
            "anchors": {"aware": "2026-11-23T09:15:00Z"}}"#,
    );
    let simulate = ["clocks", "simulate", "--facts", "facts.json", "--at", AT, "--json"];
    let here = rows(&place.run(&[&simulate[..], &["--data", "data"]].concat()));
    assert_eq!(row(&here, "xx-new", "report")["due"], "2026-11-23T14:15:00Z");
    let mut command = place.command(&simulate);
    let there = rows(&crate::program::ended(command.env("HELIOGRAPH_PROFILES", "elsewhere")));
    assert_eq!(row(&there, "xx-new", "report")["due"], "2026-11-23T15:15:00Z");
    let file = rows(&place.run(&[&simulate[..], &["--profile", "elsewhere/xx-new.toml"]].concat()));
    assert_eq!((file.len(), &file[0]["due"]), (2, &"2026-11-23T15:15:00Z".into()));
}

/// It is checked as the shipped ones are, wherever it is used; nothing is left out in silence.
#[test]
fn a_bad_regime_stops_whatever_would_use_it() {
    let place = Place::new();
    place.write("facts.json", "{}");
    place.write(
        "data/profiles/xx-new.toml",
        &own("mode = \"reference\"", "mode = \"active\"").replacen("\"defensive\"", "\"unknown\"", 1),
    );
    let run = place.run(&["clocks", "simulate", "--facts", "facts.json", "--data", "data"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(
        run.err.contains("xx-new.toml: line ")
            && run.err.contains("recipient kisa, mandate: cannot be active"),
        "{}",
        run.err
    );
    let missing =
        place.command(&["clocks", "profiles"]).env("HELIOGRAPH_PROFILES", "nowhere").output().unwrap();
    assert_eq!(missing.status.code(), Some(2));
}

/// `check` names kind, rule, place and reason, in text and in JSON.
#[test]
fn check_names_the_rule_that_a_profile_breaks() {
    let place = Place::new();
    place.write("good.toml", &own("PT24H", "PT5H"));
    for (name, from, to, rule, path) in [
        (
            "cycle.toml",
            "anchor = \"aware\"",
            "anchor = \"filed:report\"",
            "anchors-go-in-no-circle",
            "duty report, anchor",
        ),
        (
            "anchor.toml",
            "anchor = \"aware\"",
            "anchor = \"awre\"",
            "anchors-are-known",
            "duty report, anchor",
        ),
        ("date.toml", "verified_on = 2026-11-23", "verified_on = 2026-02-30", "dates-are-possible", "TOML"),
        (
            "attack.toml",
            "mandate = \"defensive\"",
            "mandate = \"offensive\"",
            "nobody-tells-attackers",
            "recipient kisa, mandate",
        ),
    ] {
        place.write(name, &own(from, to));
        let run = place.run(&["check", "--json", "good.toml", name]);
        assert_eq!((run.code, run.err.as_str()), (1, ""), "{run:?}");
        let lines: Vec<Value> = run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(
            lines[0],
            serde_json::json!({"file": "good.toml", "kind": "profile", "version": "profile/1", "valid": true, "findings": []})
        );
        let finding = &lines[1]["findings"][0];
        assert_eq!(
            (&finding["test"], &finding["path"], &finding["severity"]),
            (&rule.into(), &path.into(), &"error".into())
        );
        assert!(finding["message"].as_str().unwrap().starts_with("line "), "{finding}");
        let text = place.run(&["check", name]);
        assert!(
            text.out.starts_with(&format!("{name}: profile: not valid\n")) && text.out.contains(rule),
            "{}",
            text.out
        );
    }
}
