//! What the catalogue gets to see of small invented documents, field by field.

use formats::record::*;
use formats::{Kind, read};
use jiff::civil::date;

fn one(kind: Kind, text: &str) -> Record {
    let records = read(kind, text.as_bytes()).unwrap();
    let [record] = records.try_into().unwrap();
    record
}

/// CVE record format 5.1: `assignerShortName`, `assignerOrgId`, `datePublic`, `impacts`, and a text for each language.
#[test]
fn a_cve_record_says_who_assigned_it_since_when_it_is_known_and_what_it_allows_in_each_language() {
    let of = |assigner: &str, provider: &str| {
        one(
            Kind::Cve5,
            &format!(
                r#"{{"dataType":"CVE_RECORD","dataVersion":"5.1","cveMetadata":{{"cveId":"CVE-1900-0042","state":"REJECTED"{assigner}}},
                "containers":{{"cna":{{{provider}"rejectedReasons":[{{"lang":"en","value":"No flaw."}}]}}}}}}"#
            ),
        )
    };
    let provider = r#""providerMetadata":{"orgId":"x","shortName":"own"},"#;
    let both = r#","assignerOrgId":"0-0","assignerShortName":"acme""#;
    let number = r#","assignerOrgId":"0-0""#;
    for (assigner, provider, expected) in [
        (both, provider, Some("acme")),
        (number, provider, Some("own")),
        (number, "", Some("0-0")),
        ("", "", None),
    ] {
        assert_eq!(of(assigner, provider).assigner.as_deref(), expected, "{assigner} {provider}");
    }
    let record = one(
        Kind::Cve5,
        r#"{"dataType":"CVE_RECORD","dataVersion":"5.1","cveMetadata":{"cveId":"CVE-1900-0042","state":"PUBLISHED"},
        "containers":{"cna":{"datePublic":"2026-10-01T08:00:00Z",
          "descriptions":[{"lang":"de","value":"Deutsch"},{"lang":"en","value":"English"},{"lang":"es","value":""}],
          "impacts":[{"capecId":"CAPEC-66","descriptions":[{"lang":"en","value":"CAPEC-66 SQL Injection"}]},
            {"capecId":"CAPEC-1","descriptions":[{"lang":"en","value":"Access"}]},{"capecId":"CAPEC-2"},{}]}}}"#,
    );
    assert_eq!(record.known_since.unwrap().to_string(), "2026-10-01T08:00:00Z");
    assert_eq!(record.translations, [Translation { language: "de".into(), text: "Deutsch".into() }]);
    assert_eq!(record.impacts, ["CAPEC-66 SQL Injection", "CAPEC-1 Access", "CAPEC-2"]);
    let only = r#"{"dataType":"CVE_RECORD","cveMetadata":{"cveId":"CVE-1900-0042","state":"PUBLISHED"},
        "containers":{"cna":{"descriptions":[{"lang":"de","value":"Deutsch"},{"lang":"fr","value":"Français"}]}}}"#;
    let record = one(Kind::Cve5, only);
    assert_eq!(record.details.as_deref(), Some("Deutsch"));
    assert_eq!(record.translations, [Translation { language: "fr".into(), text: "Français".into() }]);
}

