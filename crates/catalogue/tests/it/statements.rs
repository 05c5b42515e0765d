//! Documents that say several things: about several vulnerabilities, or about each version by itself.

use super::catalogue as open;
use super::fixtures::{Folder, csaf, cve, import, now, osv};
use catalogue::{Answer, Catalogue, Package, Search};
use serde_json::{Value, json};

fn npm(catalogue: &Catalogue, version: &str) -> Option<Answer> {
    let found = catalogue.query(&Package::named("npm", "kettle").unwrap(), Some(version)).unwrap();
    found.first().map(|found| found.answer)
}

/// CSAF 2.0, 3.2.3.9: `fixed` and `known_not_affected` are statements, and stronger than no word.
#[test]
fn a_version_that_is_named_is_decided_whatever_is_said_of_others() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let said = [("known_affected", 1), ("fixed", 2), ("known_not_affected", 3)];
    import(&catalogue, &[folder.file("1.json", csaf("K-1", &[("CVE-2024-1", &said)]))]);
    let answers = ["1.0.0", "2.0.0", "3.0.0", "4.0.0"].map(|version| npm(&catalogue, version));
    assert_eq!(answers, [Some(Answer::Affected), None, None, Some(Answer::Unknown)]);
    // CVE: two rows for one product.
    let row = |version: &str, status: &str| {
        format!(
            r#"{{"vendor": "Acme", "product": "Router", "versions": [{{"version": "{version}", "status": "{status}"}}]}}"#
        )
    };
    let document = cve("CVE-2024-2");
    let (start, rest) = document.split_once(r#""affected": ["#).unwrap();
    let (_, end) = rest.split_once("}]}]").unwrap();
    let rows = format!("{}, {}]", row("1.0.0", "affected"), row("2.0.0", "unaffected"));
    import(&catalogue, &[folder.file("2.json", format!(r#"{start}"affected": [{rows}{end}"#))]);
    let affected = |version: &str| {
        let (found, _) = catalogue.affected("acme", "router", version, 10).unwrap();
        found.first().map(|flaw| flaw.answer)
    };
    assert_eq!(
        ["1.0.0", "2.0.0", "3.0.0"].map(affected),
        [Some(Answer::Affected), None, Some(Answer::Unknown)]
    );
}

/// GitHub's API: "> 1.0.0" is after that version.
#[test]
fn a_range_of_github_may_begin_after_a_version() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let range = json!({ "package": { "ecosystem": "npm", "name": "kettle" }, "vulnerable_version_range": "> 1.0.0, <= 1.5.0" });
    let document = json!({ "ghsa_id": "GHSA-0000-0000-0000", "vulnerabilities": [range] }).to_string();
    assert_eq!(import(&catalogue, &[folder.file("1.json", document)]).counts.added, 1);
    let affected = |version: &str| npm(&catalogue, version) == Some(Answer::Affected);
    assert_eq!(["1.0.0", "1.0.1", "1.5.0", "1.5.1"].map(affected), [false, true, true, false]);
    assert_eq!(npm(&catalogue, "1.6.0"), npm(&catalogue, "1.0.0"));
    assert_eq!(npm(&catalogue, "nonsense"), Some(Answer::Unknown));
}

/// A document about several vulnerabilities answers for each of them, and each has its own severity.
#[test]
fn a_bill_names_the_vulnerabilities_and_not_the_document_about_them() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let flaws: [(&str, &[(&str, u32)]); 3] = [
        ("CVE-2024-1", &[("known_affected", 1)]),
        ("CVE-2024-2", &[("known_not_affected", 1), ("known_affected", 2)]),
        ("CVE-2024-3", &[("known_affected", 1), ("fixed", 2)]),
    ];
    import(
        &catalogue,
        &[folder.file("1.json", csaf("K-1", &flaws)), folder.file("2.json", cve("CVE-2024-3"))],
    );
    let asked = |version: &str| -> Vec<(String, Option<i64>)> {
        let bill = json!({ "bomFormat": "CycloneDX", "specVersion": "1.6",
            "components": [{ "name": "kettle", "purl": format!("pkg:npm/kettle@{version}") }] });
        let sbom = formats::sbom::read(bill.to_string().as_bytes()).unwrap();
        let found = catalogue.inventory("bom.json", sbom, &[], now()).unwrap().findings;
        found.iter().map(|finding| (finding.known.id.clone(), finding.known.severity_tenths)).collect()
    };
    let named = |all: &[(&str, Option<i64>)]| -> Vec<(String, Option<i64>)> {
        all.iter().map(|(id, tenths)| ((*id).to_owned(), *tenths)).collect()
    };
    assert_eq!(asked("1.0.0"), named(&[("CVE-2024-3", Some(98)), ("CVE-2024-1", None)]));
    // Of the first nobody says anything about 2.0.0, and the third is fixed there.
    assert_eq!(asked("2.0.0"), named(&[("CVE-2024-2", None), ("CVE-2024-1", None)]));
    // Who asks about one package or product is told the same.
    for version in ["1.0.0", "2.0.0"] {
        let mut of_bill = asked(version);
        of_bill.sort();
        let kettle = Package::named("npm", "kettle").unwrap();
        let of_package = catalogue.flaws(&kettle, Some(version)).unwrap();
        let (mut of_product, total) = catalogue.affected("kettle", "kettle", version, 10).unwrap();
        of_product.sort_by(|one, other| one.id().cmp(other.id()));
        assert_eq!(total, of_product.len());
        for flaws in [of_package, of_product] {
            let told: Vec<(String, Option<i64>)> =
                flaws.iter().map(|flaw| (flaw.id().to_owned(), flaw.record.severity_tenths)).collect();
            assert_eq!(told, of_bill, "{version}");
            assert!(flaws.iter().all(|flaw| flaw.record.id == "K-1"), "{flaws:?}");
        }
    }
    // Programs that ask for records get the one that there is.
    let records = catalogue.query(&Package::named("npm", "kettle").unwrap(), Some("1.0.0")).unwrap();
    assert_eq!(records.iter().map(|found| found.record.id.as_str()).collect::<Vec<_>>(), ["K-1"]);
}

/// CSAF 2.0, 3.2.3.13: scores stand with each vulnerability, and what is fixed in 3.2.3.9.
#[test]
fn a_document_alone_gives_each_of_its_vulnerabilities_its_own_score_and_fix() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let flaws: [(&str, &[(&str, u32)]); 2] = [
        ("CVE-2024-1", &[("known_affected", 1), ("fixed", 2)]),
        ("CVE-2024-2", &[("known_affected", 1), ("known_affected", 2), ("fixed", 3)]),
    ];
    let mut document: Value = serde_json::from_str(&csaf("K-1", &flaws)).unwrap();
    for (at, score, vector) in [
        (0, 9.8, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"),
        (1, 4.3, "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:L/I:N/A:N"),
    ] {
        document["vulnerabilities"][at]["title"] = json!(format!("Flaw {at}"));
        document["vulnerabilities"][at]["scores"] = json!([{ "products": ["P1"],
            "cvss_v3": { "version": "3.1", "baseScore": score, "baseSeverity": "HIGH", "vectorString": vector } }]);
    }
    assert_eq!(import(&catalogue, &[folder.file("1.json", document.to_string())]).bad, []);
    let found = catalogue.flaws(&Package::named("npm", "kettle").unwrap(), Some("1.0.0")).unwrap();
    let told: Vec<_> = found
        .iter()
        .map(|flaw| {
            (flaw.id(), flaw.record.severity_tenths, flaw.fixed.join(" "), flaw.record.title.as_str())
        })
        .collect();
    assert_eq!(
        told,
        [
            ("CVE-2024-1", Some(98), "2.0.0".to_owned(), "Flaw 0"),
            ("CVE-2024-2", Some(43), "3.0.0".to_owned(), "Flaw 1")
        ]
    );
    let entry = catalogue.record("K-1").unwrap().unwrap();
    assert_eq!(
        entry.each.into_iter().collect::<Vec<_>>(),
        [("CVE-2024-1".into(), Some(98)), ("CVE-2024-2".into(), Some(43))]
    );
}

/// The score may stand in the CVE record, and the package in another.
#[test]
fn a_finding_has_the_score_of_its_vulnerability() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let alias = "\"aliases\": [\"CVE-2024-1\"], \"summary\"";
    let record = osv("PYSEC-2024-1", "a", "2.0", "2024-05-05").replace("\"summary\"", alias);
    import(&catalogue, &[folder.file("1.json", record), folder.file("2.json", cve("CVE-2024-1"))]);
    let bill = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"a","purl":"pkg:pypi/a@1.0"}]}"#;
    let sbom = formats::sbom::read(bill.as_bytes()).unwrap();
    let found = catalogue.inventory("bom.json", sbom, &[], now()).unwrap().findings;
    assert_eq!((found[0].known.id.as_str(), found[0].known.severity_tenths), ("CVE-2024-1", Some(98)));
    // Who asks for a CVE record gets it, though OSV has a text of the same id.
    let same = osv("CVE-2024-1", "a", "2.0", "2024-05-05");
    import(&catalogue, &[folder.file("3.json", same)]);
    assert!(catalogue.json_of("cve-2024-1").unwrap().unwrap().contains("CVE_RECORD"));
    let osv = catalogue.document("CVE-2024-1").unwrap().unwrap();
    assert!(osv.body.starts_with(b"{\"schema_version\""), "and OSV's interface OSV's text");
}

