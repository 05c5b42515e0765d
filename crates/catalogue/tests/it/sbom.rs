//! A bill of materials against the catalogue.

use super::catalogue as open;
use super::fixtures::{Folder, import, now, osv};
use catalogue::{Answer, Catalogue, Inventory, PARTS_MAX, RECORDS_MAX, VEX_NAMES_MAX, csv, sarif};
use formats::record::Status;
use formats::{Kind, vex};

const BOM: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"component":{"bom-ref":"root","name":"gateway","version":"4.2","purl":"pkg:generic/gateway@4.2"}},
    "components":[{"bom-ref":"a","name":"a","version":"1.0","purl":"pkg:pypi/a@1.0"},{"bom-ref":"b","name":"b","purl":"pkg:pypi/b@1.0"},
      {"bom-ref":"c","name":"c","version":"9.9","purl":"pkg:pypi/c@9.9"},{"name":"=evil,\"<script>","version":"1"},{"name":"no version","purl":"pkg:pypi/a"},
      {"name":"strange","version":"1","purl":"pkg:generic/strange@1"},{"name":"wrong","version":"1","purl":"nonsense"}],
    "vulnerabilities":[{"id":"CVE-1900-0002","analysis":{"state":"in_triage"},"affects":[{"ref":"b"}]}]}"#;

fn filled(folder: &Folder) -> Catalogue {
    let catalogue = open(folder);
    let with = |id: &str, package: &str, cve: &str| {
        osv(id, package, "2.0", "2024-05-05")
            .replace("\"summary\"", &format!("\"aliases\": [\"{cve}\"], \"summary\""))
    };
    for (name, text) in [
        ("1.json", with("PYSEC-1", "a", "CVE-1900-0001")),
        ("2.json", with("GHSA-1", "a", "CVE-1900-0001")),
        ("3.json", with("PYSEC-2", "b", "CVE-1900-0002")),
        ("4.json", with("PYSEC-3", "c", "CVE-1900-0003")),
    ] {
        assert_eq!(import(&catalogue, &[folder.file(name, text)]).bad, []);
    }
    catalogue
}

fn ask(catalogue: &Catalogue, vex: &str) -> Inventory {
    let sbom = formats::sbom::read(BOM.as_bytes()).unwrap();
    let statements =
        if vex.is_empty() { Vec::new() } else { vex::read(Kind::OpenVex, vex.as_bytes()).unwrap() };
    catalogue.inventory("bom.json", sbom, &statements, now()).unwrap()
}

fn openvex(product: &str, vulnerability: &str, status: &str) -> String {
    format!(
        r#"{{"@context":"https://openvex.dev/ns/v0.2.0","@id":"https://example.org/vex","author":"Maker","timestamp":"2026-10-01T00:00:00Z",
        "statements":[{{"vulnerability":{{"name":"{vulnerability}"}},"products":[{product}],"status":"{status}","justification":"component_not_present"}}]}}"#
    )
}

#[test]
fn every_part_is_answered_for_or_named_as_not_asked_about() {
    let folder = Folder::new();
    let inventory = ask(&filled(&folder), "");
    let found: Vec<_> = inventory
        .findings
        .iter()
        .map(|finding| {
            (
                finding.component.name.as_str(),
                finding.known.id.as_str(),
                finding.known.records.len(),
                finding.known.answer,
            )
        })
        .collect();
    assert_eq!(
        found,
        [("a", "CVE-1900-0001", 2, Answer::Affected), ("b", "CVE-1900-0002", 1, Answer::Affected)]
    );
    assert_eq!(inventory.findings[0].known.fixed, ["2.0"]);
    assert_eq!(
        inventory.findings[1].vex.as_ref().unwrap().status,
        Status::UnderInvestigation,
        "the bill says so itself"
    );
    let unasked: Vec<_> =
        inventory.unasked.iter().map(|one| (one.component.name.as_str(), one.reason)).collect();
    assert_eq!(
        unasked,
        [
            ("=evil,\"<script>", "it has neither a package URL nor a CPE name with a version"),
            ("no version", "it has no version"),
            ("strange", "no records are kept by packages of this type"),
            ("wrong", "its package URL cannot be read"),
        ]
    );
}