#[test]
fn a_cve_record_with_what_others_add() {
    let record = one(
        Kind::Cve5,
        r#"{"dataType":"CVE_RECORD","dataVersion":"5.2","x_new":{"anything":[1]},
        "cveMetadata":{"cveId":"cve-1900-0042 ","state":"PUBLISHED","datePublished":"2026-10-01T08:00:00","dateUpdated":"2026-10-05T09:15:00.5Z"},
        "containers":{"cna":{"providerMetadata":{"orgId":"x","shortName":"example-cc"},"title":"T",
          "descriptions":[{"lang":"de","value":"Deutsch"},{"lang":"en-US","value":"English"}],
          "affected":[{"vendor":"Kestrel","product":"unpack","collectionURL":"https://pypi.org","packageName":"kestrel-unpack","defaultStatus":"unaffected",
            "cpes":["cpe:2.3:a:kestrel:unpack:*:*:*:*:*:*:*:*"],"versions":[{"version":"1.0","lessThan":"1.10","status":"affected","versionType":"python","changes":[{"at":"1.9.1","status":"unaffected"}]}]}],
          "problemTypes":[{"descriptions":[{"lang":"en","cweId":"CWE-22","description":"x"},{"lang":"en","description":"CWE-250 Privileges"},{"lang":"en","description":"n/a"}]}],
          "references":[{"url":"https://e.example.org/1","tags":["patch"]},{"url":"https://e.example.org/2"}],
          "metrics":[{"format":"CVSS","cvssV3_1":{"version":"3.1","vectorString":"CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H","baseScore":8.8}}],
          "credits":[{"lang":"en","value":"Ada","type":"finder"}],"timeline":[{"time":"2026-09-01","lang":"en","value":"Reported"}]},
         "adp":[{"providerMetadata":{"orgId":"y","shortName":"OTHER-ADP"},"title":"Other's additions",
          "references":[{"url":"https://e.example.org/1","tags":["x_transferred"]}],
          "metrics":[{"other":{"type":"ssvc","content":{"id":"CVE-1900-0042","role":"Coordinator","options":[{"Exploitation":"active"},{"Automatable":"no"}],"version":"2.0.3","timestamp":"2026-10-02T00:00:00Z"}}},
                     {"other":{"type":"kev","content":{"dateAdded":"2026-10-03","reference":"https://e.example.org/kev"}}},
                     {"other":{"type":"ssvc","content":"not what it should be"}},{"other":{"type":"unknown","content":[]}}]}]}}"#,
    );
    assert_eq!(
        (record.id.as_str(), record.source, record.state),
        ("CVE-1900-0042", Source::Cve, State::Published)
    );
    assert_eq!(record.published.unwrap().to_string(), "2026-10-01T08:00:00Z", "no zone means UTC");
    assert_eq!(record.modified.unwrap().to_string(), "2026-10-05T09:15:00.5Z");
    assert_eq!((record.title.as_deref(), record.details.as_deref()), (Some("T"), Some("English")));
    let [row] = record.affected.as_slice() else { panic!() };
    assert_eq!(
        (row.package.as_deref(), row.default_status),
        (Some("kestrel-unpack"), Some(Status::NotAffected))
    );
    assert_eq!((row.source.as_deref(), row.cpes.len()), (Some("example-cc"), 1));
    assert_eq!(
        row.version_entries,
        [VersionEntry {
            version: "1.0".into(),
            less_than: Some("1.10".into()),
            less_than_or_equal: None,
            status: Status::Affected,
            version_type: Some("python".into()),
            changes: vec![Change { at: "1.9.1".into(), status: Status::NotAffected }],
        }]
    );
    assert_eq!(record.weaknesses, ["CWE-22", "CWE-250"]);
    assert_eq!(record.references.len(), 2);
    assert_eq!(record.references[0].kind, ["patch", "x_transferred"]);
    assert_eq!(record.severities[0].source.as_deref(), Some("example-cc"));
    assert_eq!((record.severities[0].score, record.severities[0].version.as_str()), (Some(8.8), "3.1"));
    let [decision] = record.decisions.as_slice() else { panic!("only one of the two is SSVC") };
    assert_eq!(decision.options[0], ("Exploitation".into(), "active".into()));
    assert_eq!(record.exploited.unwrap().date_added, Some(date(2026, 10, 3)));
    assert_eq!(record.timeline[0].at.unwrap().to_string(), "2026-09-01T00:00:00Z");
}

#[test]
fn a_rejected_cve_record() {
    let record = one(
        Kind::Cve5,
        r#"{"cveMetadata":{"cveId":"CVE-1900-0043","state":"REJECTED","dateRejected":"2026-10-05T09:15:00Z"},
        "containers":{"cna":{"rejectedReasons":[{"lang":"en","value":"A duplicate."}],"replacedBy":["CVE-1900-0042"]}}}"#,
    );
    assert_eq!(record.state, State::Rejected);
    assert_eq!(record.withdrawn.unwrap().to_string(), "2026-10-05T09:15:00Z");
    assert_eq!(
        (record.details.as_deref(), record.related),
        (Some("A duplicate."), vec!["CVE-1900-0042".into()])
    );
}

