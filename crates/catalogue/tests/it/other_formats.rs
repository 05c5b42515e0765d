//! Formats beside CVE, OSV, CSAF and KEV, from the file to the answer.

use super::fixtures::{Folder, cve, import, osv};
use super::search::found;
use super::{catalogue as open, counts, named};
use catalogue::{Answer, Catalogue, Package, Source};
use std::io::Write;
use versions::cpe::Cpe;

/// A record of NVD's: firmware before 4.2.1 on its hardware, and a tool in one version.
pub(crate) fn nvd(id: &str, modified: &str) -> String {
    format!(
        r#"{{"cve": {{"id": "{id}", "sourceIdentifier": "x@example.org", "published": "2026-10-01T00:00:00.000",
        "lastModified": "{modified}T00:00:00.000", "vulnStatus": "Analyzed", "descriptions": [{{"lang": "en", "value": "A flaw."}}],
        "metrics": {{"cvssMetricV31": [{{"source": "nvd@nist.gov", "type": "Primary", "cvssData": {{"version": "3.1",
            "vectorString": "CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "baseScore": 8.8}}}}]}},
        "configurations": [{{"operator": "AND", "nodes": [
            {{"operator": "OR", "negate": false, "cpeMatch": [{{"vulnerable": true, "criteria": "cpe:2.3:o:nordwind:gateway_firmware:*:*:*:*:*:*:*:*", "versionEndExcluding": "4.2.1"}}]}},
            {{"operator": "OR", "negate": false, "cpeMatch": [{{"vulnerable": false, "criteria": "cpe:2.3:h:nordwind:gateway:-:*:*:*:*:*:*:*"}}]}}]}},
          {{"nodes": [{{"operator": "OR", "negate": false, "cpeMatch": [{{"vulnerable": true, "criteria": "cpe:2.3:a:nordwind:tool:1.0:*:*:*:*:*:*:*"}}]}}]}}],
        "references": []}}}}"#
    )
}

fn page(items: &[String]) -> String {
    format!(
        r#"{{"resultsPerPage": {0}, "startIndex": 0, "totalResults": {0}, "format": "NVD_CVE", "version": "2.0",
        "timestamp": "2026-11-01T00:00:00.000", "vulnerabilities": [{1}]}}"#,
        items.len(),
        items.join(", ")
    )
}

fn ask(catalogue: &Catalogue, names: &[&str]) -> Vec<(String, Answer)> {
    let names: Vec<Cpe> = names.iter().map(|name| name.parse().unwrap()).collect();
    let found = catalogue.query_names(&names).unwrap();
    found.into_iter().map(|one| (one.record.id, one.answer)).collect()
}

#[test]
fn nvds_records_answer_for_products_by_name() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let feed = folder.file("nvdcve-2.0-modified.json", page(&[nvd("CVE-1900-0042", "2026-10-02")]));
    assert_eq!(counts(&import(&catalogue, std::slice::from_ref(&feed))), [1, 0, 0, 0, 0]);
    let (firmware, hardware) =
        ("cpe:2.3:o:nordwind:gateway_firmware:4.2:*:*:*:*:*:*:*", "cpe:/h:nordwind:gateway:-");
    let found = |answer| vec![("CVE-1900-0042".to_owned(), answer)];
    assert_eq!(ask(&catalogue, &[firmware, hardware]), found(Answer::Affected));
    assert_eq!(ask(&catalogue, &[firmware]), found(Answer::Unknown), "it depends on the hardware");
    assert_eq!(ask(&catalogue, &["cpe:/o:nordwind:gateway_firmware:4.2.1", hardware]), []);
    assert_eq!(ask(&catalogue, &["cpe:/a:NORDWIND:Tool:1.0"]), found(Answer::Affected));
    assert_eq!(ask(&catalogue, &["cpe:/a:nordwind:tool:1.1"]), []);
    assert_eq!(
        ask(&catalogue, &["cpe:/a:nordwind:tool"]),
        found(Answer::Affected),
        "all records of the product"
    );
    assert_eq!(ask(&catalogue, &["cpe:/a:nordwind:other:1.0"]), []);
    // Only what changed is read again.
    let items = [nvd("CVE-1900-0042", "2026-10-02"), nvd("CVE-1900-0043", "2026-10-03")];
    std::fs::write(&feed, page(&items)).unwrap();
    assert_eq!(counts(&import(&catalogue, &[feed])), [1, 0, 1, 0, 0]);
    // Nobody may ask for them as for a package.
    assert!(Package::named("cpe", "nordwind:tool").is_none());
}

