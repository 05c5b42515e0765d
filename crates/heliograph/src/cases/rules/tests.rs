//! The rules of a case, each named with its source.

use super::*;
use crate::ledger::{Actor, Item, Recorded, State};
use crate::refusal::Refusal;
use cvd::cs::{self, VendorFix};
use cvd::rm::ReportMove;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use vocabulary::{CaseId, Instant, OrganisationId, ReportId};

fn start() -> Timestamp {
    "2026-11-02T09:00:00Z".parse().unwrap()
}

fn report(number: i64) -> ReportId {
    ReportId::numbered("HEL", 2026, number)
}

fn vendor(number: u8) -> OrganisationId {
    OrganisationId::from_random([number; 10])
}

fn item() -> Item {
    Item { item: "i".into(), commitment: "c".into() }
}

/// A case, driven by decisions: what is refused changes nothing.
struct Play {
    case: Case,
    now: Timestamp,
    version: i64,
}

impl Play {
    fn new(known: (bool, bool)) -> Self {
        Self::of(1, known, None)
    }

    /// A case on this report.
    fn of(number: i64, known: (bool, bool), planned: Option<Timestamp>) -> Self {
        let mut play = Self { case: Case::default(), now: start(), version: 0 };
        let events = open("Blue Kettle".into(), &report(number), known, planned, play.now);
        play.take(events);
        play
    }

    fn take(&mut self, events: Vec<CaseEvent>) {
        for event in events {
            self.version += 1;
            let recorded = Recorded {
                seq: self.version,
                stream: "case/HEL-2026-000001".into(),
                version: self.version,
                at: self.now,
                actor: Actor::System,
                kind: String::new(),
                body: serde_json::Value::Null,
            };
            self.case.evolve(&event, &recorded);
        }
    }

    fn does(
        &mut self,
        decide: impl FnOnce(&Case, Timestamp) -> Result<Vec<CaseEvent>, Refusal>,
    ) -> Result<(), Refusal> {
        let events = decide(&self.case, self.now)?;
        self.take(events);
        let settled = settle(&self.case, self.now);
        self.take(settled);
        Ok(())
    }

    fn days(&mut self, days: i64) {
        self.now += SignedDuration::from_hours(24 * days);
        let settled = settle(&self.case, self.now);
        self.take(settled);
    }

    fn invited(&mut self, number: u8) -> Party {
        self.does(|case, now| invite(case, &vendor(number), true, now)).unwrap();
        Party::Vendor(vendor(number))
    }

    fn joined(&mut self, number: u8) -> Party {
        let party = self.invited(number);
        self.does(|case, now| answer(case, &party, Terms::Accept, now)).unwrap();
        party
    }
}

/// Vultron: the receiver's published default is accepted by a silent sender, and is active at once.
#[test]
fn accepting_a_report_starts_the_default_embargo() {
    let play = Play::new((false, false));
    assert_eq!(play.case.embargo_word(), "active");
    let end = start() + SignedDuration::from_hours(24 * 45);
    assert_eq!(play.case.embargo.end(), Some(end));
}

/// Vultron: no embargo when P, X or A.
#[test]
fn a_public_or_exploited_flaw_has_no_embargo() {
    for known in [(true, false), (false, true), (true, true)] {
        let mut play = Play::new(known);
        assert_eq!(play.case.embargo_word(), "none", "{known:?}");
        let end = start() + SignedDuration::from_hours(24);
        assert!(play.does(|case, now| propose(case, &Party::Centre, end, now)).is_err());
    }
}

/// ARCHITECTURE, never built 4: ends by rule when the flaw is public, and by its own end.
#[test]
fn an_embargo_ends_by_rule() {
    let mut play = Play::new((false, false));
    play.does(|case, now| observe(case, cs::CaseEvent::PublicAware, Instant::utc(now), None)).unwrap();
    assert_eq!(play.case.embargo_word(), "exited");
    let mut play = Play::new((false, false));
    play.does(|case, now| observe(case, cs::CaseEvent::ExploitPublic, Instant::utc(now), None)).unwrap();
    assert_eq!((play.case.embargo_word(), play.case.public), ("exited", true));
    let mut play = Play::new((false, false));
    play.days(44);
    assert_eq!(play.case.embargo_word(), "active");
    play.days(1);
    assert_eq!(play.case.embargo_word(), "exited");
}

/// ARCHITECTURE, never built 4: extension is capped.
#[test]
fn an_extension_is_capped() {
    let mut play = Play::new((false, false));
    let too_far = start() + SignedDuration::from_hours(24 * 181);
    assert!(play.does(|case, now| propose(case, &Party::Centre, too_far, now)).is_err());
    let allowed = start() + SignedDuration::from_hours(24 * 170);
    play.does(|case, now| propose(case, &Party::Centre, allowed, now)).unwrap();
}

