//! The embargo rules one by one, as a case would meet them.
#![allow(clippy::unwrap_used, reason = "test support")]

use cvd::{
    cs::{Pxa, VendorFix},
    em::EmbargoState,
    embargo::{Embargo, EmbargoEvent, Fall, KeepReason, Limit, ParticipantId, Refusal, Situation},
    interaction::{Bar, CaseFlags, EndCause},
    pec::Consent,
};
use jiff::{SignedDuration, Timestamp};

const QUIET: Pxa = Pxa { public: false, exploit: false, attacks: false };

fn day(n: i64) -> Timestamp {
    Timestamp::from_second(1_795_424_400 + n * 86_400).unwrap()
}

/// A case on a given day: nothing public, one vendor without a fix, at most 180 days of embargo.
fn on(n: i64) -> Situation {
    Situation { now: day(n), case: CaseFlags::new(QUIET, [VendorFix::Aware]), limit: Limit::days(180) }
}

fn with(n: i64, pxa: Pxa, vendors: &[VendorFix]) -> Situation {
    Situation { case: CaseFlags::new(pxa, vendors.iter().copied()), ..on(n) }
}

fn id(name: &str) -> ParticipantId {
    name.into()
}

/// Takes in a decision; a refusal fails the test.
fn then(embargo: &mut Embargo, decided: Result<Vec<EmbargoEvent>, Refusal>) {
    for event in decided.unwrap() {
        embargo.evolve(&event);
    }
}

fn case_of(names: &[&str]) -> Embargo {
    let mut embargo = Embargo::default();
    for name in names {
        let events = embargo.add(&id(name), day(0));
        then(&mut embargo, Ok(events));
    }
    embargo
}

/// Reporter and centre under an embargo until day 30.
fn active() -> Embargo {
    let mut embargo = case_of(&["reporter", "centre"]);
    let decided = embargo.propose(&id("reporter"), day(30), &on(0));
    then(&mut embargo, decided);
    let decided = embargo.accept(&id("centre"), &on(1));
    then(&mut embargo, decided);
    assert_eq!(
        (embargo.state(), embargo.end(), embargo.began()),
        (EmbargoState::Active, Some(day(30)), Some(day(1)))
    );
    embargo
}

fn invite_and_accept(embargo: &mut Embargo, name: &str, n: i64) {
    let events = embargo.add(&id(name), day(n));
    then(embargo, Ok(events));
    let decided = embargo.accept(&id(name), &on(n));
    then(embargo, decided);
}

#[test]
fn no_embargo_without_an_end_in_the_future_and_within_the_limit() {
    let embargo = case_of(&["reporter"]);
    let propose = |end| embargo.propose(&id("reporter"), end, &on(5)).unwrap_err();
    assert_eq!(propose(day(5)), Refusal::EndNotInFuture(day(5)));
    assert_eq!(propose(day(4)), Refusal::EndNotInFuture(day(4)));
    assert_eq!(propose(day(186)), Refusal::BeyondLimit { latest: day(185) });
    assert!(embargo.propose(&id("reporter"), day(185), &on(5)).is_ok(), "the limit itself is within");
    assert!(propose(day(186)).to_string().contains(" UTC"), "a date has hour and zone");
}

/// Domain 6.4: proposals of 90 and 30 days → active 30 days, 90 days as revision.
#[test]
fn the_shortest_proposal_wins_at_once_and_the_longer_is_a_revision() {
    for (first, second) in [(90, 30), (30, 90)] {
        let mut embargo = case_of(&["reporter", "vendor"]);
        let decided = embargo.propose(&id("reporter"), day(first), &on(0));
        then(&mut embargo, decided);
        let decided = embargo.propose(&id("vendor"), day(second), &on(0));
        then(&mut embargo, decided);
        assert_eq!((embargo.state(), embargo.end()), (EmbargoState::Revise, Some(day(30))));
        let pending: Vec<_> = embargo.proposals().iter().map(|p| (p.by.0.clone(), p.end)).collect();
        let longer = if first == 90 { "reporter" } else { "vendor" };
        assert_eq!(pending, [(longer.to_owned(), day(90))]);
        assert!(embargo.may_read(&id("reporter")) && embargo.may_read(&id("vendor")));
    }
}