#[test]
fn an_osv_record_in_both_notations() {
    let json = r#"{"id":"PYSEC-1900-1","modified":"2026-10-05T09:15:00Z","withdrawn":"2026-10-06T00:00:00Z","aliases":["CVE-1900-0042"],
        "upstream":["CVE-1900-0050"],"summary":"S","details":"D","affected":[{"package":{"ecosystem":"PyPI","name":"kestrel-unpack","purl":"pkg:pypi/kestrel-unpack"},
        "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.10"}]},{"type":"GIT","repo":"https://git.example.org/u","events":[{"introduced":"0"},{"limit":"ab"}]},{"type":"NEW","events":[]}],
        "versions":["1.0"],"severity":[{"type":"Ubuntu","score":"high"}]}],"severity":[{"type":"CVSS_V3","score":"CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N"}],
        "references":[{"type":"FIX","url":"https://e.example.org"}],"credits":[{"name":"Ada","type":"FINDER","contact":["mailto:a@example.org"]}],
        "database_specific":{"cwe_ids":["CWE-22"],"severity":"HIGH"}}"#;
    let yaml = "id: PYSEC-1900-1\nmodified: 2026-10-05T09:15:00Z\nwithdrawn: \"2026-10-06T00:00:00Z\"\naliases: [CVE-1900-0042]\nupstream:\n- CVE-1900-0050\n\
        summary: S\ndetails: |-\n  D\naffected:\n- package:\n    ecosystem: PyPI\n    name: kestrel-unpack\n    purl: pkg:pypi/kestrel-unpack\n  ranges:\n  - type: ECOSYSTEM\n    events:\n    - introduced: \"0\"\n    - fixed: '1.10'\n\
        \x20 - type: GIT\n    repo: https://git.example.org/u\n    events:\n    - introduced: \"0\"\n    - limit: ab\n  - {type: NEW, events: []}\n  versions: [\"1.0\"]\n  severity: [{type: Ubuntu, score: high}]\n\
        severity:\n- type: CVSS_V3\n  score: CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N\nreferences: [{type: FIX, url: \"https://e.example.org\"}]\ncredits:\n- name: Ada\n  type: FINDER\ndatabase_specific: {cwe_ids: [CWE-22]}\n";
    let record = one(Kind::OsvJson, json);
    assert_eq!(record, one(Kind::OsvYaml, yaml));
    assert_eq!(
        (record.state, record.title.as_deref(), record.details.as_deref()),
        (State::Withdrawn, Some("S"), Some("D"))
    );
    assert_eq!(record.cve_ids().collect::<Vec<_>>(), ["CVE-1900-0042", "CVE-1900-0050"]);
    let row = &record.affected[0];
    let kinds: Vec<RangeKind> = row.ranges.iter().map(|range| range.kind).collect();
    assert_eq!(kinds, [RangeKind::Ecosystem, RangeKind::Git, RangeKind::Other]);
    assert_eq!(row.ranges[0].events[1], Event { kind: EventKind::Fixed, version: "1.10".into() });
    assert_eq!(row.ranges[1].events[1].kind, EventKind::Limit);
    assert_eq!(
        (record.severities[0].version.as_str(), record.severities[0].score),
        ("3.0", Some(6.1)),
        "computed"
    );
    assert_eq!((record.severities[1].version.as_str(), record.severities[1].score), ("Ubuntu", None));
    assert_eq!(
        (record.weaknesses, record.credits[0].kind.as_deref()),
        (vec!["CWE-22".into()], Some("finder"))
    );
}