/// Vultron: attacks should end an embargo; a person decides.
#[test]
fn attacks_advise_an_end_and_do_not_force_it() {
    let mut play = Play::new((false, false));
    play.does(|case, now| observe(case, cs::CaseEvent::AttacksObserved, Instant::utc(now), None)).unwrap();
    assert_eq!(play.case.embargo_word(), "active");
    assert!(play.case.embargo.decision_due().is_some());
    let cause = cvd::interaction::EndCause::AttacksObserved;
    play.does(|case, now| bring_together(case, &Party::Centre, Ok(cause), now)).unwrap();
    assert_eq!(play.case.embargo_word(), "exited");
}

/// ARCHITECTURE, never built 1.
#[test]
fn nobody_without_a_defensive_mandate_is_invited() {
    let mut play = Play::new((false, false));
    assert!(play.does(|case, now| invite(case, &vendor(1), false, now)).is_err());
    assert!(play.case.vendors.is_empty());
}

/// Vultron EM, "working with others": a new participant accepts before getting the report.
#[test]
fn an_invited_vendor_reads_after_accepting_and_not_before() {
    let mut play = Play::new((false, false));
    let party = play.invited(1);
    assert!(play.case.readers().is_empty());
    assert!(play.does(|case, now| report_move(case, &vendor(1), ReportMove::Validate, now)).is_err());
    assert!(play.does(|case, _| state_affected(case, &vendor(1), item())).is_err());
    assert!(play.does(|case, _| speak(case, party.clone(), Audience::Everyone, item())).is_err());
    play.does(|case, now| answer(case, &party, Terms::Accept, now)).unwrap();
    assert!(play.case.readers().contains(&vendor(1)));
    assert_eq!(play.case.vendors[&vendor(1)].fix, VendorFix::Aware);
}

#[test]
fn who_declines_gets_nothing_until_the_embargo_is_over() {
    let mut play = Play::new((false, false));
    let party = play.invited(1);
    play.does(|case, now| answer(case, &party, Terms::Decline, now)).unwrap();
    let silent = play.invited(2);
    assert!(play.case.readers().is_empty());
    play.days(decide::EMBARGO_DEFAULT_DAYS);
    assert_eq!(play.case.embargo_word(), "exited");
    assert_eq!(play.case.readers(), [vendor(1), vendor(2)].into(), "nothing stands in the way any more");
    assert!(play.case.has(&silent));
    assert!(settle(&play.case, play.now).is_empty(), "once");
}

/// Vultron EP-05-001: a revised embargo does not silently bind those who signed the old one.
#[test]
fn an_extension_needs_a_new_signature() {
    let mut play = Play::new((false, false));
    let (one, two) = (play.joined(1), play.joined(2));
    let later = start() + SignedDuration::from_hours(24 * 60);
    play.does(|case, now| propose(case, &Party::Centre, later, now)).unwrap();
    assert!(play.case.readers().contains(&vendor(2)), "old terms stay in force while a revision is open");
    play.does(|case, now| answer(case, &one, Terms::Accept, now)).unwrap();
    assert_eq!(play.case.embargo.end(), Some(later));
    assert!(play.case.readers().contains(&vendor(1)));
    assert!(!play.case.readers().contains(&vendor(2)));
    play.does(|case, now| answer(case, &two, Terms::Accept, now)).unwrap();
    assert!(play.case.readers().contains(&vendor(2)));
}

/// Vultron: a vendor reaches F only with its report accepted; V before F before D.
#[test]
fn a_fix_follows_an_accepted_report() {
    let mut play = Play::new((false, false));
    play.joined(1);
    let ready = |case: &Case, _: Timestamp| fix(case, &vendor(1), cs::CaseEvent::FixReady);
    assert!(play.does(ready).is_err());
    for step in [ReportMove::Validate, ReportMove::Accept] {
        play.does(|case, now| report_move(case, &vendor(1), step, now)).unwrap();
    }
    assert!(play.does(|case, _| fix(case, &vendor(1), cs::CaseEvent::FixDeployed)).is_err());
    play.does(ready).unwrap();
    assert_eq!(play.case.vendors[&vendor(1)].fix, VendorFix::Ready);
}