#[test]
fn equal_proposals_are_an_agreement() {
    let mut embargo = case_of(&["reporter", "vendor"]);
    for name in ["reporter", "vendor"] {
        let decided = embargo.propose(&id(name), day(30), &on(0));
        then(&mut embargo, decided);
    }
    assert_eq!((embargo.state(), embargo.proposals().len()), (EmbargoState::Active, 0));
    assert_eq!(embargo.consent(&id("vendor")), Some(Consent::Signatory));
}

/// Vultron, defaults: receiver's default, silent sender → active, never seen as proposed.
#[test]
fn a_default_is_accepted_by_silence() {
    let mut embargo = case_of(&["reporter", "centre"]);
    let decided = embargo.adopt_default(&id("centre"), &id("reporter"), day(45), &on(0));
    then(&mut embargo, decided);
    assert_eq!((embargo.state(), embargo.end()), (EmbargoState::Active, Some(day(45))));
    assert!(embargo.members().all(|(_, member)| member.consent == Consent::Signatory));
    let again = embargo.adopt_default(&id("centre"), &id("reporter"), day(45), &on(0));
    assert!(matches!(again, Err(Refusal::WrongState(..))));
}

#[test]
fn it_takes_two_and_one_cannot_accept_ones_own_terms() {
    let mut embargo = case_of(&["reporter", "centre"]);
    let decided = embargo.propose(&id("reporter"), day(30), &on(0));
    then(&mut embargo, decided);
    assert_eq!(embargo.accept(&id("reporter"), &on(0)), Err(Refusal::OwnProposal));
    assert_eq!(embargo.decline(&id("reporter"), day(0)), Err(Refusal::OwnProposal));
    assert_eq!(embargo.accept(&id("stranger"), &on(0)), Err(Refusal::NotAMember(id("stranger"))));
    // New terms by the same participant replace the old ones.
    let decided = embargo.propose(&id("reporter"), day(40), &on(0));
    then(&mut embargo, decided);
    assert_eq!(embargo.proposals().len(), 1);
    assert_eq!(embargo.proposals()[0].end, day(40));
}

#[test]
fn a_proposal_declined_by_all_or_withdrawn_leaves_no_embargo() {
    let mut embargo = case_of(&["reporter", "centre", "vendor"]);
    let decided = embargo.propose(&id("vendor"), day(30), &on(0));
    then(&mut embargo, decided);
    let mut withdrawn = embargo.clone();
    let decided = withdrawn.withdraw(&id("vendor"), day(0));
    then(&mut withdrawn, decided);
    assert_eq!(withdrawn.state(), EmbargoState::None);
    let decided = embargo.decline(&id("reporter"), day(1));
    then(&mut embargo, decided);
    assert_eq!(embargo.state(), EmbargoState::Proposed, "the centre has not answered");
    assert_eq!(embargo.accept(&id("reporter"), &on(1)), Err(Refusal::DeclinedBefore));
    let decided = embargo.decline(&id("centre"), day(1));
    then(&mut embargo, decided);
    assert_eq!(embargo.state(), EmbargoState::None);
    assert!(embargo.members().all(|(_, member)| member.consent == Consent::NoEmbargo));
    assert!(embargo.propose(&id("vendor"), day(20), &on(2)).is_ok(), "one may try again");
}

