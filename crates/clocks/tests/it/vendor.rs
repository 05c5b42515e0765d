//! Telling the vendor: one clock for each, closed by nothing but telling that vendor.
//! Rule 2 of what must never be built: a filing with an authority never stops or satisfies it.

use clocks::{Anchor, AnchorName, MetBy};

use crate::*;

const CASE: &str = r#"{"actors": ["coordinator", "manufacturer"], "jurisdictions": ["EU", "CN"],
    "triggers": ["actively_exploited_vulnerability", "severe_incident", "notification_received"],
    "anchors": {"received": "2026-11-22T09:00:00Z", "accepted": "2026-11-23T09:00:00Z", "aware": "2026-11-23T09:00:00Z"},
    "vendors": {"acme": {}, "bolt": {}}}"#;

fn vendor_clocks(facts: &Facts, now: &str) -> Vec<Assessment> {
    evaluate("centre", facts, now)
        .into_iter()
        .filter(|clock| clock.duty.as_str() == "vendor.notify")
        .collect()
}

/// The centre's policy: every vendor has a clock of its own.
#[test]
fn there_is_one_clock_per_vendor() {
    let mut facts = facts(CASE);
    let acme = facts.vendors.get_mut("acme").unwrap();
    acme.anchors.insert(AnchorName::VendorNotified, vec![at("2026-11-24T09:00:00Z").into()]);
    let clocks = vendor_clocks(&facts, "2026-12-01T00:00:00Z");
    let read: Vec<_> = clocks.iter().map(|clock| (clock.vendor.as_deref().unwrap(), clock.state)).collect();
    assert_eq!(read, [("acme", State::Met), ("bolt", State::Overdue)]);
    assert!(clocks.iter().all(|clock| clock.due == Some(at("2026-11-25T09:00:00Z"))));
}

/// Rule 2: no filing, by whatever name and at whatever time, changes a clock for telling a vendor.
#[test]
fn no_filing_ever_changes_the_clock_for_telling_the_vendor() {
    let before = facts(CASE);
    let mut after = before.clone();
    for (id, _) in builtin() {
        for duty in profile(id).duties.clone() {
            after.record_filing(duty.id.qualified(id), at("2026-11-23T10:00:00Z"));
            after.record_filing(duty.id, at("2026-11-23T10:00:00Z"));
        }
    }
    assert!(after.filed.contains_key(&"vendor.notify".parse().unwrap()), "not even a filing of that name");
    for now in
        ["2026-11-23T09:00:00Z", "2026-11-25T09:00:00Z", "2026-11-25T09:00:01Z", "2036-01-01T00:00:00Z"]
    {
        assert_eq!(vendor_clocks(&before, now), vendor_clocks(&after, now));
    }
    assert_eq!(
        clock("cra-art14", "aev.ew", &after, "2036-01-01T00:00:00Z").state,
        State::Met,
        "the filing itself counts"
    );
}

/// Rule 2, by construction: in every profile a duty towards the vendor counts from an event and is
/// met by the event that the vendor was told.
#[test]
fn a_duty_towards_the_vendor_never_looks_at_filings() {
    let mut seen = 0;
    for (id, _) in builtin() {
        let profile = profile(id);
        for duty in profile.duties.iter().filter(|duty| profile.tells_vendor(duty)) {
            assert!(matches!(duty.anchor, clocks::AnchorRef::Event(_)), "{id} {}", duty.id);
            assert_eq!(duty.met_by, MetBy::Event(AnchorName::VendorNotified), "{id} {}", duty.id);
            seen += 1;
        }
    }
    assert_eq!(seen, 2, "centre/vendor.notify and rmsv-2021/upstream");
}

/// That the case's record says "the vendor was told" does not speak for each of several vendors.
#[test]
fn telling_one_vendor_does_not_count_for_another() {
    let mut facts = facts(CASE);
    facts.record(AnchorName::VendorNotified, at("2026-11-23T10:00:00Z"));
    let states: Vec<_> =
        vendor_clocks(&facts, "2026-12-01T00:00:00Z").iter().map(|clock| clock.state).collect();
    assert_eq!(states, [State::Overdue, State::Overdue]);
    // In a case that names no vendors there is one clock, and that record is about it.
    facts.vendors.clear();
    assert_eq!(clock("centre", "vendor.notify", &facts, "2026-12-01T00:00:00Z").state, State::Met);
}

