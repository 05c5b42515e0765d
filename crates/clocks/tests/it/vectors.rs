//! Worked examples with known answers.

use crate::*;

const AEV: &str = r#"{"actors": ["manufacturer"], "triggers": ["actively_exploited_vulnerability"], "jurisdictions": ["EU"],
    "anchors": {"aware": "2026-11-23T09:15:00Z"}}"#;
const SI: &str = r#"{"actors": ["manufacturer"], "triggers": ["severe_incident"], "jurisdictions": ["EU"],
    "anchors": {"aware": "2026-11-23T09:15:00Z"}}"#;

/// Vector (a). Regulation (EU) 2024/2847, article 14(2)(a) and (b): 24 and 72 hours from awareness.
#[test]
fn cra_exploited_vulnerability_counts_24_and_72_hours_from_awareness() {
    let facts = facts(AEV);
    let now = "2026-11-23T10:00:00Z";
    assert_eq!(read(&clock("cra-art14", "aev.ew", &facts, now)), due(State::Running, "2026-11-24T09:15:00Z"));
    assert_eq!(
        read(&clock("cra-art14", "aev.not", &facts, now)),
        due(State::Running, "2026-11-26T09:15:00Z")
    );
}

/// Vector (a), "no remedy". Article 14(2)(c): no measure, no date, and no outer limit.
#[test]
fn cra_final_report_has_no_date_while_there_is_no_remedy() {
    let facts = facts(AEV);
    for now in ["2026-11-23T10:00:00Z", "2026-12-31T00:00:00Z", "2036-01-01T00:00:00Z"] {
        let clock = clock("cra-art14", "aev.fin", &facts, now);
        assert_eq!((read(&clock), clock.started), ((State::NotStarted, None), None));
    }
}

/// Vector (a). Article 14(2)(c): 14 days from the availability of a measure, not from awareness.
#[test]
fn cra_final_report_counts_14_days_from_the_remedy() {
    let mut facts = facts(AEV);
    facts.record(clocks::AnchorName::RemedyAvailable, at("2026-12-20T00:00:00Z"));
    let clock = clock("cra-art14", "aev.fin", &facts, "2026-12-21T00:00:00Z");
    assert_eq!(read(&clock), due(State::Running, "2027-01-03T00:00:00Z"));
}

/// Vector (b). Article 14(4)(c): one month from the submission of the notification (here at
/// T + 30 hours), not from awareness and not from T + 72 hours.
#[test]
fn cra_incident_report_counts_one_month_from_the_submission() {
    let mut facts = facts(SI);
    facts.record_filing("si.not".parse().unwrap(), at("2026-11-24T15:15:00Z"));
    let fin = clock("cra-art14", "si.fin", &facts, "2026-11-25T00:00:00Z");
    assert_eq!(read(&fin), due(State::Running, "2026-12-24T15:15:00Z"));
    assert_eq!(fin.started, Some(at("2026-11-24T15:15:00Z")));
    assert_eq!(clock("cra-art14", "si.not", &facts, "2026-11-25T00:00:00Z").state, State::Met);
}

/// Vector (c). Article 14(4)(c): a month that is too short ends the period on its last day.
#[test]
fn cra_incident_report_filed_on_31_january_is_due_on_28_february() {
    let mut facts = facts(SI);
    facts.record_filing("si.not".parse().unwrap(), at("2027-01-31T10:00:00Z"));
    let clock = clock("cra-art14", "si.fin", &facts, "2027-02-01T00:00:00Z");
    assert_eq!(read(&clock), due(State::Running, "2027-02-28T10:00:00Z"));
    assert!(
        clock.explain.contains("the month is too short for the date, so its last day counts"),
        "{}",
        clock.explain
    );
}

/// A missed notification makes itself overdue and nothing else: the final report waits for a
/// submission that has not been made. Article 14(4)(c).
#[test]
fn a_missed_first_filing_spawns_no_later_ones() {
    let facts = facts(SI);
    let now = "2027-06-01T00:00:00Z";
    assert_eq!(clock("cra-art14", "si.not", &facts, now).state, State::Overdue);
    assert_eq!(read(&clock("cra-art14", "si.fin", &facts, now)), (State::NotStarted, None));
    assert_eq!(clock("cra-art14", "disseminate", &facts, now).state, State::NotApplicable);
}

/// Vector (h). RMSV, article 7(2): "2 days", read strictly as 48 hours.
#[test]
fn rmsv_report_counts_48_hours_strictly() {
    let facts = facts(
        r#"{"actors": ["product_provider"], "triggers": ["vulnerability_found_or_learned_in_own_product"],
            "jurisdictions": ["CN"], "zone": "Asia/Shanghai", "anchors": {"discovered": "2026-11-23T09:15:00+08:00"}}"#,
    );
    let clock = clock("rmsv-2021", "report", &facts, "2026-11-24T00:00:00Z");
    assert_eq!(clock.due, Some(at("2026-11-25T09:15:00+08:00")));
    assert!(clock.reference, "the profile is only for reference, and every clock says so");
    assert!(clock.explain.contains("the text says “within 2 days”"), "{}", clock.explain);
}

