//! The worked examples that every engine must get right, each with the test that has it. The list is
//! held against the files: a test that is renamed or lost is missed here.

const FILES: [(&str, &str); 6] = [
    ("vectors", include_str!("vectors.rs")),
    ("conflicts", include_str!("conflicts.rs")),
    ("worked", include_str!("worked.rs")),
    ("business", include_str!("business.rs")),
    ("boundaries", include_str!("boundaries.rs")),
    ("properties", include_str!("properties.rs")),
];

/// The example, the file and the test.
const LIST: [(&str, &str, &str); 26] = [
    (
        "(a) CRA: 24 and 72 hours from awareness",
        "vectors",
        "cra_exploited_vulnerability_counts_24_and_72_hours_from_awareness",
    ),
    ("(a) CRA: no remedy, no date", "vectors", "cra_final_report_has_no_date_while_there_is_no_remedy"),
    ("(a) CRA: 14 days from the remedy", "vectors", "cra_final_report_counts_14_days_from_the_remedy"),
    (
        "(b) CRA: one month from the submission",
        "vectors",
        "cra_incident_report_counts_one_month_from_the_submission",
    ),
    (
        "(c) CRA: filed on 31 January, due on 28 February",
        "vectors",
        "cra_incident_report_filed_on_31_january_is_due_on_28_february",
    ),
    (
        "(d) Irish guidance beside the law",
        "vectors",
        "irish_guidance_counts_from_the_submission_of_the_early_warning",
    ),
    (
        "(e) DORA: classified in time, late, not at all",
        "vectors",
        "dora_initial_notification_depends_on_when_it_was_classified",
    ),
    ("(f) SEC: four business days", "vectors", "sec_counts_four_business_days_from_the_determination"),
    (
        "(g) Project Zero: patch day and publication",
        "vectors",
        "p0_publishes_details_by_the_day_of_the_patch",
    ),
    ("(h) RMSV: 48 hours strictly", "vectors", "rmsv_report_counts_48_hours_strictly"),
    ("(h) RMSV: the other reading of 2 days", "vectors", "rmsv_shows_both_readings_of_2_days"),
    (
        "(i) CNA: warned at 24 hours, a breach at 72",
        "vectors",
        "cna_warns_after_24_hours_and_breaches_after_72",
    ),
    ("conflict: RMSV 9(7) against CRA 14", "conflicts", "rmsv_forbids_what_the_cra_orders"),
    ("conflict: both texts, no decision", "conflicts", "a_conflict_quotes_both_rules"),
    ("no phantom deadlines", "vectors", "a_missed_first_filing_spawns_no_later_ones"),
    ("the deadline itself is in time", "vectors", "the_deadline_itself_is_in_time"),
    ("NIS 2: the CSIRT's own 24 hours", "worked", "nis2_the_csirt_answers_within_24_hours"),
    ("DORA: noon of the next working day", "business", "dora_relief_moves_to_noon_of_the_next_working_day"),
    ("clock changes, both ways", "boundaries", "a_clock_change_moves_hours_not_at_all_and_days_by_an_hour"),
    ("leap days", "boundaries", "a_month_from_late_january_ends_with_february"),
    ("ends of months and of years", "boundaries", "months_and_business_days_pass_the_end_of_a_year"),
    ("zones east and west", "boundaries", "the_day_is_that_of_the_zone_from_kiritimati_to_honolulu"),
    ("the year 2038", "boundaries", "the_last_second_of_32_bits_is_a_second_like_any_other"),
    ("a vendor found later", "boundaries", "a_vendor_counts_from_the_later_of_acceptance_and_finding"),
    (
        "a later anchor gives no earlier deadline",
        "properties",
        "a_later_anchor_never_gives_an_earlier_deadline",
    ),
    ("the order of facts changes nothing", "properties", "facts_replayed_in_any_order_give_the_same_answer"),
];

#[test]
fn every_example_has_its_test() {
    for (example, file, test) in LIST {
        let (_, text) = FILES.iter().find(|(name, _)| *name == file).unwrap();
        assert!(text.contains(&format!("fn {test}(")), "{example}: {file}.rs has no test {test}");
    }
}
