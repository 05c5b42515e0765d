//! The rules of the programme: the table of moves, who may decide, what time does.

use super::act::{ContactPoint, ManagerAct, PartnerAct};
use super::credit::Counted;
use super::decide::{Given, REMINDERS, manage, next_step, represent, settle};
use super::event::{PartnerEvent, Verdict};
use super::life::{Life, MOVES, Step};
use super::programmes::{Marks, admitting, of_the_record, programme, together};
use super::state::{Contract, Partner};
use crate::ledger::Item;
use crate::refusal::Refusal;
use jiff::{SignedDuration, Timestamp};
use programme::Value;
use proptest::prelude::*;
use std::collections::{BTreeMap, HashMap};
use vocabulary::AccountId;

const STEPS: [Step; 15] = [
    Step::Enquire,
    Step::Invite,
    Step::Apply,
    Step::NameAssessors,
    Step::Assess,
    Step::Admit,
    Step::Refuse,
    Step::Uphold,
    Step::Offer,
    Step::Sign,
    Step::Activate,
    Step::Warn,
    Step::Suspend,
    Step::Reinstate,
    Step::End,
];

/// STYLE, rule 11: each move in the table works, each one not in it is refused.
#[test]
fn every_move_of_the_table_is_allowed_and_no_other() {
    for (life, _) in Life::ALL {
        for step in STEPS {
            let listed = MOVES.iter().find(|(from, by, _)| (from, by) == (life, &step)).map(|(.., to)| *to);
            let ends = step == Step::End && !matches!(life, Life::Nothing | Life::Ended);
            assert_eq!(life.after(step), listed.or(ends.then_some(Life::Ended)), "{life:?} {step:?}");
        }
    }
}

proptest! {
    /// Nobody becomes a partner without an application, both marks, a decision or upheld appeal, and a
    /// signature; and nobody comes back from the end (domain facts S13, S14).
    #[test]
    fn nobody_is_a_partner_without_every_step_before(
        steps in prop::collection::vec(prop::sample::select(STEPS.to_vec()), 0..60),
    ) {
        let (mut life, mut taken) = (Life::Nothing, Vec::new());
        for step in steps {
            if let Some(next) = life.after(step) {
                prop_assert_ne!(life, Life::Ended);
                life = next;
                taken.push(step);
            }
        }
        if life.is_partner() {
            for needed in [Step::Invite, Step::Apply, Step::NameAssessors, Step::Assess, Step::Offer, Step::Sign, Step::Activate] {
                prop_assert!(taken.contains(&needed), "{:?} is missing", needed);
            }
            prop_assert!(taken.contains(&Step::Admit) || taken.contains(&Step::Uphold));
        }
    }

    /// Two findings together never reach more than either alone: the lower of the two counts.
    #[test]
    fn two_findings_together_reach_no_more_than_either(one in marks(), other in marks()) {
        let published = admitting("tsu-defensive").unwrap();
        let record = of_the_record(&declared(), now());
        let level = |all: &[Marks]| {
            let (level, _) = together(&published.programme, all, &record).unwrap();
            level.map_or(9, |level| published.programme.levels.iter().position(|known| *known == level).unwrap())
        };
        let both = level(&[one.clone(), other.clone()]);
        prop_assert_eq!(both, level(&[one]).max(level(&[other])));
    }
}

fn marks() -> impl Strategy<Value = Marks> {
    let quality = prop::sample::select(vec!["proven", "good", "acceptable", "none"]);
    (0u32..40, quality, 0u32..15, any::<bool>())
        .prop_map(|(team, quality, cases, methods)| found(team, quality, cases, methods))
}

fn found(team: u32, quality: &str, cases: u32, methods: bool) -> Marks {
    let facts = BTreeMap::from([
        ("has_analysis".to_owned(), Value::Flag(true)),
        ("has_incident_response".to_owned(), Value::Flag(true)),
        ("has_written_methods".to_owned(), Value::Flag(methods)),
        ("team_size".to_owned(), Value::Number(f64::from(team))),
        ("work_quality".to_owned(), Value::Word(quality.to_owned())),
    ]);
    Marks { facts, counts: BTreeMap::from([("coordinated_before".to_owned(), cases)]), words: "x".into() }
}

fn now() -> Timestamp {
    "2026-11-24T10:00:00Z".parse().unwrap()
}

fn item() -> Item {
    Item { item: "x".into(), commitment: "y".into() }
}

fn account(number: u8) -> AccountId {
    AccountId::from_random([number; 10])
}

/// A partner that has declared everything and named two contacts.
fn declared() -> Partner {
    let contacts = super::state::Contacts { contacts: item(), count: 2, out_of_hours: false, at: now() };
    let declared = super::event::Declared::ALL.iter().map(|(what, ..)| (*what, (false, now()))).collect();
    Partner { contacts: Some(contacts), declared, programme: "tsu-defensive".into(), ..Partner::default() }
}