/// Article 14(8) and RMSV 7(1), 7(3): "without undue delay", "immediately", "timely" have no date.
#[test]
fn a_duty_without_a_fixed_time_runs_without_a_date_and_is_never_overdue() {
    let eu = facts(AEV);
    for now in ["2026-11-23T09:15:00Z", "2036-01-01T00:00:00Z"] {
        assert_eq!(read(&clock("cra-art14", "users", &eu, now)), (State::Running, None));
    }
    let cn = facts(
        r#"{"actors": ["product_provider"], "triggers": ["flaw_in_upstream_component", "users_must_act"], "jurisdictions": ["CN"],
            "anchors": {"discovered": "2026-11-23T09:15:00Z", "remedy_available": "2026-11-24T09:15:00Z"}}"#,
    );
    for duty in ["upstream", "users"] {
        assert_eq!(read(&clock("rmsv-2021", duty, &cn, "2036-01-01T00:00:00Z")), (State::Running, None));
    }
}

/// Article 16(2): the coordinator passes on what was notified, without delay, from the first filing.
#[test]
fn cra_dissemination_starts_with_the_first_filing() {
    let mut facts = facts(
        r#"{"actors": ["coordinator"], "triggers": ["notification_received"], "jurisdictions": ["EU"]}"#,
    );
    assert_eq!(clock("cra-art14", "disseminate", &facts, "2026-12-01T00:00:00Z").state, State::NotStarted);
    facts.record_filing("aev.not".parse().unwrap(), at("2026-11-25T00:00:00Z"));
    facts.record_filing("aev.ew".parse().unwrap(), at("2026-11-24T00:00:00Z"));
    let running = clock("cra-art14", "disseminate", &facts, "2026-12-01T00:00:00Z");
    assert_eq!(
        (running.state, running.started, running.due),
        (State::Running, Some(at("2026-11-24T00:00:00Z")), None)
    );
    facts.record_filing("disseminate".parse().unwrap(), at("2026-11-24T01:00:00Z"));
    assert_eq!(clock("cra-art14", "disseminate", &facts, "2026-12-01T00:00:00Z").state, State::Met);
}

