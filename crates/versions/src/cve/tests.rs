//! What records say of versions, in the examples of the schema and of real records.

use super::Status::{Affected, Unaffected, Unknown};
use super::*;

fn entry<'a>(
    version: &'a str,
    kind: &'a str,
    end: Option<(&str, &'a str)>,
    status: Status,
) -> Entry<&'a str> {
    let less_than = end.filter(|(sign, _)| *sign == "<").map(|(_, end)| end);
    let less_than_or_equal = end.filter(|(sign, _)| *sign == "<=").map(|(_, end)| end);
    Entry { version, status, version_type: Some(kind), less_than, less_than_or_equal, changes: vec![] }
}

fn status(versions: Vec<Entry<&str>>, default_status: Status, version: &str) -> Status {
    decide(&Product { versions, default_status }, version).status
}

/// The examples of the schema's "Version Status Changes".
#[test]
fn changes_split_a_range() {
    let mut branch = entry("2.0.0", "semver", Some(("<", "2.*")), Affected);
    // Out of order on purpose: the schema sorts them.
    for (at, status) in [("2.6.3", Unaffected), ("2.5.2", Unaffected), ("2.6.0", Affected)] {
        branch.changes.push(Change { at, status });
    }
    for (version, expected) in [
        ("1.9.9", Unknown),
        ("2.0.0", Affected),
        ("2.5.1", Affected),
        ("2.5.2", Unaffected),
        ("2.6.0", Affected),
        ("2.6.2", Affected),
        ("2.6.3", Unaffected),
        ("2.99.0", Unaffected),
        ("3.0.0", Unknown),
        ("nonsense", Unknown),
    ] {
        assert_eq!(status(vec![branch.clone()], Unknown, version), expected, "{version}");
    }
}

#[test]
fn the_default_holds_where_no_entry_matches() {
    let fixed = || vec![entry("2.5.2", "semver", Some(("<", "*")), Unaffected)];
    assert_eq!(status(fixed(), Affected, "2.5.1"), Affected);
    assert_eq!(status(fixed(), Affected, "3.0.0"), Unaffected);
    let decision = decide(&Product { versions: fixed(), default_status: Affected }, "3.0.0");
    assert_eq!(decision.entry, Some(0));
}

/// The Linux kernel's records: two and three numbers, release candidates, series as upper ends.
#[test]
fn kernel_ranges_are_read() {
    let kernel = || {
        vec![
            entry("4.19", "custom", None, Affected),
            entry("0", "semver", Some(("<", "4.19")), Unaffected),
            entry("5.10.209", "semver", Some(("<=", "5.10.*")), Unaffected),
            entry("6.7", "original_commit_for_fix", Some(("<=", "*")), Unaffected),
        ]
    };
    assert_eq!(status(kernel(), Affected, "4.18.20"), Unaffected);
    assert_eq!(status(kernel(), Affected, "4.19"), Affected);
    assert_eq!(status(kernel(), Unaffected, "5.10.208"), Unaffected);
    assert_eq!(status(kernel(), Affected, "5.10.230"), Unaffected);
    assert_eq!(status(kernel(), Affected, "5.11"), Affected);
    assert_eq!(status(kernel(), Affected, "6.7-rc8"), Affected);
    assert_eq!(status(kernel(), Affected, "6.7"), Unaffected);
}

#[test]
fn custom_compares_plain_numbers_only() {
    let custom = |version| {
        status(vec![entry("unspecified", "custom", Some(("<", "10.2.0.7")), Affected)], Unaffected, version)
    };
    assert_eq!(custom("10.2.0.6"), Affected);
    assert_eq!(custom("9"), Affected);
    assert_eq!(custom("10.2.0.7"), Unaffected);
    assert_eq!(custom("10.2.0.6-hotfix1"), Unknown);
    assert_eq!(custom(""), Unknown);
}

#[test]
fn a_range_that_ends_before_it_begins_is_a_doubt() {
    let build = |version| {
        status(vec![entry("5.1.1", "semver", Some(("<", "5.1.1-71")), Affected)], Unaffected, version)
    };
    assert_eq!(build("5.1.1"), Unknown);
    assert_eq!(build("5.1.1-70"), Unknown);
    let empty =
        |version| status(vec![entry("7.9", "custom", Some(("<", "7.9")), Affected)], Unaffected, version);
    assert_eq!(empty("7.9"), Unknown);
    assert_eq!(empty("7.8"), Unaffected);
}

