//! Entries as they stand in journals out there: one file for each kind of event, one entry a line.
//!
//! A journal is never rewritten, so what was written once must be read for ever: a line here is
//! added, and never changed or removed. Each slice calls [`old_entries_are_read`] for its states;
//! the last test finds the slice, or the kind, that was forgotten.

use crate::ledger::{Event, Recorded, State};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn entries(kind: &str) -> String {
    let path = source().join(format!("testing/golden/entries/{kind}.jsonl"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!(
            "{kind} has no golden file {}: {error}. Add one, with its entry as written today",
            path.display()
        )
    })
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every kind of this state's events has its file, and each entry in it gives its canonical bytes
/// again, an event that has lost nothing of it, and a state. Where a field takes one of a list of
/// words, every word is in the file.
pub(crate) fn old_entries_are_read<S: State>() {
    let unknown = json!({ "kind": NO_WORD, "body": {} });
    let kinds = words_for(&serde_json::from_value::<S::Event>(unknown).err().unwrap().to_string()).unwrap();
    for kind in kinds {
        let text = entries(&kind);
        let all: Vec<Recorded> = text.lines().map(parsed).collect();
        assert!(!all.is_empty(), "{kind} has an empty file");
        let mut state = S::default();
        for recorded in &all {
            assert_eq!(recorded.kind, kind);
            let event: S::Event = recorded.event().unwrap();
            assert!(holds(&again(&event), &recorded.body), "{kind} has lost something of {}", recorded.body);
            state.evolve(&event, recorded);
        }
        every_word_is_there::<S::Event>(&kind, &all);
    }
}

fn parsed(line: &str) -> Recorded {
    let recorded = Recorded::parse(line.as_bytes()).unwrap_or_else(|| panic!("no entry: {line}"));
    assert_eq!(String::from_utf8(recorded.canonical()).unwrap(), line);
    recorded
}

/// The body of an event as it would be written today.
fn again<E: Event>(event: &E) -> Value {
    serde_json::to_value(event).unwrap().get_mut("body").map_or_else(|| json!({}), Value::take)
}

/// Whether everything in `old` stands in `new`, which may say more.
fn holds(new: &Value, old: &Value) -> bool {
    match (new, old) {
        (Value::Object(new), Value::Object(old)) => old.iter().all(|(name, value)| {
            // A field that is left out where it is empty says the same.
            new.get(name).map_or(value.is_null(), |found| holds(found, value))
        }),
        (Value::Array(new), Value::Array(old)) => {
            new.len() == old.len() && new.iter().zip(old).all(|(new, old)| holds(new, old))
        }
        _ => new == old,
    }
}

const NO_WORD: &str = "no such word";

/// The words that a field takes, as the refusal of another word lists them.
fn words_for(refusal: &str) -> Option<Vec<String>> {
    let (_, rest) = refusal.strip_prefix("unknown ")?.split_once(NO_WORD)?;
    let words: Vec<String> = match rest.strip_prefix("`; known anchors are ") {
        Some(list) => list.split(", ").map(str::to_owned).collect(),
        None => rest.split('`').skip(2).step_by(2).map(str::to_owned).collect(),
    };
    Some(words).filter(|words| !words.is_empty())
}

/// Asks each text in the entries which words it could have been, and looks for them all.
fn every_word_is_there<E: Event>(kind: &str, all: &[Recorded]) {
    let said_in_all = || all.iter().flat_map(|recorded| said(&recorded.body));
    let places: BTreeSet<Vec<String>> = said_in_all().map(|(place, _)| place).collect();
    let pattern = |place: &[String]| -> Vec<String> {
        place.iter().map(|step| step.parse::<usize>().map_or(step.clone(), |_| "*".into())).collect()
    };
    let found: BTreeSet<(Vec<String>, String)> =
        said_in_all().map(|(place, word)| (pattern(&place), word)).collect();
    for recorded in all {
        for place in &places {
            let mut body = recorded.body.clone();
            let Some(text) = body.pointer_mut(&pointer(place)).filter(|value| value.is_string()) else {
                continue;
            };
            *text = NO_WORD.into();
            let Err(refusal) = serde_json::from_value::<E>(json!({ "kind": kind, "body": body })) else {
                continue;
            };
            for word in words_for(&refusal.to_string()).into_iter().flatten() {
                let there = found.contains(&(pattern(place), word.clone()));
                assert!(there, "{kind}: no entry has the word {word:?} at {}", pointer(place));
            }
        }
    }
}

fn pointer(place: &[String]) -> String {
    place.iter().map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1"))).collect()
}

/// Every text with its place. The name of a variant that carries something counts as a text too.
fn said(value: &Value) -> Vec<(Vec<String>, String)> {
    let below = |step: String, value: &Value| -> Vec<(Vec<String>, String)> {
        said(value).into_iter().map(|(place, text)| ([vec![step.clone()], place].concat(), text)).collect()
    };
    match value {
        Value::String(text) => vec![(Vec::new(), text.clone())],
        Value::Array(items) => {
            items.iter().enumerate().flat_map(|(i, item)| below(i.to_string(), item)).collect()
        }
        Value::Object(fields) => {
            let named = fields.keys().map(|name| (Vec::new(), name.clone()));
            named.chain(fields.iter().flat_map(|(name, value)| below(name.clone(), value))).collect()
        }
        _ => Vec::new(),
    }
}

/// The text of every file below a folder; `also` says which folders are gone into.
fn text(dir: &Path, also: fn(&str) -> bool) -> String {
    let mut all = String::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && also(&name) {
            all += &text(&path, also);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            all += &std::fs::read_to_string(&path).unwrap();
        }
    }
    all
}

#[test]
fn no_kind_of_event_was_forgotten() {
    let product = text(&source(), |folder| !matches!(folder, "tests" | "testing"));
    let everything = text(&source(), |_| true);
    let after = |text: &str, mark: &str| -> BTreeSet<String> {
        let names = text.split(mark).skip(1);
        names.map(|rest| rest.split([' ', '>', '<', '{']).next().unwrap().to_owned()).collect()
    };
    let (states, events) = (after(&product, "impl State for "), after(&product, "impl Event for "));
    let tried = after(&everything, "old_entries_are_read::<");
    assert!(states.len() >= 8, "{states:?}");
    assert_eq!(states.len(), events.len(), "each has its own: {states:?} {events:?}");
    let forgotten: Vec<&String> = states.difference(&tried).collect();
    assert!(forgotten.is_empty(), "nothing calls old_entries_are_read::<…>() for {forgotten:?}");
}

#[test]
fn a_field_that_was_lost_is_found() {
    let old = json!({ "a": 1, "list": [{ "b": null }], "gone": null });
    assert!(holds(&json!({ "a": 1, "list": [{ "c": 5 }], "new": true }), &old));
    assert!(!holds(&json!({ "list": [{}] }), &old));
    assert!(!holds(&json!({ "a": 2, "list": [{}] }), &old));
    assert!(!holds(&json!({ "a": 1, "list": [] }), &old));
}
