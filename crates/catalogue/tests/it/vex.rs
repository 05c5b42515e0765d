//! VEX against the version that is in the bill, and by links from outside it.

use super::catalogue as open;
use super::fixtures::{Folder, import, now, osv};
use catalogue::{Catalogue, Said};
use formats::record::Status;
use formats::vex::Statement;
use formats::{Kind, sbom, vex};
use serde_json::{Value, json};

const SERIAL: &str = "3e671687-395b-41f5-a30f-a58921a69b79";

pub(super) fn filled(folder: &Folder) -> Catalogue {
    let catalogue = open(folder);
    assert_eq!(import(&catalogue, &[folder.file("1.json", osv("PYSEC-1", "a", "9", "2024-05-05"))]).bad, []);
    catalogue
}

/// A bill of one part, and what it says itself of the vulnerability.
pub(super) fn bill(part: Value, analysis: Value, affects: Value) -> Value {
    json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": format!("urn:uuid:{SERIAL}"), "version": 2,
        "metadata": { "component": { "bom-ref": "root", "name": "gateway", "version": "4.2" } }, "components": [part],
        "vulnerabilities": [{ "id": "PYSEC-1", "analysis": analysis, "affects": affects }] })
}

/// What is said of the one finding.
pub(super) fn said(catalogue: &Catalogue, bill: &Value, statements: &[Statement]) -> Option<Said> {
    let bill = sbom::read(bill.to_string().as_bytes()).unwrap();
    let mut found = catalogue.inventory("bom.json", bill, statements, now()).unwrap().findings;
    assert_eq!(found.len(), 1, "VEX never takes a finding away");
    let found = found.remove(0);
    assert_eq!(
        found.stands(),
        !found.vex.as_ref().is_some_and(|said| [Status::NotAffected, Status::Fixed].contains(&said.status))
    );
    found.vex
}

/// CycloneDX 1.4 to 1.6, `affects[].versions`.
#[test]
fn vex_about_another_version_says_nothing_of_the_one_in_the_bill() {
    let folder = Folder::new();
    let catalogue = filled(&folder);
    let part = json!({ "bom-ref": "a", "name": "a", "purl": "pkg:pypi/a@1.0" });
    let status = |state: &str, versions: Value| {
        let affects = json!([{ "ref": "a", "versions": versions }]);
        let analysis = json!({ "state": state, "detail": "Why." });
        said(&catalogue, &bill(part.clone(), analysis, affects), &[]).map(|said| said.status)
    };
    let not_affected = |versions: Value| status("not_affected", versions);
    assert_eq!(not_affected(json!([])), Some(Status::NotAffected), "every version");
    assert_eq!(not_affected(json!([{ "version": "1.0" }])), Some(Status::NotAffected));
    assert_eq!(not_affected(json!([{ "version": "1.0.0" }])), Some(Status::NotAffected), "PEP 440");
    assert_eq!(not_affected(json!([{ "version": "1.1" }])), None);
    assert_eq!(not_affected(json!([{ "range": "vers:pypi/>=0.9|<2" }])), Some(Status::NotAffected));
    assert_eq!(not_affected(json!([{ "range": "vers:pypi/>1|<2" }])), None);
    assert_eq!(not_affected(json!([{ "version": "7" }, { "version": "1.0" }])), Some(Status::NotAffected));
    assert_eq!(status("resolved", json!([{ "version": "1.0" }])), Some(Status::Fixed));
    let fixed_in = |version: &str| json!([{ "version": "1.0", "status": "affected" }, { "version": version, "status": "unaffected" }]);
    assert_eq!(status("resolved", fixed_in("1.1")), Some(Status::Affected), "fixed in another");
    assert_eq!(status("exploitable", json!([{ "version": "1.0" }])), Some(Status::Affected));
    // A status of its own.
    let unaffected = json!([{ "version": "1.0", "status": "unaffected" }]);
    assert_eq!(status("exploitable", unaffected.clone()), Some(Status::NotAffected));
    let unknown = json!([{ "version": "1.0", "status": "unknown" }]);
    assert_eq!(not_affected(unknown), Some(Status::Unknown));
    // What names the version is meant before a range, and of two ranges the one that lets the finding stand.
    let range = |text: &str, status: &str| json!({ "range": text, "status": status });
    let both = json!([range("vers:pypi/<2", "affected"), { "version": "1.0", "status": "unaffected" }]);
    assert_eq!(status("exploitable", both), Some(Status::NotAffected));
    for (first, second) in [("affected", "unaffected"), ("unaffected", "affected")] {
        let both = json!([range("vers:pypi/<2", first), range("vers:pypi/<3", second)]);
        assert_eq!(status("exploitable", both), Some(Status::Affected));
    }
    // Nothing is said of why a version is not affected that others are affected by.
    let affects = json!([{ "ref": "a", "versions": unaffected }]);
    let alone = bill(part.clone(), json!({ "state": "exploitable", "detail": "Why." }), affects.clone());
    assert_eq!(said(&catalogue, &alone, &[]).unwrap().why, None);
    let listed = bill(part.clone(), Value::Null, affects);
    assert_eq!(said(&catalogue, &listed, &[]).unwrap().status, Status::NotAffected, "without an analysis");
}