/// CVE records name products in the same way, and their rows answer for them.
#[test]
fn names_in_cve_records_are_answered_for_by_their_rows() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let text = cve("CVE-1900-0044").replace(
        "\"affected\": [{",
        "\"affected\": [{\"cpes\": [\"cpe:2.3:h:nordwind:router:*:*:*:*:*:*:*:*\"], ",
    );
    assert!(text.contains("cpes"), "{text}");
    import(&catalogue, &[folder.file("cve.json", text)]);
    let router =
        |version: &str| ask(&catalogue, &[&format!("cpe:2.3:h:nordwind:router:{version}:*:*:*:*:*:*:*")]);
    assert_eq!(router("1.9"), [("CVE-1900-0044".to_owned(), Answer::Affected)]);
    assert_eq!(router("2.0"), []);
    assert_eq!(router("odd"), [("CVE-1900-0044".to_owned(), Answer::Unknown)]);
}

/// A feed of a year is larger than any document may be; its records are not.
#[test]
fn a_feed_larger_than_a_document_comes_in_record_by_record() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let long = "x".repeat(900_000);
    let mut items: Vec<String> = (0..20)
        .map(|at| nvd(&format!("CVE-1900-{:04}", 1_000 + at), "2026-10-02").replace("A flaw.", &long))
        .collect();
    items[7] = r#"{"cve": {"id": 7}}"#.to_owned();
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(page(&items).as_bytes()).unwrap();
    let feed = folder.file("nvdcve-2.0-2026.json.gz", gz.finish().unwrap());
    let report = import(&catalogue, &[feed]);
    assert_eq!(counts(&report), [19, 0, 0, 0, 1], "{report:?}");
    assert!(report.bad[0].file.ends_with("/nvdcve-2.0-2026.json.gz: /vulnerabilities/7"), "{:?}", report.bad);
    assert!(report.bad[0].place.starts_with("/cve/id "), "{:?}", report.bad);
    // What breaks off loses what comes behind, and nothing else.
    let text = page(&[nvd("CVE-1900-0001", "2026-10-02"), nvd("CVE-1900-0002", "2026-10-02")]);
    let cut = folder.file("cut.json", &text[..text.len() - 20]);
    let report = import(&catalogue, &[cut]);
    assert_eq!(counts(&report), [1, 0, 0, 0, 1]);
    assert!(
        named(&report.bad[0]).contains("/vulnerabilities/1: the document breaks off here"),
        "{:?}",
        report.bad
    );
}

#[test]
fn sources_of_one_id_stand_side_by_side() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let ghsa = r#"[{"ghsa_id": "GHSA-0000-0000-0042", "cve_id": "CVE-1900-0042", "summary": "From the API", "updated_at": "2026-10-05T00:00:00Z",
        "vulnerabilities": [{"package": {"ecosystem": "pip", "name": "a"}, "vulnerable_version_range": ">= 1.0, < 1.2"}]}]"#;
    let vex = r#"{"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.org/vex/1", "author": "A", "timestamp": "2026-10-05T00:00:00Z",
        "statements": [{"vulnerability": {"name": "CVE-1900-0042"}, "products": [{"@id": "pkg:pypi/b@1.0"}], "status": "affected"}]}"#;
    let mut by_git = osv("GHSA-0000-0000-0042", "a", "1.1", "2026-10-05");
    by_git = by_git.replace("\"summary\"", "\"aliases\": [\"CVE-1900-0042\"], \"summary\"");
    for (name, text) in [
        ("a.json", ghsa.to_owned()),
        ("b.json", by_git),
        ("c.json", vex.to_owned()),
        ("d.json", nvd("CVE-1900-0042", "2026-10-02")),
    ] {
        assert_eq!(import(&catalogue, &[folder.file(name, text)]).bad, [], "{name}");
    }
    let entry = catalogue.record("CVE-1900-0042").unwrap().unwrap();
    let sources: Vec<Source> = entry.records.iter().map(|sourced| sourced.summary.source).collect();
    assert_eq!(sources, [Source::Nvd, Source::Osv, Source::Ghsa]);
    assert_eq!(entry.related.iter().map(|other| other.source).collect::<Vec<_>>(), [Source::Vex]);
    // The two disagree on 1.1; each says so itself.
    let package = Package::named("PyPI", "a").unwrap();
    let found = catalogue.query(&package, Some("1.1")).unwrap();
    assert_eq!(found.iter().map(|one| one.record.source).collect::<Vec<_>>(), [Source::Ghsa]);
    let package = Package::named("PyPI", "b").unwrap();
    assert_eq!(catalogue.query(&package, Some("1.0")).unwrap().len(), 1);
}

