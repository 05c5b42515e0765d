//! What is written, what never is, and who stands in the journal for it.

use super::{case, folder::Folder, public};
use crate::access::Role;
use crate::testing::{MARK, TestApp};
use merkle::{Frontier, Limits, Receipt, TilePath, leaf};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn files(folder: &Path) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => open.push(path),
                false => drop(all.insert(path.strip_prefix(folder).unwrap().display().to_string())),
            }
        }
    }
    all
}

/// The manifest, held against the files that are there.
fn manifest(folder: &Path) -> Value {
    let manifest: Value = serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    let mut listed = BTreeSet::from(["manifest.json".to_owned()]);
    for file in manifest["files"].as_array().unwrap() {
        let path = file["path"].as_str().unwrap();
        let bytes = fs::read(folder.join(path)).unwrap();
        let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            (file["sha256"].as_str(), file["bytes"].as_u64()),
            (Some(hash.as_str()), Some(bytes.len() as u64))
        );
        listed.insert(path.to_owned());
    }
    assert_eq!(listed, files(folder));
    manifest["about"].clone()
}

fn text_of_all(folder: &Path) -> String {
    let text = |path: &String| String::from_utf8_lossy(&fs::read(folder.join(path)).unwrap()).into_owned();
    files(folder).iter().map(text).collect()
}

/// A static server with these files is a mirror of the log: its entries give the root that is signed.
#[test]
fn the_public_record_has_every_advisory_and_a_log_that_verifies() {
    let app = TestApp::new();
    let case = app.case();
    case.publish();
    let embargoed = app.case();
    embargoed.draft();
    let to = app.folder().join("public");
    let written = public::export(&app.app, Folder::begin(&to).unwrap()).unwrap();
    let about = manifest(&to);
    assert_eq!((&about["what"], &about["advisories"]), (&Value::from("public"), &Value::from(1)));
    assert_eq!(written.json()["about"], about);
    let place = |name: &str| to.join(format!("advisories/{}/{name}", case.id));
    for name in ["advisory.json", "csaf.json", "osv.json"] {
        assert!(place(name).is_file(), "{name}: {:?}", files(&to));
    }
    let served = app.anonymous().get(&format!("/advisories/{}/csaf.json", case.id));
    assert_eq!(fs::read(place("csaf.json")).unwrap(), served.bytes());

    let note = fs::read_to_string(to.join("log/checkpoint")).unwrap();
    let key = fs::read_to_string(to.join("log/key")).unwrap();
    let checkpoint = merkle::open(&note, &key.trim().parse().unwrap()).unwrap();
    let mut frontier = Frontier::empty();
    while frontier.size() < checkpoint.size() {
        let width = u16::try_from((checkpoint.size() - frontier.size()).min(256)).unwrap();
        let path = TilePath::entries(frontier.size() / 256, width).unwrap();
        let bytes = fs::read(to.join(format!("log/{path}"))).unwrap();
        for commitment in path.read_entries(&bytes).unwrap() {
            frontier.push(leaf(&commitment)).unwrap();
        }
    }
    assert_eq!(frontier.root(), checkpoint.root());
    let all = text_of_all(&to);
    assert!(!all.contains(embargoed.id.as_str()) && !all.contains(MARK), "what is not public is in it");
}

/// Without a person who answers for it nothing sealed comes out; every entry has a proof that anybody
/// can check offline.
#[test]
fn a_case_is_exported_with_proofs_and_without_what_is_sealed() {
    let app = TestApp::new();
    let case = app.case_with(&[("proof_of_concept", "zinnober.py")]);
    case.vendor("Nordwind");
    let other = app.case();
    let to = app.folder().join("case");
    let before = app.size();
    case::export(&app.app, &case.id.as_str().to_lowercase(), None, Folder::begin(&to).unwrap()).unwrap();
    assert_eq!(app.size(), before, "nothing was opened, so nothing is recorded");
    let about = manifest(&to);
    assert_eq!(about["case"], case.id.as_str());
    let key = app.app.ledger.keys().verifier();
    let lines = fs::read_to_string(to.join("entries.jsonl")).unwrap();
    let kinds: BTreeSet<String> = lines
        .lines()
        .map(|line| {
            let entry: Value = serde_json::from_str(line).unwrap();
            let proof = fs::read_to_string(to.join(format!("proofs/{}.tlog-proof", entry["seq"]))).unwrap();
            let proven = Receipt::parse(&proof, Limits::default()).unwrap().verify(&key).unwrap();
            assert_eq!(proven.canonical, line.as_bytes());
            entry["kind"].as_str().unwrap().to_owned()
        })
        .collect();
    for kind in ["report.received", "case.opened", "case.vendor_told", "clock.fact_recorded"] {
        assert!(kinds.contains(kind), "{kind}: {kinds:?}");
    }
    let all = text_of_all(&to);
    assert!(!all.contains(MARK), "what is sealed is in it");
    assert!(!all.contains(other.id.as_str()), "another case is in it");
}