#[test]
fn new_terms_ask_those_again_who_declined_the_old_ones() {
    let mut embargo = case_of(&["reporter", "centre", "vendor"]);
    let decided = embargo.propose(&id("vendor"), day(90), &on(0));
    then(&mut embargo, decided);
    let decided = embargo.decline(&id("reporter"), day(0));
    then(&mut embargo, decided);
    let decided = embargo.propose(&id("vendor"), day(30), &on(1));
    then(&mut embargo, decided);
    assert_eq!(embargo.consent(&id("reporter")), Some(Consent::Invited));
    let decided = embargo.accept(&id("reporter"), &on(1));
    then(&mut embargo, decided);
    assert_eq!(embargo.end(), Some(day(30)));
}

/// Vultron, "Adding Participants": accept the existing embargo before getting the report.
#[test]
fn who_is_invited_reads_after_accepting() {
    let mut embargo = active();
    let vendor = id("vendor");
    assert!(!embargo.may_read(&vendor));
    let events = embargo.add(&vendor, day(2));
    then(&mut embargo, Ok(events));
    assert_eq!(embargo.consent(&vendor), Some(Consent::Invited));
    assert!(!embargo.may_read(&vendor));
    assert!(embargo.add(&vendor, day(2)).is_empty(), "asking twice changes nothing");
    assert_eq!(embargo.revise(&vendor, day(40), &on(2)), Err(Refusal::AcceptFirst));
    let decided = embargo.accept(&vendor, &on(3));
    then(&mut embargo, decided);
    assert!(embargo.may_read(&vendor));
    assert!(embargo.add(&vendor, day(3)).is_empty(), "and never takes a signature back");
    assert_eq!(embargo.accept(&vendor, &on(3)), Err(Refusal::AlreadyAccepted));
    assert_eq!(embargo.decline(&vendor, day(3)), Err(Refusal::LeaveInstead));
}

#[test]
fn who_declines_does_not_read_and_can_be_asked_again() {
    let mut embargo = active();
    let vendor = id("vendor");
    let events = embargo.add(&vendor, day(2));
    then(&mut embargo, Ok(events));
    let decided = embargo.decline(&vendor, day(2));
    then(&mut embargo, decided);
    assert!(!embargo.may_read(&vendor));
    assert_eq!(embargo.accept(&vendor, &on(3)), Err(Refusal::DeclinedBefore));
    invite_and_accept(&mut embargo, "vendor", 3);
    assert!(embargo.may_read(&vendor));
}

/// Peers 2.2: A→R cascades `revise` once; R→R does not; the old terms stay in force in R.
#[test]
fn a_revision_lapses_signatures_once_and_the_old_terms_stay_in_force() {
    let mut embargo = active();
    let decided = embargo.revise(&id("centre"), day(60), &on(2));
    then(&mut embargo, decided);
    assert_eq!((embargo.state(), embargo.end()), (EmbargoState::Revise, Some(day(30))));
    assert!(embargo.members().all(|(_, member)| member.consent == Consent::Lapsed));
    assert!(embargo.may_read(&id("reporter")), "the terms they accepted are in force");
    assert_eq!(embargo.accept(&id("reporter"), &on(2)), Err(Refusal::AnswerRevision));
    invite_and_accept(&mut embargo, "vendor", 3);
    let decided = embargo.revise(&id("reporter"), day(45), &on(3));
    then(&mut embargo, decided);
    assert_eq!(embargo.consent(&id("vendor")), Some(Consent::Signatory), "no second cascade");
    let order: Vec<_> = embargo.proposals().iter().map(|p| p.end).collect();
    assert_eq!(order, [day(45), day(60)], "decided earliest end first");
}

