//! Invented documents, one of each format that is only read: found out, read, and pinned.

use formats::record::{Remedy, Status};
use formats::{Kind, detect, read, vex};
use std::path::{Path, PathBuf};

fn document(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents").join(name)).unwrap()
}

/// Compares with the golden file; `UPDATE_GOLDEN=1` writes it.
fn golden(name: &str, found: &impl serde::Serialize) {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/read").join(name);
    let found = serde_json::to_string_pretty(found).unwrap() + "\n";
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "{name} differs; UPDATE_GOLDEN=1 writes it:\n{found}");
}

#[test]
fn every_document_is_found_out_and_its_records_are_pinned() {
    for (name, kind) in [
        ("nvd-page.json", Kind::Nvd),
        ("ghsa.json", Kind::Ghsa),
        ("openvex.json", Kind::OpenVex),
        ("csaf21.json", Kind::Csaf21),
        ("cve52.json", Kind::Cve5),
        ("osv-open.json", Kind::OsvJson),
    ] {
        let bytes = document(name);
        assert_eq!(detect(&bytes, name), Ok(kind), "{name}");
        golden(name, &read(kind, &bytes).unwrap());
    }
}

/// A page of NVD's API, one of its items, and the bare record of a mirror say the same.
#[test]
fn nvds_records_are_read_in_all_three_wrappings() {
    let bytes = document("nvd-page.json");
    let page: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let records = read(Kind::Nvd, &bytes).unwrap();
    for (at, record) in records.iter().enumerate() {
        let item = &page["vulnerabilities"][at];
        for text in [item.to_string(), item["cve"].to_string()] {
            assert_eq!(detect(text.as_bytes(), "x.json"), Ok(Kind::Nvd));
            assert_eq!(read(Kind::Nvd, text.as_bytes()).unwrap(), std::slice::from_ref(record));
        }
    }
}

#[test]
fn statements_of_vex_come_out_of_openvex_and_csaf_alike() {
    let shown = |kind: Kind, name: &str| {
        let statements = vex::read(kind, &document(name)).unwrap();
        let line = |said: &vex::Statement| {
            let parts =
                |one: &vex::Product| one.parts.iter().flat_map(|part| part.names.clone()).collect::<Vec<_>>();
            let products: Vec<String> =
                said.products.iter().map(|one| format!("{:?} {:?}", one.names, parts(one))).collect();
            format!(
                "{} {:?} {} {}",
                said.vulnerabilities.join("="),
                said.status,
                products.join(" "),
                said.why.clone().unwrap_or_default()
            )
        };
        statements.iter().map(line).collect::<Vec<_>>()
    };
    assert_eq!(
        shown(Kind::OpenVex, "openvex.json"),
        [
            "CVE-1900-0042=GHSA-0000-0000-0042 NotAffected [\"pkg:pypi/kestrel-unpack@1.9\", \"cpe:2.3:a:kestrel:unpack:1.9:*:*:*:*:*:*:*\"] [] \
             [\"pkg:oci/gateway?tag=4.2\"] [\"pkg:pypi/kestrel-unpack@1.8\"] vulnerable_code_not_in_execute_path: Only archives of our own are unpacked.",
            "CVE-1900-0044 Affected [\"pkg:pypi/kestrel-unpack@1.9\"] [] Update to 1.10.",
            "CVE-1900-0045 UnderInvestigation [\"pkg:pypi/kestrel-unpack\"] [] ",
        ]
    );
    assert_eq!(
        shown(Kind::Csaf21, "csaf21.json"),
        [
            "CVE-1900-0042 Affected [] [] ",
            "CVE-1900-0042 NotAffected [\"pkg:generic/gateway@4.2\", \"cpe:2.3:o:nordwind:gateway_firmware:4.2:*:*:*:*:*:*:*\", \"Nordwind Gateway 4.2\", \"Nordwind/Gateway 4.2\"] [] \
             vulnerable_code_not_present: 4.2 has another unpacker.",
        ]
    );
    let statements = vex::read(Kind::OpenVex, &document("openvex.json")).unwrap();
    assert_eq!(
        statements[1].at.unwrap().to_string(),
        "2026-10-02T08:00:00Z",
        "a statement's own time counts"
    );
    assert_eq!(statements[0].at.unwrap().to_string(), "2026-10-05T09:15:00Z");
    assert_eq!(
        (statements[0].source.as_str(), statements[0].status),
        ("Nordwind PSIRT", Status::NotAffected)
    );
}

/// OpenVEX 0.2.0, "Statement Fields": `action_statement` describes "actions to remediate or mitigate".
#[test]
fn actions_of_openvex_are_remedies_and_the_reasons_stay_prose() {
    let statement = |name: &str, product: &str, texts: &str| {
        format!(
            r#"{{"vulnerability": {{"name": "{name}"}}, "products": [{{"@id": "{product}"}}], "status": "affected", {texts}}}"#
        )
    };
    let statements = [
        statement(
            "CVE-1900-0001",
            "pkg:pypi/a@1",
            r#""action_statement": " Update. ", "status_notes": "Seen.""#,
        ),
        statement("CVE-1900-0002", "pkg:pypi/a@1", r#""action_statement": "Update.""#),
        statement("CVE-1900-0002", "pkg:pypi/b@1", r#""action_statement": "Update.""#),
        statement("CVE-1900-0003", "pkg:pypi/a@1", r#""action_statement": " ""#),
    ];
    let text = format!(r#"{{"@id": "x", "author": "Maker", "statements": [{}]}}"#, statements.join(","));
    let record = read(Kind::OpenVex, text.as_bytes()).unwrap().remove(0);
    assert_eq!(record.details.as_deref(), Some("CVE-1900-0001: Seen."));
    let remedy = |product: &str, vulnerabilities: &[&str]| Remedy {
        text: "Update.".into(),
        products: vec![product.into()],
        products_count: 1,
        source: Some("Maker".into()),
        vulnerabilities: vulnerabilities.iter().map(|name| (*name).to_owned()).collect(),
        ..Remedy::default()
    };
    let both = remedy("pkg:pypi/a@1", &["CVE-1900-0001", "CVE-1900-0002"]);
    assert_eq!(record.remedies, [both, remedy("pkg:pypi/b@1", &["CVE-1900-0002"])]);
    let why = vex::read(Kind::OpenVex, text.as_bytes()).unwrap().remove(0).why;
    assert_eq!(why.as_deref(), Some("Seen. Update."), "a statement by itself says both");
}
