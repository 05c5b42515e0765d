//! The invented advisory in every format: pinned, valid, and read back as what it was.

use crate::{invented, valid};
use formats::advisory::Tlp;
use formats::record::{EventKind, Status};
use formats::{Advisory, Kind, Record, csaf, cve, osv, read};
use std::path::Path;

const NONE: Vec<String> = Vec::new();

/// Compares with the golden file; `UPDATE_GOLDEN=1` writes it.
fn golden(name: &str, rendered: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, rendered).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(rendered == expected, "{name} differs; UPDATE_GOLDEN=1 writes it:\n{rendered}");
}

fn only(records: Vec<Record>) -> Record {
    let [record] = records.try_into().unwrap();
    record
}

#[test]
fn the_invented_advisory_lacks_nothing() {
    assert_eq!(invented::advisory().check(), []);
}

#[test]
fn csaf_is_pinned_valid_and_read_back() {
    let rendered = csaf::render(&invented::advisory()).unwrap();
    golden("csaf.json", &rendered);
    assert_eq!(valid::csaf(&rendered), NONE);
    // Of the optional tests only 6.2.16 minds: the gateway has neither a purl nor a CPE.
    let mut warnings = csaf_check::check(&rendered);
    warnings.retain(|finding| finding.severity == csaf_check::Severity::Warning && finding.test != "6.2.16");
    assert_eq!(warnings, []);
    let record = only(read(Kind::Csaf20, rendered.as_bytes()).unwrap());
    assert_eq!(record.id, "HEL-2026-000123");
    assert_eq!(record.aliases, ["NW-SA-26-07", "CVE-1900-0042"]);
    assert_eq!(record.severities[0].score, Some(8.8));
    assert_eq!(record.affected.len(), 5);
    assert_eq!(record.affected[0].vendor.as_deref(), Some("Nordwind GmbH"));
    assert_eq!(record.affected[0].version_entries[0].version, "vers:generic/>=4.0|<4.2.1");
    let library = record.affected.iter().find(|row| row.purl.is_some()).unwrap();
    assert_eq!(library.product.as_deref(), Some("unpack"));
}

/// GCVE-BCP-05: consumers look for `cveMetadata.vulnId`, whether or not there is a CVE id.
#[test]
fn gcves_record_goes_by_the_own_id_and_is_read_back() {
    let organisation = formats::advisory::CveOrganisation {
        id: "00000000-0000-4000-8000-000000000000".to_owned(),
        short_name: "nobody".to_owned(),
    };
    let verb =
        |verb: &str, id: &str| formats::record::Relationship { verb: verb.to_owned(), id: id.to_owned() };
    let verbs = [verb("equal", "CVE-1900-0042"), verb("not_equal", "CVE-1900-0043")];
    let mut advisory = invented::advisory();
    let with_cve: serde_json::Value =
        serde_json::from_str(&cve::render_gcve(&advisory, &organisation, &verbs)).unwrap();
    assert_eq!(with_cve["cveMetadata"]["vulnId"], "HEL-2026-000123");
    assert_eq!(with_cve["cveMetadata"]["cveId"], "CVE-1900-0042");
    assert_eq!(with_cve["containers"]["cna"]["x_gcve"][0]["relationships"][1]["type"], "not equal");
    advisory.cves.clear();
    advisory.publisher.cve_organisation = None;
    let record =
        only(read(Kind::Cve5, cve::render_gcve(&advisory, &organisation, &verbs).as_bytes()).unwrap());
    assert_eq!((record.id.as_str(), record.aliases), ("HEL-2026-000123", vec!["CVE-1900-0042".to_owned()]));
    assert_eq!(record.related, ["CVE-1900-0043"]);
    assert_eq!(record.affected[0].version_entries[0].less_than.as_deref(), Some("4.2.1"));
}

#[test]
fn cve_is_pinned_valid_and_read_back() {
    let advisory = invented::advisory();
    let rendered = cve::render(&advisory, "CVE-1900-0042").unwrap();
    golden("cve.json", &rendered);
    assert_eq!(valid::cve(&rendered), NONE);
    let record = only(read(Kind::Cve5, rendered.as_bytes()).unwrap());
    assert_eq!((record.id.as_str(), record.title), ("CVE-1900-0042", Some(advisory.title.clone())));
    assert_eq!(record.weaknesses, ["CWE-22", "CWE-250"]);
    assert_eq!(record.affected[0].version_entries[0].less_than.as_deref(), Some("4.2.1"));
    assert_eq!(record.affected[0].version_entries[1].status, Status::NotAffected);
    assert_eq!(record.modified, Some(advisory.current_release));

    let container = cve::render_cna_container(&advisory).unwrap();
    let container: serde_json::Value = serde_json::from_str(&container).unwrap();
    let document: serde_json::Value = serde_json::from_str(&rendered).unwrap();
    assert_eq!(document["containers"]["cna"], container);
}