#[test]
fn an_extension_has_to_be_accepted_anew_before_one_reads_on() {
    let mut embargo = active();
    invite_and_accept(&mut embargo, "vendor", 2);
    let decided = embargo.revise(&id("vendor"), day(60), &on(3));
    then(&mut embargo, decided);
    assert_eq!(embargo.accept_revision(&id("vendor"), &id("vendor"), &on(3)), Err(Refusal::OwnProposal));
    let decided = embargo.accept_revision(&id("centre"), &id("vendor"), &on(3));
    then(&mut embargo, decided);
    assert_eq!((embargo.state(), embargo.end()), (EmbargoState::Active, Some(day(60))));
    assert!(embargo.may_read(&id("vendor")) && embargo.may_read(&id("centre")));
    let reporter = id("reporter");
    assert_eq!(embargo.consent(&reporter), Some(Consent::Lapsed));
    assert!(!embargo.may_read(&reporter));
    assert!(
        embargo.binds(&reporter, day(29)) && !embargo.binds(&reporter, day(30)),
        "held as long as agreed"
    );
    // A further revision does not let those in who never accepted the last one.
    let decided = embargo.revise(&id("vendor"), day(70), &on(4));
    then(&mut embargo, decided);
    assert!(!embargo.may_read(&reporter));
    assert_eq!(embargo.decline_revision(&reporter, &id("vendor"), day(4)), Err(Refusal::AcceptFirst));
    let decided = embargo.accept(&reporter, &on(4));
    then(&mut embargo, decided);
    assert!(embargo.may_read(&reporter) && embargo.binds(&reporter, day(59)));
}

#[test]
fn a_rejected_or_a_shorter_revision_needs_no_second_signature() {
    let mut embargo = active();
    let decided = embargo.revise(&id("centre"), day(60), &on(2));
    then(&mut embargo, decided);
    let mut rejected = embargo.clone();
    let decided = rejected.decline_revision(&id("reporter"), &id("centre"), day(2));
    then(&mut rejected, decided);
    assert_eq!((rejected.state(), rejected.end()), (EmbargoState::Active, Some(day(30))));
    assert!(rejected.members().all(|(_, member)| member.consent == Consent::Signatory));

    let mut shorter = active();
    invite_and_accept(&mut shorter, "vendor", 2);
    let decided = shorter.revise(&id("vendor"), day(20), &on(2));
    then(&mut shorter, decided);
    let decided = shorter.accept_revision(&id("centre"), &id("vendor"), &on(2));
    then(&mut shorter, decided);
    assert_eq!(shorter.end(), Some(day(20)));
    assert!(shorter.members().all(|(_, member)| member.consent == Consent::Signatory));
}

#[test]
fn who_accepted_the_old_terms_during_a_revision_accepts_the_longer_ones_anew() {
    let mut embargo = active();
    let decided = embargo.revise(&id("centre"), day(60), &on(2));
    then(&mut embargo, decided);
    invite_and_accept(&mut embargo, "vendor", 3);
    let decided = embargo.accept_revision(&id("reporter"), &id("centre"), &on(3));
    then(&mut embargo, decided);
    assert_eq!(embargo.consent(&id("vendor")), Some(Consent::Lapsed));
    assert!(!embargo.may_read(&id("vendor")));
}

#[test]
fn only_those_who_hold_the_embargo_are_waited_for_in_a_revision() {
    let mut embargo = active();
    let events = embargo.add(&id("silent vendor"), day(2));
    then(&mut embargo, Ok(events));
    let decided = embargo.revise(&id("centre"), day(60), &on(2));
    then(&mut embargo, decided);
    let decided = embargo.decline_revision(&id("reporter"), &id("centre"), day(3));
    then(&mut embargo, decided);
    assert_eq!(embargo.state(), EmbargoState::Active);
}

#[test]
fn terms_whose_end_has_passed_do_not_win_as_the_shortest() {
    let mut embargo = case_of(&["reporter", "vendor"]);
    let decided = embargo.propose(&id("reporter"), day(3), &on(0));
    then(&mut embargo, decided);
    let decided = embargo.propose(&id("vendor"), day(30), &on(4));
    then(&mut embargo, decided);
    assert_eq!((embargo.state(), embargo.end()), (EmbargoState::Proposed, None));
    assert_eq!(embargo.proposals()[0].by, id("vendor"));
}