/// One that was assessed by accounts 1 and 2.
fn assessed() -> Partner {
    let assessors = [account(1), account(2)];
    let marks = assessors.iter().map(|who| (who.clone(), item())).collect();
    Partner { life: Life::Assessed, assessors: assessors.into(), marks, ..declared() }
}

fn managed(partner: &Partner, by: u8, act: &ManagerAct, marks: &[Marks]) -> Result<PartnerEvent, Refusal> {
    // Accounts 1 and 9 are one person.
    let persons: HashMap<String, String> = (1..=9u8)
        .map(|number| {
            (account(number).to_string(), format!("person {}", if number == 9 { 1 } else { number }))
        })
        .collect();
    let by = account(by);
    manage(
        partner,
        act,
        &Given { by: &by, persons: &persons, now: now(), counted: &Counted::default() },
        marks,
        &mut |_| Ok(item()),
    )
}

fn decide(admit: bool) -> ManagerAct {
    ManagerAct::Decide { admit, reasons: "x".into() }
}

/// Domain facts S15, S16 and the vectors of 6.4: the level is the best whose criteria all hold, by both
/// findings.
#[test]
fn the_level_follows_from_the_criteria_and_nobody_chooses_it() {
    let level = |one: Marks, other: Marks| match managed(&assessed(), 3, &decide(true), &[one, other]) {
        Ok(PartnerEvent::Decided { level, .. }) => level.unwrap(),
        Err(Refusal::Conflict(reason)) => format!("none: {reason}"),
        other => format!("{other:?}"),
    };
    let best = || found(21, "proven", 10, true);
    assert_eq!(level(best(), best()), "L1");
    assert_eq!(level(best(), found(20, "proven", 10, true)), "L2", "exceeds 20 is more than 20");
    assert_eq!(level(best(), found(21, "good", 10, true)), "L2");
    assert_eq!(level(best(), found(6, "acceptable", 1, true)), "L3");
    assert!(level(best(), found(5, "acceptable", 1, true)).contains("Look at: "));
    let without = level(best(), found(21, "proven", 10, false));
    assert!(without.contains("capability"), "a merged cell binds every level: {without}");
}

#[test]
fn whoever_assessed_does_not_decide_in_whichever_account() {
    let both = [found(21, "proven", 10, true), found(21, "proven", 10, true)];
    for by in [1, 2, 9] {
        assert!(matches!(managed(&assessed(), by, &decide(true), &both), Err(Refusal::Conflict(_))), "{by}");
    }
    assert!(managed(&assessed(), 3, &decide(true), &both).is_ok());
    let named = |first, second| {
        let partner = Partner { life: Life::Applied, ..declared() };
        managed(
            &partner,
            3,
            &ManagerAct::NameAssessors { assessors: vec![account(first), account(second)] },
            &[],
        )
    };
    assert!(named(1, 2).is_ok());
    assert!(named(1, 1).is_err() && named(1, 9).is_err(), "two persons, not two accounts");
}

#[test]
fn an_appeal_is_decided_by_somebody_else_and_names_the_level() {
    let partner = Partner {
        life: Life::Refused,
        appeal: Some(item()),
        appealable: Some(Some(account(3))),
        ..assessed()
    };
    let appeal = |by, uphold, level: &str| {
        managed(
            &partner,
            by,
            &ManagerAct::DecideAppeal { uphold, level: level.into(), reasons: "x".into() },
            &[],
        )
    };
    for by in [1, 2, 3, 9] {
        assert!(matches!(appeal(by, true, "L3"), Err(Refusal::Conflict(_))), "{by}");
    }
    assert!(matches!(appeal(4, true, ""), Err(Refusal::Invalid { .. })));
    assert!(matches!(appeal(4, true, "L9"), Err(Refusal::Invalid { .. })));
    assert!(matches!(
        appeal(4, true, "L3"),
        Ok(PartnerEvent::AppealDecided { upheld: true, level: Some(_), .. })
    ));
    assert!(matches!(
        appeal(4, false, ""),
        Ok(PartnerEvent::AppealDecided { upheld: false, level: None, .. })
    ));
}

/// ARCHITECTURE, never built 3 and 5: a programme for reference admits nobody, and says why.
#[test]
fn nobody_is_admitted_by_a_programme_for_reference() {
    for id in ["cnnvd-tsu-2023", "cna", "sim3", "no-such-programme"] {
        assert!(admitting(id).is_err(), "{id}");
    }
    let Err(Refusal::Invalid { reason, .. }) = admitting("cnnvd-tsu-2023") else { panic!() };
    assert!(reason.contains("attitude") && reason.contains("stage annual"), "{reason}");
    assert!(programme("cnnvd-tsu-2023").is_some(), "it can be read all the same");
}

