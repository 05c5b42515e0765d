//! What NVD's interface answers: its own records as they came, those of others in its shape.

use super::catalogue as open;
use super::fixtures::{Folder, cve, import, kev, now};
use catalogue::{Asked, Catalogue, Query, Search, Subject, Test, Whole};
use serde_json::{Value, json};
use versions::cpe::Span;

/// A record of NVD's with all that the catalogue itself has no place for.
fn analysed() -> Value {
    json!({
        "id": "CVE-1900-0042", "sourceIdentifier": "security@nordwind.example", "vulnStatus": "Modified",
        "published": "2024-05-05T00:00:00.000", "lastModified": "2024-05-06T00:00:00.000",
        "evaluatorComment": "Only where it listens.", "cisaExploitAdd": "2024-06-01",
        "cisaActionDue": "2024-06-22", "cisaRequiredAction": "Update.", "cisaVulnerabilityName": "Nordwind Pump",
        "cveTags": [{ "sourceIdentifier": "security@nordwind.example", "tags": ["disputed"] }],
        "descriptions": [{ "lang": "en", "value": "A flaw." }, { "lang": "es", "value": "Un fallo." }],
        "vendorComments": [{ "organization": "Nordwind", "comment": "Mended.", "lastModified": "2024-05-05T00:00:00.000" }],
        "metrics": { "cvssMetricV2": [{
            "source": "nvd@nist.gov", "type": "Primary", "acInsufInfo": true, "obtainAllPrivilege": false,
            "baseSeverity": "LOW", "cvssData": { "version": "2.0", "baseScore": 0.8, "vectorString": "AV:L/AC:H/Au:M/C:N/I:N/A:P" },
        }] },
        "weaknesses": [{ "source": "security@nordwind.example", "type": "Secondary",
            "description": [{ "lang": "en", "value": "CWE-79" }] }],
        "configurations": [{ "nodes": [{ "operator": "OR", "negate": false, "cpeMatch": [{
            "vulnerable": true, "criteria": "cpe:2.3:a:nordwind:tool:1.0:*:*:*:*:*:*:*",
            "matchCriteriaId": "36FBCF0F-8CEE-4474-8A04-5075AF53FAF4" }] }] }],
        "references": [{ "url": "https://nordwind.example", "source": "security@nordwind.example", "tags": ["VDB Entry"] }],
    })
}

fn whole(catalogue: &Catalogue) -> Vec<Whole> {
    let search = Search::of(Query::Test(Test::SpeaksForCve));
    catalogue.whole(&search, 0, 10, now()).unwrap().0
}

/// NVD, `cve_api_json_2.0`: what came from there leaves as it came, however it was wrapped.
#[test]
fn a_record_of_nvd_comes_back_as_it_came_unless_nvd_deleted_it() {
    let item = json!({ "cve": analysed() });
    let page = json!({ "resultsPerPage": 1, "startIndex": 0, "totalResults": 1, "format": "NVD_CVE",
        "version": "2.0", "timestamp": "2026-11-01T00:00:00.000", "vulnerabilities": [item] });
    for document in [page, item, analysed()] {
        let folder = Folder::new();
        let catalogue = open(&folder);
        folder.file("db/nvd.json", document.to_string());
        folder.file("db/other.json", cve("CVE-2024-1"));
        folder.file("db/another.json", cve("CVE-2024-2"));
        let db = folder.0.join("db");
        assert_eq!(import(&catalogue, std::slice::from_ref(&db)).bad, []);
        let of_nvd = || whole(&catalogue).into_iter().find(|one| one.summary.id == "CVE-1900-0042").unwrap();
        assert_eq!(of_nvd().nvd(now()), analysed());
        std::fs::remove_file(db.join("nvd.json")).unwrap();
        assert_eq!(import(&catalogue, &[db]).counts.deleted, 1);
        let deleted = of_nvd().nvd(now());
        assert_eq!(deleted["vulnStatus"], "Rejected", "it must not look as if it stood");
        assert_eq!(deleted["sourceIdentifier"], "security@nordwind.example");
        assert_eq!(deleted["references"][0]["tags"], json!(["VDB Entry"]));
        assert_eq!(deleted["descriptions"][1], analysed()["descriptions"][1]);
    }
}

/// NVD, `cisaExploitAdd` and its three: of a record that came as CVE they are those of the listing.
#[test]
fn the_fields_of_cisa_come_from_its_list_where_the_record_has_none() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let files = [("cve.json", cve("CVE-2024-1")), ("kev.json", kev(&["CVE-2024-1"], "2024-04-05"))];
    import(&catalogue, &files.map(|(name, text)| folder.file(name, text)));
    let shape = whole(&catalogue)[0].nvd(now());
    let said = ["cisaExploitAdd", "cisaActionDue", "cisaRequiredAction", "cisaVulnerabilityName"];
    assert_eq!(
        said.map(|name| shape[name].as_str().unwrap()),
        ["2024-04-04", "2024-04-25", "Apply updates.", "Acme Router overflow"]
    );
}

/// NVD, `cpeName`: CISA's container writes where a range begins into the CPE name, and the range beside it.
#[test]
fn a_version_within_a_range_is_found_where_the_name_has_its_beginning() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let added = r#"]}, "adp": [{"providerMetadata": {"orgId": "00000000-0000-4000-8000-000000000000", "shortName": "CISA-ADP"},
        "affected": [{"vendor": "nordwind", "product": "pumpe", "cpes": ["cpe:2.3:a:nordwind:pumpe:2.4.0:*:*:*:*:*:*:*"],
            "defaultStatus": "unknown", "versions": [{"version": "2.4.0", "lessThanOrEqual": "2.4.59", "status": "affected"}]}]}]}}"#;
    let record = cve("CVE-2024-1");
    let record = format!("{}{added}", record.strip_suffix("]}}}").unwrap());
    import(&catalogue, &[folder.file("cve.json", record)]);
    let found = |version: &str| {
        let name = format!("cpe:2.3:a:nordwind:pumpe:{version}:*:*:*:*:*:*:*");
        let asked = Asked::of_cpe(&name, false, Span::default()).unwrap();
        let search = Search::of(Query::Test(Test::Affects(Subject::Named(Box::new(asked)))));
        catalogue.whole(&search, 0, 10, now()).unwrap().1
    };
    assert_eq!(["2.4.0", "2.4.49", "2.4.59", "2.4.60", "2.2"].map(found), [1, 1, 1, 0, 0]);
}