#[test]
fn a_range_that_nobody_can_read_is_a_doubt_with_a_note() {
    let folder = Folder::new();
    let catalogue = filled(&folder);
    let part = json!({ "bom-ref": "a", "name": "a", "purl": "pkg:pypi/a@1.0" });
    let told = |part: &Value, versions: Value| {
        let affects = json!([{ "ref": "a", "versions": versions }]);
        said(&catalogue, &bill(part.clone(), json!({ "state": "not_affected" }), affects), &[])
            .map(|said| (said.status, said.why.unwrap_or_default()))
    };
    let doubt =
        |why: &str| Some((Status::Unknown, format!("it says \"not affected\" of some versions, and {why}")));
    for range in ["< 2", "vers:strange/>=0.1", "vers:pypi/>nonsense"] {
        let expected = doubt(&format!("whether 1.0 is one of {range:?} cannot be told"));
        assert_eq!(told(&part, json!([{ "range": range }])), expected);
        assert_eq!(told(&part, json!([{ "range": range }, { "version": "2" }])), expected);
    }
    // It cannot outweigh what is said of this very version, nor change what is said in any case.
    let sure = Some((Status::NotAffected, String::new()));
    assert_eq!(told(&part, json!([{ "range": "< 2", "status": "unknown" }, { "version": "1.0" }])), sure);
    assert_eq!(told(&part, json!([{ "range": "< 2" }, { "range": "vers:pypi/<2" }])), sure);
    let other = json!([{ "range": "< 2", "status": "unknown" }, { "range": "vers:pypi/<2" }]);
    assert_eq!(told(&part, other).unwrap().0, Status::Unknown);
}

/// CycloneDX 1.6, `bom-ref`: "Every bom-ref must be unique within the BOM". What several parts have means none of them.
#[test]
fn a_reference_that_several_parts_have_means_none_of_them() {
    let folder = Folder::new();
    let catalogue = filled(&folder);
    let other = |reference: &str| {
        json!({ "bom-ref": "a", "name": "a", "purl": "pkg:pypi/a@1.0",
            "components": [{ "bom-ref": reference, "name": "b" }] })
    };
    let told = |part: Value, name: &str, versions: Value| {
        let affects = json!([{ "ref": name, "versions": versions }]);
        said(&catalogue, &bill(part, json!({ "state": "not_affected" }), affects), &[])
    };
    let link = format!("urn:cdx:{SERIAL}/2#a");
    for name in ["a", link.as_str()] {
        for versions in [json!([]), json!([{ "version": "1.0" }])] {
            assert!(told(other("b"), name, versions.clone()).is_some());
            assert_eq!(told(other("a"), name, versions), None);
        }
        let text = json!({ "@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.org/vex", "author": "Kestrel",
            "statements": [{ "vulnerability": { "name": "PYSEC-1" }, "products": [{ "@id": name }], "status": "not_affected" }] });
        let vex = vex::read(Kind::OpenVex, text.to_string().as_bytes()).unwrap();
        let asked = |part: Value| said(&catalogue, &bill(part, Value::Null, json!([])), &vex);
        assert!(asked(other("b")).is_some() && asked(other("a")).is_none());
    }
    assert_eq!(told(other("root"), "root", json!([])), None, "not even the product as a whole");
    // It is told, where anything is said of parts.
    let notes = |reference: &str, affects: Value| {
        let text = bill(other(reference), json!({ "state": "resolved" }), affects).to_string();
        let bill = sbom::read(text.as_bytes()).unwrap();
        catalogue.inventory("bom.json", bill, &[], now()).unwrap().notes
    };
    assert_eq!(
        notes("a", json!([{ "ref": "a" }])),
        [
            "1 statement of VEX is not heard: it is by references that several parts share",
            "\"a\" is the reference of several parts of the bill: no VEX by it is heard"
        ]
    );
    assert_eq!(notes("b", json!([{ "ref": "a" }])), [""; 0]);
}

