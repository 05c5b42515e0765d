//! Facts that are refused: each with line, key and reason.

use clocks::FACTS_BYTES_MAX;

use crate::*;

fn refusal(json: &str) -> String {
    Facts::parse(json).unwrap_err().to_string()
}

#[test]
fn a_mistake_is_named_with_line_and_key() {
    assert!(
        refusal("{\n  \"anchors\": {\n    \"awre\": \"2026-11-23T09:15:00Z\"\n  }\n}")
            .starts_with("line 3, anchors.awre: unknown anchor `awre`; known anchors are")
    );
    assert!(
        refusal("{\n  \"anchors\": {\"aware\": \"yesterday\"}\n}")
            .starts_with("line 2, anchors.aware: `yesterday` is not an instant; write date, time and zone")
    );
    assert!(
        refusal(r#"{"filed": {"aev.ew": ["2026-11-23T09:15:00Z", "2026-11-23 09:15"]}}"#)
            .starts_with("line 1, filed.aev.ew[1]: `2026-11-23 09:15` is not an instant")
    );
    assert!(refusal(r#"{"zone": "Europe/Atlantis"}"#).starts_with("line 1, zone: unknown time zone"));
    assert!(refusal(r#"{"holidays": ["2026-12-25", "2026-02-30"]}"#).starts_with("line 1, holidays[1]: "));
    assert!(
        refusal(r#"{"anchor": {}}"#)
            .starts_with("line 1, anchor: unknown field `anchor`, expected one of `actors`")
    );
    assert!(refusal(r#"{"actors": "manufacturer"}"#).starts_with("line 1, actors: invalid type: string"));
    assert!(
        refusal(r#"{"vendors": {"acme": {"anchors": {"aware": 5}}}}"#)
            .starts_with("line 1, vendors.acme.anchors.aware: ")
    );
    assert!(refusal("").starts_with("line 1: EOF"), "{}", refusal(""));
    assert!(refusal("[]").starts_with("line 1"), "{}", refusal("[]"));
    assert!(
        refusal("{\"actors\": [\"a\"").starts_with("line 1, actors"),
        "{}",
        refusal("{\"actors\": [\"a\"")
    );
}

/// A second value under the same name would be lost without a word.
#[test]
fn a_name_that_stands_there_twice_is_refused() {
    let twice = r#"{"anchors": {"aware": "2026-11-23T09:15:00Z", "aware": "2026-11-22T09:15:00Z"}}"#;
    assert_eq!(
        refusal(twice),
        "line 1, anchors.aware: aware stands here twice; write its values as an array"
    );
    // The other word for the same event is the same event.
    let alias =
        r#"{"anchors": {"publication": "2026-11-23T09:15:00Z", "disclosed": "2026-11-22T09:15:00Z"}}"#;
    assert!(refusal(alias).contains("publication stands here twice"), "{}", refusal(alias));
    assert!(refusal(r#"{"zone": "UTC", "zone": "UTC"}"#).contains("duplicate field `zone`"));
}

#[test]
fn facts_that_are_too_long_are_refused() {
    let long = format!("{{\"actors\": [\"{}\"]}}", "x".repeat(FACTS_BYTES_MAX));
    assert!(refusal(&long).ends_with("bytes, 1048576 at most"));
    let deep = "[".repeat(100_000);
    assert!(
        !refusal(&format!("{{\"attributes\": {{\"a\": {deep}")).is_empty(),
        "and no overflow of the stack"
    );
}

/// Dates without a zone are refused, not guessed.
#[test]
fn instants_without_a_zone_are_refused() {
    for text in
        ["2026-11-23T09:15:00", "2026-11-23", "", "24:00", "2026-11-23T25:00:00Z", "+999999-01-01T00:00:00Z"]
    {
        let said = refusal(&format!(r#"{{"anchors": {{"aware": "{text}"}}}}"#));
        assert!(said.contains("is not an instant"), "{said}");
    }
}