/// Somebody who asks what hits them and is severe does not ask in which record the score stands.
#[test]
fn a_record_without_a_score_is_found_by_that_of_its_vulnerability() {
    let alias = "\"aliases\": [\"CVE-2024-1\"], \"summary\"";
    let record = osv("PYSEC-2024-1", "a", "2.0", "2024-05-05").replace("\"summary\"", alias);
    let lower = cve("CVE-2024-1").replace("9.8", "5.0").replace("2024-03-03", "2024-04-04");
    for reversed in [false, true] {
        let folder = Folder::new();
        let catalogue = open(&folder);
        let mut files = [folder.file("1.json", &record), folder.file("2.json", cve("CVE-2024-1"))];
        if reversed {
            files.reverse();
        }
        for file in files {
            import(&catalogue, &[file]);
        }
        let hits = |text: &str| -> Vec<(String, Option<i64>)> {
            let search = Search::read(text, now()).unwrap();
            let found = catalogue.hits(&search, 0, 10, false, now()).unwrap().hits;
            found.into_iter().map(|hit| (hit.id, hit.severity_tenths)).collect()
        };
        let asked = "affects:pkg:pypi/a@1.0 AND cvss>=8";
        assert_eq!(hits(asked), [("PYSEC-2024-1".to_owned(), Some(98))], "{reversed}");
        import(&catalogue, &[folder.file("3.json", &lower)]);
        assert_eq!(hits(asked), []);
        assert_eq!(hits("affects:pkg:pypi/a@1.0"), [("PYSEC-2024-1".to_owned(), Some(50))]);
        let entry = catalogue.record("PYSEC-2024-1").unwrap().unwrap();
        let own = entry.records.iter().find(|sourced| sourced.summary.id == "PYSEC-2024-1").unwrap();
        assert_eq!(own.summary.severity_tenths, None, "it says nothing of it itself");
    }
}