/// CycloneDX 1.4 to 1.6, `affects[].versions`, in VEX apart from the bill: a package by its URL, and its versions.
#[test]
fn vex_of_a_package_and_its_versions_is_about_the_parts_in_those() {
    let folder = Folder::new();
    let catalogue = filled(&folder);
    let bill = bill(json!({ "name": "a", "purl": "pkg:pypi/a@1.0" }), Value::Null, json!([]));
    let told = |head: Value, name: &str, state: &str, versions: Value| {
        let text = json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": head,
            "vulnerabilities": [{ "id": "PYSEC-1", "analysis": { "state": state }, "affects": [{ "ref": name, "versions": versions }] }] });
        let vex = sbom::read(text.to_string().as_bytes()).unwrap().into_vex().unwrap();
        said(&catalogue, &bill, &vex).map(|said| said.status)
    };
    let of = |name: &str, versions: Value| told(Value::Null, name, "not_affected", versions);
    for name in ["pkg:pypi/a", "pkg:pypi/A@1.0", "pkg:pypi/a@7"] {
        assert_eq!(of(name, json!([{ "version": "1.0" }])), Some(Status::NotAffected), "{name}");
        assert_eq!(of(name, json!([{ "range": "vers:pypi/>=0.9|<2" }])), Some(Status::NotAffected));
        assert_eq!(of(name, json!([{ "version": "1.1" }, { "range": "vers:pypi/>1|<2" }])), None);
        assert_eq!(of(name, json!([{ "version": "1.0", "status": "unknown" }])), Some(Status::Unknown));
        assert_eq!(of(name, json!([{ "range": "nonsense" }])), Some(Status::Unknown));
    }
    let of_one = |status: &str| json!([{ "version": "1.0", "status": status }]);
    assert_eq!(
        told(Value::Null, "pkg:pypi/a", "exploitable", of_one("unaffected")),
        Some(Status::NotAffected)
    );
    assert_eq!(told(Value::Null, "pkg:pypi/a", "exploitable", of_one("affected")), Some(Status::Affected));
    for other in ["pkg:pypi/b", "pkg:npm/a", "pkg:pypi/a?repository_url=example.org"] {
        assert_eq!(of(other, json!([{ "version": "1.0" }])), None, "{other}");
    }
    // The document's own product is known by its package URL elsewhere.
    let own = |version: &str| {
        let head = json!({ "component": { "bom-ref": "own", "name": "x", "purl": "pkg:pypi/a" } });
        told(head, "own", "not_affected", json!([{ "version": version }]))
    };
    assert_eq!((own("1.0"), own("1.1")), (Some(Status::NotAffected), None));
}

