//! When an advisory may go out, rule by rule.

use super::state::Approval;
use super::*;
use crate::advisories::tests::invented;
use crate::ledger::{Actor, Item, Recorded, State};
use crate::refusal::Refusal;
use formats::Advisory;
use formats::advisory::{CveOrganisation, Tlp};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use std::collections::{BTreeSet, HashMap};
use vocabulary::AccountId;

fn account(number: u8) -> AccountId {
    AccountId::from_random([number; 10])
}

/// Accounts 1 to 4; the fourth is a second account of the first person.
/// Account 4 is a second one of the person behind account 1.
fn register() -> HashMap<String, String> {
    let known = [(1, "ada"), (2, "ben"), (3, "cem"), (4, "ada")];
    known.into_iter().map(|(number, person)| (account(number).to_string(), person.to_owned())).collect()
}

/// A draft with a title of its own.
fn draft(title: &str, published: Option<&Advisory>) -> Advisory {
    let content = Advisory { title: title.into(), ..invented::advisory() };
    let publisher = content.publisher.clone();
    let change = "First release".to_owned();
    framed(content, Frame { id: "HEL-2026-000123".into(), publisher, published, change })
}

/// An advisory, driven by decisions: what is refused changes nothing.
struct Play {
    state: Publishing,
    draft: Option<Advisory>,
    now: Timestamp,
    version: i64,
    entries: Vec<(AccountId, AdvisoryEvent)>,
}

impl Play {
    fn new() -> Self {
        let now = "2026-11-24T10:00:00Z".parse().unwrap();
        Self { state: Publishing::default(), draft: None, now, version: 0, entries: Vec::new() }
    }

    fn drafted(title: &str) -> Self {
        let mut play = Self::new();
        play.saves(1, title).unwrap();
        play
    }

    fn take(&mut self, by: u8, event: AdvisoryEvent) {
        self.version += 1;
        self.now += SignedDuration::from_secs(60);
        let recorded = Recorded {
            seq: self.version,
            stream: "advisory/HEL-2026-000123".into(),
            version: self.version,
            at: self.now,
            actor: Actor::Account(account(by)),
            kind: String::new(),
            body: serde_json::Value::Null,
        };
        self.state.evolve(&event, &recorded);
        self.entries.push((account(by), event));
    }

    fn order(&self) -> Order {
        let hash = self.state.latest.as_ref().map_or(String::new(), |draft| draft.hash.clone());
        Order { revision: self.state.revision(), hash }
    }

    fn saves(&mut self, by: u8, title: &str) -> Result<(), Refusal> {
        self.keeps(by, draft(title, self.state.published.as_ref().map(|out| &out.advisory)))
    }

    fn keeps(&mut self, by: u8, draft: Advisory) -> Result<(), Refusal> {
        let hash = hash(&draft);
        let Some(revision) = revise(&self.state, &Base::Number(self.state.revision()), &hash)? else {
            return Ok(());
        };
        let item = Item { item: format!("i{revision}"), commitment: "c".into() };
        self.take(by, AdvisoryEvent::Revised { revision, draft: item, hash });
        self.draft = Some(draft);
        Ok(())
    }

    fn approves(&mut self, by: u8) -> Result<(), Refusal> {
        self.approves_what(by, &self.order())
    }

    fn approves_what(&mut self, by: u8, order: &Order) -> Result<(), Refusal> {
        let draft = self.draft.clone().unwrap_or_else(|| draft("", None));
        let event = approve(&self.state, &draft, order, &account(by), &register())?;
        self.take(by, event);
        Ok(())
    }

    fn publishes(&mut self, by: u8) -> Result<Advisory, Refusal> {
        let (draft, order) = (self.draft.clone().unwrap_or_else(|| draft("", None)), self.order());
        let event = publish(&self.state, draft, &order, &register(), self.now)?;
        self.take(by, event);
        Ok(self.state.published.clone().unwrap().advisory)
    }
}

fn words(refused: Result<impl std::fmt::Debug, Refusal>) -> String {
    refused.unwrap_err().to_string()
}

#[test]
fn two_persons_publish() {
    let mut play = Play::drafted("A");
    assert!(words(play.publishes(1)).starts_with("Nobody has approved"));
    play.approves(1).unwrap();
    assert!(words(play.publishes(1)).starts_with("One approval is missing"));
    play.approves(2).unwrap();
    assert_eq!(play.publishes(1).unwrap().title, "A");
    assert_eq!(play.state.word(), "published");
}

#[test]
fn approval_binds_the_hash_and_an_edit_voids_it() {
    let mut play = Play::drafted("A");
    let read = play.order();
    play.approves(1).unwrap();
    play.approves(2).unwrap();
    play.saves(1, "B").unwrap();
    assert_eq!(play.state.approvals, []);
    assert!(words(play.publishes(1)).starts_with("Nobody has approved"));
    assert!(words(play.approves_what(2, &read)).contains("edited meanwhile"));
    // The old text again is a new draft, and needs new approvals.
    play.saves(1, "A").unwrap();
    assert!(words(play.publishes(1)).starts_with("Nobody has approved"));
    assert!(words(play.approves_what(2, &read)).contains("edited meanwhile"));
}

