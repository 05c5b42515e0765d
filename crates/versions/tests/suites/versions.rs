//! The cases of package-url/vers-spec for PyPI and npm, as far as they speak of versions.

use serde_json::Value;
use versions::{Affected, Ecosystem, Event, Order, Range, RangeKind, Verdict, Version, affected};

use super::data;

fn suite(file: &str) -> Option<Vec<Value>> {
    let files = data::files("suite-vers.tar.zst")?;
    let (_, text) = files.into_iter().find(|(path, _)| path.ends_with(file)).unwrap();
    let Value::Object(mut suite) = serde_json::from_str(&text).unwrap() else { panic!("{file}") };
    let Some(Value::Array(tests)) = suite.remove("tests") else { panic!("{file}") };
    Some(tests)
}

/// Writes one constraint of a `vers:` range as an OSV range; None where OSV has no such form.
fn range(constraint: &str) -> Option<Range<&str>> {
    let kind = RangeKind::Ecosystem;
    let from_the_start = Event::Introduced("0");
    let events = if let Some(end) = constraint.strip_prefix("<=") {
        vec![from_the_start, Event::LastAffected(end)]
    } else if let Some(end) = constraint.strip_prefix('<') {
        vec![from_the_start, Event::Fixed(end)]
    } else if let Some(start) = constraint.strip_prefix(">=") {
        vec![Event::Introduced(start)]
    } else if constraint == "*" {
        vec![from_the_start]
    } else {
        return None;
    };
    Some(Range { kind, events })
}

/// Joins `>=a|<b` into one range and leaves single versions to the list.
fn as_affected(constraints: &str) -> Option<Affected<&str>> {
    let mut affected = Affected { ranges: Vec::new(), versions: Vec::new() };
    for constraint in constraints.split('|') {
        if constraint.starts_with(|c: char| c.is_ascii_digit()) {
            affected.versions.push(constraint);
            continue;
        }
        let mut next = range(constraint)?;
        match affected.ranges.last_mut() {
            Some(open) if constraint.starts_with('<') && open.events.len() == 1 => {
                open.events.extend(next.events.pop());
            }
            _ => affected.ranges.push(next),
        }
    }
    Some(affected)
}

#[test]
fn containment_cases_of_the_vers_specification_hold() {
    let (mut passed, mut inexpressible) = (0, Vec::new());
    for (file, ecosystem) in
        [("pypi_range_containment_test.json", "PyPI"), ("npm_range_containment_test.json", "npm")]
    {
        let Some(tests) = suite(file) else { return };
        let ecosystem = Ecosystem::parse(ecosystem).unwrap();
        for test in tests {
            let vers = test["input"]["vers"].as_str().unwrap();
            let version = test["input"]["version"].as_str().unwrap();
            let (_, constraints) = vers.split_once('/').unwrap();
            let Some(by) = as_affected(constraints) else {
                inexpressible.push(vers.to_owned());
                continue;
            };
            let found = affected(&ecosystem, version, &by);
            assert_eq!(
                matches!(found, Verdict::Yes(_)),
                test["expected_output"],
                "{vers} {version}: {found:?}"
            );
            passed += 1;
        }
    }
    eprintln!("vers containment: {passed} passed, not expressible in OSV: {inexpressible:?}");
    assert_eq!(passed, 9);
}

/// Every bound that the suite writes for npm and PyPI is a version that can be read, and the
/// bounds of a canonical range ascend.
#[test]
fn bounds_of_the_vers_specification_ascend() {
    let (mut bounds, mut pairs) = (0, 0);
    for (file, order) in [
        ("npm_range_from_native_test.json", Order::Npm),
        ("pypi_range_from_native_test.json", Order::Pypi),
        ("pypi_range_validate_test.json", Order::Pypi),
    ] {
        let Some(tests) = suite(file) else { return };
        for test in tests.iter().filter_map(|test| test["expected_output"].as_str()) {
            let (_, constraints) = test.split_once('/').unwrap();
            let texts: Vec<_> = constraints
                .split('|')
                .map(|constraint| constraint.trim_start_matches(['<', '>', '=', '!']))
                .filter(|text| *text != "*")
                .collect();
            for text in &texts {
                assert!(Version::parse(order, text).is_some(), "{test}: {text}");
                bounds += 1;
            }
            for pair in texts.windows(2) {
                let [a, b] = [pair[0], pair[1]].map(|text| Version::parse(order, text).unwrap());
                assert!(a.compare(&b).unwrap().is_le(), "{test}: {pair:?}");
                pairs += 1;
            }
        }
    }
    eprintln!("vers bounds: {bounds} read, {pairs} pairs ascend");
}