/// CSAF 2.0, 3.1.3.3 (the helper is optional), OpenVEX 0.2.0 (`@id`), CycloneDX (`metadata.component`): a product that has
/// but a name and a version is what the bill is a bill of, if that is called just so.
#[test]
fn a_product_without_identifiers_is_the_subject_by_name_and_version_alone() {
    let folder = Folder::new();
    let catalogue = filled(&folder);
    let part = json!({ "bom-ref": "a", "name": "a", "purl": "pkg:pypi/a@1.0" });
    let bill = bill(part, Value::Null, json!([]));
    let openvex = |name: &str| {
        let text = json!({ "@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.org/vex", "author": "Kestrel",
            "statements": [{ "vulnerability": { "name": "PYSEC-1" }, "products": [{ "@id": name }], "status": "not_affected" }] });
        vex::read(Kind::OpenVex, text.to_string().as_bytes()).unwrap()
    };
    let csaf = |tree: Value| {
        let text = json!({ "document": { "csaf_version": "2.0", "publisher": { "name": "Kestrel" }, "tracking": { "id": "K-1" } },
            "product_tree": tree, "vulnerabilities": [{ "cve": "PYSEC-1", "product_status": { "known_not_affected": ["P"] } }] });
        vex::read(Kind::Csaf20, text.to_string().as_bytes()).unwrap()
    };
    let named = |name: &str| json!([{ "product_id": "P", "name": name }]);
    let full = |name: &str| csaf(json!({ "full_product_names": named(name) }));
    let branches = |name: &str, version: &str| {
        let product = json!({ "product_id": "P", "name": "Kestrel Gateway" });
        let version = json!([{ "category": "product_version", "name": version, "product": product }]);
        csaf(json!({ "branches": [{ "category": "product_name", "name": name, "branches": version }] }))
    };
    let cyclonedx = |version: &str| {
        let text = json!({ "bomFormat": "CycloneDX", "metadata": { "component": { "bom-ref": "own", "name": "gateway", "version": version } },
            "vulnerabilities": [{ "id": "PYSEC-1", "analysis": { "state": "not_affected" }, "affects": [{ "ref": "own" }] }] });
        sbom::read(text.to_string().as_bytes()).unwrap().into_vex().unwrap()
    };
    let heard = [
        openvex("gateway 4.2"),
        openvex("gateway@4.2"),
        full("gateway 4.2"),
        branches("gateway", "4.2"),
        cyclonedx("4.2"),
    ];
    for vex in heard {
        assert_eq!(
            said(&catalogue, &bill, &vex).map(|said| said.status),
            Some(Status::NotAffected),
            "{vex:?}"
        );
    }
    // In another product it is not the subject, and what else it is called by counts before its name.
    let within = csaf(
        json!({ "full_product_names": [{ "product_id": "G", "name": "gateway 4.2" }, { "product_id": "T", "name": "toaster" }],
        "relationships": [{ "category": "installed_with", "product_reference": "G", "relates_to_product_reference": "T",
            "full_product_name": { "product_id": "P", "name": "gateway in toaster" } }] }),
    );
    let helper = json!({ "purl": "pkg:generic/other@1" });
    let other = csaf(
        json!({ "full_product_names": [{ "product_id": "P", "name": "gateway 4.2", "product_identification_helper": helper }] }),
    );
    let words = ["gateway", "gateway 4.20", "Gateway 4.2", "gateway4.2", "my gateway 4.2", "a 1.0"];
    let unheard = words.iter().flat_map(|name| [openvex(name), full(name)]);
    for vex in unheard.chain([branches("gateway", "4"), cyclonedx("4"), within, other]) {
        assert_eq!(said(&catalogue, &bill, &vex), None, "{vex:?}");
    }
}

