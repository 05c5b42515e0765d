//! `heliograph import` and `heliograph query`: public records in, answers out, honest exit codes.

use crate::program::{Place, Run};
use serde_json::{Value, json};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn record(id: &str, package: &str, fixed: &str) -> String {
    json!({
        "schema_version": "1.6.7", "id": id, "modified": "2026-03-01T00:00:00Z", "published": "2026-02-01T00:00:00Z",
        "summary": format!("{package} reads past its buffer"),
        "affected": [{ "package": { "ecosystem": "npm", "name": package },
            "ranges": [{ "type": "SEMVER", "events": [{ "introduced": "1.0.0" }, { "fixed": fixed }] }] }],
    })
    .to_string()
}

/// Two good records among what goes wrong in real feeds.
fn feed(place: &Place) {
    place.write("feed/good.json", &record("EXAMPLE-2026-9001", "lanternfish", "1.4.0"));
    place.write("feed/deep/also-good.json", &record("EXAMPLE-2026-9002", "semaphore-flags", "2.0.1"));
    place.write("feed/cut-off.json", &record("EXAMPLE-2026-9003", "x", "2.0.0")[..200]);
    place.write("feed/nameless.json", r#"{"schema_version":"1.6.7","modified":"2026-03-01T00:00:00Z"}"#);
    place.write("feed/lying.json", &record("EXAMPLE-2026-9004", "x", "2.0.0").replace("\"1.0.0\"", "7"));
    let bomb =
        format!(r#"{{"schema_version":"1.6.7","id":"EXAMPLE-2026-9005","affected":{}"#, "[".repeat(200_000));
    place.write("feed/deep/bomb.json", &bomb);
}

fn query(place: &Place, arguments: &[&str]) -> Run {
    place.run(&[&["query", "--data", "data"], arguments].concat())
}

fn json_of(run: &Run) -> Value {
    serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {run:?}"))
}

#[test]
fn bad_documents_are_named_and_cost_no_other() {
    let place = Place::new();
    feed(&place);
    let run = place.run(&["import", "--data", "data", "feed"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.out.starts_with("2 added, 0 changed, 0 unchanged,\n"), "{run:?}");
    assert!(run.out.contains("4 failed"), "{run:?}");
    for file in ["cut-off.json", "nameless.json", "lying.json", "bomb.json"] {
        let line = run.err.lines().find(|line| line.contains(file));
        let line = line.unwrap_or_else(|| panic!("{file} is not named: {run:?}"));
        let parts: Vec<&str> = line.splitn(3, ": ").collect();
        assert!(parts.len() == 3 && parts.iter().all(|part| !part.is_empty()), "file, place, reason: {line}");
    }
    assert_eq!(run.err.lines().count(), 4, "{run:?}");

    let again = place.run(&["import", "--data", "data", "--json", "feed"]);
    assert_eq!((again.code, again.err.as_str()), (1, ""));
    let report = json_of(&again);
    let counts = ["added", "changed", "unchanged", "failed"].map(|name| report[name].as_u64().unwrap());
    assert_eq!(counts, [0, 0, 2, 4]);
    assert_eq!(report["bad"].as_array().unwrap().len(), 4);

    let clean = place.run(&["import", "--data", "data", "feed/good.json"]);
    assert_eq!((clean.code, clean.err.as_str()), (0, ""), "{clean:?}");
    let nothing = place.run(&["import", "--data", "data", "nowhere"]);
    assert!(nothing.code != 0 && nothing.err.contains("nowhere"), "{nothing:?}");
}

#[test]
fn the_catalogue_answers_without_a_server() {
    let place = Place::new();
    let run = query(&place, &["--id", "EXAMPLE-2026-9001"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("`heliograph import` makes one") && run.err.lines().count() == 1, "{run:?}");
    feed(&place);
    place.run(&["import", "--data", "data", "feed"]);

    let run = query(&place, &["--id", "example-2026-9001"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.starts_with("EXAMPLE-2026-9001\n") && run.out.contains("lanternfish"), "{run:?}");
    let record = json_of(&query(&place, &["--json", "--id", "EXAMPLE-2026-9001"]));
    assert_eq!(record["affected"][0]["ranges"][0]["events"][1]["fixed"], "1.4.0");

    let affected = |version: &str| {
        let purl = format!("pkg:npm/lanternfish@{version}");
        let run = query(&place, &["--json", "--purl", &purl]);
        assert_eq!(run.code, 0, "{run:?}");
        json_of(&run)["matches"].as_array().unwrap().len()
    };
    assert_eq!([affected("1.3.9"), affected("1.4.0"), affected("1.10.0"), affected("0.9.0")], [1, 0, 0, 0]);

    let words = query(&place, &["reads", "buffer", "semaphore"]);
    assert_eq!((words.code, words.out.lines().count()), (0, 1), "{words:?}");
    assert!(words.out.starts_with("EXAMPLE-2026-9002\t"), "{words:?}");
    let behind = query(&place, &["reads", "buffer", "--page", "2"]);
    assert_eq!(
        (behind.code, behind.out.as_str()),
        (0, "2 in all; none of them is on page 2.\n"),
        "{behind:?}"
    );
    for page in ["0", "10001"] {
        let far = query(&place, &["buffer", "--page", page]);
        assert!(far.code == 2 && far.err.contains("--page: a number from 1 to 10000;"), "{far:?}");
    }
    let unknown = query(&place, &["--id", "EXAMPLE-2026-9999"]);
    assert_eq!((unknown.code, unknown.out.as_str(), unknown.err.lines().count()), (2, "", 1), "{unknown:?}");
}

/// CSAF 2.0, 3.2.3: each vulnerability of a document has a status and scores of its own.
#[test]
fn each_vulnerability_of_a_document_has_a_line_of_its_own() {
    let place = Place::new();
    let version = |number: u32| {
        json!({ "category": "product_version", "name": format!("{number}.0"), "product": { "product_id": format!("P{number}"),
            "name": "x", "product_identification_helper": { "purl": format!("pkg:npm/lanternfish@{number}.0") } } })
    };
    let flaw = |cve: &str, status: &str, vector: &str, score: f64| {
        json!({ "cve": cve, "product_status": { status: ["P1"] }, "scores": [{ "products": ["P1"],
            "cvss_v3": { "version": "3.1", "vectorString": vector, "baseScore": score, "baseSeverity": "HIGH" } }] })
    };
    let document = json!({ "document": { "csaf_version": "2.0", "category": "csaf_security_advisory", "title": "Three",
            "publisher": { "name": "Maker", "namespace": "https://example.org", "category": "vendor" },
            "tracking": { "id": "MAKER-1", "status": "final", "version": "1", "initial_release_date": "2026-01-01T00:00:00Z",
                "current_release_date": "2026-01-01T00:00:00Z", "revision_history": [] } },
        "product_tree": { "branches": [{ "category": "vendor", "name": "Maker", "branches": [
            { "category": "product_name", "name": "lanternfish", "branches": [version(1), version(2)] }] }] },
        "vulnerabilities": [
            flaw("CVE-2026-1", "known_affected", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),
            flaw("CVE-2026-2", "under_investigation", "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:L/I:N/A:N", 4.3),
            flaw("CVE-2026-3", "fixed", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8)] });
    place.write("feed/maker-1.json", &document.to_string());
    assert_eq!(place.run(&["import", "--data", "data", "feed"]).code, 0);
    let run = query(&place, &["--purl", "pkg:npm/lanternfish@1.0"]);
    assert_eq!(
        run.out,
        "CVE-2026-1\taffected\tCritical 9.8, published 2026-01-01 00:00 UTC, says MAKER-1\tThree\n\
         CVE-2026-2\tcannot be decided\tMedium 4.3, published 2026-01-01 00:00 UTC, says MAKER-1\tThree\n"
    );
    let found = json_of(&query(&place, &["--json", "--purl", "pkg:npm/lanternfish@1.0"]));
    let first = &found["matches"][0];
    assert_eq!(
        (&first["id"], &first["vulnerability"], &first["severity_tenths"]),
        (&json!("MAKER-1"), &json!("CVE-2026-1"), &json!(98))
    );
}

/// A product's repository: whoever has it need not know which version they run.
#[test]
fn a_commit_is_looked_up_in_its_repository() {
    let place = Place::new();
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").current_dir(place.folder().join("product"));
        let done =
            command.args(["-c", "user.name=x", "-c", "user.email=x@example.org"]).args(arguments).output();
        let done = done.unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    };
    let commit = |text: &str| {
        place.write("product/source.c", text);
        git(&["add", "."]);
        git(&["commit", "--quiet", "-m", text]);
        git(&["rev-parse", "HEAD"])
    };
    place.write("product/README", "A product");
    git(&["init", "--quiet"]);
    let [_, flaw, _, fix] = ["first", "second", "third", "fourth"].map(commit);
    let events = json!([{ "introduced": flaw }, { "fixed": fix }]);
    let range = json!({ "type": "GIT", "repo": "https://example.org/product", "events": events });
    let record = json!({ "schema_version": "1.6.7", "id": "EXAMPLE-2026-9001", "modified": "2026-03-01T00:00:00Z",
        "affected": [{ "ranges": [range] }] });
    place.write("feed/one.json", &record.to_string());
    place.run(&["import", "--data", "data", "feed"]);

    let affected = |asked: &[&str]| {
        let run = query(&place, &[&["--repository", "product"], asked].concat());
        assert_eq!(run.code, 0, "{run:?}");
        run.out.starts_with("EXAMPLE-2026-9001\taffected\t")
    };
    assert!(affected(&["--commit", "HEAD~1"]) && affected(&["--commit", &flaw]));
    assert!(!affected(&[]) && !affected(&["--commit", "HEAD~3"]));
    for (wrong, told) in [("nowhere", "nowhere: HEAD: git: "), ("feed", "not a git repository")] {
        let run = query(&place, &["--repository", wrong]);
        assert!(run.code == 2 && run.err.contains(told) && run.err.lines().count() == 1, "{run:?}");
    }
}

/// `heliograph query … | head` is no failure, and of an import what counts is what came in.
#[test]
fn whoever_has_read_enough_is_told_of_no_error() {
    let place = Place::new();
    place.write("feed/good.json", &record("EXAMPLE-2026-9001", "lanternfish", "1.4.0"));
    for asked in [
        &["import", "--data", "data", "feed"][..],
        &["import", "--data", "data", "--json", "feed"],
        &["query", "--data", "data", "--purl", "pkg:npm/lanternfish@1.2.0"],
        &["query", "--data", "data", "buffer", "--json"],
    ] {
        let mut command = place.command(asked);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let run = child.wait_with_output().unwrap();
        assert_eq!(
            (run.status.code(), String::from_utf8_lossy(&run.stderr).as_ref()),
            (Some(0), ""),
            "{asked:?}"
        );
    }
}

/// Of a large catalogue it takes minutes: whoever waits hears why, and the answer is the same.
#[test]
fn a_search_index_that_is_made_anew_is_told_of() {
    const TOLD: &str =
        "heliograph: the search index is gone, damaged, or of an older program; it is made anew now of ";
    let place = Place::new();
    place.write("feed/good.json", &record("EXAMPLE-2026-9001", "lanternfish", "1.4.0"));
    let run = |arguments: &[&str]| {
        let run = place.run(arguments);
        assert_eq!(run.code, 0, "{run:?}");
        run
    };
    let import = ["import", "--data", "data", "feed"];
    let search = ["query", "--data", "data", "buffer"];
    assert_eq!(run(&import).err, "", "there was nothing to be made anew");
    let (before, index) = (run(&search), place.folder().join("data/catalogue.index-9"));
    assert_eq!(before.err, "");
    // Damaged, and gone.
    std::fs::write(index.join("meta.json"), "{").unwrap();
    let after = run(&search);
    assert_eq!((after.err.trim_end(), after.out.as_str()), (&*format!("{TOLD}1 records"), &*before.out));
    assert_eq!(run(&search).err, "");
    std::fs::remove_dir_all(&index).unwrap();
    place.write("feed/more.json", &record("EXAMPLE-2026-9002", "semaphore-flags", "2.0.1"));
    assert_eq!(run(&import).err.trim_end(), format!("{TOLD}1 records"));
    std::fs::remove_dir_all(&index).unwrap();
    let (mut server, began) = (place.serve("anew"), Instant::now());
    while !server.err().contains("the search index was made anew records=2 seconds=") {
        assert!(began.elapsed() < Duration::from_secs(60), "{}", server.err());
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(server.stop().success());
}
