//! What is read of bills of materials, and what is refused. Documents here are invented.

use super::*;
use crate::record::Status;

#[test]
fn cyclonedx_is_read_with_parts_of_parts_and_what_it_says_itself() {
    let sbom = read(
        br#"{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"timestamp":"2026-10-01T00:00:00Z","component":{"bom-ref":"root","name":"gateway","version":"4.2","purl":"pkg:oci/gateway@4.2"}},
        "components":[{"bom-ref":"a","group":"org.example","name":"unpack","version":"1.9","purl":"pkg:maven/org.example/unpack@1.9","cpe":"cpe:2.3:a:kestrel:unpack:1.9:*:*:*:*:*:*:*",
          "components":[{"bom-ref":"b","name":"inner","version":"0.1"}]}],
        "vulnerabilities":[{"id":"CVE-1900-0042","analysis":{"state":"not_affected","justification":"code_not_reachable","detail":"Never called."},"affects":[{"ref":"a"}]},
          {"id":"CVE-1900-0043","analysis":{"state":"resolved"},"affects":[{"ref":"nobody"}]},{"id":"CVE-1900-0044"}]}"#,
    )
    .unwrap();
    assert_eq!((sbom.format.as_str(), sbom.subject.unwrap().name.as_str()), ("CycloneDX 1.6", "gateway"));
    let names: Vec<_> = sbom.components.iter().map(|one| (one.place.as_str(), one.name.as_str())).collect();
    assert_eq!(names, [("/components/0", "org.example/unpack"), ("/components/0/components/0", "inner")]);
    let [said] = sbom.statements.as_slice() else { panic!("{:?}", sbom.statements) };
    assert_eq!((said.vulnerabilities[0].as_str(), said.status), ("CVE-1900-0042", Status::NotAffected));
    assert_eq!(said.products[0].reference.as_deref(), Some("a"));
    assert_eq!(said.why.as_deref(), Some("code_not_reachable: Never called."));
}

#[test]
fn spdx_is_read_by_its_references() {
    let sbom = read(
        br#"{"spdxVersion":"SPDX-2.3","name":"gateway","documentDescribes":["SPDXRef-root"],"packages":[
        {"SPDXID":"SPDXRef-root","name":"gateway","versionInfo":"4.2"},
        {"SPDXID":"SPDXRef-1","name":"unpack","versionInfo":"1.9","externalRefs":[
          {"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl","referenceLocator":"pkg:pypi/unpack@1.9"},
          {"referenceCategory":"SECURITY","referenceType":"cpe23Type","referenceLocator":"cpe:2.3:a:kestrel:unpack:1.9:*:*:*:*:*:*:*"}]}]}"#,
    )
    .unwrap();
    assert_eq!((sbom.format.as_str(), sbom.subject.unwrap().name.as_str()), ("SPDX-2.3", "gateway"));
    let [part] = sbom.components.as_slice() else { panic!("{:?}", sbom.components) };
    assert_eq!(
        (part.purl.as_deref(), part.cpes.len(), part.place.as_str()),
        (Some("pkg:pypi/unpack@1.9"), 1, "/packages/1")
    );
}

#[test]
fn what_is_no_bill_of_materials_is_refused() {
    for text in ["{}", r#"{"bomFormat":"Other"}"#, r#"{"spdxVersion":"SPDX-3.0"}"#] {
        assert_eq!(
            read(text.as_bytes()).unwrap_err().to_string(),
            "document: neither CycloneDX (JSON, XML) nor SPDX (JSON, tags and values, JSON-LD)"
        );
    }
    assert!(read(b"[]").is_err());
    let deep = format!(
        r#"{{"bomFormat":"CycloneDX","components":{}}}"#,
        r#"[{"name":"x","components":"#.repeat(40) + "[]" + &"}]".repeat(40)
    );
    assert!(read(deep.as_bytes()).unwrap_err().to_string().contains("nested deeper"));
    let twice = r#"{"bomFormat":"CycloneDX","bomFormat":"CycloneDX"}"#;
    assert!(read(twice.as_bytes()).unwrap_err().to_string().contains("stands there twice"));
}