/// Statements beside those that are heard are counted, by what keeps them from being heard.
#[test]
fn statements_that_are_heard_of_no_part_are_counted_and_told() {
    let folder = Folder::new();
    let catalogue = filled(&folder);
    let notes = |bill: &Value, statements: &[Statement]| {
        let bill = sbom::read(bill.to_string().as_bytes()).unwrap();
        catalogue.inventory("bom.json", bill, statements, now()).unwrap()
    };
    let plain =
        bill(json!({ "bom-ref": "a", "name": "a", "purl": "pkg:pypi/a@1.0" }), Value::Null, json!([]));
    let openvex = |products: &[&str]| {
        let products: Vec<Value> = products.iter().map(|name| json!({ "@id": name })).collect();
        let said =
            json!({ "vulnerability": { "name": "CVE-1900-9999" }, "products": products, "status": "fixed" });
        let nameless = json!({ "vulnerability": {}, "products": products, "status": "fixed" });
        let text = json!({ "@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.org/vex", "statements": [said, nameless] });
        let mut statements = vex::read(Kind::OpenVex, text.to_string().as_bytes()).unwrap();
        let nameless = statements.pop().unwrap();
        (statements.pop().unwrap(), nameless)
    };
    let of = |products: &[&str]| openvex(products).0;
    // What is heard, be it of a vulnerability that nothing is known of, makes no note.
    let link = format!("urn:cdx:{SERIAL}/2#a");
    let heard = [
        of(&["pkg:pypi/a"]),
        of(&["pkg:npm/x", "pkg:pypi/a@1.0"]),
        of(&["gateway 4.2"]),
        of(&["root"]),
        of(&[&link]),
    ];
    assert_eq!(notes(&plain, &heard).notes, [""; 0]);
    let elsewhere = link.replace("/2#", "/3#");
    let unheard = [
        heard[0].clone(),
        of(&["pkg:npm/x"]),
        of(&["cpe:2.3:a:x:y:*:*:*:*:*:*:*:*", "toaster"]),
        of(&[&elsewhere]),
        of(&[]),
        of(&["pkg:pypi/a@2", "pkg:npm/x"]),
        of(&["toaster 4.2"]),
        openvex(&["pkg:pypi/a"]).1,
    ];
    let expected = [
        "1 statement of VEX is not heard: it is about other versions or variants of parts than the bill has",
        "4 statements of VEX are not heard: they are about no product that is in the bill",
        "1 statement of VEX is not heard: it is about products known by words alone, which are not name and version of what the bill is of",
        "1 statement of VEX is not heard: it is about vulnerabilities without a name",
    ];
    let inventory = notes(&plain, &unheard);
    assert_eq!(inventory.notes, expected);
    let table = catalogue::csv(&inventory);
    assert!(table.contains(&format!(",note,,,,,,,{}\r\n", expected[0])), "{table}");
    let told =
        catalogue::sarif(&inventory)["runs"][0]["invocations"][0]["toolExecutionNotifications"].clone();
    assert_eq!(told[1], json!({ "level": "note", "message": { "text": expected[1] } }));
    assert_eq!(serde_json::to_value(&inventory).unwrap()["notes"][3], expected[3]);
    // In the bill itself: a reference to nothing, versions that the part does not have, and listings that say nothing.
    let affects = |name: &str, version: &str| {
        let affects = json!([{ "ref": name, "versions": [{ "version": version }] }]);
        bill(
            json!({ "bom-ref": "a", "name": "a", "purl": "pkg:pypi/a@1.0" }),
            json!({ "state": "resolved" }),
            affects,
        )
    };
    assert_eq!(
        notes(&affects("nobody", "1.0"), &[]).notes,
        [expected[1].replace(
            "4 statements of VEX are not heard: they are",
            "1 statement of VEX is not heard: it is"
        )]
    );
    assert_eq!(notes(&affects("a", "7"), &[]).notes, [expected[0]]);
    assert_eq!(notes(&affects("a", "1.0"), &[]).notes, [""; 0]);
}

/// Lists of versions are held against each part that they may mean, and there may be many of both.
#[test]
fn what_is_compared_of_versions_has_a_limit_that_is_named() {
    let folder = Folder::new();
    let catalogue = filled(&folder);
    let part = |number: usize| json!({ "name": "a", "purl": format!("pkg:pypi/a@7.{number}") });
    let bill = json!({ "bomFormat": "CycloneDX", "components": (0..2_000).map(part).collect::<Vec<_>>() });
    let ask = |bytes: usize| {
        let versions = json!([{ "range": "x".repeat(bytes), "status": "affected" }, { "version": "1" }]);
        let text = json!({ "bomFormat": "CycloneDX", "vulnerabilities": [{ "id": "PYSEC-1", "analysis": { "state": "resolved" },
            "affects": [{ "ref": "pkg:pypi/a", "versions": versions }] }] });
        let vex = sbom::read(text.to_string().as_bytes()).unwrap().into_vex().unwrap();
        let bill = sbom::read(bill.to_string().as_bytes()).unwrap();
        catalogue.inventory("bom.json", bill, &vex, now()).map(|inventory| inventory.findings.len())
    };
    assert_eq!(ask(1_000).unwrap(), 2_000);
    let refused = ask(100_000).unwrap_err().to_string();
    assert!(
        refused.starts_with("VEX: more is said of versions of the bill's parts than is compared"),
        "{refused}"
    );
}