#[test]
fn several_revisions_are_decided_one_by_one() {
    let mut embargo = active();
    let decided = embargo.revise(&id("centre"), day(60), &on(2));
    then(&mut embargo, decided);
    let decided = embargo.revise(&id("reporter"), day(45), &on(2));
    then(&mut embargo, decided);
    let decided = embargo.accept_revision(&id("centre"), &id("reporter"), &on(2));
    then(&mut embargo, decided);
    assert_eq!((embargo.state(), embargo.end()), (EmbargoState::Revise, Some(day(45))));
    assert_eq!(embargo.consent(&id("reporter")), Some(Consent::Signatory), "no second lapse");
    let decided = embargo.decline_revision(&id("reporter"), &id("centre"), day(3));
    then(&mut embargo, decided);
    assert_eq!((embargo.state(), embargo.end()), (EmbargoState::Active, Some(day(45))));
}

#[test]
fn extensions_are_capped_from_the_first_acceptance() {
    let embargo = active();
    let revise = |end, now| embargo.revise(&id("centre"), end, &on(now));
    assert_eq!(revise(day(182), 20), Err(Refusal::BeyondLimit { latest: day(181) }));
    assert!(revise(day(181), 20).is_ok());
    assert_eq!(revise(day(30), 20), Err(Refusal::SameEnd(day(30))));
    assert_eq!(revise(day(40), 30), Err(Refusal::EndReached(day(30))), "too late to extend");
}

/// Vultron: SHALL NOT negotiate on P, X or A; domain 6.4: A observed → no new embargo.
#[test]
fn nothing_is_negotiated_when_public_exploited_or_attacked() {
    let noisy = Pxa::ALL.into_iter().filter(|pxa| !pxa.is_quiet());
    for pxa in noisy {
        let situation = with(2, pxa, &[VendorFix::Aware]);
        let fresh = case_of(&["reporter", "centre"]);
        assert!(matches!(fresh.propose(&id("reporter"), day(30), &situation), Err(Refusal::Barred(_))));
        let mut proposed = fresh.clone();
        let decided = proposed.propose(&id("reporter"), day(30), &on(0));
        then(&mut proposed, decided);
        assert!(matches!(proposed.accept(&id("centre"), &situation), Err(Refusal::Barred(_))));
        let events = proposed.observe(situation.case, day(2));
        assert!(matches!(&events[..], [EmbargoEvent::ProposalFell { why: Fall::Barred, .. }]));
        assert!(matches!(active().revise(&id("centre"), day(40), &situation), Err(Refusal::Barred(_))));
        let mut revised = active();
        let decided = revised.revise(&id("centre"), day(40), &on(2));
        then(&mut revised, decided);
        let answer = revised.accept_revision(&id("reporter"), &id("centre"), &situation);
        assert!(matches!(answer, Err(Refusal::Barred(_))));
    }
}

/// Vultron RM-EM-CS: by fix ready no new embargo; by fix deployed existing ones end. Counted by the
/// least advanced vendor.
#[test]
fn fix_ready_bars_new_embargoes_and_fix_deployed_ends_them() {
    let fresh = case_of(&["reporter", "centre"]);
    let ready = with(2, QUIET, &[VendorFix::Ready]);
    assert_eq!(fresh.propose(&id("reporter"), day(30), &ready), Err(Refusal::Barred(Bar::FixReady)));
    assert!(active().revise(&id("centre"), day(40), &ready).is_ok(), "trailing vendors may still need it");
    let trailing = with(2, QUIET, &[VendorFix::Ready, VendorFix::Aware]);
    assert!(fresh.propose(&id("reporter"), day(30), &trailing).is_ok());
    let deployed = with(2, QUIET, &[VendorFix::Deployed]);
    assert!(matches!(
        &active().observe(deployed.case, day(2))[..],
        [EmbargoEvent::Ended { cause: EndCause::FixDeployed, by: None, .. }]
    ));
    assert!(active().observe(ready.case, day(2)).is_empty());
}