#[test]
fn saving_without_a_change_costs_no_approval() {
    let mut play = Play::drafted("A");
    play.approves(1).unwrap();
    play.saves(2, "A").unwrap();
    assert_eq!((play.state.revision(), play.state.approvals.len()), (1, 1));
}

#[test]
fn a_draft_made_from_an_older_one_is_not_kept() {
    let mut play = Play::drafted("A");
    play.saves(1, "B").unwrap();
    assert!(words(revise(&play.state, &Base::Number(1), "other")).contains("Somebody saved draft 2"));
    assert_eq!(revise(&play.state, &Base::Number(2), "other"), Ok(Some(3)));
}

#[test]
fn nobody_approves_twice() {
    let mut play = Play::drafted("A");
    play.approves(1).unwrap();
    assert!(words(play.approves(1)).starts_with("You have approved"));
    assert!(play.publishes(2).is_err());
}

/// Four eyes are two persons, not two accounts.
#[test]
fn four_eyes_are_two_persons_and_not_two_accounts() {
    let mut play = Play::drafted("A");
    play.approves(1).unwrap();
    assert!(words(play.approves(4)).contains("two accounts of one person"));
    // The same holds where it became known after approving that they are one person.
    let twins = [1, 4].map(|number| Approval { account: account(number), at: play.now });
    play.state.approvals = twins.to_vec();
    assert!(words(play.publishes(2)).starts_with("One approval is missing"));
}

#[test]
fn an_account_that_the_register_does_not_know_counts_for_nobody() {
    let mut play = Play::drafted("A");
    assert_eq!(play.approves(9), Err(Refusal::NotFound));
    play.state.approvals = [1, 9].map(|number| Approval { account: account(number), at: play.now }).to_vec();
    assert!(words(play.publishes(2)).starts_with("One approval is missing"));
}

#[test]
fn nothing_goes_out_that_a_format_cannot_say() {
    let mut play = Play::new();
    let mut wrong = draft("A", None);
    wrong.products.clear();
    play.keeps(1, wrong).unwrap();
    assert!(words(play.approves(1)).contains("/products"));
    play.state.approvals = [1, 2].map(|number| Approval { account: account(number), at: play.now }).to_vec();
    assert!(words(play.publishes(1)).contains("names no product"));
}

#[test]
fn what_goes_out_is_tlp_clear() {
    let mut play = Play::new();
    play.keeps(1, Advisory { tlp: Tlp::Amber, ..draft("A", None) }).unwrap();
    assert!(words(play.approves(1)).contains("TLP:CLEAR"));
    // Whatever is written, the frame says clear.
    let amber = Advisory { tlp: Tlp::Red, ..invented::advisory() };
    let publisher = amber.publisher.clone();
    let frame = Frame { id: "HEL-2026-000001".into(), publisher, published: None, change: "x".into() };
    assert_eq!(framed(amber, frame).tlp, Tlp::Clear);
}

#[test]
fn a_cve_record_is_asked_for_only_where_the_centre_writes_one() {
    let mut advisory = draft("A", None);
    advisory.references.clear();
    assert!(blocking(&advisory).iter().any(|finding| finding.place == "/references"));
    let organisation = advisory.publisher.cve_organisation.take();
    assert_eq!(blocking(&advisory), [], "others write the record");
    advisory.publisher.cve_organisation = organisation;
    advisory.cves.clear();
    assert_eq!(blocking(&advisory), [], "there is no id");
    advisory.cves = vec!["CVE-1900-0042".into()];
    advisory.publisher.cve_organisation = Some(CveOrganisation { id: "none".into(), short_name: "x".into() });
    assert!(blocking(&advisory).iter().any(|finding| finding.place.ends_with("cve_organisation/id")));
}

#[test]
fn the_moment_of_release_is_when_it_goes_out() {
    let mut play = Play::drafted("A");
    play.approves(1).unwrap();
    play.approves(2).unwrap();
    let approved = play.order().hash;
    let at = play.now;
    let out = play.publishes(1).unwrap();
    assert_eq!((out.initial_release, out.current_release, out.revisions[0].date), (at, at, at));
    assert_eq!(hash(&super::release::unreleased(out)), approved, "what was approved can be recomputed");
}