#[test]
fn scores_attach_to_records_and_an_older_day_does_not_count() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let day = |day: &str, score: &str| {
        format!(
            "#model_version:v2025.03.14,score_date:{day}T00:00:00+0000\ncve,epss,percentile\nCVE-1900-0042,{score},0.9\nCVE-1900-0043,0.5,0.5\n"
        )
    };
    import(&catalogue, &[folder.file("cve.json", cve("CVE-1900-0042"))]);
    let likelihood =
        || catalogue.record("cve-1900-0042").unwrap().unwrap().likelihood.map(|found| found.probability);
    assert_eq!(likelihood(), None);
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(day("2026-11-02", "0.25").as_bytes()).unwrap();
    let file = folder.file("epss_scores-2026-11-02.csv.gz", gz.finish().unwrap());
    let report = import(&catalogue, std::slice::from_ref(&file));
    assert_eq!((counts(&report), report.counts.listed), ([1, 0, 0, 0, 0], 2));
    assert_eq!(likelihood(), Some(0.25));
    assert_eq!(counts(&import(&catalogue, &[file])), [0, 0, 1, 0, 0], "the same day again");
    let older = folder.file("old.csv", day("2026-11-01", "0.75"));
    assert_eq!(counts(&import(&catalogue, &[older])), [0, 0, 0, 1, 0]);
    let newer = folder.file("new.csv", day("2026-11-03", "0.5") + "nonsense,1,1\n");
    let report = import(&catalogue, &[newer]);
    assert_eq!(counts(&report), [0, 1, 0, 0, 1]);
    assert!(named(&report.bad[0]).contains("line 5 column 1"), "{:?}", report.bad);
    assert_eq!(likelihood(), Some(0.5));
}

#[test]
fn weaknesses_and_attack_patterns_are_found_by_their_ids() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let list = |version: &str, date: &str, name: &str| {
        format!(
            r#"<?xml version="1.0"?><Weakness_Catalog Name="CWE" Version="{version}" Date="{date}"><Weaknesses>
            <Weakness ID="9001" Name="{name}" Abstraction="Base" Status="Draft"><Description>Light.</Description></Weakness></Weaknesses></Weakness_Catalog>"#
        )
    };
    let patterns = r#"<Attack_Pattern_Catalog Version="3.9" Date="2026-01-01"><Attack_Patterns>
        <Attack_Pattern ID="801" Name="Dazzle" Status="Draft"><Description>D</Description></Attack_Pattern></Attack_Patterns></Attack_Pattern_Catalog>"#;
    let report = import(
        &catalogue,
        &[folder.file("cwe.xml", list("4.1", "2026-01-01", "Mirrors")), folder.file("capec.xml", patterns)],
    );
    assert_eq!((counts(&report), report.counts.listed), ([2, 0, 0, 0, 0], 2));
    let name = |id: &str| catalogue.attack_entry(id).unwrap().map(|entry| entry.name);
    assert_eq!(
        (name("cwe-9001").as_deref(), name("CAPEC-801").as_deref()),
        (Some("Mirrors"), Some("Dazzle"))
    );
    let newer = folder.file("cwe2.xml", list("4.2", "2026-06-01", "Lenses"));
    assert_eq!(counts(&import(&catalogue, &[newer])), [0, 1, 0, 0, 0]);
    assert_eq!((name("CWE-9001").as_deref(), name("CAPEC-801").as_deref()), (Some("Lenses"), Some("Dazzle")));
    assert_eq!(name("CWE-1"), None);
}

