//! The matcher, by the OSV schema's own examples and by what records get wrong.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use Event::{Fixed, Introduced, LastAffected, Limit};
use versions::{Affected, Ecosystem, Event, Range, RangeKind, Statement, Verdict, affected};

fn range<'a>(kind: RangeKind, events: &[Event<&'a str>]) -> Range<&'a str> {
    Range { kind, events: events.to_vec() }
}

fn ask(ecosystem: &str, version: &str, by: &Affected<&str>) -> Verdict {
    affected(&Ecosystem::parse(ecosystem).unwrap(), version, by)
}

/// Y, N or ? for each version under one range.
fn answers(ecosystem: &str, kind: RangeKind, events: &[Event<&str>], versions: &[&str]) -> String {
    let by = Affected { ranges: vec![range(kind, events)], versions: vec![] };
    let letter = |version: &&str| match ask(ecosystem, version, &by) {
        Verdict::Yes(_) => 'Y',
        Verdict::No => 'N',
        Verdict::Unknown => '?',
    };
    versions.iter().map(letter).collect()
}

/// OSV schema, "Examples".
#[test]
fn examples_of_the_schema_hold() {
    let semver =
        |events: &[Event<&str>], versions: &[&str]| answers("crates.io", RangeKind::Semver, events, versions);
    assert_eq!(semver(&[Introduced("0")], &["0.0.0-0", "99.0.0"]), "YY");
    assert_eq!(
        semver(&[Introduced("0"), Fixed("1.0.2")], &["0.0.0", "1.0.2-rc.1", "1.0.2", "2.0.0"]),
        "YYNN"
    );
    let twice = [Introduced("1.0.0"), Fixed("1.0.2"), Introduced("3.0.0"), Fixed("3.2.5")];
    assert_eq!(
        semver(&twice, &["0.9.0", "1.0.0", "1.0.1", "1.0.2", "2.9.9", "3.0.0", "3.2.4", "3.2.5"]),
        "NYYNNYYN"
    );
    let last = [Introduced("0"), LastAffected("2.1.214")];
    assert_eq!(semver(&last, &["2.1.213", "2.1.214", "2.1.215"]), "YYN");
}

/// Julia's advisories write `SEMVER` ranges that end in a build.
#[test]
fn builds_count_where_they_are_releases() {
    let events = [Introduced("0"), Fixed("6.9.12+3")];
    assert_eq!(answers("Julia", RangeKind::Semver, &events, &["6.9.12+2", "6.9.12+3", "6.9.13+0"]), "YNN");
    assert_eq!(answers("npm", RangeKind::Semver, &events, &["6.9.12+2"]), "N");
}

#[test]
fn limits_end_a_range_and_the_widest_counts() {
    let semver =
        |events: &[Event<&str>], versions: &[&str]| answers("npm", RangeKind::Semver, events, versions);
    assert_eq!(semver(&[Introduced("1.0.0"), Limit("2.0.0")], &["1.9.9", "2.0.0"]), "YN");
    assert_eq!(semver(&[Introduced("1.0.0"), Limit("2.0.0"), Limit("3.0.0")], &["2.0.0", "3.0.0"]), "YN");
    assert_eq!(semver(&[Introduced("1.0.0"), Limit("2.0.0"), Limit("*")], &["3.0.0"]), "Y");
    assert_eq!(semver(&[Introduced("1.0.0"), Limit("oops")], &["0.9.0", "1.0.0"]), "N?");
}

#[test]
fn events_are_sorted_and_ties_are_fair() {
    let pypi =
        |events: &[Event<&str>], versions: &[&str]| answers("PyPI", RangeKind::Ecosystem, events, versions);
    assert_eq!(pypi(&[Fixed("2"), Introduced("0")], &["1", "2.0"]), "YN");
    // A range that ends where the next begins has no hole; one that ends where it begins is empty.
    assert_eq!(pypi(&[Introduced("0"), Fixed("1"), Introduced("1.0"), Fixed("2")], &["1", "2"]), "YN");
    assert_eq!(pypi(&[Introduced("1"), Fixed("1.0")], &["1", "2"]), "NN");
    // One affected version, whichever event is written first.
    assert_eq!(pypi(&[Introduced("1"), LastAffected("1.0")], &["0.9", "1", "1.1"]), "NYN");
    assert_eq!(pypi(&[LastAffected("1.0"), Introduced("1")], &["0.9", "1", "1.1"]), "NYN");
}

#[test]
fn zero_is_before_every_version() {
    assert_eq!(answers("PyPI", RangeKind::Ecosystem, &[Introduced("0")], &["0.dev0", "0a1"]), "YY");
    assert_eq!(
        answers("Go", RangeKind::Semver, &[Introduced("0")], &["v0.0.0-20180101000000-abcdefabcdef"]),
        "Y"
    );
}

#[test]
fn unreadable_versions_are_unknown_and_never_a_hit() {
    let all = [Introduced("0")];
    assert_eq!(answers("PyPI", RangeKind::Ecosystem, &all, &["trunk", "", "1.0-"]), "???");
    assert_eq!(answers("npm", RangeKind::Semver, &all, &["latest", "^1.2.3"]), "??");
    assert_eq!(answers("PyPI", RangeKind::Ecosystem, &all, &["1".repeat(1001).as_str()]), "?");
}

