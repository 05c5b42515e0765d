//! What happens to records, told as NVD's `cvehistory` has it.

use super::catalogue as open;
use super::fixtures::{Folder, cve, import};
use catalogue::{Event, Happened};

/// NVD, `eventName`; and what a record was before is told as it was then, not as it stands today.
#[test]
fn rejections_deletions_and_returns_are_events_with_what_they_changed() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let dated = |day: u32| cve("CVE-2024-1").replace("2024-03-03", &format!("2024-03-{day:02}"));
    let rejected = dated(4)
        .replace("PUBLISHED", "REJECTED")
        .replace("\"cna\": {", r#""cna": {"rejectedReasons": [{"lang": "en", "value": "No flaw."}], "#);
    let put = |text: &str| {
        folder.file("db/one.json", text);
        import(&catalogue, &[folder.0.join("db")]);
    };
    folder.file("db/two.json", cve("CVE-2024-2"));
    folder.file("db/three.json", cve("CVE-2024-3"));
    put(&dated(3));
    put(&rejected);
    put(&dated(5));
    put(&dated(6).replace("\"baseScore\": 9.8", "\"baseScore\": 9.1"));
    std::fs::remove_file(folder.0.join("db/one.json")).unwrap();
    import(&catalogue, &[folder.0.join("db")]);
    put(&dated(7));
    let of = |event: Option<Event>| {
        let asked = Happened { keys: vec!["cve-2024-1".into()], event, ..Happened::default() };
        let (found, total) = catalogue.happenings(&asked, 0, 100).unwrap();
        assert_eq!(found.len(), total);
        found
    };
    let state = |event: Event| {
        let told = of(Some(event)).into_iter().flat_map(|(_, differences)| differences);
        let states = told.filter(|told| told.what == "State");
        states.map(|told| format!("{} to {}", told.old.unwrap(), told.new.unwrap())).collect::<Vec<_>>()
    };
    let names: Vec<&str> = of(None).iter().map(|(happening, _)| happening.event.name()).collect();
    let expected = [
        "New CVE Received",
        "CVE Rejected",
        "CVE Unrejected",
        "CVE Modified",
        "CVE Rejected",
        "CVE Unrejected",
    ];
    assert_eq!(names, expected);
    assert_eq!(state(Event::Rejected), ["stands to rejected", "stands to withdrawn"]);
    assert_eq!(state(Event::StandsAgain), ["rejected to stands", "withdrawn to stands"]);
    let changed = of(Some(Event::Changed));
    let told: Vec<_> =
        changed.iter().flat_map(|(_, all)| all).map(|told| (told.what, told.action())).collect();
    assert_eq!((changed.len(), told.as_slice()), (1, &[("CVSS", "Removed"), ("CVSS", "Added")][..]));
    assert_eq!(of(Some(Event::CameIn)).len(), 1);
    let deletion = of(Some(Event::Rejected)).pop().unwrap().1;
    let reason = deletion.iter().find(|told| told.what == "Reason").and_then(|told| told.new.clone());
    assert!(reason.unwrap().starts_with("deleted at its source"), "{deletion:?}");
    // The page of a record's history tells the same.
    let story = catalogue.story("CVE-2024-1").unwrap().unwrap();
    let states = story.changes.iter().flat_map(|told| &told.differences).filter(|told| told.what == "State");
    assert_eq!(states.count(), 4);
}