/// What is said of some versions of the whole is said of its parts where the bill is of such a version.
#[test]
fn versions_of_the_whole_are_held_against_that_of_the_whole() {
    let folder = Folder::new();
    let catalogue = filled(&folder);
    let part = json!({ "bom-ref": "a", "name": "a", "purl": "pkg:pypi/a@1.0" });
    let of_whole = |versions: Value| {
        let affects = json!([{ "ref": "root", "versions": versions }]);
        said(&catalogue, &bill(part.clone(), json!({ "state": "not_affected" }), affects), &[])
            .map(|said| said.status)
    };
    assert_eq!(of_whole(json!([{ "range": "vers:semver/>=4|<5" }])), Some(Status::NotAffected));
    assert_eq!(of_whole(json!([{ "version": "1.0" }])), None);
}

/// CycloneDX, "BOM-Link", and CSAF 2.0, 3.1.3.3.8: serial number, version and reference of a bill.
#[test]
fn vex_apart_from_the_bill_is_about_its_parts_by_links() {
    let folder = Folder::new();
    let catalogue = filled(&folder);
    let part = json!({ "bom-ref": "pkg:pypi/a@1.0", "name": "a", "purl": "pkg:pypi/a@1.0" });
    let bill = bill(part, Value::Null, json!([]));
    let cyclonedx = |link: &str, versions: Value| {
        let text = json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": { "supplier": { "name": "Kestrel" } },
            "vulnerabilities": [{ "id": "PYSEC-1", "analysis": { "state": "not_affected" }, "affects": [{ "ref": link, "versions": versions }] }] });
        sbom::read(text.to_string().as_bytes()).unwrap().into_vex().unwrap()
    };
    let openvex = |link: &str, _: Value| {
        let text = json!({ "@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.org/vex", "author": "Kestrel",
            "statements": [{ "vulnerability": { "name": "PYSEC-1" }, "products": [{ "@id": link }], "status": "not_affected" }] });
        vex::read(Kind::OpenVex, text.to_string().as_bytes()).unwrap()
    };
    let csaf = |link: &str, _: Value| {
        let helper = json!({ "x_generic_uris": [{ "namespace": "https://cyclonedx.org/capabilities/bomlink/", "uri": link }] });
        let text = json!({ "document": { "csaf_version": "2.0", "publisher": { "name": "Kestrel" }, "tracking": { "id": "K-1" } },
            "product_tree": { "full_product_names": [{ "product_id": "P", "name": "a", "product_identification_helper": helper }] },
            "vulnerabilities": [{ "cve": "PYSEC-1", "product_status": { "known_not_affected": ["P"] } }] });
        vex::read(Kind::Csaf20, text.to_string().as_bytes()).unwrap()
    };
    let own = format!("urn:cdx:{SERIAL}/2#pkg:pypi/a@1.0");
    for read in [&cyclonedx as &dyn Fn(&str, Value) -> Vec<Statement>, &openvex, &csaf] {
        let told = said(&catalogue, &bill, &read(&own, json!([]))).unwrap();
        assert_eq!((told.status, told.source.as_str()), (Status::NotAffected, "Kestrel"));
        assert!(
            said(&catalogue, &bill, &read(&own.replace("/2#", "/1#"), json!([]))).is_none(),
            "another bill"
        );
    }
    let of_version =
        |version: &str| said(&catalogue, &bill, &cyclonedx(&own, json!([{ "version": version }])));
    assert!(of_version("1.0").is_some() && of_version("1.1").is_none());
    let whole = cyclonedx(&format!("urn:cdx:{SERIAL}/2#root"), json!([]));
    assert_eq!(said(&catalogue, &bill, &whole).unwrap().status, Status::NotAffected, "all of the product");
}

