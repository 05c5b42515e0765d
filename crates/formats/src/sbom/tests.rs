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
    let [said, of_nobody] = sbom.statements.as_slice() else { panic!("{:?}", sbom.statements) };
    assert_eq!((said.vulnerabilities[0].as_str(), said.status), ("CVE-1900-0042", Status::NotAffected));
    assert_eq!(said.products[0].reference.as_deref(), Some("a"));
    assert_eq!((of_nobody.vulnerabilities[0].as_str(), of_nobody.products.len()), ("CVE-1900-0043", 0));
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

/// CycloneDX 1.6, XML: the same parts and statements as in JSON; parts of tools, ancestors and how it was made (`formula`)
/// are none.
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
          <affects><target><ref>a</ref></target></affects></vulnerability></vulnerabilities>
        <formulation><formula><components><component><name>compiler</name></component></components></formula></formulation></bom>"#,
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

/// CycloneDX 1.4 to 1.7, `affects[].versions`: "version" or "range", and a "status" whose default is "affected"; the
/// state of the analysis is said of those. In XML the same tags.
#[test]
fn what_is_said_of_each_version_is_read_alike_in_json_and_xml() {
    let versions = [
        ("version", "1.9", "affected"),
        ("range", "vers:semver/<2", ""),
        ("version", "2.0", "unaffected"),
        ("range", "vers:semver/>=3", "unknown"),
        ("version", "4", "strange"),
    ];
    let json = |analysis: &str| {
        let one = |(kind, text, status): &(&str, &str, &str)| match *status {
            "" => format!(r#"{{"{kind}":"{text}"}}"#),
            status => format!(r#"{{"{kind}":"{text}","status":"{status}"}}"#),
        };
        let all = versions.iter().map(one).collect::<Vec<_>>().join(",");
        format!(
            r#"{{"bomFormat":"CycloneDX","specVersion":"1.4","components":[{{"bom-ref":"a","name":"a"}}],
            "vulnerabilities":[{{"id":"CVE-1900-0042",{analysis}"affects":[{{"ref":"a","versions":[{all}]}}]}}]}}"#
        )
    };
    let one = |(kind, text, status): &(&str, &str, &str)| {
        let (text, status) = (text.replace('<', "&lt;"), status.replace("affected", " affected "));
        let status = status.replace("un affected ", "unaffected");
        let status = if status.is_empty() { status } else { format!("<status>{status}</status>") };
        format!("<version><{kind}>{text}</{kind}>{status}</version>")
    };
    let all: String = versions.iter().map(one).collect();
    let xml = format!(
        r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.4"><components><component bom-ref="a"><name>a</name></component></components>
        <vulnerabilities><vulnerability><id>CVE-1900-0042</id><analysis><state>exploitable</state></analysis>
        <affects><target><ref>a</ref><versions>{all}</versions></target></affects></vulnerability></vulnerabilities></bom>"#
    );
    let said = |text: &str| -> Vec<(String, bool, Option<Status>)> {
        let sbom = read(text.as_bytes()).unwrap();
        let products = sbom.statements.into_iter().flat_map(|said| said.products);
        let versions = products.flat_map(|product| product.versions);
        versions.map(|one| (one.text, one.is_range, one.status)).collect()
    };
    let with = |status: [Option<Status>; 5]| -> Vec<(String, bool, Option<Status>)> {
        let one = |((kind, text, _), status): (&(&str, &str, &str), _)| {
            ((*text).to_owned(), *kind == "range", status)
        };
        versions.iter().zip(status).map(one).collect()
    };
    use Status::{Affected, Fixed, NotAffected, UnderInvestigation, Unknown};
    let exploitable = [Affected, Affected, NotAffected, Unknown, Unknown].map(Some);
    assert_eq!(said(&xml), with(exploitable));
    for (state, expected) in [
        ("exploitable", exploitable),
        ("not_affected", [NotAffected, NotAffected, NotAffected, Unknown, Unknown].map(Some)),
        ("resolved", [Affected, Affected, Fixed, Unknown, Unknown].map(Some)),
        (
            "in_triage",
            [UnderInvestigation, UnderInvestigation, NotAffected, UnderInvestigation, UnderInvestigation]
                .map(Some),
        ),
    ] {
        assert_eq!(said(&json(&format!(r#""analysis":{{"state":"{state}"}},"#))), with(expected), "{state}");
    }
    // What is listed without an analysis is no statement, but for what is not affected.
    assert_eq!(said(&json("")), with([None, None, Some(NotAffected), None, None]));
    let listed = json("").replace("unaffected", "affected");
    assert_eq!(read(listed.as_bytes()).unwrap().statements, []);
    // Those that were affected are fixed, unless others are told apart from them as not affected.
    let resolved = json(r#""analysis":{"state":"resolved"},"#).replace("unaffected", "affected");
    assert_eq!(said(&resolved), with([Fixed, Fixed, Fixed, Unknown, Unknown].map(Some)));
}

/// What does not keep to the schema limits what is said all the same.
#[test]
fn versions_that_nobody_can_read_are_not_all_versions() {
    let said = |versions: &str| -> Vec<(String, bool)> {
        let text = format!(
            r#"{{"bomFormat":"CycloneDX","components":[{{"bom-ref":"a","name":"a"}}],"vulnerabilities":[{{"id":"X",
            "analysis":{{"state":"not_affected"}},"affects":[{{"ref":"a","versions":{versions}}}]}}]}}"#
        );
        let sbom = read(text.as_bytes()).unwrap();
        sbom.statements[0].products[0].versions.iter().map(|one| (one.text.clone(), one.is_range)).collect()
    };
    let one = |text: &str, is_range| vec![(text.to_owned(), is_range)];
    for all in ["[]", "null"] {
        assert_eq!(said(all), []);
    }
    assert_eq!(said(r#"{"range":"vers:npm/1"}"#), one("vers:npm/1", true), "an old example has no list");
    assert_eq!(said(r#"[{"version":1.0}]"#), one("1.0", false));
    assert_eq!(said(r#"[{"version":"1","range":"vers:npm/2"}]"#), one("1 and vers:npm/2", true));
    assert_eq!(said("[{}]"), one("", true));
    assert_eq!(said(r#"["1.0"]"#), one("\"1.0\"", true));
}

/// CycloneDX 1.5, `lastUpdated` of an analysis, before the dates of the vulnerability and of the bill.
#[test]
fn a_statement_is_as_old_as_its_analysis() {
    let at = |json: &str, xml: &str| {
        let json = format!(
            r#"{{"bomFormat":"CycloneDX","metadata":{{"timestamp":"2026-10-01T00:00:00Z"}},"components":[{{"bom-ref":"a","name":"a"}}],
            "vulnerabilities":[{{"id":"X","updated":"2026-10-02T00:00:00Z","analysis":{{"state":"in_triage"{json}}},"affects":[{{"ref":"a"}}]}}]}}"#
        );
        let xml = format!(
            r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.5"><components><component bom-ref="a"><name>a</name></component></components>
            <vulnerabilities><vulnerability><id>X</id><updated>2026-10-02T00:00:00Z</updated><analysis>{xml}</analysis>
            <affects><target><ref>a</ref></target></affects></vulnerability></vulnerabilities></bom>"#
        );
        let day = |text: String| {
            read(text.as_bytes()).unwrap().statements[0].at.unwrap().to_string()[8..10].to_owned()
        };
        [day(json), day(xml)]
    };
    assert_eq!(at("", "<state>in_triage</state>"), ["02", "02"]);
    let first =
        (r#","firstIssued":"2026-10-03T00:00:00Z""#, "<firstIssued>2026-10-03T00:00:00Z</firstIssued>");
    let last =
        (r#","lastUpdated":"2026-10-04T00:00:00Z""#, "<lastUpdated>2026-10-04T00:00:00Z</lastUpdated>");
    assert_eq!(at(first.0, first.1), ["03", "03"]);
    assert_eq!(at(&format!("{}{}", first.0, last.0), &format!("{}{}", first.1, last.1)), ["04", "04"]);
}

/// CycloneDX, "BOM-Link": `urn:cdx:serialNumber/version#bom-ref`. A bill may call its own parts so; what leads elsewhere
/// is said of parts of another bill.
#[test]
fn a_link_to_a_part_of_the_bill_itself_is_a_reference() {
    let link = "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/2#a";
    let head = r#""serialNumber":"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79","version":2,"components":[{"bom-ref":"a","name":"a"}]"#;
    let json = |link: &str| {
        format!(
            r#"{{"bomFormat":"CycloneDX","specVersion":"1.6",{head},"vulnerabilities":[{{"id":"X","analysis":{{"state":"in_triage"}},"affects":[{{"ref":"{link}"}}]}}]}}"#
        )
    };
    let xml = |link: &str| {
        format!(
            r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.6" serialNumber="urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79" version="2">
            <components><component bom-ref="a"><name>a</name></component></components><vulnerabilities><vulnerability><id>X</id>
            <analysis><state>in_triage</state></analysis><affects><target><ref>{link}</ref></target></affects></vulnerability></vulnerabilities></bom>"#
        )
    };
    for write in [&json as &dyn Fn(&str) -> String, &xml] {
        let products = |link: &str| {
            let statements = read(write(link).as_bytes()).unwrap().statements;
            statements.into_iter().flat_map(|said| said.products).collect::<Vec<_>>()
        };
        let [own] = products(link).try_into().unwrap();
        assert_eq!((own.reference.as_deref(), own.names.len()), (Some("a"), 0));
        let other = link.replace("/2#", "/1#");
        let [foreign] = products(&other).try_into().unwrap();
        assert_eq!((foreign.reference, foreign.names), (None, vec![other]));
        assert_eq!(products("nobody"), []);
    }
}

/// The official examples of VEX apart from the bill (CycloneDX/bom-examples) list no parts.
#[test]
fn a_document_that_lists_no_parts_is_vex_on_others() {
    let link = "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#a";
    let text = format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.4","metadata":{{"supplier":{{"name":"Kestrel"}},"component":{{"bom-ref":"own","name":"gateway","purl":"pkg:generic/gateway"}}}},
        "vulnerabilities":[{{"id":"X","analysis":{{"state":"not_affected"}},"affects":[{{"ref":"{link}"}},{{"ref":"own"}},{{"ref":"own","versions":[{{"version":"1"}}]}}]}}]}}"#
    );
    let [said] = read(text.as_bytes()).unwrap().into_vex().unwrap().try_into().unwrap();
    let names: Vec<_> =
        said.products.iter().map(|one| (one.reference.as_deref(), one.names.join(" "))).collect();
    let own = (None, "pkg:generic/gateway".to_owned());
    assert_eq!(names, [(None, link.to_owned()), own.clone(), own]);
    assert_eq!(said.products.iter().map(|one| one.versions.len()).collect::<Vec<_>>(), [0, 0, 1]);
    assert_eq!(said.source, "Kestrel");
    let bill = text.replace("\"vulnerabilities\"", r#""components":[{"name":"a"}],"vulnerabilities""#);
    let is_bill = |text: &str| matches!(read(text.as_bytes()).unwrap().into_vex(), Err(NoVex::Bill(_)));
    assert!(is_bill(&bill));
    assert!(is_bill(r#"{"bomFormat":"CycloneDX"}"#), "nothing is said");
}

/// CycloneDX, `affects[].ref`: a reference within a document means nothing outside of it; a package URL does.
#[test]
fn vex_on_others_names_a_part_that_they_know_or_is_refused() {
    let vex = |head: &str, affects: &str| {
        let text = format!(
            r#"{{"bomFormat":"CycloneDX",{head}"vulnerabilities":[{{"id":"X","analysis":{{"state":"not_affected"}},"affects":[{affects}]}}]}}"#
        );
        read(text.as_bytes()).unwrap().into_vex()
    };
    for name in [
        "pkg:pypi/a@1.0",
        "PKG://npm/@scope/a",
        "cpe:2.3:a:kestrel:a\\\\:b:1.0:*:*:*:*:*:*:*",
        "cpe:/a:kestrel:a:1.0",
    ] {
        let plain = name.replace("\\\\", "\\");
        let affects = format!(r#"{{"ref":"{name}"}},{{"ref":"nobody"}}"#);
        let [said] = vex("", &affects).unwrap().try_into().unwrap();
        assert_eq!(said.products, [Product { names: vec![plain], ..Product::default() }]);
        let own = (said.document.as_str(), said.source.as_str());
        assert_eq!(own, ("a VEX document without an id", "a VEX document"));
    }
    // Of a product without either, name and version may be known; and versions may be listed beside the name of a package.
    let own = r#""metadata":{"component":{"bom-ref":"own","name":"gateway","version":"4.2"}},"#;
    let [said] = vex(own, r#"{"ref":"own"},{"ref":"nobody"}"#).unwrap().try_into().unwrap();
    assert_eq!(said.products, [Product { names: vec!["gateway 4.2".to_owned()], ..Product::default() }]);
    let versions = r#"{"ref":"pkg:pypi/a","versions":[{"version":"1.0"},{"range":"vers:pypi/>2"}]}"#;
    let [said] = vex("", versions).unwrap().try_into().unwrap();
    assert_eq!(
        (said.products[0].names.join(" ").as_str(), said.products[0].versions.len()),
        ("pkg:pypi/a", 2)
    );
    // What names nothing is refused: without a type, a name or attributes, too.
    let nameless = own.replace(r#","version":"4.2""#, "");
    let nothing = [
        "nobody",
        "pkg:",
        "pkg:gateway",
        "pkg:/a@1",
        "pkg:pypi/@1.0",
        "pkg:p y/a",
        "cpe:",
        "cpe:2.3:a:b:c",
        "cpe:/x:b",
    ];
    let nothing = nothing.map(|name| ("", format!(r#"{{"ref":"{name}"}}"#)));
    for (head, affects) in
        [(nameless.as_str(), r#"{"ref":"own"}"#.to_owned()), ("", String::new())].into_iter().chain(nothing)
    {
        let affects = affects.as_str();
        let Err(NoVex::NamesNoPart(error)) = vex(head, affects) else { panic!("{head} {affects}") };
        assert!(error.to_string().starts_with("/vulnerabilities: no statement about a part"), "{error}");
    }
    // In a bill that lists parts, a package URL is the name of a part of it, or of nothing.
    let text = r#"{"bomFormat":"CycloneDX","components":[{"bom-ref":"a","name":"a"}],"vulnerabilities":[{"id":"X",
        "analysis":{"state":"not_affected"},"affects":[{"ref":"pkg:pypi/a@1.0"}]}]}"#;
    assert_eq!(read(text.as_bytes()).unwrap().statements[0].products, []);
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
