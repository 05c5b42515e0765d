//! The cases of package-url/vers-spec that compare versions.

use std::cmp::Ordering;

use serde_json::Value;
use versions::{Ecosystem, Vers, compare};

use super::data;

/// Cases that go against their own ecosystem: Maven reads `.a` as `-a` since 3.8.7, so it puts `2.0.a`
/// before `2-1`; the suite has the order of Maven 3.8.6. Asked of Maven 3.8.7 itself, through the `main`
/// of its `ComparableVersion`: `2-1 > 2.0.a` and `2-1 > 2.0.0.a`.
const AGAINST_THEIR_AUTHORITY: [[&str; 2]; 2] = [["2-1", "2.0.a"], ["2-1", "2.0.0.a"]];

#[test]
fn comparisons_of_the_vers_specification_hold() {
    let Some(files) = data::files("suite-vers.tar.zst") else { return };
    let (mut passed, mut deviating, mut failed) = (0, 0, Vec::new());
    for (file, text) in files.iter().filter(|(file, _)| file.ends_with(".json")) {
        let suite: Value = serde_json::from_str(text).unwrap();
        for test in suite["tests"].as_array().unwrap() {
            if !matches!(test["test_type"].as_str(), Some("comparison" | "equality")) {
                continue;
            }
            let texts = list(&test["input"]["versions"]);
            let found =
                outcome(test["input"]["input_scheme"].as_str().unwrap(), &texts, &test["expected_output"]);
            if found == test["expected_output"] {
                passed += 1;
            } else if AGAINST_THEIR_AUTHORITY.iter().any(|pair| texts == *pair) {
                deviating += 1;
            } else {
                failed.push(format!("{file} {texts:?}: {found}"));
            }
        }
    }
    eprintln!(
        "vers comparisons: {passed} passed, {deviating} against their authority, {} failed",
        failed.len()
    );
    assert!(failed.is_empty(), "{failed:#?}");
    assert_eq!((passed, deviating), (1918, 4));
}