#[test]
fn an_update_continues_the_history_and_needs_two_persons_again() {
    let mut play = Play::drafted("A");
    play.approves(1).unwrap();
    play.approves(2).unwrap();
    let first = play.publishes(1).unwrap();
    assert!(words(play.publishes(1)).contains("published already"));
    assert!(words(play.approves(3)).contains("published already"));
    play.saves(1, "B").unwrap();
    assert_eq!(play.state.word(), "draft");
    assert!(words(play.publishes(1)).starts_with("Nobody has approved"));
    play.approves(2).unwrap();
    play.approves(3).unwrap();
    let second = play.publishes(3).unwrap();
    assert_eq!(second.revisions[..1], first.revisions);
    assert_eq!((second.revisions.len(), second.revisions[1].number), (2, 2));
    assert_eq!(second.initial_release, first.initial_release);
    assert!(second.current_release > first.current_release);
}

#[test]
fn a_draft_that_rewrites_history_does_not_go_out() {
    let mut play = Play::drafted("A");
    play.approves(1).unwrap();
    play.approves(2).unwrap();
    play.publishes(1).unwrap();
    play.keeps(1, draft("B", None)).unwrap();
    play.approves(1).unwrap();
    play.approves(2).unwrap();
    assert!(words(play.publishes(1)).contains("does not continue"));
}

#[test]
fn a_clock_set_back_makes_no_history_that_runs_backwards() {
    let mut play = Play::drafted("A");
    play.approves(1).unwrap();
    play.approves(2).unwrap();
    let first = play.publishes(1).unwrap();
    play.now = "2020-01-01T00:00:00Z".parse().unwrap();
    play.saves(1, "B").unwrap();
    play.approves(1).unwrap();
    play.approves(2).unwrap();
    assert_eq!(play.publishes(1).unwrap().current_release, first.current_release);
}

#[test]
fn participants_keep_the_draft_that_was_shared() {
    let mut play = Play::drafted("A");
    let event = share(&play.state, 1).unwrap();
    play.take(1, event);
    assert!(words(share(&play.state, 1)).contains("already"));
    play.saves(1, "B").unwrap();
    assert_eq!(play.state.shared.as_ref().unwrap().revision, 1);
    assert!(words(share(&play.state, 1)).contains("Read draft 2"));
    assert!(share(&play.state, 2).is_ok());
    assert!(words(share(&Publishing::default(), 1)).contains("no draft"));
}

/// What somebody may try.
#[derive(Debug, Clone)]
enum Try {
    Save(u8, u8),
    Approve(u8),
    ApproveOlder(u8),
    Share,
    Publish(u8),
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let who = 1..6u8;
    let one = prop_oneof![
        2 => (who.clone(), 0..4u8).prop_map(|(by, title)| Try::Save(by, title)),
        5 => who.clone().prop_map(Try::Approve),
        1 => who.clone().prop_map(Try::ApproveOlder),
        1 => Just(Try::Share),
        3 => who.prop_map(Try::Publish),
    ];
    prop::collection::vec(one, 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is tried in whatever order: what is out was approved, in exactly these bytes and
    /// after the last edit, by two persons: one of them did not write it, and one did not send it.
    #[test]
    fn nothing_is_published_without_two_persons_who_approved_its_bytes(tries in tries()) {
        let mut play = Play::new();
        let mut older = play.order();
        for one in tries {
            let before = play.order();
            let _ = match one {
                Try::Save(by, title) => play.saves(by, &format!("Title {title}")),
                Try::Approve(by) => play.approves(by),
                Try::ApproveOlder(by) => play.approves_what(by, &older),
                Try::Share => share(&play.state, play.state.revision()).map(|event| play.take(1, event)),
                Try::Publish(by) => play.publishes(by).map(|_| ()),
            };
            if play.order() != before {
                older = before;
            }
        }
        let mut approved: Vec<(AccountId, String)> = Vec::new();
        let (mut author, mut releases) = (account(1), 0);
        for (by, event) in &play.entries {
            match event {
                AdvisoryEvent::Revised { .. } => {
                    approved.clear();
                    author = by.clone();
                }
                AdvisoryEvent::Approved { hash, .. } => approved.push((by.clone(), hash.clone())),
                AdvisoryEvent::Published { hash: bound, advisory, .. } => {
                    releases += 1;
                    prop_assert_eq!(bound, &hash(&super::release::unreleased((**advisory).clone())));
                    prop_assert!(approved.iter().all(|(_, hash)| hash == bound));
                    let people: BTreeSet<_> = approved
                        .iter()
                        .filter_map(|(who, _)| register().remove(who.as_str()))
                        .collect();
                    prop_assert!(people.len() >= 2, "{people:?}");
                    prop_assert!(approved.iter().any(|(who, _)| *who != author));
                    prop_assert!(approved.iter().any(|(who, _)| who != by));
                    prop_assert_eq!(advisory.revisions.len(), releases);
                    prop_assert_eq!(blocking(advisory), []);
                }
                AdvisoryEvent::Shared { .. } => {}
            }
        }
    }
}

#[test]
fn old_entries_are_read() {
    crate::testing::old_entries_are_read::<Publishing>();
}
