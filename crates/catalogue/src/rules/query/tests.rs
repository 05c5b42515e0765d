//! What can be typed into the search box, and what it means.

use super::*;
use jiff::Timestamp;

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

/// A query in one line, for comparing.
fn shown(query: &Query) -> String {
    let list = |parts: &[Query]| parts.iter().map(shown).collect::<Vec<_>>().join(" ");
    let bounds = |bounds: &Bounds| {
        let end = |end: Option<i64>| end.map_or(String::new(), |end| end.to_string());
        format!("{}..{}", end(bounds.from), end(bounds.below))
    };
    match query {
        Query::All(parts) => format!("[{}]", list(parts)),
        Query::Any(parts) => format!("<{}>", list(parts)),
        Query::Not(part) => format!("!{}", shown(part)),
        Query::Text(text) => {
            let field = text.field.map_or(String::new(), |field| format!("{}~", field.name()));
            format!("{field}{}{}", text.text, if text.is_beginning { "*" } else { "" })
        }
        Query::Test(Test::Named { field, name, is_beginning }) => {
            format!("{}={name}{}", field.name(), if *is_beginning { "*" } else { "" })
        }
        Query::Test(Test::Severity(tenths)) => format!("severity {}", bounds(tenths)),
        Query::Test(Test::Published(micros)) => {
            let day = |end: Option<i64>| {
                end.map_or(String::new(), |end| Timestamp::from_microsecond(end).unwrap().to_string())
            };
            format!("published {}..{}", day(micros.from), day(micros.below))
        }
        Query::Test(Test::Affects(Subject::Package { package, version })) => {
            format!("affects {}|{} {}", package.ecosystem, package.key, version.as_deref().unwrap_or("any"))
        }
        Query::Test(Test::Affects(Subject::Product { vendor, product, version, .. })) => {
            format!("affects {vendor}|{product} {}", version.as_deref().unwrap_or("any"))
        }
        Query::Test(other) => format!("{other:?}"),
    }
}

fn read(text: &str) -> String {
    match parse(text, now()) {
        Ok(query) => shown(&query),
        Err(wrong) => wrong.to_string(),
    }
}

#[test]
fn words_phrases_and_beginnings() {
    assert_eq!(read("ssl heap"), "[ssl heap*]");
    assert_eq!(read("openssl"), "openssl*", "somebody may still be typing");
    assert_eq!(read("openssl "), "openssl*");
    assert_eq!(read("\"cross-site scripting\" djan* x"), "[cross-site scripting djan* x]");
    assert_eq!(read("\"never closed"), "never closed");
    assert_eq!(read("CVE-2024-1"), "CVE-2024-1*");
    assert_eq!(read("漏洞"), "漏洞");
    assert_eq!(read("\" ' -- ; * "), "[]");
    assert_eq!(read(""), "[]");
}

#[test]
fn and_or_not_and_parentheses() {
    assert_eq!(read("a b OR c"), "<[a b] c>");
    assert_eq!(read("a AND (b OR c) -d"), "[a <b c> !d]");
    assert_eq!(read("NOT \"a b\" x"), "[!a b x]");
    assert_eq!(read("-(a OR b)"), "!<a b>");
    assert_eq!(read("and or not"), "[and or not*]", "only capitals are operators");
    assert_eq!(read("use-after-free x"), "[use-after-free x]", "a minus within a word takes nothing away");
    assert_eq!(read("()"), "[]");
}