#[test]
fn what_is_sealed_comes_out_for_a_person_whose_read_is_in_the_journal() {
    let app = TestApp::new();
    let case = app.case_with(&[("proof_of_concept", "zinnober exploit")]);
    let (organisation, person) = case.vendor("Nordwind");
    let said = [("to", "centre"), ("message", "The zinnober valve is ours.")];
    assert_eq!(person.post_form(&case.place("/message"), &said).status(), 303);
    case.draft();
    let vendor = app.login(&[Role::Vendor], Some(organisation));
    let coordinator = app.login(&[Role::Coordinator], None);
    for (login, sees_drafts) in [(&coordinator, true), (&vendor, false)] {
        let to = app.folder().join(login);
        let before = app.size();
        case::export(&app.app, case.id.as_str(), Some(login), Folder::begin(&to).unwrap()).unwrap();
        assert_eq!(app.kinds_since(before), ["sealed.read"]);
        let read = app.read(|tx| Ok(crate::ledger::entry(tx, before)?));
        assert_eq!(read.actor.to_string(), format!("account/{}", app.account_id(login)));
        let lines = fs::read_to_string(to.join("entries.jsonl")).unwrap();
        assert!(lines.contains(&format!("\"seq\":{before},")), "the read itself is among the entries");
        let opened = fs::read_to_string(to.join("case.json")).unwrap();
        assert!(opened.contains("The zinnober valve"), "{opened}");
        assert_eq!(to.join("advisory-draft.json").exists(), sees_drafts);
        assert!(!text_of_all(&to).contains("zinnober exploit"), "exploit material is never in bulk exports");
    }
}

/// A page of a case shows 50 entries of what happened. The file has them all, in their order.
#[test]
fn a_long_case_is_exported_whole() {
    let app = TestApp::new();
    let case = app.case();
    let said: Vec<String> = (0..60).map(|number| format!("Message {number:02} of zinnober.")).collect();
    for text in &said {
        let form = [("to", "everyone"), ("message", text.as_str())];
        assert_eq!(case.desk.post_form(&case.place("/message"), &form).status(), 303);
    }
    let (to, login) = (app.folder().join("long"), app.login(&[Role::Coordinator], None));
    case::export(&app.app, case.id.as_str(), Some(&login), Folder::begin(&to).unwrap()).unwrap();
    let opened: Value = serde_json::from_slice(&fs::read(to.join("case.json")).unwrap()).unwrap();
    let timeline = opened["timeline"].as_array().unwrap();
    assert_eq!(opened["events"], timeline.len());
    let entries: Vec<i64> = timeline.iter().map(|moment| moment["entry"].as_i64().unwrap()).collect();
    assert!(entries.is_sorted());
    let texts = timeline.iter().map(|moment| moment["text"].as_str().unwrap_or_default());
    assert!(texts.filter(|text| text.starts_with("Message")).eq(&said), "{opened}");
}

#[test]
fn what_cannot_be_exported_leaves_nothing() {
    let app = TestApp::new();
    let case = app.case();
    let to = app.folder().join("refused");
    let auditor = app.login(&[Role::Auditor], None);
    let before = app.size();
    let refused = |id: &str, login: Option<&str>| {
        let refusal = case::export(&app.app, id, login, Folder::begin(&to).unwrap()).err().unwrap();
        let left: Vec<String> = fs::read_dir(app.folder())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .filter(|name| name.contains("refused"))
            .collect();
        assert!(left.is_empty(), "{left:?}");
        format!("{refusal:#}")
    };
    assert_eq!(refused("HEL-2026-009999", None), "there is no case HEL-2026-009999");
    assert!(!refused("somewhere", None).is_empty());
    assert!(refused(case.id.as_str(), Some("nobody")).contains("There is no account with this login."));
    assert!(refused(case.id.as_str(), Some(&auditor)).contains("There is nothing here."));
    assert_eq!(app.size(), before);
    fs::create_dir(&to).unwrap();
    let there = Folder::begin(&to).err().unwrap().to_string();
    assert!(there.contains("is there already"), "{there}");
}