/// The centre's policy after ISO/IEC 29147:2018, 6.2.5: receipt is acknowledged within 7 days.
#[test]
fn the_centre_acknowledges_within_7_calendar_days() {
    let facts = facts(r#"{"actors": ["coordinator"], "anchors": {"received": "2026-11-23T09:15:00Z"}}"#);
    let now = "2026-11-24T00:00:00Z";
    assert_eq!(
        read(&clock("centre", "acknowledge", &facts, now)),
        due(State::Running, "2026-11-30T09:15:00Z")
    );
}

/// The centre's policy after CERT/CC: publication 45 days after the vendor was told.
#[test]
fn the_centre_publishes_45_days_after_the_vendor_was_told() {
    let mut facts =
        facts(r#"{"actors": ["coordinator"], "anchors": {"vendor_notified": "2026-11-23T09:15:00Z"}}"#);
    let now = "2026-11-24T00:00:00Z";
    assert_eq!(read(&clock("centre", "publish", &facts, now)), due(State::Running, "2027-01-07T09:15:00Z"));
    facts.record(clocks::AnchorName::Publication, at("2027-01-07T09:15:00Z"));
    assert_eq!(clock("centre", "publish", &facts, "2027-02-01T00:00:00Z").state, State::Met);
}

/// The last instant is still in time; the one after it is not. Article 14(2)(a).
#[test]
fn the_deadline_itself_is_in_time() {
    let mut facts = facts(AEV);
    assert_eq!(clock("cra-art14", "aev.ew", &facts, "2026-11-24T09:15:00Z").state, State::Running);
    assert_eq!(clock("cra-art14", "aev.ew", &facts, "2026-11-24T09:15:00.000000001Z").state, State::Overdue);
    facts.record_filing("aev.ew".parse().unwrap(), at("2026-11-24T09:15:00Z"));
    assert_eq!(clock("cra-art14", "aev.ew", &facts, "2026-12-01T00:00:00Z").state, State::Met);
    facts.filed.clear();
    facts.record_filing("aev.ew".parse().unwrap(), at("2026-11-24T09:15:01Z"));
    assert_eq!(clock("cra-art14", "aev.ew", &facts, "2026-12-01T00:00:00Z").state, State::MetLate);
}

/// The explanation names rule, anchor, calendar and direction of error.
#[test]
fn an_explanation_is_complete() {
    let mut facts = facts(AEV);
    facts.zone = "Europe/Berlin".parse().unwrap();
    let clock = clock("cra-art14", "aev.ew", &facts, "2026-11-23T10:00:00Z");
    assert_eq!(
        clock.explain,
        "Running: due 2026-11-24 10:15 CET. \
         Rule: EU Cyber Resilience Act, article 14(2)(a): within 24 hours (PT24H) of awareness. \
         Anchor: aware at 2026-11-23 10:15 CET. \
         Calendar: elapsed time; nights, weekends and holidays count. \
         Direction of error: early, which is safe. Regulation (EEC, Euratom) 1182/71 does not count the hour or the \
         day of the event and moves the end of longer periods to a working day, so the legal end is never before this one. \
         Second reading, by Regulation (EEC, Euratom) 1182/71: 2026-11-24 11:00 CET. \
         Source: Regulation (EU) 2024/2847, article 14(2)(a) (verified against a verbatim copy)."
    );
}

/// Vector (d). NCSC Ireland: 48 hours from the submission of the early warning, here 3 hours after
/// awareness; the law's own 72 hours stand beside it.
#[test]
fn irish_guidance_counts_from_the_submission_of_the_early_warning() {
    let mut facts = facts(AEV);
    facts.record_filing("aev.ew".parse().unwrap(), at("2026-11-23T12:15:00Z"));
    let now = "2026-11-24T00:00:00Z";
    let guidance = clock("cra-art14", "aev.not@ie-guidance", &facts, now);
    assert_eq!(read(&guidance), due(State::Running, "2026-11-25T12:15:00Z"));
    assert!(guidance.soft && guidance.explain.contains("guidance, not law"), "{}", guidance.explain);
    let law = clock("cra-art14", "aev.not", &facts, now);
    assert_eq!(read(&law), due(State::Running, "2026-11-26T09:15:00Z"));
    assert!(!law.soft);
}

fn dora(anchors: &str) -> Facts {
    facts(&format!(
        r#"{{"actors": ["financial_entity"], "triggers": ["major_ict_incident"], "jurisdictions": ["EU"], "anchors": {{{anchors}}}}}"#
    ))
}

/// Vector (e). Delegated Regulation (EU) 2025/301, article 5(1)(a) and 5(2).
#[test]
fn dora_initial_notification_depends_on_when_it_was_classified() {
    let initial = |anchors: &str, now: &str| read(&clock("dora-2025-301", "initial", &dora(anchors), now));
    let soon = r#""aware": "2026-11-23T10:00:00Z", "classified": "2026-11-23T12:00:00Z""#;
    assert_eq!(initial(soon, "2026-11-23T12:30:00Z"), due(State::Running, "2026-11-23T16:00:00Z"));
    let late = r#""aware": "2026-11-23T10:00:00Z", "classified": "2026-11-24T11:00:00Z""#;
    assert_eq!(initial(late, "2026-11-24T12:00:00Z"), due(State::Running, "2026-11-24T15:00:00Z"));
    let unclassified = r#""aware": "2026-11-23T10:00:00Z""#;
    assert_eq!(initial(unclassified, "2026-11-23T12:00:00Z"), due(State::Running, "2026-11-24T10:00:00Z"));
    // The words are "later than 24 hours": at the second itself, the 24 hours count.
    let at_24 = r#""aware": "2026-11-23T10:00:00Z", "classified": "2026-11-24T10:00:00Z""#;
    assert_eq!(initial(at_24, "2026-11-24T10:00:00Z"), due(State::Running, "2026-11-24T10:00:00Z"));
    let after = r#""aware": "2026-11-23T10:00:00Z", "classified": "2026-11-24T10:00:01Z""#;
    assert_eq!(initial(after, "2026-11-24T10:00:01Z"), due(State::Running, "2026-11-24T14:00:01Z"));
    // 21 hours after awareness the end of the 24 is nearer than 4 more.
    let near = r#""aware": "2026-11-23T10:00:00Z", "classified": "2026-11-24T07:00:00Z""#;
    assert_eq!(initial(near, "2026-11-24T07:00:00Z"), due(State::Running, "2026-11-24T10:00:00Z"));
}

/// Vector (f). SEC, Form 8-K, item 1.05: four business days, day zero not counted.
#[test]
fn sec_counts_four_business_days_from_the_determination() {
    let report = |determined: &str, holidays: &str| {
        let facts = facts(&format!(
            r#"{{"actors": ["registrant"], "jurisdictions": ["US"], "anchors": {{"determined": "{determined}T15:00:00Z"}}, "holidays": [{holidays}]}}"#
        ));
        clock("us-sec-1.05", "8-k", &facts, "2026-07-01T00:00:00Z").due.unwrap().to_string()
    };
    assert_eq!(report("2026-07-06", ""), "2026-07-10T15:00:00Z", "Monday to Friday");
    assert_eq!(report("2026-07-10", ""), "2026-07-16T15:00:00Z", "Friday to Thursday");
    assert_eq!(report("2026-07-11", ""), "2026-07-16T15:00:00Z", "Saturday to Thursday");
    assert_eq!(
        report("2026-07-14", r#""2026-07-17""#),
        "2026-07-21T15:00:00Z",
        "Tuesday over a holiday to Tuesday"
    );
}

/// Vector (g). Project Zero: details 30 days after a patch in time, at day 90 without one, at day 120
/// with a patch under grace.
#[test]
fn p0_publishes_details_by_the_day_of_the_patch() {
    // Day 0 is 1 January 2026; the days are those of UTC.
    let day = |number: i64| at("2026-01-01T12:00:00Z") + jiff::SignedDuration::from_hours(24 * number);
    let publish = |patched: Option<i64>, more: &str| {
        let patched = patched.map(|number| format!(r#", "patched": "{}""#, day(number))).unwrap_or_default();
        let json = format!(r#"{{"anchors": {{"vendor_notified": "{}"{patched}}}{more}}}"#, day(0));
        let due = clock("p0-90-30", "publish", &facts(&json), "2026-01-02T00:00:00Z").due.unwrap();
        due.duration_since(day(0)).as_hours() / 24
    };
    let grace = r#", "extended": {"patch": [{"ground": "vendor_request", "until": "2026-04-15T12:00:00Z", "person": "Ada",
        "decided": "2026-03-30T00:00:00Z"}]}"#;
    assert_eq!(publish(Some(47), ""), 77);
    assert_eq!(publish(Some(83), ""), 113);
    assert_eq!(publish(Some(90), ""), 120, "the last day is in time");
    assert_eq!(publish(None, ""), 90);
    assert_eq!(publish(Some(100), ""), 90, "too late, and no grace");
    assert_eq!(publish(Some(100), grace), 120);
    assert_eq!(publish(Some(100), r#", "attributes": {"grace": true}"#), 120);
    assert_eq!(publish(Some(105), grace), 104, "grace is 14 days at most");
    assert_eq!(publish(Some(47), grace), 77);
    let wild = r#", "triggers": ["exploited_in_the_wild"]"#;
    assert_eq!((publish(Some(5), wild), publish(Some(8), wild), publish(None, wild)), (35, 7, 7));
    let both = r#", "attributes": {"exploited_in_the_wild": true, "grace": true}"#;
    assert_eq!((publish(Some(9), both), publish(None, both)), (37, 10));
}

/// Vector (h), the other reading: RMSV, article 7(2), "2 days" without the first, to the end of the last.
#[test]
fn rmsv_shows_both_readings_of_2_days() {
    let facts = facts(
        r#"{"actors": ["product_provider"], "triggers": ["vulnerability_found_or_learned_in_own_product"],
            "jurisdictions": ["CN"], "zone": "Asia/Shanghai", "anchors": {"discovered": "2026-11-23T09:15:00+08:00"}}"#,
    );
    let clock = clock("rmsv-2021", "report", &facts, "2026-11-24T00:00:00Z");
    assert_eq!(clock.due, Some(at("2026-11-25T09:15:00+08:00")), "the strict one counts");
    assert_eq!(clock.second.unwrap().due, at("2026-11-26T00:00:00+08:00"));
}

/// Vector (i). CNA rules, 4.5.1: should within 24 hours, must within 72.
#[test]
fn cna_warns_after_24_hours_and_breaches_after_72() {
    let facts = facts(r#"{"actors": ["cna"], "anchors": {"publication": "2026-11-23T09:15:00Z"}}"#);
    let state = |duty: &str, now: &str| {
        let clock = clock("cna-4", duty, &facts, now);
        (clock.state, clock.due.unwrap().to_string(), clock.soft)
    };
    let should = "2026-11-24T09:15:00Z".to_owned();
    let must = "2026-11-26T09:15:00Z".to_owned();
    assert_eq!(state("publish.should", "2026-11-24T09:15:01Z"), (State::Overdue, should, true));
    assert_eq!(state("publish", "2026-11-24T09:15:01Z"), (State::Running, must.clone(), false));
    assert_eq!(state("publish", "2026-11-26T09:15:01Z"), (State::Overdue, must, false));
    let said = clock("cna-4", "publish.should", &facts, "2026-11-24T09:15:01Z").explain;
    assert!(said.contains("The rule says “should”: to miss it is no breach."), "{said}");
}