/// CVE schema, `versions.md`: a range from `0` to `*`, and the default, speak of every version, not of what is
/// none.
#[test]
fn every_version_is_no_hit_for_what_is_no_version() {
    let every = |kind| vec![entry("0", kind, Some(("<", "*")), Affected)];
    for kind in ["custom", "semver", "python", "ours", "git"] {
        for (version, expected) in
            [("9.1P2", Affected), ("v3", Affected), ("nonsense", Unknown), ("", Unknown), ("-", Unknown)]
        {
            assert_eq!(status(every(kind), Unknown, version), expected, "{kind} {version}");
            assert_eq!(status(vec![], Affected, version), expected, "{version}");
        }
    }
    let named = || {
        vec![entry("Everest", "custom", None, Affected), entry("0", "custom", Some(("<", "*")), Unaffected)]
    };
    assert_eq!(status(named(), Unaffected, "Everest"), Affected, "written out");
    assert_eq!(status(named(), Unaffected, "Fuji"), Unknown);
    assert_eq!(status(every("git"), Unknown, &"d61d0e09".repeat(5)), Affected);
    let vers = |range| vec![entry(range, "vers", None, Affected)];
    assert_eq!(status(vers("vers:generic/*"), Unknown, "nonsense"), Unknown);
    assert_eq!(status(vers("vers:generic/*"), Unknown, "7"), Affected);
}

#[test]
fn records_are_read_and_written_as_they_are() {
    let json = r#"{"versions":[{"version":"0","status":"affected","versionType":"python","lessThan":"2"}],"defaultStatus":"unknown"}"#;
    let product: Product<String> = serde_json::from_str(json).unwrap();
    assert_eq!(decide(&product, "1.0rc1"), Decision { status: Affected, entry: Some(0), in_doubt: false });
    assert_eq!(serde_json::to_string(&product).unwrap(), json);
}

#[test]
fn unknown_types_decide_only_their_ends() {
    let of_ours =
        |version| status(vec![entry("1.0", "ours", Some(("<", "2.0")), Affected)], Unaffected, version);
    assert_eq!(of_ours("1.0"), Affected);
    assert_eq!(of_ours("2.0"), Unaffected);
    assert_eq!(of_ours("1.5"), Unknown);
}

#[test]
fn other_orders_are_used_by_name() {
    let with = |kind, version| {
        status(vec![entry("3.13.0a1", kind, Some(("<", "3.13.0rc3")), Affected)], Unaffected, version)
    };
    assert_eq!(with("python", "3.13.0b4"), Affected);
    assert_eq!(with("PyPI", "3.13.0"), Unaffected);
    assert_eq!(with("semver", "3.13.0"), Unknown);
    let rpm = vec![entry("1.0", "rpm", Some(("<", "1.0-2.el9")), Affected)];
    assert_eq!(status(rpm.clone(), Unaffected, "1.0-1.el9"), Affected);
    assert_eq!(status(rpm, Unaffected, "0:1.0-2.el9"), Unaffected);
}

/// CSAF 2.0, 3.1.2.2: a branch of the category `product_version_range` is named by a vers range.
#[test]
fn a_vers_range_is_asked_whole() {
    let range = |text| vec![entry(text, "vers", None, Affected)];
    assert_eq!(status(range("vers:npm/>1.0.0|<2.0.0"), Unaffected, "1.5.0"), Affected);
    assert_eq!(status(range("vers:npm/>1.0.0|<2.0.0"), Unaffected, "1.0.0"), Unaffected);
    assert_eq!(status(range("vers:npm/>1.0.0|<2.0.0"), Unaffected, "what?"), Unknown);
    assert_eq!(status(range("all versions"), Unaffected, "1.5.0"), Unknown);
}

#[test]
fn prose_in_place_of_a_version_is_a_doubt() {
    for prose in ["n/a", "*", "24.1.0 and below", "< 1.2"] {
        assert_eq!(
            status(vec![entry(prose, "custom", None, Affected)], Unaffected, "1.0"),
            Unknown,
            "{prose}"
        );
    }
    let listed = || vec![entry("1.0", "custom", None, Affected)];
    assert_eq!(status(listed(), Unaffected, "v1.0.0"), Affected);
    assert_eq!(status(listed(), Unaffected, "1.1"), Unaffected);
}