/// CycloneDX 1.6, XML: the same parts and statements as in JSON; parts of tools and ancestors are none.
#[test]
fn cyclonedx_in_xml_comes_to_the_same() {
    let sbom = read(
        br#"<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.6" serialNumber="urn:uuid:1" version="1">
        <metadata><timestamp>2026-10-01T00:00:00Z</timestamp><tools><components><component><name>tool</name></component></components></tools>
          <component bom-ref="root"><name>gateway</name><version>4.2</version></component></metadata>
        <components><component type="library" bom-ref="a"><group>org.example</group><name>unpack &amp; go</name><version>1.9</version>
          <purl>pkg:maven/org.example/unpack@1.9</purl><cpe>cpe:2.3:a:kestrel:unpack:1.9:*:*:*:*:*:*:*</cpe>
          <pedigree><ancestors><component><name>old</name></component></ancestors></pedigree>
          <licenses><license><name>MIT</name></license></licenses>
          <components><component bom-ref="b"><name>inner</name><version>0.1</version></component></components></component></components>
        <vulnerabilities><vulnerability><id>CVE-1900-0042</id><references><reference><id>GHSA-1</id></reference></references>
          <analysis><state>not_affected</state><justification>code_not_reachable</justification><detail>Never called.</detail></analysis>
          <affects><target><ref>a</ref></target></affects></vulnerability></vulnerabilities></bom>"#,
    )
    .unwrap();
    assert_eq!((sbom.format.as_str(), sbom.subject.unwrap().name.as_str()), ("CycloneDX 1.6", "gateway"));
    let names: Vec<_> = sbom.components.iter().map(|one| (one.place.as_str(), one.name.as_str())).collect();
    let expected = [("/components/0", "org.example/unpack & go"), ("/components/0/components/0", "inner")];
    assert_eq!(names, expected);
    let [said] = sbom.statements.as_slice() else { panic!("{:?}", sbom.statements) };
    assert_eq!(
        (said.vulnerabilities.join(" ").as_str(), said.status),
        ("CVE-1900-0042 GHSA-1", Status::NotAffected)
    );
    assert_eq!(
        (said.document.as_str(), said.why.as_deref()),
        ("urn:uuid:1", Some("code_not_reachable: Never called."))
    );
}

/// SPDX 2.3, tag-value notation.
#[test]
fn spdx_as_tags_and_values_is_read_by_its_references() {
    let text = "# made by hand\nSPDXVersion: SPDX-2.3\nDocumentName: gateway\n\
        Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-root\n\n\
        PackageName: gateway\nSPDXID: SPDXRef-root\nPackageVersion: 4.2\n\
        PackageComment: <text>several\nPackageName: not one\nlines</text>\n\n\
        PackageName: unpack\nSPDXID: SPDXRef-1\nPackageVersion: NOASSERTION\n\
        ExternalRef: PACKAGE-MANAGER purl pkg:pypi/unpack@1.9\n\
        ExternalRef: SECURITY cpe23Type cpe:2.3:a:kestrel:unpack:1.9:*:*:*:*:*:*:*\n\n\
        FileName: ./a.c\nSPDXID: SPDXRef-2\n";
    let sbom = read(text.as_bytes()).unwrap();
    assert_eq!((sbom.format.as_str(), sbom.subject.unwrap().name.as_str()), ("SPDX-2.3", "gateway"));
    let [part] = sbom.components.as_slice() else { panic!("{:?}", sbom.components) };
    assert_eq!((part.purl.as_deref(), part.cpes.len()), (Some("pkg:pypi/unpack@1.9"), 1));
    assert_eq!((part.version.as_deref(), part.place.as_str()), (None, "/packages/1"));
    for (text, reason) in [
        ("SPDXVersion: SPDX-2.3\nno tag here", "document (line 2 column 1): a line without a tag"),
        ("SPDXVersion: SPDX-2.3\nA: <text>x", "document (line 2 column 1): <text> without </text>"),
        ("SPDXVersion: SPDX-9", "document: tags and values, but not of SPDX 2"),
    ] {
        assert_eq!(read(text.as_bytes()).unwrap_err().to_string(), reason);
    }
}