/// CSAF 2.0, 3.2.3.2 and 3.2.3.6: `cve` is optional, and `ids` are what others call the vulnerability.
#[test]
fn vex_of_csaf_is_heard_about_vulnerabilities_without_a_cve_id() {
    let csaf = |id: &str, flaws: Value| {
        let version = json!({ "product_id": "P", "name": "a", "product_identification_helper": { "purl": "pkg:pypi/a@1.0" } });
        json!({ "document": { "csaf_version": "2.0", "title": "Flaws", "category": "csaf_vex", "publisher": { "name": "Kestrel" },
                "tracking": { "id": id, "status": "final", "version": "1", "revision_history": [] } },
            "product_tree": { "branches": [{ "category": "product_version", "name": "1.0", "product": version }] },
            "vulnerabilities": flaws })
        .to_string()
    };
    let ids = |texts: &[&str]| {
        texts.iter().map(|text| json!({ "system_name": "x", "text": text })).collect::<Vec<_>>()
    };
    let flaw =
        |texts: &[&str], status: &str| json!({ "ids": ids(texts), "product_status": { status: ["P"] } });
    let part = json!({ "bom-ref": "a", "name": "a", "purl": "pkg:pypi/a@1.0" });
    let bill = bill(part, Value::Null, json!([]));
    let ask = |catalogue: &Catalogue, vex: &str| -> Vec<(String, bool)> {
        let bill = sbom::read(bill.to_string().as_bytes()).unwrap();
        let said = vex::read(Kind::Csaf20, vex.as_bytes()).unwrap();
        let found = catalogue.inventory("bom.json", bill, &said, now()).unwrap().findings;
        let mut told: Vec<_> = found.iter().map(|one| (one.known.id.clone(), one.stands())).collect();
        told.sort();
        told
    };
    let told =
        |all: &[(&str, bool)]| all.iter().map(|(id, stands)| ((*id).to_owned(), *stands)).collect::<Vec<_>>();
    // By what others call it; an id of the advisory is one of no flaw, however it is spelt.
    let folder = Folder::new();
    let catalogue = open(&folder);
    let known = "known_affected";
    let several = csaf(
        "K-1",
        json!([flaw(&["K-1", "S", "B-1"], known), flaw(&["s "], known), flaw(&["S", "k-1"], known)]),
    );
    assert_eq!(import(&catalogue, &[folder.file("1.json", &several)]).bad, []);
    let [first, second, third] = ["B-1", "K-1, vulnerability 2", "K-1, vulnerability 3"];
    let not = "known_not_affected";
    assert_eq!(
        ask(&catalogue, &csaf("V-1", json!([flaw(&["X", "B-1"], not)]))),
        told(&[(first, false), (second, true), (third, true)])
    );
    // The next revision puts a vulnerability in front: the places are those of others now.
    let newer = json!([flaw(&["B-0"], known), flaw(&["B-1"], not), flaw(&[], not)]);
    assert_eq!(ask(&catalogue, &csaf("K-1", newer)), told(&[(first, false), (second, true), (third, true)]));
    let nameless = csaf("K-1", json!([flaw(&["S"], not), flaw(&["S"], not)]));
    let error = vex::read(Kind::Csaf20, nameless.as_bytes()).unwrap_err().to_string();
    assert!(error.starts_with("/vulnerabilities: none of them has an id"), "{error}");
    // The CVE id of one is no id of another that names it.
    let folder = Folder::new();
    let catalogue = open(&folder);
    let mut one = flaw(&[], known);
    one["cve"] = json!("CVE-2024-1");
    let two = csaf("K-1", json!([one, flaw(&["cve-2024-1"], known)]));
    assert_eq!(import(&catalogue, &[folder.file("1.json", two)]).bad, []);
    assert_eq!(
        ask(&catalogue, &csaf("V-1", json!([flaw(&["CVE-2024-1"], not)]))),
        told(&[("CVE-2024-1", false), (second, true)])
    );
    // The only one of a document is known by the id of that.
    let folder = Folder::new();
    let catalogue = open(&folder);
    assert_eq!(import(&catalogue, &[folder.file("1.json", csaf("K-2", json!([flaw(&[], known)])))]).bad, []);
    assert_eq!(ask(&catalogue, &csaf("K-2", json!([flaw(&[], not)]))), told(&[("K-2", false)]));
    assert_eq!(ask(&catalogue, &csaf("K-3", json!([flaw(&[], not)]))), told(&[("K-2", true)]));
}
