//! Commits of a product's repository.

use super::catalogue as open;
use super::fixtures::{Folder, cve, import};
use super::git::Upstream;
use catalogue::{Answer, Catalogue, Match, Package};
use std::path::Path;
use versions::History;

/// A flaw that OSV knows by its commits.
fn osv(id: &str, events: &[(&str, &str)]) -> String {
    let events: Vec<String> =
        events.iter().map(|(kind, commit)| format!(r#"{{"{kind}": "{commit}"}}"#)).collect();
    format!(
        r#"{{"schema_version": "1.6.0", "id": "{id}", "modified": "2024-05-05T00:00:00Z", "summary": "A flaw",
            "affected": [{{"ranges": [{{"type": "GIT", "repo": "https://example.org/product",
                "events": [{}]}}]}}]}}"#,
        events.join(", ")
    )
}

/// A flaw that CVE knows by commits in twelve digits, as Linux wrote them.
fn of_linux(id: &str, from: &str, until: &str) -> String {
    let versions = r#""version": "1.0", "lessThan": "2.0", "status": "affected", "versionType": "semver""#;
    let commits = format!(
        r#""version": "{}", "lessThan": "{}", "status": "affected", "versionType": "git""#,
        &from[..12],
        &until[..12]
    );
    cve(id).replace(versions, &commits)
}

fn said(found: &[Match]) -> Vec<(&str, Answer)> {
    found.iter().map(|found| (found.record.id.as_str(), found.answer)).collect()
}

fn by_name(catalogue: &Catalogue, commit: &str) -> Vec<(String, Answer)> {
    let found = catalogue.query(&Package::of_commit(commit).unwrap(), Some(commit)).unwrap();
    found.into_iter().map(|found| (found.record.id, found.answer)).collect()
}

fn by_history(catalogue: &Catalogue, repository: &Path, commit: &str) -> Vec<(String, Answer)> {
    let (id, list) = catalogue::history(repository, commit).unwrap();
    let found = catalogue.query_past(&History::read(&list).unwrap().past(&id).unwrap()).unwrap();
    said(&found).into_iter().map(|(id, answer)| (id.to_owned(), answer)).collect()
}

/// Five commits, and the records that speak of them.
fn product(folder: &Folder) -> (Upstream, Vec<String>) {
    let upstream = Upstream::new(folder);
    let commits = (0..5).map(|number| {
        folder.file("up/source.c", format!("{number}"));
        upstream.commit()
    });
    let commits: Vec<String> = commits.collect();
    folder.file("db/1.json", osv("OSV-2024-1", &[("introduced", &commits[1]), ("fixed", &commits[3])]));
    folder.file("db/2.json", osv("OSV-2024-2", &[("introduced", "0"), ("last_affected", &commits[2])]));
    folder.file("db/3.json", osv("OSV-2024-3", &[("introduced", &"e".repeat(40))]));
    folder.file("db/4.json", of_linux("CVE-2024-4", &commits[2], &commits[4]));
    (upstream, commits)
}

#[test]
fn with_its_repository_every_commit_is_decided() {
    let folder = Folder::new();
    let (catalogue, (upstream, commits)) = (open(&folder), product(&folder));
    assert_eq!(import(&catalogue, &[folder.0.join("db")]).counts.failed, 0);
    let affected = |commit: &str| -> Vec<String> {
        let found = by_history(&catalogue, &folder.0.join("up"), commit);
        assert!(found.iter().all(|(_, answer)| *answer == Answer::Affected), "{found:?}");
        found.into_iter().map(|(id, _)| id).collect()
    };
    assert_eq!(affected(&commits[0]), ["OSV-2024-2"]);
    assert_eq!(affected(&commits[1]), ["OSV-2024-1", "OSV-2024-2"]);
    assert_eq!(affected(&commits[2]), ["CVE-2024-4", "OSV-2024-1", "OSV-2024-2"]);
    assert_eq!(affected("HEAD~1"), ["CVE-2024-4"]);
    assert_eq!(affected("HEAD"), [""; 0]);
    // Without it, those that are named.
    assert_eq!(by_name(&catalogue, &commits[3]), []);
    let named = by_name(&catalogue, &commits[2]);
    assert_eq!(named, ["CVE-2024-4", "OSV-2024-2"].map(|id| (id.to_owned(), Answer::Affected)));

    let place = folder.0.join("shallow");
    let url = format!("file://{}", folder.0.join("up").display());
    upstream.git(&["clone", "--quiet", "--depth=2", &url, &place.display().to_string()]);
    let error = catalogue::history(&place, "HEAD").unwrap_err().to_string();
    assert!(error.starts_with("its history is cut off"), "{error}");
}

#[test]
fn what_is_no_commit_is_refused() {
    let folder = Folder::new();
    product(&folder);
    for (place, commit) in
        [("up", "nothing"), ("up", "--all"), ("up", ""), ("db", "HEAD"), ("nowhere", "HEAD")]
    {
        let error = catalogue::history(&folder.0.join(place), commit).unwrap_err().to_string();
        assert!(error.starts_with("git: "), "{error}");
    }
}

/// Version 7 filed under whole names, and what CVE says of commits not at all.
#[test]
fn a_catalogue_of_an_earlier_version_learns_commits() {
    let folder = Folder::new();
    let (catalogue, (_, commits)) = (open(&folder), product(&folder));
    import(&catalogue, &[folder.0.join("db")]);
    let before = commits.iter().map(|commit| by_name(&catalogue, commit)).collect::<Vec<_>>();
    drop(catalogue);
    let old = rusqlite::Connection::open(folder.0.join("catalogue.db")).unwrap();
    old.execute_batch(
        "DELETE FROM packages WHERE row IN (SELECT row FROM records WHERE source = 3);
         UPDATE packages SET name = name || 'rest of the name'; ALTER TABLE records DROP COLUMN rated; ALTER TABLE records DROP COLUMN flaws; PRAGMA user_version = 7",
    )
    .unwrap();
    let catalogue = open(&folder);
    assert_eq!(commits.iter().map(|commit| by_name(&catalogue, commit)).collect::<Vec<_>>(), before);
    assert!(before.iter().flatten().any(|(id, _)| id.starts_with("CVE-")));
}
