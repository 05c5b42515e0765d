//! A product's repository as a package, and its tags as versions.

use super::catalogue as open;
use super::fixtures::{Folder, import};
use catalogue::{Answer, Catalogue, Package};

/// A flaw of a repository, with the tags that have it, as OSV.dev converts it from CVE.
fn osv(id: &str, repository: &str, tags: &[&str]) -> String {
    format!(
        r#"{{"schema_version": "1.6.0", "id": "{id}", "modified": "2024-05-05T00:00:00Z", "summary": "A flaw",
            "affected": [{{"versions": {tags:?}, "ranges": [{{"type": "GIT", "repo": "{repository}",
                "events": [{{"introduced": "0"}}, {{"fixed": "{}"}}]}}]}}]}}"#,
        "a".repeat(40)
    )
}

fn said(catalogue: &Catalogue, repository: &str, tag: Option<&str>) -> Vec<(String, Answer)> {
    let found = catalogue.query(&Package::named("GIT", repository).unwrap(), tag).unwrap();
    found.into_iter().map(|found| (found.record.id, found.answer)).collect()
}

/// OSV.dev, `gcp/api/server.py`, `_is_version_affected` and `_query_by_generic_version`; pull request 3986.
#[test]
fn a_tag_of_a_repository_is_found_in_its_spellings() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let affected = |ids: &[&str]| -> Vec<(String, Answer)> {
        ids.iter().map(|id| ((*id).to_owned(), Answer::Affected)).collect()
    };
    let address = "https://example.org/x/product";
    for (name, text) in [
        ("1.json", osv("CVE-2024-1", &format!("{address}.git"), &["v1.2.3", "v1.2.4"])),
        ("2.json", osv("CVE-2024-2", "http://example.org/x/product/", &["product-1_2_4", "1.2.3"])),
        ("3.json", osv("CVE-2024-3", "https://example.org/x/other", &["v1.2.3"])),
        ("4.json", osv("CVE-2024-4", address, &[])),
    ] {
        assert_eq!(import(&catalogue, &[folder.file(name, text)]).bad, []);
    }
    let open_one = ("CVE-2024-4".to_owned(), Answer::Unknown);
    let with_open = |ids: &[&str]| [affected(ids), vec![open_one.clone()]].concat();
    assert_eq!(said(&catalogue, address, Some("v1.2.3")), with_open(&["CVE-2024-1"]), "word for word");
    assert_eq!(said(&catalogue, address, Some("product-1.2.4")), with_open(&["CVE-2024-1", "CVE-2024-2"]));
    assert_eq!(said(&catalogue, address, Some("1.2.5")), std::slice::from_ref(&open_one), "it lists no tags");
    assert_eq!(said(&catalogue, address, Some("main")), std::slice::from_ref(&open_one));
    for other in ["1.2.3a1", "other-1.2.3", "1.2.3-rc1", "1.2.31"] {
        assert_eq!(said(&catalogue, address, Some(other)), std::slice::from_ref(&open_one), "{other}");
    }
    assert_eq!(
        said(&catalogue, "HTTPS://Example.ORG/x/product", Some("v1.2.3")).len(),
        2,
        "a host has no case"
    );
    assert_eq!(said(&catalogue, "https://example.org/X/product", None), [], "a path has");
    assert_eq!(said(&catalogue, address, None), affected(&["CVE-2024-1", "CVE-2024-2", "CVE-2024-4"]));
    // The other spelling of a tag lies in no range: 8-4-0 would come before 8.4.0.
    let ranged = "https://example.org/x/ranged";
    let semver =
        r#""ranges": [{"type": "SEMVER", "events": [{"introduced": "7.33.0"}, {"fixed": "8.4.0"}]}, "#;
    let text = osv("CVE-2024-6", ranged, &[]).replace("\"ranges\": [", semver);
    assert_eq!(import(&catalogue, &[folder.file("6.json", text)]).bad, []);
    for (tag, answer) in
        [("8.3.9", Some(Answer::Affected)), ("8.4.0", None), ("x-8_4_0", Some(Answer::Unknown))]
    {
        let answers: Vec<Answer> =
            said(&catalogue, ranged, Some(tag)).into_iter().map(|said| said.1).collect();
        assert_eq!(answers, Vec::from_iter(answer), "{tag}");
    }
    // A package is asked about by its name, wherever its repository lies.
    let package = osv("CVE-2024-5", address, &["v1.2.3"]).replace(
        "\"versions\"",
        "\"package\": {\"ecosystem\": \"PyPI\", \"name\": \"product\"}, \"versions\"",
    );
    import(&catalogue, &[folder.file("5.json", package)]);
    assert!(!said(&catalogue, address, None).iter().any(|(id, _)| id == "CVE-2024-5"));
}

#[test]
fn a_catalogue_that_is_there_files_its_repositories_once() {
    let folder = Folder::new();
    let (catalogue, address) = (open(&folder), "https://example.org/x/product");
    import(&catalogue, &[folder.file("1.json", osv("CVE-2024-1", address, &["v1.2.3"]))]);
    drop(catalogue);
    let old = rusqlite::Connection::open(folder.0.join("catalogue.db")).unwrap();
    old.execute_batch(
        "DELETE FROM packages WHERE ecosystem = 'git'; DELETE FROM progress WHERE name = 'made'",
    )
    .unwrap();
    drop(old);
    let found = said(&open(&folder), address, Some("v1.2.3"));
    assert_eq!(found, [("CVE-2024-1".to_owned(), Answer::Affected)]);
}

/// OSV.dev passes over these letters; what is built of them is another version all the same.
#[test]
fn versions_that_differ_in_a_letter_do_not_answer_for_one_another() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let text = osv("CVE-2024-1", "https://github.com/X/Product", &["1.2.5a1"]);
    assert_eq!(import(&catalogue, &[folder.file("1.json", text)]).bad, []);
    let address = "https://github.com/x/product.git/";
    assert_eq!(said(&catalogue, address, Some("v1.2.5a1")), [("CVE-2024-1".to_owned(), Answer::Affected)]);
    assert_eq!(said(&catalogue, address, Some("1.2.5b1")), []);
}
