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
