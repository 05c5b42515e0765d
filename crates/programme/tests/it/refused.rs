//! Programmes and facts that are refused: each with the line, the place and the reason.

use crate::*;

/// A small, correct, active programme. Tests change one thing in it.
const GOOD: &str = r#"schema = "programme/1"
id = "trial"
title = "Trial"
mode = "active"
levels = ["A", "B"]
validity = "P1Y"
source = { set_by = "nobody" }
guard = ["vendor_notified_before_credit", "no_offensive_recipient", "no_attitude_scoring", "decline_without_sanction"]
ordinal.quality = ["good", "poor"]
[[stage]]
id = "first"
window = "P180D"
[[stage.criterion]]
id = "people"
A = { fact = "people", gt = 10 }
B = { all_of = [{ fact = "people", gt = 5 }, { fact = "quality", at_least = "good" }] }
[[stage.criterion]]
id = "finds"
scope = "all"
count_of = { kind = "vulnerability", vendor_notified = true }
total = { ge = 1 }
"#;

/// The refusal of the good programme with one passage changed.
fn changed(from: &str, to: &str) -> String {
    assert!(Programme::parse(GOOD).is_ok());
    assert!(GOOD.contains(from), "{from}");
    Programme::parse(&GOOD.replacen(from, to, 1)).unwrap_err().to_string()
}