#[test]
fn osv_is_pinned_valid_and_read_back() {
    let advisory = invented::advisory();
    let rendered = osv::render(&advisory).unwrap();
    golden("osv.json", &rendered);
    assert_eq!(valid::osv(&rendered), NONE);
    let record = only(read(Kind::OsvJson, rendered.as_bytes()).unwrap());
    assert_eq!((record.id.as_str(), osv::id(&advisory).as_str()), ("x_HEL-2026-000123", "x_HEL-2026-000123"));
    assert_eq!(record.aliases, ["HEL-2026-000123", "CVE-1900-0042", "NW-SA-26-07"]);
    let [library] = record.affected.as_slice() else { panic!("the gateway is no package") };
    assert_eq!(library.versions, ["2.0rc1"]);
    assert_eq!(library.ranges[0].events[0].kind, EventKind::Introduced);
    assert_eq!(library.ranges[0].events[1].version, "1.10");
}

/// Approval binds the hash of these bytes: they may never change for an advisory that is stored.
#[test]
fn the_canonical_bytes_are_pinned() {
    let advisory = invented::advisory();
    let bytes = advisory.canonical_bytes();
    golden("advisory.json", std::str::from_utf8(&bytes).unwrap());
    assert_eq!(serde_json::from_slice::<Advisory>(&bytes).unwrap(), advisory);
}

#[test]
fn an_unknown_field_of_an_advisory_is_refused() {
    let bytes = invented::advisory().canonical_bytes();
    let text = String::from_utf8(bytes).unwrap().replacen('{', r#"{"embargo":true,"#, 1);
    assert!(serde_json::from_str::<Advisory>(&text).is_err());
}

#[test]
fn several_cve_ids_give_several_vulnerabilities_and_no_aliases() {
    let mut advisory = invented::advisory();
    advisory.cves.push("CVE-1900-0043".into());
    let rendered = csaf::render(&advisory).unwrap();
    assert_eq!(valid::csaf(&rendered), NONE);
    let record = only(read(Kind::Csaf20, rendered.as_bytes()).unwrap());
    assert_eq!(record.upstream, ["CVE-1900-0042", "CVE-1900-0043"]);
    assert_eq!(record.affected[0].vulnerabilities, record.upstream);
    assert_eq!(record.cve_ids().collect::<Vec<_>>(), ["CVE-1900-0042", "CVE-1900-0043"]);
    let rendered = osv::render(&advisory).unwrap();
    assert_eq!(valid::osv(&rendered), NONE);
    let record = only(read(Kind::OsvJson, rendered.as_bytes()).unwrap());
    assert_eq!((record.upstream, record.aliases.len()), (advisory.cves.clone(), 2));
    for cve in &advisory.cves {
        assert_eq!(valid::cve(&cve::render(&advisory, cve).unwrap()), NONE);
    }
    assert_eq!(cve::render(&advisory, "CVE-1900-0044").unwrap_err()[0].place, "/cves");
}

#[test]
fn csaf_never_labels_wider_than_the_advisory() {
    for (tlp, label) in [
        (Tlp::Clear, "WHITE"),
        (Tlp::Green, "GREEN"),
        (Tlp::Amber, "AMBER"),
        (Tlp::AmberStrict, "RED"),
        (Tlp::Red, "RED"),
    ] {
        let rendered = csaf::render(&Advisory { tlp, ..invented::advisory() }).unwrap();
        assert_eq!(valid::csaf(&rendered), NONE);
        let document: serde_json::Value = serde_json::from_str(&rendered).unwrap();
        assert_eq!(document["document"]["distribution"]["tlp"]["label"], label);
        assert_eq!(document["document"]["distribution"]["text"], tlp.label());
    }
}

#[test]
fn what_is_restricted_goes_into_no_public_database() {
    for tlp in [Tlp::Green, Tlp::Amber, Tlp::AmberStrict, Tlp::Red] {
        let advisory = Advisory { tlp, ..invented::advisory() };
        assert_eq!(osv::render(&advisory).unwrap_err()[0].place, "/tlp");
        assert_eq!(cve::render(&advisory, "CVE-1900-0042").unwrap_err()[0].place, "/tlp");
    }
}
