//! Invented documents, for the tests of this crate and of the application's pages.

use catalogue::{Catalogue, Input, Report};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder that goes away with the test.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("heliograph-catalogue-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

pub(crate) fn import(catalogue: &Catalogue, paths: &[PathBuf]) -> Report {
    let inputs: Vec<Input> = paths.iter().cloned().map(Input::Path).collect();
    catalogue.import(&inputs, "a test", &now, &mut |_| {}).unwrap()
}

/// An OSV record of a PyPI package that is affected before a version.
pub(crate) fn osv(id: &str, package: &str, fixed: &str, modified: &str) -> String {
    format!(
        r#"{{"schema_version": "1.6.0", "id": "{id}", "modified": "{modified}T00:00:00Z",
            "published": "2024-01-01T00:00:00Z", "summary": "A flaw in {package}", "details": "Long.",
            "affected": [{{"package": {{"ecosystem": "PyPI", "name": "{package}"}},
                "ranges": [{{"type": "ECOSYSTEM", "events": [{{"introduced": "0"}}, {{"fixed": "{fixed}"}}]}}]}}],
            "references": [{{"type": "WEB", "url": "https://example.org/{id}"}}]}}"#
    )
}

/// A CVE record of a router that is affected before 2.0.
pub(crate) fn cve(id: &str) -> String {
    format!(
        r#"{{"dataType": "CVE_RECORD", "dataVersion": "5.1",
            "cveMetadata": {{"cveId": "{id}", "assignerOrgId": "00000000-0000-4000-8000-000000000000",
                "state": "PUBLISHED", "datePublished": "2024-02-02T00:00:00Z", "dateUpdated": "2024-03-03T00:00:00Z"}},
            "containers": {{"cna": {{"title": "Overflow in Router",
                "providerMetadata": {{"orgId": "00000000-0000-4000-8000-000000000000", "shortName": "acme"}},
                "descriptions": [{{"lang": "en", "value": "A heap overflow in the Router of Acme."}}],
                "affected": [{{"vendor": "Acme", "product": "Router", "defaultStatus": "unaffected",
                    "versions": [{{"version": "1.0", "lessThan": "2.0", "status": "affected", "versionType": "semver"}}]}}],
                "metrics": [{{"cvssV3_1": {{"version": "3.1", "baseScore": 9.8, "baseSeverity": "CRITICAL",
                    "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}}}],
                "references": [{{"url": "https://example.org/router", "tags": ["vendor-advisory"]}}]}}}}}}"#
    )
}

/// A CSAF document about several vulnerabilities of versions 1.0.0 to 3.0.0 of a product: what it says of each, by the
/// first number.
pub(crate) fn csaf(id: &str, flaws: &[(&str, &[(&str, u32)])]) -> String {
    let version = |number: u32| {
        json!({ "category": "product_version", "name": format!("{number}.0.0"), "product": { "product_id": format!("P{number}"),
            "name": format!("kettle {number}.0.0"),
            "product_identification_helper": { "purl": format!("pkg:npm/kettle@{number}.0.0") } } })
    };
    let versions: Vec<Value> = [1, 2, 3].map(version).into();
    let flaw = |(cve, said): &(&str, &[(&str, u32)])| {
        let mut status = serde_json::Map::new();
        for (word, number) in *said {
            let list = status.entry(*word).or_insert_with(|| json!([]));
            list.as_array_mut().unwrap().push(json!(format!("P{number}")));
        }
        json!({ "cve": cve, "product_status": status })
    };
    let flaws: Vec<Value> = flaws.iter().map(flaw).collect();
    json!({ "document": { "csaf_version": "2.0", "category": "csaf_security_advisory", "title": "Kettles",
            "publisher": { "name": "Kettle", "namespace": "https://example.org", "category": "vendor" },
            "tracking": { "id": id, "status": "final", "version": "1", "initial_release_date": "2024-01-01T00:00:00Z",
                "current_release_date": "2024-01-01T00:00:00Z", "revision_history": [] } },
        "product_tree": { "branches": [{ "category": "vendor", "name": "Kettle", "branches": [
            { "category": "product_name", "name": "kettle", "branches": versions }] }] },
        "vulnerabilities": flaws })
    .to_string()
}

/// A list of known exploited vulnerabilities.
pub(crate) fn kev(ids: &[&str], date: &str) -> String {
    let entry = |id: &&str| {
        format!(
            r#"{{"cveID": "{id}", "vendorProject": "Acme", "product": "Router", "vulnerabilityName": "Acme Router overflow",
                "dateAdded": "2024-04-04", "shortDescription": "Used.", "requiredAction": "Apply updates.", "dueDate": "2024-04-25",
                "knownRansomwareCampaignUse": "Known", "notes": ""}}"#
        )
    };
    let entries: Vec<String> = ids.iter().map(entry).collect();
    format!(
        r#"{{"title": "Listed", "catalogVersion": "1", "dateReleased": "{date}T00:00:00Z", "count": {},
            "vulnerabilities": [{}]}}"#,
        ids.len(),
        entries.join(",")
    )
}