#[test]
fn fields_of_each_kind() {
    for (text, expected) in [
        ("vendor:apache", "vendor~apache"),
        ("vendor:\"Apache Software\"", "vendor~Apache Software"),
        ("VENDOR=Acme", "vendor=Acme"),
        ("product!=x", "!product=x"),
        ("id:CVE-2024-1*", "id=CVE-2024-1*"),
        ("package=@scope/x", "package=@scope/x"),
        ("ecosystem:Debian:12", "ecosystem=Debian:12"),
        ("cwe:79", "Weakness(79)"),
        ("cwe=CWE-079", "Weakness(79)"),
        ("cvss>=8", "severity 80.."),
        ("cvss >= 8.1", "severity 81.."),
        ("cvss:>8", "severity 81.."),
        ("cvss<4", "severity ..40"),
        ("score:9.8", "severity 98..99"),
        ("severity:high", "severity 70..90"),
        ("severity<=medium", "severity ..70"),
        ("kev:true", "Exploited(true)"),
        ("withdrawn:no", "Withdrawn(false)"),
        ("source:csaf", "Source(Csaf)"),
        ("published<=7d", "published 2026-11-16T12:00:00Z.."),
        ("published>24h", "published ..2026-11-22T12:00:00Z"),
        ("published:2024-02", "published 2024-02-01T00:00:00Z..2024-03-01T00:00:00Z"),
        ("published>2023-12-31", "published 2024-01-01T00:00:00Z.."),
        ("published>=2024-05-01T10:00:00Z", "published 2024-05-01T10:00:00Z.."),
        ("year<=2023", "published ..2024-01-01T00:00:00Z"),
        ("affects:pkg:pypi/Django@4.2", "affects PyPI|django 4.2"),
        ("pkg:npm/left-pad", "affects npm|left-pad any"),
        ("(affects:pkg:pypi/django)", "affects PyPI|django any"),
        ("affects:cpe:2.3:a:apache:http_server:2.4.1:*:*:*:*:*:*:*", "affects apache|http server 2.4.1"),
        ("affects:cpe:2.3:a:apache:http_server", "affects apache|http server any"),
        ("cpe:/a:apache:http_server:2.4", "affects apache|http server 2.4"),
        ("by:RedHat", "by=RedHat"),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn the_example_of_every_field_can_be_read() {
    for described in &FIELDS {
        assert!(parse(described.example, now()).is_ok(), "{}", described.example);
    }
}

#[test]
fn what_only_looks_like_a_field_is_words() {
    for text in ["https://example.org/a", "std::string", "a<b", "x=1", "C:\\temp", "fix: the"] {
        let query = parse(text, now()).unwrap();
        assert!(query.has_words() && !read(text).starts_with("At"), "{text}");
    }
}

#[test]
fn what_is_wrong_is_said_with_its_place_and_what_would_do() {
    for (text, expected) in [
        (
            "a vendr:x",
            "At character 3: There is no field “vendr”. Did you mean “vendor”? To look for the words themselves, put them into double quotes.",
        ),
        ("cvss>=high", "At character 7: A number from 0 to 10 is expected here."),
        ("cvss>=11", "At character 7: A number from 0 to 10 is expected here."),
        ("severity:hih", "At character 10: One of none, low, medium, high, critical is expected here."),
        ("kev:maybe", "At character 5: “true” or “false” is expected here."),
        (
            "x source:moon",
            "At character 10: One of centre, osv, ghsa, cve, csaf, nvd, vex, kev is expected here.",
        ),
        (
            "published<=soon",
            "At character 12: An age (24h, 7d, 2w, 6m, 1y) or a date (2024, 2024-05, 2024-05-31) is expected here.",
        ),
        (
            "published:2024-13",
            "At character 11: An age (24h, 7d, 2w, 6m, 1y) or a date (2024, 2024-05, 2024-05-31) is expected here.",
        ),
        ("year:24", "At character 6: A year such as 2024 is expected here."),
        ("cwe:xss", "At character 5: A number of CWE is expected here, such as 79 or CWE-79."),
        ("vendor>a", "At character 1: “vendor” is not more or less: write vendor:apache."),
        ("vendor:", "At character 1: “vendor” needs a value: vendor:apache."),
        (
            "affects:django",
            "At character 9: A package URL is expected here, such as pkg:pypi/django@4.2: a package URL begins with pkg:.",
        ),
        (
            "affects:pkg:generic/x",
            "At character 9: Records name no packages of the type “generic” by which they could be found.",
        ),
        (
            "affects:pkg:pypi/django@nonsense",
            "At character 9: “nonsense” is no version of PyPI. All records of the package: pkg:pypi/django.",
        ),
        (
            "(a b",
            "At character 1: This parenthesis is never closed. To look for it, put the words into double quotes.",
        ),
        (
            "a) b",
            "At character 2: This parenthesis closes none. To look for it, put the words into double quotes.",
        ),
        ("OR a", "At character 1: Something has to stand before OR."),
        ("a OR", "At character 3: Something has to stand behind OR."),
        ("AND a", "At character 1: Something has to stand before AND."),
        ("a AND OR b", "At character 3: Something has to stand behind AND."),
        ("a NOT", "At character 3: Something has to stand behind NOT."),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn limits_are_named_in_the_error_that_they_cause() {
    assert!(read(&"a ".repeat(65)).contains("65 words and conditions, and at most 64 are read"));
    assert!(read(&"(".repeat(17)).contains("More than 16 parentheses in one another"));
    assert!(read(&"NOT ".repeat(100)).contains("More than 16 in one another"));
    assert!(read(&"ä".repeat(1_001)).contains("1001 characters, and at most 1000 are read"));
}

#[test]
fn whatever_is_typed_is_read_or_refused_at_a_place_within_it() {
    let pieces = [
        "(",
        ")",
        "\"",
        "-",
        "AND ",
        "OR ",
        "NOT ",
        "cvss>=",
        "vendor:",
        ":",
        "\\",
        "*",
        "漏洞",
        "ü",
        " ",
        "9",
        "pkg:",
        "cpe:2.3:a",
        "\0",
        "\u{202e}",
        "<=",
        "7d",
    ];
    let mut state: u64 = 7;
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..12 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(pieces[(state >> 33) as usize % pieces.len()]);
        }
        if let Err(wrong) = parse(&text, now()) {
            assert!(wrong.at + wrong.length <= text.chars().count(), "{text:?}: {wrong:?}");
        }
    }
}

#[test]
fn scores_of_epss_are_billionths_and_come_back_as_they_were() {
    use super::{billionths, of_billionths};
    for score in [0.0, 0.00042, 0.000_000_001, 0.94321, 0.1, 1.0] {
        assert_eq!(of_billionths(i64::from(billionths(score))), score);
    }
    assert_eq!([billionths(2.0), billionths(-1.0), billionths(f64::NAN)], [1_000_000_000, 0, 0]);
}