/// SPDX 3.0.1: packages, and what the profile Security says of them.
#[test]
fn spdx_3_is_read_with_its_statements() {
    let sbom = read(
        br#"{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[
        {"type":"CreationInfo","@id":"_:c","specVersion":"3.0.1","created":"2026-10-01T00:00:00Z"},
        {"type":"SpdxDocument","spdxId":"urn:d","rootElement":["urn:bom"]},
        {"type":"software_Sbom","spdxId":"urn:bom","rootElement":["urn:root"]},
        {"type":"software_Package","spdxId":"urn:root","name":"gateway","software_packageVersion":"4.2"},
        {"type":"software_Package","spdxId":"urn:a","name":"unpack","software_packageVersion":"1.9","software_packageUrl":"pkg:pypi/unpack@1.9",
          "externalIdentifier":[{"type":"ExternalIdentifier","externalIdentifierType":"cpe23","identifier":"cpe:2.3:a:kestrel:unpack:1.9:*:*:*:*:*:*:*"}]},
        {"type":"security_Vulnerability","spdxId":"urn:v","externalIdentifier":[{"externalIdentifierType":"cve","identifier":"CVE-1900-0042"}]},
        {"type":"security_VexNotAffectedVulnAssessmentRelationship","spdxId":"urn:s","from":"urn:v","to":["urn:a"],
          "security_justificationType":"vulnerableCodeNotPresent"}, 7]}"#,
    )
    .unwrap();
    assert_eq!((sbom.format.as_str(), sbom.subject.unwrap().name.as_str()), ("SPDX-3.0.1", "gateway"));
    let [part] = sbom.components.as_slice() else { panic!("{:?}", sbom.components) };
    assert_eq!(
        (part.purl.as_deref(), part.cpes.len(), part.place.as_str()),
        (Some("pkg:pypi/unpack@1.9"), 1, "/@graph/4")
    );
    let [said] = sbom.statements.as_slice() else { panic!("{:?}", sbom.statements) };
    assert_eq!((said.vulnerabilities[0].as_str(), said.status), ("CVE-1900-0042", Status::NotAffected));
    assert_eq!(said.why.as_deref(), Some("vulnerableCodeNotPresent"));
}

/// Nested too deep, too long, cut off, in another encoding, and an entity that would grow.
#[test]
fn hostile_bills_are_refused_with_the_place() {
    let xml = |inside: &str| format!("<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\">{inside}</bom>");
    let deep = "<components><component>".repeat(40) + &"</component></components>".repeat(40);
    let long =
        format!("<components><component><name>{}</name></component></components>", "x".repeat(2 << 20));
    for (text, reason) in [
        (xml(&deep), "nested deeper than 64 levels"),
        (xml(&long), "a string of"),
        (xml("<components>"), "line 1"),
        (xml("<components></wrong>"), "line 1"),
    ] {
        let error = read(text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
    let bomb = r#"<!DOCTYPE bom [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>"#.to_owned()
        + &xml("<components><component><name>&b;</name></component></components>");
    let error = read(bomb.as_bytes()).unwrap_err().to_string();
    assert!(error.contains("line 1") && error.ends_with("the entity &b; is none of XML's own"), "{error}");
    let line = format!("SPDXVersion: SPDX-2.3\nPackageName: {}", "x".repeat(2 << 20));
    assert!(read(line.as_bytes()).unwrap_err().to_string().contains("a string of"));
    let latin = b"SPDXVersion: SPDX-2.3\nPackageName: \xe4";
    assert!(read(latin).unwrap_err().to_string().contains("not UTF-8"));
    let large = vec![b' '; crate::limits::DOCUMENT_BYTES + 1];
    assert!(read(&large).unwrap_err().to_string().contains("but at most"));
}