#[test]
fn a_score_goes_with_the_record_that_its_source_deleted() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let alias = "\"aliases\": [\"CVE-2024-1\"], \"summary\"";
    folder.file("db/1.json", osv("PYSEC-2024-1", "a", "2.0", "2024-05-05").replace("\"summary\"", alias));
    let score = folder.file("db/2.json", cve("CVE-2024-1"));
    let hits = || {
        import(&catalogue, &[folder.0.join("db")]);
        let search = Search::read("affects:pkg:pypi/a@1.0", now()).unwrap();
        catalogue.hits(&search, 0, 10, false, now()).unwrap().hits[0].severity_tenths
    };
    assert_eq!(hits(), Some(98));
    std::fs::remove_file(score).unwrap();
    assert_eq!(hits(), None);
}

#[test]
fn an_id_is_found_before_all_that_begin_with_it_and_undated_records_are_listed() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    for number in ["1000", "10001", "10002", "10003", "10004"] {
        let document = cve(&format!("CVE-2024-{number}"));
        let undated = document.replace(r#""datePublished": "2024-02-02T00:00:00Z", "#, "");
        let document = if number == "1000" { undated } else { document };
        assert_eq!(import(&catalogue, &[folder.file(&format!("{number}.json"), document)]).counts.added, 1);
    }
    let hits = |text: &str| {
        let found = catalogue.hits(&Search::read(text, now()).unwrap(), 0, 10, false, now()).unwrap();
        (found.total, found.hits.into_iter().map(|hit| hit.id).collect::<Vec<_>>())
    };
    for text in ["CVE-2024-1000", "cve-2024-1000"] {
        let (total, ids) = hits(text);
        assert_eq!((total, ids[0].as_str()), (5, "CVE-2024-1000"), "{text}");
    }
    let (total, ids) = hits("");
    assert_eq!((total, ids[4].as_str()), (5, "CVE-2024-1000"), "without a date it comes last");
}

/// CSAF 2.0, 3.2.3.2: `cve` is optional, and each vulnerability has a product status and scores of its own.
#[test]
fn a_vulnerability_without_a_cve_id_answers_for_itself() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let said: &[(&str, u32)] = &[("known_affected", 1)];
    let text = csaf("K-1", &[("CVE-2024-1", said), ("GHSA-1", said), ("X", said)]);
    let mut document: Value = serde_json::from_str(&text).unwrap();
    let score = |score: f64| {
        json!([{ "products": ["P1"], "cvss_v3": { "version": "3.1", "baseScore": score,
        "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" } }])
    };
    for (place, points) in [(0, 5.3), (1, 9.8)] {
        document["vulnerabilities"][place]["scores"] = score(points);
    }
    for (place, ids) in [(1, json!([{ "system_name": "GitHub", "text": "GHSA-1" }])), (2, json!([]))] {
        let flaw = document["vulnerabilities"][place].as_object_mut().unwrap();
        flaw.remove("cve");
        flaw.insert("ids".to_owned(), ids);
    }
    folder.file("in/k-1.json", document.to_string());
    import(&catalogue, &[folder.0.join("in")]);
    let flaws = catalogue.flaws(&Package::named("npm", "kettle").unwrap(), Some("1.0.0")).unwrap();
    let said: Vec<_> =
        flaws.iter().map(|flaw| (flaw.id(), flaw.answer, flaw.record.severity_tenths)).collect();
    assert_eq!(
        said,
        [
            ("CVE-2024-1", Answer::Affected, Some(53)),
            ("GHSA-1", Answer::Affected, Some(98)),
            ("K-1, vulnerability 3", Answer::Affected, None)
        ]
    );
}