/// Vultron: do not close a report while an embargo holds.
#[test]
fn nothing_is_closed_under_an_embargo() {
    let mut play = Play::new((false, false));
    play.joined(1);
    play.does(|case, now| report_move(case, &vendor(1), ReportMove::Invalidate, now)).unwrap();
    assert!(play.does(|case, now| report_move(case, &vendor(1), ReportMove::Close, now)).is_err());
    assert!(play.does(close).is_err());
    play.does(|case, now| observe(case, cs::CaseEvent::PublicAware, Instant::utc(now), None)).unwrap();
    play.does(|case, now| report_move(case, &vendor(1), ReportMove::Close, now)).unwrap();
    play.does(close).unwrap();
    assert!(play.does(|case, _| published(case, 1)).is_err());
}

/// ARCHITECTURE, never built 10: the reporter may always leave; nothing ends for the others.
#[test]
fn the_reporter_may_always_leave() {
    let mut play = Play::new((false, false));
    play.joined(1);
    let reporter = Party::Reporter(report(1));
    play.does(|case, now| leave(case, &reporter, now)).unwrap();
    assert_eq!(play.case.embargo_word(), "active", "nothing ends for the others");
    assert_eq!(
        play.does(|case, now| leave(case, &reporter, now)),
        Err(Refusal::NotFound),
        "she left already"
    );
    let mut late = Play::new((false, false));
    late.days(200);
    late.does(close).unwrap();
    late.does(|case, now| leave(case, &reporter, now)).unwrap();
}

/// Whoever left takes part in nothing any more, from that instant on, and nobody writes to her.
#[test]
fn whoever_left_neither_writes_nor_answers_nor_proposes() {
    for number in [0, 1] {
        let mut play = Play::new((false, false));
        let vendor = play.joined(1);
        let who = if number == 0 { Party::Reporter(report(1)) } else { vendor };
        play.does(|case, now| leave(case, &who, now)).unwrap();
        let end = play.now + SignedDuration::from_hours(24);
        assert_eq!(
            play.does(|case, _| speak(case, who.clone(), Audience::Centre, item())),
            Err(Refusal::NotFound)
        );
        assert_eq!(play.does(|case, now| propose(case, &who, end, now)), Err(Refusal::NotFound));
        for terms in [Terms::Accept, Terms::Decline] {
            assert_eq!(play.does(|case, now| answer(case, &who, terms, now)), Err(Refusal::NotFound));
        }
        assert!(
            play.does(|case, _| speak(case, Party::Centre, Audience::Only(who.clone()), item())).is_err()
        );
        assert!(!play.case.has(&who));
    }
}

/// Between two vendors stands the centre: one never writes to another in private.
#[test]
fn vendors_do_not_write_to_each_other_in_private() {
    let mut play = Play::new((false, false));
    let (one, two) = (play.joined(1), play.joined(2));
    assert!(play.does(|case, _| speak(case, one.clone(), Audience::Only(two), item())).is_err());
    play.does(|case, _| speak(case, one, Audience::Everyone, item())).unwrap();
}

#[test]
fn the_reporters_own_date_is_the_shorter_and_wins() {
    let planned = start() + SignedDuration::from_hours(24 * 10);
    let events = open("X".into(), &report(1), (false, false), Some(planned), start());
    let mut play = Play { case: Case::default(), now: start(), version: 0 };
    play.take(events);
    assert_eq!(play.case.embargo.end(), Some(planned));
}

fn id(number: i64) -> CaseId {
    CaseId::numbered("HEL", 2026, number)
}

/// Makes case 2 part of case 1.
fn merged(into: &mut Play, from: &mut Play) -> Result<(), Refusal> {
    let other = from.case.clone();
    into.does(|case, now| merge((&id(1), case), (&id(2), &other), now))?;
    from.take(vec![CaseEvent::MergedInto { into: id(1) }]);
    Ok(())
}

/// Vultron: of two embargoes the earlier end holds.
#[test]
fn a_merger_unites_the_participants_under_the_earlier_end() {
    let soon = start() + SignedDuration::from_hours(24 * 10);
    let (mut into, mut from) = (Play::of(1, (false, false), None), Play::of(2, (false, false), Some(soon)));
    into.joined(1);
    from.joined(2);
    from.invited(3);
    merged(&mut into, &mut from).unwrap();
    assert_eq!(into.case.embargo.end(), Some(soon));
    assert_eq!(into.case.reports, [report(1), report(2)].into());
    assert_eq!(into.case.readers(), [vendor(1), vendor(2)].into(), "who agreed to hold as long is not asked");
    assert_eq!(into.case.invited(), [vendor(1), vendor(2), vendor(3)].into());
    let late = from.does(|case, _| speak(case, Party::Centre, Audience::Everyone, item()));
    assert!(late.unwrap_err().to_string().contains("became part of HEL-2026-000001"));
}