/// A partner that goes on until `until`, and whose people answer.
fn going_on(until: Timestamp) -> Partner {
    Partner { life: Life::Active, active_since: Some(now()), heard: now(), until: Some(until), ..declared() }
}

/// Lets time do what it does, and says what it did; `is_there` says whether somebody answers.
fn live_on(partner: &mut Partner, is_there: bool) -> Vec<(i64, PartnerEvent)> {
    let mut seen = Vec::new();
    while let Some(next) = next_step(partner) {
        assert!(settle(partner, next - SignedDuration::from_secs(1)).is_empty(), "not before its time");
        let events = settle(partner, next);
        assert!(!events.is_empty(), "it would look for ever at {next}");
        for event in events {
            match &event {
                PartnerEvent::Reminded { days } => drop(partner.reminded.insert(*days)),
                PartnerEvent::ContactChecked {} => partner.checks.push((next, is_there.then_some(next))),
                PartnerEvent::SilenceNoted { notice } => partner.notices = *notice,
                PartnerEvent::DeclarationDue { days } => partner.declaration_told = Some(*days),
                _ => partner.life = Life::Ended,
            }
            if is_there {
                (partner.heard, partner.notices) = (next, 0);
            }
            seen.push((next.duration_since(now()).as_hours() / 24, event));
        }
    }
    seen
}

/// Domain facts S14: a certificate holds for twelve months; there are reminders before. S22: the contacts
/// are checked every month.
#[test]
fn time_reminds_once_each_checks_every_month_and_ends_what_nobody_renewed() {
    use super::event::Ending;
    let seen = live_on(&mut going_on(now() + SignedDuration::from_hours(24 * 365)), true);
    let reminded: Vec<i64> = seen
        .iter()
        .filter(|(_, event)| matches!(event, PartnerEvent::Reminded { .. }))
        .map(|(day, _)| *day)
        .collect();
    assert_eq!(reminded, REMINDERS.map(|days| 365 - i64::from(days)));
    // Domain facts 5.3: conflicts are declared every year.
    let declaration = seen.iter().filter(|(_, event)| matches!(event, PartnerEvent::DeclarationDue { .. }));
    assert_eq!(declaration.map(|(day, _)| *day).collect::<Vec<_>>(), [275, 335, 358]);
    let checks = seen.iter().filter(|(_, event)| matches!(event, PartnerEvent::ContactChecked {})).count();
    assert_eq!(checks, 12);
    assert_eq!(seen.last(), Some(&(365, PartnerEvent::Ended { cause: Ending::Expired, reasons: None })));
}

/// Domain facts S27: six months, two weeks, two weeks, two weeks.
#[test]
fn whoever_is_silent_hears_of_it_three_times_before_it_ends() {
    use super::event::Ending;
    let seen = live_on(&mut going_on(now() + SignedDuration::from_hours(24 * 365)), false);
    let days = |wanted: fn(&PartnerEvent) -> bool| -> Vec<i64> {
        seen.iter().filter(|(_, event)| wanted(event)).map(|(day, _)| *day).collect()
    };
    assert_eq!(days(|event| matches!(event, PartnerEvent::SilenceNoted { .. })), [182, 196, 210]);
    assert_eq!(days(|event| matches!(event, PartnerEvent::Ended { cause: Ending::Silent, .. })), [224]);
}

#[test]
fn a_late_look_reminds_of_the_nearest_only() {
    let mut partner = going_on(now() + SignedDuration::from_hours(24 * 5));
    assert_eq!(settle(&partner, now()), [PartnerEvent::Reminded { days: 7 }]);
    partner.reminded.insert(7);
    assert_eq!((settle(&partner, now()), next_step(&partner)), (Vec::new(), partner.until));
}

#[test]
fn every_input_has_a_limit_that_is_named() {
    let field = |refused: Result<(), Refusal>| match refused {
        Err(Refusal::Invalid { field, .. }) => field.into_owned(),
        other => format!("{other:?}"),
    };
    let long = "x".repeat(20_001);
    assert_eq!(field(ManagerAct::End { reasons: long.clone() }.check()), "reasons");
    assert_eq!(field(ManagerAct::End { reasons: " ".into() }.check()), "reasons");
    assert_eq!(field(ManagerAct::Warn { days: 181, reasons: "x".into() }.check()), "days");
    let contract = |hours, services: usize| {
        let services = vec![programme::Service::Analysis; services];
        field(ManagerAct::OfferContract { services, hours, terms: "x".into() }.check())
    };
    assert_eq!(
        (contract(0, 1), contract(100_001, 1), contract(1, 0)),
        ("hours".into(), "hours".into(), "services".into())
    );
    assert_eq!(field(PartnerAct::Contacts { contacts: vec![] }.check()), "contacts");
    assert_eq!(
        field(PartnerAct::Contacts { contacts: vec![ContactPoint::default(); 21] }.check()),
        "contacts"
    );
    assert_eq!(field(PartnerAct::Contacts { contacts: vec![ContactPoint::default()] }.check()), "name");
    assert_eq!(field(PartnerAct::Appeal { reasons: "a\0b".into() }.check()), "reasons");
}