/// MITRE publishes CWE whole and by views: what one document does not have is not gone.
#[test]
fn documents_of_one_list_stand_beside_each_other() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let view = |view: &str, date: &str, entries: &[(&str, &str)]| {
        let entries: String =
            entries.iter().map(|(id, name)| format!(r#"<Weakness ID="{id}" Name="{name}"/>"#)).collect();
        format!(
            r#"<Weakness_Catalog Version="4.1" Date="{date}"><Weaknesses>{entries}</Weaknesses>
            <Views><View ID="{view}" Name="V"/></Views></Weakness_Catalog>"#
        )
    };
    let one = folder.file("1.xml", view("9901", "2026-01-01", &[("9001", "Mirrors"), ("9002", "Lamps")]));
    let two = folder.file("2.xml", view("9902", "2026-02-02", &[("9002", "Lights"), ("9003", "Sun")]));
    assert_eq!(counts(&import(&catalogue, &[one.clone(), two.clone()])), [2, 0, 0, 0, 0]);
    let name = |id: &str| catalogue.attack_entry(id).unwrap().map(|entry| entry.name).unwrap_or_default();
    let names = || ["CWE-9001", "CWE-9002", "CWE-9003"].map(name);
    assert_eq!(names(), ["Mirrors", "Lights", "Sun"], "the later document counts");
    assert_eq!(counts(&import(&catalogue, &[one, two])), [0, 0, 2, 0, 0], "both are known again");
    // What comes later and is older fills gaps.
    let old = folder.file("0.xml", view("9900", "2025-01-01", &[("9002", "Candles"), ("9004", "Fire")]));
    assert_eq!(counts(&import(&catalogue, &[old])), [1, 0, 0, 0, 0]);
    assert_eq!(
        (names(), name("CWE-9004")),
        (["Mirrors", "Lights", "Sun"].map(str::to_owned), "Fire".to_owned())
    );
}

pub(crate) fn csaf(label: &str, status: &str) -> String {
    format!(
        r#"{{"document": {{"csaf_version": "2.0", "title": "Lamp advisory", "publisher": {{"name": "Nordwind PSIRT"}},
            "distribution": {{"tlp": {{"label": "{label}"}}}}, "notes": [{{"category": "summary", "text": "Lamps."}}],
            "tracking": {{"id": "NW-{label}-{status}", "status": "{status}", "current_release_date": "2026-10-05T00:00:00Z"}}}},
        "product_tree": {{"full_product_names": [{{"name": "Lamp", "product_id": "P1"}}]}},
        "vulnerabilities": [{{"cve": "CVE-1900-0061", "title": "Glaringly bright", "product_status": {{"known_affected": ["P1"]}}}},
            {{"cve": "CVE-1900-0062", "notes": [{{"category": "description", "text": "Flickers twilight."}}],
              "product_status": {{"known_affected": ["P1"]}},
              "remediations": [{{"category": "mitigation", "details": "Draw the curtains.", "product_ids": ["P1"]}}]}}]}}"#
    )
}

/// TLP 2.0, 4, and CSAF 2.0, 3.2.1.12.7: what is not for everybody, and drafts, are no public record.
#[test]
fn csaf_documents_that_are_not_public_are_refused_and_the_others_come_in() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let said = [("RED", "final"), ("AMBER+STRICT", "final"), ("GREEN", "final"), ("CLEAR", "draft")];
    let mut paths: Vec<_> = said
        .iter()
        .enumerate()
        .map(|(at, (label, status))| folder.file(&format!("{at}.json"), csaf(label, status)))
        .collect();
    paths.push(folder.file("public.json", csaf("WHITE", "final")));
    let report = import(&catalogue, &paths);
    assert_eq!(counts(&report), [1, 0, 0, 0, 4]);
    let mut reasons: Vec<String> =
        report.bad.iter().map(|bad| format!("{}: {}", bad.place, bad.reason)).collect();
    reasons.sort();
    assert_eq!(
        reasons,
        [
            "/document/distribution/tlp/label: AMBER+STRICT: this database is public",
            "/document/distribution/tlp/label: GREEN: this database is public",
            "/document/distribution/tlp/label: RED: this database is public",
            "/document/tracking/status: draft: this database is public",
        ]
    );
    assert!(catalogue.record("NW-RED-final").unwrap().is_none());
    // What it says of single vulnerabilities, and what to do, is searched as all else.
    for text in ["lamps", "glaringly", "\"flickers twilight\"", "curtains"] {
        assert_eq!(found(&catalogue, text), ["NW-WHITE-final"], "{text}");
    }
    assert_eq!(found(&catalogue, "\"bright flickers\""), [""; 0], "phrases do not go from text to text");
}

