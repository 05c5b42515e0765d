//! VEX that says less than its names seem to: no finding is closed by what is said of less, or of another.

use super::fixtures::{Folder, now};
use super::vex::{bill, filled, said};
use formats::record::Status;
use formats::vex::Statement;
use formats::{Kind, sbom, vex};
use serde_json::{Value, json};

fn apart(component: Value, state: &str, affects: Value) -> Vec<Statement> {
    let text = json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": { "component": component },
        "vulnerabilities": [{ "id": "PYSEC-1", "analysis": { "state": state }, "affects": affects }] });
    sbom::read(text.to_string().as_bytes()).unwrap().into_vex().unwrap()
}

fn one(version: &str, status: &str) -> Value {
    json!({ "version": version, "status": status })
}

/// CycloneDX 1.6, `affects[].versions`: what is said of the version of a part comes before what is said of the version
/// of the whole, also where both are versions of one package.
#[test]
fn what_is_said_of_a_part_comes_before_what_is_said_of_the_whole() {
    let folder = Folder::new();
    let catalogue = filled(&folder);
    let mut bill = bill(json!({ "name": "a", "purl": "pkg:pypi/a@1.0" }), Value::Null, json!([]));
    bill["metadata"]["component"]["purl"] = json!("pkg:pypi/a@2");
    let told = |versions: Value| {
        let vex = apart(Value::Null, "exploitable", json!([{ "ref": "pkg:pypi/a", "versions": versions }]));
        said(&catalogue, &bill, &vex).map(|said| said.status)
    };
    let (safe, hit) = (one("2", "unaffected"), one("1.0", "affected"));
    assert_eq!(told(json!([safe, hit])), Some(Status::Affected));
    assert_eq!(told(json!([safe])), Some(Status::NotAffected), "of the whole alone");
}

/// CycloneDX 1.6, `affects[]`: entries about one reference are one list, and versions of a product that is known by name
/// and version are held against the bill's.
#[test]
fn versions_of_one_product_bear_on_each_other_wherever_they_are_listed() {
    let folder = Folder::new();
    let catalogue = filled(&folder);
    let plain =
        bill(json!({ "bom-ref": "a", "name": "a", "purl": "pkg:pypi/a@1.0" }), Value::Null, json!([]));
    let own = json!({ "bom-ref": "own", "name": "gateway", "version": "4.2" });
    let told = |affects: Value| {
        let vex = apart(own.clone(), "resolved", affects);
        said(&catalogue, &plain, &vex).map(|said| said.status)
    };
    let listed = json!([{ "ref": "own" }, { "ref": "own", "versions": [one("4.1", "unaffected"), one("4.2", "affected")] }]);
    assert_eq!(told(listed), Some(Status::Affected), "it is fixed, but not in this version");
    assert_eq!(told(json!([{ "ref": "own", "versions": [one("4.2", "unaffected")] }])), Some(Status::Fixed));
    assert_eq!(told(json!([{ "ref": "own", "versions": [one("4.3", "unaffected")] }])), None);
    let named = json!({ "version": "1.0" });
    for affects in [
        json!([{ "ref": "a", "versions": [{ "range": "vers:pypi/<2", "status": "unaffected" }] }, { "ref": "a", "versions": [named] }]),
        json!([{ "ref": "a", "versions": [{ "range": "vers:pypi/<2", "status": "unaffected" }, named] }]),
    ] {
        let part = json!({ "bom-ref": "a", "name": "a", "purl": "pkg:pypi/a@1.0" });
        assert_eq!(
            said(&catalogue, &bill(part, Value::Null, affects), &[]),
            None,
            "1.0 is named without a word"
        );
    }
}

/// CSAF 2.0, 3.1.2.2 (categories of branches) and 3.1.3.3 (identification helper): a product of another vendor, of a
/// family, of one specification or of some serial numbers is not the one that has but the same name and version.
#[test]
fn a_name_with_more_to_it_is_not_the_subject() {
    let folder = Folder::new();
    let catalogue = filled(&folder);
    let plain =
        bill(json!({ "bom-ref": "a", "name": "a", "purl": "pkg:pypi/a@1.0" }), Value::Null, json!([]));
    let told = |branches: &[(&str, &str)], helper: Value| {
        let product =
            json!({ "product_id": "P", "name": "gateway 4.2", "product_identification_helper": helper });
        let (last, above) = branches.split_last().unwrap();
        let mut tree = json!({ "category": last.0, "name": last.1, "product": product });
        for (category, name) in above.iter().rev() {
            tree = json!({ "category": category, "name": name, "branches": [tree] });
        }
        let text = json!({ "document": { "csaf_version": "2.0", "tracking": { "id": "K-1" } }, "product_tree": { "branches": [tree] },
            "vulnerabilities": [{ "cve": "PYSEC-1", "product_status": { "known_not_affected": ["P"] } }] });
        let vex = vex::read(Kind::Csaf20, text.to_string().as_bytes()).unwrap();
        said(&catalogue, &plain, &vex).map(|said| said.status)
    };
    let own = [("product_name", "gateway"), ("product_version", "4.2")];
    let with = |first: (&'static str, &'static str)| [&[first][..], &own].concat();
    assert_eq!(told(&own, Value::Null), Some(Status::NotAffected));
    assert_eq!(told(&with(("product_family", "gateways")), Value::Null), Some(Status::NotAffected));
    for other in [
        ("vendor", "Another"),
        ("specification", "Windows only"),
        ("language", "de"),
        ("architecture", "arm64"),
    ] {
        assert_eq!(told(&with(other), Value::Null), None, "{other:?}");
    }
    assert_eq!(told(&[("product_family", "gateway"), ("product_version", "4.2")], Value::Null), None);
    for helper in ["serial_numbers", "model_numbers", "skus", "hashes"] {
        assert_eq!(told(&own, json!({ helper: ["1"] })), None, "{helper}");
    }
}

/// The purl specification, "subpath": a place within a package is not the package.
#[test]
fn a_place_within_a_package_is_not_the_package() {
    let folder = Folder::new();
    let catalogue = filled(&folder);
    let bill = bill(json!({ "name": "a", "purl": "pkg:pypi/a@1.0" }), Value::Null, json!([]));
    let told = |name: &str| {
        let vex = apart(Value::Null, "not_affected", json!([{ "ref": name }]));
        let text = bill.to_string();
        let notes =
            catalogue.inventory("b", sbom::read(text.as_bytes()).unwrap(), &vex, now()).unwrap().notes;
        (said(&catalogue, &bill, &vex).map(|said| said.status), notes.len())
    };
    assert_eq!(told("pkg:pypi/a@1.0"), (Some(Status::NotAffected), 0));
    assert_eq!(told("pkg:pypi/a@1.0#cmd/x"), (None, 1));
}