/// Domain 6.4: P → ends at once, automatically. Likewise X.
#[test]
fn public_flaw_or_exploit_ends_the_embargo_at_once() {
    for pxa in Pxa::ALL.into_iter().filter(|pxa| pxa.public || pxa.exploit) {
        let mut embargo = active();
        let decided = embargo.revise(&id("centre"), day(60), &on(2));
        then(&mut embargo, decided);
        let events = embargo.observe(with(2, pxa, &[]).case, day(2));
        assert!(matches!(&events[..], [EmbargoEvent::Ended { by: None, .. }]));
        then(&mut embargo, Ok(events));
        assert_eq!((embargo.state(), embargo.end()), (EmbargoState::Exited, None));
        assert!(embargo.members().all(|(_, member)| member.consent == Consent::NoEmbargo));
        assert!(embargo.may_read(&id("anybody")), "the embargo stands in nobody's way any more");
        assert!(matches!(embargo.propose(&id("centre"), day(60), &on(3)), Err(Refusal::WrongState(..))));
    }
}

/// Domain 6.4: A observed → existing SHOULD end: a human decides, with a reason.
#[test]
fn attacks_advise_the_end_and_a_person_decides() {
    let attacks = Pxa { attacks: true, ..QUIET };
    let mut embargo = active();
    let decided = embargo.revise(&id("centre"), day(60), &on(2));
    then(&mut embargo, decided);
    let case = with(3, attacks, &[VendorFix::Aware]).case;
    let events = embargo.observe(case, day(3));
    then(&mut embargo, Ok(events));
    assert_eq!(embargo.state(), EmbargoState::Active, "the revision fell, the embargo holds");
    assert_eq!(embargo.decision_due(), Some(EndCause::AttacksObserved));
    assert!(embargo.observe(case, day(3)).is_empty(), "said once");

    let mut ended = embargo.clone();
    let decided = ended.terminate(&id("centre"), EndCause::AttacksObserved, day(4));
    then(&mut ended, decided);
    assert_eq!(ended.state(), EmbargoState::Exited);

    let decided = embargo.keep(&id("centre"), KeepReason::NarrowAttacks, day(4));
    then(&mut embargo, decided);
    assert_eq!((embargo.state(), embargo.decision_due()), (EmbargoState::Active, None));
    assert!(embargo.observe(case, day(5)).is_empty(), "a decision stands");
    assert_eq!(embargo.keep(&id("centre"), KeepReason::FixImminent, day(5)), Err(Refusal::NothingToDecide));
    let joined = Situation { case, ..on(5) };
    let events = embargo.add(&id("vendor"), day(5));
    then(&mut embargo, Ok(events));
    assert!(embargo.accept(&id("vendor"), &joined).is_ok(), "joining a kept embargo is not negotiating");
}

#[test]
fn other_early_ends_are_advised_and_rules_are_not_decided_by_hand() {
    let mut embargo = active();
    let decided = embargo.advise_end(EndCause::VendorsReady, day(2));
    then(&mut embargo, decided);
    assert_eq!(
        embargo.advise_end(EndCause::VendorsReady, day(2)),
        Err(Refusal::AlreadyAdvised(EndCause::VendorsReady))
    );
    for cause in [EndCause::Public, EndCause::ExploitPublic, EndCause::EndReached, EndCause::FixDeployed] {
        assert_eq!(embargo.advise_end(cause, day(2)), Err(Refusal::EndsByRule(cause)));
        assert_eq!(embargo.terminate(&id("centre"), cause, day(2)), Err(Refusal::EndsByRule(cause)));
    }
    assert!(embargo.terminate(&id("centre"), EndCause::Agreed, day(2)).is_ok());
}

