//! Regulation (EEC, Euratom) 1182/71, article 3, as a second reading beside the first.

use clocks::Counting;
use jiff::Timestamp;

use crate::*;

/// First and second reading of a period from awareness.
fn both(due: &str, zone: &str, holidays: &[&str], anchor: &str) -> (Timestamp, Timestamp) {
    let changed = text("cra-art14").replacen("due = \"PT24H\"", &format!("due = \"{due}\""), 1);
    let profile = Profile::parse(&changed).unwrap();
    let mut facts = facts(&format!(
        r#"{{"actors": ["manufacturer"], "triggers": ["actively_exploited_vulnerability"], "jurisdictions": ["EU"],
            "zone": "{zone}", "anchors": {{"aware": "{anchor}"}}}}"#
    ));
    facts.holidays = holidays.iter().map(|date| date.parse().unwrap()).collect();
    let clock = clocks::evaluate(&profile, &facts, at(anchor)).remove(0);
    let second = clock.second.unwrap();
    assert_eq!(second.counting, Counting::Eu1182);
    (clock.due.unwrap(), second.due)
}

fn second(due: &str, zone: &str, holidays: &[&str], anchor: &str) -> Timestamp {
    both(due, zone, holidays, anchor).1
}

/// Article 3(1): the hour in which the event falls is not counted.
#[test]
fn the_hour_of_the_event_is_not_counted() {
    assert_eq!(second("PT24H", "UTC", &[], "2026-11-23T09:15:00Z"), at("2026-11-24T10:00:00Z"));
    assert_eq!(second("PT24H", "UTC", &[], "2026-11-23T09:00:00Z"), at("2026-11-24T10:00:00Z"));
    assert_eq!(second("PT24H", "UTC", &[], "2026-11-23T09:59:59.999Z"), at("2026-11-24T10:00:00Z"));
    // The hours are those of the clock on the wall: Kathmandu is 5:45 ahead.
    assert_eq!(second("PT24H", "Asia/Kathmandu", &[], "2026-11-23T09:15:00Z"), at("2026-11-24T10:15:00Z"));
}

/// Article 3(1) and (2): the day of the event is not counted, the last one to its end.
#[test]
fn the_day_of_the_event_is_not_counted() {
    assert_eq!(second("P14D", "UTC", &[], "2026-11-23T09:15:00Z"), at("2026-12-08T00:00:00Z"));
    assert_eq!(second("P1M", "UTC", &[], "2027-03-31T10:00:00Z"), at("2027-05-01T00:00:00Z"));
    assert_eq!(second("P14D", "Europe/Berlin", &[], "2027-03-16T10:00:00Z"), at("2027-03-31T00:00:00+02:00"));
}

/// Article 3(4): a period that is not in hours does not end on a Saturday, a Sunday or a holiday.
#[test]
fn a_period_in_days_ends_on_a_working_day() {
    // 14 days from Saturday 21 November lead to Saturday 5 December: the end of Monday the 7th.
    assert_eq!(second("P14D", "UTC", &[], "2026-11-21T09:00:00Z"), at("2026-12-08T00:00:00Z"));
    assert_eq!(second("P14D", "UTC", &["2026-12-07"], "2026-11-21T09:00:00Z"), at("2026-12-09T00:00:00Z"));
    // Hours end when they end.
    assert_eq!(second("PT72H", "UTC", &["2026-11-29"], "2026-11-26T09:00:00Z"), at("2026-11-29T10:00:00Z"));
}

/// Article 3(5): a period of two days or more holds two working days.
#[test]
fn two_days_hold_two_working_days() {
    // Friday, and two days: Saturday and Sunday. Moved to Monday there is one working day; so Tuesday.
    assert_eq!(second("P2D", "UTC", &[], "2026-11-27T09:00:00Z"), at("2026-12-02T00:00:00Z"));
    assert_eq!(second("P1D", "UTC", &[], "2026-11-27T09:00:00Z"), at("2026-12-01T00:00:00Z"));
    assert_eq!(second("P2D", "UTC", &[], "2026-11-23T09:00:00Z"), at("2026-11-26T00:00:00Z"));
}

/// The first reading is the early one: it counts, and the second stands beside it, labelled.
#[test]
fn the_second_reading_is_never_earlier_and_labelled() {
    for due in ["PT24H", "PT72H", "P1D", "P2D", "P14D", "P1M"] {
        for anchor in
            ["2026-11-23T09:15:00Z", "2026-11-27T23:59:59Z", "2027-01-31T00:00:00Z", "2027-03-27T12:00:00Z"]
        {
            let (first, second) = both(due, "Europe/Berlin", &["2026-12-25"], anchor);
            assert!(first < second, "{due} {anchor}");
        }
    }
    let facts = facts(
        r#"{"actors": ["manufacturer"], "triggers": ["severe_incident"], "jurisdictions": ["EU"],
            "anchors": {"aware": "2026-11-23T09:15:00Z"}}"#,
    );
    let clock = clock("cra-art14", "si.ew", &facts, "2026-11-23T10:00:00Z");
    assert!(
        clock.explain.contains("Second reading, by Regulation (EEC, Euratom) 1182/71: 2026-11-24 10:00 UTC."),
        "{}",
        clock.explain
    );
}