#[test]
fn vex_answers_a_finding_and_never_takes_it_away() {
    let folder = Folder::new();
    let catalogue = filled(&folder);
    let stands = |product: &str, vulnerability: &str, status: &str| {
        let inventory = ask(&catalogue, &openvex(product, vulnerability, status));
        assert_eq!(inventory.findings.len(), 2);
        let finding = inventory.findings.iter().find(|finding| finding.component.name == "a").unwrap();
        finding.stands()
    };
    let own = r#"{"@id":"pkg:pypi/a@1.0"}"#;
    assert!(!stands(own, "CVE-1900-0001", "not_affected"));
    assert!(!stands(own, "ghsa-1", "fixed"), "any of its names");
    assert!(stands(own, "CVE-1900-0001", "affected"));
    assert!(stands(own, "CVE-1900-0009", "not_affected"), "another vulnerability");
    assert!(!stands(r#"{"@id":"pkg:pypi/a"}"#, "CVE-1900-0001", "not_affected"), "every version");
    assert!(stands(r#"{"@id":"pkg:pypi/a@1.1"}"#, "CVE-1900-0001", "not_affected"), "another version");
    assert!(
        !stands(r#"{"@id":"pkg:generic/gateway@4.2"}"#, "CVE-1900-0001", "not_affected"),
        "the whole product"
    );
    let part =
        |part: &str| format!(r#"{{"@id":"pkg:generic/gateway@4.2","subcomponents":[{{"@id":"{part}"}}]}}"#);
    assert!(!stands(&part("pkg:pypi/a@1.0"), "CVE-1900-0001", "not_affected"));
    assert!(stands(&part("pkg:pypi/b@1.0"), "CVE-1900-0001", "not_affected"));
    let elsewhere = r#"{"@id":"pkg:generic/toaster@1","subcomponents":[{"@id":"pkg:pypi/a@1.0"}]}"#;
    assert!(stands(elsewhere, "CVE-1900-0001", "not_affected"), "in another product");
}

/// CycloneDX 1.6, `bom-ref`: "An optional identifier which can be used to reference the component elsewhere in the BOM.
/// Every bom-ref must be unique"; so what is said of one part is not said of another that has its package URL.
#[test]
fn vex_that_names_a_part_by_its_reference_is_about_that_part_alone() {
    let folder = Folder::new();
    let catalogue = filled(&folder);
    let bill = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"component":{"bom-ref":"root","name":"gateway"}},
        "components":[{"bom-ref":"a/1","name":"first","purl":"pkg:pypi/a@1.0"},{"bom-ref":"a/2","name":"second","purl":"pkg:pypi/a@1.0"}],
        "vulnerabilities":[{"id":"CVE-1900-0001","analysis":{"state":"not_affected"},"affects":[{"ref":"REF"}]}]}"#;
    let answered = |reference: &str, vex: &str| -> Vec<String> {
        let sbom = formats::sbom::read(bill.replace("REF", reference).as_bytes()).unwrap();
        let said =
            if vex.is_empty() { Vec::new() } else { vex::read(Kind::OpenVex, vex.as_bytes()).unwrap() };
        let found = catalogue.inventory("bom.json", sbom, &said, now()).unwrap().findings;
        assert_eq!(found.len(), 2);
        let answered = found.iter().filter(|finding| !finding.stands());
        answered.map(|finding| finding.component.name.clone()).collect()
    };
    assert_eq!(answered("a/1", ""), ["first"]);
    assert_eq!(answered("a/2", ""), ["second"]);
    assert_eq!(answered("root", ""), ["first", "second"], "all of the product");
    assert_eq!(answered("nobody", ""), [""; 0]);
    let part = r#"{"@id":"a/2","identifiers":{"purl":"pkg:pypi/a@1.0"}}"#;
    assert_eq!(answered("nobody", &openvex(part, "CVE-1900-0001", "not_affected")), ["second"]);
    let inside = format!(r#"{{"@id":"root","subcomponents":[{part}]}}"#);
    assert_eq!(answered("nobody", &openvex(&inside, "CVE-1900-0001", "not_affected")), ["second"]);
    let package = r#"{"@id":"pkg:pypi/a@1.0"}"#;
    assert_eq!(answered("nobody", &openvex(package, "CVE-1900-0001", "not_affected")), ["first", "second"]);
}

/// SARIF 2.1.0, 3.35: what is suppressed is not shown among what is to be done, so that only an answer does that.
#[test]
fn a_report_is_written_as_sarif_csv_and_json() {
    let folder = Folder::new();
    let catalogue = filled(&folder);
    let inventory = ask(&catalogue, &openvex(r#"{"@id":"pkg:pypi/a@1.0"}"#, "CVE-1900-0001", "not_affected"));
    let log = sarif(&inventory);
    assert_eq!(log["version"], "2.1.0");
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 2);
    let answered = results.iter().find(|result| result["ruleId"] == "CVE-1900-0001").unwrap();
    assert_eq!(answered["suppressions"][0]["justification"], "not affected by Maker: component_not_present");
    assert_eq!(
        log["runs"][0]["tool"]["driver"]["rules"][answered["ruleIndex"].as_u64().unwrap() as usize]["id"],
        "CVE-1900-0001"
    );
    let open = results.iter().find(|result| result["ruleId"] == "CVE-1900-0002").unwrap();
    assert!(open.get("suppressions").is_none(), "still looked into: {open}");
    assert_eq!(open["properties"]["vex"], "under investigation by the bill of materials: no reason given");
    let table = csv(&inventory);
    assert_eq!(table.lines().count(), 1 + 2 + 4);
    assert!(table.contains("\"'=evil,\"\"<script>\",1,,,not asked"), "{table}");
    let json = serde_json::to_value(&inventory).unwrap();
    assert_eq!(json["findings"][1]["vex"]["status"], "not_affected");
    assert_eq!(json["unasked"].as_array().unwrap().len(), 4);
}

fn bill_of(parts: usize, purl: &str) -> formats::sbom::Sbom {
    let part = format!(r#"{{"name":"a","version":"1.0","purl":"{purl}"}}"#);
    let text = format!(r#"{{"bomFormat":"CycloneDX","components":[{}]}}"#, vec![part; parts].join(","));
    formats::sbom::read(text.as_bytes()).unwrap()
}

#[test]
fn large_bills_and_many_records_have_limits_that_are_named() {
    let folder = Folder::new();
    let catalogue = filled(&folder);
    let ask = |bill| catalogue.inventory("bom.json", bill, &[], now()).unwrap();
    let inventory = ask(bill_of(PARTS_MAX + 1, "pkg:pypi/c@9.9"));
    assert_eq!((inventory.findings.len(), inventory.unasked.len()), (0, 1));
    assert_eq!(inventory.unasked[0].reason, "only the first 20,000 parts are asked about");
    // Two records a part.
    let inventory = ask(bill_of(RECORDS_MAX / 2 + 3, "pkg:pypi/a@1.0"));
    assert_eq!((inventory.findings.len(), inventory.unasked.len()), (RECORDS_MAX / 2, 3));
    assert!(inventory.unasked[0].reason.starts_with("10,000 records were found"));
}

#[test]
fn vex_that_names_more_than_is_compared_is_refused() {
    let folder = Folder::new();
    let products = vec![r#"{"@id":"pkg:pypi/a@1.0"}"#; VEX_NAMES_MAX + 1].join(",");
    let said = vex::read(Kind::OpenVex, openvex(&products, "CVE-1900-0001", "fixed").as_bytes()).unwrap();
    let refused =
        filled(&folder).inventory("bom.json", bill_of(1, "pkg:pypi/a@1.0"), &said, now()).unwrap_err();
    assert!(refused.to_string().starts_with("VEX: 20001 names of products, 20000 at most"), "{refused}");
}