#[test]
fn it_runs_out_at_its_end_and_holds_nobody_even_if_unrecorded() {
    let mut embargo = active();
    assert!(embargo.expire(day(29)).is_empty());
    assert!(embargo.holds(day(29)) && !embargo.holds(day(30)));
    assert!(!embargo.binds(&id("reporter"), day(30)));
    assert_eq!(embargo.accept(&id("reporter"), &on(30)), Err(Refusal::EndReached(day(30))));
    let events = embargo.expire(day(30));
    assert!(matches!(&events[..], [EmbargoEvent::Ended { cause: EndCause::EndReached, .. }]));
    then(&mut embargo, Ok(events));
    assert!(embargo.expire(day(31)).is_empty());

    let mut proposed = case_of(&["reporter", "centre"]);
    let decided = proposed.propose(&id("reporter"), day(3), &on(0));
    then(&mut proposed, decided);
    assert_eq!(proposed.accept(&id("centre"), &on(3)), Err(Refusal::EndNotInFuture(day(3))));
    let events = proposed.expire(day(3));
    assert!(matches!(&events[..], [EmbargoEvent::ProposalFell { why: Fall::EndPassed, .. }]));
}

/// ARCHITECTURE, never built 10, and Vultron "free to engage or disengage": the reporter may always leave.
#[test]
fn anybody_leaves_at_any_time_and_ends_nothing_for_the_others() {
    let mut embargo = active();
    invite_and_accept(&mut embargo, "vendor", 2);
    let decided = embargo.revise(&id("reporter"), day(60), &on(2));
    then(&mut embargo, decided);
    let decided = embargo.leave(&id("reporter"), day(3));
    then(&mut embargo, decided);
    assert_eq!((embargo.state(), embargo.end()), (EmbargoState::Active, Some(day(30))));
    assert!(embargo.proposals().is_empty(), "one's own terms go along");
    assert!(!embargo.binds(&id("reporter"), day(4)));
    assert!(embargo.may_read(&id("vendor")));
    assert_eq!(embargo.leave(&id("reporter"), day(3)), Err(Refusal::NotAMember(id("reporter"))));
}

/// Vultron, "Case Mergers": the earliest of the accepted ends.
#[test]
fn merged_cases_take_the_earliest_end() {
    let mut ours = active();
    let mut theirs = case_of(&["finder", "other vendor", "silent"]);
    let decided = theirs.propose(&id("finder"), day(20), &on(0));
    then(&mut theirs, decided);
    let decided = theirs.accept(&id("other vendor"), &on(0));
    then(&mut theirs, decided);
    let mut into_theirs = theirs.clone();
    let decided = ours.merge(&theirs, day(5));
    then(&mut ours, decided);
    assert_eq!((ours.end(), ours.began()), (Some(day(20)), Some(day(0))));
    assert!(ours.may_read(&id("finder")) && ours.may_read(&id("reporter")));
    assert!(!ours.may_read(&id("silent")), "who had not accepted there has not accepted here");
    let decided = into_theirs.merge(&active(), day(5));
    then(&mut into_theirs, decided);
    assert_eq!((into_theirs.end(), into_theirs.began()), (ours.end(), ours.began()));
}

#[test]
fn a_case_without_embargo_takes_over_that_of_the_merged_one() {
    let mut ours = case_of(&["coordinator"]);
    let decided = ours.merge(&active(), day(5));
    then(&mut ours, decided);
    assert_eq!((ours.state(), ours.end(), ours.began()), (EmbargoState::Active, Some(day(30)), Some(day(1))));
    assert_eq!(ours.consent(&id("coordinator")), Some(Consent::Invited));
    assert_eq!(ours.consent(&id("reporter")), Some(Consent::Signatory));
    let over = {
        let mut over = active();
        let events = over.expire(day(30));
        then(&mut over, Ok(events));
        over
    };
    let mut late = active();
    let decided = late.revise(&id("centre"), day(60), &on(2));
    then(&mut late, decided);
    let decided = late.accept_revision(&id("reporter"), &id("centre"), &on(2));
    then(&mut late, decided);
    assert!(over.merge(&late, day(40)).is_err());
    assert_eq!(active().merge(&late, day(40)), Err(Refusal::EndReached(day(30))));
    let mut joined = case_of(&["a", "b"]);
    let decided = joined.adopt_default(&id("a"), &id("b"), day(30), &on(0));
    then(&mut joined, decided);
    let decided = joined.merge(&over, day(5));
    then(&mut joined, decided);
    assert_eq!(joined.consent(&id("centre")), Some(Consent::Invited), "a promise ends with its embargo");
}

