//! The catalogue as people, programs and operators meet it. Documents here are invented.

mod answers;
mod archives;
mod elsewhere;
mod imports;
mod other_formats;
mod pages;
mod published;
mod real_data;
mod search;

use super::{Bad, Catalogue, Input, Report};
use crate::app::{App, Clock, Random};
use crate::settings::Settings;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use jiff::Timestamp;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use tower::ServiceExt;

/// A folder that goes away with the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("heliograph-catalogue-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
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

/// A centre with nothing but a catalogue in it.
struct Centre {
    app: App,
    folder: Folder,
}

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

impl Centre {
    fn new() -> Self {
        let folder = Folder::new();
        let data = folder.0.join("data").display().to_string();
        let settings = Settings::load(None, &[("data", data)]).unwrap();
        let app = App::open(settings, Clock::simulated(now()), Random::seeded(7)).unwrap();
        Self { app, folder }
    }

    /// A centre whose catalogue holds these documents.
    fn with(documents: &[String]) -> Self {
        let centre = Self::new();
        for (number, document) in documents.iter().enumerate() {
            let path = centre.folder.file(&format!("given/{number}.json"), document);
            let report = import(&centre.app.catalogue, &[path]);
            assert_eq!(report.bad, [], "a fixture has to be good");
        }
        centre
    }

    async fn ask(&self, request: Request<Body>) -> (StatusCode, HeaderMap, String) {
        let (router, _) = crate::router::routes(&self.app);
        let response = router.oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = to_bytes(response.into_body(), 64 << 20).await.unwrap();
        (status, headers, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn get(&self, path: &str) -> (StatusCode, HeaderMap, String) {
        self.ask(Request::get(path).body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, body: impl Into<Body>) -> (StatusCode, String) {
        let (status, _, body) = self.ask(Request::post(path).body(body.into()).unwrap()).await;
        (status, body)
    }
}

fn import(catalogue: &Catalogue, paths: &[PathBuf]) -> Report {
    let inputs: Vec<Input> = paths.iter().cloned().map(Input::Path).collect();
    catalogue.import(&inputs, "a test", &now, &mut |_| {}).unwrap()
}

/// A catalogue without a centre, for imports.
fn catalogue(folder: &Folder) -> Catalogue {
    Catalogue::open(&folder.0.join("catalogue.db")).unwrap()
}

/// Added, changed, unchanged, older, failed.
fn counts(report: &Report) -> [u64; 5] {
    let counts = &report.counts;
    [counts.added, counts.changed, counts.unchanged, counts.older, counts.failed]
}

/// An OSV record of a PyPI package that is affected before a version.
fn osv(id: &str, package: &str, fixed: &str, modified: &str) -> String {
    format!(
        r#"{{"schema_version": "1.6.0", "id": "{id}", "modified": "{modified}T00:00:00Z",
            "published": "2024-01-01T00:00:00Z", "summary": "A flaw in {package}", "details": "Long.",
            "affected": [{{"package": {{"ecosystem": "PyPI", "name": "{package}"}},
                "ranges": [{{"type": "ECOSYSTEM", "events": [{{"introduced": "0"}}, {{"fixed": "{fixed}"}}]}}]}}],
            "references": [{{"type": "WEB", "url": "https://example.org/{id}"}}]}}"#
    )
}

/// A CVE record of a router that is affected before 2.0.
fn cve(id: &str) -> String {
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

/// A list of known exploited vulnerabilities.
fn kev(ids: &[&str], date: &str) -> String {
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
fn advisory(number: i64) -> formats::Advisory {
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

fn named(bad: &Bad) -> String {
    let file = Path::new(&bad.file).file_name().unwrap().to_string_lossy();
    format!("{file}: {}: {}", bad.place, bad.reason)
}
