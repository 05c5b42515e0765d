//! Programs that others wrote, unchanged, against the interfaces that they expect. They come from PyPI:
//! `cargo xtask test --only clients` makes a Python environment and names it in `HELIOGRAPH_TEST_PYTHON`.

use crate::program::{Place, Run, Server, ended};
use std::process::Command;

const NVDLIB: &str = include_str!("clients/nvdlib_story.py");
const LOOKUP: &str = include_str!("clients/lookup_story.py");

/// A centre with invented records, and the Python of the clients; nothing where there is none.
fn centre() -> Option<(Place, Server, String)> {
    let Ok(python) = std::env::var("HELIOGRAPH_TEST_PYTHON") else {
        eprintln!("skipped: HELIOGRAPH_TEST_PYTHON is not set; `cargo xtask test --only clients` sets it");
        return None;
    };
    let place = Place::new();
    place.write("feed/CVE-2024-0001.json", &cve("CVE-2024-0001", "2024-02-02", "2.0"));
    place.write("feed/CVE-2024-0002.json", &cve("CVE-2024-0002", "2024-05-05", "2.4"));
    place.write("feed/django.json", DJANGO);
    place.write("feed/kev.json", KEV);
    let run = place.run(&["import", "--data", "data", "feed"]);
    assert_eq!(run.code, 0, "{run:?}");
    // A second version of a record makes history.
    place.write(
        "later/CVE-2024-0002.json",
        &cve("CVE-2024-0002", "2024-05-05", "2.5")
            .replace("2024-03-03", "2024-06-06")
            .replace("https://example.org/router", "https://kb.cert.org/vuls/id/100001"),
    );
    assert_eq!(place.run(&["import", "--data", "data", "later"]).code, 0);
    let server = place.serve("clients");
    Some((place, server, python))
}

fn tell(place: &Place, server: &Server, python: &str, story: &str) -> Run {
    let script = place.write("story.py", story);
    let mut command = Command::new(python);
    command.arg(script).arg(format!("http://{}", server.address())).current_dir(place.folder());
    command.env_clear().env("TMPDIR", place.folder()).env("HOME", place.folder());
    ended(&mut command)
}

#[test]
fn nvdlib_reads_records_names_and_history() {
    let Some((place, server, python)) = centre() else { return };
    let run = tell(&place, &server, &python, NVDLIB);
    assert_eq!((run.code, run.out.as_str()), (0, "all of it works\n"), "{}", run.err);
}

#[test]
fn pyvulnerabilitylookup_reads_records_vendors_and_lists() {
    let Some((place, server, python)) = centre() else { return };
    let run = tell(&place, &server, &python, LOOKUP);
    assert_eq!((run.code, run.out.as_str()), (0, "all of it works\n"), "{}", run.err);
}

#[test]
fn pip_audit_finds_what_is_affected_and_leaves_the_rest() {
    let Some((place, server, python)) = centre() else { return };
    for (version, is_affected) in [("3.2.1", true), ("3.2.5", false)] {
        let list = place.write("requirements.txt", &format!("django=={version}\n"));
        let mut command = Command::new(&python);
        command.args([
            "-m",
            "pip_audit",
            "--no-deps",
            "--disable-pip",
            "--format",
            "json",
            "-s",
            "osv",
            "--osv-url",
        ]);
        command.arg(format!("http://{}/v1/query", server.address())).arg("-r").arg(list);
        command
            .current_dir(place.folder())
            .env_clear()
            .env("HOME", place.folder())
            .env("TMPDIR", place.folder());
        let run = ended(&mut command);
        assert_eq!((run.code == 1, run.out.contains("PYSEC-2024-1")), (is_affected, is_affected), "{run:?}");
    }
}

fn cve(id: &str, published: &str, fixed: &str) -> String {
    format!(
        r#"{{"dataType": "CVE_RECORD", "dataVersion": "5.1",
            "cveMetadata": {{"cveId": "{id}", "assignerOrgId": "00000000-0000-4000-8000-000000000000",
                "state": "PUBLISHED", "datePublished": "{published}T00:00:00Z", "dateUpdated": "2024-03-03T00:00:00Z"}},
            "containers": {{"cna": {{"title": "Overflow in Router",
                "providerMetadata": {{"orgId": "00000000-0000-4000-8000-000000000000", "shortName": "acme"}},
                "descriptions": [{{"lang": "en", "value": "A heap overflow in the Router of Acme."}}],
                "problemTypes": [{{"descriptions": [{{"lang": "en", "type": "CWE", "cweId": "CWE-122", "description": "CWE-122"}}]}}],
                "affected": [{{"vendor": "Acme", "product": "Router", "defaultStatus": "unaffected",
                    "cpes": ["cpe:2.3:a:acme:router:*:*:*:*:*:*:*:*"],
                    "versions": [{{"version": "1.0", "lessThan": "{fixed}", "status": "affected", "versionType": "semver"}}]}}],
                "metrics": [{{"cvssV3_1": {{"version": "3.1", "baseScore": 9.8, "baseSeverity": "CRITICAL",
                    "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}}}],
                "references": [{{"url": "https://example.org/router", "tags": ["vendor-advisory"]}}]}}}}}}"#
    )
}

const DJANGO: &str = r#"{"schema_version": "1.6.0", "id": "PYSEC-2024-1", "modified": "2024-05-05T00:00:00Z",
    "published": "2024-01-01T00:00:00Z", "summary": "A flaw in django", "details": "Long.",
    "affected": [{"package": {"ecosystem": "PyPI", "name": "django"},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "3.2.4"}]}]}]}"#;

const KEV: &str = r#"{"title": "Listed", "catalogVersion": "1", "dateReleased": "2024-05-05T00:00:00Z", "count": 1,
    "vulnerabilities": [{"cveID": "CVE-2024-0001", "vendorProject": "Acme", "product": "Router",
        "vulnerabilityName": "Acme Router overflow", "dateAdded": "2024-04-04", "shortDescription": "Used.",
        "requiredAction": "Apply updates.", "dueDate": "2024-04-25", "knownRansomwareCampaignUse": "Known", "notes": ""}]}"#;