#[test]
fn every_mistake_is_named_with_its_place() {
    for (from, to, refusal) in [
        (
            "programme/1",
            "programme/9",
            "line 1, schema: `programme/9` is not a known schema, expected programme/1",
        ),
        (
            r#"id = "trial""#,
            r#"id = "a trial""#,
            "line 2, id: use letters, digits, dots, dashes and underscores, 64 at most",
        ),
        ("title = \"Trial\"\n", "", "line 1, title: is missing"),
        (r#""active""#, r#""on""#, "line 4, mode: `on` is neither active nor reference"),
        (r#"["A", "B"]"#, "[]", "line 5, levels: name at least one level, the best first"),
        (r#"["A", "B"]"#, r#"["A", "A"]"#, "line 5, levels: A stands there twice"),
        (r#"["A", "B"]"#, r#"["A", "none"]"#, "line 5, levels: `none` means something else"),
        (r#""P1Y""#, r#""a year""#, "line 6, validity: `a year` is not a length of time such as P1Y"),
        (r#""P1Y""#, r#""-P1Y""#, "line 6, validity: `-P1Y` is not a length of time such as P1Y"),
        (
            r#"{ set_by = "nobody" }"#,
            "{}",
            "line 7, source: say where the criteria were read, or who set them",
        ),
        ("no_attitude_scoring", "no_rain", "line 8, guard: there is no guard `no_rain`"),
        (
            "gt = 10",
            r#"gt = "ten""#,
            "line 15, stage first, criterion people, A, gt: expected a number, found string",
        ),
        (
            "gt = 10",
            "gt = 10, ge = 11",
            "line 15, stage first, criterion people, A, fact: ask one thing of it: eq, gt, ge, lt, le or at_least",
        ),
        ("A = {", "C = {", "line 15, stage first, criterion people, C: this key means nothing here"),
        (
            r#"at_least = "good""#,
            r#"at_least = "best""#,
            "line 16, stage first, criterion people, B, all_of 2, at_least: `best` is not among good, poor",
        ),
        (
            r#"fact = "quality""#,
            r#"fact = "weather""#,
            "line 16, stage first, criterion people, B, all_of 2, at_least: the words of weather have no order; give it in ordinal.weather",
        ),
        (
            r#"id = "finds""#,
            r#"id = "people""#,
            "line 13, stage first, criterion: there are two with the id people",
        ),
        (
            r#"scope = "all""#,
            r#"scope = "some""#,
            "line 19, stage first, criterion finds, scope: `some` is not a scope; expected all",
        ),
        (
            "total = { ge = 1 }\n",
            "",
            "line 17, stage first, criterion finds, total: say how many: total = { ge = 5 }",
        ),
        (
            "ge = 1 }",
            "ge = -1 }",
            "line 21, stage first, criterion finds, total, ge: expected a whole number from 0 on, found integer",
        ),
        ("window = \"P180D\"\n", "windows = \"P180D\"\n", "line 10, stage first, window: is missing"),
    ] {
        assert_eq!(changed(from, to), refusal);
    }
    assert_eq!(Programme::parse("a = ").unwrap_err().line, 1);
}

/// A name for a fact that nobody asks for is a misspelt one.
#[test]
fn what_is_called_something_is_asked_for() {
    let named = format!(
        "{}\n",
        GOOD.replacen("[[stage]]", "[names]\npeople = \"people\"\nteam = \"team\"\n\n[[stage]]", 1)
    );
    let refused = Programme::parse(&named).unwrap_err();
    assert_eq!(refused.reason, "no criterion asks for a fact of this name");
    assert_eq!(refused.place, "names, team");
}

/// Credit only for a find with evidence that the vendor was told; no score for attitude; declining costs
/// nothing; no request serves exploitation.
#[test]
fn an_active_programme_breaks_no_rule() {
    for (from, to, rule) in [
        (", vendor_notified = true", "", "quota_without_vendor_notification"),
        ("vendor_notified = true", "vendor_notified = [true, false]", "quota_without_vendor_notification"),
        ("vendor_notified = true", "vendor_notified = false", "quota_without_vendor_notification"),
        (r#"fact = "people", gt = 10"#, r#"fact = "attitude", eq = "energetic""#, "attitude_scoring"),
        (r#"fact = "people", gt = 10"#, r#"fact = "requests_declined", le = 2"#, "sanction_for_declining"),
        (r#"scope = "all""#, "scope = \"all\"\nrequest_types = [\"exploitation\"]", "exploitation_support"),
        (r#", "decline_without_sanction""#, "", "guard_missing"),
    ] {
        let refused = changed(from, to);
        assert!(refused.starts_with("line 4, mode: cannot be active"), "{refused}");
        assert!(refused.contains(rule), "{refused}");
        let as_reference = GOOD.replacen(from, to, 1).replace("\"active\"", "\"reference\"");
        assert!(Programme::parse(&as_reference).is_ok(), "{rule}");
    }
}

/// No field anywhere for politics, religion, ethnicity, birthplace, gender or family, active or not.
#[test]
fn beliefs_and_origin_are_asked_of_nobody() {
    for fact in [
        "political_status",
        "party.politics",
        "family_abroad",
        "birthplace",
        "gender",
        "religion",
        "ethnicity",
    ] {
        let text = GOOD
            .replace("people\", gt = 10", &format!("{fact}\", gt = 10"))
            .replace("\"active\"", "\"reference\"");
        let refused = Programme::parse(&text).unwrap_err().to_string();
        assert!(refused.contains("asked of nobody"), "{fact}: {refused}");
        let counted =
            GOOD.replace("vendor_notified = true", &format!("vendor_notified = true, \"{fact}\" = true"));
        assert!(Programme::parse(&counted).unwrap_err().to_string().contains("asked of nobody"), "{fact}");
    }
    // A word that only ends like one is another word.
    assert!(Programme::parse(&GOOD.replace("people\"", "trace_quality\"")).is_ok());
}

#[test]
fn facts_that_cannot_be_read_are_named() {
    let programme = Programme::parse(GOOD).unwrap();
    let refused = |text: &str| match Facts::parse(text) {
        Ok(facts) => programme.evaluate(&programme.stages[0], &facts).unwrap_err().to_string(),
        Err(error) => error.to_string(),
    };
    assert_eq!(refused(r#"{"facts": {"people": "many"}}"#), "facts.people: many is not a number");
    assert_eq!(refused(r#"{"facts": {"quality": "best"}}"#), "facts.quality: best is not among good, poor");
    assert_eq!(refused(r#"{"facts": {"quality": 3}}"#), "facts.quality: 3 is not a word");
    assert_eq!(
        refused("{\"facts\":\n {\"people\": null}}"),
        "line 2, column 16: invalid type: null, expected true, false, a number or a text"
    );
    assert_eq!(
        refused(r#"{"credit": []}"#),
        "line 1, column 9: unknown field `credit`, expected `facts` or `credits`"
    );
    assert_eq!(
        refused(r#"{"credits": [{"kind": "alert", "count": -1}]}"#).split(':').next(),
        Some("line 1, column 42")
    );
}