#[test]
fn a_csaf_2_1_document() {
    let record = one(
        Kind::Csaf21,
        r#"{"document":{"csaf_version":"2.1","title":"T","publisher":{"name":"Nordwind PSIRT"},
          "tracking":{"id":"NW-1","initial_release_date":"2026-10-01T08:00:00Z","current_release_date":"2026-10-05T09:15:00Z","revision_history":[{"date":"2026-10-01T08:00:00Z","number":"1","summary":"First"}]},
          "notes":[{"category":"summary","text":"S"},{"category":"details","text":"D"}],"acknowledgments":[{"names":["Ada","Bo"],"organization":"Kestrel"}]},
        "product_tree":{"branches":[{"category":"vendor","name":"Nordwind","branches":[{"category":"product_name","name":"Gateway","branches":[
            {"category":"product_version_range","name":"vers:generic/<4.2.1","product":{"name":"Gateway before 4.2.1","product_id":"P1","product_identification_helper":{"purls":["pkg:generic/gateway"],"cpe":"cpe:2.3:h:nordwind:gateway:*:*:*:*:*:*:*:*"}}},
            {"category":"product_version","name":"4.2.1","product":{"name":"Gateway 4.2.1","product_id":"P2"}}]}]}],
          "full_product_names":[{"name":"Old Gateway","product_id":"P3"}],
          "relationships":[{"category":"installed_on","product_reference":"P1","relates_to_product_reference":"P3","full_product_name":{"name":"Gateway on Old Gateway","product_id":"P4"}}]},
        "vulnerabilities":[
          {"cve":"CVE-1900-0001","cwes":[{"id":"CWE-22","name":"x","version":"4.15"}],"product_status":{"known_affected":["P1","P3","P4"],"fixed":["P2"]},
           "metrics":[{"source":"https://scorer.example.org","content":{"cvss_v4":{"version":"4.0","vectorString":"CVSS:4.0/AV:A/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N","baseScore":8.7},"ssvc_v2":{}},"products":["P1"]}]},
          {"cve":"CVE-1900-0002","product_status":{"known_affected":["P1"],"unknown":["P9"]}}]}"#,
    );
    assert_eq!((record.id.as_str(), record.aliases.len()), ("NW-1", 0), "two flaws, so neither is an alias");
    assert_eq!(record.upstream, ["CVE-1900-0001", "CVE-1900-0002"]);
    assert_eq!((record.summary.as_deref(), record.details.as_deref()), (Some("S"), Some("D")));
    assert_eq!(record.credits[0].name, "Ada, Bo (Kestrel)");
    assert_eq!((record.severities[0].version.as_str(), record.severities[0].score), ("4.0", Some(8.7)));
    assert_eq!(record.severities[0].source.as_deref(), Some("https://scorer.example.org"));
    let rows: Vec<_> = record
        .affected
        .iter()
        .map(|row| {
            let entry = row.version_entries.first();
            let status = entry.map(|entry| entry.status).or(row.default_status).unwrap();
            (
                row.product.as_deref(),
                entry.map(|entry| entry.version.as_str()),
                status,
                row.vulnerabilities.len(),
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            (Some("Gateway"), Some("vers:generic/<4.2.1"), Status::Affected, 2),
            (Some("Old Gateway"), None, Status::Affected, 1),
            (Some("Gateway"), Some("vers:generic/<4.2.1"), Status::Affected, 1),
            (Some("Gateway"), Some("4.2.1"), Status::Fixed, 1),
            (None, None, Status::Unknown, 1),
        ]
    );
    assert_eq!(record.affected[0].purl.as_deref(), Some("pkg:generic/gateway"));
    assert_eq!((record.affected[0].cpes.len(), record.affected[0].vendor.as_deref()), (1, Some("Nordwind")));
    assert_eq!(record.affected[0].version_entries[0].version_type.as_deref(), Some("vers"));
}

#[test]
fn a_kev_catalogue_with_two_entries() {
    let records = read(
        Kind::Kev,
        br#"{"title":"Known exploited","catalogVersion":"2026.10.05","dateReleased":"2026-10-05T00:00:00.0Z","count":2,"vulnerabilities":[
        {"cveID":"CVE-1900-0042","vendorProject":"Nordwind","product":"Gateway","vulnerabilityName":"Path traversal","dateAdded":"2026-10-05","shortDescription":"S",
         "requiredAction":"Update.","dueDate":"2026-10-26","knownRansomwareCampaignUse":"Known","notes":"See https://e.example.org/1 ; https://e.example.org/2.","cwes":["CWE-22"]},
        {"cveID":"CVE-1900-0043","knownRansomwareCampaignUse":"Unknown"}]}"#,
    )
    .unwrap();
    assert_eq!(records.len(), 2);
    let exploited = records[0].exploited.as_ref().unwrap();
    assert_eq!((exploited.due_date, exploited.ransomware), (Some(date(2026, 10, 26)), Some(true)));
    assert_eq!(records[1].exploited.as_ref().unwrap().ransomware, None, "unknown is no denial");
    let urls: Vec<_> = records[0].references.iter().map(|reference| reference.url.as_str()).collect();
    assert_eq!(urls, ["https://e.example.org/1", "https://e.example.org/2"]);
    assert_eq!(
        (records[0].weaknesses.as_slice(), records[0].source),
        (["CWE-22".to_owned()].as_slice(), Source::Kev)
    );
}

/// CVE schema 5.2, `solutions` and `workarounds` of a container: what to do, in prose.
#[test]
fn what_cve_records_say_that_one_should_do() {
    let record = one(
        Kind::Cve5,
        r#"{"cveMetadata":{"cveId":"CVE-1900-0042"},"containers":{"cna":{"providerMetadata":{"shortName":"kestrel"},
          "solutions":[{"lang":"de","value":"Neu."},{"lang":"en","value":" Update to 1.10. "},{"lang":"en","value":"Then restart."},{"lang":"en","value":""}],
          "workarounds":[{"lang":"de","value":"Zumachen."},{"lang":"es","value":"Cerrar."}]},
         "adp":[{"providerMetadata":{"shortName":"OTHER-ADP"},"workarounds":[{"lang":"en","value":"Close the port."}],"solutions":[{"lang":"en","value":"Update to 1.10."}]}]}}"#,
    );
    let said: Vec<_> = record
        .remedies
        .iter()
        .map(|one| (one.kind.as_str(), one.text.as_str(), one.source.as_deref().unwrap()))
        .collect();
    assert_eq!(
        said,
        [
            ("solution", "Update to 1.10.", "kestrel"),
            ("solution", "Then restart.", "kestrel"),
            ("workaround", "Zumachen.", "kestrel"),
            ("workaround", "Close the port.", "OTHER-ADP"),
        ]
    );
}

