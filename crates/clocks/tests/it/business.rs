//! Business days, and the noon that comes after a weekend.

use jiff::Timestamp;

use crate::*;

/// The end of so many business days after an anchor.
fn end(days: u32, zone: &str, holidays: &[&str], anchor: &str) -> Option<Timestamp> {
    let due = if days == 1 { "1 business day".to_owned() } else { format!("{days} business days") };
    let changed = text("centre").replacen("due = \"P7D\"", &format!("due = \"{due}\""), 1);
    let profile = Profile::parse(&changed).unwrap();
    let mut facts = facts(&format!(
        r#"{{"actors": ["coordinator"], "zone": "{zone}", "anchors": {{"received": "{anchor}"}}}}"#
    ));
    facts.holidays = holidays.iter().map(|date| date.parse().unwrap()).collect();
    clocks::evaluate(&profile, &facts, at(anchor))[0].due
}

fn is(days: u32, zone: &str, holidays: &[&str], anchor: &str, expected: &str) {
    assert_eq!(end(days, zone, holidays, anchor), Some(at(expected)), "{days} {zone} {anchor}");
}

/// Day zero is not counted, whatever day it is.
#[test]
fn day_zero_is_not_counted() {
    is(1, "UTC", &[], "2026-07-06T00:00:00Z", "2026-07-07T00:00:00Z");
    is(1, "UTC", &[], "2026-07-06T23:59:59Z", "2026-07-07T23:59:59Z");
    for weekend in ["2026-07-10", "2026-07-11", "2026-07-12"] {
        is(1, "UTC", &[], &format!("{weekend}T12:00:00Z"), "2026-07-13T12:00:00Z");
    }
}

/// A holiday on a weekend changes nothing, several in a row are all left out, one on day zero too.
#[test]
fn holidays_are_left_out() {
    is(1, "UTC", &["2026-07-11"], "2026-07-10T12:00:00Z", "2026-07-13T12:00:00Z");
    is(1, "UTC", &["2026-12-24", "2026-12-25", "2026-12-28"], "2026-12-23T12:00:00Z", "2026-12-29T12:00:00Z");
    is(1, "UTC", &["2026-07-06"], "2026-07-06T12:00:00Z", "2026-07-07T12:00:00Z");
    is(5, "UTC", &["2026-12-25", "2027-01-01"], "2026-12-24T12:00:00Z", "2027-01-04T12:00:00Z");
}

/// The days are those of the zone: late on Sunday in New York it is Monday in Berlin.
#[test]
fn the_days_are_those_of_the_zone() {
    let sunday = "2026-07-12T23:00:00-04:00";
    is(1, "America/New_York", &[], sunday, "2026-07-13T23:00:00-04:00");
    is(1, "Europe/Berlin", &[], sunday, "2026-07-14T05:00:00+02:00");
    is(1, "Pacific/Kiritimati", &[], "2026-07-10T09:00:00Z", "2026-07-13T09:00:00Z");
    is(1, "Pacific/Kiritimati", &[], "2026-07-12T11:00:00Z", "2026-07-13T11:00:00Z");
}

/// A clock change keeps the clock time, as with any calendar day.
#[test]
fn clock_changes_keep_the_clock_time() {
    is(1, "Europe/Berlin", &[], "2027-03-26T10:00:00+01:00", "2027-03-29T10:00:00+02:00");
    is(1, "America/New_York", &[], "2026-10-30T10:00:00-04:00", "2026-11-02T10:00:00-05:00");
}

/// Leap day, year 2038, the end of all calendars.
#[test]
fn far_and_rare_days() {
    is(1, "UTC", &[], "2028-02-28T12:00:00Z", "2028-02-29T12:00:00Z");
    is(4, "UTC", &[], "2038-01-18T12:00:00Z", "2038-01-22T12:00:00Z");
    is(1000, "UTC", &[], "2026-01-01T12:00:00Z", "2029-11-01T12:00:00Z");
    assert_eq!(end(4, "UTC", &[], "9999-12-29T00:00:00Z"), None);
}

/// A reader sees which days were left out.
#[test]
fn the_explanation_says_which_days_were_left_out() {
    let said = |holidays: &str| {
        let facts = facts(&format!(
            r#"{{"actors": ["registrant"], "jurisdictions": ["US"], "anchors": {{"determined": "2026-07-06T15:00:00Z"}}, "holidays": [{holidays}]}}"#
        ));
        clock("us-sec-1.05", "8-k", &facts, "2026-07-01T00:00:00Z").explain
    };
    assert!(said("").contains(
        "Calendar: business days in UTC, to the same clock time; day zero is not counted; no holidays were given, \
         so only weekends are left out."
    ));
    assert!(said(r#""2026-07-09""#).contains("weekends and the one given holiday are left out"));
    assert!(said(r#""2026-07-09", "2026-07-10""#).contains("weekends and the 2 given holidays are left out"));
}

fn initial(more: &str, aware: &str) -> Assessment {
    let facts = facts(&format!(
        r#"{{"actors": ["financial_entity"], "triggers": ["major_ict_incident"], "jurisdictions": ["EU"], "zone": "Europe/Berlin",
            "anchors": {{"aware": "{aware}"}}{more}}}"#
    ));
    clock("dora-2025-301", "initial", &facts, aware)
}

/// Delegated Regulation (EU) 2025/301, article 5(4): on a weekend or a bank holiday, until noon of the
/// next working day.
#[test]
fn dora_relief_moves_to_noon_of_the_next_working_day() {
    let entity = r#", "attributes": {"entity": "payment_institution"}"#;
    // Friday 27 November 2026 and one day: a Saturday.
    let saturday = initial(entity, "2026-11-27T15:00:00+01:00");
    assert_eq!(saturday.due, Some(at("2026-11-30T12:00:00+01:00")));
    let with_holiday =
        initial(&format!(r#"{entity}, "holidays": ["2026-11-30"]"#), "2026-11-27T15:00:00+01:00");
    assert_eq!(with_holiday.due, Some(at("2026-12-01T12:00:00+01:00")));
    let holiday = initial(&format!(r#"{entity}, "holidays": ["2026-12-25"]"#), "2026-12-24T09:00:00+01:00");
    assert_eq!(holiday.due, Some(at("2026-12-28T12:00:00+01:00")), "Friday, then a weekend");
    let friday = initial(entity, "2026-11-26T15:00:00+01:00");
    assert_eq!(friday.due, Some(at("2026-11-27T15:00:00+01:00")), "a working day stays");
}

/// Article 5(5): not for banks, venues and entities under NIS 2; and not as long as nobody has said
/// what the entity is, but then the later date is named.
#[test]
fn dora_relief_is_not_for_everybody() {
    let early = Some(at("2026-11-28T15:00:00+01:00"));
    for kind in [
        "credit_institution",
        "central_counterparty",
        "trading_venue",
        "essential_entity",
        "important_entity",
    ] {
        let more = format!(r#", "attributes": {{"entity": "{kind}"}}"#);
        assert_eq!(initial(&more, "2026-11-27T15:00:00+01:00").due, early, "{kind}");
    }
    let undeclared = initial("", "2026-11-27T15:00:00+01:00");
    assert_eq!(undeclared.due, early);
    assert!(
        undeclared.explain.contains(
            "is none of these: credit institution, central counterparty, trading venue, \
             essential entity, important entity, it is due 2026-11-30 12:00 CET."
        ),
        "{}",
        undeclared.explain
    );
}