/// An advisory of the centre about a package and a product.
pub(crate) fn advisory(number: i64) -> formats::Advisory {
    let text = format!(
        r#"{{"id": "HEL-2026-{number:06}", "cves": ["CVE-2026-{number:04}"], "title": "Path traversal in Gateway",
            "summary": "Archives are unpacked anywhere.", "description": "File names with dots lead out.",
            "products": [
                {{"vendor": "Nordwind", "product": "Gateway",
                    "versions": [{{"which": {{"before": {{"introduced": "2.0", "fixed": "2.7"}}}}, "status": "affected"}}],
                    "remediations": [{{"category": "vendor_fix", "details": "Update to 2.7."}}]}},
                {{"vendor": "Nordwind", "product": "library", "package": {{"ecosystem": "PyPI", "name": "nordwind"}},
                    "versions": [{{"which": {{"before": {{"fixed": "1.5"}}}}, "status": "affected"}}],
                    "remediations": [{{"category": "vendor_fix", "details": "Update to 1.5."}}]}}],
            "severities": [{{"vector": "CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}],
            "tlp": "clear", "revisions": [{{"number": 1, "date": "2026-11-20T09:00:00Z", "summary": "First."}}],
            "initial_release": "2026-11-20T09:00:00Z", "current_release": "2026-11-20T09:00:00Z",
            "publisher": {{"name": "Centre", "namespace": "https://centre.example", "contact": "a@centre.example"}},
            "language": "en"}}"#
    );
    serde_json::from_str(&text).unwrap()
}

/// A CVE record with a text, a product, a score and a date.
pub(crate) fn told(id: &str, text: &str, vendor: &str, product: &str, score: &str, date: &str) -> String {
    cve(id)
        .replace("Overflow in Router", text)
        .replace("A heap overflow in the Router of Acme.", text)
        .replace("\"Acme\"", &format!("\"{vendor}\""))
        .replace("\"Router\"", &format!("\"{product}\""))
        .replace("9.8", score)
        .replace("2024-02-02", date)
}

/// Records in several languages, of several sources.
pub(crate) fn many() -> Vec<String> {
    vec![
        told(
            "CVE-2024-1",
            "Heap overflow in the parser",
            "Apache Software Foundation",
            "HTTP Server",
            "9.8",
            "2024-02-02",
        ),
        told("CVE-2024-2", "Path traversal", "Nordwind", "Gateway", "5.3", "2026-11-20"),
        told("CVE-2025-3", "Pufferüberlauf im Straßenplaner", "Müller GmbH", "Planer", "7.5", "2025-05-05"),
        told("CVE-2025-4", "远程代码执行漏洞", "华为", "路由器", "8.1", "2025-06-06"),
        osv("PYSEC-2024-1", "django", "4.2.5", "2024-05-05"),
        kev(&["CVE-2024-2"], "2024-05-05"),
    ]
}
