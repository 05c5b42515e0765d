//! Documents that lie, overflow or break off: an error with its place, and never a panic.

use formats::{Kind, ReadError, detect, read, vex};
use proptest::prelude::*;

const KINDS: [Kind; 10] = [
    Kind::Cve5,
    Kind::OsvJson,
    Kind::OsvYaml,
    Kind::OsvList,
    Kind::Csaf20,
    Kind::Csaf21,
    Kind::Kev,
    Kind::Nvd,
    Kind::Ghsa,
    Kind::OpenVex,
];

fn refusal(kind: Kind, text: &str) -> String {
    let error: ReadError = read(kind, text.as_bytes()).expect_err(text);
    let line = error.to_string();
    assert!(!line.contains('\n'), "{line}");
    line
}

#[test]
fn wrong_types_name_their_place() {
    for (kind, text, expected) in [
        (Kind::OsvJson, r#"{"id": 7}"#, "/id (line 1 column 8): the value `7` stands where a text belongs"),
        (
            Kind::OsvJson,
            r#"{"id":"X","affected":[{"ranges":[{"type":"SEMVER","events":[{"fixed":1.1}]}]}]}"#,
            "/affected/0/ranges/0/events/0/fixed (line 1 column 72): the value `1.1` stands where a text belongs",
        ),
        // OSV schema: `modified`, `published` and `withdrawn` are times of RFC 3339.
        (Kind::OsvJson, r#"{"id":"X","modified":"soon"}"#, "/modified (line 1 column 27): no date: \"soon\""),
        (
            Kind::OsvYaml,
            "id: X\nmodified: 2026-02-30T00:00:00Z\n",
            "/modified: no date: \"2026-02-30T00:00:00Z\"",
        ),
        (
            Kind::OsvList,
            r#"{"vulns":[{"id":"X"},{"id":"Y","withdrawn":"x"}]}"#,
            "/vulns/1/withdrawn (line 1 column 46): no date: \"x\"",
        ),
        (
            Kind::OsvYaml,
            "id: X\naffected:\n- versions: [1.10]\n",
            "/affected/0/versions/0: the value `1.1` stands where a text belongs",
        ),
        (
            Kind::Cve5,
            r#"{"cveMetadata":{"state":"PUBLISHED"},"containers":{"cna":{}}}"#,
            "/cveMetadata (line 1 column 36): `cveId` is missing",
        ),
        (
            Kind::Cve5,
            r#"{"cveMetadata":{"cveId":"CVE-1900-0001"}}"#,
            "document (line 1 column 41): `containers` is missing",
        ),
        (Kind::Cve5, r#"{"cveMetadata":{"cveId":"CVE-1900-0001"},"containers":{"cna":[]}}"#, ""),
        (
            Kind::Csaf20,
            r#"{"document":{"csaf_version":"2.1","tracking":{"id":"X"}}}"#,
            "/document/csaf_version: CSAF \"2.1\", not \"2.0\"",
        ),
        (
            Kind::Kev,
            r#"{"vulnerabilities":[{"product":"P"}]}"#,
            "/vulnerabilities/0 (line 1 column 35): `cveID` is missing",
        ),
        (Kind::Kev, "[]", ""),
        (
            Kind::Nvd,
            r#"{"vulnerabilities":[{"cve":{"id":"CVE-1900-0001","configurations":[{"nodes":[{"operator":"XOR"}]}]}}]}"#,
            "/vulnerabilities/0/cve/configurations/0/nodes/0/operator (line 1 column 94): `XOR` is no word that may stand here: `AND` or `OR`",
        ),
        (Kind::Nvd, r#"{"vulnerabilities":[{}]}"#, "/vulnerabilities/0 (line 1 column 22): `cve` is missing"),
        (Kind::Ghsa, r#"[{"summary":"x"}]"#, "/0 (line 1 column 16): `ghsa_id` is missing"),
        (Kind::OpenVex, r#"{"statements":[]}"#, "document (line 1 column 17): `@id` is missing"),
        (Kind::OsvJson, "null", ""),
        (Kind::OsvYaml, "", ""),
    ] {
        let found = refusal(kind, text);
        assert!(found == expected || expected.is_empty(), "{text}\n{found}\n{expected}");
    }
}

#[test]
fn duplicate_keys_are_refused_even_where_nobody_looks() {
    let text = r#"{"id":"X","database_specific":{"a":{"b":1,"b":2}}}"#;
    assert!(refusal(Kind::OsvJson, text).starts_with("/database_specific/a/b "));
    assert!(refusal(Kind::OsvYaml, "id: X\nid: Y\n").contains("duplicate"));
    // One in YAML is a number and a text; in JSON both are the same key.
    assert!(refusal(Kind::OsvYaml, "id: X\n1: a\n'1': b\n").contains("key \"1\""));
}

#[test]
fn huge_numbers_and_deep_nesting_are_refused() {
    let score = r#"{"cveMetadata":{"cveId":"CVE-1900-0001"},"containers":{"cna":{"metrics":[{"cvssV3_1":{"baseScore":1e400}}]}}}"#;
    assert!(refusal(Kind::Cve5, score).contains("/containers/cna/metrics/0/cvssV3_1/baseScore (line 1"));
    assert!(read(Kind::OsvJson, br#"{"id":"X","x":123456789012345678901234567890}"#).is_ok());
    let deep = |levels: usize| format!("{{\"id\":\"X\",\"x\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
    assert!(read(Kind::OsvJson, deep(60).as_bytes()).is_ok());
    assert!(refusal(Kind::OsvJson, &deep(70)).contains("nested deeper than 64 levels"));
}

#[test]
fn a_long_name_is_not_multiplied_by_its_rows() {
    let name = "n".repeat(900_000);
    let rows = r#"{"product":"p"},"#.repeat(100_000);
    let cve = format!(
        r#"{{"cveMetadata":{{"cveId":"CVE-1900-0001"}},"containers":{{"cna":{{"providerMetadata":{{"shortName":"{name}"}},"affected":[{}]}}}}}}"#,
        rows.trim_end_matches(',')
    );
    let record = &read(Kind::Cve5, cve.as_bytes()).unwrap()[0];
    assert_eq!((record.affected.len(), &record.affected[0].source), (100_000, &None));

    let leaf =
        r#"{"category":"product_version","name":"1","product":{"name":"P","product_id":"p"}},"#.repeat(1000);
    let csaf = format!(
        r#"{{"document":{{"csaf_version":"2.0","tracking":{{"id":"X"}}}},"product_tree":{{"branches":[{{"category":"vendor","name":"{name}","branches":[{}]}}]}}}}"#,
        leaf.trim_end_matches(',')
    );
    assert!(refusal(Kind::Csaf20, &csaf).starts_with("/product_tree: products of more than"));
}

/// A small document of each kind, to be damaged.
fn seeds() -> Vec<(Kind, &'static str)> {
    vec![
        (
            Kind::OsvJson,
            r#"{"id":"HEL-1","modified":"2026-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"PyPI","name":"kestrel"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.2"}]}]}]}"#,
        ),
        (
            Kind::OsvYaml,
            "id: HEL-1\nmodified: 2026-01-01T00:00:00Z\naffected:\n- package: {ecosystem: PyPI, name: kestrel}\n  versions: [\"1.0\", '1.1']\n",
        ),
        (
            Kind::OsvList,
            r#"[{"id":"HEL-1","modified":"2026-01-01T00:00:00Z"},{"id":"HEL-2","published":null,"withdrawn":"0001-01-01T00:00:00Z"}]"#,
        ),
        (
            Kind::Cve5,
            r#"{"dataType":"CVE_RECORD","cveMetadata":{"cveId":"CVE-1900-0001","state":"PUBLISHED"},"containers":{"cna":{"descriptions":[{"lang":"en","value":"x"}],"metrics":[{"other":{"type":"ssvc","content":{"options":[{"Automatable":"no"}]}}}]}}}"#,
        ),
        (
            Kind::Csaf20,
            r#"{"document":{"csaf_version":"2.0","tracking":{"id":"X"}},"product_tree":{"branches":[{"category":"vendor","name":"V","product":{"name":"P","product_id":"1"}}]},"vulnerabilities":[{"cve":"CVE-1900-0001","product_status":{"known_affected":["1","2"]}}]}"#,
        ),
        (
            Kind::Kev,
            r#"{"catalogVersion":"1","vulnerabilities":[{"cveID":"CVE-1900-0001","dateAdded":"2026-01-01","notes":"https://example.org/a ; b"}]}"#,
        ),
        (
            Kind::Nvd,
            r#"{"resultsPerPage":1,"vulnerabilities":[{"cve":{"id":"CVE-1900-0001","configurations":[{"nodes":[{"operator":"AND","cpeMatch":[{"vulnerable":true,"criteria":"cpe:2.3:a:b:c\\:d:*:*:*:*:*:*:*:*","versionEndExcluding":"2"}]}]}]}}]}"#,
        ),
        (
            Kind::Ghsa,
            r#"[{"ghsa_id":"GHSA-1","vulnerabilities":[{"package":{"ecosystem":"pip","name":"a"},"vulnerable_version_range":">= 1, < 2"}]}]"#,
        ),
        (
            Kind::OpenVex,
            r#"{"@context":"https://openvex.dev/ns/v0.2.0","@id":"x","statements":[{"vulnerability":{"name":"CVE-1900-0001"},"products":[{"@id":"pkg:pypi/a@1","subcomponents":[{"@id":"pkg:pypi/b"}]}],"status":"fixed"}]}"#,
        ),
    ]
}

#[test]
fn a_document_that_breaks_off_is_refused_wherever_it_does() {
    for (kind, text) in seeds() {
        assert!(read(kind, text.as_bytes()).is_ok(), "{text}");
        assert_eq!(detect(text.as_bytes(), "-"), Ok(kind));
        if kind != Kind::OsvYaml {
            for end in 0..text.len() {
                let error = read(kind, &text.as_bytes()[..end]).expect_err("broken off");
                assert!(error.place.line.is_some());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = detect(&bytes, "x.yaml");
        let _ = (formats::epss::read(&bytes), formats::attack::read(&bytes), formats::vex::read(Kind::OpenVex, &bytes));
        for kind in KINDS {
            let _ = read(kind, &bytes);
        }
    }

    #[test]
    fn damaged_documents_never_panic(
        seed in 0..8_usize, cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..6)
    ) {
        let (kind, text) = seeds()[seed];
        let mut bytes = text.as_bytes().to_vec();
        for (at, byte, how) in cuts {
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => { bytes.remove(at); }
            }
            if bytes.is_empty() { break; }
        }
        let _ = detect(&bytes, "-");
        let _ = read(kind, &bytes);
    }
}

#[test]
fn what_is_no_json_is_refused_at_the_byte_that_should_not_be_there() {
    for (text, expected) in [
        (r#"{"a": {"b": nul}}"#, "/a/b (line 1 column 16): from here on it is no JSON (expected ident)"),
        (
            r#"{"a": 1"#,
            "/a (line 1 column 7): it ends in the middle; if it was cut off, fetch it again (EOF while parsing an object)",
        ),
        (
            r#"{"id": "X"} {}"#,
            "document (line 1 column 13): from here on it is no JSON (trailing characters)",
        ),
        (r#"{"id": "X", "a": [1, }"#, "/a/1 (line 1 column 22): from here on it is no JSON (expected value)"),
        (
            "",
            "document (line 1 column 0): it ends in the middle; if it was cut off, fetch it again (EOF while parsing a value)",
        ),
    ] {
        assert_eq!(refusal(Kind::OsvJson, text), expected);
    }
}

/// What is said once of many products is written out for each, so that has a limit of its own.
#[test]
fn a_small_document_cannot_make_large_statements() {
    let long = "x".repeat(900_000);
    let ids: Vec<String> = (0..50).map(|id| format!("\"{id}\"")).collect();
    let csaf = |details: &str| {
        format!(
            r#"{{"document": {{"csaf_version": "2.0", "tracking": {{"id": "X"}}}}, "vulnerabilities": [{{"cve": "CVE-1900-0001",
                "threats": [{{"category": "impact", "details": "{details}"}}], "product_status": {{"known_affected": [{}]}}}}]}}"#,
            ids.join(",")
        )
    };
    let openvex = |id: &str| {
        let statement =
            r#"{"vulnerability": "CVE-1900-0001", "products": ["pkg:pypi/a"], "status": "fixed"}"#;
        format!(r#"{{"@id": "{id}", "statements": [{}]}}"#, [statement; 50].join(","))
    };
    let said = |kind: Kind, text: &str| vex::read(kind, text.as_bytes()).map(|all| all.len());
    let refused = |kind: Kind, text: &str| said(kind, text).unwrap_err().to_string();
    let expected = "document: statements of more than 33554432 bytes when written out";
    assert_eq!((said(Kind::Csaf20, &csaf("x")), said(Kind::OpenVex, &openvex("x"))), (Ok(50), Ok(50)));
    assert_eq!(refused(Kind::Csaf20, &csaf(&long)), expected);
    assert_eq!(refused(Kind::OpenVex, &openvex(&long)), expected);
}
