//! Calendars: clock changes both ways, leap days, ends of months, far zones, the year 2038.
//! The rules stand in `clocks::Period`.

use crate::*;

/// The deadline of a duty with that period, for an anchor on the clock of that zone.
fn end(period: &str, zone: &str, anchor: &str) -> String {
    let changed = text("centre").replacen("due = \"P7D\"", &format!("due = \"{period}\""), 1);
    let profile = Profile::parse(&changed).unwrap();
    let facts = facts(&format!(
        r#"{{"actors": ["coordinator"], "zone": "{zone}", "anchors": {{"received": "{anchor}"}}}}"#
    ));
    clocks::evaluate(&profile, &facts, at(anchor))[0].due.unwrap().to_string()
}

/// Hours are elapsed time: the clock change does not touch them.
#[test]
fn hours_do_not_know_clock_changes() {
    for zone in ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"] {
        assert_eq!(end("PT24H", zone, "2027-03-27T20:00:00Z"), "2027-03-28T20:00:00Z");
        assert_eq!(end("PT72H", zone, "2026-10-24T20:00:00Z"), "2026-10-27T20:00:00Z");
    }
}

/// Days end at the same clock time: in spring an hour earlier than 24-hour days, in autumn later.
#[test]
fn days_keep_the_clock_time_over_both_changes() {
    assert_eq!(end("P14D", "Europe/Berlin", "2027-03-20T10:00:00+01:00"), "2027-04-03T08:00:00Z");
    assert_eq!(end("P14D", "Europe/Berlin", "2026-10-20T10:00:00+02:00"), "2026-11-03T09:00:00Z");
    assert_eq!(end("P14D", "America/New_York", "2027-03-10T10:00:00-05:00"), "2027-03-24T14:00:00Z");
    assert_eq!(end("P14D", "America/New_York", "2026-10-28T10:00:00-04:00"), "2026-11-11T15:00:00Z");
    // Lord Howe moves its clocks by half an hour.
    assert_eq!(end("P1D", "Australia/Lord_Howe", "2026-10-03T12:00:00+10:30"), "2026-10-04T01:00:00Z");
}

/// Late in the evening 14 x 24 hours would pass midnight, and so the end of the last day.
#[test]
fn days_do_not_pass_midnight_in_spring() {
    // 23:30 on the 14th day, not 00:30 on the 15th.
    assert_eq!(end("P14D", "Europe/Berlin", "2027-03-20T23:30:00+01:00"), "2027-04-03T21:30:00Z");
}

/// A clock time that the change skips is the change itself: early, and in order with its neighbours.
#[test]
fn a_skipped_clock_time_is_the_instant_of_the_change() {
    let change = "2027-03-28T01:00:00Z";
    for minute in ["02:00", "02:30", "02:59"] {
        assert_eq!(end("P1D", "Europe/Berlin", &format!("2027-03-27T{minute}:00+01:00")), change);
    }
    assert_eq!(end("P1D", "Europe/Berlin", "2027-03-27T03:00:00+01:00"), change);
    assert_eq!(end("P1D", "Europe/Berlin", "2027-03-27T01:59:00+01:00"), "2027-03-28T00:59:00Z");
}

/// A clock time that occurs twice is the first of the two: early.
#[test]
fn a_repeated_clock_time_is_the_first() {
    assert_eq!(end("P1D", "Europe/Berlin", "2026-10-24T02:30:00+02:00"), "2026-10-25T00:30:00Z");
    assert_eq!(end("P1D", "America/New_York", "2026-10-31T01:30:00-04:00"), "2026-11-01T05:30:00Z");
}

/// A whole day can be missing: Samoa had no 30 December 2011.
#[test]
fn a_skipped_day_ends_with_the_change() {
    assert_eq!(end("P1D", "Pacific/Apia", "2011-12-29T12:00:00-10:00"), "2011-12-30T10:00:00Z");
    assert_eq!(end("P2D", "Pacific/Apia", "2011-12-29T12:00:00-10:00"), "2011-12-30T22:00:00Z");
}