#[test]
fn an_unreadable_bound_matters_only_where_it_could() {
    let pypi =
        |events: &[Event<&str>], versions: &[&str]| answers("PyPI", RangeKind::Ecosystem, events, versions);
    assert_eq!(pypi(&[Introduced("1"), Fixed("soon")], &["0.9", "1.0"]), "N?");
    assert_eq!(pypi(&[Introduced("once"), Fixed("2")], &["1.0", "2.0"]), "??");
    assert_eq!(pypi(&[Introduced("once"), Introduced("1")], &["0.9", "1.0"]), "?Y");
}

#[test]
fn listed_versions_match_in_any_spelling() {
    let by = Affected { ranges: vec![], versions: vec!["0.9", "1.0", "trunk"] };
    assert_eq!(ask("PyPI", "1.0.0", &by), Verdict::Yes(Statement::Version(1)));
    assert_eq!(ask("PyPI", "v0.9", &by), Verdict::Yes(Statement::Version(0)));
    assert_eq!(ask("PyPI", "trunk", &by), Verdict::Yes(Statement::Version(2)));
    assert_eq!(ask("PyPI", "2.0", &by), Verdict::No);
    assert_eq!(ask("PyPI", "branch", &by), Verdict::Unknown);
    // Without an order only the same text is the same version.
    assert_eq!(ask("Linux", "1.0", &by), Verdict::Yes(Statement::Version(1)));
    assert_eq!(ask("Linux", "1.0.0", &by), Verdict::No);
}

#[test]
fn ranges_and_lists_add_up() {
    let first = range(RangeKind::Ecosystem, &[Introduced("1"), Fixed("2")]);
    let second = range(RangeKind::Ecosystem, &[Introduced("3"), Fixed("4")]);
    let by = Affected { ranges: vec![first, second], versions: vec!["5"] };
    assert_eq!(ask("PyPI", "1.5", &by), Verdict::Yes(Statement::Range(0)));
    assert_eq!(ask("PyPI", "3.5", &by), Verdict::Yes(Statement::Range(1)));
    assert_eq!(ask("PyPI", "5.0", &by), Verdict::Yes(Statement::Version(0)));
    assert_eq!(ask("PyPI", "2.5", &by), Verdict::No);
    assert_eq!(ask("PyPI", "1.0", &Affected { ranges: vec![], versions: vec![] }), Verdict::No);
}

#[test]
fn unknown_orders_say_only_what_is_certain() {
    let linux =
        |events: &[Event<&str>], versions: &[&str]| answers("Linux", RangeKind::Ecosystem, events, versions);
    assert_eq!(linux(&[Introduced("0")], &["1.0"]), "Y");
    assert_eq!(linux(&[Introduced("0"), Fixed("2.0")], &["1.0", "2.0"]), "?N");
    assert_eq!(linux(&[Introduced("1.0"), LastAffected("2.0")], &["1.0", "1.5", "2.0"]), "Y?Y");
    // Semantic versions keep their order wherever a record uses them.
    let semver = [Introduced("1.0.0"), Fixed("1.2.0")];
    assert_eq!(answers("Linux", RangeKind::Semver, &semver, &["1.1.0", "1.2", "next"]), "YN?");
}

#[test]
fn commits_are_matched_by_name_and_otherwise_left_to_versions() {
    let (bad, good, other) = ("a".repeat(40), "b".repeat(40), "c".repeat(40));
    let commits = || range(RangeKind::Git, &[Introduced(&bad), Fixed(&good)]);
    let alone = Affected { ranges: vec![commits()], versions: vec![] };
    assert_eq!(ask("GIT", &bad.to_uppercase(), &alone), Verdict::Yes(Statement::Range(0)));
    assert_eq!(ask("GIT", &good, &alone), Verdict::No);
    assert_eq!(ask("GIT", &other, &alone), Verdict::Unknown);
    assert_eq!(ask("PyPI", "1.0", &alone), Verdict::Unknown);
    let versions = range(RangeKind::Ecosystem, &[Introduced("1"), Fixed("2")]);
    let both = Affected { ranges: vec![commits(), versions], versions: vec![] };
    assert_eq!(ask("PyPI", "1.0", &both), Verdict::Yes(Statement::Range(1)));
    assert_eq!(ask("PyPI", "2.0", &both), Verdict::No);
}

#[test]
fn osv_json_is_read_as_it_is() {
    let json = r#"{"package": {"ecosystem": "PyPI", "name": "x"}, "ranges": [{"type": "ECOSYSTEM",
        "events": [{"introduced": "0"}, {"last_affected": "1.4"}], "database_specific": {}}]}"#;
    let by: Affected<String> = serde_json::from_str(json).unwrap();
    let pypi = Ecosystem::parse("PyPI").unwrap();
    assert_eq!(affected(&pypi, "1.4.0", &by), Verdict::Yes(Statement::Range(0)));
    let written = r#"{"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"last_affected":"1.4"}]}],"versions":[]}"#;
    assert_eq!(serde_json::to_string(&by).unwrap(), written);
}
