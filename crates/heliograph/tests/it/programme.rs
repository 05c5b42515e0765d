//! `heliograph programme`: a level and its reasons from a file of facts, and honest refusals.

use crate::program::Place;
use serde_json::{Value, json};

/// A unit that fills figure 2's second column.
fn unit() -> Value {
    json!({
        "facts": {
            "main_business": "information_security", "has_discovery_and_analysis": true,
            "has_incident_response": true, "has_research": true, "has_engineering": true, "has_services": true,
            "team_size": 21, "work_quality": "good",
        },
        "credits": [
            {"kind": "vulnerability", "novel": true, "reach": "generic", "severity": "critical", "count": 3},
            {"kind": "vulnerability", "novel": true, "reach": "generic", "severity": "high", "count": 17},
            {"kind": "alert", "severity": "critical", "count": 5},
        ],
    })
}

const FIGURE_2: [&str; 6] = ["programme", "evaluate", "--programme", "cnnvd-tsu-2023", "--stage", "initial"];

#[test]
fn a_level_and_its_reasons() {
    let place = Place::new();
    place.write("unit.json", &unit().to_string());
    let run = place.run(&[&FIGURE_2[..], &["--facts", "unit.json", "--json"]].concat());
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let found: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(found["level"], "L2");
    let team = found["criteria"].as_array().unwrap().iter().find(|c| c["id"] == "team" && c["level"] == "L1");
    assert_eq!(
        *team.unwrap(),
        json!({"id": "team", "level": "L1", "result": "not_met",
            "why": "team size: 21, asked: more than 20; work quality: good, asked: at least prolific"})
    );

    let run = place.run(&[&FIGURE_2[..], &["--facts", "unit.json"]].concat());
    assert!(run.out.starts_with("CNNVD Technical Support Units"), "{run:?}");
    assert!(run.out.contains("\nlevel L2\n"), "{run:?}");
}

/// The file that partners read is the one that is evaluated.
#[test]
fn what_is_shown_is_what_is_evaluated() {
    let place = Place::new();
    let shown = place.run(&["programme", "show", "cnnvd-tsu-2023"]);
    place.write("mine.toml", &shown.out);
    place.write("unit.json", &unit().to_string());
    let mine = ["programme", "evaluate", "--programme", "mine.toml", "--stage", "initial"];
    let answers =
        [&FIGURE_2[..], &mine].map(|command| place.run(&[command, &["--facts", "unit.json"]].concat()));
    assert_eq!((answers[0].code, &answers[0].out), (0, &answers[1].out));
    let list = place.run(&["programme", "list"]);
    assert!(list.out.lines().any(|line| line.starts_with("tsu-defensive") && line.contains("active")));
}

/// Domain facts 1G, 9: a programme for reference is read, evaluated and compared, and never activated.
#[test]
fn the_same_facts_are_compared_under_several_programmes() {
    let place = Place::new();
    place.write("unit.json", &unit().to_string());
    let compare = ["programme", "compare", "--stage", "initial", "--facts", "unit.json"];
    let all = place.run(&compare);
    assert_eq!((all.code, all.err.as_str()), (0, ""), "{all:?}");
    let line = |id: &str| all.out.lines().find(|line| line.starts_with(id)).unwrap().to_owned();
    assert!(line("cnnvd-tsu-2023").contains("reference  L2"), "{}", all.out);
    assert!(line("tsu-defensive").contains("active     none"), "{}", all.out);
    let two = place.run(&[&compare[..], &["--json", "cnnvd-tsu-2023", "cna"]].concat());
    let rows: Vec<Value> = two.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((rows.len(), &rows[0]["level"], &rows[0]["mode"]), (2, &json!("L2"), &json!("reference")));
    assert!(rows[0]["criteria"].as_array().is_some_and(|all| !all.is_empty()));
    let refused = place.run(&["programme", "compare", "--stage", "weekly", "--facts", "unit.json", "cna"]);
    assert!(refused.out.contains("cna has no stage `weekly`"), "{refused:?}");
}

#[test]
fn what_cannot_be_evaluated_is_refused_with_its_place() {
    let place = Place::new();
    place.write("unit.json", &unit().to_string());
    place.write("words.json", "{\"facts\": {\"team_size\": \"many\"}}");
    place.write("broken.json", "{\"facts\": {");
    std::fs::write(place.write("latin.json", ""), [0x7b, 0xe9, 0x7d]).unwrap();
    let active =
        place.run(&["programme", "show", "cnnvd-tsu-2023"]).out.replace("\"reference\"", "\"active\"");
    place.write("active.toml", &active);
    for (programme, stage, facts, says) in [
        ("cnnvd", "initial", "unit.json", "there is no programme `cnnvd`; there are cna, cnnvd-tsu-2023"),
        ("cnnvd-tsu-2023", "weekly", "unit.json", "has no stage `weekly`; it has initial, annual"),
        ("cnnvd-tsu-2023", "initial", "nowhere.json", "nowhere.json cannot be read"),
        ("cnnvd-tsu-2023", "initial", "words.json", "words.json: facts.team_size: many is not a number"),
        ("cnnvd-tsu-2023", "initial", "broken.json", "broken.json: line 1, column 11: EOF while parsing"),
        ("cnnvd-tsu-2023", "initial", "latin.json", "latin.json is not UTF-8 text"),
        ("active.toml", "initial", "unit.json", "active.toml: line 8, mode: cannot be active"),
    ] {
        let run = place.run(&[
            "programme",
            "evaluate",
            "--programme",
            programme,
            "--stage",
            stage,
            "--facts",
            facts,
        ]);
        assert_eq!((run.code, run.out.as_str(), run.err.lines().count()), (2, "", 1), "{run:?}");
        assert!(run.err.contains(says), "{says}: {run:?}");
    }
}