/// Without a zone days are counted in UTC.
#[test]
fn without_a_zone_days_are_those_of_utc() {
    assert_eq!(end("P14D", "UTC", "2027-03-20T10:00:00Z"), "2027-04-03T10:00:00Z");
    assert_eq!(Facts::default().zone.name(), "UTC");
}

/// Leap days: there is one in 2028, and none in 2027 and 2100.
#[test]
fn leap_days_count() {
    assert_eq!(end("P1M", "UTC", "2028-01-31T10:00:00Z"), "2028-02-29T10:00:00Z");
    assert_eq!(end("P1M", "UTC", "2027-01-31T10:00:00Z"), "2027-02-28T10:00:00Z");
    assert_eq!(end("P1M", "UTC", "2100-01-30T10:00:00Z"), "2100-02-28T10:00:00Z");
    assert_eq!(end("P1D", "UTC", "2028-02-28T10:00:00Z"), "2028-02-29T10:00:00Z");
    assert_eq!(end("P1Y", "UTC", "2028-02-29T10:00:00Z"), "2029-02-28T10:00:00Z");
}

/// Ends of months: the same date where there is one, otherwise the last day.
#[test]
fn months_end_on_the_same_date_or_on_the_last_day() {
    assert_eq!(end("P1M", "UTC", "2026-11-30T10:00:00Z"), "2026-12-30T10:00:00Z");
    assert_eq!(end("P1M", "UTC", "2026-12-31T10:00:00Z"), "2027-01-31T10:00:00Z");
    assert_eq!(end("P1M", "UTC", "2026-03-31T10:00:00Z"), "2026-04-30T10:00:00Z");
    assert_eq!(end("P3M", "UTC", "2026-11-30T10:00:00Z"), "2027-02-28T10:00:00Z");
}

/// The date is that of the zone: the same instant is in January in London and in February in Tokyo.
#[test]
fn months_are_those_of_the_zone() {
    let anchor = "2027-01-31T20:00:00Z";
    assert_eq!(end("P1M", "Europe/London", anchor), "2027-02-28T20:00:00Z");
    assert_eq!(end("P1M", "Asia/Tokyo", anchor), "2027-02-28T20:00:00Z");
    assert_eq!(end("P1M", "Pacific/Kiritimati", "2027-01-31T09:00:00Z"), "2027-02-28T09:00:00Z");
    assert_eq!(end("P1M", "Pacific/Kiritimati", "2027-01-31T10:00:00Z"), "2027-02-28T10:00:00Z");
    assert_eq!(end("P1M", "America/Los_Angeles", "2027-03-01T05:00:00Z"), "2027-03-29T04:00:00Z");
    assert_eq!(end("P1M", "Asia/Kathmandu", "2027-02-28T18:20:00Z"), "2027-03-31T18:20:00Z");
}

/// The year 2038 is a year like any other.
#[test]
fn time_goes_on_after_2038() {
    assert_eq!(end("PT24H", "UTC", "2038-01-19T03:14:07Z"), "2038-01-20T03:14:07Z");
    assert_eq!(end("P1M", "Europe/Berlin", "2038-03-15T12:00:00+01:00"), "2038-04-15T10:00:00Z");
    assert_eq!(end("P14D", "Europe/Berlin", "2099-03-25T12:00:00+01:00"), "2099-04-08T10:00:00Z");
}

/// Beyond the calendar there is no date, and no panic.
#[test]
fn beyond_the_year_9999_there_is_no_date() {
    let facts = facts(r#"{"actors": ["coordinator"], "anchors": {"received": "9999-12-30T00:00:00Z"}}"#);
    assert_eq!(read(&clock("centre", "acknowledge", &facts, "2036-01-01T00:00:00Z")), (State::Running, None));
}
