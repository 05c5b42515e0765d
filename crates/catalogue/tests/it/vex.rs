//! VEX against the version that is in the bill, and by links from outside it.

use super::catalogue as open;
use super::fixtures::{Folder, import, now, osv};
use catalogue::{Catalogue, Said};
use formats::record::Status;
use formats::vex::Statement;
use formats::{Kind, sbom, vex};
use serde_json::{Value, json};

const SERIAL: &str = "3e671687-395b-41f5-a30f-a58921a69b79";

fn filled(folder: &Folder) -> Catalogue {
    let catalogue = open(folder);
    assert_eq!(import(&catalogue, &[folder.file("1.json", osv("PYSEC-1", "a", "9", "2024-05-05"))]).bad, []);
    catalogue
}

/// A bill of one part, and what it says itself of the vulnerability.
fn bill(part: Value, analysis: Value, affects: Value) -> Value {
    json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": format!("urn:uuid:{SERIAL}"), "version": 2,
        "metadata": { "component": { "bom-ref": "root", "name": "gateway", "version": "4.2" } }, "components": [part],
        "vulnerabilities": [{ "id": "PYSEC-1", "analysis": analysis, "affects": affects }] })
}

/// What is said of the one finding.
fn said(catalogue: &Catalogue, bill: &Value, statements: &[Statement]) -> Option<Said> {
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