/// Every refusal that no rule above has met, with the words that a person reads.
#[test]
fn refusals_say_what_happened_and_what_to_do_next() {
    let active = active();
    let (reporter, centre) = (id("reporter"), id("centre"));
    let says = |decided: Result<Vec<EmbargoEvent>, Refusal>, words: &str| {
        let text = decided.unwrap_err().to_string();
        assert!(text.contains(words), "{text}");
    };
    says(active.propose(&centre, day(40), &on(2)), "propose a revision instead");
    says(active.accept_revision(&reporter, &centre, &on(2)), "centre has no terms on the table");
    says(active.decline_revision(&reporter, &centre, day(2)), "no revision is on the table");
    says(active.withdraw(&centre, day(2)), "no terms on the table");
    says(active.merge(&active, day(30)).and(active.revise(&centre, day(40), &on(30))), "ended on");
    let none = case_of(&["reporter", "centre"]);
    says(none.revise(&centre, day(40), &on(2)), "no terms in force to revise");
    says(none.accept(&centre, &on(2)), "there are no terms in force");
    says(none.decline(&centre, day(2)), "nothing to decline");
    says(none.terminate(&centre, EndCause::Agreed, day(2)), "there are no terms in force");
    says(none.adopt_default(&centre, &centre, day(40), &on(2)), "your own terms");
    says(none.adopt_default(&centre, &id("stranger"), day(40), &on(2)), "does not take part");
    let mut proposed = case_of(&["reporter", "centre", "vendor"]);
    let decided = proposed.propose(&reporter, day(30), &on(0));
    then(&mut proposed, decided);
    says(proposed.decline_revision(&centre, &reporter, day(0)), "no terms in force to revise");
    let decided = proposed.decline(&centre, day(0));
    then(&mut proposed, decided);
    says(proposed.propose(&centre, day(20), &on(0)), "ask to be invited again");
    says(proposed.decline(&centre, day(0)), "ask to be invited again");
    let mut revised = active.clone();
    let decided = revised.revise(&centre, day(60), &on(2));
    then(&mut revised, decided);
    says(revised.decline(&reporter, day(2)), "answer the proposed revision");
    says(revised.decline_revision(&centre, &centre, day(2)), "your own terms");
    let barred = with(2, Pxa { public: true, ..QUIET }, &[]);
    says(active.revise(&centre, day(60), &barred), "publicly known. Coordinate publication instead");
}

#[test]
fn events_and_embargo_are_stored_in_snake_case() {
    let embargo = active();
    let json = serde_json::to_string(&embargo).unwrap();
    assert_eq!(serde_json::from_str::<Embargo>(&json).unwrap(), embargo);
    let event = EmbargoEvent::RevisionProposed { by: id("centre"), end: day(60), at: day(2) };
    let json = serde_json::to_string(&event).unwrap();
    assert_eq!(
        json,
        r#"{"event":"revision_proposed","by":"centre","end":"2027-01-22T09:00:00Z","at":"2026-11-25T09:00:00Z"}"#
    );
    assert_eq!(serde_json::from_str::<EmbargoEvent>(&json).unwrap(), event);
}

#[test]
fn a_limit_beyond_the_calendar_is_not_an_overflow() {
    let embargo = case_of(&["reporter"]);
    let endless = Situation { limit: Limit { total_max: SignedDuration::MAX }, ..on(0) };
    assert_eq!(embargo.latest_end(&endless), Timestamp::MAX);
}
