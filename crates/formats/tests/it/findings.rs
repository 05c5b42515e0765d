//! What `check` says about an advisory that is not ready.

use crate::invented;
use formats::advisory::{Acknowledgement, CreditKind, Format, Weight, Which};
use formats::record::Status;
use formats::{Advisory, Finding, csaf, cve, osv};

/// Places and formats of the findings after a change to the invented advisory.
fn after(change: impl FnOnce(&mut Advisory)) -> Vec<String> {
    let mut advisory = invented::advisory();
    change(&mut advisory);
    advisory.check().iter().map(ToString::to_string).collect()
}

#[test]
fn every_rule_on_texts_names_its_place_and_reason() {
    assert_eq!(
        after(|a| a.id = "HEL 1".into()),
        ["/id (all formats): is not letters and digits in groups, as in HEL-2026-000123"]
    );
    assert_eq!(after(|a| a.title = " ".into()), ["/title (all formats): is empty"]);
    assert_eq!(
        after(|a| a.title = "a\nb".into()),
        ["/title (all formats): has a line break or another control character"]
    );
    assert_eq!(after(|a| a.title = "x".repeat(257)), ["/title (CVE): has more than 256 characters"]);
    assert_eq!(after(|a| a.cves.clear()), ["/cves (CVE): has no CVE id to write a record for"]);
    assert_eq!(after(|a| a.cves[0] = "CVE-1".into()), ["/cves/0 (all formats): is not a CVE id"]);
    assert_eq!(
        after(|a| a.aliases.push("NW-SA-26-07".into())),
        ["/aliases/1 (all formats): stands there twice"]
    );
    assert_eq!(after(|a| a.impact = Some(String::new())), ["/impact (all formats): is empty"]);
    assert_eq!(after(|a| a.language = "de".into()), ["/language (CVE): must be English"]);
    assert_eq!(
        after(|a| a.references.clear()),
        ["/references (CVE): has no public link; a CVE record is never the first"]
    );
    assert_eq!(
        after(|a| a.references[1].url = "nordwind".into()),
        ["/references/1/url (all formats): is not an https or http address"]
    );
    assert_eq!(
        after(|a| a.severities[0].vector = "CVSS:3.1/AV:N".into()),
        ["/severities/0/vector (all formats): a base metric is missing"]
    );
    assert_eq!(
        after(|a| a.severities[1] = a.severities[0].clone()),
        ["/severities/1/vector (all formats): is a second vector of the same version"]
    );
    assert_eq!(
        after(|a| a.weaknesses[1] = a.weaknesses[0].clone()),
        ["/weaknesses/1/id (all formats): stands there twice"]
    );
    assert_eq!(after(|a| a.revisions[1].number = 3), ["/revisions/1/number (all formats): is not 2"]);
    assert_eq!(
        after(|a| a.current_release = a.initial_release),
        ["/current_release (all formats): is not the date of the last revision"]
    );
}

#[test]
fn every_rule_on_products_names_its_place_and_reason() {
    assert_eq!(
        after(|a| a.publisher.cve_organisation = None),
        ["/publisher/cve_organisation (CVE): is missing: who assigns the id"]
    );
    assert_eq!(
        after(|a| a.products[0].versions.clear()),
        ["/products/0/versions (all formats): names no version"]
    );
    assert_eq!(
        after(|a| a.products[0].versions[1].which = Which::Exact("prior to 4.2".into())),
        [
            "/products/0/versions/1/which (all formats): has \"prior\" in it, so it is a range and not one version"
        ]
    );
    assert_eq!(
        after(|a| {
            let mut again = a.products[0].versions[0].clone();
            again.status = Status::NotAffected;
            a.products[0].versions.push(again);
        }),
        ["/products/0/versions/3 (all formats): contradicts the status given before"]
    );
    assert_eq!(
        after(|a| a.products[1].package.as_mut().unwrap().ecosystem = "Kestrel".into()),
        ["/products/1/package/ecosystem (OSV): is not an ecosystem of OSV"]
    );
    assert_eq!(
        after(|a| a.products[1].package.as_mut().unwrap().purl = Some("pkg:pypi/a@1".into())),
        ["/products/1/package/purl (all formats): is not a package URL without a version"]
    );
}

#[test]
fn an_anonymous_reporter_is_left_out_and_not_left_blank() {
    let anonymous = Acknowledgement { name: None, organisation: None, kind: CreditKind::Reporter };
    assert_eq!(
        after(|a| a.acknowledgements.push(anonymous)),
        ["/acknowledgements/2 (all formats): names nobody; an anonymous reporter is left out"]
    );
}

#[test]
fn an_error_stops_its_own_format_and_a_warning_stops_none() {
    let mut advisory = invented::advisory();
    advisory.cves.clear();
    advisory.products.pop();
    let found: Vec<(Format, Weight)> =
        advisory.check().iter().map(|finding| (finding.format, finding.weight)).collect();
    assert_eq!(found, [(Format::Cve, Weight::Error), (Format::Osv, Weight::Warning)]);
    assert!(csaf::render(&advisory).is_ok() && osv::render(&advisory).is_ok());
    let refused: Vec<Finding> = cve::render(&advisory, "CVE-1900-0042").unwrap_err();
    assert_eq!(refused.len(), 1);
}

#[test]
fn an_affected_product_without_a_remedy_is_a_warning() {
    let found = after(|a| a.products[1].remediations.clear());
    assert_eq!(found, ["/products/1/remediations (CSAF): says nothing about what to do"]);
}

#[test]
fn csaf_and_cve_need_a_product_and_cve_one_that_is_hit() {
    let places = after(|a| a.products.clear());
    assert_eq!(places.len(), 3, "CSAF, CVE and a warning for OSV: {places:?}");
    let found = after(|a| {
        for versions in a.products.iter_mut().flat_map(|product| &mut product.versions) {
            versions.status = Status::NotAffected;
        }
    });
    assert_eq!(found, ["/products (CVE): names no version that is or may be affected"]);
}