/// GitHub as CNA writes `>= 15.0.0, < 15.5.0` where CVE's schema has one version.
#[test]
fn ranges_of_github_decide_versions() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let text = cve("CVE-1900-0071")
        .replace("\"shortName\": \"acme\"", "\"shortName\": \"GitHub_M\"")
        .replace("\"defaultStatus\": \"unaffected\",", "\"packageURL\": \"pkg:npm/lamp@15.5.0\",")
        .replace("\"version\": \"1.0\", \"lessThan\": \"2.0\",", "\"version\": \">= 15.0.0, < 15.5.0\",")
        .replace(", \"versionType\": \"semver\"", "");
    import(&catalogue, &[folder.file("github.json", text)]);
    let answer = |catalogue: &Catalogue, version: &str| {
        let entry = catalogue.record("CVE-1900-0071").unwrap().unwrap();
        let told = catalogue::tell(entry.records.iter().map(|one| &one.record), None, version);
        let package = Package::named("npm", "lamp").unwrap();
        let found = catalogue.query(&package, Some(version)).unwrap();
        assert_eq!(
            found.first().map(|one| one.answer),
            Some(told[0].answer).filter(|one| *one != Answer::NotAffected)
        );
        told[0].answer
    };
    let versions = ["14.9.9", "15.0.0", "15.2.0", "15.5.0", "99.0.0", "odd"];
    let expected = {
        use Answer::{Affected, NotAffected, Unknown};
        [NotAffected, Affected, Affected, NotAffected, NotAffected, Unknown]
    };
    assert_eq!(versions.map(|version| answer(&catalogue, version)), expected);
    let body = catalogue.document("CVE-1900-0071").unwrap().unwrap().body.clone();
    let shape: serde_json::Value = serde_json::from_slice(&body).unwrap();
    let row = &shape["affected"][0];
    assert_eq!(row["package"]["purl"], "pkg:npm/lamp", "OSV: no version in it");
    assert_eq!(
        row["ranges"][0]["events"],
        serde_json::json!([{"introduced": "15.0.0"}, {"fixed": "15.5.0"}])
    );
    // Version 7 filed it as a version of that name.
    drop(catalogue);
    let old = rusqlite::Connection::open(folder.0.join("catalogue.db")).unwrap();
    old.execute_batch("DELETE FROM packages; ALTER TABLE records DROP COLUMN rated; ALTER TABLE records DROP COLUMN flaws; PRAGMA user_version = 7")
        .unwrap();
    let catalogue = open(&folder);
    assert_eq!(versions.map(|version| answer(&catalogue, version)), expected);
}

/// OSV's interface answers with `vulns`, and tools write lists of its records: each comes in as it would alone.
#[test]
fn osv_records_in_lists_and_answers_come_in_one_by_one() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let (one, two) = (
        osv("PYSEC-2024-1", "flask", "1.0", "2024-05-05"),
        osv("PYSEC-2024-2", "django", "3.2", "2024-05-05"),
    );
    let bad = osv("PYSEC-2024-3", "x", "1", "2024-05-05").replace("2024-05-05T", "2024-15-05T");
    let list = folder.file("list.json", format!(" [{one}, {bad}]"));
    let report = import(&catalogue, &[list]);
    assert_eq!(counts(&report), [1, 0, 0, 0, 1]);
    let said = named(&report.bad[0]);
    assert!(said.contains("list.json") && said.contains("/1: /modified (line 1 column "), "{said}");
    assert!(said.ends_with("no date: \"2024-15-05T00:00:00Z\""), "{said}");
    let answer =
        folder.file("answer.json", format!(r#"{{"next_page_token": "x", "vulns": [{one}, {two}]}}"#));
    assert_eq!(counts(&import(&catalogue, &[answer])), [1, 0, 1, 0, 0]);
    let document = catalogue.document("pysec-2024-2").unwrap().unwrap();
    assert_eq!(document.body.as_ref(), two.as_bytes(), "its own text, byte for byte");
    assert_eq!(counts(&import(&catalogue, &[folder.file("two.json", &two)])), [0, 0, 1, 0, 0]);
    assert_eq!(counts(&import(&catalogue, &[folder.file("none.json", r#"{"vulns": []}"#)])), [0; 5]);
    // A list may be larger than a document; its records may not.
    let long = "x".repeat(900_000);
    let many: Vec<String> = (0..20)
        .map(|at| osv(&format!("X-2024-{at}"), "flask", "1.0", "2024-05-05").replace("Long.", &long))
        .collect();
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(format!("[{},{{\"id\":7}}]", many.join(",")).as_bytes()).unwrap();
    let report = import(&catalogue, &[folder.file("many.json.gz", gz.finish().unwrap())]);
    assert_eq!(counts(&report), [20, 0, 0, 0, 1]);
    assert!(report.bad[0].file.ends_with("/many.json.gz: /20"), "{:?}", report.bad);
}