#[test]
fn only_an_applicant_with_facts_that_the_programme_knows_applies() {
    let apply = |level: &str, fact: &str, value: Value| {
        let facts = BTreeMap::from([(fact.to_owned(), value)]);
        let act =
            PartnerAct::Apply { level: level.into(), facts, counts: BTreeMap::new(), words: "x".into() };
        let partner = Partner { life: Life::Invited, ..declared() };
        represent(&partner, &act, Vec::new(), Some(item()), None, &Counted::default(), &mut |_| Ok(item()))
    };
    assert!(apply("L3", "team_size", Value::Number(6.0)).is_ok());
    assert!(apply("L4", "team_size", Value::Number(6.0)).is_err());
    assert!(apply("L3", "team_size", Value::Word("many".into())).is_err());
    assert!(apply("L3", "attitude", Value::Flag(true)).is_err());
    assert!(
        apply("L3", "holdings_disclosed", Value::Flag(true)).is_err(),
        "the record says so, not the applicant"
    );
}

#[test]
fn what_is_unknown_stays_unknown() {
    let published = admitting("tsu-defensive").unwrap();
    let nothing = [Marks::default(), Marks::default()];
    let (level, found) =
        together(&published.programme, &nothing, &of_the_record(&Partner::default(), now())).unwrap();
    assert_eq!(level, None);
    assert!(found.iter().any(|found| found.criterion == "team" && found.result == Verdict::Unknown));
}

#[test]
fn a_contract_is_signed_only_where_one_is_on_offer() {
    let contract = Contract { services: Vec::new(), hours: 1, terms: item(), signed: None };
    for (life, ok) in
        [(Life::Offered, true), (Life::Admitted, false), (Life::Contracted, false), (Life::Ended, false)]
    {
        let partner = Partner { life, contract: Some(contract.clone()), ..declared() };
        let signed = represent(
            &partner,
            &PartnerAct::Sign {},
            Vec::new(),
            None,
            None,
            &Counted::default(),
            &mut |_| Ok(item()),
        );
        assert_eq!(signed.is_ok(), ok, "{life:?}");
    }
}

#[test]
fn old_entries_are_read() {
    crate::testing::old_entries_are_read::<Partner>();
}

/// Domain facts S27, as a table: before, reached, whether its time to mend is over, what follows.
#[test]
fn a_review_promotes_keeps_gives_time_and_then_demotes() {
    use super::review::{Outcome, follows};
    for (level, reached, over, outcome) in [
        ("L2", Some("L1"), false, Outcome::Promoted),
        ("L2", Some("L2"), false, Outcome::Kept),
        ("L2", Some("L2"), true, Outcome::Kept),
        ("L2", Some("L3"), false, Outcome::Probation),
        ("L2", None, false, Outcome::Probation),
        ("L2", Some("L3"), true, Outcome::Demoted),
        ("L2", None, true, Outcome::Suspended),
        ("L3", None, true, Outcome::Suspended),
    ] {
        let mend_by = over.then(now);
        let partner = Partner { life: Life::Probation, level: Some(level.into()), mend_by, ..declared() };
        assert_eq!(follows(&partner, reached, now()), outcome, "{level} {reached:?} {over}");
    }
}

#[test]
fn a_forecast_waits_for_a_month_and_carries_nothing_over() {
    use super::review::forecast;
    let begun = now();
    let after = |days: i64| begun + SignedDuration::from_hours(24 * days);
    assert_eq!(forecast(3.0, begun, after(29)), None);
    assert_eq!(forecast(3.0, begun, after(73)), Some(15.0));
    assert_eq!(
        forecast(3.0, begun, after(800)),
        Some(3.0),
        "it is counted over a year, not over all of its time"
    );
}

/// The bands of CVSS v3.1, section 5.
#[test]
fn severity_is_the_band_of_the_score() {
    use super::credit::Grade;
    for (tenths, word) in [
        (100, "critical"),
        (90, "critical"),
        (89, "high"),
        (70, "high"),
        (69, "medium"),
        (40, "medium"),
        (39, "low"),
        (1, "low"),
        (0, "none"),
    ] {
        assert_eq!(Grade::of_tenths(tenths).name(), word, "{tenths}");
    }
}