fn list(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

/// What we say in the shape of the expected output: whether all are equal, or the sorted list.
/// Versions that are equal may stand in the suite's order.
fn outcome(scheme: &str, texts: &[&str], expected: &Value) -> Value {
    let scheme = Ecosystem::parse(scheme).unwrap();
    let order = |a: &str, b: &str| compare(&scheme, a, b);
    if expected.is_boolean() {
        return texts.windows(2).all(|pair| order(pair[0], pair[1]) == Some(Ordering::Equal)).into();
    }
    let expected = list(expected);
    let mut theirs: Vec<_> = expected.iter().map(|text| text.to_lowercase()).collect();
    let mut ours: Vec<_> = texts.iter().map(|text| text.to_lowercase()).collect();
    theirs.sort();
    ours.sort();
    let ascends = expected.windows(2).all(|pair| order(pair[0], pair[1]).is_some_and(Ordering::is_le));
    if ours == theirs && ascends { expected.into() } else { Value::Null }
}

/// Ranges as the suite parses, validates and asks them.
#[test]
fn ranges_of_the_vers_specification_hold() {
    let Some(files) = data::files("suite-vers.tar.zst") else { return };
    let (mut passed, mut failed) = (0, Vec::new());
    for (file, text) in files.iter().filter(|(file, _)| file.ends_with(".json")) {
        let suite: Value = serde_json::from_str(text).unwrap();
        for test in suite["tests"].as_array().unwrap() {
            let input = &test["input"];
            let found: Value = match test["test_type"].as_str() {
                Some("containment") => {
                    let range: Vers = input["vers"].as_str().unwrap().parse().unwrap();
                    range.contains(input["version"].as_str().unwrap()).into()
                }
                Some("validate") => input.as_str().unwrap().parse::<Vers>().unwrap().to_string().into(),
                Some("parse") => match Vers::parse_canonical(input.as_str().unwrap()) {
                    Ok(range) => components(&range),
                    Err(error) => error.to_string().into(),
                },
                _ => continue,
            };
            let expected = if test["expected_failure"] == true {
                &test["expected_message"]
            } else {
                &test["expected_output"]
            };
            if found == *expected { passed += 1 } else { failed.push(format!("{file} {input}: {found}")) }
        }
    }
    eprintln!("vers ranges: {passed} passed, {} failed", failed.len());
    assert!(failed.is_empty(), "{failed:#?}");
    assert_eq!(passed, 42);
}

fn components(range: &Vers) -> Value {
    let constraints: Vec<_> = range
        .constraints()
        .iter()
        .map(|constraint| {
            let written = constraint.to_string();
            let sign = written.trim_start_matches(['<', '>', '=', '!']).len();
            let sign = written.get(..written.len() - sign).unwrap();
            serde_json::json!([if sign.is_empty() { "=" } else { sign }, constraint.version])
        })
        .collect();
    serde_json::json!({ "scheme": range.scheme(), "version_constraints": constraints })
}

/// Ranges that the suite puts in a row of bounds, which says something else than their author; and what
/// they are here, by node-semver's README: comparators joined by blanks all have to hold, `||` is one of
/// them, `~0.8.0-pre` reaches up to 0.9.0, an operator before `2.2.x` takes it for 2.2.0 or for the end
/// of 2.2, `2.1` alone is all of 2.1, and a range without any version is none.
const NATIVE: &[(&str, &str)] = &[
    (">= 0.2.0 <= 0.9.6 || ~0.8.0-pre", "vers:npm/>=0.2.0|<=0.9.6"),
    (
        "^2.0.18 || ^3.0.16 || ^3.1.6 || ^4.0.8 || ^5.0.0-beta.5",
        "vers:npm/>=2.0.18|<3.0.0|>=3.0.16|<4.0.0|>=4.0.8|<6.0.0",
    ),
    ("<2.0.18 || <3.0.16 || <3.1.6 || <4.0.8 || <5.0.0-beta.5", "vers:npm/<5.0.0-beta.5"),
    (">=5.0.3 >=4.2.1", "vers:npm/>=5.0.3"),
    ("<2.0.1 || <1.1.7", "vers:npm/<2.0.1"),
    (">= 5.2.1 <= 6.0.0 || >=6.0.0 <= 6.0.2", "vers:npm/>=5.2.1|<=6.0.2"),
    ("1.1.2 1.2.2", "refused"),
    (">= 2.2.x", "vers:npm/>=2.2.0"),
    (">= 1.x", "vers:npm/>=1.0.0"),
    ("<=2.1 >=1.1", "vers:npm/>=1.1.0|<2.2.0"),
    ("<= 1.0", "vers:npm/<1.1.0"),
    ("2.1 || 2.6", "vers:npm/>=2.1.0|<2.2.0|>=2.6.0|<2.7.0"),
    ("", "refused"),
];

/// Every range in a notation of an ecosystem's own.
#[test]
fn native_ranges_of_the_vers_specification_hold() {
    let Some(files) = data::files("suite-vers.tar.zst") else { return };
    let (mut passed, mut deviating, mut failed) = (0, 0, Vec::new());
    for (file, text) in files.iter().filter(|(file, _)| file.ends_with(".json")) {
        let suite: Value = serde_json::from_str(text).unwrap();
        for test in
            suite["tests"].as_array().unwrap().iter().filter(|test| test["test_type"] == "from_native")
        {
            let (scheme, native) =
                (&test["input"]["scheme"], test["input"]["native_range"].as_str().unwrap());
            let found = Vers::from_native(scheme.as_str().unwrap(), native);
            let found = found.map_or("refused".to_owned(), |range| range.to_string());
            if found == test["expected_output"] {
                passed += 1;
            } else if NATIVE.contains(&(native, &found)) {
                deviating += 1;
            } else {
                failed.push(format!("{file} {native:?}: {found}, not {}", test["expected_output"]));
            }
        }
    }
    eprintln!(
        "vers native ranges: {passed} passed, {deviating} against their authority, {} failed",
        failed.len()
    );
    assert!(failed.is_empty(), "{failed:#?}");
    assert_eq!(passed + deviating, 737);
}
