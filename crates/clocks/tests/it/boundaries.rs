//! The rules at their edges: clock changes, leap days, ends of months and years, far zones, 2038.

use clocks::AnchorName;
use jiff::SignedDuration;
use proptest::prelude::*;

use crate::*;

fn cra(zone: &str, anchors: &str, filed: &str) -> Facts {
    facts(&format!(
        r#"{{"actors": ["manufacturer"], "triggers": ["actively_exploited_vulnerability", "severe_incident"],
            "jurisdictions": ["EU"], "zone": "{zone}", "anchors": {{{anchors}}}, "filed": {{{filed}}}}}"#
    ))
}

fn due_of(profile: &str, duty: &str, facts: &Facts) -> String {
    clock(profile, duty, facts, "2026-01-01T00:00:00Z").due.unwrap().to_string()
}

/// CRA, article 14(2): 24 and 72 hours are elapsed time, 14 days are days on the clock of the zone.
#[test]
fn a_clock_change_moves_hours_not_at_all_and_days_by_an_hour() {
    let autumn = cra(
        "Europe/Berlin",
        r#""aware": "2026-10-24T23:30:00+02:00", "remedy_available": "2026-10-20T10:00:00+02:00""#,
        "",
    );
    assert_eq!(due_of("cra-art14", "aev.ew", &autumn), "2026-10-25T21:30:00Z", "22:30 on the wall");
    assert_eq!(due_of("cra-art14", "aev.not", &autumn), "2026-10-27T21:30:00Z");
    assert_eq!(due_of("cra-art14", "aev.fin", &autumn), "2026-11-03T09:00:00Z", "10:00 on the wall");
    let spring = cra(
        "Europe/Berlin",
        r#""aware": "2027-03-27T23:30:00+01:00", "remedy_available": "2027-03-20T10:00:00+01:00""#,
        "",
    );
    assert_eq!(due_of("cra-art14", "aev.ew", &spring), "2027-03-28T22:30:00Z", "00:30 on the wall");
    assert_eq!(due_of("cra-art14", "aev.fin", &spring), "2027-04-03T08:00:00Z", "10:00 on the wall");
    // The wall says 01:59:59 twice in New York; the hours from the second one are an hour later.
    let york =
        |offset: &str| cra("America/New_York", &format!(r#""aware": "2026-11-01T01:59:59{offset}""#), "");
    assert_eq!(due_of("cra-art14", "aev.ew", &york("-04:00")), "2026-11-02T05:59:59Z");
    assert_eq!(due_of("cra-art14", "aev.ew", &york("-05:00")), "2026-11-02T06:59:59Z");
}

/// CRA, article 14(4)(c): one month from the submission, to the same date or to the last one there is.
#[test]
fn a_month_from_late_january_ends_with_february() {
    let fin = |filed: &str| {
        due_of("cra-art14", "si.fin", &cra("UTC", "", &format!(r#""si.not": "{filed}T10:00:00Z""#)))
    };
    for (filed, due) in [
        ("2028-01-28", "2028-02-28"),
        ("2028-01-29", "2028-02-29"),
        ("2028-01-30", "2028-02-29"),
        ("2028-01-31", "2028-02-29"),
        ("2028-02-29", "2028-03-29"),
        ("2027-01-29", "2027-02-28"),
        ("2027-02-28", "2027-03-28"),
        ("2100-01-29", "2100-02-28"),
        ("2026-10-31", "2026-11-30"),
        ("2026-11-30", "2026-12-30"),
        ("2026-12-31", "2027-01-31"),
    ] {
        assert_eq!(fin(filed), format!("{due}T10:00:00Z"), "{filed}");
    }
}

/// SEC, item 1.05: Christmas and New Year are left out where they are given, and so are weekends.
#[test]
fn months_and_business_days_pass_the_end_of_a_year() {
    let report = |zone: &str, determined: &str| {
        let facts = facts(&format!(
            r#"{{"actors": ["registrant"], "jurisdictions": ["US"], "zone": "{zone}",
                "anchors": {{"determined": "{determined}"}}, "holidays": ["2026-12-25", "2027-01-01", "2027-01-18"]}}"#
        ));
        due_of("us-sec-1.05", "8-k", &facts)
    };
    assert_eq!(report("America/New_York", "2026-12-23T10:00:00-05:00"), "2026-12-30T15:00:00Z");
    assert_eq!(report("America/New_York", "2026-12-29T10:00:00-05:00"), "2027-01-05T15:00:00Z");
    assert_eq!(report("America/New_York", "2026-12-31T10:00:00-05:00"), "2027-01-07T15:00:00Z");
    assert_eq!(
        report("America/New_York", "2027-01-01T10:00:00-05:00"),
        "2027-01-07T15:00:00Z",
        "on a holiday"
    );
    assert_eq!(report("America/New_York", "2027-01-15T10:00:00-05:00"), "2027-01-22T15:00:00Z");
    // Half an hour before midnight on a Friday in New York it is Saturday in UTC.
    assert_eq!(report("America/New_York", "2026-07-10T23:30:00-04:00"), "2026-07-17T03:30:00Z");
    assert_eq!(report("UTC", "2026-07-10T23:30:00-04:00"), "2026-07-16T03:30:00Z");
}

/// CRA, article 14(2)(c) and 14(4)(c): the day is that of the zone, east and west of the date line.
#[test]
fn the_day_is_that_of_the_zone_from_kiritimati_to_honolulu() {
    // One instant: 1 March 2027 on Kiritimati (+14), 28 February on Honolulu (-10).
    let instant = "2027-02-28T11:00:00Z";
    let fin =
        |zone: &str| due_of("cra-art14", "si.fin", &cra(zone, "", &format!(r#""si.not": "{instant}""#)));
    assert_eq!(fin("Pacific/Kiritimati"), "2027-03-31T11:00:00Z", "1 April there, 01:00");
    assert_eq!(fin("Pacific/Honolulu"), "2027-03-28T11:00:00Z");
    assert_eq!(fin("Asia/Kathmandu"), "2027-03-28T11:00:00Z");
    for zone in ["Pacific/Kiritimati", "Pacific/Honolulu", "Asia/Kathmandu", "America/St_Johns", "UTC"] {
        let facts =
            cra(zone, r#""aware": "2027-01-10T11:00:00Z", "remedy_available": "2027-01-10T11:00:00Z""#, "");
        assert_eq!(
            due_of("cra-art14", "aev.ew", &facts),
            "2027-01-11T11:00:00Z",
            "{zone}: hours know no zone"
        );
        assert_eq!(
            due_of("cra-art14", "aev.fin", &facts),
            "2027-01-24T11:00:00Z",
            "{zone}: no change between"
        );
    }
}

/// CNA rules, 4.5.1, and CRA, article 14(2)(a), over the end of signed 32-bit seconds.
#[test]
fn the_last_second_of_32_bits_is_a_second_like_any_other() {
    let cna = facts(r#"{"actors": ["cna"], "anchors": {"publication": "2038-01-18T03:14:07Z"}}"#);
    assert_eq!(due_of("cna-4", "publish.should", &cna), "2038-01-19T03:14:07Z");
    assert_eq!(due_of("cna-4", "publish", &cna), "2038-01-21T03:14:07Z");
    let facts = cra("Europe/Berlin", r#""aware": "2038-01-19T03:14:07Z""#, "");
    let warning = |now: &str| clock("cra-art14", "aev.ew", &facts, now).state;
    assert_eq!(warning("2038-01-20T03:14:07Z"), State::Running);
    assert_eq!(warning("2038-01-20T03:14:08Z"), State::Overdue);
    let month = cra("Europe/Berlin", "", r#""si.not": "2038-02-28T10:00:00+01:00""#);
    assert_eq!(due_of("cra-art14", "si.fin", &month), "2038-03-28T08:00:00Z", "summer time begins that day");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// The centre's policy: 48 hours from the acceptance, or from when the vendor was known to be
    /// concerned where that was later; never earlier, and never because of another vendor.
    #[test]
    fn a_vendor_counts_from_the_later_of_acceptance_and_finding(
        accepted in 0_i64..100_000_000, found in proptest::option::of(0_i64..100_000_000), other in 0_i64..100_000_000,
    ) {
        let instant = |seconds: i64| at("2026-01-01T00:00:00Z") + SignedDuration::from_secs(seconds);
        let mut facts = facts(r#"{"actors": ["coordinator"], "vendors": {"acme": {}, "bolt": {}}}"#);
        facts.record(AnchorName::Accepted, instant(accepted));
        let mut known = |vendor: &str, since: i64| {
            let own = facts.vendors.get_mut(vendor).unwrap();
            own.anchors.insert(AnchorName::VendorIdentified, vec![instant(since).into()]);
        };
        if let Some(found) = found {
            known("acme", found);
        }
        known("bolt", other);
        let all = evaluate("centre", &facts, "2026-01-01T00:00:00Z");
        let telling = all.iter().find(|clock| clock.vendor.as_deref() == Some("acme")).unwrap();
        let start = instant(accepted.max(found.unwrap_or(0)));
        prop_assert_eq!(telling.due, Some(start + SignedDuration::from_hours(48)));
        prop_assert_eq!(telling.started, Some(start));
    }
}