/// Consent is asked anew where the terms got stricter for somebody.
#[test]
fn who_was_free_before_a_merger_is_asked_for_consent() {
    let (mut into, mut from) = (Play::of(1, (false, false), None), Play::of(2, (false, false), None));
    let free = from.joined(2);
    let agreed = Ok(cvd::interaction::EndCause::Agreed);
    from.does(|case, now| bring_together(case, &Party::Centre, agreed, now)).unwrap();
    assert_eq!(from.case.readers(), [vendor(2)].into());
    merged(&mut into, &mut from).unwrap();
    assert_eq!(into.case.readers(), [].into());
    into.does(|case, now| answer(case, &free, Terms::Accept, now)).unwrap();
    assert_eq!(into.case.readers(), [vendor(2)].into());
}

#[test]
fn what_is_free_in_one_case_cannot_be_held_in_the_other() {
    let (mut into, mut from) = (Play::of(1, (true, false), None), Play::of(2, (false, false), None));
    let refused = merged(&mut into, &mut from);
    // The flaw is public in one case, so it is in both: the embargo of the other ends with the merger.
    let mut other_way = (Play::of(2, (true, false), None), Play::of(1, (false, false), None));
    merged(&mut other_way.1, &mut other_way.0).unwrap();
    assert_eq!(other_way.1.case.embargo_word(), "exited");
    assert!(
        refused.is_ok() && into.case.embargo_word() == "exited",
        "{refused:?} {}",
        into.case.embargo_word()
    );
}

#[test]
fn a_case_that_is_closed_published_or_itself_is_not_merged() {
    let (mut into, mut from) = (Play::of(1, (true, false), None), Play::of(2, (true, false), None));
    let same = into.case.clone();
    assert!(into.does(|case, now| merge((&id(1), case), (&id(1), &same), now)).is_err());
    from.does(|case, _| published(case, 1)).unwrap();
    assert!(merged(&mut into, &mut from).unwrap_err().to_string().contains("is out"));
    let mut from = Play::of(2, (true, false), None);
    into.does(close).unwrap();
    assert!(merged(&mut into, &mut from).is_err());
}

proptest::proptest! {
    /// Whatever two cases went through: all participants are in the one that goes on, nobody reads
    /// whom its embargo holds out, no end got later, and what is known of the flaw is known.
    #[test]
    fn a_merger_loses_nobody_and_opens_nothing(
        ours in proptest::collection::vec((1u8..6, 0u8..4), 0..6),
        theirs in proptest::collection::vec((1u8..6, 0u8..4), 0..6),
        plans in (proptest::option::of(1i64..60), proptest::option::of(1i64..60)),
        seen in 0u8..3,
    ) {
        let planned = |days: Option<i64>| days.map(|days| start() + SignedDuration::from_hours(24 * days));
        let mut into = Play::of(1, (false, false), planned(plans.0));
        let mut from = Play::of(2, (false, false), planned(plans.1));
        for (play, steps) in [(&mut into, &ours), (&mut from, &theirs)] {
            for (number, what) in steps {
                let party = Party::Vendor(vendor(*number));
                let _ = play.does(|case, now| invite(case, &vendor(*number), true, now));
                let _ = match what {
                    0 => Ok(()),
                    1 => play.does(|case, now| answer(case, &party, Terms::Decline, now)),
                    2 => play.does(|case, now| answer(case, &party, Terms::Accept, now)),
                    _ => play.does(|case, now| leave(case, &party, now)),
                };
            }
        }
        if let Some(event) = [None, Some(cs::CaseEvent::AttacksObserved), Some(cs::CaseEvent::PublicAware)][usize::from(seen)] {
            from.does(|case, now| observe(case, event, Instant::utc(now), None)).unwrap();
        }
        let (before, there) = (into.case.clone(), from.case.clone());
        merged(&mut into, &mut from).unwrap();
        let case = &into.case;
        let present = |case: &Case| -> BTreeSet<OrganisationId> { case.invited() };
        let both: BTreeSet<_> = present(&before).union(&present(&there)).cloned().collect();
        proptest::prop_assert_eq!(present(case), both);
        proptest::prop_assert_eq!(&case.reports, &[report(1), report(2)].into());
        for reader in case.readers() {
            proptest::prop_assert!(case.embargo.may_read(&Party::Vendor(reader).id()));
        }
        proptest::prop_assert_eq!(case.public, before.public || there.public);
        proptest::prop_assert_eq!(case.attacks, before.attacks || there.attacks);
        if let Some(end) = case.embargo.end() {
            let ends = [before.embargo.end(), there.embargo.end()];
            proptest::prop_assert_eq!(Some(end), ends.into_iter().flatten().min());
        } else {
            proptest::prop_assert!(case.public);
        }
    }
}

#[test]
fn old_entries_are_read() {
    crate::testing::old_entries_are_read::<Case>();
}