/// Nothing supersedes or puts off the telling; a waiver needs a ground of the policy, per vendor.
#[test]
fn decisions_do_not_close_the_clock_for_telling_the_vendor() {
    let decision = |ground: &str| {
        format!(r#"[{{"ground": "{ground}", "person": "Ada", "decided": "2026-11-23T10:00:00Z"}}]"#)
    };
    let mut json: serde_json::Value = serde_json::from_str(CASE).unwrap();
    let value = |text: String| serde_json::from_str::<serde_json::Value>(&text).unwrap();
    json["superseded"] = value(format!(r#"{{"vendor.notify": {}}}"#, decision("filed with the authority")));
    json["waived"] = value(format!(r#"{{"vendor.notify": {}}}"#, decision("no_vendor_exists")));
    json["extended"] = value(
        r#"{"vendor.notify": [{"ground": "authority", "until": "2036-01-01T00:00:00Z", "person": "Ada", "decided": "2026-11-23T10:00:00Z"}]}"#.to_owned(),
    );
    json["vendors"]["acme"]["waived"] =
        value(format!(r#"{{"vendor.notify": {}}}"#, decision("vendor_is_the_reporter")));
    let facts: Facts = serde_json::from_value(json).unwrap();
    let clocks = vendor_clocks(&facts, "2026-12-01T00:00:00Z");
    let states: Vec<_> = clocks.iter().map(|clock| clock.state).collect();
    assert_eq!(states, [State::Waived, State::Overdue]);
    assert!(clocks[1].explain.contains("has no effect"), "{}", clocks[1].explain);
}

/// The centre's policy: publication counts from the first vendor that was told.
#[test]
fn publication_counts_from_the_first_vendor_told() {
    let mut facts = facts(CASE);
    for (name, day) in [("acme", "2026-11-25T00:00:00Z"), ("bolt", "2026-11-24T00:00:00Z")] {
        let vendor = facts.vendors.get_mut(name).unwrap();
        vendor.anchors.insert(AnchorName::VendorNotified, vec![Anchor::new(at(day), at(day), "letter")]);
    }
    let clock = clock("centre", "publish", &facts, "2026-12-01T00:00:00Z");
    assert_eq!(read(&clock), due(State::Running, "2027-01-08T00:00:00Z"));
}

/// The centre's policy: nobody can tell a vendor before it is known that its product is concerned, so
/// one that joins later has its two days from there, and never before the case was accepted.
#[test]
fn a_vendor_that_joins_later_is_told_in_time_from_when_it_was_known_to_be_concerned() {
    let with = |identified: Option<&str>, told: Option<&str>| {
        let mut facts = facts(CASE);
        let bolt = facts.vendors.get_mut("bolt").unwrap();
        let events =
            [(AnchorName::VendorIdentified, identified), (AnchorName::VendorNotified, told)].into_iter();
        for (name, time) in events.filter_map(|(name, time)| Some((name, time?))) {
            bolt.anchors.insert(name, vec![at(time).into()]);
        }
        facts
    };
    let bolt = |facts: &Facts, now: &str| read(&vendor_clocks(facts, now)[1]);
    let found = Some("2026-12-10T09:00:00Z");
    let late = "2026-12-12T09:00:00Z";
    // Untold: it runs, and is overdue a second after the two days.
    assert_eq!(bolt(&with(found, None), late), due(State::Running, late));
    assert_eq!(bolt(&with(found, None), "2026-12-12T09:00:01Z"), due(State::Overdue, late));
    assert_eq!(bolt(&with(found, found), "2027-01-01T00:00:00Z"), due(State::Met, late));
    assert_eq!(bolt(&with(found, Some("2026-12-12T09:00:01Z")), "2027-01-01T00:00:00Z").0, State::MetLate);
    // Known before the report was accepted: the acceptance counts, as where nothing is stated.
    let from_acceptance = due(State::MetLate, "2026-11-25T09:00:00Z");
    for known in [Some("2026-11-01T00:00:00Z"), None] {
        assert_eq!(bolt(&with(known, found), "2027-01-01T00:00:00Z"), from_acceptance);
    }
    // The others' clocks do not move, and without an acceptance there is no date.
    assert_eq!(vendor_clocks(&with(found, None), late)[0].due, Some(at("2026-11-25T09:00:00Z")));
    let mut unaccepted = with(found, None);
    unaccepted.anchors.remove(&AnchorName::Accepted);
    assert_eq!(bolt(&unaccepted, "2036-01-01T00:00:00Z"), (State::NotStarted, None));
    let words = &vendor_clocks(&with(found, None), late)[1].explain;
    assert!(words.contains("Anchor: vendor_identified at 2026-12-10"), "{words}");
}