/// CSAF 2.0, 3.2.3.12 (remediations), 3.2.3.8 (notes), 3.2.3.16 (title).
#[test]
fn what_csaf_documents_say_of_each_vulnerability_and_what_to_do() {
    let record = one(
        Kind::Csaf20,
        r#"{"document":{"csaf_version":"2.0","title":"T","publisher":{"name":"Nordwind PSIRT"},"tracking":{"id":"NW-1"}},
        "product_tree":{"full_product_names":[{"name":"A","product_id":"P1"},{"name":"B","product_id":"P2"},{"name":"C","product_id":"P3"},{"name":"D","product_id":"P4"}],
          "product_groups":[{"group_id":"G1","product_ids":["P2","P3","P4"]}]},
        "vulnerabilities":[
          {"cve":"CVE-1900-0001","title":"Overflow","notes":[{"category":"description","text":"In the parser."},{"category":"legal_disclaimer","text":"No warranty."},{"category":"other","text":"More."}],
           "remediations":[{"category":"vendor_fix","details":"Update.","url":"https://nordwind.example/u","date":"2026-10-01T08:00:00Z","product_ids":["P1"],"group_ids":["G1"]},
             {"category":"workaround","details":"Close the port.","product_ids":["P1"]},{"category":"mitigation","details":" "}]},
          {"cve":"CVE-1900-0002","remediations":[{"category":"workaround","details":"Close the port.","product_ids":["P1"]},{"category":"none_available","details":"Nothing yet.","product_ids":["P9"]}]}]}"#,
    );
    let [fix, workaround, none] = record.remedies.as_slice() else { panic!("{:?}", record.remedies) };
    assert_eq!(
        (fix.kind.as_str(), fix.text.as_str(), fix.url.as_deref()),
        ("vendor_fix", "Update.", Some("https://nordwind.example/u"))
    );
    assert_eq!((fix.source.as_deref(), fix.at.is_some()), (Some("Nordwind PSIRT"), true));
    assert_eq!((fix.products.join(" ").as_str(), fix.products_count), ("A B C", 4));
    assert_eq!(fix.vulnerabilities, ["CVE-1900-0001"]);
    assert_eq!(
        workaround.vulnerabilities,
        ["CVE-1900-0001", "CVE-1900-0002"],
        "said of both in the same words"
    );
    assert_eq!((none.kind.as_str(), none.products.len(), none.products_count), ("none_available", 0, 1));
    let [flaw] = record.flaws.as_slice() else { panic!("{:?}", record.flaws) };
    assert_eq!((flaw.id.as_deref(), flaw.title.as_deref()), (Some("CVE-1900-0001"), Some("Overflow")));
    assert_eq!(flaw.texts, ["In the parser.", "More."]);
}

/// GitHub writes the ranges of its advisories where CVE has a single version, and gives no other status.
#[test]
fn ranges_that_github_writes_as_versions_are_ranges() {
    let record = |who: &str, default: &str| {
        let text = r#"{"cveMetadata":{"cveId":"CVE-1900-0042"},"containers":{"cna":{"providerMetadata":{"shortName":"WHO"},
          "affected":[{"vendor":"kestrel","product":"unpack",DEFAULT "versions":[{"version":">= 15.0.0, < 15.5.0","status":"affected"},{"version":"> 1.0, < 2.0","status":"affected"}]}]}}}"#;
        one(Kind::Cve5, &text.replace("WHO", who).replace("DEFAULT", default))
    };
    let row = &record("GitHub_M", "").affected[0];
    let [range, other] = row.version_entries.as_slice() else { panic!("{row:?}") };
    assert_eq!((range.version.as_str(), range.less_than.as_deref()), ("15.0.0", Some("15.5.0")));
    assert_eq!((range.version_type.as_deref(), range.status), (None, Status::Affected));
    assert_eq!((other.version.as_str(), other.less_than.as_deref()), ("> 1.0, < 2.0", None));
    assert_eq!(row.default_status, Some(Status::NotAffected));
    assert_eq!(record("other", "").affected[0].default_status, None, "what others mean by it is not known");
    let stated = record("GitHub_M", r#""defaultStatus":"unknown","#);
    assert_eq!(stated.affected[0].default_status, Some(Status::Unknown));
}
